/// The school's kiosk: a person chooses their name, types their PIN, checks, and sees their last taps. Nothing of a person stays
/// on the screen for the next one.
@MainActor
public final class KioskModel: Model {
  /// How many taps are shown.
  private nonisolated static let most: UInt32 = 4

  public private(set) var people: [KioskPerson] = []
  public private(set) var person: KioskPerson?
  public var pin = ""
  /// The person's last taps, once the PIN was right.
  public private(set) var taps: [Check]?
  public private(set) var sending: SendingSaid?

  public override func load() async {
    let language = words.language
    guard let (people, sending) = await read({ (try $0.kioskPeople(), try $0.sendingSaid(language: language)) }) else { return }
    (self.people, self.sending) = (people, sending)
    changed()
  }

  /// Somebody chooses their name.
  public func choose(_ person: KioskPerson) {
    leave()
    self.person = person
    changed()
  }

  /// Whether the person comes or goes next, by their last tap.
  public var next: Direction { taps?.first?.direction == .checkIn ? .checkOut : .checkIn }

  /// Shows the last taps to whoever knows the PIN.
  public func unlock() async {
    guard let person else { return }
    let pin = pin
    taps = await act { desk in try await desk.ask { try $0.kioskTaps(postingId: person.posting, pin: pin, most: Self.most) } }
    if taps == nil { self.pin = "" }
    changed()
  }

  /// Checks the person in or out.
  public func check(_ direction: Direction) async {
    guard let person else { return }
    let pin = pin
    await renew { try $0.kioskCheck(postingId: person.posting, pin: pin, direction: direction) }
  }

  /// Takes back a tap of the last five minutes.
  public func undo(_ check: Check) async {
    let pin = pin
    await renew { try $0.kioskVoid(check: check.entry, pin: pin) }
  }

  /// The person is done: the next one sees nothing of them.
  public func leave() {
    (person, taps, pin, trouble) = (nil, nil, "", nil)
    changed()
  }

  private func renew(_ call: @escaping @Sendable (Phone) throws -> Entry) async {
    guard await record(call) != nil, let person else { return }
    let pin = pin
    taps = await read { try $0.kioskTaps(postingId: person.posting, pin: pin, most: Self.most) }
    changed()
  }
}

/// The school's kiosk: a person chooses their name, types their PIN, checks, and sees their last taps. Nothing of a person stays
/// on the screen for the next one.
@MainActor
public final class KioskModel: Model {
  /// How many taps are shown.
  private nonisolated static let most: UInt32 = 4

  public private(set) var people: [KioskPerson] = []
  public private(set) var person: KioskPerson?
  /// Types a name to find it.
  public var search = "" { didSet { touched() } }
  public var pin = "" { didSet { touched() } }
  /// The person's last taps, once the PIN was right.
  public private(set) var taps: [Check]?
  public private(set) var sending: SendingSaid?
  /// Today, as the records have it: a tablet's own clock may be years off.
  public private(set) var today: String?
  /// The six digits for the principal, while this kiosk waits to be let in again.
  public private(set) var digits: String?

  /// What keeps the records of this kiosk from being taken, where the digits don't say it. It goes on recording.
  public private(set) var notice: TodayModel.Notice?
  private var hand = Hand()

  public override func load() async {
    let language = words.language
    office.patience.over = { [weak self] in self?.forget() }
    guard
      let (today, people, sending, digits, standing) = await read({ phone in
        (
          try phone.now().date, try phone.kioskPeople().byName(\.name), try phone.sendingSaid(language: language),
          try phone.approvalDigits(), try phone.standing()
        )
      })
    else { return }
    (self.today, self.people, self.sending, self.digits) = (today, people, sending, digits)
    notice = digits == nil ? TodayModel.Notice(standing) : nil
    changed()
  }

  /// Who is found by what was typed.
  public var found: [KioskPerson] { people.filter { person in search.filled.map(person.name.contains) ?? true } }

  /// Somebody is there: the list comes back after a while without a touch.
  public func touched() {
    if person == nil, search.isEmpty { office.patience.stop() } else { office.patience.touched() }
  }

  /// Somebody chooses their name.
  public func choose(_ person: KioskPerson) {
    leave()
    self.person = person
    touched()
    changed()
  }

  /// Whether the person comes or goes next, by their last tap of today: who forgot to check out yesterday comes today.
  public var next: Direction {
    let last = taps?.first { Dates.text(Dates.date($0.judgedSecs)) == today }
    return last?.direction == .checkIn ? .checkOut : .checkIn
  }

  /// The other way, for who knows better.
  public var other: Direction { next == .checkIn ? .checkOut : .checkIn }

  /// What was tapped just now, while it can be taken back: it stands in the place of the buttons.
  public var undoable: Check? { taps?.first.flatMap { $0.mayVoid ? $0 : nil } }

  /// Shows the last taps to whoever knows the PIN.
  public func unlock() async {
    guard let person else { return }
    let pin = pin
    touched()
    let shown = await act { desk in try await desk.ask { try Shown($0, person, pin: pin) } }
    show(shown, of: person)
    if shown == nil, self.person == person { self.pin = "" }
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
    (person, taps, search, pin, trouble) = (nil, nil, "", "", nil)
    hand.rests()
    changed()
  }

  /// Nobody is there any more: the list stands as for the next one, whatever was open.
  private func forget() {
    leave()
    office.way.home()
  }

  private func renew(_ call: @escaping @Sendable (Phone) throws -> Entry) async {
    guard let person, hand.taps(office.system.clock) else { return }
    let pin = pin
    touched()
    guard await record(call) != nil else { return hand.rests() }
    show(await read { try Shown($0, person, pin: pin) }, of: person)
  }

  /// The person may have gone meanwhile.
  private func show(_ shown: Shown?, of person: KioskPerson) {
    if let shown { today = shown.today }
    if self.person == person { taps = shown?.taps }
    changed()
  }

  /// A person's last taps, and the day on which they are looked at.
  private struct Shown: Sendable {
    let today: String
    let taps: [Check]

    init(_ phone: Phone, _ person: KioskPerson, pin: String) throws {
      today = try phone.now().date
      taps = try phone.kioskTaps(postingId: person.posting, pin: pin, most: KioskModel.most)
    }
  }
}

/// Stands before the settings of a kiosk, from which it can be left or cleared: who means it types the four digits that stand
/// there. They are no secret; they keep away who only passes by.
@MainActor
public final class KioskGateModel: Model {
  /// What is to be typed; others each time.
  public let digits = String(Int.random(in: 1000...9999))
  public var typed = "" { didSet { office.patience.touched() } }
  public private(set) var sending: SendingSaid?

  public override func load() async {
    let language = words.language
    guard let sending = await read({ try $0.sendingSaid(language: language) }) else { return }
    self.sending = sending
    changed()
  }

  /// It was typed as it stands there.
  public var isOpen: Bool { typed == digits }

  /// Goes on to the settings, in the place of this page.
  public func pass() {
    guard isOpen else { return }
    typed = ""
    office.way.back()
    office.way.open(.settings)
  }
}

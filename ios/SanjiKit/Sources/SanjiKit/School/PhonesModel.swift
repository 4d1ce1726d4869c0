/// Phones that ask to be let in again, by the six digits that they show.
@MainActor
public final class AskingModel: Model {
  public private(set) var asking: [Asking] = []
  /// The digits that were typed, by phone.
  public private(set) var digits: [String: String] = [:]
  public subscript(digitsOf device: String) -> String {
    get { digits[device] ?? "" }
    set { digits[device] = newValue }
  }
  /// The device that was let in just now.
  public private(set) var approved: String?
  /// The device that was not let in.
  private var unapproved: String?

  public override func load() async {
    guard let asking = await act({ try await $0.fetch { try await $0.phonesAsking() } }) else { return }
    self.asking = asking
    changed()
  }

  /// The list comes from the relay: events of this phone don't change it.
  public override func follow() async { await load() }

  /// Lets a phone in.
  public func approve(_ one: Asking) async {
    let device = one.device
    let digits = self[digitsOf: device].filter(\.isWholeNumber)
    unapproved = device
    guard await act({ try await $0.fetch { try await $0.approvePhone(device: device, digits: digits) } }) != nil else { return }
    (approved, unapproved, self.digits[device]) = (device, nil, nil)
    await load()
  }

  /// Why a phone was not let in.
  public func trouble(of one: Asking) -> Trouble? { unapproved == one.device ? trouble(at: "digits") : nil }
}

/// Enrols a phone beside this one, without a network: its key is scanned, a pass is shown.
@MainActor
public final class BesideModel: HeadModel {
  public private(set) var roster: [RosterRow] = []
  /// For whom; absent for the school's kiosk.
  public var person: RosterRow?
  public var isForKiosk = false
  /// The pass, to be shown to the other phone.
  public private(set) var pass: String?

  public override func load() async {
    await super.load()
    guard let school else { return }
    let today = today
    guard let roster = await read({ try $0.people(of: school, on: today) }) else { return }
    self.roster = roster
    if let chosen = person, !roster.contains(chosen) { person = nil }
    changed()
  }

  /// Whether it is known for whom.
  public var isReady: Bool { isForKiosk || person != nil }

  /// Takes the other phone's key, as it was scanned.
  public func scanned(_ key: String) async {
    guard isReady, let school else { return }
    let person = isForKiosk ? nil : person
    let key = key.filled ?? ""
    pass = await act { desk in
      try await desk.ask { try $0.makePass(deviceKey: key, school: school, person: person?.person, postingId: person?.posting) }
    }
    changed()
  }
}

/// Publishes the school's week that waits for it, else the last that is over.
@MainActor
public final class PublishModel: HeadModel {
  public private(set) var monday = ""
  /// The names of those whose records are not complete.
  public private(set) var missing: [String] = []
  /// When it was last published; absent if it was not.
  public private(set) var publishedSecs: Int64?

  public override func load() async {
    await super.load()
    guard let school, !today.isEmpty else { return }
    if monday.isEmpty {
      guard let due = await read({ try $0.weekDue(school: school) }) else { return }
      monday = due ?? Dates.day(Dates.monday(of: today), plus: -7)
    }
    let first = monday
    guard let week = await read({ try $0.weekToPublish(school: school, monday: first) }) else { return }
    (missing, publishedSecs) = (week.missing.byName { $0 }, week.publishedSecs)
    changed()
  }

  /// Another week, so many later; earlier if negative.
  public func move(by weeks: Int) async {
    (monday, isDone) = (Dates.day(monday, plus: 7 * weeks), false)
    await load()
  }

  /// Publishes it.
  public func publish() async {
    let monday = monday
    _ = await direct { try $0.publishWeek(school: $1, monday: monday) }
    if isDone { await load() }
  }
}

/// Takes a kiosk out for a day, so that no day waits for it.
@MainActor
public final class KioskOutModel: HeadModel {
  public private(set) var kiosks: [String] = []
  public var kiosk: String?
  public var date = ""
  public var reason = ""

  public override func load() async {
    await super.load()
    guard let school, let kiosks = await read({ try $0.kiosks(school: school) }) else { return }
    self.kiosks = kiosks
    if kiosk == nil { kiosk = kiosks.first }
    if date.isEmpty { date = today }
    changed()
  }

  /// Records it.
  public func save() async {
    guard let kiosk else { return }
    let (date, reason) = (date, reason)
    _ = await direct { try $0.kioskOutOfOrder(school: $1, kiosk: kiosk, day: date, reason: reason) }
  }
}

/// Grants flexible hours to a colleague, and changes what was granted.
@MainActor
public final class FlexibleModel: HeadModel {
  /// Who may be granted some: nobody grants them to themselves.
  public private(set) var roster: [RosterRow] = []
  public var posting: String? { didSet { if posting != oldValue { turn() } } }
  public var from = ""
  public var to = ""
  public var ground = ""
  /// What was granted to the colleague in this term, those that begin last first.
  public private(set) var granted: [FlexibleHours] = []
  /// The grant that is changed by saving; absent: another is made.
  public private(set) var changing: Entry?

  public override func load() async {
    await super.load()
    guard let school else { return }
    let (today, posting) = (today, posting)
    guard
      let (roster, granted) = await read({ phone in
        let owner = try phone.owner().person
        let roster = try phone.people(of: school, on: today).filter { $0.person != owner }
        return (roster, try posting.map { try phone.flexibleHours(postingId: $0) } ?? [])
      }), posting == self.posting
    else { return }
    (self.roster, self.granted) = (roster, granted)
    if let posting, !roster.contains(where: { $0.posting == posting }) { self.posting = nil }
    if from.isEmpty { begin() }
    changed()
  }

  /// Fills in what was granted, to change it.
  public func change(_ hours: FlexibleHours) {
    (from, to, ground, changing, isDone) = (hours.from, hours.to, hours.ground, hours.entry, false)
    changed()
  }

  /// Records it; saving again changes what was saved.
  public func save() async {
    guard let posting else { return }
    let (from, to, ground, before) = (from, to, ground, changing)
    let made = await direct { phone, _ in
      try phone.grantFlexible(postingId: posting, from: from, to: to, ground: ground, instead: before)
    }
    guard let made else { return }
    changing = made
    await load()
  }

  /// Another colleague: what is filled in begins anew.
  private func turn() {
    (granted, changing, isDone, ground) = ([], nil, false, "")
    begin()
    changed()
    Task { await load() }
  }

  private func begin() { if !today.isEmpty { (from, to) = (today, Dates.day(today, plus: 30)) } }
}

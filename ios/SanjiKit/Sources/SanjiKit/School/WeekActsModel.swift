/// Publishes the school's last week that is over.
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
    if monday.isEmpty { monday = Dates.day(Dates.monday(of: today), plus: -7) }
    let first = monday
    guard let week = await read({ try $0.weekToPublish(school: school, monday: first) }) else { return }
    (missing, publishedSecs) = (week.missing, week.publishedSecs)
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

/// Grants flexible hours to a colleague.
@MainActor
public final class FlexibleModel: HeadModel {
  public private(set) var roster: [RosterRow] = []
  public var posting: String?
  public var from = ""
  public var to = ""
  public var ground = ""
  /// The grant that was made here, to be changed by saving again.
  public private(set) var granted: Entry?

  public override func load() async {
    await super.load()
    guard let school else { return }
    let today = today
    guard let roster = await read({ try $0.roster(school: school, day: today) }) else { return }
    self.roster = roster
    if from.isEmpty { (from, to) = (today, Dates.day(today, plus: 30)) }
    changed()
  }

  /// Records it.
  public func save() async {
    guard let posting else { return }
    let (from, to, ground, before) = (from, to, ground, granted)
    granted =
      await direct { phone, _ in
        try phone.grantFlexible(postingId: posting, from: from, to: to, ground: ground, instead: before)
      } ?? before
    changed()
  }
}

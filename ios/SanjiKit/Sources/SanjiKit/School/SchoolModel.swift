/// What the screens of a head work with: the school, and today's date.
@MainActor
open class HeadModel: Model {
  public private(set) var schools: [Posting] = []
  /// The school that is shown; chosen by who heads several.
  public var school: String?
  public private(set) var today = ""
  public internal(set) var isDone = false

  open override func load() async {
    guard let (owner, today) = await read({ (try $0.owner(), try $0.now().date) }) else { return }
    (schools, self.today) = (owner.headed, today)
    if school == nil { school = schools.first?.school }
    changed()
  }

  /// Does something for the school.
  func direct<T: Sendable>(_ call: @escaping @Sendable (Phone, String) throws -> T) async -> T? {
    guard let school else { return nil }
    let done = await record { try call($0, school) }
    isDone = done != nil
    changed()
    return done
  }
}

/// The school now: who is in, on leave, not arrived; and what waits for its head.
@MainActor
public final class SchoolModel: HeadModel {
  /// How many are where.
  public struct Sum: Equatable, Sendable {
    public var present = 0
    public var onLeave = 0
    public var notYet = 0

    public init(present: Int = 0, onLeave: Int = 0, notYet: Int = 0) {
      (self.present, self.onLeave, self.notYet) = (present, onLeave, notYet)
    }

    /// Of a school's day at an instant. On a rest day, and before the rules have arrived, nobody is missed.
    public init(of days: [StaffDay], nowSecs: Int64) {
      for verdict in days.compactMap(\.verdict) {
        if verdict.inSinceSecs != nil {
          present += 1
        } else if verdict.status == "on_leave" || verdict.leave.contains(where: { $0.fromSecs..<$0.toSecs ~= nowSecs }) {
          onLeave += 1
        } else if let status = verdict.status, status != "rest_day", verdict.presence.isEmpty {
          notYet += 1
        }
      }
    }
  }

  public private(set) var people: [DaySaid] = []
  public private(set) var sum = Sum()

  public override func load() async {
    await super.load()
    guard let school else { return }
    let (today, language) = (today, words.language)
    guard
      let (people, sum) = await read({ phone in
        let sum = Sum(of: try phone.schoolDay(school: school, day: today), nowSecs: try phone.today().nowSecs)
        return (try phone.schoolDaySaid(school: school, day: today, language: language), sum)
      })
    else { return }
    (self.people, self.sum) = (people, sum)
    changed()
  }
}

/// A colleague's day: why it is so, a correction with reason, a check on behalf.
@MainActor
public final class StaffDayModel: StatedChecksModel {
  public let posting: String
  public let name: String
  public private(set) var said: DaySaid?

  public init(_ office: Office, posting: String, name: String, date: String) {
    self.posting = posting
    self.name = name
    super.init(office, date: date)
  }

  public override func load() async {
    let (posting, date, language) = (posting, date, words.language)
    guard
      let (said, checks) = await read({ phone in
        let schools = try phone.owner().headed.map(\.school)
        let said = try schools.lazy.flatMap { try phone.schoolDaySaid(school: $0, day: date, language: language) }
        return (said.first { $0.posting == posting }, try phone.colleagueChecks(postingId: posting, day: date))
      })
    else { return }
    self.said = said
    self.checks = checks
    changed()
  }

  /// Corrects the day: what was stated counts instead of what was marked wrong.
  public func correct() async {
    let (posting, date, right, wrong, reason) = (posting, date, lines, wrong.map(\.entry), reason)
    isSaved = await record { try $0.correct(postingId: posting, day: date, right: right, wrong: wrong, reason: reason) } != nil
    await load()
  }

  /// Records a check for somebody who could not check.
  public func check(_ direction: Direction, at secs: Int64) async {
    let (posting, reason) = (posting, reason)
    isSaved =
      await record { try $0.checkOnBehalf(postingId: posting, direction: direction, atSecs: secs, reason: reason) } != nil
    await load()
  }
}

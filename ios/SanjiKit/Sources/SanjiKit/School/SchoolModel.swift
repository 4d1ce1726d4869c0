/// What the screens of a head work with: the school, and today's date.
@MainActor
open class HeadModel: Model {
  public private(set) var schools: [Posting] = []
  /// The school that is shown; chosen by who heads several.
  public var school: String?
  /// The school for which it was opened; absent where it wasn't said.
  let opened: String?
  public private(set) var today = ""
  public internal(set) var isDone = false

  public init(_ office: Office, school: String? = nil) {
    (self.school, opened) = (school, school)
    super.init(office)
  }

  open override func load() async {
    guard let (owner, today) = await read({ (try $0.owner(), try $0.now().date) }) else { return }
    (schools, self.today) = (owner.headed, today)
    if school == nil { school = schools.first?.school }
    changed()
  }

  /// Somebody at the school.
  public func colleague(_ posting: String) -> Colleague { Colleague(school: school ?? "", posting: posting) }

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
  public struct Sum: Hashable, Sendable {
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
        } else if verdict.isOnLeave(atSecs: nowSecs) {
          onLeave += 1
        } else if verdict.isMissed(atSecs: nowSecs) {
          notYet += 1
        }
      }
    }
  }

  /// Everybody's day: who hasn't come yet first, each by name.
  public private(set) var people: [DaySaid] = []
  /// The postings of those who haven't come yet.
  public private(set) var missed: Set<String> = []
  public private(set) var sum = Sum()

  public override func load() async {
    await super.load()
    guard let school else { return }
    let (today, language) = (today, words.language)
    guard
      let (said, missed, sum) = await read({ phone in
        let (days, now) = (try phone.schoolDay(school: school, day: today), try phone.today().nowSecs)
        let missed = Set(days.filter { $0.verdict?.isMissed(atSecs: now) == true }.map(\.posting))
        return (try phone.schoolDaySaid(school: school, day: today, language: language), missed, Sum(of: days, nowSecs: now))
      })
    else { return }
    let people = said.byName { $0.name ?? "" }
    self.people = people.filter { missed.contains($0.posting) } + people.filter { !missed.contains($0.posting) }
    (self.missed, self.sum) = (missed, sum)
    changed()
  }
}

extension Verdict {
  /// The person is on leave at an instant, or all day.
  fileprivate func isOnLeave(atSecs now: Int64) -> Bool {
    status == "on_leave" || leave.contains { $0.fromSecs..<$0.toSecs ~= now }
  }

  /// The person should have come, and has not.
  fileprivate func isMissed(atSecs now: Int64) -> Bool {
    guard let status, status != "rest_day", inSinceSecs == nil else { return false }
    return presence.isEmpty && !isOnLeave(atSecs: now)
  }
}

/// One's own week with each day in a sentence, at each school where one works.
@MainActor
public final class WeekModel: Model {
  /// The week at one school: its days so far, newest first.
  public struct Week: Identifiable, Equatable, Sendable {
    public let posting: String
    /// The school's name, once it has arrived.
    public let school: String?
    /// Minutes at the office, all days together.
    public let officeMinutes: UInt32
    public let days: [Day]
    public var id: String { posting }
  }

  /// A day of a week.
  public struct Day: Identifiable, Equatable, Sendable {
    public let date: String
    public let said: DaySaid
    public var id: String { date }
  }

  public private(set) var monday: String?
  public private(set) var weeks: [Week] = []
  private var today: String?

  /// There is a week after this one.
  public var isPast: Bool { monday.flatMap { monday in today.map { Dates.day(monday, plus: 7) <= $0 } } ?? false }

  public override func load() async {
    let language = words.language
    // This week stays this week when the next one begins.
    let shown = monday == today.map(Dates.monday) ? nil : monday
    guard
      let (today, monday, weeks) = await read({ phone in
        let today = try phone.now().date
        let monday = shown ?? Dates.monday(of: today)
        return (today, monday, try phone.owner().postings.map { try Week(phone, $0, monday: monday, today: today, language: language) })
      }), shown == (self.monday == self.today.map(Dates.monday) ? nil : self.monday)
    else { return }
    (self.today, self.monday, self.weeks) = (today, monday, weeks)
    changed()
  }

  /// Another week, so many later, if it has come; earlier if negative.
  public func move(by weeks: Int) async {
    guard let monday, let today else { return }
    let to = Dates.day(monday, plus: 7 * weeks)
    guard to <= today else { return }
    (self.monday, self.weeks) = (to, [])
    changed()
    await load()
  }
}

extension WeekModel.Week {
  fileprivate init(_ phone: Phone, _ own: Posting, monday: String, today: String, language: Language) throws {
    let dates = (0..<7).map { Dates.day(monday, plus: $0) }.filter { $0 <= today }
    let judged = try phone.week(postingId: own.posting, monday: monday).prefix(dates.count)
    let days = try dates.map { WeekModel.Day(date: $0, said: try phone.daySaid(postingId: own.posting, day: $0, language: language)) }
    self.init(
      posting: own.posting, school: own.schoolName, officeMinutes: judged.compactMap(\.verdict?.officeMinutes).reduce(0, +),
      days: days.reversed())
  }
}

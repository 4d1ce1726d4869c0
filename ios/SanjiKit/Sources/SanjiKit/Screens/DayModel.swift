/// Why a day is as it is: its checks, windows, minutes and reasons.
@MainActor
public final class DayModel: Model {
  public let posting: String?
  public let date: String
  public private(set) var day: PostingDay?
  public private(set) var said: DaySaid?
  /// A remark to write.
  public var note = ""

  public init(_ office: Office, posting: String?, date: String) {
    self.posting = posting
    self.date = date
    super.init(office)
  }

  public override func load() async {
    let (posting, date, language) = (posting, date, words.language)
    guard
      let (day, said) = await read({ phone in
        (try phone.day(postingId: posting, day: date), try phone.daySaid(postingId: posting, day: date, language: language))
      })
    else { return }
    (self.day, self.said) = (day, said)
    changed()
  }

  /// Takes back a check of the last five minutes.
  public func undo(_ check: Check) async {
    if await record({ try $0.voidEntry(entry: check.entry) }) != nil { await load() }
  }

  /// Writes the remark.
  public func writeNote() async {
    let (posting, date, text) = (posting, date, note)
    if await record({ try $0.note(postingId: posting, day: date, text: text) }) != nil { note = "" }
  }
}

/// A week, Monday to Sunday.
@MainActor
public final class WeekModel: Model {
  public private(set) var monday: String?
  public private(set) var days: [DaySaid] = []
  /// Minutes at the office, all days together.
  public private(set) var officeMinutes: UInt32 = 0
  /// The posting that is shown; absent for who has one.
  public var posting: String?

  public override func load() async {
    let (posting, language, shown) = (posting, words.language, monday)
    guard
      let (monday, days, minutes) = await read({ phone in
        let monday = try shown ?? Dates.monday(of: phone.now().date)
        let minutes = try phone.week(postingId: posting, monday: monday).compactMap(\.verdict?.officeMinutes).reduce(0, +)
        return (
          monday, try (0..<7).map { try phone.daySaid(postingId: posting, day: Dates.day(monday, plus: $0), language: language) }, minutes
        )
      })
    else { return }
    (self.monday, self.days, officeMinutes) = (monday, days, minutes)
    changed()
  }

  /// Another week, so many later; earlier if negative.
  public func move(by weeks: Int) async {
    monday = monday.map { Dates.day($0, plus: 7 * weeks) }
    await load()
  }
}

/// A day that is shown, with the days before and after it; none after today.
@MainActor
open class OneDayModel: Model {
  public private(set) var date: String
  public private(set) var said: DaySaid?
  private var today: String?

  public init(_ office: Office, date: String) {
    self.date = date
    super.init(office)
  }

  /// There is a day after this one.
  public var isPast: Bool { today.map { date < $0 } ?? false }

  /// Shows the day so many days later, if it has come; earlier if negative.
  public func move(by days: Int) async {
    let to = Dates.day(date, plus: days)
    guard let today, to <= today else { return }
    (date, said) = (to, nil)
    turned()
    changed()
    await load()
  }

  /// What was read belongs to another day.
  func turned() {}

  func show(_ said: DaySaid?, today: String) {
    (self.said, self.today) = (said, today)
    changed()
  }
}

/// Why a day is as it is: its checks, windows, minutes and reasons.
@MainActor
public final class DayModel: OneDayModel {
  public let posting: String?
  public private(set) var day: PostingDay?
  /// A remark to write.
  public var note = ""

  public init(_ office: Office, posting: String?, date: String) {
    self.posting = posting
    super.init(office, date: date)
  }

  public override func load() async {
    let (posting, date, language) = (posting, date, words.language)
    guard
      let (today, day, said) = await read({ phone in
        (
          try phone.now().date, try phone.day(postingId: posting, day: date),
          try phone.daySaid(postingId: posting, day: date, language: language)
        )
      }), date == self.date
    else { return }
    self.day = day
    show(said, today: today)
  }

  override func turned() { day = nil }

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

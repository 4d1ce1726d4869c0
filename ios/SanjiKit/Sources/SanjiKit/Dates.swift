import Foundation

/// Days and instants as the records have them: text such as `2026-03-02`, whole seconds since 1970, Asia/Shanghai whatever the
/// phone says.
public enum Dates {
  /// The calendar of the school. China has had no summer time since 1991.
  public static let calendar: Calendar = {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = zone
    return calendar
  }()

  /// The school's time zone.
  public static let zone = TimeZone(identifier: "Asia/Shanghai") ?? TimeZone(secondsFromGMT: 8 * 3600) ?? .current

  /// The text of a day.
  public static func text(_ date: Date) -> String {
    let parts = calendar.dateComponents([.year, .month, .day], from: date)
    return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
  }

  /// The first instant of a day; absent if the text is none.
  public static func start(of day: String) -> Date? {
    let numbers = day.split(separator: "-").compactMap { Int($0) }
    guard numbers.count == 3 else { return nil }
    return calendar.date(from: DateComponents(year: numbers[0], month: numbers[1], day: numbers[2]))
  }

  /// A day so many days later; earlier if negative.
  public static func day(_ day: String, plus days: Int) -> String {
    start(of: day).flatMap { calendar.date(byAdding: .day, value: days, to: $0) }.map(text) ?? day
  }

  /// The Monday of a day's week.
  public static func monday(of day: String) -> String {
    guard let date = start(of: day) else { return day }
    return self.day(day, plus: -((calendar.component(.weekday, from: date) + 5) % 7))
  }

  /// Whole seconds since 1970.
  public static func secs(_ date: Date) -> Int64 { Int64(date.timeIntervalSince1970.rounded(.down)) }

  /// An instant of whole seconds since 1970.
  public static func date(_ secs: Int64) -> Date { Date(timeIntervalSince1970: TimeInterval(secs)) }

  /// An instant of a day by its hour and minute.
  public static func at(_ day: String, _ hour: Int, _ minute: Int = 0) -> Date? {
    start(of: day)?.addingTimeInterval(TimeInterval(hour * 3600 + minute * 60))
  }

  /// Whether a day begins at an instant.
  public static func isMidnight(_ date: Date) -> Bool { start(of: text(date)) == date }

  /// `16:30`.
  public static func clock(_ date: Date) -> String {
    let parts = calendar.dateComponents([.hour, .minute], from: date)
    return String(format: "%02d:%02d", parts.hour ?? 0, parts.minute ?? 0)
  }

  /// The instant of a `16:30` on a day; absent if the text is none.
  public static func at(_ day: String, clock: String) -> Date? {
    let numbers = clock.split(separator: ":").compactMap { Int($0) }
    guard numbers.count == 2, 0..<24 ~= numbers[0], 0..<60 ~= numbers[1] else { return nil }
    return at(day, numbers[0], numbers[1])
  }
}

extension String {
  /// Without white space around it; absent if nothing is left.
  public var filled: String? {
    let trimmed = trimmingCharacters(in: .whitespacesAndNewlines)
    return trimmed.isEmpty ? nil : trimmed
  }
}

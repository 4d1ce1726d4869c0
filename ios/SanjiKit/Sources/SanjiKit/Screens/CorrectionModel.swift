import Foundation

/// The corrections that were asked for this term, at each school where one works; the latest day first.
@MainActor
public final class CorrectionsModel: Model {
  public private(set) var asked: [CorrectionAsked] = []

  public override func load() async {
    guard
      let asked = await read({ phone in try phone.owner().postings.flatMap { try phone.corrections(postingId: $0.posting) } })
    else { return }
    self.asked = asked.sorted { $0.date > $1.date }
    changed()
  }
}

/// A check as it is typed into a form.
public struct StatedTime: Identifiable, Equatable, Sendable {
  public let id: Int
  public let direction: Direction
  public let time: Date
}

extension Direction {
  /// An hour of a day that suits it.
  func usual(on day: String) -> Date? { self == .checkIn ? Dates.at(day, 8, 30) : Dates.at(day, 17) }
}

/// The checks that somebody states in a form, and those that are said to be wrong.
@MainActor
open class StatedChecksModel: Model {
  public let date: String
  public internal(set) var stated: [StatedTime] = []
  /// The day's checks as they stand.
  public internal(set) var checks: [Check] = []
  /// The entries that are wrong: one of them may say several checks.
  public internal(set) var wrong: [Entry] = []
  public var reason = ""
  public internal(set) var isSaved = false
  private var nextId = 0

  public init(_ office: Office, date: String) {
    self.date = date
    super.init(office)
  }

  /// Adds a line: an hour that suits it, to be changed.
  public func add(_ direction: Direction) {
    guard let time = direction.usual(on: date) else { return }
    stated.append(StatedTime(id: nextId, direction: direction, time: time))
    nextId += 1
    changed()
  }

  public func change(_ line: StatedTime, to time: Date) {
    stated = stated.map { $0.id == line.id ? StatedTime(id: line.id, direction: line.direction, time: time) : $0 }
    changed()
  }

  public func remove(_ line: StatedTime) {
    stated.removeAll { $0.id == line.id }
    changed()
  }

  /// Whether a check is said to be wrong.
  public func isWrong(_ check: Check) -> Bool { wrong.contains(check.entry) }

  /// Says that a check is wrong, with all that its entry says, or takes that back.
  public func mark(_ check: Check) {
    if isWrong(check) { wrong.removeAll { $0 == check.entry } } else { wrong.append(check.entry) }
    changed()
  }

  var lines: [StatedCheck] { stated.map { StatedCheck(direction: $0.direction, atSecs: Dates.secs($0.time)) } }
}

/// Asks for a correction of one's own day.
@MainActor
public final class CorrectionFormModel: StatedChecksModel {
  public let posting: String?
  /// A picture, already scaled.
  public var evidence: Data?

  public init(_ office: Office, posting: String?, date: String) {
    self.posting = posting
    super.init(office, date: date)
  }

  public override func load() async {
    let (posting, date) = (posting, date)
    guard let day = await read({ try $0.day(postingId: posting, day: date) }) else { return }
    checks = day.checks
    changed()
  }

  /// Saves it.
  public func save() async {
    let (posting, date, missing, wrong) = (posting, date, lines, wrong)
    let (reason, evidence) = (reason, evidence)
    let saved = await record {
      try $0.requestCorrection(postingId: posting, day: date, missing: missing, wrong: wrong, reason: reason, evidence: evidence)
    }
    isSaved = saved != nil
    changed()
  }
}

import Foundation

/// Somebody at a school that the person heads.
public struct Colleague: Hashable, Sendable {
  public let school: String
  public let posting: String

  public init(school: String, posting: String) {
    self.school = school
    self.posting = posting
  }
}

/// A colleague's day, any up to today, and why it is judged so. The own day is shown too, and nothing is done to it here.
@MainActor
public final class ColleagueDayModel: OneDayModel {
  public let colleague: Colleague
  public private(set) var name: String?
  public private(set) var verdict: Verdict?
  public private(set) var checks: [Check] = []
  /// It is the person's own day, or that isn't known yet.
  public private(set) var isOwn = true

  public init(_ office: Office, _ colleague: Colleague, date: String) {
    self.colleague = colleague
    super.init(office, date: date)
  }

  public override func load() async {
    let (colleague, date, language) = (colleague, date, words.language)
    guard let read = await read({ try Read($0, colleague, date, language) }), date == self.date else { return }
    (verdict, checks, isOwn) = (read.verdict, read.checks, read.isOwn)
    name = read.said?.name ?? name
    show(read.said, today: read.today)
  }

  override func turned() { (verdict, checks) = (nil, []) }

  private struct Read: Sendable {
    let today: String
    let said: DaySaid?
    let verdict: Verdict?
    let checks: [Check]
    let isOwn: Bool

    init(_ phone: Phone, _ colleague: Colleague, _ date: String, _ language: Language) throws {
      today = try phone.now().date
      said = try phone.schoolDaySaid(school: colleague.school, day: date, language: language).first { $0.posting == colleague.posting }
      verdict = try phone.schoolDay(school: colleague.school, day: date).first { $0.posting == colleague.posting }?.verdict
      checks = try phone.colleagueChecks(postingId: colleague.posting, day: date)
      isOwn = try phone.owner().postings.contains { $0.posting == colleague.posting }
    }
  }
}

/// Corrects a colleague's day: what is stated counts instead of what is marked wrong.
@MainActor
public final class CorrectDayModel: StatedChecksModel {
  public let colleague: Colleague

  public init(_ office: Office, _ colleague: Colleague, date: String) {
    self.colleague = colleague
    super.init(office, date: date)
  }

  public override func load() async {
    let (posting, date) = (colleague.posting, date)
    guard let checks = await read({ try $0.colleagueChecks(postingId: posting, day: date) }) else { return }
    self.checks = checks
    changed()
  }

  /// Records it.
  public func save() async {
    let (posting, date, right, wrong, reason) = (colleague.posting, date, lines, wrong, reason)
    isSaved = await record { try $0.correct(postingId: posting, day: date, right: right, wrong: wrong, reason: reason) } != nil
    changed()
  }
}

/// Records a check for somebody who could not check.
@MainActor
public final class OnBehalfModel: Model {
  public let colleague: Colleague
  public let date: String
  public private(set) var direction = Direction.checkIn
  /// When it was: at an hour that suits it, to be changed.
  public var at: Date
  public var reason = ""
  public private(set) var isSaved = false

  public init(_ office: Office, _ colleague: Colleague, date: String) {
    self.colleague = colleague
    self.date = date
    at = Direction.checkIn.usual(on: date) ?? Date()
    super.init(office)
  }

  /// Whether somebody came or went.
  public func choose(_ direction: Direction) {
    self.direction = direction
    at = direction.usual(on: Dates.text(at)) ?? at
    changed()
  }

  /// Records it.
  public func save() async {
    let (posting, direction, at, reason) = (colleague.posting, direction, Dates.secs(at), reason)
    isSaved = await record { try $0.checkOnBehalf(postingId: posting, direction: direction, atSecs: at, reason: reason) } != nil
    changed()
  }
}

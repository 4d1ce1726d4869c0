import Testing

@testable import SanjiKit

@MainActor @Suite struct ColleagueTests {
  /// Somebody of the school, as the principal's list has them.
  private func colleague(_ name: String, _ school: School) async throws -> Colleague {
    let now = SchoolModel(try school.principal.office)
    await now.load()
    return now.colleague(try #require(now.people.first { $0.name == name }).posting)
  }

  @Test("A past day is corrected for a colleague, who sees it")
  func corrected() async throws {
    let school = try await School.open()
    let teacher = try await colleague(Relay.teacher, school)
    let form = CorrectDayModel(try school.principal.office, teacher, date: "2026-02-26")
    await form.load()
    form.add(.checkIn)
    form.add(.checkOut)
    await form.save()
    #expect(form.trouble(at: "reason")?.key == "problem-reason_needed" && !form.isSaved)
    form.reason = "当天在县里开会"
    await form.save()
    #expect(form.isSaved, "\(String(describing: form.trouble))")
    let day = ColleagueDayModel(try school.principal.office, teacher, date: "2026-02-26")
    await day.load()
    #expect(day.name == Relay.teacher && day.checks.map(\.origin) == ["correction", "correction"])
    try await school.down()
    let seen = DayModel(try school.teacher.office, posting: nil, date: "2026-02-26")
    await seen.load()
    #expect(seen.day?.checks.map(\.origin) == ["correction", "correction"])
    // What is wrong is marked, with all that its entry says, and no longer counts.
    let again = CorrectDayModel(try school.principal.office, teacher, date: "2026-02-26")
    await again.load()
    again.mark(try #require(again.checks.last))
    #expect(again.checks.map { again.isWrong($0) } == [true, true])
    again.add(.checkIn)
    again.reason = "那天请假回家"
    await again.save()
    #expect(again.isSaved, "\(String(describing: again.trouble))")
    await day.load()
    #expect(day.checks.map(\.direction) == [.checkIn])
  }

  @Test("A check is recorded for a colleague at the hour that was chosen, with a reason")
  func onBehalf() async throws {
    let school = try await School.open()
    let teacher = try await colleague(Relay.teacher, school)
    let form = OnBehalfModel(try school.principal.office, teacher, date: "2026-02-27")
    #expect(form.direction == .checkIn && Dates.clock(form.at) == "08:30")
    form.choose(.checkOut)
    #expect(Dates.clock(form.at) == "17:00")
    form.at = try #require(Dates.at("2026-02-27", 16, 40))
    await form.save()
    #expect(form.trouble(at: "reason")?.key == "problem-reason_needed" && !form.isSaved)
    form.reason = "手机坏了"
    await form.save()
    #expect(form.isSaved, "\(String(describing: form.trouble))")
    try await school.down()
    let seen = DayModel(try school.teacher.office, posting: nil, date: "2026-02-27")
    await seen.load()
    #expect(seen.day?.checks.map(\.origin) == ["on_behalf"])
    #expect(seen.day?.checks.map { WordBook(.zh).time($0.judgedSecs) } == ["16:40"])
    #expect(seen.day?.checks.map(\.direction) == [.checkOut])
  }

  @Test("A colleague's day is turned back and forth, up to today, each with its reasons and checks")
  func turned() async throws {
    let school = try await School.open()
    await TodayModel(try school.teacher.office).tap(.checkIn)
    try await school.up()
    school.clock.pass(days: 1)
    let teacher = try await colleague(Relay.teacher, school)
    let day = ColleagueDayModel(try school.principal.office, teacher, date: "2026-03-03")
    await day.load()
    #expect(!day.isOwn && !day.isPast && day.checks.isEmpty)
    await day.move(by: 1)
    #expect(day.date == "2026-03-03", "there is no day after today")
    await day.move(by: -1)
    #expect(day.date == "2026-03-02" && day.isPast && day.checks.map(\.direction) == [.checkIn])
    #expect(day.said?.dateLine == "3月2日 周一" && day.said?.reasons.isEmpty == false && day.verdict != nil)
    await day.move(by: 1)
    #expect(day.date == "2026-03-03" && !day.isPast && day.checks.isEmpty)
  }

  @Test("The own day is shown to its head, who does nothing to it here")
  func own() async throws {
    let school = try await School.open()
    await TodayModel(try school.principal.office).tap(.checkIn)
    let day = ColleagueDayModel(try school.principal.office, try await colleague(Relay.principal, school), date: "2026-03-02")
    #expect(day.isOwn, "nothing is offered before it is known whose it is")
    await day.load()
    #expect(day.isOwn && day.checks.count == 1 && day.name == Relay.principal)
  }

  @Test("One's own days are turned back and forth, up to today")
  func ownTurned() async throws {
    let school = try await School.open()
    await TodayModel(try school.teacher.office).tap(.checkIn)
    let day = DayModel(try school.teacher.office, posting: nil, date: "2026-03-02")
    await day.load()
    #expect(!day.isPast && day.day?.checks.count == 1)
    await day.move(by: -1)
    #expect(day.isPast && day.said?.dateLine == "3月1日 周日" && day.day?.checks.isEmpty == true)
    await day.move(by: 2)
    #expect(day.date == "2026-03-01", "there is no day after today")
  }
}

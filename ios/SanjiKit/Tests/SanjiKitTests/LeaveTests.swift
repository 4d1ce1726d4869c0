import Foundation
import Testing

@testable import SanjiKit

@MainActor @Suite struct LeaveTests {
  @Test("A leave is asked for, looked at, decided with a reason, and seen")
  func leave() async throws {
    let school = try await School.open()
    let form = LeaveFormModel(try school.teacher.office)
    await form.load()
    #expect(Dates.text(form.from) == "2026-03-03")
    #expect(form.kinds.contains { $0.code == "sick" })
    await form.save()
    #expect(form.trouble(at: "kind") != nil, "\(String(describing: form.trouble))")
    try expectWords(form.trouble?.key)
    (form.kind, form.reason, form.certificate) = ("sick", "看病", Data(repeating: 7, count: 20_000))
    form.isWholeDays = false
    let end = form.to
    form.to = form.from
    await form.save()
    #expect(form.trouble?.key == "problem-leave_backwards")
    #expect(form.trouble(at: "to") != nil)
    form.to = end
    await form.save()
    #expect(form.isSaved)
    let mine = LeaveModel(try school.teacher.office)
    await mine.load()
    #expect(mine.rows.map { $0.leave.pieces.map(\.decision) } == [["pending"]])
    #expect(mine.rows.first.map { row in row.leave.pieces.map { mine.kind($0, of: row) } } == ["病假"])
    try await school.up()

    let queue = QueueModel(try school.principal.office)
    await queue.load()
    let row = try #require(queue.rows.first)
    #expect(row.name == Relay.teacher)
    #expect(row.said.says.contains("病假"), "\(row.said)")
    #expect(row.hasMore)
    await queue.look(at: row)
    #expect(queue.given[row.id]?.reason == "看病")
    #expect(queue.given[row.id]?.picture?.count == 20_000)
    #expect(queue.given[row.id]?.isMissing == false)
    queue[reasonOf: row.id] = " "
    await queue.refuse(row)
    #expect(queue.trouble(of: row)?.key == "problem-reason_needed")
    queue[reasonOf: row.id] = "那天有督查"
    await queue.refuse(row)
    #expect(queue.rows.isEmpty && queue.reasons.isEmpty && queue.given.isEmpty)
    try await school.down()
    await mine.load()
    #expect(mine.rows.map(\.leave.decidedWhy) == ["那天有督查"])

    let again = LeaveFormModel(try school.teacher.office, changing: mine.rows.first?.leave)
    await again.load()
    #expect(again.kind == "sick")
    again.to = again.to.addingTimeInterval(-3600)
    await again.save()
    #expect(again.isSaved)
    try await school.up()
    await queue.load()
    await queue.approve(try #require(queue.rows.first))
    try await school.down()
    await mine.load()
    #expect(mine.rows.first?.leave.pieces.map(\.decision) == ["approved"])
    #expect(mine.rows.first?.mayReturn == false && mine.rows.first?.mayChange == true, "it has not begun")
    school.clock.pass(days: 1)
    await mine.load()
    #expect(mine.rows.first?.mayReturn == true)
    await mine.comeBack(try #require(mine.rows.first))
    #expect(mine.rows.first?.mayReturn == false && mine.rows.first?.mayChange == false)
    #expect(mine.trouble == nil && mine.rows.first?.leave.pieces.contains { $0.returnedSecs != nil } == true)
  }

  @Test("A leave that is asked for on a Friday is offered for Monday")
  func weekend() async throws {
    let school = try await School.open()
    school.clock.pass(days: 4)
    let form = LeaveFormModel(try school.teacher.office)
    await form.load()
    #expect(Dates.text(form.from) == "2026-03-09" && Dates.text(form.to) == "2026-03-09")
  }

  @Test("A leave is of whole days unless it is said from which hour to which, and is changed as it is")
  func wholeDays() async throws {
    let school = try await School.open()
    let mine = LeaveModel(try school.teacher.office)
    func said() async -> String? {
      await mine.load()
      return mine.rows.first?.leave.pieces.first.map { mine.words.period($0.fromSecs, $0.toSecs) }
    }
    let form = LeaveFormModel(try school.teacher.office)
    await form.load()
    #expect(form.isWholeDays)
    form.kind = "personal"
    form.from = try #require(Dates.at("2026-03-04", 8))
    #expect(Dates.text(form.to) == "2026-03-04" && Dates.clock(form.to) == "18:00", "the last day comes along")
    form.to = try #require(Dates.at("2026-03-05", 18))
    await form.save()
    #expect(form.isSaved)
    #expect(await said() == "3月4日–3月5日(2天)")

    let shorter = LeaveFormModel(try school.teacher.office, changing: mine.rows.first?.leave)
    await shorter.load()
    #expect(shorter.isWholeDays && Dates.text(shorter.from) == "2026-03-04" && Dates.text(shorter.to) == "2026-03-05")
    shorter.isWholeDays = false
    #expect(Dates.clock(shorter.from) == "08:00" && Dates.clock(shorter.to) == "18:00")
    (shorter.from, shorter.to) = (try #require(Dates.at("2026-03-04", 13)), try #require(Dates.at("2026-03-04", 18)))
    await shorter.save()
    #expect(await said() == "3月4日 13:00–18:00")

    let again = LeaveFormModel(try school.teacher.office, changing: mine.rows.first?.leave)
    await again.load()
    #expect(!again.isWholeDays && Dates.clock(again.from) == "13:00" && Dates.clock(again.to) == "18:00")
    again.isWholeDays = true
    again.to = try #require(Dates.at("2026-03-03", 18))
    await again.save()
    #expect(again.trouble(at: "to")?.key == "problem-leave_backwards")
  }

  @Test("A leave is said by its days, and by times only where there are some")
  func period() {
    let (zh, en) = (WordBook(.zh), WordBook(.en))
    let (monday, day) = (SchoolClock.monday - (8 * 60 + 31) * 60, Int64(86_400))
    #expect(zh.period(monday, monday + 3 * day) == "3月2日–3月4日(3天)")
    #expect(en.period(monday, monday + 3 * day) == "2–4 March (3 days)")
    #expect(zh.period(monday + 8 * 3600, monday + 18 * 3600) == "3月2日 08:00–18:00")
  }

  @Test("A leave is withdrawn")
  func withdrawn() async throws {
    let school = try await School.open()
    let form = LeaveFormModel(try school.teacher.office)
    await form.load()
    form.kind = "personal"
    await form.save()
    let mine = LeaveModel(try school.teacher.office)
    await mine.load()
    await mine.withdraw(try #require(mine.rows.first))
    #expect(mine.rows.first?.standing == "leave-withdrawn" && mine.rows.first?.mayChange == false)
    try expectWords("leave-withdrawn")
  }
}

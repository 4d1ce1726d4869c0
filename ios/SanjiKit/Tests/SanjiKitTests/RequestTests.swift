import Foundation
import Testing

@testable import SanjiKit

@MainActor @Suite struct RequestTests {
  @Test("A correction is asked for, decided, and counts")
  func correction() async throws {
    let school = try await School.open()
    let form = CorrectionFormModel(try school.teacher.office, posting: nil, date: "2026-02-27")
    await form.load()
    await form.save()
    try expectWords(form.trouble?.key)
    form.add(.checkIn)
    form.add(.checkOut)
    form.add(.checkOut)
    form.remove(form.stated[2])
    form.change(form.stated[1], to: try #require(Dates.at(form.date, 17, 5)))
    await form.save()
    #expect(form.trouble?.key == "problem-reason_needed", "\(String(describing: form.trouble))")
    form.reason = "手机没电"
    await form.save()
    #expect(form.isSaved)
    try await school.up()
    let queue = QueueModel(try school.principal.office)
    await queue.load()
    let row = try #require(queue.rows.first)
    #expect(!row.hasMore, "neither picture nor reason to fetch")
    await queue.look(at: row)
    await queue.approve(row)
    try await school.down()
    let asked = CorrectionsModel(try school.teacher.office)
    await asked.load()
    #expect(asked.asked.map(\.decision) == ["approved"])
    let day = DayModel(try school.teacher.office, posting: nil, date: "2026-02-27")
    await day.load()
    #expect(day.day?.checks.map(\.origin) == ["request", "request"])
  }

  @Test("What doesn't count is shown with its reason, and a head lets it count")
  func flagged() async throws {
    let school = try await School.open()
    // A teacher has no say in the plan; the phone of somebody who lost that right a moment ago would write it too.
    _ = try await school.teacher.ask { phone in
      let own = try phone.owner().postings[0].school
      return try phone.planService(
        school: own, plan: ServicePlan(from: "2026-03-02", to: "2026-06-30", projects: ["足球"], text: nil), instead: nil)
    }
    try await school.up()
    let own = FlaggedModel(try school.teacher.office)
    await own.load()
    #expect(own.rows.map { own.mayLift($0) } == [false] && own.rows.map(\.isOwn) == [true])
    let list = FlaggedModel(try school.principal.office)
    await list.load()
    let row = try #require(list.rows.first)
    #expect(list.mayLift(row) && !row.isOwn && row.name == Relay.teacher && list.why(row) == "flag-no_authority")
    await list.lift(row)
    #expect(list.trouble(of: row)?.key == "problem-reason_needed")
    list[reasonOf: row.id] = "情况属实"
    await list.lift(row)
    #expect(list.trouble == nil && list.reasons.isEmpty)
    try await school.down()
    await own.load()
    #expect(own.rows.isEmpty)
  }

  @Test("Who has come to head the school doesn't let their own record count")
  func ownFlagged() async throws {
    let school = try await School.open()
    _ = try await school.teacher.ask { phone in
      let own = try phone.owner().postings[0].school
      return try phone.planService(
        school: own, plan: ServicePlan(from: "2026-03-02", to: "2026-06-30", projects: ["足球"], text: nil), instead: nil)
    }
    try await school.exchange()
    school.clock.pass(days: 1)
    try school.relay.makeDeputy(from: "2026-03-03")
    try await school.down()
    #expect(try await school.teacher.ask { try $0.owner().isHead })
    let list = FlaggedModel(try school.teacher.office)
    await list.load()
    let own = try #require(list.rows.first)
    #expect(own.isOwn && !list.mayLift(own) && list.whose(own) == nil)
  }

  @Test("What is not a head's to let count says whose it is")
  func notLiftable() async throws {
    let school = try await School.open()
    let form = LeaveFormModel(try school.principal.office)
    await form.load()
    form.kind = "personal"
    await form.save()
    try school.relay.makeDeputy(from: "2026-02-01")
    // Somebody who decides on their own leave by a phone that doesn't know better.
    _ = try await school.principal.ask { phone in
      try phone.decideLeave(leave: try phone.leaves(postingId: nil)[0].entry, approve: true, reason: nil)
    }
    try await school.exchange()
    let list = FlaggedModel(try school.teacher.office)
    await list.load()
    let decided = try #require(list.rows.first)
    #expect(decided.flagged.reason == "own_request" && decided.name == Relay.principal && !list.mayLift(decided))
    #expect(list.whose(decided) == "lift-own_request")
  }

  @Test("A week is published once it is over, from a Monday on")
  func publish() async throws {
    let school = try await School.open()
    let publish = PublishModel(try school.principal.office)
    await publish.load()
    #expect(publish.monday == "2026-02-23")
    #expect(publish.missing.isEmpty && publish.publishedSecs == nil)
    await publish.publish()
    #expect(publish.isDone && publish.publishedSecs != nil, "\(String(describing: publish.trouble))")
    await publish.move(by: 1)
    await publish.publish()
    #expect(!publish.isDone)
    #expect(publish.trouble?.key == "problem-week_not_over")
  }
}

import Testing

@testable import SanjiKit

@MainActor @Suite struct QueueTests {
  @Test("What two requests came with, and the reasons written for them, stand each under its own")
  func twoRequests() async throws {
    let school = try await School.open()
    for (days, reason) in [(0, "看病"), (2, "家里有事")] {
      let form = LeaveFormModel(try school.teacher.office)
      await form.load()
      (form.kind, form.reason) = ("personal", reason)
      (form.from, form.to) = (form.from.addingTimeInterval(Double(days) * 86_400), form.to.addingTimeInterval(Double(days) * 86_400))
      await form.save()
      try #require(form.isSaved)
    }
    try await school.up()
    let queue = QueueModel(try school.principal.office)
    await queue.load()
    try #require(queue.rows.count == 2)
    let (one, two) = (queue.rows[0], queue.rows[1])
    async let first: Void = queue.look(at: one)
    async let second: Void = queue.look(at: two)
    _ = await (first, second)
    #expect(Set([one, two].compactMap { queue.given[$0.id]?.reason }) == ["看病", "家里有事"])
    let other = queue.given[two.id]
    queue[reasonOf: two.id] = "下周再说"
    await queue.refuse(one)
    #expect(queue.trouble(of: one)?.key == "problem-reason_needed" && queue.trouble(of: two) == nil)
    queue[reasonOf: one.id] = "那天有督查"
    await queue.refuse(one)
    #expect(queue.rows.map(\.id) == [two.id])
    #expect(queue.given == [two.id: try #require(other)] && queue.reasons == [two.id: "下周再说"])
  }

  @Test("Nobody is missed on a rest day or before the rules arrive, and who is on leave for an hour is on leave in that hour")
  func sums() async throws {
    let school = try await School.open()
    let now = SchoolModel(try school.principal.office)
    await now.load()
    #expect(now.sum == SchoolModel.Sum(notYet: 2))
    let (monday, hour) = (SchoolClock.monday, Span(fromSecs: SchoolClock.monday - 60, toSecs: SchoolClock.monday + 3600))
    let away = [colleague(verdict("in_progress", leave: [hour])), colleague(verdict("in_progress"))]
    #expect(SchoolModel.Sum(of: away, nowSecs: monday) == SchoolModel.Sum(onLeave: 1, notYet: 1))
    #expect(SchoolModel.Sum(of: away, nowSecs: monday + 3600) == SchoolModel.Sum(notYet: 2))
    let unjudged = [colleague(nil), colleague(verdict(nil)), colleague(verdict("rest_day"))]
    #expect(SchoolModel.Sum(of: unjudged, nowSecs: monday) == SchoolModel.Sum())
    school.clock.pass(days: 5)
    await now.load()
    #expect(now.today == "2026-03-07" && now.people.count == 2 && now.sum == SchoolModel.Sum())
  }

  private func colleague(_ verdict: Verdict?) -> StaffDay { StaffDay(posting: "", name: "", role: "staff", verdict: verdict) }

  private func verdict(_ status: String?, leave: [Span] = []) -> Verdict {
    Verdict(
      status: status, officeMinutes: 0, requiredMinutes: nil, clause: nil, certainty: nil, findings: [], windows: [], leave: leave,
      presence: [], inSinceSecs: nil, waits: [], leaveKinds: [], undecided: 0, conflict: false)
  }
}

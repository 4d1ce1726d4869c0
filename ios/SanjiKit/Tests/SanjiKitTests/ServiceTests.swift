import Testing

@testable import SanjiKit

@MainActor @Suite struct ServiceTests {
  @Test("Service is planned, recorded, amended and handed over")
  func service() async throws {
    let school = try await School.open()
    let plan = ServicePlanModel(try school.principal.office)
    await plan.load()
    plan.projects = "阅读\n\n 足球 "
    await plan.save()
    #expect(plan.isDone)
    let seen = ServiceModel(try school.principal.office)
    await seen.load()
    let written = try #require(seen.service?.plans.first)
    #expect(written.plan.projects == ["阅读", "足球"])
    let changed = ServicePlanModel(try school.principal.office, changing: written)
    await changed.load()
    (changed.projects, changed.to) = ("阅读", "2026-02-01")
    await changed.save()
    #expect(changed.trouble?.key == "problem-dates_backwards", "\(String(describing: changed.trouble))")
    changed.to = written.plan.to
    await changed.save()
    #expect(changed.isDone)
    try await school.down()

    let session = SessionModel(try school.teacher.office)
    await session.load()
    #expect(session.projects == ["阅读"])
    #expect(session.instructors.map(session.name) == [Relay.teacher])
    (session.content, session.pupils) = ("reading", "三十")
    await session.save()
    #expect(!session.isSaved && !session.pupilsAreReadable)
    (session.content, session.pupils) = ("new_lesson", "32")
    await session.save()
    #expect(!session.isSaved && !session.isAllowed && session.contents.allSatisfy { $0.code != "new_lesson" })
    session.content = "reading"
    (session.pupils, session.start, session.end) = ("32", "18:00", "16:00")
    await session.save()
    #expect(session.trouble?.key == "problem-session_backwards")
    (session.start, session.end, session.stage) = ("16:00", "18:00", "kindergarten")
    await session.save()
    #expect(session.isSaved, "\(String(describing: session.trouble))")

    let list = ServiceModel(try school.teacher.office)
    await list.load()
    #expect(list.content("reading") != "reading")
    let amend = SessionModel(try school.teacher.office, amending: list.current.first)
    await amend.load()
    amend.pupils = "31"
    amend.lead(outside: "张老师", vetted: true)
    await amend.save()
    #expect(amend.isSaved)
    await list.load()
    let handover = HandoverModel(try school.teacher.office, session: try #require(list.current.first))
    await handover.load()
    #expect(handover.pupils == "31")
    handover.text = "家长都已接走"
    await handover.save()
    #expect(handover.isSaved)
    try await school.up()
    await seen.load()
    let shown = try #require(seen.current.first)
    #expect(shown.handedOver && shown.session.pupils == 31)
    #expect(shown.session.instructors.contains { $0.outside && $0.vetted })
    school.clock.pass(days: 1)
    await seen.load()
    #expect(seen.current.isEmpty && seen.earlier.count == 1)
  }
}

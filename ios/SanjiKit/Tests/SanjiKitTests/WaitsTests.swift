import Testing

@testable import SanjiKit

@MainActor @Suite struct WaitsTests {
  @Test("Today tells a head of requests that wait, and how the school is now; a teacher is told of neither")
  func requests() async throws {
    let school = try await School.open()
    let waits = WaitsModel(try school.principal.office)
    await waits.load()
    #expect(waits.queue == 0 && waits.schools.map(\.name) == [Relay.school])
    #expect(waits.schools.first?.sum == SchoolModel.Sum(notYet: 2))
    await TodayModel(try school.teacher.office).tap(.checkIn)
    let form = LeaveFormModel(try school.teacher.office)
    await form.load()
    form.kind = "personal"
    await form.save()
    try await school.up()
    await waits.load()
    #expect(waits.queue == 1 && waits.schools.first?.sum == SchoolModel.Sum(present: 1, notYet: 1))
    let own = WaitsModel(try school.teacher.office)
    await own.load()
    #expect(own.queue == 0 && own.schools.isEmpty)
    try expectWords("today-queue")
  }

  @Test("Who hasn't come yet stands first in the school now")
  func missed() async throws {
    let school = try await School.open()
    await TodayModel(try school.principal.office).tap(.checkIn)
    let now = SchoolModel(try school.principal.office)
    await now.load()
    #expect(now.people.map(\.name) == [Relay.teacher, Relay.principal] && now.missed == [now.people[0].posting])
    await TodayModel(try school.teacher.office).tap(.checkIn)
    try await school.up()
    await now.load()
    #expect(now.people.map(\.name) == [Relay.principal, Relay.teacher] && now.missed.isEmpty)
  }

  @Test("Today tells a head that last week can be published, if somebody was at work, until it is")
  func publish() async throws {
    let school = try await School.open()
    let waits = WaitsModel(try school.principal.office)
    await waits.load()
    #expect(waits.schools.map(\.mayPublish) == [false], "nobody was at work before")
    await TodayModel(try school.teacher.office).tap(.checkIn)
    try await school.teacher.office.sent()
    school.clock.pass(hours: 8)
    await TodayModel(try school.teacher.office).tap(.checkOut)
    try await school.up()
    school.clock.pass(days: 7)
    await waits.load()
    #expect(waits.schools.map(\.mayPublish) == [true])
    let publish = PublishModel(try school.principal.office, school: try #require(waits.schools.first).school)
    await publish.load()
    #expect(publish.monday == "2026-03-02")
    await publish.publish()
    await waits.load()
    #expect(publish.isDone && waits.schools.map(\.mayPublish) == [false])
    try expectWords("today-publish")
  }

  @Test("Today tells a head of a phone that asks to be let in, asks for it seldom, and forgets it once it is in")
  func asking() async throws {
    let school = try await School.open()
    let waits = WaitsModel(try school.principal.office)
    var changes = 0
    waits.didChange = { changes += 1 }
    await waits.load()
    // What was read, and what the relay said.
    await until { changes == 2 }
    #expect(waits.asking == 0)
    await school.teacher.reopen { $0.lose() }
    let sending = SendingModel(try school.teacher.office)
    await sending.sendNow()
    let digits = try #require(sending.digits)
    await waits.load()
    #expect(changes == 3, "it isn't asked each time that something changed")
    school.clock.pass(minutes: 15)
    await waits.load()
    await until { waits.asking == 1 }
    let asking = AskingModel(try school.principal.office)
    await asking.load()
    let one = try #require(asking.asking.first)
    asking[digitsOf: one.device] = digits
    await asking.approve(one)
    let following = Task { await waits.follow() }
    await until { waits.asking == 0 }
    following.cancel()
    await following.value
    try expectWords("today-asking")
  }

  @Test("Without a network nothing is said of phones that wait, and nothing is wrong")
  func offline() async throws {
    let school = try await School.open()
    school.relay.stop()
    let waits = WaitsModel(try school.principal.office)
    await waits.load()
    #expect(waits.isAsking)
    await until { !waits.isAsking }
    #expect(waits.asking == 0 && waits.trouble == nil && waits.schools.count == 1)
  }
}

import Testing

@testable import SanjiKit

/// What Today says of records that wait.
@MainActor @Suite struct UnsentTests {
  @Test("A tap in airplane mode is saved, waits in plain words, and goes when there is a network")
  func airplane() async throws {
    let school = try await School.open()
    let today = TodayModel(try school.teacher.office)
    await today.load()
    await today.tap()
    try await school.exchange()
    school.teacher.network.isOn = false
    school.clock.pass(hours: 3)
    await today.tap()
    await today.office.sent()
    await today.load()
    #expect(today.trouble == nil)
    #expect(today.day?.checks.map(\.direction) == [.checkIn, .checkOut])
    #expect(today.sending?.unsent == 1)
    #expect(today.sending?.text.contains("1 条待发送") == true, "\(String(describing: today.sending))")
    school.teacher.network.isOn = true
    try await school.up()
    await today.load()
    #expect(today.sending?.unsent == 0)

    let now = SchoolModel(try school.principal.office)
    await now.load()
    let row = try #require(now.people.first { $0.name == Relay.teacher })
    #expect(row.status != nil)
    let seen = ColleagueDayModel(try school.principal.office, now.colleague(row.posting), date: now.today)
    await seen.load()
    #expect(seen.said?.sentence == row.sentence)
    #expect(now.sum == SchoolModel.Sum(present: 0, onLeave: 0, notYet: 1))
  }

  @Test("Four records that wait are said in passing on Today; from five on it is said so that it is noticed")
  func fiveUnsent() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    pocket.network.isOn = false
    let today = TodayModel(try pocket.office)
    for tap in 1...5 {
      await today.load()
      await today.tap()
      #expect(today.sending?.unsent == UInt64(tap) && today.trouble == nil)
      #expect(today.sending?.tone == (tap < 5 ? .calm : .notice), "\(tap)")
      school.clock.pass(hours: 1)
    }
    await today.load()
    #expect(today.sending?.text == "5 条待发送,最早 周一 08:31;都存在本机,不会丢")
    #expect(today.sending?.detail == today.words("sending-notice"))
    pocket.network.isOn = true
    try await pocket.sync()
    await today.load()
    #expect(today.sending?.tone == .calm && today.sending?.unsent == 0)
  }

  @Test("One record that waits is said in passing for five days; then it is said so that it is noticed")
  func fiveDaysUnsent() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    pocket.network.isOn = false
    let today = TodayModel(try pocket.office)
    await today.load()
    await today.tap()
    school.clock.pass(days: 4, hours: 23, minutes: 59)
    await today.load()
    #expect(today.sending?.tone == .calm && today.sending?.unsent == 1)
    school.clock.pass(minutes: 1)
    await today.load()
    #expect(today.sending?.tone == .notice, "\(String(describing: today.sending))")
    #expect(today.sending?.text.contains("周一 08:31") == true && today.sending?.detail == today.words("sending-notice"))
  }

  @Test("A try without a connection is told to who shows what waits")
  func offlineTry() async throws {
    let school = try await School.open()
    let desk = try school.teacher.office.desk
    school.teacher.network.isOn = false
    var stirs = desk.stirs().makeAsyncIterator()
    #expect(try await desk.sync().offline != nil)
    #expect(await stirs.next() != nil)
  }
}

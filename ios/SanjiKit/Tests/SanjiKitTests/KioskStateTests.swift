import Testing

@testable import SanjiKit

/// What stands against a kiosk, and what its screen says and does.
@MainActor @Suite struct KioskStateTests {
  @Test("A kiosk that was stopped says so above its list, goes on recording, and gives what it has as a file")
  func revoked() async throws {
    let school = try await School.open()
    let kiosk = try await school.kiosk()
    let screen = KioskModel(try kiosk.office)
    await screen.load()
    #expect(screen.notice == nil && screen.digits == nil)
    try school.relay.run("device", "revoke", try await kiosk.ask { try $0.owner().device })
    _ = try? await kiosk.office.desk.sync()
    await screen.load()
    #expect(screen.notice == .revoked(SchoolClock.monday) && screen.sending?.unsent == 0, "it is said before anything waits")
    try await screen.come()
    await screen.check(.checkIn)
    await screen.office.sent()
    screen.leave()
    await screen.load()
    #expect(screen.notice == .revoked(SchoolClock.monday) && screen.sending?.tone == .stopped)
    #expect(screen.digits == nil && screen.people.contains { $0.hasPin }, "its list stands as before")
    try await screen.come()
    #expect(screen.taps?.count == 1 && screen.trouble == nil)
    screen.leave()
    let sending = SendingModel(try kiosk.office)
    await sending.sendNow()
    #expect(sending.isKiosk)
    #expect(sending.standing.code == "revoked" && sending.tried?.key == "sendpage-stopped" && sending.unsent?.entries == 1)
    await sending.makeFile(in: newFolder("out"))
    #expect(try school.relay.run("bundle", "import", try #require(sending.file).path).contains(#""new""#))
    #expect(sending.filed?.entries == 1 && sending.filed?.isComplete == true)
  }

  @Test("A kiosk that lost its key shows six digits above its list; the principal types them, its records go, PINs are set anew")
  func lostKey() async throws {
    let school = try await School.open()
    let kiosk = try await school.kiosk()
    kiosk.network.isOn = false
    let before = KioskModel(try kiosk.office)
    try await before.come()
    await before.check(.checkIn)
    await kiosk.reopen { $0.lose() }
    #expect(kiosk.home.root == .kiosk)
    let screen = KioskModel(try kiosk.office)
    await screen.load()
    #expect(screen.trouble == nil && screen.people.isEmpty, "the list comes with the first connection")
    kiosk.network.isOn = true
    _ = try? await kiosk.office.desk.sync()
    await screen.load()
    let digits = try #require(screen.digits)
    #expect(screen.notice == nil, "what to do is said once")
    let asking = AskingModel(try school.principal.office)
    await asking.load()
    let one = try #require(asking.asking.first)
    asking[digitsOf: one.device] = digits
    await asking.approve(one)
    try await kiosk.sync()
    try await kiosk.sync()
    await screen.load()
    #expect(screen.digits == nil && screen.notice == nil && screen.sending?.unsent == 0)
    #expect(screen.people.map(\.name).contains(Relay.teacher) && !screen.people.contains { $0.hasPin }, "a PIN is of one key")
    try await school.exchange()
    let today = TodayModel(try school.teacher.office)
    await today.load()
    #expect(today.day?.checks.map(\.origin) == ["kiosk"], "what was recorded before is delivered")
    try await school.setPin()
    try await kiosk.sync()
    try await screen.come()
    await screen.check(.checkOut)
    #expect(screen.trouble == nil && screen.taps?.first?.direction == .checkOut)
  }

  @Test("A tablet whose clock is years off knows what day it is: who came this morning goes, and a file has today's name")
  func wrongClock() async throws {
    let school = try await School.open()
    let kiosk = Pocket(WrongClock(school.clock, ahead: -2190 * 86_400))
    try await kiosk.enrol(school.relay.inviteKiosk())
    try await school.setPin()
    try await kiosk.sync()
    let screen = KioskModel(try kiosk.office)
    try await screen.come()
    #expect(screen.today == "2026-03-02" && screen.next == .checkIn)
    await screen.check(.checkIn)
    await screen.office.sent()
    screen.leave()
    school.clock.pass(hours: 8)
    kiosk.network.isOn = false
    try await screen.come()
    #expect(screen.next == .checkOut && screen.other == .checkIn)
    await screen.check(.checkOut)
    let sending = SendingModel(try kiosk.office)
    await sending.makeFile(in: newFolder("out"))
    #expect(sending.file?.lastPathComponent == "三集-2026-03-02.sanji")
  }
}

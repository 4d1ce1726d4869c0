import Foundation
import Testing

@testable import SanjiKit

/// What the relay makes of a phone's records, and what the phone says of it.
@MainActor @Suite struct StandingTests {
  @Test("A phone that was stopped keeps its records, says so, and hands them over as a file")
  func revoked() async throws {
    let school = try await School.open()
    let device = try await school.teacher.ask { try $0.owner().device }
    try school.relay.run("device", "revoke", device)
    let today = TodayModel(try school.teacher.office)
    await today.load()
    await today.tap()
    await today.office.sent()
    await today.load()
    let stopped = today.notices.contains { if case .revoked = $0 { true } else { false } }
    #expect(stopped, "\(today.notices)")
    #expect(today.sending?.tone == .stopped)
    let sending = SendingModel(try school.teacher.office)
    await sending.makeFile(in: newFolder("out"))
    let file = try #require(sending.file)
    let filed = try #require(sending.filed)
    #expect(file.lastPathComponent == "三集-2026-03-02.sanji" && filed == (1, 0, true))
    let said = try school.relay.run("bundle", "import", file.path)
    #expect(said.contains(#""new""#), "\(said)")
    sending.dropFile()
    #expect(!FileManager.default.fileExists(atPath: file.path) && sending.file == nil)
    await sending.load()
    #expect(sending.unsent?.entries == 1, "the phone keeps them")
    try expectWords("standing-revoked")
  }

  @Test("What a try to send came to is said: no network, so many delivered, nothing left, or not taken")
  func tried() async throws {
    let school = try await School.open()
    let sending = SendingModel(try school.teacher.office)
    #expect(sending.tried == nil)
    await sending.sendNow()
    #expect(sending.tried?.key == "wait-nothing")
    school.teacher.network.isOn = false
    for _ in 1...2 { _ = try await school.teacher.ask { try $0.check(postingId: nil, direction: .checkIn, place: nil) } }
    await sending.sendNow()
    #expect(sending.tried?.key == "sendpage-no-network" && sending.trouble == nil)
    school.teacher.network.isOn = true
    await sending.sendNow()
    #expect(sending.tried?.key == "sendpage-delivered" && sending.tried?.delivered == 2, "\(String(describing: sending.tried))")
    #expect(sending.words("sendpage-delivered", ["count": 2]) == "刚送达 2 条")
    try school.relay.run("device", "revoke", try await school.teacher.ask { try $0.owner().device })
    _ = try await school.teacher.ask { try $0.check(postingId: nil, direction: .checkOut, place: nil) }
    await sending.sendNow()
    #expect(sending.tried?.key == "sendpage-stopped" && sending.unsent?.entries == 1)
  }

  @Test("A relay that asks for a newer app leaves the records on the phone; Today says so")
  func outdated() async throws {
    let school = try await School.open()
    school.relay.stop()
    try school.relay.startNewer()
    let today = TodayModel(try school.teacher.office)
    await today.load()
    await today.tap()
    await today.office.sent()
    await today.load()
    #expect(today.notices == [.outdated] && today.sending?.tone == .stopped && today.sending?.unsent == 1)
    let sending = SendingModel(try school.teacher.office)
    await sending.sendNow()
    #expect(sending.standing == .outdated && sending.tried?.key == "sendpage-stopped")
    for key in ["sendpage-outdated", "state-newer-title", "standing-outdated"] { try expectWords(key) }
    let refused = Trouble(PhoneError.Refused(standing: .outdated))
    #expect(refused.step == .update)
    try expectWords(refused.key)
    school.relay.stop()
    try school.relay.start()
    try await school.teacher.sync()
    await today.load()
    #expect(today.notices.isEmpty && today.day?.checks.map(\.delivery) == [.delivered])
  }

  @Test("A term that was closed takes no more: Today says so, and what came too late isn't called delivered")
  func retired() async throws {
    let school = try await School.open()
    let today = TodayModel(try school.teacher.office)
    await today.load()
    await today.tap()
    try await school.teacher.sync()
    school.relay.stop()
    try school.relay.retire()
    try school.relay.start()
    school.clock.pass(hours: 8)
    await today.load()
    await today.tap()
    await today.office.sent()
    _ = try await school.teacher.office.desk.sync()
    await today.load()
    #expect(today.day?.checks.map(\.delivery) == [.delivered, .retired])
    #expect(today.notices == [.retired] && today.sending?.tone == .notice)
    #expect(today.sending?.text == today.words("sending-retired", ["count": 1]))
    let records = RecordsModel(try school.teacher.office, home: school.teacher.home)
    await records.load()
    #expect(records.retired == 1 && records.mayReset, "it waits for nothing, and is here only")
    for key in ["state-retired-title", "state-retired"] { try expectWords(key) }
  }
}

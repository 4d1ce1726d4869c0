import Foundation
import Testing

@testable import SanjiKit

@MainActor @Suite struct EnrolTests {
  @Test("A scanned invitation makes this the phone of whoever it is for")
  func scanned() async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    let pocket = Pocket(clock)
    await pocket.open()
    #expect(pocket.home.root == .enrol)
    try await pocket.enrol(try relay.invite(Relay.teacher).qr)
    #expect(pocket.home.root == .today)
    let welcome = WelcomeModel(try pocket.office)
    await welcome.load()
    #expect(welcome.owner?.postings.map(\.name) == [Relay.teacher])
    #expect(welcome.owner?.postings.map(\.schoolName) == [Relay.school])
    #expect(!welcome.waitsForNames)
    await EnrolModel(try pocket.office).load()
  }

  @Test("A typed code does the same, in small letters too")
  func typed() async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    let pocket = Pocket(clock)
    await pocket.open()
    let enrol = EnrolModel(try pocket.office)
    (enrol.address, enrol.code) = (" \(relay.address) ", try relay.invite(Relay.principal).code.lowercased())
    await enrol.typed()
    #expect(enrol.isEnrolled)
  }

  @Test(
    "What is no invitation is said at its field",
    arguments: ["今天天气好", "", "https://example.cn/qr", "SANJI1:", "SANJI1P:", "SANJI1:AAAA:BBBB"])
  func badCode(_ text: String) async throws {
    let pocket = Pocket(SchoolClock())
    await pocket.open()
    let enrol = EnrolModel(try pocket.office)
    await enrol.scanned(text)
    #expect(!enrol.isEnrolled)
    #expect(enrol.trouble?.step == .mend, "\(String(describing: enrol.trouble))")
    try expectWords(enrol.troubleKey)
    (enrol.address, enrol.code) = ("127.0.0.1:1", text)
    await enrol.typed()
    #expect(enrol.trouble?.step == .mend)
    try expectWords(enrol.troubleKey)
  }

  @Test("An invitation that expired is refused, and says whom to ask")
  func expired() async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    let invitation = try relay.invite(Relay.teacher)
    clock.pass(days: 60)
    let pocket = Pocket(clock)
    await pocket.open()
    let enrol = EnrolModel(try pocket.office)
    await enrol.scanned(invitation.qr)
    #expect(!enrol.isEnrolled)
    #expect(enrol.troubleKey == "enrol-expired", "\(String(describing: enrol.trouble))")
    try expectWords(enrol.troubleKey)
  }

  @Test("A used invitation is refused; this phone's own works again")
  func used() async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    let invitation = try relay.invite(Relay.teacher)
    try await Pocket(clock).enrol(invitation.qr)
    let other = Pocket(clock)
    await other.open()
    let enrol = EnrolModel(try other.office)
    await enrol.scanned(invitation.qr)
    #expect(enrol.troubleKey == "enrol-expired", "\(String(describing: enrol.trouble))")
  }

  @Test("The relay of another county is not believed")
  func otherCounty() async throws {
    let clock = SchoolClock()
    let (right, other) = (try Relay.start(clock), try Relay.start(clock, another: true))
    let pocket = Pocket(clock)
    await pocket.open()
    let enrol = EnrolModel(try pocket.office)
    (enrol.address, enrol.code) = (other.address, try right.invite(Relay.teacher).code)
    await enrol.typed()
    #expect(!enrol.isEnrolled)
    #expect(
      enrol.trouble == .invalid(field: "invitation", code: "invalid", problem: "other_county"), "\(String(describing: enrol.trouble))")
    try expectWords(enrol.troubleKey)
    await enrol.scanned(try right.invite(Relay.teacher, at: other.address).qr)
    #expect(!enrol.isEnrolled)
    try expectWords(enrol.troubleKey)
  }

  @Test("Without a network the invitation stays good")
  func offline() async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    let invitation = try relay.invite(Relay.teacher).qr
    relay.stop()
    let pocket = Pocket(clock)
    await pocket.open()
    let enrol = EnrolModel(try pocket.office)
    await enrol.scanned(invitation)
    #expect(enrol.trouble == .offline)
    #expect(enrol.trouble?.step == .again)
    #expect(enrol.troubleKey == "enrol-needs-network")
    try relay.start()
    await enrol.scanned(invitation)
    #expect(enrol.isEnrolled)
    await enrol.scanned(invitation)
    #expect(enrol.trouble?.key == "error-already_enrolled")
  }

  @Test("A principal lets a newcomer in without a network, by two codes")
  func beside() async throws {
    let school = try await School.open()
    school.relay.stop()
    let row = RosterRowModel(try school.principal.office)
    await row.load()
    row.name = "赵新来"
    await row.save()
    #expect(row.isDone)
    let beside = BesideModel(try school.principal.office)
    await beside.load()
    beside.person = try #require(beside.roster.first { $0.name == "赵新来" })
    await beside.scanned("not a key")
    #expect(beside.trouble?.field == "device_key")
    let pocket = Pocket(school.clock)
    await pocket.open()
    let enrol = EnrolModel(try pocket.office)
    await enrol.load()
    await beside.scanned(try #require(enrol.deviceKey))
    let pass = try #require(beside.pass)
    let third = Pocket(school.clock)
    await third.open()
    let wrong = EnrolModel(try third.office)
    await wrong.scanned(pass)
    #expect(wrong.trouble?.key == "problem-other_phone")
    try expectWords(wrong.troubleKey)
    await enrol.scanned(pass)
    #expect(enrol.isEnrolled)
    await pocket.home.enrolled()
    let today = TodayModel(try pocket.office)
    await today.load()
    await today.tap()
    #expect(today.day?.checks.count == 1)
    try await pocket.office.sent()
    try school.relay.start()
    try await school.principal.sync()
    try await pocket.sync()
    let changed = RosterRowModel(try school.principal.office, changing: beside.person)
    await changed.load()
    changed.name = "赵欣来"
    await changed.save()
    let roster = RosterModel(try school.principal.office)
    await roster.load()
    #expect(roster.rows.contains { $0.name == "赵欣来" })
  }
}

/// A key has words in both languages, and they differ.
@MainActor
func expectWords(_ key: String?, _ at: SourceLocation = #_sourceLocation) throws {
  let key = try #require(key, sourceLocation: at)
  let (zh, en) = (WordBook(.zh), WordBook(.en))
  #expect(zh.has(key) && en.has(key), "no words for \(key)", sourceLocation: at)
  #expect(zh(key) != en(key), sourceLocation: at)
}

import Foundation
import Testing

@testable import SanjiKit

@MainActor @Suite struct StateTests {
  @Test("A lost key: recording goes on, and the principal's six digits bring everything back")
  func lostKey() async throws {
    let school = try await School.open()
    let first = TodayModel(try school.teacher.office)
    school.teacher.network.isOn = false
    await first.tap()
    await school.teacher.reopen { $0.lose() }
    school.teacher.network.isOn = true
    let today = TodayModel(try school.teacher.office)
    await today.load()
    #expect(today.notices.contains(.replaced), "\(today.notices)")
    await today.tap()
    #expect(today.trouble == nil)
    await today.office.sent()
    let sending = SendingModel(try school.teacher.office)
    await sending.sendNow()
    #expect(sending.standing == .unknown)
    #expect(sending.locked == 1)
    let digits = try #require(sending.digits)
    await today.load()
    #expect(today.notices.contains(.lostKey))
    try expectWords("standing-unknown")

    let asking = AskingModel(try school.principal.office)
    await asking.follow()
    let one = try #require(asking.asking.first)
    #expect(one.name == Relay.teacher && one.recovers)
    asking[digitsOf: one.device] = digits == "000000" ? "000001" : "000000"
    await asking.approve(one)
    #expect(asking.trouble(of: one)?.key == "problem-other_digits")
    asking[digitsOf: one.device] = "\(digits.prefix(3)) \(digits.suffix(3))"
    await asking.approve(one)
    #expect(asking.approved == one.device && asking.asking.isEmpty)
    await sending.sendNow()
    #expect(sending.standing == .fine && sending.unsent?.entries == 0 && sending.digits == nil && sending.locked == 0)
    await today.load()
    #expect(today.day?.checks.count == 2, "both checks count")
  }

  @Test("A phone isn't cleared while earlier records wait for their key, nor while pictures are still here")
  func notCleared() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    await pocket.reopen { $0.lose() }
    let records = RecordsModel(try pocket.office, home: pocket.home)
    await records.load()
    #expect(records.unsent == 0 && records.locked == 1 && records.damaged == 0 && !records.mayReset)
    records.askReset()
    #expect(!records.asksReset)
    let folder = pocket.home.folder
    #expect(await pocket.home.reset() == false)
    #expect(pocket.home.root == .today && pocket.home.folder == folder)
    try expectWords("sendpage-locked")
    #expect(Unsent(entries: 0, blobs: 2, oldestSecs: nil, why: .nextConnection, retired: 0).waiting == 2)
    #expect(Unsent(entries: 1, blobs: 2, oldestSecs: nil, why: .nextConnection, retired: 0).waiting == 1, "its pictures go with it")
  }

  @Test("A restored phone: what had not been sent is sent again")
  func restored() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    pocket.network.isOn = false
    await TodayModel(try pocket.office).tap()
    await pocket.reopen { $0.lose(counter: { $0 + 10 }, keepKeys: true) }
    let today = TodayModel(try pocket.office)
    await today.load()
    #expect(today.notices.contains(.wentBack), "\(today.notices)")
    #expect(today.day?.checks.count == 1)
    pocket.network.isOn = true
    try await pocket.sync()
    try expectWords("state-went-back")
  }

  @Test("An app that was removed and is installed again begins anew, whatever the key storage has kept of the one before")
  func installedAgain() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    for direction in [Direction.checkIn, .checkOut, .checkIn] {
      _ = try await pocket.ask { try $0.check(postingId: nil, direction: direction, place: nil) }
      try await pocket.sync()
    }
    let before = try pocket.keys().counter()
    await pocket.end()
    try FileManager.default.removeItem(at: pocket.root)
    try await pocket.enrol(school.relay.invite(Relay.teacher).qr)
    await TodayModel(try pocket.office).tap()
    try await pocket.sync()
    let after = try pocket.keys().counter()
    #expect(after > 0 && after < before)
    await pocket.reopen()
    #expect(try await pocket.ask { try $0.records() } == .sound)
  }

  @Test("A file of nothing is not made; a folder without room is said")
  func files() async throws {
    let school = try await School.open()
    let sending = SendingModel(try school.teacher.office)
    await sending.makeFile(in: newFolder("out"))
    #expect(sending.trouble?.key == "problem-nothing_waits")
    school.teacher.network.isOn = false
    await TodayModel(try school.teacher.office).tap()
    await sending.makeFile(in: URL(fileURLWithPath: "/proc/none"))
    #expect(sending.trouble == .storageFull && sending.file == nil)
  }

  @Test("A clock that is years off is said, and the time that counts is the relay's", arguments: [-2190, 1095] as [Int64])
  func clock(days: Int64) async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    let pocket = Pocket(WrongClock(clock, ahead: days * 86_400))
    try await pocket.enrol(relay.invite(Relay.teacher).qr)
    let today = TodayModel(try pocket.office)
    await today.load()
    #expect(today.notices == [.clock(days * 86_400)])
    #expect(today.today?.date == "2026-03-02")
    await today.tap()
    #expect(today.trouble == nil)
    try await pocket.sync()
    await today.load()
    #expect(today.day?.checks.map(\.judgedSecs) == [SchoolClock.monday], "\(String(describing: today.today))")
    let words = today.words(days > 0 ? "today-clock-ahead" : "today-clock-behind", ["length": "3 年"])
    #expect(words.contains("自动时间"))
  }

  @Test("A full disk says that this one was not saved, and the next one is once there is room")
  func full() async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    let disk = SmallDisk("recording")
    let pocket = Pocket(clock, root: disk.root)
    try await pocket.enrol(relay.invite(Relay.teacher).qr)
    let today = TodayModel(try pocket.office)
    await today.load()
    try disk.fill()
    await today.tap()
    try disk.makeRoom()
    let trouble = try #require(today.trouble)
    #expect(trouble == .storageFull, "\(trouble)")
    #expect(trouble.step == .settings)
    try expectWords(trouble.key)
    try expectWords(trouble.step.key)
    await today.load()
    #expect(today.day?.checks.isEmpty == true)
    await today.tap()
    #expect(today.trouble == nil && today.day?.checks.count == 1)
  }

  @Test("Records of a newer app ask for an update, and are not touched")
  func newer() async throws {
    let pocket = Pocket(SchoolClock())
    await pocket.open()
    await pocket.home.pause()
    let file = pocket.home.folder.appendingPathComponent("records.sanji")
    var bytes = try Data(contentsOf: file)
    // The version of a SQLite file, which the store counts its layouts by, stands at byte 60.
    bytes.replaceSubrange(60..<64, with: [0, 0, 0x7f, 0xff])
    try bytes.write(to: file)
    await pocket.reopen()
    #expect(pocket.home.root == .shut(.updateNeeded), "\(pocket.home.root)")
    #expect(Trouble.updateNeeded.step == .update)
    try expectWords(Trouble.updateNeeded.key)
    #expect(try Data(contentsOf: file) == bytes)
  }

  @Test("Every trouble has words in both languages and a next step")
  func troubles() throws {
    let standings: [Standing] = [.outdated, .unknown, .revoked(atSecs: 0), .certificate(reason: ""), .refused(reason: "")]
    let errors: [PhoneError] =
      [
        .NotEnrolled, .Offline(reason: ""), .StorageFull, .UpdateNeeded, .Failed(reason: ""),
        .Closed(code: "locked", reason: ""), .Closed(code: "keys_unavailable", reason: ""),
        .Invalid(field: "entry", code: "too_late", problem: nil, reason: ""),
        .Invalid(field: "pin", code: "invalid", problem: "pin_wrong", reason: ""),
      ] + standings.map { .Refused(standing: $0) }
    for error in errors {
      let trouble = Trouble(error)
      try expectWords(trouble.key)
      if let key = trouble.step.key { try expectWords(key) } else { #expect(trouble.step == .mend && trouble.field != nil) }
    }
    #expect(Trouble(Failure("of another kind")) == .failed)
  }

  @Test("A bug is an error, and the phone goes on")
  func bug() async throws {
    let school = try await School.open()
    let today = TodayModel(try school.teacher.office)
    await today.load()
    school.clock.isBroken = true
    await today.tap()
    school.clock.isBroken = false
    await today.load()
    await today.tap()
    #expect(today.trouble == nil && today.day?.checks.isEmpty == false)
  }

  @Test("A key storage that doesn't answer is said, and the records are as they were at the next try")
  func keyStorage() async throws {
    for thrown in [KeyError.Unavailable(reason: "locked"), ShellError.Failed(reason: "locked"), Failure("locked")] as [any Error] {
      let pocket = Pocket(SchoolClock())
      let keys = try pocket.keys()
      keys.fail(thrown)
      await pocket.open()
      #expect(pocket.home.root == .shut(.keysUnavailable))
      keys.fail(nil)
      await pocket.reopen()
      let key = try await pocket.ask { try $0.deviceKey() }
      keys.fail(thrown)
      await pocket.reopen()
      #expect(pocket.home.root == .shut(.keysUnavailable))
      keys.fail(nil)
      await pocket.reopen()
      #expect(try await pocket.ask { try $0.records() } == .sound)
      #expect(try await pocket.ask { try $0.deviceKey() } == key)
    }
    #expect(Trouble.keysUnavailable.step == .again)
    try expectWords(Trouble.keysUnavailable.key)
    for key in ["state-keys_unavailable-title", "state-keys_unavailable"] { try expectWords(key) }
  }
}

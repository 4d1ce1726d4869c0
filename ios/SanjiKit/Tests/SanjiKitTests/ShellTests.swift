import Foundation
import Testing

@testable import SanjiKit

@MainActor @Suite struct ShellTests {
  @Test("Logging out says how much is unsent, keeps it, and sends it later; one can go back")
  func logOut() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    pocket.network.isOn = false
    await TodayModel(try pocket.office).tap()
    let records = RecordsModel(try pocket.office, home: pocket.home)
    await records.load()
    #expect(records.unsent == 1)
    records.askReset()
    #expect(!records.asksReset)
    #expect(await pocket.home.reset() == false, "nothing is removed while something is unsent")
    await records.logOut()
    #expect(pocket.home.root == .enrol)
    let after = RecordsModel(try pocket.office, home: pocket.home)
    await after.load()
    #expect(after.rows.map(\.unsent) == [1, 0])
    #expect(after.rows.map(\.name) == [Relay.teacher, nil])
    #expect(after.rows.map(\.isCurrent) == [false, true])

    pocket.network.isOn = true
    let outcome = await Refresh(system: pocket.home.system, language: .zh).run(besides: pocket.home.folder)
    #expect(outcome == Refresh.Outcome(unsent: 0, retryInMs: outcome.retryInMs, folders: ["1"]), "the news of others are theirs")
    await after.goBack(to: after.rows[0])
    #expect(pocket.home.root == .today)
    let today = TodayModel(try pocket.office)
    await today.load()
    #expect(today.day?.checks.map(\.delivery) == [.delivered])
    let last = RecordsModel(try pocket.office, home: pocket.home)
    await last.load()
    #expect(await last.reset() == false && pocket.home.root == .today, "nothing is removed before the person was asked")
    last.askReset()
    #expect(last.asksReset)
    #expect(await last.reset())
    #expect(pocket.home.root == .enrol)
    #expect(Folders(root: pocket.root).all().map(\.lastPathComponent) == ["2", "3"])
  }

  @Test("Who logs out while records are being sent is told how many wait, waits for nobody, and loses none of them")
  func logOutWhileSending() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    school.relay.stop()
    let silent = try SilentRelay(at: school.relay.address)
    await TodayModel(try pocket.office).tap()
    await silent.waitForConnection()
    let records = RecordsModel(try pocket.office, home: pocket.home)
    await records.load()
    #expect(records.unsent == 1 && !records.mayReset)
    #expect(await pocket.home.reset() == false)
    await records.logOut()
    await silent.waitForEnd()
    silent.close()
    #expect(pocket.home.root == .enrol)

    // The next person's records are sent by themselves: nobody tries for the one before.
    try school.relay.start()
    try await pocket.enrol(school.relay.invite(Relay.principal).qr)
    let next = TodayModel(try pocket.office)
    await next.load()
    await next.tap()
    try await pocket.office.sent()
    await next.load()
    #expect(next.day?.checks.map(\.delivery) == [.delivered])

    let after = RecordsModel(try pocket.office, home: pocket.home)
    await after.load()
    #expect(after.rows.map(\.unsent) == [1, 0] && after.rows.map(\.name) == [Relay.teacher, Relay.principal])
    await after.goBack(to: after.rows[0])
    let today = TodayModel(try pocket.office)
    await today.load()
    #expect(today.day?.checks.map(\.delivery) == [.waiting])
    try await pocket.sync()
    await today.load()
    #expect(today.day?.checks.map(\.delivery) == [.delivered] && today.trouble == nil)
  }

  @Test("A sender tries at once, for at most eight seconds, and again when the try says so")
  func sender() async throws {
    let school = try await School.open()
    let desk = try school.teacher.office.desk
    let held = HeldSleep()
    let sender = Sender { await held($0) }
    school.relay.stop()
    _ = try await desk.ask { try $0.check(postingId: nil, direction: .checkIn, place: nil) }
    sender.sendSoon(desk)
    sender.sendSoon(desk)
    // Two wishes at once: one try, and one more after it.
    for tries in 1...2 {
      while held.durations.count < tries { await Task.yield() }
      held.pass()
    }
    await sender.settled()
    while held.durations.count < 3 { await Task.yield() }
    #expect(held.durations.prefix(2) == [Sender.longestTry, Sender.longestTry])
    try school.relay.start()
    sender.stop()
    held.pass()
    sender.sendSoon(desk)
    await sender.settled()
    #expect(try await desk.ask { try $0.unsent().entries } == 1, "a stopped sender begins nothing")
    sender.start()
    let sleepless = Sender { _ in try await Task.sleep(for: .seconds(3600)) }
    sleepless.sendSoon(desk)
    await sleepless.settled()
    #expect(try await desk.ask { try $0.unsent().entries } == 0)
    sleepless.stop()
  }

  @Test("A try that takes too long is ended, and the record waits for the next")
  func tooLong() async throws {
    let school = try await School.open()
    let desk = try school.teacher.office.desk
    school.relay.stop()
    let silent = try SilentRelay(at: school.relay.address)
    _ = try await desk.ask { try $0.check(postingId: nil, direction: .checkIn, place: nil) }
    let held = HeldSleep()
    let sender = Sender { await held($0) }
    sender.sendSoon(desk)
    await silent.waitForConnection()
    held.pass()
    await silent.waitForEnd()
    await sender.settled()
    #expect(try await desk.ask { try $0.unsent().why } == .nextConnection, "it was ended, it didn't fail")
    while held.durations.count < 2 { await Task.yield() }
    #expect(held.durations == [Sender.longestTry, Sender.afterLongTry])
    sender.stop()
    held.pass()
    silent.close()
    try school.relay.start()
    try await school.teacher.sync()
  }

  @Test("A sync that nobody waits for any more ends at once, and loses nothing")
  func cancelled() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    school.relay.stop()
    let silent = try SilentRelay(at: school.relay.address)
    _ = try await pocket.ask { try $0.check(postingId: nil, direction: .checkIn, place: nil) }
    let desk = try pocket.office.desk
    let waiting = Task.detached { try await desk.sync() }
    await silent.waitForConnection()
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    await silent.waitForEnd()
    #expect(try await desk.ask { try $0.unsent().why } == .nextConnection, "it was ended, it didn't fail")
    #expect(try await desk.ask { try $0.unsent().entries } == 1)
    silent.close()
    try school.relay.start()
    try await pocket.sync()
  }

  @Test("A sync goes on for who still waits for it, when another gave up")
  func stillWaiting() async throws {
    let school = try await School.open()
    school.relay.stop()
    let silent = try SilentRelay(at: school.relay.address)
    let desk = try school.teacher.office.desk
    _ = try await desk.ask { try $0.check(postingId: nil, direction: .checkIn, place: nil) }
    let patient = Task.detached { try await desk.sync() }
    await silent.waitForConnection()
    let hasty = Task.detached { try await desk.sync() }
    hasty.cancel()
    await #expect(throws: CancellationError.self) { try await hasty.value }
    silent.close()
    #expect(try await patient.value.offline != nil)
  }

  @Test("A cancelled call that has not begun never begins, and cancelling again does no harm")
  func cancelledBefore() async throws {
    let school = try await School.open()
    let desk = try school.teacher.office.desk
    let cancellation = Cancellation()
    cancellation.cancel()
    cancellation.cancel()
    await #expect(throws: Trouble.offline) { try await desk.fetch { try await $0.syncNow(cancellation: cancellation) } }
    try await school.teacher.sync()
    cancellation.cancel()
    #expect(try await desk.fetch { try await $0.syncNow() }.offline == nil)
  }

  @Test("A folder is open once, and a paused one is closed until it is resumed")
  func pause() async throws {
    let pocket = Pocket(SchoolClock())
    await pocket.open()
    let (folder, system) = (pocket.home.folder, pocket.home.system)
    await #expect(throws: Trouble.closed) { try await Desk.open(folder, system: system) }
    await pocket.home.pause()
    await pocket.home.pause()
    await #expect(throws: Trouble.closed) { try await pocket.ask { try $0.isEnrolled() } }
    await pocket.home.resume()
    #expect(pocket.home.root == .enrol)
    await #expect(throws: Trouble.notEnrolled) { try await pocket.ask { try $0.today() } }
  }

  @Test("When the network is back, what waits goes without being asked")
  func networkBack() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    pocket.network.isOn = false
    await TodayModel(try pocket.office).tap()
    try await pocket.office.sent()
    #expect(try await pocket.ask { try $0.unsent().entries } == 1)
    pocket.network.isOn = true
    pocket.home.networkIsBack()
    try await pocket.office.sent()
    #expect(try await pocket.ask { try $0.unsent().entries } == 0)
  }

  @Test("The way goes back by one, and never below its root")
  func way() {
    let way = Way()
    way.back()
    way.open(.settings)
    way.open(.settings)
    way.open(.pin(nil))
    #expect(way.above == [.settings, .pin(nil)])
    way.back()
    #expect(way.above == [.settings])
    way.home()
    #expect(way.above.isEmpty)
  }

  @Test("Settings keep what was chosen, and the words follow")
  func settings() async throws {
    let school = try await School.open()
    let home = school.teacher.home
    let settings = SettingsModel(try school.teacher.office, home: home)
    await settings.load()
    #expect(settings.storageBytes > 0 && settings.unsent == 0)
    #expect(settings.owner?.relays == [school.relay.address])
    #expect(settings.version.split(separator: ".").count == 3)
    await settings.makeDiagnostics()
    #expect(settings.diagnostics?.contains(Relay.teacher) == false)
    settings.choose(language: "en")
    settings.choose(textSize: .larger)
    #expect(settings.words.language == .en)
    #expect(school.teacher.preferences.read() == home.preferences)
    settings.choose(language: nil)
    #expect(settings.words.language == .zh)
    #expect(Language(code: "zh-Hans-CN") == .zh && Language(code: "en-GB") == .en && Language(code: "fr") == nil)
  }

  @Test("Days are the school's, wherever the phone is")
  func dates() throws {
    #expect(Dates.text(Dates.date(SchoolClock.monday)) == "2026-03-02")
    #expect(Dates.monday(of: "2026-03-08") == "2026-03-02")
    #expect(Dates.monday(of: "2026-03-02") == "2026-03-02")
    #expect(Dates.monday(of: "soon") == "soon")
    #expect(Dates.day("2026-02-28", plus: 1) == "2026-03-01")
    let at = try #require(Dates.at("2026-03-02", clock: "08:31"))
    #expect(Dates.secs(at) == SchoolClock.monday && Dates.clock(at) == "08:31")
    #expect(Dates.at("2026-03-02", clock: "25:00") == nil && Dates.at("2026-03-02", clock: "早上") == nil)
  }
}

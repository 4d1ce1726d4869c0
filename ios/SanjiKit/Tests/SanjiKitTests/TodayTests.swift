import Testing

@testable import SanjiKit

@MainActor @Suite struct TodayTests {
  @Test("A tap is a record at once, and is sent without being asked")
  func tap() async throws {
    let school = try await School.open()
    let today = TodayModel(try school.teacher.office)
    await today.load()
    #expect(today.next == .checkIn)
    #expect(today.notices.isEmpty)
    await today.tap()
    #expect(today.trouble == nil)
    #expect(today.day?.checks.map(\.direction) == [.checkIn])
    #expect(today.justRecorded == today.undoable?.entry)
    #expect(today.next == .checkOut)
    try await school.up()
    await today.load()
    #expect(today.day?.checks.first?.delivery == .delivered)
    #expect(today.sending?.unsent == 0)
  }

  @Test("A tap is undone within five minutes, not after")
  func undo() async throws {
    let school = try await School.open()
    let today = TodayModel(try school.teacher.office)
    await today.load()
    await today.tap()
    school.clock.pass(seconds: 2)
    await today.undo()
    #expect(today.day?.checks.isEmpty == true)
    #expect(today.next == .checkIn)
    school.clock.pass(seconds: 2)
    await today.tap()
    let late = try #require(today.undoable)
    try await school.teacher.sync()
    school.clock.pass(minutes: 6)
    await today.load()
    #expect(today.undoable == nil)
    #expect(today.justRecorded == nil)
    let day = DayModel(today.office, posting: today.day?.posting, date: today.today?.date ?? "")
    await day.undo(late)
    #expect(day.trouble == .invalid(field: "entry", code: "too_late", problem: nil))
    #expect(day.words(day.trouble?.key ?? "") == "超过 5 分钟不能撤销,请提出补正")
  }

  @Test("A screen reads again when something changed, for as long as it is there")
  func follow() async throws {
    let school = try await School.open()
    let today = TodayModel(try school.teacher.office)
    let following = Task { await today.follow() }
    let changes = AsyncStream<Int> { continuation in
      today.didChange = { continuation.yield(today.day?.checks.count ?? 0) }
    }
    var seen = changes.makeAsyncIterator()
    while await seen.next() != 0 {}
    // Written by another screen.
    _ = try await school.teacher.ask { try $0.check(postingId: nil, direction: .checkIn, place: nil) }
    while await seen.next() != 1 {}
    following.cancel()
    await following.value
    #expect(today.day?.checks.count == 1)
  }

  @Test("A screen that stays open moves on with the time: after five minutes nothing is taken back, and the next day is another day")
  func time() async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    let minutes = HeldSleep()
    let pocket = Pocket(clock, sleep: { await minutes($0) })
    try await pocket.enrol(relay.invite(Relay.teacher).qr)
    let today = TodayModel(try pocket.office)
    let following = Task { await today.follow() }
    await until { today.today != nil }
    await today.tap()
    try await pocket.sync()
    #expect(today.justRecorded != nil)
    await until { minutes.durations == [Model.freshFor] }
    clock.pass(minutes: 6)
    minutes.pass()
    await until { today.justRecorded == nil && today.undoable == nil }
    #expect(today.next == .checkOut)
    await until { minutes.durations.count == 2 }
    clock.pass(hours: 16)
    minutes.pass()
    await until { today.today?.date == "2026-03-03" }
    #expect(today.next == .checkIn && today.said?.dateLine == "3月3日 周二")
    following.cancel()
    minutes.pass()
    await following.value
  }

  @Test("Who comes back to the app sees the day as it is, and nothing is read while nobody looks")
  func comingBack() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    let today = TodayModel(try pocket.office)
    let following = Task { await today.follow() }
    await until { today.today != nil }
    await pocket.home.pause()
    school.clock.pass(days: 1)
    try pocket.office.desk.stir()
    await today.load()
    #expect(today.trouble == nil && today.today?.date == "2026-03-02")
    await pocket.home.resume()
    await until { today.today?.date == "2026-03-03" }
    #expect(today.trouble == nil)
    following.cancel()
    await following.value
  }

  @Test("A tap means what its button said, and an unsteady second one within two seconds is the same tap")
  func secondTap() async throws {
    let school = try await School.open()
    let today = TodayModel(try school.teacher.office)
    await today.load()
    // Two at once, and one more when the button has changed already.
    async let first: Void = today.tap(.checkIn)
    async let second: Void = today.tap(.checkIn)
    _ = await (first, second)
    await today.tap(today.next)
    #expect(today.day?.checks.map(\.direction) == [.checkIn])
    // What was taken back stands in nobody's way.
    school.clock.pass(seconds: 2)
    await today.undo()
    school.clock.pass(seconds: 2)
    await today.tap(.checkOut)
    try await school.teacher.sync()
    #expect(today.day?.checks.map(\.direction) == [.checkOut], "as the button said, whatever would come next")
    school.clock.pass(seconds: 2)
    await today.tap(.checkIn)
    #expect(today.day?.checks.map(\.direction) == [.checkOut, .checkIn])
  }

  @Test("The second tap of two doesn't take back what the first recorded, nor record again what the first took back")
  func secondTapOnAnother() async throws {
    let school = try await School.open()
    let today = TodayModel(try school.teacher.office)
    await today.load()
    await today.tap()
    await today.undo()
    #expect(today.day?.checks.map(\.direction) == [.checkIn] && today.trouble == nil)
    school.clock.pass(seconds: 2)
    await today.undo()
    await today.tap(.checkIn)
    #expect(today.day?.checks.isEmpty == true)
    school.clock.pass(seconds: 2)
    await today.tap(.checkIn)
    #expect(today.day?.checks.count == 1)
  }

  @Test("Who has two schools says each day where they are, and sees week, leave and corrections of both")
  func twoSchools() async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    try relay.addSecondSchool()
    let pocket = Pocket(clock)
    try await pocket.enrol(relay.invite(Relay.teacher).qr)
    let today = TodayModel(try pocket.office)
    await today.load()
    #expect(today.mustChoose && today.today?.postings.count == 2)
    await today.tap(.checkIn)
    #expect(today.today?.postings.allSatisfy(\.checks.isEmpty) == true, "nothing is recorded for a school that nobody chose")
    let second = try #require(today.today?.postings.last).posting
    await today.choose(second)
    await today.tap()
    #expect(today.day?.posting == second && today.day?.checks.count == 1)
    await today.load()
    #expect(!today.mustChoose)
    let week = WeekModel(try pocket.office)
    await week.load()
    #expect(week.trouble == nil && week.weeks.count == 2)
    for own in today.today?.postings ?? [] {
      let leave = LeaveFormModel(try pocket.office)
      (leave.posting, leave.kind) = (own.posting, "personal")
      await leave.load()
      await leave.save()
      try #require(leave.isSaved, "\(String(describing: leave.trouble))")
      let date = own.posting == second ? "2026-02-26" : "2026-02-27"
      let correction = CorrectionFormModel(try pocket.office, posting: own.posting, date: date)
      await correction.load()
      correction.add(.checkIn)
      correction.reason = "手机没电"
      await correction.save()
      try #require(correction.isSaved)
    }
    let (leaves, corrections) = (LeaveModel(try pocket.office), CorrectionsModel(try pocket.office))
    await leaves.load()
    await corrections.load()
    await today.load()
    #expect(leaves.trouble == nil && leaves.rows.map(\.standing) == ["decision-pending", "decision-pending"])
    #expect(corrections.asked.map(\.date) == ["2026-02-27", "2026-02-26"] && today.waiting.corrections == 2)
    // No answer is under way while the time jumps.
    try await pocket.sync()
    clock.pass(days: 1)
    await today.load()
    #expect(today.mustChoose && today.posting == nil)
  }

  @Test("The first day without a network already takes a tap")
  func firstDay() async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    let pocket = Pocket(clock)
    await pocket.open()
    let enrol = EnrolModel(try pocket.office)
    await enrol.scanned(try relay.invite(Relay.teacher).qr)
    pocket.network.isOn = false
    await pocket.home.enrolled()
    let today = TodayModel(try pocket.office)
    await today.load()
    #expect(today.notices == [.firstDay])
    await today.tap()
    #expect(today.day?.checks.count == 1)
    #expect(today.said?.sentence == "还没有收到本校的规定,签到照样保存")
  }

  @Test("Names stand in the order of their sounds, as in a class register")
  func names() {
    #expect(["张三", "李四", "安然", "赵六", "陈双", "王小燕"].byName { $0 } == ["安然", "陈双", "李四", "王小燕", "张三", "赵六"])
  }

  @Test("A day says why, with its clause; a week has its days so far")
  func why() async throws {
    let school = try await School.open()
    let today = TodayModel(try school.teacher.office)
    await today.load()
    await today.tap()
    try await school.teacher.sync()
    school.clock.pass(hours: 10)
    let day = DayModel(today.office, posting: nil, date: "2026-03-02")
    await day.load()
    #expect(day.day?.verdict?.status == "irregular", "in since 08:31, one minute late")
    let late = try #require(day.said?.reasons.first { $0.text.contains("迟到 1 分") }, "\(String(describing: day.said))")
    #expect(late.clause != nil && late.source != nil)
    #expect(day.said?.dateLine == "3月2日 周一")
    day.note = "上午在乡里开会"
    await day.writeNote()
    #expect(day.note.isEmpty && day.trouble == nil)
    let week = WeekModel(today.office)
    await week.load()
    #expect(week.monday == "2026-03-02")
    #expect(week.weeks.map { $0.days.map(\.said.dateLine) } == [["3月2日 周一"]], "the days so far")
    #expect(week.weeks.map(\.officeMinutes) == [600] && !week.isPast)
    await week.move(by: 1)
    #expect(week.monday == "2026-03-02", "there is no week after this one")
    await week.move(by: -1)
    #expect(week.monday == "2026-02-23" && week.isPast)
    #expect(week.weeks.first?.days.count == 7 && week.weeks.first?.days.first?.date == "2026-03-01", "newest first")
    await week.load()
    #expect(week.monday == "2026-02-23")
    await week.move(by: 1)
    try await school.teacher.sync()
    school.clock.pass(days: 7)
    await week.load()
    #expect(week.monday == "2026-03-09", "this week stays this week")
  }
}

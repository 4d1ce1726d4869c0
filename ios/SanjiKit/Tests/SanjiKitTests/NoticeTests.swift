import Foundation
import Testing

@testable import SanjiKit

@MainActor @Suite struct NoticeTests {
  /// A teacher's leave, asked for and sent.
  private func ask(_ school: School) async throws {
    let form = LeaveFormModel(try school.teacher.office)
    await form.load()
    form.kind = "sick"
    await form.save()
    try #require(form.isSaved, "\(String(describing: form.trouble))")
    try await school.up()
  }

  private func decide(_ school: School) async throws {
    let queue = QueueModel(try school.principal.office)
    await queue.load()
    await queue.approve(try #require(queue.rows.first))
    try await school.principal.sync()
  }

  @Test("What was decided on one's leave is noticed once, without its kind, and goes when the app is opened")
  func decided() async throws {
    let school = try await School.open()
    let (pocket, home) = (school.teacher, school.teacher.home)
    await pocket.board.ask()
    try await ask(school)
    try await decide(school)
    await home.pause()
    #expect(await home.refresh().news?.map(\.matter) == [.leave])
    #expect(pocket.board.shown[.leave] == News(matter: .leave, title: home.words("notice-leave-approved"), text: nil))
    #expect(await home.refresh().news == [], "once")
    #expect(pocket.board.shown.count == 1, "it stays until somebody looks")
    await home.resume()
    #expect(pocket.board.shown.isEmpty)
  }

  @Test("Records that wait are noticed when they are many, in one place, until they are delivered")
  func waiting() async throws {
    let school = try await School.open()
    let (pocket, home) = (school.teacher, school.teacher.home)
    await pocket.board.ask()
    pocket.network.isOn = false
    for number in 1...5 {
      await home.pause()
      #expect(await home.refresh().news == [], "\(number - 1) are no matter")
      await home.resume()
      _ = try await pocket.ask { try $0.check(postingId: nil, direction: number % 2 == 1 ? .checkIn : .checkOut, place: nil) }
    }
    await home.pause()
    for _ in 1...2 { #expect(await home.refresh().unsent == 5) }
    let said = try #require(pocket.board.shown[.sending])
    #expect(said.title == home.words("notice-unsent-title") && said.text?.contains("5") == true)
    #expect(pocket.board.shown.count == 1)
    pocket.network.isOn = true
    #expect(await home.refresh().unsent == 0)
    #expect(pocket.board.shown.isEmpty)
  }

  @Test("Records that aren't taken are said in the place of those that wait")
  func stopped() async throws {
    let school = try await School.open()
    let (pocket, home) = (school.teacher, school.teacher.home)
    await pocket.board.ask()
    await pocket.reopen { $0.lose() }
    _ = try await pocket.ask { try $0.check(postingId: nil, direction: .checkIn, place: nil) }
    await pocket.home.pause()
    #expect(await pocket.home.refresh().unsent == 1)
    #expect(pocket.board.shown[.sending]?.title == home.words("notice-stopped-title"))
  }

  @Test("Who has nothing that waits isn't asked; who has is told what for, and asked once")
  func offered() async throws {
    let school = try await School.open()
    let (pocket, home) = (school.teacher, school.teacher.home)
    await home.pause()
    await home.resume()
    #expect(!home.offersNotices && pocket.board.times == 0)
    try await ask(school)
    await home.pause()
    await home.resume()
    #expect(home.offersNotices && pocket.board.times == 0, "told first what for")
    await home.answerNotices(true)
    #expect(!home.offersNotices && pocket.board.times == 1)
    await pocket.reopen()
    #expect(!pocket.home.offersNotices)
  }

  @Test("Who wants no notices isn't asked by the system, nor told again, and nothing is put there")
  func unwanted() async throws {
    let school = try await School.open()
    let (pocket, home) = (school.teacher, school.teacher.home)
    try await ask(school)
    await home.pause()
    await home.resume()
    await home.answerNotices(false)
    await pocket.reopen()
    #expect(!pocket.home.offersNotices && pocket.board.times == 0)
    try await decide(school)
    await pocket.home.pause()
    #expect(await pocket.home.refresh().news?.count == 1)
    #expect(pocket.board.shown.isEmpty)
  }

  @Test("A kiosk and nobody's phone have no news")
  func nobody() async throws {
    let clock = SchoolClock()
    let pocket = Pocket(clock)
    await pocket.open()
    await pocket.home.pause()
    #expect(await pocket.home.refresh() == Refresh.Outcome())
    await pocket.home.resume()
    #expect(!pocket.home.offersNotices)
    let relay = try Relay.start(clock)
    try await pocket.enrol(relay.inviteKiosk())
    await pocket.home.pause()
    #expect(await pocket.home.refresh().news == [])
  }
}

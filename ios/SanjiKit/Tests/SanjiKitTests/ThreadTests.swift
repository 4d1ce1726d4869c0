import Foundation
import Testing

@testable import SanjiKit

/// No screen waits for a file or a network. Whichever test calls the library on the screen's thread fails (`Watch`).
@MainActor @Suite struct ThreadTests {
  @Test("A call of the library on the screen's thread is noticed")
  func noticed() async throws {
    let pocket = Pocket(SchoolClock())
    await pocket.open()
    // No screen comes by a phone; a test may.
    let phone = try await pocket.ask { $0 }
    #expect(try Watch.notices { _ = try phone.isEnrolled() })
    #expect(try await pocket.ask { try !$0.isEnrolled() })
  }

  @Test("Every screen of a head asks the library, and none on its own thread")
  func screens() async throws {
    let school = try await School.open()
    let pocket = school.principal
    let office = try pocket.office
    let today = TodayModel(office)
    await today.load()
    await today.tap()
    school.clock.pass(seconds: 2)
    await today.undo()
    let now = SchoolModel(office)
    await now.load()
    let colleague = now.colleague(try #require(now.people.first { $0.name == Relay.teacher }).posting)
    let date = now.today
    let plan = VisitPlanModel(office)
    await plan.load()
    await plan.save()
    let visit = try #require(plan.planned)
    let session = SessionModel(office)
    await session.load()
    session.content = try #require(session.contents.first).code
    await session.save()
    let service = ServiceModel(office)
    await service.load()
    let held = try #require(service.current.first)
    let screens: [Model] = [
      EnrolModel(office), WelcomeModel(office), today, WaitsModel(office), DayModel(office, posting: nil, date: date), WeekModel(office),
      LeaveModel(office), LeaveFormModel(office), CorrectionsModel(office), CorrectionFormModel(office, posting: nil, date: date),
      SendingModel(office), SettingsModel(office, home: pocket.home), RecordsModel(office, home: pocket.home), PinModel(office),
      service, session, HandoverModel(office, session: held), ServicePlanModel(office), VisitsModel(office), plan,
      VisitModel(office, document: visit), PartModel(office, document: visit, part: "plan"), PeopleModel(office, document: visit),
      ObservationModel(office, document: visit), CountersignModel(office, document: visit), ShowVisitModel(office, document: visit),
      now, ColleagueDayModel(office, colleague, date: date), CorrectDayModel(office, colleague, date: date), QueueModel(office),
      ConflictsModel(office), FlaggedModel(office), AskingModel(office), BesideModel(office), PublishModel(office), KioskOutModel(office),
      RosterModel(office), RosterRowModel(office), ProfileModel(office), FlexibleModel(office),
    ]
    for screen in screens {
      let before = Watch.calls
      let following = Task { await screen.follow() }
      await until { Watch.calls > before }
      following.cancel()
      await following.value
      #expect(screen.trouble == nil, "\(screen)")
    }
    await pocket.home.logOut()
    #expect(pocket.home.root == .enrol)
  }

  @Test("The screen's thread goes on while the library takes its time")
  func goesOn() async throws {
    let clock = SlowClock()
    let pocket = Pocket(clock)
    await pocket.open()
    let desk = try pocket.office.desk
    clock.hold()
    let call = Task { try await desk.ask { try $0.now() } }
    await until { clock.isAsked }
    // What a screen does when it opens and goes.
    let following = Task { await SettingsModel(try pocket.office, home: pocket.home).follow() }
    var stirs = desk.stirs().makeAsyncIterator()
    desk.stir()
    #expect(await stirs.next() != nil)
    following.cancel()
    clock.letGo()
    _ = try await call.value
    try await following.value
  }
}

/// A clock at which the library waits as long as a test wants: a slow disk, to who asks.
private final class SlowClock: SystemClock, @unchecked Sendable {
  private let right = SchoolClock()
  private let condition = NSCondition()
  private var isHeld = false
  private var asked = false

  /// Somebody waits at it.
  var isAsked: Bool { condition.withLock { asked } }
  func hold() { condition.withLock { isHeld = true } }
  func letGo() {
    condition.withLock { isHeld = false }
    condition.broadcast()
  }

  func wallSecs() -> Int64 {
    condition.withLock {
      asked = asked || isHeld
      while isHeld { condition.wait() }
    }
    return right.wallSecs()
  }
  func elapsedMs() -> UInt64 { right.elapsedMs() }
  func boot() -> String { right.boot() }
}

import Foundation
import Testing

@testable import SanjiKit

@MainActor @Suite struct PlaceTests {
  /// A place finder that counts how often it is asked.
  final class Finder: PlaceFinder, @unchecked Sendable {
    private let lock = NSLock()
    private let found: Fix?
    private var asked = 0
    init(_ found: Fix?) { self.found = found }
    var times: Int { lock.withLock { asked } }
    func isAllowed() async -> Bool? { true }
    func ask() async -> Bool { true }
    func fix() async -> Fix? {
      lock.withLock { asked += 1 }
      return found
    }
  }

  private static let atSchool = Fix(latitude: 27.119, longitude: 104.727, accuracy: 12, mock: false)

  @Test("Nobody is asked for a place as long as the county doesn't want it")
  func unwanted() async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    let finder = Finder(Self.atSchool)
    let pocket = Pocket(clock, places: finder)
    try await pocket.enrol(relay.invite(Relay.teacher).qr)
    let today = TodayModel(try pocket.office)
    await today.load()
    await today.tap()
    #expect(today.day?.checks.count == 1 && finder.times == 0)
  }

  @Test("Where the county wants it the place is asked for once at the tap; without permission the check is saved all the same")
  func wanted() async throws {
    for found in [Self.atSchool, nil] {
      let clock = SchoolClock()
      let relay = try Relay.start(clock)
      try relay.run("county", "import", try Self.county().path)
      let finder = Finder(found)
      let pocket = Pocket(clock, places: finder)
      try await pocket.enrol(relay.invite(Relay.teacher).qr)
      let today = TodayModel(try pocket.office)
      await today.load()
      await today.tap()
      #expect(today.trouble == nil && today.day?.checks.count == 1)
      #expect(finder.times == 1 && !today.isFindingPlace)
      try await pocket.sync()
    }
  }

  /// A place finder whose questions a test answers when it likes.
  final class SlowFinder: PlaceFinder, @unchecked Sendable {
    let (question, search) = (HeldSleep(), HeldSleep())
    private let answer: Bool
    init(answer: Bool) { self.answer = answer }
    /// The system forgets what was answered, as it does where somebody allowed it once.
    func isAllowed() async -> Bool? { nil }
    func ask() async -> Bool {
      await question(.zero)
      return answer
    }
    func fix() async -> Fix? {
      await search(.zero)
      return nil
    }
  }

  /// A teacher's phone where the county wants the place.
  private func phone(_ finder: any PlaceFinder, _ clock: SchoolClock, sleep: HeldSleep = HeldSleep()) async throws -> (Pocket, Relay) {
    let relay = try Relay.start(clock)
    try relay.run("county", "import", try Self.county().path)
    let pocket = Pocket(clock, places: finder, sleep: { await sleep($0) })
    try await pocket.enrol(relay.invite(Relay.teacher).qr)
    return (pocket, relay)
  }

  @Test("Who says no to the question for the place isn't asked again, and checks all the same")
  func refused() async throws {
    let (clock, finder) = (SchoolClock(), SlowFinder(answer: false))
    let (pocket, relay) = try await phone(finder, clock)
    let today = TodayModel(try pocket.office)
    await today.load()
    let tapping = Task { await today.tap() }
    await until { finder.question.durations.count == 1 }
    finder.question.pass()
    await tapping.value
    #expect(today.day?.checks.count == 1 && finder.search.durations.isEmpty)
    await today.office.sent()
    await pocket.reopen()
    clock.pass(hours: 1)
    let later = TodayModel(try pocket.office)
    await later.load()
    await later.tap()
    #expect(later.day?.checks.count == 2)
    #expect(finder.question.durations.count == 1 && finder.search.durations.isEmpty)
    withExtendedLifetime(relay) {}
  }

  @Test("A person reads the question as long as they like; the search after it ends by itself, and the check is saved")
  func slow() async throws {
    let (clock, finder, held) = (SchoolClock(), SlowFinder(answer: true), HeldSleep())
    let (pocket, relay) = try await phone(finder, clock, sleep: held)
    let today = TodayModel(try pocket.office)
    await today.load()
    let tapping = Task { await today.tap() }
    await until { finder.question.durations.count == 1 }
    #expect(held.durations.isEmpty && today.isFindingPlace, "its time has not begun")
    finder.question.pass()
    await until { finder.search.durations.count == 1 && held.durations.count == 1 }
    #expect(held.durations == [Whereabouts.longest])
    #expect(today.day?.checks.isEmpty == true)
    held.pass()
    await tapping.value
    #expect(today.day?.checks.count == 1 && !today.isFindingPlace)
    finder.search.pass()
    withExtendedLifetime(relay) {}
  }

  @Test("Who leaves the app while the place is looked for, or asked about, has checked: it is saved before the files are let go of")
  func leaving() async throws {
    for isAsked in [false, true] {
      let (clock, finder) = (SchoolClock(), SlowFinder(answer: true))
      let (pocket, relay) = try await phone(finder, clock)
      let today = TodayModel(try pocket.office)
      await today.load()
      let tapping = Task { await today.tap() }
      await until { finder.question.durations.count == 1 }
      if !isAsked {
        finder.question.pass()
        await until { finder.search.durations.count == 1 }
      }
      await pocket.home.pause()
      await pocket.home.resume()
      #expect(today.trouble == nil)
      await today.load()
      #expect(today.day?.checks.map(\.judgedSecs) == [SchoolClock.monday])
      await tapping.value
      finder.question.pass()
      finder.search.pass()
      withExtendedLifetime(relay) {}
    }
  }

  @Test("Who logs out while the place is looked for has checked: the record stays with its owner")
  func loggingOut() async throws {
    let finder = SlowFinder(answer: true)
    let (pocket, relay) = try await phone(finder, SchoolClock())
    let today = TodayModel(try pocket.office)
    await today.load()
    let tapping = Task { await today.tap() }
    await until { finder.question.durations.count == 1 }
    await pocket.home.logOut()
    await tapping.value
    #expect(today.trouble == nil && pocket.home.root == .enrol)
    let records = RecordsModel(try pocket.office, home: pocket.home)
    await records.load()
    #expect(records.rows.map(\.unsent) == [1, 0])
    finder.question.pass()
    withExtendedLifetime(relay) {}
  }

  /// The organisation that comes with the program, with its place turned on and the ground of one school.
  private static func county() throws -> URL {
    let data = URL(fileURLWithPath: setting("SANJI_PROJECT")).appendingPathComponent("server/data/hezhang.toml")
    let name = "name = \"\(Relay.school)\"\n"
    let text = try String(contentsOf: data, encoding: .utf8)
      .replacingOccurrences(of: "# place = true", with: "place = true")
      .replacingOccurrences(of: name, with: "\(name)area = { latitude = 27.119, longitude = 104.727, metres = 150 }\n")
    let file = newFolder("county").appendingPathComponent("county.toml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file
  }
}

import Foundation
import Testing

@testable import SanjiKit

/// A phone in somebody's pocket: what the system gives it, and the app on it.
@MainActor
final class Pocket {
  let root: URL
  let clock: any SystemClock
  let network = Switch()
  let preferences = MemoryPreferences()
  let board = MemoryBoard()
  private(set) var home: Home
  private let storages: Storages

  /// The key storage of each folder, by the name that was drawn for it.
  final class Storages: @unchecked Sendable {
    private let lock = NSLock()
    private var all: [String: MemoryKeys] = [:]

    subscript(name: String) -> MemoryKeys {
      lock.withLock {
        let keys = all[name] ?? MemoryKeys()
        all[name] = keys
        return keys
      }
    }

    /// The keys are gone; the number beside them is another.
    func lose(counter: (UInt64) -> UInt64 = { $0 }, keepKeys: Bool = false) {
      lock.withLock {
        for (name, keys) in all {
          let number = counter((try? keys.counter()) ?? 0)
          if keepKeys { try? keys.setCounter(n: number) } else { all[name] = MemoryKeys(counter: number) }
        }
      }
    }
  }

  init(
    _ clock: any SystemClock, root: URL = newFolder("phone"), places: (any PlaceFinder)? = nil, camera: (any Camera)? = nil,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.root = root
    let storages = Storages()
    self.clock = clock
    self.storages = storages
    let system = System(
      root: root, keys: { storages[$0] }, sealer: MaskSealer(), clock: clock, connectivity: network, places: places, camera: camera,
      pictures: HalfPictures(), board: board, sleep: sleep)
    home = Home(system: system, store: preferences, systemLanguage: .zh)
  }

  /// The key storage of a folder, which is made if there is none.
  func keys(_ folder: String = "1") throws -> MemoryKeys {
    let folder = root.appendingPathComponent("phones/\(folder)")
    try home.system.prepare(folder)
    return storages[try Folders.name(of: folder)]
  }

  /// The app, opened.
  @discardableResult
  func open() async -> Home {
    await home.open()
    return home
  }

  /// The app is ended and opened again, with whatever happened to the key storage between.
  func reopen(_ between: (Storages) -> Void = { _ in }) async {
    await end()
    between(storages)
    await open()
  }

  /// The app is ended; the one that begins later is not opened yet.
  func end() async {
    await home.pause()
    let system = home.system
    home = Home(system: system, store: preferences, systemLanguage: .zh)
  }

  var office: Office {
    get throws { try #require(home.office) }
  }

  /// One direct call.
  func ask<T: Sendable>(_ call: @escaping @Sendable (Phone) throws -> T) async throws -> T { try await office.desk.ask(call) }

  /// Sends and receives until nothing is left to do.
  func sync() async throws {
    await home.office?.sent()
    let outcome = try await office.desk.sync()
    try #require(outcome.unsent == 0 && outcome.offline == nil, "\(outcome)")
  }

  /// Enrols by scanning an invitation.
  func enrol(_ invitation: String) async throws {
    if home.office == nil { await open() }
    let model = EnrolModel(try office)
    await model.scanned(invitation)
    try #require(model.isEnrolled, "\(String(describing: model.trouble))")
    await home.enrolled()
    try await sync()
  }
}

/// A school: its relay, a teacher's phone and the principal's.
@MainActor
struct School {
  let clock: SchoolClock
  let relay: Relay
  let teacher: Pocket
  let principal: Pocket

  /// Both phones are enrolled and have what the relay has.
  static func open() async throws -> School {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    let school = School(clock: clock, relay: relay, teacher: Pocket(clock), principal: Pocket(clock))
    try await school.teacher.enrol(relay.invite(Relay.teacher).qr)
    try await school.principal.enrol(relay.invite(Relay.principal).qr)
    return school
  }

  /// The teacher sends, the principal hears of it.
  func up() async throws {
    try await teacher.sync()
    try await principal.sync()
  }

  /// The principal sends, the teacher hears of it.
  func down() async throws {
    try await principal.sync()
    try await teacher.sync()
  }

  /// Both have what the other wrote.
  func exchange() async throws {
    try await up()
    try await down()
  }
}

/// Goes on as soon as something is so. What never comes to be so is a failure that is told, and no test that hangs.
@MainActor
func until(_ isSo: () -> Bool) async {
  let patience = ContinuousClock.now + .seconds(60)
  while !isSo() {
    if ContinuousClock.now > patience {
      Issue.record("it never came to be so")
      return
    }
    await Task.yield()
  }
}

extension TodayModel {
  /// A tap on the button as it stands.
  func tap() async { await tap(next) }
}

import Foundation

@testable import SanjiKit

/// The time of a test: the phones' clocks and the relay's. It stands still until it is moved, so that a test plays the same
/// school day on any day.
final class SchoolClock: SystemClock, @unchecked Sendable {
  /// Monday 2 March 2026, 08:31 in Asia/Shanghai: a working day.
  static let monday: Int64 = 1_772_411_460

  private let lock = NSLock()
  private let file = newFolder("clock").appendingPathComponent("now")
  private var now = SchoolClock.monday
  private var fails = false

  init() { write() }

  /// Moves all clocks on.
  func pass(days: Int64 = 0, hours: Int64 = 0, minutes: Int64 = 0, seconds: Int64 = 0) {
    lock.withLock { now += ((days * 24 + hours) * 60 + minutes) * 60 + seconds }
    write()
  }

  /// Whether asking for this boot fails: a bug of the app's side.
  var isBroken: Bool {
    get { lock.withLock { fails } }
    set { lock.withLock { fails = newValue } }
  }

  func wallSecs() -> Int64 { lock.withLock { now } }
  func elapsedMs() -> UInt64 { UInt64(lock.withLock { now } - SchoolClock.monday + 60) * 1000 }
  func boot() -> String { lock.withLock { fails } ? "" : "boot" }

  /// What makes a program read this clock.
  var environment: [String: String] {
    [
      "LD_PRELOAD": setting("SANJI_FAKETIME"), "FAKETIME_TIMESTAMP_FILE": file.path, "FAKETIME_NO_CACHE": "1",
      "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC", "PATH": "/usr/bin:/bin",
    ]
  }

  private func write() {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "yyyy-MM-dd HH:mm:ss"
    let text = format.string(from: Dates.date(wallSecs()))
    do { try text.write(to: file, atomically: true, encoding: .utf8) } catch { fatalError("\(error)") }
  }
}

/// A phone's own clock, which may differ from the time of the test.
final class WrongClock: SystemClock, @unchecked Sendable {
  private let right: SchoolClock
  private let ahead: Int64
  init(_ right: SchoolClock, ahead: Int64) { (self.right, self.ahead) = (right, ahead) }
  func wallSecs() -> Int64 { right.wallSecs() + ahead }
  func elapsedMs() -> UInt64 { right.elapsedMs() }
  func boot() -> String { right.boot() }
}

/// A key storage in memory: what one wrapped, another can't unwrap. (That nobody else can read it is not tested here.)
final class MemoryKeys: KeyStorage, @unchecked Sendable {
  private let lock = NSLock()
  private let name = Data(UUID().uuidString.utf8)
  private var number: UInt64
  private var failure: (any Error)?

  init(counter: UInt64 = 0) { number = counter }

  /// What is thrown from now on; nothing, and it answers again.
  func fail(_ error: (any Error)?) { lock.withLock { failure = error } }

  func wrap(key: Data) throws -> Data {
    try lock.withLock { if let failure { throw failure } }
    return name + key
  }

  func unwrap(wrapped: Data) throws -> Data {
    try lock.withLock { if let failure { throw failure } }
    guard wrapped.starts(with: name) else { throw KeyError.Gone(reason: "another key wrapped it") }
    return wrapped.dropFirst(name.count)
  }

  func counter() throws -> UInt64 { lock.withLock { number } }
  func setCounter(n: UInt64) throws { lock.withLock { number = n } }
}

/// Lays the key over the bytes: enough to see that they aren't read without it. (Apple's cipher is not tested here.)
struct MaskSealer: Sealer {
  func seal(_ bytes: Data, under key: Data) throws -> Data {
    let key = [UInt8](key)
    return Data(bytes.enumerated().map { $1 ^ key[$0 % key.count] })
  }

  func open(_ sealed: Data, under key: Data) throws -> Data { try seal(sealed, under: key) }
}

/// The system's word on the network, as a switch.
final class Switch: Connectivity, @unchecked Sendable {
  private let lock = NSLock()
  private var value = true
  var isOn: Bool {
    get { lock.withLock { value } }
    set { lock.withLock { value = newValue } }
  }
  func online() -> Bool { isOn }
}

/// Preferences in memory.
final class MemoryPreferences: PreferenceStore, @unchecked Sendable {
  private let lock = NSLock()
  private var value = Preferences()
  func read() -> Preferences { lock.withLock { value } }
  func write(_ preferences: Preferences) { lock.withLock { value = preferences } }
}

/// A camera that the person allows, or not.
final class FakeCamera: Camera, @unchecked Sendable {
  private let lock = NSLock()
  private var value: Bool
  private var asked = 0
  init(allowed: Bool) { value = allowed }
  var times: Int { lock.withLock { asked } }
  func allow() { lock.withLock { value = true } }
  func isAllowed() async -> Bool {
    lock.withLock {
      asked += 1
      return value
    }
  }
}

/// Takes half of what it is given for the picture; what begins with a zero is none. (Drawing is the system's.)
struct HalfPictures: PictureMaker {
  func scaled(_ data: Data) -> Data? { data.first == 0 ? nil : data.prefix(data.count / 2) }
}

/// The system's list of notices, in memory.
final class MemoryBoard: NoticeBoard, @unchecked Sendable {
  private let lock = NSLock()
  private var permission: Bool?
  private var answer = true
  private var standing: [Matter: News] = [:]
  private var asked = 0

  /// What stands there.
  var shown: [Matter: News] { lock.withLock { standing } }
  /// How often the system asked.
  var times: Int { lock.withLock { asked } }
  /// What the person answers when the system asks.
  func willAnswer(_ answer: Bool) { lock.withLock { self.answer = answer } }

  func isAllowed() async -> Bool? { lock.withLock { permission } }
  func ask() async {
    lock.withLock {
      asked += 1
      permission = answer
    }
  }
  func put(_ news: News) async { lock.withLock { standing[news.matter] = news } }
  func take(_ matters: [Matter]) async { lock.withLock { matters.forEach { standing[$0] = nil } } }
}

/// Waiting that lasts until a test lets it pass.
final class HeldSleep: @unchecked Sendable {
  private let lock = NSLock()
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private var asked: [Duration] = []

  /// How long was to be waited, in the order of asking.
  var durations: [Duration] { lock.withLock { asked } }

  func callAsFunction(_ duration: Duration) async {
    await withCheckedContinuation { continuation in
      lock.withLock {
        asked.append(duration)
        waiting.append(continuation)
      }
    }
  }

  /// Who waits goes on: all, or the first so many.
  func pass(_ most: Int = .max) {
    let all = lock.withLock {
      let first = Array(waiting.prefix(most))
      waiting.removeFirst(first.count)
      return first
    }
    all.forEach { $0.resume() }
  }
}

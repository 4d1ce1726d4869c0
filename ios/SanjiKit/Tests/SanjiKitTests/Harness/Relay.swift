import Foundation

/// A relay of its own: the program's commands on a data folder, and `sanji serve` as a process that reads the tests' clock.
final class Relay {
  static let school = "赫章县第一幼儿园"
  static let secondSchool = "赫章县第一中学"
  static let teacher = "王小燕"
  static let principal = "李校长"
  static let principalTeaching = "李校长(语文)"

  /// The organisation that comes with the program and two people of a kindergarten, imported once.
  private static let founded = found()
  private static let another = found()

  private static func found() -> URL {
    // A phone that writes to a relay that was killed gets an error, as on iOS; here the process would end.
    signal(SIGPIPE, SIG_IGN)
    let relay = Relay(folder: newFolder("founded"), clock: SchoolClock())
    let rows = [(principal, "校长"), (teacher, "教师")].map { "\(school),\($0),\($1),是,2026-02-01,," }
    let list = relay.folder.appendingPathComponent("staff.csv")
    do {
      _ = try relay.run("county", "import", "hezhang")
      try (["学校,姓名,岗位,任课,起始日期,结束日期,同一人"] + rows).joined(separator: "\n").write(to: list, atomically: true, encoding: .utf8)
      _ = try relay.run("staff", "import", list.path)
    } catch { fatalError("\(error)") }
    return relay.data
  }

  private let folder: URL
  private let clock: SchoolClock
  private var data: URL { folder.appendingPathComponent("relay") }
  private var serving: Program?
  /// Where it listens; the same after a restart.
  private(set) var address = "127.0.0.1:0"

  private init(folder: URL, clock: SchoolClock) {
    self.folder = folder
    self.clock = clock
  }

  /// A relay that serves; another county's if wanted.
  static func start(_ clock: SchoolClock, another: Bool = false) throws -> Relay {
    let relay = Relay(folder: newFolder("relay"), clock: clock)
    try FileManager.default.copyItem(at: another ? self.another : founded, to: relay.data)
    try relay.start()
    return relay
  }

  deinit { stop() }

  /// An invitation for somebody: the text of its QR code, and the code to type.
  func invite(_ name: String, at address: String? = nil) throws -> (qr: String, code: String) {
    let said = try run("invite", "--school", Self.school, "--name", name, "--address", address ?? self.address)
    return (try field("qr", of: said), try field("code", of: said))
  }

  /// An invitation for the school's kiosk.
  func inviteKiosk() throws -> String {
    try field("qr", of: try run("invite", "--school", Self.school, "--kiosk", "--address", address))
  }

  /// The teacher works at a second school too.
  func addSecondSchool() throws {
    try importStaff([Self.school, Self.secondSchool].map { "\($0),\(Self.teacher),教师,是,2026-02-01,,甲" })
  }

  /// The principal heads a second school too.
  func addSecondHeaded() throws {
    try importStaff([Self.school, Self.secondSchool].map { "\($0),\(Self.principal),校长,是,2026-02-01,,乙" })
  }

  /// The principal teaches there too, by a row of its own.
  func addSecondRow() throws {
    try importStaff([(Self.principal, "校长"), (Self.principalTeaching, "教师")].map { "\(Self.school),\($0),\($1),是,2026-02-01,,乙" })
  }

  /// The county makes the teacher the principal's deputy, from a day on.
  func makeDeputy(from day: String) throws { try importStaff(["\(Self.school),\(Self.teacher),副校长,是,\(day),,"]) }

  private func importStaff(_ rows: [String]) throws {
    let list = folder.appendingPathComponent("staff.csv")
    try (["学校,姓名,岗位,任课,起始日期,结束日期,同一人"] + rows).joined(separator: "\n").write(to: list, atomically: true, encoding: .utf8)
    try run("staff", "import", list.path)
  }

  /// Runs a command of the program; what it said.
  @discardableResult
  func run(_ words: String...) throws -> String {
    let program = try program(words, log: words.prefix(2).joined(separator: "-"))
    let said = program.rest()
    guard program.wait() else { throw Failure("sanji \(words): \(said)") }
    return said
  }

  /// Serves, on a free port at first, afterwards on the same.
  func start() throws {
    try serve(program(["serve", "--listen", address, "--log", "error"], log: "serve"))
  }

  private func serve(_ program: Program) throws {
    serving = program
    guard let line = program.nextLine() else { throw Failure("sanji serve ended: see \(folder.path)/serve.log") }
    address = try field("listening", of: line)
  }

  /// Serves in the place of the relay as one of a later day, that no longer speaks today's protocol.
  func startNewer() throws { try serve(later("newer", data.path, address, log: "serve")) }

  /// Closes every document, as it is done when a term's time is over. To be called while it doesn't serve.
  func retire() throws {
    let program = try later("retire", data.path, log: "retire")
    let said = program.rest()
    guard program.wait() else { throw Failure("later retire: \(said)") }
  }

  /// Stops at once, as if its power failed: with a clock that stands still it would never end by itself.
  func stop() {
    serving?.terminate()
    serving?.wait()
    serving = nil
  }

  private func program(_ words: [String], log: String) throws -> Program {
    try Program(
      setting("SANJI_PROGRAM"), words + ["--data", data.path, "--json"], environment: clock.environment,
      log: folder.appendingPathComponent("\(log).log"))
  }

  /// What a relay of a later day does.
  private func later(_ words: String..., log: String) throws -> Program {
    let path = URL(fileURLWithPath: setting("SANJI_PROGRAM")).deletingLastPathComponent().appendingPathComponent("later").path
    return try Program(path, words, environment: clock.environment, log: folder.appendingPathComponent("\(log).log"))
  }

  /// The text of a field in one line of JSON whose texts have no escapes.
  private func field(_ name: String, of json: String) throws -> String {
    guard let found = json.firstMatch(of: try Regex("\"\(name)\"\\s*:\\s*\"([^\"\\\\]*)\"")), let text = found[1].substring else {
      throw Failure("no \(name) in \(json)")
    }
    return String(text)
  }
}

/// A failure with words.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A setting of the script that runs the tests.
func setting(_ name: String) -> String {
  guard let value = ProcessInfo.processInfo.environment[name] else { fatalError("\(name) is not set: run tests/run swift") }
  return value
}

/// A new folder under the one that the script named.
func newFolder(_ prefix: String) -> URL {
  let folder = URL(fileURLWithPath: setting("SANJI_TEMP")).appendingPathComponent("\(prefix)-\(UUID().uuidString)")
  do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch { fatalError("\(error)") }
  return folder
}

import Foundation
import Glibc

/// A program that runs beside the tests. (Foundation's `Process` waits by the run loop of the thread that began it, which a
/// test that moves between threads hasn't got.)
final class Program {
  private let pid: pid_t
  private let out: FileHandle
  private var line = Data()

  /// Begins it; what it says on standard error goes to the log.
  init(_ path: String, _ arguments: [String], environment: [String: String], log: URL) throws {
    let pipe = Pipe()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, pipe.fileHandleForWriting.fileDescriptor, 1)
    posix_spawn_file_actions_addopen(&actions, 2, log.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addclose(&actions, pipe.fileHandleForReading.fileDescriptor)
    posix_spawn_file_actions_addclose(&actions, pipe.fileHandleForWriting.fileDescriptor)
    let words = ([path] + arguments).map { strdup($0) } + [nil]
    let settings = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { (words + settings).forEach { free($0) } }
    var pid: pid_t = 0
    guard posix_spawn(&pid, path, &actions, nil, words, settings) == 0 else { throw Failure("\(path) can't be run") }
    try pipe.fileHandleForWriting.close()
    (self.pid, out) = (pid, pipe.fileHandleForReading)
  }

  /// Its next line; absent at its end.
  func nextLine() -> String? {
    while true {
      if let end = line.firstIndex(of: UInt8(ascii: "\n")) {
        defer { line = Data(line[line.index(after: end)...]) }
        return String(decoding: line[..<end], as: UTF8.self)
      }
      let more = out.availableData
      guard !more.isEmpty else { return nil }
      line += more
    }
  }

  /// All that it says until its end.
  func rest() -> String { String(decoding: line + out.readDataToEndOfFile(), as: UTF8.self) }

  /// Ends it at once.
  func terminate() { kill(pid, SIGKILL) }

  /// Waits for its end; whether all was well.
  @discardableResult
  func wait() -> Bool {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status == 0
  }
}

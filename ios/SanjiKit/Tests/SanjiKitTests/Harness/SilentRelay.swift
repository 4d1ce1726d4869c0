import Foundation
import Glibc

/// Takes connections at an address and never answers.
final class SilentRelay: @unchecked Sendable {
  private let listening: Int32
  private var taken: Int32 = -1

  init(at address: String) throws {
    guard let port = address.split(separator: ":").last.flatMap({ UInt16($0) }) else { throw Failure(address) }
    listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var name = sockaddr_in()
    (name.sin_family, name.sin_port, name.sin_addr.s_addr) = (sa_family_t(AF_INET), port.bigEndian, inet_addr("127.0.0.1"))
    let bound = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listening, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard bound == 0, listen(listening, 8) == 0 else { throw Failure("\(address) is taken") }
  }

  /// Returns when somebody has connected.
  func waitForConnection() async {
    let listening = listening
    taken = await Task.detached { accept(listening, nil, nil) }.value
  }

  /// Returns when whoever had connected has gone.
  func waitForEnd() async {
    let taken = taken
    await Task.detached {
      var bytes = [UInt8](repeating: 0, count: 1024)
      while read(taken, &bytes, bytes.count) > 0 {}
    }.value
  }

  func close() { [listening, taken].forEach { _ = Glibc.close($0) } }
}

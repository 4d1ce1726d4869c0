import Foundation
import Network
import SanjiKit

/// Whether there may be a network. A school's own network without a way out counts: its relay may stand there.
final class PathConnectivity: Connectivity, @unchecked Sendable {
  private let monitor = NWPathMonitor()
  private let lock = NSLock()
  private var may = true
  private let back: @Sendable () -> Void

  /// `back` is called when there is a network again.
  init(back: @escaping @Sendable () -> Void) {
    self.back = back
    monitor.pathUpdateHandler = { [weak self] path in self?.set(path.status != .unsatisfied) }
    monitor.start(queue: DispatchQueue(label: "network"))
  }

  deinit { monitor.cancel() }

  func online() -> Bool { lock.withLock { may } }

  private func set(_ may: Bool) {
    let before = lock.withLock {
      defer { self.may = may }
      return self.may
    }
    if may, !before { back() }
  }
}

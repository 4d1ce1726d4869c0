import Foundation

/// How long a kiosk waits for somebody who doesn't touch it.
@MainActor
public final class Patience {
  /// Who reads their last taps has time; who went away has not left them open for long.
  public nonisolated static let longest = Duration.seconds(30)

  /// What is done when it is over.
  var over: (@MainActor () -> Void)?
  private let sleep: @Sendable (Duration) async throws -> Void
  private var waiting: Task<Void, Never>?

  init(_ sleep: @escaping @Sendable (Duration) async throws -> Void) { self.sleep = sleep }

  /// Nobody's things are open.
  func stop() { waiting?.cancel() }

  /// Somebody touched the screen: it begins anew.
  public func touched() {
    waiting?.cancel()
    guard over != nil else { return }
    waiting = Task { [weak self, sleep] in
      guard (try? await sleep(Self.longest)) != nil, !Task.isCancelled else { return }
      self?.over?()
    }
  }
}

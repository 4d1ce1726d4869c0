import Foundation

/// Sends while the app is open: at once after each record, for at most so long, and again when the last try says so.
@MainActor
public final class Sender {
  /// How long a try at a tap may last.
  public nonisolated static let longestTry = Duration.seconds(8)

  /// When to try again after a try that took too long.
  public nonisolated static let afterLongTry = Duration.seconds(60)

  private let sleep: @Sendable (Duration) async throws -> Void
  private var trying: Task<Void, Never>?
  private var again: Task<Void, Never>?
  private var wanted = false
  /// Nothing is begun while the app isn't open.
  private var stopped = false

  /// `sleep` waits; tests give one that they hold.
  public init(sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }) { self.sleep = sleep }

  /// Tries now; if a try is under way, once more after it, for it may have begun before the last record.
  public func sendSoon(_ desk: Desk) {
    guard !stopped else { return }
    again?.cancel()
    guard trying == nil else {
      wanted = true
      return
    }
    wanted = false
    trying = Task { [weak self, sleep] in
      let retry = await Self.attempt(desk, sleep: sleep)
      self?.tried(desk, retry: retry)
    }
  }

  /// Waits for the try that is under way.
  public func settled() async { while let trying { await trying.value } }

  /// Begins nothing more, and waits for nothing.
  public func stop() {
    stopped = true
    again?.cancel()
    trying?.cancel()
  }

  /// Begins again.
  public func start() { stopped = false }

  private func tried(_ desk: Desk, retry: Duration?) {
    trying = nil
    if wanted { return sendSoon(desk) }
    guard let retry, !stopped else { return }
    again = Task { [weak self, sleep] in
      guard (try? await sleep(retry)) != nil, !Task.isCancelled else { return }
      self?.sendSoon(desk)
    }
  }

  /// One try; gives when to try again, by the outcome.
  private nonisolated static func attempt(_ desk: Desk, sleep: @escaping @Sendable (Duration) async throws -> Void) async -> Duration? {
    await withTaskGroup(of: Duration?.self) { group in
      group.addTask {
        guard let outcome = try? await desk.sync() else { return nil }
        return outcome.retryInMs.map { .milliseconds(Int64($0)) }
      }
      group.addTask {
        try? await sleep(longestTry)
        return afterLongTry
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }
}

import Foundation

/// Sends while the app is closed, when the system lets it: every folder that has something unsent.
public struct Refresh: Sendable {
  private let system: System

  public init(system: System) { self.system = system }

  /// What a refresh came to.
  public struct Outcome: Equatable, Sendable {
    /// Records that still wait, in all folders.
    public var unsent: UInt64 = 0
    /// In how many milliseconds to try again; absent if nothing is left to do.
    public var retryInMs: UInt64?
    /// Folders that were looked at.
    public var folders: [String] = []
  }

  /// Goes through the folders, and stops between two steps when its task is cancelled: the system asked for the time back.
  /// A folder that the app itself has open is left to it.
  public func run(besides open: URL? = nil) async -> Outcome {
    var outcome = Outcome()
    for folder in Folders(root: system.root).all() where folder != open {
      guard !Task.isCancelled else { return outcome }
      guard let desk = try? await Desk.open(folder, system: system) else { continue }
      await send(desk, in: folder, &outcome)
      await desk.pause()
    }
    return outcome
  }

  private func send(_ desk: Desk, in folder: URL, _ outcome: inout Outcome) async {
    guard let waiting = try? await desk.ask({ try $0.unsent() }), waiting.entries + waiting.blobs > 0 else { return }
    outcome.folders.append(folder.lastPathComponent)
    guard let tried = try? await desk.sync() else {
      outcome.unsent += waiting.entries
      return
    }
    outcome.unsent += tried.unsent
    if let retry = tried.retryInMs { outcome.retryInMs = min(retry, outcome.retryInMs ?? retry) }
  }
}

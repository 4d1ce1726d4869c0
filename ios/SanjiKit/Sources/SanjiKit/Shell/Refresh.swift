import Foundation

/// Sends while the app is closed, when the system lets it: the folder that is used, which also fetches what was decided, and
/// every other that has something unsent.
public struct Refresh: Sendable {
  private let system: System
  private let language: Language

  public init(system: System, language: Language) {
    self.system = system
    self.language = language
  }

  /// What a refresh came to.
  public struct Outcome: Equatable, Sendable {
    /// While something waits the system is asked for no more haste than this, unless the library knows better.
    private static let soon: UInt64 = 15 * 60_000
    /// What was decided is fetched every few hours.
    private static let regularly: UInt64 = 3 * 60 * 60_000

    /// Records that still wait, in all folders.
    public var unsent: UInt64 = 0
    /// In how many milliseconds the library wants to try again; absent if nothing is left to do.
    public var retryInMs: UInt64?
    /// Folders that were sent.
    public var folders: [String] = []
    /// What the owner of the folder that is used should hear; absent if it couldn't be looked at.
    public var news: [News]?

    /// When the next refresh is wanted.
    public var nextInMs: UInt64 { retryInMs ?? (unsent > 0 ? Self.soon : Self.regularly) }
  }

  /// Goes through the folders, and stops at once when its task is cancelled: the system asked for the time back.
  /// A folder that the app itself has open is left to it.
  public func run(besides open: URL? = nil) async -> Outcome {
    var outcome = Outcome()
    let folders = Folders(root: system.root)
    let current = folders.current()
    let all = folders.all()
    for folder in all.filter({ $0 == current }) + all.filter({ $0 != current }) where folder != open {
      guard !Task.isCancelled else { return outcome }
      guard let desk = try? await Desk.open(folder, system: system) else { continue }
      await send(desk, in: folder, isOwn: folder == current, &outcome)
      await desk.pause()
    }
    return outcome
  }

  private func send(_ desk: Desk, in folder: URL, isOwn: Bool, _ outcome: inout Outcome) async {
    guard let waiting = try? await desk.ask({ try $0.unsent() }) else { return }
    guard isOwn || waiting.waiting > 0 else { return }
    // Nobody's folder has no affairs, and nothing to send.
    guard let before = try? await desk.ask({ try $0.affairs() }) else { return }
    outcome.folders.append(folder.lastPathComponent)
    if let tried = try? await desk.sync() {
      outcome.unsent += tried.unsent
      if let retry = tried.retryInMs { outcome.retryInMs = min(retry, outcome.retryInMs ?? retry) }
    } else {
      outcome.unsent += waiting.waiting
    }
    let language = language
    if isOwn { outcome.news = try? await desk.ask { try $0.news(before: before, language: language) } }
  }
}

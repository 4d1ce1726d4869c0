import Foundation

/// What every screen works with: the records, the words, the way, and who sends.
@MainActor
public final class Office {
  public let desk: Desk
  public internal(set) var words: WordBook
  public let way: Way
  /// What only the system can give.
  public let system: System
  /// Finds the place for a check.
  let whereabouts: Whereabouts
  /// Of a kiosk: nobody's things stay on the screen.
  public let patience: Patience
  /// The app isn't looked at, and the files are let go of: nothing is read.
  public private(set) var isAway = false
  private let sender: Sender
  let drafts: Drafts
  private var underWay: Task<Void, Never>?

  init(desk: Desk, folder: URL, words: WordBook, way: Way, sender: Sender, system: System, whereabouts: Whereabouts) {
    self.desk = desk
    drafts = Drafts(folder, desk: desk, way: way, sealer: system.sealer)
    self.words = words
    self.way = way
    self.sender = sender
    self.system = system
    self.whereabouts = whereabouts
    patience = Patience(system.sleep)
  }

  /// Tries to send, without a word if it fails: the line of what waits says how it stands.
  public func sendSoon() { sender.sendSoon(desk) }

  /// Waits until what is being tried has been tried.
  public func sent() async { await sender.settled() }

  /// Does what must be done before the files are let go of.
  func finish(_ work: @escaping @MainActor () async -> Void) async {
    let task = Task { await work() }
    underWay = task
    await task.value
  }

  /// The app isn't looked at any more: what was tapped is recorded at once, then the files are let go of. What was typed is kept for
  /// who comes back, not by who leaves for good.
  func leave(forGood: Bool = false) async {
    isAway = true
    whereabouts.isAway = true
    await underWay?.value
    if !forGood { await drafts.keep() }
    await desk.pause()
  }

  /// Somebody looks again: what is shown is read again.
  func comeBack() async throws {
    try await desk.resume()
    await drafts.comeBack()
    isAway = false
    whereabouts.isAway = false
    desk.stir()
  }
}

/// Says in the system's list of notices what there is to hear, to who isn't looking at the app.
public struct Notices: Sendable {
  private let board: any NoticeBoard

  public init(_ board: any NoticeBoard) { self.board = board }

  /// Says it. What waits stands there once, in its newest words, and goes when nothing needs to be said of it any more.
  func say(_ all: [News]) async {
    if !all.contains(where: { $0.matter == .sending }) { await board.take([.sending]) }
    guard await board.isAllowed() == true else { return }
    for news in all { await board.put(news) }
  }

  /// The person looks at the app, which says it all itself.
  func clear() async { await board.take([.sending, .leave, .correction, .notCounted]) }

  /// Whether to ask if notices may be shown: there is something of which they would tell, an open request or records that wait.
  func wouldServe(_ desk: Desk) async -> Bool {
    guard await board.isAllowed() == nil else { return false }
    return (try? await desk.ask { try $0.unsent().waiting > 0 || $0.affairs().waiting() }) ?? false
  }
}

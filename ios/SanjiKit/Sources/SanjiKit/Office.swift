import Foundation

/// What every screen works with: the records, the words, the way, and who sends.
@MainActor
public final class Office {
  public let desk: Desk
  public internal(set) var words: WordBook
  public let way: Way
  /// What only the system can give.
  public let system: System
  private let sender: Sender

  init(desk: Desk, words: WordBook, way: Way, sender: Sender, system: System) {
    self.desk = desk
    self.words = words
    self.way = way
    self.sender = sender
    self.system = system
  }

  /// Tries to send, without a word if it fails: the line of what waits says how it stands.
  public func sendSoon() { sender.sendSoon(desk) }

  /// Waits until what is being tried has been tried.
  public func sent() async { await sender.settled() }
}

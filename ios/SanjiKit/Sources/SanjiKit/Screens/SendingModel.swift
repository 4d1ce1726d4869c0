import Foundation

/// What waits to be sent, why, and what can be done: try now, or hand it over as a file.
@MainActor
public final class SendingModel: Model {
  /// What a try came to: the key of its words, and how many records were delivered.
  public struct Tried: Equatable, Sendable {
    public let key: String
    public let delivered: UInt64

    init(_ outcome: SyncOutcome, waits: Bool) {
      delivered = outcome.delivered
      key =
        if outcome.offline != nil { "sendpage-no-network" } else if delivered > 0 { "sendpage-delivered" } else if waits {
          "sendpage-stopped"
        } else { "wait-nothing" }
    }
  }

  public private(set) var said: SendingSaid?
  public private(set) var unsent: Unsent?
  public private(set) var standing: Standing = .fine
  /// A kiosk has no records of its own that wouldn't count.
  public private(set) var isKiosk = false
  /// The six digits, while this phone waits to be let in again.
  public private(set) var digits: String?
  /// Files of earlier records that wait for their key.
  public private(set) var locked: UInt32 = 0
  /// What the last try came to; absent before one, and while one is under way.
  public private(set) var tried: Tried?
  /// A file that was made to be shared.
  public private(set) var file: URL?
  /// What it holds, and whether that is all that waits.
  public private(set) var filed: (entries: UInt64, pictures: UInt64, isComplete: Bool)?

  public override func load() async {
    let language = words.language
    guard
      let (said, unsent, standing, digits, locked, isKiosk) = await read({ phone in
        (
          try phone.sendingSaid(language: language), try phone.unsent(), try phone.standing(), try phone.approvalDigits(),
          try phone.lockedRecords(), try phone.owner().kiosk != nil
        )
      })
    else { return }
    (self.said, self.unsent, self.standing, self.digits, self.locked) = (said, unsent, standing, digits, locked)
    self.isKiosk = isKiosk
    changed()
  }

  /// Tries now, and says what it came to. No connection is no trouble.
  public func sendNow() async {
    tried = nil
    if let outcome = await act({ try await $0.sync() }) {
      await load()
      tried = Tried(outcome, waits: (unsent?.waiting ?? 0) > 0)
    }
    changed()
  }

  /// Makes a file of what waits, in a folder for passing things on.
  public func makeFile(in folder: URL) async {
    guard let (made, date) = await act({ desk in try await desk.ask { (try $0.bundle(), try $0.now().date) } }) else { return }
    let file = folder.appendingPathComponent("\(words("system-name"))-\(date).sanji")
    do { try made.bytes.write(to: file, options: .atomic) } catch {
      trouble = .storageFull
      return changed()
    }
    (self.file, filed) = (file, (made.entries, made.blobs, made.complete))
    changed()
  }

  /// The file was shared, or not: it isn't kept.
  public func dropFile() {
    if let file { try? FileManager.default.removeItem(at: file) }
    file = nil
    changed()
  }
}

import Foundation

/// What waits for a decision: one tap, and a reason where it is a no.
@MainActor
public final class QueueModel: Model {
  /// A request in words.
  public struct Row: Identifiable, Equatable, Sendable {
    public let pending: Pending
    public let name: String?
    public let said: EntrySaid
    public var id: Entry { pending.entry }

    /// The hashes of the reason and of the picture that it came with.
    var came: (reason: String?, picture: String?) {
      switch pending.asked {
      case .leave(_, _, _, let reason, let certificate): (reason, certificate)
      case .correction(_, _, _, let evidence): (nil, evidence)
      }
    }

    /// There is something to look at.
    public var hasMore: Bool { came != (nil, nil) }
  }

  /// What was written or photographed for a request.
  public struct Given: Equatable, Sendable {
    public internal(set) var reason: String?
    public internal(set) var picture: Data?
    /// It has not arrived at the relay yet, or there is no connection.
    public internal(set) var isMissing = false
  }

  public private(set) var rows: [Row] = []
  /// The reason of a no, by request.
  public private(set) var reasons: [Entry: String] = [:]
  public subscript(reasonOf entry: Entry) -> String {
    get { reasons[entry] ?? "" }
    set { reasons[entry] = newValue }
  }
  /// What a request came with, by request, as soon as somebody looked at it.
  public private(set) var given: [Entry: Given] = [:]
  /// The request whose decision didn't happen.
  private var undecided: Entry?

  public override func load() async {
    let language = words.language
    guard let rows = await read({ try Self.rows($0, language) }) else { return }
    self.rows = rows
    let open = Set(rows.map(\.id))
    (reasons, given) = (reasons.filter { open.contains($0.key) }, given.filter { open.contains($0.key) })
    changed()
  }

  /// Why the decision of a request didn't happen.
  public func trouble(of row: Row) -> Trouble? { undecided == row.id ? trouble(at: "reason") : nil }

  /// Reads what the request came with.
  public func look(at row: Row) async {
    let document = row.pending.entry.document
    let (reason, picture) = row.came
    var found = Given()
    if let reason {
      found.reason = await bytes(document, reason).map { String(decoding: $0, as: UTF8.self) }
      found.isMissing = found.reason == nil
    }
    if let picture {
      found.picture = await bytes(document, picture)
      found.isMissing = found.isMissing || found.picture == nil
    }
    given[row.id] = found
    changed()
  }

  /// Says yes.
  public func approve(_ row: Row) async { await decide(row, approve: true, reason: nil) }

  /// Says no, with the reason.
  public func refuse(_ row: Row) async { await decide(row, approve: false, reason: self[reasonOf: row.id]) }

  private func bytes(_ document: String, _ hash: String) async -> Data? {
    try? await office.desk.fetch { try await $0.picture(document: document, hashText: hash) }
  }

  private func decide(_ row: Row, approve: Bool, reason: String?) async {
    let entry = row.pending.entry
    undecided = entry
    let decided = await record { phone in
      switch row.pending.asked {
      case .leave: try phone.decideLeave(leave: entry, approve: approve, reason: reason)
      case .correction: try phone.decideCorrection(request: entry, approve: approve, reason: reason)
      }
    }
    guard decided != nil else { return }
    undecided = nil
    await load()
  }

  private nonisolated static func rows(_ phone: Phone, _ language: Language) throws -> [Row] {
    let (school, names) = (try phone.owner().headed.first?.school, try phone.names())
    return try phone.pending().map { pending in
      Row(
        pending: pending, name: pending.posting.flatMap { names[$0] },
        said: try phone.sayEntry(said: pending.entry, school: school, language: language))
    }
  }
}

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
    let (reason, picture): (String?, String?) =
      switch row.pending.asked {
      case .leave(_, _, _, let reason, let certificate): (reason, certificate)
      case .correction(_, _, _, let evidence): (nil, evidence)
      }
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
    let (headed, today) = (try phone.owner().headed, try phone.now().date)
    let names = try headed.flatMap { try phone.roster(school: $0.school, day: today) }
    return try phone.pending().map { pending in
      Row(
        pending: pending, name: names.first { $0.posting == pending.posting }?.name,
        said: try phone.sayEntry(said: pending.entry, school: headed.first?.school, language: language))
    }
  }
}

/// What two people changed at the same time: all versions, in plain words.
@MainActor
public final class ConflictsModel: Model {
  public private(set) var conflicts: [[EntrySaid]] = []

  public override func load() async {
    let language = words.language
    guard
      let conflicts = await read({ phone in
        try phone.conflicts(school: phone.owner().postings.first?.school, language: language)
      })
    else { return }
    self.conflicts = conflicts
    changed()
  }
}

/// Entries that don't count, and why; a head may let one count.
@MainActor
public final class FlaggedModel: Model {
  /// An entry in words.
  public struct Row: Identifiable, Equatable, Sendable {
    public let flagged: Flagged
    public let said: EntrySaid
    public var id: Entry { flagged.entry }
  }

  public private(set) var rows: [Row] = []
  public private(set) var mayLift = false
  /// Why one counts after all, by entry.
  public private(set) var reasons: [Entry: String] = [:]
  public subscript(reasonOf entry: Entry) -> String {
    get { reasons[entry] ?? "" }
    set { reasons[entry] = newValue }
  }
  /// The entry that was not lifted.
  private var unlifted: Entry?

  public override func load() async {
    let language = words.language
    guard
      let (rows, mayLift) = await read({ phone in
        let owner = try phone.owner()
        let school = owner.postings.first?.school
        let rows = try phone.flagged().map {
          Row(flagged: $0, said: try phone.sayEntry(said: $0.entry, school: school, language: language))
        }
        return (rows, owner.isHead)
      })
    else { return }
    (self.rows, self.mayLift) = (rows, mayLift)
    changed()
  }

  /// Lets an entry count.
  public func lift(_ row: Row) async {
    let (entry, reason) = (row.id, self[reasonOf: row.id])
    unlifted = entry
    guard await record({ try $0.liftFlag(flagged: entry, reason: reason) }) != nil else { return }
    (reasons[entry], unlifted) = (nil, nil)
    await load()
  }

  /// Why an entry was not lifted.
  public func trouble(of row: Row) -> Trouble? { unlifted == row.id ? trouble(at: "reason") : nil }
}

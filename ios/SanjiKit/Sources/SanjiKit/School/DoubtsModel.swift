extension Phone {
  /// The people of this person's schools: names by person and by posting.
  func names() throws -> [String: String] {
    let (schools, today) = (Set(try owner().postings.map(\.school)), try now().date)
    let rows = try schools.flatMap { try roster(school: $0, day: today) }
    return Dictionary(rows.flatMap { [($0.person, $0.name), ($0.posting, $0.name)] }) { first, _ in first }
  }
}

/// What two people changed at the same time: all versions, in plain words.
@MainActor
public final class ConflictsModel: Model {
  /// One version, and who wrote it.
  public struct Version: Hashable, Sendable {
    public let said: EntrySaid
    public let name: String?
  }

  public private(set) var conflicts: [[Version]] = []

  public override func load() async {
    let language = words.language
    guard
      let conflicts = await read({ phone in
        let names = try phone.names()
        return try phone.conflicts(school: phone.owner().postings.first?.school, language: language).map { versions in
          versions.map { said in Version(said: said, name: said.person.flatMap { names[$0] }) }
        }
      })
    else { return }
    self.conflicts = conflicts
    changed()
  }
}

/// Entries that don't count, and why, newest first; a head may let one of somebody else count.
@MainActor
public final class FlaggedModel: Model {
  /// An entry in words.
  public struct Row: Identifiable, Equatable, Sendable {
    public let flagged: Flagged
    public let said: EntrySaid
    public let name: String?
    /// It is the person's own: nobody decides for themselves.
    public let isOwn: Bool
    public var id: Entry { flagged.entry }
  }

  public private(set) var rows: [Row] = []
  private var isHead = false
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
    guard let (rows, isHead) = await read({ (try Self.rows($0, language), try $0.owner().isHead) }) else { return }
    (self.rows, self.isHead) = (rows, isHead)
    changed()
  }

  /// The key of why an entry doesn't count.
  public func why(_ row: Row) -> String { key("flag", row) ?? "flag-newer" }

  /// The key of whose it is to let an entry count, where it isn't a head's.
  public func whose(_ row: Row) -> String? { isHead && !row.isOwn ? key("lift", row) : nil }

  /// Whether letting it count is offered.
  public func mayLift(_ row: Row) -> Bool { isHead && !row.isOwn && key("lift", row) == nil }

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

  private func key(_ prefix: String, _ row: Row) -> String? {
    row.flagged.reason.map { "\(prefix)-\($0)" }.flatMap { words.has($0) ? $0 : nil }
  }

  private nonisolated static func rows(_ phone: Phone, _ language: Language) throws -> [Row] {
    let (owner, names) = (try phone.owner(), try phone.names())
    let rows = try phone.flagged().map { flagged in
      let said = try phone.sayEntry(said: flagged.entry, school: owner.postings.first?.school, language: language)
      let name = said.person.flatMap { names[$0] } ?? flagged.posting.flatMap { names[$0] }
      return Row(flagged: flagged, said: said, name: name, isOwn: said.person != nil && said.person == owner.person)
    }
    return rows.reversed()
  }
}

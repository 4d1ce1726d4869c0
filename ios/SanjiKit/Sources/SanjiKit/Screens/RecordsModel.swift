import Foundation

/// The folders of records on this phone, and how much of each is unsent.
@MainActor
public final class RecordsModel: Model {
  /// A folder's state.
  public struct Row: Identifiable, Equatable, Sendable {
    public let folder: URL
    public let isCurrent: Bool
    /// The person's name, or the school's for a kiosk; absent if nobody enrolled there, or nothing has arrived.
    public let name: String?
    public let isEnrolled: Bool
    /// Records that wait; absent if the folder can't be opened now.
    public let unsent: UInt64?
    /// Files of earlier records that wait for their key.
    public let locked: UInt32
    /// Files of earlier records that can't be read: what of them had not been sent is here only.
    public let damaged: UInt32
    /// Records that no relay takes any more: they are here only.
    public let retired: UInt64
    public var id: String { folder.lastPathComponent }

    /// Looks into a folder: through the desk that has it open, else through one of its own.
    static func look(into folder: URL, at desk: Desk? = nil, system: System) async -> Row {
      let found: Desk?
      if let desk { found = desk } else { found = try? await Desk.open(folder, system: system) }
      let isCurrent = desk != nil
      let row = try? await found?.ask { phone in
        let isEnrolled = try phone.isEnrolled()
        let unsent = isEnrolled ? try phone.unsent() : nil
        return Row(
          folder: folder, isCurrent: isCurrent, name: isEnrolled ? try phone.owner().postings.first?.name : nil, isEnrolled: isEnrolled,
          unsent: unsent?.waiting ?? 0, locked: isEnrolled ? try phone.lockedRecords() : 0,
          damaged: try phone.damagedRecords(), retired: unsent?.retired ?? 0)
      }
      if !isCurrent { await found?.pause() }
      return row ?? Row(folder: folder, isCurrent: isCurrent, name: nil, isEnrolled: false, unsent: nil, locked: 0, damaged: 0, retired: 0)
    }
  }

  public let home: Home
  public private(set) var rows: [Row] = []
  /// The person was told what clearing the phone takes away, and may say that they want it.
  public private(set) var asksReset = false

  public init(_ office: Office, home: Home) {
    self.home = home
    super.init(office)
  }

  public override func load() async {
    var rows: [Row] = []
    for folder in Folders(root: home.system.root).all() {
      rows.append(await Row.look(into: folder, at: folder == home.folder ? office.desk : nil, system: home.system))
    }
    self.rows = rows
    asksReset = asksReset && mayReset
    changed()
  }

  /// What the current owner has not sent: said before logging out, which keeps it.
  public var unsent: UInt64 { rows.first(where: \.isCurrent)?.unsent ?? 0 }

  /// The current owner's files that wait for their key.
  public var locked: UInt32 { rows.first(where: \.isCurrent)?.locked ?? 0 }

  /// The current owner's files that can't be read: clearing the phone erases them.
  public var damaged: UInt32 { rows.first(where: \.isCurrent)?.damaged ?? 0 }

  /// The current owner's records that no relay takes any more: clearing the phone erases them.
  public var retired: UInt64 { rows.first(where: \.isCurrent)?.retired ?? 0 }

  /// Nothing of the current owner's waits here.
  public var mayReset: Bool { unsent == 0 && locked == 0 }

  /// Leaves these records where they are and begins with an empty folder.
  public func logOut() async { await home.logOut() }

  /// Asks before these records are removed.
  public func askReset() {
    asksReset = mayReset
    changed()
  }

  /// Removes these records once nothing waits, if the person was asked; says whether it did.
  @discardableResult
  public func reset() async -> Bool {
    guard asksReset else { return false }
    asksReset = false
    let isDone = await home.reset()
    // Something may have been recorded since the page was read: then it says so.
    if !isDone { await load() }
    return isDone
  }

  /// Goes back to a folder that was left.
  public func goBack(to row: Row) async { await home.goBack(to: row.folder) }
}

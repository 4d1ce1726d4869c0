import Foundation

/// Settings, and what is known about this phone.
@MainActor
public final class SettingsModel: Model {
  public let home: Home
  public private(set) var owner: Owner?
  public private(set) var storageBytes: UInt64 = 0
  public private(set) var diagnostics: String?
  public private(set) var unsent: UInt64 = 0
  /// The version of the library.
  public let version = coreVersion()

  public init(_ office: Office, home: Home) {
    self.home = home
    super.init(office)
  }

  public override func load() async {
    guard
      let (owner, bytes, unsent) = await read({ phone in
        (try phone.owner(), try phone.storageBytes(), try phone.unsent().waiting)
      })
    else { return }
    (self.owner, storageBytes, self.unsent) = (owner, bytes, unsent)
    changed()
  }

  /// Makes the text for whoever helps. No personal data is in it.
  public func makeDiagnostics() async {
    diagnostics = await read { try $0.diagnostics() }
    changed()
  }

  /// Chooses a language; absent: the system's.
  public func choose(language: String?) {
    var chosen = home.preferences
    chosen.language = language
    home.prefer(chosen)
    changed()
  }

  /// Chooses how large the text is.
  public func choose(textSize: Preferences.TextSize) {
    var chosen = home.preferences
    chosen.textSize = textSize
    home.prefer(chosen)
    changed()
  }
}

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
    /// Records that no relay takes any more: they are here only.
    public let retired: UInt64
    public var id: String { folder.lastPathComponent }
  }

  public let home: Home
  public private(set) var rows: [Row] = []

  public init(_ office: Office, home: Home) {
    self.home = home
    super.init(office)
  }

  public override func load() async {
    var rows: [Row] = []
    for folder in Folders(root: home.system.root).all() {
      rows.append(await row(folder, isCurrent: folder == home.folder))
    }
    self.rows = rows
    changed()
  }

  /// What the current owner has not sent: said before logging out, which keeps it.
  public var unsent: UInt64 { rows.first(where: \.isCurrent)?.unsent ?? 0 }

  /// The current owner's files that wait for their key.
  public var locked: UInt32 { rows.first(where: \.isCurrent)?.locked ?? 0 }

  /// The current owner's records that no relay takes any more: clearing the phone erases them.
  public var retired: UInt64 { rows.first(where: \.isCurrent)?.retired ?? 0 }

  /// Nothing of the current owner's waits here.
  public var mayReset: Bool { unsent == 0 && locked == 0 }

  /// Leaves these records where they are and begins with an empty folder.
  public func logOut() async { await home.logOut() }

  /// Removes these records once nothing waits; says whether it did.
  @discardableResult
  public func reset() async -> Bool {
    let isDone = await home.reset()
    // Something may have been recorded since the page was read: then it says so.
    if !isDone { await load() }
    return isDone
  }

  /// Goes back to a folder that was left.
  public func goBack(to row: Row) async { await home.goBack(to: row.folder) }

  private func row(_ folder: URL, isCurrent: Bool) async -> Row {
    let system = home.system
    let found = try? await (isCurrent ? office.desk : Desk.open(folder, system: system))
    let row = try? await found?.ask { phone in
      let isEnrolled = try phone.isEnrolled()
      let unsent = isEnrolled ? try phone.unsent() : nil
      return Row(
        folder: folder, isCurrent: isCurrent, name: isEnrolled ? try phone.owner().postings.first?.name : nil, isEnrolled: isEnrolled,
        unsent: unsent?.waiting ?? 0, locked: isEnrolled ? try phone.lockedRecords() : 0, retired: unsent?.retired ?? 0)
    }
    if !isCurrent { await found?.pause() }
    return row ?? Row(folder: folder, isCurrent: isCurrent, name: nil, isEnrolled: false, unsent: nil, locked: 0, retired: 0)
  }
}

/// Sets a PIN at every kiosk of the school: there may be several, and a new one after a broken one. It is the own one; a head sets that
/// of a colleague who has no phone.
@MainActor
public final class PinModel: Model {
  /// The schools in question have a kiosk.
  public private(set) var hasKiosk = false
  public private(set) var postings: [Posting] = []
  /// The posting for which it is; chosen by who has several.
  public var posting: String?
  /// Whose it is, if it isn't the own one.
  public let colleague: Colleague?
  public private(set) var name: String?
  public var pin = ""
  public var again = ""
  public private(set) var isSaved = false

  public init(_ office: Office, of colleague: Colleague? = nil) {
    self.colleague = colleague
    posting = colleague?.posting
    super.init(office)
  }

  public override func load() async {
    let colleague = colleague
    guard
      let (hasKiosk, postings, name) = await read({ phone in
        let postings = colleague == nil ? try phone.owner().postings : []
        let schools = colleague.map { [$0.school] } ?? postings.map(\.school)
        let hasKiosk = try schools.contains { try !phone.kiosks(school: $0).isEmpty }
        return (hasKiosk, postings, try colleague.flatMap { try phone.names()[$0.posting] })
      })
    else { return }
    (self.hasKiosk, self.postings, self.name) = (hasKiosk, postings, name)
    if postings.count == 1 { posting = postings[0].posting }
    changed()
  }

  /// It can be set: somebody with several schools chooses one first.
  public var isReady: Bool { posting != nil && hasKiosk && !isBusy }

  /// Both were typed alike.
  public var isRepeated: Bool { pin == again }

  /// Saves it.
  public func save() async {
    guard isRepeated, isReady else { return }
    let (posting, pin) = (posting, pin)
    let set = await record { try $0.setPin(postingId: posting, pin: pin) }
    isSaved = set != nil
    if isSaved { (self.pin, again) = ("", "") }
    changed()
  }
}

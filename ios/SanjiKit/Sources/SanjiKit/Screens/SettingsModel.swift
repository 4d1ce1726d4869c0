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

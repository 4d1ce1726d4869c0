import Foundation
import SanjiKit

/// Puts together what the system gives.
@MainActor
enum Assembly {
  static let system = System(
    root: Store.root, keys: { KeychainKeys(name: $0) }, sealer: GcmSealer(), clock: DeviceClock(),
    connectivity: PathConnectivity { Task { @MainActor in home.networkIsBack() } }, places: OnePlace(), camera: DeviceCamera.found(),
    pictures: JpegPictures(), board: NotificationBoard(), prepare: Store.prepare)

  /// The app; there is one.
  static let home: Home = {
    Home(system: system, store: DefaultsStore(), systemLanguage: Locale.preferredLanguages.first.flatMap(Language.init(code:)) ?? .zh)
  }()

  /// Where the records stand.
  private enum Store {
    /// In the app's own container, not in a group: a lock that is held while an app of a group sleeps would end its process.
    static let root = URL.applicationSupportDirectory.appendingPathComponent("Sanji", isDirectory: true)

    /// Makes a folder that no backup takes: a restored copy would write under a key that has gone on elsewhere. Its files are
    /// readable from the first unlock after a start on, because a refresh in the background runs while the phone is locked.
    static let prepare: @Sendable (URL) throws -> Void = { folder in
      let protection: [FileAttributeKey: Any] = [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication]
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: protection)
      var records = Store.root
      var values = URLResourceValues()
      values.isExcludedFromBackup = true
      try records.setResourceValues(values)
    }
  }
}

/// Preferences in the user defaults.
final class DefaultsStore: PreferenceStore, Sendable {
  private static let key = "preferences"

  func read() -> Preferences {
    let data = UserDefaults.standard.data(forKey: Self.key)
    return data.flatMap { try? JSONDecoder().decode(Preferences.self, from: $0) } ?? Preferences()
  }

  func write(_ preferences: Preferences) {
    UserDefaults.standard.set(try? JSONEncoder().encode(preferences), forKey: Self.key)
  }
}

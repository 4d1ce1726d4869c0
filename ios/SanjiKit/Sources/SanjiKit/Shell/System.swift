import Foundation

/// What only the system can give, for the library: where files stand, keys, clocks, the network.
public struct System: Sendable {
  /// Where the folders of records stand: outside of backups and of app groups.
  public let root: URL
  /// The key storage of a folder, by the name that was drawn for it: each folder has a key and a number of its own.
  public let keys: @Sendable (String) -> any KeyStorage
  /// Seals what the app itself keeps beside the records.
  public let sealer: any Sealer
  /// The clocks.
  public let clock: any SystemClock
  /// Whether there may be a network.
  public let connectivity: (any Connectivity)?
  /// Says where the phone is, where a county wants to know; absent where the device can't.
  public let places: (any PlaceFinder)?
  /// The camera; absent where there is none.
  public let camera: (any Camera)?
  /// Makes pictures small enough to be kept.
  public let pictures: any PictureMaker
  /// The system's list of notices.
  public let board: any NoticeBoard
  /// Waits; ends early, with an error, when its task is cancelled.
  public let sleep: @Sendable (Duration) async throws -> Void
  /// Makes a folder as the platform wants it (protection, no backup), before records are opened in it.
  public let prepare: @Sendable (URL) throws -> Void

  public init(
    root: URL, keys: @escaping @Sendable (String) -> any KeyStorage, sealer: any Sealer, clock: any SystemClock,
    connectivity: (any Connectivity)?, places: (any PlaceFinder)?, camera: (any Camera)?, pictures: any PictureMaker,
    board: any NoticeBoard,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    prepare: @escaping @Sendable (URL) throws -> Void = {
      try FileManager.default.createDirectory(at: $0, withIntermediateDirectories: true)
    }
  ) {
    self.root = root
    self.keys = keys
    self.sealer = sealer
    self.clock = clock
    self.connectivity = connectivity
    self.places = places
    self.camera = camera
    self.pictures = pictures
    self.board = board
    self.sleep = sleep
    self.prepare = prepare
  }
}

/// Seals bytes under a key of 32 bytes, which alone opens them again.
public protocol Sealer: Sendable {
  func seal(_ bytes: Data, under key: Data) throws -> Data
  func open(_ sealed: Data, under key: Data) throws -> Data
}

/// Finds out where the phone is, once, at a tap.
public protocol PlaceFinder: Sendable {
  /// Whether the person allows it; absent as long as nobody asked them.
  func isAllowed() async -> Bool?
  /// Lets the system ask the person; whether they allow it.
  func ask() async -> Bool
  /// Where it is; absent if it can't be told. Asks nobody.
  func fix() async -> Fix?
}

/// The camera of the device.
public protocol Camera: Sendable {
  /// Whether the person allows it. They are asked when nobody has asked them yet.
  func isAllowed() async -> Bool
}

/// Makes pictures small enough for a slow network, and leaves out what a camera writes beside them (place, device).
public protocol PictureMaker: Sendable {
  /// A picture that the library takes; absent if the data is none.
  func scaled(_ data: Data) -> Data?
}

/// The system's list of notices.
public protocol NoticeBoard: Sendable {
  /// Whether notices may be put there; absent as long as nobody asked the person.
  func isAllowed() async -> Bool?
  /// Lets the system ask the person.
  func ask() async
  /// Puts one there, in the place of an earlier one on the same matter.
  func put(_ news: News) async
  /// Takes away those on these matters.
  func take(_ matters: [Matter]) async
}

/// What the person chose on this phone.
public struct Preferences: Codable, Equatable, Sendable {
  /// How much larger than the system's the text is.
  public enum TextSize: String, Codable, CaseIterable, Sendable {
    case standard, large, larger
  }

  /// `zh` or `en`; absent: the system's.
  public var language: String?
  /// The text's size, on top of the system's.
  public var textSize = TextSize.standard
  /// The person was asked whether notices may be shown; absent: not yet.
  public var wasAskedForNotices: Bool?
  /// The person said no when asked for the place; absent: not that we know. They may change it in the system's settings.
  public var refusesPlace: Bool?

  public init() {}
}

/// Keeps the preferences.
public protocol PreferenceStore: AnyObject, Sendable {
  func read() -> Preferences
  func write(_ preferences: Preferences)
}

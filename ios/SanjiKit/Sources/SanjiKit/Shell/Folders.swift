import Foundation

/// The folders of records on this phone, `phones/<n>`: one for each owner that it had. Logging out begins a new one; the old
/// one stays, because something in it may be unsent.
public struct Folders: Sendable {
  private let root: URL
  private var phones: URL { root.appendingPathComponent("phones", isDirectory: true) }
  private var choice: URL { root.appendingPathComponent("current") }

  public init(root: URL) { self.root = root }

  /// All of them, oldest first.
  public func all() -> [URL] {
    let found = (try? FileManager.default.contentsOfDirectory(at: phones, includingPropertiesForKeys: nil)) ?? []
    return found.filter { Int($0.lastPathComponent) != nil }.sorted { number($0) < number($1) }
  }

  /// The one that is used: the chosen one, else the newest, else the first.
  public func current() -> URL {
    let chosen = (try? String(contentsOf: choice, encoding: .utf8)).map(folder)
    return chosen.flatMap { all().contains($0) ? $0 : nil } ?? all().last ?? folder("1")
  }

  /// Uses a folder from now on.
  public func choose(_ folder: URL) throws {
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    try folder.lastPathComponent.write(to: choice, atomically: true, encoding: .utf8)
  }

  /// A new folder, used from now on.
  public func fresh() throws -> URL {
    let next = folder(String((all().map(number).max() ?? 0) + 1))
    try FileManager.default.createDirectory(at: next, withIntermediateDirectories: true)
    try choose(next)
    return next
  }

  /// Removes a folder that isn't used any more. Whoever calls has made sure that nothing in it is unsent.
  func remove(_ folder: URL) throws {
    guard folder != current() else { return }
    try FileManager.default.removeItem(at: folder)
  }

  /// The name by which the key storage knows a folder: drawn when its records are made, and gone with them. Keys and numbers outlive an
  /// app that is removed; one that is installed again has a folder of the same number, and nothing of theirs.
  static func name(of folder: URL) throws -> String {
    let file = folder.appendingPathComponent("name")
    if !FileManager.default.fileExists(atPath: file.path) {
      try UUID().uuidString.write(to: file, atomically: true, encoding: .utf8)
    }
    // What is there and can't be read, as before the first unlock, is no reason to draw another.
    do { return try String(contentsOf: file, encoding: .utf8) } catch { throw Trouble.keysUnavailable }
  }

  private func folder(_ name: String) -> URL { phones.appendingPathComponent(name, isDirectory: true) }
  private func number(_ folder: URL) -> Int { Int(folder.lastPathComponent) ?? 0 }
}

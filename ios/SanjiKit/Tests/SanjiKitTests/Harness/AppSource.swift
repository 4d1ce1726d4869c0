import Foundation

/// A Swift source of the app or of this package, without what is generated and without tests.
struct AppSource: Sendable {
  let name: String
  let text: String

  /// All of them.
  static let all: [AppSource] = {
    let ios = URL(fileURLWithPath: setting("SANJI_PROJECT")).appendingPathComponent("ios")
    let files = FileManager.default.enumerator(at: ios, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    return files.filter { $0.pathExtension == "swift" && !$0.path.contains("/Tests/") && !$0.path.contains("/Generated/") }
      .compactMap { file in
        (try? String(contentsOf: file, encoding: .utf8)).map { AppSource(name: file.lastPathComponent, text: $0) }
      }
  }()

  /// Its lines without comments.
  var code: [Substring] { text.split(separator: "\n").filter { !$0.contains("//") } }
}

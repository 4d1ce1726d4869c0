import Foundation

/// A form whose fields come back after the system ended the app under a camera or another app. Secrets are in none, nor pictures.
@MainActor
protocol Form: Model {
  associatedtype Typed: Codable & Sendable
  /// Where it stands on the way.
  var screen: Screen { get }
  /// Which form it is: what was typed comes back into the same one only.
  var key: String { get }
  /// What was typed and chosen.
  var typed: Typed { get set }
}

extension Form {
  fileprivate var draft: Draft? { (try? JSONEncoder().encode(typed)).map { Draft(form: key, typed: $0) } }

  fileprivate func take(_ draft: Draft) {
    guard draft.form == key, let typed = try? JSONDecoder().decode(Typed.self, from: draft.typed) else { return }
    self.typed = typed
    changed()
  }
}

/// What was typed into a form.
private struct Draft: Codable, Sendable {
  let form: String
  let typed: Data
}

/// Keeps what was typed into the open form while nobody looks at the app: in a file beside the person's records, protected and left out
/// of backups as they are. Who saved the form or went back left nothing to keep.
@MainActor
final class Drafts {
  private let file: URL
  private let desk: Desk
  private let way: Way
  private weak var form: (any Form)?
  /// From before the app was ended; it waits for its form.
  private var draft: Draft?

  init(_ folder: URL, desk: Desk, way: Way) {
    file = folder.appendingPathComponent("draft")
    self.desk = desk
    self.way = way
  }

  /// A form was opened, and takes what is its own. What belongs to another is forgotten.
  func opened(_ form: some Form) {
    self.form = form
    if let draft { form.take(draft) }
    draft = nil
  }

  /// Whether this is the form that was opened last.
  func isOpen(_ form: some Form) -> Bool { self.form === form }

  /// Nobody looks at the app any more.
  func keep() async {
    let open = form.flatMap { way.above.contains($0.screen) ? $0.draft : nil }
    guard let draft = open ?? draft, let bytes = try? JSONEncoder().encode(draft) else { return }
    let file = file
    try? await desk.ask { _ in try bytes.write(to: file, options: .atomic) }
  }

  /// Somebody looks again, at an app that went on or at a new one: the file has served.
  func comeBack() async {
    let file = file
    let bytes = try? await desk.ask { _ in
      let bytes = try Data(contentsOf: file)
      try FileManager.default.removeItem(at: file)
      return bytes
    }
    if form == nil { draft = bytes.flatMap { try? JSONDecoder().decode(Draft.self, from: $0) } }
  }
}

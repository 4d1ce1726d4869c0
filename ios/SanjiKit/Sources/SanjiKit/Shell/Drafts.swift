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

/// A draft as it stands in its file: sealed under a key of its own, which the key storage wrapped.
private struct SealedDraft: Codable {
  let key: Data
  let draft: Data

  init(_ draft: Draft, keys: any KeyStorage, sealer: any Sealer) throws {
    let key = Data((0..<32).map { _ in UInt8.random(in: .min ... .max) })
    self.key = try keys.wrap(key: key)
    self.draft = try sealer.seal(JSONEncoder().encode(draft), under: key)
  }

  func opened(keys: any KeyStorage, sealer: any Sealer) throws -> Draft {
    try JSONDecoder().decode(Draft.self, from: sealer.open(draft, under: keys.unwrap(wrapped: key)))
  }
}

/// Keeps what was typed into the open form while nobody looks at the app: sealed, in a file beside the person's records, protected and
/// left out of backups as they are. Who saved the form or went back left nothing to keep.
@MainActor
final class Drafts {
  private let file: URL
  private let desk: Desk
  private let way: Way
  private let sealer: any Sealer
  private weak var form: (any Form)?
  /// From before the app was ended; it waits for its form.
  private var draft: Draft?

  init(_ folder: URL, desk: Desk, way: Way, sealer: any Sealer) {
    file = folder.appendingPathComponent("draft")
    self.desk = desk
    self.way = way
    self.sealer = sealer
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
    guard let draft = open ?? draft else { return }
    let (file, keys, sealer) = (file, desk.keys, sealer)
    try? await desk.ask { _ in
      try JSONEncoder().encode(SealedDraft(draft, keys: keys, sealer: sealer)).write(to: file, options: .atomic)
    }
  }

  /// Somebody looks again, at an app that went on or at a new one: the file has served.
  func comeBack() async {
    let (file, keys, sealer) = (file, desk.keys, sealer)
    let kept = try? await desk.ask { _ in
      let bytes = try Data(contentsOf: file)
      try FileManager.default.removeItem(at: file)
      return try JSONDecoder().decode(SealedDraft.self, from: bytes).opened(keys: keys, sealer: sealer)
    }
    if form == nil { draft = kept }
  }
}

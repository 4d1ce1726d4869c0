/// The host signs a visit that has arrived on this phone.
@MainActor
public final class CountersignModel: OneVisitModel {
  public var text = ""

  /// Signs.
  public func sign() async {
    let text = text.filled
    await write { try $0.countersign(document: $1, text: text) }
  }
}

/// A visit as QR codes, shown one after another to the host's phone.
@MainActor
public final class ShowVisitModel: OneVisitModel {
  public private(set) var codes: [String] = []
  public private(set) var shown = 0

  public override func load() async {
    await super.load()
    let document = document
    guard let codes = await read({ try $0.showVisit(document: document) }) else { return }
    (self.codes, shown) = (codes, min(shown, max(codes.count - 1, 0)))
    changed()
  }

  /// The next code, and after the last the first.
  public func next() {
    guard !codes.isEmpty else { return }
    shown = (shown + 1) % codes.count
    changed()
  }
}

/// The host reads a visit from another phone's screen, looks at it, and signs.
@MainActor
public final class ReadVisitModel: Model {
  /// The codes that were read, each once.
  public private(set) var codes: [String] = []
  /// What they say, once all were read.
  public private(set) var visit: Visit?
  public var text = ""
  public private(set) var isSigned = false

  /// Takes a scanned code. That some are still to come is no trouble.
  public func scanned(_ code: String) async {
    guard let code = code.filled, !codes.contains(code) else { return }
    let read = codes + [code]
    do {
      visit = try await office.desk.ask { try $0.readVisit(codes: read) }
      (codes, trouble) = (read, nil)
    } catch {
      let found = Trouble(error)
      // A code of something else is not kept: it would spoil those that belong together.
      if case .invalid(_, _, "pages_missing") = found { (codes, trouble) = (read, nil) } else { trouble = found }
    }
    changed()
  }

  /// Begins anew.
  public func clear() {
    (codes, visit, trouble) = ([], nil, nil)
    changed()
  }

  /// Signs for what was read.
  public func sign() async {
    let (codes, text) = (codes, text.filled)
    isSigned = await record { try $0.countersignShown(codes: codes, text: text) } != nil
    changed()
  }
}

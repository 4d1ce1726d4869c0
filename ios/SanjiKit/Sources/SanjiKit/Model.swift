/// What a screen shows and does, without a word of how it looks. The app's views watch `didChange`.
@MainActor
open class Model {
  /// Called after each change.
  public var didChange: (@MainActor () -> Void)?
  /// Why the last act didn't happen; absent after one that did.
  public internal(set) var trouble: Trouble?
  /// An act is under way: its button waits.
  public private(set) var isBusy = false

  public let office: Office
  public var words: WordBook { office.words }

  public init(_ office: Office) { self.office = office }

  /// Reads what the screen shows.
  open func load() async {}

  /// How long what is shown stands at most: it says minutes, and a day ends.
  public nonisolated static let freshFor = Duration.seconds(60)

  /// Reads again whenever something changed, each minute, and when the app comes back, for as long as the screen is there.
  public func follow() async {
    // Listening begins first: what changes while it is read isn't missed.
    let stirs = office.desk.stirs()
    let minutes = Task { [office] in
      while !Task.isCancelled, (try? await office.system.sleep(Self.freshFor)) != nil { office.desk.stir() }
    }
    defer { minutes.cancel() }
    await load()
    if let form = self as? any Form { office.drafts.opened(form) }
    for await _ in stirs where !office.isAway { await load() }
  }

  /// The trouble to show at a field.
  public func trouble(at fields: String...) -> Trouble? {
    trouble.flatMap { trouble in trouble.field.map(fields.contains) == true ? trouble : nil }
  }

  func changed() { didChange?() }

  /// Reads something; what can't be read is said.
  func read<T: Sendable>(_ call: @escaping @Sendable (Phone) throws -> T) async -> T? {
    do { return try await office.desk.ask(call) } catch {
      // The files were let go of because nobody looks: it is read again when somebody does.
      guard !office.isAway else { return nil }
      trouble = Trouble(error)
      changed()
      return nil
    }
  }

  /// Does something that is recorded: it is saved when this returns, and sent in the background.
  @discardableResult
  func record<T: Sendable>(_ call: @escaping @Sendable (Phone) throws -> T) async -> T? {
    let done = await act { try await $0.ask(call) }
    if done != nil { office.sendSoon() }
    return done
  }

  /// Does something that may fail, once at a time.
  @discardableResult
  func act<T: Sendable>(_ work: (Desk) async throws -> T) async -> T? {
    guard !isBusy else { return nil }
    isBusy = true
    trouble = nil
    changed()
    defer {
      isBusy = false
      changed()
    }
    do { return try await work(office.desk) } catch {
      trouble = Trouble(error)
      return nil
    }
  }
}

import Foundation

/// Finds out where the phone is for a check that waits for it: not for long, and no more once the app isn't looked at.
@MainActor
final class Whereabouts {
  /// Nobody stands longer before a button. The question for permission, which a person reads, isn't counted.
  nonisolated static let longest = Duration.seconds(5)

  private let system: System
  private weak var memory: (any Memory)?
  private var search: Search?

  /// What is remembered of the answer to the question for permission.
  @MainActor
  protocol Memory: AnyObject {
    var refusesPlace: Bool { get set }
  }

  init(_ system: System, memory: any Memory) {
    self.system = system
    self.memory = memory
  }

  /// The app isn't looked at: whoever waits goes on without a place.
  var isAway = false { didSet { if isAway { search?.end(nil) } } }

  /// Where the phone is; absent if the person doesn't allow it, or it can't be told soon.
  func fix() async -> Fix? {
    guard let places = system.places, !isAway else { return nil }
    let search = Search()
    self.search = search
    let work = Task {
      guard await isAllowed(places) else { return search.end(nil) }
      let limit = Task { [system] in
        guard (try? await system.sleep(Self.longest)) != nil else { return }
        search.end(nil)
      }
      search.end(await places.fix())
      limit.cancel()
    }
    let fix = await search.found()
    self.search = nil
    work.cancel()
    return fix
  }

  /// Asks at most once: who said no is not asked at each tap.
  private func isAllowed(_ places: any PlaceFinder) async -> Bool {
    if let known = await places.isAllowed() { return known }
    guard memory?.refusesPlace != true else { return false }
    let answer = await places.ask()
    memory?.refusesPlace = !answer
    return answer
  }
}

/// One search: who waits for it goes on at its first end.
@MainActor
private final class Search {
  private var waiting: CheckedContinuation<Fix?, Never>?
  private var isOver = false
  private var fix: Fix?

  func found() async -> Fix? {
    await withCheckedContinuation { continuation in
      if isOver { continuation.resume(returning: fix) } else { waiting = continuation }
    }
  }

  func end(_ fix: Fix?) {
    guard !isOver else { return }
    (isOver, self.fix) = (true, fix)
    waiting?.resume(returning: fix)
    waiting = nil
  }
}

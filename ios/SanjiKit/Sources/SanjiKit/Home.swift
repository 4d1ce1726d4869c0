import Foundation

/// The app as a whole: whose records are open, and what stands at the root.
@MainActor
public final class Home {
  /// What stands at the root.
  public enum Root: Equatable {
    /// The records are being opened.
    case opening
    /// Nobody's phone yet.
    case enrol
    /// A person's phone.
    case today
    /// A school's kiosk.
    case kiosk
    /// The records can't be opened: the trouble says what to do.
    case shut(Trouble)
  }

  public private(set) var root = Root.opening { didSet { didChange?() } }
  /// Called after each change.
  public var didChange: (@MainActor () -> Void)?
  public let way = Way()
  public let system: System
  public private(set) var office: Office?
  public private(set) var preferences: Preferences
  /// The person should be asked whether notices may be shown; they are told first what for.
  public private(set) var offersNotices = false { didSet { didChange?() } }
  private let store: any PreferenceStore
  private let sender: Sender
  private let systemLanguage: Language
  private let notices: Notices
  private var refreshing: Task<Refresh.Outcome, Never>?
  private var pausing: Task<Void, Never>?
  private var opening: Task<Void, Never>?
  /// Somebody looks at the app: its folder is its own.
  private var isLookedAt = false
  private var folders: Folders { Folders(root: system.root) }

  public init(system: System, store: any PreferenceStore, systemLanguage: Language, sender: Sender = Sender()) {
    self.system = system
    self.store = store
    self.sender = sender
    self.systemLanguage = systemLanguage
    notices = Notices(system.board)
    preferences = store.read()
  }

  /// The words before and after the records are open.
  public var words: WordBook { WordBook(preferences.language.flatMap(Language.init(code:)) ?? systemLanguage) }

  /// The folder that is open.
  public var folder: URL { folders.current() }

  /// Opens the records of the current folder, or opens them again. Who asks while they are being opened waits for the same.
  public func open() async {
    if let opening { return await opening.value }
    let task = Task { await takeUp() }
    opening = task
    await task.value
    opening = nil
  }

  private func takeUp() async {
    isLookedAt = true
    await endRefresh()
    do {
      let folder = folder
      let desk = try await Desk.open(folder, system: system)
      let office = Office(
        desk: desk, folder: folder, words: words, way: way, sender: sender, system: system,
        whereabouts: Whereabouts(system, memory: self))
      await office.drafts.comeBack()
      self.office = office
      try await settle()
      await lookedAt()
    } catch {
      await leave()
      root = .shut(Trouble(error))
    }
  }

  /// After somebody enrolled.
  public func enrolled() async {
    way.home()
    try? await settle()
    office?.sendSoon()
  }

  /// Leaves this owner's records where they are and begins with an empty folder: for a phone that changes hands.
  public func logOut() async { await move { try $0.fresh() } }

  /// Removes this owner's records from the phone, once all of them have been delivered and none waits for its key; else nothing happens.
  public func reset() async -> Bool {
    let isBare = try? await office?.desk.ask { try $0.unsent().waiting == 0 && $0.lockedRecords() == 0 }
    guard isBare == true else { return false }
    let old = folder
    await logOut()
    try? folders.remove(old)
    return true
  }

  /// Goes back to a folder that was left.
  public func goBack(to folder: URL) async {
    await move {
      try $0.choose(folder)
      return folder
    }
  }

  /// The app goes to the background: files are let go of.
  public func pause() async {
    isLookedAt = false
    sender.stop()
    let task = Task<Void, Never> { [office] in await office?.leave() }
    pausing = task
    await task.value
  }

  /// The app comes back: what was let go of, or couldn't be opened, is opened again.
  public func resume() async {
    isLookedAt = true
    sender.start()
    // Else the files that this opens are let go of by who is late.
    await pausing?.value
    guard let office else { return await open() }
    await endRefresh()
    do {
      try await office.comeBack()
      try await settle()
      office.sendSoon()
      await lookedAt()
    } catch { root = .shut(Trouble(error)) }
  }

  /// Somebody touched the screen: what is open above a kiosk's list stays open a while longer.
  public func touched() {
    if root == .kiosk, !way.above.isEmpty { office?.patience.touched() }
  }

  /// The system says that there is a network again.
  public func networkIsBack() {
    if root == .today || root == .kiosk { office?.sendSoon() }
  }

  /// Sends while the app is closed, and says what there is to hear.
  public func refresh() async -> Refresh.Outcome {
    let refresh = Refresh(system: system, language: words.language)
    // Whoever looks at the app meanwhile has their folder open, or is about to.
    let open = isLookedAt ? folder : nil
    let task = Task { await refresh.run(besides: open) }
    refreshing = task
    let outcome = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
    refreshing = nil
    if let news = outcome.news { await notices.say(news) }
    return outcome
  }

  /// What the person answered when they were told what notices are for: the system asks then, once.
  public func answerNotices(_ wanted: Bool) async {
    offersNotices = false
    var asked = preferences
    asked.wasAskedForNotices = true
    prefer(asked)
    if wanted { await system.board.ask() }
  }

  /// Keeps what the person chose.
  public func prefer(_ preferences: Preferences) {
    self.preferences = preferences
    store.write(preferences)
    office?.words = words
    didChange?()
  }

  /// The person looks at the app: notices have served, and are offered where they would.
  private func lookedAt() async {
    await notices.clear()
    guard root == .today, preferences.wasAskedForNotices != true, let desk = office?.desk else { return }
    offersNotices = await notices.wouldServe(desk)
  }

  /// Who opens the app doesn't wait for a refresh: it lets go of the files.
  private func endRefresh() async {
    refreshing?.cancel()
    _ = await refreshing?.value
  }

  private func settle() async throws {
    guard let desk = office?.desk else { return }
    guard try await desk.ask({ try $0.isEnrolled() }) else { return root = .enrol }
    root = try await desk.ask { try $0.owner() }.kiosk == nil ? .today : .kiosk
  }

  private func move(_ choose: (Folders) throws -> URL) async {
    await leave()
    way.home()
    root = .opening
    do { _ = try choose(folders) } catch { return root = .shut(.storageFull) }
    await open()
  }

  /// The records are left as they are: what was being sent is broken off first, so that nobody goes on sending for who isn't there.
  private func leave() async {
    sender.stop()
    await sender.settled()
    await office?.leave(forGood: true)
    office = nil
    sender.start()
  }
}

extension Home: Whereabouts.Memory {
  var refusesPlace: Bool {
    get { preferences.refusesPlace == true }
    set {
      var known = preferences
      known.refusesPlace = newValue
      prefer(known)
    }
  }
}

extension Language {
  /// The language of a code such as `zh-Hans` or `en`.
  public init?(code: String) {
    if code.hasPrefix("zh") { self = .zh } else if code.hasPrefix("en") { self = .en } else { return nil }
  }
}

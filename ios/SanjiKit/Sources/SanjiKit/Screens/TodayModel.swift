import Foundation

/// Today: one button, the day in one sentence, what waits for the person, and one line of what waits to be sent.
@MainActor
public final class TodayModel: Model {
  /// Something that the person should know, above the button; most urgent first.
  public enum Notice: Hashable, Sendable {
    /// The key was lost: the principal lets the phone in again by six digits.
    case lostKey
    case revoked(Int64)
    case outdated
    /// By the code under which the words stand.
    case notTaken(String)
    /// The term is closed: its records take no more.
    case retired
    /// The earlier records can't be opened, and are kept.
    case replaced
    case wentBack
    /// The phone's clock is ahead by so many seconds; behind if negative.
    case clock(Int64)
    /// Nothing of the school has arrived yet.
    case firstDay
    /// Nobody's colleague today.
    case noPosting

    /// What there is to say of how the relay stands to a phone or kiosk; absent where all is well.
    init?(_ standing: Standing) {
      switch standing {
      case .fine: return nil
      case .outdated: self = .outdated
      case .unknown: self = .lostKey
      case .revoked(let at): self = .revoked(at)
      case .certificate, .refused: self = .notTaken(standing.code)
      }
    }
  }

  /// What stands open for the person.
  public struct Waiting: Equatable, Sendable {
    public var flagged = 0
    public var corrections = 0
  }

  /// From here on the clock's difference is said: less is an ordinary drift.
  private static let clockTolerance: Int64 = 120

  public private(set) var today: Today?
  public private(set) var said: DaySaid?
  public private(set) var sending: SendingSaid?
  public private(set) var notices: [Notice] = []
  public private(set) var waiting = Waiting()
  public private(set) var isHead = false
  /// The posting that is shown and checked for; chosen by who has several.
  public private(set) var posting: String?
  /// The last record was made on this screen just now: the button shows it.
  public private(set) var justRecorded: Entry?

  /// The county wants to know if the check is made at the school, and the phone is finding out.
  public private(set) var isFindingPlace = false

  private var hand = Hand()
  private var isTapping = false

  /// The day that is shown.
  public var day: PostingDay? { today?.postings.first { posting == nil || $0.posting == posting } }

  /// Somebody with several schools chooses one first.
  public var mustChoose: Bool { posting == nil && (today?.postings.count ?? 0) > 1 }

  /// Whether the person comes or goes next.
  public var next: Direction { day?.checks.last?.direction == .checkIn ? .checkOut : .checkIn }

  /// The last check, while it can be taken back.
  public var undoable: Check? { day?.checks.last { $0.mayVoid } }

  public override func load() async {
    let (chosen, language) = (posting, words.language)
    guard let state = await read({ try State($0, posting: chosen, language: language) }) else { return }
    if let before = today?.date, before != state.today.date, posting != nil {
      // Who has several schools says each day where they are.
      (posting, today) = (nil, nil)
      return await load()
    }
    (today, said, sending, isHead, waiting) = (state.today, state.said, state.sending, state.isHead, state.waiting)
    notices = Self.notices(of: state)
    if justRecorded != nil, undoable?.entry != justRecorded { justRecorded = nil }
    changed()
  }

  /// Shows another school.
  public func choose(_ posting: String) async {
    self.posting = posting
    await load()
  }

  /// The large button, with the direction that it showed: saved at once, sent in the background.
  public func tap(_ direction: Direction) async {
    guard !mustChoose, !isTapping, hand.taps(office.system.clock) else { return }
    isTapping = true
    await office.finish { await self.check(direction) }
    isTapping = false
  }

  private func check(_ direction: Direction) async {
    let posting = day?.posting ?? posting
    let fix = await findPlace(posting)
    let recorded = await record { phone in
      let place = try fix.map { try phone.place(postingId: posting, fix: $0) }
      return try phone.check(postingId: posting, direction: direction, place: place)
    }
    guard let entry = recorded else { return hand.rests() }
    justRecorded = entry
    await load()
  }

  /// Where the phone is: asked only where the county wants it. The outer absence means that nobody asked.
  private func findPlace(_ posting: String?) async -> Fix?? {
    guard (try? await office.desk.ask { try $0.placeWanted(postingId: posting) }) == true else { return .none }
    isFindingPlace = true
    changed()
    let fix = await office.whereabouts.fix()
    isFindingPlace = false
    return .some(fix)
  }

  /// Takes back the last check.
  public func undo() async {
    guard let check = undoable, !isTapping, hand.taps(office.system.clock) else { return }
    guard await record({ try $0.voidEntry(entry: check.entry) }) != nil else { return hand.rests() }
    await load()
  }

  private static func notices(of state: State) -> [Notice] {
    var notices = [Notice(state.today.standing)].compactMap { $0 }
    if state.today.postings.contains(where: { $0.checks.contains { $0.delivery == .retired } }) { notices.append(.retired) }
    if state.hasDigits, !notices.contains(.lostKey) { notices.append(.lostKey) }
    switch state.records {
    case .sound: break
    case .wentBack: notices.append(.wentBack)
    case .replaced: notices.append(.replaced)
    }
    if abs(state.today.clockAheadSecs) > clockTolerance { notices.append(.clock(state.today.clockAheadSecs)) }
    if state.today.postings.isEmpty {
      notices.append(.noPosting)
    } else if state.today.postings.allSatisfy({ $0.verdict == nil }) {
      notices.append(.firstDay)
    }
    return notices
  }

  /// All that the screen shows, read in one go.
  private struct State: Sendable {
    let today: Today
    let said: DaySaid?
    let sending: SendingSaid
    let records: Records
    let hasDigits: Bool
    let isHead: Bool
    let waiting: Waiting

    init(_ phone: Phone, posting: String?, language: Language) throws {
      let all = try phone.todaySaid(language: language)
      today = all.today
      let index = all.today.postings.firstIndex { posting == nil || $0.posting == posting }
      said = index.map { all.said[$0] }
      sending = try phone.sendingSaid(language: language)
      records = try phone.records()
      hasDigits = try phone.approvalDigits() != nil
      let owner = try phone.owner()
      isHead = owner.isHead
      waiting = Waiting(
        flagged: try phone.flagged().count,
        corrections: try owner.postings.flatMap { try phone.corrections(postingId: $0.posting) }.filter { $0.decision == "pending" }.count)
    }
  }
}

extension Owner {
  /// The schools that the person heads.
  public var headed: [Posting] { postings.filter { $0.role == "principal" || $0.role == "deputy" } }

  /// The person heads a school.
  public var isHead: Bool { !headed.isEmpty }
}

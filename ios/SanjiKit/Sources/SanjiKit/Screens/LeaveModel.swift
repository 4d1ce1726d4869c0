import Foundation

/// The leave of this term at each school where one works, and what can be done with it; what still waits comes first.
@MainActor
public final class LeaveModel: Model {
  /// A leave as the list shows it.
  public struct Row: Identifiable, Equatable, Sendable {
    public let leave: Leave
    /// The kinds of leave at its school.
    let kinds: [Named]
    let nowSecs: Int64
    public var id: Entry { leave.entry }

    /// The key of how it stands: `leave-withdrawn`, or by the decisions on its parts.
    public var standing: String {
      let decisions = leave.pieces.map(\.decision)
      if leave.withdrawn { return "leave-withdrawn" }
      return "decision-\(["pending", "approved"].first(where: decisions.contains) ?? "refused")"
    }

    private var isOver: Bool { leave.withdrawn || leave.pieces.contains { $0.returnedSecs != nil } }

    /// Its end has not come: it can still be changed or withdrawn.
    public var mayChange: Bool { !isOver && leave.pieces.contains { $0.toSecs > nowSecs } }

    /// It has begun and was approved: its end is the return.
    public var mayReturn: Bool { !isOver && leave.pieces.contains { $0.decision == "approved" && $0.fromSecs <= nowSecs } }
  }

  /// How leave may stand, in the order of the list.
  private static let order = ["decision-pending", "decision-approved", "decision-refused", "leave-withdrawn"]

  public private(set) var rows: [Row] = []

  public override func load() async {
    guard
      let rows = await read({ phone in
        let now = try phone.now().secs
        return try phone.owner().postings.flatMap { own in
          let kinds = try phone.leaveKinds(school: own.school)
          return try phone.leaves(postingId: own.posting).map { Row(leave: $0, kinds: kinds, nowSecs: now) }
        }
      })
    else { return }
    self.rows = Self.order.flatMap { standing in rows.filter { $0.standing == standing } }
    changed()
  }

  /// The word for the kind of a part.
  public func kind(_ piece: LeavePiece, of row: Row) -> String { row.kinds.first { $0.code == piece.kind }.map(words.name) ?? piece.kind }

  /// Withdraws a leave.
  public func withdraw(_ row: Row) async {
    let entry = row.id
    if await record({ try $0.withdrawLeave(leave: entry) }) != nil { await load() }
  }

  /// Closes a leave on return, now.
  public func comeBack(_ row: Row) async {
    let entry = row.id
    if await record({ try $0.returnFromLeave(leave: entry, returnedSecs: $0.now().secs) }) != nil { await load() }
  }
}

/// Applies for leave, or changes one.
@MainActor
public final class LeaveFormModel: Model {
  /// The one that is changed; absent for a new one.
  public let changing: Leave?
  public private(set) var kinds: [Named] = []
  public private(set) var postings: [Posting] = []
  public var posting: String?
  public var kind = ""
  /// Whole days, as most leave is; else from an hour to an hour.
  public var isWholeDays = true
  /// The beginning; of whole days only its day counts. The last day comes along where it would lie before the first.
  public var from = Date() { didSet { followFrom() } }
  /// The end; of whole days its day is the last.
  public var to = Date()
  public var reason = ""
  /// A picture of a certificate, already scaled.
  public var certificate: Data?
  public private(set) var isSaved = false

  public init(_ office: Office, changing: Leave? = nil) {
    self.changing = changing
    super.init(office)
    guard let changing, let first = changing.pieces.first, let last = changing.pieces.last else { return }
    (kind, from, to) = (first.kind, Dates.date(first.fromSecs), Dates.date(last.toSecs))
    isWholeDays = Dates.isMidnight(from) && Dates.isMidnight(to)
    if isWholeDays { (from, to) = (hour(8, of: from), hour(18, of: to.addingTimeInterval(-1))) }
  }

  /// A new application begins with the next working day's office hours; a kind is never chosen for the person.
  public override func load() async {
    let chosen = posting
    guard
      let (owner, kinds, next) = await read({ phone in
        let owner = try phone.owner()
        let school = owner.postings.first { chosen == nil || $0.posting == chosen }?.school
        return (owner, try school.map { try phone.leaveKinds(school: $0) } ?? [], try phone.nextWorkingDay())
      })
    else { return }
    if changing == nil, postings.isEmpty {
      (from, to) = (Dates.at(next, 8) ?? from, Dates.at(next, 18) ?? to)
    }
    (postings, self.kinds) = (owner.postings, kinds)
    changed()
  }

  /// Saves it.
  public func save() async {
    let (begins, ends) = isWholeDays ? (hour(0, of: from), hour(24, of: to)) : (from, to)
    let request = LeaveRequest(
      kind: kind, fromSecs: Dates.secs(begins), toSecs: Dates.secs(ends), reason: reason.filled, certificate: certificate)
    let (changing, posting) = (changing, posting)
    let saved = await record { phone in
      if let changing { return try phone.changeLeave(leave: changing.entry, request: request) }
      return try phone.applyLeave(postingId: posting, request: request)
    }
    isSaved = saved != nil
    changed()
  }

  private func followFrom() {
    if Dates.text(from) > Dates.text(to) { to = Dates.at(Dates.text(from), clock: Dates.clock(to)) ?? to }
  }

  private func hour(_ hour: Int, of day: Date) -> Date { Dates.at(Dates.text(day), hour) ?? day }
}

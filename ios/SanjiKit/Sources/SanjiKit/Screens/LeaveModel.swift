import Foundation

/// The leave of this term, and what can be done with it.
@MainActor
public final class LeaveModel: Model {
  public private(set) var leaves: [Leave] = []
  public private(set) var kinds: [Named] = []
  /// The posting that is shown; absent for who has one.
  public var posting: String?

  public override func load() async {
    let posting = posting
    guard
      let (leaves, kinds) = await read({ phone in
        let owner = try phone.owner()
        let school = owner.postings.first { posting == nil || $0.posting == posting }?.school
        return (try phone.leaves(postingId: posting), try school.map { try phone.leaveKinds(school: $0) } ?? [])
      })
    else { return }
    (self.leaves, self.kinds) = (leaves, kinds)
    changed()
  }

  /// The word for a kind.
  public func kind(_ code: String) -> String { kinds.first { $0.code == code }.map(words.name) ?? code }

  /// Withdraws a leave.
  public func withdraw(_ leave: Leave) async {
    if await record({ try $0.withdrawLeave(leave: leave.entry) }) != nil { await load() }
  }

  /// Closes a leave on return, now.
  public func comeBack(_ leave: Leave) async {
    if await record({ try $0.returnFromLeave(leave: leave.entry, returnedSecs: $0.today().nowSecs) }) != nil { await load() }
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

/// What waits for who heads a school: requests, contradictions, phones that ask to be let in, a week to publish.
@MainActor
public final class WaitsModel: Model {
  /// The relay is asked in passing for phones that wait: seldom, and more often while one does.
  private static let (seldomMs, oftenMs): (UInt64, UInt64) = (900_000, 20_000)

  /// The schools that the person heads, with how they are now.
  public private(set) var schools: [School] = []
  public private(set) var queue = 0
  public private(set) var conflicts = 0
  /// Phones that ask to be let in again.
  public private(set) var asking = 0
  private var askedMs: UInt64?
  private(set) var isAsking = false

  /// A school as its head sees it.
  public struct School: Hashable, Sendable {
    public let school: String
    public let name: String?
    public let sum: SchoolModel.Sum
    /// Somebody was at work there last week, which is not published.
    public let mayPublish: Bool
  }

  public override func load() async {
    let language = words.language
    guard
      let (schools, queue, conflicts) = await read({ phone in
        let (headed, today) = (try phone.owner().headed, try phone.today())
        guard let first = headed.first else { return ([School](), 0, 0) }
        return (
          try headed.map { try School(phone, $0, today) }, try phone.pending().count,
          try phone.conflicts(school: first.school, language: language).count
        )
      })
    else { return }
    (self.schools, self.queue, self.conflicts) = (schools, queue, conflicts)
    changed()
    if !schools.isEmpty { askInPassing() }
  }

  /// Who comes back to the screen may just have let one of them in.
  public override func follow() async {
    if asking > 0 { askedMs = nil }
    await super.follow()
  }

  /// Phones that wait are known to the relay alone. Without a network nothing is said of them.
  private func askInPassing() {
    let now = office.system.clock.elapsedMs()
    guard !isAsking, askedMs.map({ now >= $0 + (asking > 0 ? Self.oftenMs : Self.seldomMs) }) ?? true else { return }
    (isAsking, askedMs) = (true, now)
    Task {
      let found = try? await office.desk.fetch { try await $0.phonesAsking() }
      isAsking = false
      guard let found else { return }
      asking = found.count
      changed()
    }
  }
}

extension WaitsModel.School {
  fileprivate init(_ phone: Phone, _ posting: Posting, _ today: Today) throws {
    let school = posting.school
    let sum = SchoolModel.Sum(of: try phone.schoolDay(school: school, day: today.date), nowSecs: today.nowSecs)
    self.init(school: school, name: posting.schoolName, sum: sum, mayPublish: try phone.weekDue(school: school) != nil)
  }
}

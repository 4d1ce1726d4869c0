/// The visits of this term, newest first.
@MainActor
public final class VisitsModel: Model {
  public private(set) var visits: [VisitSummary] = []
  public private(set) var isHead = false

  public override func load() async {
    guard
      let (visits, isHead) = await read({ phone in
        (try phone.visits(day: phone.now().date), try phone.owner().isHead)
      })
    else { return }
    (self.visits, self.isHead) = (visits, isHead)
    changed()
  }
}

/// The plan of a visit, new or changed.
@MainActor
public final class VisitPlanModel: Model {
  /// The kinds, by their codes.
  public static let kinds = [
    "on_site_guidance", "drop_in_observation", "demonstration_lesson", "training", "joint_research", "lesson_delivery", "shadowing",
    "open_day", "results_show", "meeting", "inspection", "union_activity", "term_summary",
  ]
  /// The fields of a pairing, by their codes.
  public static let fields = ["guidance", "management", "research", "exchange"]

  /// The visit that is changed; absent for a new one.
  public let changing: String?
  /// The county's schools; the own ones until its document has arrived.
  public private(set) var schools: [SchoolName] = []
  public private(set) var colleagues: [RosterRow] = []
  public var kind = "on_site_guidance"
  public var date = ""
  public var host = ""
  public var field: String?
  public var visitors: [String] = []
  public var teachers: [String] = []
  public var announced = false
  /// The visit that was planned.
  public private(set) var planned: String?
  private var kept: VisitPlan?

  public init(_ office: Office, changing: String? = nil) {
    self.changing = changing
    super.init(office)
  }

  public override func load() async {
    let changing = changing
    guard
      let (owner, today, plan, colleagues, schools) = await read({ phone in
        let (owner, today) = (try phone.owner(), try phone.now().date)
        return (
          owner, today, try changing.flatMap { try phone.visit(document: $0).plan },
          try owner.postings.flatMap { try phone.people(of: $0.school, on: today) }, try phone.schools(day: today)
        )
      })
    else { return }
    let own = owner.postings.map { SchoolName(school: $0.school, name: $0.schoolName ?? $0.school) }
    (self.schools, self.colleagues) = (schools.isEmpty ? own : schools, colleagues)
    if kept == nil, let plan {
      (kind, date, host, field) = (plan.kind, plan.date, plan.host, plan.field)
      (visitors, teachers, announced, kept) = (plan.visitors, plan.teachers, plan.announced ?? false, plan)
    } else if date.isEmpty {
      (date, host, visitors) = (today, own.first?.school ?? "", [owner.person].compactMap { $0 })
    }
    changed()
  }

  /// Records it.
  public func save() async {
    let plan = VisitPlan(
      kind: kind, date: date, host: host, from: kept?.from, group: kept?.group, field: field, visitors: visitors, teachers: teachers,
      announced: announced)
    let changing = changing
    planned = await record { phone in
      guard let changing else { return try phone.planVisit(plan: plan) }
      _ = try phone.changeVisit(document: changing, plan: plan)
      return changing
    }
    changed()
  }
}

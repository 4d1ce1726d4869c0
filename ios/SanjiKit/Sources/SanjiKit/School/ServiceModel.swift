/// After-school service: the plan, today's sessions and the earlier ones.
@MainActor
public final class ServiceModel: Model {
  public private(set) var today = ""
  /// Where the person works.
  public private(set) var schools: [Posting] = []
  /// The school that is shown; chosen by who works at several.
  public var school: String?
  public private(set) var service: Service?
  public private(set) var contents: [Named] = []
  /// The person heads this school.
  public private(set) var isHead = false

  public override func load() async {
    let chosen = school
    guard
      let (today, owner, school, service, contents) = await read({ phone in
        let (owner, today) = (try phone.owner(), try phone.now().date)
        let school = chosen ?? owner.postings.first?.school
        return (
          today, owner, school, try school.map { try phone.service(school: $0, day: today) },
          try school.map { try phone.serviceContents(school: $0) } ?? []
        )
      }), chosen == self.school
    else { return }
    (self.today, schools, self.school, self.service, self.contents) = (today, owner.postings, school, service, contents)
    isHead = owner.headed.contains { $0.school == school }
    changed()
  }

  /// Today's sessions.
  public var current: [SessionShown] { service?.sessions.filter { $0.session.date == today } ?? [] }

  /// Earlier ones, newest first.
  public var earlier: [SessionShown] { (service?.sessions.filter { $0.session.date < today } ?? []).reversed() }

  /// The word for a content.
  public func content(_ code: String) -> String { contents.first { $0.code == code }.map(words.name) ?? code }
}

/// Records a session, or amends one.
@MainActor
public final class SessionModel: Model {
  /// The stages, by their codes.
  public static let stages = ["kindergarten", "primary", "junior", "senior"]

  /// The one that is amended; absent for a new one.
  public let amending: SessionShown?
  public private(set) var contents: [Named] = []
  /// What the rules don't allow: it can be named, to be told so.
  public private(set) var forbidden: [Named] = []
  public private(set) var projects: [String] = []
  public private(set) var colleagues: [RosterRow] = []
  public var date = ""
  public var start = "16:00"
  public var end = "18:00"
  public var content = ""
  public var stage: String?
  public var instructors: [Instructor] = []
  public var pupils = ""
  public var project: String?
  public private(set) var isSaved = false
  /// Whose service it is; absent: of the school where the person works.
  let school: String?
  private var at: String?

  public init(_ office: Office, school: String? = nil, amending: SessionShown? = nil) {
    (self.amending, self.school) = (amending, school)
    super.init(office)
    guard let said = amending?.session else { return }
    (date, start, end, content, stage) = (said.date, said.start, said.end, said.content, said.stage)
    (instructors, pupils, project) = (said.instructors, said.pupils.map(String.init) ?? "", said.project)
  }

  public override func load() async {
    let school = school
    guard
      let found = await read({ phone in
        let (owner, today) = (try phone.owner(), try phone.now().date)
        let own = owner.postings.first { school == nil || $0.school == school }
        guard let posting = own else { return Optional<Found>.none }
        return Found(
          posting: posting, today: today, contents: try phone.serviceContents(school: posting.school),
          forbidden: try phone.forbiddenContents(school: posting.school),
          projects: try phone.service(school: posting.school, day: today).plans.flatMap(\.plan.projects),
          colleagues: try phone.people(of: posting.school, on: today))
      }), let found
    else { return }
    (at, contents, projects, colleagues) = (found.posting.school, found.contents, found.projects, found.colleagues)
    forbidden = found.forbidden
    if date.isEmpty { date = found.today }
    if instructors.isEmpty, amending == nil { lead(found.posting.posting) }
    changed()
  }

  /// Whether the number of pupils can be read.
  public var pupilsAreReadable: Bool { pupils.filled == nil || UInt32(pupils) != nil }

  /// Whether the rules allow what was chosen.
  public var isAllowed: Bool { !forbidden.contains { $0.code == content } }

  /// A colleague leads it.
  public func lead(_ posting: String) {
    guard !instructors.contains(where: { $0.posting == posting }) else { return }
    instructors.append(Instructor(posting: posting, name: nil, outside: false, vetted: false))
    changed()
  }

  /// Somebody from outside leads it.
  public func lead(outside name: String, vetted: Bool) {
    instructors.append(Instructor(posting: nil, name: name.filled, outside: true, vetted: vetted))
    changed()
  }

  public func drop(_ instructor: Instructor) {
    instructors.removeAll { $0 == instructor }
    changed()
  }

  /// The name of who leads it.
  public func name(_ instructor: Instructor) -> String {
    instructor.name ?? colleagues.first { $0.posting == instructor.posting }?.name ?? ""
  }

  /// Records it.
  public func save() async {
    guard let at, pupilsAreReadable, isAllowed else { return }
    let session = Session(
      date: date, start: start, end: end, content: content, stage: stage, instructors: instructors, pupils: UInt32(pupils),
      project: project)
    let amended = amending?.entry
    isSaved =
      await record { phone in
        guard let amended else { return try phone.recordSession(school: at, session: session) }
        return try phone.amendSession(amended: amended, session: session)
      } != nil
    changed()
  }

  private struct Found: Sendable {
    let posting: Posting
    let today: String
    let contents: [Named]
    let forbidden: [Named]
    let projects: [String]
    let colleagues: [RosterRow]
  }
}

/// The handover at the end of a session.
@MainActor
public final class HandoverModel: Model {
  public let session: SessionShown
  /// Whose service it is; absent: of the school where the person works.
  let school: String?
  public private(set) var colleagues: [RosterRow] = []
  /// To a colleague; absent: to the families.
  public var to: String?
  public var pupils = ""
  public var text = ""
  public private(set) var isSaved = false

  public init(_ office: Office, school: String? = nil, session: SessionShown) {
    (self.session, self.school) = (session, school)
    super.init(office)
    pupils = session.session.pupils.map(String.init) ?? ""
  }

  public override func load() async {
    let (date, school) = (session.session.date, school)
    guard
      let colleagues = await read({ phone in
        // Nobody hands over to themselves.
        let owner = try phone.owner()
        let own = owner.postings.first { school == nil || $0.school == school }
        return try own.map { try phone.people(of: $0.school, on: date) }?.filter { $0.person != owner.person } ?? []
      })
    else { return }
    self.colleagues = colleagues
    changed()
  }

  /// Whether the number of pupils can be read.
  public var pupilsAreReadable: Bool { pupils.filled == nil || UInt32(pupils) != nil }

  /// Records it.
  public func save() async {
    guard pupilsAreReadable else { return }
    let (entry, to, pupils, text) = (session.entry, to, UInt32(pupils), text.filled)
    isSaved = await record { try $0.handOver(session: entry, to: to, pupils: pupils, text: text) } != nil
    changed()
  }
}

/// The plan of a term's service.
@MainActor
public final class ServicePlanModel: HeadModel {
  /// The one that is changed; absent for a new one.
  public let changing: PlanShown?
  public var from = ""
  public var to = ""
  /// One on each line.
  public var projects = ""
  public var text = ""

  public init(_ office: Office, school: String? = nil, changing: PlanShown? = nil) {
    self.changing = changing
    super.init(office, school: school)
    guard let plan = changing?.plan else { return }
    (from, to, projects, text) = (plan.from, plan.to, plan.projects.joined(separator: "\n"), plan.text ?? "")
  }

  public override func load() async {
    await super.load()
    if from.isEmpty { (from, to) = (today, Dates.day(today, plus: 120)) }
    changed()
  }

  /// Records it.
  public func save() async {
    let projects = projects.split(whereSeparator: \.isNewline).compactMap { String($0).filled }
    let plan = ServicePlan(from: from, to: to, projects: projects, text: text.filled)
    let before = changing?.entry
    _ = await direct { try $0.planService(school: $1, plan: plan, instead: before) }
  }
}

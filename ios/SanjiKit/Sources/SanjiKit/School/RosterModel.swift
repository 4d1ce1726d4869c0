/// The school's people.
@MainActor
public final class RosterModel: HeadModel {
  /// The roles that a head gives; the others are the county's to give.
  public static let roles = ["staff", "coordinator_enrolment", "coordinator_fees"]

  public private(set) var rows: [RosterRow] = []

  public override func load() async {
    await super.load()
    guard let school else { return }
    let today = today
    guard let rows = await read({ try $0.people(of: school, on: today) }) else { return }
    self.rows = rows
    changed()
  }
}

/// A new colleague, or a row that changes.
@MainActor
public final class RosterRowModel: HeadModel {
  /// The row that is changed; absent for somebody new.
  public let changing: RosterRow?
  public var name = ""
  public var role = "staff"
  /// Where nobody said it, the person counts as one who teaches.
  public var teaches = true
  public var from = ""
  /// The last day, where it is known.
  public var to = ""
  /// The person that this phone belongs to; absent until it was read.
  private var owner: String?

  public init(_ office: Office, school: String? = nil, changing: RosterRow? = nil) {
    self.changing = changing
    super.init(office, school: school)
    guard let changing else { return }
    (name, role, teaches, from, to) = (changing.name, changing.role, changing.teaches ?? true, changing.from, changing.to ?? "")
  }

  public override func load() async {
    await super.load()
    owner = await read { try $0.owner().person } ?? owner
    if from.isEmpty { from = today }
    changed()
  }

  /// Whether it is a head's to change: whom the county names, the county changes, and nobody changes their own row. Nothing is offered
  /// before it is known whose it is.
  public var mayChange: Bool {
    guard let changing else { return true }
    return RosterModel.roles.contains(changing.role) && owner != nil && changing.person != owner
  }

  /// Records it.
  public func save() async {
    guard mayChange else { return }
    let (name, role, teaches, from, to) = (name, role, teaches, from, to.filled)
    guard let changing else {
      _ = await direct { try $0.addNewcomer(school: $1, name: name, role: role, from: from, teaches: teaches) }
      return
    }
    let row = RosterRow(
      person: changing.person, posting: changing.posting, name: name, role: role, from: from, to: to,
      teaches: teaches == (changing.teaches ?? true) ? changing.teaches : teaches)
    _ = await direct { try $0.setRoster(school: $1, row: row) }
  }
}

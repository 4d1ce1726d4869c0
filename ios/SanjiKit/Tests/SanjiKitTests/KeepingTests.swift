import Testing

@testable import SanjiKit

/// What a head keeps of the school: its people, its settings, flexible hours.
@MainActor @Suite struct KeepingTests {
  @Test("A head changes a colleague's row, and not that of who heads the school: the county does that")
  func rosterRows() async throws {
    let school = try await School.open()
    let roster = RosterModel(try school.principal.office)
    await roster.load()
    let principal = try #require(roster.rows.first { $0.name == Relay.principal })
    let teacher = try #require(roster.rows.first { $0.name == Relay.teacher })
    for (row, mayChange) in [(principal, false), (teacher, true)] {
      let form = RosterRowModel(try school.principal.office, changing: row)
      await form.load()
      #expect(form.mayChange == mayChange)
      form.name += "(大)"
      await form.save()
      #expect(form.isDone == mayChange)
    }
    try await school.principal.sync()
    await roster.load()
    #expect(Set(roster.rows.map(\.name)) == [Relay.principal, "\(Relay.teacher)(大)"])
    #expect(try await school.principal.ask { try $0.flagged().isEmpty }, "no role is offered that a head can't give")
  }

  @Test("A second row of one's own isn't offered for changing either: the relay wouldn't let it count")
  func ownRow() async throws {
    let school = try await School.open()
    try school.relay.addSecondRow()
    try await school.principal.sync()
    let roster = RosterModel(try school.principal.office)
    await roster.load()
    let second = try #require(roster.rows.first { $0.name == Relay.principalTeaching })
    #expect(second.role == "staff", "it is of a role that a head gives")
    let form = RosterRowModel(try school.principal.office, changing: second)
    #expect(!form.mayChange, "nothing is offered before it is known whose it is")
    await form.load()
    #expect(!form.mayChange && form.trouble == nil)
    await form.save()
    #expect(!form.isDone)
    try expectWords("roster-not-yours")
  }

  @Test("Who isn't said to teach or not counts as one who teaches; a change of something else leaves that as it is")
  func teaches() async throws {
    let school = try await School.open()
    let roster = RosterModel(try school.principal.office)
    for (teaches, said) in [(true, nil), (false, false), (true, true)] as [(Bool, Bool?)] {
      await roster.load()
      let form = RosterRowModel(try school.principal.office, changing: try #require(roster.rows.first { $0.name == Relay.teacher }))
      await form.load()
      form.teaches = teaches
      await form.save()
      await roster.load()
      #expect(form.isDone && roster.rows.first { $0.name == Relay.teacher }?.teaches == said)
    }
  }

  @Test("Who heads two schools keeps each one's people and service by itself")
  func twoSchools() async throws {
    let school = try await School.open()
    try school.relay.addSecondHeaded()
    try await school.principal.sync()
    let office = try school.principal.office
    let roster = RosterModel(office)
    await roster.load()
    let second = try #require(roster.schools.first { $0.schoolName == Relay.secondSchool }).school
    for other in roster.schools.map(\.school) {
      let form = RosterRowModel(office, school: other)
      await form.load()
      form.name = other == second ? "赵新来" : "钱又来"
      await form.save()
      #expect(form.isDone && form.colleague("").school == other)
      let session = SessionModel(office, school: other)
      await session.load()
      session.content = try #require(session.contents.first).code
      await session.save()
      #expect(session.isSaved, "\(String(describing: session.trouble))")
      roster.school = other
      await roster.load()
      #expect(roster.rows.map(\.name).contains(form.name) && roster.rows.count == (other == second ? 2 : 3))
      let service = ServiceModel(office)
      service.school = other
      await service.load()
      #expect(service.current.count == 1 && service.isHead && service.schools.count == 2)
    }
  }

  /// What stands on a day, by the library's word.
  private func stands(_ school: School, on day: String) async throws -> SchoolProfile {
    try await school.principal.ask { try $0.profile(school: $0.owner().postings[0].school, day: day) }
  }

  @Test("The school's settings begin with what stands, and what was set is taken back; nonsense is said at its field")
  func profile() async throws {
    let school = try await School.open()
    let profile = ProfileModel(try school.principal.office)
    #expect(!profile.isReady)
    await profile.load()
    #expect(profile.isReady && profile.fields == ProfileModel.Fields() && !profile.hasWindows, "a kindergarten's windows are fixed")
    profile.fields.dismissal = "下午四点"
    await profile.save()
    #expect(profile.trouble(at: "dismissal") != nil && !profile.isDone)
    (profile.fields.dismissal, profile.fields.rulesVersion, profile.fields.boarding) = ("16:00", "2026-1", true)
    await profile.save()
    #expect(profile.isDone, "\(String(describing: profile.trouble))")

    let again = ProfileModel(try school.principal.office)
    await again.load()
    #expect(again.fields == profile.fields)
    again.fields.boarding = false
    await again.save()
    #expect(again.isDone)
    let now = try await stands(school, on: "2026-03-02")
    #expect(!now.boarding && now.dismissal == "16:00" && now.rulesVersion == "2026-1")
  }

  @Test("Who chooses another day sees what stands then, beside what they typed; a day that nobody changed keeps what is set for it")
  func laterDay() async throws {
    let school = try await School.open()
    let later = ProfileModel(try school.principal.office)
    await later.load()
    later.from = "2026-04-01"
    await until { later.isReady }
    later.fields.dismissal = "15:30"
    await later.save()
    #expect(later.isDone)
    let profile = ProfileModel(try school.principal.office)
    await profile.load()
    #expect(profile.from == "2026-03-02" && profile.fields.dismissal.isEmpty)
    profile.fields.rulesVersion = "2026-2"
    profile.from = "2026-04-02"
    #expect(!profile.isReady, "nothing is saved by what stood on another day")
    await until { profile.isReady }
    #expect(profile.fields.dismissal == "15:30" && profile.fields.rulesVersion == "2026-2")
    await profile.save()
    let (before, after) = (try await stands(school, on: "2026-03-31"), try await stands(school, on: "2026-04-02"))
    #expect(before.dismissal == nil && before.rulesVersion == nil)
    #expect(after.dismissal == "15:30" && after.rulesVersion == "2026-2")
  }

  @Test("Windows of the school's own are given whole, and only where the scheme lets it have some")
  func windows() async throws {
    let school = try await School.open()
    let profile = ProfileModel(try school.principal.office)
    await profile.load()
    profile.fields.windows[0] = "08:00"
    await profile.save()
    #expect(profile.isHalfFilled && !profile.isDone && profile.trouble == nil)
    profile.fields.windows = ["08:00", "11:00", "14:00", "17:00"]
    await profile.save()
    #expect(!profile.isHalfFilled && !profile.isDone && profile.trouble(at: "windows")?.key == "problem-windows")
    for key in ProfileModel.ends + ["settings-bad-windows", "settings-windows-fixed", "problem-windows"] { try expectWords(key) }
  }

  @Test("What was granted of flexible hours is listed by colleague, and changed by saving again; nobody grants themselves any")
  func flexible() async throws {
    let school = try await School.open()
    let flexible = FlexibleModel(try school.principal.office)
    await flexible.load()
    #expect(flexible.roster.map(\.name) == [Relay.teacher] && flexible.granted.isEmpty)
    flexible.posting = flexible.roster.first?.posting
    await flexible.save()
    #expect(flexible.trouble(at: "ground", "reason")?.key == "problem-reason_needed" && flexible.granted.isEmpty)
    flexible.ground = "送考"
    await flexible.save()
    #expect(flexible.isDone && flexible.granted.map(\.to) == ["2026-04-01"])
    flexible.to = "2026-03-20"
    await flexible.save()
    #expect(flexible.isDone && flexible.granted.map(\.to) == ["2026-03-20"], "it was changed, not granted twice")
    flexible.to = "soon"
    await flexible.save()
    #expect(flexible.trouble?.field == "to")

    let later = FlexibleModel(try school.principal.office)
    await later.load()
    later.posting = flexible.posting
    await until { !later.granted.isEmpty }
    #expect(later.changing == nil && later.ground.isEmpty)
    (later.from, later.to, later.ground) = ("2026-05-04", "2026-05-08", "家中有病人")
    await later.save()
    #expect(later.granted.map(\.ground) == ["家中有病人", "送考"])
    later.change(try #require(later.granted.last))
    #expect(later.from == "2026-03-02" && later.to == "2026-03-20" && later.ground == "送考")
    later.to = "2026-03-13"
    await later.save()
    #expect(later.granted.map(\.to) == ["2026-05-08", "2026-03-13"])
    try await school.principal.sync()
    #expect(try await school.principal.ask { try $0.flagged().isEmpty })
  }
}

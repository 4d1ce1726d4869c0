import Testing

@testable import SanjiKit

/// Records that can't be opened, and the ways on from there.
@MainActor @Suite struct ShutTests {
  @Test("A full disk shuts the records; once there is room they open for who comes back to the app, and nothing is lost")
  func full() async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    let disk = SmallDisk("shut")
    let pocket = Pocket(clock, root: disk.root)
    try await pocket.enrol(relay.invite(Relay.teacher).qr)
    pocket.network.isOn = false
    await TodayModel(try pocket.office).tap()
    await pocket.end()
    try disk.fill()
    await pocket.open()
    #expect(pocket.home.root == .shut(.storageFull) && pocket.home.office == nil)
    #expect(ShutModel.steps(for: .storageFull) == [.again, .settings])
    await ShutModel(pocket.home).again()
    #expect(pocket.home.root == .shut(.storageFull))
    // The person makes room elsewhere.
    await pocket.home.pause()
    try disk.makeRoom()
    await pocket.home.resume()
    #expect(pocket.home.root == .today)
    let today = TodayModel(try pocket.office)
    await today.load()
    #expect(today.day?.checks.map(\.delivery) == [.waiting])
    #expect(try await pocket.ask { try $0.records() } == .sound)

    // Who wants to leave the phone to somebody else needs room for them.
    try disk.fill()
    await pocket.home.logOut()
    #expect(pocket.home.root == .shut(.storageFull))
    try disk.makeRoom()
    await ShutModel(pocket.home).again()
    let kept = RecordsModel(try pocket.office, home: pocket.home)
    await kept.load()
    #expect(kept.rows.first?.name == Relay.teacher && kept.rows.first?.unsent == 1)
    await pocket.home.pause()
  }

  @Test("An app that becomes active while it opens its records opens them once")
  func once() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    await pocket.end()
    let home = pocket.home
    async let opens: Void = home.open()
    async let becomesActive: Void = home.resume()
    _ = await (opens, becomesActive)
    #expect(home.root == .today)
    #expect(try await pocket.ask { try $0.records() } == .sound)
  }

  @Test("Who turned to somebody's records that don't open comes back to their own")
  func others() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    await pocket.home.logOut()
    try await pocket.enrol(school.relay.invite(Relay.principal).qr)
    let (first, own) = (try #require(Folders(root: pocket.root).all().first), pocket.home.folder)
    try pocket.keys("1").fail(KeyError.Unavailable(reason: "locked"))
    await pocket.home.goBack(to: first)
    #expect(pocket.home.root == .shut(.keysUnavailable))
    let shut = ShutModel(pocket.home)
    await shut.load()
    #expect(shut.others.map(\.name) == [Relay.principal] && shut.others.map(\.isCurrent) == [false])
    await shut.goBack(to: try #require(shut.others.first))
    #expect(pocket.home.root == .today && pocket.home.folder == own)
    #expect(try await pocket.ask { try $0.owner().isHead })
  }

  @Test("Whatever shut the records, they can be opened again from there; no button leads where the app can't know the way")
  func steps() throws {
    for trouble in [Trouble.updateNeeded, .storageFull, .closed, .keysUnavailable, .failed] {
      let steps = ShutModel.steps(for: trouble)
      #expect(steps.first == .again && !steps.contains(.update))
      for step in steps { try expectWords(try #require(step.key)) }
    }
  }
}

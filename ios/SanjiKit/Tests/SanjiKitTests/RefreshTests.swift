import Testing

@testable import SanjiKit

@MainActor @Suite struct RefreshTests {
  @Test("A refresh in the background sends every folder that has something, says when to try again, and stops when told")
  func refresh() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    school.relay.stop()
    await TodayModel(try pocket.office).tap()
    try await pocket.office.sent()
    await pocket.home.pause()
    let refresh = Refresh(system: pocket.home.system, language: .zh)
    let failed = await refresh.run()
    #expect(failed.unsent == 1 && failed.folders == ["1"])
    #expect(failed.nextInMs == failed.retryInMs)
    let silent = try SilentRelay(at: school.relay.address)
    let told = Task.detached { await refresh.run() }
    await silent.waitForConnection()
    told.cancel()
    await silent.waitForEnd()
    #expect(await told.value.unsent == 1)
    silent.close()
    try school.relay.start()
    let sent = await refresh.run()
    #expect(sent.unsent == 0 && sent.nextInMs == 3 * 60 * 60_000)
    let early = Task { await refresh.run() }
    early.cancel()
    #expect(await early.value.folders.isEmpty)
    await pocket.home.resume()
    #expect(pocket.home.root == .today)
  }

  @Test("Who opens the app doesn't wait for a refresh that is under way")
  func refreshUnderWay() async throws {
    let school = try await School.open()
    let (pocket, home) = (school.teacher, school.teacher.home)
    _ = try await pocket.ask { try $0.check(postingId: nil, direction: .checkIn, place: nil) }
    school.relay.stop()
    let silent = try SilentRelay(at: school.relay.address)
    await home.pause()
    let refreshing = Task { await home.refresh() }
    await silent.waitForConnection()
    await home.resume()
    #expect(home.root == .today)
    #expect(await refreshing.value.unsent == 1)
    silent.close()
    try school.relay.start()
    try await pocket.sync()
  }

  @Test("Who opens the app during a refresh in the background never hears that the records are open elsewhere")
  func openedDuringRefresh() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    _ = try await pocket.ask { try $0.check(postingId: nil, direction: .checkIn, place: nil) }
    school.relay.stop()
    let silent = try SilentRelay(at: school.relay.address)
    await pocket.end()
    let home = pocket.home
    let refreshing = Task { await home.refresh() }
    await silent.waitForConnection()
    await home.open()
    #expect(home.root == .today)
    #expect(await refreshing.value.unsent == 1)
    silent.close()
    // At whatever moment of a refresh.
    for yields in 0..<24 {
      await home.pause()
      let refreshing = Task { await home.refresh() }
      for _ in 0..<yields * 8 { await Task.yield() }
      await home.resume()
      #expect(home.root == .today)
      _ = await refreshing.value
    }
    // One that begins while the app is open leaves its folder to it.
    #expect(await home.refresh().folders.isEmpty)
    try school.relay.start()
    try await pocket.sync()
  }
}

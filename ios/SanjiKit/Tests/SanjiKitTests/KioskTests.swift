import Testing

@testable import SanjiKit

@MainActor @Suite struct KioskTests {
  @Test("A kiosk knows a person by their PIN, shows their last taps, and nothing to the next one")
  func kiosk() async throws {
    let school = try await School.open()
    let kiosk = Pocket(school.clock)
    try await kiosk.enrol(school.relay.inviteKiosk())
    #expect(kiosk.home.root == .kiosk)
    try await school.exchange()
    let pin = PinModel(try school.teacher.office)
    await pin.load()
    #expect(pin.hasKiosk)
    (pin.pin, pin.again) = ("12", "13")
    await pin.save()
    #expect(!pin.isRepeated && !pin.isSaved)
    pin.again = "12"
    await pin.save()
    #expect(pin.trouble?.key == "problem-pin_shape")
    (pin.pin, pin.again) = ("2468", "2468")
    await pin.save()
    #expect(pin.isSaved && pin.pin.isEmpty)
    try await school.teacher.sync()
    try await kiosk.sync()

    let screen = KioskModel(try kiosk.office)
    await screen.load()
    let nobody = try #require(screen.people.first { !$0.hasPin })
    screen.choose(nobody)
    screen.pin = "1111"
    await screen.unlock()
    #expect(screen.trouble?.key == "problem-no_pin")
    screen.choose(try #require(screen.people.first { $0.name == Relay.teacher }))
    #expect(screen.trouble == nil && screen.pin.isEmpty)
    screen.pin = "1357"
    await screen.unlock()
    #expect(screen.trouble?.key == "problem-pin_wrong")
    #expect(screen.taps == nil && screen.pin.isEmpty)
    screen.pin = "2468"
    await screen.unlock()
    #expect(screen.taps == [] && screen.next == .checkIn)
    await screen.check(.checkIn)
    #expect(screen.taps?.map(\.direction) == [.checkIn])
    school.clock.pass(seconds: 2)
    await screen.undo(try #require(screen.taps?.first))
    #expect(screen.taps == [])
    school.clock.pass(seconds: 2)
    await screen.check(.checkIn)
    #expect(screen.next == .checkOut)
    screen.leave()
    #expect(screen.person == nil && screen.taps == nil && screen.pin.isEmpty)
    try await kiosk.sync()

    let out = KioskOutModel(try school.principal.office)
    await out.load()
    await out.save()
    #expect(out.trouble?.key == "problem-reason_needed", "\(String(describing: out.trouble))")
    out.reason = "停电"
    await out.save()
    #expect(out.isDone)
  }

  @Test("The second tap of two doesn't take back what the first recorded; the next person's first tap is their own")
  func secondTap() async throws {
    let school = try await School.open()
    let screen = KioskModel(try await school.kiosk().office)
    try await screen.come()
    await screen.check(.checkIn)
    let tap = try #require(screen.undoable)
    await screen.undo(tap)
    #expect(screen.taps == [tap] && screen.trouble == nil)
    school.clock.pass(seconds: 2)
    await screen.undo(tap)
    await screen.check(.checkIn)
    #expect(screen.taps == [], "nor does it record again what was taken back")
    screen.leave()
    try await screen.come()
    await screen.check(.checkIn)
    #expect(screen.taps?.map(\.direction) == [.checkIn])
  }

  @Test("Who forgot to check out yesterday comes in today; the other way stands beside it")
  func forgotten() async throws {
    let school = try await School.open()
    let screen = KioskModel(try await school.kiosk().office)
    try await screen.come()
    await screen.check(.checkIn)
    #expect(screen.undoable?.direction == .checkIn, "it stands in the place of the buttons")
    screen.leave()
    await screen.office.sent()
    school.clock.pass(hours: 1)
    try await screen.come()
    #expect(screen.undoable == nil && screen.next == .checkOut && screen.other == .checkIn)
    screen.leave()
    school.clock.pass(hours: 23)
    try await screen.come()
    #expect(screen.taps?.first?.direction == .checkIn)
    #expect(screen.next == .checkIn && screen.other == .checkOut)
    await screen.check(screen.other)
    #expect(screen.taps?.map(\.direction) == [.checkOut, .checkIn])
  }

  @Test("A kiosk that nobody touches goes back to its list and forgets the PIN; a touch begins the time anew")
  func patience() async throws {
    let school = try await School.open()
    let held = HeldSleep()
    let kiosk = try await school.kiosk(sleep: { await held($0) })
    let screen = KioskModel(try kiosk.office)
    try await screen.come()
    screen.search = "王"
    // The name, the PIN, its end, the search; then one touch more, which is waited for last.
    await until { held.durations.count == 4 }
    screen.touched()
    await until { held.durations.count == 5 }
    #expect(Set(held.durations) == [Patience.longest])
    held.pass(4)
    for _ in 0..<100 { await Task.yield() }
    #expect(screen.person != nil && screen.pin == "2468")
    held.pass()
    await until { screen.person == nil }
    #expect(screen.taps == nil && screen.pin.isEmpty && screen.search.isEmpty)
  }

  @Test("An answer that comes after the person went shows nothing of them")
  func late() async throws {
    let school = try await School.open()
    let screen = KioskModel(try await school.kiosk().office)
    await screen.load()
    screen.choose(try #require(screen.people.first { $0.name == Relay.teacher }))
    screen.pin = "2468"
    let asking = Task { await screen.unlock() }
    await until { screen.isBusy }
    screen.leave()
    await asking.value
    #expect(screen.person == nil && screen.taps == nil && screen.pin.isEmpty)
  }

  @Test("A kiosk's settings open to who types the digits that stand there; what waits is shown before, and goes out as a file")
  func gate() async throws {
    let school = try await School.open()
    let held = HeldSleep()
    let kiosk = try await school.kiosk(sleep: { await held($0) })
    let office = try kiosk.office
    let screen = KioskModel(office)
    kiosk.network.isOn = false
    try await screen.come()
    await screen.check(.checkIn)
    screen.leave()
    office.way.open(.kioskGate)
    let gate = KioskGateModel(office)
    await gate.load()
    #expect(gate.sending?.unsent == 1 && gate.digits.count == 4)
    gate.pass()
    gate.typed = String(gate.digits.reversed()) + "0"
    gate.pass()
    #expect(office.way.above == [.kioskGate])
    let sending = SendingModel(office)
    await sending.load()
    #expect(sending.trouble == nil && sending.unsent?.waiting == 1)
    await sending.makeFile(in: newFolder("out"))
    let file = try #require(sending.file)
    #expect(try school.relay.run("bundle", "import", file.path).contains(#""new""#))
    gate.typed = gate.digits
    gate.pass()
    #expect(office.way.above == [.settings])
    // Who opened them and went away has not left them open.
    kiosk.home.touched()
    await until {
      held.pass()
      return office.way.above.isEmpty
    }
  }

  @Test("A head sets the PIN of somebody without a phone, who then checks in at the kiosk")
  func colleaguePin() async throws {
    let school = try await School.open()
    let kiosk = Pocket(school.clock)
    try await kiosk.enrol(school.relay.inviteKiosk())
    try await school.exchange()
    let now = SchoolModel(try school.principal.office)
    await now.load()
    let teacher = try #require(now.people.first { $0.name == Relay.teacher })
    let model = PinModel(try school.principal.office, of: now.colleague(teacher.posting))
    await model.load()
    #expect(model.name == Relay.teacher && model.postings.isEmpty && model.isReady)
    (model.pin, model.again) = ("2468", "2469")
    await model.save()
    #expect(!model.isSaved)
    model.again = "2468"
    await model.save()
    #expect(model.isSaved && model.pin.isEmpty && model.again.isEmpty, "\(String(describing: model.trouble))")
    try await school.principal.sync()
    try await kiosk.sync()
    let screen = KioskModel(try kiosk.office)
    try await screen.come()
    await screen.check(.checkIn)
    #expect(screen.taps?.map(\.direction) == [.checkIn])
    #expect(screen.people.first { $0.name == Relay.principal }?.hasPin == false, "nobody else has got it")
  }

  @Test("A PIN is for every kiosk; who has two schools chooses one first")
  func pins() async throws {
    let clock = SchoolClock()
    let relay = try Relay.start(clock)
    try relay.addSecondSchool()
    let (teacher, kiosks) = (Pocket(clock), [Pocket(clock), Pocket(clock)])
    try await teacher.enrol(relay.invite(Relay.teacher).qr)
    for kiosk in kiosks { try await kiosk.enrol(relay.inviteKiosk()) }
    try await teacher.sync()
    let model = PinModel(try teacher.office)
    await model.load()
    #expect(model.hasKiosk && model.postings.count == 2 && model.posting == nil && !model.isReady)
    (model.pin, model.again) = ("2468", "2468")
    await model.save()
    #expect(!model.isSaved)
    model.posting = model.postings.first { $0.schoolName == Relay.school }?.posting
    await model.save()
    #expect(model.isSaved, "\(String(describing: model.trouble))")
    try await teacher.sync()
    for kiosk in kiosks {
      try await kiosk.sync()
      try await KioskModel(try kiosk.office).come()
    }
  }
}

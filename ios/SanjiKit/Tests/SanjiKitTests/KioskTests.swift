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
    #expect(pin.kiosks.count == 1)
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
    await screen.undo(try #require(screen.taps?.first))
    #expect(screen.taps == [])
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
}

import Testing

@testable import SanjiKit

extension School {
  /// A kiosk at which the teacher has a PIN.
  func kiosk(sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }) async throws -> Pocket {
    let kiosk = Pocket(clock, sleep: sleep)
    try await kiosk.enrol(relay.inviteKiosk())
    try await setPin()
    try await kiosk.sync()
    return kiosk
  }

  /// The teacher has heard of the kiosk and sets a PIN.
  func setPin() async throws {
    try await exchange()
    let pin = PinModel(try teacher.office)
    await pin.load()
    (pin.pin, pin.again) = ("2468", "2468")
    await pin.save()
    try #require(pin.isSaved)
    try await teacher.sync()
  }
}

extension KioskModel {
  /// The teacher chooses their name and types the PIN.
  func come() async throws {
    await load()
    choose(try #require(people.first { $0.name == Relay.teacher }))
    pin = "2468"
    await unlock()
    try #require(taps != nil, "\(String(describing: trouble))")
  }
}

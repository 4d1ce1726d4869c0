/// An unsteady hand taps twice: the second tap was meant for the button that the first has changed.
struct Hand {
  private static let sameTapMs: UInt64 = 2000
  private var lastMs: UInt64?

  /// Whether a tap now is one of its own.
  mutating func taps(_ clock: any SystemClock) -> Bool {
    let now = clock.elapsedMs()
    if let lastMs, now >= lastMs, now - lastMs < Self.sameTapMs { return false }
    lastMs = now
    return true
  }

  /// Nothing was changed, or another hand is there: the next tap is meant as it is.
  mutating func rests() { lastMs = nil }
}

import Darwin
import Foundation
import SanjiKit

/// The device's clocks: the wall clock, one that runs on while the device sleeps, and the name of this boot.
final class DeviceClock: SystemClock, Sendable {
  private let numerator: UInt64
  private let denominator: UInt64
  private let session: String

  init() {
    var base = mach_timebase_info_data_t()
    mach_timebase_info(&base)
    (numerator, denominator) = (UInt64(base.numer), UInt64(base.denom))
    session = Self.bootSession()
  }

  func wallSecs() -> Int64 { Dates.secs(Date()) }

  func elapsedMs() -> UInt64 {
    // In parts, so that nothing overflows.
    let ticks = mach_continuous_time()
    let nanoseconds = ticks / denominator * numerator + ticks % denominator * numerator / denominator
    return nanoseconds / 1_000_000
  }

  func boot() -> String { session }

  private static func bootSession() -> String {
    var size = 0
    guard sysctlbyname("kern.bootsessionuuid", nil, &size, nil, 0) == 0, size > 1 else { return fallback }
    var text = [CChar](repeating: 0, count: size)
    guard sysctlbyname("kern.bootsessionuuid", &text, &size, nil, 0) == 0 else { return fallback }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Without the system's name each start of the app counts as a boot: less is known of the time, nothing wrong is.
  private static let fallback = UUID().uuidString
}

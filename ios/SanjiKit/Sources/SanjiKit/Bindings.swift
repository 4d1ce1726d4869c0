// The one file that names the generated module: its records are the app's too.
@_exported import SanjiCore

/// What the system says of its clocks. (Swift's own library has a `Clock` too.)
public typealias SystemClock = SanjiCore.Clock

/// Whether somebody comes or goes.
public typealias Direction = SanjiCore.Direction

extension WordArg: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  public init(stringLiteral value: String) { self = .text(value: value) }
  public init(integerLiteral value: Int64) { self = .number(value: value) }

  /// A count.
  public static func count<Whole: BinaryInteger>(_ value: Whole) -> WordArg { .number(value: Int64(value)) }
}

extension Unsent {
  /// How many wait: records, and once they are delivered the pictures that are still here.
  public var waiting: UInt64 { entries > 0 ? entries : blobs }
}

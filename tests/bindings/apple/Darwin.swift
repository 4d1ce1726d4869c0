@_exported import Foundation

public struct mach_timebase_info_data_t {
  public init() { fatalError() }
  public var numer: UInt32
  public var denom: UInt32
}

@discardableResult public func mach_timebase_info(_ info: UnsafeMutablePointer<mach_timebase_info_data_t>!) -> Int32 { fatalError() }
public func mach_continuous_time() -> UInt64 { fatalError() }
public func sysctlbyname(
  _: UnsafePointer<CChar>!, _: UnsafeMutableRawPointer!, _: UnsafeMutablePointer<Int>!, _: UnsafeMutableRawPointer!, _: Int
) -> Int32 { fatalError() }

import Dispatch
import Foundation
import Glibc
import Testing

/// Stands between the app and the library: each call of a phone's records begins by taking hold of them, and the tests' own function
/// for that is found before the library's. One that is made on the screen's thread is an issue of the test that makes it.
enum Watch {
  nonisolated(unsafe) private static let screen: DispatchSpecificKey<Bool> = {
    let key = DispatchSpecificKey<Bool>()
    DispatchQueue.main.setSpecific(key: key, value: true)
    return key
  }()
  private static let lock = NSLock()
  nonisolated(unsafe) private static var made = 0
  /// Of the screen's thread alone.
  nonisolated(unsafe) private static var (isTried, isNoticed) = (false, false)

  fileprivate typealias Hold = @convention(c) (UInt64, UnsafeMutableRawPointer) -> UInt64
  fileprivate static let hold: Hold = {
    let next = UnsafeMutableRawPointer(bitPattern: -1)
    guard let found = dlsym(next, "uniffi_sanji_mobile_fn_clone_phone") else { fatalError("the library has another name for it") }
    return unsafeBitCast(found, to: Hold.self)
  }()

  /// How many calls were made.
  static var calls: Int { lock.withLock { made } }

  /// Whether a call on the screen's thread is noticed, for which this one is no issue.
  @MainActor static func notices(_ call: () throws -> Void) rethrows -> Bool {
    (isTried, isNoticed) = (true, false)
    defer { isTried = false }
    try call()
    return isNoticed
  }

  fileprivate static func called() {
    lock.withLock { made += 1 }
    guard DispatchQueue.getSpecific(key: screen) != nil else { return }
    isNoticed = true
    if !isTried { Issue.record("on the screen's thread: \(Thread.callStackSymbols.prefix(12).joined(separator: "\n"))") }
  }
}

@_cdecl("uniffi_sanji_mobile_fn_clone_phone")
func holdWatched(_ phone: UInt64, _ status: UnsafeMutableRawPointer) -> UInt64 {
  Watch.called()
  return Watch.hold(phone, status)
}

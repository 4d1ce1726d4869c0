// What Apple's Foundation, Core Foundation and Core Graphics have beyond Foundation for Linux. A type that is bridged to one of
// Swift's without a cost is that one here.
@_exported import Foundation

public typealias CFString = String
public typealias CFData = Data
public typealias CFMutableData = NSMutableData
public typealias CFDictionary = [AnyHashable: Any]
public typealias CFTypeRef = AnyObject
public typealias OSStatus = Int32

extension URL { public static var applicationSupportDirectory: URL { fatalError() } }

public final class CGImage: @unchecked Sendable {}

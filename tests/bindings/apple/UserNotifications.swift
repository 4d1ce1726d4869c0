import Foundation

public enum UNAuthorizationStatus: Int, Sendable { case notDetermined, denied, authorized, provisional, ephemeral }

public struct UNAuthorizationOptions: OptionSet, Sendable {
  public let rawValue: UInt
  public init(rawValue: UInt) { self.rawValue = rawValue }
  public static var sound: UNAuthorizationOptions { fatalError() }
  public static var alert: UNAuthorizationOptions { fatalError() }
}

open class UNNotificationSettings: NSObject {
  open var authorizationStatus: UNAuthorizationStatus { fatalError() }
}

open class UNNotificationContent: NSObject {}

open class UNMutableNotificationContent: UNNotificationContent {
  open var title: String = ""
  open var body: String = ""
}

open class UNNotificationTrigger: NSObject {}

open class UNNotificationRequest: NSObject {
  public convenience init(identifier: String, content: UNNotificationContent, trigger: UNNotificationTrigger?) { fatalError() }
}

open class UNUserNotificationCenter: NSObject {
  open class func current() -> UNUserNotificationCenter { fatalError() }
  open func notificationSettings() async -> UNNotificationSettings { fatalError() }
  open func requestAuthorization(options: UNAuthorizationOptions = []) async throws -> Bool { fatalError() }
  open func add(_ request: UNNotificationRequest) async throws { fatalError() }
  open func removeDeliveredNotifications(withIdentifiers identifiers: [String]) { fatalError() }
}

import Foundation

open class BGTaskRequest: NSObject {
  open var earliestBeginDate: Date?
  fileprivate override init() { fatalError() }
}

open class BGAppRefreshTaskRequest: BGTaskRequest {
  public init(identifier: String) { fatalError() }
}

open class BGTask: NSObject {
  open var expirationHandler: (() -> Void)?
  open func setTaskCompleted(success: Bool) { fatalError() }
}

open class BGTaskScheduler: NSObject, @unchecked Sendable {
  open class var shared: BGTaskScheduler { fatalError() }
  @discardableResult
  open func register(forTaskWithIdentifier identifier: String, using queue: DispatchQueue?, launchHandler: @escaping (BGTask) -> Void)
    -> Bool
  {
    fatalError()
  }
  open func submit(_ taskRequest: BGTaskRequest) throws { fatalError() }
}

import Foundation

public struct NWPath: Equatable, Sendable {
  public enum Status: Sendable { case satisfied, unsatisfied, requiresConnection }
  public var status: Status { fatalError() }
}

public final class NWPathMonitor: Sendable {
  public init() { fatalError() }
  @preconcurrency public var pathUpdateHandler: (@Sendable (_ newPath: NWPath) -> Void)? {
    get { fatalError() }
    set { fatalError() }
  }
  public func start(queue: DispatchQueue) { fatalError() }
  public func cancel() { fatalError() }
}

import Foundation

public protocol Transferable {}
extension Data: Transferable {}
extension String: Transferable {}

import Foundation

open class CALayer: NSObject {}

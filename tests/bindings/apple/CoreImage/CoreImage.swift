@_exported import CoreImage
@_exported import AppleFoundation

open class CIImage: NSObject, @unchecked Sendable {
  open var extent: CGRect { fatalError() }
}

open class CIContext: NSObject {
  public override init() { fatalError() }
  open func createCGImage(_ image: CIImage, from fromRect: CGRect) -> CGImage? { fatalError() }
}

public protocol CIFilterProtocol: NSObjectProtocol {
  var outputImage: CIImage? { get }
}

// Of the submodule CIFilterBuiltins.
public protocol CIQRCodeGenerator: CIFilterProtocol {
  var message: Data { get set }
  var correctionLevel: String { get set }
}

open class CIFilter: NSObject {
  open class func qrCodeGenerator() -> any CIFilter & CIQRCodeGenerator { fatalError() }
}

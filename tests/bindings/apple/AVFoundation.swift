@_exported import Foundation
@_exported import QuartzCore

public struct AVMediaType: Hashable, Sendable { public static let video: AVMediaType = { fatalError() }() }
public enum AVAuthorizationStatus: Int, Sendable { case notDetermined, restricted, denied, authorized }

public struct AVLayerVideoGravity: Hashable, Sendable { public static let resizeAspectFill: AVLayerVideoGravity = { fatalError() }() }

open class AVCaptureDevice: NSObject {
  open class func `default`(for mediaType: AVMediaType) -> AVCaptureDevice? { fatalError() }
  open class func authorizationStatus(for mediaType: AVMediaType) -> AVAuthorizationStatus { fatalError() }
  open class func requestAccess(for mediaType: AVMediaType) async -> Bool { fatalError() }
}

open class AVCaptureInput: NSObject {}
open class AVCaptureDeviceInput: AVCaptureInput {
  public init(device: AVCaptureDevice) throws { fatalError() }
}

open class AVCaptureOutput: NSObject {}
open class AVCaptureConnection: NSObject {}
open class AVMetadataObject: NSObject {
  public struct ObjectType: Hashable, Sendable { public static let qr: ObjectType = { fatalError() }() }
}

open class AVMetadataMachineReadableCodeObject: AVMetadataObject {
  open var stringValue: String? { fatalError() }
}

public protocol AVCaptureMetadataOutputObjectsDelegate: NSObjectProtocol {
  func metadataOutput(
    _ output: AVCaptureMetadataOutput, didOutput metadataObjects: [AVMetadataObject], from connection: AVCaptureConnection)
}

open class AVCaptureMetadataOutput: AVCaptureOutput {
  public override init() { fatalError() }
  open func setMetadataObjectsDelegate(
    _ objectsDelegate: (any AVCaptureMetadataOutputObjectsDelegate)?, queue objectsCallbackQueue: DispatchQueue?
  ) { fatalError() }
  open var metadataObjectTypes: [AVMetadataObject.ObjectType]!
}

open class AVCaptureSession: NSObject {
  public override init() { fatalError() }
  open func canAddInput(_ input: AVCaptureInput) -> Bool { fatalError() }
  open func canAddOutput(_ output: AVCaptureOutput) -> Bool { fatalError() }
  open func addInput(_ input: AVCaptureInput) { fatalError() }
  open func addOutput(_ output: AVCaptureOutput) { fatalError() }
  open func startRunning() { fatalError() }
  open func stopRunning() { fatalError() }
}

open class AVCaptureVideoPreviewLayer: CALayer {
  open var session: AVCaptureSession?
  open var videoGravity: AVLayerVideoGravity
  public override init() { fatalError() }
}

import AVFoundation
import SanjiKit
import UIKit

/// The camera of the device, and whether the person allows it.
struct DeviceCamera: Camera {
  /// Absent where there is none.
  @MainActor static func found() -> DeviceCamera? { UIImagePickerController.isSourceTypeAvailable(.camera) ? DeviceCamera() : nil }

  func isAllowed() async -> Bool {
    switch AVCaptureDevice.authorizationStatus(for: .video) {
    case .authorized: true
    case .notDetermined: await AVCaptureDevice.requestAccess(for: .video)
    default: false
    }
  }
}

import Foundation

/// A wish to look through the camera: the person is asked for permission when the camera is opened, not before.
@MainActor
open class CameraModel: Model {
  /// The camera may be shown.
  public private(set) var isOpen = false

  /// Opens it, or says why not and what to do.
  public func open() async {
    trouble = nil
    if let camera = office.system.camera {
      if await camera.isAllowed() { isOpen = true } else { trouble = .cameraNotAllowed }
    } else {
      trouble = .noCamera
    }
    changed()
  }

  /// Puts it away.
  public func close() {
    isOpen = false
    changed()
  }
}

/// A picture that somebody takes or chooses.
@MainActor
public final class PictureModel: CameraModel {
  /// Makes what was taken or chosen small enough; absent if it is no picture, which is said.
  public func scaled(_ data: Data?) async -> Data? {
    let maker = office.system.pictures
    let made = await Task.detached { data.flatMap(maker.scaled) }.value
    trouble = made == nil ? .noPicture : nil
    changed()
    return made
  }
}

import SwiftUI
import UIKit

/// The system's camera, for one picture.
struct PhotoTaker: UIViewControllerRepresentable {
  /// The picture as the camera gave it; absent if the person changed their mind.
  let taken: @MainActor (Data?) -> Void

  func makeUIViewController(context: Context) -> UIImagePickerController {
    let picker = UIImagePickerController()
    picker.sourceType = .camera
    picker.delegate = context.coordinator
    return picker
  }

  func updateUIViewController(_: UIImagePickerController, context: Context) { context.coordinator.taken = taken }

  func makeCoordinator() -> Coordinator { Coordinator(taken: taken) }

  @MainActor
  final class Coordinator: NSObject, UIImagePickerControllerDelegate, UINavigationControllerDelegate {
    var taken: @MainActor (Data?) -> Void

    init(taken: @escaping @MainActor (Data?) -> Void) { self.taken = taken }

    func imagePickerController(_: UIImagePickerController, didFinishPickingMediaWithInfo info: [UIImagePickerController.InfoKey: Any]) {
      taken((info[.originalImage] as? UIImage)?.jpegData(compressionQuality: 0.9))
    }

    func imagePickerControllerDidCancel(_: UIImagePickerController) { taken(nil) }
  }
}

import AVFoundation
import SwiftUI

/// The camera, until it sees a QR code; each code is told once in a row.
struct QrScanner: UIViewRepresentable {
  let found: @MainActor (String) -> Void

  func makeUIView(context: Context) -> Preview {
    let view = Preview()
    context.coordinator.start(view)
    return view
  }

  func updateUIView(_ view: Preview, context: Context) { context.coordinator.found = found }

  static func dismantleUIView(_ view: Preview, coordinator: Coordinator) { coordinator.stop() }

  func makeCoordinator() -> Coordinator { Coordinator(found: found) }

  /// Shows what the camera sees.
  final class Preview: UIView {
    override static var layerClass: AnyClass { AVCaptureVideoPreviewLayer.self }
    var preview: AVCaptureVideoPreviewLayer? { layer as? AVCaptureVideoPreviewLayer }
  }

  @MainActor
  final class Coordinator: NSObject, AVCaptureMetadataOutputObjectsDelegate {
    var found: @MainActor (String) -> Void
    private let session = AVCaptureSession()
    private let queue = DispatchQueue(label: "camera")
    private var last: String?

    init(found: @escaping @MainActor (String) -> Void) { self.found = found }

    func start(_ view: Preview) {
      guard let camera = AVCaptureDevice.default(for: .video), let input = try? AVCaptureDeviceInput(device: camera) else { return }
      let output = AVCaptureMetadataOutput()
      guard session.canAddInput(input), session.canAddOutput(output) else { return }
      session.addInput(input)
      session.addOutput(output)
      output.setMetadataObjectsDelegate(self, queue: .main)
      output.metadataObjectTypes = [.qr]
      view.preview?.session = session
      view.preview?.videoGravity = .resizeAspectFill
      run { $0.startRunning() }
    }

    func stop() { run { $0.stopRunning() } }

    /// Starting and stopping takes long: never on the screen's thread.
    private func run(_ work: @escaping @Sendable (AVCaptureSession) -> Void) {
      nonisolated(unsafe) let session = session
      queue.async { work(session) }
    }

    nonisolated func metadataOutput(_: AVCaptureMetadataOutput, didOutput objects: [AVMetadataObject], from _: AVCaptureConnection) {
      guard let text = (objects.first as? AVMetadataMachineReadableCodeObject)?.stringValue else { return }
      MainActor.assumeIsolated {
        guard text != last else { return }
        last = text
        found(text)
      }
    }
  }
}

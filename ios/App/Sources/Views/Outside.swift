import CoreImage.CIFilterBuiltins
import SanjiKit
import SwiftUI

/// What the system does for the app.
@MainActor
enum Outside {
  static func openSettings() {
    guard let url = URL(string: UIApplication.openSettingsURLString) else { return }
    UIApplication.shared.open(url)
  }

  /// Says something to who hears the screen: what changed isn't where they are.
  static func say(_ text: String) { UIAccessibility.post(notification: .announcement, argument: text) }
}

/// A text as a QR code, black on white in dark mode too: cameras want it so.
struct QrPicture: View {
  let text: String
  let label: String

  var body: some View {
    if let image = Self.image(of: text) {
      Image(decorative: image, scale: 1)
        .interpolation(.none).resizable().scaledToFit()
        .padding(16).background(Color.white)
        .accessibilityElement().accessibilityLabel(label).accessibilityAddTraits(.isImage)
    }
  }

  private static func image(of text: String) -> CGImage? {
    let filter = CIFilter.qrCodeGenerator()
    (filter.message, filter.correctionLevel) = (Data(text.utf8), "L")
    return filter.outputImage.flatMap { CIContext().createCGImage($0, from: $0.extent) }
  }
}

/// The system's sheet for passing something on.
struct ShareSheet: UIViewControllerRepresentable {
  let items: [Any]
  let done: @MainActor () -> Void

  func makeUIViewController(context: Context) -> UIActivityViewController {
    let sheet = UIActivityViewController(activityItems: items, applicationActivities: nil)
    sheet.completionWithItemsHandler = { _, _, _, _ in Task { @MainActor in done() } }
    return sheet
  }

  func updateUIViewController(_: UIActivityViewController, context _: Context) {}
}

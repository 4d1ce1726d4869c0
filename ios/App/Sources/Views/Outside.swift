import CoreImage.CIFilterBuiltins
import PhotosUI
import SanjiKit
import SwiftUI

/// What the system does for the app.
@MainActor
enum Outside {
  static func openSettings() {
    guard let url = URL(string: UIApplication.openSettingsURLString) else { return }
    UIApplication.shared.open(url)
  }
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

/// Chooses a picture and scales it. The system's picker asks for no permission: it gives the one picture that was chosen.
struct PictureButton: View {
  @Environment(\.words) private var words
  @State private var chosen: PhotosPickerItem?
  @State private var isUnreadable = false
  let key: String
  let found: @MainActor (Data) async -> Void

  var body: some View {
    PhotosPicker(selection: $chosen, matching: .images) { Text(words(key)).frame(minHeight: 44) }
      .onChange(of: chosen) { item in Task { await take(item) } }
    if isUnreadable { Text(words("visitpage-picture-large")).font(.footnote) }
  }

  private func take(_ item: PhotosPickerItem?) async {
    guard let item else { return }
    chosen = nil
    let data = try? await item.loadTransferable(type: Data.self)
    let scaled = await Task.detached { data.flatMap(Pictures.scaled) }.value
    isUnreadable = scaled == nil
    if let scaled { await found(scaled) }
  }
}

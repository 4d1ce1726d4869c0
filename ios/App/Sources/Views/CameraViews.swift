import PhotosUI
import SanjiKit
import SwiftUI

/// Scans a code; where the camera can't be used it says what else can be done.
struct ScanSheet: View {
  @Environment(\.words) private var words
  @Environment(\.dismiss) private var dismiss
  @StateObject private var model: Watched<CameraModel>
  let found: @MainActor (String) async -> Void

  init(_ model: CameraModel, found: @escaping @MainActor (String) async -> Void) {
    _model = StateObject(wrappedValue: Watched(model))
    self.found = found
  }

  var body: some View {
    NavigationStack {
      Group {
        if model.it.isOpen {
          QrScanner { text in Task { await found(text) } }.ignoresSafeArea(edges: .bottom)
        } else if let trouble = model.it.trouble {
          CameraTrouble(trouble: trouble).padding()
        } else {
          Color.black
        }
      }
      .navigationTitle(words("enrol-scan"))
      .navigationBarTitleDisplayMode(.inline)
      .toolbar { ToolbarItem(placement: .cancellationAction) { Button(words("app-close")) { dismiss() } } }
    }
    .task { await model.it.open() }
  }
}

/// Why the camera can't be used, and what can be done.
struct CameraTrouble: View {
  @Environment(\.words) private var words
  let trouble: Trouble

  var body: some View {
    VStack(alignment: .leading, spacing: 12) {
      Text(words(trouble.key))
      if let step = trouble.step.key { Button(words(step)) { Outside.openSettings() }.frame(minHeight: 44) }
    }
  }
}

/// Takes a picture or chooses one, made small enough. The system's picker asks for no permission: it gives the one picture that
/// was chosen.
struct PictureButtons: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<PictureModel>
  @State private var chosen: PhotosPickerItem?
  let found: @MainActor (Data) async -> Void

  init(_ model: PictureModel, found: @escaping @MainActor (Data) async -> Void) {
    _model = StateObject(wrappedValue: Watched(model))
    self.found = found
  }

  var body: some View {
    Acts(key: "app-take-picture") { await model.it.open() }
      .fullScreenCover(isPresented: Binding(get: { model.it.isOpen }, set: { if !$0 { model.it.close() } })) {
        PhotoTaker { data in
          model.it.close()
          if let data { Task { await take(data) } }
        }
        .ignoresSafeArea()
      }
    PhotosPicker(selection: $chosen, matching: .images) { Text(words("app-choose-picture")).frame(minHeight: 44) }
      .onChange(of: chosen) { item in
        guard let item else { return }
        chosen = nil
        Task { await take(try? await item.loadTransferable(type: Data.self)) }
      }
    if let trouble = model.it.trouble { CameraTrouble(trouble: trouble).font(.footnote) }
  }

  private func take(_ data: Data?) async {
    if let picture = await model.it.scaled(data) { await found(picture) }
  }
}

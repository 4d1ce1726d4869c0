import SanjiKit
import SwiftUI

/// Makes this somebody's phone: scan, type, or beside a principal's phone.
struct EnrolView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<EnrolModel>
  @State private var isScanning = false
  @State private var isBeside = false
  let home: Home

  init(_ model: EnrolModel, home: Home) {
    _model = StateObject(wrappedValue: Watched(model))
    self.home = home
  }

  var body: some View {
    Form {
      Section {
        Text(words("enrol-lead"))
        Acts(key: "enrol-scan", isBusy: model.it.isBusy) { isScanning = true }
      }
      Section(words("enrol-type")) {
        Typed(
          label: "enrol-address", text: model.binding(\.address), trouble: model.it.trouble(at: "address"), hint: "enrol-address-hint",
          keyboard: .URL
        )
        .textInputAutocapitalization(.never).autocorrectionDisabled()
        Typed(label: "enrol-code", text: model.binding(\.code), keyboard: .asciiCapable)
          .textInputAutocapitalization(.characters).autocorrectionDisabled()
        Acts(key: model.it.isBusy ? "enrol-busy" : "app-send", isBusy: model.it.isBusy) {
          await model.it.typed()
          await done()
        }
      }
      Section {
        DisclosureGroup(words("enrol-beside"), isExpanded: $isBeside) {
          Text(words("enrol-beside-lead"))
          if let key = model.it.deviceKey { QrPicture(text: key, label: words("enrol-key")) }
          Acts(key: "enrol-scan-pass", isBusy: model.it.isBusy) { isScanning = true }
        }
      }
      Section { Leads(key: "setpage-others", screen: .records) }
    }
    .framed(by: model.it, title: "enrol-title", troubleKey: model.it.troubleKey)
    .sheet(isPresented: $isScanning) {
      ScanSheet(CameraModel(model.it.office)) { text in
        isScanning = false
        await model.it.scanned(text)
        await done()
      }
    }
  }

  private func done() async {
    guard model.it.isEnrolled else { return }
    await home.enrolled()
    if home.root == .today { home.way.open(.welcome) }
  }
}

/// Who you are, your school, what is recorded about you and who sees it.
struct WelcomeView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<WelcomeModel>

  init(_ model: WelcomeModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "enrol-done") {
      ForEach(model.it.owner?.postings ?? [], id: \.posting) { posting in
        Section {
          if let name = posting.name { LabeledContent(words("enrol-you"), value: name) }
          if let school = posting.schoolName { LabeledContent(words("enrol-school"), value: school) }
          LabeledContent(words("enrol-post"), value: words.code("role", posting.role))
        }
      }
      if model.it.waitsForNames { Section { Text(words("state-first-day")) } }
      Recorded()
      Section { Acts(key: "enrol-begin") { model.it.office.way.home() } }
    }
  }
}

/// What is recorded, and who sees it.
struct Recorded: View {
  @Environment(\.words) private var words

  var body: some View {
    Section(words("enrol-recorded-title")) {
      Text(words("enrol-recorded-checks"))
      Text(words("enrol-recorded-time"))
      Text(words("enrol-recorded-who"))
      Text(words("enrol-recorded-look"))
      Text(words("enrol-recorded-yours"))
    }
  }
}

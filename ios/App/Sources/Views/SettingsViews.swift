import SanjiKit
import SwiftUI

/// What waits, why, and what can be done.
struct SendingView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<SendingModel>

  init(_ model: SendingModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "sendpage-title") {
      Section {
        if let said = model.it.said {
          Text(said.text).font(.headline).monospacedDigit()
          if let detail = said.detail { Text(detail) }
        }
        if model.it.standing != .fine { Text(words("standing-\(model.it.standing.code)")) }
        if let tried = model.it.tried { Text(words(tried.key, ["count": .count(tried.delivered)])) }
        Acts(key: model.it.isBusy ? "sendpage-trying" : "sendpage-now", isBusy: model.it.isBusy) { await model.it.sendNow() }
      }
      if model.it.standing == .unknown || model.it.digits != nil { WaitingDigits(digits: model.it.digits) }
      if model.it.locked > 0 { Section { Text(words("sendpage-locked", ["count": .count(model.it.locked)])) } }
      if (model.it.unsent?.waiting ?? 0) > 0 {
        Section {
          Text(words("sendpage-file-lead"))
          Acts(key: "sendpage-file", isBusy: model.it.isBusy) { await model.it.makeFile(in: .temporaryDirectory) }
          if let filed = model.it.filed {
            let key = filed.isComplete ? "sendpage-file-whole" : "sendpage-file-part"
            Text(words(key, ["count": .count(filed.entries), "pictures": .count(filed.pictures)]))
          }
        }
      }
      if !model.it.isKiosk { Section { Leads(key: "sendpage-not-accepted", screen: .flagged) } }
    }
    .sheet(isPresented: Binding(get: { model.it.file != nil }, set: { if !$0 { model.it.dropFile() } })) {
      if let file = model.it.file { ShareSheet(items: [file]) { model.it.dropFile() } }
    }
  }
}

/// The six digits that the principal types, for a phone that waits to be let in again.
struct WaitingDigits: View {
  @Environment(\.words) private var words
  /// Absent as long as there was no connection.
  let digits: String?

  var body: some View {
    Section(words("waiting-title")) {
      Text(words("waiting-lead"))
      if let digits {
        // In two groups, which stand below each other where the text is very large.
        Text("\(digits.prefix(3)) \(digits.dropFirst(3))").font(.system(.largeTitle, design: .monospaced).bold()).textSelection(.enabled)
          .accessibilityLabel(words("waiting-digits"))
          .accessibilityValue(digits.map(String.init).joined(separator: " "))
      } else {
        Text(words("waiting-not-yet"))
      }
      Text(words("waiting-go-on"))
    }
  }
}

/// Settings.
struct SettingsView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<SettingsModel>
  @State private var isSharing = false

  init(_ model: SettingsModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "setpage-title") {
      Section {
        Picker(words("setpage-language"), selection: language) {
          Text(words("setpage-zh")).tag("zh")
          Text(words("setpage-en")).tag("en")
        }
        Picker(words("setpage-text-size"), selection: textSize) {
          Text(words("setpage-size-normal")).tag(Preferences.TextSize.standard)
          Text(words("setpage-size-large")).tag(Preferences.TextSize.large)
          Text(words("setpage-size-huge")).tag(Preferences.TextSize.larger)
        }
      }
      Section {
        Leads(key: "sendpage-title", screen: .sending)
        if isPersons { Leads(key: "setpage-pin", screen: .pin(nil)) }
        Leads(key: "setpage-log-out", screen: .records)
      }
      Section {
        ForEach(model.it.owner?.relays ?? [], id: \.self) { LabeledContent(words("setpage-relay"), value: $0) }
        LabeledContent(words("setpage-storage"), value: words("setpage-storage-size", ["size": .text(value: megabytes)]))
        Text(words("setpage-version", ["version": .text(value: model.it.version)]))
      }
      Section {
        Text(words("setpage-diagnostics-lead"))
        Acts(key: "setpage-diagnostics") {
          await model.it.makeDiagnostics()
          isSharing = model.it.diagnostics != nil
        }
      }
      if isPersons { Recorded() }
    }
    .sheet(isPresented: $isSharing) { if let text = model.it.diagnostics { ShareSheet(items: [text]) { isSharing = false } } }
  }

  /// A kiosk has no PIN of its own, and nothing is recorded about it.
  private var isPersons: Bool { model.it.owner?.person != nil }

  private var megabytes: String { String(format: "%.1f", Double(model.it.storageBytes) / 1_000_000) }

  private var language: Binding<String> {
    Binding(get: { words.language == .zh ? "zh" : "en" }, set: { model.it.choose(language: $0) })
  }

  private var textSize: Binding<Preferences.TextSize> {
    Binding(get: { model.it.home.preferences.textSize }, set: { model.it.choose(textSize: $0) })
  }
}

/// Whose records stand on this phone; logging out and removing.
struct RecordsView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<RecordsModel>

  init(_ model: RecordsModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "setpage-others") {
      ForEach(model.it.rows) { row in
        Section { OwnerRow(row: row) { await model.it.goBack(to: row) } }
      }
      if model.it.rows.contains(where: { $0.isCurrent && $0.isEnrolled }) {
        Section {
          Text(model.it.unsent > 0 ? words("setpage-log-out-unsent", ["count": .count(model.it.unsent)]) : words("setpage-log-out-lead"))
          Acts(key: "setpage-log-out-do", role: .destructive) { await model.it.logOut() }
        }
        Section {
          if model.it.unsent > 0 { Text(words("setpage-reset-unsent", ["count": .count(model.it.unsent)])) }
          if model.it.locked > 0 { Text(words("sendpage-locked", ["count": .count(model.it.locked)])) }
          if model.it.mayReset { Acts(key: "setpage-reset") { model.it.askReset() } }
        }
        if model.it.asksReset {
          Section {
            if model.it.damaged > 0 { Text(words("setpage-reset-damaged", ["count": .count(model.it.damaged)])) }
            if model.it.retired > 0 { Text(words("setpage-reset-retired", ["count": .count(model.it.retired)])) }
            Text(words("setpage-reset-lead"))
            Acts(key: "setpage-reset-do", role: .destructive) { await model.it.reset() }
          }
        }
      }
    }
  }
}

/// The PIN for the school's kiosk.
struct PinView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<PinModel>

  init(_ model: PinModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "setpage-pin") {
      Section {
        if model.it.colleague != nil {
          Text(model.it.name ?? "").font(.headline)
          Text(words("people-pin-lead"))
        }
        Text(words("setpage-pin-lead"))
        if !model.it.hasKiosk { Text(words("kioskout-none")) }
        if model.it.postings.count > 1 {
          Picker(words("enrol-school"), selection: model.binding(\.posting)) {
            Text(words("app-choose")).tag(String?.none)
            ForEach(model.it.postings, id: \.posting) { Text($0.schoolName ?? $0.school).tag(Optional($0.posting)) }
          }
        }
        Field(label: "kiosk-pin", trouble: model.it.trouble(at: "pin")) {
          SecureField(words("kiosk-pin"), text: model.binding(\.pin)).keyboardType(.numberPad)
        }
        Field(label: "setpage-pin-again") {
          SecureField(words("setpage-pin-again"), text: model.binding(\.again)).keyboardType(.numberPad)
        }
        if !model.it.again.isEmpty, !model.it.isRepeated { Text(words("setpage-pin-differ")).font(.footnote) }
        Acts(key: "setpage-pin-set", isBusy: !model.it.isReady) { await model.it.save() }
        if model.it.isSaved { Text(words("setpage-pin-done")) }
      }
    }
  }
}

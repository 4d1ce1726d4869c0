import SanjiKit
import SwiftUI

/// Phones that ask to be let in again.
struct AskingView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<AskingModel>

  init(_ model: AskingModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "askpage-title") {
      if model.it.trouble == .offline { Section { Text(words("askpage-needs-network")) } }
      if model.it.asking.isEmpty { Section { Text(words("askpage-none")) } }
      ForEach(model.it.asking, id: \.device) { one in
        Section {
          Text(one.name.isEmpty ? words("kiosk-title") : one.name).font(.headline)
          Text(words.moment(one.sinceSecs)).monospacedDigit()
          if one.recovers { Text(words("askpage-recovers")) }
          Typed(
            label: "askpage-lead", text: model.binding(\.[digitsOf: one.device]), trouble: model.it.trouble(of: one),
            hint: "waiting-digits", keyboard: .numberPad)
          Acts(key: "askpage-approve", isBusy: model.it.isBusy) { await model.it.approve(one) }
        }
      }
      if model.it.approved != nil { Section { Text(words("askpage-approved")) } }
    }
  }
}

/// Enrols a phone beside this one.
struct BesideView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<BesideModel>
  @State private var isScanning = false

  init(_ model: BesideModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "people-enable") {
      SchoolPicker(model: model)
      Section {
        Text(words("people-enable-lead"))
        Toggle(words("people-for-kiosk"), isOn: model.binding(\.isForKiosk))
        if !model.it.isForKiosk {
          Picker(words("people-name"), selection: model.binding(\.person)) {
            Text(words("app-choose")).tag(RosterRow?.none)
            ForEach(model.it.roster, id: \.posting) { Text($0.name).tag(Optional($0)) }
          }
        }
        Acts(key: "people-scan-key", isBusy: model.it.isBusy || !model.it.isReady) { isScanning = true }
        if model.it.trouble(at: "device_key") != nil { Wrong(key: "people-not-a-key") }
      }
      if let pass = model.it.pass { Section(words("people-pass")) { QrPicture(text: pass, label: words("people-pass")) } }
    }
    .sheet(isPresented: $isScanning) {
      ScanSheet(CameraModel(model.it.office)) { text in
        isScanning = false
        await model.it.scanned(text)
      }
    }
  }
}

/// The school's people.
struct RosterView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<RosterModel>

  init(_ model: RosterModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "people-title") {
      SchoolPicker(model: model)
      Section {
        Leads(key: "people-add", screen: .rosterRow(school: model.it.school, nil))
        Leads(key: "people-enable", screen: .beside)
      }
      Section {
        ForEach(model.it.rows, id: \.posting) { row in
          NavigationLink(value: Screen.rosterRow(school: model.it.school, row)) {
            LabeledContent(row.name, value: words.code("role", row.role)).frame(minHeight: 44)
          }
        }
      }
    }
  }
}

/// Somebody new, or a row that changes.
struct RosterRowView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<RosterRowModel>

  init(_ model: RosterRowModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: model.it.changing == nil ? "people-add" : model.it.mayChange ? "app-change" : "people-title") {
      if model.it.mayChange { form }
      if let row = model.it.changing {
        Section {
          if !model.it.mayChange {
            LabeledContent(row.name, value: words.code("role", row.role))
            Text(words("roster-not-yours")).font(.footnote)
          }
          Leads(key: "school-person", screen: .colleagueDay(model.it.colleague(row.posting), date: model.it.today))
          Leads(key: "people-pin", screen: .pin(model.it.colleague(row.posting)))
        }
      }
    }
  }

  private var form: some View {
    Section {
      Typed(label: "people-name", text: model.binding(\.name), trouble: model.it.trouble(at: "name"))
      Picker(words("people-role"), selection: model.binding(\.role)) {
        ForEach(RosterModel.roles, id: \.self) { Text(words("role-\($0)")).tag($0) }
      }
      Toggle(words("people-teaches"), isOn: model.binding(\.teaches))
      DayPicker(label: "people-from", day: model.binding(\.from), trouble: model.it.trouble(at: "from"))
      if model.it.changing != nil {
        MaybeDay(label: "flexible-to", usual: model.it.today, day: model.binding(\.to), trouble: model.it.trouble(at: "to"))
      }
      Saves(model: model) {
        await model.it.save()
        return model.it.isDone
      }
    }
  }
}

/// The school's own settings.
struct ProfileView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<ProfileModel>

  init(_ model: ProfileModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "settings-school") {
      SchoolPicker(model: model)
      if model.it.isReady { form }
    }
  }

  @ViewBuilder private var form: some View {
    Section {
      Text(words("settings-kept"))
      DayPicker(label: "settings-from", day: model.binding(\.from), trouble: model.it.trouble(at: "from"))
      Toggle(words("settings-boarding"), isOn: model.binding(\.fields.boarding))
      Typed(
        label: "settings-dismissal", text: model.binding(\.fields.dismissal), trouble: model.it.trouble(at: "dismissal"),
        hint: "app-optional", keyboard: .numbersAndPunctuation)
    }
    Section(words("settings-windows")) {
      if model.it.hasWindows {
        ForEach(Array(ProfileModel.ends.enumerated()), id: \.offset) { at, key in
          Typed(label: key, text: model.binding(\.fields.windows[at]), hint: "app-optional", keyboard: .numbersAndPunctuation)
        }
        if model.it.isHalfFilled { Wrong(key: "settings-bad-windows") }
        FieldTrouble(trouble: model.it.trouble(at: "windows"))
      } else {
        Text(words("settings-windows-fixed"))
      }
    }
    Section {
      Typed(
        label: "settings-rules", text: model.binding(\.fields.rulesVersion), trouble: model.it.trouble(at: "rules_version"),
        hint: "app-optional")
      Saves(model: model) {
        await model.it.save()
        return model.it.isDone
      }
    }
  }
}

/// Grants flexible hours.
struct FlexibleView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<FlexibleModel>

  init(_ model: FlexibleModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "flexible-grant") {
      SchoolPicker(model: model)
      Section {
        Text(words("flexible-hint"))
        Picker(words("people-name"), selection: model.binding(\.posting)) {
          Text(words("app-choose")).tag(String?.none)
          ForEach(model.it.roster, id: \.posting) { Text($0.name).tag(Optional($0.posting)) }
        }
      }
      if !model.it.granted.isEmpty {
        Section(words("decision-approved")) { ForEach(model.it.granted, id: \.entry) { row($0) } }
      }
      Section {
        DayPicker(label: "app-from", day: model.binding(\.from), trouble: model.it.trouble(at: "from"))
        DayPicker(label: "flexible-to", day: model.binding(\.to), trouble: model.it.trouble(at: "to"))
        Typed(label: "flexible-ground", text: model.binding(\.ground), trouble: model.it.trouble(at: "ground", "reason"), lines: 2)
        Acts(key: "app-save", isBusy: model.it.isBusy || model.it.posting == nil) { await model.it.save() }
        if model.it.isDone { Text(words("app-kept")) }
      }
    }
  }
  private func row(_ hours: FlexibleHours) -> some View {
    Button {
      model.it.change(hours)
    } label: {
      VStack(alignment: .leading, spacing: 2) {
        Text("\(words.day(hours.from)) – \(words.day(hours.to))").monospacedDigit()
        Text(hours.ground).foregroundStyle(.secondary)
        Text(words("app-change")).font(.footnote)
      }
      .frame(minHeight: 48)
      .accessibilityElement(children: .combine)
    }
  }
}

import SanjiKit
import SwiftUI

/// Colours: one accent for what can be tapped; a status is always shape and word too.
enum Palette {
  static let accent = Color("Accent")

  /// The colour of a status; contrast at least 4.5 : 1 on the background in light and dark.
  static func status(_ code: String?) -> Color {
    switch code {
    case "present": Color("Present")
    case "in_progress": Color("UnderWay")
    case "irregular", "short_of_five_hours", "needs_correction": Color("Amber")
    case "absent": Color("Red")
    case "on_leave": Color("Violet")
    default: Color.secondary
    }
  }
}

private struct WordsKey: EnvironmentKey {
  static let defaultValue = WordBook(.zh)
}

extension EnvironmentValues {
  /// The words of the screen.
  var words: WordBook {
    get { self[WordsKey.self] }
    set { self[WordsKey.self] = newValue }
  }
}

extension View {
  /// Larger text, on top of the system's.
  @ViewBuilder func larger(_ size: Preferences.TextSize) -> some View {
    switch size {
    case .standard: self
    case .large: dynamicTypeSize(DynamicTypeSize.xxLarge...)
    case .larger: dynamicTypeSize(DynamicTypeSize.accessibility1...)
    }
  }
}

/// A screen that is a form.
struct Page<Content: View, M: Model>: View {
  @ObservedObject var model: Watched<M>
  let title: String
  @ViewBuilder let content: () -> Content

  var body: some View { Form { content() }.framed(by: model.it, title: title) }
}

extension View {
  /// The frame of every screen: title, trouble in a quiet bar below; what is shown is read again whenever something changed.
  @MainActor func framed(by model: Model, title: String, troubleKey: String? = nil) -> some View {
    navigationTitle(model.words(title))
      .navigationBarTitleDisplayMode(.inline)
      .safeAreaInset(edge: .bottom) { TroubleBar(trouble: model.trouble, way: model.office.way, key: troubleKey) { await model.load() } }
      .onChange(of: model.trouble) { trouble in if let trouble { Outside.say(model.words(troubleKey ?? trouble.key)) } }
      .task { await model.follow() }
  }
}

/// What didn't happen, and what to do next.
private struct TroubleBar: View {
  @Environment(\.words) private var words
  let trouble: Trouble?
  let way: Way
  var key: String?
  let again: @MainActor () async -> Void

  var body: some View {
    if let trouble {
      VStack(alignment: .leading, spacing: 8) {
        Text(words(key ?? trouble.key))
        if let step = trouble.step.key, isOffered(trouble.step) { Button(words(step)) { act(trouble.step) }.frame(minHeight: 44) }
      }
      .frame(maxWidth: .infinity, alignment: .leading)
      .padding()
      .background(.thinMaterial)
      .accessibilityElement(children: .contain)
    }
  }

  /// Whose words are a screen's own says itself what to do; where room is made is the same for all.
  private func isOffered(_ step: Trouble.Step) -> Bool { step != .update && (key == nil || step == .settings) }

  private func act(_ step: Trouble.Step) {
    switch step {
    case .sending: way.open(.sending)
    case .settings: Outside.openSettings()
    case .enrol: way.home()
    case .again, .update, .mend: Task { await again() }
    }
  }
}

/// What is wrong with a field, below it.
struct FieldTrouble: View {
  @Environment(\.words) private var words
  let trouble: Trouble?

  var body: some View {
    if let trouble { Wrong(key: trouble.key) }
  }
}

/// What is wrong with what was typed.
struct Wrong: View {
  @Environment(\.words) private var words
  let key: String

  var body: some View { Text(words(key)).font(.footnote).foregroundStyle(Palette.status("needs_correction")) }
}

/// A line of a form with its trouble below.
struct Field<Content: View>: View {
  @Environment(\.words) private var words
  let label: String
  var trouble: Trouble?
  @ViewBuilder let content: () -> Content

  var body: some View {
    VStack(alignment: .leading, spacing: 6) {
      // The control says it too.
      Text(words(label)).font(.subheadline).foregroundStyle(.secondary).accessibilityHidden(true)
      content().frame(minHeight: 44)
      FieldTrouble(trouble: trouble)
    }
  }
}

/// A line to type.
struct Typed: View {
  @Environment(\.words) private var words
  let label: String
  @Binding var text: String
  var trouble: Trouble?
  var hint: String?
  var keyboard = UIKeyboardType.default
  var lines = 1

  var body: some View {
    Field(label: label, trouble: trouble) {
      TextField(hint.map { words($0) } ?? words(label), text: $text, axis: lines > 1 ? .vertical : .horizontal)
        .lineLimit(lines > 1 ? lines...12 : 1...1)
        .keyboardType(keyboard)
        .accessibilityLabel(words(label))
    }
  }
}

/// A day's row: shape, sentence, date or name.
struct DayRow: View {
  @Environment(\.words) private var words
  let said: DaySaid
  let heading: String
  /// Shown in the place of the day's own.
  var status: String?

  var body: some View {
    HStack(alignment: .firstTextBaseline, spacing: 12) {
      Text(status.map { words("shape-\($0)") } ?? said.shape)
        .foregroundStyle(Palette.status(status ?? said.status)).frame(minWidth: 24).accessibilityHidden(true)
      VStack(alignment: .leading, spacing: 2) {
        Text(heading).font(.headline)
        Text(said.sentence).monospacedDigit()
      }
    }
    .frame(minHeight: 48)
    .accessibilityElement(children: .combine)
  }
}

/// A line that leads somewhere.
struct Leads: View {
  @Environment(\.words) private var words
  let key: String
  var args: [String: WordArg] = [:]
  let screen: Screen

  var body: some View {
    NavigationLink(value: screen) { Text(words(key, args)).frame(minHeight: 44) }
  }
}

/// A button that does something, once at a time.
struct Acts: View {
  @Environment(\.words) private var words
  let key: String
  var isBusy = false
  var role: ButtonRole?
  let act: @MainActor () async -> Void

  var body: some View {
    Button(role: role) {
      Task { await act() }
    } label: {
      Text(words(key)).frame(maxWidth: .infinity, minHeight: 44)
    }
    .disabled(isBusy)
  }
}

/// The one large button of a screen, across the thumb's reach.
struct BigAct: View {
  @Environment(\.words) private var words
  let key: String
  var isBusy = false
  let act: @MainActor () async -> Void

  var body: some View {
    Button {
      Task { await act() }
    } label: {
      Text(words(key)).font(.title.bold()).multilineTextAlignment(.center).minimumScaleFactor(0.5).frame(maxWidth: .infinity, minHeight: 96)
    }
    .buttonStyle(.borderedProminent)
    .disabled(isBusy)
  }
}

/// What was recorded a moment ago in the place of the large button, with its way back.
struct BigRecord: View {
  @Environment(\.words) private var words
  let check: Check
  var isBusy = false
  let undo: @MainActor () async -> Void

  var body: some View {
    VStack(spacing: 8) {
      Text(words.done(check)).font(.title2.bold()).monospacedDigit().multilineTextAlignment(.center)
      Button(words("today-undo")) { Task { await undo() } }.buttonStyle(.bordered).frame(minHeight: 48).disabled(isBusy)
    }
    .frame(maxWidth: .infinity, minHeight: 96)
    .background(Color(.secondarySystemBackground), in: RoundedRectangle(cornerRadius: 16))
  }
}

extension WordBook {
  /// `08:31 已签到`.
  func done(_ check: Check) -> String {
    self(check.direction == .checkIn ? "today-done-in" : "today-done-out", ["time": .text(value: time(check.judgedSecs))])
  }
}

/// A line of a list from which it can be taken, in sight: not everybody knows that a line can be swiped.
struct Removable<Content: View>: View {
  @Environment(\.words) private var words
  let remove: @MainActor () -> Void
  @ViewBuilder let content: () -> Content

  var body: some View {
    HStack {
      content()
      Spacer()
      Button {
        remove()
      } label: {
        Image(systemName: "minus.circle").frame(minWidth: 44, minHeight: 44).accessibilityLabel(words("app-remove"))
      }
      .buttonStyle(.borderless)
    }
  }
}

/// A button that records a form; once that is done, the screen has served.
struct Saves<M: Model>: View {
  @ObservedObject var model: Watched<M>
  var key = "app-save"
  /// Whether it is recorded.
  let save: @MainActor () async -> Bool

  var body: some View {
    Acts(key: key, isBusy: model.it.isBusy) { if await save() { model.it.office.way.back() } }.buttonStyle(.borderedProminent)
  }
}

/// A time of a form, `16:30` as the records have it.
struct TimePicker: View {
  @Environment(\.words) private var words
  let label: String
  @Binding var time: String
  var trouble: Trouble?

  /// Any day will do.
  private static let day = "2026-01-01"

  var body: some View {
    Field(label: label, trouble: trouble) {
      DatePicker(
        words(label), selection: Binding(get: { Dates.at(Self.day, clock: time) ?? .distantPast }, set: { time = Dates.clock($0) }),
        displayedComponents: .hourAndMinute
      )
      .labelsHidden()
    }
  }
}

/// A day of a form that may be left open.
struct MaybeDay: View {
  @Environment(\.words) private var words
  let label: String
  /// What is offered when it is said.
  let usual: String
  @Binding var day: String
  var trouble: Trouble?

  var body: some View {
    Toggle(words(label), isOn: Binding(get: { !day.isEmpty }, set: { day = $0 ? usual : "" }))
    if !day.isEmpty { DayPicker(label: label, day: $day, trouble: trouble) }
  }
}

/// A day of a form: the records have its text.
struct DayPicker: View {
  @Environment(\.words) private var words
  let label: String
  @Binding var day: String
  var trouble: Trouble?

  var body: some View {
    Field(label: label, trouble: trouble) {
      DatePicker(
        words(label), selection: Binding(get: { Dates.start(of: day) ?? Date() }, set: { day = Dates.text($0) }), displayedComponents: .date
      )
      .labelsHidden()
    }
  }
}

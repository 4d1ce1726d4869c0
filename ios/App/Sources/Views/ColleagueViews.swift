import SanjiKit
import SwiftUI

/// A colleague's day with its reasons; from here it is recorded for the colleague, or corrected.
struct ColleagueDayView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<ColleagueDayModel>

  init(_ model: ColleagueDayModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "school-person") {
      DayTurns(model: model)
      if let said = model.it.said {
        Section {
          DayRow(said: said, heading: model.it.name ?? "")
          if let verdict = model.it.verdict { DayBar(date: model.it.date, verdict: verdict) }
        }
        Reasons(said: said)
        Section(words("daypage-entries")) {
          if model.it.checks.isEmpty { Text(words("daypage-none")) }
          ForEach(model.it.checks, id: \.self) { CheckRow(check: $0) }
        }
      }
      if !model.it.isOwn {
        Section {
          Leads(key: "school-on-behalf", screen: .onBehalf(model.it.colleague, date: model.it.date))
          Leads(key: "school-correct", screen: .correctDay(model.it.colleague, date: model.it.date))
        }
      }
    }
  }
}

/// Corrects a colleague's day.
struct CorrectDayView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<CorrectDayModel>

  init(_ model: CorrectDayModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "school-correct") {
      Section { LabeledContent(words("correction-day"), value: words.day(model.it.date)) }
      StatedChecks(model: model, label: "app-reason")
      Section {
        Saves(model: model) {
          await model.it.save()
          return model.it.isSaved
        }
      }
    }
  }
}

/// A check for somebody whose phone is broken or forgotten.
struct OnBehalfView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<OnBehalfModel>

  init(_ model: OnBehalfModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "school-on-behalf") {
      Section {
        Text(words("school-on-behalf-lead"))
        Picker(words("school-on-behalf"), selection: Binding(get: { model.it.direction }, set: { model.it.choose($0) })) {
          Text(words("direction-in")).tag(Direction.checkIn)
          Text(words("direction-out")).tag(Direction.checkOut)
        }
        .labelsHidden()
        DatePicker(words("school-time"), selection: model.binding(\.at))
        FieldTrouble(trouble: model.it.trouble(at: "at"))
        Typed(label: "app-reason", text: model.binding(\.reason), trouble: model.it.trouble(at: "reason"), lines: 2)
        Saves(model: model) {
          await model.it.save()
          return model.it.isSaved
        }
      }
    }
  }
}

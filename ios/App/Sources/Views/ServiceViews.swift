import SanjiKit
import SwiftUI

/// After-school service.
struct ServiceView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<ServiceModel>

  init(_ model: ServiceModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "servicepage-title") {
      if model.it.schools.count > 1 {
        Picker(words("enrol-school"), selection: Binding(get: { model.it.school }, set: { choose($0) })) {
          ForEach(model.it.schools, id: \.posting) { Text($0.schoolName ?? $0.school).tag(Optional($0.school)) }
        }
      }
      Section(words("servicepage-today")) {
        if model.it.current.isEmpty { Text(words("servicepage-none")) }
        ForEach(model.it.current, id: \.entry) { row($0) }
        Leads(key: "servicepage-new", screen: .session(school: model.it.school, nil))
      }
      Section(words("servicepage-plan")) {
        let plans = model.it.service?.plans ?? []
        if plans.isEmpty { Text(words("servicepage-plan-none")) }
        ForEach(plans, id: \.entry) { plan in
          if model.it.isHead { NavigationLink(value: Screen.servicePlan(school: model.it.school, plan)) { says(plan) } } else { says(plan) }
        }
        if model.it.isHead { Leads(key: "servicepage-plan-new", screen: .servicePlan(school: model.it.school, nil)) }
      }
      if !model.it.earlier.isEmpty { Section(words("servicepage-earlier")) { ForEach(model.it.earlier, id: \.entry) { row($0) } } }
    }
  }

  private func choose(_ school: String?) {
    model.it.school = school
    Task { await model.it.load() }
  }

  private func says(_ plan: PlanShown) -> some View {
    VStack(alignment: .leading, spacing: 2) {
      Text(plan.plan.projects.joined(separator: words("day-between")))
      Text(words(plan.filed ? "servicepage-plan-filed" : review(plan.review))).font(.footnote)
    }
    .accessibilityElement(children: .combine)
  }

  private func review(_ code: String) -> String { code == "refused" ? "servicepage-plan-refused" : "servicepage-plan-pending" }

  private func row(_ shown: SessionShown) -> some View {
    VStack(alignment: .leading, spacing: 4) {
      NavigationLink(value: Screen.session(school: model.it.school, shown)) {
        Text("\(words.day(shown.session.date)) \(shown.session.start)–\(shown.session.end) \(model.it.content(shown.session.content))")
          .monospacedDigit()
      }
      if shown.conflict { Text(words("conflict")).font(.footnote) }
      if shown.handedOver {
        Text(words("servicepage-handover-done")).font(.footnote)
      } else {
        Button(words("servicepage-handover")) { model.it.office.way.open(.handover(school: model.it.school, shown)) }
          .buttonStyle(.bordered).frame(minHeight: 44)
      }
    }
  }
}

/// Records a session, or amends one.
struct SessionView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<SessionModel>
  @State private var outside = ""
  @State private var isVetted = false

  init(_ model: SessionModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: model.it.amending == nil ? "servicepage-new" : "servicepage-amend") {
      Section {
        DayPicker(label: "app-date", day: model.binding(\.date), trouble: model.it.trouble(at: "date"))
        TimePicker(label: "servicepage-start", time: model.binding(\.start), trouble: model.it.trouble(at: "start"))
        TimePicker(label: "servicepage-end", time: model.binding(\.end), trouble: model.it.trouble(at: "end"))
        if model.it.contents.isEmpty { Text(words("servicepage-no-rules")) }
        Picker(words("servicepage-content"), selection: model.binding(\.content)) {
          Text(words("app-choose")).tag("")
          ForEach(model.it.contents + model.it.forbidden, id: \.code) { Text(words.name($0)).tag($0.code) }
        }
        if !model.it.isAllowed { Text(words("servicepage-forbidden")).font(.footnote) }
        FieldTrouble(trouble: model.it.trouble(at: "content"))
        Picker(words("servicepage-stage"), selection: model.binding(\.stage)) {
          Text(words("app-optional")).tag(String?.none)
          ForEach(SessionModel.stages, id: \.self) { Text(words("stage-\($0)")).tag(Optional($0)) }
        }
        Picker(words("servicepage-project"), selection: model.binding(\.project)) {
          Text(words("app-optional")).tag(String?.none)
          ForEach(model.it.projects, id: \.self) { Text($0).tag(Optional($0)) }
        }
        Typed(label: "servicepage-pupils", text: model.binding(\.pupils), keyboard: .numberPad)
        if !model.it.pupilsAreReadable { Wrong(key: "app-bad-number") }
      }
      Section(words("servicepage-instructors")) {
        ForEach(model.it.instructors, id: \.self) { one in
          Removable {
            model.it.drop(one)
          } content: {
            Text(model.it.name(one))
          }
        }
        FieldTrouble(trouble: model.it.trouble(at: "instructors"))
        Menu(words("app-choose")) { ForEach(model.it.colleagues, id: \.posting) { one in Button(one.name) { model.it.lead(one.posting) } } }
        Typed(label: "servicepage-outside", text: $outside, hint: "servicepage-outside-name")
        if !outside.isEmpty {
          Toggle(words("servicepage-vetted"), isOn: $isVetted)
          Acts(key: "visitpage-person-add") {
            model.it.lead(outside: outside, vetted: isVetted)
            outside = ""
          }
        }
      }
      Section {
        Saves(model: model, key: "servicepage-save") {
          await model.it.save()
          return model.it.isSaved
        }
      }
    }
  }
}

/// The handover at the end of a session.
struct HandoverView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<HandoverModel>

  init(_ model: HandoverModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "servicepage-handover") {
      Section {
        Picker(words("servicepage-handover-to"), selection: model.binding(\.to)) {
          Text(words("servicepage-handover-family")).tag(String?.none)
          ForEach(model.it.colleagues, id: \.posting) { Text($0.name).tag(Optional($0.posting)) }
        }
        Typed(label: "servicepage-handover-pupils", text: model.binding(\.pupils), keyboard: .numberPad)
        if !model.it.pupilsAreReadable { Wrong(key: "app-bad-number") }
        Typed(label: "servicepage-handover-text", text: model.binding(\.text), trouble: model.it.trouble(at: "text"), lines: 2)
        Saves(model: model) {
          await model.it.save()
          return model.it.isSaved
        }
      }
    }
  }
}

/// The plan of a term's service.
struct ServicePlanView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<ServicePlanModel>

  init(_ model: ServicePlanModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "servicepage-plan") {
      Section {
        DayPicker(label: "app-from", day: model.binding(\.from), trouble: model.it.trouble(at: "from"))
        DayPicker(label: "app-to", day: model.binding(\.to), trouble: model.it.trouble(at: "to"))
        Typed(label: "servicepage-projects", text: model.binding(\.projects), trouble: model.it.trouble(at: "projects"), lines: 4)
        Typed(label: "servicepage-text", text: model.binding(\.text), trouble: model.it.trouble(at: "text"), lines: 3)
        Saves(model: model) {
          await model.it.save()
          return model.it.isDone
        }
      }
    }
  }
}

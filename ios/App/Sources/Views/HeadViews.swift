import SanjiKit
import SwiftUI

/// The school now.
struct SchoolView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<SchoolModel>

  init(_ model: SchoolModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "school-title") {
      SchoolPicker(model: model)
      Section {
        Text(words.sum(model.it.sum)).font(.headline)
        Leads(key: "queue-title", screen: .queue)
        Leads(key: "publishpage-title", screen: .publish(model.it.school))
        Leads(key: "kioskout-title", screen: .kioskOut)
      }
      Section {
        if model.it.people.isEmpty { Text(words("school-none")) }
        ForEach(model.it.people, id: \.posting) { said in
          NavigationLink(value: Screen.colleagueDay(model.it.colleague(said.posting), date: model.it.today)) {
            // The day is under way for everyone: who hasn't come stands out by another shape.
            DayRow(said: said, heading: said.name ?? "", status: isUpcoming(said) ? "upcoming" : nil)
          }
        }
      }
      Section {
        Leads(key: "people-title", screen: .roster)
        Leads(key: "settings-school", screen: .profile)
        Leads(key: "flexible-grant", screen: .flexible)
      }
    }
  }
}

extension SchoolView {
  private func isUpcoming(_ said: DaySaid) -> Bool { said.status == "in_progress" && model.it.missed.contains(said.posting) }
}

extension WordBook {
  /// A school now, in one sentence.
  func sum(_ sum: SchoolModel.Sum) -> String {
    self("school-sum", ["in": .count(sum.present), "leave": .count(sum.onLeave), "none": .count(sum.notYet)])
  }
}

/// Which school, for who heads several.
struct SchoolPicker<M: HeadModel>: View {
  @Environment(\.words) private var words
  @ObservedObject var model: Watched<M>

  var body: some View {
    if model.it.schools.count > 1 {
      Picker(words("enrol-school"), selection: Binding(get: { model.it.school }, set: { choose($0) })) {
        ForEach(model.it.schools, id: \.school) { Text($0.schoolName ?? $0.school).tag(Optional($0.school)) }
      }
    }
  }

  private func choose(_ school: String?) {
    model.it.school = school
    Task { await model.it.load() }
  }
}

/// What waits for a decision.
struct QueueView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<QueueModel>
  @State private var refusing: Entry?

  init(_ model: QueueModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "queue-title") {
      if model.it.rows.isEmpty { Section { Text(words("queue-none")) } }
      ForEach(model.it.rows) { row in
        Section {
          VStack(alignment: .leading, spacing: 4) {
            Text([row.name, row.said.kind].compactMap { $0 }.joined(separator: " · ")).font(.headline)
            Text(row.said.says).monospacedDigit()
            if row.pending.conflict { Text(words("conflict")).font(.footnote) }
          }
          .accessibilityElement(children: .combine)
          if row.hasMore { Acts(key: "queue-certificate") { await model.it.look(at: row) } }
          if let given = model.it.given[row.id] { shown(given) }
          if refusing == row.id {
            Typed(
              label: "queue-refuse-why", text: model.binding(\.[reasonOf: row.id]), trouble: model.it.trouble(of: row), lines: 2)
            Acts(key: "queue-refuse", isBusy: model.it.isBusy) { await model.it.refuse(row) }
          } else {
            Acts(key: "queue-approve", isBusy: model.it.isBusy) { await model.it.approve(row) }
            Acts(key: "queue-refuse", isBusy: model.it.isBusy) { refusing = row.id }
          }
        }
      }
    }
  }

  @ViewBuilder private func shown(_ given: QueueModel.Given) -> some View {
    if let reason = given.reason { LabeledContent(words("app-reason"), value: reason) }
    if let image = given.picture.flatMap(UIImage.init(data:)) {
      Image(uiImage: image).resizable().scaledToFit().accessibilityLabel(words("queue-certificate"))
    }
    if given.isMissing { Text(words("queue-not-arrived")) }
  }
}

/// What two people changed at the same time.
struct ConflictsView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<ConflictsModel>

  init(_ model: ConflictsModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "conflict-title") {
      Section { Text(words(model.it.conflicts.isEmpty ? "conflict-none" : "conflict-lead")) }
      ForEach(model.it.conflicts, id: \.self) { versions in
        Section {
          ForEach(versions, id: \.said.entry) { version in
            VStack(alignment: .leading, spacing: 2) {
              Text([version.name, version.said.kind].compactMap { $0 }.joined(separator: " · ")).font(.headline)
              Text(version.said.says)
              Text(words.moment(version.said.judgedSecs)).font(.footnote).monospacedDigit()
            }
            .accessibilityElement(children: .combine)
          }
        }
      }
    }
  }
}

/// Entries that don't count.
struct FlaggedView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<FlaggedModel>

  init(_ model: FlaggedModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "flagged-title") {
      Section { Text(words(model.it.rows.isEmpty ? "flagged-none" : "sendpage-not-accepted-lead")) }
      ForEach(model.it.rows) { row in
        Section {
          VStack(alignment: .leading, spacing: 2) {
            Text([words("shape-flagged"), row.name, row.said.kind].compactMap { $0 }.joined(separator: " ")).font(.headline)
            Text(row.said.says)
            Text(words.moment(row.flagged.judgedSecs)).font(.footnote).monospacedDigit()
            Text(words(model.it.why(row)))
            if let whose = model.it.whose(row) { Text(words(whose)).font(.footnote) }
          }
          .accessibilityElement(children: .combine)
          if model.it.mayLift(row) {
            Typed(
              label: "flagged-lift-why", text: model.binding(\.[reasonOf: row.id]), trouble: model.it.trouble(of: row), lines: 2)
            Acts(key: "flagged-lift", isBusy: model.it.isBusy) { await model.it.lift(row) }
          }
        }
      }
    }
  }
}

/// Publishes the week.
struct PublishView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<PublishModel>

  init(_ model: PublishModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "publishpage-title") {
      SchoolPicker(model: model)
      Section {
        let (from, to) = (words.day(model.it.monday), words.day(Dates.day(model.it.monday, plus: 6)))
        Text(words("publishpage-week", ["from": .text(value: from), "to": .text(value: to)])).font(.headline).monospacedDigit()
        Acts(key: "week-before") { await model.it.move(by: -1) }
        Acts(key: "week-after") { await model.it.move(by: 1) }
      }
      Section {
        Text(words("publishpage-lead"))
        if model.it.missing.isEmpty {
          Text(words("publishpage-complete"))
        } else {
          Text(words("publishpage-missing", ["count": .count(model.it.missing.count)]))
          Text(model.it.missing.joined(separator: words("day-between"))).foregroundStyle(.secondary)
        }
        Acts(key: "publishpage-do", isBusy: model.it.isBusy) { await model.it.publish() }
        if model.it.publishedSecs != nil { Text(words("publishpage-done")) }
      }
    }
  }
}

/// Takes a kiosk out for a day.
struct KioskOutView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<KioskOutModel>

  init(_ model: KioskOutModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "kioskout-title") {
      SchoolPicker(model: model)
      Section {
        Text(words(model.it.kiosks.isEmpty ? "kioskout-none" : "kioskout-lead"))
        if model.it.kiosks.count > 1 {
          Picker(words("kiosk-title"), selection: model.binding(\.kiosk)) {
            ForEach(model.it.kiosks, id: \.self) { Text($0).tag(Optional($0)) }
          }
        }
        DayPicker(label: "app-date", day: model.binding(\.date), trouble: model.it.trouble(at: "date"))
        Typed(label: "app-reason", text: model.binding(\.reason), trouble: model.it.trouble(at: "reason"), lines: 2)
        Acts(key: "kioskout-do", isBusy: model.it.isBusy || model.it.kiosks.isEmpty) { await model.it.save() }
        if model.it.isDone { Text(words("kioskout-done")) }
      }
    }
  }
}

import SanjiKit
import SwiftUI

/// Why a day is as it is.
struct DayView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<DayModel>

  init(_ model: DayModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "app-why") {
      DayTurns(model: model)
      if let said = model.it.said {
        Section { DayRow(said: said, heading: said.dateLine) }
        Reasons(said: said)
      }
      Section(words("daypage-entries")) {
        let checks = model.it.day?.checks ?? []
        if checks.isEmpty { Text(words("daypage-none")) }
        ForEach(checks, id: \.self) { check in
          CheckRow(check: check)
          if check.mayVoid { Acts(key: "today-undo", isBusy: model.it.isBusy) { await model.it.undo(check) } }
        }
      }
      Section {
        Leads(key: "daypage-correct", screen: .correctionForm(posting: model.it.posting, date: model.it.date))
        Typed(
          label: "daypage-note", text: model.binding(\.note), trouble: model.it.trouble(at: "text"), hint: "daypage-note-hint", lines: 2)
        Acts(key: "app-save", isBusy: model.it.isBusy) { await model.it.writeNote() }
      }
    }
  }
}

/// Which day is shown, and the ways to the days before and after it.
struct DayTurns<M: OneDayModel>: View {
  @Environment(\.words) private var words
  @ObservedObject var model: Watched<M>

  var body: some View {
    Section {
      Text(words.day(model.it.date)).font(.headline).monospacedDigit()
      Acts(key: "daypage-before") { await model.it.move(by: -1) }
      if model.it.isPast { Acts(key: "daypage-after") { await model.it.move(by: 1) } }
    }
  }
}

/// The reasons of a day with their clauses, and why it may differ from the page.
struct Reasons: View {
  @Environment(\.words) private var words
  let said: DaySaid

  var body: some View {
    Section(words("app-why")) {
      ForEach(said.reasons, id: \.self) { reason in
        VStack(alignment: .leading, spacing: 4) {
          Text(reason.text).monospacedDigit()
          if let clause = reason.clause { Text(words("clause", ["clause": .text(value: clause)])).font(.footnote) }
          if let source = reason.source { Text(source).font(.footnote).italic().foregroundStyle(.secondary) }
        }
        .accessibilityElement(children: .combine)
      }
    }
    if !said.provisional.isEmpty {
      Section(words("daypage-provisional")) { ForEach(said.provisional, id: \.self) { Text($0) } }
    }
  }
}

/// A check: in or out, when, how sure its time is, whose it is, where it stands.
struct CheckRow: View {
  @Environment(\.words) private var words
  let check: Check

  var body: some View {
    VStack(alignment: .leading, spacing: 2) {
      Text("\(words.time(check.judgedSecs)) \(words(check.direction == .checkIn ? "direction-in" : "direction-out"))")
        .font(.headline).monospacedDigit()
      Text(details.joined(separator: " · ")).font(.footnote).foregroundStyle(.secondary)
    }
    .frame(minHeight: 44)
    .accessibilityElement(children: .combine)
  }

  private var details: [String] {
    [words.code("origin", check.origin), check.label.map { words.code("clock", $0) }, check.delivery.map { words($0.key) }].compactMap {
      $0
    }
  }
}

extension Delivery {
  /// The key of its words.
  var key: String {
    switch self {
    case .waiting: "delivery-waiting"
    case .waitingForBlobs: "delivery-waiting_for_blobs"
    case .delivered: "delivery-delivered"
    case .retired: "delivery-retired"
    }
  }
}

/// A week, Monday to Sunday.
struct WeekView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<WeekModel>

  init(_ model: WeekModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "week-title") {
      Section {
        if let monday = model.it.monday {
          let (from, to) = (words.day(monday), words.day(Dates.day(monday, plus: 6)))
          Text(words("week-range", ["from": .text(value: from), "to": .text(value: to)])).font(.headline).monospacedDigit()
        }
        Acts(key: "week-before") { await model.it.move(by: -1) }
        if model.it.isPast { Acts(key: "week-after") { await model.it.move(by: 1) } }
      }
      ForEach(model.it.weeks) { week in
        Section(model.it.weeks.count > 1 ? week.school ?? "" : "") {
          Text(words("week-sum", ["office": .text(value: words.duration(week.officeMinutes))])).monospacedDigit()
          ForEach(week.days) { day in
            NavigationLink(value: Screen.day(posting: week.posting, date: day.date)) {
              DayRow(said: day.said, heading: day.said.dateLine)
            }
          }
        }
      }
    }
  }
}

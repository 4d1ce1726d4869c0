import SanjiKit
import SwiftUI

/// The leave of this term.
struct LeaveView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<LeaveModel>

  init(_ model: LeaveModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "leave-title") {
      Section { Leads(key: "leave-apply", screen: .leaveForm(nil)) }
      if model.it.rows.isEmpty { Section { Text(words("leave-none")) } }
      ForEach(model.it.rows) { row in
        Section(words(row.standing)) {
          ForEach(row.leave.pieces, id: \.self) {
            PieceRow(piece: $0, kind: model.it.kind($0, of: row), isWithdrawn: row.leave.withdrawn)
          }
          if let why = row.leave.decidedWhy { LabeledContent(words("app-reason"), value: why) }
          if row.leave.conflict { Text(words("conflict")) }
          if row.mayReturn { Acts(key: "leave-return", isBusy: model.it.isBusy) { await model.it.comeBack(row) } }
          if row.mayChange {
            Leads(key: "leave-change", screen: .leaveForm(row.leave))
            Acts(key: "leave-withdraw", isBusy: model.it.isBusy, role: .destructive) { await model.it.withdraw(row) }
          }
        }
      }
    }
  }
}

private struct PieceRow: View {
  @Environment(\.words) private var words
  let piece: LeavePiece
  let kind: String
  let isWithdrawn: Bool

  var body: some View {
    VStack(alignment: .leading, spacing: 2) {
      Text("\(words("shape-on_leave")) \(kind) · \(isWithdrawn ? words("leave-withdrawn") : words.code("decision", piece.decision))").font(
        .headline)
      Text(words.period(piece.fromSecs, piece.toSecs)).monospacedDigit()
      if let back = piece.returnedSecs { Text(words("leave-returned", ["when": .text(value: words.moment(back))])) }
    }
    .accessibilityElement(children: .combine)
  }
}

/// Applies for leave, or changes one.
struct LeaveFormView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<LeaveFormModel>

  init(_ model: LeaveFormModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: model.it.changing == nil ? "leave-apply" : "leave-change") {
      Section {
        if model.it.changing != nil { Text(words("leave-kept")) }
        if model.it.kinds.isEmpty { Text(words("leave-no-kinds")) }
        Picker(words("leave-kind"), selection: model.binding(\.kind)) {
          Text(words("app-choose")).tag("")
          ForEach(model.it.kinds, id: \.code) { Text(words.name($0)).tag($0.code) }
        }
        FieldTrouble(trouble: model.it.trouble(at: "kind"))
        if model.it.postings.count > 1, model.it.changing == nil {
          Picker(words("enrol-school"), selection: model.binding(\.posting)) {
            ForEach(model.it.postings, id: \.posting) { Text($0.schoolName ?? $0.school).tag(Optional($0.posting)) }
          }
        }
        Toggle(words("leave-whole-day"), isOn: model.binding(\.isWholeDays))
        let parts: DatePickerComponents = model.it.isWholeDays ? .date : [.date, .hourAndMinute]
        DatePicker(words("leave-from"), selection: model.binding(\.from), displayedComponents: parts)
        DatePicker(words("leave-to"), selection: model.binding(\.to), displayedComponents: parts)
        FieldTrouble(trouble: model.it.trouble(at: "from", "to"))
        Typed(label: "leave-reason", text: model.binding(\.reason), trouble: model.it.trouble(at: "reason"), lines: 2)
      }
      Section(words("leave-certificate")) {
        if model.it.certificate == nil {
          PictureButtons(PictureModel(model.it.office)) { model.binding(\.certificate).wrappedValue = $0 }
        } else {
          Acts(key: "leave-remove-picture") { model.binding(\.certificate).wrappedValue = nil }
        }
      }
      Section {
        Saves(model: model, key: "leave-send") {
          await model.it.save()
          return model.it.isSaved
        }
      }
    }
  }
}

/// The corrections of this term.
struct CorrectionsView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<CorrectionsModel>

  init(_ model: CorrectionsModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "correction-title") {
      if model.it.asked.isEmpty { Section { Text(words("correction-none")) } }
      ForEach(model.it.asked, id: \.entry) { asked in
        Section {
          Text("\(words("shape-needs_correction")) \(words.day(asked.date)) · \(words.code("decision", asked.decision))").font(.headline)
          ForEach(asked.checks, id: \.self) { check in
            Text("\(words.time(check.atSecs)) \(words(check.direction == .checkIn ? "direction-in" : "direction-out"))").monospacedDigit()
          }
          Text(asked.reason)
          if let why = asked.decidedWhy { LabeledContent(words("app-reason"), value: why) }
          if asked.conflict { Text(words("conflict")) }
        }
      }
    }
  }
}

/// The checks that somebody states, and those that are wrong.
struct StatedChecks<M: StatedChecksModel>: View {
  @Environment(\.words) private var words
  @ObservedObject var model: Watched<M>
  /// What the reason is called, and how one may read.
  let label: String
  var hint: String?

  var body: some View {
    Section(words("correction-missing")) {
      ForEach(model.it.stated) { line in
        Removable {
          model.it.remove(line)
        } content: {
          DatePicker(
            words(line.direction == .checkIn ? "direction-in" : "direction-out"),
            selection: Binding(get: { line.time }, set: { model.it.change(line, to: $0) }),
            displayedComponents: .hourAndMinute
          )
        }
      }
      ViewThatFits {
        HStack { adding }
        VStack { adding }
      }
      .buttonStyle(.bordered)
      FieldTrouble(trouble: model.it.trouble(at: "missing", "checks", "right"))
    }
    if !model.it.checks.isEmpty {
      Section(words("correction-wrong")) {
        ForEach(model.it.checks, id: \.self) { check in
          Button {
            model.it.mark(check)
          } label: {
            HStack {
              CheckRow(check: check)
              Spacer()
              if model.it.isWrong(check) { Image(systemName: "xmark.circle.fill").accessibilityLabel(words("correction-wrong")) }
            }
          }
          .buttonStyle(.plain)
          .accessibilityAddTraits(model.it.isWrong(check) ? .isSelected : [])
        }
      }
    }
    Section {
      Typed(label: label, text: model.binding(\.reason), trouble: model.it.trouble(at: "reason"), hint: hint, lines: 2)
    }
  }
}

extension StatedChecks {
  @ViewBuilder fileprivate var adding: some View {
    Button(words("direction-in")) { model.it.add(.checkIn) }.frame(minHeight: 48)
    Button(words("direction-out")) { model.it.add(.checkOut) }.frame(minHeight: 48)
  }
}

/// Asks for a correction of one's own day.
struct CorrectionFormView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<CorrectionFormModel>

  init(_ model: CorrectionFormModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "correction-ask") {
      Section { LabeledContent(words("correction-day"), value: words.day(model.it.date)) }
      StatedChecks(model: model, label: "correction-reason", hint: "correction-reason-hint")
      Section {
        if model.it.evidence == nil {
          PictureButtons(PictureModel(model.it.office)) { model.binding(\.evidence).wrappedValue = $0 }
        } else {
          Acts(key: "leave-remove-picture") { model.binding(\.evidence).wrappedValue = nil }
        }
        Saves(model: model, key: "correction-send") {
          await model.it.save()
          return model.it.isSaved
        }
      }
    }
  }
}

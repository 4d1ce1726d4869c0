import SanjiKit
import SwiftUI

/// The visits of this term.
struct VisitsView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<VisitsModel>

  init(_ model: VisitsModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "visitpage-title") {
      Section {
        Leads(key: "visitpage-new", screen: .visitPlan(nil))
        if model.it.isHead { Leads(key: "visitpage-scan", screen: .readVisit) }
      }
      Section {
        if model.it.visits.isEmpty { Text(words("visitpage-none")) }
        ForEach(model.it.visits, id: \.document) { visit in
          NavigationLink(value: Screen.visit(visit.document)) {
            VStack(alignment: .leading, spacing: 2) {
              Text("\(visit.date.map(words.day) ?? "") \(visit.kind.map { words.code("visit", $0) } ?? "")").font(.headline)
              Text(words(visit.closed ? "visitpage-closed" : visit.opened ? "visitpage-opened" : "visitpage-planned")).font(.footnote)
            }
            .frame(minHeight: 48)
            .accessibilityElement(children: .combine)
          }
        }
      }
    }
  }
}

/// The plan of a visit.
struct VisitPlanView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<VisitPlanModel>

  init(_ model: VisitPlanModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "visitpage-new") {
      Section {
        Picker(words("visitpage-kind"), selection: model.binding(\.kind)) {
          ForEach(VisitPlanModel.kinds, id: \.self) { Text(words("visit-\($0)")).tag($0) }
        }
        DayPicker(label: "app-date", day: model.binding(\.date), trouble: model.it.trouble(at: "date"))
        Picker(words("visitpage-host"), selection: model.binding(\.host)) {
          ForEach(model.it.schools, id: \.school) { Text($0.name).tag($0.school) }
        }
        Picker(words("visitpage-field"), selection: model.binding(\.field)) {
          Text(words("app-optional")).tag(String?.none)
          ForEach(VisitPlanModel.fields, id: \.self) { Text(words("field-\($0)")).tag(Optional($0)) }
        }
        Toggle(words(model.it.announced ? "visitpage-announced" : "visitpage-not-announced"), isOn: model.binding(\.announced))
      }
      Section(words("visitpage-visitors")) { ForEach(model.it.colleagues, id: \.posting) { choice($0.name, $0.person, \.visitors) } }
      Section(words("visitpage-teachers")) { ForEach(model.it.colleagues, id: \.posting) { choice($0.name, $0.posting, \.teachers) } }
      Section {
        Saves(model: model) {
          await model.it.save()
          return model.it.planned != nil
        }
      }
    }
  }

  private func choice(_ name: String, _ id: String, _ path: ReferenceWritableKeyPath<VisitPlanModel, [String]>) -> some View {
    let list = model.binding(path)
    let isOn = Binding(
      get: { list.wrappedValue.contains(id) },
      set: { chosen in list.wrappedValue = list.wrappedValue.filter { $0 != id } + (chosen ? [id] : []) })
    return Toggle(name, isOn: isOn)
  }
}

/// One visit.
struct VisitView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<VisitModel>

  init(_ model: VisitModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "visitpage-title") {
      if let visit = model.it.visit {
        state(visit)
        Section {
          ForEach(VisitModel.parts, id: \.self) { part in
            NavigationLink(value: Screen.part(visit: model.it.document, part: part)) {
              VStack(alignment: .leading, spacing: 2) {
                Text(words("part-\(part)")).font(.headline)
                Text(model.it.text(part)?.text ?? words("visitpage-unwritten")).lineLimit(2)
                if model.it.text(part)?.rivals.isEmpty == false { Text(words("visitpage-rival")).font(.footnote) }
              }
            }
          }
        }
        PeopleAndLessons(model: model.it, visit: visit)
        PicturesAndNotes(model: model, visit: visit)
        Signatures(model: model, visit: visit)
      }
    }
  }

  private func state(_ visit: Visit) -> some View {
    Section {
      if let plan = visit.plan {
        Text("\(words.day(plan.date)) \(words.code("visit", plan.kind))").font(.headline)
        if !model.it.visitors.isEmpty {
          LabeledContent(words("visitpage-visitors"), value: model.it.visitors.joined(separator: words("day-between")))
        }
        if !visit.opened { Leads(key: "app-change", screen: .visitPlan(model.it.document)) }
      }
      if visit.conflict { Text(words("conflict")) }
      if !visit.opened {
        Acts(key: "visitpage-open", isBusy: model.it.isBusy) { await model.it.open() }
      } else if !visit.closed {
        Typed(label: "visitpage-minutes", text: model.binding(\.minutes), hint: "app-optional", keyboard: .numberPad)
        if !model.it.minutesAreReadable { Wrong(key: "app-bad-number") }
        Acts(key: "visitpage-close", isBusy: model.it.isBusy) { await model.it.close() }
      } else {
        Text(words("visitpage-closed"))
        if let minutes = visit.minutes { Text(words.duration(minutes)) }
      }
    }
  }
}

private struct PeopleAndLessons: View {
  @Environment(\.words) private var words
  let model: VisitModel
  let visit: Visit

  var body: some View {
    Section {
      NavigationLink(value: Screen.people(model.document)) { LabeledContent(words("visitpage-people"), value: String(visit.people.count)) }
    }
    Section(words("visitpage-observations")) {
      ForEach(visit.observations, id: \.entry) { seen in
        NavigationLink(value: Screen.observation(visit: model.document, seen)) {
          Text([seen.observation.lesson, seen.observation.grade].compactMap { $0 }.joined(separator: " · "))
        }
      }
      Leads(key: "visitpage-observe", screen: .observation(visit: model.document, nil))
      if !visit.observations.isEmpty { Acts(key: "visitpage-share", isBusy: model.isBusy) { await model.share() } }
    }
  }
}

private struct PicturesAndNotes: View {
  @Environment(\.words) private var words
  @ObservedObject var model: Watched<VisitModel>
  @State private var caption = ""
  let visit: Visit

  var body: some View {
    Section(words("visitpage-pictures")) {
      ForEach(visit.pictures, id: \.hash) { picture in
        if let image = model.it.pictures[picture.hash].flatMap(UIImage.init(data:)) {
          Image(uiImage: image).resizable().scaledToFit().accessibilityLabel(picture.caption ?? words("works-picture"))
        } else {
          Text(picture.caption ?? words("works-picture"))
        }
      }
      Typed(label: "visitpage-picture-caption", text: $caption)
      PictureButtons(PictureModel(model.it.office)) { data in
        await model.it.add(picture: data, caption: caption)
        caption = ""
      }
    }
    Section(words("visitpage-notes")) {
      ForEach(visit.notes, id: \.self) { Text($0) }
      Typed(label: "visitpage-note-add", text: model.binding(\.note), lines: 2)
      Acts(key: "app-save", isBusy: model.it.isBusy || model.it.note.isEmpty) { await model.it.addNote() }
    }
  }
}

private struct Signatures: View {
  @Environment(\.words) private var words
  @ObservedObject var model: Watched<VisitModel>
  let visit: Visit

  var body: some View {
    Section {
      ForEach(visit.countersigns, id: \.self) { sign in
        VStack(alignment: .leading, spacing: 2) {
          Text(words("visitpage-countersigned", ["when": .text(value: words.moment(sign.atSecs))]))
          if let text = sign.text { Text(text) }
          if sign.changed + sign.unseen > 0 { Text(words("visitpage-countersign-changed", ["count": .count(sign.changed + sign.unseen)])) }
        }
      }
      Leads(key: "visitpage-countersign", screen: .showVisit(model.it.document))
      Leads(key: "visitpage-sign-here", screen: .countersign(model.it.document))
    }
    Section(words("visitpage-answers")) {
      ForEach(visit.answers, id: \.self) { Text($0) }
      Typed(label: "visitpage-answer", text: model.binding(\.answer), lines: 2)
      Acts(key: "app-send", isBusy: model.it.isBusy || model.it.answer.isEmpty) { await model.it.sendAnswer() }
    }
    Section(words("visitpage-comments")) {
      ForEach(visit.comments, id: \.self) { Text($0) }
      Typed(label: "visitpage-comments", text: model.binding(\.comment), lines: 2)
      Acts(key: "app-send", isBusy: model.it.isBusy || model.it.comment.isEmpty) { await model.it.sendComment() }
    }
  }
}

/// Writes one of the four parts.
struct PartView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<PartModel>

  init(_ model: PartModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "part-\(model.it.part)") {
      Section { Typed(label: "visitpage-write", text: model.binding(\.text), trouble: model.it.trouble(at: "text"), lines: 8) }
      if !model.it.rivals.isEmpty { Section(words("visitpage-rival")) { ForEach(model.it.rivals, id: \.self) { Text($0) } } }
      Section {
        Saves(model: model) {
          await model.it.save()
          return model.it.isSaved
        }
      }
    }
  }
}

/// Who took part.
struct PeopleView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<PeopleModel>

  init(_ model: PeopleModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "visitpage-people") {
      Section {
        ForEach(model.it.people, id: \.self) { one in
          Removable {
            model.it.remove(one)
          } content: {
            Text([model.it.name(one), one.duty].compactMap { $0 }.joined(separator: " · "))
          }
        }
      }
      Section {
        Menu(words("app-choose")) { ForEach(model.it.colleagues, id: \.posting) { one in Button(one.name) { model.it.add(one) } } }
        Typed(label: "visitpage-person-name", text: model.binding(\.name))
        Typed(label: "visitpage-person-duty", text: model.binding(\.duty))
        Acts(key: "visitpage-person-add") { model.it.add() }
      }
      Section {
        Saves(model: model) {
          await model.it.save()
          return model.it.isSaved
        }
      }
    }
  }
}

/// A lesson observed.
struct ObservationView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<ObservationModel>

  init(_ model: ObservationModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "visitpage-observe") {
      Section {
        Picker(words("visitpage-teacher"), selection: model.binding(\.teacher)) {
          Text(words("app-choose")).tag("")
          ForEach(model.it.colleagues, id: \.posting) { Text($0.name).tag($0.posting) }
        }
        FieldTrouble(trouble: model.it.trouble(at: "teacher"))
        Typed(label: "visitpage-lesson", text: model.binding(\.lesson), trouble: model.it.trouble(at: "lesson"))
        Typed(label: "visitpage-review", text: model.binding(\.review), trouble: model.it.trouble(at: "review"), lines: 4)
        Typed(label: "visitpage-grade", text: model.binding(\.grade), trouble: model.it.trouble(at: "grade"))
        Typed(label: "visitpage-lesson-minutes", text: model.binding(\.minutes), keyboard: .numberPad)
        if !model.it.minutesAreReadable { Wrong(key: "app-bad-number") }
        Saves(model: model) {
          await model.it.save()
          return model.it.isSaved
        }
      }
    }
  }
}

/// The host signs a visit that has arrived here.
struct CountersignView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<CountersignModel>

  init(_ model: CountersignModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "visitpage-sign") {
      Section {
        Typed(label: "visitpage-sign-text", text: model.binding(\.text), trouble: model.it.trouble(at: "text"), lines: 3)
        Saves(model: model, key: "visitpage-sign") {
          await model.it.sign()
          return model.it.isSaved
        }
      }
    }
  }
}

/// A visit as QR codes for the host's phone.
struct ShowVisitView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<ShowVisitModel>

  init(_ model: ShowVisitModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "visitpage-countersign") {
      Section { Text(words("visitpage-countersign-lead")) }
      if model.it.codes.indices.contains(model.it.shown) {
        let position = words("visitpage-code-of", ["n": .count(model.it.shown + 1), "all": .count(model.it.codes.count)])
        Section(position) {
          QrPicture(text: model.it.codes[model.it.shown], label: position)
          if model.it.codes.count > 1 { Acts(key: "visitpage-next-code") { model.it.next() } }
        }
      }
    }
  }
}

/// The host reads a visit from another phone's screen, looks at it, and signs.
struct ReadVisitView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<ReadVisitModel>
  @State private var isScanning = false

  init(_ model: ReadVisitModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "visitpage-scan") {
      if let visit = model.it.visit {
        Section(words("visitpage-scan-read")) {
          if let plan = visit.plan { Text("\(words.day(plan.date)) \(words.code("visit", plan.kind))").font(.headline) }
          ForEach(visit.parts, id: \.self) { part in LabeledContent(words.code("part", part.part), value: part.text) }
          ForEach(visit.notes, id: \.self) { Text($0) }
        }
        Section {
          Typed(label: "visitpage-sign-text", text: model.binding(\.text), lines: 3)
          Acts(key: "visitpage-sign", isBusy: model.it.isBusy || model.it.isSigned) { await model.it.sign() }
          if model.it.isSigned { Text(words("visitpage-signed")) }
        }
      } else {
        Section {
          Acts(key: "enrol-scan") { isScanning = true }
          if !model.it.codes.isEmpty { LabeledContent(words("visitpage-scan"), value: String(model.it.codes.count)) }
        }
      }
    }
    .sheet(isPresented: $isScanning) {
      ScanSheet(CameraModel(model.it.office)) { text in
        await model.it.scanned(text)
        if model.it.visit != nil || model.it.trouble != nil { isScanning = false }
      }
    }
  }
}

import SanjiKit
import SwiftUI

/// Today, top to bottom: date and school, the day in one sentence, its bar, one large button, what waits, the line of sending.
struct TodayView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<TodayModel>
  @StateObject private var waits: Watched<WaitsModel>

  init(_ model: TodayModel, _ waits: WaitsModel) {
    _model = StateObject(wrappedValue: Watched(model))
    _waits = StateObject(wrappedValue: Watched(waits))
  }

  private var today: TodayModel { model.it }

  var body: some View {
    ScrollView {
      VStack(alignment: .leading, spacing: 20) {
        header
        ForEach(today.notices, id: \.self) { NoticeRow(notice: $0, way: today.office.way) }
        if let day = today.day { DayBar(date: today.today?.date ?? "", verdict: day.verdict, now: today.today?.nowSecs) }
        if today.mustChoose { choice }
        waiting
        SendingLine(said: today.sending, way: today.office.way)
      }
      .padding()
    }
    .safeAreaInset(edge: .bottom) {
      if !today.mustChoose, today.day != nil { button.padding(.horizontal).padding(.vertical, 8).background(.thinMaterial) }
    }
    .toolbar { TodayMenu(isHead: today.isHead, way: today.office.way) }
    .framed(by: today, title: "app-today")
    .task { await waits.it.follow() }
  }

  private var header: some View {
    VStack(alignment: .leading, spacing: 6) {
      Text([today.said?.dateLine, today.said?.name].compactMap { $0 }.joined(separator: " · "))
        .font(.subheadline).foregroundStyle(.secondary)
      if let said = today.said {
        NavigationLink(value: Screen.day(posting: said.posting, date: today.today?.date ?? "")) {
          HStack(alignment: .firstTextBaseline, spacing: 8) {
            if said.status != nil { Text(said.shape).foregroundStyle(Palette.status(said.status)).accessibilityHidden(true) }
            Text(said.sentence).monospacedDigit().multilineTextAlignment(.leading)
          }
          .font(.title2.bold())
        }
        .buttonStyle(.plain)
        .accessibilityHint(words("app-why"))
      }
    }
  }

  private var choice: some View {
    VStack(alignment: .leading, spacing: 8) {
      Text(words("today-school-pick"))
      ForEach(today.today?.postings ?? [], id: \.posting) { posting in
        Button(posting.schoolName ?? posting.school) { Task { await today.choose(posting.posting) } }
          .buttonStyle(.bordered).controlSize(.large)
      }
    }
  }

  /// After a tap the button is the record, with its way back. It stands where the thumb is, whatever is above it.
  @ViewBuilder private var button: some View {
    if today.justRecorded != nil, let check = today.undoable {
      BigRecord(check: check, isBusy: today.isBusy) { await today.undo() }
    } else {
      let shown = today.next
      let key = today.isFindingPlace ? "today-place-asking" : shown == .checkIn ? "today-check-in" : "today-check-out"
      BigAct(key: key, isBusy: today.isBusy || today.isFindingPlace) {
        await today.tap(shown)
        guard today.trouble == nil, let check = today.undoable else { return }
        UIImpactFeedbackGenerator(style: .medium).impactOccurred()
        Outside.say(words.done(check))
      }
    }
  }

  @ViewBuilder private var waiting: some View {
    let (own, head) = (today.waiting, waits.it)
    ForEach(head.schools, id: \.self) { school in
      NavigationLink(value: Screen.school(school.school)) {
        VStack(alignment: .leading, spacing: 2) {
          Text(words.sum(school.sum)).monospacedDigit()
          Text(head.schools.count > 1 ? school.name ?? school.school : words("today-school-now")).font(.footnote)
        }
        .frame(minHeight: 44)
      }
    }
    if head.queue > 0 { Leads(key: "today-queue", args: ["count": .count(head.queue)], screen: .queue) }
    if head.conflicts > 0 { Leads(key: "today-conflicts", args: ["count": .count(head.conflicts)], screen: .conflicts) }
    if own.flagged > 0 { Leads(key: "today-flagged", args: ["count": .count(own.flagged)], screen: .flagged) }
    if head.asking > 0 { Leads(key: "today-asking", screen: .asking) }
    ForEach(head.schools.filter(\.mayPublish), id: \.self) { school in
      Leads(key: "today-publish", screen: .publish(school.school))
      if head.schools.count > 1 { Text(school.name ?? school.school).font(.footnote) }
    }
    if own.corrections > 0 { Leads(key: "today-my-corrections", args: ["count": .count(own.corrections)], screen: .corrections) }
  }
}

/// The other places.
struct TodayMenu: ToolbarContent {
  @Environment(\.words) private var words
  let isHead: Bool
  let way: Way

  var body: some ToolbarContent {
    ToolbarItem(placement: .primaryAction) {
      Menu {
        Button(words("today-my-week")) { way.open(.week) }
        Button(words("today-leave")) { way.open(.leave) }
        Button(words("correction-title")) { way.open(.corrections) }
        Button(words("today-service")) { way.open(.service) }
        Button(words("today-visits")) { way.open(.visits) }
        if isHead {
          Button(words("today-people")) { way.open(.roster) }
          Button(words("askpage-title")) { way.open(.asking) }
          Button(words("publishpage-title")) { way.open(.publish(nil)) }
        }
        Button(words("today-settings")) { way.open(.settings) }
      } label: {
        Label(words("app-more"), systemImage: "line.3.horizontal")
      }
    }
  }
}

/// Something that the person should know, and where it leads.
struct NoticeRow: View {
  @Environment(\.words) private var words
  let notice: TodayModel.Notice
  let way: Way

  var body: some View {
    VStack(alignment: .leading, spacing: 6) {
      if let title { Text(words(title)).font(.headline) }
      Text(text)
      if leads { Button(words("sendpage-title")) { way.open(.sending) }.buttonStyle(.bordered).frame(minHeight: 44) }
    }
    .padding()
    .frame(maxWidth: .infinity, alignment: .leading)
    .background(Color(.secondarySystemBackground), in: RoundedRectangle(cornerRadius: 12))
  }

  private var leads: Bool {
    switch notice {
    case .lostKey, .revoked, .outdated, .notTaken, .replaced, .retired: true
    case .wentBack, .clock, .firstDay, .noPosting: false
    }
  }

  private var title: String? {
    switch notice {
    case .lostKey: "waiting-title"
    case .revoked: "state-revoked-title"
    case .outdated: "state-newer-title"
    case .notTaken: "sendpage-stopped"
    case .retired: "state-retired-title"
    case .replaced: "state-replaced-title"
    case .wentBack: "state-went-back-title"
    case .clock, .firstDay, .noPosting: nil
    }
  }

  private var text: String {
    switch notice {
    case .lostKey: words("waiting-go-on")
    case .revoked(let at): words("state-revoked", ["when": .text(value: words.moment(at))])
    case .outdated: words("sendpage-outdated")
    case .notTaken(let code): words("standing-\(code)")
    case .retired: words("state-retired")
    case .replaced: words("state-replaced")
    case .wentBack: words("state-went-back")
    case .clock(let ahead):
      words(
        ahead > 0 ? "today-clock-ahead" : "today-clock-behind", ["length": .text(value: words.duration(UInt32(clamping: abs(ahead) / 60)))])
    case .firstDay: words("state-first-day")
    case .noPosting: words("today-no-posting")
    }
  }
}

/// The day from 6 to 22: windows, presence, leave.
struct DayBar: View {
  @Environment(\.words) private var words
  let date: String
  let verdict: Verdict?
  /// This moment, on the day that it belongs to.
  var now: Int64?

  var body: some View {
    Canvas { context, size in
      guard let verdict, let start = Dates.at(date, 6) else { return }
      let from = Double(Dates.secs(start))
      let x = { (secs: Int64) in min(max((Double(secs) - from) / (16 * 3600), 0), 1) * size.width }
      func draw(_ span: Span, _ color: Color, inset: Double) {
        let rect = CGRect(x: x(span.fromSecs), y: inset, width: max(x(span.toSecs) - x(span.fromSecs), 1), height: size.height - 2 * inset)
        context.fill(Path(roundedRect: rect, cornerRadius: 3), with: .color(color))
      }
      verdict.windows.forEach { draw($0, Color(.systemGray4), inset: 0) }
      verdict.leave.forEach { draw($0, Palette.status("on_leave"), inset: 2) }
      verdict.presence.forEach { draw($0, Palette.status("present"), inset: 6) }
      if let now { context.fill(Path(CGRect(x: x(now), y: 0, width: 2, height: size.height)), with: .color(.primary)) }
    }
    .frame(height: 28)
    .accessibilityElement()
    .accessibilityLabel(words("today-bar"))
    .accessibilityValue(spoken)
  }

  private var spoken: String {
    guard let verdict else { return "" }
    let parts = [
      ("today-bar-windows", verdict.windows), ("today-bar-presence", verdict.presence), ("today-bar-leave", verdict.leave),
    ]
    let said = parts.filter { !$1.isEmpty }.map { key, spans in
      let times = spans.map { "\(words.time($0.fromSecs))–\(words.time($0.toSecs))" }.joined(separator: words("day-between"))
      return words(key, ["spans": .text(value: times)])
    }
    return said.joined(separator: words("day-between"))
  }
}

/// What waits to be sent, in one line.
struct SendingLine: View {
  let said: SendingSaid?
  let way: Way

  var body: some View {
    if let said {
      Button {
        way.open(.sending)
      } label: {
        HStack(alignment: .firstTextBaseline, spacing: 8) {
          if said.tone != .calm { Image(systemName: "exclamationmark.triangle").accessibilityHidden(true) }
          VStack(alignment: .leading, spacing: 2) {
            Text(said.text).monospacedDigit()
            if said.tone != .calm, let detail = said.detail { Text(detail) }
          }
        }
        .font(said.tone == .calm ? .footnote : .body)
        .frame(maxWidth: .infinity, minHeight: 44, alignment: .leading)
        .multilineTextAlignment(.leading)
      }
      .foregroundStyle(said.tone == .calm ? Color.secondary : Palette.status("needs_correction"))
    }
  }
}

import SanjiKit
import SwiftUI

/// The school's kiosk.
struct KioskView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<KioskModel>

  init(_ model: KioskModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Group {
      if let person = model.it.person { one(person) } else { list }
    }
    .toolbar { NavigationLink(value: Screen.kioskGate) { Label(words("today-settings"), systemImage: "gearshape") } }
    .safeAreaInset(edge: .bottom) {
      SendingLine(said: model.it.sending, way: model.it.office.way).padding(.horizontal).background(.thinMaterial)
    }
    .framed(by: model.it, title: "kiosk-title")
    .simultaneousGesture(TapGesture().onEnded { model.it.touched() })
  }

  private var list: some View {
    List {
      against
      if model.it.people.isEmpty { Text(words("kiosk-none")) }
      Section(words("kiosk-who")) {
        ForEach(model.it.found, id: \.posting) { person in
          Button {
            model.it.choose(person)
          } label: {
            HStack {
              Text(person.name).font(.title3)
              Spacer()
              if !person.hasPin { Text(words("kiosk-no-pin")).foregroundStyle(.secondary) }
            }
            .frame(minHeight: 56)
          }
        }
      }
    }
    .searchable(text: model.binding(\.search), prompt: words("kiosk-search"))
  }

  /// What keeps the records of this kiosk from being taken.
  @ViewBuilder private var against: some View {
    if let digits = model.it.digits {
      WaitingDigits(digits: digits)
    } else if let notice = model.it.notice {
      NoticeRow(notice: notice, way: model.it.office.way)
    }
  }

  private func one(_ person: KioskPerson) -> some View {
    Form {
      Section {
        Text(person.name).font(.title2.bold()).accessibilityAddTraits(.isHeader)
        if model.it.taps != nil {
          buttons
        } else if person.hasPin {
          SecureField(words("kiosk-pin"), text: model.binding(\.pin)).keyboardType(.numberPad).frame(minHeight: 56)
          Acts(key: "app-ok", isBusy: model.it.isBusy || model.it.pin.isEmpty) { await model.it.unlock() }.buttonStyle(.borderedProminent)
        } else {
          Text(words("problem-no_pin"))
        }
      }
      Section { Acts(key: "kiosk-leave") { model.it.leave() } }
      if let taps = model.it.taps {
        Section(words("kiosk-taps")) {
          if taps.isEmpty { Text(words("daypage-none")) }
          ForEach(taps, id: \.self) { CheckRow(check: $0) }
        }
      }
    }
  }

  /// Both ways, the one that comes next as the larger; what was just tapped stands in their place, with its way back.
  @ViewBuilder private var buttons: some View {
    if let tap = model.it.undoable {
      BigRecord(check: tap, isBusy: model.it.isBusy) { await model.it.undo(tap) }
    } else {
      let (next, other) = (model.it.next, model.it.other)
      BigAct(key: key(next), isBusy: model.it.isBusy) { await check(next) }
      Acts(key: key(other), isBusy: model.it.isBusy) { await check(other) }
    }
  }

  private func check(_ direction: Direction) async {
    await model.it.check(direction)
    if let tap = model.it.undoable { Outside.say(words.done(tap)) }
  }

  private func key(_ direction: Direction) -> String { direction == .checkIn ? "today-check-in" : "today-check-out" }
}

/// Before the settings of a kiosk: what waits to be sent, and four digits to type.
struct KioskGateView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<KioskGateModel>

  init(_ model: KioskGateModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Page(model: model, title: "kiosk-gate-title") {
      Section {
        if let sending = model.it.sending { Text(sending.text).monospacedDigit() }
        Leads(key: "sendpage-title", screen: .sending)
      }
      Section {
        Text(words("kiosk-gate-lead", ["digits": .text(value: model.it.digits)])).monospacedDigit()
        Typed(label: "kiosk-gate-typed", text: model.binding(\.typed), keyboard: .numberPad)
        Acts(key: "kiosk-gate-pass", isBusy: !model.it.isOpen) { model.it.pass() }
      }
    }
  }
}

import SanjiKit
import SwiftUI

/// The school's kiosk.
struct KioskView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<KioskModel>
  @State private var search = ""

  init(_ model: KioskModel) { _model = StateObject(wrappedValue: Watched(model)) }

  var body: some View {
    Group {
      if let person = model.it.person { one(person) } else { list }
    }
    .toolbar { NavigationLink(value: Screen.settings) { Label(words("today-settings"), systemImage: "gearshape") } }
    .safeAreaInset(edge: .bottom) { SendingLine(said: model.it.sending, way: model.it.office.way).padding(.horizontal) }
    .framed(by: model.it, title: "kiosk-title")
  }

  private var list: some View {
    List {
      if model.it.people.isEmpty { Text(words("kiosk-none")) }
      Section(words("kiosk-who")) {
        ForEach(model.it.people.filter { search.isEmpty || $0.name.contains(search) }, id: \.posting) { person in
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
    .searchable(text: $search, prompt: words("kiosk-search"))
  }

  private func one(_ person: KioskPerson) -> some View {
    Form {
      Section {
        Text(person.name).font(.title2.bold())
        if let taps = model.it.taps {
          Acts(key: model.it.next == .checkIn ? "today-check-in" : "today-check-out", isBusy: model.it.isBusy) {
            await model.it.check(model.it.next)
          }
          .font(.title2.bold())
          Section(words("kiosk-taps")) {
            if taps.isEmpty { Text(words("daypage-none")) }
            ForEach(taps, id: \.entry) { tap in
              CheckRow(check: tap)
              if tap.mayVoid { Acts(key: "today-undo", isBusy: model.it.isBusy) { await model.it.undo(tap) } }
            }
          }
        } else {
          SecureField(words("kiosk-pin"), text: model.binding(\.pin)).keyboardType(.numberPad).frame(minHeight: 56)
          Acts(key: "app-ok", isBusy: model.it.isBusy) { await model.it.unlock() }
        }
      }
      Section { Acts(key: "kiosk-leave") { model.it.leave() } }
    }
  }
}

import SanjiKit
import SwiftUI

/// The records can't be opened: what to do, and whose others stand on this phone.
struct ShutView: View {
  @Environment(\.words) private var words
  @StateObject private var model: Watched<ShutModel>

  private let trouble: Trouble

  init(_ model: ShutModel, trouble: Trouble) {
    _model = StateObject(wrappedValue: Watched(model))
    self.trouble = trouble
  }

  var body: some View {
    List {
      Section {
        Text(words(title)).font(.title2.bold()).accessibilityAddTraits(.isHeader)
        Text(words(explanation))
        ForEach(ShutModel.steps(for: trouble), id: \.self) { step in
          if let key = step.key { Acts(key: key) { await act(step) } }
        }
      }
      if !model.it.others.isEmpty {
        Section(words("setpage-others")) {
          ForEach(model.it.others) { row in OwnerRow(row: row) { await model.it.goBack(to: row) } }
        }
      }
    }
    .task { await model.it.load() }
  }

  private var title: String {
    switch trouble {
    case .updateNeeded: "state-newer-title"
    case .storageFull: "state-full-title"
    case .closed: "state-closed-title"
    case .keysUnavailable: "state-keys_unavailable-title"
    default: "state-failed-title"
    }
  }

  private var explanation: String {
    switch trouble {
    case .updateNeeded: "state-newer"
    case .storageFull: "state-full"
    case .closed: "error-locked"
    case .keysUnavailable: "state-keys_unavailable"
    default: "state-failed"
    }
  }

  private func act(_ step: Trouble.Step) async {
    if step == .settings { Outside.openSettings() } else { await model.it.again() }
  }
}

/// Somebody's records on this phone, and the way to them.
struct OwnerRow: View {
  @Environment(\.words) private var words
  let row: RecordsModel.Row
  let goBack: @MainActor () async -> Void

  var body: some View {
    Text(said)
    if !row.isCurrent { Acts(key: "setpage-return", act: goBack) }
  }

  private var said: String {
    guard row.isEnrolled, let unsent = row.unsent else { return words("setpage-others-unnamed") }
    let name = WordArg.text(value: row.name ?? words("kiosk-title"))
    return unsent > 0
      ? words("setpage-others-unsent", ["name": name, "count": .count(unsent)]) : words("setpage-others-sent", ["name": name])
  }
}

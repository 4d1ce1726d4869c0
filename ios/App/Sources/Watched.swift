import Combine
import SanjiKit
import SwiftUI

/// Lets SwiftUI watch what tells of its changes: the models themselves know nothing of SwiftUI.
@MainActor
final class Watched<Thing: AnyObject>: ObservableObject {
  let it: Thing

  private init(_ thing: Thing, telling: (@escaping @MainActor () -> Void) -> Void) {
    it = thing
    telling { [weak self] in self?.objectWillChange.send() }
  }
}

extension Watched where Thing == Home {
  convenience init(_ home: Home) { self.init(home) { home.didChange = $0 } }
}

extension Watched where Thing == Way {
  convenience init(_ way: Way) { self.init(way) { way.didChange = $0 } }
}

extension Watched where Thing == ShutModel {
  convenience init(_ shut: ShutModel) { self.init(shut) { shut.didChange = $0 } }
}

extension Watched where Thing: Model {
  convenience init(_ model: Thing) { self.init(model) { model.didChange = $0 } }

  /// A binding to what a form holds.
  func binding<Value>(_ path: ReferenceWritableKeyPath<Thing, Value>) -> Binding<Value> {
    Binding(
      get: { self.it[keyPath: path] },
      set: {
        self.objectWillChange.send()
        self.it[keyPath: path] = $0
      })
  }
}

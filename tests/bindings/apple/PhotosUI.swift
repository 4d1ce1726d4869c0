import CoreTransferable
import SwiftUI

public struct PHPickerFilter: Hashable, Sendable { public static var images: PHPickerFilter { fatalError() } }

public struct PhotosPickerItem: Hashable, Sendable {
  public func loadTransferable<T: Transferable>(type: T.Type) async throws -> T? { fatalError() }
}

@MainActor @preconcurrency public struct PhotosPicker<Label: View>: View {
  public init(selection: Binding<PhotosPickerItem?>, matching filter: PHPickerFilter? = nil, @ViewBuilder label: () -> Label) {
    fatalError()
  }
  public var body: some View { fatalError() as EmptyView }
}

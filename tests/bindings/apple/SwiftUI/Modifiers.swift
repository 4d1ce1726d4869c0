public enum ControlSize: Sendable { case mini, small, regular, large }

@MainActor public protocol PrimitiveButtonStyle {}
public struct PlainButtonStyle: PrimitiveButtonStyle {}
public struct BorderedButtonStyle: PrimitiveButtonStyle {}
public struct BorderlessButtonStyle: PrimitiveButtonStyle {}
public struct BorderedProminentButtonStyle: PrimitiveButtonStyle {}
extension PrimitiveButtonStyle where Self == PlainButtonStyle { public static var plain: PlainButtonStyle { fatalError() } }
extension PrimitiveButtonStyle where Self == BorderlessButtonStyle {
  public static var borderless: BorderlessButtonStyle { fatalError() }
}
extension PrimitiveButtonStyle where Self == BorderedButtonStyle { public static var bordered: BorderedButtonStyle { fatalError() } }
extension PrimitiveButtonStyle where Self == BorderedProminentButtonStyle {
  public static var borderedProminent: BorderedProminentButtonStyle { fatalError() }
}

public protocol TextSelectability {}
public struct EnabledTextSelectability: TextSelectability {}
extension TextSelectability where Self == EnabledTextSelectability { public static var enabled: EnabledTextSelectability { fatalError() } }

public struct TextInputAutocapitalization: Sendable {
  public static var never: TextInputAutocapitalization { fatalError() }
  public static var characters: TextInputAutocapitalization { fatalError() }
}

public struct SearchFieldPlacement: Sendable { public static let automatic: SearchFieldPlacement = { fatalError() }() }

public enum NavigationBarItem { public enum TitleDisplayMode: Sendable { case automatic, inline, large } }

public struct AccessibilityChildBehavior: Hashable, Sendable {
  public static let ignore: AccessibilityChildBehavior = { fatalError() }()
  public static let contain: AccessibilityChildBehavior = { fatalError() }()
  public static let combine: AccessibilityChildBehavior = { fatalError() }()
}

public struct AccessibilityTraits: SetAlgebra, OptionSet, Sendable {
  public let rawValue: UInt
  public init(rawValue: UInt) { self.rawValue = rawValue }
  public static let isHeader: AccessibilityTraits = { fatalError() }()
  public static let isImage: AccessibilityTraits = { fatalError() }()
  public static let isSelected: AccessibilityTraits = { fatalError() }()
}

// Where it stands and how it looks.
extension View {
  nonisolated public func frame(width: CGFloat? = nil, height: CGFloat? = nil, alignment: Alignment = .center) -> some View {
    ModifiedView.any
  }
  nonisolated public func frame(
    minWidth: CGFloat? = nil, idealWidth: CGFloat? = nil, maxWidth: CGFloat? = nil, minHeight: CGFloat? = nil, idealHeight: CGFloat? = nil,
    maxHeight: CGFloat? = nil, alignment: Alignment = .center
  ) -> some View { ModifiedView.any }
  nonisolated public func padding(_ edges: Edge.Set = .all, _ length: CGFloat? = nil) -> some View { ModifiedView.any }
  nonisolated public func padding(_ length: CGFloat) -> some View { ModifiedView.any }
  nonisolated public func background<S: ShapeStyle>(_ style: S, ignoresSafeAreaEdges edges: Edge.Set = .all) -> some View {
    ModifiedView.any
  }
  nonisolated public func background<S: ShapeStyle, T: InsettableShape>(_ style: S, in shape: T) -> some View { ModifiedView.any }
  nonisolated public func safeAreaInset<V: View>(
    edge: VerticalEdge, alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> V
  ) -> some View { ModifiedView.any }
  nonisolated public func ignoresSafeArea(_ regions: SafeAreaRegions = .all, edges: Edge.Set = .all) -> some View { ModifiedView.any }
  nonisolated public func font(_ font: Font?) -> some View { ModifiedView.any }
  nonisolated public func foregroundStyle<S: ShapeStyle>(_ style: S) -> some View { ModifiedView.any }
  nonisolated public func tint(_ tint: Color?) -> some View { ModifiedView.any }
  nonisolated public func scaledToFit() -> some View { ModifiedView.any }
  nonisolated public func multilineTextAlignment(_ alignment: TextAlignment) -> some View { ModifiedView.any }
  nonisolated public func minimumScaleFactor(_ factor: CGFloat) -> some View { ModifiedView.any }
  nonisolated public func lineLimit(_ number: Int?) -> some View { ModifiedView.any }
  nonisolated public func lineLimit(_ limit: ClosedRange<Int>) -> some View { ModifiedView.any }
  nonisolated public func dynamicTypeSize<T: RangeExpression<DynamicTypeSize>>(_ range: T) -> some View { ModifiedView.any }
  nonisolated public func buttonStyle<S: PrimitiveButtonStyle>(_ style: S) -> some View { ModifiedView.any }
  nonisolated public func controlSize(_ controlSize: ControlSize) -> some View { ModifiedView.any }
  nonisolated public func labelsHidden() -> some View { ModifiedView.any }
}

// What it does.
extension View {
  nonisolated public func environment<V>(_ keyPath: WritableKeyPath<EnvironmentValues, V>, _ value: V) -> some View { ModifiedView.any }
  nonisolated public func id<ID: Hashable>(_ id: ID) -> some View { ModifiedView.any }
  nonisolated public func tag<V: Hashable>(_ tag: V) -> some View { ModifiedView.any }
  nonisolated public func disabled(_ disabled: Bool) -> some View { ModifiedView.any }
  nonisolated public func task(priority: TaskPriority = .userInitiated, _ action: @escaping @Sendable @isolated(any) () async -> Void)
    -> some View
  {
    ModifiedView.any
  }
  nonisolated public func onChange<V: Equatable>(of value: V, perform action: @escaping (_ newValue: V) -> Void) -> some View {
    ModifiedView.any
  }
  nonisolated public func textSelection<S: TextSelectability>(_ selectability: S) -> some View { ModifiedView.any }
  nonisolated public func keyboardType(_ type: UIKeyboardType) -> some View { ModifiedView.any }
  nonisolated public func textInputAutocapitalization(_ autocapitalization: TextInputAutocapitalization?) -> some View { ModifiedView.any }
  nonisolated public func autocorrectionDisabled(_ disable: Bool = true) -> some View { ModifiedView.any }
  nonisolated public func swipeActions<T: View>(
    edge: HorizontalEdge = .trailing, allowsFullSwipe: Bool = true, @ViewBuilder content: () -> T
  ) -> some View { ModifiedView.any }
  @_disfavoredOverload
  nonisolated public func searchable<S: StringProtocol>(text: Binding<String>, placement: SearchFieldPlacement = .automatic, prompt: S)
    -> some View
  {
    ModifiedView.any
  }
}

// How it is touched.
@MainActor @preconcurrency public protocol Gesture<Value> {
  associatedtype Value
  associatedtype Body: Gesture
  var body: Body { get }
}

extension Never: Gesture { public typealias Value = Never }

public struct TapGesture: Gesture {
  public typealias Value = ()
  nonisolated public init(count: Int = 1) { fatalError() }
  public var body: Never { fatalError() }
}

public struct _EndedGesture<Content: Gesture>: Gesture {
  public typealias Value = Content.Value
  public var body: Never { fatalError() }
}

public struct GestureMask: OptionSet, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  public static let all = GestureMask(rawValue: 3)
}

extension Gesture {
  public func onEnded(_ action: @escaping (Value) -> Void) -> _EndedGesture<Self> { fatalError() }
}

extension View {
  nonisolated public func simultaneousGesture<T: Gesture>(_ gesture: T, including mask: GestureMask = .all) -> some View {
    ModifiedView.any
  }
}

// Where it leads.
extension View {
  @_disfavoredOverload nonisolated public func navigationTitle<S: StringProtocol>(_ title: S) -> some View { ModifiedView.any }
  nonisolated public func navigationBarTitleDisplayMode(_ displayMode: NavigationBarItem.TitleDisplayMode) -> some View { ModifiedView.any }
  nonisolated public func navigationDestination<D: Hashable, C: View>(for data: D.Type, @ViewBuilder destination: @escaping (D) -> C)
    -> some View
  {
    ModifiedView.any
  }
  nonisolated public func toolbar<Content: View>(@ViewBuilder content: () -> Content) -> some View { ModifiedView.any }
  nonisolated public func toolbar<Content: ToolbarContent>(@ToolbarContentBuilder content: () -> Content) -> some View { ModifiedView.any }
  nonisolated public func sheet<Content: View>(
    isPresented: Binding<Bool>, onDismiss: (() -> Void)? = nil, @ViewBuilder content: @escaping () -> Content
  ) -> some View { ModifiedView.any }
  nonisolated public func fullScreenCover<Content: View>(
    isPresented: Binding<Bool>, onDismiss: (() -> Void)? = nil, @ViewBuilder content: @escaping () -> Content
  ) -> some View { ModifiedView.any }
  @_disfavoredOverload
  nonisolated public func alert<S: StringProtocol, A: View>(_ title: S, isPresented: Binding<Bool>, @ViewBuilder actions: () -> A)
    -> some View
  {
    ModifiedView.any
  }
}

// What is heard of it.
extension View {
  nonisolated public func accessibilityElement(children: AccessibilityChildBehavior = .ignore) -> some View { ModifiedView.any }
  @_disfavoredOverload nonisolated public func accessibilityLabel<S: StringProtocol>(_ label: S) -> some View { ModifiedView.any }
  @_disfavoredOverload nonisolated public func accessibilityValue<S: StringProtocol>(_ value: S) -> some View { ModifiedView.any }
  @_disfavoredOverload nonisolated public func accessibilityHint<S: StringProtocol>(_ hint: S) -> some View { ModifiedView.any }
  nonisolated public func accessibilityHidden(_ hidden: Bool) -> some View { ModifiedView.any }
  nonisolated public func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View { ModifiedView.any }
}

extension ModifiedView { nonisolated static var any: ModifiedView { fatalError() } }

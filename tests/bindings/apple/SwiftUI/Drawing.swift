public protocol ShapeStyle: Sendable {}

public struct Color: ShapeStyle, Hashable {
  public init(_ name: String, bundle: Bundle? = nil) { fatalError() }
  @_disfavoredOverload public init(_ color: UIColor) { fatalError() }
  public static var black: Color { fatalError() }
  public static var white: Color { fatalError() }
  public static var primary: Color { fatalError() }
  public static var secondary: Color { fatalError() }
}

extension Color: View { public var body: Never { fatalError() } }

public struct HierarchicalShapeStyle: ShapeStyle {}
extension ShapeStyle where Self == HierarchicalShapeStyle {
  public static var primary: HierarchicalShapeStyle { fatalError() }
  public static var secondary: HierarchicalShapeStyle { fatalError() }
}

public struct Material: ShapeStyle {}
extension ShapeStyle where Self == Material { public static var thinMaterial: Material { fatalError() } }

public protocol Shape: View, Sendable {}
public protocol InsettableShape: Shape {}

public struct RoundedRectangle: InsettableShape {
  nonisolated public init(cornerRadius: CGFloat) { fatalError() }
  public var body: Never { fatalError() }
}

public struct Path: Sendable {
  public init(_ rect: CGRect) { fatalError() }
  public init(roundedRect rect: CGRect, cornerRadius: CGFloat) { fatalError() }
}

public struct GraphicsContext {
  public struct Shading: Sendable { public static func color(_ color: Color) -> Shading { fatalError() } }
  public func fill(_ path: Path, with shading: Shading) { fatalError() }
}

public struct Canvas<Symbols: View>: View { public var body: Never { fatalError() } }
extension Canvas where Symbols == EmptyView {
  nonisolated public init(
    opaque: Bool = false, rendersAsynchronously: Bool = false, renderer: @escaping (inout GraphicsContext, CGSize) -> Void
  ) { fatalError() }
}

public struct Font: Hashable, Sendable {
  public enum TextStyle: Sendable { case largeTitle, title, title2, title3, headline, subheadline, body, footnote }
  public enum Design: Sendable { case `default`, serif, rounded, monospaced }
  public static let title: Font = { fatalError() }()
  public static let title2: Font = { fatalError() }()
  public static let title3: Font = { fatalError() }()
  public static let headline: Font = { fatalError() }()
  public static let subheadline: Font = { fatalError() }()
  public static let body: Font = { fatalError() }()
  public static let footnote: Font = { fatalError() }()
  public static func system(_ style: TextStyle, design: Design? = nil) -> Font { fatalError() }
  public func bold() -> Font { fatalError() }
}

public struct HorizontalAlignment: Sendable {
  public static let leading: HorizontalAlignment = { fatalError() }()
  public static let center: HorizontalAlignment = { fatalError() }()
  public static let trailing: HorizontalAlignment = { fatalError() }()
}

public struct VerticalAlignment: Sendable {
  public static let center: VerticalAlignment = { fatalError() }()
  public static let firstTextBaseline: VerticalAlignment = { fatalError() }()
}

public struct Alignment: Sendable {
  public static let center: Alignment = { fatalError() }()
  public static let leading: Alignment = { fatalError() }()
}

public enum TextAlignment: Sendable { case leading, center, trailing }
public enum VerticalEdge: Sendable { case top, bottom }

public enum HorizontalEdge: Sendable { case leading, trailing }

public enum Axis: Sendable {
  case horizontal, vertical
  public struct Set: OptionSet, Sendable {
    public let rawValue: Int8
    public init(rawValue: Int8) { self.rawValue = rawValue }
    public static let horizontal: Set = { fatalError() }()
    public static let vertical: Set = { fatalError() }()
  }
}

public enum Edge: Sendable {
  case top, leading, bottom, trailing
  public struct Set: OptionSet, Sendable {
    public let rawValue: Int8
    public init(rawValue: Int8) { self.rawValue = rawValue }
    public static let all: Set = { fatalError() }()
    public static let bottom: Set = { fatalError() }()
    public static let vertical: Set = { fatalError() }()
    public static let horizontal: Set = { fatalError() }()
  }
}

public struct SafeAreaRegions: OptionSet, Sendable {
  public let rawValue: UInt
  public init(rawValue: UInt) { self.rawValue = rawValue }
  public static let all: SafeAreaRegions = { fatalError() }()
}

public enum DynamicTypeSize: Comparable, Sendable {
  case large, xLarge, xxLarge, xxxLarge, accessibility1, accessibility2, accessibility3, accessibility4, accessibility5
}

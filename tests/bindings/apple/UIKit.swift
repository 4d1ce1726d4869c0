@_exported import AppleFoundation
@_exported import QuartzCore

@MainActor open class UIResponder: NSObject {
  nonisolated public override init() { fatalError() }
}

@MainActor open class UIView: UIResponder {
  open class var layerClass: AnyClass { fatalError() }
  open var layer: CALayer { fatalError() }
}

@MainActor open class UIViewController: UIResponder {}
@MainActor open class UINavigationController: UIViewController {}
@MainActor public protocol UINavigationControllerDelegate: NSObjectProtocol {}

public struct UIBackgroundTaskIdentifier: RawRepresentable, Hashable, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }
  public static let invalid: UIBackgroundTaskIdentifier = { fatalError() }()
}

@MainActor open class UIApplication: UIResponder {
  public struct OpenExternalURLOptionsKey: Hashable, Sendable {}
  open class var shared: UIApplication { fatalError() }
  nonisolated public class var openSettingsURLString: String { fatalError() }
  open func open(
    _ url: URL, options: [OpenExternalURLOptionsKey: Any] = [:], completionHandler completion: (@MainActor @Sendable (Bool) -> Void)? = nil
  ) { fatalError() }
  open func beginBackgroundTask(expirationHandler handler: (@MainActor @Sendable () -> Void)? = nil) -> UIBackgroundTaskIdentifier {
    fatalError()
  }
  open func endBackgroundTask(_ identifier: UIBackgroundTaskIdentifier) { fatalError() }
}

@MainActor public enum UIAccessibility {
  public struct Notification: Sendable { public static let announcement: Notification = { fatalError() }() }
  public static func post(notification: Notification, argument: Any?) { fatalError() }
}

open class UIImage: NSObject, @unchecked Sendable {
  public init?(data: Data) { fatalError() }
  open func jpegData(compressionQuality: CGFloat) -> Data? { fatalError() }
}

open class UIColor: NSObject, @unchecked Sendable {
  open class var systemBackground: UIColor { fatalError() }
  open class var secondarySystemBackground: UIColor { fatalError() }
  open class var systemGray4: UIColor { fatalError() }
}

public enum UIKeyboardType: Int, Sendable { case `default`, asciiCapable, numbersAndPunctuation, URL, numberPad }

@MainActor open class UIImpactFeedbackGenerator: NSObject {
  public enum FeedbackStyle: Int, Sendable { case light, medium, heavy, soft, rigid }
  public init(style: FeedbackStyle) { fatalError() }
  open func impactOccurred() { fatalError() }
}

@MainActor open class UIActivity: NSObject {
  public struct ActivityType: Hashable, Sendable {}
}

@MainActor open class UIActivityViewController: UIViewController {
  public typealias CompletionWithItemsHandler = (UIActivity.ActivityType?, Bool, [Any]?, (any Error)?) -> Void
  public init(activityItems: [Any], applicationActivities: [UIActivity]?) { fatalError() }
  open var completionWithItemsHandler: CompletionWithItemsHandler?
}

@MainActor public protocol UIImagePickerControllerDelegate: NSObjectProtocol {
  func imagePickerController(_ picker: UIImagePickerController, didFinishPickingMediaWithInfo info: [UIImagePickerController.InfoKey: Any])
  func imagePickerControllerDidCancel(_ picker: UIImagePickerController)
}

@MainActor open class UIImagePickerController: UINavigationController {
  public enum SourceType: Int, Sendable { case photoLibrary, camera, savedPhotosAlbum }
  public struct InfoKey: RawRepresentable, Hashable, Sendable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let originalImage: InfoKey = { fatalError() }()
  }
  open class func isSourceTypeAvailable(_ sourceType: SourceType) -> Bool { fatalError() }
  open var sourceType: SourceType = .camera
  open weak var delegate: (any UIImagePickerControllerDelegate & UINavigationControllerDelegate)?
}

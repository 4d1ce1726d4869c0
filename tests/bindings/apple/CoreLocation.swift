import Foundation

public typealias CLLocationAccuracy = Double
public typealias CLLocationDegrees = Double
public let kCLLocationAccuracyNearestTenMeters: CLLocationAccuracy = { fatalError() }()

public enum CLAuthorizationStatus: Int32, Sendable {
  case notDetermined, restricted, denied, authorizedAlways, authorizedWhenInUse
}

public struct CLLocationCoordinate2D: Sendable {
  public var latitude: CLLocationDegrees
  public var longitude: CLLocationDegrees
}

open class CLLocationSourceInformation: NSObject, @unchecked Sendable {
  open var isSimulatedBySoftware: Bool { fatalError() }
}

open class CLLocation: NSObject, @unchecked Sendable {
  open var coordinate: CLLocationCoordinate2D { fatalError() }
  open var horizontalAccuracy: CLLocationAccuracy { fatalError() }
  open var sourceInformation: CLLocationSourceInformation? { fatalError() }
}

public protocol CLLocationManagerDelegate: NSObjectProtocol {
  func locationManagerDidChangeAuthorization(_ manager: CLLocationManager)
  func locationManager(_ manager: CLLocationManager, didUpdateLocations locations: [CLLocation])
  func locationManager(_ manager: CLLocationManager, didFailWithError error: any Error)
}

open class CLLocationManager: NSObject {
  public override init() { fatalError() }
  open weak var delegate: (any CLLocationManagerDelegate)?
  open var desiredAccuracy: CLLocationAccuracy
  open var authorizationStatus: CLAuthorizationStatus { fatalError() }
  open func requestWhenInUseAuthorization() { fatalError() }
  open func requestLocation() { fatalError() }
}

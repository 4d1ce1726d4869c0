import CoreLocation
import SanjiKit

/// One reading of where the phone is, at a tap and only where the county wants it. The library says inside or outside of it;
/// the reading itself is kept nowhere.
struct OnePlace: PlaceFinder {
  func isAllowed() async -> Bool? { await Reading().isAllowed }

  func ask() async -> Bool {
    let reading = await Reading()
    return await reading.ask()
  }

  func fix() async -> Fix? {
    let reading = await Reading()
    return await withTaskCancellationHandler {
      await reading.take()
    } onCancel: {
      Task { await reading.give(nil) }
    }
  }
}

/// Asks the system once: for permission, or for the place.
@MainActor
private final class Reading: NSObject, CLLocationManagerDelegate {
  private let manager = CLLocationManager()
  private var waiting: CheckedContinuation<Fix?, Never>?
  private var asking: CheckedContinuation<Bool, Never>?

  /// Absent as long as nobody asked the person.
  var isAllowed: Bool? {
    switch manager.authorizationStatus {
    case .notDetermined: nil
    case .authorizedAlways, .authorizedWhenInUse: true
    default: false
    }
  }

  func ask() async -> Bool {
    await withCheckedContinuation { continuation in
      asking = continuation
      // The system calls `locationManagerDidChangeAuthorization` as soon as there is a delegate, and again at the answer.
      manager.delegate = self
      manager.requestWhenInUseAuthorization()
    }
  }

  func take() async -> Fix? {
    await withCheckedContinuation { continuation in
      waiting = continuation
      manager.desiredAccuracy = kCLLocationAccuracyNearestTenMeters
      manager.delegate = self
      manager.requestLocation()
    }
  }

  func give(_ fix: Fix?) {
    waiting?.resume(returning: fix)
    waiting = nil
  }

  nonisolated func locationManagerDidChangeAuthorization(_ manager: CLLocationManager) {
    MainActor.assumeIsolated {
      guard let isAllowed else { return }
      asking?.resume(returning: isAllowed)
      asking = nil
    }
  }

  nonisolated func locationManager(_: CLLocationManager, didUpdateLocations locations: [CLLocation]) {
    let last = locations.last
    MainActor.assumeIsolated {
      give(
        last.map {
          Fix(
            latitude: $0.coordinate.latitude, longitude: $0.coordinate.longitude,
            accuracy: $0.horizontalAccuracy >= 0 ? UInt32(clamping: Int($0.horizontalAccuracy)) : nil,
            mock: $0.sourceInformation?.isSimulatedBySoftware ?? false)
        })
    }
  }

  nonisolated func locationManager(_: CLLocationManager, didFailWithError _: any Error) {
    MainActor.assumeIsolated { give(nil) }
  }
}

import CoreLocation
import SanjiKit

/// One reading of where the phone is, at a tap and only where the county wants it. The library says inside or outside of it;
/// the reading itself is kept nowhere.
struct OnePlace: PlaceFinder {
  /// Nobody stands longer before a button.
  private static let longest = Duration.seconds(6)

  func fix() async -> Fix? {
    let reading = await Reading()
    return await withTaskGroup(of: Fix?.self) { group in
      group.addTask { await reading.take() }
      group.addTask {
        try? await Task.sleep(for: Self.longest)
        await reading.give(nil)
        return nil
      }
      let fix = await group.next() ?? nil
      group.cancelAll()
      return fix
    }
  }
}

/// Asks the system once, for permission too where nobody has been asked yet.
@MainActor
private final class Reading: NSObject, CLLocationManagerDelegate {
  private let manager = CLLocationManager()
  private var waiting: CheckedContinuation<Fix?, Never>?

  func take() async -> Fix? {
    await withCheckedContinuation { continuation in
      waiting = continuation
      manager.desiredAccuracy = kCLLocationAccuracyNearestTenMeters
      // The system calls `locationManagerDidChangeAuthorization` as soon as there is a delegate.
      manager.delegate = self
    }
  }

  func give(_ fix: Fix?) {
    waiting?.resume(returning: fix)
    waiting = nil
  }

  nonisolated func locationManagerDidChangeAuthorization(_ manager: CLLocationManager) {
    MainActor.assumeIsolated {
      switch self.manager.authorizationStatus {
      case .notDetermined: self.manager.requestWhenInUseAuthorization()
      case .authorizedAlways, .authorizedWhenInUse: self.manager.requestLocation()
      default: give(nil)
      }
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

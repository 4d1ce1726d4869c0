import SanjiKit
import UserNotifications

/// Notices in the system's own list. They come from this phone alone: no service of anybody's sends them.
struct NotificationBoard: NoticeBoard {
  private var center: UNUserNotificationCenter { .current() }

  func isAllowed() async -> Bool? {
    switch await center.notificationSettings().authorizationStatus {
    case .notDetermined: nil
    case .authorized, .provisional, .ephemeral: true
    default: false
    }
  }

  func ask() async { _ = try? await center.requestAuthorization(options: [.alert, .sound]) }

  func put(_ news: News) async {
    let content = UNMutableNotificationContent()
    content.title = news.title
    content.body = news.text ?? ""
    // At once; one of the same name is replaced.
    try? await center.add(UNNotificationRequest(identifier: Self.name(news.matter), content: content, trigger: nil))
  }

  func take(_ matters: [Matter]) async { center.removeDeliveredNotifications(withIdentifiers: matters.map(Self.name)) }

  private static func name(_ matter: Matter) -> String {
    switch matter {
    case .sending: "sending"
    case .leave: "leave"
    case .correction: "correction"
    case .notCounted: "not-counted"
    }
  }
}

import BackgroundTasks
import SanjiKit
import UIKit

/// Sends while the app is closed, when the system thinks it a good time.
@MainActor
enum BackgroundRefresh {
  /// Also in Info.plist, under `BGTaskSchedulerPermittedIdentifiers`.
  nonisolated static let identifier = "org.sanji.refresh"
  /// The system asks no sooner; it decides how much later.
  private static let soonest: TimeInterval = 15 * 60

  /// To be called before the app has begun.
  static func register() {
    BGTaskScheduler.shared.register(forTaskWithIdentifier: identifier, using: .main) { task in
      MainActor.assumeIsolated { run(task) }
    }
  }

  /// Asks for the next time; the try before may have said when.
  static func schedule(afterMs wait: UInt64 = 0) {
    let request = BGAppRefreshTaskRequest(identifier: identifier)
    request.earliestBeginDate = Date(timeIntervalSinceNow: max(soonest, TimeInterval(wait) / 1000))
    try? BGTaskScheduler.shared.submit(request)
  }

  /// Lets go of the files before the system stops the process.
  static func pause(_ home: Home) {
    let application = UIApplication.shared
    let held = Held()
    held.task = application.beginBackgroundTask { held.end() }
    Task {
      await home.pause()
      held.end()
    }
  }

  /// The time that the system gives a process that goes to the background.
  @MainActor
  private final class Held {
    var task = UIBackgroundTaskIdentifier.invalid

    func end() {
      guard task != .invalid else { return }
      UIApplication.shared.endBackgroundTask(task)
      task = .invalid
    }
  }

  private static func run(_ task: BGTask) {
    schedule()
    let work = Task { await Assembly.home.refresh() }
    // The system wants its time back: what runs ends at once, and what was sent is sent.
    task.expirationHandler = { work.cancel() }
    Task {
      let outcome = await work.value
      schedule(afterMs: outcome.nextInMs)
      task.setTaskCompleted(success: outcome.unsent == 0)
    }
  }
}

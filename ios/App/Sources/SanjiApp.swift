import SanjiKit
import SwiftUI

@main
struct SanjiApp: App {
  @Environment(\.scenePhase) private var phase
  @StateObject private var home = Watched(Assembly.home)

  init() {
    // Writing to a connection that is gone is an error to handle, never the end of the app.
    signal(SIGPIPE, SIG_IGN)
    BackgroundRefresh.register()
  }

  var body: some Scene {
    WindowGroup {
      RootView(home: home)
        .environment(\.timeZone, Dates.zone)
        .environment(\.calendar, Dates.calendar)
        .task { await home.it.open() }
    }
    .onChange(of: phase) { phase in
      switch phase {
      case .active: Task { await home.it.resume() }
      case .background:
        BackgroundRefresh.schedule()
        BackgroundRefresh.pause(home.it)
      default: break
      }
    }
  }
}

import SanjiKit
import SwiftUI

/// What stands at the root, and the screens above it.
struct RootView: View {
  @ObservedObject var home: Watched<Home>
  @StateObject private var way: Watched<Way>

  init(home: Watched<Home>) {
    self.home = home
    _way = StateObject(wrappedValue: Watched(home.it.way))
  }

  var body: some View {
    NavigationStack(path: path) {
      root.navigationDestination(for: Screen.self) { screen in
        if let office = home.it.office { ScreenView(screen: screen, office: office, home: home.it) }
      }
    }
    .tint(Palette.accent)
    .larger(home.it.preferences.textSize)
    .environment(\.words, home.it.words)
    .environment(\.locale, Locale(identifier: home.it.words.language == .zh ? "zh-Hans" : "en"))
    .id(home.it.folder)
    .simultaneousGesture(TapGesture().onEnded { home.it.touched() })
    .onChange(of: way.it.above) { _ in home.it.touched() }
    .alert(home.it.words("notice-why"), isPresented: Binding(get: { home.it.offersNotices }, set: { _ in })) {
      Button(home.it.words("app-ok")) { Task { await home.it.answerNotices(true) } }
      Button(home.it.words("app-cancel"), role: .cancel) { Task { await home.it.answerNotices(false) } }
    }
  }

  private var path: Binding<[Screen]> { Binding(get: { way.it.above }, set: { way.it.above = $0 }) }

  @ViewBuilder private var root: some View {
    switch home.it.root {
    case .opening: Color(.systemBackground)
    case .shut(let trouble): ShutView(ShutModel(home.it), trouble: trouble).id(home.it.folder)
    case .enrol: if let office = home.it.office { EnrolView(EnrolModel(office), home: home.it) }
    case .today: if let office = home.it.office { TodayView(TodayModel(office), WaitsModel(office)) }
    case .kiosk: if let office = home.it.office { KioskView(KioskModel(office)) }
    }
  }
}

/// The screen for a step of the way.
struct ScreenView: View {
  let screen: Screen
  let office: Office
  let home: Home

  var body: some View {
    switch screen {
    case .enrol: EnrolView(EnrolModel(office), home: home)
    case .welcome: WelcomeView(WelcomeModel(office))
    case .today: TodayView(TodayModel(office), WaitsModel(office))
    case .kiosk: KioskView(KioskModel(office))
    case .day(let posting, let date): DayView(DayModel(office, posting: posting, date: date))
    case .week: WeekView(WeekModel(office))
    case .leave: LeaveView(LeaveModel(office))
    case .leaveForm(let leave): LeaveFormView(LeaveFormModel(office, changing: leave))
    case .corrections: CorrectionsView(CorrectionsModel(office))
    case .correctionForm(let posting, let date): CorrectionFormView(CorrectionFormModel(office, posting: posting, date: date))
    case .sending: SendingView(SendingModel(office))
    case .settings: SettingsView(SettingsModel(office, home: home))
    case .records: RecordsView(RecordsModel(office, home: home))
    case .pin(let colleague): PinView(PinModel(office, of: colleague))
    case .kioskGate: KioskGateView(KioskGateModel(office))
    default: WorkScreenView(screen: screen, office: office)
    }
  }
}

/// The screens of service, visits and heads.
struct WorkScreenView: View {
  let screen: Screen
  let office: Office

  var body: some View {
    switch screen {
    case .service: ServiceView(ServiceModel(office))
    case .session(let school, let session): SessionView(SessionModel(office, school: school, amending: session))
    case .handover(let school, let session): HandoverView(HandoverModel(office, school: school, session: session))
    case .servicePlan(let school, let plan): ServicePlanView(ServicePlanModel(office, school: school, changing: plan))
    case .visits: VisitsView(VisitsModel(office))
    case .visit(let document): VisitView(VisitModel(office, document: document))
    case .visitPlan(let document): VisitPlanView(VisitPlanModel(office, changing: document))
    case .part(let document, let part): PartView(PartModel(office, document: document, part: part))
    case .people(let document): PeopleView(PeopleModel(office, document: document))
    case .observation(let document, let seen): ObservationView(ObservationModel(office, document: document, changing: seen))
    case .countersign(let document): CountersignView(CountersignModel(office, document: document))
    case .showVisit(let document): ShowVisitView(ShowVisitModel(office, document: document))
    case .readVisit: ReadVisitView(ReadVisitModel(office))
    default: HeadScreenView(screen: screen, office: office)
    }
  }
}

/// The screens of heads.
struct HeadScreenView: View {
  let screen: Screen
  let office: Office

  var body: some View {
    switch screen {
    case .school(let school): SchoolView(SchoolModel(office, school: school))
    case .colleagueDay(let colleague, let date): ColleagueDayView(ColleagueDayModel(office, colleague, date: date))
    case .correctDay(let colleague, let date): CorrectDayView(CorrectDayModel(office, colleague, date: date))
    case .onBehalf(let colleague, let date): OnBehalfView(OnBehalfModel(office, colleague, date: date))
    case .queue: QueueView(QueueModel(office))
    case .conflicts: ConflictsView(ConflictsModel(office))
    case .flagged: FlaggedView(FlaggedModel(office))
    case .asking: AskingView(AskingModel(office))
    case .beside: BesideView(BesideModel(office))
    case .publish(let school): PublishView(PublishModel(office, school: school))
    case .kioskOut: KioskOutView(KioskOutModel(office))
    case .roster: RosterView(RosterModel(office))
    case .rosterRow(let school, let row): RosterRowView(RosterRowModel(office, school: school, changing: row))
    case .profile: ProfileView(ProfileModel(office))
    case .flexible: FlexibleView(FlexibleModel(office))
    default: EmptyView()
    }
  }
}

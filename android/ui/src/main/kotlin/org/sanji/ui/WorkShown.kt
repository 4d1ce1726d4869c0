package org.sanji.ui

import androidx.compose.runtime.Composable
import org.sanji.ui.school.AskingModel
import org.sanji.ui.school.AskingScreen
import org.sanji.ui.school.ColleagueDayModel
import org.sanji.ui.school.ColleagueDayScreen
import org.sanji.ui.school.ColleagueScreen
import org.sanji.ui.school.ConflictsModel
import org.sanji.ui.school.ConflictsScreen
import org.sanji.ui.school.CorrectDayModel
import org.sanji.ui.school.CorrectDayScreen
import org.sanji.ui.school.FlexibleModel
import org.sanji.ui.school.FlexibleScreen
import org.sanji.ui.school.KioskOutModel
import org.sanji.ui.school.KioskOutScreen
import org.sanji.ui.school.NotCountedModel
import org.sanji.ui.school.NotCountedScreen
import org.sanji.ui.school.OnBehalfModel
import org.sanji.ui.school.OnBehalfScreen
import org.sanji.ui.school.PassModel
import org.sanji.ui.school.PassScreen
import org.sanji.ui.school.PeopleModel
import org.sanji.ui.school.PeopleScreen
import org.sanji.ui.school.PinModel
import org.sanji.ui.school.PinScreen
import org.sanji.ui.school.ProfileModel
import org.sanji.ui.school.ProfileScreen
import org.sanji.ui.school.PublishModel
import org.sanji.ui.school.PublishScreen
import org.sanji.ui.school.QueueModel
import org.sanji.ui.school.QueueScreen
import org.sanji.ui.school.RosterRowModel
import org.sanji.ui.school.RosterRowScreen
import org.sanji.ui.school.SchoolNowModel
import org.sanji.ui.school.SchoolNowScreen
import org.sanji.ui.service.HandoverModel
import org.sanji.ui.service.HandoverScreen
import org.sanji.ui.service.PlanFormModel
import org.sanji.ui.service.PlanFormScreen
import org.sanji.ui.service.ServiceModel
import org.sanji.ui.service.ServiceScreen
import org.sanji.ui.service.SessionFormModel
import org.sanji.ui.service.SessionFormScreen
import org.sanji.ui.visit.LessonModel
import org.sanji.ui.visit.LessonScreen
import org.sanji.ui.visit.PartModel
import org.sanji.ui.visit.PartScreen
import org.sanji.ui.visit.VisitCodesModel
import org.sanji.ui.visit.VisitCodesScreen
import org.sanji.ui.visit.VisitModel
import org.sanji.ui.visit.VisitPlanModel
import org.sanji.ui.visit.VisitPlanScreen
import org.sanji.ui.visit.VisitScanModel
import org.sanji.ui.visit.VisitScanScreen
import org.sanji.ui.visit.VisitScreen
import org.sanji.ui.visit.VisitsModel
import org.sanji.ui.visit.VisitsScreen

/** Draws a screen of a school's work. */
@Composable
internal fun WorkShown(app: AppModel, here: Surroundings, screen: WorkScreen) {
    val go: (Screen) -> Unit = app.stack::go
    val back: () -> Unit = { app.stack.back() }
    when (screen) {
        is WorkScreen.Service -> ServiceScreen(app.model(screen) { ServiceModel(here, it, screen.school) }, screen.school, back, go)
        is WorkScreen.ServicePlan -> PlanFormScreen(app.model(screen) { PlanFormModel(here, it, screen.school, screen.plan) }, back)
        is WorkScreen.Session -> SessionFormScreen(app.model(screen) { SessionFormModel(here, it, screen.school, screen.session) }, back)
        is WorkScreen.Handover -> HandoverScreen(app.model(screen) { HandoverModel(here, it, screen.school, screen.session) }, back)
        WorkScreen.Visits -> VisitsScreen(app.model(screen) { VisitsModel(here, it) }, back, go)
        is WorkScreen.VisitPlan -> VisitPlanScreen(app.model(screen) { VisitPlanModel(here, it, screen.document) }, back)
        is WorkScreen.Visit -> VisitScreen(app.model(screen) { VisitModel(here, it, screen.document) }, screen.document, back, go)
        is WorkScreen.VisitPart -> PartScreen(app.model(screen) { PartModel(here, it, screen.document, screen.part) }, back)
        is WorkScreen.Lesson -> LessonScreen(app.model(screen) { LessonModel(here, it, screen.document, screen.lesson) }, back)
        is WorkScreen.VisitCodes -> VisitCodesScreen(app.model(screen) { VisitCodesModel(here, it, screen.document) }, back)
        WorkScreen.VisitScan -> VisitScanScreen(app.model(screen) { VisitScanModel(here, it) }, back)
        is WorkScreen.SchoolNow -> SchoolNowScreen(app.model(screen) { SchoolNowModel(here, it, screen.school) }, screen.school, back, go)
        is WorkScreen.ColleagueDay -> ColleagueDayScreen(
            app.model(screen) { ColleagueDayModel(here, it, screen.school, screen.posting, screen.day) }, screen.posting, back, go,
        )
        is WorkScreen.OnBehalf -> OnBehalfScreen(app.model(screen) { OnBehalfModel(here, it, screen.posting, screen.day) }, back)
        is WorkScreen.CorrectDay -> CorrectDayScreen(app.model(screen) { CorrectDayModel(here, it, screen.posting, screen.day) }, back)
        WorkScreen.Queue -> QueueScreen(app.model(screen) { QueueModel(here, it) }, back)
        WorkScreen.Conflicts -> ConflictsScreen(app.model(screen) { ConflictsModel(here, it) }, back, go)
        WorkScreen.NotCounted -> NotCountedScreen(app.model(screen) { NotCountedModel(here, it) }, back)
        WorkScreen.Asking -> AskingScreen(app.model(screen) { AskingModel(here, it) }, back)
        is WorkScreen.Publish -> PublishScreen(app.model(screen) { PublishModel(here, it, screen.school) }, back)
        is WorkScreen.KioskOut -> KioskOutScreen(app.model(screen) { KioskOutModel(here, it, screen.school) }, back)
        is WorkScreen.People -> PeopleScreen(app.model(screen) { PeopleModel(here, it, screen.school) }, screen.school, back, go)
        is WorkScreen.Colleague -> ColleagueScreen(app.model(screen) { PeopleModel(here, it, screen.school) }, screen.school, screen.posting, back, go)
        is WorkScreen.RosterRow -> RosterRowScreen(app.model(screen) { RosterRowModel(here, it, screen.school, screen.posting) }, back)
        is WorkScreen.Flexible -> FlexibleScreen(app.model(screen) { FlexibleModel(here, it, screen.school, screen.posting) }, back)
        is WorkScreen.Profile -> ProfileScreen(app.model(screen) { ProfileModel(here, it, screen.school) }, back)
        is WorkScreen.Pass -> PassScreen(app.model(screen) { PassModel(here, it, screen.school, screen.posting) }, screen.posting == null, back)
        is WorkScreen.Pin -> PinScreen(app.model(screen) { PinModel(here, it, screen.school, screen.posting) }, back)
    }
}

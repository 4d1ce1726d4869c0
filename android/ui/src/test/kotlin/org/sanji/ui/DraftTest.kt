@file:OptIn(ExperimentalTestApi::class)

package org.sanji.ui

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.v2.runComposeUiTest
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.phone.VisitPlan
import org.sanji.phone.Wording
import org.sanji.ui.correction.CorrectionFormModel
import org.sanji.ui.correction.TypedCheck
import org.sanji.ui.leave.LeaveFields
import org.sanji.ui.leave.LeaveFormModel
import org.sanji.ui.school.CorrectDayModel
import org.sanji.ui.school.FlexibleModel
import org.sanji.ui.school.KioskOutModel
import org.sanji.ui.school.OnBehalfModel
import org.sanji.ui.school.PinModel
import org.sanji.ui.school.ProfileModel
import org.sanji.ui.school.RosterRowModel
import org.sanji.ui.service.HandoverModel
import org.sanji.ui.service.Outsider
import org.sanji.ui.service.PlanFormModel
import org.sanji.ui.service.SessionFormModel
import org.sanji.ui.visit.LessonModel
import org.sanji.ui.visit.PartModel
import org.sanji.ui.visit.Typed
import org.sanji.ui.visit.VisitModel
import org.sanji.ui.visit.VisitPlanModel

/** What was typed on a form outlives the process, for whoever typed it, until it is recorded or left. */
class DraftTest {
    private fun AppModel.here() = (home.await { it is Home.Own } as Home.Own).here

    /** The system ends the process and the person comes back. */
    private fun World.ended(app: AppModel, phone: Handset): AppModel {
        val saved = app.saved()
        runBlocking { app.end() }
        return phone.app(scope, saved).apply { here() }
    }

    private val leave = Screen.LeaveForm(null)

    private fun AppModel.leaveForm() = here().let { here -> model(leave) { LeaveFormModel(here, it, null) } }
        .also { model -> model.state.await { it.fields.kinds?.isNotEmpty() == true } }

    private fun AppModel.typedLeave() {
        stack.go(leave)
        leaveForm().apply { setKind("sick"); setWholeDays(false); setToTime("1130"); setReason("发烧,\n去县医院") }
    }

    private val nothing: (LeaveFields) -> Boolean = { it.kind == null && it.reason.isEmpty() && it.wholeDays }

    @Test fun `a leave comes back as it was typed, and can be sent`() = inWorld {
        val phone = phone(Relay.TEACHER).apply { close() }
        val app = phone.app(scope).apply { typedLeave() }
        val again = ended(app, phone)
        assertEquals(leave, again.stack.screens.value.last())
        val form = again.leaveForm()
        form.state.await { it.fields.run { listOf(kind, wholeDays, toTime, reason) == listOf("sick", false, "1130", "发烧,\n去县医院") } }
        form.send()
        form.state.await { it.done }
        assertEquals(1, runBlocking { again.here().book.ask { leaves(null) } }.size)
        // It is recorded: nothing of it is kept any more.
        assertTrue(again.saved().none { "发烧" in it })
        runBlocking { again.end() }
    }

    @Test fun `it stands on the screen again, and what was not typed is loaded anew`() = inWorld {
        val zh = Wording(Language.ZH)
        val phone = phone(Relay.TEACHER).apply { close() }
        val app = phone.app(scope).apply { here() }
        app.stack.go(leave)
        runComposeUiTest {
            setContent { SanjiApp(app, ::decoded, inDark = false) }
            see(zh("leave-reason"))
            onNode(hasSetTextAction() and hasText(zh("leave-reason"))).performScrollTo().performTextInput("送孩子去县医院")
            see("送孩子去县医院")
        }
        clock.to("2026-03-06 17:40")
        val again = ended(app, phone)
        runComposeUiTest {
            setContent { SanjiApp(again, ::decoded, inDark = false) }
            see("送孩子去县医院")
            see("2026-03-09")
        }
        runBlocking { again.end() }
    }

    @Test fun `twice ended before the form was seen again, it is still there`() = inWorld {
        val phone = phone(Relay.TEACHER).apply { close() }
        val app = phone.app(scope).apply { typedLeave() }
        val again = ended(ended(app, phone), phone)
        assertEquals("sick", again.leaveForm().state.await { it.fields.kind != null }.fields.kind)
        runBlocking { again.end() }
    }

    @Test fun `who goes back from a form leaves what was typed`() = inWorld {
        val phone = phone(Relay.TEACHER).apply { close() }
        val app = phone.app(scope).apply { typedLeave() }
        app.stack.back()
        val again = ended(app, phone)
        again.stack.go(leave)
        assertTrue(nothing(again.leaveForm().state.value.fields))
        runBlocking { again.end() }
    }

    @Test fun `what one person typed never stands before another one, nor before themselves when they come back`() = inWorld {
        val phone = phone(Relay.TEACHER).apply { close() }
        val app = phone.app(scope).apply { typedLeave() }
        val saved = app.saved()
        app.leave()
        val fresh = app.home.await { it is Home.New } as Home.New
        assertTrue(app.saved().none { "发烧" in it })
        runBlocking { fresh.here.book.ask { enrol(relay.invite(Relay.PRINCIPAL).first) } }
        app.enrolled()
        runBlocking {
            app.here().book.ask { syncNow() }
            app.end()
        }
        val other = phone.app(scope, saved)
        other.here()
        assertEquals(listOf(Screen.Today), other.stack.screens.value)
        other.stack.go(leave)
        assertTrue(nothing(other.leaveForm().state.value.fields))
        other.goBackTo(1)
        other.home.await { it is Home.Own && other.folders.current == 1 }
        other.stack.go(leave)
        assertTrue(nothing(other.leaveForm().state.value.fields))
        runBlocking { other.end() }
    }

    @Test fun `what is too long for the system is left out, the way back is kept`() {
        val (week, visit) = Screen.Today to WorkScreen.VisitPart("v", "plan")
        val saved = Saved(3, listOf(week to emptyMap(), visit to mapOf("text" to "长".repeat(60_000)), WorkScreen.Visits to mapOf("text" to "短")))
        val back = checkNotNull(Saved.of(saved.texts()))
        assertEquals(listOf(week to emptyMap(), visit to emptyMap(), WorkScreen.Visits to mapOf("text" to "短")), back.screens)
        assertTrue(saved.texts().sumOf { it.length } < 100_000)
    }

    @Test fun `what can't be read is nobody's`() {
        for (texts in listOf(emptyList(), listOf("today"), listOf("1", "today"), listOf("1", "today", "7", "a"), listOf("1", "week", "0"), listOf("1", "today", "-1"))) {
            assertNull(Saved.of(texts)) { "$texts" }
        }
    }

    @Test fun `a correction, a remark on a visit, its parts, lessons and plan, a check for somebody else, and the forms of service come back too`() = inWorld {
        val work = SchoolWork(this)
        clock.to("2026-03-02 08:20")
        work.principal.ask { check(null, Direction.CHECK_IN, null) }
        work.plan()
        work.host
        work.principal.sync()
        val (school, other) = work.school to work.hostSchool
        val companion = work.personOf(work.colleague)
        val session = work.principal.ask { recordSession(school, work.session()) }
        val visit = work.principal.ask {
            planVisit(VisitPlan("drop_in_observation", "2026-03-02", other, null, null, null, listOf(checkNotNull(owner().person)), emptyList(), true))
        }
        work.principal.ask { grantFlexible(work.posting, "2026-03-02", "2026-03-06", "送考", null) }
        work.kiosk()
        val phone = work.principal.apply { sync(); close() }
        val app = phone.app(scope)
        val here = app.here()
        val entry = runBlocking { here.book.ask { today().postings.single().checks.single().entry } }
        // Each form with what is typed, and what must stand there again.
        val forms = listOf(
            Form(Screen.CorrectionForm(null, "2026-03-01"), { at, it -> CorrectionFormModel(at, it, null, "2026-03-01") }, {
                setDay("2026-03-02")
                state.await { it.fields.checks.isNotEmpty() }
                turnWrong(entry)
                addMissing()
                setMissing(0, TypedCheck(Direction.CHECK_OUT, "5点"))
                setReason("手机没电")
            }) { it.fields.run { listOf(day, checks.size, missing, wrongOnes, reason) } },
            Form(WorkScreen.CorrectDay(work.posting, "2026-03-02"), { at, it -> CorrectDayModel(at, it, work.posting, "2026-03-02") }, {
                addMissing()
                setMissing(0, TypedCheck(Direction.CHECK_IN, "0830"))
            }) { it.fields.missing },
            Form(WorkScreen.OnBehalf(work.posting, "2026-03-02"), { at, it -> OnBehalfModel(at, it, work.posting, "2026-03-02") }, {
                edit { it.copy(day = "2026-03-01", direction = Direction.CHECK_OUT, time = "17:00", reason = "没带手机") }
            }) { it.fields },
            Form(WorkScreen.VisitPlan(null), { at, it -> VisitPlanModel(at, it, null) }, {
                state.await { it.fields.schools.isNotEmpty() }
                setHost(other)
                edit { it.copy(kind = "shadowing", date = "2026-03-09", field = "research", announced = false) }
                turnVisitor(companion)
            }) { it.fields.run { listOf(kind, date, host, field, visitors, announced) } },
            Form(WorkScreen.VisitPart(visit, "summary"), { at, it -> PartModel(at, it, visit, "summary") }, { edit { it.copy(text = "第一段\n第二段") } }) { it.fields.text },
            Form(WorkScreen.Lesson(visit, null), { at, it -> LessonModel(at, it, visit, null) }, {
                state.await { it.fields.loaded }
                edit { it.copy(lesson = "认识春天", review = "导入自然", grade = "良", minutes = "40") }
            }) { it.fields.run { listOf(lesson, review, grade, minutes) } },
            Form(WorkScreen.ServicePlan(school, null), { at, it -> PlanFormModel(at, it, school, null) }, {
                edit { it.copy(from = "2026-03-09", to = "2026-07-03", projects = "足球\n阅读", text = "每天") }
            }) { it.fields },
            Form(WorkScreen.Session(school, null), { at, it -> SessionFormModel(at, it, school, null) }, {
                state.await { it.fields.loaded }
                setContent("reading")
                turn(work.posting)
                setOutsider(0, Outsider("王老师傅", true))
                edit { it.copy(date = "2026-03-01", start = "16:00", end = "1730", project = "阅读", stage = "primary", pupils = "二十") }
            }) { it.fields.run { listOf(content, instructors, outsiders, date, start, end, project, stage, pupils) } },
            Form(WorkScreen.Handover(school, session), { at, it -> HandoverModel(at, it, school, session) }, {
                state.await { it.fields.session != null }
                edit { it.copy(to = work.posting, pupils = "27", text = "一人提前接走") }
            }) { it.fields.run { listOf(to, pupils, text) } },
            Form(WorkScreen.RosterRow(school, work.posting), { at, it -> RosterRowModel(at, it, school, work.posting) }, {
                state.await { it.fields.row != null }
                edit { it.copy(name = "王小雁", role = "coordinator_fees", teaches = false, from = "2026-02-09", to = "六月") }
            }) { it.fields.run { listOf(name, role, teaches, from, to) } },
            Form(WorkScreen.Flexible(school, work.posting), { at, it -> FlexibleModel(at, it, school, work.posting) }, {
                state.await { it.fields.name != null }
                change(state.value.fields.hours!!.single())
                setFrom("2026-03-09")
                setTo("2026-03-20")
                setGround("照顾病人")
            }) { it.fields.run { listOf(from, to, ground, changed) } },
            Form(WorkScreen.Profile(school), { at, it -> ProfileModel(at, it, school) }, {
                state.await { it.fields.stands != null }
                edit { it.copy(from = "2026-03-09", boarding = true, dismissal = "15:40", rulesVersion = "2026-1") }
                setWindow(1, "11:50")
            }) { it.fields.run { listOf(from, boarding, dismissal, windows, rulesVersion) } },
            Form(WorkScreen.KioskOut(school), { at, it -> KioskOutModel(at, it, school) }, {
                state.await { it.fields.kiosk != null }
                edit { it.copy(day = "2026-03-01", reason = "停电") }
            }) { it.fields.run { listOf(day, reason) } },
        )
        val pages = Form(WorkScreen.Visit(visit), { at, it -> VisitModel(at, it, visit) }, {
            state.await { it.visit != null }
            type(Typed.NOTE, "下周再来")
            type(Typed.NAME, "李")
        }) { it.typed }
        val all = forms + pages
        for (form in all) form.fill(app)
        val again = ended(app, phone)
        for (form in all) form.comesBack(again)
        runBlocking { again.end() }
    }

    @Test fun `a PIN is kept nowhere`() = inWorld {
        val work = SchoolWork(this).apply { kiosk() }
        val phone = work.principal.apply { sync(); close() }
        val app = phone.app(scope)
        val here = app.here()
        val screen = WorkScreen.Pin(work.school, work.posting)
        app.stack.go(screen)
        app.model(screen) { PinModel(here, it, work.school, work.posting) }.apply { state.await { it.fields.hasKiosk == true } }.edit { it.copy(pin = "97531", again = "97531") }
        assertTrue(app.saved().none { "97531" in it })
        runBlocking { app.end() }
    }
}

/** A form: its screen, its model, what somebody types, and what of it must come back. */
private class Form<M : ScreenModel<S>, S>(
    val screen: Screen, val make: (Surroundings, kotlinx.coroutines.CoroutineScope) -> M, val type: M.() -> Unit, val read: (S) -> Any?,
) {
    private var typed: Any? = null

    private fun model(app: AppModel): M = (app.home.value as Home.Own).here.let { here -> app.model(screen) { make(here, it) } }

    fun fill(app: AppModel) {
        app.stack.go(screen)
        val model = model(app)
        val before = read(model.state.value)
        model.type()
        typed = model.state.await { read(it) != before }.let { read(model.state.value) }
    }

    fun comesBack(app: AppModel) {
        val model = model(app)
        model.state.await { read(it) == typed }
    }
}

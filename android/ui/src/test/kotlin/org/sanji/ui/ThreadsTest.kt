@file:OptIn(ExperimentalTestApi::class)

package org.sanji.ui

import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runComposeUiTest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.phone.Calls
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.phone.LeaveRequest
import org.sanji.phone.RecordBook
import org.sanji.phone.VisitPlan
import org.sanji.phone.Wording
import org.sanji.ui.SchoolWeek.Companion.at
import org.sanji.ui.kiosk.KioskGateModel
import java.io.File
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Proxy
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger

/** No screen waits for the disk or the network: whatever is asked of the library is asked on threads behind. */
class ThreadsTest {
    private val zh = Wording(Language.ZH)
    private val screenThread = Executors.newSingleThreadExecutor { Thread(it, "screen") }
    private val count = AtomicInteger()
    private val behind = Executors.newCachedThreadPool { Thread(it, "behind-${count.incrementAndGet()}") }
    private val background = behind.asCoroutineDispatcher()

    /** As on a phone: models and what they change live on the one thread that draws. */
    private val scope = CoroutineScope(SupervisorJob() + screenThread.asCoroutineDispatcher())

    /** Each call: its name and its thread. */
    private val calls = CopyOnWriteArrayList<Pair<String, String>>()

    @AfterEach fun end() {
        scope.cancel()
        screenThread.shutdown()
        behind.shutdown()
    }

    private fun watched(real: Calls): Calls = Proxy.newProxyInstance(javaClass.classLoader, arrayOf(Calls::class.java, AutoCloseable::class.java)) { _, method, given ->
        calls += method.name.substringBefore('-') to Thread.currentThread().name
        try {
            method.invoke(real, *given.orEmpty())
        } catch (e: InvocationTargetException) {
            throw e.targetException
        }
    } as Calls

    private fun app(phone: Handset): AppModel {
        phone.close()
        val opener = Opener { folder: File -> RecordBook(watched(phone.open(folder).ask { this }), background) }
        return AppModel(phone.folder, opener, phone.shell, phone.clock, scope)
    }

    private fun assertBehind(vararg names: String) {
        val called = calls.map { it.first }.toSet()
        assertEquals(emptySet<String>(), names.toSet() - called) { "not called at all" }
        assertEquals(emptyList<Pair<String, String>>(), calls.filterNot { it.second.startsWith("behind-") })
    }

    /** Shows a screen until it has asked what it shows. */
    private fun ComposeUiTest.visit(app: AppModel, screen: Screen) {
        val before = calls.size
        app.stack.go(screen)
        waitUntil("$screen asks", 60_000) { calls.size > before }
        waitForIdle()
        app.stack.back()
        waitForIdle()
    }

    @Test fun `every screen of a principal, a tap, a form and logging out ask nothing on the thread that draws`() = inWorld {
        val work = SchoolWork(this)
        work.plan()
        clock.to("2026-03-02 08:20")
        work.host
        work.teacher.ask { applyLeave(null, LeaveRequest("sick", at("2026-03-03 00:00"), at("2026-03-04 00:00"), "发烧", null)) }
        work.up()
        val (school, posting) = work.school to work.posting
        val session = work.principal.ask { recordSession(school, work.session()) }
        val visit = work.principal.ask {
            planVisit(VisitPlan("drop_in_observation", "2026-03-02", work.hostSchool, null, null, null, listOf(checkNotNull(owner().person)), emptyList(), true))
        }
        val own = work.principal.ask { owner() }.postings.single().posting
        val app = app(work.principal)
        runComposeUiTest {
            setContent { SanjiApp(app, ::decoded, inDark = false) }
            tap(zh("today-check-in"))
            see(zh("today-undo"))
            for (screen in listOf(
                Screen.Week, Screen.Leaves, Screen.Day(own, "2026-03-02"), Screen.Corrections, Screen.CorrectionForm(null, "2026-03-02"),
                Screen.Sending, Screen.SettingsPage, WorkScreen.Service(school), WorkScreen.ServicePlan(school, session),
                WorkScreen.Session(school, null), WorkScreen.Handover(school, session), WorkScreen.Visits, WorkScreen.VisitPlan(null),
                WorkScreen.Visit(visit), WorkScreen.VisitPart(visit, "plan"), WorkScreen.Lesson(visit, null), WorkScreen.VisitCodes(visit),
                WorkScreen.SchoolNow(school), WorkScreen.ColleagueDay(school, posting, "2026-03-02"), WorkScreen.CorrectDay(posting, "2026-03-02"),
                WorkScreen.Queue, WorkScreen.Conflicts, WorkScreen.NotCounted, WorkScreen.Asking, WorkScreen.Publish(school), WorkScreen.KioskOut(school),
                WorkScreen.People(school), WorkScreen.Colleague(school, posting), WorkScreen.RosterRow(school, posting),
                WorkScreen.Flexible(school, posting), WorkScreen.Profile(school), WorkScreen.Pass(school, posting), WorkScreen.Pin(school, posting),
            )) visit(app, screen)
            app.stack.go(Screen.LeaveForm(null))
            tap(zh("leave-whole-day"))
            tap(zh("leave-send"))
            see(zh("problem-leave_kind"))
            app.leave()
            see(zh("enrol-scan"))
        }
        runBlocking { app.end() }
        assertBehind("check", "todaySaid", "syncNow", "listen", "visit", "schoolDay", "leaveKinds", "close")
    }

    @Test fun `nor does the kiosk`() = inWorld {
        val work = SchoolWork(this)
        val app = app(work.kiosk())
        runComposeUiTest {
            setContent { SanjiApp(app, ::decoded, inDark = false) }
            tap(org.sanji.checks.Relay.TEACHER)
            for (digit in "2468") tapKey("$digit")
            tap(zh("app-ok"))
            tap(zh("today-check-in"))
            see(zh("today-undo"))
            tap(zh("kiosk-leave"))
            tap(zh("today-settings"))
            see(zh("kiosk-gate-typed"))
            val gate = app.model<KioskGateModel>(Screen.KioskGate) { error("the page has its model") }
            gate.type(gate.state.value.digits)
            tap(zh("kiosk-gate-pass"))
            see(zh("setpage-storage"))
            goBack(zh)
            see(zh("kiosk-who"))
        }
        runBlocking { app.end() }
        assertBehind("kioskPeople", "kioskTaps", "kioskCheck", "storageBytes", "close")
        assertTrue(calls.size > 10)
    }
}

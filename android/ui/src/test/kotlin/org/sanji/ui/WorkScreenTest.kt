@file:OptIn(ExperimentalTestApi::class)

package org.sanji.ui

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runComposeUiTest
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Entry
import org.sanji.phone.Language
import org.sanji.phone.LeaveRequest
import org.sanji.phone.Wording
import org.sanji.ui.SchoolWeek.Companion.at

class WorkScreenTest {
    private val zh = Wording(Language.ZH)

    @Test fun `every screen outlives the process`() {
        val entry = Entry("register/a/b", "device", 7uL, "0123456789abcdef")
        val screens = listOf(
            WorkScreen.Service("s"), WorkScreen.ServicePlan("s", null), WorkScreen.ServicePlan("s", entry), WorkScreen.Session("s", null),
            WorkScreen.Session("s", entry), WorkScreen.Handover("s", entry), WorkScreen.Visits, WorkScreen.VisitPlan(null), WorkScreen.VisitPlan("v"),
            WorkScreen.Visit("v"), WorkScreen.VisitPart("v", "plan"), WorkScreen.Lesson("v", null), WorkScreen.Lesson("v", entry),
            WorkScreen.VisitCodes("v"), WorkScreen.VisitScan, WorkScreen.SchoolNow("s"), WorkScreen.ColleagueDay("s", "p", "2026-03-02"),
            WorkScreen.OnBehalf("p", "2026-03-02"), WorkScreen.CorrectDay("p", "2026-03-02"), WorkScreen.Queue, WorkScreen.Conflicts,
            WorkScreen.NotCounted, WorkScreen.Asking, WorkScreen.Publish("s"), WorkScreen.KioskOut("s"), WorkScreen.People("s"),
            WorkScreen.Colleague("s", "p"), WorkScreen.RosterRow("s", null), WorkScreen.RosterRow("s", "p"), WorkScreen.Flexible("s", "p"),
            WorkScreen.Profile("s"), WorkScreen.Pass("s", null), WorkScreen.Pass("s", "p"), WorkScreen.Pin("s", "p"),
        )
        for (screen in screens) assertEquals(screen, Screen.of(Screen.text(screen)))
    }

    @Test fun `a principal reaches every screen from the menu, each is left by its way back, and all can be tapped`() = inWorld {
        val work = SchoolWork(this)
        work.plan()
        work.teacher.ask { recordSession(work.school, work.session()) }
        work.teacher.ask { applyLeave(null, LeaveRequest("sick", at("2026-03-03 00:00"), at("2026-03-04 00:00"), "发烧", null)) }
        work.up()
        work.principal.close()
        val app = work.principal.app(scope)
        runComposeUiTest {
            setContent { SanjiApp(app, ::decoded, inDark = false) }
            see(zh("today-queue", "count" to 1))
            tap(zh("app-more"))
            see(zh("askpage-title"))
            for ((row, sign) in listOf(
                "servicepage-title" to "servicepage-new", "visitpage-title" to "visitpage-none", "school-title" to "school-sum-sign",
                "people-title" to "people-add", "publishpage-title" to "publishpage-do", "kioskout-title" to "kioskout-none",
                "settings-school" to "settings-boarding",
                "queue-open" to "queue-approve", "conflict-title" to "conflict-none", "flagged-title" to "flagged-none", "askpage-title" to "askpage-none",
            )) {
                tap(zh(row))
                see(if (sign == "school-sum-sign") work.colleague else zh(sign))
                assertReachable(row)
                goBack(zh)
            }
            for ((first, second, sign) in listOf(
                Triple("servicepage-title", zh("servicepage-new"), zh("servicepage-save")),
                Triple("servicepage-title", zh("servicepage-handover"), zh("servicepage-handover-family")),
                Triple("visitpage-title", zh("visitpage-new"), zh("visitpage-announced")),
                Triple("visitpage-title", zh("visitpage-scan"), zh("visitpage-scan-lead")),
                Triple("people-title", zh("people-add"), zh("people-teaches")),
                Triple("people-title", work.colleague, zh("people-pin")),
                Triple("school-title", work.colleague, zh("school-on-behalf")),
            )) {
                tap(zh(first))
                tap(second)
                see(sign)
                assertReachable(second)
                goBack(zh)
                goBack(zh)
            }
        }
        runBlocking { app.end() }
    }

    @Test fun `a teacher's menu has service and visits, and nothing of a principal's`() = inWorld {
        val work = SchoolWork(this)
        work.teacher.close()
        val app = work.teacher.app(scope)
        runComposeUiTest {
            setContent { SanjiApp(app, ::decoded, inDark = true) }
            tap(zh("app-more"))
            see(zh("servicepage-title"))
            see(zh("visitpage-title"))
            for (word in listOf("school-title", "queue-open", "people-title", "askpage-title")) {
                assertEquals(0, seen(zh(word))) { word }
            }
        }
        runBlocking { app.end() }
    }

    @Test fun `at the kiosk somebody taps, and the next one sees nothing of it`() = inWorld {
        val work = SchoolWork(this)
        val phone = work.kiosk()
        phone.close()
        val app = phone.app(scope)
        runComposeUiTest {
            setContent { SanjiApp(app, ::decoded, inDark = false) }
            see(zh("kiosk-who"))
            tap(Relay.TEACHER)
            assertReachable("PIN")
            for (digit in "2468") tapKey("$digit")
            tap(zh("app-ok"))
            tap(zh("today-check-in"))
            see(zh("today-undo"))
            assertReachable("own")
            tap(zh("kiosk-leave"))
            see(work.colleague)
            assertEquals(0, seen(zh("today-undo")))
            tap(work.colleague)
            see(zh("kiosk-pin"))
            assertEquals(0, seen(Relay.TEACHER))
        }
        runBlocking { app.end() }
    }
}

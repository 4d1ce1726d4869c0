@file:OptIn(ExperimentalTestApi::class)

package org.sanji.ui

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runComposeUiTest
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Language
import org.sanji.phone.Wording

class StoryTest {
    private val zh = Wording(Language.ZH)

    @Test fun `a teacher's day - enrolled, in, aeroplane mode, out, network, sent, seen by the principal and on the page`() = inWorld {
        val principal = phone(Relay.PRINCIPAL)
        val phone = phone()
        phone.shell.scans += Given.Here(relay.invite(Relay.TEACHER).first)
        clock.to("2026-03-02 08:24")
        val app = phone.app(scope)
        runComposeUiTest {
            setContent { SanjiApp(app, ::decoded, inDark = false) }
            tap(zh("enrol-scan"))
            see(Relay.TEACHER)
            tap(zh("enrol-begin"))
            tap(zh("today-check-in"))
            see(zh("today-done-in", "time" to "08:24"))
            see(zh("outbox-all-delivered"))
            phone.network.on = false
            clock.to("2026-03-02 11:33")
            app.tick()
            tap(zh("today-check-out"))
            see(zh("today-done-out", "time" to "11:33"))
            see("1 条待发送")
            principal.sync()
            assertEquals("in_progress", principal.teacherToday().status)
            phone.network.on = true
            tap("1 条待发送,最早 周一 11:33;都存在本机,不会丢")
            tap(zh("sendpage-now"))
            see(zh("sendpage-delivered", "count" to 1))
            goBack(zh)
            see(zh("outbox-all-delivered"))
        }
        principal.sync()
        assertEquals(zh("day-out", "office" to zh.duration(189u), "short" to zh.duration(111u)), principal.teacherToday().sentence)
        val supervisor = Supervisor(relay)
        // The page is made from what the relay has projected, a moment after it has it on disk.
        val row = generateSequence { supervisor.page("/schools/${principal.school()}/today").substringAfter(Relay.TEACHER).substringBefore("</tr>") }
            .take(600).onEach { if ("11:33" !in it) Thread.sleep(100) }.firstOrNull { "11:33" in it }
        assertNotNull(row)
        runBlocking { app.end() }
    }

    private fun Handset.school() = ask { owner() }.postings.single().school

    private fun Handset.teacherToday() = ask { schoolDaySaid(school(), "2026-03-02", Language.ZH) }.single { it.name == Relay.TEACHER }

    @Test fun `an undone tap is gone, and the button is back`() = inWorld {
        val phone = phone(Relay.TEACHER)
        phone.close()
        val app = phone.app(scope)
        runComposeUiTest {
            setContent { SanjiApp(app, ::decoded, inDark = true) }
            tap(zh("today-check-in"))
            see(zh("today-undo"))
            // Quicker, it would be the second of two taps that were meant as one.
            clock.on(3)
            tap(zh("today-undo"))
            see(zh("today-check-in"))
            see(zh("day-not-begun"))
        }
        runBlocking { app.end() }
    }

    @Test fun `every screen is left by its way back, and everything that can be tapped is large enough and has a name`() = inWorld {
        val week = SchoolWeek(this)
        week.askCorrection()
        val phone = week.teacher
        phone.close()
        val app = phone.app(scope)
        runComposeUiTest {
            setContent { SanjiApp(app, ::decoded, inDark = false) }
            see(zh("today-check-out"))
            for (tab in listOf("today-my-week", "today-leave", "app-more", "app-today")) {
                tap(zh(tab))
                assertReachable(tab)
            }
            for ((from, to) in listOf(
                "app-why" to "daypage-entries", "today-my-week" to "week-range", "leave-apply" to "leave-whole-day",
                "correction-title" to "correction-ask", "sendpage-title" to "sendpage-now", "setpage-title" to "setpage-text-size",
            )) {
                val tab = when (from) {
                    "app-why" -> "app-today"
                    "leave-apply" -> "today-leave"
                    "today-my-week" -> null
                    else -> "app-more"
                }
                if (tab != null) tap(zh(tab))
                tap(if (from == "app-why") zh("day-in", "office" to zh.duration(166u), "short" to zh.duration(134u)) else zh(from))
                if (from != "today-my-week") see(zh(to))
                assertReachable(from)
                if (app.stack.screens.value.last() !is Screen.Tab) goBack(zh)
            }
            tap(zh("app-more"))
            tap(zh("correction-title"))
            tap(zh("correction-ask"))
            tap(zh("correction-add"))
            assertReachable("correction form")
        }
        runBlocking { app.end() }
    }
}

@file:OptIn(ExperimentalTestApi::class)

package org.sanji.ui.kiosk

import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextReplacement
import androidx.compose.ui.test.v2.runComposeUiTest
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.MemoryKeys
import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.phone.Wording
import org.sanji.ui.AppModel
import org.sanji.ui.BackStack
import org.sanji.ui.Handset
import org.sanji.ui.Home
import org.sanji.ui.SanjiApp
import org.sanji.ui.SchoolWork
import org.sanji.ui.Screen
import org.sanji.ui.World
import org.sanji.ui.assertReachable
import org.sanji.ui.await
import org.sanji.ui.decoded
import org.sanji.ui.goBack
import org.sanji.ui.inWorld
import org.sanji.ui.see
import org.sanji.ui.sending.inThrees
import org.sanji.ui.seen
import org.sanji.ui.tap

/** The kiosk's pages for whoever looks after it, and what stands against it on screen. */
class KioskPagesTest {
    private val zh = Wording(Language.ZH)

    private fun AppModel.kiosk() = home.await { it is Home.Kiosk } as Home.Kiosk

    private fun World.shown(phone: Handset, test: ComposeUiTest.(AppModel) -> Unit) {
        phone.close()
        val app = phone.app(scope).apply { kiosk() }
        runComposeUiTest {
            setContent { SanjiApp(app, ::decoded, inDark = false) }
            see(zh("kiosk-who"))
            test(app)
        }
        runBlocking { app.end() }
    }

    private fun ComposeUiTest.type(text: String) = onNode(hasSetTextAction()).performTextReplacement(text)

    /** As somebody does who means it. */
    private fun ComposeUiTest.throughTheGate(app: AppModel) {
        tap(zh("today-settings"))
        see(zh("kiosk-gate-typed"))
        type(app.model<KioskGateModel>(Screen.KioskGate) { error("the page has its model") }.state.value.digits)
        tap(zh("kiosk-gate-pass"))
        see(zh("setpage-log-out"))
    }

    @Test fun `whoever types the digits that stand there comes to the kiosk's settings, where nobody's name stands, and back`() = inWorld {
        shown(SchoolWork(this).kiosk()) { app ->
            tap(zh("today-settings"))
            see(zh("kiosk-gate-typed"))
            assertReachable("gate")
            val gate = app.model<KioskGateModel>(Screen.KioskGate) { error("the page has its model") }
            type("${(gate.state.value.digits.toInt() + 1) % 10_000}")
            onNode(hasText(zh("kiosk-gate-pass")) and hasClickAction()).assertIsNotEnabled()
            gate.pass()
            assertEquals(listOf(Screen.Today, Screen.KioskGate), app.stack.screens.value)
            goBack(zh)
            throughTheGate(app)
            assertReachable("settings")
            see(zh("setpage-storage"))
            for (name in listOf(Relay.TEACHER, Relay.PRINCIPAL)) assertEquals(0, seen(name)) { name }
            assertEquals(0, seen(zh("setpage-pin-set")))
            // The gate is not on the way back.
            goBack(zh)
            see(zh("kiosk-who"))
        }
    }

    @Test fun `what waits at the kiosk is sent by hand, and without a network handed over as a file`() = inWorld {
        val work = SchoolWork(this)
        val phone = work.kiosk()
        phone.network.on = false
        phone.ask { kioskCheck(work.posting, "2468", Direction.CHECK_IN) }
        shown(phone) { app ->
            onAllNodes(hasText("1 条待发送", substring = true) and hasClickAction()).onFirst().performScrollTo().performClick()
            tap(zh("sendpage-now"))
            see(zh("sendpage-no-network"))
            tap(zh("sendpage-file"))
            see(zh("sendpage-file-whole", "count" to 1, "pictures" to 0))
            assertEquals(1, phone.shell.shared.size)
            phone.network.on = true
            tap(zh("sendpage-now"))
            see(zh("sendpage-delivered", "count" to 1))
            goBack(zh)
            see(zh("kiosk-who"))
            assertEquals(0uL, runBlocking { app.kiosk().here.book.ask { unsent() } }.entries)
        }
    }

    @Test fun `a kiosk with something unsent isn't cleared, is left with it, and is come back to`() = inWorld {
        val work = SchoolWork(this)
        val phone = work.kiosk()
        phone.network.on = false
        phone.ask { kioskCheck(work.posting, "2468", Direction.CHECK_IN) }
        shown(phone) { app ->
            throughTheGate(app)
            tap(zh("setpage-reset"))
            see(zh("setpage-reset-unsent", "count" to 1))
            assertEquals(0, seen(zh("setpage-reset-lead")))
            tap(zh("setpage-log-out"))
            see(zh("setpage-log-out-unsent", "count" to 1))
            app.leave()
            see(zh("enrol-scan"))
            // Once it has nobody, whoever sets it up sees what is left on it: a kiosk, without a name.
            see(zh("setpage-others-unsent", "name" to zh("kiosk-title"), "count" to 1))
            tap(zh("setpage-return"))
            see(zh("kiosk-who"))
            assertEquals(1uL, runBlocking { app.kiosk().here.book.ask { unsent() } }.entries)
        }
    }

    @Test fun `from every page of the kiosk the list comes back by itself, and after the process ended it begins there`() = inWorld {
        val phone = SchoolWork(this).kiosk()
        for (screen in listOf(Screen.KioskGate, Screen.Sending, Screen.SettingsPage)) {
            val way = BackStack()
            val model = KioskModel(phone.here(), scope, way, patienceMs = 300)
            model.go(screen)
            assertEquals(listOf(Screen.Today), way.screens.await { it.size == 1 })
        }
        phone.close()
        val app = phone.app(scope).apply { kiosk() }
        app.stack.go(Screen.SettingsPage)
        val saved = app.saved()
        runBlocking { app.end() }
        val again = phone.app(scope, saved).apply { kiosk() }
        assertEquals(listOf(Screen.Today), again.stack.screens.value)
        runBlocking { again.end() }
    }

    @Test fun `a kiosk that was stopped says so, goes on recording, and gives what it has as a file`() = inWorld {
        val work = SchoolWork(this)
        val phone = work.kiosk()
        relay.command("device", "revoke", phone.ask { owner() }.device)
        phone.ask { kioskCheck(work.posting, "2468", Direction.CHECK_IN) }
        phone.ask { syncNow() }
        shown(phone) {
            see(zh("state-revoked", "when" to "3月2日 07:50"))
            see(Relay.TEACHER)
            // It is said once: the line says only what waits.
            assertEquals(0, seen(zh("standing-revoked")))
            tap(zh("sendpage-title"))
            see(zh("state-revoked-title"))
            tap(zh("sendpage-file"))
            see(zh("sendpage-file-whole", "count" to 1, "pictures" to 0))
        }
        assertEquals(1, phone.shell.shared.size)
        assertTrue(phone.ask { kioskTaps(work.posting, "2468", 3u) }.single().mayVoid)
    }

    @Test fun `a kiosk that was stopped says so while nothing waits on it too`() = inWorld {
        val phone = SchoolWork(this).kiosk()
        relay.command("device", "revoke", phone.ask { owner() }.device)
        phone.ask { syncNow() }
        shown(phone) {
            see(zh("state-revoked-title"))
            see(zh("outbox-all-delivered"))
        }
    }

    @Test fun `a kiosk that lost its key shows six digits, and everything is there again once the principal typed them`() = inWorld {
        val work = SchoolWork(this)
        val phone = work.kiosk()
        phone.network.on = false
        phone.ask { kioskCheck(work.posting, "2468", Direction.CHECK_IN) }
        phone.keys = MemoryKeys().apply { number = phone.keys.number }
        phone.network.on = true
        phone.reopened()
        phone.ask { syncNow() }
        val digits = checkNotNull(phone.ask { approvalDigits() })
        shown(phone) { app ->
            see(digits.inThrees())
            see(zh("waiting-lead").take(8))
            work.principal.sync()
            work.principal.ask { approvePhone(phonesAsking().single().device, digits) }
            runBlocking { repeat(2) { app.kiosk().here.book.ask { syncNow() } } }
            see(Relay.TEACHER)
            waitUntil("nothing stands against it", 60_000) { seen(digits.inThrees()) == 0 }
        }
        work.teacher.sync()
        assertEquals("kiosk", work.teacher.ask { today() }.postings.single().checks.single().origin)
    }
}

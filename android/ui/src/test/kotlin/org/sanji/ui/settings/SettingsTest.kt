@file:OptIn(ExperimentalTestApi::class)

package org.sanji.ui.settings

import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runComposeUiTest
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Calls
import org.sanji.phone.Language
import org.sanji.phone.RecordBook
import org.sanji.phone.Wording
import org.sanji.ui.Alone
import org.sanji.ui.Handset
import org.sanji.ui.SanjiTheme
import org.sanji.ui.Settings
import org.sanji.ui.TextSize
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.inWorld
import org.sanji.ui.see
import org.sanji.ui.seen

class SettingsTest {
    private val zh = Wording(Language.ZH)

    private fun World.settings(phone: Handset) = SettingsModel(phone.here(), scope, Alone).also { it.state.await(SettingsState::loaded) }

    /** The page once clearing was asked for. */
    private fun SettingsModel.asksReset(look: ComposeUiTest.() -> Unit) {
        ask(Asking.RESET)
        runComposeUiTest {
            setContent {
                SanjiTheme(zh, TextSize.NORMAL, false) { SettingsScreen(this@asksReset, Settings(Language.ZH, TextSize.NORMAL), {}, {}) {} }
            }
            look()
        }
    }

    @Test fun `a PIN is set for the school's kiosk, and what is wrong with one is said at it`() = inWorld {
        val kiosk = phone()
        kiosk.ask { enrol(relay.inviteKiosk()) }
        kiosk.sync()
        val phone = phone(Relay.TEACHER)
        val model = settings(phone)
        assertTrue(model.state.value.hasKiosk)
        model.apply { setPin("2468"); setAgain("2469"); savePin() }
        assertEquals("setpage-pin-differ", model.state.value.pinWrong)
        model.apply { setPin("12"); setAgain("12"); savePin() }
        assertEquals("problem-pin_shape", model.state.await { it.pinWrong != null }.pinWrong)
        model.apply { setPin("2468"); setAgain("2468"); savePin() }
        assertEquals("", model.state.await { it.pinSaved }.pin)
        phone.sync()
        kiosk.sync()
        assertTrue(kiosk.ask { kioskPeople() }.single { it.name == Relay.TEACHER }.hasPin)
    }

    @Test fun `somebody with two schools says first at which the PIN is to work`() = inWorld {
        val kiosk = phone()
        kiosk.ask { enrol(relay.inviteKiosk()) }
        kiosk.sync()
        relay.staff(listOf(Relay.SCHOOL, "赫章县第二幼儿园").map { "$it,陈双,教师,是,2026-02-01,,甲" })
        val phone = phone("陈双")
        val model = settings(phone)
        val here = model.state.value.postings.also { assertEquals(2, it.size) }.single { it.schoolName == Relay.SCHOOL }
        model.apply { setPin("2468"); setAgain("2468"); savePin() }
        assertEquals("problem-several_postings", model.state.value.pinWrong)
        model.apply { setPinFor(here.posting); savePin() }
        assertEquals(null, model.state.await { it.pinSaved || it.trouble != null || it.pinWrong != null }.run { trouble ?: pinWrong })
        phone.sync()
        kiosk.sync()
        assertTrue(kiosk.ask { kioskPeople() }.single { it.name == "陈双" }.hasPin)
    }

    @Test fun `nothing is erased while earlier records wait to be opened again`() = inWorld {
        val phone = phone(Relay.TEACHER)
        phone.sync()
        val book = RecordBook(object : Calls by phone.ask({ this }) {
            override fun lockedRecords() = 1u
        }, Dispatchers.IO)
        val model = SettingsModel(phone.here(book = book), scope, Alone).also { it.state.await(SettingsState::loaded) }
        assertEquals(0uL to 1u, model.state.value.run { unsent to locked })
        model.asksReset {
            see(zh("sendpage-locked", "count" to 1))
            assertEquals(0, seen(zh("setpage-reset-lead")))
        }
        // The owners of this test fail where something is erased.
        runBlocking { model.reset().join() }
    }

    @Test fun `who clears a phone is told of files on it that can't be read`() = inWorld {
        val phone = phone(Relay.TEACHER)
        phone.sync()
        val book = RecordBook(object : Calls by phone.ask({ this }) {
            override fun damagedRecords() = 2u
        }, Dispatchers.IO)
        val model = SettingsModel(phone.here(book = book), scope, Alone).also { it.state.await(SettingsState::loaded) }
        model.asksReset {
            see(zh("setpage-reset-damaged", "count" to 2))
            see(zh("setpage-reset-do"))
        }
    }

    @Test fun `who clears a phone is told what of it no relay takes any more`() = inWorld {
        val phone = phoneOfClosedTerm()
        phone.sync()
        val model = SettingsModel(phone.here(), scope, Alone).also { it.state.await(SettingsState::loaded) }
        assertEquals(0uL to 1uL, model.state.value.run { unsent to retired })
        model.asksReset {
            see(zh("setpage-reset-retired", "count" to 1))
            see(zh("setpage-reset-do"))
        }
    }

    @Test fun `without a kiosk there is no PIN to set`() = inWorld {
        assertFalse(settings(phone(Relay.TEACHER)).state.value.hasKiosk)
    }

    @Test fun `diagnostics are shared as text, without a name`() = inWorld {
        val phone = phone(Relay.TEACHER)
        val model = settings(phone)
        runBlocking { model.shareDiagnostics().join() }
        val (name, bytes) = phone.shell.shared.single()
        assertTrue(name.endsWith(".txt"))
        assertFalse(Relay.TEACHER in bytes.decodeToString())
    }

    @Test fun `it shows what is used and where records go`() = inWorld {
        val state = settings(phone(Relay.TEACHER)).state.value
        assertTrue(state.storageBytes > 0uL)
        assertEquals(listOf(relay.address), state.relays)
    }
}

package org.sanji.ui.settings

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.ui.Handset
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.inWorld

class SettingsTest {
    private object Nobody : Owners {
        override suspend fun others() = emptyList<OtherOwner>()
        override fun leave() = Unit
        override fun erase() = error("nothing may be erased here")
        override fun goBackTo(number: Int) = Unit
    }

    private fun World.settings(phone: Handset) = SettingsModel(phone.here(), scope, Nobody).also { it.state.await(SettingsState::loaded) }

    @Test fun `a PIN is set for the school's kiosk, and what is wrong with one is said at it`() = inWorld {
        val kiosk = phone()
        kiosk.ask { enrol(relay.inviteKiosk()) }
        kiosk.sync()
        val phone = phone(Relay.TEACHER)
        val model = settings(phone)
        assertEquals(1, model.state.value.kiosks.size)
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

    @Test fun `without a kiosk there is no PIN to set`() = inWorld {
        assertEquals(emptyList<String>(), settings(phone(Relay.TEACHER)).state.value.kiosks)
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

@file:OptIn(ExperimentalTestApi::class)

package org.sanji.ui.sending

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runComposeUiTest
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.MemoryKeys
import org.sanji.checks.Relay
import org.sanji.phone.Calls
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.phone.RecordBook
import org.sanji.phone.StandingRevoked
import org.sanji.phone.Tone
import org.sanji.phone.Wording
import org.sanji.ui.SanjiTheme
import org.sanji.ui.TextSize
import org.sanji.ui.await
import org.sanji.ui.inWorld
import org.sanji.ui.see
import java.io.File

class SendingTest {
    @Test fun `without a network it says so, keeps what waits, and sends it when there is one`() = inWorld {
        val phone = phone(Relay.TEACHER)
        phone.network.on = false
        phone.ask { check(null, Direction.CHECK_IN, null) }
        val model = SendingModel(phone.here(), scope)
        assertEquals(1uL, model.state.await { it.sending != null }.sending?.unsent)
        model.send()
        assertEquals("sendpage-no-network", model.state.await { it.tried != null && !it.trying }.tried?.first)
        assertEquals(1, phone.shell.later)
        phone.network.on = true
        model.send()
        assertEquals("sendpage-delivered" to 1uL, model.state.await { it.tried?.first == "sendpage-delivered" && !it.trying }.tried)
        assertEquals(0uL, model.state.await { it.sending?.unsent == 0uL }.sending?.unsent)
    }

    @Test fun `what waits is handed over as a file that the county takes in, and stays here until it is delivered`() = inWorld {
        val phone = phone(Relay.TEACHER)
        phone.network.on = false
        phone.ask { check(null, Direction.CHECK_IN, null) }
        val model = SendingModel(phone.here(), scope)
        model.file()
        assertEquals(Filed(1uL, 0uL, true), model.state.await { it.file != null }.file)
        val file = File(phone.folder, "handed-over").apply { writeBytes(phone.shell.shared.single().second) }
        assertTrue(Regex("\"new\"\\s*:\\s*1").containsMatchIn(relay.import(file)))
        assertEquals(1uL, phone.ask { unsent() }.entries)
    }

    @Test fun `a picture that waits is not called delivered, is handed over as a file, and is sent later`() = inWorld {
        val phone = phone(Relay.TEACHER)
        phone.sync()
        val book = RecordBook(object : Calls by phone.ask({ this }) {
            override fun unsent() = phone.ask { unsent() }.copy(blobs = 1uL)
        }, Dispatchers.IO)
        val here = phone.here(book = book)
        runBlocking { here.courier.tryNow() }
        assertEquals(1, phone.shell.later)
        val model = SendingModel(here, scope)
        assertEquals(1uL, model.state.await { it.sending != null }.waiting)
        model.send()
        assertEquals("sendpage-stopped", model.state.await { it.tried != null && !it.trying }.tried?.first)
        assertEquals(2, phone.shell.later)
        runComposeUiTest {
            setContent { SanjiTheme(Wording(Language.ZH), TextSize.NORMAL, false) { SendingScreen(model, {}) {} } }
            see(Wording(Language.ZH)("sendpage-file-lead"))
        }
    }

    @Test fun `with nothing to hand over it says so`() = inWorld {
        val model = SendingModel(phone(Relay.TEACHER).here(), scope)
        model.file()
        assertEquals("problem-nothing_waits", model.state.await { it.trouble != null }.trouble?.key)
    }

    @Test fun `five that wait are said louder`() = inWorld {
        val phone = phone(Relay.TEACHER)
        phone.network.on = false
        val model = SendingModel(phone.here(), scope)
        repeat(4) { phone.ask { check(null, Direction.CHECK_IN, null) } }
        assertEquals(Tone.CALM, model.state.await { it.sending?.unsent == 4uL }.sending?.tone)
        phone.ask { check(null, Direction.CHECK_IN, null) }
        assertEquals(Tone.NOTICE, model.state.await { it.sending?.unsent == 5uL }.sending?.tone)
    }

    @Test fun `a phone that was revoked says so, since when, and keeps what it has`() = inWorld {
        val phone = phone(Relay.TEACHER)
        relay.command("device", "revoke", phone.ask { owner() }.device)
        phone.ask { check(null, Direction.CHECK_IN, null) }
        val model = SendingModel(phone.here(), scope)
        model.send()
        val state = model.state.await { it.standing is StandingRevoked && !it.trying }
        assertEquals(Tone.STOPPED to 1uL, state.sending?.run { tone to unsent })
        assertEquals("sendpage-stopped", state.tried?.first)
    }

    @Test fun `a phone that lost its key shows six digits, and the principal's yes brings everything back`() = inWorld {
        val principal = phone(Relay.PRINCIPAL)
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:31")
        phone.ask { check(null, Direction.CHECK_IN, null) }
        phone.keys = MemoryKeys().apply { number = phone.keys.number }
        phone.reopened()
        phone.ask { check(null, Direction.CHECK_OUT, null) }
        val model = SendingModel(phone.here(), scope)
        assertNull(model.state.await { it.sending != null }.digits)
        model.send()
        val digits = checkNotNull(model.state.await { it.digits != null }.digits)
        assertEquals(6, digits.length)
        principal.sync()
        val asking = principal.ask { phonesAsking() }.single()
        principal.ask { approvePhone(asking.device, digits) }
        model.state.await { !it.trying }
        model.send()
        val after = model.state.await { it.sending?.unsent == 0uL && it.digits == null }
        assertEquals(0u, after.locked)
        assertNotNull(after.sending)
    }

    @Test fun `a record that doesn't count is shown with its reason`() = inWorld {
        val phone = phone(Relay.TEACHER)
        val posting = phone.ask { owner() }.postings.single().posting
        phone.ask { checkOnBehalf(posting, Direction.CHECK_IN, clock.now - 600, "自己补一条") }
        phone.sync()
        val state = SendingModel(phone.here(), scope).state.await { it.notAccepted.isNotEmpty() }
        assertEquals("own_request", state.notAccepted.single().reason)
        assertEquals(0uL, state.sending?.unsent)
    }
}

package org.sanji.ui.enrol

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.phone.Wording
import org.sanji.ui.Alone
import org.sanji.ui.Given
import org.sanji.ui.Handset
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.inWorld

class EnrolTest {
    private fun World.enrol(phone: Handset) = EnrolModel(phone.here(), scope, Alone)

    /** Scans a text, and says by which text it was answered. */
    private fun World.scanned(phone: Handset, text: String): String {
        phone.shell.scans += Given.Here(text)
        val model = enrol(phone).apply { scan() }
        return model.state.await { it.wrong != null || it.way == Way.DONE }.run { wrong ?: "done" }
    }

    @Test fun `a scanned invitation makes it somebody's phone, and says whose`() = inWorld {
        val phone = phone()
        phone.shell.scans += Given.Here(relay.invite(Relay.TEACHER).first)
        val model = enrol(phone).apply { scan() }
        val owner = model.state.await { it.way == Way.DONE }.owner
        assertEquals(listOf(Relay.TEACHER, Relay.SCHOOL), owner?.postings?.single()?.run { listOf(name, schoolName) })
    }

    @Test fun `a QR code that is no invitation is said, and the next one works`() = inWorld {
        val phone = phone()
        assertEquals("problem-not_an_invitation", scanned(phone, "https://example.cn/menu"))
        assertEquals("done", scanned(phone, relay.invite(Relay.TEACHER).first))
    }

    @Test fun `an invitation that was used or is too old asks for a new one`() = inWorld {
        val invitation = relay.invite(Relay.TEACHER).first
        assertEquals("done", scanned(phone(), invitation))
        assertEquals("enrol-expired", scanned(phone(), invitation))
        val old = relay.invite(Relay.PRINCIPAL).first
        clock.to("2026-06-30 08:00")
        assertEquals("enrol-expired", scanned(phone(), old))
    }

    @Test fun `without a network the invitation stays good`() = inWorld {
        val (phone, invitation) = phone() to relay.invite(Relay.TEACHER).first
        relay.stop()
        assertEquals("enrol-needs-network", scanned(phone, invitation))
        relay.start()
        assertEquals("done", scanned(phone, invitation))
    }

    @Test fun `a code typed for another county's relay is answered at the code`() = inWorld {
        val code = relay.invite(Relay.TEACHER).second
        World().use { other ->
            val model = enrol(phone()).apply { type(); setAddress(other.relay.address); setCode(code); sendTyped() }
            val state = model.state.await { it.wrong != null }
            assertEquals("code" to "problem-other_county", state.field to state.wrong)
        }
    }

    @Test fun `typed nonsense is answered at its field, and goes when something else is typed`() = inWorld {
        val model = enrol(phone()).apply { type(); sendTyped() }
        assertEquals("address" to "app-needed", model.state.value.run { field to wrong })
        model.setAddress(relay.address)
        model.sendTyped()
        assertEquals("code" to "app-needed", model.state.value.run { field to wrong })
        model.setCode("IL0U")
        model.sendTyped()
        assertEquals("code" to "problem-bad_code", model.state.await { it.wrong != null && !it.busy }.run { field to wrong })
        model.setCode("A")
        assertEquals(null, model.state.value.wrong)
        assertTrue(model.back())
        assertFalse(model.back())
    }

    @Test fun `a relay that is newer than the app asks for an update`() = inWorld {
        val phone = phone()
        val invitation = relay.invite(Relay.TEACHER).first
        relay.stop()
        relay.startNewer()
        phone.shell.scans += listOf(Given.Here(invitation), Given.Here(invitation))
        val model = EnrolModel(phone.here(), scope, Alone).apply { scan() }
        assertEquals("standing-outdated", model.state.await { it.wrong != null }.wrong)
        assertTrue("更新" in Wording(Language.ZH)("standing-outdated"))
        relay.stop()
        relay.start()
        model.state.await { !it.busy }
        model.scan()
        model.state.await { it.way == Way.DONE }
    }

    @Test fun `without the camera's permission there is a way to the settings and to typing`() = inWorld {
        val phone = phone()
        phone.shell.scans += Given.Forbidden
        val model = enrol(phone).apply { scan() }
        model.state.await { it.forbidden }
        model.type()
        assertEquals(Way.TYPED, model.state.value.way)
    }

    @Test fun `beside a principal's phone it goes without a network, and what is recorded goes later`() = inWorld {
        val principal = phone(Relay.PRINCIPAL)
        val phone = phone()
        relay.stop()
        val model = enrol(phone).apply { beside() }
        val key = checkNotNull(model.state.await { it.key != null }.key)
        val school = principal.ask { owner() }.postings.single().school
        val teacher = principal.ask { roster(school, "2026-03-02") }.single { it.name == Relay.TEACHER }
        phone.shell.scans += Given.Here(principal.ask { makePass(key, school, teacher.person, teacher.posting) })
        model.scanPass()
        model.state.await { it.way == Way.DONE }
        phone.ask { check(teacher.posting, Direction.CHECK_IN, null) }
        relay.start()
        principal.sync()
        assertEquals(0uL, phone.sync().unsent)
    }

    @Test fun `a pass that was made for another phone is said`() = inWorld {
        val principal = phone(Relay.PRINCIPAL)
        val (one, other) = phone() to phone()
        val school = principal.ask { owner() }.postings.single().school
        val teacher = principal.ask { roster(school, "2026-03-02") }.single { it.name == Relay.TEACHER }
        val key = one.ask { deviceKey() }
        other.shell.scans += Given.Here(principal.ask { makePass(key, school, teacher.person, teacher.posting) })
        val model = enrol(other).apply { beside(); scanPass() }
        assertEquals("problem-other_phone", model.state.await { it.wrong != null }.wrong)
    }
}

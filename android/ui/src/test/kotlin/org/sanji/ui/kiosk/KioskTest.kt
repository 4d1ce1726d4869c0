@file:OptIn(ExperimentalTestApi::class)

package org.sanji.ui.kiosk

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.v2.runComposeUiTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.phone.Wording
import org.sanji.ui.BackStack
import org.sanji.ui.Handset
import org.sanji.ui.SanjiTheme
import org.sanji.ui.SchoolWork
import org.sanji.ui.TextSize
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.inWorld
import org.sanji.ui.see
import org.sanji.ui.tap

class KioskTest {
    private val zh = Wording(Language.ZH)

    private fun World.kiosk(phone: Handset, patienceMs: Long = 600_000, way: BackStack = BackStack()) =
        KioskModel(phone.here(), scope, way, patienceMs).also { made -> made.state.await { it.people != null } }

    private fun KioskModel.stands(name: String, pin: String) {
        choose(state.value.people!!.single { it.name == name })
        pin.forEach(::digit)
        enter()
    }

    @Test fun `somebody is found by name, taps with their PIN, takes it back, and leaves nothing behind`() = inWorld {
        val work = SchoolWork(this)
        val phone = work.kiosk()
        val model = kiosk(phone)
        model.setSearch("小燕")
        assertEquals(listOf(Relay.TEACHER), model.state.value.found.map { it.name })
        model.stands(Relay.TEACHER, "2468")
        assertEquals(0, model.state.await { it.taps != null && !it.busy }.taps?.size)
        model.tap(Direction.CHECK_IN)
        assertTrue(model.state.await { it.last != null && !it.busy }.last!!.mayVoid)
        assertEquals(1, phone.shell.vibrated)
        model.undo()
        model.state.await { it.taps?.isEmpty() == true && !it.busy }
        model.tap(Direction.CHECK_IN)
        model.state.await { it.last != null && !it.busy }
        model.done()
        assertEquals(listOf(null, null, "", ""), model.state.value.run { listOf(person, taps, pin, search) })
    }

    @Test fun `who forgot to check out yesterday is offered the way in this morning`() = inWorld {
        val phone = SchoolWork(this).kiosk()
        val model = kiosk(phone)
        model.stands(Relay.TEACHER, "2468")
        model.state.await { it.taps != null && !it.busy }
        model.tap(Direction.CHECK_IN)
        assertEquals(Direction.CHECK_IN, model.state.await { it.last != null && !it.busy }.last?.direction)
        phone.sent()
        clock.to("2026-03-02 17:00")
        model.enter()
        assertEquals(Direction.CHECK_IN, model.state.await { it.last?.mayVoid == false && !it.busy }.last?.direction)
        model.done()
        clock.to("2026-03-03 08:20")
        phone.tick()
        model.stands(Relay.TEACHER, "2468")
        val morning = model.state.await { it.taps != null && !it.busy }
        assertEquals(1 to null, morning.taps?.size to morning.last)
    }

    @Test fun `a wrong PIN is said, shows nothing of the person, and many make them wait`() = inWorld {
        val work = SchoolWork(this)
        val model = kiosk(work.kiosk())
        model.stands(Relay.TEACHER, "1111")
        val wrong = model.state.await { it.wrong != null && !it.busy }
        assertEquals(listOf("problem-pin_wrong", "", null), wrong.run { listOf(this.wrong, pin, taps) })
        repeat(4) {
            "1111".forEach(model::digit)
            model.enter()
            model.state.await { it.wrong != null && !it.busy }
        }
        "2468".forEach(model::digit)
        model.enter()
        assertEquals("problem-pin_pause", model.state.await { it.wrong != null && !it.busy }.wrong)
        assertNull(model.state.value.taps)
    }

    @Test fun `somebody without a PIN is told what to do`() = inWorld {
        val work = SchoolWork(this)
        val model = kiosk(work.kiosk())
        model.stands(work.colleague, "2468")
        assertEquals("problem-no_pin", model.state.await { it.wrong != null && !it.busy }.wrong)
        runComposeUiTest {
            setContent { SanjiTheme(zh, TextSize.NORMAL, false) { KioskScreen(model) {} } }
            see(zh("problem-no_pin"))
            // There is no PIN to type.
            onNode(hasContentDescription("1")).assertDoesNotExist()
            tap(zh("kiosk-leave"))
            see(zh("kiosk-who"))
            tap(Relay.TEACHER)
            onNode(hasContentDescription("1")).assertExists()
        }
    }

    @Test fun `the list comes back by itself after a while without touch, with nothing of whoever was there`() = inWorld {
        val work = SchoolWork(this)
        val model = kiosk(work.kiosk(), patienceMs = 700)
        model.stands(Relay.TEACHER, "2468")
        model.state.await { it.taps != null }
        model.state.await { it.person == null && it.taps == null && it.pin.isEmpty() }
    }

    @Test fun `without a network a tap at the kiosk is kept and sent later`() = inWorld {
        val work = SchoolWork(this)
        val phone = work.kiosk()
        phone.network.on = false
        val model = kiosk(phone)
        model.stands(Relay.TEACHER, "2468")
        model.state.await { it.taps != null && !it.busy }
        model.tap(Direction.CHECK_IN)
        model.state.await { it.last != null && !it.busy && it.sending?.unsent == 1uL }
        phone.network.on = true
        phone.sync()
        work.teacher.sync()
        assertEquals("kiosk", work.teacher.ask { today() }.postings.single().checks.single().origin)
    }

    @Test fun `a digit more than a PIN can have is not taken, and one can be taken back`() = inWorld {
        val work = SchoolWork(this)
        val model = kiosk(work.kiosk())
        model.choose(model.state.value.people!!.first())
        "123456789".forEach(model::digit)
        model.rub()
        assertEquals("1234567", model.state.value.pin)
    }
}

package org.sanji.ui.today

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Delivery
import org.sanji.phone.Direction
import org.sanji.phone.Tone
import org.sanji.phone.Trouble
import org.sanji.phone.Calls
import org.sanji.phone.Entry
import org.sanji.phone.Place
import org.sanji.phone.RecordBook
import kotlinx.coroutines.Dispatchers
import org.sanji.ui.Given
import org.sanji.ui.Handset
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.inWorld

class TodayTest {
    private fun World.today(phone: Handset, book: RecordBook = phone.book) =
        TodayModel(phone.here(book = book), scope, phone.ask { records() }).also { it.state.await(TodayState::loaded) }

    @Test fun `one tap is recorded at once, becomes the record, and is delivered`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:31")
        val asked = phone.network.asked.value
        val model = today(phone)
        // What the screen tries as it opens is over before the tap: a sync waits for the one that has begun.
        phone.network.asked.await { it > asked }
        phone.sync()
        assertEquals("今天还没有签到", model.state.value.own?.said?.sentence)
        model.tap()
        val after = model.state.await { it.own?.last?.delivery == Delivery.DELIVERED }
        assertEquals(Direction.CHECK_IN to true, after.own?.last?.run { direction to mayVoid })
        assertEquals(1 to 0, phone.shell.run { vibrated to later })
        assertEquals(0uL, after.sending?.unsent)
    }

    @Test fun `without a network the tap is recorded, waits silently, and is left to the system`() = inWorld {
        val phone = phone(Relay.TEACHER)
        phone.network.on = false
        clock.to("2026-03-02 08:31")
        val model = today(phone)
        model.tap()
        val after = model.state.await { it.own?.last != null && it.sending?.unsent == 1uL }
        assertEquals(Delivery.WAITING, after.own?.last?.delivery)
        assertEquals(Tone.CALM, after.sending?.tone)
        assertNull(after.trouble)
    }

    @Test fun `a tap is taken back within five minutes, afterwards the button offers the way out`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:31")
        val model = today(phone)
        model.tap()
        model.state.await { it.own?.last?.mayVoid == true && !it.tapping }
        model.undo()
        model.state.await { it.own?.last == null && !it.tapping }
        model.tap()
        model.state.await { it.own?.last?.mayVoid == true }
        clock.on(301)
        phone.tick()
        val later = model.state.await { it.own?.last?.mayVoid == false }
        assertEquals(Direction.CHECK_OUT, later.own?.next)
    }

    @Test fun `a full disk is said, and the tap is not shown as recorded`() = inWorld {
        val phone = phone(Relay.TEACHER)
        val full = object : Calls by phone.ask({ this }) {
            override fun check(postingId: String?, direction: Direction, place: Place?): Entry = throw Trouble.StorageFull()
        }
        val model = today(phone, RecordBook(full, Dispatchers.IO))
        model.tap()
        val after = model.state.await { it.trouble != null && !it.tapping }
        assertTrue(after.trouble is Trouble.StorageFull)
        assertEquals(0 to null, phone.shell.vibrated to after.own?.last)
    }

    @Test fun `a clock that is years off is said, with which way, and the tap counts at the true time`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:31")
        phone.sync()
        phone.clock.off = -2 * 365 * 86_400L
        val model = today(phone)
        val state = model.state.value
        assertTrue(state.clockIsOff && state.clockAheadSecs < -700 * 86_400L) { "$state" }
        model.tap()
        val tapped = model.state.await { it.own?.last != null }
        assertTrue(tapped.own?.last?.judgedSecs in clock.now - 1..clock.now) { "$tapped" }
    }

    @Test fun `somebody with two schools is asked which`() = inWorld {
        val other = "赫章县第二幼儿园"
        relay.staff(listOf(Relay.SCHOOL, other).map { "$it,陈双,教师,是,2026-02-01,,甲" })
        val phone = phone("陈双")
        val model = today(phone)
        assertEquals(2, model.state.value.days.size)
        model.tap()
        assertEquals("problem-several_postings", model.state.await { it.trouble != null && !it.tapping }.trouble?.key)
        model.choose(model.state.value.days.last().day.posting)
        model.tap()
        model.state.await { it.days.last().last?.direction == Direction.CHECK_IN }
    }

    @Test fun `a term that was closed says that corrections go by the principal`() = inWorld {
        val phone = phone(Relay.TEACHER)
        phone.ask { check(null, Direction.CHECK_IN, null) }
        val retired = object : Calls by phone.ask({ this }) {
            override fun today() = phone.ask { today() }.run {
                copy(postings = postings.map { own -> own.copy(checks = own.checks.map { it.copy(delivery = Delivery.RETIRED) }) })
            }
        }
        assertTrue(today(phone, RecordBook(retired, Dispatchers.IO)).state.value.retired)
    }

    @Test fun `the place is asked for only where the county wants it, and no answer doesn't stop the record`() = inWorld {
        val phone = phone(Relay.TEACHER)
        val model = today(phone).apply { tap() }
        model.state.await { it.own?.last != null && !it.tapping }
        assertEquals(0, phone.shell.placed)
        val said = mutableListOf<Place?>()
        val wanted = object : Calls by phone.ask({ this }) {
            override fun placeWanted(postingId: String?) = true
            override fun check(postingId: String?, direction: Direction, place: Place?): Entry {
                said += place
                return phone.ask { check(postingId, direction, place) }
            }
        }
        phone.shell.fix = Given.Forbidden
        today(phone, RecordBook(wanted, Dispatchers.IO)).apply { tap() }.state.await { it.own?.day?.checks?.size == 2 && !it.tapping }
        assertEquals(1 to listOf(null), phone.shell.placed to said.map { it?.inside })
        assertTrue(said.single() != null)
    }
}

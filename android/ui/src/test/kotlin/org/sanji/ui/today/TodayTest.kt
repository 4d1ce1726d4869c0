@file:OptIn(ExperimentalTestApi::class)

package org.sanji.ui.today

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.getUnclippedBoundsInRoot
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.v2.runComposeUiTest
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Calls
import org.sanji.phone.Delivery
import org.sanji.phone.Direction
import org.sanji.phone.Entry
import org.sanji.phone.Fix
import org.sanji.phone.Language
import org.sanji.phone.Place
import org.sanji.phone.RecordBook
import org.sanji.phone.StandingRefused
import org.sanji.phone.Tone
import org.sanji.phone.Trouble
import org.sanji.phone.Wording
import org.sanji.ui.AppModel
import org.sanji.ui.Given
import org.sanji.ui.Handset
import org.sanji.ui.Home
import org.sanji.ui.SanjiTheme
import org.sanji.ui.SchoolWork
import org.sanji.ui.Screen
import org.sanji.ui.SmallDisk
import org.sanji.ui.StuckScreen
import org.sanji.ui.TextSize
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.inWorld
import org.sanji.ui.see
import org.sanji.ui.seen
import org.sanji.ui.tap
import org.sanji.ui.until

class TodayTest {
    private val zh = Wording(Language.ZH)

    private fun AppModel.own() = home.await { it is Home.Own } as Home.Own

    @Composable
    private fun Shown(screen: @Composable () -> Unit) = SanjiTheme(zh, TextSize.NORMAL, false, screen)

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
        model.tap(Direction.CHECK_IN)
        val after = model.state.await { it.own?.last?.delivery == Delivery.DELIVERED }
        assertEquals(Direction.CHECK_IN to true, after.own?.last?.run { direction to mayVoid })
        assertEquals(1 to 0, phone.shell.run { vibrated to later })
        assertEquals(0uL, after.sending?.unsent)
    }

    @Test fun `on the smallest phone with the largest text the button is whole in sight, and on others it stands under the day`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:31")
        phone.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-02 09:31")
        for (language in Language.entries) {
            val model = TodayModel(phone.here(language), scope, phone.ask { records() }).also { it.state.await(TodayState::loaded) }
            val wording = Wording(language)
            for ((width, height, scale) in listOf(Triple(320, 380, 2f), Triple(320, 560, 2f), Triple(320, 560, 1.5f), Triple(411, 760, 1f))) runComposeUiTest {
                setContent {
                    CompositionLocalProvider(LocalDensity provides Density(1f, scale)) {
                        SanjiTheme(wording, TextSize.NORMAL, false) { Box(Modifier.size(width.dp, height.dp)) { TodayScreen(model) {} } }
                    }
                }
                see(wording("today-check-out"))
                val button = onNode(hasText(wording("today-check-out")) and hasClickAction()).getUnclippedBoundsInRoot()
                val where = "$language $width×$height ×$scale: $button"
                assertTrue(button.top >= 0.dp && button.bottom <= height.dp && button.bottom - button.top >= 96.dp) { where }
                if (scale == 1f) assertTrue(button.top > height.dp / 2) { where }
            }
        }
    }

    @Test fun `without a network the tap is recorded, waits silently, and is left to the system`() = inWorld {
        val phone = phone(Relay.TEACHER)
        phone.network.on = false
        clock.to("2026-03-02 08:31")
        val model = today(phone)
        model.tap(Direction.CHECK_IN)
        val after = model.state.await { it.own?.last != null && it.sending?.unsent == 1uL }
        assertEquals(Delivery.WAITING, after.own?.last?.delivery)
        assertEquals(Tone.CALM, after.sending?.tone)
        assertNull(after.trouble)
    }

    @Test fun `a tap is taken back within five minutes, afterwards the button offers the way out`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:31")
        val model = today(phone)
        model.tap(Direction.CHECK_IN)
        model.state.await { it.own?.last?.mayVoid == true && !it.tapping }
        clock.on(3)
        model.undo()
        model.state.await { it.own?.last == null && !it.tapping }
        clock.on(3)
        model.tap(Direction.CHECK_IN)
        model.state.await { it.own?.last?.mayVoid == true }
        clock.on(301)
        phone.tick()
        val later = model.state.await { it.own?.last?.mayVoid == false }
        assertEquals(Direction.CHECK_OUT, later.own?.next)
    }

    @Test fun `the second of two quick taps changes nothing, whatever the button has become`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:31")
        val model = today(phone)
        model.tap(Direction.CHECK_IN)
        model.state.await { it.own?.last?.mayVoid == true && !it.tapping }
        clock.on(1)
        model.undo()
        model.tap(Direction.CHECK_IN)
        assertFalse(model.state.value.tapping)
        assertEquals(1, phone.ask { today() }.postings.single().checks.size)
        clock.on(2)
        model.tap(Direction.CHECK_IN)
        model.state.await { it.own?.day?.checks?.size == 2 && !it.tapping }
        // What the button said counts, not what would come next.
        assertEquals(listOf(Direction.CHECK_IN, Direction.CHECK_IN), phone.ask { today() }.postings.single().checks.map { it.direction })
    }

    @Test fun `on a full disk the tap is not shown as recorded, what was recorded stays, and with room the next tap is`() = inWorld {
        val disk = SmallDisk()
        val phone = phone(Relay.TEACHER, folder = disk.folder("phone"))
        phone.network.on = false
        clock.to("2026-03-02 08:31")
        phone.ask { check(null, Direction.CHECK_IN, null) }
        val model = today(phone)
        disk.fill()
        model.tap(Direction.CHECK_IN)
        val after = model.state.await { it.trouble != null && !it.tapping }
        assertTrue(after.trouble is Trouble.StorageFull) { "${after.trouble}" }
        assertEquals(0 to Direction.CHECK_IN, phone.shell.vibrated to after.own?.last?.direction)
        runComposeUiTest {
            setContent { Shown { TodayScreen(model) {} } }
            see(zh("error-full").take(12))
        }
        phone.close()
        // The process ended: full as it is, the records open again with what they hold.
        val app = phone.app(scope)
        val again = app.own().let { TodayModel(it.here, scope, it.found) }
        assertEquals(1, again.state.await(TodayState::loaded).own?.day?.checks?.size)
        disk.empty()
        again.tap(Direction.CHECK_OUT)
        again.state.await { it.own?.day?.checks?.size == 2 && !it.tapping }
        runBlocking { app.end() }
    }

    @Test fun `records that a full disk doesn't let open are said to be kept, and open once there is room`() = inWorld {
        val disk = SmallDisk()
        val phone = phone(Relay.TEACHER, folder = disk.folder("other phone"))
        phone.network.on = false
        phone.ask { check(null, Direction.CHECK_IN, null) }
        // What the open records had beside their file is free again, and taken.
        phone.close()
        disk.fill()
        val app = phone.app(scope)
        val stuck = (app.home.await { it is Home.Stuck } as Home.Stuck).trouble
        assertTrue(stuck is Trouble.StorageFull) { "${stuck.key} ${stuck.reason}" }
        runComposeUiTest {
            setContent { Shown { StuckScreen(stuck, emptyList(), {}) { disk.empty(); app.reopen() } } }
            see(zh("state-full"))
            tap(zh("app-try-again"))
        }
        assertEquals(1uL, runBlocking { app.own().here.book.ask { unsent() } }.entries)
        runBlocking { app.end() }
    }

    @Test fun `a relay that became newer asks for an update, and what waits is taken once they fit again`() = inWorld {
        val phone = phone(Relay.TEACHER)
        relay.stop()
        relay.startNewer()
        val model = today(phone).apply { tap(Direction.CHECK_IN) }
        val state = model.state.await { it.against == "outdated" && it.sending?.unsent == 1uL && !it.tapping }
        assertEquals(Tone.STOPPED to null, state.sending?.tone to state.trouble)
        runComposeUiTest {
            setContent { Shown { TodayScreen(model) {} } }
            see(zh("state-newer-title"))
        }
        relay.stop()
        relay.start()
        phone.sync()
        assertEquals(null to 0uL, model.state.await { it.sending?.unsent == 0uL && it.against == null }.run { against to sending?.unsent })
    }

    @Test fun `a clock that is years off is said, with which way, and the tap counts at the true time`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:31")
        phone.sync()
        phone.clock.off = -2 * 365 * 86_400L
        val model = today(phone)
        val state = model.state.value
        assertTrue(state.clockIsOff && state.clockAheadSecs < -700 * 86_400L) { "$state" }
        model.tap(Direction.CHECK_IN)
        val tapped = model.state.await { it.own?.last != null }
        assertTrue(tapped.own?.last?.judgedSecs in clock.now - 1..clock.now) { "$tapped" }
    }

    @Test fun `somebody with two schools is asked which`() = inWorld {
        val other = "赫章县第二幼儿园"
        relay.staff(listOf(Relay.SCHOOL, other).map { "$it,陈双,教师,是,2026-02-01,,甲" })
        val phone = phone("陈双")
        val model = today(phone)
        assertEquals(2, model.state.value.days.size)
        model.tap(Direction.CHECK_IN)
        assertEquals("problem-several_postings", model.state.await { it.trouble != null && !it.tapping }.trouble?.key)
        model.choose(model.state.value.days.last().day.posting)
        model.tap(Direction.CHECK_IN)
        model.state.await { it.days.last().last?.direction == Direction.CHECK_IN }
        model.state.await { it.own == it.days.last() && !it.tapping }
        clock.to("2026-03-03 07:50")
        phone.tick()
        // A new day, and a school to be chosen anew.
        assertEquals(null, model.state.await { it.date == "2026-03-03" }.own)
    }

    @Test fun `a term that was closed says that corrections go by the principal`() = inWorld {
        val phone = phoneOfClosedTerm()
        val model = today(phone)
        val checks = model.state.await { it.retired }.own?.day?.checks
        assertEquals(listOf(Delivery.DELIVERED, Delivery.RETIRED), checks?.map { it.delivery })
        val sending = model.state.await { it.sending?.tone == Tone.NOTICE }.sending
        assertEquals(zh("sending-retired", "count" to 1) to zh("sending-retired-next"), sending?.run { text to detail })
        runComposeUiTest {
            setContent { Shown { TodayScreen(model) {} } }
            see(zh("state-retired-title"))
        }
    }

    @Test fun `what waits for five days, and five that wait, are said with what to do`() = inWorld {
        val phone = phone(Relay.TEACHER)
        phone.network.on = false
        clock.to("2026-03-02 08:31")
        phone.ask { check(null, Direction.CHECK_IN, null) }
        val model = today(phone)
        val said = zh("sending-notice")
        fun shown(times: Int, unsent: ULong) = runComposeUiTest {
            model.state.await { it.sending?.run { this.unsent == unsent && (tone == Tone.NOTICE) == (times > 0) } == true }
            setContent { Shown { TodayScreen(model) {} } }
            see("$unsent 条待发送")
            assertEquals(times, seen(said)) { "$unsent" }
        }
        clock.to("2026-03-07 08:30")
        phone.tick()
        shown(0, 1uL)
        clock.to("2026-03-07 08:31")
        phone.tick()
        shown(1, 1uL)
        phone.network.on = true
        phone.sync()
        phone.network.on = false
        repeat(4) { phone.ask { check(null, Direction.CHECK_OUT, null) } }
        shown(0, 4uL)
        phone.ask { check(null, Direction.CHECK_OUT, null) }
        shown(1, 5uL)
    }

    @Test fun `a pass that ran out before the phone was ever heard says who helps, and the check is recorded`() = inWorld {
        val (work, phone) = SchoolWork(this) to phone()
        val (person, posting) = work.run { personOf(colleague) to postingOf(colleague) }
        val key = phone.ask { deviceKey() }
        val pass = work.principal.ask { makePass(key, work.school, person, posting) }
        phone.ask { enrolWithPass(pass) }
        clock.to("2026-04-13 08:31")
        val model = today(phone).apply { tap(Direction.CHECK_IN) }
        model.state.await { it.against == "certificate" && it.own?.last != null && !it.tapping }
        runComposeUiTest {
            setContent { Shown { TodayScreen(model) {} } }
            see(zh("standing-certificate"))
            see(zh("sendpage-stopped"))
        }
        assertEquals(1uL, phone.ask { unsent() }.entries)
    }

    @Test fun `a relay that doesn't take the records says whom to tell, and leads to what waits`() = inWorld {
        val phone = phone(Relay.TEACHER)
        val book = RecordBook(object : Calls by phone.ask({ this }) {
            override fun todaySaid(language: Language) =
                phone.ask { todaySaid(language) }.let { it.copy(today = it.today.copy(standing = StandingRefused("bad request"))) }
        }, Dispatchers.IO)
        val model = today(phone, book)
        val opened = mutableListOf<Screen>()
        runComposeUiTest {
            setContent { Shown { TodayScreen(model, go = opened::add) } }
            see(zh("standing-refused"))
            tap(zh("sendpage-title"))
        }
        assertEquals("refused" to listOf<Screen>(Screen.Sending), model.state.value.against to opened)
    }

    /** A county that wants the place; what the checks said of it. */
    private fun wanting(phone: Handset, said: MutableList<Place?>, fixes: MutableList<Fix?> = mutableListOf()) =
        RecordBook(object : Calls by phone.ask({ this }) {
            override fun placeWanted(postingId: String?) = true
            override fun place(postingId: String?, fix: Fix?): Place {
                fixes += fix
                return phone.ask { place(postingId, fix) }
            }
            override fun check(postingId: String?, direction: Direction, place: Place?): Entry {
                said += place
                return phone.ask { check(postingId, direction, place) }
            }
        }, Dispatchers.IO)

    @Test fun `the place is asked for only where the county wants it, and no answer doesn't stop the record`() = inWorld {
        val phone = phone(Relay.TEACHER)
        val model = today(phone).apply { tap(Direction.CHECK_IN) }
        model.state.await { it.own?.last != null && !it.tapping }
        assertEquals(0, phone.shell.placed)
        val said = mutableListOf<Place?>()
        phone.shell.fix = Given.Forbidden
        today(phone, wanting(phone, said)).apply { tap(Direction.CHECK_IN) }.state.await { it.own?.day?.checks?.size == 2 && !it.tapping }
        assertEquals(1 to listOf(null), phone.shell.placed to said.map { it?.inside })
        assertTrue(said.single() != null)
    }

    @Test fun `the person has time to allow the place, and a no needs no look`() = inWorld {
        val phone = phone(Relay.TEACHER)
        val (said, fixes) = mutableListOf<Place?>() to mutableListOf<Fix?>()
        val answer = CompletableDeferred<Boolean>()
        phone.shell.placeAsked = { answer.await() }
        phone.shell.fix = Given.Here(Fix(27.1, 104.7, 12u, false))
        val model = TodayModel(phone.here(book = wanting(phone, said, fixes)), scope, phone.ask { records() }, placeMs = 1_000)
        model.state.await(TodayState::loaded)
        model.tap(Direction.CHECK_IN)
        model.state.await { it.placing }
        // Longer than the system may look.
        runBlocking { delay(1_500) }
        answer.complete(true)
        model.state.await { it.own?.day?.checks?.size == 1 && !it.tapping }
        assertEquals(listOf(27.1), fixes.map { it?.latitude })
        phone.shell.placeAsked = { false }
        clock.on(3)
        model.tap(Direction.CHECK_OUT)
        model.state.await { it.own?.day?.checks?.size == 2 && !it.tapping }
        assertEquals(1 to null, phone.shell.placed to fixes.last())
    }

    @Test fun `a screen that ends while it looks for the place records the check all the same`() = inWorld {
        val phone = phone(Relay.TEACHER)
        val (said, fixes) = mutableListOf<Place?>() to mutableListOf<Fix?>()
        phone.shell.looking = { awaitCancellation() }
        val screen = CoroutineScope(SupervisorJob() + Dispatchers.Default)
        val model = TodayModel(phone.here(book = wanting(phone, said, fixes)), screen, phone.ask { records() }, placeMs = Long.MAX_VALUE)
        model.state.await(TodayState::loaded)
        model.tap(Direction.CHECK_IN)
        model.state.await { it.placing }
        until { phone.shell.placed == 1 }
        runBlocking { screen.coroutineContext.job.cancelAndJoin() }
        assertEquals(listOf(null) to 1, fixes to said.size)
        assertEquals(1 to 1, phone.ask { today() }.postings.single().checks.size to phone.shell.vibrated)
    }
}

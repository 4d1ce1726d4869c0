package org.sanji.ui.today

import kotlin.math.abs
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import org.sanji.phone.Check
import org.sanji.phone.DaySaid
import org.sanji.phone.Delivery
import org.sanji.phone.Direction
import org.sanji.phone.Fix
import org.sanji.phone.Found
import org.sanji.phone.FoundReplaced
import org.sanji.phone.FoundWentBack
import org.sanji.phone.PostingDay
import org.sanji.phone.SendingSaid
import org.sanji.phone.Standing
import org.sanji.phone.Trouble
import org.sanji.phone.code
import org.sanji.ui.Given
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.parts.stops

/** One posting's day, and what is said of it. */
data class OwnDay(val day: PostingDay, val said: DaySaid) {
    /** The last check. */
    val last: Check? get() = day.checks.lastOrNull()

    /** What the next tap means. */
    val next: Direction get() = if (last?.direction == Direction.CHECK_IN) Direction.CHECK_OUT else Direction.CHECK_IN
}

/** What Today shows. */
data class TodayState(
    val date: String,
    /** False until the phone's own records were read. */
    val loaded: Boolean = false,
    val nowSecs: Long? = null,
    val clockAheadSecs: Long = 0,
    val days: List<OwnDay> = emptyList(),
    /** The posting that was chosen, where there are several. */
    val chosen: String? = null,
    val sending: SendingSaid? = null,
    val standing: Standing? = null,
    val found: Found? = null,
    /** Corrections of one's own that nobody decided yet. */
    val corrections: Int = 0,
    val trouble: Trouble? = null,
    val tapping: Boolean = false,
    /** The system is asked whether this is the school. */
    val placing: Boolean = false,
) {
    /** The day that the large button is about; absent until one of several is chosen. */
    val own: OwnDay? get() = days.singleOrNull() ?: days.find { it.day.posting == chosen }

    /** The code of what stands against this phone. */
    val against: String? get() = standing?.takeIf { it.stops }?.code

    /** What keeps records from being taken is said already. */
    val stopped: Boolean get() = against != null || retired

    /** The phone's clock is off by so much that it should be put right: what the library calls consistent is within this. */
    val clockIsOff: Boolean get() = abs(clockAheadSecs) > CLOCK_OFF_SECS

    /** The term is closed: its document takes no more. */
    val retired: Boolean get() = days.any { own -> own.day.checks.any { it.delivery == Delivery.RETIRED } }

    private companion object {
        const val CLOCK_OFF_SECS = 120
    }
}

/** Today: one tap, recorded at once, sent when it can be. */
class TodayModel(here: Surroundings, scope: CoroutineScope, found: Found, private val placeMs: Long = PLACE_MS) :
    ScreenModel<TodayState>(TodayState(here.date, found = found.takeIf { it is FoundReplaced || it is FoundWentBack }), here, scope) {
    @Volatile private var tappedMs: ULong? = null

    init {
        follow({ trouble -> change { it.copy(trouble = trouble) } }) { language ->
            val read = here.book.ask {
                val (today, said) = todaySaid(language)
                val days = today.postings.zip(said, ::OwnDay)
                val open = today.postings.sumOf { own -> corrections(own.posting).count { it.decision == "pending" } }
                TodayState(
                    today.date, true, today.nowSecs, today.clockAheadSecs, days,
                    sending = sendingSaid(language), standing = today.standing, corrections = open,
                )
            }
            change { before ->
                val begun = read.days.filter { it.last != null }.singleOrNull()?.day?.posting
                read.copy(chosen = before.chosen?.takeIf { before.date == read.date } ?: begun, found = before.found, trouble = before.trouble, tapping = before.tapping, placing = before.placing)
            }
        }
        here.courier.begin()
    }

    /** Chooses where the next tap counts. */
    fun choose(posting: String) = change { it.copy(chosen = posting, trouble = null) }

    /** Checks in or out, as the button says: by the time of the tap the state may be another. */
    fun tap(direction: Direction) {
        val posting = state.value.own?.day?.posting
        record {
            // Only the look for the place ends with the screen.
            val wanted = withContext(NonCancellable) { here.book.ask { placeWanted(posting) } }
            val fix = if (wanted) fix() else null
            withContext(NonCancellable) { here.book.ask { check(posting, direction, if (wanted) place(posting, fix) else null) } }
        }
    }

    /** Takes the last check back. */
    fun undo() {
        val last = state.value.own?.last ?: return
        record { here.book.ask { voidEntry(last.entry) } }
    }

    /** What was said has been read. */
    fun dismiss() = change { it.copy(found = null, trouble = null) }

    /** Where this is, if it can be told soon. The check is made all the same when this screen ends while it looks. */
    private suspend fun fix(): Fix? = try {
        change { it.copy(placing = true) }
        if (here.shell.mayPlace()) (withTimeoutOrNull(placeMs) { here.shell.place() } as? Given.Here)?.value else null
    } catch (_: CancellationException) {
        null
    }

    private fun record(entry: suspend () -> Unit) {
        val now = here.clock.elapsedMs()
        // The second tap of two in a row was meant for the button that the first has changed.
        if (state.value.tapping || tappedMs?.let { now - it < TWICE_MS } == true) return
        tappedMs = now
        change { it.copy(tapping = true, trouble = null) }
        scope.launch {
            try {
                entry()
                here.shell.vibrate()
                here.courier.begin()
            } catch (trouble: Trouble) {
                tappedMs = null
                change { it.copy(trouble = trouble) }
            } finally {
                change { it.copy(tapping = false, placing = false) }
            }
        }
    }

    private companion object {
        const val PLACE_MS = 5_000L
        const val TWICE_MS = 2_000uL
    }
}

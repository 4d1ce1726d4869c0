package org.sanji.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Posting
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.Section
import org.sanji.ui.school.SchoolSum
import org.sanji.ui.school.schoolSum

/** What of a school's work waits for this person. */
data class WaitsState(
    /** One posting for each of the person's schools. */
    val schools: List<Posting> = emptyList(),
    /** The schools that this person heads, with how they are now. */
    val led: Map<String, SchoolSum> = emptyMap(),
    val queue: Int = 0,
    val conflicts: Int = 0,
    val notCounted: Int = 0,
    /** Schools whose last week is not published. */
    val unpublished: Set<String> = emptySet(),
    /** Phones that ask to be let in again. */
    val asking: Int = 0,
)

/** Counts what waits: for Today, and for the menu. */
class WaitsModel(here: Surroundings, scope: CoroutineScope) : ScreenModel<WaitsState>(WaitsState(), here, scope) {
    private var asked: ULong? = null

    init {
        follow {
            val read = here.book.ask {
                val (today, postings) = today() to owner().postings
                val schools = postings.distinctBy { it.school }
                val led = postings.filter { it.role in HEADS }.map { it.school }.distinct()
                if (led.isEmpty()) return@ask WaitsState(schools)
                WaitsState(
                    schools, led.associateWith { SchoolSum.of(schoolDay(it, today.date), today.nowSecs) }, pending().size,
                    conflicts(led.first(), here.language).size, flagged().size, led.filter { weekDue(it) != null }.toSet(),
                )
            }
            change { read.copy(asking = it.asking) }
            if (read.led.isNotEmpty()) ask()
        }
    }

    /** Phones that wait are known to the relay alone: asked in passing, now and then; more often while one waits. */
    private fun ask() {
        val (now, last) = here.clock.elapsedMs() to asked
        if (last != null && now < last + (if (state.value.asking > 0) OFTEN_MS else SELDOM_MS)) return
        asked = now
        // Without a network nothing is said of them.
        attempt({}) {
            val asking = here.book.ask { phonesAsking() }
            change { it.copy(asking = asking.size) }
        }
    }

    private companion object {
        const val OFTEN_MS = 20_000uL
        const val SELDOM_MS = 900_000uL
        val HEADS = setOf("principal", "deputy")
    }
}

/** On Today: what waits for who heads a school, and the school now. */
@Composable
fun WaitsOnToday(model: WaitsModel, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    for ((school, sum) in state.led) {
        LineRow(words.schoolSum(sum), words("today-school-now").takeIf { state.led.size == 1 } ?: state.name(school)) { go(WorkScreen.SchoolNow(school)) }
    }
    if (state.queue > 0) LineRow(words("today-queue", "count" to state.queue), status = "pending") { go(WorkScreen.Queue) }
    if (state.conflicts > 0) LineRow(words("today-conflicts", "count" to state.conflicts), status = "needs_correction") { go(WorkScreen.Conflicts) }
    if (state.notCounted > 0 && state.led.isNotEmpty()) {
        LineRow(words("today-flagged", "count" to state.notCounted), status = "flagged") { go(WorkScreen.NotCounted) }
    }
    if (state.asking > 0) LineRow(words("today-asking"), status = "pending") { go(WorkScreen.Asking) }
    for (school in state.unpublished) LineRow(words("today-publish"), state.name(school).takeIf { state.led.size > 1 }) { go(WorkScreen.Publish(school)) }
}

/** In the menu: everything that this person's roles have. */
@Composable
fun WorkMenu(model: WaitsModel, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    val several = state.schools.size > 1
    Section(null) {
        for (posting in state.schools) {
            LineRow(words("servicepage-title"), posting.schoolName.takeIf { several }) { go(WorkScreen.Service(posting.school)) }
        }
        LineRow(words("visitpage-title")) { go(WorkScreen.Visits) }
    }
    if (state.led.isEmpty()) return
    Section(words("queue-title")) {
        LineRow(words("queue-open"), end = state.queue.shown) { go(WorkScreen.Queue) }
        LineRow(words("conflict-title"), end = state.conflicts.shown) { go(WorkScreen.Conflicts) }
        LineRow(words("flagged-title"), end = state.notCounted.shown) { go(WorkScreen.NotCounted) }
        LineRow(words("askpage-title"), end = state.asking.shown) { go(WorkScreen.Asking) }
    }
    for (school in state.led.keys) Section(state.name(school) ?: words("school-title")) {
        LineRow(words("school-title")) { go(WorkScreen.SchoolNow(school)) }
        LineRow(words("people-title")) { go(WorkScreen.People(school)) }
        LineRow(words("publishpage-title")) { go(WorkScreen.Publish(school)) }
        LineRow(words("kioskout-title")) { go(WorkScreen.KioskOut(school)) }
        LineRow(words("settings-school")) { go(WorkScreen.Profile(school)) }
    }
}

private val Int.shown: String? get() = takeIf { it > 0 }?.toString()

private fun WaitsState.name(school: String): String? = schools.find { it.school == school }?.schoolName

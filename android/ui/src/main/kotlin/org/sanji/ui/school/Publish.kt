package org.sanji.ui.school

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Trouble
import org.sanji.ui.Dates
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.byName
import org.sanji.ui.palette
import org.sanji.ui.parts.Headline
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** A week that may be published. */
data class PublishState(
    val monday: String,
    /** The last Monday whose week is over. */
    val last: String,
    /** Names of those whose records have not arrived. */
    val missing: List<String>? = null,
    val publishedSecs: Long? = null,
    val trouble: Trouble? = null,
    val busy: Boolean = false,
)

/** Publishes a school's week: at first the one that waits for it. */
class PublishModel(here: Surroundings, scope: CoroutineScope, private val school: String) :
    ScreenModel<PublishState>(lastOver(here.date).let { PublishState(it, it) }, here, scope) {
    init {
        attempt(::tell) {
            val last = lastOver(here.today())
            val due = here.book.ask { weekDue(school) }
            change { PublishState(due ?: last, last) }
            follow(::tell) { load() }
        }
    }

    /** Shows the week so many weeks later; none that lasts. */
    fun turn(weeks: Int) {
        val to = Dates.plus(state.value.monday, 7 * weeks)
        if (to > state.value.last) return
        change { PublishState(to, it.last) }
        attempt(::tell) { load() }
    }

    /** Publishes it. */
    fun publish() {
        val now = state.value
        if (now.busy) return
        change { it.copy(busy = true, trouble = null) }
        attempt(::tell) {
            here.book.ask { publishWeek(school, now.monday) }
            here.courier.begin()
            change { it.copy(busy = false) }
            load()
        }
    }

    private suspend fun load() {
        val monday = state.value.monday
        val last = lastOver(here.today())
        val week = here.book.ask { weekToPublish(school, monday) }
        change { before ->
            val now = before.copy(last = last)
            if (now.monday == monday) now.copy(missing = week.missing.byName { it }, publishedSecs = week.publishedSecs) else now
        }
    }

    private fun tell(trouble: Trouble) = change { it.copy(busy = false, trouble = trouble) }

    private companion object {
        /** The Monday of the last week that is over on a day. */
        fun lastOver(today: String) = Dates.plus(Dates.monday(today), -7)
    }
}

/** A week, what it lacks, and publishing it. */
@Composable
fun PublishScreen(model: PublishModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    Page(
        words("publishpage-title"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words(if (state.publishedSecs == null) "publishpage-do" else "publishpage-again"), model::publish, !state.busy && state.missing != null)
        },
    ) {
        Headline(words("publishpage-week", "from" to words.day(state.monday), "to" to words.day(Dates.plus(state.monday, 6))))
        Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
            TextAction("‹ ${words("week-before")}") { model.turn(-1) }
            if (state.monday < state.last) TextAction("${words("week-after")} ›") { model.turn(1) }
        }
        state.publishedSecs?.let { Notice(words("publishpage-done-at", "when" to words.moment(it)), colour = palette.green) }
        val missing = state.missing ?: return@Page
        if (missing.isEmpty()) {
            LineRow(words("publishpage-complete"), status = "present")
        } else {
            LineRow(words("publishpage-missing", "count" to missing.size), missing.joinToString(words("day-between")), status = "awaiting_sync")
        }
        Para(words("publishpage-lead"), quiet = true)
    }
}

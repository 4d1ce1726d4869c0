package org.sanji.ui.day

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.DaySaid
import org.sanji.phone.PostingDay
import org.sanji.phone.Trouble
import org.sanji.ui.Dates
import org.sanji.ui.Screen
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.parts.EmptyState
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** A day of the week's list. */
data class WeekDay(val date: String, val said: DaySaid)

/** The week of one posting: its days so far, newest first. */
data class PostingWeek(val posting: String, val school: String?, val minutes: UInt, val days: List<WeekDay>)

/** What my week shows. */
data class WeekState(val monday: String, val today: String, val postings: List<PostingWeek>? = null, val trouble: Trouble? = null)

/** My week, with each day in a sentence. */
class WeekModel(here: Surroundings, scope: CoroutineScope) :
    ScreenModel<WeekState>(WeekState(Dates.monday(here.date), here.date), here, scope) {
    init {
        follow({ trouble -> change { it.copy(trouble = trouble) } }) { load() }
    }

    /** Shows the week so many weeks later; none after this one. */
    fun turn(weeks: Int) {
        val to = Dates.plus(state.value.monday, 7 * weeks)
        if (to > state.value.today) return
        change { it.copy(monday = to, postings = null, trouble = null) }
        attempt({ trouble -> change { it.copy(trouble = trouble) } }) { load() }
    }

    private suspend fun load() {
        val (monday, today) = state.value.run { monday to today }
        val language = here.language
        val read = here.book.ask {
            owner().postings.map { own ->
                val days = week(own.posting, monday).mapIndexed { at, day -> Dates.plus(monday, at) to day }.filter { it.first <= today }
                PostingWeek(
                    own.posting, own.schoolName, days.sumOf { (_, day) -> day.minutes },
                    days.map { (date, _) -> WeekDay(date, daySaid(own.posting, date, language)) }.reversed(),
                )
            }
        }
        change { if (it.monday == monday) it.copy(postings = read) else it }
    }

    private val PostingDay.minutes: UInt get() = verdict?.officeMinutes ?: 0u
}

/** My week: a line for each day, newest first. */
@Composable
fun WeekScreen(model: WeekModel, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    Page(words("week-title")) {
        Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
            TextAction("‹ ${words("week-before")}") { model.turn(-1) }
            if (Dates.plus(state.monday, 7) <= state.today) TextAction("${words("week-after")} ›") { model.turn(1) }
        }
        val sunday = Dates.plus(state.monday, 6)
        Para(words("week-range", "from" to words.day(state.monday), "to" to words.day(sunday)), quiet = true)
        TroubleNotice(state.trouble)
        val postings = state.postings ?: return@Page
        if (postings.all { it.days.isEmpty() }) EmptyState(words("app-empty"))
        for (week in postings) {
            Section(week.school.takeIf { postings.size > 1 }) {
                Para(words("week-sum", "office" to words.duration(week.minutes)))
                for (day in week.days) {
                    LineRow(day.said.sentence.asSentence(), day.said.dateLine, status = day.said.status ?: "rest_day") {
                        go(Screen.Day(week.posting, day.date))
                    }
                }
            }
        }
    }
}

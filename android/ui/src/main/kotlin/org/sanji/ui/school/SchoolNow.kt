package org.sanji.ui.school

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.DaySaid
import org.sanji.phone.StaffDay
import org.sanji.phone.Trouble
import org.sanji.phone.Wording
import org.sanji.ui.Screen
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.WorkScreen
import org.sanji.ui.byName
import org.sanji.ui.parts.EmptyState
import org.sanji.ui.parts.Headline
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** How many are in, on leave, or have not checked in on a day on which they should. */
data class SchoolSum(val present: Int, val leave: Int, val none: Int) {
    companion object {
        /** The sum of a school's day at an instant. */
        fun of(days: List<StaffDay>, now: Long): SchoolSum {
            val verdicts = days.mapNotNull { it.verdict }
            val (present, out) = verdicts.partition { it.inSinceSecs != null }
            val (leave, there) = out.partition { day -> day.status == "on_leave" || day.leave.any { now in it.fromSecs until it.toSecs } }
            return SchoolSum(present.size, leave.size, there.count { it.presence.isEmpty() && it.status != "rest_day" && it.status != null })
        }
    }
}

/** The sum in one sentence. */
fun Wording.schoolSum(sum: SchoolSum): String = this("school-sum", "in" to sum.present, "leave" to sum.leave, "none" to sum.none)

/** What the school now shows. */
data class SchoolNowState(
    val today: String,
    val days: List<DaySaid>? = null,
    val sum: SchoolSum? = null,
    /** Postings that have nothing recorded yet on this day. */
    val notBegun: Set<String> = emptySet(),
    val trouble: Trouble? = null,
)

/** A school's day, for who heads it. */
class SchoolNowModel(here: Surroundings, scope: CoroutineScope, school: String) :
    ScreenModel<SchoolNowState>(SchoolNowState(here.date), here, scope) {
    init {
        follow({ trouble -> change { it.copy(trouble = trouble) } }) { language ->
            val read = here.book.ask {
                val today = today()
                val days = schoolDay(school, today.date)
                val notBegun = days.filter { it.verdict?.run { presence.isEmpty() && inSinceSecs == null } == true }.map { it.posting }.toSet()
                val said = schoolDaySaid(school, today.date, language).byName { it.name.orEmpty() }
                SchoolNowState(today.date, said.sortedBy { it.status == "on_leave" || it.posting !in notBegun }, SchoolSum.of(days, today.nowSecs), notBegun)
            }
            change { read }
        }
    }
}

/** Who is in, on leave, or has not come: the sum, then everyone, who has not come first. */
@Composable
fun SchoolNowScreen(model: SchoolNowModel, school: String, back: () -> Unit, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    Page(words("school-title"), back) {
        Para(words.day(state.today), quiet = true)
        TroubleNotice(state.trouble)
        val days = state.days ?: return@Page
        if (days.isEmpty()) EmptyState(words("school-none"))
        if (days.isNotEmpty()) state.sum?.let { Headline(words.schoolSum(it)) }
        for (day in days) {
            // The day is under way for everyone: who has not come stands out by another shape.
            val status = day.status.takeUnless { it == "in_progress" && day.posting in state.notBegun } ?: "upcoming"
            LineRow(day.name.orEmpty(), day.sentence.asSentence(), status = status) { go(WorkScreen.ColleagueDay(school, day.posting, state.today)) }
        }
    }
}

package org.sanji.ui.school

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Check
import org.sanji.phone.DaySaid
import org.sanji.phone.Trouble
import org.sanji.phone.Verdict
import org.sanji.ui.Dates
import org.sanji.ui.Screen
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.WorkScreen
import org.sanji.ui.day.CheckLine
import org.sanji.ui.day.Reason
import org.sanji.ui.parts.DayBar
import org.sanji.ui.parts.Headline
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** A colleague's day and why it is judged so. */
data class ColleagueDayState(
    val date: String,
    val today: String,
    val said: DaySaid? = null,
    val verdict: Verdict? = null,
    val checks: List<Check> = emptyList(),
    /** It is this person's own: nobody decides on their own day. */
    val own: Boolean = false,
    val trouble: Trouble? = null,
)

/** A colleague's day, for who heads the school. */
class ColleagueDayModel(here: Surroundings, scope: CoroutineScope, private val school: String, private val posting: String, date: String) :
    ScreenModel<ColleagueDayState>(ColleagueDayState(date, here.date), here, scope) {
    init {
        follow(::tell) { load() }
    }

    /** Shows the day so many days later; none after today. */
    fun turn(days: Int) {
        val to = Dates.plus(state.value.date, days)
        if (to > state.value.today) return
        change { ColleagueDayState(to, it.today, own = it.own) }
        attempt(::tell) { load() }
    }

    private suspend fun load() {
        val date = state.value.date
        val read = here.book.ask {
            ColleagueDayState(
                date, now().date, schoolDaySaid(school, date, here.language).find { it.posting == posting },
                schoolDay(school, date).find { it.posting == posting }?.verdict, colleagueChecks(posting, date),
                roster(school, date).any { it.posting == posting && it.person == owner().person },
            )
        }
        change { if (it.date == date) read else it }
    }

    private fun tell(trouble: Trouble) = change { it.copy(trouble = trouble) }
}

/** The day with its reasons; from here it is recorded for the colleague, or corrected. */
@Composable
fun ColleagueDayScreen(model: ColleagueDayModel, posting: String, back: () -> Unit, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    Page(
        state.said?.name ?: words("school-person"), back,
        bottom = if (state.own) null else {
            {
                OtherButton(words("school-on-behalf"), { go(WorkScreen.OnBehalf(posting, state.date)) })
                OtherButton(words("school-correct"), { go(WorkScreen.CorrectDay(posting, state.date)) })
            }
        },
    ) {
        Para(words.day(state.date), quiet = true)
        Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
            TextAction("‹ ${words("daypage-before")}") { model.turn(-1) }
            if (state.date < state.today) TextAction("${words("daypage-after")} ›") { model.turn(1) }
        }
        TroubleNotice(state.trouble)
        val said = state.said ?: return@Page
        Headline(said.sentence.asSentence(), said.status)
        if (state.verdict != null) DayBar(state.date, state.verdict, null)
        if (said.reasons.isNotEmpty()) Section(words("app-why")) { said.reasons.forEach { Reason(it) } }
        Section(words("daypage-entries")) {
            if (state.checks.isEmpty()) Para(words("daypage-none"), quiet = true)
            state.checks.forEach { CheckLine(it) }
        }
        if (said.provisional.isNotEmpty()) {
            Section(words("daypage-provisional")) { said.provisional.forEach { Para(it.asSentence(), quiet = true) } }
        }
    }
}

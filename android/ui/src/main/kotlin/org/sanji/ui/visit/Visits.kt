package org.sanji.ui.visit

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Trouble
import org.sanji.phone.VisitSummary
import org.sanji.ui.Screen
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.WorkScreen
import org.sanji.ui.parts.EmptyState
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** The visits of this term. */
data class VisitsState(
    val visits: List<VisitSummary>? = null,
    /** Names of the county's schools. */
    val schools: Map<String, String> = emptyMap(),
    /** This person signs for a school. */
    val signs: Boolean = false,
    val trouble: Trouble? = null,
)

/** The visits that this phone knows. */
class VisitsModel(here: Surroundings, scope: CoroutineScope) : ScreenModel<VisitsState>(VisitsState(), here, scope) {
    init {
        follow({ trouble -> change { it.copy(trouble = trouble) } }) {
            val read = here.book.ask {
                val date = now().date
                VisitsState(
                    visits(date), schools(date).associate { it.school to it.name },
                    owner().postings.any { it.role in HOSTS },
                )
            }
            change { read }
        }
    }
}

/** Who signs for a school that is visited. */
internal val HOSTS = setOf("principal", "deputy")

/** The code of how far a visit is, for its words, and the status whose shape it has. */
internal fun progress(opened: Boolean, closed: Boolean): Pair<String, String> = when {
    closed -> "visitpage-closed" to "present"
    opened -> "visitpage-opened" to "in_progress"
    else -> "visitpage-planned" to "upcoming"
}

/** Visits by day, newest first. */
@Composable
fun VisitsScreen(model: VisitsModel, back: () -> Unit, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    Page(
        words("visitpage-title"), back,
        bottom = {
            if (state.signs) OtherButton(words("visitpage-scan"), { go(WorkScreen.VisitScan) })
            MainButton(words("visitpage-new"), { go(WorkScreen.VisitPlan(null)) })
        },
    ) {
        TroubleNotice(state.trouble)
        val visits = state.visits ?: return@Page
        if (visits.isEmpty()) EmptyState(words("visitpage-none"))
        for (visit in visits) {
            val (word, status) = progress(visit.opened, visit.closed)
            LineRow(
                listOfNotNull(visit.kind?.let { words("visit-$it").asSentence() } ?: words("visitpage-title"), state.schools[visit.host]).joinToString("  "),
                listOfNotNull(visit.date?.let(words::day), words(word)).joinToString(" · "),
                status = status,
            ) { go(WorkScreen.Visit(visit.document)) }
        }
    }
}

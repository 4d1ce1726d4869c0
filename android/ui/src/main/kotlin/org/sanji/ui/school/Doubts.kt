package org.sanji.ui.school

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.HorizontalDivider
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Calls
import org.sanji.phone.Entry
import org.sanji.phone.EntrySaid
import org.sanji.phone.Flagged
import org.sanji.phone.Trouble
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.palette
import org.sanji.ui.parts.EmptyState
import org.sanji.ui.parts.Fact
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.RowEnd
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** The people of this person's schools: names by person and by posting. */
internal fun Calls.people(): Map<String, String> {
    val date = now().date
    return owner().postings.map { it.school }.distinct().flatMap { roster(it, date) }
        .flatMap { listOf(it.person to it.name, it.posting to it.name) }.toMap()
}

/** One version of something, and who wrote it. */
data class Version(val said: EntrySaid, val name: String?)

/** What two people changed at the same time. */
data class ConflictsState(val found: List<List<Version>>? = null, val trouble: Trouble? = null)

/** Conflicts in the documents that are open. */
class ConflictsModel(here: Surroundings, scope: CoroutineScope) : ScreenModel<ConflictsState>(ConflictsState(), here, scope) {
    init {
        follow({ trouble -> change { it.copy(trouble = trouble) } }) { language ->
            val found = here.book.ask {
                val people = people()
                val school = owner().postings.firstOrNull()?.school
                conflicts(school, language).map { versions -> versions.map { Version(it, people[it.person]) } }
            }
            change { it.copy(found = found) }
        }
    }
}

/** Both values of each in plain words. */
@Composable
fun ConflictsScreen(model: ConflictsModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    Page(words("conflict-title"), back) {
        TroubleNotice(state.trouble)
        val found = state.found ?: return@Page
        if (found.isEmpty()) EmptyState(words("conflict-none")) else Para(words("conflict-lead"), quiet = true)
        for (versions in found) {
            Section(versions.first().said.kind.asSentence()) {
                for (version in versions) {
                    Fact(listOfNotNull(version.name, words.moment(version.said.judgedSecs)).joinToString(" · "), version.said.says)
                }
                HorizontalDivider(color = palette.line)
            }
        }
    }
}

/** A record that doesn't count, in words. */
data class NotCounted(val flagged: Flagged, val said: EntrySaid, val name: String?, val own: Boolean)

/** Records that don't count. */
data class NotCountedState(
    val found: List<NotCounted>? = null,
    /** The one whose reason is asked for. */
    val lifting: Entry? = null,
    val why: String = "",
    /** The key of the text that says what is wrong with the reason. */
    val wrong: String? = null,
    val trouble: Trouble? = null,
    val busy: Boolean = false,
)

/** Records that don't count, and letting them count. */
class NotCountedModel(here: Surroundings, scope: CoroutineScope) : ScreenModel<NotCountedState>(NotCountedState(), here, scope) {
    init {
        follow(::tell) { language ->
            val found = here.book.ask {
                val (people, person) = people() to owner().person
                val school = owner().postings.firstOrNull()?.school
                flagged().map { one ->
                    val said = sayEntry(one.entry, school, language)
                    NotCounted(one, said, people[said.person] ?: people[one.posting], said.person == person)
                }
            }
            change { it.copy(found = found.asReversed()) }
        }
    }

    /** Lets one count; at first the reason is asked for. */
    fun lift(one: NotCounted) {
        val (entry, now) = one.flagged.entry to state.value
        when {
            now.lifting != entry -> change { it.copy(lifting = entry, why = "", wrong = null) }
            now.why.isBlank() -> change { it.copy(wrong = "problem-reason_needed") }
            now.busy -> Unit
            else -> {
                change { it.copy(busy = true, trouble = null) }
                attempt(::tell) {
                    here.book.ask { liftFlag(entry, now.why.trim()) }
                    here.courier.begin()
                    change { it.copy(busy = false, lifting = null, why = "") }
                }
            }
        }
    }

    fun setWhy(text: String) = change { it.copy(why = text, wrong = null) }

    /** Leaves it as it is. */
    fun cancel() = change { it.copy(lifting = null, why = "", wrong = null) }

    private fun tell(trouble: Trouble) = change {
        if (trouble is Trouble.Invalid && trouble.field == "reason") it.copy(busy = false, wrong = trouble.key) else it.copy(busy = false, trouble = trouble)
    }
}

/** Each with why it doesn't count; a principal lets it count with a reason. */
@Composable
fun NotCountedScreen(model: NotCountedModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    Page(words("flagged-title"), back) {
        TroubleNotice(state.trouble)
        val found = state.found ?: return@Page
        if (found.isEmpty()) EmptyState(words("flagged-none"))
        for (one in found) Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(4.dp)) {
            val reason = one.flagged.reason?.let { "flag-$it" }?.takeIf(words::has) ?: "flag-newer"
            LineRow(
                listOfNotNull(one.name, one.said.kind).joinToString(" ").asSentence(),
                listOf(words.moment(one.flagged.judgedSecs), one.said.says, words(reason)).filter(String::isNotEmpty).joinToString(" · "),
                status = "flagged",
                divided = false,
            )
            if (state.lifting == one.flagged.entry) {
                Field(words("flagged-lift-why"), state.why, model::setWhy, state.wrong?.let { words(it) }, lines = 2)
                MainButton(words("flagged-lift"), { model.lift(one) }, !state.busy)
                TextAction(words("app-cancel"), model::cancel)
            } else if (!one.own) {
                // Some reasons are not a principal's to lift: there it says whose.
                val whose = "lift-${one.flagged.reason}"
                if (words.has(whose)) Para(words(whose), quiet = true) else TextAction(words("flagged-lift")) { model.lift(one) }
            }
            RowEnd()
        }
    }
}

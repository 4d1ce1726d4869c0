package org.sanji.ui.day

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.sanji.phone.Check
import org.sanji.phone.Delivery
import org.sanji.phone.Direction
import org.sanji.phone.ReasonSaid
import org.sanji.phone.Wording
import org.sanji.ui.palette
import org.sanji.ui.parts.DayBar
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.Headline
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.RowEnd
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** Why a day is judged as it is, in the source's words; from here it is corrected. */
@Composable
fun DayScreen(model: DayModel, back: () -> Unit, correct: (posting: String, day: String) -> Unit) {
    val state by model.state.collectAsState()
    Page(
        words.day(state.date), back,
        bottom = { OtherButton(words("daypage-correct"), { correct(state.posting, state.date) }) },
    ) {
        Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
            TextAction("‹ ${words("daypage-before")}") { model.turn(-1) }
            if (state.date < state.today) TextAction("${words("daypage-after")} ›") { model.turn(1) }
        }
        TroubleNotice(state.trouble)
        val (day, said) = (state.day ?: return@Page) to (state.said ?: return@Page)
        said.name?.let { Para(it, quiet = true) }
        Headline(said.sentence.asSentence(), said.status)
        if (day.verdict != null) DayBar(state.date, day.verdict, null)
        if (said.reasons.isNotEmpty()) Section(words("app-why")) { said.reasons.forEach { Reason(it) } }
        Section(words("daypage-entries")) {
            if (day.checks.isEmpty()) Para(words("daypage-none"), quiet = true)
            day.checks.forEach { Entry(it, model) }
        }
        if (said.provisional.isNotEmpty()) {
            Section(words("daypage-provisional")) { said.provisional.forEach { Para(it.asSentence(), quiet = true) } }
        }
        Section(words("daypage-note")) {
            Field(words("daypage-note"), state.note, model::setNote, hint = words("daypage-note-hint"))
            if (state.note.isNotBlank()) OtherButton(words("app-save"), model::sendNote)
            if (state.noted) Notice(words("app-kept"), colour = palette.green)
        }
    }
}

@Composable
private fun Entry(check: Check, model: DayModel) {
    CheckLine(check, divided = !check.mayVoid)
    if (check.mayVoid) RowEnd { TextAction(words("today-undo")) { model.undo(check) } }
}

/** A check with its time, who recorded it and how far its time is trusted. */
@Composable
internal fun CheckLine(check: Check, divided: Boolean = true) {
    val words = words
    val text = "${words.time(check.judgedSecs)}  ${words(if (check.direction == Direction.CHECK_IN) "direction-in" else "direction-out")}"
    LineRow(text.asSentence(), words.trust(check), status = if (check.conflict) "needs_correction" else null, divided = divided)
}

/** Who recorded it, how far its time is trusted, and where it is. */
private fun Wording.trust(check: Check): String = listOfNotNull(
    this("origin-${check.origin}"),
    check.label?.let { this("clock-$it") },
    check.delivery?.let { this("delivery-${it.code}") },
    if (check.conflict) this("conflict") else null,
).joinToString(" · ") { it.asSentence() }

/** The code under which its text stands. */
private val Delivery.code: String get() = name.lowercase()

@Composable
internal fun Reason(reason: ReasonSaid) {
    var shown by rememberSaveable(reason.text) { mutableStateOf(false) }
    Column(Modifier.fillMaxWidth().padding(vertical = 6.dp)) {
        Text(reason.text.asSentence(), color = palette.ink, style = MaterialTheme.typography.bodyLarge)
        reason.clause?.let { Text(it.asSentence(), color = palette.quiet, style = MaterialTheme.typography.bodyMedium) }
        val source = reason.source
        if (source != null) {
            if (shown) {
                Text("“$source”", Modifier.padding(top = 4.dp), palette.ink, style = MaterialTheme.typography.bodyMedium)
            } else {
                TextAction(words("daypage-clause-words")) { shown = true }
            }
        }
    }
    HorizontalDivider(color = palette.line)
}

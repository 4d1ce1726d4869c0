package org.sanji.ui.correction

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.sanji.phone.CorrectionAsked
import org.sanji.phone.Direction
import org.sanji.phone.Wording
import org.sanji.ui.Screen
import org.sanji.ui.parts.ChoiceRow
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.EmptyState
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.SwitchRow
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TimeField
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** The corrections that were asked for, newest day first. */
@Composable
fun CorrectionsScreen(model: CorrectionsModel, back: () -> Unit, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    Page(
        words("correction-title"), back,
        bottom = { MainButton(words("correction-ask"), { go(Screen.CorrectionForm(null, state.today)) }) },
    ) {
        TroubleNotice(state.trouble)
        val asked = state.asked ?: return@Page
        if (asked.isEmpty()) EmptyState(words("correction-none"))
        for (one in asked) {
            Column(Modifier.fillMaxWidth()) {
                LineRow(words.checks(one).ifEmpty { one.reason }, "${words.day(one.date)} · ${words("decision-${one.decision}")}", status = one.decision)
                one.decidedWhy?.let { Para(it, quiet = true) }
                if (one.conflict) Para(words("conflict"), quiet = true)
            }
        }
    }
}

private fun Wording.direction(direction: Direction) = this(if (direction == Direction.CHECK_IN) "direction-in" else "direction-out")

private fun Wording.checks(asked: CorrectionAsked) =
    asked.checks.joinToString(this("day-between")) { "${time(it.atSecs)} ${direction(it.direction)}" }

/** Asks for a correction of a day. Once it is recorded, it goes back. */
@Composable
fun CorrectionFormScreen(model: CorrectionFormModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    Page(
        words("correction-ask"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("correction-send"), model::send, !state.busy)
        },
    ) {
        DayField(words("correction-day"), state.day, model::setDay, state.wrong["day"]?.let { words(it) })
        Section(words("correction-missing")) {
            state.missing.forEachIndexed { at, check -> Missing(check, state.wrong["$at"], { model.setMissing(at, it) }) { model.removeMissing(at) } }
            OtherButton(words("correction-add"), model::addMissing)
            state.wrong["missing"]?.let { Notice(words(it)) }
        }
        if (state.checks.isNotEmpty()) {
            Section(words("correction-wrong")) {
                for (check in state.checks) {
                    SwitchRow("${words.time(check.judgedSecs)} ${words.direction(check.direction)}", check.entry in state.wrongOnes) { model.turnWrong(check.entry) }
                }
            }
        }
        Field(words("correction-reason"), state.reason, model::setReason, state.wrong["reason"]?.let { words(it) }, words("correction-reason-hint"), lines = 2)
    }
}

@Composable
internal fun Missing(check: TypedCheck, wrong: String?, set: (TypedCheck) -> Unit, remove: () -> Unit) = Column(Modifier.fillMaxWidth()) {
    for (direction in Direction.entries) {
        ChoiceRow(words.direction(direction).asSentence(), check.direction == direction) { set(check.copy(direction = direction)) }
    }
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
        TimeField(words("school-time"), check.time, { set(check.copy(time = it)) }, wrong?.let { words(it) }, Modifier.weight(1f))
        TextAction(words("app-cancel"), remove)
    }
}

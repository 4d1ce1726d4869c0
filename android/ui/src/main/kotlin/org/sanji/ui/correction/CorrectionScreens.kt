package org.sanji.ui.correction

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import org.sanji.phone.CorrectionAsked
import org.sanji.phone.Wording
import org.sanji.ui.Screen
import org.sanji.ui.parts.ChooseSchool
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.EmptyState
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.PictureField
import org.sanji.ui.parts.RowEnd
import org.sanji.ui.parts.TroubleNotice
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
                LineRow(words.checks(one).ifEmpty { one.reason }, "${words.day(one.date)} · ${words("decision-${one.decision}")}", status = one.decision, divided = false)
                one.decidedWhy?.let { Para(it, quiet = true) }
                if (one.conflict) Para(words("conflict"), quiet = true)
                RowEnd()
            }
        }
    }
}

private fun Wording.checks(asked: CorrectionAsked) =
    asked.checks.joinToString(this("day-between")) { "${time(it.atSecs)} ${direction(it.direction)}" }

/** Asks for a correction of a day. Once it is recorded, it goes back. */
@Composable
fun CorrectionFormScreen(model: CorrectionFormModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    @Composable fun wrong(field: String) = state.wrong[field]?.let { words(it) }
    Page(
        words("correction-ask"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("correction-send"), model::send, !state.busy)
        },
    ) {
        ChooseSchool(fields.postings, fields.posting, wrong("posting"), model::setPosting)
        DayField(words("correction-day"), fields.day, model::setDay, wrong("day"))
        StatedChecks(model, state)
        Field(words("correction-reason"), fields.reason, model::setReason, wrong("reason"), words("correction-reason-hint"), lines = 2)
        PictureField(words("correction-picture"), fields.evidence, wrong("evidence"), model::addPicture, model::removePicture)
    }
}

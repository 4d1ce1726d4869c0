package org.sanji.ui.school

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kotlinx.coroutines.CoroutineScope
import org.sanji.ui.Surroundings
import org.sanji.ui.correction.CorrectionFields
import org.sanji.ui.correction.StatedChecks
import org.sanji.ui.correction.StatedChecksModel
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** Corrects a colleague's day. */
class CorrectDayModel(here: Surroundings, scope: CoroutineScope, private val posting: String, private val day: String) :
    StatedChecksModel(CorrectionFields(day), here, scope) {
    init {
        prepare {
            val checks = here.book.ask { colleagueChecks(posting, day) }
            begin { it.copy(checks = checks) }
        }
    }

    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val stated = stated() ?: return
        record { correct(posting, day, stated, now.wrongOnes.toList(), now.reason.trim()) }
    }
}

/** What should be there, what should not, and why. */
@Composable
fun CorrectDayScreen(model: CorrectDayModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    Page(
        words("school-correct"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("app-save"), model::save, !state.busy)
        },
    ) {
        Para(words.day(fields.day), quiet = true)
        StatedChecks(model, state)
        Field(
            words("app-reason"), fields.reason, { text -> model.edit("reason") { it.copy(reason = text) } }, state.wrong["reason"]?.let { words(it) },
            lines = 2,
        )
    }
}

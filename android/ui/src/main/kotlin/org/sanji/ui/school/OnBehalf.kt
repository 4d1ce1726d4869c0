package org.sanji.ui.school

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Direction
import org.sanji.ui.Dates
import org.sanji.ui.FormModel
import org.sanji.ui.Kept
import org.sanji.ui.Surroundings
import org.sanji.ui.direction
import org.sanji.ui.parts.ChoiceRow
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.TimeField
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** What is filled in of a check for somebody else. */
data class OnBehalfFields(val day: String, val direction: Direction = Direction.CHECK_IN, val time: String = "", val reason: String = "")

private val KEPT = listOf<Kept<OnBehalfFields>>(
    Kept("day", { it.day }) { fields, text -> fields.copy(day = text) },
    Kept("direction", { it.direction.name }) { fields, text -> fields.copy(direction = direction(text) ?: fields.direction) },
    Kept("time", { it.time }) { fields, text -> fields.copy(time = text) },
    Kept("reason", { it.reason }) { fields, text -> fields.copy(reason = text) },
)

/** Records a check for somebody who could not. */
class OnBehalfModel(here: Surroundings, scope: CoroutineScope, private val posting: String, day: String) :
    FormModel<OnBehalfFields>(OnBehalfFields(day), here, scope, setOf("reason"), KEPT) {
    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val at = Dates.instant(now.day, now.time)
        val wrong = buildMap {
            if (Dates.normal(now.day) == null) put("day", "app-bad-date")
            if (Dates.clock(now.time) == null) put("time", "app-bad-time")
            if (now.reason.isBlank()) put("reason", "problem-reason_needed")
        }
        if (!sound(wrong) || at == null) return
        record { checkOnBehalf(posting, now.direction, at, now.reason.trim()) }
    }
}

/** A check for somebody whose phone is broken or forgotten. */
@Composable
fun OnBehalfScreen(model: OnBehalfModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    @Composable fun wrong(field: String) = state.wrong[field]?.let { words(it) }
    Page(
        words("school-on-behalf"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("app-save"), model::save, !state.busy)
        },
    ) {
        Para(words("school-on-behalf-lead"), quiet = true)
        DayField(words("app-date"), fields.day, { day -> model.edit("day") { it.copy(day = day) } }, wrong("day"))
        for (direction in Direction.entries) {
            ChoiceRow(words(if (direction == Direction.CHECK_IN) "direction-in" else "direction-out").asSentence(), direction == fields.direction) {
                model.edit { it.copy(direction = direction) }
            }
        }
        TimeField(words("school-time"), fields.time, { time -> model.edit("time") { it.copy(time = time) } }, wrong("time"))
        Field(words("app-reason"), fields.reason, { text -> model.edit("reason") { it.copy(reason = text) } }, wrong("reason"), lines = 2)
    }
}

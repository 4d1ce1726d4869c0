package org.sanji.ui.school

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Check
import org.sanji.phone.Direction
import org.sanji.phone.Entry
import org.sanji.phone.StatedCheck
import org.sanji.phone.Trouble
import org.sanji.ui.Dates
import org.sanji.ui.FormModel
import org.sanji.ui.Surroundings
import org.sanji.ui.correction.Missing
import org.sanji.ui.correction.TypedCheck
import org.sanji.ui.parts.CheckRow
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** What is filled in of a correction. */
data class CorrectFields(
    val checks: List<Check> = emptyList(),
    val missing: List<TypedCheck> = emptyList(),
    val wrongOnes: Set<Entry> = emptySet(),
    val reason: String = "",
)

/** Corrects a colleague's day. */
class CorrectDayModel(here: Surroundings, scope: CoroutineScope, private val posting: String, val day: String) :
    FormModel<CorrectFields>(CorrectFields(), here, scope, setOf("reason")) {
    init {
        prepare {
            val checks = here.book.ask { colleagueChecks(posting, day) }
            edit { it.copy(checks = checks) }
        }
    }

    /** One more check that should be there: the one that would come next. */
    fun addMissing() = edit("missing") {
        val ins = it.checks.count { check -> check.direction == Direction.CHECK_IN } + it.missing.count { one -> one.direction == Direction.CHECK_IN }
        val outs = it.checks.size + it.missing.size - ins
        it.copy(missing = it.missing + TypedCheck(if (ins > outs) Direction.CHECK_OUT else Direction.CHECK_IN, ""))
    }

    fun setMissing(at: Int, to: TypedCheck?) = edit("missing", "$at") {
        it.copy(missing = it.missing.mapIndexedNotNull { n, one -> if (n == at) to else one })
    }

    /** Marks a check as wrong, or as right again. */
    fun turnWrong(entry: Entry) = edit("missing") {
        it.copy(wrongOnes = if (entry in it.wrongOnes) it.wrongOnes - entry else it.wrongOnes + entry)
    }

    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val right = now.missing.map { one -> Dates.instant(day, one.time)?.let { StatedCheck(one.direction, it) } }
        val wrong = buildMap {
            right.forEachIndexed { at, one -> if (one == null) put("$at", "app-bad-time") }
        }
        if (!sound(wrong)) return
        record { correct(posting, day, right.filterNotNull(), now.wrongOnes.toList(), now.reason.trim()) }
    }

    override fun fieldOf(invalid: Trouble.Invalid): String? = when (invalid.problem) {
        "nothing_to_correct", "other_day" -> "missing"
        "reason_needed", "too_long" -> "reason"
        else -> null
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
        Para(words.day(model.day), quiet = true)
        Section(words("correction-missing")) {
            fields.missing.forEachIndexed { at, check -> Missing(check, state.wrong["$at"], { model.setMissing(at, it) }) { model.setMissing(at, null) } }
            OtherButton(words("correction-add"), model::addMissing)
            state.wrong["missing"]?.let { Notice(words(it)) }
        }
        if (fields.checks.isNotEmpty()) {
            Section(words("correction-wrong")) {
                for (check in fields.checks) {
                    val direction = words(if (check.direction == Direction.CHECK_IN) "direction-in" else "direction-out")
                    CheckRow("${words.time(check.judgedSecs)} $direction", check.entry in fields.wrongOnes) { model.turnWrong(check.entry) }
                }
            }
        }
        Field(
            words("app-reason"), fields.reason, { text -> model.edit("reason") { it.copy(reason = text) } }, state.wrong["reason"]?.let { words(it) },
            lines = 2,
        )
    }
}

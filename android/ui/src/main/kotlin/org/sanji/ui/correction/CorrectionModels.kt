package org.sanji.ui.correction

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import org.sanji.phone.Check
import org.sanji.phone.CorrectionAsked
import org.sanji.phone.Direction
import org.sanji.phone.Entry
import org.sanji.phone.StatedCheck
import org.sanji.phone.Trouble
import org.sanji.ui.Dates
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings

/** What the list of corrections shows. */
data class CorrectionsState(val asked: List<CorrectionAsked>? = null, val today: String, val trouble: Trouble? = null)

/** The corrections that were asked for this term. */
class CorrectionsModel(here: Surroundings, scope: CoroutineScope) :
    ScreenModel<CorrectionsState>(CorrectionsState(today = here.date), here, scope) {
    init {
        follow({ trouble -> change { it.copy(trouble = trouble) } }) {
            val read = here.book.ask { owner().postings.flatMap { corrections(it.posting) } }
            change { it.copy(asked = read.sortedByDescending { one -> one.date }) }
        }
    }
}

/** A check that should be there, as it is typed. */
data class TypedCheck(val direction: Direction, val time: String)

/** What is filled in, and what is wrong with it. */
data class CorrectionFormState(
    val posting: String?,
    val day: String,
    val today: String,
    val checks: List<Check> = emptyList(),
    val missing: List<TypedCheck> = emptyList(),
    val wrongOnes: Set<Entry> = emptySet(),
    val reason: String = "",
    /** For each field the key of the text that says what is wrong; a missing check's field is its place in the list. */
    val wrong: Map<String, String> = emptyMap(),
    val trouble: Trouble? = null,
    val busy: Boolean = false,
    val done: Boolean = false,
)

/** Asks for a correction of a day. */
class CorrectionFormModel(here: Surroundings, scope: CoroutineScope, posting: String?, day: String) :
    ScreenModel<CorrectionFormState>(CorrectionFormState(posting, day, here.date), here, scope) {
    init {
        loadChecks()
        if (posting == null) attempt(::tell) {
            val only = here.book.ask { owner().postings.firstOrNull()?.posting }
            change { it.copy(posting = only) }
        }
    }

    fun setDay(text: String) {
        edit("day") { it.copy(day = text, checks = emptyList(), wrongOnes = emptySet()) }
        if (Dates.normal(text) != null) loadChecks()
    }

    /** One more check that should be there: the one that would come next. */
    fun addMissing() = edit("missing") {
        val ins = it.checks.count { check -> check.direction == Direction.CHECK_IN } + it.missing.count { one -> one.direction == Direction.CHECK_IN }
        val outs = it.checks.size + it.missing.size - ins
        it.copy(missing = it.missing + TypedCheck(if (ins > outs) Direction.CHECK_OUT else Direction.CHECK_IN, ""))
    }

    fun setMissing(at: Int, check: TypedCheck) =
        edit("missing", "$at") { it.copy(missing = it.missing.mapIndexed { n, one -> if (n == at) check else one }) }

    fun removeMissing(at: Int) = change { it.copy(missing = it.missing.filterIndexed { n, _ -> n != at }, wrong = emptyMap()) }

    /** Marks an entry as wrong, or as right again. */
    fun turnWrong(entry: Entry) = edit("missing") {
        it.copy(wrongOnes = if (entry in it.wrongOnes) it.wrongOnes - entry else it.wrongOnes + entry)
    }

    fun setReason(text: String) = edit("reason") { it.copy(reason = text) }

    /** Records it; what is wrong is said at its field. */
    fun send() {
        val now = state.value
        if (now.busy) return
        val day = Dates.normal(now.day)
        val stated = now.missing.map { one -> day?.let { Dates.instant(it, one.time) }?.let { StatedCheck(one.direction, it) } }
        val wrong = buildMap {
            if (day == null) put("day", "app-bad-date")
            stated.forEachIndexed { at, one -> if (one == null) put("$at", "app-bad-time") }
        }
        change { it.copy(wrong = wrong, trouble = null) }
        if (day == null || wrong.isNotEmpty()) return
        change { it.copy(busy = true) }
        attempt(::tell) {
            here.book.ask { requestCorrection(now.posting, day, stated.filterNotNull(), now.wrongOnes.toList(), now.reason.trim(), null) }
            change { it.copy(busy = false, done = true) }
            scope.launch { here.courier.tryNow() }
        }
    }

    private fun loadChecks() {
        val (posting, day) = state.value.run { posting to (Dates.normal(day) ?: return) }
        // A day without a posting has no checks: there is nothing to say until it is sent.
        attempt({}) {
            val checks = here.book.ask { day(posting, day).checks }
            change { if (Dates.normal(it.day) == day) it.copy(checks = checks) else it }
        }
    }

    private fun edit(vararg fields: String, to: (CorrectionFormState) -> CorrectionFormState) =
        change { to(it).copy(wrong = it.wrong - fields.toSet(), trouble = null) }

    private fun tell(trouble: Trouble) = change {
        val field = when ((trouble as? Trouble.Invalid)?.problem) {
            "nothing_to_correct", "other_day" -> "missing"
            "reason_needed", "too_long" -> "reason"
            "no_posting" -> "day"
            else -> null
        }
        if (field != null) it.copy(busy = false, wrong = it.wrong + (field to trouble.key)) else it.copy(busy = false, trouble = trouble)
    }
}

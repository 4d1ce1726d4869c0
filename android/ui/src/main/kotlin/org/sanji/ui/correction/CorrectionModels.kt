package org.sanji.ui.correction

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import org.sanji.phone.CorrectionAsked
import org.sanji.phone.Trouble
import org.sanji.ui.Dates
import org.sanji.ui.Kept
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
            val today = here.today()
            change { it.copy(today = today, asked = read.sortedByDescending { one -> one.date }) }
        }
    }
}

/** Asks for a correction of a day. */
class CorrectionFormModel(here: Surroundings, scope: CoroutineScope, posting: String?, day: String) :
    StatedChecksModel(CorrectionFields(day, posting = posting), here, scope, KEPT_HERE) {
    init {
        prepare {
            val postings = here.book.ask { owner().postings }
            begin { it.copy(postings = postings) }
            loadChecks()
        }
    }

    /** Chooses the school, where there are several: each has its own checks. */
    fun setPosting(posting: String) {
        edit("posting", "day") { if (it.posting == posting) it else it.copy(posting = posting, checks = emptyList(), wrongOnes = emptySet()) }
        reload()
    }

    fun setDay(text: String) {
        edit("day") { it.copy(day = text, checks = emptyList(), wrongOnes = emptySet()) }
        reload()
    }

    fun setReason(text: String) = edit("reason") { it.copy(reason = text) }

    /** Takes or chooses a picture that bears it out. */
    fun addPicture() = picture("correction ${state.value.fields.day}", "evidence") { fields, bytes -> fields.copy(evidence = bytes) }

    fun removePicture() = edit("evidence") { it.copy(evidence = null) }

    /** Records it; what is wrong is said at its field. */
    fun send() {
        val now = state.value.fields
        val day = Dates.normal(now.day)
        val stated = stated(if (day == null) mapOf("day" to "app-bad-date") else emptyMap()) ?: return
        record { requestCorrection(now.posting, day.orEmpty(), stated, now.wrongOnes.toList(), now.reason.trim(), now.evidence) }
    }

    override fun onRecalled(fields: CorrectionFields) = reload()

    private fun reload() = scope.launch { loadChecks() }.let { }

    private suspend fun loadChecks() {
        val (day, posting) = state.value.fields.run { (Dates.normal(day) ?: return) to posting }
        try {
            val checks = here.book.ask { day(posting, day).checks }
            edit { if (Dates.normal(it.day) == day && it.posting == posting) it.copy(checks = checks) else it }
        } catch (_: Trouble) {
            // A day without a posting, or with several, has no checks: there is nothing to say until it is sent.
        }
    }

    override fun fieldOf(invalid: Trouble.Invalid): String? = when {
        invalid.field == "picture" -> "evidence"
        invalid.problem == "no_posting" -> "day"
        invalid.problem == "several_postings" -> "posting"
        else -> super.fieldOf(invalid)
    }

    private companion object {
        val KEPT_HERE = listOf<Kept<CorrectionFields>>(
            Kept("day", { it.day }) { fields, text -> fields.copy(day = text) },
            Kept("posting", { it.posting.orEmpty() }) { fields, text -> fields.copy(posting = text.ifEmpty { null }) },
        )
    }
}

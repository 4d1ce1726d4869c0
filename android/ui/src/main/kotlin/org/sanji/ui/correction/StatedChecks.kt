package org.sanji.ui.correction

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Check
import org.sanji.phone.Direction
import org.sanji.phone.Entry
import org.sanji.phone.Posting
import org.sanji.phone.StatedCheck
import org.sanji.phone.Trouble
import org.sanji.phone.Wording
import org.sanji.ui.Dates
import org.sanji.ui.Filled
import org.sanji.ui.FormModel
import org.sanji.ui.Kept
import org.sanji.ui.Screen
import org.sanji.ui.Surroundings
import org.sanji.ui.direction
import org.sanji.ui.lined
import org.sanji.ui.parts.CheckRow
import org.sanji.ui.parts.ChoiceRow
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TimeField
import org.sanji.ui.parts.asSentence
import org.sanji.ui.unlined
import org.sanji.ui.words

/** A check that should be there, as it is typed. */
data class TypedCheck(val direction: Direction, val time: String)

/** What is filled in of a correction. */
data class CorrectionFields(
    val day: String,
    /** Which school, where the person has several; absent: the only one. */
    val posting: String? = null,
    val postings: List<Posting> = emptyList(),
    /** The day's checks as they stand. */
    val checks: List<Check> = emptyList(),
    val missing: List<TypedCheck> = emptyList(),
    val wrongOnes: Set<Entry> = emptySet(),
    val reason: String = "",
    /** A picture that bears it out. */
    val evidence: ByteArray? = null,
)

private val KEPT = listOf<Kept<CorrectionFields>>(
    Kept("missing", { it.missing.map { one -> "${one.direction.name} ${one.time}" }.lined() }) { fields, text ->
        fields.copy(missing = text.unlined().mapNotNull { line -> direction(line.substringBefore(' '))?.let { TypedCheck(it, line.substringAfter(' ')) } })
    },
    Kept("wrong", { it.wrongOnes.map(Screen::entryText).lined() }) { fields, text -> fields.copy(wrongOnes = text.unlined().mapNotNull(Screen::entryOf).toSet()) },
    Kept("reason", { it.reason }) { fields, text -> fields.copy(reason = text) },
)

/** States which checks of a day are missing, and which are wrong. */
abstract class StatedChecksModel(first: CorrectionFields, here: Surroundings, scope: CoroutineScope, kept: List<Kept<CorrectionFields>> = emptyList()) :
    FormModel<CorrectionFields>(first, here, scope, setOf("reason"), kept + KEPT) {
    /** One more check that should be there: the one that would come next. */
    fun addMissing() = edit("missing") {
        val ins = it.checks.count { check -> check.direction == Direction.CHECK_IN } + it.missing.count { one -> one.direction == Direction.CHECK_IN }
        val outs = it.checks.size + it.missing.size - ins
        it.copy(missing = it.missing + TypedCheck(if (ins > outs) Direction.CHECK_OUT else Direction.CHECK_IN, ""))
    }

    /** Changes one of them, or takes it off. A line's trouble goes with it: the others move up. */
    fun setMissing(at: Int, to: TypedCheck?) {
        val lines = state.value.fields.missing.indices.map { "$it" }
        edit("missing", *(if (to == null) lines.toTypedArray() else arrayOf("$at"))) {
            it.copy(missing = it.missing.mapIndexedNotNull { n, one -> if (n == at) to else one })
        }
    }

    /** Marks a check as wrong, or as right again. */
    fun turnWrong(entry: Entry) = edit("missing") {
        it.copy(wrongOnes = if (entry in it.wrongOnes) it.wrongOnes - entry else it.wrongOnes + entry)
    }

    /** The checks that should be there; absent where something is wrong, which is said at its field. */
    protected fun stated(otherwise: Map<String, String> = emptyMap()): List<StatedCheck>? {
        val now = state.value.fields
        val day = Dates.normal(now.day)
        // On a day that is none the times are looked at all the same.
        val stated = now.missing.map { one -> Dates.instant(day ?: here.date, one.time)?.let { StatedCheck(one.direction, it) } }
        val wrong = otherwise + stated.withIndex().filter { it.value == null }.associate { "${it.index}" to "app-bad-time" }
        return if (sound(wrong)) stated.filterNotNull() else null
    }

    override fun fieldOf(invalid: Trouble.Invalid): String? = when (invalid.problem) {
        "nothing_to_correct", "other_day" -> "missing"
        "reason_needed", "too_long" -> "reason"
        else -> null
    }
}

/** What is missing, and what is wrong. */
@Composable
internal fun StatedChecks(model: StatedChecksModel, state: Filled<CorrectionFields>) {
    val fields = state.fields
    Section(words("correction-missing")) {
        fields.missing.forEachIndexed { at, check -> Missing(check, state.wrong["$at"], { model.setMissing(at, it) }) { model.setMissing(at, null) } }
        OtherButton(words("correction-add"), model::addMissing)
        state.wrong["missing"]?.let { Notice(words(it)) }
    }
    if (fields.checks.isEmpty()) return
    Section(words("correction-wrong")) {
        for (check in fields.checks) {
            CheckRow("${words.time(check.judgedSecs)} ${words.direction(check.direction)}", check.entry in fields.wrongOnes) { model.turnWrong(check.entry) }
        }
    }
}

@Composable
private fun Missing(check: TypedCheck, wrong: String?, set: (TypedCheck) -> Unit, remove: () -> Unit) = Column(Modifier.fillMaxWidth()) {
    for (direction in Direction.entries) {
        ChoiceRow(words.direction(direction).asSentence(), check.direction == direction) { set(check.copy(direction = direction)) }
    }
    TimeField(words("school-time"), check.time, { set(check.copy(time = it)) }, wrong?.let { words(it) })
    TextAction(words("app-remove"), remove)
}

internal fun Wording.direction(direction: Direction) = this(if (direction == Direction.CHECK_IN) "direction-in" else "direction-out")

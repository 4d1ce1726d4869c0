package org.sanji.ui.leave

import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Entry
import org.sanji.phone.LeaveRequest
import org.sanji.phone.Named
import org.sanji.phone.Posting
import org.sanji.phone.Trouble
import org.sanji.ui.Dates
import org.sanji.ui.Given
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings

/** What is filled in, and what is wrong with it. */
data class LeaveFormState(
    val change: Boolean,
    val postings: List<Posting> = emptyList(),
    val posting: String? = null,
    val kinds: List<Named>? = null,
    val kind: String? = null,
    val wholeDays: Boolean = true,
    val fromDay: String = "",
    val fromTime: String = "08:00",
    val toDay: String = "",
    val toTime: String = "18:00",
    val reason: String = "",
    val certificate: ByteArray? = null,
    val forbidden: Boolean = false,
    /** For each field the key of the text that says what is wrong. */
    val wrong: Map<String, String> = emptyMap(),
    /** What is wrong with none of the fields. */
    val trouble: Trouble? = null,
    val busy: Boolean = false,
    val done: Boolean = false,
)

/** Applies for leave, or changes one. */
class LeaveFormModel(here: Surroundings, scope: CoroutineScope, private val leave: Entry?) :
    ScreenModel<LeaveFormState>(LeaveFormState(leave != null), here, scope) {
    init {
        attempt(::tell) {
            val first = here.book.ask { nextWorkingDay() }
            change { it.copy(fromDay = first, toDay = first) }
            val postings = here.book.ask { owner().postings }
            change { it.copy(postings = postings, posting = postings.singleOrNull()?.posting) }
            if (leave != null) fill(leave, postings)
            loadKinds()
        }
    }

    private suspend fun fill(leave: Entry, postings: List<Posting>) {
        val (own, found) = here.book.ask {
            postings.firstNotNullOfOrNull { own -> leaves(own.posting).find { it.entry == leave }?.let { own to it } }
        } ?: return
        val (from, to) = found.pieces.run { minOf { it.fromSecs } to maxOf { it.toSecs } }
        val whole = Dates.time(from) == MIDNIGHT && Dates.time(to) == MIDNIGHT
        change {
            it.copy(
                posting = own.posting, kind = found.pieces.first().kind, wholeDays = whole, fromDay = Dates.day(from),
                toDay = Dates.day(if (whole) to - 1 else to),
                fromTime = if (whole) it.fromTime else Dates.time(from), toTime = if (whole) it.toTime else Dates.time(to),
            )
        }
    }

    private suspend fun loadKinds() {
        val school = state.value.run { postings.find { it.posting == posting } ?: postings.firstOrNull() }?.school ?: return
        val kinds = here.book.ask { leaveKinds(school) }
        change { it.copy(kinds = kinds) }
    }

    fun setPosting(posting: String) = edit("posting") { it.copy(posting = posting) }

    fun setKind(kind: String) = edit("kind") { it.copy(kind = kind) }

    fun setWholeDays(whole: Boolean) = edit("from_time", "to_time", "to") { it.copy(wholeDays = whole) }

    fun setFromDay(text: String) = edit("from", "to") { before ->
        // The last day comes along as long as it would lie before the first.
        val (from, to) = Dates.normal(text) to Dates.normal(before.toDay)
        before.copy(fromDay = text, toDay = if (from != null && to != null && to < from) from else before.toDay)
    }

    fun setFromTime(text: String) = edit("from_time", "to") { it.copy(fromTime = text) }

    fun setToDay(text: String) = edit("to") { it.copy(toDay = text) }

    fun setToTime(text: String) = edit("to_time", "to") { it.copy(toTime = text) }

    fun setReason(text: String) = edit("reason") { it.copy(reason = text) }

    /** Takes or chooses a picture of a certificate. */
    fun addPicture() {
        attempt(::tell) {
            when (val given = here.shell.picture("leave ${leave?.hash.orEmpty()}")) {
                is Given.Here -> edit("certificate") { it.copy(certificate = given.value, forbidden = false) }
                Given.Forbidden -> change { it.copy(forbidden = true) }
                Given.Not -> Unit
            }
        }
    }

    fun removePicture() = edit("certificate") { it.copy(certificate = null) }

    fun openSettings() = here.shell.openSettings()

    /** Records it; what is wrong is said at its field. */
    fun send() {
        val now = state.value
        if (now.busy) return
        val request = request(now) ?: return
        change { it.copy(busy = true, trouble = null) }
        attempt(::tell) {
            here.book.ask { if (leave == null) applyLeave(now.posting, request) else changeLeave(leave, request) }
            change { it.copy(busy = false, done = true) }
            here.courier.begin()
        }
    }

    private fun request(now: LeaveFormState): LeaveRequest? {
        val wrong = buildMap {
            if (now.kind == null) put("kind", "problem-leave_kind")
            if (Dates.normal(now.fromDay) == null) put("from", "app-bad-date")
            if (Dates.normal(now.toDay) == null) put("to", "app-bad-date")
            if (!now.wholeDays && Dates.clock(now.fromTime) == null) put("from_time", "app-bad-time")
            if (!now.wholeDays && Dates.clock(now.toTime) == null) put("to_time", "app-bad-time")
        }
        change { it.copy(wrong = wrong) }
        if (wrong.isNotEmpty()) return null
        val from = Dates.instant(now.fromDay, if (now.wholeDays) MIDNIGHT else now.fromTime) ?: return null
        val to = Dates.instant(now.toDay, if (now.wholeDays) "24:00" else now.toTime) ?: return null
        return LeaveRequest(now.kind.orEmpty(), from, to, now.reason.trim().ifEmpty { null }, now.certificate)
    }

    private fun edit(vararg fields: String, to: (LeaveFormState) -> LeaveFormState) =
        change { to(it).copy(wrong = it.wrong - fields.toSet(), trouble = null) }

    private fun tell(trouble: Trouble) = change {
        val named = (trouble as? Trouble.Invalid)?.field
        val field = (if (named == "picture") "certificate" else named)?.takeIf { field -> field in FIELDS }
        if (field != null) it.copy(busy = false, wrong = it.wrong + (field to trouble.key)) else it.copy(busy = false, trouble = trouble)
    }

    private companion object {
        const val MIDNIGHT = "00:00"
        val FIELDS = setOf("kind", "from", "to", "reason", "certificate", "posting")
    }
}

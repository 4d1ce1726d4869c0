package org.sanji.ui.leave

import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Entry
import org.sanji.phone.LeaveRequest
import org.sanji.phone.Named
import org.sanji.phone.Posting
import org.sanji.phone.Trouble
import org.sanji.ui.Dates
import org.sanji.ui.FormModel
import org.sanji.ui.Kept
import org.sanji.ui.Surroundings

/** What is filled in of a leave. */
data class LeaveFields(
    val changes: Boolean,
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
)

private val KEPT = listOf<Kept<LeaveFields>>(
    Kept("posting", { it.posting.orEmpty() }) { fields, text -> fields.copy(posting = text.ifEmpty { null }) },
    Kept("kind", { it.kind.orEmpty() }) { fields, text -> fields.copy(kind = text.ifEmpty { null }) },
    Kept("whole_days", { "${it.wholeDays}" }) { fields, text -> fields.copy(wholeDays = text == "true") },
    Kept("from", { it.fromDay }) { fields, text -> fields.copy(fromDay = text) },
    Kept("from_time", { it.fromTime }) { fields, text -> fields.copy(fromTime = text) },
    Kept("to", { it.toDay }) { fields, text -> fields.copy(toDay = text) },
    Kept("to_time", { it.toTime }) { fields, text -> fields.copy(toTime = text) },
    Kept("reason", { it.reason }) { fields, text -> fields.copy(reason = text) },
)

/** Applies for leave, or changes one. */
class LeaveFormModel(here: Surroundings, scope: CoroutineScope, private val leave: Entry?) :
    FormModel<LeaveFields>(LeaveFields(leave != null), here, scope, setOf("kind", "from", "to", "reason", "certificate", "posting"), KEPT) {
    init {
        prepare {
            val (first, postings) = here.book.ask { nextWorkingDay() to owner().postings }
            begin { it.copy(fromDay = first, toDay = first, postings = postings, posting = postings.singleOrNull()?.posting) }
            if (leave != null) fill(leave, postings)
            val school = state.value.fields.run { postings.find { it.posting == posting } ?: postings.firstOrNull() }?.school ?: return@prepare
            val kinds = here.book.ask { leaveKinds(school) }
            begin { it.copy(kinds = kinds) }
        }
    }

    private suspend fun fill(leave: Entry, postings: List<Posting>) {
        val (own, found) = here.book.ask {
            postings.firstNotNullOfOrNull { own -> leaves(own.posting).find { it.entry == leave }?.let { own to it } }
        } ?: return
        val (from, to) = found.pieces.run { minOf { it.fromSecs } to maxOf { it.toSecs } }
        val whole = Dates.time(from) == MIDNIGHT && Dates.time(to) == MIDNIGHT
        begin {
            it.copy(
                posting = own.posting, kind = found.pieces.first().kind, wholeDays = whole, fromDay = Dates.day(from),
                toDay = Dates.day(if (whole) to - 1 else to),
                fromTime = if (whole) it.fromTime else Dates.time(from), toTime = if (whole) it.toTime else Dates.time(to),
            )
        }
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
    fun addPicture() = picture("leave ${leave?.hash.orEmpty()}", "certificate") { fields, bytes -> fields.copy(certificate = bytes) }

    fun removePicture() = edit("certificate") { it.copy(certificate = null) }

    /** Records it; what is wrong is said at its field. */
    fun send() {
        val now = state.value.fields
        val request = request(now) ?: return
        record { if (leave == null) applyLeave(now.posting, request) else changeLeave(leave, request) }
    }

    private fun request(now: LeaveFields): LeaveRequest? {
        val wrong = buildMap {
            if (now.kind == null) put("kind", "problem-leave_kind")
            if (Dates.normal(now.fromDay) == null) put("from", "app-bad-date")
            if (Dates.normal(now.toDay) == null) put("to", "app-bad-date")
            if (!now.wholeDays && Dates.clock(now.fromTime) == null) put("from_time", "app-bad-time")
            if (!now.wholeDays && Dates.clock(now.toTime) == null) put("to_time", "app-bad-time")
        }
        if (!sound(wrong)) return null
        val from = Dates.instant(now.fromDay, if (now.wholeDays) MIDNIGHT else now.fromTime) ?: return null
        val to = Dates.instant(now.toDay, if (now.wholeDays) "24:00" else now.toTime) ?: return null
        return LeaveRequest(now.kind.orEmpty(), from, to, now.reason.trim().ifEmpty { null }, now.certificate)
    }

    override fun fieldOf(invalid: Trouble.Invalid): String? = if (invalid.field == "picture") "certificate" else super.fieldOf(invalid)

    private companion object {
        const val MIDNIGHT = "00:00"
    }
}

package org.sanji.app

import org.sanji.phone.Calls
import org.sanji.phone.Entry
import org.sanji.phone.Language
import org.sanji.phone.Tone

/** What somebody should hear of who isn't looking at the app. */
sealed interface News {
    /** Records wait for long, or are many: what there is to say. */
    data class Waiting(val said: String) : News

    /** Records aren't taken until somebody acts: what there is to say, and to do. */
    data class Stopped(val said: String) : News

    /** Something that was asked for was decided. */
    data class Decided(val asked: Asked, val approved: Boolean) : News

    /** A record was looked at and isn't counted. */
    data object Flagged : News

    /** What was asked for; its [code] stands in the keys of texts. */
    enum class Asked(val code: String) { LEAVE("leave"), CORRECTION("correction") }
}

/** How what concerns the owner stands, so that two moments can be compared: what they asked for, and what isn't counted. */
class Affairs private constructor(private val decisions: Map<Any, Pair<News.Asked, String>>, private val flagged: Set<Entry>) {
    /** Whether something waits for its answer. */
    val waiting: Boolean get() = decisions.values.any { (_, decision) -> decision == PENDING }

    /** What was decided since then, in the order in which it stands here, and whether more isn't counted. */
    fun since(before: Affairs): List<News> {
        val decided = decisions.mapNotNull { (which, stands) ->
            val (asked, decision) = stands
            val waited = before.decisions[which]?.second == PENDING
            if (waited && decision != PENDING) News.Decided(asked, decision == APPROVED) else null
        }
        return if ((flagged - before.flagged).isEmpty()) decided else decided + News.Flagged
    }

    companion object {
        private const val PENDING = "pending"
        private const val APPROVED = "approved"

        /** The affairs of a phone's owner, at all of their postings. A kiosk has none. */
        fun of(phone: Calls): Affairs {
            val all = LinkedHashMap<Any, Pair<News.Asked, String>>()
            for (posting in phone.owner().postings.map { it.posting }) {
                for (leave in phone.leaves(posting)) for (piece in leave.pieces) {
                    all[listOf(leave.entry, piece.fromSecs, piece.toSecs)] = News.Asked.LEAVE to piece.decision
                }
                for (correction in phone.corrections(posting)) {
                    all[correction.entry] = News.Asked.CORRECTION to correction.decision
                }
            }
            return Affairs(all, phone.flagged().map { it.entry }.toSet())
        }
    }
}

/** What there is to hear of records that wait; absent as long as nobody needs to care. */
fun Calls.newsOfSending(language: Language): News? {
    val sending = sendingSaid(language)
    val said = listOfNotNull(sending.text, sending.detail).joinToString("\n")
    return when (sending.tone) {
        Tone.CALM -> null
        Tone.NOTICE -> News.Waiting(said)
        Tone.STOPPED -> News.Stopped(said)
    }
}

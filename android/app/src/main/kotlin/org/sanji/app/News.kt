package org.sanji.app

import org.sanji.phone.Calls
import org.sanji.phone.Language
import org.sanji.phone.SendingSaid
import org.sanji.phone.Tone

/** What somebody should hear of who isn't looking at the app. */
sealed interface News {
    /** Records wait for long, or are many: what there is to say. */
    data class Waiting(val said: String) : News

    /** Records aren't taken until somebody acts: what there is to say, and to do. */
    data class Stopped(val said: String) : News

    /** Something that was asked for was decided. */
    data class Decided(val asked: Asked, val approved: Boolean) : News

    /** What was asked for; its [code] stands in the keys of texts. */
    enum class Asked(val code: String) { LEAVE("leave"), CORRECTION("correction") }
}

/** How what a person asked for stands, so that two moments can be compared. */
class Asks private constructor(private val decisions: Map<Any, Pair<News.Asked, String>>) {
    /** Whether something waits for its answer. */
    val waiting: Boolean get() = decisions.values.any { (_, decision) -> decision == PENDING }

    /** What was pending before and is decided now, in the order in which it stands here. */
    fun since(before: Asks): List<News.Decided> = decisions.mapNotNull { (which, stands) ->
        val (asked, decision) = stands
        val waited = before.decisions[which]?.second == PENDING
        if (waited && decision != PENDING) News.Decided(asked, decision == APPROVED) else null
    }

    companion object {
        private const val PENDING = "pending"
        private const val APPROVED = "approved"

        /** How everything stands that the owner asked for, at all of their postings. */
        fun of(phone: Calls): Asks {
            val all = LinkedHashMap<Any, Pair<News.Asked, String>>()
            for (posting in phone.owner().postings.map { it.posting }) {
                for (leave in phone.leaves(posting)) for (piece in leave.pieces) {
                    all[listOf(leave.entry, piece.fromSecs, piece.toSecs)] = News.Asked.LEAVE to piece.decision
                }
                for (correction in phone.corrections(posting)) {
                    all[correction.entry] = News.Asked.CORRECTION to correction.decision
                }
            }
            return Asks(all)
        }
    }
}

/** What there is to hear of records that wait; absent as long as nobody needs to care. */
fun newsOf(sending: SendingSaid): News? {
    val said = listOfNotNull(sending.text, sending.detail).joinToString("\n")
    return when (sending.tone) {
        Tone.CALM -> null
        Tone.NOTICE -> News.Waiting(said)
        Tone.STOPPED -> News.Stopped(said)
    }
}

/** The same, asked of a phone. */
fun Calls.newsOfSending(language: Language): News? = newsOf(sendingSaid(language))

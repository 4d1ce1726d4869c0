package org.sanji.ui.sending

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import org.sanji.phone.EntrySaid
import org.sanji.phone.SendingSaid
import org.sanji.phone.Standing
import org.sanji.phone.Trouble
import org.sanji.phone.all
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings

/** An own record that doesn't count, and why. */
data class NotAccepted(val said: EntrySaid, val reason: String?)

/** How many records and pictures a file holds, and whether these are all that wait. */
data class Filed(val entries: ULong, val pictures: ULong, val whole: Boolean)

/** What the page about sending shows. */
data class SendingState(
    val sending: SendingSaid? = null,
    /** Records and pictures that wait. */
    val waiting: ULong = 0uL,
    val standing: Standing? = null,
    /** Six digits, as long as this phone waits to be let in again. */
    val digits: String? = null,
    val locked: UInt = 0u,
    val notAccepted: List<NotAccepted> = emptyList(),
    val trying: Boolean = false,
    /** What the last try came to, in words' key and count. */
    val tried: Pair<String, ULong>? = null,
    /** What the last file holds. */
    val file: Filed? = null,
    val trouble: Trouble? = null,
)

/** What waits, why, and what to do. */
class SendingModel(here: Surroundings, scope: CoroutineScope) : ScreenModel<SendingState>(SendingState(), here, scope) {
    init {
        follow({ trouble -> change { it.copy(trouble = trouble) } }) { language ->
            val read = here.book.ask {
                // How it stands first: a sync may end meanwhile, and what is said of it must not be older.
                val standing = standing()
                val (owner, unsent) = owner() to unsent()
                val mine = owner.postings.map { it.posting }
                val flagged = flagged().filter { it.posting in mine }
                SendingState(
                    sendingSaid(language), unsent.all, standing, approvalDigits(), lockedRecords(),
                    flagged.map { NotAccepted(sayEntry(it.entry, null, language), it.reason) },
                )
            }
            change { read.copy(trying = it.trying, tried = it.tried, file = it.file, trouble = it.trouble) }
        }
    }

    /** Tries now and says what came of it. */
    fun send() {
        if (state.value.trying) return
        change { it.copy(trying = true, tried = null, trouble = null) }
        scope.launch {
            try {
                val outcome = here.courier.send()
                val waits = here.courier.waits()
                val tried = when {
                    outcome == null || outcome.offline != null -> "sendpage-no-network" to 0uL
                    outcome.delivered > 0uL -> "sendpage-delivered" to outcome.delivered
                    !waits -> "wait-nothing" to 0uL
                    else -> "sendpage-stopped" to 0uL
                }
                change { it.copy(tried = tried) }
                if (waits) here.shell.sendLater()
            } catch (trouble: Trouble) {
                change { it.copy(trouble = trouble) }
            } finally {
                change { it.copy(trying = false) }
            }
        }
    }

    /** Hands what waits over as a file. */
    fun file() {
        attempt({ trouble -> change { it.copy(trouble = trouble) } }) {
            val made = here.book.ask { bundle() }
            here.shell.share("sanji-${here.date}.sanji", "application/octet-stream", made.bytes)
            change { it.copy(file = Filed(made.entries, made.blobs, made.complete), trouble = null) }
        }
    }
}

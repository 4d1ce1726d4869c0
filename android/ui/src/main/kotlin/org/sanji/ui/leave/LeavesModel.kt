package org.sanji.ui.leave

import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Leave
import org.sanji.phone.Named
import org.sanji.phone.Trouble
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings

/** A leave as the list shows it. */
data class OwnLeave(val leave: Leave, val kinds: List<Named>, val nowSecs: Long) {
    /** `withdrawn`, or how its parts stand: what still waits comes first. */
    val standing: String
        get() {
            val decisions = leave.pieces.map { it.decision }
            return when {
                leave.withdrawn -> "withdrawn"
                "pending" in decisions -> "pending"
                "approved" in decisions -> "approved"
                else -> "refused"
            }
        }

    /** Its end has not come. */
    private val lasts: Boolean get() = leave.pieces.any { it.toSecs > nowSecs }
    private val returned: Boolean get() = leave.pieces.any { it.returnedSecs != null }

    /** It can still be changed or withdrawn. */
    val mayChange: Boolean get() = !leave.withdrawn && !returned && lasts

    /** It has begun and was approved: its end is the return. */
    val mayReturn: Boolean
        get() = !leave.withdrawn && !returned && leave.pieces.any { it.decision == "approved" && it.fromSecs <= nowSecs }
}

/** What the list of leave shows. */
data class LeavesState(val leaves: List<OwnLeave>? = null, val trouble: Trouble? = null)

/** The leave of this term. */
class LeavesModel(here: Surroundings, scope: CoroutineScope) : ScreenModel<LeavesState>(LeavesState(), here, scope) {
    init {
        follow(::tell) {
            val read = here.book.ask {
                val now = now().secs
                owner().postings.flatMap { own ->
                    val kinds = leaveKinds(own.school)
                    leaves(own.posting).map { OwnLeave(it, kinds, now) }
                }
            }
            change { it.copy(leaves = read) }
        }
    }

    /** Withdraws a leave. */
    fun withdraw(leave: OwnLeave) = record { here.book.ask { withdrawLeave(leave.leave.entry) } }

    /** Closes a leave: back at school now. */
    fun returned(leave: OwnLeave) = record { here.book.ask { returnFromLeave(leave.leave.entry, now().secs) } }

    private fun record(act: suspend () -> Unit) {
        change { it.copy(trouble = null) }
        attempt(::tell) {
            act()
            here.courier.begin()
        }
    }

    private fun tell(trouble: Trouble) = change { it.copy(trouble = trouble) }
}

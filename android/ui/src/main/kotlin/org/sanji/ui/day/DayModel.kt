package org.sanji.ui.day

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import org.sanji.phone.Check
import org.sanji.phone.DaySaid
import org.sanji.phone.PostingDay
import org.sanji.phone.Trouble
import org.sanji.ui.Dates
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings

/** Why a day is judged as it is. */
data class DayState(
    val date: String,
    val today: String,
    val posting: String,
    val day: PostingDay? = null,
    val said: DaySaid? = null,
    val note: String = "",
    val noted: Boolean = false,
    val trouble: Trouble? = null,
)

/** One of the person's days: its entries, clock, windows and clauses. */
class DayModel(here: Surroundings, scope: CoroutineScope, posting: String, date: String) :
    ScreenModel<DayState>(DayState(date, here.date, posting), here, scope) {
    init {
        follow({ trouble -> change { it.copy(trouble = trouble) } }) { load() }
    }

    /** Shows the day so many days later; none after today. */
    fun turn(days: Int) {
        val to = Dates.plus(state.value.date, days)
        if (to > state.value.today) return
        change { it.copy(date = to, day = null, said = null, noted = false, trouble = null) }
        attempt({ trouble -> change { it.copy(trouble = trouble) } }) { load() }
    }

    /** Takes an entry of the last five minutes back. */
    fun undo(check: Check) = record { here.book.ask { voidEntry(check.entry) } }

    fun setNote(text: String) = change { it.copy(note = text, noted = false, trouble = null) }

    /** Writes a remark on the day. */
    fun sendNote() = record {
        val now = state.value
        here.book.ask { note(now.posting, now.date, now.note) }
        change { it.copy(note = "", noted = true) }
    }

    private fun record(act: suspend () -> Unit) {
        attempt({ trouble -> change { it.copy(trouble = trouble) } }) {
            act()
            scope.launch { here.courier.tryNow() }
        }
    }

    private suspend fun load() {
        val (posting, date) = state.value.run { posting to date }
        val (day, said) = here.book.ask { day(posting, date) to daySaid(posting, date, here.language) }
        // Somebody may have turned on meanwhile.
        change { if (it.date == date) it.copy(day = day, said = said) else it }
    }
}

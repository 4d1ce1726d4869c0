package org.sanji.ui.settings

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import org.sanji.phone.Posting
import org.sanji.phone.Trouble
import org.sanji.phone.all
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings

/** Somebody else whose records are on this phone, or a kiosk; what can't be known now is absent. */
data class OtherOwner(val number: Int, val name: String?, val unsent: ULong?, val kiosk: Boolean = false)

/** What is asked before it is done. */
enum class Asking { LOG_OUT, RESET }

/** What the settings show. */
data class SettingsState(
    val loaded: Boolean = false,
    val storageBytes: ULong = 0uL,
    val relays: List<String> = emptyList(),
    val version: String,
    /** Records and pictures that wait. */
    val unsent: ULong = 0uL,
    /** Files of earlier records that can't be opened until this phone is let in again. */
    val locked: UInt = 0u,
    /** Files of earlier records that can't be read: what of them had not been sent is here only. */
    val damaged: UInt = 0u,
    /** Records that no relay takes any more: they are here only. */
    val retired: ULong = 0uL,
    /** The own schools have a kiosk. */
    val hasKiosk: Boolean = false,
    /** The own postings; where there are several, a PIN is set for the chosen one. */
    val postings: List<Posting> = emptyList(),
    val pinFor: String? = null,
    val pin: String = "",
    val again: String = "",
    /** The key of the text that says what is wrong with the PIN. */
    val pinWrong: String? = null,
    val pinSaved: Boolean = false,
    val asking: Asking? = null,
    val others: List<OtherOwner> = emptyList(),
    val trouble: Trouble? = null,
)

/** Other folders of this phone, and turning to them. The app's state gives it. */
interface Owners {
    /** Whose other records are on this phone. */
    suspend fun others(): List<OtherOwner>

    /** Leaves the current records where they are and begins new ones. */
    fun leave()

    /** Erases the current records, all of which were delivered. */
    fun erase()

    /** Goes back to somebody's records. */
    fun goBackTo(number: Int)
}

/** Settings of this phone, and leaving it. */
class SettingsModel(here: Surroundings, scope: CoroutineScope, private val owners: Owners) :
    ScreenModel<SettingsState>(SettingsState(version = here.shell.version), here, scope) {
    init {
        follow(::tell) {
            val (owner, unsent, locked) = here.book.ask { Triple(owner(), unsent(), lockedRecords()) }
            val (bytes, damaged) = here.book.ask { storageBytes() to damagedRecords() }
            val hasKiosk = here.book.ask { owner.postings.any { kiosks(it.school).isNotEmpty() } }
            change {
                it.copy(
                    loaded = true, storageBytes = bytes, relays = owner.relays, unsent = unsent.all, locked = locked,
                    damaged = damaged, retired = unsent.retired, hasKiosk = hasKiosk, postings = owner.postings,
                )
            }
        }
        scope.launch {
            val others = owners.others()
            change { it.copy(others = others) }
        }
    }

    /** Hands over what helps to find a fault; no personal data. */
    fun shareDiagnostics(): Job = attempt(::tell) {
        val text = here.book.ask { diagnostics() }
        here.shell.share("sanji-diagnostics.txt", "text/plain", text.encodeToByteArray())
    }

    fun setPin(text: String) = change { it.copy(pin = text, pinWrong = null, pinSaved = false) }

    fun setAgain(text: String) = change { it.copy(again = text, pinWrong = null, pinSaved = false) }

    /** Says at which school the PIN is to work. */
    fun setPinFor(posting: String) = change { it.copy(pinFor = posting, pinWrong = null, pinSaved = false) }

    /** Sets the PIN for the school's kiosks. */
    fun savePin() {
        val now = state.value
        val posting = now.postings.singleOrNull()?.posting ?: now.pinFor
        if (posting == null) return change { it.copy(pinWrong = "problem-several_postings") }
        if (now.pin != now.again) return change { it.copy(pinWrong = "setpage-pin-differ") }
        attempt({ trouble -> if (trouble is Trouble.Invalid) change { it.copy(pinWrong = trouble.key) } else tell(trouble) }) {
            here.book.ask { setPin(posting, now.pin) }
            change { it.copy(pin = "", again = "", pinSaved = true) }
            here.courier.begin()
        }
    }

    /** Asks before it is done; asked again, it is not. */
    fun ask(what: Asking) = change { it.copy(asking = what.takeIf { _ -> it.asking != what }) }

    /** Logs out: the records stay where they are. */
    fun logOut() = owners.leave()

    /** Erases the records; only if the library says that nothing of them waits, and none wait to be opened again. */
    fun reset(): Job = attempt(::tell) {
        val (waits, locked) = here.book.ask { unsent().all to lockedRecords() }
        if (waits == 0uL && locked == 0u) owners.erase() else change { it.copy(unsent = waits, locked = locked) }
    }

    fun goBackTo(number: Int) = owners.goBackTo(number)

    private fun tell(trouble: Trouble) = change { it.copy(trouble = trouble) }
}

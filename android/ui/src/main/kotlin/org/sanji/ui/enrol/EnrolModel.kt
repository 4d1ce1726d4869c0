package org.sanji.ui.enrol

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import org.sanji.phone.Calls
import org.sanji.phone.Owner
import org.sanji.phone.Trouble
import org.sanji.ui.Given
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.settings.OtherOwner
import org.sanji.ui.settings.Owners

/** How somebody enrols. */
enum class Way { START, TYPED, BESIDE, DONE }

/** What enrolment shows. */
data class EnrolState(
    val way: Way = Way.START,
    val address: String = "",
    val code: String = "",
    val busy: Boolean = false,
    /** This phone's key, to be shown to a principal's phone. */
    val key: String? = null,
    /** The key of the text that says what went wrong. */
    val wrong: String? = null,
    /** The field at which it is said; absent: for all of it. */
    val field: String? = null,
    /** The system doesn't allow the camera. */
    val forbidden: Boolean = false,
    val owner: Owner? = null,
    /** Whose other records are on this phone: who left it comes back from here. */
    val others: List<OtherOwner> = emptyList(),
)

/** Makes this somebody's phone: scanned, typed, or beside a principal's phone. */
class EnrolModel(here: Surroundings, scope: CoroutineScope, private val owners: Owners) : ScreenModel<EnrolState>(EnrolState(), here, scope) {
    init {
        scope.launch {
            val others = owners.others()
            change { it.copy(others = others) }
        }
    }

    /** Goes back to somebody's records. */
    fun goBackTo(number: Int) = owners.goBackTo(number)

    /** Scans an invitation. */
    fun scan() = scanned { enrol(it) }

    /** Shows the fields for address and code. */
    fun type() = change { it.copy(way = Way.TYPED, wrong = null, field = null) }

    /** Shows this phone's key. */
    fun beside() {
        change { it.copy(way = Way.BESIDE, wrong = null, field = null) }
        attempt(::tell) {
            val key = here.book.ask { deviceKey() }
            change { it.copy(key = key) }
        }
    }

    /** Scans the pass that the principal's phone shows. */
    fun scanPass() = scanned { enrolWithPass(it) }

    fun setAddress(text: String) = change { it.copy(address = text, wrong = null, field = null) }

    fun setCode(text: String) = change { it.copy(code = text, wrong = null, field = null) }

    /** Enrols by what was typed. */
    fun sendTyped() {
        val (address, code) = state.value.run { address.trim() to code.trim() }
        when {
            address.isEmpty() -> change { it.copy(wrong = "app-needed", field = "address") }
            code.isEmpty() -> change { it.copy(wrong = "app-needed", field = "code") }
            else -> enrol { enrolTyped(address, code) }
        }
    }

    /** Back to the choice of ways; false if that is what is shown. */
    fun back(): Boolean {
        if (state.value.way in setOf(Way.START, Way.DONE)) return false
        change { it.copy(way = Way.START, wrong = null, field = null, forbidden = false) }
        return true
    }

    private fun scanned(by: suspend Calls.(String) -> Unit) {
        change { it.copy(wrong = null, field = null, forbidden = false) }
        attempt(::tell) {
            when (val given = here.shell.scan()) {
                is Given.Here -> enrol { by(given.value) }
                Given.Forbidden -> change { it.copy(forbidden = true) }
                Given.Not -> Unit
            }
        }
    }

    private fun enrol(call: suspend Calls.() -> Unit) {
        if (state.value.busy) return
        change { it.copy(busy = true, wrong = null, field = null) }
        attempt(::tell) {
            here.book.ask(call)
            // The first look at what there is; without a network it comes later.
            here.courier.tryNow()
            val owner = here.book.ask { owner() }
            change { it.copy(way = Way.DONE, busy = false, owner = owner) }
        }
    }

    private fun tell(trouble: Trouble) = change {
        val key = when (trouble) {
            is Trouble.Offline -> "enrol-needs-network"
            is Trouble.Refused -> when (trouble.key) {
                "standing-certificate" -> "enrol-expired"
                "standing-outdated" -> trouble.key
                else -> "enrol-not-accepted"
            }
            else -> trouble.key
        }
        val field = (trouble as? Trouble.Invalid)?.let { wrong -> if (wrong.field == "address") "address" else "code" }
        it.copy(busy = false, wrong = key, field = field.takeIf { _ -> it.way == Way.TYPED })
    }
}

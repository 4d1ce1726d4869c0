package org.sanji.ui.kiosk

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import org.sanji.phone.Check
import org.sanji.phone.Direction
import org.sanji.phone.KioskPerson
import org.sanji.phone.SendingSaid
import org.sanji.phone.Standing
import org.sanji.phone.Trouble
import org.sanji.ui.BackStack
import org.sanji.ui.Dates
import org.sanji.ui.Screen
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.byName

/** What the kiosk shows. Everything of a person goes when they do. */
data class KioskState(
    val date: String,
    val people: List<KioskPerson>? = null,
    val search: String = "",
    val sending: SendingSaid? = null,
    /** Whether the relay takes its records. */
    val standing: Standing? = null,
    /** Six digits, as long as this kiosk waits to be let in again. */
    val digits: String? = null,
    /** Who stands here. */
    val person: KioskPerson? = null,
    val pin: String = "",
    /** That person's last checks, newest first, once the PIN was right. */
    val taps: List<Check>? = null,
    /** The key of the text that says what is wrong with the PIN. */
    val wrong: String? = null,
    val trouble: Trouble? = null,
    val busy: Boolean = false,
) {
    /** Who is found. */
    val found: List<KioskPerson> get() = people.orEmpty().filter { search.isBlank() || search.trim() in it.name }

    /** Today's last check: who forgot to check out yesterday begins anew. */
    val last: Check? get() = taps?.firstOrNull()?.takeIf { it.mayVoid || Dates.day(it.judgedSecs) == date }

    /** Whoever stands here has a PIN, as far as the kiosk has heard. */
    val mayType: Boolean get() = people.orEmpty().any { it.posting == person?.posting && it.hasPin }

    /** Nobody's things. */
    fun alone() = copy(search = "", person = null, pin = "", taps = null, wrong = null, trouble = null, busy = false)
}

/** A school's kiosk: who, PIN, one tap, and back to the list; and its other pages, from which the list comes back too. */
class KioskModel(here: Surroundings, scope: CoroutineScope, private val way: BackStack, private val patienceMs: Long = PATIENCE_MS) :
    ScreenModel<KioskState>(KioskState(here.date), here, scope) {
    private var leaving: Job? = null

    init {
        follow(::tell) { language ->
            val read = here.book.ask {
                // How it stands first: a sync may end meanwhile, and what is said of it must not be older.
                val standing = standing()
                KioskState(now().date, kioskPeople().byName { it.name }, sending = sendingSaid(language), standing = standing, digits = approvalDigits())
            }
            // Who stands here has taps that were read with their day: what was read before them doesn't change it.
            change { it.copy(date = if (it.person == null) read.date else it.date, people = read.people, sending = read.sending, standing = read.standing, digits = read.digits) }
        }
        here.courier.begin()
    }

    /** Somebody is there: the list comes back after a while without touch. */
    fun touched() {
        leaving?.cancel()
        if (way.screens.value.size == 1 && state.value.run { person == null && search.isEmpty() }) return
        leaving = scope.launch {
            delay(patienceMs)
            done()
        }
    }

    /** Shows another page than the list. */
    fun go(screen: Screen) {
        way.go(screen)
        touched()
    }

    /** Shows the page before. */
    fun back() {
        way.back()
        touched()
    }

    fun setSearch(text: String) {
        change { it.copy(search = text) }
        touched()
    }

    /** Says who stands here. */
    fun choose(person: KioskPerson) {
        change { it.alone().copy(person = person) }
        touched()
    }

    /** A digit of the PIN. */
    fun digit(digit: Char) {
        change { if (it.pin.length < LONGEST) it.copy(pin = it.pin + digit, wrong = null) else it }
        touched()
    }

    /** Takes the last digit back. */
    fun rub() {
        change { it.copy(pin = it.pin.dropLast(1), wrong = null) }
        touched()
    }

    /** Shows what the person may see, if the PIN is right. */
    fun enter() = act { person, pin -> load(person, pin) }

    /** Checks in or out. */
    fun tap(direction: Direction) = act { person, pin ->
        here.book.ask { kioskCheck(person.posting, pin, direction) }
        here.shell.vibrate()
        here.courier.begin()
        load(person, pin)
    }

    /** Takes the last check back. */
    fun undo() = act { person, pin ->
        val last = state.value.last ?: return@act
        here.book.ask { kioskVoid(last.entry, pin) }
        here.courier.begin()
        load(person, pin)
    }

    /** Back to the list; nothing of the person is left. */
    fun done() {
        leaving?.cancel()
        change(KioskState::alone)
        way.begin()
    }

    private fun act(what: suspend (KioskPerson, String) -> Unit) {
        val (person, pin) = state.value.run { (person ?: return) to pin }
        if (state.value.busy) return
        touched()
        change { it.copy(busy = true, wrong = null, trouble = null) }
        attempt({ trouble ->
            if (trouble is Trouble.Invalid && trouble.field == "pin") {
                change { if (it.person == person) it.copy(busy = false, pin = "", taps = null, wrong = trouble.key) else it }
            } else {
                tell(trouble)
            }
        }) {
            what(person, pin)
            change { if (it.person == person) it.copy(busy = false) else it }
        }
    }

    private suspend fun load(person: KioskPerson, pin: String) {
        val (date, taps) = here.book.ask { now().date to kioskTaps(person.posting, pin, TAPS) }
        // The person may have gone meanwhile.
        change { if (it.person == person) it.copy(date = date, taps = taps) else it }
    }

    private fun tell(trouble: Trouble) = change { it.copy(busy = false, trouble = trouble) }

    private companion object {
        const val PATIENCE_MS = 30_000L
        const val LONGEST = 8
        const val TAPS = 6u
    }
}

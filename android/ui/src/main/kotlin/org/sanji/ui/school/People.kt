package org.sanji.ui.school

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.RosterRow
import org.sanji.phone.Trouble
import org.sanji.ui.Given
import org.sanji.ui.Screen
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.WorkScreen
import org.sanji.ui.byName
import org.sanji.ui.parts.EmptyState
import org.sanji.ui.parts.Fact
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.QrPicture
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** The roster. */
data class PeopleState(
    val today: String,
    val people: List<RosterRow>? = null,
    /** This person: nobody decides on themselves. */
    val own: String? = null,
    val trouble: Trouble? = null,
)

/** The people of a school. */
class PeopleModel(here: Surroundings, scope: CoroutineScope, school: String) : ScreenModel<PeopleState>(PeopleState(here.date), here, scope) {
    init {
        follow({ trouble -> change { it.copy(trouble = trouble) } }) {
            val (people, own) = here.book.ask { roster(school, now().date) to owner().person }
            change { it.copy(people = people.byName { row -> row.name }, own = own) }
        }
    }
}

/** Everyone at the school; new ones are added, and phones set up. */
@Composable
fun PeopleScreen(model: PeopleModel, school: String, back: () -> Unit, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    Page(
        words("people-title"), back,
        bottom = {
            OtherButton(words("people-kiosk"), { go(WorkScreen.Pass(school, null)) })
            MainButton(words("people-add"), { go(WorkScreen.RosterRow(school, null)) })
        },
    ) {
        TroubleNotice(state.trouble)
        val people = state.people ?: return@Page
        if (people.isEmpty()) EmptyState(words("school-none"))
        for (row in people) LineRow(row.name, words("role-${row.role}")) { go(WorkScreen.Colleague(school, row.posting)) }
    }
}

/** A colleague: their day, a phone, a PIN, flexible hours, their row. */
@Composable
fun ColleagueScreen(model: PeopleModel, school: String, posting: String, back: () -> Unit, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    val row = state.people?.find { it.posting == posting }
    Page(row?.name ?: words("people-title"), back) {
        TroubleNotice(state.trouble)
        if (row == null) return@Page
        Fact(words("people-role"), words("role-${row.role}"))
        Fact(words("people-from"), words.day(row.from))
        row.to?.let { Fact(words("flexible-to"), words.day(it)) }
        LineRow(words("school-person")) { go(WorkScreen.ColleagueDay(school, posting, state.today)) }
        LineRow(words("people-enable")) { go(WorkScreen.Pass(school, posting)) }
        LineRow(words("people-pin")) { go(WorkScreen.Pin(school, posting)) }
        val own = row.person == state.own
        if (!own) LineRow(words("flexible-grant")) { go(WorkScreen.Flexible(school, posting)) }
        if (!own && row.role in ROLES) {
            LineRow(words("app-change")) { go(WorkScreen.RosterRow(school, posting)) }
        } else {
            Para(words("roster-not-yours"), quiet = true)
        }
    }
}

/** A pass that another phone scans. */
data class PassState(
    val name: String? = null,
    val pass: String? = null,
    /** What was scanned is not a new phone's key. */
    val notAKey: Boolean = false,
    val forbidden: Boolean = false,
    val trouble: Trouble? = null,
)

/** Sets up a phone beside this one: scans its key, shows the pass. */
class PassModel(here: Surroundings, scope: CoroutineScope, private val school: String, private val posting: String?) :
    ScreenModel<PassState>(PassState(), here, scope) {
    private var row: RosterRow? = null

    init {
        if (posting != null) attempt(::tell) {
            row = here.book.ask { roster(school, now().date) }.find { it.posting == posting }
            change { it.copy(name = row?.name) }
        }
    }

    /** Scans the new phone's key. */
    fun scan() {
        change { it.copy(notAKey = false, forbidden = false, trouble = null) }
        attempt(::tell) {
            when (val given = here.shell.scan()) {
                is Given.Here -> {
                    val pass = here.book.ask { makePass(given.value.trim(), school, row?.person, posting) }
                    change { it.copy(pass = pass) }
                }
                Given.Forbidden -> change { it.copy(forbidden = true) }
                Given.Not -> Unit
            }
        }
    }

    fun openSettings() = here.shell.openSettings()

    private fun tell(trouble: Trouble) = change {
        if (trouble is Trouble.Invalid && trouble.field == "device_key") it.copy(notAKey = true) else it.copy(trouble = trouble)
    }
}

/** The other phone shows its code, this one scans it and shows the pass. */
@Composable
fun PassScreen(model: PassModel, kiosk: Boolean, back: () -> Unit) {
    val state by model.state.collectAsState()
    Page(
        words(if (kiosk) "people-kiosk" else "people-enable"), back,
        bottom = {
            TroubleNotice(state.trouble)
            if (state.pass == null) MainButton(words("people-scan-key"), model::scan, kiosk || state.name != null) else MainButton(words("app-ok"), back)
        },
    ) {
        Para(if (kiosk) words("people-for-kiosk") else state.name.orEmpty())
        val pass = state.pass
        if (pass == null) Para(words("people-enable-lead"), quiet = true)
        if (state.notAKey) Notice(words("people-not-a-key"))
        if (state.forbidden) Notice(words("app-no-permission"), act = words("app-open-settings"), onAct = model::openSettings)
        if (pass != null) {
            Para(words("people-pass"))
            Box(Modifier.fillMaxWidth(), Alignment.Center) { QrPicture(pass, words("people-pass")) }
        }
    }
}

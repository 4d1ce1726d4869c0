package org.sanji.ui.school

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.RosterRow
import org.sanji.phone.Trouble
import org.sanji.ui.Dates
import org.sanji.ui.FormModel
import org.sanji.ui.Given
import org.sanji.ui.Screen
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.WorkScreen
import org.sanji.ui.parts.ChooseOne
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.EmptyState
import org.sanji.ui.parts.Fact
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.Option
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.QrPicture
import org.sanji.ui.parts.SwitchRow
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** The roster. */
data class PeopleState(val today: String, val people: List<RosterRow>? = null, val trouble: Trouble? = null)

/** The people of a school. */
class PeopleModel(here: Surroundings, scope: CoroutineScope, school: String) : ScreenModel<PeopleState>(PeopleState(here.date), here, scope) {
    init {
        follow({ trouble -> change { it.copy(trouble = trouble) } }) {
            val people = here.book.ask { roster(school, now().date) }
            change { it.copy(people = people) }
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
            MainButton(words("people-add"), { go(WorkScreen.NewColleague(school)) })
        },
    ) {
        TroubleNotice(state.trouble)
        val people = state.people ?: return@Page
        if (people.isEmpty()) EmptyState(words("school-none"))
        for (row in people) LineRow(row.name, words("role-${row.role}")) { go(WorkScreen.Colleague(school, row.posting)) }
    }
}

/** A colleague: their day, a phone, a PIN. */
@Composable
fun ColleagueScreen(model: PeopleModel, school: String, posting: String, back: () -> Unit, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    val row = state.people?.find { it.posting == posting }
    Page(row?.name ?: words("people-title"), back) {
        TroubleNotice(state.trouble)
        if (row == null) return@Page
        Fact(words("people-role"), words("role-${row.role}"))
        Fact(words("people-from"), words.day(row.from))
        LineRow(words("school-person")) { go(WorkScreen.ColleagueDay(school, posting, state.today)) }
        LineRow(words("people-enable")) { go(WorkScreen.Pass(school, posting)) }
        LineRow(words("people-pin")) { go(WorkScreen.Pin(school, posting)) }
    }
}

/** What is filled in of a new colleague. */
data class NewColleagueFields(val name: String = "", val role: String = "staff", val teaches: Boolean = true, val from: String)

/** Adds somebody to the roster, without a network. */
class NewColleagueModel(here: Surroundings, scope: CoroutineScope, private val school: String) :
    FormModel<NewColleagueFields>(NewColleagueFields(from = here.date), here, scope, setOf("name", "from", "role")) {
    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val from = Dates.normal(now.from)
        val wrong = buildMap {
            if (now.name.isBlank()) put("name", "problem-name_missing")
            if (from == null) put("from", "app-bad-date")
        }
        if (!sound(wrong) || from == null) return
        record { addNewcomer(school, now.name.trim(), now.role, from, now.teaches) }
    }
}

/** Somebody new: name, role, from which day. */
@Composable
fun NewColleagueScreen(model: NewColleagueModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    @Composable fun wrong(field: String) = state.wrong[field]?.let { words(it) }
    Page(
        words("people-add"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("app-save"), model::save, !state.busy)
        },
    ) {
        Field(words("people-name"), fields.name, { text -> model.edit("name") { it.copy(name = text) } }, wrong("name"))
        val roles = listOf("staff", "coordinator_enrolment", "coordinator_fees").map { Option(it, words("role-$it")) }
        ChooseOne(words("people-role"), roles, fields.role, wrong("role")) { role -> model.edit("role") { it.copy(role = role) } }
        SwitchRow(words("people-teaches"), fields.teaches) { on -> model.edit { it.copy(teaches = on) } }
        DayField(words("people-from"), fields.from, { day -> model.edit("from") { it.copy(from = day) } }, wrong("from"))
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

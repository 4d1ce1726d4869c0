package org.sanji.ui.school

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.RosterRow
import org.sanji.ui.Dates
import org.sanji.ui.FormModel
import org.sanji.ui.Kept
import org.sanji.ui.Surroundings
import org.sanji.ui.parts.ChooseOne
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Option
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.SwitchRow
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** What is filled in of a row of the roster. */
data class RosterFields(
    val name: String = "",
    val role: String = "staff",
    /** Absent: it is not known, and stays so until somebody says it. */
    val teaches: Boolean? = true,
    val from: String,
    /** The last day, where it is known. */
    val to: String = "",
    /** The row that is changed; absent for somebody new, and until it is read. */
    val row: RosterRow? = null,
)

private val KEPT = listOf<Kept<RosterFields>>(
    Kept("name", { it.name }) { fields, text -> fields.copy(name = text) },
    Kept("role", { it.role }) { fields, text -> fields.copy(role = text) },
    Kept("teaches", { "${it.teaches}" }) { fields, text -> fields.copy(teaches = text.toBooleanStrictOrNull()) },
    Kept("from", { it.from }) { fields, text -> fields.copy(from = text) },
    Kept("to", { it.to }) { fields, text -> fields.copy(to = text) },
)

/** Adds somebody to the roster, or changes a row and ends it; without a network. */
class RosterRowModel(here: Surroundings, scope: CoroutineScope, private val school: String, private val posting: String?) :
    FormModel<RosterFields>(RosterFields(from = here.date), here, scope, setOf("name", "from", "to", "role"), KEPT) {
    /** Somebody who is on the list already. */
    val changes: Boolean get() = posting != null

    init {
        if (posting != null) prepare {
            val row = here.book.ask { roster(school, now().date).find { it.posting == posting } }
            if (row != null) begin { RosterFields(row.name, row.role, row.teaches, row.from, row.to.orEmpty(), row) }
        }
    }

    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val (from, last) = Dates.normal(now.from) to now.to.trim()
        val to = Dates.normal(last)
        val wrong = buildMap {
            if (now.name.isBlank()) put("name", "problem-name_missing")
            if (from == null) put("from", "app-bad-date")
            if (last.isNotEmpty() && to == null) put("to", "app-bad-date")
            if (from != null && to != null && to < from) put("to", "problem-dates_backwards")
        }
        if (!sound(wrong) || from == null) return
        val row = now.row?.copy(name = now.name.trim(), role = now.role, teaches = now.teaches, from = from, to = to)
        when {
            row != null -> record { setRoster(school, row) }
            !changes -> record { addNewcomer(school, now.name.trim(), now.role, from, now.teaches == true) }
        }
    }
}

/** The roles that a head of a school gives; rows of other roles are the county's. */
internal val ROLES = listOf("staff", "coordinator_enrolment", "coordinator_fees")

/** Name, role, from which day, and for somebody who is there already until which. */
@Composable
fun RosterRowScreen(model: RosterRowModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    @Composable fun wrong(field: String) = state.wrong[field]?.let { words(it) }
    Page(
        words(if (model.changes) "app-change" else "people-add"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("app-save"), model::save, !state.busy && model.changes == (fields.row != null))
        },
    ) {
        Field(words("people-name"), fields.name, { text -> model.edit("name") { it.copy(name = text) } }, wrong("name"))
        ChooseOne(words("people-role"), ROLES.map { Option(it, words("role-$it")) }, fields.role, wrong("role")) { role -> model.edit("role") { it.copy(role = role) } }
        SwitchRow(words("people-teaches"), fields.teaches == true) { on -> model.edit { it.copy(teaches = on) } }
        DayField(words("people-from"), fields.from, { day -> model.edit("from", "to") { it.copy(from = day) } }, wrong("from"))
        if (model.changes) {
            DayField(words("flexible-to"), fields.to, { day -> model.edit("to") { it.copy(to = day) } }, wrong("to"), words("app-optional"))
        }
    }
}

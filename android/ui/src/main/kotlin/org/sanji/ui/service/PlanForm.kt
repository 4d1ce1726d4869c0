package org.sanji.ui.service

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Entry
import org.sanji.phone.ServicePlan
import org.sanji.ui.Dates
import org.sanji.ui.FormModel
import org.sanji.ui.Kept
import org.sanji.ui.Surroundings
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** What is filled in of a plan. */
data class PlanFields(val from: String = "", val to: String = "", val projects: String = "", val text: String = "")

private val KEPT = listOf<Kept<PlanFields>>(
    Kept("from", { it.from }) { fields, text -> fields.copy(from = text) },
    Kept("to", { it.to }) { fields, text -> fields.copy(to = text) },
    Kept("projects", { it.projects }) { fields, text -> fields.copy(projects = text) },
    Kept("text", { it.text }) { fields, text -> fields.copy(text = text) },
)

/** Writes the plan of a term, or changes it. */
class PlanFormModel(here: Surroundings, scope: CoroutineScope, private val school: String, private val plan: Entry?) :
    FormModel<PlanFields>(PlanFields(from = here.date), here, scope, setOf("from", "to", "projects", "text"), KEPT) {
    init {
        if (plan != null) prepare {
            val found = here.book.ask { service(school, now().date).plans.find { it.entry == plan }?.plan }
            if (found != null) begin { PlanFields(found.from, found.to, found.projects.joinToString("\n"), found.text.orEmpty()) }
        }
    }

    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val (from, to) = Dates.normal(now.from) to Dates.normal(now.to)
        val projects = now.projects.lines().map(String::trim).filter(String::isNotEmpty)
        val wrong = buildMap {
            if (from == null) put("from", "app-bad-date")
            if (to == null) put("to", "app-bad-date")
            if (projects.isEmpty()) put("projects", "app-needed")
        }
        if (!sound(wrong) || from == null || to == null) return
        record { planService(school, ServicePlan(from, to, projects, now.text.trim().ifEmpty { null }), plan) }
    }
}

/** The plan of a term: its days, its projects. */
@Composable
fun PlanFormScreen(model: PlanFormModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    @Composable fun wrong(field: String) = state.wrong[field]?.let { words(it) }
    Page(
        words("servicepage-plan"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("app-save"), model::save, !state.busy)
        },
    ) {
        DayField(words("app-from"), fields.from, { day -> model.edit("from", "to") { it.copy(from = day) } }, wrong("from"))
        DayField(words("app-to"), fields.to, { day -> model.edit("to") { it.copy(to = day) } }, wrong("to"))
        Field(words("servicepage-projects"), fields.projects, { text -> model.edit("projects") { it.copy(projects = text) } }, wrong("projects"), lines = 4)
        Field(
            words("servicepage-text"), fields.text, { text -> model.edit("text") { it.copy(text = text) } }, wrong("text"), words("app-optional"),
            lines = 2,
        )
    }
}

package org.sanji.ui.visit

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.RosterRow
import org.sanji.phone.SchoolName
import org.sanji.phone.VisitPlan
import org.sanji.ui.Dates
import org.sanji.ui.FormModel
import org.sanji.ui.Kept
import org.sanji.ui.Surroundings
import org.sanji.ui.byName
import org.sanji.ui.lined
import org.sanji.ui.parts.ChooseOne
import org.sanji.ui.parts.ChooseSome
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Option
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.SwitchRow
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.unlined
import org.sanji.ui.words

/** What is filled in of a visit's plan. */
data class VisitPlanFields(
    val changes: Boolean,
    val kind: String? = null,
    val date: String,
    val schools: List<SchoolName> = emptyList(),
    val host: String? = null,
    val field: String? = null,
    /** The own school's people: who may come along. */
    val colleagues: List<RosterRow> = emptyList(),
    val visitors: Set<String> = emptySet(),
    /** The host's people, where this phone has its list. */
    val hosts: List<RosterRow> = emptyList(),
    val teachers: Set<String> = emptySet(),
    val announced: Boolean = true,
    val inspects: Boolean = false,
    /** The plan that is changed. */
    val plan: VisitPlan? = null,
)

private val KEPT = listOf<Kept<VisitPlanFields>>(
    Kept("kind", { it.kind.orEmpty() }) { fields, text -> fields.copy(kind = text.ifEmpty { null }) },
    Kept("date", { it.date }) { fields, text -> fields.copy(date = text) },
    Kept("host", { it.host.orEmpty() }) { fields, text -> fields.copy(host = text.ifEmpty { null }) },
    Kept("field", { it.field.orEmpty() }) { fields, text -> fields.copy(field = text.ifEmpty { null }) },
    Kept("visitors", { it.visitors.lined() }) { fields, text -> fields.copy(visitors = text.unlined().toSet()) },
    Kept("teachers", { it.teachers.lined() }) { fields, text -> fields.copy(teachers = text.unlined().toSet()) },
    Kept("announced", { "${it.announced}" }) { fields, text -> fields.copy(announced = text == "true") },
)

/** Plans a visit, or changes a plan. */
class VisitPlanModel(here: Surroundings, scope: CoroutineScope, private val document: String?) :
    FormModel<VisitPlanFields>(VisitPlanFields(document != null, date = here.date), here, scope, setOf("kind", "date", "host", "field", "visitors", "teachers"), KEPT) {
    init {
        prepare {
            val read = here.book.ask {
                val (date, owner) = now().date to owner()
                val plan = document?.let { visit(it).plan }
                val colleagues = owner.postings.flatMap { roster(it.school, date) }.distinctBy { it.person }.byName { it.name }
                VisitPlanFields(
                    document != null, plan?.kind, plan?.date ?: date, schools(date), plan?.host, plan?.field, colleagues,
                    plan?.visitors?.toSet() ?: setOfNotNull(owner.person), plan?.let { roster(it.host, date) }.orEmpty().byName { it.name },
                    plan?.teachers?.toSet().orEmpty(), plan?.announced ?: true, owner.postings.isEmpty(), plan,
                )
            }
            begin { read }
        }
    }

    /** Chooses the school; its teachers are shown where this phone has its list. */
    fun setHost(school: String) {
        edit("host", "teachers") { it.copy(host = school, hosts = emptyList(), teachers = emptySet()) }
        loadHosts(school)
    }

    override fun onRecalled(fields: VisitPlanFields) {
        fields.host?.let(::loadHosts)
    }

    private fun loadHosts(school: String) {
        attempt(::tell) {
            val rows = here.book.ask { roster(school, now().date).byName { it.name } }
            edit { if (it.host == school) it.copy(hosts = rows) else it }
        }
    }

    fun turnVisitor(person: String) = edit("visitors") { it.copy(visitors = if (person in it.visitors) it.visitors - person else it.visitors + person) }

    fun turnTeacher(posting: String) = edit("teachers") { it.copy(teachers = if (posting in it.teachers) it.teachers - posting else it.teachers + posting) }

    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val date = Dates.normal(now.date)
        val wrong = buildMap {
            if (now.kind == null) put("kind", "app-needed")
            if (date == null) put("date", "app-bad-date")
            if (now.host == null) put("host", "app-needed")
            if (now.visitors.isEmpty()) put("visitors", "app-needed")
        }
        if (!sound(wrong) || date == null) return
        val plan = VisitPlan(
            now.kind.orEmpty(), date, now.host.orEmpty(), now.plan?.from, now.plan?.group, now.field, now.visitors.toList(), now.teachers.toList(),
            now.announced,
        )
        record { if (document == null) planVisit(plan) else changeVisit(document, plan) }
    }
}

private val KINDS = listOf(
    "drop_in_observation", "on_site_guidance", "demonstration_lesson", "joint_research", "lesson_delivery", "training", "shadowing", "open_day",
    "results_show", "meeting", "union_activity", "term_summary",
)
private val FIELDS = listOf("guidance", "management", "research", "exchange")

/** What kind of visit, when, where, who comes. */
@Composable
fun VisitPlanScreen(model: VisitPlanModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    @Composable fun wrong(field: String) = state.wrong[field]?.let { words(it) }
    Page(
        words(if (fields.changes) "app-change" else "visitpage-new"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("app-save"), model::save, !state.busy)
        },
    ) {
        val kinds = (if (fields.inspects) listOf("inspection") + KINDS else KINDS).map { Option(it, words("visit-$it").asSentence()) }
        ChooseOne(words("visitpage-kind"), kinds, fields.kind, wrong("kind")) { kind -> model.edit("kind") { it.copy(kind = kind) } }
        DayField(words("app-date"), fields.date, { day -> model.edit("date") { it.copy(date = day) } }, wrong("date"))
        ChooseOne(
            words("visitpage-host"), fields.schools.map { Option(it.school, it.name) }, fields.host, wrong("host"), words("visitpage-no-schools"),
        ) { model.setHost(it) }
        ChooseSome(words("visitpage-visitors"), fields.colleagues.map { Option(it.person, it.name) }, fields.visitors, wrong("visitors")) { model.turnVisitor(it) }
        if (fields.host != null) {
            ChooseSome(
                words("visitpage-teachers"), fields.hosts.map { Option(it.posting, it.name) }, fields.teachers, wrong("teachers"), words("visitpage-no-teachers"),
            ) { model.turnTeacher(it) }
        }
        val topics = FIELDS.map { Option(it, words("field-$it").asSentence()) }
        ChooseOne(words("visitpage-field"), topics, fields.field, wrong("field")) { field ->
            model.edit("field") { it.copy(field = field.takeIf { _ -> field != it.field }) }
        }
        SwitchRow(words("visitpage-announced"), fields.announced) { on -> model.edit { it.copy(announced = on) } }
        if (!fields.announced) Para(words("visitpage-not-announced"), quiet = true)
    }
}

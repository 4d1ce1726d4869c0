package org.sanji.ui.service

import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Entry
import org.sanji.phone.Instructor
import org.sanji.phone.Named
import org.sanji.phone.Session
import org.sanji.phone.Wording
import org.sanji.ui.Dates
import org.sanji.ui.FormModel
import org.sanji.ui.Kept
import org.sanji.ui.Surroundings
import org.sanji.ui.byName
import org.sanji.ui.lined
import org.sanji.ui.unlined

/** The name of a content. */
fun Wording.content(code: String, known: List<Named>): String = known.find { it.code == code }?.let(::name) ?: code

/** Somebody from outside who leads. */
data class Outsider(val name: String, val vetted: Boolean)

/** What is filled in of a session. */
data class SessionFields(
    val amends: Boolean,
    val loaded: Boolean = false,
    val date: String = "",
    val start: String = "",
    val end: String = "",
    val allowed: List<Named> = emptyList(),
    val forbidden: List<Named> = emptyList(),
    val content: String? = null,
    val projects: List<String> = emptyList(),
    val project: String? = null,
    val stage: String? = null,
    /** Names of the school's people by posting. */
    val staff: Map<String, String> = emptyMap(),
    val instructors: Set<String> = emptySet(),
    val outsiders: List<Outsider> = emptyList(),
    val pupils: String = "",
)

private val KEPT = listOf<Kept<SessionFields>>(
    Kept("date", { it.date }) { fields, text -> fields.copy(date = text) },
    Kept("start", { it.start }) { fields, text -> fields.copy(start = text) },
    Kept("end", { it.end }) { fields, text -> fields.copy(end = text) },
    Kept("content", { it.content.orEmpty() }) { fields, text -> fields.copy(content = text.ifEmpty { null }) },
    Kept("project", { it.project.orEmpty() }) { fields, text -> fields.copy(project = text.ifEmpty { null }) },
    Kept("stage", { it.stage.orEmpty() }) { fields, text -> fields.copy(stage = text.ifEmpty { null }) },
    Kept("instructors", { it.instructors.lined() }) { fields, text -> fields.copy(instructors = text.unlined().toSet()) },
    Kept("outsiders", { it.outsiders.map { one -> "${one.vetted} ${one.name}" }.lined() }) { fields, text ->
        fields.copy(outsiders = text.unlined().map { line -> Outsider(line.substringAfter(' '), line.substringBefore(' ') == "true") })
    },
    Kept("pupils", { it.pupils }) { fields, text -> fields.copy(pupils = text) },
)

/** Records a session, or amends one. A new one begins as the last one was. */
class SessionFormModel(here: Surroundings, scope: CoroutineScope, private val school: String, private val session: Entry?) :
    FormModel<SessionFields>(SessionFields(session != null), here, scope, setOf("date", "start", "end", "content", "stage", "instructors", "pupils", "project"), KEPT) {
    init {
        prepare {
            val (read, found) = here.book.ask {
                val date = now().date
                val service = service(school, date)
                val own = owner().postings.find { it.school == school }?.posting
                val found = service.sessions.find { it.entry == session }?.session
                val last = found ?: service.sessions.lastOrNull { shown -> shown.session.instructors.any { it.posting == own } }?.session
                val projects = service.plans.filter { date in it.plan.from..it.plan.to }.flatMap { it.plan.projects }.distinct()
                SessionFields(
                    session != null, true, date, last?.start.orEmpty(), last?.end.orEmpty(), serviceContents(school), forbiddenContents(school),
                    last?.content, projects, last?.project, last?.stage, roster(school, date).byName { it.name }.associate { it.posting to it.name }, setOfNotNull(own),
                ) to found
            }
            begin { found?.let(read::with) ?: read }
        }
    }

    /** Chooses the content; one that is forbidden is refused at once. */
    fun setContent(code: String) {
        edit("content") { it.copy(content = code) }
        if (state.value.fields.run { forbidden.any { it.code == code } }) refuse()
    }

    fun turn(posting: String) = edit("instructors") {
        it.copy(instructors = if (posting in it.instructors) it.instructors - posting else it.instructors + posting)
    }

    fun setOutsider(at: Int, to: Outsider?) = edit("instructors", "outsider$at") {
        val outsiders = it.outsiders.toMutableList()
        if (to == null) outsiders.removeAt(at) else if (at < outsiders.size) outsiders[at] = to else outsiders += to
        it.copy(outsiders = outsiders)
    }

    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val (date, start, end) = Triple(Dates.normal(now.date), Dates.normalTime(now.start), Dates.normalTime(now.end))
        val pupils = now.pupils.trim()
        val wrong = buildMap {
            if (date == null) put("date", "app-bad-date")
            if (start == null) put("start", "app-bad-time")
            if (end == null) put("end", "app-bad-time")
            if (now.content == null) put("content", "app-needed")
            if (now.forbidden.any { it.code == now.content }) put("content", "servicepage-forbidden")
            if (pupils.isNotEmpty() && pupils.toUIntOrNull() == null) put("pupils", "app-bad-number")
            now.outsiders.forEachIndexed { at, one -> if (one.name.isBlank()) put("outsider$at", "problem-name_missing") }
        }
        if (!sound(wrong) || date == null || start == null || end == null) return
        val instructors = now.instructors.map { Instructor(it, null, false, false) } +
            now.outsiders.map { Instructor(null, it.name.trim(), true, it.vetted) }
        val said = Session(date, start, end, now.content.orEmpty(), now.stage, instructors, pupils.toUIntOrNull(), now.project)
        record { if (session == null) recordSession(school, said) else amendSession(session, said) }
    }

    private fun refuse() = sound(mapOf("content" to "servicepage-forbidden"))
}

private fun SessionFields.with(session: Session) = copy(
    date = session.date, content = session.content, project = session.project, stage = session.stage,
    instructors = session.instructors.mapNotNull { it.posting }.toSet(),
    outsiders = session.instructors.filter { it.outside }.map { Outsider(it.name.orEmpty(), it.vetted) },
    pupils = session.pupils?.toString().orEmpty(),
)

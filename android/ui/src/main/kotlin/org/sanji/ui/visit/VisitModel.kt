package org.sanji.ui.visit

import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Calls
import org.sanji.phone.Participant
import org.sanji.phone.Trouble
import org.sanji.phone.Visit
import org.sanji.ui.Draft
import org.sanji.ui.Drafted
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings

/** What somebody types on a visit's page. */
enum class Typed { NOTE, ANSWER, COMMENT, MINUTES, CAPTION, NAME, DUTY, SIGN }

/** What a visit's page shows. */
data class VisitState(
    val visit: Visit? = null,
    /** Names of schools, and of people by person and by posting. */
    val names: Map<String, String> = emptyMap(),
    /** This person takes part. */
    val takesPart: Boolean = false,
    /** This person heads the school that is visited. */
    val hosts: Boolean = false,
    /** This person's lesson is observed. */
    val observed: Boolean = false,
    val typed: Map<Typed, String> = emptyMap(),
    /** For each field the key of the text that says what is wrong. */
    val wrong: Map<Typed, String> = emptyMap(),
    /** What is wrong with a picture that was given. */
    val pictureWrong: String? = null,
    /** Pictures that are here, by hash; null: not here and not to be had now. */
    val pictures: Map<String, ByteArray?> = emptyMap(),
    val trouble: Trouble? = null,
    val busy: Boolean = false,
) {
    fun text(of: Typed): String = typed[of].orEmpty()
}

/** A visit: time on site, the four parts, people, lessons, pictures, the host's signature. */
class VisitModel(here: Surroundings, scope: CoroutineScope, private val document: String) :
    ScreenModel<VisitState>(VisitState(), here, scope), Drafted {
    init {
        follow(::tell) {
            val read = here.book.ask {
                val (visit, date) = visit(document) to now().date
                val (person, postings) = owner().run { person to postings }
                val host = visit.plan?.host
                val rows = (postings.map { it.school } + listOfNotNull(host)).distinct().flatMap { roster(it, date) }
                val names = schools(date).associate { it.school to it.name } + rows.associate { it.person to it.name } + rows.associate { it.posting to it.name }
                val own = postings.map { it.posting }
                val hosts = postings.any { it.school == host && it.role in HOSTS }
                val observed = own.any { it in visit.plan?.teachers.orEmpty() } || visit.observations.any { it.observation.teacher in own }
                val takesPart = person in visit.plan?.visitors.orEmpty() || visit.people.any { it.person == person } || !hosts && !observed
                VisitState(visit, names, takesPart, hosts, observed)
            }
            change { it.copy(visit = read.visit, names = read.names, takesPart = read.takesPart, hosts = read.hosts, observed = read.observed) }
            read.visit?.pictures?.forEach { load(it.hash) }
        }
    }

    fun type(of: Typed, text: String) = change { it.copy(typed = it.typed + (of to text), wrong = it.wrong - of, trouble = null) }

    override fun draft(): Draft = state.value.typed.filterValues(String::isNotEmpty).mapKeys { it.key.name }

    override fun recall(draft: Draft) = change { it.copy(typed = it.typed + Typed.entries.mapNotNull { of -> draft[of.name]?.let { of to it } }) }

    /** Begins it on site. */
    fun open() = record(null) { openVisit(document) }

    /** Ends it on site. */
    fun close() {
        val typed = state.value.text(Typed.MINUTES).trim()
        val minutes = typed.toUIntOrNull()
        if (typed.isNotEmpty() && minutes == null) return wrong(Typed.MINUTES, "app-bad-number")
        record(Typed.MINUTES) { closeVisit(document, minutes) }
    }

    fun addNote() = record(Typed.NOTE) { addVisitNote(document, state.value.text(Typed.NOTE)) }

    fun answer() = record(Typed.ANSWER) { answerVisit(document, state.value.text(Typed.ANSWER)) }

    fun comment() = record(Typed.COMMENT) { comment(document, emptyList(), state.value.text(Typed.COMMENT)) }

    /** Adds somebody who took part. */
    fun addPerson() {
        val (name, duty) = state.value.run { text(Typed.NAME).trim() to text(Typed.DUTY).trim().ifEmpty { null } }
        if (name.isEmpty()) return wrong(Typed.NAME, "problem-name_missing")
        val people = state.value.visit?.people.orEmpty()
        record(Typed.NAME, Typed.DUTY) { setPeople(document, people + Participant(null, name, duty)) }
    }

    /** Takes somebody off who didn't. */
    fun removePerson(at: Int) {
        val people = state.value.visit?.people.orEmpty()
        record(null) { setPeople(document, people.filterIndexed { n, _ -> n != at }) }
    }

    /** Shows it to the teachers whose lessons were observed. */
    fun share() {
        val visit = state.value.visit ?: return
        val teachers = visit.observations.map { it.observation.teacher }.ifEmpty { visit.plan?.teachers.orEmpty() }.distinct()
        record(null) { shareVisit(document, teachers) }
    }

    /** Takes or chooses a picture. */
    fun addPicture() {
        change { it.copy(pictureWrong = null, trouble = null) }
        attempt(::tellOfPicture) {
            val given = here.shell.picture("visit $document") ?: return@attempt
            val caption = state.value.text(Typed.CAPTION).trim().ifEmpty { null }
            here.book.ask { addPicture(document, given, caption) }
            change { it.copy(typed = it.typed - Typed.CAPTION) }
            here.courier.begin()
        }
    }

    private fun tellOfPicture(trouble: Trouble) = when {
        trouble is Trouble.NoPicture -> change { it.copy(pictureWrong = trouble.key) }
        trouble is Trouble.Invalid && trouble.field != "entry" -> change { it.copy(pictureWrong = Trouble.NoPicture().key) }
        else -> tell(trouble)
    }

    /** Signs for the school with what has arrived on this phone. */
    fun sign() = record(Typed.SIGN) { countersign(document, state.value.text(Typed.SIGN).trim().ifEmpty { null }) }

    private fun load(hash: String) {
        if (state.value.pictures[hash] != null) return
        attempt({ change { it.copy(pictures = it.pictures + (hash to null)) } }) {
            val picture = here.book.ask { picture(document, hash) }
            change { it.copy(pictures = it.pictures + (hash to picture)) }
        }
    }

    private fun wrong(of: Typed, key: String) = change { it.copy(wrong = it.wrong + (of to key)) }

    /** Records; what was typed for it is cleared, what is wrong with it is said at its field. */
    private fun record(vararg of: Typed?, act: Calls.() -> Unit) {
        if (state.value.busy) return
        change { it.copy(busy = true, trouble = null) }
        attempt({ trouble ->
            val field = of.firstOrNull()
            if (field != null && trouble is Trouble.Invalid && trouble.problem in AT_FIELD) {
                change { it.copy(busy = false, wrong = it.wrong + (field to if (trouble.problem == "reason_needed") "app-needed" else trouble.key)) }
            } else {
                tell(trouble)
            }
        }) {
            here.book.ask(act)
            here.courier.begin()
            change { it.copy(busy = false, typed = it.typed - of.filterNotNull().toSet()) }
        }
    }

    private fun tell(trouble: Trouble) = change { it.copy(busy = false, trouble = trouble) }

    private companion object {
        val AT_FIELD = setOf("reason_needed", "too_long")
    }
}

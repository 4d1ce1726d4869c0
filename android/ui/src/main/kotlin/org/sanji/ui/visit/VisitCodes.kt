package org.sanji.ui.visit

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Trouble
import org.sanji.phone.Visit
import org.sanji.ui.Given
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.parts.Fact
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.Headline
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.QrPicture
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** A visit as codes, one shown. */
data class VisitCodesState(val codes: List<String> = emptyList(), val at: Int = 0, val trouble: Trouble? = null)

/** Shows a visit to its host's phone. */
class VisitCodesModel(here: Surroundings, scope: CoroutineScope, document: String) : ScreenModel<VisitCodesState>(VisitCodesState(), here, scope) {
    init {
        attempt({ trouble -> change { it.copy(trouble = trouble) } }) {
            val codes = here.book.ask { showVisit(document) }
            change { it.copy(codes = codes) }
        }
    }

    /** Shows the next one, after the last the first. */
    fun next() = change { if (it.codes.isEmpty()) it else it.copy(at = (it.at + 1) % it.codes.size) }
}

/** The codes, one after another. */
@Composable
fun VisitCodesScreen(model: VisitCodesModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    val code = state.codes.getOrNull(state.at)
    Page(
        words("visitpage-countersign"), back,
        bottom = if (state.codes.size < 2) null else ({ MainButton(words("visitpage-next-code"), model::next) }),
    ) {
        TroubleNotice(state.trouble)
        if (code == null) return@Page
        val which = words("visitpage-code-of", "n" to state.at + 1, "all" to state.codes.size)
        Box(Modifier.fillMaxWidth(), Alignment.Center) { QrPicture(code, which) }
        Headline(which)
        Para(words("visitpage-countersign-lead"), quiet = true)
    }
}

/** What was read from another phone. */
data class VisitScanState(
    val codes: Set<String> = emptySet(),
    /** How many codes there are in all, once one was read. */
    val all: Int? = null,
    val visit: Visit? = null,
    /** Names of schools, and of people by person and by posting. */
    val names: Map<String, String> = emptyMap(),
    val text: String = "",
    /** The key of the text that says what is wrong with what was read. */
    val wrong: String? = null,
    val forbidden: Boolean = false,
    val trouble: Trouble? = null,
    val busy: Boolean = false,
    val done: Boolean = false,
) {
    /** How many codes are still to be read. */
    val missing: Int? get() = all?.let { it - codes.size }?.takeIf { it > 0 }
}

/** Reads a visit from another phone and signs it for the school, without a network. */
class VisitScanModel(here: Surroundings, scope: CoroutineScope) : ScreenModel<VisitScanState>(VisitScanState(), here, scope) {
    /** Scans on until all codes are read, or it is broken off. */
    fun scan() {
        if (state.value.busy) return
        change { it.copy(wrong = null, forbidden = false, trouble = null, busy = true) }
        attempt(::tell) {
            var goesOn = true
            while (goesOn) {
                goesOn = when (val given = here.shell.scan()) {
                    is Given.Here -> take(given.value.trim())
                    Given.Forbidden -> false.also { change { it.copy(forbidden = true) } }
                    Given.Not -> false
                }
            }
            change { it.copy(busy = false) }
        }
    }

    /** Takes a code; true if more are to be read. A code of something else changes nothing of what was read. */
    private suspend fun take(code: String): Boolean {
        val codes = state.value.codes + code
        try {
            val (visit, names) = here.book.ask { readVisit(codes.toList()) to names() }
            change { it.copy(codes = codes, visit = visit, names = names) }
            return false
        } catch (trouble: Trouble.Invalid) {
            if (trouble.problem != "pages_missing") {
                change { it.copy(wrong = "visitpage-not-a-code") }
                return false
            }
            change { it.copy(codes = codes, all = count(code)) }
            return true
        }
    }

    private fun org.sanji.phone.Calls.names(): Map<String, String> {
        val date = now().date
        val rows = owner().postings.flatMap { roster(it.school, date) }
        return schools(date).associate { it.school to it.name } + rows.associate { it.person to it.name } + rows.associate { it.posting to it.name }
    }

    fun setText(text: String) = change { it.copy(text = text, trouble = null) }

    /** Signs for what was read. */
    fun sign() {
        val now = state.value
        if (now.busy) return
        change { it.copy(busy = true, trouble = null) }
        attempt(::tell) {
            here.book.ask { countersignShown(now.codes.toList(), now.text.trim().ifEmpty { null }) }
            here.courier.begin()
            change { it.copy(busy = false, done = true) }
        }
    }

    fun openSettings() = here.shell.openSettings()

    private fun tell(trouble: Trouble) = change { it.copy(busy = false, trouble = trouble) }

    private companion object {
        /** How many codes there are, as each of them says: `SANJI1V:2:5:…`. */
        fun count(code: String): Int? = code.split(':').getOrNull(2)?.toIntOrNull()
    }
}

/** The host's side: scan, read, sign. */
@Composable
fun VisitScanScreen(model: VisitScanModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val visit = state.visit
    Page(
        words("visitpage-scan"), back,
        bottom = {
            TroubleNotice(state.trouble)
            if (visit == null) {
                MainButton(words("enrol-scan"), model::scan, !state.busy)
            } else {
                MainButton(words("visitpage-sign"), model::sign, !state.busy)
            }
        },
    ) {
        state.wrong?.let { Notice(words(it)) }
        if (state.forbidden) Notice(words("app-no-permission"), act = words("app-open-settings"), onAct = model::openSettings)
        val missing = state.missing
        when {
            visit != null -> Read(visit, state, model)
            missing != null -> Headline(words("visitpage-scan-more", "count" to missing))
            else -> Para(words("visitpage-scan-lead"))
        }
    }
}

@Composable
private fun Read(visit: Visit, state: VisitScanState, model: VisitScanModel) {
    Headline(words("visitpage-scan-read"))
    visit.plan?.let { plan ->
        Fact(words("visitpage-kind"), words("visit-${plan.kind}").asSentence())
        Fact(words("app-date"), words.day(plan.date))
        Fact(words("visitpage-at"), state.names[plan.host] ?: words("visitpage-not-here"))
    }
    for (name in PARTS) visit.parts.find { it.part == name }?.let { part ->
        Section(words("part-$name").asSentence()) {
            Para(part.text)
            part.rivals.forEach { Notice(it, words("visitpage-rival")) }
        }
    }
    if (visit.people.isNotEmpty()) {
        Fact(words("visitpage-people"), visit.people.joinToString(words("day-between")) { listOfNotNull(it.name ?: state.names[it.person], it.duty).joinToString(" ") })
    }
    for (shown in visit.observations) {
        val seen = shown.observation
        Fact(
            words("visitpage-observations"),
            listOfNotNull(state.names[seen.teacher], seen.lesson, seen.grade, seen.review).joinToString(" · "),
        )
    }
    visit.notes.forEach { Fact(words("visitpage-notes"), it) }
    if (visit.pictures.isNotEmpty()) Fact(words("visitpage-pictures"), visit.pictures.map { it.caption ?: words("visitpage-picture") }.joinToString(words("day-between")))
    visit.minutes?.let { Fact(words("visitpage-took"), words.duration(it)) }
    Field(words("visitpage-sign-text"), state.text, model::setText, hint = words("app-optional"), lines = 2)
}

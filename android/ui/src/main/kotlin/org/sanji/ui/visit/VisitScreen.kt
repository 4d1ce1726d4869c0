package org.sanji.ui.visit

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import org.sanji.phone.PartText
import org.sanji.phone.Visit
import org.sanji.ui.Screen
import org.sanji.ui.WorkScreen
import org.sanji.ui.palette
import org.sanji.ui.parts.Fact
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.Headline
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.PictureBlock
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** The four parts of every visit, in their order. */
internal val PARTS = listOf("plan", "measures", "record", "summary")

/** A visit. What its reader may do depends on whether they come, receive, or were observed. */
@Composable
fun VisitScreen(model: VisitModel, document: String, back: () -> Unit, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    val visit = state.visit
    Page(
        visit?.plan?.kind?.let { words("visit-$it").asSentence() } ?: words("visitpage-title"), back,
        bottom = if (visit == null || !state.takesPart || visit.closed) null else ({ Onsite(visit, state, model) }),
    ) {
        if (visit == null || !state.takesPart || visit.closed) TroubleNotice(state.trouble)
        if (visit == null) return@Page
        Head(visit, state, document, go)
        Parts(visit.parts, state.takesPart, document, go)
        // Before it begins there is nobody and nothing to record yet.
        if (visit.opened) {
            PeopleThere(visit, state, model)
            Lessons(visit, state, model, document, go)
            Pictures(visit, state, model)
        }
        Remarks(visit, state, model)
        if (visit.opened) Signing(visit, state, model, document, go)
    }
}

/** The beginning and the end, within the thumb's reach; the end asks for the minutes first. */
@Composable
private fun Onsite(visit: Visit, state: VisitState, model: VisitModel) {
    var closing by rememberSaveable { mutableStateOf(false) }
    TroubleNotice(state.trouble)
    when {
        !visit.opened -> MainButton(words("visitpage-open"), model::open, !state.busy)
        !closing -> OtherButton(words("visitpage-close"), { closing = true })
        else -> {
            TypedField("visitpage-minutes", Typed.MINUTES, state, model, words("app-optional"), KeyboardType.Number)
            MainButton(words("visitpage-close"), model::close, !state.busy)
            TextAction(words("app-cancel")) { closing = false }
        }
    }
}

@Composable
private fun Head(visit: Visit, state: VisitState, document: String, go: (Screen) -> Unit) {
    val plan = visit.plan
    val (word, status) = progress(visit.opened, visit.closed)
    val minutes = visit.minutes?.let(words::duration)
    Headline(listOfNotNull(plan?.let { words.day(it.date) }, words(word), minutes).joinToString(" · "), status)
    if (visit.conflict) Notice(words("conflict"))
    if (plan == null) return
    Fact(words("visitpage-at"), state.names[plan.host] ?: words("visitpage-not-here"))
    val visitors = plan.visitors.mapNotNull(state.names::get)
    if (visitors.isNotEmpty()) Fact(words("visitpage-who"), visitors.joinToString(words("day-between")))
    val teachers = plan.teachers.mapNotNull(state.names::get)
    if (teachers.isNotEmpty()) Fact(words("visitpage-teachers"), teachers.joinToString(words("day-between")))
    plan.field?.let { Fact(words("visitpage-field"), words("field-$it").asSentence()) }
    if (!visit.opened && state.takesPart) {
        Para(words(if (plan.announced == true) "visitpage-announced" else "visitpage-not-announced"), quiet = true)
        TextAction(words("app-change")) { go(WorkScreen.VisitPlan(document)) }
    }
}

@Composable
private fun Parts(parts: List<PartText>, writes: Boolean, document: String, go: (Screen) -> Unit) {
    for (name in PARTS) {
        val part = parts.find { it.part == name }
        Section(words("part-$name").asSentence()) {
            if (part == null) Para(words("visitpage-unwritten"), quiet = true) else Para(part.text)
            part?.rivals?.forEach { Notice(it, words("visitpage-rival")) }
            if (writes) TextAction(words(if (part == null) "visitpage-write" else "app-change")) { go(WorkScreen.VisitPart(document, name)) }
        }
    }
}

@Composable
private fun PeopleThere(visit: Visit, state: VisitState, model: VisitModel) {
    if (visit.people.isEmpty() && !state.takesPart) return
    Section(words("visitpage-people")) {
        visit.people.forEachIndexed { at, one ->
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
                Column(Modifier.weight(1f)) { Para(listOfNotNull(one.name ?: state.names[one.person], one.duty).joinToString(" · ")) }
                if (state.takesPart) TextAction(words("app-remove")) { model.removePerson(at) }
            }
        }
        if (state.takesPart) Adding("visitpage-person-add") {
            TypedField("visitpage-person-name", Typed.NAME, state, model)
            TypedField("visitpage-person-duty", Typed.DUTY, state, model, words("app-optional"))
            OtherButton(words("visitpage-person-add"), model::addPerson, !state.busy)
        }
    }
}

@Composable
private fun Lessons(visit: Visit, state: VisitState, model: VisitModel, document: String, go: (Screen) -> Unit) {
    if (visit.observations.isEmpty() && !state.takesPart) return
    Section(words("visitpage-observations")) {
        for (shown in visit.observations) {
            val seen = shown.observation
            val under = listOfNotNull(seen.grade, seen.minutes?.let(words::duration), seen.review).joinToString(" · ")
            val onClick = if (state.takesPart) ({ go(WorkScreen.Lesson(document, shown.entry)) }) else null
            LineRow(listOfNotNull(state.names[seen.teacher], seen.lesson).joinToString("  "), under.ifEmpty { null }, onClick = onClick)
        }
        if (state.takesPart) {
            TextAction(words("visitpage-observe")) { go(WorkScreen.Lesson(document, null)) }
            if (visit.observations.isNotEmpty()) TextAction(words("visitpage-share"), model::share)
        }
    }
}

@Composable
private fun Pictures(visit: Visit, state: VisitState, model: VisitModel) {
    if (visit.pictures.isEmpty() && !state.takesPart) return
    Section(words("visitpage-pictures")) {
        for (picture in visit.pictures) PictureBlock(state.pictures[picture.hash], picture.caption, words("visitpage-picture-not-here"))
        if (state.takesPart) {
            Adding("visitpage-picture-add") {
                TypedField("visitpage-picture-caption", Typed.CAPTION, state, model, words("app-optional"))
                OtherButton(words("visitpage-picture-take"), model::addPicture, !state.busy)
            }
            state.pictureWrong?.let { Notice(words(it)) }
        }
    }
}

@Composable
private fun Remarks(visit: Visit, state: VisitState, model: VisitModel) {
    if (visit.notes.isNotEmpty() || state.takesPart) Section(words("visitpage-notes")) {
        visit.notes.forEach { Para(it) }
        if (state.takesPart) Writing("visitpage-note-add", Typed.NOTE, state, model, model::addNote)
    }
    if (visit.answers.isNotEmpty() || state.observed) Section(words("visitpage-answers")) {
        visit.answers.forEach { Para(it) }
        if (state.observed) Writing("visitpage-answer", Typed.ANSWER, state, model, model::answer)
    }
    val comments = visit.opened && (state.takesPart || state.hosts)
    if (visit.comments.isNotEmpty() || comments) Section(words("visitpage-comments")) {
        visit.comments.forEach { Para(it) }
        if (comments) Writing("visitpage-comment-add", Typed.COMMENT, state, model, model::comment)
    }
}

@Composable
private fun Signing(visit: Visit, state: VisitState, model: VisitModel, document: String, go: (Screen) -> Unit) {
    // Nobody signs for a visit of their own.
    val (asks, signs) = (state.takesPart && !state.hosts) to (state.hosts && !state.takesPart)
    if (visit.countersigns.isEmpty() && !asks && !signs) return
    Section(words("visitpage-signature")) {
        if (visit.countersigns.isEmpty()) Para(words("visitpage-unsigned"), quiet = true)
        for (sign in visit.countersigns) {
            Notice(
                listOfNotNull(
                    sign.text, (sign.changed + sign.unseen).takeIf { it > 0u }?.let { words("visitpage-countersign-changed", "count" to it) },
                ).joinToString(" · "),
                words("visitpage-countersigned", "when" to words.moment(sign.atSecs)).asSentence(), palette.green,
            )
        }
        if (asks) OtherButton(words("visitpage-countersign"), { go(WorkScreen.VisitCodes(document)) })
        if (signs) {
            Para(words("visitpage-sign-here"), quiet = true)
            TypedField("visitpage-sign-text", Typed.SIGN, state, model, words("app-optional"))
            MainButton(words("visitpage-sign"), model::sign, !state.busy)
        }
    }
}

/** What is added, after a tap on what it is called. */
@Composable
private fun Adding(word: String, fields: @Composable () -> Unit) {
    var open by rememberSaveable(word) { mutableStateOf(false) }
    if (open) Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(4.dp)) { fields() } else TextAction(words(word)) { open = true }
}

@Composable
private fun Writing(word: String, of: Typed, state: VisitState, model: VisitModel, send: () -> Unit) = Adding(word) {
    TypedField(word, of, state, model, lines = 2)
    OtherButton(words("app-save"), send, !state.busy)
}

@Composable
private fun TypedField(
    word: String, of: Typed, state: VisitState, model: VisitModel, hint: String? = null, keyboard: KeyboardType = KeyboardType.Text, lines: Int = 1,
) = Field(words(word), state.text(of), { model.type(of, it) }, state.wrong[of]?.let { words(it) }, hint, keyboard, lines)

package org.sanji.ui.visit

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.text.input.KeyboardType
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Entry
import org.sanji.phone.Observation
import org.sanji.ui.FormModel
import org.sanji.ui.Kept
import org.sanji.ui.Surroundings
import org.sanji.ui.byName
import org.sanji.ui.parts.ChooseOne
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.Option
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** A part that is written, and what others wrote there at the same time. */
data class PartFields(val text: String = "", val rivals: List<String> = emptyList())

/** Writes one of the four parts. What stands there is replaced, of several that were written at the same time all. */
class PartModel(here: Surroundings, scope: CoroutineScope, private val document: String, val part: String) :
    FormModel<PartFields>(PartFields(), here, scope, setOf("text"), listOf(Kept("text", { it.text }) { fields, text -> fields.copy(text = text) })) {
    init {
        prepare {
            val found = here.book.ask { visit(document).parts.find { it.part == part } }
            if (found != null) begin { PartFields(found.text, found.rivals) }
        }
    }

    /** Records it; an empty one is said at the field. */
    fun save() {
        val text = state.value.fields.text.trim()
        if (sound(if (text.isEmpty()) mapOf("text" to "app-needed") else emptyMap())) record { writePart(document, part, text) }
    }
}

/** One of the four parts, with what others wrote above it. */
@Composable
fun PartScreen(model: PartModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    Page(
        words("part-${model.part}").asSentence(), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("app-save"), model::save, !state.busy)
        },
    ) {
        state.fields.rivals.forEach { Notice(it, words("visitpage-rival")) }
        Field(
            words("part-${model.part}").asSentence(), state.fields.text, { text -> model.edit("text") { it.copy(text = text) } },
            state.wrong["text"]?.let { words(it) }, lines = 8,
        )
    }
}

/** What is filled in of a lesson. */
data class LessonFields(
    /** Names of the host's teachers by posting. */
    val teachers: Map<String, String> = emptyMap(),
    val loaded: Boolean = false,
    val teacher: String? = null,
    val lesson: String = "",
    val review: String = "",
    val grade: String = "",
    val minutes: String = "",
)

private val KEPT = listOf<Kept<LessonFields>>(
    Kept("teacher", { it.teacher.orEmpty() }) { fields, text -> fields.copy(teacher = text.ifEmpty { null }) },
    Kept("lesson", { it.lesson }) { fields, text -> fields.copy(lesson = text) },
    Kept("review", { it.review }) { fields, text -> fields.copy(review = text) },
    Kept("grade", { it.grade }) { fields, text -> fields.copy(grade = text) },
    Kept("minutes", { it.minutes }) { fields, text -> fields.copy(minutes = text) },
)

/** Records a lesson that was observed, or changes one. */
class LessonModel(here: Surroundings, scope: CoroutineScope, private val document: String, private val lesson: Entry?) :
    FormModel<LessonFields>(LessonFields(), here, scope, setOf("teacher", "lesson", "review", "grade", "minutes"), KEPT) {
    init {
        prepare {
            val read = here.book.ask {
                val (visit, date) = visit(document) to now().date
                val seen = visit.observations.find { it.entry == lesson }?.observation
                val teachers = visit.plan?.let { roster(it.host, date) }.orEmpty().byName { it.name }.associate { it.posting to it.name }
                LessonFields(
                    teachers, true, seen?.teacher ?: visit.plan?.teachers?.singleOrNull(), seen?.lesson.orEmpty(), seen?.review.orEmpty(),
                    seen?.grade.orEmpty(), seen?.minutes?.toString().orEmpty(),
                )
            }
            begin { read }
        }
    }

    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val minutes = now.minutes.trim()
        val wrong = buildMap {
            if (now.teacher == null) put("teacher", "app-needed")
            if (now.lesson.isBlank()) put("lesson", "app-needed")
            if (minutes.isNotEmpty() && minutes.toUIntOrNull() == null) put("minutes", "app-bad-number")
        }
        if (!sound(wrong)) return
        fun written(text: String) = text.trim().ifEmpty { null }
        val seen = Observation(now.teacher.orEmpty(), now.lesson.trim(), written(now.review), written(now.grade), minutes.toUIntOrNull())
        record { observe(document, seen, lesson) }
    }
}

/** Whose lesson, its review and its grade. */
@Composable
fun LessonScreen(model: LessonModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    @Composable fun wrong(field: String) = state.wrong[field]?.let { words(it) }
    Page(
        words("visitpage-observe"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("app-save"), model::save, !state.busy && fields.loaded)
        },
    ) {
        ChooseOne(words("visitpage-teacher"), fields.teachers.map { Option(it.key, it.value) }, fields.teacher, wrong("teacher"), words("visitpage-no-teachers")) { id ->
            model.edit("teacher") { it.copy(teacher = id) }
        }
        Field(words("visitpage-lesson"), fields.lesson, { text -> model.edit("lesson") { it.copy(lesson = text) } }, wrong("lesson"))
        Field(words("visitpage-review"), fields.review, { text -> model.edit("review") { it.copy(review = text) } }, wrong("review"), lines = 4)
        Field(words("visitpage-grade"), fields.grade, { text -> model.edit("grade") { it.copy(grade = text) } }, wrong("grade"), words("app-optional"))
        Field(
            words("visitpage-lesson-minutes"), fields.minutes, { text -> model.edit("minutes") { it.copy(minutes = text) } }, wrong("minutes"),
            words("app-optional"), KeyboardType.Number,
        )
    }
}

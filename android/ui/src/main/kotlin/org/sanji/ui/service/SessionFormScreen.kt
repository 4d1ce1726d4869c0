package org.sanji.ui.service

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.input.KeyboardType
import org.sanji.ui.parts.ChooseOne
import org.sanji.ui.parts.ChooseSome
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.Option
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.SwitchRow
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TimeField
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** Records a session, or amends one. */
@Composable
fun SessionFormScreen(model: SessionFormModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    @Composable fun wrong(field: String) = state.wrong[field]?.let { words(it) }
    Page(
        words(if (fields.amends) "servicepage-amend" else "servicepage-new"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("servicepage-save"), model::save, !state.busy && fields.loaded)
        },
    ) {
        DayField(words("app-date"), fields.date, { day -> model.edit("date") { it.copy(date = day) } }, wrong("date"))
        TimeField(words("servicepage-start"), fields.start, { time -> model.edit("start", "end") { it.copy(start = time) } }, wrong("start"))
        TimeField(words("servicepage-end"), fields.end, { time -> model.edit("end") { it.copy(end = time) } }, wrong("end"))
        Field(
            words("servicepage-pupils"), fields.pupils, { text -> model.edit("pupils") { it.copy(pupils = text) } }, wrong("pupils"),
            keyboard = KeyboardType.Number,
        )
        if (fields.loaded && fields.allowed.isEmpty()) Notice(words("servicepage-no-rules"))
        val never = words("servicepage-not-allowed")
        val contents = fields.allowed.map { Option(it.code, words.name(it).asSentence()) } +
            fields.forbidden.map { Option(it.code, words.name(it).asSentence(), never) }
        ChooseOne(words("servicepage-content"), contents, fields.content, wrong("content")) { model.setContent(it) }
        if (fields.projects.isNotEmpty()) {
            ChooseOne(words("servicepage-project"), fields.projects.map { Option(it, it) }, fields.project, wrong("project")) { project ->
                model.edit("project") { it.copy(project = project.takeIf { _ -> project != it.project }) }
            }
        }
        ChooseSome(
            words("servicepage-instructors"), fields.staff.map { Option(it.key, it.value) }, fields.instructors, none = words("school-none"),
        ) { model.turn(it) }
        Section(words("servicepage-outside")) {
            fields.outsiders.forEachIndexed { at, one -> OutsideOne(one, wrong("outsider$at")) { model.setOutsider(at, it) } }
            TextAction(words("servicepage-outside-add")) { model.setOutsider(fields.outsiders.size, Outsider("", false)) }
            wrong("instructors")?.let { Notice(it) }
        }
        val stages = listOf("kindergarten", "primary", "junior", "senior").map { Option(it, words("stage-$it").asSentence()) }
        ChooseOne(words("servicepage-stage"), stages, fields.stage, wrong("stage")) { stage ->
            model.edit("stage") { it.copy(stage = stage.takeIf { _ -> stage != it.stage }) }
        }
    }
}

@Composable
private fun OutsideOne(one: Outsider, wrong: String?, set: (Outsider?) -> Unit) = Column(Modifier.fillMaxWidth()) {
    Field(words("servicepage-outside-name"), one.name, { set(one.copy(name = it)) }, wrong)
    SwitchRow(words("servicepage-vetted"), one.vetted) { set(one.copy(vetted = it)) }
    TextAction(words("app-remove")) { set(null) }
}

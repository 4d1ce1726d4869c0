package org.sanji.ui.leave

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import org.sanji.ui.parts.ChoiceRow
import org.sanji.ui.parts.ChooseSchool
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.PictureField
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.SwitchRow
import org.sanji.ui.parts.TimeField
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** Applies for leave, or changes one. Once it is recorded, it goes back to the list, where it stands as pending. */
@Composable
fun LeaveFormScreen(model: LeaveFormModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    @Composable fun wrong(field: String) = state.wrong[field]?.let { words(it) }
    Page(
        words(if (fields.changes) "leave-change" else "leave-apply"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("leave-send"), model::send, !state.busy)
        },
    ) {
        if (fields.changes) Para(words("leave-kept"), quiet = true)
        if (!fields.changes) ChooseSchool(fields.postings, fields.posting, wrong("posting"), model::setPosting)
        Section(words("leave-kind")) {
            val kinds = fields.kinds
            if (kinds != null && kinds.isEmpty()) Notice(words("leave-no-kinds"))
            kinds?.forEach { kind -> ChoiceRow(words.name(kind), kind.code == fields.kind) { model.setKind(kind.code) } }
            wrong("kind")?.let { Notice(it) }
        }
        SwitchRow(words("leave-whole-day"), fields.wholeDays, model::setWholeDays)
        DayField(words("leave-from"), fields.fromDay, model::setFromDay, wrong("from"))
        if (!fields.wholeDays) TimeField(words("servicepage-start"), fields.fromTime, model::setFromTime, wrong("from_time"))
        DayField(words("leave-to"), fields.toDay, model::setToDay, wrong("to"))
        if (!fields.wholeDays) TimeField(words("servicepage-end"), fields.toTime, model::setToTime, wrong("to_time"))
        Field(words("leave-reason"), fields.reason, model::setReason, wrong("reason"), words("app-optional"), lines = 2)
        PictureField(words("leave-certificate"), fields.certificate, wrong("certificate"), model::addPicture, model::removePicture)
    }
}

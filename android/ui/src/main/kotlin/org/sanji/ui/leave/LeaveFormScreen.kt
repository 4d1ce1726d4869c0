package org.sanji.ui.leave

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import org.sanji.ui.parts.ChoiceRow
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.SwitchRow
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TimeField
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** Applies for leave, or changes one. Once it is recorded, it goes back to the list, where it stands as pending. */
@Composable
fun LeaveFormScreen(model: LeaveFormModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    Page(
        words(if (state.change) "leave-change" else "leave-apply"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("leave-send"), model::send, !state.busy)
        },
    ) {
        if (state.change) Para(words("leave-kept"), quiet = true)
        if (!state.change && state.postings.size > 1) {
            Section(words("enrol-school")) {
                state.postings.forEach { ChoiceRow(it.schoolName ?: it.school, it.posting == state.posting) { model.setPosting(it.posting) } }
                state.wrong["posting"]?.let { Notice(words(it)) }
            }
        }
        Section(words("leave-kind")) {
            val kinds = state.kinds
            if (kinds != null && kinds.isEmpty()) Notice(words("leave-no-kinds"))
            kinds?.forEach { kind -> ChoiceRow(words.name(kind), kind.code == state.kind) { model.setKind(kind.code) } }
            state.wrong["kind"]?.let { Notice(words(it)) }
        }
        SwitchRow(words("leave-whole-day"), state.wholeDays, model::setWholeDays)
        DayField(words("leave-from"), state.fromDay, model::setFromDay, state.wrong["from"]?.let { words(it) })
        if (!state.wholeDays) TimeField(words("app-from"), state.fromTime, model::setFromTime, state.wrong["from_time"]?.let { words(it) })
        DayField(words("leave-to"), state.toDay, model::setToDay, state.wrong["to"]?.let { words(it) })
        if (!state.wholeDays) TimeField(words("app-to"), state.toTime, model::setToTime, state.wrong["to_time"]?.let { words(it) })
        Field(words("leave-reason"), state.reason, model::setReason, state.wrong["reason"]?.let { words(it) }, words("app-optional"), lines = 2)
        Section(words("leave-certificate")) {
            val picture = state.certificate
            if (picture == null) {
                OtherButton(words("leave-add-picture"), model::addPicture)
            } else {
                Para("${picture.size / 1_024 + 1} kB", quiet = true)
                TextAction(words("leave-remove-picture"), model::removePicture)
            }
            state.wrong["certificate"]?.let { Notice(words(it)) }
            if (state.forbidden) Notice(words("app-no-permission"), act = words("app-open-settings"), onAct = model::openSettings)
        }
    }
}

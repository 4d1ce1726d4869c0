package org.sanji.ui.today

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import kotlin.math.abs
import org.sanji.phone.Direction
import org.sanji.phone.FoundReplaced
import org.sanji.ui.Screen
import org.sanji.ui.palette
import org.sanji.ui.parts.BigButton
import org.sanji.ui.parts.BigRecord
import org.sanji.ui.parts.ChoiceRow
import org.sanji.ui.parts.DayBar
import org.sanji.ui.parts.InSight
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.Onward
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.SendingLine
import org.sanji.ui.parts.Sentence
import org.sanji.ui.parts.StandingNotice
import org.sanji.ui.parts.StatusShape
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

private val MARGIN = 12.dp

/** Today, top to bottom: date and school, the day in one sentence, its bar, one button, what waits for me, what waits to be sent. */
@Composable
fun TodayScreen(model: TodayModel, waits: @Composable () -> Unit = {}, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    BoxWithConstraints(Modifier.fillMaxSize().background(palette.ground), Alignment.TopCenter) {
        val height = maxHeight - MARGIN * 2
        Column(
            Modifier.widthIn(max = 560.dp).fillMaxWidth().verticalScroll(rememberScrollState()).padding(16.dp, MARGIN),
        ) {
            InSight(
                height,
                first = {
                    DayHead(state, go)
                    SchoolChoice(state, model::choose)
                },
                button = {
                    TroubleNotice(state.trouble)
                    if (state.placing) Para(words("today-place-asking"), quiet = true)
                    TapButton(state, model)
                },
                rest = {
                    Notices(state, model, go)
                    waits()
                    if (state.corrections > 0) {
                        LineRow(words("today-my-corrections", "count" to state.corrections), status = "pending") { go(Screen.Corrections) }
                    }
                    state.sending?.let { SendingLine(it, brief = state.stopped) { go(Screen.Sending) } }
                },
            )
        }
    }
}

@Composable
private fun DayHead(state: TodayState, go: (Screen) -> Unit) {
    val own = state.own
    FlowRow(Modifier.semantics(mergeDescendants = true) { heading() }, Arrangement.spacedBy(12.dp)) {
        for (part in listOfNotNull(words.day(state.date), own?.said?.name)) Text(part, color = palette.quiet, style = MaterialTheme.typography.bodyLarge)
    }
    if (own == null) {
        if (state.loaded && state.days.isEmpty()) Para(words("today-no-posting"))
        return
    }
    val why: () -> Unit = { go(Screen.Day(own.day.posting, state.date)) }
    Row(
        Modifier.fillMaxWidth().heightIn(min = 48.dp).clickable(onClickLabel = words("app-why"), role = Role.Button, onClick = why),
        Arrangement.spacedBy(10.dp),
        Alignment.CenterVertically,
    ) {
        if (own.said.status != null) StatusShape(own.said.status, size = 24.sp)
        Sentence(own.said.sentence.asSentence(), Modifier.weight(1f))
        Onward()
    }
    if (own.day.verdict == null) {
        Para(words("state-first-day"), quiet = true)
    } else {
        DayBar(state.date, own.day.verdict, state.nowSecs)
    }
}

/** What has to be said before anything else; nothing on most days. */
@Composable
private fun Notices(state: TodayState, model: TodayModel, go: (Screen) -> Unit) {
    StandingNotice(state.standing) { go(Screen.Sending) }
    if (state.clockIsOff) {
        val key = if (state.clockAheadSecs > 0) "today-clock-ahead" else "today-clock-behind"
        Notice(words(key, "length" to words.duration((abs(state.clockAheadSecs) / 60).toUInt())))
    }
    if (state.retired) Notice(words("state-retired"), words("state-retired-title"))
    if (state.found != null) {
        val which = if (state.found is FoundReplaced) "state-replaced" else "state-went-back"
        Notice(words(which), words("$which-title"), act = words("app-ok"), onAct = model::dismiss)
    }
}

@Composable
private fun SchoolChoice(state: TodayState, choose: (String) -> Unit) {
    if (state.days.size < 2) return
    Para(words("today-school-pick"), quiet = true)
    for (own in state.days) {
        ChoiceRow(own.said.name ?: own.day.school, own == state.own, own.said.sentence) { choose(own.day.posting) }
    }
}

@Composable
private fun TapButton(state: TodayState, model: TodayModel) {
    val own = state.own
    val last = own?.last
    when {
        state.loaded && state.days.isEmpty() -> return
        last != null && last.mayVoid -> {
            val key = if (last.direction == Direction.CHECK_IN) "today-done-in" else "today-done-out"
            BigRecord(words(key, "time" to words.time(last.judgedSecs)), words("today-undo"), model::undo)
        }
        else -> {
            val next = own?.next ?: Direction.CHECK_IN
            val key = if (next == Direction.CHECK_IN) "today-check-in" else "today-check-out"
            BigButton(words(key), { model.tap(next) }, enabled = state.loaded && !state.tapping)
        }
    }
}

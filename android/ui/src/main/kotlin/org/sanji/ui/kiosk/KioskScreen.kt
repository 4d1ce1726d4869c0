package org.sanji.ui.kiosk

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.sanji.phone.Check
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.ui.Screen
import org.sanji.ui.palette
import org.sanji.ui.parts.BigButton
import org.sanji.ui.parts.BigRecord
import org.sanji.ui.parts.EmptyState
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.SendingLine
import org.sanji.ui.parts.StandingNotice
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.parts.stops
import org.sanji.ui.sending.inThrees
import org.sanji.ui.words

/** A school's kiosk: the list, the PIN of one person, that person's checks. */
@Composable
fun KioskScreen(model: KioskModel, setLanguage: (Language) -> Unit) {
    val state by model.state.collectAsState()
    when {
        state.person == null -> Who(state, model, setLanguage)
        !state.mayType -> NoPin(state.person?.name.orEmpty(), model)
        state.taps == null -> Pin(state, model)
        else -> Own(state, model)
    }
}

@Composable
private fun Who(state: KioskState, model: KioskModel, setLanguage: (Language) -> Unit) = Page(words("kiosk-who")) {
    Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, Alignment.CenterVertically) {
        Column(Modifier.weight(1f)) { Para(words.day(state.date), quiet = true) }
        val other = if (words.language == Language.ZH) Language.EN else Language.ZH
        TextAction(words(if (other == Language.EN) "setpage-en" else "setpage-zh")) { setLanguage(other) }
    }
    Against(state) { model.go(Screen.Sending) }
    TroubleNotice(state.trouble)
    val people = state.people ?: return@Page
    if (people.isEmpty()) EmptyState(words("kiosk-none")) else Field(words("kiosk-search"), state.search, model::setSearch)
    for (person in state.found) LineRow(person.name, words("kiosk-no-pin").takeIf { !person.hasPin }) { model.choose(person) }
    state.sending?.let { SendingLine(it, brief = state.standing.stops) { model.go(Screen.Sending) } }
    TextAction(words("today-settings")) { model.go(Screen.KioskGate) }
}

/** What keeps the relay from taking the kiosk's records; the digits that let it in again stand here, for whoever telephones. */
@Composable
private fun Against(state: KioskState, show: () -> Unit) = when (val digits = state.digits) {
    null -> StandingNotice(state.standing, show)
    else -> Notice(words("waiting-lead"), "${words("waiting-digits")} ${digits.inThrees()}")
}

/** Without a PIN there is nothing to type. */
@Composable
private fun NoPin(name: String, model: KioskModel) = Page(name, model::done, bottom = { MainButton(words("kiosk-leave"), model::done) }) {
    Notice(words("problem-no_pin"))
}

@Composable
private fun Pin(state: KioskState, model: KioskModel) = Page(
    state.person?.name.orEmpty(), model::done,
    bottom = { MainButton(words("app-ok"), model::enter, state.pin.isNotEmpty() && !state.busy) },
) {
    val said = words("kiosk-pin-typed", "count" to state.pin.length)
    Text(words("kiosk-pin"), color = palette.quiet, style = MaterialTheme.typography.bodyLarge)
    Row(
        Modifier.fillMaxWidth().heightIn(min = 32.dp).clearAndSetSemantics { contentDescription = said },
        Arrangement.spacedBy(14.dp, Alignment.CenterHorizontally), Alignment.CenterVertically,
    ) { repeat(state.pin.length) { Box(Modifier.size(16.dp).clip(CircleShape).background(palette.ink)) } }
    TroubleNotice(state.trouble)
    state.wrong?.let { Notice(words(it)) }
    for (row in listOf("123", "456", "789", " 0<")) {
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(12.dp)) { row.forEach { Key(it, Modifier.weight(1f), model) } }
    }
}

@Composable
private fun Key(key: Char, modifier: Modifier, model: KioskModel) {
    if (key == ' ') return Box(modifier)
    val (said, colours) = (if (key == '<') words("kiosk-pin-rub") else "$key") to palette
    val shape = RoundedCornerShape(12.dp)
    Box(
        modifier.heightIn(min = 64.dp).clip(shape).border(1.dp, colours.line, shape).background(colours.raised)
            .clickable(role = Role.Button) { if (key == '<') model.rub() else model.digit(key) }.semantics { contentDescription = said },
        Alignment.Center,
    ) {
        Text(if (key == '<') "←" else "$key", Modifier.clearAndSetSemantics {}, colours.ink, style = MaterialTheme.typography.headlineMedium)
    }
}

@Composable
private fun Own(state: KioskState, model: KioskModel) = Page(
    state.person?.name.orEmpty(), model::done,
    bottom = {
        TroubleNotice(state.trouble)
        Taps(state, model)
    },
) {
    Section(words("kiosk-taps")) {
        val taps = state.taps.orEmpty()
        if (taps.isEmpty()) Para(words("daypage-none"), quiet = true)
        taps.forEach { LineRow(words("direction-${it.word}").asSentence(), end = words.moment(it.judgedSecs)) }
    }
}

/** Both ways, the one that would come next as the large button; what was just tapped can be taken back. */
@Composable
private fun Taps(state: KioskState, model: KioskModel) {
    val last = state.last
    if (last != null && last.mayVoid) {
        BigRecord(words("today-done-${last.word}", "time" to words.time(last.judgedSecs)), words("today-undo"), model::undo)
        MainButton(words("kiosk-leave"), model::done)
        return
    }
    val out = last?.direction == Direction.CHECK_IN
    BigButton(words(if (out) "today-check-out" else "today-check-in"), { model.tap(if (out) Direction.CHECK_OUT else Direction.CHECK_IN) }, !state.busy)
    OtherButton(words(if (out) "today-check-in" else "today-check-out"), { model.tap(if (out) Direction.CHECK_IN else Direction.CHECK_OUT) }, !state.busy)
    OtherButton(words("kiosk-leave"), model::done)
}

private val Check.word: String get() = if (direction == Direction.CHECK_IN) "in" else "out"

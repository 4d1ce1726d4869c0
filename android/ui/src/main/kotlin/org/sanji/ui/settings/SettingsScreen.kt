package org.sanji.ui.settings

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.text.input.KeyboardType
import org.sanji.phone.Language
import org.sanji.ui.Settings
import org.sanji.ui.Screen
import org.sanji.ui.TextSize
import org.sanji.ui.palette
import org.sanji.ui.parts.ChoiceRow
import org.sanji.ui.parts.Fact
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** Settings of this phone. */
@Composable
fun SettingsScreen(model: SettingsModel, settings: Settings, set: (Settings) -> Unit, back: () -> Unit, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    Page(words("setpage-title"), back) {
        TroubleNotice(state.trouble)
        Looks(settings, set)
        if (state.hasKiosk) Pin(state, model)
        ThisPhone(state, model)
        LineRow(words("setpage-recorded")) { go(Screen.Recorded) }
        Others(state.others, model::goBackTo)
        Leaving(state, model)
    }
}

/** Language and text size. */
@Composable
internal fun Looks(settings: Settings, set: (Settings) -> Unit) {
    Section(words("setpage-language")) {
        ChoiceRow(words("setpage-zh"), settings.language == Language.ZH) { set(settings.copy(language = Language.ZH)) }
        ChoiceRow(words("setpage-en"), settings.language == Language.EN) { set(settings.copy(language = Language.EN)) }
    }
    Section(words("setpage-text-size")) {
        for (size in TextSize.entries) {
            ChoiceRow(words("setpage-size-${size.name.lowercase()}"), settings.textSize == size) { set(settings.copy(textSize = size)) }
        }
    }
}

/** What is used, where records go, and what helps to find a fault. */
@Composable
internal fun ThisPhone(state: SettingsState, model: SettingsModel) = Section(words("setpage-diagnostics")) {
    Fact(words("setpage-storage"), words("setpage-storage-size", "size" to megabytes(state.storageBytes)))
    if (state.relays.isNotEmpty()) Fact(words("setpage-relay"), state.relays.joinToString("\n"))
    Para(words("setpage-version", "version" to state.version), quiet = true)
    Para(words("setpage-diagnostics-lead"), quiet = true)
    OtherButton("${words("setpage-diagnostics")} · ${words("app-share")}", { model.shareDiagnostics() })
}

@Composable
private fun Pin(state: SettingsState, model: SettingsModel) = Section(words("setpage-pin")) {
    Para(words("setpage-pin-lead"), quiet = true)
    if (state.postings.size > 1) {
        for (own in state.postings) ChoiceRow(own.schoolName ?: own.school, own.posting == state.pinFor) { model.setPinFor(own.posting) }
    }
    Field(words("setpage-pin"), state.pin, model::setPin, state.pinWrong?.let { words(it) }, keyboard = KeyboardType.NumberPassword, hidden = true)
    Field(words("setpage-pin-again"), state.again, model::setAgain, keyboard = KeyboardType.NumberPassword, hidden = true)
    OtherButton(words("setpage-pin-set"), model::savePin)
    if (state.pinSaved) Notice(words("setpage-pin-done"), colour = palette.green)
}

/** Logging out and erasing: both say what is unsent, and nothing that is unsent is lost. */
@Composable
internal fun Leaving(state: SettingsState, model: SettingsModel) = Section(null) {
    OtherButton(words("setpage-log-out"), { model.ask(Asking.LOG_OUT) })
    if (state.asking == Asking.LOG_OUT) {
        Notice(
            listOfNotNull(
                words("setpage-log-out-lead"),
                if (state.unsent > 0uL) words("setpage-log-out-unsent", "count" to state.unsent) else null,
            ).joinToString("\n"),
            act = words("setpage-log-out-do"), onAct = model::logOut,
        )
    }
    OtherButton(words("setpage-reset"), { model.ask(Asking.RESET) })
    if (state.asking == Asking.RESET) {
        when {
            state.unsent > 0uL -> Notice(words("setpage-reset-unsent", "count" to state.unsent))
            state.locked > 0u -> Notice(words("sendpage-locked", "count" to state.locked))
            else -> Notice(
                listOfNotNull(
                    words("setpage-reset-lead"),
                    if (state.damaged > 0u) words("setpage-reset-damaged", "count" to state.damaged) else null,
                    if (state.retired > 0uL) words("setpage-reset-retired", "count" to state.retired) else null,
                ).joinToString("\n"),
                act = words("setpage-reset-do"), onAct = model::reset,
            )
        }
    }
}

/** `1.4`: tenths are enough. */
private fun megabytes(bytes: ULong): String = (bytes.toLong() / 100_000).let { "${it / 10}.${it % 10}" }

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
    Page(words("settings-title"), back) {
        TroubleNotice(state.trouble)
        Section(words("settings-language")) {
            ChoiceRow(words("settings-zh"), settings.language == Language.ZH) { set(settings.copy(language = Language.ZH)) }
            ChoiceRow(words("settings-en"), settings.language == Language.EN) { set(settings.copy(language = Language.EN)) }
        }
        Section(words("settings-text-size")) {
            for (size in TextSize.entries) {
                ChoiceRow(words("settings-size-${size.name.lowercase()}"), settings.textSize == size) { set(settings.copy(textSize = size)) }
            }
        }
        if (state.kiosks.isNotEmpty()) Pin(state, model)
        Section(words("settings-diagnostics")) {
            Fact(words("settings-storage"), words("settings-storage-size", "size" to megabytes(state.storageBytes)))
            if (state.relays.isNotEmpty()) Fact(words("settings-relay"), state.relays.joinToString("\n"))
            Para(words("settings-version", "version" to state.version), quiet = true)
            Para(words("settings-diagnostics-lead"), quiet = true)
            OtherButton("${words("settings-diagnostics")} · ${words("app-share")}", model::shareDiagnostics)
        }
        LineRow(words("settings-recorded")) { go(Screen.Recorded) }
        if (state.others.isNotEmpty()) Others(state.others, model)
        Leaving(state, model)
    }
}

@Composable
private fun Pin(state: SettingsState, model: SettingsModel) = Section(words("settings-pin")) {
    Para(words("settings-pin-lead"), quiet = true)
    Field(words("settings-pin"), state.pin, model::setPin, state.pinWrong?.let { words(it) }, keyboard = KeyboardType.NumberPassword, hidden = true)
    Field(words("settings-pin-again"), state.again, model::setAgain, keyboard = KeyboardType.NumberPassword, hidden = true)
    OtherButton(words("settings-pin-set"), model::savePin)
    if (state.pinSaved) Notice(words("settings-pin-done"), colour = palette.green)
}

@Composable
private fun Others(others: List<OtherOwner>, model: SettingsModel) = Section(words("settings-others")) {
    for (other in others) {
        val name = other.name ?: words("settings-others-unnamed")
        val text = when (val unsent = other.unsent) {
            null -> name
            0uL -> words("settings-others-sent", "name" to name)
            else -> words("settings-others-unsent", "name" to name, "count" to unsent)
        }
        LineRow(text, words("settings-return")) { model.goBackTo(other.number) }
    }
}

/** Logging out and erasing: both say what is unsent, and nothing that is unsent is lost. */
@Composable
private fun Leaving(state: SettingsState, model: SettingsModel) = Section(null) {
    OtherButton(words("settings-log-out"), { model.ask(Asking.LOG_OUT) })
    if (state.asking == Asking.LOG_OUT) {
        Notice(
            listOfNotNull(
                words("settings-log-out-lead"),
                if (state.unsent > 0uL) words("settings-log-out-unsent", "count" to state.unsent) else null,
            ).joinToString("\n"),
            act = words("settings-log-out-do"), onAct = model::logOut,
        )
    }
    OtherButton(words("settings-reset"), { model.ask(Asking.RESET) })
    if (state.asking == Asking.RESET) {
        if (state.unsent > 0uL) {
            Notice(words("settings-reset-unsent", "count" to state.unsent))
        } else {
            Notice(words("settings-reset-lead"), act = words("settings-reset-do"), onAct = model::reset)
        }
    }
}

/** `1.4`: tenths are enough. */
private fun megabytes(bytes: ULong): String = (bytes.toLong() / 100_000).let { "${it / 10}.${it % 10}" }

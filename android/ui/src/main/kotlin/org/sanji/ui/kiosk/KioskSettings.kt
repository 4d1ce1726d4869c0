package org.sanji.ui.kiosk

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import org.sanji.phone.SendingSaid
import org.sanji.ui.Screen
import org.sanji.ui.Settings
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.SendingLine
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.settings.Leaving
import org.sanji.ui.settings.Looks
import org.sanji.ui.settings.SettingsModel
import org.sanji.ui.settings.ThisPhone
import org.sanji.ui.words

/** The settings of the school's device itself: nobody's name stands there. */
@Composable
fun KioskSettingsScreen(
    model: SettingsModel, sending: SendingSaid?, settings: Settings, set: (Settings) -> Unit, back: () -> Unit, go: (Screen) -> Unit,
) {
    val state by model.state.collectAsState()
    Page(words("setpage-title"), back) {
        TroubleNotice(state.trouble)
        sending?.let { SendingLine(it) { go(Screen.Sending) } }
        Looks(settings, set)
        ThisPhone(state, model)
        Leaving(state, model)
    }
}

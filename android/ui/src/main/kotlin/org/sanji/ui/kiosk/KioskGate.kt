package org.sanji.ui.kiosk

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.text.input.KeyboardType
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.SendingSaid
import org.sanji.ui.Screen
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.SendingLine
import org.sanji.ui.words
import kotlin.random.Random

/** The digits that stand there, and those that were typed. */
data class KioskGateState(val digits: String, val typed: String = "") {
    /** They were typed as they stand there. */
    val open: Boolean get() = typed.trim() == digits
}

/**
 * Stands before the settings of a kiosk, from which it can be left or cleared: who means it types the four digits that stand there,
 * others each time. They are no secret; they keep away who only passes by.
 */
class KioskGateModel(here: Surroundings, scope: CoroutineScope, private val kiosk: KioskModel) :
    ScreenModel<KioskGateState>(KioskGateState("${Random.nextInt(1_000, 10_000)}"), here, scope) {
    fun type(text: String) {
        change { it.copy(typed = text) }
        kiosk.touched()
    }

    /** Goes on to the settings, in the place of this page. */
    fun pass() {
        if (!state.value.open) return
        kiosk.back()
        kiosk.go(Screen.SettingsPage)
    }
}

/** What waits to be sent, and four digits to type. */
@Composable
fun KioskGateScreen(model: KioskGateModel, sending: SendingSaid?, back: () -> Unit, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    Page(words("kiosk-gate-title"), back, bottom = { MainButton(words("kiosk-gate-pass"), model::pass, state.open) }) {
        sending?.let { SendingLine(it) { go(Screen.Sending) } }
        Para(words("kiosk-gate-lead", "digits" to state.digits))
        Field(words("kiosk-gate-typed"), state.typed, model::type, keyboard = KeyboardType.Number)
    }
}

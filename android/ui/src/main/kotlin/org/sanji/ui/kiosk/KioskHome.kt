package org.sanji.ui.kiosk

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.pointer.PointerEventPass
import androidx.compose.ui.input.pointer.pointerInput
import org.sanji.ui.AppModel
import org.sanji.ui.Home
import org.sanji.ui.Screen
import org.sanji.ui.Surroundings
import org.sanji.ui.sending.SendingModel
import org.sanji.ui.sending.SendingScreen
import org.sanji.ui.settings.SettingsModel

/** A school's kiosk and the pages for whoever looks after it: after a while without touch the list stands there again. */
@Composable
fun KioskHome(app: AppModel, here: Surroundings) {
    val model = app.model(Home.Kiosk::class) { KioskModel(here, it, app.stack) }
    val state by model.state.collectAsState()
    val settings by app.settings.collectAsState()
    val screens by app.stack.screens.collectAsState()
    val watched = Modifier.pointerInput(model) {
        awaitPointerEventScope {
            while (true) {
                awaitPointerEvent(PointerEventPass.Initial)
                model.touched()
            }
        }
    }
    Box(Modifier.fillMaxSize().then(watched)) {
        when (val screen = screens.last()) {
            Screen.KioskGate -> KioskGateScreen(app.model(screen) { KioskGateModel(here, it, model) }, state.sending, model::back, model::go)
            Screen.Sending -> SendingScreen(app.model(screen) { SendingModel(here, it) }, model::back) {}
            Screen.SettingsPage -> KioskSettingsScreen(app.model(screen) { SettingsModel(here, it, app) }, state.sending, settings, app::set, model::back, model::go)
            else -> KioskScreen(model) { app.set(settings.copy(language = it)) }
        }
    }
}

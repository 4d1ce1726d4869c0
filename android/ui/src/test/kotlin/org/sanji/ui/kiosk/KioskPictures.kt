package org.sanji.ui.kiosk

import org.junit.jupiter.api.Test
import org.sanji.checks.MemoryKeys
import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.ui.Alone
import org.sanji.ui.BackStack
import org.sanji.ui.Gallery
import org.sanji.ui.SchoolWork
import org.sanji.ui.Settings
import org.sanji.ui.TextSize
import org.sanji.ui.await
import org.sanji.ui.inWorld
import org.sanji.ui.sending.SendingModel
import org.sanji.ui.sending.SendingScreen
import org.sanji.ui.settings.Asking
import org.sanji.ui.settings.SettingsModel
import org.sanji.ui.settings.SettingsState

class KioskPictures {
    @Test fun `who, PIN, one tap`() = inWorld {
        val work = SchoolWork(this)
        val kiosk = work.kiosk()
        fun model(language: Language) = KioskModel(kiosk.here(language), scope, BackStack(), 3_600_000).also { made -> made.state.await { it.people != null } }
        fun person(language: Language, pin: String) = model(language).apply {
            choose(state.value.people!!.single { it.name == Relay.TEACHER })
            pin.forEach(::digit)
        }
        clock.to("2026-03-02 08:27")
        Gallery.draw("kiosk", model = { model(it) }) { KioskScreen(it) {} }
        Gallery.draw("kiosk-pin", model = { person(it, "246") }) { KioskScreen(it) {} }
        Gallery.draw("kiosk-pin-wrong", model = {
            // Right in between, so that nobody has to wait a minute.
            kiosk.ask { kioskTaps(work.posting, "2468", 1u) }
            person(it, "1111").apply {
                enter()
                state.await { state -> state.wrong != null && !state.busy }
            }
        }) { KioskScreen(it) {} }
        fun own(language: Language) = person(language, "2468").apply {
            enter()
            state.await { it.taps != null && !it.busy }
        }
        Gallery.draw("kiosk-own", model = { own(it) }) { KioskScreen(it) {} }
        kiosk.ask { kioskCheck(work.posting, "2468", Direction.CHECK_IN) }
        Gallery.draw("kiosk-tapped", model = { own(it) }) { KioskScreen(it) {} }
        clock.to("2026-03-02 11:34")
        Gallery.draw("kiosk-out-next", model = { own(it) }) { KioskScreen(it) {} }
    }

    @Test fun `for whoever looks after it`() = inWorld {
        val work = SchoolWork(this)
        val kiosk = work.kiosk()
        clock.to("2026-03-02 08:27")
        kiosk.network.on = false
        kiosk.ask { kioskCheck(work.posting, "2468", Direction.CHECK_IN) }
        fun model(language: Language) = KioskModel(kiosk.here(language), scope, BackStack(), 3_600_000).also { made -> made.state.await { it.people != null } }
        Gallery.draw("kiosk-gate", model = {
            val list = model(it)
            KioskGateModel(kiosk.here(it), scope, list) to list.state.value.sending
        }) { (gate, sending) -> KioskGateScreen(gate, sending, {}) {} }
        Gallery.draw("kiosk-settings", 1_500, { language ->
            val settings = SettingsModel(kiosk.here(language), scope, Alone).apply {
                state.await(SettingsState::loaded)
                ask(Asking.RESET)
            }
            Triple(settings, model(language).state.value.sending, Settings(language, TextSize.NORMAL))
        }) { (settings, sending, set) -> KioskSettingsScreen(settings, sending, set, {}, {}) {} }
        fun sending(language: Language) = SendingModel(kiosk.here(language), scope).also { made -> made.state.await { it.sending != null } }
        Gallery.draw("kiosk-sending", model = ::sending) { SendingScreen(it, {}) {} }
        relay.command("device", "revoke", kiosk.ask { owner() }.device)
        kiosk.network.on = true
        kiosk.ask { syncNow() }
        Gallery.draw("kiosk-stopped", model = ::model) { KioskScreen(it) {} }
        Gallery.draw("kiosk-stopped-sending", model = ::sending) { SendingScreen(it, {}) {} }
    }

    @Test fun `a kiosk that lost its key`() = inWorld {
        val work = SchoolWork(this)
        val kiosk = work.kiosk()
        kiosk.keys = MemoryKeys().apply { number = kiosk.keys.number }
        kiosk.reopened()
        kiosk.ask { syncNow() }
        Gallery.draw("kiosk-lost-key", model = { KioskModel(kiosk.here(it), scope, BackStack(), 3_600_000).also { made -> made.state.await { it.digits != null } } }) { KioskScreen(it) {} }
    }
}

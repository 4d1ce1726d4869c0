package org.sanji.ui.kiosk

import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.ui.Gallery
import org.sanji.ui.SchoolWork
import org.sanji.ui.await
import org.sanji.ui.inWorld

class KioskPictures {
    @Test fun `who, PIN, one tap`() = inWorld {
        val work = SchoolWork(this)
        val kiosk = work.kiosk()
        fun model(language: Language) = KioskModel(kiosk.here(language), scope, 3_600_000).also { made -> made.state.await { it.people != null } }
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
}

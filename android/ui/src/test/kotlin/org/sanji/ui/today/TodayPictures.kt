package org.sanji.ui.today

import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.ui.Gallery
import org.sanji.ui.Handset
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.inWorld

class TodayPictures {
    private fun World.draw(name: String, phone: Handset) = Gallery.draw(
        name, model = { TodayModel(phone.here(it), scope, phone.ask { records() }).also { made -> made.state.await(TodayState::loaded) } },
    ) { TodayScreen(it) {} }

    @Test fun `a day as it goes`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:25")
        draw("today-morning", phone)
        phone.ask { check(null, Direction.CHECK_IN, null) }
        draw("today-tapped", phone)
        clock.to("2026-03-02 11:12")
        phone.sync()
        draw("today-in", phone)
        clock.to("2026-03-02 11:31")
        phone.ask { check(null, Direction.CHECK_OUT, null) }
        clock.to("2026-03-02 14:41")
        phone.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-02 17:02")
        phone.ask { check(null, Direction.CHECK_OUT, null) }
        clock.to("2026-03-02 18:10")
        draw("today-evening", phone)
    }
}

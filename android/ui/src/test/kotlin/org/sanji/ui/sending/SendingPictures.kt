package org.sanji.ui.sending

import org.junit.jupiter.api.Test
import org.sanji.checks.MemoryKeys
import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.ui.Gallery
import org.sanji.ui.Handset
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.inWorld

class SendingPictures {
    private fun World.draw(name: String, phone: Handset, tried: Boolean = false) = Gallery.draw(name, 820, {
        SendingModel(phone.here(it), scope).apply {
            state.await { it.sending != null }
            if (tried) {
                send()
                state.await { it.tried != null && !it.trying }
            }
        }
    }) { SendingScreen(it, {}) {} }

    @Test fun `what waits, and what stands in the way`() = inWorld {
        val phone = phone(Relay.TEACHER)
        draw("sending-nothing", phone)
        phone.network.on = false
        for (day in 2..4) {
            clock.to("2026-03-0$day 08:31")
            phone.ask { check(null, Direction.CHECK_IN, null) }
            clock.to("2026-03-0$day 17:02")
            phone.ask { check(null, Direction.CHECK_OUT, null) }
        }
        clock.to("2026-03-05 08:00")
        draw("sending-waits", phone, tried = true)
        phone.network.on = true
        val device = phone.ask { owner() }.device
        relay.command("device", "revoke", device)
        phone.ask { syncNow() }
        draw("sending-revoked", phone)
    }

    @Test fun `a record that doesn't count`() = inWorld {
        val phone = phone(Relay.TEACHER)
        val posting = phone.ask { owner() }.postings.single().posting
        phone.ask { checkOnBehalf(posting, Direction.CHECK_IN, clock.now - 600, "自己补一条") }
        phone.sync()
        draw("sending-not-accepted", phone)
    }

    @Test fun `a lost key`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:31")
        phone.ask { check(null, Direction.CHECK_IN, null) }
        phone.keys = MemoryKeys().apply { number = phone.keys.number }
        phone.reopened()
        phone.ask { check(null, Direction.CHECK_OUT, null) }
        phone.ask { syncNow() }
        draw("sending-lost-key", phone)
    }
}

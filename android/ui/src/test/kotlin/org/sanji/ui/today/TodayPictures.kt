package org.sanji.ui.today

import org.junit.jupiter.api.Test
import org.sanji.checks.MemoryKeys
import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.ui.Gallery
import org.sanji.ui.Handset
import org.sanji.ui.SchoolWeek
import org.sanji.ui.SchoolWork
import org.sanji.ui.Screen
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.inWorld

class TodayPictures {
    private fun World.draw(name: String, phone: Handset) = Gallery.tab(
        "today-$name", Screen.Today,
        { TodayModel(phone.here(it), scope, phone.ask { records() }).also { made -> made.state.await(TodayState::loaded) } },
    ) { TodayScreen(it) {} }

    @Test fun `a day as it goes`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:25")
        draw("morning", phone)
        phone.network.on = false
        phone.ask { check(null, Direction.CHECK_IN, null) }
        draw("tapped", phone)
        clock.to("2026-03-02 11:31")
        phone.ask { check(null, Direction.CHECK_OUT, null) }
        clock.to("2026-03-02 14:41")
        phone.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-02 17:02")
        phone.ask { check(null, Direction.CHECK_OUT, null) }
        clock.to("2026-03-02 18:10")
        draw("evening", phone)
        clock.to("2026-03-08 10:00")
        draw("sunday", phone)
    }

    @Test fun `on friday of a school week`() = inWorld {
        val week = SchoolWeek(this)
        week.askCorrection()
        draw("in", week.teacher)
    }

    @Test fun `the first day, before anything has arrived`() = inWorld {
        val phone = phone()
        phone.ask { enrol(relay.invite(Relay.TEACHER).first) }
        phone.network.on = false
        draw("first", phone)
    }

    @Test fun `two schools`() = inWorld {
        relay.staff(listOf(Relay.SCHOOL, "赫章县第二幼儿园").map { "$it,陈双,教师,是,2026-02-01,,甲" })
        draw("two-schools", phone("陈双"))
    }

    @Test fun `what stands in the way`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:31")
        phone.sync()
        phone.clock.off = 2 * 3_600L + 300
        draw("clock-off", phone)
        phone.clock.off = 0
        phone.keys.number += 10uL
        phone.reopened()
        draw("went-back", phone)
        phone.keys = MemoryKeys().apply { number = phone.keys.number }
        phone.reopened()
        phone.ask { syncNow() }
        draw("lost-key", phone)
    }

    @Test fun `a newer relay`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:31")
        relay.stop()
        relay.startNewer()
        phone.ask { check(null, Direction.CHECK_IN, null) }
        phone.ask { syncNow() }
        draw("newer-relay", phone)
    }

    @Test fun `a term that was closed`() = inWorld {
        val phone = phoneOfClosedTerm()
        phone.ask { syncNow() }
        clock.on(400)
        draw("retired", phone)
    }

    @Test fun `a phone that was revoked`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-02 08:31")
        relay.command("device", "revoke", phone.ask { owner() }.device)
        phone.ask { check(null, Direction.CHECK_IN, null) }
        phone.ask { syncNow() }
        clock.on(400)
        draw("revoked", phone)
    }

    @Test fun `a pass that ran out`() = inWorld {
        val (work, phone) = SchoolWork(this) to phone()
        val (person, posting) = work.run { personOf(colleague) to postingOf(colleague) }
        val key = phone.ask { deviceKey() }
        val pass = work.principal.ask { makePass(key, work.school, person, posting) }
        phone.ask { enrolWithPass(pass) }
        clock.to("2026-04-13 08:31")
        phone.ask { check(null, Direction.CHECK_IN, null) }
        phone.ask { syncNow() }
        clock.on(400)
        draw("pass-ran-out", phone)
    }
}

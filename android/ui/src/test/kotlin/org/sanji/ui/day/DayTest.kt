package org.sanji.ui.day

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.ui.SchoolWeek
import org.sanji.ui.await
import org.sanji.ui.inWorld

class DayTest {
    @Test fun `a week is its days so far, newest first, each with its sentence`() = inWorld {
        val week = SchoolWeek(this)
        val model = WeekModel(week.teacher.here(), scope)
        val days = model.state.await { it.postings != null }.postings!!.single().days
        assertEquals(listOf("2026-03-06", "2026-03-05", "2026-03-04", "2026-03-03", "2026-03-02"), days.map { it.date })
        assertEquals(listOf("in_progress", "present", "needs_correction", "irregular", "present"), days.map { it.said.status })
        assertEquals("迟到 12 分", days[3].said.sentence)
        model.turn(1)
        assertEquals("2026-03-02", model.state.value.monday)
        model.turn(-1)
        assertEquals(7, model.state.await { it.postings != null && it.monday == "2026-02-23" }.postings!!.single().days.size)
    }

    @Test fun `a day says why, with the clause and its words`() = inWorld {
        val week = SchoolWeek(this)
        val posting = week.teacher.ask { owner() }.postings.single().posting
        val model = DayModel(week.teacher.here(), scope, posting, "2026-03-03")
        val said = model.state.await { it.said != null }.said!!
        val late = said.reasons.single { "迟到" in it.text }
        assertTrue(late.clause != null && late.source != null) { "$late" }
        model.turn(1)
        assertEquals(3, model.state.await { it.date == "2026-03-04" && it.day != null }.day!!.checks.size)
        model.turn(3)
        assertEquals("2026-03-04", model.state.value.date)
    }

    @Test fun `another language says the same day in other words`() = inWorld {
        val week = SchoolWeek(this)
        val posting = week.teacher.ask { owner() }.postings.single().posting
        val said = DayModel(week.teacher.here(Language.EN), scope, posting, "2026-03-03").state.await { it.said != null }.said!!
        assertEquals("12 min late", said.sentence)
    }

    @Test fun `a remark is kept, and one that is too long is not`() = inWorld {
        val phone = phone(Relay.TEACHER)
        val posting = phone.ask { owner() }.postings.single().posting
        val model = DayModel(phone.here(), scope, posting, "2026-03-02").apply { setNote("上午在乡里开会") }
        model.sendNote()
        assertEquals("", model.state.await { it.noted }.note)
        model.setNote("长".repeat(20_000))
        model.sendNote()
        assertEquals("problem-too_long", model.state.await { it.trouble != null }.trouble?.key)
    }

    @Test fun `a tap is taken back from the day too, and after five minutes it says what else can be done`() = inWorld {
        val phone = phone(Relay.TEACHER)
        val posting = phone.ask { owner() }.postings.single().posting
        phone.ask { check(null, Direction.CHECK_IN, null) }
        val model = DayModel(phone.here(), scope, posting, "2026-03-02")
        val check = model.state.await { it.day?.checks?.size == 1 }.day!!.checks.single()
        model.undo(check)
        model.state.await { it.day?.checks?.isEmpty() == true }
        assertNull(model.state.value.trouble)
        val late = phone.ask { check(null, Direction.CHECK_IN, null); day(posting, "2026-03-02") }.checks.single()
        phone.network.on = false
        clock.on(301)
        model.undo(late)
        assertEquals("error-too_late", model.state.await { it.trouble != null }.trouble?.key)
    }
}

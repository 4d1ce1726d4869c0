package org.sanji.ui.day

import org.junit.jupiter.api.Test
import org.sanji.ui.Gallery
import org.sanji.ui.SchoolWeek
import org.sanji.ui.Screen
import org.sanji.ui.await
import org.sanji.ui.inWorld

class DayPictures {
    @Test fun `a week and its days`() = inWorld {
        val week = SchoolWeek(this)
        week.askCorrection()
        val phone = week.teacher
        Gallery.tab("week", Screen.Week, { WeekModel(phone.here(it), scope).also { made -> made.state.await { it.postings != null } } }) { WeekScreen(it) {} }
        val posting = phone.ask { owner() }.postings.single().posting
        for (day in listOf("2026-03-03", "2026-03-04", "2026-03-05")) {
            Gallery.draw("day-$day", 1_250, { DayModel(phone.here(it), scope, posting, day).also { made -> made.state.await { it.said != null } } }) {
                DayScreen(it, {}) { _, _ -> }
            }
        }
    }
}

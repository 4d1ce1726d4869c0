package org.sanji.ui

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import java.time.DayOfWeek
import java.time.LocalDate
import java.time.ZoneId
import java.time.temporal.TemporalAdjusters

class DatesTest {
    @Test fun `dates are the calendar's, over leap years and centuries`() {
        var day = LocalDate.of(1999, 12, 25)
        while (day.year < 2101) {
            val text = "$day"
            assertEquals("${day.plusDays(1)}", Dates.plus(text, 1))
            assertEquals("${day.minusDays(40)}", Dates.plus(text, -40))
            assertEquals("${day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))}", Dates.monday(text))
            assertEquals(day.atTime(8, 30).atZone(ZoneId.of("Asia/Shanghai")).toEpochSecond(), Dates.instant(text, "08:30"))
            day = day.plusDays(9)
        }
    }

    @Test fun `an instant is a day and a time of Shanghai, whatever the phone says`() {
        assertEquals("2026-03-02" to "00:30", 1_772_382_600L.let { Dates.day(it) to Dates.time(it) })
        assertEquals("1970-01-01" to "07:59", (-1L).let { Dates.day(it) to Dates.time(it) })
    }

    @Test fun `what is typed is read as people type it`() {
        for (typed in listOf("2026-03-02", "2026-3-2", "20260302", "2026年3月2日", " 2026/3/2 ")) assertEquals("2026-03-02", Dates.normal(typed))
        for (typed in listOf("08:30", "8:30", "0830", "830", "8点30分", "8:30")) assertEquals(8 to 30, Dates.clock(typed), typed)
        assertEquals(24 to 0, Dates.clock("24:00"))
    }

    @Test fun `nonsense is no date and no time`() {
        for (typed in listOf("", "明天", "2026-02-30", "2026-13-01", "2025-02-29", "3-2", "202632")) assertNull(Dates.normal(typed), typed)
        for (typed in listOf("", "25:00", "8:60", "24:01", "上午", "8", "25点")) assertNull(Dates.clock(typed), typed)
        assertNull(Dates.instant("2026-02-30", "08:00"))
    }
}

package org.sanji.ui

/**
 * Days and clock times as screens need them: the calendar's dates as text (`2026-03-02`) and the time of Asia/Shanghai, which has no
 * summer time. (java.time is not on the oldest phones.)
 */
object Dates {
    private const val DAY = 86_400L
    private const val EAST = 8 * 3_600L

    /** The day of an instant. */
    fun day(secs: Long): String = text((secs + EAST).floorDiv(DAY))

    /** `08:31` of an instant. */
    fun time(secs: Long): String {
        val minutes = (secs + EAST).mod(DAY) / 60
        return "${two(minutes / 60)}:${two(minutes % 60)}"
    }

    /** A day so many days later; earlier if negative. The day must be one. */
    fun plus(day: String, days: Int): String = text(number(checkNotNull(normal(day))) + days)

    /** The Monday of a day's week. The day must be one. */
    fun monday(day: String): String {
        val number = number(checkNotNull(normal(day)))
        return text(number - (number + 3).mod(7L))
    }

    /** The instant of a day and a clock time; absent if one of them isn't one. 24:00 is the end of the day. */
    fun instant(day: String, time: String): Long? {
        val date = normal(day) ?: return null
        val (hour, minute) = clock(time) ?: return null
        return number(date) * DAY + hour * 3_600L + minute * 60L - EAST
    }

    /** What somebody typed as a day, as text of a day: `2026-3-2` and `20260302` are one too. */
    fun normal(typed: String): String? {
        val found = Regex("(\\d{4})\\D*(\\d{1,2})\\D+(\\d{1,2})\\D*|(\\d{4})(\\d{2})(\\d{2})").matchEntire(typed.trim()) ?: return null
        val (year, month, dayOf) = found.groupValues.drop(1).filter { it.isNotEmpty() }.map { it.toInt() }
        val text = "$year-${two(month.toLong())}-${two(dayOf.toLong())}"
        return text.takeIf { month in 1..12 && dayOf in 1..31 && text(number(text)) == text }
    }

    /** What somebody typed as a time, as hour and minute: `8:30`, `0830` and `8点30` are one. */
    fun clock(typed: String): Pair<Int, Int>? {
        val found = Regex("(\\d{1,2})\\D+(\\d{1,2})\\D*|(\\d{1,2})(\\d{2})").matchEntire(typed.trim()) ?: return null
        val (hour, minute) = found.groupValues.drop(1).filter { it.isNotEmpty() }.map { it.toInt() }
        return (hour to minute).takeIf { hour in 0..23 && minute in 0..59 || hour == 24 && minute == 0 }
    }

    /** What somebody typed as a time, as `08:30`; absent if it is none of a day's. */
    fun normalTime(typed: String): String? = clock(typed)?.takeIf { it.first < 24 }?.let { (hour, minute) -> "${two(hour.toLong())}:${two(minute.toLong())}" }

    private fun two(number: Long) = "$number".padStart(2, '0')

    /** Days since 1970-01-01, in the calendar's eras of 400 years that begin in March. */
    private fun number(day: String): Long {
        val (year, month, dayOf) = day.split('-').map { it.toLong() }
        val y = if (month <= 2) year - 1 else year
        val era = y.floorDiv(400L)
        val ofEra = y - era * 400
        val ofYear = (153 * (month + (if (month > 2) -3 else 9)) + 2) / 5 + dayOf - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    private fun text(number: Long): String {
        val z = number + 719_468
        val era = z.floorDiv(146_097L)
        val ofEra = z - era * 146_097
        val year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        val ofYear = ofEra - (365 * year + year / 4 - year / 100)
        val m = (5 * ofYear + 2) / 153
        val month = if (m < 10) m + 3 else m - 9
        return "${year + era * 400 + (if (month <= 2) 1 else 0)}-${two(month)}-${two(ofYear - (153 * m + 2) / 5 + 1)}"
    }
}

package org.sanji.ui

import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.phone.LeaveRequest
import org.sanji.phone.StatedCheck

/** A teacher's week as it goes: on time, late, a forgotten check-out, half a day of sick leave; on Friday it is 11:12. */
class SchoolWeek(val world: World) {
    val teacher = world.phone(Relay.TEACHER)
    val principal = world.phone(Relay.PRINCIPAL)

    init {
        tap("2026-03-02 08:24", Direction.CHECK_IN)
        tap("2026-03-02 11:33", Direction.CHECK_OUT)
        tap("2026-03-02 14:25", Direction.CHECK_IN)
        tap("2026-03-02 17:04", Direction.CHECK_OUT)
        tap("2026-03-03 08:42", Direction.CHECK_IN)
        tap("2026-03-03 11:31", Direction.CHECK_OUT)
        tap("2026-03-03 14:28", Direction.CHECK_IN)
        tap("2026-03-03 17:10", Direction.CHECK_OUT)
        tap("2026-03-04 08:21", Direction.CHECK_IN)
        tap("2026-03-04 11:32", Direction.CHECK_OUT)
        tap("2026-03-04 14:29", Direction.CHECK_IN)
        world.clock.to("2026-03-04 19:00")
        ask("sick", "2026-03-05 14:00", "2026-03-05 18:00", "去县医院复查")
        ask("personal", "2026-03-12 00:00", "2026-03-13 00:00", "家里有事")
        both()
        // The older of both is decided, the newer waits.
        val first = principal.ask { pending() }.minBy { (it.asked as org.sanji.phone.AskedLeave).fromSecs }
        principal.ask { decideLeave(first.entry, true, null) }
        tap("2026-03-05 08:27", Direction.CHECK_IN)
        tap("2026-03-05 11:35", Direction.CHECK_OUT)
        tap("2026-03-06 08:26", Direction.CHECK_IN)
        world.clock.to("2026-03-06 11:12")
        both()
        teacher.sync()
    }

    fun tap(moment: String, direction: Direction) {
        world.clock.to(moment)
        teacher.ask { check(null, direction, null) }
    }

    fun ask(kind: String, from: String, to: String, reason: String) {
        teacher.ask { applyLeave(null, LeaveRequest(kind, at(from), at(to), reason, null)) }
    }

    /** The teacher asks for the check-out that was forgotten on Wednesday. */
    fun askCorrection() {
        val out = StatedCheck(Direction.CHECK_OUT, at("2026-03-04 17:05"))
        teacher.ask { requestCorrection(null, "2026-03-04", listOf(out), emptyList(), "手机没电,17:05 离校", null) }
    }

    /** Everything of one is known to the other. */
    fun both() = listOf(teacher, principal, teacher).forEach { it.sync() }

    companion object {
        fun at(moment: String): Long = checkNotNull(Dates.instant(moment.take(10), moment.drop(11)))
    }
}

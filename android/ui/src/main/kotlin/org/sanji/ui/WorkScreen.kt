package org.sanji.ui

import org.sanji.phone.Entry

/** The screens of a school's work beyond one's own days: service, visits, and what its principal does. */
sealed class WorkScreen(private val name: String, private vararg val about: String?) : Screen {
    override val parts get() = listOf(name) + about.map { it.orEmpty() }

    /** After-school service of a school. */
    data class Service(val school: String) : WorkScreen("service", school)

    /** The plan of a term, or the given one that is changed. */
    data class ServicePlan(val school: String, val plan: Entry?) : WorkScreen("plan", school, *of(plan))

    /** A session that is recorded, or the given one that is amended. */
    data class Session(val school: String, val session: Entry?) : WorkScreen("session", school, *of(session))

    /** The handover at the end of a session. */
    data class Handover(val school: String, val session: Entry) : WorkScreen("handover", school, *of(session))

    data object Visits : WorkScreen("visits")

    /** A visit that is planned, or the given one whose plan is changed. */
    data class VisitPlan(val document: String?) : WorkScreen("visit_plan", document)

    data class Visit(val document: String) : WorkScreen("visit", document)

    /** One of the four parts. */
    data class VisitPart(val document: String, val part: String) : WorkScreen("visit_part", document, part)

    /** A lesson that is observed, or the given one that is changed. */
    data class Lesson(val document: String, val lesson: Entry?) : WorkScreen("lesson", document, *of(lesson))

    /** A visit as QR codes for its host. */
    data class VisitCodes(val document: String) : WorkScreen("visit_codes", document)

    /** The host's side of it. */
    data object VisitScan : WorkScreen("visit_scan")

    /** The school now. */
    data class SchoolNow(val school: String) : WorkScreen("school", school)

    /** A colleague's day. */
    data class ColleagueDay(val school: String, val posting: String, val day: String) : WorkScreen("colleague_day", school, posting, day)

    /** A check for somebody who could not. */
    data class OnBehalf(val posting: String, val day: String) : WorkScreen("on_behalf", posting, day)

    /** A colleague's day that is corrected. */
    data class CorrectDay(val posting: String, val day: String) : WorkScreen("correct", posting, day)

    data object Queue : WorkScreen("queue")

    data object Conflicts : WorkScreen("conflicts")

    data object NotCounted : WorkScreen("not_counted")

    data object Asking : WorkScreen("asking")

    data class Publish(val school: String) : WorkScreen("publish", school)

    data class KioskOut(val school: String) : WorkScreen("kiosk_out", school)

    data class People(val school: String) : WorkScreen("people", school)

    data class Colleague(val school: String, val posting: String) : WorkScreen("colleague", school, posting)

    /** Somebody new, or a row of the roster that is changed. */
    data class RosterRow(val school: String, val posting: String?) : WorkScreen("roster_row", school, posting)

    /** Flexible hours for a colleague. */
    data class Flexible(val school: String, val posting: String) : WorkScreen("flexible", school, posting)

    /** A school's own settings. */
    data class Profile(val school: String) : WorkScreen("profile", school)

    /** A pass for a colleague's phone, or, without one, for the school's kiosk. */
    data class Pass(val school: String, val posting: String?) : WorkScreen("pass", school, posting)

    /** A PIN for somebody without a phone. */
    data class Pin(val school: String, val posting: String) : WorkScreen("pin", school, posting)

    companion object {
        private fun of(entry: Entry?): Array<String> = with(Screen) { entry.parts() }.toTypedArray()

        /** The screen of such parts; absent if it is none of this version's. */
        fun of(parts: List<String>): WorkScreen? {
            fun part(at: Int) = parts.getOrNull(at).orEmpty()
            fun entry(from: Int) = Screen.entry(parts.drop(from))
            return when (parts.first()) {
                "service" -> Service(part(1))
                "plan" -> ServicePlan(part(1), entry(2))
                "session" -> Session(part(1), entry(2))
                "handover" -> entry(2)?.let { Handover(part(1), it) }
                "visits" -> Visits
                "visit_plan" -> VisitPlan(part(1).ifEmpty { null })
                "visit" -> Visit(part(1))
                "visit_part" -> VisitPart(part(1), part(2))
                "lesson" -> Lesson(part(1), entry(2))
                "visit_codes" -> VisitCodes(part(1))
                "visit_scan" -> VisitScan
                "school" -> SchoolNow(part(1))
                "colleague_day" -> ColleagueDay(part(1), part(2), part(3))
                "on_behalf" -> OnBehalf(part(1), part(2))
                "correct" -> CorrectDay(part(1), part(2))
                "queue" -> Queue
                "conflicts" -> Conflicts
                "not_counted" -> NotCounted
                "asking" -> Asking
                "publish" -> Publish(part(1))
                "kiosk_out" -> KioskOut(part(1))
                "people" -> People(part(1))
                "colleague" -> Colleague(part(1), part(2))
                "roster_row" -> RosterRow(part(1), part(2).ifEmpty { null })
                "flexible" -> Flexible(part(1), part(2))
                "profile" -> Profile(part(1))
                "pass" -> Pass(part(1), part(2).ifEmpty { null })
                "pin" -> Pin(part(1), part(2))
                else -> null
            }
        }
    }
}

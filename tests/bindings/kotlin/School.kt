package org.sanji.checks

import kotlinx.coroutines.runBlocking
import org.sanji.core.Asked
import org.sanji.core.Direction
import org.sanji.core.Fix
import org.sanji.core.Instructor
import org.sanji.core.Language
import org.sanji.core.LeaveRequest
import org.sanji.core.Matter
import org.sanji.core.News
import org.sanji.core.Observation
import org.sanji.core.Participant
import org.sanji.core.PhoneException
import org.sanji.core.Place
import org.sanji.core.Profile
import org.sanji.core.ServicePlan
import org.sanji.core.Session
import org.sanji.core.Standing
import org.sanji.core.StatedCheck
import org.sanji.core.Tone
import org.sanji.core.VisitPlan
import org.sanji.core.Words
import java.time.DayOfWeek
import java.time.LocalDate
import java.time.ZoneId
import java.time.temporal.TemporalAdjusters

private val zone = ZoneId.of("Asia/Shanghai")
private val today: LocalDate get() = LocalDate.now(zone)

private fun secs(day: LocalDate, hour: Int) = day.atTime(hour, 0).atZone(zone).toEpochSecond()

/** A school's days: its teacher's phone and its principal's. */
class Two(val relay: Relay, val teacher: UsedPhone, val principal: UsedPhone) {
    val school = principal.owner().postings.single().school
    val posting = teacher.owner().postings.single().posting

    /** The teacher sends, the principal hears of it. */
    fun up() = listOf(teacher, principal).forEach(::sync)

    /** The principal sends, the teacher hears of it. */
    fun down() = listOf(principal, teacher).forEach(::sync)

    fun sync(phone: UsedPhone) = runBlocking { same(phone.syncNow().run { unsent to offline }, 0uL to null) }
}

fun two(body: Two.() -> Unit) = relay { relay ->
    Pocket().open().use { teacher ->
        Pocket().open().use { principal ->
            runBlocking {
                teacher.enrol(relay.invite(Relay.TEACHER).first)
                principal.enrol(relay.invite(Relay.PRINCIPAL).first)
                teacher.syncNow()
                principal.syncNow()
            }
            Two(relay, teacher, principal).body()
        }
    }
}

/** What teachers and principals do with each other. */
val schoolChecks: Map<String, () -> Unit> = linkedMapOf(
    "a phone knows whose it is, its days and its school" to {
        two {
            val owner = teacher.owner()
            same(owner.postings.single().run { listOf(name, role, schoolName) }, listOf(Relay.TEACHER, "staff", Relay.SCHOOL))
            same(owner.relays, listOf(relay.address))
            same(teacher.placeWanted(posting), false)
            val place = teacher.place(posting, Fix(27.119, 104.727, 12u, false))
            same(place, Place(null, 12u, false))
            teacher.check(posting, Direction.CHECK_IN, place)
            same(teacher.day(null, "$today").checks.size, 1)
            val monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
            same(teacher.week(null, "$monday").size, 7)
            same(fails<PhoneException.Invalid> { teacher.week(null, "soon") }.field, "monday")
            up()
            same(principal.schoolDay(school, "$today").map { it.name }.toSet(), setOf(Relay.TEACHER, Relay.PRINCIPAL))
            val rows = principal.roster(school, "$today")
            same(principal.nameOf(school, rows.first { it.posting == posting }.person, "$today"), Relay.TEACHER)
            val said = teacher.daySaid(null, "$today", Language.ZH)
            same(teacher.todaySaid(Language.ZH).said.map { it.posting to it.dateLine }, listOf(posting to said.dateLine))
            same(said.dateLine to said.name, Words(Language.ZH).day("$today") to Relay.SCHOOL)
            check(said.sentence.isNotEmpty() && said.reasons.none { it.text.isEmpty() }) { "$said" }
            same(principal.colleagueChecks(posting, "$today").map { it.direction }, listOf(Direction.CHECK_IN))
            val days = principal.schoolDaySaid(school, "$today", Language.ZH)
            same(days.first { it.posting == posting }.run { name to sentence }, Relay.TEACHER to said.sentence)
            same(teacher.sendingSaid(Language.ZH).run { Triple(text, tone, unsent) }, Triple("全部已送达", Tone.CALM, 0uL))
            check(teacher.storageBytes() > 0uL)
            check(Relay.TEACHER !in teacher.diagnostics() && "standing: fine" in teacher.diagnostics())
        }
    },
    "a leave that was asked offline is decided on another phone and seen" to {
        two {
            val kinds = teacher.leaveKinds(school)
            check(teacher.nextWorkingDay() > teacher.now().date) { teacher.nextWorkingDay() }
            same(teacher.now().date, teacher.today().date)
            check(kinds.any { it.code == "sick" && it.zh.isNotEmpty() && it.en.isNotEmpty() }) { "$kinds" }
            relay.stop()
            val day = today.plusDays(1)
            val first = LeaveRequest("sick", secs(day, 8), secs(day, 12), "看病", ByteArray(20_000) { 7 })
            val asked = teacher.applyLeave(null, first)
            val backwards = fails<PhoneException.Invalid> { teacher.applyLeave(null, first.copy(toSecs = first.fromSecs)) }
            same(backwards.field to backwards.problem, "to" to "leave_backwards")
            same(teacher.leaves(null).single().pieces.single().decision, "pending")
            relay.start()
            up()
            val pending = principal.pending().single()
            val leave = pending.asked as Asked.Leave
            val reason = runBlocking { principal.picture(pending.entry.document, checkNotNull(leave.reason)) }
            same(reason?.decodeToString(), "看病")
            val certificate = runBlocking { principal.picture(pending.entry.document, checkNotNull(leave.certificate)) }
            same(certificate?.size, 20_000)
            val said = principal.sayEntry(pending.entry, school, Language.ZH)
            check("病假" in said.says) { "$said" }
            same(said.person, teacher.owner().person)
            same(fails<PhoneException.Invalid> { principal.decideLeave(pending.entry, false, " ") }.problem, "reason_needed")
            val before = used(teacher.affairs())
            check(before.calls.waiting() && !used(principal.affairs()).calls.waiting())
            principal.decideLeave(pending.entry, true, null)
            down()
            val title = Words(Language.ZH).text("notice-leave-approved")
            same(teacher.news(before.target, Language.ZH), listOf(News(Matter.LEAVE, title, null)))
            same(teacher.news(teacher.affairs(), Language.ZH), emptyList<News>())
            same(teacher.leaves(null).single().pieces.map { it.decision }, listOf("approved"))
            teacher.changeLeave(asked, first.copy(toSecs = secs(day, 10)))
            teacher.returnFromLeave(teacher.leaves(null).single().entry, secs(day, 9))
            val other = teacher.applyLeave(null, first.copy(fromSecs = secs(day, 14), toSecs = secs(day, 17)))
            teacher.withdrawLeave(other)
            check(teacher.leaves(null).any { it.withdrawn }) { "${teacher.leaves(null)}" }
            up()
            same(principal.pending().size, 0)
        }
    },
    "corrections are asked for and decided, and what doesn't count is lifted" to {
        two {
            val day = today.minusDays(3)
            val checks = listOf(StatedCheck(Direction.CHECK_IN, secs(day, 8)), StatedCheck(Direction.CHECK_OUT, secs(day, 12)))
            teacher.requestCorrection(null, "$day", checks, emptyList(), "忘记签到", null)
            teacher.note(null, "$day", "停电")
            teacher.planService(school, ServicePlan("$today", "${today.plusDays(9)}", listOf("足球"), null), null)
            up()
            principal.decideCorrection(principal.pending().single().entry, true, null)
            val flagged = principal.flagged().single()
            same(flagged.reason to flagged.posting, "no_authority" to null)
            principal.liftFlag(flagged.entry, "情况属实")
            principal.correct(posting, "${day.minusDays(2)}", checks.map { it.copy(atSecs = it.atSecs - 2 * 86_400) }, emptyList(), "当天在县里开会")
            principal.checkOnBehalf(posting, Direction.CHECK_OUT, secs(day.minusDays(1), 12), "手机没电")
            val flexible = principal.grantFlexible(posting, "$today", "${today.plusDays(5)}", "送考", null)
            principal.grantFlexible(posting, "$today", "${today.plusDays(6)}", "送考", flexible)
            same(principal.flexibleHours(posting).map { Triple(it.from, it.to, it.ground) }, listOf(Triple("$today", "${today.plusDays(6)}", "送考")))
            down()
            same(teacher.corrections(null).single().run { decision to checks.size }, "approved" to 2)
            same(teacher.flagged().size, 0)
            same(teacher.day(null, "$day").checks.size, 2)
        }
    },
    "after-school service is planned, recorded, amended and handed over" to {
        two {
            check(teacher.serviceContents(school).any { it.code == "reading" })
            check(teacher.forbiddenContents(school).any { it.code == "make_up_lesson" })
            val plan = ServicePlan("${today.minusDays(20)}", "${today.plusDays(20)}", listOf("阅读", "足球"), null)
            val filed = principal.planService(school, plan, null)
            principal.planService(school, plan.copy(projects = listOf("阅读")), filed)
            down()
            val session = Session("$today", "16:00", "18:00", "reading", "primary", listOf(Instructor(posting, null, false, true)), 32u, "阅读")
            val wrong = fails<PhoneException.Invalid> { teacher.recordSession(school, session.copy(content = "sleeping")) }
            same(wrong.field, "content")
            val recorded = teacher.recordSession(school, session)
            val amended = teacher.amendSession(recorded, session.copy(pupils = 31u))
            teacher.handOver(amended, null, 31u, "家长都已接走")
            up()
            val shown = principal.service(school, "$today")
            same(shown.plans.map { it.plan.projects }, listOf(listOf("阅读")))
            same(shown.sessions.single().let { it.session.pupils to it.handedOver }, 31u to true)
            principal.comment(recorded.document, listOf(shown.sessions.single().entry), "很好")
        }
    },
    "a visit is kept by two people, and its host signs, with and without a network" to {
        two {
            val head = checkNotNull(principal.owner().person)
            val plan = VisitPlan("drop_in_observation", "$today", school, visitors = listOf(head))
            check(teacher.schools("$today").any { it.school == school && it.name == Relay.SCHOOL })
            val visit = teacher.planVisit(plan)
            teacher.changeVisit(visit, plan.copy(announced = true))
            teacher.openVisit(visit)
            teacher.writePart(visit, "plan", "听一节语言课")
            teacher.setPeople(visit, listOf(Participant(null, "张老师", "陪同")))
            val seen = Observation(posting, "语言", "节奏清楚", "良好", 40u)
            val observed = teacher.observe(visit, seen, null)
            teacher.observe(visit, seen.copy(grade = "优秀"), observed)
            val picture = teacher.addPicture(visit, ByteArray(9_000) { 3 }, "课堂")
            teacher.addVisitNote(visit, "下周再来")
            teacher.shareVisit(visit, principal.owner().postings.map { it.posting })
            up()
            same(runBlocking { principal.picture(visit, picture) }?.size, 9_000)
            principal.answerVisit(visit, "谢谢")
            teacher.writePart(visit, "record", "孩子们很投入")
            principal.writePart(visit, "record", "节奏可以再慢一点")
            up()
            down()
            val rivals = teacher.conflicts(school, Language.ZH).single()
            same(rivals.size, 2)
            check(rivals.any { "很投入" in it.says } && rivals.any { "再慢一点" in it.says }) { "$rivals" }
            teacher.writePart(visit, "record", "孩子们很投入,节奏可以再慢一点")
            teacher.closeVisit(visit, 45u)
            up()
            principal.countersign(visit, "情况属实")
            down()
            val shown = teacher.visit(visit)
            same(shown.run { listOf(opened, closed, conflict) }, listOf(true, true, false))
            same(shown.run { listOf(parts.size, people.size, observations.size, pictures.size, notes.size, answers.size) }, listOf(2, 1, 1, 1, 1, 1))
            same(shown.countersigns.single().run { listOf(changed, unseen) }, listOf(0u, 0u))

            relay.stop()
            val second = teacher.planVisit(plan.copy(kind = "open_day", visitors = emptyList()))
            teacher.openVisit(second)
            val codes = teacher.showVisit(second)
            same(principal.readVisit(codes).plan?.kind, "open_day")
            principal.countersignShown(codes, null)
            relay.start()
            down()
            down()
            same(teacher.visit(second).countersigns.single().unseen, 0u)
            same(teacher.visits("$today").map { it.document }.toSet(), setOf(visit, second))
        }
    },
    "a principal keeps roster and profile, publishes a week, and lets a newcomer in without a network" to {
        two {
            val profile = Profile("$today", null, "16:00", emptyList(), "2026-1")
            val moved = fails<PhoneException.Invalid> { principal.setProfile(school, profile.copy(windows = listOf("08:30", "11:30"))) }
            same(moved.field to moved.problem, "windows" to "windows")
            check(principal.setProfile(school, profile) != null && principal.setProfile(school, profile) == null)
            same(principal.profile(school, "$today").run { Triple(boarding, dismissal, rulesVersion) }, Triple(false, "16:00", "2026-1"))
            same(principal.profile(school, "$today").run { shiftsWindows to windows }, false to emptyList<String>())
            relay.stop()
            val new = principal.addNewcomer(school, "赵新来", "staff", "$today", true)
            Pocket().open().use { phone ->
                val pass = principal.makePass(phone.deviceKey(), school, new.person, new.posting)
                same(fails<PhoneException.Invalid> { principal.makePass("ABC", school, null, null) }.field, "device_key")
                same(fails<PhoneException.Invalid> { teacher.enrolWithPass(pass) }.code, "invalid")
                phone.enrolWithPass(pass)
                phone.check(null, Direction.CHECK_IN, null)
                relay.start()
                down()
                sync(phone)
                down()
                sync(phone)
                same(phone.owner().postings.single().name, "赵新来")
            }
            val row = principal.roster(school, "$today").first { it.name == "赵新来" }
            principal.setRoster(school, row.copy(name = "赵欣来"))
            down()
            check(teacher.roster(school, "$today").any { it.name == "赵欣来" })
            val monday = today.with(TemporalAdjusters.previous(DayOfWeek.MONDAY)).minusDays(7)
            same(principal.weekDue(school), null)
            same(principal.weekToPublish(school, "$monday").run { publishedSecs to missing }, null to emptyList<String>())
            principal.publishWeek(school, "$monday")
            check(principal.weekToPublish(school, "$monday").publishedSecs != null)
            same(fails<PhoneException.Invalid> { principal.publishWeek(school, "${monday.plusDays(1)}") }.problem, "not_monday")
            sync(principal)
        }
    },
    "a kiosk knows a person by their PIN and shows their last taps" to {
        two {
            Pocket().open().use { kiosk ->
                runBlocking { kiosk.enrol(relay.inviteKiosk()) }
                sync(kiosk)
                same(kiosk.owner().kiosk, school)
                same(kiosk.standing(), Standing.Fine)
                same(kiosk.owner().person, null)
                down()
                val device = teacher.kiosks(school).single()
                same(fails<PhoneException.Invalid> { teacher.setPin(null, "12") }.problem, "pin_shape")
                same(teacher.setPin(null, "2468").size, 1)
                sync(teacher)
                sync(kiosk)
                check(kiosk.kioskPeople().single { it.posting == posting }.hasPin)
                val first = kiosk.kioskCheck(posting, "2468", Direction.CHECK_IN)
                kiosk.kioskVoid(first, "2468")
                val second = kiosk.kioskCheck(posting, "2468", Direction.CHECK_IN)
                same(kiosk.kioskTaps(posting, "2468", 5u).map { it.entry }, listOf(second))
                same(fails<PhoneException.Invalid> { kiosk.kioskTaps(posting, "1357", 5u) }.problem, "pin_wrong")
                sync(kiosk)
                principal.kioskOutOfOrder(school, device, "$today", "停电")
                sync(principal)
            }
        }
    },
)

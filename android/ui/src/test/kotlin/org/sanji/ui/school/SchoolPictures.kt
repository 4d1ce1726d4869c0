package org.sanji.ui.school

import org.junit.jupiter.api.Test
import org.sanji.phone.Direction
import org.sanji.phone.LeaveRequest
import org.sanji.phone.ServicePlan
import org.sanji.phone.StatedCheck
import org.sanji.ui.Gallery
import org.sanji.ui.Given
import org.sanji.ui.SchoolWeek.Companion.at
import org.sanji.ui.SchoolWork
import org.sanji.ui.Screen
import org.sanji.ui.WaitsModel
import org.sanji.ui.WaitsOnToday
import org.sanji.ui.WorkMenu
import org.sanji.ui.await
import org.sanji.ui.inWorld
import org.sanji.ui.settings.MoreScreen
import org.sanji.ui.today.TodayModel
import org.sanji.ui.today.TodayScreen
import org.sanji.ui.today.TodayState

class SchoolPictures {
    @Test fun `a principal's morning`() = inWorld {
        val work = SchoolWork(this)
        val (principal, teacher) = work.principal to work.teacher
        val colleague = phone(work.colleague)
        val own = principal.ask { owner() }.postings.single().posting
        clock.to("2026-03-02 08:20")
        colleague.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-02 08:24")
        principal.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-02 08:43")
        teacher.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-02 11:36")
        colleague.ask { check(null, Direction.CHECK_OUT, null) }
        clock.to("2026-03-08 20:00")
        teacher.ask { applyLeave(null, LeaveRequest("sick", at("2026-03-09 00:00"), at("2026-03-10 00:00"), "发烧,去县医院", SchoolWork.photo)) }
        val out = StatedCheck(Direction.CHECK_OUT, at("2026-03-02 17:05"))
        colleague.ask { requestCorrection(null, "2026-03-02", listOf(out), emptyList(), "手机没电,17:05 离校", null) }
        teacher.ask { checkOnBehalf(work.posting, Direction.CHECK_OUT, at("2026-03-02 17:00"), "忘记签退") }
        teacher.ask { planService(work.school, ServicePlan("2026-03-09", "2026-07-03", listOf("足球"), null), null) }
        colleague.sync()
        work.up()
        principal.ask { decideLeave(pending().first { it.posting == work.posting }.entry, true, null) }
        teacher.ask { applyLeave(null, LeaveRequest("personal", at("2026-03-12 00:00"), at("2026-03-13 00:00"), "家里有事", SchoolWork.photo)) }
        val session = teacher.ask { recordSession(work.school, work.session(date = "2026-03-06")) }
        work.up()
        teacher.ask { amendSession(session, work.session(date = "2026-03-06").copy(pupils = 27u)) }
        principal.ask { amendSession(session, work.session(date = "2026-03-06").copy(pupils = 30u)) }
        work.up()
        clock.to("2026-03-09 08:21")
        colleague.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-09 08:26")
        principal.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-09 11:12")
        colleague.sync()
        principal.sync()

        val waits = WaitsModel(principal.here(), scope).also { made -> made.state.await { it.queue == 2 && it.conflicts == 1 } }
        Gallery.draw("today-principal", 760, { TodayModel(principal.here(it), scope, principal.ask { records() }).also { made -> made.state.await(TodayState::loaded) } }) {
            TodayScreen(it, { WaitsOnToday(waits) {} }) {}
        }
        Gallery.draw("menu-principal", 1_300, { it }) { MoreScreen({ WorkMenu(waits) {} }) {} }
        val alone = WaitsModel(teacher.here(), scope).also { made -> made.state.await { it.schools.isNotEmpty() } }
        Gallery.tab("menu-teacher", Screen.More, { it }) { MoreScreen({ WorkMenu(alone) {} }) {} }

        Gallery.draw("school-now", model = { SchoolNowModel(principal.here(it), scope, work.school).also { made -> made.state.await { it.days != null } } }) {
            SchoolNowScreen(it, work.school, {}) {}
        }
        Gallery.draw("colleague-day", 1_250, {
            ColleagueDayModel(principal.here(it), scope, work.school, work.postingOf(work.colleague), "2026-03-02").also { made -> made.state.await { it.said != null } }
        }) { ColleagueDayScreen(it, own, {}) {} }
        Gallery.draw("on-behalf", 900, {
            OnBehalfModel(principal.here(it), scope, work.posting, "2026-03-09").apply {
                edit { fields -> fields.copy(time = "8点") }
                save()
            }
        }) { OnBehalfScreen(it) {} }
        Gallery.draw("correct-day", 900, {
            CorrectDayModel(principal.here(it), scope, work.posting, "2026-03-02").apply {
                state.await { it.fields.checks.isNotEmpty() }
                addMissing()
                save()
            }
        }) { CorrectDayScreen(it) {} }
        Gallery.draw("queue", 1_400, {
            QueueModel(principal.here(it), scope).apply {
                state.await { state -> state.waiting?.size == 2 && state.reasons.size == 1 }
                val leave = state.value.waiting!!.single { one -> one.certificate != null }
                look(leave)
                refuse(state.value.waiting!!.single { one -> one.certificate == null })
                refuse(state.value.waiting!!.single { one -> one.certificate == null })
                state.await { state -> state.certificates.isNotEmpty() }
            }
        }) { QueueScreen(it) {} }
        Gallery.draw("conflicts", model = { ConflictsModel(principal.here(it), scope).also { made -> made.state.await { it.found?.size == 1 } } }) { ConflictsScreen(it) {} }
        Gallery.draw("not-counted", model = {
            NotCountedModel(principal.here(it), scope).apply {
                val one = state.await { state -> state.found?.size == 2 }.found!!.single { it.flagged.reason == "no_authority" }
                lift(one)
                lift(one)
            }
        }) { NotCountedScreen(it) {} }
        Gallery.draw("publish", model = { PublishModel(principal.here(it), scope, work.school).also { made -> made.state.await { it.missing != null } } }) { PublishScreen(it) {} }
        principal.ask { publishWeek(work.school, "2026-03-02") }
        Gallery.draw("published", model = { PublishModel(principal.here(it), scope, work.school).also { made -> made.state.await { it.publishedSecs != null } } }) { PublishScreen(it) {} }
        fun people(at: org.sanji.phone.Language) = PeopleModel(principal.here(at), scope, work.school).also { made -> made.state.await { it.people != null } }
        Gallery.draw("people", model = { people(it) }) { PeopleScreen(it, work.school, {}) {} }
        Gallery.draw("colleague", model = { people(it) }) { ColleagueScreen(it, work.school, work.posting, {}) {} }
        Gallery.draw("people-new", 800, { RosterRowModel(principal.here(it), scope, work.school, null).apply { save() } }) { RosterRowScreen(it) {} }
        Gallery.draw("roster-row", 900, {
            RosterRowModel(principal.here(it), scope, work.school, work.posting).apply {
                state.await { state -> state.fields.row != null }
                edit { fields -> fields.copy(to = "2026-01-01") }
                save()
            }
        }) { RosterRowScreen(it) {} }
        Gallery.draw("flexible", 900, {
            FlexibleModel(principal.here(it), scope, work.school, work.posting).apply {
                state.await { state -> state.fields.name != null }
                save()
            }
        }) { FlexibleScreen(it) {} }
        principal.ask { grantFlexible(work.posting, "2026-03-09", "2026-03-20", "照顾住院的老人", null) }
        Gallery.draw("flexible-granted", 1_000, {
            FlexibleModel(principal.here(it), scope, work.school, work.posting).apply {
                change(state.await { state -> state.fields.hours?.isNotEmpty() == true }.fields.hours!!.single())
            }
        }) { FlexibleScreen(it) {} }
        Gallery.draw("profile", 900, {
            ProfileModel(principal.here(it), scope, work.school).apply {
                state.await { state -> state.fields.stands != null }
                edit { fields -> fields.copy(dismissal = "四点") }
                save()
            }
        }) { ProfileScreen(it) {} }
        Gallery.draw("kiosk-out-none", model = { KioskOutModel(principal.here(it), scope, work.school).also { made -> made.state.await { it.fields.kiosks != null } } }) { KioskOutScreen(it) {} }
    }

    @Test fun `phones and kiosks`() = inWorld {
        val work = SchoolWork(this)
        val principal = work.principal
        Gallery.draw("asking-none", model = { AskingModel(principal.here(it), scope).also { made -> made.state.await { it.asking != null } } }) { AskingScreen(it) {} }
        work.kiosk()
        principal.sync()
        val posting = work.postingOf(work.colleague)
        Gallery.draw("kiosk-out", 800, {
            KioskOutModel(principal.here(it), scope, work.school).apply {
                state.await { state -> state.fields.kiosk != null }
                save()
            }
        }) { KioskOutScreen(it) {} }
        Gallery.draw("pin", model = {
            PinModel(principal.here(it), scope, work.school, posting).apply {
                state.await { state -> state.fields.hasKiosk == true }
                edit { fields -> fields.copy(pin = "1357", again = "1375") }
                save()
            }
        }) { PinScreen(it) {} }
        Gallery.draw("pass-scan", model = {
            principal.shell.scans += Given.Here("别的")
            PassModel(principal.here(it), scope, work.school, posting).apply {
                state.await { state -> state.name != null }
                scan()
                state.await(PassState::notAKey)
            }
        }) { PassScreen(it, false) {} }
        val fresh = phone()
        Gallery.draw("pass", 700, {
            principal.shell.scans += Given.Here(fresh.ask { deviceKey() })
            PassModel(principal.here(it), scope, work.school, posting).apply {
                state.await { state -> state.name != null }
                scan()
                state.await { state -> state.pass != null }
            }
        }) { PassScreen(it, false) {} }
        work.lostKey()
        Gallery.draw("asking", model = {
            AskingModel(principal.here(it), scope).apply {
                val one = state.await { state -> state.asking?.size == 1 }.asking!!.single()
                setDigits(one.device, "123")
                approve(one.device)
            }
        }) { AskingScreen(it) {} }
        relay.stop()
        Gallery.draw("asking-offline", model = { AskingModel(principal.here(it), scope).also { made -> made.state.await { it.offline } } }) { AskingScreen(it) {} }
    }
}

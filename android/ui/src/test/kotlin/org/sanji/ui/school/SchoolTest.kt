package org.sanji.ui.school

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.phone.LeaveRequest
import org.sanji.phone.ServicePlan
import org.sanji.phone.StatedCheck
import org.sanji.phone.Wording
import org.sanji.ui.Given
import org.sanji.ui.SchoolWeek.Companion.at
import org.sanji.ui.SchoolWork
import org.sanji.ui.WaitsModel
import org.sanji.ui.WorkScreen
import org.sanji.ui.await
import org.sanji.ui.correction.TypedCheck
import org.sanji.ui.county
import org.sanji.ui.inWorld
import org.sanji.ui.service.SessionFormModel

class SchoolTest {
    @Test fun `the school now counts who is in, on leave, and has not come`() = inWorld {
        val work = SchoolWork(this)
        work.teacher.ask { applyLeave(null, LeaveRequest("sick", at("2026-03-02 00:00"), at("2026-03-03 00:00"), "发烧", null)) }
        work.up()
        work.principal.ask { decideLeave(pending().single().entry, true, null) }
        clock.to("2026-03-02 08:31")
        work.principal.ask { check(null, Direction.CHECK_IN, null) }
        val state = SchoolNowModel(work.principal.here(), scope, work.school).state.await { it.sum?.leave == 1 }
        assertEquals(SchoolSum(1, 1, 2), state.sum)
        // Who has not come stands first, then everyone by name.
        assertEquals(listOf("刘敏", work.colleague), state.days!!.take(2).map { it.name })
        assertEquals(setOf(Relay.PRINCIPAL, Relay.TEACHER), state.days.drop(2).map { it.name }.toSet())
    }

    @Test fun `a colleague's day shows its checks, is recorded for them, and corrected with a reason`() = inWorld {
        val work = SchoolWork(this)
        clock.to("2026-03-02 08:31")
        work.teacher.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-02 12:10")
        work.up()
        val day = ColleagueDayModel(work.principal.here(), scope, work.school, work.posting, "2026-03-02")
        assertEquals(listOf(Direction.CHECK_IN), day.state.await { it.checks.isNotEmpty() }.checks.map { it.direction })
        val other = OnBehalfModel(work.principal.here(), scope, work.posting, "2026-03-02")
        other.edit { it.copy(direction = Direction.CHECK_OUT, time = "早上") }
        other.save()
        assertEquals(mapOf("time" to "app-bad-time", "reason" to "problem-reason_needed"), other.state.value.wrong)
        other.edit("time", "reason") { it.copy(time = "11:35", reason = "手机没电") }
        other.save()
        other.state.await { it.done }
        val both = day.state.await { it.checks.size == 2 }.checks
        assertEquals("on_behalf", both.last().origin)
        val correct = CorrectDayModel(work.principal.here(), scope, work.posting, "2026-03-02")
        correct.state.await { it.fields.checks.size == 2 }
        correct.edit { it.copy(reason = "当时在幼儿园门口值班") }
        correct.save()
        assertEquals("problem-nothing_to_correct", correct.state.await { it.wrong.isNotEmpty() }.wrong["missing"])
        correct.turnWrong(both.first().entry)
        correct.addMissing()
        correct.setMissing(0, TypedCheck(Direction.CHECK_IN, "八点"))
        correct.save()
        assertEquals("app-bad-time", correct.state.value.wrong["0"])
        correct.setMissing(0, TypedCheck(Direction.CHECK_IN, "8:05"))
        correct.edit("reason") { it.copy(reason = " ") }
        correct.save()
        assertEquals("problem-reason_needed", correct.state.await { it.wrong.isNotEmpty() }.wrong["reason"])
        correct.edit("reason") { it.copy(reason = "当时在门口值班") }
        correct.save()
        correct.state.await { it.done }
        assertEquals(at("2026-03-02 08:05"), day.state.await { state -> state.checks.any { it.origin == "correction" } }.checks.first().judgedSecs)
    }

    @Test fun `one's own day is looked at, not decided`() = inWorld {
        val work = SchoolWork(this)
        val own = work.principal.ask { owner() }.postings.single().posting
        assertTrue(ColleagueDayModel(work.principal.here(), scope, work.school, own, "2026-03-02").state.await { it.said != null }.own)
    }

    @Test fun `a yes is one tap, a no asks for its reason, and nothing waits for the certificate`() = inWorld {
        val work = SchoolWork(this)
        work.teacher.ask { applyLeave(null, LeaveRequest("sick", at("2026-03-03 00:00"), at("2026-03-04 00:00"), "去县医院复查", SchoolWork.photo)) }
        work.teacher.ask { requestCorrection(null, "2026-03-02", listOf(StatedCheck(Direction.CHECK_IN, at("2026-03-02 07:40"))), emptyList(), "手机没电", null) }
        work.up()
        val model = QueueModel(work.principal.here(), scope)
        val queue = model.state.await { it.waiting?.size == 2 && it.reasons.size == 1 }
        assertEquals(setOf("去县医院复查"), queue.reasons.values.toSet())
        assertTrue(queue.waiting!!.all { it.name == Relay.TEACHER })
        val (leave, correction) = queue.waiting!!.partition { it.certificate != null }.run { first.single() to second.single() }
        model.look(leave)
        model.state.await { it.certificates[leave.pending.entry] is Certificate.Here }
        model.refuse(leave)
        assertEquals(leave.pending.entry to null, model.state.value.run { refusing to wrong })
        model.refuse(leave)
        assertEquals("problem-reason_needed", model.state.value.wrong)
        model.setWhy("当天已有三人请假,请改日")
        model.refuse(leave)
        model.state.await { it.waiting?.size == 1 && !it.busy }
        model.approve(correction)
        model.state.await { it.waiting?.isEmpty() == true && !it.busy }
        work.down()
        assertEquals("refused" to "approved", work.teacher.ask { leaves(null).single().pieces.single().decision to corrections(null).single().decision })
    }

    @Test fun `a certificate that has not arrived is said so, and the decision does not wait for it`() = inWorld {
        val work = SchoolWork(this)
        work.teacher.ask { applyLeave(null, LeaveRequest("sick", at("2026-03-03 00:00"), at("2026-03-04 00:00"), null, SchoolWork.photo)) }
        work.up()
        relay.stop()
        val model = QueueModel(work.principal.here(), scope)
        val one = model.state.await { it.waiting?.size == 1 }.waiting!!.single()
        model.look(one)
        model.state.await { it.certificates[one.pending.entry] == Certificate.NotArrived }
        model.approve(one)
        model.state.await { it.waiting?.isEmpty() == true }
        relay.start()
    }

    @Test fun `both values of what two people changed stand side by side with who wrote them, and it is put right from there`() = inWorld {
        val work = SchoolWork(this)
        val entry = work.teacher.ask { recordSession(work.school, work.session()) }
        work.up()
        work.teacher.ask { amendSession(entry, work.session().copy(pupils = 27u)) }
        work.principal.ask { amendSession(entry, work.session().copy(pupils = 30u)) }
        work.up()
        val model = ConflictsModel(work.principal.here(), scope)
        val both = model.state.await { it.found?.isNotEmpty() == true }.found!!.single()
        assertEquals(setOf(Relay.TEACHER, Relay.PRINCIPAL), both.versions.map { it.name }.toSet())
        assertTrue(both.versions.any { "27" in it.said.says } && both.versions.any { "30" in it.said.says })
        assertEquals(WorkScreen.Service(work.school), both.put)
        val shown = work.principal.ask { service(work.school, "2026-03-02") }.sessions.single().entry
        SessionFormModel(work.principal.here(), scope, work.school, shown).apply {
            state.await { it.fields.loaded }
            save()
        }
        model.state.await { it.found?.isEmpty() == true }
    }

    @Test fun `where two heads change the same flexible hours, the way leads to the colleague`() = inWorld {
        val work = SchoolWork(this)
        relay.staff(listOf("${Relay.SCHOOL},何副校长,副校长,是,2026-02-01,,"))
        val deputy = phone("何副校长")
        val granted = work.principal.ask { grantFlexible(work.posting, "2026-03-02", "2026-03-13", "照顾病人", null) }
        listOf(work.principal, deputy).forEach { it.sync() }
        work.principal.ask { grantFlexible(work.posting, "2026-03-02", "2026-03-20", "照顾病人", granted) }
        deputy.ask { grantFlexible(work.posting, "2026-03-02", "2026-03-06", "照顾病人", flexibleHours(work.posting).single().entry) }
        listOf(deputy, work.principal).forEach { it.sync() }
        val both = ConflictsModel(work.principal.here(), scope).state.await { it.found?.isNotEmpty() == true }.found!!.single()
        assertEquals(setOf("何副校长", Relay.PRINCIPAL), both.versions.map { it.name }.toSet())
        assertEquals(WorkScreen.Colleague(work.school, work.posting), both.put)
    }

    @Test fun `a record that doesn't count is let count with a reason`() = inWorld {
        val work = SchoolWork(this)
        work.teacher.ask { planService(work.school, ServicePlan("2026-03-02", "2026-07-03", listOf("足球"), null), null) }
        work.up()
        val model = NotCountedModel(work.principal.here(), scope)
        val one = model.state.await { it.found?.size == 1 }.found!!.single()
        assertEquals(Triple(Relay.TEACHER, "no_authority", false), Triple(one.name, one.flagged.reason, one.own))
        model.lift(one)
        model.lift(one)
        assertEquals("problem-reason_needed", model.state.value.wrong)
        model.setWhy("情况属实")
        model.lift(one)
        model.state.await { it.found?.isEmpty() == true && !it.busy }
    }

    @Test fun `what is not a principal's to let count says whose it is`() {
        val reasons = listOf("no_authority", "authority_unsure", "outside_posting", "after_loss", "after_revocation")
        for (language in Language.entries) {
            val words = Wording(language)
            for (reason in reasons) assertTrue(words.has("flag-$reason") && !words.has("lift-$reason")) { reason }
            for (reason in listOf("own_request", "recovered", "unconfirmed", "twin", "grant_fell", "unreadable")) {
                assertTrue(words.has("flag-$reason") && words.has("lift-$reason")) { reason }
            }
        }
    }

    @Test fun `a phone that lost its key is let in by its six digits and by no others`() = inWorld {
        val work = SchoolWork(this)
        val digits = work.lostKey()
        val model = AskingModel(work.principal.here(), scope)
        val one = model.state.await { it.asking?.size == 1 }.asking!!.single()
        assertEquals(Relay.TEACHER to true, one.name to one.recovers)
        model.setDigits(one.device, "12a")
        model.approve(one.device)
        assertEquals("askpage-digits-needed", model.state.value.wrong[one.device])
        model.setDigits(one.device, if (digits == "000000") "000001" else "000000")
        model.approve(one.device)
        model.state.await { it.wrong[one.device] == "problem-other_digits" && !it.busy }
        model.setDigits(one.device, digits)
        model.approve(one.device)
        model.state.await { one.device in it.approved }
    }

    @Test fun `without a network the phones that wait can't be asked for, and that is said`() = inWorld {
        val work = SchoolWork(this)
        relay.stop()
        val model = AskingModel(work.principal.here(), scope)
        model.state.await { it.offline }
        relay.start()
        model.look()
        assertEquals(0, model.state.await { it.asking != null }.asking?.size)
    }

    @Test fun `last week is published with what it lacks, and the one that lasts is not offered`() = inWorld {
        val work = SchoolWork(this)
        work.teacher.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-09 08:00")
        work.principal.sync()
        val model = PublishModel(work.principal.here(), scope, work.school)
        val before = model.state.await { it.missing != null }
        assertEquals("2026-03-02" to null, before.monday to before.publishedSecs)
        assertTrue(Relay.TEACHER in before.missing!!) { "${before.missing}" }
        model.turn(1)
        assertEquals("2026-03-02", model.state.value.monday)
        model.publish()
        assertTrue(model.state.await { it.publishedSecs != null && !it.busy }.trouble == null)
    }

    @Test fun `a phone whose clock is years behind reaches last week, and this one once it is over`() = inWorld {
        val work = SchoolWork(this)
        work.teacher.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-09 08:00")
        work.principal.sync()
        work.principal.clock.off = -2 * 365 * 86_400L
        val model = PublishModel(work.principal.here(), scope, work.school)
        assertEquals("2026-03-02" to "2026-03-02", model.state.await { it.missing != null }.run { monday to last })
        clock.to("2026-03-16 08:00")
        work.principal.tick()
        model.state.await { it.last == "2026-03-09" }
        model.turn(1)
        assertEquals("2026-03-09", model.state.await { it.missing != null }.monday)
    }

    @Test fun `the page opens with the week that waits, from the day on that the county names`() = inWorld {
        relay.county { "publish_day = \"wednesday\"\n$it" }
        val work = SchoolWork(this)
        clock.to("2026-03-02 08:31")
        work.teacher.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-02 11:31")
        work.teacher.ask { check(null, Direction.CHECK_OUT, null) }
        clock.to("2026-03-16 08:00")
        work.up()
        assertEquals(setOf(work.school), WaitsModel(work.principal.here(), scope).state.await { it.unpublished.isNotEmpty() }.unpublished)
        val model = PublishModel(work.principal.here(), scope, work.school)
        assertEquals("2026-03-02", model.state.await { it.missing != null }.monday)
        model.turn(1)
        assertEquals("2026-03-09", model.state.await { it.missing != null }.monday)
    }

    @Test fun `a kiosk is taken out for a day with a reason`() = inWorld {
        val work = SchoolWork(this)
        val none = KioskOutModel(work.principal.here(), scope, work.school)
        assertEquals(0, none.state.await { it.fields.kiosks != null }.fields.kiosks?.size)
        work.kiosk()
        work.principal.sync()
        val model = KioskOutModel(work.principal.here(), scope, work.school)
        model.state.await { it.fields.kiosk != null }
        model.edit { it.copy(day = "") }
        model.save()
        assertEquals(mapOf("day" to "app-bad-date", "reason" to "problem-reason_needed"), model.state.value.wrong)
        model.edit("day", "reason") { it.copy(day = "2026-03-02", reason = "停电") }
        model.save()
        model.state.await { it.done }
    }

    @Test fun `a new colleague is added and set up beside the principal's phone, all without a network`() = inWorld {
        val work = SchoolWork(this)
        work.principal.network.on = false
        val form = RosterRowModel(work.principal.here(), scope, work.school, null)
        form.edit { it.copy(from = "") }
        form.save()
        assertEquals(mapOf("name" to "problem-name_missing", "from" to "app-bad-date"), form.state.value.wrong)
        form.edit("name", "from") { it.copy(name = "赵新来", from = "2026-03-02") }
        form.save()
        form.state.await { it.done }
        val people = PeopleModel(work.principal.here(), scope, work.school).state.await { state -> state.people?.any { it.name == "赵新来" } == true }
        val row = people.people!!.single { it.name == "赵新来" }
        val newcomer = phone()
        val model = PassModel(work.principal.here(), scope, work.school, row.posting)
        model.state.await { it.name == "赵新来" }
        work.principal.shell.scans += listOf(Given.Here("SANJI1:别的"), Given.Forbidden, Given.Here(newcomer.ask { deviceKey() }))
        model.scan()
        assertNull(model.state.await { it.notAKey }.pass)
        model.scan()
        model.state.await { it.forbidden && !it.notAKey }
        model.scan()
        val pass = checkNotNull(model.state.await { it.pass != null }.pass)
        newcomer.ask { enrolWithPass(pass) }
        assertEquals(row.posting, newcomer.ask { owner() }.postings.single().posting)
    }

    @Test fun `a new kiosk is set up beside the principal's phone`() = inWorld {
        val work = SchoolWork(this)
        val kiosk = phone()
        val model = PassModel(work.principal.here(), scope, work.school, null)
        work.principal.shell.scans += Given.Here(kiosk.ask { deviceKey() })
        model.scan()
        kiosk.ask { enrolWithPass(checkNotNull(model.state.await { it.pass != null }.pass)) }
        assertEquals(work.school, kiosk.ask { owner() }.kiosk)
    }

    @Test fun `somebody without a phone gets a PIN, typed twice`() = inWorld {
        val work = SchoolWork(this)
        val kiosk = work.kiosk()
        work.principal.sync()
        val posting = work.postingOf(work.colleague)
        val model = PinModel(work.principal.here(), scope, work.school, posting)
        assertEquals(work.colleague, model.state.await { it.fields.hasKiosk == true }.fields.name)
        model.edit { it.copy(pin = "12", again = "13") }
        model.save()
        assertEquals("setpage-pin-differ", model.state.value.wrong["again"])
        model.edit("again") { it.copy(again = "12") }
        model.save()
        assertEquals("problem-pin_shape", model.state.await { it.wrong.isNotEmpty() }.wrong["pin"])
        model.edit("pin") { it.copy(pin = "1357", again = "1357") }
        model.save()
        model.state.await { it.done }
        listOf(work.principal, kiosk).forEach { it.sync() }
        assertTrue(kiosk.ask { kioskPeople() }.single { it.posting == posting }.hasPin)
    }

    @Test fun `what waits is counted for who heads a school, and for nobody else`() = inWorld {
        val work = SchoolWork(this)
        clock.to("2026-03-02 08:31")
        work.teacher.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-02 11:31")
        work.teacher.ask { check(null, Direction.CHECK_OUT, null) }
        work.teacher.ask { applyLeave(null, LeaveRequest("sick", at("2026-03-10 00:00"), at("2026-03-11 00:00"), null, null)) }
        work.teacher.ask { checkOnBehalf(work.posting, Direction.CHECK_OUT, clock.now, "自己补一条") }
        clock.to("2026-03-09 08:31")
        work.up()
        work.teacher.sync()
        val waits = WaitsModel(work.principal.here(), scope).state.await { it.queue == 1 && it.notCounted == 1 }
        assertEquals(setOf(work.school) to setOf(work.school), waits.led.keys to waits.unpublished)
        val none = WaitsModel(work.teacher.here(), scope).state.await { it.schools.isNotEmpty() }
        assertEquals(Triple(0, 0, emptyMap<String, SchoolSum>()), Triple(none.queue, none.notCounted, none.led))
    }

    @Test fun `a phone that waits is announced on Today`() = inWorld {
        val work = SchoolWork(this)
        work.lostKey()
        WaitsModel(work.principal.here(), scope).state.await { it.asking == 1 }
    }
}

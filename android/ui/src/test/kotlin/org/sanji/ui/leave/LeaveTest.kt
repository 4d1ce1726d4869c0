@file:OptIn(ExperimentalTestApi::class)

package org.sanji.ui.leave

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runComposeUiTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.AskedLeave
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.phone.Wording
import org.sanji.ui.Handset
import org.sanji.ui.SanjiTheme
import org.sanji.ui.SchoolWeek.Companion.at
import org.sanji.ui.SchoolWork
import org.sanji.ui.TextSize
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.correction.CorrectionFormModel
import org.sanji.ui.correction.CorrectionFormScreen
import org.sanji.ui.correction.CorrectionsModel
import org.sanji.ui.correction.TypedCheck
import org.sanji.ui.inWorld
import org.sanji.ui.school.Certificate
import org.sanji.ui.school.QueueModel
import org.sanji.ui.see
import org.sanji.ui.tap

class LeaveTest {
    private fun World.form(phone: Handset, leave: OwnLeave? = null) =
        LeaveFormModel(phone.here(), scope, leave?.leave?.entry).also { it.state.await { state -> state.fields.kinds != null } }

    @Test fun `leave is applied for offline, decided on another phone, changed, and closed on return`() = inWorld {
        val (teacher, principal) = phone(Relay.TEACHER) to phone(Relay.PRINCIPAL)
        teacher.network.on = false
        form(teacher).apply { setKind("sick"); setFromDay("2026-03-03"); setToDay("2026-03-04"); setReason("看病"); send() }.state.await { it.done }
        val list = LeavesModel(teacher.here(), scope)
        val asked = list.state.await { it.leaves?.size == 1 }.leaves!!.single()
        assertEquals("pending", asked.standing)
        assertEquals(at("2026-03-03 00:00") to at("2026-03-05 00:00"), asked.leave.pieces.single().run { fromSecs to toSecs })
        assertTrue(asked.mayChange && !asked.mayReturn)
        teacher.network.on = true
        teacher.sync()
        principal.sync()
        principal.ask { decideLeave(pending().single().entry, true, null) }
        principal.sync()
        teacher.sync()
        val approved = list.state.await { it.leaves?.single()?.standing == "approved" }.leaves!!.single()
        // The clock moves below: nothing may be on its way then.
        teacher.network.on = false
        val change = form(teacher, approved)
        assertEquals(listOf("sick", "2026-03-03", "2026-03-04", true), change.state.value.fields.run { listOf(kind, fromDay, toDay, wholeDays) })
        change.apply { setToDay("2026-03-05"); send() }.state.await { it.done }
        list.state.await { it.leaves?.single()?.leave?.pieces?.size == 2 }
        clock.to("2026-03-04 08:10")
        teacher.tick()
        val back = LeavesModel(teacher.here(), scope)
        back.returned(back.state.await { it.leaves?.single()?.mayReturn == true }.leaves!!.single())
        assertFalse(back.state.await { it.leaves?.single()?.mayReturn == false }.leaves!!.single().mayChange)
    }

    @Test fun `on a Friday a leave is offered for Monday`() = inWorld {
        val phone = phone(Relay.TEACHER)
        clock.to("2026-03-06 17:40")
        assertEquals("2026-03-09" to "2026-03-09", form(phone).state.value.fields.run { fromDay to toDay })
    }

    @Test fun `a leave of whole days is said by its days, wherever it is listed`() = inWorld {
        val (teacher, principal) = phone(Relay.TEACHER) to phone(Relay.PRINCIPAL)
        form(teacher).apply { setKind("sick"); setFromDay("2026-03-03"); setToDay("2026-03-05"); send() }.state.await { it.done }
        teacher.sync()
        principal.sync()
        val queue = QueueModel(principal.here(), scope).state.await { it.waiting != null }
        assertTrue("3月3日–3月5日(3天)" in queue.waiting!!.single().says) { "$queue" }
        val list = LeavesModel(teacher.here(Language.EN), scope).also { it.state.await { state -> state.leaves?.size == 1 } }
        runComposeUiTest {
            setContent { SanjiTheme(Wording(Language.EN), TextSize.NORMAL, false) { LeavesScreen(list) {} } }
            see("3–5 March (3 days)")
        }
    }

    @Test fun `a leave that is withdrawn is shown as such`() = inWorld {
        val phone = phone(Relay.TEACHER)
        form(phone).apply { setKind("personal"); send() }.state.await { it.done }
        val list = LeavesModel(phone.here(), scope)
        list.withdraw(list.state.await { it.leaves?.size == 1 }.leaves!!.single())
        assertFalse(list.state.await { it.leaves?.single()?.standing == "withdrawn" }.leaves!!.single().mayChange)
    }

    @Test fun `each field of an application says what is wrong with it, and nothing is recorded`() = inWorld {
        val phone = phone(Relay.TEACHER)
        val form = form(phone)
        form.setFromDay("明天")
        form.send()
        assertEquals(mapOf("kind" to "problem-leave_kind", "from" to "app-bad-date"), form.state.value.wrong)
        form.apply { setKind("sick"); setFromDay("2026-03-05"); setToDay("2026-03-04"); send() }
        assertEquals(mapOf("to" to "problem-leave_backwards"), form.state.await { it.wrong.isNotEmpty() }.wrong)
        form.apply { setToDay("2026-03-05"); setWholeDays(false); setToTime("25:00"); send() }
        assertEquals(mapOf("to_time" to "app-bad-time"), form.state.value.wrong)
        phone.shell.pictures += listOf(ByteArray(0), ByteArray(300_000))
        form.addPicture()
        assertEquals("visitpage-picture-large", form.state.await { "certificate" in it.wrong }.wrong["certificate"])
        form.apply { setToTime("18:00"); addPicture() }.state.await { it.fields.certificate != null }
        form.send()
        assertEquals(mapOf("certificate" to "problem-too_large"), form.state.await { it.wrong.isNotEmpty() }.wrong)
        assertEquals(0, phone.ask { leaves(null) }.size)
        form.apply { removePicture(); send() }.state.await { it.done }
        assertEquals(1, phone.ask { leaves(null) }.size)
    }

    @Test fun `before the county's rules arrived there are no kinds, and that is said`() = inWorld {
        val phone = phone()
        phone.ask { enrol(relay.invite(Relay.TEACHER).first) }
        assertEquals(emptyList<Any>(), form(phone).state.value.fields.kinds)
    }

    @Test fun `a correction is asked for from a day, and decided`() = inWorld {
        val (teacher, principal) = phone(Relay.TEACHER) to phone(Relay.PRINCIPAL)
        clock.to("2026-03-02 08:20")
        teacher.ask { check(null, Direction.CHECK_IN, null) }
        clock.to("2026-03-03 08:00")
        val form = CorrectionFormModel(teacher.here(), scope, null, "2026-03-02")
        form.state.await { it.fields.checks.size == 1 }
        form.send()
        form.state.await { it.wrong.isNotEmpty() }
        form.addMissing()
        assertEquals(TypedCheck(Direction.CHECK_OUT, ""), form.state.value.fields.missing.single())
        form.send()
        assertEquals(mapOf("0" to "app-bad-time"), form.state.value.wrong)
        form.setMissing(0, TypedCheck(Direction.CHECK_OUT, "1705"))
        form.send()
        assertEquals(mapOf("reason" to "problem-reason_needed"), form.state.await { it.wrong.isNotEmpty() }.wrong)
        form.setReason("手机没电")
        form.send()
        form.state.await { it.done }
        teacher.sync()
        principal.sync()
        principal.ask { decideCorrection(pending().single().entry, false, "当天您在外开会") }
        principal.sync()
        teacher.sync()
        val asked = CorrectionsModel(teacher.here(), scope).state.await { it.asked != null }.asked!!.single()
        assertEquals(listOf("refused", "当天您在外开会"), listOf(asked.decision, asked.decidedWhy))
        assertTrue(principal.ask { pending() }.none { it.asked is AskedLeave })
    }

    @Test fun `somebody with two schools says for which one a correction is, and sees that one's checks`() = inWorld {
        relay.staff(listOf(Relay.SCHOOL, "赫章县第二幼儿园").map { "$it,陈双,教师,是,2026-02-01,,甲" })
        val phone = phone("陈双")
        val (first, second) = phone.ask { owner().postings }.also { assertEquals(2, it.size) }
        clock.to("2026-03-02 08:20")
        phone.ask { check(second.posting, Direction.CHECK_IN, null) }
        val form = CorrectionFormModel(phone.here(), scope, null, "2026-03-02")
        val words = Wording(Language.ZH)
        form.state.await { it.fields.postings.size == 2 }
        form.apply { addMissing(); setMissing(0, TypedCheck(Direction.CHECK_OUT, "17:05")); setReason("手机没电"); send() }
        assertEquals(mapOf("posting" to "problem-several_postings"), form.state.await { it.wrong.isNotEmpty() || it.done }.wrong)
        runComposeUiTest {
            setContent { SanjiTheme(words, TextSize.NORMAL, false) { CorrectionFormScreen(form) {} } }
            see(words("problem-several_postings"))
            tap(checkNotNull(second.schoolName))
            waitForIdle()
        }
        assertEquals(emptyMap<String, String>(), form.state.value.wrong)
        assertEquals(second.posting, form.draft()["posting"])
        val wrongOne = form.state.await { it.fields.checks.size == 1 }.fields.checks.single().entry
        form.turnWrong(wrongOne)
        form.setPosting(first.posting)
        assertEquals(emptySet<Any>(), form.state.value.fields.wrongOnes)
        form.setPosting(second.posting)
        form.send()
        form.state.await { it.done }
        assertEquals(listOf(0, 1), listOf(first, second).map { own -> phone.ask { corrections(own.posting) }.size })
        // From a day of one of them it begins with that one.
        val fromDay = CorrectionFormModel(phone.here(), scope, second.posting, "2026-03-02")
        assertEquals(second.posting, fromDay.state.await { it.fields.checks.isNotEmpty() }.fields.posting)
    }

    @Test fun `a picture goes with a correction, is refused where it is too large, and the principal sees it`() = inWorld {
        val (teacher, principal) = phone(Relay.TEACHER) to phone(Relay.PRINCIPAL)
        clock.to("2026-03-02 18:00")
        val form = CorrectionFormModel(teacher.here(), scope, null, "2026-03-02")
        form.apply { addMissing(); setMissing(0, TypedCheck(Direction.CHECK_IN, "8:30")); setReason("手机没电") }
        teacher.shell.pictures += listOf(ByteArray(0), ByteArray(300_000), SchoolWork.photo)
        form.addPicture()
        assertEquals(mapOf("evidence" to "visitpage-picture-large"), form.state.await { it.wrong.isNotEmpty() }.wrong)
        runComposeUiTest {
            setContent { SanjiTheme(Wording(Language.ZH), TextSize.NORMAL, false) { CorrectionFormScreen(form) {} } }
            see(Wording(Language.ZH)("visitpage-picture-large"))
        }
        form.addPicture()
        form.state.await { it.fields.evidence != null && it.wrong.isEmpty() }
        form.send()
        assertEquals(mapOf("evidence" to "problem-too_large"), form.state.await { it.wrong.isNotEmpty() }.wrong)
        form.removePicture()
        assertEquals(null to emptyMap<String, String>(), form.state.value.run { fields.evidence to wrong })
        form.addPicture()
        form.state.await { it.fields.evidence != null }
        form.send()
        form.state.await { it.done }
        assertEquals(List(3) { "correction 2026-03-02" }, teacher.shell.purposes)
        teacher.sync()
        principal.sync()
        val queue = QueueModel(principal.here(), scope)
        val asked = queue.state.await { it.waiting?.size == 1 }.waiting!!.single()
        queue.look(asked)
        val seen = queue.state.await { it.certificates.isNotEmpty() }.certificates.values.single()
        assertTrue((seen as? Certificate.Here)?.picture.contentEquals(SchoolWork.photo)) { "$seen" }
    }
}

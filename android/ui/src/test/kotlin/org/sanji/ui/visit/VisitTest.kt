package org.sanji.ui.visit

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.VisitPlan
import org.sanji.ui.Given
import org.sanji.ui.Handset
import org.sanji.ui.SchoolWork
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.inWorld

class VisitTest {
    private fun World.visit(phone: Handset, document: String) =
        VisitModel(phone.here(), scope, document).also { made -> made.state.await { it.visit?.plan != null } }

    /** The principal and the teacher are to visit the other school. */
    private fun SchoolWork.planned(kind: String = "lesson_delivery"): String {
        val visitors = listOf(personOf(Relay.PRINCIPAL), personOf(Relay.TEACHER))
        return teacher.ask { planVisit(VisitPlan(kind, "2026-03-02", hostSchool, visitors = visitors, announced = true)) }.also { up() }
    }

    @Test fun `a visit is planned, opened on site, written, and ended`() = inWorld {
        val work = SchoolWork(this)
        val form = VisitPlanModel(work.teacher.here(), scope, null)
        val fields = form.state.await { it.fields.schools.isNotEmpty() }.fields
        assertEquals(setOf(work.personOf(Relay.TEACHER)), fields.visitors)
        form.edit { it.copy(kind = "lesson_delivery", field = "guidance") }
        form.setHost(work.hostSchool)
        form.turnVisitor(work.personOf(Relay.PRINCIPAL))
        form.save()
        form.state.await { it.done }
        val listed = VisitsModel(work.teacher.here(), scope).state.await { !it.visits.isNullOrEmpty() }
        val document = listed.visits!!.single().document
        assertEquals(work.otherSchool, listed.schools[listed.visits!!.single().host])
        val model = visit(work.teacher, document)
        assertTrue(model.state.value.takesPart && !model.state.value.hosts)
        model.open()
        model.state.await { it.visit?.opened == true && !it.busy }
        val part = PartModel(work.teacher.here(), scope, document, "plan")
        part.save()
        assertEquals("app-needed", part.state.value.wrong["text"])
        part.edit("text") { it.copy(text = "送一节绘本课,课后与两位老师交流") }
        part.save()
        part.state.await { it.done }
        model.type(Typed.NAME, "吴桐")
        model.type(Typed.DUTY, "配班")
        model.addPerson()
        model.state.await { it.visit?.people?.size == 1 && !it.busy && it.text(Typed.NAME).isEmpty() }
        model.type(Typed.NOTE, "下周再来")
        model.addNote()
        model.state.await { it.visit?.notes == listOf("下周再来") && !it.busy }
        model.removePerson(0)
        model.state.await { it.visit?.people?.isEmpty() == true && !it.busy }
        model.type(Typed.MINUTES, "45")
        model.close()
        val closed = model.state.await { it.visit?.closed == true && !it.busy }
        assertEquals(45u to "送一节绘本课,课后与两位老师交流", closed.visit?.run { minutes to parts.single().text })
    }

    @Test fun `what is wrong with a plan is said at its field`() = inWorld {
        val work = SchoolWork(this)
        val form = VisitPlanModel(work.teacher.here(), scope, null)
        form.state.await { it.fields.schools.isNotEmpty() }
        form.turnVisitor(work.personOf(Relay.TEACHER))
        form.edit { it.copy(date = "下周") }
        form.save()
        assertEquals(
            mapOf("kind" to "app-needed", "date" to "app-bad-date", "host" to "app-needed", "visitors" to "app-needed"), form.state.value.wrong,
        )
    }

    @Test fun `a plan is changed as long as the visit has not begun`() = inWorld {
        val work = SchoolWork(this)
        val document = work.planned()
        val form = VisitPlanModel(work.teacher.here(), scope, document)
        form.state.await { it.fields.plan != null }
        form.edit { it.copy(announced = false, kind = "training") }
        form.save()
        form.state.await { it.done }
        assertEquals("training" to false, visit(work.teacher, document).state.await { it.visit?.plan?.kind == "training" }.visit?.plan?.run { kind to announced })
    }

    @Test fun `what is typed wrong is said at its field, and kept`() = inWorld {
        val work = SchoolWork(this)
        val document = work.planned()
        val model = visit(work.teacher, document)
        model.open()
        model.state.await { it.visit?.opened == true && !it.busy }
        model.type(Typed.MINUTES, "很久")
        model.close()
        assertEquals("app-bad-number", model.state.value.wrong[Typed.MINUTES])
        model.addPerson()
        assertEquals("problem-name_missing", model.state.value.wrong[Typed.NAME])
        model.addNote()
        assertEquals("app-needed", model.state.await { Typed.NOTE in it.wrong && !it.busy }.wrong[Typed.NOTE])
        assertEquals("很久", model.state.value.text(Typed.MINUTES))
        model.type(Typed.MINUTES, "")
        assertFalse(Typed.MINUTES in model.state.value.wrong)
    }

    @Test fun `a picture is kept with its caption, one that is too large, or none, is refused at its place`() = inWorld {
        val work = SchoolWork(this)
        val model = visit(work.teacher, work.planned())
        work.teacher.shell.pictures += listOf(ByteArray(300_000), SchoolWork.photo, ByteArray(0))
        model.type(Typed.CAPTION, "课堂")
        model.addPicture()
        model.state.await { it.pictureWrong == "visitpage-picture-large" }
        model.addPicture()
        val kept = model.state.await { state ->
            state.visit?.pictures?.singleOrNull()?.let { state.pictures[it.hash] } != null && state.text(Typed.CAPTION).isEmpty()
        }
        assertEquals("课堂", kept.visit?.pictures?.single()?.caption)
        assertEquals(null, kept.pictureWrong)
        model.addPicture()
        model.state.await { it.pictureWrong == "visitpage-picture-large" }
    }

    @Test fun `what two people wrote at the same time stands there until somebody joins it`() = inWorld {
        val work = SchoolWork(this)
        val document = work.planned()
        listOf(work.teacher to "孩子们很投入", work.principal to "节奏可以再慢一点").forEach { (phone, text) ->
            phone.network.on = false
            val part = PartModel(phone.here(), scope, document, "record")
            part.edit { it.copy(text = text) }
            part.save()
            part.state.await { it.done }
        }
        listOf(work.teacher, work.principal).forEach { it.network.on = true }
        work.up()
        work.down()
        val model = visit(work.teacher, document)
        val both = model.state.value.visit!!.parts.single().run { rivals + text }
        assertEquals(setOf("孩子们很投入", "节奏可以再慢一点"), both.toSet())
        assertTrue(model.state.value.visit!!.conflict)
        val part = PartModel(work.teacher.here(), scope, document, "record")
        part.state.await { it.fields.rivals.isNotEmpty() }
        part.edit { it.copy(text = "孩子们很投入,节奏可以再慢一点") }
        part.save()
        part.state.await { it.done }
        model.state.await { it.visit?.conflict == false && it.visit?.parts?.single()?.rivals?.isEmpty() == true }
    }

    @Test fun `a lesson is observed, graded, shared with its teacher, and answered`() = inWorld {
        val work = SchoolWork(this)
        val document = work.principal.ask {
            planVisit(VisitPlan("drop_in_observation", "2026-03-02", work.school, visitors = listOf(work.personOf(Relay.PRINCIPAL)), teachers = listOf(work.posting), announced = false))
        }
        val model = visit(work.principal, document)
        model.open()
        model.state.await { it.visit?.opened == true && !it.busy }
        val lesson = LessonModel(work.principal.here(), scope, document, null)
        assertEquals(work.posting, lesson.state.await { it.fields.loaded }.fields.teacher)
        lesson.edit { it.copy(minutes = "一节") }
        lesson.save()
        assertEquals(mapOf("lesson" to "app-needed", "minutes" to "app-bad-number"), lesson.state.value.wrong)
        lesson.edit("lesson", "minutes") { it.copy(lesson = "绘本《好饿的毛毛虫》", review = "提问清楚,留给孩子的时间再多一些", grade = "良好", minutes = "30") }
        lesson.save()
        lesson.state.await { it.done }
        val seen = model.state.await { it.visit?.observations?.size == 1 && !it.busy }.visit!!.observations.single()
        assertEquals("良好" to 30u, seen.observation.run { grade to minutes })
        model.share()
        model.state.await { !it.busy }
        work.down()
        val own = visit(work.teacher, document)
        assertTrue(own.state.value.observed && !own.state.value.takesPart)
        own.type(Typed.ANSWER, "谢谢,下次多留时间")
        own.answer()
        own.state.await { it.visit?.answers?.size == 1 && !it.busy }
        work.up()
        assertEquals(listOf("谢谢,下次多留时间"), visit(work.principal, document).state.await { it.visit?.answers?.isNotEmpty() == true }.visit?.answers)
    }

    @Test fun `without a network the host scans the codes in any order, reads, and signs`() = inWorld {
        val work = SchoolWork(this)
        val host = work.host
        val document = work.planned()
        val model = visit(work.teacher, document)
        listOf(work.teacher, host).forEach { it.network.on = false }
        model.open()
        model.state.await { it.visit?.opened == true && !it.busy }
        work.teacher.ask { writePart(document, "record", "孩子们很投入,课后一起备了下周的课。".repeat(30)) }
        val codes = VisitCodesModel(work.teacher.here(), scope, document)
        val shown = codes.state.await { it.codes.isNotEmpty() }.codes
        assertTrue(shown.size >= 2) { "${shown.size}" }
        codes.next()
        assertEquals(1, codes.state.value.at)
        val scan = VisitScanModel(host.here(), scope)
        host.shell.scans += listOf(Given.Here(shown.last()), Given.Not)
        scan.scan()
        assertEquals(shown.size - 1, scan.state.await { it.all != null && !it.busy }.missing)
        host.shell.scans += Given.Here("今天天气好")
        scan.scan()
        val kept = scan.state.await { it.wrong != null && !it.busy }
        assertEquals("visitpage-not-a-code" to shown.size - 1, kept.wrong to kept.missing)
        host.shell.scans += shown.dropLast(1).map { Given.Here(it) }
        scan.scan()
        val read = scan.state.await { it.visit != null && !it.busy }
        assertTrue("很投入" in read.visit!!.parts.single().text)
        scan.setText("情况属实")
        scan.sign()
        scan.state.await { it.done }
        listOf(work.teacher, host).forEach { it.network.on = true }
        listOf(work.teacher, host, work.teacher).forEach { it.sync() }
        val signed = visit(work.teacher, document).state.await { it.visit?.countersigns?.isNotEmpty() == true }
        assertEquals("情况属实" to 0u, signed.visit!!.countersigns.single().run { text to unseen })
    }

    @Test fun `the host signs here once the visit has arrived, and later changes are counted`() = inWorld {
        val work = SchoolWork(this)
        val host = work.host
        val document = work.planned()
        visit(work.teacher, document).run {
            open()
            state.await { it.visit?.opened == true && !it.busy }
        }
        listOf(work.teacher, host).forEach { it.sync() }
        val here = visit(host, document)
        assertTrue(here.state.value.hosts && !here.state.value.takesPart)
        here.type(Typed.SIGN, "欢迎常来")
        here.sign()
        here.state.await { it.visit?.countersigns?.size == 1 && !it.busy }
        here.type(Typed.COMMENT, "孩子们盼着下一次")
        here.comment()
        here.state.await { it.visit?.comments?.size == 1 && !it.busy }
        listOf(host, work.teacher).forEach { it.sync() }
        val model = visit(work.teacher, document)
        assertEquals("欢迎常来", model.state.await { it.visit?.countersigns?.isNotEmpty() == true }.visit?.countersigns?.single()?.text)
        model.type(Typed.NOTE, "补一条")
        model.addNote()
        assertEquals(1u, model.state.await { it.visit?.notes?.size == 1 }.visit?.countersigns?.single()?.unseen)
        assertNotNull(model.state.value.visit)
    }
}

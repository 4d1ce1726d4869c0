package org.sanji.ui.service

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.phone.Entry
import org.sanji.ui.Handset
import org.sanji.ui.SchoolWork
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.eventually
import org.sanji.ui.inWorld

class ServiceTest {
    private fun World.service(phone: Handset, school: String) = ServiceModel(phone.here(), scope, school).state.await(ServiceState::loaded)

    private fun World.form(phone: Handset, school: String, session: Entry? = null) =
        SessionFormModel(phone.here(), scope, school, session).also { made -> made.state.await { it.fields.loaded } }

    private fun SessionFormModel.fill() = apply {
        edit { it.copy(start = "16:00", end = "17:30", pupils = "28") }
        setContent("reading")
    }

    @Test fun `a plan is written, waits to be filed, and is changed by who heads the school`() = inWorld {
        val work = SchoolWork(this)
        val form = PlanFormModel(work.principal.here(), scope, work.school, null)
        form.edit { it.copy(from = "2026-2-23", to = "2026-07-03", projects = "阅读\n\n 足球 ", text = "每天一次") }
        form.save()
        form.state.await { it.done }
        val shown = service(work.principal, work.school)
        assertEquals(listOf("阅读", "足球") to false, shown.plan?.run { plan.projects to filed })
        assertTrue(shown.plans && shown.leads)
        val change = PlanFormModel(work.principal.here(), scope, work.school, shown.plan?.entry)
        change.state.await { it.fields.projects == "阅读\n足球" }
        change.edit { it.copy(projects = "阅读") }
        change.save()
        change.state.await { it.done }
        work.down()
        val seen = service(work.teacher, work.school)
        assertEquals(listOf("阅读"), seen.plan?.plan?.projects)
        assertFalse(seen.plans)
    }

    @Test fun `what is wrong with a plan is said at its field`() = inWorld {
        val work = SchoolWork(this)
        val form = PlanFormModel(work.principal.here(), scope, work.school, null)
        form.edit { it.copy(from = "春天", to = "") }
        form.save()
        assertEquals(mapOf("from" to "app-bad-date", "to" to "app-bad-date", "projects" to "app-needed"), form.state.value.wrong)
        form.edit("from", "to", "projects") { it.copy(from = "2026-03-02", to = "2026-03-01", projects = "阅读") }
        form.save()
        assertEquals("problem-dates_backwards", form.state.await { it.wrong.isNotEmpty() }.wrong["to"])
    }

    @Test fun `a session is recorded, amended by who led it, and handed over`() = inWorld {
        val work = SchoolWork(this)
        work.plan()
        work.down()
        val form = form(work.teacher, work.school).fill()
        assertEquals(setOf(work.posting), form.state.value.fields.instructors)
        assertEquals(listOf("阅读", "足球", "民族舞"), form.state.value.fields.projects)
        form.edit { it.copy(project = "阅读") }
        form.turn(work.postingOf(work.colleague))
        form.setOutsider(0, Outsider("王教练", true))
        form.save()
        form.state.await { it.done }
        val recorded = service(work.teacher, work.school).sessions.single()
        assertEquals(Triple("16:00", "reading", 28u), recorded.session.run { Triple(start, content, pupils) })
        assertEquals(3 to true, recorded.session.instructors.run { size to any { it.name == "王教练" && it.outside && it.vetted } })
        val amend = form(work.teacher, work.school, recorded.entry)
        assertEquals("28" to "王教练", amend.state.value.fields.run { pupils to outsiders.single().name })
        amend.edit { it.copy(pupils = "27") }
        amend.save()
        amend.state.await { it.done }
        val entry = service(work.teacher, work.school).sessions.single().entry
        val handover = HandoverModel(work.teacher.here(), scope, work.school, entry)
        assertEquals("27", handover.state.await { it.fields.session != null }.fields.pupils)
        handover.edit { it.copy(text = "家长都已接走") }
        handover.save()
        handover.state.await { it.done }
        work.up()
        assertTrue(service(work.principal, work.school).sessions.single().run { handedOver && session.pupils == 27u })
    }

    @Test fun `a session is amended by who led it or heads the school, and by nobody else`() = inWorld {
        val work = SchoolWork(this)
        work.teacher.ask { recordSession(work.school, work.session()) }
        work.up()
        val other = phone(work.colleague)
        for ((phone, may) in listOf(work.teacher to true, work.principal to true, other to false)) {
            val state = ServiceModel(phone.here(), scope, work.school).state.await { it.loaded && it.sessions.isNotEmpty() }
            assertEquals(may, state.mayAmend(state.sessions.single()))
        }
    }

    @Test fun `what is wrong with a session is said at its field, and nothing of it is recorded`() = inWorld {
        val work = SchoolWork(this)
        val form = form(work.teacher, work.school)
        form.edit { it.copy(date = "明天", start = "四点", end = "24:00", pupils = "很多") }
        form.setOutsider(0, Outsider(" ", false))
        form.save()
        val wrong = mapOf(
            "date" to "app-bad-date", "start" to "app-bad-time", "end" to "app-bad-time", "content" to "app-needed", "pupils" to "app-bad-number",
            "outsider0" to "problem-name_missing",
        )
        assertEquals(wrong, form.state.value.wrong)
        form.edit("date", "start", "end", "pupils") { it.copy(date = "2026-03-02", start = "17:30", end = "16:00", pupils = "") }
        form.setOutsider(0, null)
        form.setContent("reading")
        form.save()
        assertEquals(mapOf("end" to "problem-session_backwards"), form.state.await { it.wrong.isNotEmpty() }.wrong)
        form.edit("end") { it.copy(end = "18:00") }
        form.turn(work.posting)
        form.save()
        assertEquals("problem-no_instructor", form.state.await { it.wrong.isNotEmpty() }.wrong["instructors"])
        assertEquals(0uL, work.teacher.ask { unsent() }.entries)
    }

    @Test fun `forbidden content is refused when it is chosen, and when a session with it is amended`() = inWorld {
        val work = SchoolWork(this)
        val form = form(work.teacher, work.school).fill()
        assertTrue(form.state.value.fields.forbidden.any { it.code == "make_up_lesson" })
        form.setContent("make_up_lesson")
        assertEquals("servicepage-forbidden", form.state.value.wrong["content"])
        form.save()
        assertEquals("servicepage-forbidden" to false, form.state.value.run { wrong["content"] to done })
        val entry = work.teacher.ask { recordSession(work.school, work.session("make_up_lesson")) }
        val amend = form(work.teacher, work.school, entry)
        amend.save()
        assertEquals("servicepage-forbidden", amend.state.value.wrong["content"])
        amend.setContent("reading")
        amend.save()
        amend.state.await { it.done }
    }

    @Test fun `without a network a session is recorded, waits, and is left to the system`() = inWorld {
        val work = SchoolWork(this)
        work.teacher.network.on = false
        val form = form(work.teacher, work.school).fill()
        form.save()
        form.state.await { it.done }
        assertEquals(1uL, work.teacher.ask { unsent() }.entries)
        eventually("the system is asked to send it later") { work.teacher.shell.later == 1 }
    }

    @Test fun `a session that two phones amended at the same time says so on both`() = inWorld {
        val work = SchoolWork(this)
        val entry = work.teacher.ask { recordSession(work.school, work.session()) }
        work.up()
        listOf(work.teacher to "27", work.principal to "30").forEach { (phone, pupils) ->
            phone.network.on = false
            val form = form(phone, work.school, entry)
            form.edit { it.copy(pupils = pupils) }
            form.save()
            form.state.await { it.done }
        }
        listOf(work.teacher, work.principal).forEach { it.network.on = true }
        work.up()
        work.down()
        for (phone in listOf(work.teacher, work.principal)) assertTrue(service(phone, work.school).sessions.single().conflict)
    }

    @Test fun `a new session begins as the last one was`() = inWorld {
        val work = SchoolWork(this)
        work.teacher.ask { recordSession(work.school, work.session()) }
        val fields = form(work.teacher, work.school).state.value.fields
        assertEquals(listOf("16:00", "17:30", "reading", ""), fields.run { listOf(start, end, content, pupils) })
        assertEquals("2026-03-02", fields.date)
    }
}

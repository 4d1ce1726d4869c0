package org.sanji.ui.service

import org.junit.jupiter.api.Test
import org.sanji.phone.Instructor
import org.sanji.ui.Gallery
import org.sanji.ui.SchoolWork
import org.sanji.ui.await
import org.sanji.ui.inWorld

class ServicePictures {
    @Test fun `after-school service`() = inWorld {
        val work = SchoolWork(this)
        Gallery.draw("service-none", model = { ServiceModel(work.teacher.here(it), scope, work.school).also { made -> made.state.await(ServiceState::loaded) } }) {
            ServiceScreen(it, work.school, {}) {}
        }
        val plan = work.plan()
        work.down()
        val other = Instructor(work.postingOf(work.colleague), null, false, false)
        clock.to("2026-03-02 17:40")
        work.teacher.ask { handOver(recordSession(work.school, work.session()), null, 28u, "家长都已接走") }
        clock.to("2026-03-03 17:40")
        val sport = work.session("sport", "2026-03-03")
        val coach = Instructor(null, "王教练", true, true)
        val entry = work.teacher.ask { recordSession(work.school, sport.copy(project = "足球", pupils = 19u, instructors = sport.instructors + coach)) }
        work.teacher.ask { recordSession(work.school, work.session("arts", "2026-03-03").copy(project = "民族舞", instructors = listOf(other), pupils = 22u)) }
        work.up()
        for ((who, phone) in listOf("teacher" to work.teacher, "principal" to work.principal)) {
            Gallery.draw("service-$who", 1_000, { ServiceModel(phone.here(it), scope, work.school).also { made -> made.state.await { it.sessions.size == 3 } } }) {
                ServiceScreen(it, work.school, {}) {}
            }
        }
        Gallery.draw("service-session", 2_300, {
            SessionFormModel(work.teacher.here(it), scope, work.school, entry).also { made -> made.state.await { it.fields.pupils == "19" } }
        }) { SessionFormScreen(it) {} }
        Gallery.draw("service-session-wrong", 2_600, {
            SessionFormModel(work.teacher.here(it), scope, work.school, null).apply {
                state.await { it.fields.loaded }
                edit { it.copy(end = "25:00", pupils = "很多") }
                setContent("make_up_lesson")
                setOutsider(0, Outsider("", false))
                save()
            }
        }) { SessionFormScreen(it) {} }
        Gallery.draw("service-plan", 900, {
            PlanFormModel(work.principal.here(it), scope, work.school, plan).also { made -> made.state.await { it.fields.projects.isNotEmpty() } }
        }) { PlanFormScreen(it) {} }
        Gallery.draw("service-handover", 800, {
            HandoverModel(work.teacher.here(it), scope, work.school, entry).also { made -> made.state.await { it.fields.session != null } }
        }) { HandoverScreen(it) {} }
    }
}

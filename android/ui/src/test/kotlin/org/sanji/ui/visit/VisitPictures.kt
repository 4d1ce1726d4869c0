package org.sanji.ui.visit

import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Language
import org.sanji.phone.Observation
import org.sanji.phone.Participant
import org.sanji.phone.VisitPlan
import org.sanji.ui.Gallery
import org.sanji.ui.Given
import org.sanji.ui.Handset
import org.sanji.ui.SchoolWork
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.inWorld

class VisitPictures {
    private fun World.draw(name: String, phone: Handset, document: String, height: Int) = Gallery.draw(name, height, {
        VisitModel(phone.here(it), scope, document).also { made ->
            made.state.await { state -> state.visit?.plan != null && state.visit?.pictures.orEmpty().all { it.hash in state.pictures } }
        }
    }) { VisitScreen(it, document, {}) {} }

    @Test fun `visits from plan to signature`() = inWorld {
        val work = SchoolWork(this)
        val (teacher, principal, host) = Triple(work.teacher, work.principal, work.host)
        fun list(name: String, phone: Handset) = Gallery.draw(name, model = {
            VisitsModel(phone.here(it), scope).also { made -> made.state.await { it.visits != null } }
        }) { VisitsScreen(it, {}) {} }
        list("visits-none", teacher)
        val lesson = principal.ask {
            planVisit(VisitPlan("drop_in_observation", "2026-03-02", work.school, visitors = listOf(work.personOf(Relay.PRINCIPAL)), teachers = listOf(work.posting), announced = false))
        }
        val visitors = listOf(work.personOf(Relay.PRINCIPAL), work.personOf(Relay.TEACHER))
        val trip = teacher.ask { planVisit(VisitPlan("lesson_delivery", "2026-03-04", work.hostSchool, field = "guidance", visitors = visitors, announced = true)) }
        work.up()
        draw("visit-planned", teacher, trip, 1_900)
        Gallery.draw("visit-plan", 1_900, { VisitPlanModel(teacher.here(it), scope, trip).also { made -> made.state.await { it.fields.plan != null } } }) { VisitPlanScreen(it) {} }
        Gallery.draw("visit-plan-wrong", 2_300, {
            VisitPlanModel(principal.here(it), scope, null).apply {
                state.await { it.fields.schools.isNotEmpty() }
                turnVisitor(work.personOf(Relay.PRINCIPAL))
                save()
            }
        }) { VisitPlanScreen(it) {} }
        clock.to("2026-03-02 10:05")
        principal.ask {
            openVisit(lesson)
            observe(lesson, Observation(work.posting, "绘本《好饿的毛毛虫》", "提问清楚,留给孩子的时间可以再多一些", "良好", 30u), null)
            writePart(lesson, "summary", "已与老师当面讲评,两周后再听一次。")
            shareVisit(lesson, listOf(work.posting))
            closeVisit(lesson, 45u)
        }
        work.down()
        teacher.ask { answerVisit(lesson, "谢谢校长,下次多留时间给孩子。") }
        work.up()
        draw("visit-lesson", principal, lesson, 2_300)
        draw("visit-observed", teacher, lesson, 1_300)
        Gallery.draw("visit-lesson-form", 1_250, {
            LessonModel(principal.here(it), scope, lesson, principal.ask { visit(lesson) }.observations.single().entry).also { made -> made.state.await { it.fields.loaded } }
        }) { LessonScreen(it) {} }
        clock.to("2026-03-04 09:10")
        teacher.ask {
            openVisit(trip)
            writePart(trip, "plan", "送一节绘本课,课后与两位老师交流区角活动的安排。")
            setPeople(trip, listOf(Participant(null, "吴桐", "配班老师"), Participant(null, "村小教研员", null)))
            addPicture(trip, SchoolWork.photo, "大班绘本课")
            addVisitNote(trip, "下周把区角材料清单送来")
            writePart(trip, "record", RECORD)
        }
        principal.sync()
        principal.ask { writePart(trip, "record", "节奏可以再慢一点,多请后排的孩子说。") }
        work.up()
        work.down()
        draw("visit-open", teacher, trip, 3_000)
        Gallery.draw("visit-part", 900, { PartModel(teacher.here(it), scope, trip, "record").also { made -> made.state.await { it.fields.text.isNotEmpty() } } }) { PartScreen(it) {} }
        Gallery.draw("visit-codes", model = { VisitCodesModel(teacher.here(it), scope, trip).also { made -> made.state.await { it.codes.isNotEmpty() } } }) { VisitCodesScreen(it) {} }
        val codes = teacher.ask { showVisit(trip) }
        fun scan(language: Language, read: List<String>) = VisitScanModel(host.here(language), scope).apply {
            if (read.isEmpty()) return@apply
            host.shell.scans += read.map { Given.Here(it) } + Given.Not
            scan()
            state.await { (it.all != null || it.visit != null) && !it.busy }
            host.shell.scans.clear()
        }
        Gallery.draw("visit-scan", model = { scan(it, emptyList()) }) { VisitScanScreen(it) {} }
        Gallery.draw("visit-scan-more", model = { scan(it, codes.take(1)) }) { VisitScanScreen(it) {} }
        Gallery.draw("visit-scan-read", 1_900, { scan(it, codes) }) { VisitScanScreen(it) {} }
        listOf(teacher, host).forEach { it.sync() }
        draw("visit-host", host, trip, 2_700)
        list("visits", teacher)
        list("visits-host", host)
    }

    private companion object {
        /** Long enough for several codes. */
        const val RECORD = "先听孩子们说上次的故事,再一起读《好饿的毛毛虫》。大部分孩子能按顺序说出毛毛虫吃了什么,后排几个孩子声音小,换了位置以后也开口了。" +
            "区角里新放了水果和叶片的卡片,分三组玩,每组一位老师看着。课后和两位老师一起看了区角材料,说好每周换一次,用完的卡片留着做班级的大书。" +
            "园里绘本不多,先从中心园借三十本,四月底还。下周二再来,看换过的区角,也听一节她们自己的课。"
    }
}

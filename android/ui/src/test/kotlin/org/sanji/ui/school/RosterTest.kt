@file:OptIn(ExperimentalTestApi::class)

package org.sanji.ui.school

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runComposeUiTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Language
import org.sanji.phone.Wording
import org.sanji.ui.SanjiTheme
import org.sanji.ui.SchoolWork
import org.sanji.ui.Supervisor
import org.sanji.ui.TextSize
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.inWorld
import org.sanji.ui.see
import org.sanji.ui.seen

class RosterTest {
    private val zh = Wording(Language.ZH)

    private fun World.row(work: SchoolWork, posting: String) = RosterRowModel(work.principal.here(), scope, work.school, posting)
        .also { made -> made.state.await { it.fields.row != null } }

    private fun World.flexible(work: SchoolWork) = FlexibleModel(work.principal.here(), scope, work.school, work.posting)
        .also { made -> made.state.await { it.fields.name != null } }

    @Test fun `a colleague's row is changed without a network, and the colleague hears of it`() = inWorld {
        val work = SchoolWork(this)
        work.principal.network.on = false
        val form = row(work, work.posting)
        assertEquals(listOf(Relay.TEACHER, "staff", ""), form.state.value.fields.run { listOf(name, role, to) })
        form.edit { it.copy(name = " ", from = "二月", to = "六月") }
        form.save()
        assertEquals(mapOf("name" to "problem-name_missing", "from" to "app-bad-date", "to" to "app-bad-date"), form.state.value.wrong)
        form.edit("name", "from", "to") { it.copy(name = "王小雁", from = "2026-02-01", to = "2026-01-31", role = "coordinator_fees") }
        form.save()
        assertEquals(mapOf("to" to "problem-dates_backwards"), form.state.value.wrong)
        form.edit("to") { it.copy(to = "") }
        form.save()
        form.state.await { it.done }
        work.principal.network.on = true
        work.down()
        // Whether they teach was not said, and nobody said it now.
        assertEquals(null, work.principal.ask { roster(work.school, "2026-03-02") }.single { it.posting == work.posting }.teaches)
        assertEquals("coordinator_fees" to "王小雁", work.teacher.ask { owner() }.postings.single().run { role to name })
        assertEquals(emptyList<Any>(), work.principal.ask { flagged() })
    }

    @Test fun `a row that ended is off the list from the next day on`() = inWorld {
        val work = SchoolWork(this)
        val posting = work.postingOf(work.colleague)
        row(work, posting).apply { edit { it.copy(to = "20260306") }; save() }.state.await { it.done }
        clock.to("2026-03-06 12:00")
        fun people() = PeopleModel(work.principal.here(), scope, work.school).state.await { it.people != null }.people!!
        assertEquals("2026-03-06", people().single { it.posting == posting }.to)
        clock.to("2026-03-07 12:00")
        assertTrue(people().none { it.posting == posting })
    }

    @Test fun `a principal's own row is the county's to change, and grants itself nothing`() = inWorld {
        val work = SchoolWork(this)
        val own = work.principal.ask { owner() }.postings.single().posting
        val people = PeopleModel(work.principal.here(), scope, work.school).also { made -> made.state.await { it.people != null } }
        for ((posting, mine) in listOf(own to true, work.posting to false)) runComposeUiTest {
            setContent { SanjiTheme(zh, TextSize.NORMAL, false) { ColleagueScreen(people, work.school, posting, {}) {} } }
            see(zh("people-pin"))
            assertEquals(if (mine) listOf(0, 0, 1) else listOf(1, 1, 0), listOf("flexible-grant", "app-change", "roster-not-yours").map { seen(zh(it)) }) { posting }
        }
    }

    @Test fun `colleagues stand in the order of a class register, whoever was added when`() = inWorld {
        val work = SchoolWork(this)
        work.principal.ask { addNewcomer(work.school, "陈雪", "staff", "2026-03-02", true) }
        val people = PeopleModel(work.principal.here(), scope, work.school).state.await { it.people?.size == 5 }.people!!
        assertEquals(listOf("陈雪", Relay.PRINCIPAL, "刘敏", Relay.TEACHER, work.colleague), people.map { it.name })
    }

    @Test fun `flexible hours are granted with a ground, changed by saving again, and hold for the colleague's days`() = inWorld {
        val work = SchoolWork(this)
        val form = flexible(work)
        form.setTo("2026-03-01")
        form.save()
        assertEquals(mapOf("ground" to "problem-reason_needed"), form.state.value.wrong)
        form.setGround("送考")
        form.save()
        assertEquals(mapOf("to" to "problem-dates_backwards"), form.state.await { it.wrong.isNotEmpty() }.wrong)
        form.setTo("2026-03-13")
        form.save()
        form.state.await { it.fields.granted && !it.busy }
        // Shorter, after all.
        form.setTo("2026-03-03")
        form.save()
        form.state.await { it.fields.granted && !it.busy }
        work.down()
        clock.to("2026-03-04 18:00")
        fun flexible(day: String) = work.teacher.ask { daySaid(null, day, Language.ZH) }.reasons.any { "弹性上下班" in it.text }
        assertEquals(listOf(true, true, false), listOf("2026-03-02", "2026-03-03", "2026-03-04").map(::flexible))
    }

    @Test fun `a school's settings say at the field what is wrong, and stand on the review page once they are delivered`() = inWorld {
        val work = SchoolWork(this)
        val form = ProfileModel(work.principal.here(), scope, work.school).also { made -> made.state.await { it.fields.loaded } }
        form.edit { it.copy(from = "", dismissal = "四点") }
        form.save()
        assertEquals(mapOf("from" to "app-bad-date", "dismissal" to "app-bad-time"), form.state.value.wrong)
        form.edit("from", "dismissal") { it.copy(from = "2026-03-02", dismissal = "1540", boarding = true, rulesVersion = "2026-1") }
        form.save()
        form.state.await { it.done }
        work.principal.sync()
        val page = Supervisor(relay, "administrator").page("/schools/${work.school}/settings")
        for (said in listOf("15:40", "2026-1")) assertTrue(said in page) { said }
    }
}

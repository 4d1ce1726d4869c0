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
import org.sanji.ui.Handset
import org.sanji.ui.SanjiTheme
import org.sanji.ui.SchoolWeek
import org.sanji.ui.SchoolWork
import org.sanji.ui.Supervisor
import org.sanji.ui.TextSize
import org.sanji.ui.World
import org.sanji.ui.await
import org.sanji.ui.county
import org.sanji.ui.inWorld
import org.sanji.ui.see
import org.sanji.ui.seen
import org.sanji.ui.tap

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

    @Test fun `flexible hours that were granted before are listed, and a tap changes them instead of granting others`() = inWorld {
        val work = SchoolWork(this)
        work.principal.ask { grantFlexible(work.posting, "2026-03-02", "2026-03-13", "照顾病人", null) }
        val form = flexible(work)
        runComposeUiTest {
            setContent { SanjiTheme(zh, TextSize.NORMAL, false) { FlexibleScreen(form) {} } }
            tap("照顾病人")
            waitUntil { form.state.value.fields.run { from == "2026-03-02" && to == "2026-03-13" && ground == "照顾病人" } }
        }
        form.setTo("2026-03-06")
        form.save()
        val saved = form.state.await { it.fields.granted && !it.busy }.fields
        assertEquals(listOf("2026-03-02" to "2026-03-06"), saved.hours?.map { it.from to it.to })
        // A new form grants others beside them.
        flexible(work).apply {
            setFrom("2026-03-16")
            setTo("2026-03-20")
            setGround("送考")
            save()
            assertEquals(listOf("2026-03-16", "2026-03-02"), state.await { it.fields.granted && !it.busy }.fields.hours?.map { it.from })
        }
    }

    private fun World.profile(phone: Handset, school: String) =
        ProfileModel(phone.here(), scope, school).also { made -> made.state.await { it.fields.stands != null } }

    @Test fun `a school's settings say at the field what is wrong, and stand on the review page once they are delivered`() = inWorld {
        val work = SchoolWork(this)
        val form = profile(work.principal, work.school)
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

    @Test fun `a school's settings begin with what stands, and what is changed back holds again`() = inWorld {
        val work = SchoolWork(this)
        work.principal.network.on = false
        fun stands() = work.principal.ask { profile(work.school, "2026-03-02") }.run { listOf(boarding, dismissal, rulesVersion) }
        val form = profile(work.principal, work.school)
        assertEquals(listOf(false, "", ""), form.state.value.fields.run { listOf(boarding, dismissal, rulesVersion) })
        form.edit { it.copy(boarding = true, dismissal = "16:00", rulesVersion = "2026-1") }
        form.save()
        form.state.await { it.done }
        assertEquals(listOf(true, "16:00", "2026-1"), stands())
        val again = profile(work.principal, work.school)
        assertEquals(listOf(true, "16:00", "2026-1"), again.state.value.fields.run { listOf(boarding, dismissal, rulesVersion) })
        val waiting = work.principal.ask { unsent() }.entries
        again.save()
        again.state.await { it.done }
        assertEquals(waiting, work.principal.ask { unsent() }.entries) { "nothing differs, and nothing is recorded" }
        profile(work.principal, work.school).apply {
            edit { it.copy(boarding = false) }
            save()
            state.await { it.done }
        }
        assertEquals(listOf(false, "16:00", "2026-1"), stands())
        assertEquals(emptyList<Any>(), work.principal.ask { conflicts(work.school, Language.ZH) })
    }

    @Test fun `a school that may move its windows sets all four ends, and is told what is wrong with them`() = inWorld {
        val name = "赫章县中等职业学校"
        relay.county { "$it\n[[school]]\nname = \"$name\"\nkind = \"vocational\"\ntownship = \"县城\"\n" }
        relay.staff(listOf("$name,陈校长,校长,是,2026-02-01,,"))
        val principal = phone("陈校长", name)
        val school = principal.ask { owner() }.postings.single().school
        val form = profile(principal, school)
        fun save(vararg ends: String): Map<String, String> {
            ends.forEachIndexed(form::setWindow)
            form.save()
            return form.state.await { !it.busy && (it.done || it.wrong.isNotEmpty()) }.wrong
        }
        assertEquals(mapOf("windows" to "settings-bad-windows"), save("8:00"))
        assertEquals(mapOf("windows" to "problem-windows"), save("8:00", "14:30", "14:00", "17:00"))
        runComposeUiTest {
            setContent { SanjiTheme(zh, TextSize.NORMAL, false) { ProfileScreen(form) {} } }
            see(zh("problem-windows"))
            assertEquals(0, seen(zh("settings-windows-fixed")))
        }
        assertEquals(emptyMap<String, String>(), save("8:00", "1130", "14:00", "17:00"))
        assertEquals(listOf("08:00", "11:30", "14:00", "17:00"), profile(principal, school).state.value.fields.windows)
        val windows = principal.ask { today() }.postings.single().verdict!!.windows
        assertEquals(listOf(SchoolWeek.at("2026-03-02 08:00"), SchoolWeek.at("2026-03-02 14:00")), windows.map { it.fromSecs })
        // They can be moved again, not left out.
        val emptied = profile(principal, school).apply { repeat(4) { setWindow(it, "") } }
        emptied.save()
        assertEquals(mapOf("windows" to "settings-bad-windows"), emptied.state.value.wrong)
    }

    @Test fun `where the scheme fixes the windows the settings say so`() = inWorld {
        val work = SchoolWork(this)
        val form = profile(work.principal, work.school)
        runComposeUiTest {
            setContent { SanjiTheme(zh, TextSize.NORMAL, false) { ProfileScreen(form) {} } }
            see(zh("settings-windows-fixed"))
            assertEquals(0, seen(zh("settings-morning-from")))
        }
    }
}

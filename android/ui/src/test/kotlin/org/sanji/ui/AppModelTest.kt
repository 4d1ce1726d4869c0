@file:OptIn(ExperimentalTestApi::class)

package org.sanji.ui

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runComposeUiTest
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.checks.MemoryKeys
import org.sanji.checks.Relay
import org.sanji.phone.Calls
import org.sanji.phone.Direction
import org.sanji.phone.FoundReplaced
import org.sanji.phone.FoundWentBack
import org.sanji.phone.KeyUnavailable
import org.sanji.phone.Language
import org.sanji.phone.RecordBook
import org.sanji.phone.Trouble
import org.sanji.phone.Wording
import org.sanji.ui.enrol.EnrolModel
import org.sanji.ui.enrol.EnrolScreen
import org.sanji.ui.leave.LeaveFormModel
import org.sanji.ui.sending.SendingModel
import org.sanji.ui.settings.Asking
import org.sanji.ui.settings.SettingsModel
import org.sanji.ui.settings.SettingsScreen
import org.sanji.ui.settings.SettingsState
import org.sanji.ui.today.TodayModel
import org.sanji.ui.today.TodayState
import java.io.File
import java.net.ServerSocket
import java.security.ProviderException

class AppModelTest {
    private fun AppModel.own(): Home.Own = home.await { it is Home.Own } as Home.Own
    private fun AppModel.new(): Home.New = home.await { it is Home.New } as Home.New

    private fun World.enrolledApp(phone: Handset, name: String = Relay.TEACHER): AppModel {
        val app = phone.app(scope)
        runBlocking { app.new().here.book.ask { enrol(relay.invite(name).first) } }
        app.enrolled()
        app.own()
        return app
    }

    private fun AppModel.record() = runBlocking { own().here.book.ask { check(null, Direction.CHECK_IN, null) } }

    @Test fun `logging out keeps what is unsent, begins anew, and leads back`() = inWorld {
        val phone = phone()
        val app = enrolledApp(phone)
        app.record()
        val settings = SettingsModel(app.own().here, scope, app)
        assertEquals(1uL, settings.state.await(SettingsState::loaded).unsent)
        settings.logOut()
        val fresh = app.new()
        assertEquals(listOf(1, 2), app.folders.all())
        runBlocking { fresh.here.book.ask { enrol(relay.invite(Relay.PRINCIPAL).first) } }
        app.enrolled()
        app.own()
        val other = runBlocking { app.others() }.single()
        assertEquals(1 to 1uL, other.number to other.unsent)
        app.goBackTo(1)
        val back = app.home.await { it is Home.Own && app.folders.current == 1 } as Home.Own
        assertEquals(1, runBlocking { back.here.book.ask { today().postings.single().checks.size } })
        assertEquals(1uL, runBlocking { back.here.book.ask { syncNow() } }.delivered)
        runBlocking { app.end() }
    }

    @Test fun `who left the phone finds the way back where it is set up anew`() = inWorld {
        val app = enrolledApp(phone())
        app.record()
        app.leave()
        val enrol = EnrolModel(app.new().here, scope, app)
        assertEquals(listOf(1 to 1uL), enrol.state.await { it.others.isNotEmpty() }.others.map { it.number to it.unsent })
        val words = Wording(Language.ZH)
        runComposeUiTest {
            setContent { SanjiTheme(words, TextSize.NORMAL, false) { EnrolScreen(enrol, {}, {}) {} } }
            tap(words("setpage-return"))
        }
        val back = app.own()
        assertEquals(1 to 1uL, app.folders.current to runBlocking { back.here.book.ask { unsent() } }.entries)
        runBlocking { app.end() }
    }

    @Test fun `a disk without room for new records is said when the phone is left, and those of before open again`() = inWorld {
        val phone = phone()
        val app = enrolledApp(phone)
        app.record()
        // Nothing can be written where the current folder is named.
        val inTheWay = File(phone.folder, "current.new").apply { check(mkdir()) }
        app.leave()
        val stuck = app.home.await { it is Home.Stuck } as Home.Stuck
        assertTrue(stuck.trouble is Trouble.StorageFull)
        app.reopen()
        assertEquals(1uL, runBlocking { app.own().here.book.ask { unsent() } }.entries)
        check(inTheWay.delete())
        app.leave()
        app.new()
        assertEquals(listOf(1, 2), app.folders.all())
        runBlocking { app.end() }
    }

    @Test fun `logging out while records are being sent says how much is unsent, and loses nothing`() = inWorld {
        val app = enrolledApp(phone())
        val here = app.own().here
        runBlocking { here.book.ask { syncNow() } }
        app.record()
        relay.stop()
        // Somebody takes the call and says nothing.
        ServerSocket(relay.address.substringAfterLast(':').toInt()).use { silent ->
            silent.soTimeout = 60_000
            here.courier.begin()
            silent.accept().use {
                val settings = SettingsModel(here, scope, app)
                assertEquals(1uL, settings.state.await(SettingsState::loaded).unsent)
                settings.ask(Asking.LOG_OUT)
                val words = Wording(Language.ZH)
                runComposeUiTest {
                    setContent { SanjiTheme(words, TextSize.NORMAL, false) { SettingsScreen(settings, app.settings.value, {}, {}) {} } }
                    see(words("setpage-log-out-unsent", "count" to 1))
                    tap(words("setpage-log-out-do"))
                }
                app.new()
                assertEquals(listOf(1 to 1uL), runBlocking { app.others() }.map { it.number to it.unsent })
            }
        }
        relay.start()
        app.goBackTo(1)
        assertEquals(1uL, runBlocking { app.own().here.book.ask { syncNow() } }.delivered)
        runBlocking { app.end() }
    }

    @Test fun `a check that still looks for its place is recorded when the phone is left`() = inWorld {
        val phone = phone()
        enrolledApp(phone).run { runBlocking { end() } }
        val app = AppModel(phone.folder, { folder ->
            val real = phone.open(folder)
            val calls = runBlocking { real.ask { this } }
            RecordBook(object : Calls by calls, AutoCloseable by real {
                override fun placeWanted(postingId: String?) = true
            }, Dispatchers.IO)
        }, phone.shell, phone.clock, scope)
        val own = app.own()
        phone.shell.looking = { awaitCancellation() }
        val today = app.model(Screen.Today) { TodayModel(own.here, it, own.found, placeMs = Long.MAX_VALUE) }
        today.state.await(TodayState::loaded)
        today.tap(Direction.CHECK_IN)
        today.state.await { it.placing }
        until { phone.shell.placed == 1 }
        app.leave()
        app.new()
        app.goBackTo(1)
        val back = app.own()
        assertEquals(1, runBlocking { back.here.book.ask { today() } }.postings.single().checks.size)
        runBlocking { app.end() }
    }

    @Test fun `nothing is erased while something is unsent`() = inWorld {
        val phone = phone()
        val app = enrolledApp(phone)
        app.record()
        val settings = SettingsModel(app.own().here, scope, app)
        settings.state.await(SettingsState::loaded)
        settings.ask(Asking.RESET)
        settings.reset()
        assertEquals(1uL, settings.state.await { it.unsent == 1uL }.unsent)
        assertEquals(listOf(1), app.folders.all())
        runBlocking { app.own().here.book.ask { syncNow() } }
        settings.reset()
        app.new()
        assertEquals(listOf(2), app.folders.all())
        runBlocking { app.end() }
    }

    @Test fun `language and text size hold, and the system's language is the first`() = inWorld {
        val phone = phone().apply { shell.chinese = false }
        val app = phone.app(scope)
        assertEquals(Settings(Language.EN, TextSize.NORMAL), app.settings.value)
        app.set(Settings(Language.ZH, TextSize.HUGE))
        app.new()
        runBlocking { app.end() }
        val again = phone.app(scope)
        assertEquals(Settings(Language.ZH, TextSize.HUGE), again.settings.value)
        again.new()
        runBlocking { again.end() }
    }

    @Test fun `the way back outlives the process`() = inWorld {
        val phone = phone()
        val app = enrolledApp(phone)
        app.stack.go(Screen.Week)
        app.stack.go(Screen.Day("p", "2026-03-02"))
        val saved = app.saved()
        runBlocking { app.end() }
        val again = phone.app(scope, saved)
        again.own()
        assertEquals(listOf(Screen.Today, Screen.Week, Screen.Day("p", "2026-03-02")), again.stack.screens.value)
        assertTrue(again.stack.back() && again.stack.back() && !again.stack.back())
        runBlocking { again.end() }
    }

    @Test fun `records that can't be opened are said, and opened at the next try`() = inWorld {
        val phone = phone()
        var trouble: Trouble? = Trouble.UpdateNeeded()
        val opener = Opener { folder -> trouble?.let { throw it }; phone.open(folder) }
        val app = AppModel(phone.folder, opener, phone.shell, phone.clock, scope)
        assertEquals("error-newer", (app.home.await { it is Home.Stuck } as Home.Stuck).trouble.key)
        trouble = null
        app.reopen()
        app.new()
        runBlocking { app.end() }
    }

    @Test fun `who turned to somebody else's records that can't be opened finds the way back to their own`() = inWorld {
        val phone = phone()
        enrolledApp(phone).run {
            record()
            leave()
            new()
            runBlocking { end() }
        }
        val opener = Opener { folder -> if (folder.name == "1") phone.open(folder) else throw Trouble.UpdateNeeded() }
        val app = AppModel(phone.folder, opener, phone.shell, phone.clock, scope)
        app.home.await { it is Home.Stuck }
        val words = Wording(Language.ZH)
        runComposeUiTest {
            setContent { SanjiApp(app, ::decoded, inDark = false) }
            see(words("state-newer-title"))
            see(words("setpage-others"))
            assertReachable("stuck")
            tap(words("setpage-return"))
            waitUntil("it opens", 60_000) { app.home.value is Home.Own }
        }
        assertEquals(1 to 1, app.folders.current to runBlocking { app.own().here.book.ask { today().postings.single().checks.size } })
        runBlocking { app.end() }
    }

    @Test fun `a folder that another process has open is said`() = inWorld {
        val phone = phone()
        val other: RecordBook = phone.book
        val app = phone.app(scope)
        assertTrue((app.home.await { it is Home.Stuck } as Home.Stuck).trouble is Trouble.Closed)
        other.close()
        app.reopen()
        app.new()
        runBlocking { app.end() }
    }

    @Test fun `a key storage that doesn't answer is said, and the records are as they were at the next try`() = inWorld {
        val phone = phone()
        val app = enrolledApp(phone)
        app.record()
        runBlocking { app.end() }
        fun files() = phone.folder.walk().filter { it.isFile && it.extension == "sanji" }.map { it.name }.toList()
        val before = files()
        for (thrown in listOf(KeyUnavailable("before the first unlock"), ProviderException("no answer"))) {
            phone.keys.failure = thrown
            app.reopen()
            assertTrue((app.home.await { it is Home.Stuck } as Home.Stuck).trouble is Trouble.KeysUnavailable)
            assertEquals(before, files())
            phone.keys.failure = null
            app.reopen()
            val own = app.own()
            assertTrue(own.found !is FoundReplaced && own.found != FoundWentBack) { "${own.found}" }
            assertEquals(1uL, runBlocking { own.here.book.ask { unsent() } }.entries)
            runBlocking { app.end() }
        }
    }

    @Test fun `a restored phone and a lost key are found when the records are opened`() = inWorld {
        val phone = phone()
        val app = enrolledApp(phone)
        runBlocking { app.end() }
        phone.keys.number += 10uL
        app.reopen()
        assertEquals(FoundWentBack, app.own().found)
        runBlocking { app.end() }
        phone.keys = MemoryKeys().apply { number = phone.keys.number }
        app.reopen()
        assertTrue((app.home.await { it is Home.Own && it.found is FoundReplaced } as Home.Own).found is FoundReplaced)
        app.record()
        runBlocking { app.end() }
    }

    @Test fun `what is recorded on a form is sent though the form is left at once`() = inWorld {
        val app = enrolledApp(phone())
        val here = app.own().here
        runBlocking { here.book.ask { syncNow() } }
        val form = Screen.LeaveForm(null)
        app.stack.go(form)
        val model = app.model(form) { LeaveFormModel(here, it, null) }
        model.state.await { it.fields.kinds?.isNotEmpty() == true }
        model.apply { setKind("sick"); send() }.state.await { it.done }
        app.stack.back()
        SendingModel(here, scope).state.await { it.sending?.unsent == 0uL }
        assertEquals(1, runBlocking { here.book.ask { leaves(null) } }.size)
        runBlocking { app.end() }
    }

    @Test fun `a kiosk's phone is a kiosk`() = inWorld {
        val phone = phone()
        val app = phone.app(scope)
        runBlocking { app.new().here.book.ask { enrol(relay.inviteKiosk()) } }
        app.enrolled()
        app.home.await { it is Home.Kiosk }
        runBlocking { app.end() }
    }
}

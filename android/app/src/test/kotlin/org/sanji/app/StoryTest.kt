package org.sanji.app

import android.Manifest
import android.app.NotificationManager
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.net.ConnectivityManager
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowNetwork
import org.robolectric.util.ReflectionHelpers
import org.sanji.checks.MemoryKeys
import org.sanji.checks.Relay
import org.sanji.checks.Switch
import org.sanji.phone.Calls
import org.sanji.phone.Direction
import org.sanji.phone.LeaveRequest
import org.sanji.phone.RecordBook
import org.sanji.phone.VisitPlan
import org.sanji.ui.Home

/** The app with the real library and a real relay, without a screen. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], application = TestApplication::class)
class StoryTest {
    private val relay = Relay.new().apply {
        found()
        start()
    }
    private val book: RecordBook get() = when (val home = await { app.model.home.value.takeIf { it != Home.Opening } }) {
        is Home.New -> home.here.book
        is Home.Own -> home.here.book
        else -> error("$home")
    }

    @After fun end() {
        doing { app.model.end() }
        relay.close()
    }

    private fun <T> ask(call: suspend Calls.() -> T): T = book.let { now -> doing { now.ask(call) } }

    private fun enrol(name: String) {
        val (invitation, _) = relay.invite(name)
        ask { enrol(invitation) }
        doing { app.model.enrolled().join() }
    }

    private fun turn(to: Int, how: () -> Unit) {
        how()
        await { app.model.takeIf { it.folders.current == to && it.home.value != Home.Opening } }
    }

    private fun unsent() = ask { unsent().entries }

    /** The system starts the job, and waits for its end. */
    private fun runJob() {
        val service = Robolectric.setupService(SendJob::class.java)
        assertTrue(service.onStartJob(parameters))
        await { Unit.takeIf { shadowOf(service).isJobFinished } }
        assertTrue(!shadowOf(service).isRescheduleNeeded)
    }

    private val parameters: JobParameters = ReflectionHelpers.newInstance(JobParameters::class.java)
        .also { ReflectionHelpers.setField(it, "jobId", SendSchedule.SOON) }

    private fun network(on: Boolean) {
        val system = shadowOf(requireNotNull(app.getSystemService(ConnectivityManager::class.java)))
        system.setActiveNetworkInfo(if (on) systemsNetwork else null)
    }

    private val systemsNetwork = requireNotNull(app.getSystemService(ConnectivityManager::class.java)).activeNetworkInfo

    @Test fun `a check in airplane mode waits on the phone, and goes with the job once there is a network`() {
        enrol(Relay.TEACHER)
        network(on = false)
        ask { check(null, Direction.CHECK_IN, null) }
        runJob()
        assertEquals(1uL, unsent())
        assertTrue(pending().contains(SendSchedule.AGAIN))
        network(on = true)
        runJob()
        assertEquals(0uL, unsent())
    }

    @Test fun `a network that appears sends by itself, and a decision that comes with it is told`() {
        shadowOf(app).grantPermissions(Manifest.permission.POST_NOTIFICATIONS)
        enrol(Relay.TEACHER)
        ask {
            syncNow()
            val from = now().secs
            applyLeave(null, LeaveRequest("sick", from, from + 3_600, "发烧", null))
            syncNow()
        }
        approveLeave()
        network(on = false)
        ask { check(null, Direction.CHECK_IN, null) }
        network(on = true)
        appeared()
        await { Unit.takeIf { unsent() == 0uL } }
        val notices = shadowOf(requireNotNull(app.getSystemService(NotificationManager::class.java)))
        await { Unit.takeIf { app.words("notice-leave-approved") in notices.allNotifications.map { "${shadowOf(it).contentTitle}" } } }
    }

    private fun appeared() = shadowOf(requireNotNull(app.getSystemService(ConnectivityManager::class.java))).networkCallbacks
        .forEach { it.onAvailable(ShadowNetwork.newInstance(7)) }

    /** The principal approves it, on another phone. */
    private fun approveLeave() = doing {
        val folder = Relay.newFolder("principal")
        val principal = RecordBook.open(folder, MemoryKeys(), DeviceClock(app.contentResolver), Switch(), Dispatchers.IO)
        try {
            principal.ask {
                enrol(relay.invite(Relay.PRINCIPAL).first)
                syncNow()
                decideLeave(pending().single().entry, true, null)
                syncNow()
            }
        } finally {
            principal.end()
        }
    }

    @Test fun `what somebody left unsent on this phone is sent while another uses it`() {
        enrol(Relay.TEACHER)
        relay.stop()
        ask { check(null, Direction.CHECK_IN, null) }
        turn(to = 2) { app.model.leave() }
        relay.start()
        enrol(Relay.PRINCIPAL)
        runJob()
        turn(to = 1) { app.model.goBackTo(1) }
        assertEquals(0uL, unsent())
    }

    @Test fun `a job that the system stops ends at once, and is to be started again`() {
        enrol(Relay.TEACHER)
        turn(to = 2) { app.model.leave() }
        enrol(Relay.PRINCIPAL)
        val held = CompletableDeferred<Unit>()
        val holding = CoroutineScope(Dispatchers.Default).launch { app.sender.whileNotSending { held.await() } }
        val service = Robolectric.setupService(SendJob::class.java)
        service.onStartJob(parameters)
        assertTrue(service.onStopJob(parameters))
        held.complete(Unit)
        doing { holding.join() }
        runJob()
        assertFalse(shadowOf(service).isJobFinished)
    }

    @Test fun `a key that the system threw away leaves the old records aside, and recording goes on`() {
        enrol(Relay.TEACHER)
        ask { check(null, Direction.CHECK_IN, null) }
        doing { app.model.end() }
        app.keyBox("1").lose()
        doing { app.model.reopen().join() }
        val found = ask { records() }
        assertTrue("$found", found.javaClass.simpleName == "Replaced")
        assertEquals(2, app.keyBox("1").made)
        assertEquals(1u, ask { lockedRecords() })
    }

    @Test fun `every page of a visit, as it is shown to another phone, is read from its picture`() {
        enrol(Relay.PRINCIPAL)
        val (school, today) = ask { owner().postings.single().school to today().date }
        val pages = ask {
            val visit = planVisit(VisitPlan("open_day", today, school))
            openVisit(visit)
            writePart(visit, "record", "孩子们很投入。".repeat(200))
            showVisit(visit)
        }
        assertTrue("${pages.size}", pages.size > 1)
        // As a hand holds it: now nearer, now farther.
        val sides = 560..720 step 40
        val read = QrReader().run { pages.map { page -> sides.firstNotNullOfOrNull { read(photo(page, side = it)) } } }
        assertEquals(pages, read)
        assertEquals("open_day", ask { readVisit(read.filterNotNull()) }.plan?.kind)
    }

    @Test fun `records outlive the process`() {
        enrol(Relay.TEACHER)
        ask { check(null, Direction.CHECK_IN, null) }
        doing { app.model.end() }
        doing { app.model.reopen().join() }
        assertTrue(app.model.home.value is Home.Own)
        assertEquals(1, ask { today().postings.single().checks.size })
    }

    private fun pending() = requireNotNull(app.getSystemService(JobScheduler::class.java)).allPendingJobs.map { it.id }
}

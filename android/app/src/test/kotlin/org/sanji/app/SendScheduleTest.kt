package org.sanji.app

import android.app.Application
import android.app.job.JobInfo
import android.app.job.JobScheduler
import android.net.NetworkCapabilities
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35], application = Application::class)
class SendScheduleTest {
    private val context = RuntimeEnvironment.getApplication()
    private val system = requireNotNull(context.getSystemService(JobScheduler::class.java))
    private val schedule = SendSchedule(context)

    private fun job(id: Int): JobInfo = checkNotNull(system.allPendingJobs.find { it.id == id })

    @Test fun `every few hours, over restarts of the phone, and asking again doesn't put it off`() {
        schedule.regularly()
        val first = job(SendSchedule.REGULAR)
        assertTrue(first.isPeriodic && first.isPersisted)
        schedule.regularly()
        assertTrue(first === job(SendSchedule.REGULAR))
    }

    @Test fun `after a record as soon as there is a network`() {
        schedule.soon()
        val soon = job(SendSchedule.SOON)
        assertTrue(soon.isPersisted && !soon.isPeriodic)
        assertEquals(0L, soon.minLatencyMillis)
        assertEquals(SendJob::class.java.name, soon.service.className)
    }

    @Test @Config(sdk = [35])
    fun `with haste where the system knows it, and over networks without the internet too`() {
        schedule.soon()
        val soon = job(SendSchedule.SOON)
        assertTrue(soon.isExpedited)
        val network = checkNotNull(soon.requiredNetwork)
        assertFalse(network.hasCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET))
        assertFalse(network.hasCapability(NetworkCapabilities.NET_CAPABILITY_VALIDATED))
    }

    @Test @Config(sdk = [24]) @Suppress("DEPRECATION")
    fun `on Android 7 the regular run asks for no network, since the school's own wouldn't count`() {
        schedule.regularly()
        schedule.soon()
        assertEquals(JobInfo.NETWORK_TYPE_NONE, job(SendSchedule.REGULAR).networkType)
        assertEquals(JobInfo.NETWORK_TYPE_ANY, job(SendSchedule.SOON).networkType)
    }

    @Test fun `once more not before its time, beside the others`() {
        schedule.regularly()
        schedule.soon()
        schedule.again(90_000)
        assertEquals(90_000L, job(SendSchedule.AGAIN).minLatencyMillis)
        assertEquals(3, system.allPendingJobs.size)
        assertNull(system.allPendingJobs.find { it.id > SendSchedule.AGAIN })
        assertNotNull(job(SendSchedule.SOON))
    }
}

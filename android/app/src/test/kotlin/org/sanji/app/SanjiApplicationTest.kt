package org.sanji.app

import android.Manifest
import android.app.Activity
import android.app.NotificationManager
import android.app.job.JobScheduler
import android.content.pm.PackageManager
import android.os.Build
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.sanji.phone.Matter
import org.sanji.phone.News
import org.sanji.ui.Home
import org.sanji.ui.Screen
import java.io.File

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], application = TestApplication::class, qualifiers = "zh-rCN")
class SanjiApplicationTest {
    private val notices = requireNotNull(app.getSystemService(NotificationManager::class.java))
    private val shown get() = shadowOf(notices).allNotifications.map { shadowOf(it).contentTitle.toString() }

    @After fun end() = doing { app.model.end() }

    @Test fun `from the first start it sends regularly, and names its notices in the system's language`() {
        val jobs = requireNotNull(app.getSystemService(JobScheduler::class.java)).allPendingJobs
        assertEquals(listOf(SendSchedule.REGULAR), jobs.map { it.id })
        assertEquals(setOf("待发送的记录", "请假与补正的结果"), notices.notificationChannels.map { "${it.name}" }.toSet())
    }

    @Test fun `a new phone is nobody's, and its records lie where no backup looks`() {
        await { app.model.home.value as? Home.New }
        assertTrue(File(app.noBackupFilesDir, "records/phones/1").isDirectory)
        assertEquals(emptyList<String>(), app.filesDir.list().orEmpty().toList())
    }

    @Test fun `after the process ended the way back is as it was, and a second look doesn't lengthen it`() {
        app.model.stack.run {
            go(Screen.Corrections)
            go(Screen.SettingsPage)
        }
        val saved = app.model.saved()
        app.model.stack.begin()
        app.model.restore(saved)
        assertEquals(saved, app.model.saved())
        app.model.restore(saved)
        assertEquals(saved, app.model.saved())
        app.model.stack.begin()
        app.model.restore(saved + listOf("a screen of a later version", "0"))
        assertEquals(saved, app.model.saved())
    }

    private val waiting = News(Matter.SENDING, "有记录等着发送", "5 条待发送")

    @Test fun `each matter stands there once, in its newest words, and what waits goes when nothing is said of it`() {
        shadowOf(app).grantPermissions(Manifest.permission.POST_NOTIFICATIONS)
        val decided = listOf(News(Matter.LEAVE, "您的请假已批准", null), News(Matter.CORRECTION, "您的补正未批准", null))
        app.tell(decided + waiting + News(Matter.NOT_COUNTED, "有记录没有计入", "请看原因"))
        assertEquals(setOf("您的请假已批准", "您的补正未批准", "有记录等着发送", "有记录没有计入"), shown.toSet())
        app.tell(listOf(waiting.copy(title = "记录暂时没有接收"), News(Matter.LEAVE, "您的请假未批准", null)))
        assertEquals(setOf("您的请假未批准", "您的补正未批准", "记录暂时没有接收", "有记录没有计入"), shown.toSet())
        app.tell(emptyList())
        assertEquals(setOf("您的请假未批准", "您的补正未批准", "有记录没有计入"), shown.toSet())
    }

    @Test fun `a notice that is tapped opens the app`() {
        shadowOf(app).grantPermissions(Manifest.permission.POST_NOTIFICATIONS)
        app.tell(listOf(waiting))
        val opened = shadowOf(shadowOf(notices).allNotifications.single().contentIntent).savedIntent
        assertEquals("org.sanji.app.MainActivity", opened.component?.className)
        val known = app.packageManager.getPackageInfo(app.packageName, PackageManager.GET_ACTIVITIES).activities.orEmpty().map { it.name }
        assertTrue("$known", opened.component?.className in known)
    }

    @Test fun `without permission, and while somebody looks at the app, nothing is put there`() {
        app.tell(listOf(waiting))
        assertEquals(emptyList<String>(), shown)
        shadowOf(app).grantPermissions(Manifest.permission.POST_NOTIFICATIONS)
        app.questions.attach(Robolectric.buildActivity(Activity::class.java).setup().get())
        app.tell(listOf(waiting))
        assertEquals(emptyList<String>(), shown)
    }

    @Test fun `who has nothing that waits isn't asked whether notices may be shown`() {
        await { app.model.home.value as? Home.New }
        val activity = Robolectric.buildActivity(Activity::class.java).setup().get()
        app.questions.attach(activity)
        doing { app.offerNotices() }
        assertNull(shadowOf(activity).lastRequestedPermission)
        assertTrue(Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU)
    }
}

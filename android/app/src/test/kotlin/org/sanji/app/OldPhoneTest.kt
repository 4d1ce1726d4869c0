package org.sanji.app

import android.app.Application
import android.app.NotificationManager
import android.os.Vibrator
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.sanji.phone.Matter
import org.sanji.phone.News
import org.robolectric.annotation.Config

/** What newer Androids do in another way. (Without the library: it can serve one Android in a process only.) */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35], application = Application::class)
class OldPhoneTest {
    private val context = RuntimeEnvironment.getApplication()

    @Test fun `a short vibration says that it is recorded`() {
        SystemShell(context, Questions(), { 1 }) { it }.vibrate()
        val vibrator = shadowOf(requireNotNull(context.getSystemService(Vibrator::class.java)))
        assertTrue(vibrator.isVibrating)
    }

    @Test fun `notices are shown, with kinds and permission or without`() {
        val notices = Notices(context)
        notices.name()
        if (!notices.allowed()) shadowOf(context).grantPermissions(android.Manifest.permission.POST_NOTIFICATIONS)
        notices.say(listOf(News(Matter.SENDING, "有记录等着发送", "5 条待发送")))
        val system = shadowOf(requireNotNull(context.getSystemService(NotificationManager::class.java)))
        val shown = shadowOf(system.allNotifications.single())
        assertEquals("有记录等着发送" to "5 条待发送", "${shown.contentTitle}" to "${shown.bigText}")
    }
}

package org.sanji.app

import android.Manifest
import android.app.Activity
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.TextView
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], application = TestApplication::class)
class ScanActivityTest {
    @After fun end() = doing { app.model.end() }

    private fun texts(view: View): List<TextView> = when (view) {
        is TextView -> listOf(view)
        is ViewGroup -> (0 until view.childCount).flatMap { texts(view.getChildAt(it)) }
        else -> emptyList()
    }

    private fun Activity.shown() = texts(window.decorView).filter { it.visibility == View.VISIBLE }

    private fun Activity.says() = shown().filterNot { it is Button }.map { "${it.text}" }

    private fun Activity.press(key: String) = shown().first { "${it.text}" == app.words(key) }.performClick()

    @Test fun `it asks for the camera and says why`() {
        val activity = Robolectric.buildActivity(ScanActivity::class.java).setup().get()
        assertTrue(app.words("system-why-camera") in activity.says())
        assertEquals(listOf(Manifest.permission.CAMERA), shadowOf(activity).lastRequestedPermission.requestedPermissions.toList())
    }

    @Test fun `without it one can type instead, or change one's mind in the settings`() {
        val activity = Robolectric.buildActivity(ScanActivity::class.java).setup().get()
        activity.onRequestPermissionsResult(1, arrayOf(Manifest.permission.CAMERA), intArrayOf(-1))
        assertTrue(app.words("app-no-permission") in activity.says())
        activity.press("app-open-settings")
        assertEquals("package:org.sanji.app", shadowOf(activity).nextStartedActivity.dataString)
        activity.press("scan-type")
        assertTrue(activity.isFinishing)
        assertEquals(ScanActivity.FORBIDDEN, shadowOf(activity).resultCode)
    }

    @Test fun `with it the code is looked for, and going back is no answer`() {
        shadowOf(app).grantPermissions(Manifest.permission.CAMERA)
        val activity = Robolectric.buildActivity(ScanActivity::class.java).setup().get()
        assertNull(shadowOf(activity).lastRequestedPermission)
        assertFalse(app.words("app-no-permission") in activity.says())
        activity.press("scan-type")
        assertEquals(Activity.RESULT_CANCELED, shadowOf(activity).resultCode)
        assertNull(shadowOf(activity).resultIntent)
    }

    @Test fun `everything that can be pressed is large enough for a thumb`() {
        val activity = Robolectric.buildActivity(ScanActivity::class.java).setup().get()
        val least = 48 * activity.resources.displayMetrics.density
        val buttons = texts(activity.window.decorView).filterIsInstance<Button>()
        assertEquals(3, buttons.size)
        for (button in buttons) assertTrue("${button.text}", button.minHeight >= least)
    }
}

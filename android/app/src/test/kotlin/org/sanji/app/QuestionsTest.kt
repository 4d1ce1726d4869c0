package org.sanji.app

import android.Manifest
import android.app.Activity
import android.app.AlertDialog
import android.app.Application
import android.content.Intent
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowAlertDialog

@OptIn(ExperimentalCoroutinesApi::class)
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35], application = Application::class)
class QuestionsTest {
    private val questions = Questions()
    private val activity = Robolectric.buildActivity(Activity::class.java).setup().get().also(questions::attach)
    private val camera = listOf(Manifest.permission.CAMERA)

    private fun <T> asked(act: suspend () -> T): Deferred<T> = CoroutineScope(Dispatchers.Main).async { act() }

    private fun askForCamera() = asked { questions.permission(3, camera, "为了扫描", "确定", "取消") }

    private fun dialog(): AlertDialog = await { ShadowAlertDialog.getLatestAlertDialog()?.takeIf { it.isShowing } }

    private fun <T> answer(of: Deferred<T>): T {
        await { Unit.takeIf { of.isCompleted } }
        return of.getCompleted()
    }

    @Test fun `a permission is asked for after saying why, and what the system decides is the answer`() {
        val question = askForCamera()
        assertEquals("为了扫描", shadowOf(dialog()).message)
        assertNull(shadowOf(activity).lastRequestedPermission)
        dialog().getButton(AlertDialog.BUTTON_POSITIVE).performClick()
        await { shadowOf(activity).lastRequestedPermission }
        shadowOf(RuntimeEnvironment.getApplication()).grantPermissions(Manifest.permission.CAMERA)
        questions.decided(3)
        assertEquals(true, answer(question))
    }

    @Test fun `a permission that the system denies is a no`() {
        val question = askForCamera()
        dialog().getButton(AlertDialog.BUTTON_POSITIVE).performClick()
        await { shadowOf(activity).lastRequestedPermission }
        questions.decided(3)
        assertEquals(false, answer(question))
    }

    @Test fun `who doesn't want to be asked is not asked by the system`() {
        val question = askForCamera()
        dialog().getButton(AlertDialog.BUTTON_NEGATIVE).performClick()
        assertEquals(false, answer(question))
        assertNull(shadowOf(activity).lastRequestedPermission)
    }

    @Test fun `turning the phone while it explains answers nothing, and it may be asked again`() {
        val question = askForCamera()
        dialog()
        questions.detach(activity)
        assertNull(answer(question))
        questions.attach(activity)
        askForCamera()
        assertTrue(dialog().isShowing)
    }

    @Test fun `what was allowed before needs no question, and what was taken back does`() {
        val system = shadowOf(RuntimeEnvironment.getApplication())
        system.grantPermissions(Manifest.permission.CAMERA)
        assertEquals(true, answer(askForCamera()))
        system.denyPermissions(Manifest.permission.CAMERA)
        val question = askForCamera()
        dialog().cancel()
        assertEquals(false, answer(question))
    }

    @Test fun `another screen's answer reaches who asked, through the next activity too`() {
        val question = asked { questions.screen(1, Intent("anything")) }
        await { shadowOf(activity).nextStartedActivityForResult }
        val turned = Robolectric.buildActivity(Activity::class.java).setup().get()
        questions.attach(turned)
        questions.detach(activity)
        assertTrue(questions.activity === turned)
        questions.answered(1, Answer(Activity.RESULT_OK, Intent().putExtra("text", "found")))
        assertEquals("found", answer(question)?.data?.getStringExtra("text"))
    }

    @Test fun `an answer for which nobody waits is handed to who keeps it`() {
        var kept: Int? = null
        questions.onUnasked = { request, _ -> kept = request }
        questions.answered(2, Answer(Activity.RESULT_OK, null))
        assertEquals(2, kept)
    }

    @Test fun `without a screen nothing is asked`() {
        questions.detach(activity)
        assertNull(answer(asked { questions.screen(1, Intent("anything")) }))
        assertNull(answer(askForCamera()))
    }
}

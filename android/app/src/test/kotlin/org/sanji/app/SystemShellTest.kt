package org.sanji.app

import android.Manifest
import android.app.Activity
import android.app.AlertDialog
import android.content.Intent
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.location.Location
import android.net.Uri
import android.provider.MediaStore
import android.provider.Settings
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowAlertDialog
import org.sanji.phone.Language
import org.sanji.phone.Trouble
import org.sanji.phone.Wording
import org.sanji.ui.Given
import java.io.File

@OptIn(ExperimentalCoroutinesApi::class)
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], application = android.app.Application::class)
class SystemShellTest {
    private val context: android.app.Application = org.robolectric.RuntimeEnvironment.getApplication()
    private val words = Wording(Language.ZH)
    private val questions = Questions()
    private var folder = 1
    private val shell = SystemShell(context, questions, { folder }) { key -> words(key) }
    private val activity = Robolectric.buildActivity(Activity::class.java).setup().get().also(questions::attach)
    @Suppress("unused")
    private val provider = Robolectric.setupContentProvider(SharedFiles::class.java, "org.sanji.app.shared")

    @After fun closeDialogs() {
        ShadowAlertDialog.getLatestAlertDialog()?.dismiss()
    }

    private fun <T> asked(act: suspend () -> T): Deferred<T> = CoroutineScope(Dispatchers.Main).async { act() }

    private fun <T> answer(of: Deferred<T>): T {
        await { Unit.takeIf { of.isCompleted } }
        return of.getCompleted()
    }

    private fun agree() = await { ShadowAlertDialog.getLatestAlertDialog()?.takeIf { it.isShowing } }
        .getButton(AlertDialog.BUTTON_POSITIVE).performClick()

    private fun started(): Intent = await { shadowOf(activity).nextStartedActivityForResult?.intent }

    private fun allow(vararg names: String) = shadowOf(context).grantPermissions(*names)

    private fun jpeg(file: File) = file.outputStream().use {
        val picture = Bitmap.createBitmap(IntArray(300 * 200) { at -> at }, 300, 200, Bitmap.Config.ARGB_8888)
        picture.compress(Bitmap.CompressFormat.JPEG, 90, it)
    }

    @Test fun `a scanned text comes back, a broken-off scan gives nothing, a forbidden camera says so`() {
        val results = listOf(
            Activity.RESULT_OK to Intent().putExtra(ScanActivity.TEXT, "SANJI1I:X"),
            Activity.RESULT_CANCELED to null,
            ScanActivity.FORBIDDEN to null,
        )
        val given = results.map { (code, data) ->
            val scan = asked { shell.scan() }
            assertEquals(ScanActivity::class.java.name, started().component?.className)
            questions.answered(SystemShell.SCAN, Answer(code, data))
            answer(scan)
        }
        assertEquals("SANJI1I:X", (given[0] as Given.Here).value)
        assertEquals(listOf(Given.Not, Given.Forbidden), given.drop(1))
    }

    @Test fun `without the camera's permission a picture can still be chosen`() {
        val picture = asked { shell.picture("a visit") }
        agree()
        await { shadowOf(activity).lastRequestedPermission }
        questions.decided(SystemShell.CAMERA)
        val chooser = started()
        assertNull(chooser.getParcelableArrayExtra(Intent.EXTRA_INITIAL_INTENTS, Intent::class.java))
        val chosen = File(context.cacheDir, "chosen.jpg").also { jpeg(it) }
        questions.answered(SystemShell.PICTURE, Answer(Activity.RESULT_OK, Intent().setData(Uri.fromFile(chosen))))
        val bytes = checkNotNull(answer(picture))
        assertEquals(300, BitmapFactory.decodeByteArray(bytes, 0, bytes.size).width)
    }

    @Test fun `a picture that was taken is kept scaled, and the camera's own is gone`() {
        allow(Manifest.permission.CAMERA)
        val picture = asked { shell.picture("a visit") }
        val take = checkNotNull(started().getParcelableArrayExtra(Intent.EXTRA_INITIAL_INTENTS, Intent::class.java)).single()
        assertEquals(MediaStore.ACTION_IMAGE_CAPTURE, take.action)
        val uri = checkNotNull(take.getParcelableExtra(MediaStore.EXTRA_OUTPUT, Uri::class.java))
        assertTrue(take.flags and Intent.FLAG_GRANT_WRITE_URI_PERMISSION != 0)
        assertEquals("org.sanji.app.shared", uri.authority)
        val camera = File(SharedFiles.folder(context), "camera.jpg").also { jpeg(it) }
        questions.answered(SystemShell.PICTURE, Answer(Activity.RESULT_OK, null))
        assertTrue(checkNotNull(answer(picture)).size <= Pictures.MOST_BYTES)
        assertFalse(camera.exists())
    }

    /** A picture is taken for a purpose, and the process ends while the camera is open; the shell of the next. */
    private fun takenAsTheProcessEnded(purpose: String): SystemShell {
        allow(Manifest.permission.CAMERA)
        asked { shell.picture(purpose) }
        started()
        jpeg(File(SharedFiles.folder(context), "camera.jpg"))
        val anew = Questions()
        val next = SystemShell(context, anew, { folder }) { key -> words(key) }
        anew.attach(activity)
        anew.answered(SystemShell.PICTURE, Answer(Activity.RESULT_OK, null))
        return next
    }

    @Test fun `a picture that was taken while the process ended is there for what it was taken for`() {
        val next = takenAsTheProcessEnded("leave 1")
        val picture = asked { next.picture("leave 1") }
        assertNotNull(answer(picture))
        assertNull(shadowOf(activity).nextStartedActivityForResult)
        asked { next.picture("leave 1") }
        started()
    }

    @Test fun `such a picture goes to nothing else, and is gone then`() {
        val next = takenAsTheProcessEnded("leave 1")
        asked { next.picture("visit 1") }
        started()
        assertFalse(File(SharedFiles.folder(context), "camera.jpg").exists())
        asked { next.picture("leave 1") }
        started()
    }

    @Test fun `nor does it go to somebody else on this phone`() {
        val next = takenAsTheProcessEnded("leave ")
        folder = 2
        asked { next.picture("leave ") }
        started()
        assertFalse(File(SharedFiles.folder(context), "camera.jpg").exists())
    }

    @Test fun `a broken-off picture gives nothing, and one that is none is said`() {
        allow(Manifest.permission.CAMERA)
        val off = asked { shell.picture("a visit") }
        started()
        questions.answered(SystemShell.PICTURE, Answer(Activity.RESULT_CANCELED, null))
        assertNull(answer(off))
        val broken = asked { runCatching { shell.picture("a visit") } }
        started()
        val text = File(context.cacheDir, "text.jpg").apply { writeText("text") }
        questions.answered(SystemShell.PICTURE, Answer(Activity.RESULT_OK, Intent().setData(Uri.fromFile(text))))
        assertTrue("${answer(broken)}", answer(broken).exceptionOrNull() is Trouble.NoPicture)
        assertFalse(File(SharedFiles.folder(context), "camera.jpg").exists())
    }

    @Test fun `a place that is not allowed is asked for with the reason, and a no holds`() {
        shadowOf(context).denyPermissions(*Whereabouts.PERMISSIONS.toTypedArray())
        assertEquals(Given.Forbidden, doing { shell.place() })
        val may = asked { shell.mayPlace() }
        val dialog = await { ShadowAlertDialog.getLatestAlertDialog()?.takeIf { it.isShowing } }
        assertEquals(words("system-why-place"), shadowOf(dialog).message)
        dialog.getButton(AlertDialog.BUTTON_NEGATIVE).performClick()
        assertFalse(answer(may))
        for (later in listOf(shell, SystemShell(context, questions, { folder }) { key -> words(key) })) {
            assertFalse(doing { later.mayPlace() })
            assertTrue(ShadowAlertDialog.getLatestAlertDialog() === dialog)
        }
        allow(*Whereabouts.PERMISSIONS.toTypedArray())
        assertTrue(doing { shell.mayPlace() })
    }

    @Test fun `a question for the place that nobody answered is asked again`() {
        shadowOf(context).denyPermissions(*Whereabouts.PERMISSIONS.toTypedArray())
        val may = asked { shell.mayPlace() }
        val dialog = await { ShadowAlertDialog.getLatestAlertDialog()?.takeIf { it.isShowing } }
        questions.detach(activity)
        assertFalse(answer(may))
        questions.attach(activity)
        asked { shell.mayPlace() }
        await { ShadowAlertDialog.getLatestAlertDialog()?.takeIf { it.isShowing && it !== dialog } }
    }

    @Test fun `who leaves the app while it looks for the place doesn't wait for it`() {
        allow(*Whereabouts.PERMISSIONS.toTypedArray())
        val looking = CompletableDeferred<Unit>()
        val place = asked { questions.whileSeen { looking.complete(Unit); awaitCancellation() } }
        await { Unit.takeIf { looking.isCompleted } }
        questions.detach(activity)
        assertNull(answer(place))
        assertEquals(Given.Not, doing { shell.place() })
    }

    @Test fun `a reading of the place goes to the library whole, and says whether another app made it up`() {
        val found = Location("gps").apply {
            latitude = 27.1
            longitude = 104.7
            accuracy = 12.6f
            isMock = true
        }
        val fix = Whereabouts.fix(found)
        assertEquals(found.latitude to found.longitude, fix.latitude to fix.longitude)
        assertEquals(12u, fix.accuracy)
        assertTrue(fix.mock)
    }

    @Test fun `a file goes to the system's choice from the activity that is seen`() {
        doing { shell.share("a.sanji", "application/octet-stream", ByteArray(9)) }
        assertEquals(Intent.ACTION_CHOOSER, shadowOf(activity).nextStartedActivity.action)
    }

    @Test fun `a file for which there is no room is said`() {
        SharedFiles.folder(context).run { deleteRecursively(); writeText("in the way") }
        val failed = doing { runCatching { shell.share("a.sanji", "application/octet-stream", ByteArray(9)) } }.exceptionOrNull()
        assertTrue("$failed", failed is Trouble.StorageFull)
        assertNull(shadowOf(activity).nextStartedActivity)
    }

    @Test fun `its own page of the system's settings opens`() {
        shell.openSettings()
        val opened = shadowOf(activity).nextStartedActivity
        assertEquals(Settings.ACTION_APPLICATION_DETAILS_SETTINGS to "package:org.sanji.app", opened.action to opened.dataString)
    }

    @Test @Config(sdk = [35], qualifiers = "en")
    fun `the first language is the system's where it is English, else Chinese`() {
        assertFalse(shell.chinese)
        org.robolectric.RuntimeEnvironment.setQualifiers("ug")
        assertTrue(shell.chinese)
    }

    @Test fun `the installed version is said`() {
        assertTrue(shell.version, Regex("\\d+\\.\\d+\\.\\d+").matches(shell.version))
    }
}

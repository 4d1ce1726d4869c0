package org.sanji.app

import android.Manifest
import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.ClipData
import android.content.Context
import android.content.Intent
import android.content.res.Resources
import android.net.Uri
import android.os.Build
import android.os.VibrationEffect
import android.os.Vibrator
import android.os.VibratorManager
import android.provider.MediaStore
import android.provider.Settings
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.sanji.phone.Fix
import org.sanji.phone.Trouble
import org.sanji.ui.Given
import org.sanji.ui.Shell
import java.io.File
import java.io.IOException

/** What only Android can do for the screens. */
class SystemShell(
    private val context: Context,
    private val questions: Questions,
    /** The number of the folder of records in use. */
    private val folder: () -> Int,
    private val words: (key: String) -> String,
) : Shell {
    private val pictures = Pictures(context.contentResolver)
    private val whereabouts = Whereabouts(context)
    private var leftPicture: Uri? = null
    private val pictureFor = File(context.noBackupFilesDir, "picture-for")
    private val noPlace = File(context.noBackupFilesDir, "no-place")

    init {
        // A phone with little memory may end this process while its camera is open: the picture waits for who asked for it.
        questions.onUnasked = { request, answer -> if (request == PICTURE) leftPicture = taken(answer) }
    }

    override suspend fun scan(): Given<String> = onMain {
        val answer = questions.screen(SCAN, Intent(context, ScanActivity::class.java))
        val text = answer?.data?.getStringExtra(ScanActivity.TEXT)
        when {
            text != null -> Given.Here(text)
            answer?.code == ScanActivity.FORBIDDEN -> Given.Forbidden
            else -> Given.Not
        }
    }

    override suspend fun picture(purpose: String): ByteArray? = onMain {
        val left = leftPicture.also { leftPicture = null }
        val from = left?.takeIf { wasFor(purpose) } ?: questions.screen(PICTURE, choice(purpose))?.let(::taken)
        val bytes = from?.let { onDisk { pictures.scaled(it) } }
        onDisk { camera().delete() }
        if (from != null && bytes == null) throw Trouble.NoPicture()
        bytes
    }

    override suspend fun place(): Given<Fix> = onMain {
        if (!whereabouts.allowed()) return@onMain Given.Forbidden
        // Who leaves the app doesn't wait for the place.
        questions.whileSeen { whereabouts.read() }?.let { Given.Here(it) } ?: Given.Not
    }

    override suspend fun mayPlace(): Boolean = onMain {
        if (whereabouts.allowed()) return@onMain true
        if (onDisk { noPlace.exists() }) return@onMain false
        val said = ask(PLACE, Whereabouts.PERMISSIONS, "system-why-place")
        // Where even this can't be kept, it is asked again.
        if (said == false) onDisk { runCatching { noPlace.createNewFile() } }
        said == true
    }

    /** Asks whether notices may be shown; before Android 13 they may without asking. */
    suspend fun askForNotices(): Boolean = onMain {
        Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU ||
            ask(NOTICES, listOf(Manifest.permission.POST_NOTIFICATIONS), "notice-why") == true
    }

    override suspend fun share(name: String, type: String, bytes: ByteArray) {
        val offer = try {
            onDisk { Sharing(context).file(name, type, bytes, words("app-share")) }
        } catch (_: IOException) {
            throw Trouble.StorageFull()
        }
        onMain { open(offer) }
    }

    override fun vibrate() {
        val vibrator = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            context.getSystemService(VibratorManager::class.java)?.defaultVibrator
        } else {
            @Suppress("DEPRECATION") // Phones have had several since API 31.
            context.getSystemService(Vibrator::class.java)
        }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) {
            vibrator?.vibrate(VibrationEffect.createOneShot(SHORT_MS, VibrationEffect.DEFAULT_AMPLITUDE))
        } else {
            @Suppress("DEPRECATION")
            vibrator?.vibrate(SHORT_MS)
        }
    }

    override fun sendLater() = SendSchedule(context).soon()

    override fun openSettings() = open(ownSettings(context))

    override val chinese: Boolean get() = Resources.getSystem().configuration.locales[0].language != "en"

    override val version: String
        get() = context.packageManager.getPackageInfo(context.packageName, 0).versionName.orEmpty()

    /** The system's choice between what takes pictures and what has some. */
    private suspend fun choice(purpose: String): Intent {
        val chooser = Intent.createChooser(Intent(Intent.ACTION_GET_CONTENT).setType("image/*").addCategory(Intent.CATEGORY_OPENABLE), null)
        // Where it can't be kept, a picture that comes too late is for nobody.
        onDisk { runCatching { pictureFor.writeText(named(purpose)) }.onFailure { pictureFor.delete() } }
        // Since this app may use the camera itself, the camera's app takes no picture for it without the same permission.
        if (ask(CAMERA, listOf(Manifest.permission.CAMERA), "system-why-camera") != true) return chooser
        camera().delete()
        val uri = SharedFiles.uri(context, camera().name)
        val take = Intent(MediaStore.ACTION_IMAGE_CAPTURE).putExtra(MediaStore.EXTRA_OUTPUT, uri)
        take.clipData = ClipData.newRawUri(null, uri)
        take.addFlags(Intent.FLAG_GRANT_WRITE_URI_PERMISSION or Intent.FLAG_GRANT_READ_URI_PERMISSION)
        return chooser.putExtra(Intent.EXTRA_INITIAL_INTENTS, arrayOf(take))
    }

    /** With the folder: what somebody took is for nobody else on this phone. */
    private fun named(purpose: String) = "${folder()} $purpose"

    private suspend fun wasFor(purpose: String) = onDisk { runCatching { pictureFor.readText() }.getOrNull() == named(purpose) }

    private suspend fun <T> onDisk(act: () -> T): T = withContext(Dispatchers.IO) { act() }

    private fun camera() = File(SharedFiles.folder(context), "camera.jpg")

    private fun taken(answer: Answer): Uri? = when {
        answer.code != Activity.RESULT_OK -> null
        answer.data?.data != null -> answer.data.data
        camera().length() > 0 -> SharedFiles.uri(context, camera().name)
        else -> null
    }

    private suspend fun ask(request: Int, names: List<String>, why: String): Boolean? =
        questions.permission(request, names, words(why), words("app-ok"), words("app-cancel"))

    private fun open(intent: Intent) {
        val from = questions.activity
        try {
            from?.startActivity(intent) ?: context.startActivity(intent.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
        } catch (_: ActivityNotFoundException) {
            // A phone without any app for it: there is nothing to choose from.
        }
    }

    private suspend fun <T> onMain(act: suspend () -> T): T = withContext(Dispatchers.Main.immediate) { act() }

    companion object {
        /** Questions by which answers are told apart. */
        const val SCAN = 1
        const val PICTURE = 2
        const val CAMERA = 3
        const val PLACE = 4
        const val NOTICES = 5

        private const val SHORT_MS = 30L

        /** The system's page of this app's permissions. */
        fun ownSettings(context: Context): Intent =
            Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", context.packageName, null))
    }
}

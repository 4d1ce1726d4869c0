package org.sanji.app

import android.app.Activity
import android.app.AlertDialog
import android.content.ActivityNotFoundException
import android.content.Intent
import android.content.pm.PackageManager
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.suspendCancellableCoroutine
import java.lang.ref.WeakReference
import kotlin.coroutines.resume

/** What another screen gave back. */
class Answer(val code: Int, val data: Intent?)

/**
 * Questions to the person through the activity of the moment: another screen, a permission, a few words. A question outlives the
 * activity that it was asked by (the phone was turned), and ends unanswered with the process. All of it on the main thread.
 */
class Questions {
    private var shown = WeakReference<Activity>(null)
    private val screens = HashMap<Int, CompletableDeferred<Answer?>>()
    private val permissions = HashMap<Int, CompletableDeferred<Unit>>()
    private var explaining: AlertDialog? = null

    /** Who keeps an answer for which nobody waits any more: the process ended while the other screen was open. */
    var onUnasked: (request: Int, answer: Answer) -> Unit = { _, _ -> }

    /** The activity that is seen. */
    val activity: Activity? get() = shown.get()

    /** This activity is seen from now on. */
    fun attach(activity: Activity) {
        shown = WeakReference(activity)
    }

    /** This activity is seen no more. What it was just explaining goes with it: unanswered is a no, and may be asked again. */
    fun detach(activity: Activity) {
        if (shown.get() !== activity) return
        shown.clear()
        explaining?.dismiss()
    }

    /** Opens another screen and waits for what it gives back; absent if it can't be opened. */
    suspend fun screen(request: Int, intent: Intent): Answer? {
        val answer = CompletableDeferred<Answer?>()
        screens.put(request, answer)?.complete(null)
        try {
            val from = activity ?: return null
            @Suppress("DEPRECATION") // What came in its place belongs to a library that this part does without.
            from.startActivityForResult(intent, request)
        } catch (_: ActivityNotFoundException) {
            return null
        } catch (_: SecurityException) {
            return null
        }
        return answer.await()
    }

    /** Another screen gave something back. */
    fun answered(request: Int, answer: Answer) {
        screens.remove(request)?.complete(answer) ?: onUnasked(request, answer)
    }

    /** Asks for permissions, after saying [why]; whether one of them was given. */
    suspend fun permission(request: Int, names: List<String>, why: String, ok: String, no: String): Boolean {
        fun given(from: Activity) = names.any { from.checkSelfPermission(it) == PackageManager.PERMISSION_GRANTED }
        val from = activity ?: return false
        if (given(from)) return true
        if (!agrees(from, why, ok, no)) return false
        val answer = CompletableDeferred<Unit>()
        permissions.put(request, answer)?.complete(Unit)
        val now = activity ?: return false
        now.requestPermissions(names.toTypedArray(), request)
        answer.await()
        return given(activity ?: now)
    }

    /** The system has answered a question for permissions. */
    fun decided(request: Int) {
        permissions.remove(request)?.complete(Unit)
    }

    private suspend fun agrees(from: Activity, why: String, ok: String, no: String): Boolean = suspendCancellableCoroutine { wait ->
        val dialog = AlertDialog.Builder(from)
            .setMessage(why)
            .setPositiveButton(ok) { _, _ -> if (wait.isActive) wait.resume(true) }
            .setNegativeButton(no) { _, _ -> if (wait.isActive) wait.resume(false) }
            .create()
        dialog.setOnDismissListener {
            explaining = null
            if (wait.isActive) wait.resume(false)
        }
        wait.invokeOnCancellation { dialog.dismiss() }
        explaining = dialog
        dialog.show()
    }
}

package org.sanji.app

import android.app.Activity
import android.app.AlertDialog
import android.content.ActivityNotFoundException
import android.content.Intent
import android.content.pm.PackageManager
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
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
    private val seen = MutableStateFlow(false)

    /** Who keeps an answer for which nobody waits any more: the process ended while the other screen was open. */
    var onUnasked: (request: Int, answer: Answer) -> Unit = { _, _ -> }

    /** The activity that is seen. */
    val activity: Activity? get() = shown.get()

    /** This activity is seen from now on. */
    fun attach(activity: Activity) {
        shown = WeakReference(activity)
        seen.value = true
    }

    /** This activity is seen no more. What it was just explaining goes with it, unanswered. */
    fun detach(activity: Activity) {
        if (shown.get() !== activity) return
        shown.clear()
        seen.value = false
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

    /** Does something as long as an activity is seen; absent if that ended first. */
    suspend fun <T> whileSeen(act: suspend () -> T): T? = coroutineScope {
        val acting = async { act() }
        val watching = launch {
            seen.first { !it }
            acting.cancel()
        }
        try {
            acting.await()
        } catch (_: CancellationException) {
            ensureActive()
            null
        } finally {
            watching.cancel()
        }
    }

    /** Asks for permissions, after saying [why]; whether one of them was given. Absent: nobody answered, so it may be asked again. */
    suspend fun permission(request: Int, names: List<String>, why: String, ok: String, no: String): Boolean? {
        fun given(from: Activity) = names.any { from.checkSelfPermission(it) == PackageManager.PERMISSION_GRANTED }
        val from = activity ?: return null
        if (given(from)) return true
        val agreed = agrees(from, why, ok, no)
        if (agreed != true) return agreed
        val answer = CompletableDeferred<Unit>()
        permissions.put(request, answer)?.complete(Unit)
        val now = activity ?: return null
        now.requestPermissions(names.toTypedArray(), request)
        answer.await()
        return given(activity ?: now)
    }

    /** The system has answered a question for permissions. */
    fun decided(request: Int) {
        permissions.remove(request)?.complete(Unit)
    }

    private suspend fun agrees(from: Activity, why: String, ok: String, no: String): Boolean? = suspendCancellableCoroutine { wait ->
        val dialog = AlertDialog.Builder(from)
            .setMessage(why)
            .setPositiveButton(ok) { _, _ -> if (wait.isActive) wait.resume(true) }
            .setNegativeButton(no) { _, _ -> if (wait.isActive) wait.resume(false) }
            .create()
        // Who turns away from it has said no.
        dialog.setOnCancelListener { if (wait.isActive) wait.resume(false) }
        dialog.setOnDismissListener {
            explaining = null
            if (wait.isActive) wait.resume(null)
        }
        wait.invokeOnCancellation { dialog.dismiss() }
        explaining = dialog
        dialog.show()
    }
}

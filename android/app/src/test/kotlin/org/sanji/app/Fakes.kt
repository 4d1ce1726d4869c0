package org.sanji.app

import android.os.Looper
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.ExperimentalCoroutinesApi
import org.robolectric.Shadows.shadowOf
import org.sanji.phone.Affairs
import org.sanji.phone.Calls
import org.sanji.phone.News
import org.sanji.phone.RecordBook
import org.sanji.phone.SyncOutcome
import org.sanji.phone.Unsent
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Proxy

/** Runs the main thread's work until something is there. A test that never gets it fails. */
fun <T : Any> await(what: () -> T?): T {
    repeat(6_000) {
        shadowOf(Looper.getMainLooper()).idle()
        what()?.let { return it }
        Thread.sleep(10)
    }
    error("it never came")
}

/** Does what may need the main thread, from the main thread of a test. */
@OptIn(ExperimentalCoroutinesApi::class)
fun <T> doing(act: suspend () -> T): T {
    val result = CoroutineScope(Dispatchers.Default).async { act() }
    await { Unit.takeIf { result.isCompleted } }
    return result.getCompleted()
}

/** One of a type's plain objects, where it doesn't matter which. (An alias has no nested names.) */
private inline fun <reified T> any(): T = T::class.java.declaredClasses.firstNotNullOf { kind ->
    kind.declaredFields.find { it.name == "INSTANCE" }?.get(null) as? T
}

/** An object of the library that nobody asks anything: generated code makes one of a plain object of its own. */
private inline fun <reified T> played(): T {
    val maker = T::class.java.constructors.single { it.parameterCount == 1 }
    return maker.newInstance(maker.parameterTypes.single().getField("INSTANCE").get(null)) as T
}

/** A phone that answers what a run of the sender asks, and nothing else. */
class PlayedPhone {
    /** Records that wait. */
    var waiting = 0uL

    /** How often it was asked to send. */
    var syncs = 0

    /** What there is to hear after a run, and how often it was asked how things stood before. */
    var heard = listOf<News>()
    var affairs = 0

    /** What a sync does and comes to. */
    var sync: suspend () -> SyncOutcome = { outcome() }

    /** What every call throws. */
    var broken: Exception? = null

    /** Whether it is closed. */
    var closed = false

    /** An outcome with so much left to do. */
    fun outcome(retryInMs: ULong? = null) = SyncOutcome(0uL, waiting, 0uL, 0uL, any(), retryInMs, null)

    /** Its book. */
    fun book(): RecordBook {
        val kinds = arrayOf(Calls::class.java, AutoCloseable::class.java)
        val calls = Proxy.newProxyInstance(Calls::class.java.classLoader, kinds) { _, method, args ->
            if (method.name == "close") return@newProxyInstance Unit.also { closed = true }
            broken?.let { throw it }
            when (method.name) {
                "affairs" -> played<Affairs>().also { affairs++ }
                "news" -> heard
                "unsent" -> Unsent(waiting, 0uL, null, any(), 0uL)
                "syncNow" -> {
                    syncs++
                    @Suppress("UNCHECKED_CAST")
                    val then = args!!.last() as kotlin.coroutines.Continuation<SyncOutcome>
                    try {
                        (sync as Function1<Any?, Any?>).invoke(then)
                    } catch (e: InvocationTargetException) {
                        throw e.targetException
                    }
                }
                else -> error("nobody plays ${method.name}")
            }
        }
        return RecordBook(calls as Calls, Dispatchers.Default)
    }
}

package org.sanji.checks

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.update
import org.sanji.core.Clock
import org.sanji.core.Connectivity
import org.sanji.core.KeyException
import org.sanji.core.KeyStorage
import org.sanji.core.Listener
import org.sanji.core.PhoneEvent
import org.sanji.core.ShellException
import java.util.concurrent.CopyOnWriteArrayList
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** This machine's clocks; the boot may be told to fail. */
class SystemClock : Clock {
    @Volatile
    var broken = false

    override fun wallSecs(): Long = System.currentTimeMillis() / 1000

    override fun elapsedMs(): ULong = (System.nanoTime() / 1_000_000).toULong()

    override fun boot(): String = if (broken) throw IllegalStateException("no boot today") else "boot"
}

/** A key storage in memory, as the system's would be: AES-GCM with a key that never leaves it. */
class MemoryKeys : KeyStorage {
    private val key: SecretKey = KeyGenerator.getInstance("AES").apply { init(256) }.generateKey()

    @Volatile
    var number = 0uL

    /** What is thrown instead of an answer. */
    @Volatile
    var failure: Exception? = null

    override fun wrap(key: ByteArray): ByteArray {
        failure?.let { throw it }
        val cipher = Cipher.getInstance("AES/GCM/NoPadding").apply { init(Cipher.ENCRYPT_MODE, this@MemoryKeys.key) }
        return cipher.iv + cipher.doFinal(key)
    }

    override fun unwrap(wrapped: ByteArray): ByteArray {
        failure?.let { throw it }
        val cipher = Cipher.getInstance("AES/GCM/NoPadding")
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(128, wrapped, 0, 12))
        return try {
            cipher.doFinal(wrapped, 12, wrapped.size - 12)
        } catch (e: AEADBadTagException) {
            throw KeyException.Gone("$e")
        }
    }

    override fun counter(): ULong = number

    override fun setCounter(n: ULong) {
        number = n
    }
}

/** The system's word on the network, as a switch. */
class Switch : Connectivity {
    @Volatile
    var on = true

    /** How often the library asked: once for each sync. */
    val asked = MutableStateFlow(0)

    override fun online(): Boolean = on.also { asked.update { it + 1 } }
}

/** Keeps what it is told. */
class Recorder : Listener {
    val seen = CopyOnWriteArrayList<PhoneEvent>()

    override fun onEvent(event: PhoneEvent) {
        seen.add(event)
    }
}

/** Throws whatever it is told, declared or not. */
class Thrower(private val declared: Boolean) : Listener {
    override fun onEvent(event: PhoneEvent): Unit =
        if (declared) throw ShellException.Failed("not now") else throw IllegalStateException("a bug")
}

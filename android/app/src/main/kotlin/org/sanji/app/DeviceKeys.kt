package org.sanji.app

import android.security.keystore.KeyPermanentlyInvalidatedException
import android.util.AtomicFile
import org.sanji.phone.KeyGone
import org.sanji.phone.KeyStorage
import org.sanji.phone.KeyUnavailable
import org.sanji.phone.SystemFailed
import java.io.File
import java.io.FileNotFoundException
import java.io.IOException
import java.nio.ByteBuffer
import java.security.GeneralSecurityException
import java.security.ProviderException
import java.security.SecureRandom
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * Wraps the key of a folder of records by a key of the [box], which what is wrapped names, and keeps the folder's number in a [file]
 * that no backup brings back.
 *
 * A key that is gone makes the core put the file of records aside until the principal lets the phone in again. A Keystore that is
 * only busy, as some are after a start, must not lead there: what may pass is tried again with [pause] between, and what doesn't pass
 * is called gone only where the Keystore says so or still names no such key. No key is ever taken away, so one that was called gone too
 * soon still opens what it wrapped.
 */
class DeviceKeys(
    private val box: KeyBox,
    private val file: File,
    private val pause: (attempt: Int) -> Unit = { attempt -> Thread.sleep(100L shl attempt) },
) : KeyStorage {
    override fun wrap(key: ByteArray): ByteArray {
        val first = patiently(::isFinalHere) { box.names().firstNotNullOfOrNull { sealedBy(it, key) } ?: throw NoKey() }
        val sealed = if (first.exceptionOrNull() is NoKey) patiently { sealedAnew(key) } else first
        return sealed.getOrElse { throw SystemFailed("the key storage: $it") }
    }

    override fun unwrap(wrapped: ByteArray): ByteArray {
        if (wrapped.size <= HEAD) throw KeyGone("the wrapped key is too short")
        val name = ByteBuffer.wrap(wrapped).long
        val opened = patiently {
            val own = box.key(name) ?: throw NoKey()
            val cipher = Cipher.getInstance(CIPHER)
            cipher.init(Cipher.DECRYPT_MODE, own, GCMParameterSpec(TAG_BITS, wrapped, NAME, NONCE))
            cipher.doFinal(wrapped, HEAD, wrapped.size - HEAD)
        }
        return opened.getOrElse { throw if (isGone(it)) KeyGone("$it") else KeyUnavailable("$it") }
    }

    override fun counter(): ULong = try {
        AtomicFile(file).readFully().decodeToString().toULong()
    } catch (_: FileNotFoundException) {
        0uL
    } catch (e: NumberFormatException) {
        throw SystemFailed("the kept number can't be read: $e")
    } catch (e: IOException) {
        throw SystemFailed("the kept number can't be read: $e")
    }

    override fun setCounter(n: ULong) {
        try {
            file.parentFile?.mkdirs()
            // Whole or not at all, and on the disk before this returns.
            val kept = AtomicFile(file)
            val out = kept.startWrite()
            try {
                out.write("$n".encodeToByteArray())
                kept.finishWrite(out)
            } catch (e: IOException) {
                kept.failWrite(out)
                throw e
            }
        } catch (e: IOException) {
            throw SystemFailed("the number can't be kept: $e")
        }
    }

    /** Absent where that key is there no more, or the system has ended it. */
    private fun sealedBy(name: Long, key: ByteArray): ByteArray? = try {
        box.key(name)?.let { seal(name, it, key) }
    } catch (_: KeyPermanentlyInvalidatedException) {
        null
    }

    /** A name by chance: that of a key which the Keystore doesn't show just now must not be used again. */
    private fun sealedAnew(key: ByteArray): ByteArray {
        val name = SecureRandom().nextLong()
        return seal(name, box.make(name), key)
    }

    private fun seal(name: Long, own: SecretKey, key: ByteArray): ByteArray {
        // The Keystore takes no nonce from outside: it makes its own, of 12 bytes.
        val cipher = Cipher.getInstance(CIPHER).apply { init(Cipher.ENCRYPT_MODE, own) }
        return ByteBuffer.allocate(NAME).putLong(name).array() + cipher.iv + cipher.doFinal(key)
    }

    private fun patiently(isFinal: (Throwable) -> Boolean = ::isFinal, work: () -> ByteArray): Result<ByteArray> {
        var attempt = 0
        while (true) {
            val failure = try {
                return Result.success(work())
            } catch (e: GeneralSecurityException) {
                e
            } catch (e: ProviderException) {
                e
            }
            if (isFinal(failure) || ++attempt == ATTEMPTS) return Result.failure(failure)
            pause(attempt)
        }
    }

    private fun isFinal(failure: Throwable) = failure is KeyPermanentlyInvalidatedException || failure is AEADBadTagException

    /** A folder whose number was never kept had no key yet: there is nothing to wait for. */
    private fun isFinalHere(failure: Throwable) = isFinal(failure) || failure is NoKey && !file.exists()

    /** A key "that can't be recovered" is none of these: a Keystore throws that for whatever befalls it, a short trouble too. */
    private fun isGone(failure: Throwable) = isFinal(failure) || failure is NoKey

    /** Some Keystores that are busy name no key at all, so that is believed only when they stay with it. */
    private class NoKey : GeneralSecurityException("there is no key")

    private companion object {
        const val CIPHER = "AES/GCM/NoPadding"
        const val NAME = Long.SIZE_BYTES
        const val NONCE = 12
        const val HEAD = NAME + NONCE
        const val TAG_BITS = 128
        const val ATTEMPTS = 4
    }
}

package org.sanji.app

import android.security.keystore.KeyPermanentlyInvalidatedException
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.sanji.phone.KeyGone
import org.sanji.phone.KeyUnavailable
import org.sanji.phone.SystemFailed
import java.security.InvalidKeyException
import java.security.KeyStoreException
import java.security.ProviderException
import java.security.UnrecoverableKeyException

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35], application = android.app.Application::class)
class DeviceKeysTest {
    @get:Rule val folder = TemporaryFolder()
    private val box = MemoryKeyBox()
    private val pauses = mutableListOf<Int>()
    private val file by lazy { folder.root.resolve("counters/1") }
    private val keys by lazy { DeviceKeys(box, file) { pauses.add(it) } }
    private val secret = ByteArray(32) { it.toByte() }

    @Test fun `what was wrapped is unwrapped, and looks different each time`() {
        val one = keys.wrap(secret)
        val two = keys.wrap(secret)
        assertArrayEquals(secret, keys.unwrap(one))
        assertArrayEquals(secret, keys.unwrap(two))
        assertFalse(one.contentEquals(two))
        assertEquals(1, box.made)
    }

    @Test fun `a busy key storage is asked again and loses nothing`() {
        val wrapped = keys.wrap(secret)
        repeat(3) { box.failures.add(KeyStoreException("busy")) }
        assertArrayEquals(secret, keys.unwrap(wrapped))
        assertEquals(listOf(1, 2, 3), pauses)
    }

    @Test fun `a key storage that stays silent is unavailable, never gone, and gives the key when it answers`() {
        val wrapped = keys.wrap(secret)
        for (busy in listOf(KeyStoreException("no answer"), ProviderException("no answer"), InvalidKeyException("no answer"), UnrecoverableKeyException("no answer"))) {
            repeat(4) { box.failures.add(busy) }
            val failed = assertThrows(KeyUnavailable::class.java) { keys.unwrap(wrapped) }
            assertTrue(failed.reason, "no answer" in failed.reason)
            repeat(4) { box.failures.add(busy) }
            assertThrows(SystemFailed::class.java) { keys.wrap(secret) }
            assertArrayEquals(secret, keys.unwrap(wrapped))
        }
        assertEquals(1, box.made)
    }

    @Test fun `a key box that is empty for a moment has not lost its key`() {
        val wrapped = keys.wrap(secret)
        box.empty = 3
        assertArrayEquals(secret, keys.unwrap(wrapped))
        assertEquals(listOf(1, 2, 3) to 1, pauses to box.made)
    }

    @Test fun `nor has it for wrapping, where it is looked for again, and no new one is made`() {
        keys.wrap(secret)
        keys.setCounter(1uL)
        box.empty = 3
        keys.wrap(secret)
        assertEquals(listOf(1, 2, 3) to 1, pauses to box.made)
    }

    @Test fun `a new folder's first key is made without waiting`() {
        keys.wrap(secret)
        assertEquals(emptyList<Int>() to 1, pauses to box.made)
    }

    @Test fun `a key box that stays empty gets a new key beside the old one, which still opens what it wrapped`() {
        val wrapped = keys.wrap(secret)
        keys.setCounter(1uL)
        box.empty = 4
        val anew = keys.wrap(secret)
        assertEquals(listOf(1, 2, 3) to 2, pauses to box.made)
        assertArrayEquals(secret, keys.unwrap(anew))
        assertArrayEquals(secret, keys.unwrap(wrapped))
    }

    @Test fun `an invalidated key is lost at once, and the next wrap makes a new one`() {
        val wrapped = keys.wrap(secret)
        box.failures.add(KeyPermanentlyInvalidatedException())
        assertThrows(KeyGone::class.java) { keys.unwrap(wrapped) }
        assertEquals(emptyList<Int>(), pauses)
        box.failures.add(KeyPermanentlyInvalidatedException())
        val anew = keys.wrap(secret)
        assertEquals(2, box.made)
        assertArrayEquals(secret, keys.unwrap(anew))
        box.lose()
        for (gone in listOf(wrapped, anew)) assertThrows(KeyGone::class.java) { keys.unwrap(gone) }
    }

    @Test fun `a key that isn't there is gone, and so is what was never wrapped here`() {
        val wrapped = keys.wrap(secret)
        assertThrows(KeyGone::class.java) { keys.unwrap(ByteArray(4)) }
        assertThrows(KeyGone::class.java) { keys.unwrap(wrapped.apply { this[20] = (this[20] + 1).toByte() }) }
        assertEquals(emptyList<Int>(), pauses)
        box.lose()
        assertThrows(KeyGone::class.java) { keys.unwrap(wrapped) }
    }

    @Test fun `the number begins at nought, is kept over restarts, and takes the largest`() {
        assertEquals(0uL, keys.counter())
        keys.setCounter(7uL)
        assertEquals(7uL, DeviceKeys(box, file).counter())
        keys.setCounter(ULong.MAX_VALUE)
        assertEquals(ULong.MAX_VALUE, keys.counter())
    }

    @Test fun `a number that can't be read or kept is an error`() {
        file.parentFile!!.mkdirs()
        file.writeText("seven")
        assertThrows(SystemFailed::class.java) { keys.counter() }
        val nowhere = DeviceKeys(box, folder.newFile("plain").resolve("below"))
        assertThrows(SystemFailed::class.java) { nowhere.setCounter(1uL) }
    }
}

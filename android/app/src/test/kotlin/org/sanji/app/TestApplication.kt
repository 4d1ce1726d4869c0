package org.sanji.app

import org.robolectric.RuntimeEnvironment
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey

/** The app with key boxes in memory: the JVM has no Keystore. */
class TestApplication : SanjiApplication() {
    private val boxes = HashMap<String, MemoryKeyBox>()

    public override fun keyBox(folder: String) = boxes.getOrPut(folder) { MemoryKeyBox() }
}

/** The app of this test. */
val app: TestApplication get() = RuntimeEnvironment.getApplication() as TestApplication

/** A key box in memory that fails when told to. */
class MemoryKeyBox : KeyBox {
    private var kept: SecretKey? = null

    /** How many keys were made. */
    var made = 0
        private set

    /** What the next looks at the key throw, one after another. */
    val failures = ArrayDeque<Exception>()

    /** How many of the next looks find nothing. */
    var empty = 0

    override fun key(): SecretKey? {
        failures.removeFirstOrNull()?.let { throw it }
        if (empty > 0) return null.also { empty-- }
        return kept
    }

    override fun renew(): SecretKey {
        made++
        return KeyGenerator.getInstance("AES").apply { init(256) }.generateKey().also { kept = it }
    }

    /** The system threw the key away. */
    fun lose() {
        kept = null
    }
}

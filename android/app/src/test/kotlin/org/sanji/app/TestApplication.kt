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
    private val kept = LinkedHashMap<Long, SecretKey>()

    /** How many keys were made. */
    var made = 0
        private set

    /** What the next looks at the key throw, one after another. */
    val failures = ArrayDeque<Exception>()

    /** How many of the next looks find nothing. */
    var empty = 0

    override fun names(): List<Long> = if (isEmpty()) emptyList() else kept.keys.toList()

    override fun key(name: Long): SecretKey? {
        failures.removeFirstOrNull()?.let { throw it }
        return if (isEmpty()) null else kept[name]
    }

    override fun make(name: Long): SecretKey {
        made++
        check(name !in kept) { "a name is used once" }
        return KeyGenerator.getInstance("AES").apply { init(256) }.generateKey().also { kept[name] = it }
    }

    private fun isEmpty() = (empty > 0).also { if (it) empty-- }

    /** The system threw the keys away. */
    fun lose() = kept.clear()
}

package org.sanji.shrunk

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.sanji.phone.Clock
import org.sanji.phone.Connectivity
import org.sanji.phone.KeyStorage
import org.sanji.phone.Language
import org.sanji.phone.RecordBook
import org.sanji.phone.Trouble
import org.sanji.phone.Wording
import java.io.File
import kotlin.system.exitProcess

/**
 * Shrunk by the app's own rules and then run with the real library: what the bindings need must have outlived it. Texts and records
 * cross, the library calls back (keys, clock), an error arrives as trouble, and an asynchronous call comes to its end.
 */
fun main(args: Array<String>) {
    check(Wording(Language.ZH).day("2026-03-02") == "3月2日 周一") { "the library's words are not here" }
    val found = runBlocking {
        RecordBook.open(File(args.single()), PlainKeys(), MachineClock(), Connectivity { false }, Dispatchers.Default).use { book ->
            check(!book.ask { isEnrolled() }) { "a new folder is nobody's" }
            val typed = trouble { book.ask { enrol("今天天气好") } }
            check(typed is Trouble.Invalid && typed.field == "invitation") { "$typed" }
            check(trouble { book.ask { today() } } is Trouble.NotEnrolled) { "nobody has no day" }
            book.ask { deviceKey() }
        }
    }
    check(found.length == 64) { found }
    // JNA's threads would keep the process for a while.
    exitProcess(0)
}

private suspend fun trouble(act: suspend () -> Unit): Trouble? = try {
    act()
    null
} catch (trouble: Trouble) {
    trouble
}

private fun Connectivity(online: () -> Boolean) = object : Connectivity {
    override fun online() = online()
}

private class MachineClock : Clock {
    override fun wallSecs() = System.currentTimeMillis() / 1000

    override fun elapsedMs() = (System.nanoTime() / 1_000_000).toULong()

    override fun boot() = "boot"
}

private class PlainKeys : KeyStorage {
    private var number = 0uL

    override fun wrap(key: ByteArray) = key.reversedArray()

    override fun unwrap(wrapped: ByteArray) = wrapped.reversedArray()

    override fun counter() = number

    override fun setCounter(n: ULong) {
        number = n
    }
}

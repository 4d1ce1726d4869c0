package org.sanji.ui

import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.withTimeoutOrNull
import org.sanji.phone.RecordBook
import org.sanji.phone.SyncOutcome
import org.sanji.phone.Trouble

/** Sends what waits. One at a time: who comes second leaves it to the first. */
class Courier(private val book: RecordBook, private val shell: Shell) {
    private val busy = Mutex()

    /** Tries at once, for a short while, and says nothing if it fails; what is left goes when the system finds a network. */
    suspend fun tryNow() {
        if (!busy.tryLock()) return
        val outcome = try {
            send()
        } catch (_: Trouble) {
            null
        } finally {
            busy.unlock()
        }
        if (outcome == null || outcome.unsent > 0uL) shell.sendLater()
    }

    /** Tries at once; absent if it took too long. */
    suspend fun send(): SyncOutcome? = withTimeoutOrNull(PATIENCE_MS) { book.ask { syncNow() } }

    private companion object {
        const val PATIENCE_MS = 8_000L
    }
}

package org.sanji.ui

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.withTimeoutOrNull
import org.sanji.phone.RecordBook
import org.sanji.phone.SyncOutcome
import org.sanji.phone.Trouble
import org.sanji.phone.all
import java.util.concurrent.atomic.AtomicBoolean

/** Sends what waits. Its scope is that of the records: what was begun goes on when the screen that asked for it is left. */
class Courier(private val book: RecordBook, private val shell: Shell, private val scope: CoroutineScope) {
    private val busy = Mutex()
    private val asked = AtomicBoolean(false)

    /**
     * Tries at once, for a short while, and says nothing if it fails; what is left goes when the system finds a network. Who comes
     * while it tries makes it try once more: what they recorded may have come too late for the first.
     */
    fun begin(): Job {
        asked.set(true)
        return scope.launch { tryAll() }
    }

    /** The same for who waits for it. */
    suspend fun tryNow() = begin().join()

    /** Tries at once; absent if it took too long. */
    suspend fun send(): SyncOutcome? = withTimeoutOrNull(PATIENCE_MS) { book.ask { syncNow() } }

    /** Whether records or pictures wait. Records that can't be asked may have some. */
    suspend fun waits(): Boolean = try {
        book.ask { unsent().all > 0uL }
    } catch (_: Trouble) {
        true
    }

    private suspend fun tryAll() {
        while (asked.get() && busy.tryLock()) {
            try {
                var outcome: SyncOutcome? = null
                while (asked.getAndSet(false)) outcome = tryOnce()
                if (outcome == null || waits()) shell.sendLater()
            } finally {
                busy.unlock()
            }
        }
    }

    private suspend fun tryOnce(): SyncOutcome? = try {
        send()
    } catch (_: Trouble) {
        null
    }

    private companion object {
        const val PATIENCE_MS = 8_000L
    }
}

package org.sanji.app

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeoutOrNull
import org.sanji.phone.Folders
import org.sanji.phone.Language
import org.sanji.phone.News
import org.sanji.phone.RecordBook
import org.sanji.phone.SyncOutcome
import org.sanji.phone.Trouble
import org.sanji.phone.all
import java.io.File

/** What a run of the [Sender] came to. */
class Sent(
    /** When to try again, milliseconds; absent if nothing is left to do. */
    val retryInMs: Long?,
    /** What the owner of the current records should hear. */
    val news: List<News>,
)

/**
 * Sends what waits while nobody looks: of the current records, and of those of everyone else who used this phone and left something
 * unsent. The current records are in the app's hands already ([current]); others are opened for the moment.
 */
class Sender(
    private val folders: () -> Folders,
    private val current: suspend () -> RecordBook?,
    private val open: suspend (File) -> RecordBook,
    private val language: () -> Language,
) {
    private val doors = Mutex()
    private val turns = Mutex()

    @Volatile private var other: Job? = null

    /** Opens records for the app, which doesn't wait: a run that has somebody else's open lets go of them, and sends them later. */
    suspend fun <T> whileNotSending(open: suspend () -> T): T {
        other?.cancel()
        return doors.withLock { open() }
    }

    /** Sends for at most [withinMs], one folder after another, and one run after another. A cancelled run loses nothing: what was not acknowledged still waits. */
    suspend fun run(withinMs: Long): Sent {
        val retries = mutableListOf<Long>()
        val news = mutableListOf<News>()
        val done = withTimeoutOrNull(withinMs) {
            turns.withLock {
                current()?.let { book -> attempt(retries) { own(book, news) } }
                val folders = folders()
                for (number in folders.all() - folders.current) attempt(retries) { leaving { others(folders, number) } }
            }
        }
        return Sent(if (done == null) retries.minOrNull() ?: AGAIN_MS else retries.minOrNull(), news)
    }

    private suspend fun attempt(retries: MutableList<Long>, send: suspend () -> Long?) {
        try {
            send()?.let(retries::add)
        } catch (_: Trouble.NotEnrolled) {
            // Nobody's records: nothing to send.
        } catch (_: Trouble) {
            // Full, busy or broken: the screens say so to whoever opens them. The next folder may do better.
            retries.add(AGAIN_MS)
        }
    }

    /** Also fetches: a decision on one's leave comes this way. */
    private suspend fun own(book: RecordBook, news: MutableList<News>): Long? {
        return book.ask { affairs() }.use { before ->
            val outcome = book.ask { syncNow() }
            news += book.ask { news(before, language()) }
            again(book, outcome)
        }
    }

    /** The app may break it off. */
    private suspend fun leaving(send: suspend () -> Long?): Long? = coroutineScope {
        // Known before it begins, so that it can't be missed.
        val sending = async(start = CoroutineStart.LAZY) { send() }
        other = sending
        try {
            sending.await()
        } catch (_: CancellationException) {
            ensureActive()
            AGAIN_MS
        }
    }

    private suspend fun others(folders: Folders, number: Int): Long? = doors.withLock {
        // The owner may have come back to them while this waited.
        if (number == folders.current) return null
        val book = open(folders.folder(number))
        try {
            if (book.ask { unsent() }.all == 0uL) null else again(book, book.ask { syncNow() })
        } finally {
            book.end()
        }
    }

    /** Without a network the core names no time: the system's next one is as good as any. */
    private suspend fun again(book: RecordBook, outcome: SyncOutcome): Long? =
        outcome.retryInMs?.toLong() ?: AGAIN_MS.takeIf { outcome.offline != null && book.ask { unsent() }.all > 0uL }

    private companion object {
        /** Where nothing better is known. */
        const val AGAIN_MS = 15 * 60_000L
    }
}

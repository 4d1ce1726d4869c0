package org.sanji.phone

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.withContext
import org.sanji.core.Listener
import org.sanji.core.Phone
import java.io.File

/**
 * The records of one person, or of one kiosk, in their folder. Every call runs on the background dispatcher, and what goes wrong
 * is a [Trouble]. No rule is here.
 */
class RecordBook(private val calls: Calls, private val background: CoroutineDispatcher) : AutoCloseable {
    /** Asks the phone something, or records something: `book.ask { today() }`. */
    @Throws(Trouble::class)
    suspend fun <T> ask(call: suspend Calls.() -> T): T = withContext(background) { troubled { calls.call() } }

    /** Says at once, and whenever something happens to the records, that there is something to read. */
    val changes: Flow<Unit> = callbackFlow {
        val listener = object : Listener {
            override fun onEvent(event: PhoneEvent) {
                trySend(Unit)
            }
        }
        val subscription = try {
            troubled { calls.listen(listener) }
        } catch (_: Trouble.Closed) {
            // Nothing happens any more to records that were let go of.
            null
        }
        // From here on nothing is missed.
        send(Unit)
        if (subscription == null) close() else awaitClose { subscription.close() }
    }.conflate().flowOn(background)

    /** Lets go of the folder, as soon as nothing is asked of it. Doing it twice does no harm. */
    suspend fun end() = withContext(NonCancellable + background) { close() }

    /** As [end], on this thread. */
    override fun close() {
        (calls as? AutoCloseable)?.close()
    }

    companion object {
        /** Opens the records of a folder, or begins new ones. */
        @Throws(Trouble::class)
        suspend fun open(
            folder: File,
            keys: KeyStorage,
            clock: Clock,
            connectivity: Connectivity?,
            background: CoroutineDispatcher,
        ): RecordBook = withContext(background) {
            troubled { RecordBook(Phone.open(folder.apply { mkdirs() }.path, keys, clock, connectivity), background) }
        }
    }
}

private inline fun <T> troubled(call: () -> T): T = try {
    call()
} catch (thrown: Exception) {
    throw Trouble.of(thrown) ?: thrown
}

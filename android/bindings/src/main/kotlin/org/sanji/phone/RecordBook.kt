package org.sanji.phone

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
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

    /** What happens to the records, from now on. */
    val events: Flow<PhoneEvent> = callbackFlow {
        val subscription = calls.listen(object : Listener {
            override fun onEvent(event: PhoneEvent) {
                trySend(event)
            }
        })
        awaitClose { subscription.close() }
    }.buffer(Channel.UNLIMITED)

    /** Lets go of the folder. Doing it twice does no harm. */
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

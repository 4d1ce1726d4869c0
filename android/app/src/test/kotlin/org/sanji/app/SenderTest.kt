package org.sanji.app

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.sanji.phone.Folders
import org.sanji.phone.Language
import org.sanji.phone.Matter
import org.sanji.phone.News
import org.sanji.phone.RecordBook
import org.sanji.phone.Trouble
import java.io.File

class SenderTest {
    @get:Rule val temporary = TemporaryFolder()
    private val folders by lazy { Folders(temporary.root) }
    private val phones = HashMap<Int, PlayedPhone>()
    private val own get() = phones.getValue(folders.current)
    private val sender by lazy {
        Sender({ folders }, { own.takeIf { it.broken !is Trouble.NotEnrolled }?.book() }, ::open) { Language.ZH }
    }

    private fun open(folder: File): RecordBook = phones.getValue(folder.name.toInt()).book()

    private fun owners(count: Int) = repeat(count) { phones[folders.begin()] = PlayedPhone() }

    @Test fun `own records are sent and fetched even when nothing waits, those of others only when something does`() = runBlocking {
        owners(3)
        val (first, second) = phones.keys.sorted()
        phones.getValue(second).waiting = 2uL
        sender.run(60_000)
        assertEquals(listOf(0, 1, 1), phones.keys.sorted().map { phones.getValue(it).syncs })
        assertTrue(phones.getValue(first).closed && phones.getValue(second).closed)
        assertFalse("the app has its own open", own.closed)
    }

    @Test fun `the next try is when the most impatient one wants it`() = runBlocking {
        owners(2)
        phones.getValue(folders.all().first()).run {
            waiting = 1uL
            sync = { outcome(30_000uL) }
        }
        own.sync = { own.outcome(90_000uL) }
        assertEquals(30_000L, sender.run(60_000).retryInMs)
    }

    @Test fun `without a network what waits is tried again, what doesn't is not`() = runBlocking {
        owners(1)
        own.sync = { own.outcome().copy(offline = "no network") }
        assertNull(sender.run(60_000).retryInMs)
        own.waiting = 1uL
        assertNotNull(sender.run(60_000).retryInMs)
    }

    @Test fun `nothing is left to do once all is delivered`() = runBlocking {
        owners(1)
        val sent = sender.run(60_000)
        assertNull(sent.retryInMs)
        assertEquals(emptyList<News>(), sent.news)
    }

    @Test fun `records that can't be opened keep no others from being sent`() = runBlocking {
        owners(2)
        own.broken = Trouble.StorageFull()
        val other = phones.getValue(folders.all().first()).apply { waiting = 1uL }
        assertNotNull(sender.run(60_000).retryInMs)
        assertEquals(1, other.syncs)
    }

    @Test fun `nobody's records have nothing to send`() = runBlocking {
        owners(1)
        own.broken = Trouble.NotEnrolled()
        assertNull(sender.run(60_000).retryInMs)
    }

    @Test fun `a relay that never answers ends with the time that was given, and is tried again`() = runBlocking {
        owners(1)
        own.sync = { awaitCancellation() }
        assertNotNull(sender.run(50).retryInMs)
    }

    @Test fun `a run that is stopped lets go of what it had open`() = runBlocking {
        owners(2)
        val begun = CompletableDeferred<Unit>()
        val other = phones.getValue(folders.all().first()).apply {
            waiting = 1uL
            sync = { begun.complete(Unit); awaitCancellation() }
        }
        val run = launch(Dispatchers.Default) { sender.run(600_000) }
        begun.await()
        run.cancelAndJoin()
        assertTrue(other.closed)
    }

    @Test fun `the app needn't wait for a run that has records open, and what it breaks off is sent later`() = runBlocking {
        owners(2)
        val begun = CompletableDeferred<Unit>()
        val other = phones.getValue(folders.all().first()).apply {
            waiting = 1uL
            sync = { begun.complete(Unit); awaitCancellation() }
        }
        val run = async(Dispatchers.Default) { sender.run(600_000) }
        begun.await()
        assertTrue("the run had let go of them", sender.whileNotSending { other.closed })
        assertNotNull(run.await().retryInMs)
    }

    @Test fun `two runs at once take turns, so that the app needs to break off one only`() = runBlocking {
        owners(2)
        val (begun, more) = CompletableDeferred<Unit>() to CompletableDeferred<Unit>()
        own.sync = {
            begun.complete(Unit)
            more.await()
            own.outcome()
        }
        val first = async(Dispatchers.Default) { sender.run(600_000) }
        begun.await()
        val second = async(start = CoroutineStart.UNDISPATCHED) { sender.run(600_000) }
        assertEquals("the second waits", 1, own.affairs)
        more.complete(Unit)
        first.await()
        second.await()
        assertEquals(2 to 2, own.affairs to own.syncs)
    }

    @Test fun `what the library says has changed with the run is news`() = runBlocking {
        owners(2)
        phones.getValue(folders.all().first()).apply {
            waiting = 1uL
            heard = listOf(News(Matter.LEAVE, "somebody else's", null))
        }
        own.heard = listOf(News(Matter.CORRECTION, "您的补正已批准", null), News(Matter.SENDING, "有记录等着发送", "3 条待发送"))
        own.sync = {
            assertEquals("what was before is asked before", 1, own.affairs)
            own.outcome()
        }
        assertEquals(own.heard, sender.run(60_000).news)
    }
}

package org.sanji.app

import android.app.Application
import android.net.ConnectivityManager
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.sanji.phone.Language
import org.sanji.phone.News
import org.sanji.phone.RecordBook
import org.sanji.phone.Trouble
import org.sanji.phone.Wording
import org.sanji.phone.all
import org.sanji.ui.AppModel
import org.sanji.ui.Home
import org.sanji.ui.Opener
import java.io.File
import java.util.concurrent.ConcurrentHashMap

/**
 * What lives as long as the process: the app's state, which outlives its activity, and sending in the background. Records lie where
 * the system's backups don't look.
 */
open class SanjiApplication : Application() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main)
    private val clock by lazy { DeviceClock(contentResolver) }
    private val network by lazy { DeviceNetwork(requireNotNull(getSystemService(ConnectivityManager::class.java))) }
    private val notices by lazy { Notices(this) }
    private val askedForNotices by lazy { File(noBackupFilesDir, "asked-for-notices") }
    private val wordings = ConcurrentHashMap<Language, Wording>()
    private val shell by lazy { SystemShell(this, questions, { model.folders.current }) { words(it) } }

    /** Questions to the person. */
    val questions = Questions()

    /** The app's state. It is made on the main thread. */
    val model: AppModel by lazy {
        AppModel(File(noBackupFilesDir, "records"), Opener { sender.whileNotSending { open(it) } }, shell, clock, scope)
    }

    /** Sends while nobody looks. */
    val sender = Sender({ model.folders }, ::current, ::open) { model.settings.value.language }

    /** The words of the language that the person set. */
    val words: Wording get() = model.settings.value.language.let { wordings.getOrPut(it) { Wording(it) } }

    /** Where the key of a folder of records lies: each has its own, so that losing one costs nobody else's records. */
    protected open fun keyBox(folder: String): KeyBox = AndroidKeyBox("records-$folder")

    override fun onCreate() {
        super.onCreate()
        notices.name()
        SendSchedule(this).regularly()
        network.onAppearing { scope.launch { sendNow() } }
    }

    /** Sends all that waits on this phone, says what came of it, and asks to be started again where something is left. */
    suspend fun send() {
        val sent = sender.run(LONGEST_MS)
        tell(sent.news)
        sent.retryInMs?.let { SendSchedule(this).again(it) }
    }

    /** Says what there is to hear, unless somebody looks at the app, which says it itself. */
    fun tell(news: List<News>) {
        if (questions.activity == null) notices.say(news)
    }

    /** Asks once whether notices may be shown, when there is something of which they would tell: an open leave, or records that wait. */
    suspend fun offerNotices() {
        if (notices.allowed() || askedForNotices.exists()) return
        val book = current() ?: return
        val serves = try {
            book.ask { unsent().all > 0uL || affairs().use { it.waiting() } }
        } catch (_: Trouble) {
            false
        }
        if (!serves || questions.activity == null) return
        withContext(Dispatchers.IO) { askedForNotices.createNewFile() }
        shell.askForNotices()
    }

    private suspend fun sendNow() {
        val home = model.home.value
        if (home is Home.Opening || home is Home.New) return
        val book = current() ?: return
        val waits = try {
            book.ask { unsent() }.all > 0uL
        } catch (_: Trouble) {
            // The screens say what is wrong; the scheduled job tries again.
            false
        }
        if (waits) send()
    }

    private suspend fun current(): RecordBook? = withContext(Dispatchers.Main) {
        when (val home = model.home.first { it != Home.Opening }) {
            is Home.Own -> home.here.book
            is Home.Kiosk -> home.here.book
            Home.Opening, is Home.New, is Home.Stuck -> null
        }
    }

    private suspend fun open(folder: File): RecordBook {
        // Numbers of folders are never used twice, so neither are these.
        val counter = File(noBackupFilesDir, "counters/${folder.name}")
        return RecordBook.open(folder, DeviceKeys(keyBox(folder.name), counter), clock, network, Dispatchers.IO)
    }

    private companion object {
        /** Well below the minutes that the system grants. */
        const val LONGEST_MS = 3 * 60_000L
    }
}

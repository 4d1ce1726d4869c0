package org.sanji.ui

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import org.sanji.phone.Clock
import org.sanji.phone.Folders
import org.sanji.phone.Found
import org.sanji.phone.Language
import org.sanji.phone.RecordBook
import org.sanji.phone.Trouble
import org.sanji.phone.all
import org.sanji.ui.settings.OtherOwner
import org.sanji.ui.settings.Owners
import java.io.File
import java.io.IOException

/** Opens the records of a folder, with what the system gives them. */
fun interface Opener {
    /** Opens them, or throws [Trouble]. */
    suspend fun open(folder: File): RecordBook
}

/** Where the app stands. */
sealed interface Home {
    /** The records are being opened. */
    data object Opening : Home

    /** They can't be opened. */
    data class Stuck(val trouble: Trouble) : Home

    /** Nobody's phone yet. */
    data class New(val here: Surroundings) : Home

    /** A person's phone. */
    data class Own(val here: Surroundings, val found: Found) : Home

    /** A school's kiosk. */
    data class Kiosk(val here: Surroundings, val school: String) : Home
}

/** What the app keeps over rotations: settings, the records in use, the way back, and a model for each screen on it. */
class AppModel(
    root: File,
    private val opener: Opener,
    val shell: Shell,
    private val clock: Clock,
    private val scope: CoroutineScope,
) : Owners {
    /** The folders of all owners on this phone. */
    val folders = Folders(root)
    private val settingsFile =
        SettingsFile(File(root, "settings"), Settings(if (shell.chinese) Language.ZH else Language.EN, TextSize.NORMAL))
    private val keptSettings = MutableStateFlow(settingsFile.read())
    private val keptHome = MutableStateFlow<Home>(Home.Opening)
    private val ticks = MutableSharedFlow<Unit>(extraBufferCapacity = 1, onBufferOverflow = BufferOverflow.DROP_OLDEST)
    private val models = HashMap<Any, Pair<Any, CoroutineScope>>()
    private val recalled = HashMap<Any, Draft>()
    private val turning = Mutex()
    private var book: RecordBook? = null
    private var bookScope: CoroutineScope = child()

    /** What the person set. */
    val settings: StateFlow<Settings> = keptSettings.asStateFlow()

    /** Where the app stands. */
    val home: StateFlow<Home> = keptHome.asStateFlow()

    /** The way back. */
    val stack = BackStack()

    init {
        scope.launch { stack.screens.collect { forgetLeft() } }
        reopen()
    }

    /** The way back and what was typed on it, to outlive the process. A kiosk begins at its list. */
    fun saved(): List<String> = synchronized(models) {
        fun draft(of: Screen) = recalled[of] ?: (models[of]?.first as? Drafted)?.draft().orEmpty()
        if (home.value is Home.Kiosk) emptyList() else Saved(folders.current, stack.screens.value.map { it to draft(it) }).texts()
    }

    /** Goes back to where the person was when the system ended the process, and to nobody else's records. */
    fun restore(texts: List<String>) {
        val saved = Saved.of(texts)?.takeIf { it.folder == folders.current } ?: return
        synchronized(models) {
            if (stack.screens.value.size > 1) return
            stack.restore(saved.screens.map { it.first })
            recalled += saved.screens.filter { it.second.isNotEmpty() }
        }
    }

    /** Time has passed, or the app is seen again. */
    fun tick() {
        ticks.tryEmit(Unit)
    }

    /** Sets language or text size. */
    fun set(settings: Settings) {
        keptSettings.value = settings
        settingsFile.write(settings)
    }

    /** Opens the records of the current folder, again if they are open. */
    fun reopen(): Job = scope.launch { turning.withLock { close(); open() } }

    /** Looks again whose phone this is: after enrolment. */
    fun enrolled(): Job = scope.launch { turning.withLock { book?.let { look(it) } } }

    override fun leave() = turn { folders.begin() }

    override fun goBackTo(number: Int) = turn { folders.choose(number) }

    override fun erase() = turn { folders.erase(folders.current) }

    // Not while the app turns to other records, and to the end: what is opened here must be closed when they are turned to.
    override suspend fun others(): List<OtherOwner> = turning.withLock {
        withContext(NonCancellable) { folders.all().filter { it != folders.current }.map { other(it) } }
    }

    private suspend fun other(number: Int): OtherOwner = try {
        val other = opener.open(folders.folder(number))
        try {
            val (owner, unsent) = other.ask { if (isEnrolled()) owner() to unsent().all else null to null }
            OtherOwner(number, owner?.postings?.firstNotNullOfOrNull { it.name }, unsent, owner?.kiosk != null)
        } finally {
            other.end()
        }
    } catch (_: Trouble) {
        // Open elsewhere, or not to be opened: it can be returned to all the same, and says then what is wrong.
        OtherOwner(number, null, null)
    }

    /** The model of a screen: made once, kept as long as the screen is on the way back. */
    fun <T : Any> model(of: Any, make: (CoroutineScope) -> T): T {
        val (model, _) = synchronized(models) {
            models.getOrPut(of) {
                val own = child()
                val made = make(own)
                if (made is Drafted) recalled.remove(of)?.let(made::recall)
                made to own
            }
        }
        @Suppress("UNCHECKED_CAST")
        return model as T
    }

    /** Lets go of the records, when the process ends. */
    suspend fun end() = turning.withLock { close() }

    private fun turn(folder: () -> Unit) {
        scope.launch {
            turning.withLock {
                close()
                // Before the folder changes: nothing of one person may be kept as another's.
                synchronized(models) {
                    stack.begin()
                    recalled.clear()
                }
                try {
                    withContext(Dispatchers.IO) { folder() }
                } catch (_: IOException) {
                    // The current records are those of before: they open at the next try.
                    keptHome.value = Home.Stuck(Trouble.StorageFull())
                    return@withLock
                }
                open()
            }
        }
    }

    private suspend fun close() {
        keptHome.value = Home.Opening
        // What they have begun to record is recorded before the records are closed.
        drop { true }.joinAll()
        bookScope.cancel()
        bookScope = child()
        book?.end()
        book = null
    }

    private suspend fun open() {
        try {
            look(opener.open(folders.folder(folders.current)).also { book = it })
        } catch (trouble: Trouble) {
            keptHome.value = Home.Stuck(trouble)
        }
    }

    private suspend fun look(book: RecordBook) {
        val here = Surroundings(book, shell, clock, settings, ticks, bookScope)
        keptHome.value = when {
            !book.ask { isEnrolled() } -> Home.New(here)
            else -> book.ask { owner() }.kiosk?.let { Home.Kiosk(here, it) } ?: Home.Own(here, book.ask { records() })
        }
    }

    private fun child() = CoroutineScope(scope.coroutineContext + SupervisorJob(scope.coroutineContext.job))

    /** Lets go of what was on screens that were left. */
    private fun forgetLeft() = synchronized(models) {
        val screens = stack.screens.value
        drop { it is Screen && it !in screens }
        recalled.keys.retainAll(screens.toSet())
    }

    /** Ends the models of these; what may take them some time. */
    private fun drop(which: (Any) -> Boolean): List<Job> = synchronized(models) {
        models.keys.filter(which).mapNotNull { models.remove(it)?.second }.map { own -> own.coroutineContext.job.also { it.cancel() } }
    }
}

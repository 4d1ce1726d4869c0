package org.sanji.ui

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.sanji.checks.MemoryKeys
import org.sanji.checks.Relay
import org.sanji.checks.Switch
import org.sanji.phone.Calls
import org.sanji.phone.Clock
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.phone.Fix
import org.sanji.phone.RecordBook
import org.sanji.phone.Trouble
import org.sanji.phone.all
import org.sanji.ui.settings.OtherOwner
import org.sanji.ui.settings.Owners
import java.io.File
import java.time.LocalDate
import java.time.LocalDateTime
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter

/** A clock that the test moves, for phones and, by a file, for the relay's process. It stands still in between. */
class MovedClock(private val file: File, start: String) {
    private val began: Long = secs(start)

    /** The instant, seconds since 1970. */
    var now: Long = began
        private set

    val elapsedMs: ULong get() = ((now - began) * 1_000).toULong() + 3_600_000u

    init {
        tell()
    }

    /** Moves on to a moment in Asia/Shanghai: `2026-03-02 11:12`. */
    fun to(moment: String) {
        check(secs(moment) >= now) { "a clock doesn't go back" }
        now = secs(moment)
        tell()
    }

    /** Moves on by so many seconds. */
    fun on(seconds: Long) {
        now += seconds
        tell()
    }

    private fun tell() = file.writeText(LocalDateTime.ofEpochSecond(now, 0, ZoneOffset.UTC).format(FORMAT) + "\n")

    private companion object {
        val FORMAT: DateTimeFormatter = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")

        fun secs(moment: String) = LocalDateTime.parse("$moment:00", FORMAT).toEpochSecond(ZoneOffset.ofHours(8))
    }
}

/** A phone's clock: the world's, or off by some seconds. */
class PhoneClock(private val world: MovedClock) : Clock {
    @Volatile
    var off = 0L

    override fun wallSecs(): Long = world.now + off

    override fun elapsedMs(): ULong = world.elapsedMs

    override fun boot(): String = "boot"
}

/** What a system does in tests: answers as it was told, and remembers what it was asked. */
class PlayedShell(override var chinese: Boolean = true) : Shell {
    var scans = ArrayDeque<Given<String>>()

    /** What is given as a picture; empty: what is none. */
    var pictures = ArrayDeque<ByteArray>()
    val shared = mutableListOf<Pair<String, ByteArray>>()
    var vibrated = 0
    var later = 0
    var settingsOpened = 0
    @Volatile var placed = 0
    var fix: Given<Fix> = Given.Not

    /** What the person says to the question for the place, and how long the system looks for it. */
    var placeAsked: suspend () -> Boolean = { true }
    var looking: suspend () -> Unit = {}

    /** What pictures were for. */
    val purposes = mutableListOf<String>()

    override suspend fun scan() = scans.removeFirstOrNull() ?: Given.Not

    override suspend fun picture(purpose: String): ByteArray? {
        purposes += purpose
        return pictures.removeFirstOrNull()?.also { if (it.isEmpty()) throw Trouble.NoPicture() }
    }

    override suspend fun mayPlace() = placeAsked()

    override suspend fun place(): Given<Fix> {
        placed++
        looking()
        return fix
    }

    override suspend fun share(name: String, type: String, bytes: ByteArray) {
        shared += name to bytes
    }

    override fun vibrate() {
        vibrated++
    }

    override fun sendLater() {
        later++
    }

    override fun openSettings() {
        settingsOpened++
    }

    override val version get() = "0.1.0"
}

/** Somebody's phone: a folder, what the system gives it, and the records. */
class Handset(private val world: World, val folder: File) {
    var keys = MemoryKeys()
    val clock = PhoneClock(world.clock)
    val network = Switch()
    val shell = PlayedShell()
    val settings = MutableStateFlow(Settings(Language.ZH, TextSize.NORMAL))
    private val ticks = MutableSharedFlow<Unit>(extraBufferCapacity = 8)

    /** The records of the first folder. */
    val book: RecordBook get() = opened ?: runBlocking { open(File(folder, "phones/1")) }.also { opened = it }
    private var opened: RecordBook? = null

    /** Opens records as the app does. */
    suspend fun open(folder: File): RecordBook = RecordBook.open(folder, keys, clock, network, Dispatchers.IO)

    /** The records again, as after the app was closed. */
    fun reopened(): RecordBook {
        close()
        return book
    }

    /** What its view models stand on. */
    fun here(language: Language = Language.ZH, book: RecordBook = this.book) =
        Surroundings(book, shell, clock, MutableStateFlow(settings.value.copy(language = language)), ticks, world.scope)

    /** The app as a whole, on this phone's folder. */
    fun app(scope: CoroutineScope, saved: List<String> = emptyList()) = AppModel(folder, ::open, shell, clock, scope).apply { restore(saved) }

    /** Asks the library. */
    fun <T> ask(call: suspend Calls.() -> T): T = runBlocking { book.ask(call) }

    /** Syncs all there is. */
    fun sync() = ask { syncNow() }.also { check(it.offline == null) { "${it.offline}" } }

    /** Waits until all that was recorded has arrived: time may jump only while no answer is under way. */
    fun sent() = until { book.ask { unsent() }.all == 0uL }

    /** Time has passed. */
    fun tick() {
        ticks.tryEmit(Unit)
    }

    fun close() {
        opened?.close()
        opened = null
    }
}

/** A county with a relay whose clock the test moves, a school, and phones. It begins before school on Monday 2026-03-02. */
class World(start: String = "2026-03-02 07:50") : AutoCloseable {
    private val folder = Relay.newFolder("relay")
    val clock = MovedClock(File(folder, "time"), start)
    val relay = Relay(folder, LocalDate.parse(start.take(10)), faked(File(folder, "time")))
    private val phones = mutableListOf<Handset>()

    /** Where view models live. */
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    init {
        relay.found()
        relay.start()
    }

    /** A phone that is nobody's yet. */
    fun phone(folder: File = Relay.newFolder("phone")) = Handset(this, folder).also(phones::add)

    /** Somebody's phone that has heard of its school. */
    fun phone(name: String, school: String = Relay.SCHOOL, folder: File = Relay.newFolder("phone")) = phone(folder).apply {
        ask { enrol(relay.invite(name, school = school).first) }
        sync()
    }

    /** A teacher's phone whose term was closed between two checks: the first was delivered, the second will not be taken. */
    fun phoneOfClosedTerm() = phone(Relay.TEACHER).apply {
        this@World.clock.to("2026-03-02 08:31")
        ask { check(null, Direction.CHECK_IN, null) }
        sync()
        relay.stop()
        relay.retire()
        relay.start()
        this@World.clock.to("2026-03-02 17:02")
        ask { check(null, Direction.CHECK_OUT, null) }
    }

    override fun close() {
        scope.cancel()
        phones.forEach(Handset::close)
        relay.close()
    }

    private companion object {
        /** libfaketime: the time of the file, read anew each time; durations stay real. */
        fun faked(file: File) = mapOf(
            "LD_PRELOAD" to checkNotNull(System.getProperty("sanji.faketime")), "FAKETIME_TIMESTAMP_FILE" to file.path,
            "FAKETIME_NO_CACHE" to "1", "FAKETIME_DONT_FAKE_MONOTONIC" to "1", "TZ" to "UTC",
        )
    }
}

/** Waits for what no state tells. A test that waits for what never comes ends as a failure, not never. */
fun until(fits: suspend () -> Boolean) = runBlocking {
    withTimeout(60_000) { while (!fits()) delay(20) }
}

/** A world for one test. */
fun inWorld(start: String = "2026-03-02 07:50", test: World.() -> Unit) = World(start).use(test)

/** A phone on which nobody else has records, and nothing is erased. */
object Alone : Owners {
    override suspend fun others() = emptyList<OtherOwner>()
    override fun leave() = Unit
    override fun erase() = error("nothing may be erased here")
    override fun goBackTo(number: Int) = Unit
}

/** The first state that fits. A test that waits for what never comes ends as a failure, not never. */
fun <S> StateFlow<S>.await(fits: (S) -> Boolean): S = runBlocking {
    try {
        withTimeout(60_000) { first(fits) }
    } catch (e: kotlinx.coroutines.TimeoutCancellationException) {
        throw AssertionError("it never came; what there is: ${"$value".take(600)}", e)
    }
}

/** Imports the organisation that comes with the program once more, changed. */
fun Relay.county(change: (String) -> String) {
    val file = File(Relay.newFolder("county"), "county.toml")
    file.writeText(change(File("../../server/data/hezhang.toml").readText()))
    command("county", "import", file.path)
}

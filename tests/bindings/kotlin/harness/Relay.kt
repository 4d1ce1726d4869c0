package org.sanji.checks

import java.io.File
import java.nio.file.Files
import java.time.LocalDate
import java.time.ZoneId
import java.util.concurrent.TimeUnit

/**
 * A relay of its own: the program's commands on a data folder, and `sanji serve` as a process. `environment` is given to the
 * program, so that it may be told another time; `today` is the day by it.
 */
class Relay(
    private val folder: File,
    private val today: LocalDate = LocalDate.now(ZoneId.of("Asia/Shanghai")),
    private val environment: Map<String, String> = emptyMap(),
) : AutoCloseable {
    private val program = checkNotNull(System.getProperty("sanji.program"))
    private var serving: Process? = null

    /** Where it listens; the same after a restart. */
    var address = "127.0.0.1:0"
        private set

    /** Imports the organisation that comes with the program, and two people of a kindergarten. */
    fun found() {
        run("county", "import", "hezhang")
        staff(PEOPLE.map { (name, role) -> "$SCHOOL,$name,$role,是,${today.minusDays(30)},," })
    }

    /** Imports rows of a staff list. */
    fun staff(rows: List<String>) {
        val list = File(folder, "staff.csv").apply {
            writeText((listOf("学校,姓名,岗位,任课,起始日期,结束日期,同一人") + rows).joinToString("\n"))
        }
        run("staff", "import", list.path)
    }

    /** An invitation for somebody: the text of its QR code, and the code to type. */
    fun invite(name: String, at: String = address, school: String = SCHOOL): Pair<String, String> {
        val said = run("invite", "--school", school, "--name", name, "--address", at)
        return text(said, "qr") to text(said, "code")
    }

    /** An invitation for the school's kiosk. */
    fun inviteKiosk(): String = text(run("invite", "--school", SCHOOL, "--kiosk", "--address", address), "qr")

    /** Runs a command; what it said. */
    fun command(vararg words: String): String = run(*words)

    /** Takes in a file of unsent records; what the program said. */
    fun import(file: File): String = run("bundle", "import", file.path)

    /** Serves, on a free port at first, afterwards on the same. */
    fun start() = serve(program("serve", "--listen", address, "--log", "error"))

    /** Lets a newer relay, which doesn't speak with phones of this version, answer in the place of this one, which is stopped. */
    fun startNewer() = serve(later("newer", data.path, address))

    /** Closes all that was recorded, as when the time of a term is over. It must be stopped. */
    fun retire() = ended("later-retire", later("retire", data.path))

    private fun serve(program: ProcessBuilder) {
        val process = program.redirectError(log("serve")).start()
        serving = process
        val said = checkNotNull(process.inputReader().readLine()) { "the relay ended: ${log("serve").readText()}" }
        address = text(said, "listening")
    }

    /** Stops, as an administrator would. */
    fun stop() {
        serving?.run {
            destroy()
            check(waitFor(60, TimeUnit.SECONDS)) { "sanji serve did not stop" }
        }
        serving = null
    }

    override fun close() {
        serving?.destroyForcibly()?.waitFor()
    }

    private fun log(name: String) = File(folder, "$name.log")

    private val data = File(folder, "relay")

    private fun program(vararg words: String) = process(listOf(program) + words + listOf("--data", data.path, "--json"))

    /** The program for what no command does yet. */
    private fun later(vararg words: String) = process(listOf(File(program).resolveSibling("later").path) + words)

    private fun process(words: List<String>) = ProcessBuilder(words).apply {
        environment().keys.removeIf { it.startsWith("SANJI_") }
        environment().putAll(this@Relay.environment)
    }

    private fun run(vararg words: String): String = ended(words.take(2).joinToString("-"), program(*words))

    private fun ended(name: String, program: ProcessBuilder): String {
        val log = log(name)
        val process = program.redirectError(log).start()
        val said = process.inputReader().readText()
        check(process.waitFor() == 0) { "${program.command().joinToString(" ")}: ${log.readText()}$said" }
        return said
    }

    companion object {
        const val SCHOOL = "赫章县第一幼儿园"
        const val TEACHER = "王小燕"
        const val PRINCIPAL = "李校长"
        private val PEOPLE = listOf(PRINCIPAL to "校长", TEACHER to "教师")

        /** A relay in a new folder under the one that the caller of the checks named. */
        fun new(): Relay = Relay(newFolder("relay"))

        /** A new folder. */
        fun newFolder(prefix: String): File =
            Files.createTempDirectory(File(checkNotNull(System.getProperty("sanji.temp"))).apply { mkdirs() }.toPath(), prefix).toFile()

        /** The text of a field in one line of JSON whose texts have no escapes. */
        private fun text(json: String, field: String): String =
            checkNotNull(Regex("\"$field\"\\s*:\\s*\"([^\"\\\\]*)\"").find(json)) { "no $field in $json" }.groupValues[1]
    }
}

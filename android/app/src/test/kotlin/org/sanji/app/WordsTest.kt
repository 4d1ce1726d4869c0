package org.sanji.app

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.sanji.phone.Language
import org.sanji.phone.Wording
import java.io.File

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], application = android.app.Application::class)
class WordsTest {
    private val sources = File(checkNotNull(System.getProperty("app.folder")), "src")

    @Test fun `every key that is named here has its words in both languages`() {
        val keys = listOf("main", "compose").flatMap { sources.resolve(it).walk().filter { file -> file.extension == "kt" } }
            .flatMap { Regex("\"((?:app|scan|system|notice|sendpage)-[a-z_-]+)\"").findAll(it.readText()).map { found -> found.groupValues[1] } }
            .toSet()
        assertTrue("$keys", keys.size > 12)
        for (words in Language.entries.map(::Wording)) assertEquals(emptyList<String>(), keys.filterNot(words::has))
    }

    @Test fun `no sentence stands in the sources`() {
        val chinese = Regex("[\\u4e00-\\u9fff]")
        val literal = Regex("\"(?:[^\"\\\\]|\\\\.)*\"")
        val found = sources.resolve("main/kotlin").walk().filter { it.extension == "kt" }
            .flatMap { literal.findAll(it.readText()) }.map { it.value }.filter { chinese.containsMatchIn(it) }
        assertEquals(emptyList<String>(), found.toList())
    }
}

package org.sanji.ui

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.sanji.phone.Language
import org.sanji.phone.Trouble
import org.sanji.phone.Wording
import java.io.File

class WordingTest {
    private val sources = listOf("src/main/kotlin", "../bindings/src/main/kotlin").flatMap { File(it).walk().filter { file -> file.extension == "kt" } }

    /** Keys in full, wherever a source names one; what ends in a dash is the beginning of several. */
    private val named = sources.flatMap { Regex("\"([a-z]+-[a-z_-]+)(\"|\\$)").findAll(it.readText()).map { found -> found.groupValues[1] } }.toSet()

    @Test fun `every text that a screen names is in the catalogue, in both languages`() {
        assertTrue(named.size > 100) { "the sources were not read: $named" }
        val others = setOf("sanji-diagnostics", "application-octet", "sanji-")
        for (language in Language.entries) {
            val wording = Wording(language)
            assertEquals(emptyList<String>(), named.filter { !it.endsWith("-") && it !in others && !wording.has(it) }, "$language")
        }
    }

    @Test fun `no text of the screens stands in the sources`() {
        val chinese = sources.filter { source -> source.readLines().any { line -> line.substringBefore("//").contains(Regex("\"[^\"]*[\\u4e00-\\u9fff]")) } }
        assertEquals(emptyList<File>(), chinese)
    }

    @Test fun `every kind of trouble has its words`() {
        val wording = Wording(Language.ZH)
        val kinds = listOf(
            Trouble.NotEnrolled(), Trouble.Offline(""), Trouble.StorageFull(), Trouble.UpdateNeeded(), Trouble.Closed(), Trouble.KeysUnavailable(""), Trouble.Failed(""),
            Trouble.Invalid("reason", "invalid", "reason_needed", ""), Trouble.Invalid("entry", "too_late", null, ""),
        )
        assertEquals(emptyList<String>(), kinds.map { it.key }.filterNot(wording::has))
        assertEquals(wording("error-failed"), wording.trouble(Trouble.Invalid("x", "of_a_newer_version", null, "")))
    }
}

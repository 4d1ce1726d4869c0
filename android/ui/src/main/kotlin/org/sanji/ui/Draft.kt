package org.sanji.ui

import org.sanji.phone.Direction

/** What somebody typed on a screen, by field. */
typealias Draft = Map<String, String>

/** A model on whose screen somebody types what should outlive the process. */
interface Drafted {
    /** What was typed and not recorded; empty if there is nothing. */
    fun draft(): Draft

    /** Puts back what was typed. */
    fun recall(draft: Draft)
}

/** How a field of a form is kept as text, and put back. A picture is not kept: what the system holds for an app must be small. */
class Kept<F>(val name: String, val text: (F) -> String, val put: (F, String) -> F)

/** The texts of a form's fields. */
internal fun <F> List<Kept<F>>.texts(fields: F): Draft = associate { it.name to it.text(fields) }

/** Several as one text, a line each. */
internal fun Iterable<String>.lined(): String = joinToString("\n") { it.replace('\n', ' ') }

/** A direction by its name. */
internal fun direction(name: String): Direction? = Direction.entries.find { it.name == name }

/** The lines of such a text. */
internal fun String.unlined(): List<String> = split('\n').filter(String::isNotEmpty)

/**
 * What outlives the process: whose records they were, the way back, and what was typed on it. It is held by the system, never
 * written beside the records, where a key guards everything.
 */
data class Saved(val folder: Int, val screens: List<Pair<Screen, Draft>>) {
    /** It as texts. What was typed on the last screens goes first, as much as the system may be given. */
    fun texts(): List<String> {
        var room = MOST
        val fitting = screens.asReversed().map { (screen, draft) ->
            val size = draft.entries.sumOf { it.key.length + it.value.length }
            if (size <= room) (screen to draft).also { room -= size } else screen to emptyMap()
        }.asReversed()
        return listOf("$folder") + fitting.flatMap { (screen, draft) ->
            listOf(Screen.text(screen), "${draft.size}") + draft.flatMap { (name, text) -> listOf(name, text) }
        }
    }

    companion object {
        /** Characters; the system takes about a million bytes of all that is open. */
        private const val MOST = 50_000

        /** What such texts say; absent if they are none. A screen that this version doesn't have is left out. */
        fun of(texts: List<String>): Saved? {
            val folder = texts.firstOrNull()?.toIntOrNull() ?: return null
            val screens = mutableListOf<Pair<Screen, Draft>>()
            var at = 1
            while (at < texts.size) {
                val fields = texts.getOrNull(at + 1)?.toIntOrNull()?.takeIf { it >= 0 && at + 2 + it * 2 <= texts.size } ?: return null
                val draft = (0 until fields).associate { texts[at + 2 + it * 2] to texts[at + 3 + it * 2] }
                Screen.of(texts[at])?.let { screens += it to draft }
                at += 2 + fields * 2
            }
            return Saved(folder, screens).takeIf { screens.firstOrNull()?.first == Screen.Today }
        }
    }
}

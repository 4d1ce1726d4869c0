package org.sanji.ui

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import org.sanji.phone.Entry

/** A screen and what it is about. Its parts are text, so that the way back outlives the process. */
sealed interface Screen {
    /** Name and arguments. */
    val parts: List<String>

    /** A screen of the bar at the bottom. */
    sealed interface Tab : Screen

    data object Today : Tab {
        override val parts get() = listOf("today")
    }

    /** My week; the one of the given Monday, or this one. */
    data object Week : Tab {
        override val parts get() = listOf("week")
    }

    data object Leaves : Tab {
        override val parts get() = listOf("leaves")
    }

    data object More : Tab {
        override val parts get() = listOf("more")
    }

    /** Why a day is judged as it is. */
    data class Day(val posting: String, val day: String) : Screen {
        override val parts get() = listOf("day", posting, day)
    }

    /** A leave that is applied for, or the given one that is changed. */
    data class LeaveForm(val leave: Entry?) : Screen {
        override val parts get() = listOf("leave") + leave.parts()
    }

    data object Corrections : Screen {
        override val parts get() = listOf("corrections")
    }

    /** A correction that is asked for. */
    data class CorrectionForm(val posting: String?, val day: String) : Screen {
        override val parts get() = listOf("correction", posting.orEmpty(), day)
    }

    data object Sending : Screen {
        override val parts get() = listOf("sending")
    }

    data object SettingsPage : Screen {
        override val parts get() = listOf("settings")
    }

    /** What is recorded about you, and who sees it. */
    data object Recorded : Screen {
        override val parts get() = listOf("recorded")
    }

    /** Stands before the settings of a kiosk. */
    data object KioskGate : Screen {
        override val parts get() = listOf("kiosk_gate")
    }

    companion object {
        private const val BETWEEN = '\u001f'

        /** A screen as one text. */
        fun text(screen: Screen): String = screen.parts.joinToString("$BETWEEN")

        /** The screen of such a text; absent if it is none of this version's. */
        fun of(text: String): Screen? {
            val parts = text.split(BETWEEN)
            fun part(at: Int) = parts.getOrNull(at).orEmpty()
            return when (parts.first()) {
                "today" -> Today
                "week" -> Week
                "leaves" -> Leaves
                "more" -> More
                "day" -> Day(part(1), part(2))
                "leave" -> LeaveForm(entry(parts.drop(1)))
                "corrections" -> Corrections
                "correction" -> CorrectionForm(part(1).ifEmpty { null }, part(2))
                "sending" -> Sending
                "settings" -> SettingsPage
                "recorded" -> Recorded
                else -> WorkScreen.of(parts)
            }
        }

        /** An entry as one text. */
        internal fun entryText(entry: Entry): String = entry.parts().joinToString("$BETWEEN")

        /** The entry of such a text. */
        internal fun entryOf(text: String): Entry? = entry(text.split(BETWEEN))

        internal fun Entry?.parts() = if (this == null) emptyList() else listOf(document, device, "$seq", hash)

        internal fun entry(parts: List<String>): Entry? {
            if (parts.size != 4) return null
            return Entry(parts[0], parts[1], parts[2].toULongOrNull() ?: return null, parts[3])
        }
    }
}

/** The way back: the first screen is always Today. */
class BackStack {
    private val kept = MutableStateFlow<List<Screen>>(listOf(Screen.Today))

    /** All screens, the shown one last. */
    val screens: StateFlow<List<Screen>> = kept.asStateFlow()

    /** As it was before the process ended. */
    fun restore(screens: List<Screen>) = kept.update { screens }

    /** Shows a screen; one of the bar at the bottom stands right above Today. */
    fun go(screen: Screen) = kept.update { before ->
        when {
            screen == Screen.Today -> listOf(Screen.Today)
            screen is Screen.Tab -> listOf(Screen.Today, screen)
            before.last() == screen -> before
            else -> before + screen
        }
    }

    /** Goes back; false if there is nothing to go back to. */
    fun back(): Boolean {
        val more = kept.value.size > 1
        if (more) kept.update { it.dropLast(1) }
        return more
    }

    /** Begins anew at Today. */
    fun begin() = kept.update { listOf(Screen.Today) }
}

package org.sanji.ui

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.sanji.ui.parts.of

class PaletteTest {
    private fun contrast(one: Color, other: Color): Float {
        val (brighter, darker) = maxOf(one.luminance(), other.luminance()) to minOf(one.luminance(), other.luminance())
        return (brighter + 0.05f) / (darker + 0.05f)
    }

    @Test fun `everything that is read stands out by 4,5 to 1, by day and by night`() {
        val low = listOf(light, dark).flatMap { colours ->
            val inks = colours.run { listOf(ink, quiet, accent, green, blue, grey, amber, red, violet) }
            val pairs = inks.flatMap { listOf(it to colours.ground, it to colours.raised) } + (colours.onAccent to colours.accent)
            pairs.filter { (ink, ground) -> contrast(ink, ground) < 4.5f }
        }
        assertEquals(emptyList<Any>(), low)
    }

    @Test fun `red is for no record of presence and for flagged alone`() {
        val statuses = listOf(
            "rest_day", "on_leave", "upcoming", "in_progress", "present", "awaiting_sync", "needs_correction", "absent",
            "short_of_five_hours", "irregular", "may_be_lost", "flagged", "pending", "approved", "refused",
        )
        assertEquals(listOf("absent", "flagged"), statuses.filter { light.of(it) == light.red })
    }
}

package org.sanji.ui.settings

import androidx.compose.runtime.Composable
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.Section
import org.sanji.ui.words

/** Whose other records are on this phone, with the way back to them. */
@Composable
fun Others(others: List<OtherOwner>, goBackTo: (Int) -> Unit) {
    if (others.isEmpty()) return
    Section(words("setpage-others")) {
        for (other in others) {
            val name = other.name ?: words(if (other.kiosk) "kiosk-title" else "setpage-others-unnamed")
            val text = when (val unsent = other.unsent) {
                null -> name
                0uL -> words("setpage-others-sent", "name" to name)
                else -> words("setpage-others-unsent", "name" to name, "count" to unsent)
            }
            LineRow(text, words("setpage-return")) { goBackTo(other.number) }
        }
    }
}

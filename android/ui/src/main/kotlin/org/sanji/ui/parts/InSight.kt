package org.sanji.ui.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.runtime.Composable
import androidx.compose.ui.layout.Layout
import androidx.compose.ui.unit.Constraints
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp

private val GAP = 12.dp

/**
 * What comes first, the button under it, then the rest, on a screen of this height; what is free lies above the button, so that it is
 * near the thumb. Where text is so large that the button would not be whole in sight, it stands at the top instead.
 */
@Composable
fun InSight(height: Dp, first: @Composable ColumnScope.() -> Unit, button: @Composable ColumnScope.() -> Unit, rest: @Composable ColumnScope.() -> Unit) =
    Layout(listOf(first, button, rest).map { part -> { Column(verticalArrangement = Arrangement.spacedBy(8.dp), content = part) } }) { parts, constraints ->
        val width = constraints.maxWidth
        val (above, tapped, under) = parts.map { it.single().measure(Constraints.fixedWidth(width)) }
        val (gap, screen) = GAP.roundToPx() to height.roundToPx()
        val fits = above.height + gap + tapped.height <= screen
        val needed = above.height + tapped.height + under.height + 2 * gap
        val free = maxOf(0, screen - needed)
        layout(width, needed + free) {
            var y = 0
            for (part in if (fits) listOf(above, tapped, under) else listOf(tapped, above, under)) {
                part.place(0, y)
                y += part.height + gap + if (part === above) free else 0
            }
        }
    }

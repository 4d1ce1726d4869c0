package org.sanji.ui.parts

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.BiasAlignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.graphics.drawscope.clipRect
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.unit.dp
import org.sanji.phone.Span
import org.sanji.phone.Verdict
import org.sanji.phone.Wording
import org.sanji.ui.Dates
import org.sanji.ui.palette
import org.sanji.ui.words

private const val FROM = 6
private const val TO = 22

/** The day from 6 to 22: the windows as frames, presence filled, leave hatched, and a line for now. */
@Composable
fun DayBar(day: String, verdict: Verdict?, nowSecs: Long?, modifier: Modifier = Modifier) {
    val colours = palette
    val said = words.bar(verdict)
    val begins = Dates.instant(day, "06:00") ?: 0
    val length = (TO - FROM) * 3_600f
    fun at(secs: Long) = ((secs - begins) / length).coerceIn(0f, 1f)
    Column(modifier.fillMaxWidth().clearAndSetSemantics { contentDescription = said }) {
        Canvas(Modifier.fillMaxWidth().height(34.dp).clip(RoundedCornerShape(6.dp))) {
            drawRect(colours.raised)
            for (hour in FROM + 4 until TO step 4) {
                val x = size.width * (hour - FROM) / (TO - FROM)
                drawLine(colours.line, Offset(x, 0f), Offset(x, size.height), 1.dp.toPx())
            }
            val inset = size.height * 0.22f
            verdict?.leave?.forEach { hatched(at(it.fromSecs), at(it.toSecs), colours.violet) }
            verdict?.presence?.forEach { span ->
                val (left, right) = at(span.fromSecs) * size.width to at(span.toSecs) * size.width
                val colour = if (verdict.inSinceSecs != null && span == verdict.presence.last()) colours.blue else colours.green
                drawRect(colour, Offset(left, inset), Size(maxOf(right - left, 3.dp.toPx()), size.height - 2 * inset))
            }
            verdict?.windows?.forEach { span ->
                val (left, right) = at(span.fromSecs) * size.width to at(span.toSecs) * size.width
                val half = 1.dp.toPx()
                drawRoundRect(
                    colours.quiet, Offset(left + half, half), Size(right - left - 2 * half, size.height - 2 * half),
                    CornerRadius(4.dp.toPx()), Stroke(2 * half),
                )
            }
            if (nowSecs != null && nowSecs in begins..begins + length.toLong()) {
                val x = at(nowSecs) * size.width
                drawLine(colours.ink, Offset(x, 0f), Offset(x, size.height), 2.dp.toPx())
            }
        }
        Box(Modifier.fillMaxWidth()) {
            for (hour in FROM..TO step 4) {
                val bias = (hour - FROM) * 2f / (TO - FROM) - 1
                Text("$hour", Modifier.align(BiasAlignment(bias, 0f)), colours.quiet, style = MaterialTheme.typography.labelSmall)
            }
        }
    }
}

private fun DrawScope.hatched(from: Float, to: Float, colour: Color) {
    val (left, right) = from * size.width to to * size.width
    val step = 7.dp.toPx()
    clipRect(left, 0f, right, size.height) {
        var x = left - size.height
        while (x < right) {
            drawLine(colour, Offset(x, size.height), Offset(x + size.height, 0f), 2.dp.toPx())
            x += step
        }
    }
    drawRect(colour, Offset(left, 0f), Size(right - left, size.height), style = Stroke(1.dp.toPx()))
}

/** Spans as a screen reader says them. */
fun Wording.spans(spans: List<Span>): String = spans.joinToString(this("day-between")) { "${time(it.fromSecs)}–${time(it.toSecs)}" }

private fun Wording.bar(verdict: Verdict?): String = listOfNotNull(
    this("today-bar"),
    verdict?.windows?.takeIf { it.isNotEmpty() }?.let { this("today-bar-windows", "spans" to spans(it)) },
    verdict?.presence?.takeIf { it.isNotEmpty() }?.let { this("today-bar-presence", "spans" to spans(it)) },
    verdict?.leave?.takeIf { it.isNotEmpty() }?.let { this("today-bar-leave", "spans" to spans(it)) },
).joinToString("; ")

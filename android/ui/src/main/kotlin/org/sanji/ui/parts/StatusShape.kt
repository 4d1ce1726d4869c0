package org.sanji.ui.parts

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.PathEffect
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Fill
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.TextUnit
import androidx.compose.ui.unit.sp
import org.sanji.ui.Palette
import org.sanji.ui.palette

/** The colour of a status' code. */
fun Palette.of(status: String?): Color = when (status) {
    "present", "approved" -> green
    "in_progress", "pending" -> blue
    "irregular", "short_of_five_hours", "needs_correction", "refused" -> amber
    "absent", "flagged" -> red
    "on_leave" -> violet
    else -> grey
}

/** A status' shape, the same as on page and print. The word stands beside it, so it is silent for a screen reader. */
@Composable
fun StatusShape(status: String?, modifier: Modifier = Modifier, size: TextUnit = 18.sp) {
    val colour = palette.of(status)
    val side = with(LocalDensity.current) { size.toDp() }
    Canvas(modifier.size(side)) { shape(status, colour) }
}

private fun DrawScope.shape(status: String?, colour: Color) {
    val w = size.width
    val line = w / 9
    val dashes = PathEffect.dashPathEffect(floatArrayOf(w / 7, w / 9))
    when (status) {
        "present", "approved" -> drawCircle(colour, w * 0.36f)
        "in_progress", "pending" -> {
            drawCircle(colour, w * 0.34f, style = Stroke(line))
            drawArc(colour, 90f, 180f, true, Offset(w * 0.16f, w * 0.16f), Size(w * 0.68f, w * 0.68f))
        }
        "awaiting_sync" -> drawCircle(colour, w * 0.34f, style = Stroke(line, pathEffect = dashes))
        "irregular", "short_of_five_hours" -> drawPath(triangle(), colour)
        "absent" -> drawRect(colour, Offset(w * 0.18f, w * 0.18f), Size(w * 0.64f, w * 0.64f), style = Fill)
        "on_leave" -> drawPath(diamond(), colour, style = Stroke(line))
        "needs_correction" -> {
            drawRect(colour, Offset(w * 0.1f, w * 0.2f), Size(w * 0.7f, w * 0.7f), style = Stroke(line * 0.8f, pathEffect = dashes))
            drawLine(colour, Offset(w * 0.36f, w * 0.64f), Offset(w * 0.9f, w * 0.1f), line * 1.6f, StrokeCap.Round)
        }
        "flagged", "refused" -> {
            drawLine(colour, Offset(w * 0.2f, w * 0.2f), Offset(w * 0.8f, w * 0.8f), line * 1.3f, StrokeCap.Round)
            drawLine(colour, Offset(w * 0.8f, w * 0.2f), Offset(w * 0.2f, w * 0.8f), line * 1.3f, StrokeCap.Round)
        }
        "rest_day" -> drawLine(colour, Offset(w * 0.22f, w * 0.5f), Offset(w * 0.78f, w * 0.5f), line, StrokeCap.Round)
        "may_be_lost" -> {
            drawArc(colour, 180f, 250f, false, Offset(w * 0.28f, w * 0.1f), Size(w * 0.44f, w * 0.44f), style = Stroke(line))
            drawLine(colour, Offset(w * 0.5f, w * 0.52f), Offset(w * 0.5f, w * 0.66f), line)
            drawCircle(colour, line * 0.75f, Offset(w * 0.5f, w * 0.84f))
        }
        else -> drawCircle(colour, w * 0.16f)
    }
}

private fun DrawScope.triangle() = Path().apply {
    moveTo(size.width * 0.5f, size.height * 0.14f)
    lineTo(size.width * 0.88f, size.height * 0.82f)
    lineTo(size.width * 0.12f, size.height * 0.82f)
    close()
}

private fun DrawScope.diamond() = Path().apply {
    moveTo(size.width * 0.5f, size.height * 0.1f)
    lineTo(size.width * 0.88f, size.height * 0.5f)
    lineTo(size.width * 0.5f, size.height * 0.9f)
    lineTo(size.width * 0.12f, size.height * 0.5f)
    close()
}

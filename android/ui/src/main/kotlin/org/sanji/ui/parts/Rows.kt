package org.sanji.ui.parts

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.sanji.phone.SendingSaid
import org.sanji.phone.Tone
import org.sanji.phone.Trouble
import org.sanji.ui.palette
import org.sanji.ui.words

/** A row of a list: shape, sentence, what stands under it, and time at the end. With `onClick` it opens what is behind it. */
@Composable
fun LineRow(
    text: String,
    under: String? = null,
    end: String? = null,
    status: String? = null,
    /** Not where what can be done with it stands under it: there a [RowEnd] follows. */
    divided: Boolean = true,
    onClick: (() -> Unit)? = null,
) {
    // With large text there is no room beside it.
    val large = LocalDensity.current.fontScale > 1.2f
    val base = Modifier.fillMaxWidth().heightIn(min = 52.dp)
    val tapped = if (onClick != null) base.clickable(role = Role.Button, onClick = onClick) else base.semantics(mergeDescendants = true) {}
    Column(tapped) {
        Row(
            Modifier.fillMaxWidth().heightIn(min = 52.dp).padding(vertical = 8.dp),
            Arrangement.spacedBy(10.dp),
            Alignment.CenterVertically,
        ) {
            if (status != null) StatusShape(status, Modifier.align(Alignment.CenterVertically))
            Column(Modifier.weight(1f)) {
                Text(text.asSentence(), color = palette.ink, style = MaterialTheme.typography.bodyLarge)
                if (under != null) Text(under.asSentence(), color = palette.quiet, style = MaterialTheme.typography.bodyMedium)
                if (end != null && large) Text(end, color = palette.quiet, style = MaterialTheme.typography.bodyMedium)
            }
            if (end != null && !large) Text(end, color = palette.quiet, style = MaterialTheme.typography.bodyMedium)
            if (onClick != null) Onward()
        }
        if (divided) HorizontalDivider(color = palette.line)
    }
}

/** What can be done with the row above, far enough from each other, and the line under it. */
@Composable
fun RowEnd(acts: @Composable () -> Unit = {}) = Column(Modifier.fillMaxWidth()) {
    FlowRow(horizontalArrangement = Arrangement.spacedBy(24.dp)) { acts() }
    HorizontalDivider(color = palette.line)
}

/** What is known of something: a small word and what there is under it. */
@Composable
fun Fact(word: String, text: String) = Column(Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}.padding(vertical = 4.dp)) {
    Text(word, color = palette.quiet, style = MaterialTheme.typography.labelMedium)
    Text(text.asSentence(), color = palette.ink, style = MaterialTheme.typography.bodyLarge)
}

/** There is more behind it. */
@Composable
internal fun Onward() {
    val colour = palette.quiet
    Canvas(Modifier.size(14.dp)) {
        val (w, h) = size.width to size.height
        drawLine(colour, Offset(w * 0.35f, h * 0.1f), Offset(w * 0.75f, h * 0.5f), 2.dp.toPx(), StrokeCap.Round)
        drawLine(colour, Offset(w * 0.75f, h * 0.5f), Offset(w * 0.35f, h * 0.9f), 2.dp.toPx(), StrokeCap.Round)
    }
}

/** Something to be noticed, quietly: a raised block with a bar at its edge. */
@Composable
fun Notice(text: String, title: String? = null, colour: Color = palette.amber, act: String? = null, onAct: () -> Unit = {}) {
    Row(
        Modifier.fillMaxWidth().clip(RoundedCornerShape(8.dp)).background(palette.raised)
            .semantics { liveRegion = LiveRegionMode.Polite },
    ) {
        Column(
            Modifier.weight(1f).edged(colour).padding(start = 16.dp, end = 12.dp, top = 10.dp, bottom = 10.dp),
            Arrangement.spacedBy(2.dp),
        ) {
            if (title != null) Text(title, color = palette.ink, style = MaterialTheme.typography.titleMedium)
            Text(text.asSentence(), color = palette.ink, style = MaterialTheme.typography.bodyMedium)
            if (act != null) TextAction(act, onAct)
        }
    }
}

/** What went wrong, in words, with what to do. */
@Composable
fun TroubleNotice(trouble: Trouble?) {
    if (trouble != null) Notice(words.trouble(trouble))
}

/** The one line that says what waits to be sent; [brief] where what stands in the way is said already. */
@Composable
fun SendingLine(said: SendingSaid, brief: Boolean = false, onClick: () -> Unit) {
    val colour = when (said.tone) {
        Tone.CALM -> palette.quiet
        Tone.NOTICE, Tone.STOPPED -> palette.amber
    }
    Row(
        Modifier.fillMaxWidth().heightIn(min = 48.dp).clickable(role = Role.Button, onClick = onClick).padding(vertical = 4.dp),
        Arrangement.spacedBy(10.dp),
        Alignment.CenterVertically,
    ) {
        Box(Modifier.size(10.dp).clip(RoundedCornerShape(5.dp)).background(if (said.unsent == 0uL && said.tone == Tone.CALM) palette.green else colour))
        Column(Modifier.weight(1f)) {
            Text(said.text.asSentence(), color = if (said.tone == Tone.CALM) palette.quiet else palette.ink, style = MaterialTheme.typography.bodyMedium)
            val detail = said.detail.takeUnless { brief }
            if (detail != null && said.tone != Tone.CALM) Text(detail.asSentence(), color = colour, style = MaterialTheme.typography.bodyMedium)
        }
        Onward()
    }
}

package org.sanji.ui.parts

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.text
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import org.sanji.ui.palette
import org.sanji.ui.words

/** A screen: its title with the way back, what scrolls, and what stays within the thumb's reach. */
@Composable
fun Page(
    title: String,
    back: (() -> Unit)? = null,
    bottom: (@Composable ColumnScope.() -> Unit)? = null,
    content: @Composable ColumnScope.() -> Unit,
) {
    Column(Modifier.fillMaxSize().background(palette.ground).imePadding()) {
        Row(Modifier.fillMaxWidth().heightIn(min = 56.dp), verticalAlignment = Alignment.CenterVertically) {
            if (back != null) BackButton(back) else Spacer(Modifier.size(16.dp, 48.dp))
            Text(
                title, Modifier.padding(end = 16.dp, top = 8.dp, bottom = 8.dp).semantics { heading() }, palette.ink,
                style = MaterialTheme.typography.titleLarge,
            )
        }
        Box(Modifier.weight(1f).fillMaxWidth(), Alignment.TopCenter) {
            Column(
                Modifier.widthIn(max = 560.dp).fillMaxWidth().verticalScroll(rememberScrollState()).padding(horizontal = 16.dp).padding(bottom = 24.dp),
                Arrangement.spacedBy(12.dp),
                content = content,
            )
        }
        if (bottom != null) {
            HorizontalDivider(color = palette.line)
            Column(
                Modifier.align(Alignment.CenterHorizontally).widthIn(max = 560.dp).fillMaxWidth().padding(16.dp, 12.dp),
                Arrangement.spacedBy(8.dp),
                content = bottom,
            )
        }
    }
}

@Composable
private fun BackButton(back: () -> Unit) {
    val (said, colour) = words("app-back") to palette.accent
    Box(Modifier.size(52.dp).clickable(role = Role.Button, onClick = back).semantics { contentDescription = said }, Alignment.Center) {
        Canvas(Modifier.size(20.dp)) {
            val (w, h) = size.width to size.height
            drawLine(colour, Offset(w * 0.68f, h * 0.1f), Offset(w * 0.28f, h * 0.5f), 2.5.dp.toPx(), StrokeCap.Round)
            drawLine(colour, Offset(w * 0.28f, h * 0.5f), Offset(w * 0.68f, h * 0.9f), 2.5.dp.toPx(), StrokeCap.Round)
        }
    }
}

/** A part of a page under a small heading. */
@Composable
fun Section(title: String?, content: @Composable ColumnScope.() -> Unit) {
    Column(Modifier.fillMaxWidth().padding(top = 8.dp), Arrangement.spacedBy(4.dp)) {
        if (title != null) {
            Text(title.asSentence(), Modifier.semantics { heading() }, palette.quiet, style = MaterialTheme.typography.titleSmall)
        }
        content()
    }
}

/** What the page says first: a sentence, with its status. */
@Composable
fun Headline(sentence: String, status: String? = null) =
    Row(Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}, Arrangement.spacedBy(10.dp), Alignment.CenterVertically) {
        if (status != null) StatusShape(status, size = 24.sp)
        Sentence(sentence, Modifier.weight(1f))
    }

/** A sentence that begins a new line between its parts, not within one, where it needs several. */
@Composable
fun Sentence(text: String, modifier: Modifier = Modifier) =
    FlowRow(modifier.clearAndSetSemantics { this.text = AnnotatedString(text) }) {
        for (part in text.split(BETWEEN_PARTS)) {
            // A space at the end of a text has no width of its own.
            Text(part.replace(Regex(" $"), "\u00A0"), color = palette.ink, style = MaterialTheme.typography.titleLarge)
        }
    }

private val BETWEEN_PARTS = Regex("(?<=[,;,;] )|(?<=[,;,;])(?! )")

/** Running text. */
@Composable
fun Para(text: String, quiet: Boolean = false) = Text(
    text.asSentence(), color = if (quiet) palette.quiet else palette.ink, 
    style = if (quiet) MaterialTheme.typography.bodyMedium else MaterialTheme.typography.bodyLarge,
)

/** With a capital letter at its beginning, as a sentence of its own. */
fun String.asSentence(): String = replaceFirstChar(Char::uppercaseChar)

/** What a list or page shows as long as there is nothing. */
@Composable
fun EmptyState(text: String) = Box(Modifier.fillMaxWidth().padding(vertical = 40.dp), Alignment.Center) {
    Text(text.asSentence(), color = palette.quiet, style = MaterialTheme.typography.bodyLarge, textAlign = TextAlign.Center)
}

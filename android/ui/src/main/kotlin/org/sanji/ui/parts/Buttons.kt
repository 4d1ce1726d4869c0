package org.sanji.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import org.sanji.ui.palette

/** The one thing that a screen is for, across the thumb's reach. */
@Composable
fun BigButton(text: String, onClick: () -> Unit, enabled: Boolean = true) = Button(
    onClick, Modifier.fillMaxWidth().heightIn(min = 96.dp), enabled, RoundedCornerShape(16.dp),
) { Text(text, style = MaterialTheme.typography.headlineMedium, textAlign = TextAlign.Center) }

/** What the large button becomes once the tap is recorded, with the way to take it back. */
@Composable
fun BigRecord(text: String, undo: String?, onUndo: () -> Unit) = Column(
    Modifier.fillMaxWidth().heightIn(min = 96.dp).clip(RoundedCornerShape(16.dp)).background(palette.raised)
        .border(2.dp, palette.green, RoundedCornerShape(16.dp)).padding(8.dp),
    Arrangement.Center,
    Alignment.CenterHorizontally,
) {
    Text(text, color = palette.green, style = MaterialTheme.typography.headlineMedium, textAlign = TextAlign.Center)
    if (undo != null) TextAction(undo, onUndo)
}

/** What completes a form. */
@Composable
fun MainButton(text: String, onClick: () -> Unit, enabled: Boolean = true) = Button(
    onClick, Modifier.fillMaxWidth().heightIn(min = 56.dp), enabled, RoundedCornerShape(12.dp),
) { Text(text, style = MaterialTheme.typography.labelLarge, textAlign = TextAlign.Center) }

/** Another way beside the main one. */
@Composable
fun OtherButton(text: String, onClick: () -> Unit, enabled: Boolean = true) = OutlinedButton(
    onClick, Modifier.fillMaxWidth().heightIn(min = 52.dp), enabled, RoundedCornerShape(12.dp),
    ButtonDefaults.outlinedButtonColors(contentColor = palette.accent),
) { Text(text, style = MaterialTheme.typography.labelLarge, textAlign = TextAlign.Center) }

/** A small thing to do, as a word in the accent colour. */
@Composable
fun TextAction(text: String, onClick: () -> Unit) = Box(
    Modifier.clip(RoundedCornerShape(8.dp)).clickable(role = Role.Button, onClick = onClick).heightIn(min = 48.dp).padding(horizontal = 8.dp),
    Alignment.Center,
) { Text(text, color = palette.accent, style = MaterialTheme.typography.labelLarge) }

/** One of several that may be chosen. */
@Composable
fun ChoiceRow(text: String, chosen: Boolean, under: String? = null, onClick: () -> Unit) {
    val (ring, ground) = (if (chosen) palette.accent else palette.quiet) to palette.accent
    Row(
        Modifier.fillMaxWidth().heightIn(min = 48.dp).selectable(chosen, role = Role.RadioButton, onClick = onClick).padding(vertical = 4.dp),
        Arrangement.spacedBy(12.dp),
        Alignment.CenterVertically,
    ) {
        Box(Modifier.size(22.dp).border(2.dp, ring, CircleShape), Alignment.Center) {
            if (chosen) Box(Modifier.size(12.dp).clip(CircleShape).background(ground))
        }
        Column(Modifier.weight(1f)) {
            Text(text.asSentence(), color = palette.ink, style = MaterialTheme.typography.bodyLarge)
            if (under != null) Text(under, color = palette.quiet, style = MaterialTheme.typography.bodyMedium)
        }
    }
}

/** A bar of this colour at the left edge. */
internal fun Modifier.edged(colour: Color): Modifier =
    drawBehind { drawRect(colour, Offset.Zero, Size(5.dp.toPx(), size.height)) }

/** Something that is so or not. */
@Composable
fun SwitchRow(text: String, on: Boolean, onChange: (Boolean) -> Unit) = Row(
    Modifier.fillMaxWidth().heightIn(min = 48.dp).toggleable(on, role = Role.Switch, onValueChange = onChange),
    Arrangement.spacedBy(12.dp),
    Alignment.CenterVertically,
) {
    Text(text, Modifier.weight(1f), palette.ink, style = MaterialTheme.typography.bodyLarge)
    Switch(on, null)
}

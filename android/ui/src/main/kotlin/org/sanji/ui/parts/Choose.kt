package org.sanji.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import org.sanji.phone.Posting
import org.sanji.ui.palette
import org.sanji.ui.words

/** Something that may be chosen: by what it is kept, and its name. */
data class Option(val id: String, val name: String, val under: String? = null)

private const val FEW = 12
private const val SOME = 8
private const val MOST = 30

/** One of many. Once it is chosen the others step back; a long list can be searched. */
@Composable
fun ChooseOne(title: String, options: List<Option>, chosen: String?, wrong: String? = null, none: String? = null, onChoose: (String) -> Unit) {
    var open by rememberSaveable { mutableStateOf(false) }
    Section(title) {
        val now = options.find { it.id == chosen }
        if (options.size > FEW && now != null && !open) {
            LineRow(now.name, now.under, words("app-change")) { open = true }
        } else {
            Searched(options) { option -> ChoiceRow(option.name, option.id == chosen, option.under) { onChoose(option.id); open = false } }
            if (options.isEmpty() && none != null) Para(none, quiet = true)
        }
        if (wrong != null) Notice(wrong)
    }
}

/** One of somebody's schools; asked only of who has several. */
@Composable
fun ChooseSchool(postings: List<Posting>, chosen: String?, wrong: String?, onChoose: (String) -> Unit) {
    if (postings.size < 2) return
    Section(words("enrol-school")) {
        for (own in postings) ChoiceRow(own.schoolName ?: own.school, own.posting == chosen) { onChoose(own.posting) }
        if (wrong != null) Notice(wrong)
    }
}

/** As many as fit. The chosen ones stand first; the others are shown to be added. */
@Composable
fun ChooseSome(title: String, options: List<Option>, chosen: Set<String>, wrong: String? = null, none: String? = null, onTurn: (String) -> Unit) {
    var open by rememberSaveable { mutableStateOf(false) }
    Section(title) {
        val (those, others) = options.partition { it.id in chosen }
        for (option in those) CheckRow(option.name, true, option.under) { onTurn(option.id) }
        when {
            options.isEmpty() -> if (none != null) Para(none, quiet = true)
            open || options.size <= FEW -> Searched(others) { option -> CheckRow(option.name, false, option.under) { onTurn(option.id) } }
            else -> TextAction(words("app-choose")) { open = true }
        }
        if (wrong != null) Notice(wrong)
    }
}

@Composable
private fun Searched(options: List<Option>, row: @Composable (Option) -> Unit) {
    var typed by rememberSaveable { mutableStateOf("") }
    val long = options.size > FEW
    val found = options.filter { typed.isBlank() || typed.trim() in it.name }
    val shown = found.take(if (long && typed.isBlank()) SOME else MOST)
    if (long) Field(words("app-find"), typed, { typed = it }, hint = words("app-find-more", "count" to found.size - shown.size).takeIf { found.size > shown.size })
    shown.forEach { row(it) }
}

/** Something that is among the chosen or not. */
@Composable
fun CheckRow(text: String, on: Boolean, under: String? = null, onTurn: () -> Unit) = Row(
    Modifier.fillMaxWidth().heightIn(min = 48.dp).toggleable(on, role = Role.Checkbox) { onTurn() }.padding(vertical = 4.dp),
    Arrangement.spacedBy(12.dp),
    Alignment.CenterVertically,
) {
    val shape = RoundedCornerShape(5.dp)
    val colours = palette
    Box(Modifier.size(22.dp).border(2.dp, if (on) colours.accent else colours.quiet, shape), Alignment.Center) {
        if (on) Box(Modifier.size(12.dp).clip(RoundedCornerShape(2.dp)).background(colours.accent))
    }
    Column(Modifier.weight(1f)) {
        Text(text, color = colours.ink, style = MaterialTheme.typography.bodyLarge)
        if (under != null) Text(under, color = colours.quiet, style = MaterialTheme.typography.bodyMedium)
    }
}

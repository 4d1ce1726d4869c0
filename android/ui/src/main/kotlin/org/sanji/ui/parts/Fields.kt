package org.sanji.ui.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.OutlinedTextFieldDefaults
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.error
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.input.PasswordVisualTransformation
import androidx.compose.ui.text.input.VisualTransformation
import androidx.compose.ui.unit.dp
import org.sanji.ui.Dates
import org.sanji.ui.palette
import org.sanji.ui.words

/** A field to type in. `wrong` says at the field what is wrong and what to do. */
@Composable
fun Field(
    label: String,
    value: String,
    onChange: (String) -> Unit,
    wrong: String? = null,
    hint: String? = null,
    keyboard: KeyboardType = KeyboardType.Text,
    lines: Int = 1,
    hidden: Boolean = false,
) {
    val under = (wrong ?: hint)?.asSentence()
    OutlinedTextField(
        value, onChange,
        Modifier.fillMaxWidth().heightIn(min = 56.dp).semantics { if (wrong != null) error(wrong) },
        textStyle = MaterialTheme.typography.bodyLarge,
        label = { Text(label) },
        supportingText = under?.let { { Text(it, style = MaterialTheme.typography.bodyMedium) } },
        isError = wrong != null,
        singleLine = lines == 1,
        minLines = lines,
        visualTransformation = if (hidden) PasswordVisualTransformation() else VisualTransformation.None,
        keyboardOptions = KeyboardOptions(keyboardType = keyboard),
        colors = OutlinedTextFieldDefaults.colors(
            focusedBorderColor = palette.accent, unfocusedBorderColor = palette.quiet, cursorColor = palette.accent,
            focusedLabelColor = palette.accent, unfocusedLabelColor = palette.quiet,
        ),
    )
}

/** A day: typed, or a day at a time by the buttons beside it. Says under it which day that is. */
@Composable
fun DayField(label: String, value: String, onChange: (String) -> Unit, wrong: String? = null, hint: String? = null) {
    val day = Dates.normal(value)
    Column(Modifier.fillMaxWidth()) {
        Field(label, value, onChange, wrong, day?.let(words::day) ?: hint, KeyboardType.Number)
        if (day != null) {
            Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, Alignment.CenterVertically) {
                TextAction("‹ ${words("daypage-before")}") { onChange(Dates.plus(day, -1)) }
                TextAction("${words("daypage-after")} ›") { onChange(Dates.plus(day, 1)) }
            }
        }
    }
}

/** A clock time. */
@Composable
fun TimeField(label: String, value: String, onChange: (String) -> Unit, wrong: String? = null) =
    Field(label, value, onChange, wrong, keyboard = KeyboardType.Number)

package org.sanji.ui.sending

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import org.sanji.phone.StandingRevoked
import org.sanji.phone.code
import org.sanji.ui.palette
import org.sanji.ui.parts.Headline
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** What waits to be sent, why, and what to do about it. */
@Composable
fun SendingScreen(model: SendingModel, back: () -> Unit, correct: () -> Unit) {
    val state by model.state.collectAsState()
    Page(
        words("sendpage-title"), back,
        bottom = { MainButton(words(if (state.trying) "sendpage-trying" else "sendpage-now"), model::send, !state.trying) },
    ) {
        state.sending?.let { Headline(it.text.asSentence()) }
        state.sending?.detail?.takeIf { state.standing.let { it == null || it.code == "fine" } }?.let { Para(it, quiet = true) }
        state.tried?.let { (key, count) -> Notice(words(key, "count" to count), colour = if (key == "sendpage-delivered") palette.green else palette.quiet) }
        TroubleNotice(state.trouble)
        Against(state)
        if (state.waiting > 0uL) {
            Section(words("sendpage-file")) {
                Para(words("sendpage-file-lead"), quiet = true)
                OtherButton(words("sendpage-file"), model::file)
                state.file?.let {
                    Para(words(if (it.whole) "sendpage-file-whole" else "sendpage-file-part", "count" to it.entries, "pictures" to it.pictures))
                }
            }
        }
        if (state.notAccepted.isNotEmpty()) {
            Section(words("sendpage-not-accepted")) {
                Para(words("sendpage-not-accepted-lead"), quiet = true)
                state.notAccepted.forEach { one ->
                    val why = words("flag-${one.reason}".takeIf(words::has) ?: "flag-newer")
                    LineRow("${one.said.kind} ${one.said.says}".trim(), why, words.moment(one.said.judgedSecs), "flagged")
                }
                OtherButton(words("correction-ask"), correct)
            }
        }
    }
}

/** What stands against this phone, and the digits that let it in again. */
@Composable
private fun Against(state: SendingState) {
    when (val standing = state.standing) {
        is StandingRevoked -> Notice(words("sendpage-revoked", "count" to state.waiting), words("state-revoked-title"))
        else -> when (standing?.code) {
            null, "fine" -> Unit
            "outdated" -> Notice(words("sendpage-outdated"), words("state-newer-title"))
            "unknown" -> Waiting(state.digits)
            else -> Notice(words("standing-${standing.code}"), words("sendpage-stopped"))
        }
    }
    if (state.locked > 0u) Notice(words("sendpage-locked", "count" to state.locked))
}

@Composable
private fun Waiting(digits: String?) = Section(words("waiting-title")) {
    Para(words("waiting-lead"))
    if (digits == null) {
        Notice(words("waiting-not-yet"))
    } else {
        val said = "${words("waiting-digits")} ${digits.toList().joinToString(" ")}"
        Text(
            digits.inThrees(), Modifier.semantics { contentDescription = said }, palette.ink,
            style = MaterialTheme.typography.displayLarge,
        )
    }
    Para(words("waiting-go-on"), quiet = true)
}

/** Digits as they are read to somebody: `150 038`. */
internal fun String.inThrees(): String = chunked(3).joinToString(" ")

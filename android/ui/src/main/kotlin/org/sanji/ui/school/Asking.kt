package org.sanji.ui.school

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.HorizontalDivider
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Asking
import org.sanji.phone.Trouble
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.palette
import org.sanji.ui.parts.EmptyState
import org.sanji.ui.parts.Fact
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** Phones that wait to be let in again. */
data class AskingState(
    val asking: List<Asking>? = null,
    val digits: Map<String, String> = emptyMap(),
    /** For each phone the key of the text that says what is wrong with its digits. */
    val wrong: Map<String, String> = emptyMap(),
    val approved: Set<String> = emptySet(),
    /** There was no network to ask. */
    val offline: Boolean = false,
    val trouble: Trouble? = null,
    val busy: Boolean = false,
)

/** Lets phones in again, by the six digits that they show. */
class AskingModel(here: Surroundings, scope: CoroutineScope) : ScreenModel<AskingState>(AskingState(), here, scope) {
    init {
        look()
    }

    /** Asks which phones wait. */
    fun look() {
        attempt(::tell) {
            val asking = here.book.ask { phonesAsking() }
            change { it.copy(asking = asking, offline = false, trouble = null) }
        }
    }

    fun setDigits(device: String, text: String) =
        change { it.copy(digits = it.digits + (device to text.filter(Char::isDigit).take(DIGITS)), wrong = it.wrong - device) }

    /** Lets a phone in again. */
    fun approve(device: String) {
        val digits = state.value.digits[device].orEmpty()
        if (digits.length != DIGITS) return change { it.copy(wrong = it.wrong + (device to "askpage-digits-needed")) }
        if (state.value.busy) return
        change { it.copy(busy = true, trouble = null) }
        attempt({ trouble ->
            if (trouble is Trouble.Invalid) change { it.copy(busy = false, wrong = it.wrong + (device to trouble.key)) } else tell(trouble)
        }) {
            here.book.ask { approvePhone(device, digits) }
            change { it.copy(busy = false, approved = it.approved + device) }
        }
    }

    private fun tell(trouble: Trouble) = change {
        if (trouble is Trouble.Offline) it.copy(busy = false, offline = true) else it.copy(busy = false, trouble = trouble)
    }

    private companion object {
        const val DIGITS = 6
    }
}

/** Phones that wait, each with a field for its six digits. */
@Composable
fun AskingScreen(model: AskingModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    Page(words("askpage-title"), back) {
        TroubleNotice(state.trouble)
        if (state.offline) Notice(words("askpage-needs-network"), act = words("app-try-again"), onAct = model::look)
        val asking = state.asking ?: return@Page
        if (asking.isEmpty()) EmptyState(words("askpage-none")) else Para(words("askpage-lead"))
        for (one in asking) Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(6.dp)) {
            Fact(words.moment(one.sinceSecs), one.name.ifEmpty { words("kiosk-title") })
            if (one.recovers) Para(words("askpage-recovers"), quiet = true)
            if (one.device in state.approved) {
                Notice(words("askpage-approved"), colour = palette.green)
            } else {
                Field(
                    words("waiting-digits"), state.digits[one.device].orEmpty(), { model.setDigits(one.device, it) },
                    state.wrong[one.device]?.let { words(it) }, keyboard = KeyboardType.Number,
                )
                MainButton(words("askpage-approve"), { model.approve(one.device) }, !state.busy)
            }
            HorizontalDivider(Modifier.padding(top = 4.dp), color = palette.line)
        }
    }
}

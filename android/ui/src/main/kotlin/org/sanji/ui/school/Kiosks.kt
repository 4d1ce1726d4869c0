package org.sanji.ui.school

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.text.input.KeyboardType
import kotlinx.coroutines.CoroutineScope
import org.sanji.ui.Dates
import org.sanji.ui.FormModel
import org.sanji.ui.Kept
import org.sanji.ui.Surroundings
import org.sanji.ui.parts.ChooseOne
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.EmptyState
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Option
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** What is filled in when a kiosk is out of order. */
data class KioskOutFields(val kiosks: List<String>? = null, val kiosk: String? = null, val day: String, val reason: String = "")

private val KEPT = listOf<Kept<KioskOutFields>>(
    Kept("kiosk", { it.kiosk.orEmpty() }) { fields, text -> fields.copy(kiosk = text.ifEmpty { null }) },
    Kept("day", { it.day }) { fields, text -> fields.copy(day = text) },
    Kept("reason", { it.reason }) { fields, text -> fields.copy(reason = text) },
)

/** Takes a kiosk out for a day. */
class KioskOutModel(here: Surroundings, scope: CoroutineScope, private val school: String) :
    FormModel<KioskOutFields>(KioskOutFields(day = here.date), here, scope, setOf("kiosk", "day", "reason"), KEPT) {
    init {
        prepare {
            val kiosks = here.book.ask { kiosks(school) }
            begin { it.copy(kiosks = kiosks, kiosk = kiosks.singleOrNull()) }
        }
    }

    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val (kiosk, day) = now.kiosk to Dates.normal(now.day)
        val wrong = buildMap {
            if (kiosk == null) put("kiosk", "app-needed")
            if (day == null) put("day", "app-bad-date")
            if (now.reason.isBlank()) put("reason", "problem-reason_needed")
        }
        if (!sound(wrong) || kiosk == null || day == null) return
        record { kioskOutOfOrder(school, kiosk, day, now.reason.trim()) }
    }
}

/** Which of the school's kiosks, where there are several. */
@Composable
private fun WhichKiosk(kiosks: List<String>, chosen: String?, wrong: String?, onChoose: (String) -> Unit) {
    if (kiosks.size < 2) return
    val options = kiosks.mapIndexed { at, id -> Option(id, words("kioskout-which", "n" to at + 1)) }
    ChooseOne(words("kiosk-title"), options, chosen, wrong, onChoose = onChoose)
}

/** A broken kiosk, or a power cut. */
@Composable
fun KioskOutScreen(model: KioskOutModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    val kiosks = fields.kiosks
    @Composable fun wrong(field: String) = state.wrong[field]?.let { words(it) }
    Page(
        words("kioskout-title"), back,
        bottom = if (kiosks.isNullOrEmpty()) null else {
            {
                TroubleNotice(state.trouble)
                MainButton(words("kioskout-do"), model::save, !state.busy)
            }
        },
    ) {
        Para(words("kioskout-lead"), quiet = true)
        if (kiosks == null) return@Page
        if (kiosks.isEmpty()) return@Page EmptyState(words("kioskout-none"))
        WhichKiosk(kiosks, fields.kiosk, wrong("kiosk")) { id -> model.edit("kiosk") { it.copy(kiosk = id) } }
        DayField(words("app-date"), fields.day, { day -> model.edit("day") { it.copy(day = day) } }, wrong("day"))
        Field(words("app-reason"), fields.reason, { text -> model.edit("reason") { it.copy(reason = text) } }, wrong("reason"), lines = 2)
    }
}

/** What is filled in of a PIN. */
data class PinFields(val name: String? = null, val hasKiosk: Boolean? = null, val pin: String = "", val again: String = "")

/** Sets the PIN of somebody who has no phone. It is kept nowhere. */
class PinModel(here: Surroundings, scope: CoroutineScope, school: String, private val posting: String) :
    FormModel<PinFields>(PinFields(), here, scope, setOf("pin")) {
    init {
        prepare {
            val (hasKiosk, name) = here.book.ask { kiosks(school).isNotEmpty() to people()[posting] }
            begin { it.copy(name = name, hasKiosk = hasKiosk) }
        }
    }

    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        if (!sound(if (now.pin == now.again) emptyMap() else mapOf("again" to "setpage-pin-differ"))) return
        record { setPin(posting, now.pin) }
    }
}

/** A PIN, typed twice by whom it is for. */
@Composable
fun PinScreen(model: PinModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    @Composable fun wrong(field: String) = state.wrong[field]?.let { words(it) }
    Page(
        words("setpage-pin"), back,
        bottom = if (fields.hasKiosk != true) null else {
            {
                TroubleNotice(state.trouble)
                MainButton(words("setpage-pin-set"), model::save, !state.busy)
            }
        },
    ) {
        fields.name?.let { Para(it) }
        Para(words("people-pin-lead"), quiet = true)
        if (fields.hasKiosk == null) return@Page
        if (!fields.hasKiosk) return@Page EmptyState(words("kioskout-none"))
        Field(
            words("kiosk-pin"), fields.pin, { text -> model.edit("pin", "again") { it.copy(pin = text) } }, wrong("pin"), words("setpage-pin-lead"),
            KeyboardType.NumberPassword, hidden = true,
        )
        Field(
            words("setpage-pin-again"), fields.again, { text -> model.edit("again") { it.copy(again = text) } }, wrong("again"),
            keyboard = KeyboardType.NumberPassword, hidden = true,
        )
    }
}

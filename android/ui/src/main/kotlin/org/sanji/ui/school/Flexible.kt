package org.sanji.ui.school

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Entry
import org.sanji.phone.FlexibleHours
import org.sanji.ui.Dates
import org.sanji.ui.FormModel
import org.sanji.ui.Kept
import org.sanji.ui.Screen
import org.sanji.ui.Surroundings
import org.sanji.ui.palette
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** What is filled in of flexible hours. */
data class FlexibleFields(
    val name: String? = null,
    val from: String,
    val to: String,
    val ground: String = "",
    /** What was granted in this term; absent until it is read. */
    val hours: List<FlexibleHours>? = null,
    /** The earlier grant that is changed; absent: another is made. */
    val changed: Entry? = null,
    /** It is granted as it is filled in. */
    val granted: Boolean = false,
)

private val KEPT = listOf<Kept<FlexibleFields>>(
    Kept("from", { it.from }) { fields, text -> fields.copy(from = text) },
    Kept("to", { it.to }) { fields, text -> fields.copy(to = text) },
    Kept("ground", { it.ground }) { fields, text -> fields.copy(ground = text) },
    Kept("changed", { it.changed?.let(Screen::entryText).orEmpty() }) { fields, text -> fields.copy(changed = Screen.entryOf(text)) },
)

/** Grants a colleague flexible hours, and changes what was granted. The form stays: saving again changes what was saved. */
class FlexibleModel(here: Surroundings, scope: CoroutineScope, school: String, private val posting: String) :
    FormModel<FlexibleFields>(FlexibleFields(from = here.date, to = Dates.plus(here.date, DAYS)), here, scope, setOf("from", "to", "ground"), KEPT) {
    init {
        prepare {
            val (today, row, hours) = here.book.ask {
                val today = now().date
                Triple(today, roster(school, today).find { it.posting == posting }, flexibleHours(posting))
            }
            begin { it.copy(name = row?.name, from = today, to = Dates.plus(today, DAYS), hours = hours) }
        }
    }

    /** Fills in what was granted, to change it. */
    fun change(hours: FlexibleHours) =
        edit("from", "to", "ground") { it.copy(from = hours.from, to = hours.to, ground = hours.ground, changed = hours.entry, granted = false) }

    fun setFrom(text: String) = edit("from", "to") { it.copy(from = text, granted = false) }

    fun setTo(text: String) = edit("to") { it.copy(to = text, granted = false) }

    fun setGround(text: String) = edit("ground") { it.copy(ground = text, granted = false) }

    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val (from, to) = Dates.normal(now.from) to Dates.normal(now.to)
        val wrong = buildMap {
            if (from == null) put("from", "app-bad-date")
            if (to == null) put("to", "app-bad-date")
            if (now.ground.isBlank()) put("ground", "problem-reason_needed")
        }
        if (!sound(wrong) || from == null || to == null) return
        record {
            val made = grantFlexible(posting, from, to, now.ground.trim(), now.changed)
            val hours = flexibleHours(posting)
            edit { it.copy(hours = hours, changed = made, granted = true) }
        }
    }

    private companion object {
        const val DAYS = 30
    }
}

/** From when to when, and on what ground. */
@Composable
fun FlexibleScreen(model: FlexibleModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    val fields = state.fields
    @Composable fun wrong(field: String) = state.wrong[field]?.let { words(it) }
    Page(
        words("flexible-grant"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("app-save"), model::save, !state.busy && !fields.granted)
        },
    ) {
        fields.name?.let { Para(it) }
        Para(words("flexible-hint"), quiet = true)
        DayField(words("app-from"), fields.from, model::setFrom, wrong("from"))
        DayField(words("flexible-to"), fields.to, model::setTo, wrong("to"))
        Field(words("flexible-ground"), fields.ground, model::setGround, wrong("ground"), lines = 2)
        if (fields.granted) Notice(words("app-kept"), colour = palette.green)
        val hours = fields.hours.orEmpty()
        if (hours.isNotEmpty()) Section(words("decision-approved")) {
            for (one in hours) LineRow("${words.day(one.from)} – ${words.day(one.to)}", one.ground, words("app-change")) { model.change(one) }
        }
    }
}

package org.sanji.ui.school

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Profile
import org.sanji.ui.Dates
import org.sanji.ui.FormModel
import org.sanji.ui.Kept
import org.sanji.ui.Surroundings
import org.sanji.ui.parts.ChoiceRow
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TimeField
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** What is filled in of a school's settings; what is left empty stays as it was. */
data class ProfileFields(
    val from: String,
    val boarding: Boolean? = null,
    val dismissal: String = "",
    val rulesVersion: String = "",
    val loaded: Boolean = false,
)

private val KEPT = listOf<Kept<ProfileFields>>(
    Kept("from", { it.from }) { fields, text -> fields.copy(from = text) },
    Kept("boarding", { it.boarding?.toString().orEmpty() }) { fields, text -> fields.copy(boarding = text.toBooleanStrictOrNull()) },
    Kept("dismissal", { it.dismissal }) { fields, text -> fields.copy(dismissal = text) },
    Kept("rules_version", { it.rulesVersion }) { fields, text -> fields.copy(rulesVersion = text) },
)

/**
 * Sets a school's own settings: boarding, when pupils go home, its filed rules. Not its office windows: whether it may shift them, and
 * whether they are sound, is judged on the review pages.
 */
class ProfileModel(here: Surroundings, scope: CoroutineScope, private val school: String) :
    FormModel<ProfileFields>(ProfileFields(from = here.date), here, scope, setOf("from", "dismissal", "rules_version"), KEPT) {
    init {
        prepare {
            val today = here.today()
            begin { it.copy(from = today, loaded = true) }
        }
    }

    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val (from, dismissal) = Dates.normal(now.from) to now.dismissal.trim()
        val wrong = buildMap {
            if (from == null) put("from", "app-bad-date")
            if (dismissal.isNotEmpty() && Dates.normalTime(dismissal) == null) put("dismissal", "app-bad-time")
        }
        if (!sound(wrong) || from == null) return
        val profile = Profile(from, now.boarding, Dates.normalTime(dismissal), emptyList(), now.rulesVersion.trim().ifEmpty { null })
        record { setProfile(school, profile) }
    }
}

/** The school's own settings. */
@Composable
fun ProfileScreen(model: ProfileModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    @Composable fun wrong(field: String) = state.wrong[field]?.let { words(it) }
    Page(
        words("settings-school"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("app-save"), model::save, !state.busy && fields.loaded)
        },
    ) {
        Para(words("settings-kept"), quiet = true)
        DayField(words("settings-from"), fields.from, { day -> model.edit("from") { it.copy(from = day) } }, wrong("from"))
        Section(words("settings-boarding")) {
            // What is chosen can be left open again.
            for ((boarding, key) in listOf(true to "settings-yes", false to "settings-no")) {
                ChoiceRow(words(key), fields.boarding == boarding) { model.edit { it.copy(boarding = boarding.takeIf { _ -> it.boarding != boarding }) } }
            }
        }
        TimeField(words("settings-dismissal"), fields.dismissal, { time -> model.edit("dismissal") { it.copy(dismissal = time) } }, wrong("dismissal"))
        Field(words("settings-rules"), fields.rulesVersion, { text -> model.edit("rules_version") { it.copy(rulesVersion = text) } }, wrong("rules_version"), words("app-optional"))
    }
}

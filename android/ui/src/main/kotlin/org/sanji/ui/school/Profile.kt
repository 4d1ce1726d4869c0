package org.sanji.ui.school

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Profile
import org.sanji.phone.SchoolProfile
import org.sanji.ui.Dates
import org.sanji.ui.FormModel
import org.sanji.ui.Kept
import org.sanji.ui.Surroundings
import org.sanji.ui.parts.ChoiceRow
import org.sanji.ui.parts.DayField
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TimeField
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** What is filled in of a school's settings; times that are left empty stay as they were. */
data class ProfileFields(
    val from: String,
    val boarding: Boolean? = null,
    val dismissal: String = "",
    /** Beginning and end of the morning, then of the afternoon; all empty where the scheme's hold. */
    val windows: List<String> = List(WINDOWS.size) { "" },
    val rulesVersion: String = "",
    /** What stands today; absent until it is read. */
    val stands: SchoolProfile? = null,
)

/** The ends of a school's own windows, in this order. */
private val WINDOWS = listOf("settings-morning-from", "settings-morning-to", "settings-afternoon-from", "settings-afternoon-to")

private val KEPT = listOf<Kept<ProfileFields>>(
    Kept("from", { it.from }) { fields, text -> fields.copy(from = text) },
    Kept("boarding", { it.boarding?.toString().orEmpty() }) { fields, text -> fields.copy(boarding = text.toBooleanStrictOrNull()) },
    Kept("dismissal", { it.dismissal }) { fields, text -> fields.copy(dismissal = text) },
    Kept("rules_version", { it.rulesVersion }) { fields, text -> fields.copy(rulesVersion = text) },
) + WINDOWS.indices.map { at -> Kept<ProfileFields>("window$at", { it.windows[at] }) { fields, text -> fields.withWindow(at, text) } }

private fun ProfileFields.withWindow(at: Int, text: String) = copy(windows = windows.mapIndexed { each, old -> if (each == at) text else old })

/** Sets a school's own settings. It begins with what stands; what is saved holds from the chosen day on, and only what differs is recorded. */
class ProfileModel(here: Surroundings, scope: CoroutineScope, private val school: String) :
    FormModel<ProfileFields>(ProfileFields(from = here.date), here, scope, setOf("from", "dismissal", "windows", "rules_version"), KEPT) {
    init {
        prepare {
            val (today, stands) = here.book.ask { now().date.let { it to profile(school, it) } }
            begin { fields ->
                ProfileFields(
                    today, stands.boarding, stands.dismissal.orEmpty(), stands.windows.takeIf { it.size == WINDOWS.size } ?: fields.windows,
                    stands.rulesVersion.orEmpty(), stands,
                )
            }
        }
    }

    /** An end of the school's own windows. */
    fun setWindow(at: Int, text: String) = edit("windows") { it.withWindow(at, text) }

    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val (from, dismissal) = Dates.normal(now.from) to now.dismissal.trim()
        // Windows of one's own can be moved, not left out: all four are typed, or none.
        val own = now.windows.any { it.isNotBlank() } || now.stands?.windows.orEmpty().isNotEmpty()
        val windows = if (own) now.windows.map(Dates::normalTime) else emptyList()
        val wrong = buildMap {
            if (from == null) put("from", "app-bad-date")
            if (dismissal.isNotEmpty() && Dates.normalTime(dismissal) == null) put("dismissal", "app-bad-time")
            if (null in windows) put("windows", "settings-bad-windows")
        }
        if (!sound(wrong) || from == null) return
        val profile = Profile(from, now.boarding, Dates.normalTime(dismissal), windows.filterNotNull(), now.rulesVersion.trim().ifEmpty { null })
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
            MainButton(words("app-save"), model::save, !state.busy && fields.stands != null)
        },
    ) {
        val stands = fields.stands ?: return@Page
        Para(words("settings-kept"), quiet = true)
        DayField(words("settings-from"), fields.from, { day -> model.edit("from") { it.copy(from = day) } }, wrong("from"))
        Section(words("settings-boarding")) {
            for ((boarding, key) in listOf(true to "settings-yes", false to "settings-no")) {
                ChoiceRow(words(key), fields.boarding == boarding) { model.edit { it.copy(boarding = boarding) } }
            }
        }
        TimeField(words("settings-dismissal"), fields.dismissal, { time -> model.edit("dismissal") { it.copy(dismissal = time) } }, wrong("dismissal"))
        Section(words("settings-windows")) {
            if (stands.shiftsWindows || stands.windows.isNotEmpty()) {
                WINDOWS.forEachIndexed { at, key -> TimeField(words(key), fields.windows[at], { model.setWindow(at, it) }) }
            } else {
                Para(words("settings-windows-fixed"), quiet = true)
            }
            wrong("windows")?.let { Notice(it) }
        }
        Field(words("settings-rules"), fields.rulesVersion, { text -> model.edit("rules_version") { it.copy(rulesVersion = text) } }, wrong("rules_version"), words("app-optional"))
    }
}

package org.sanji.ui.service

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.text.input.KeyboardType
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Entry
import org.sanji.phone.Session
import org.sanji.ui.FormModel
import org.sanji.ui.Kept
import org.sanji.ui.Surroundings
import org.sanji.ui.byName
import org.sanji.ui.parts.ChooseOne
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Option
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** What is filled in of a handover. */
data class HandoverFields(
    val session: Session? = null,
    /** Names of colleagues by posting. */
    val staff: Map<String, String> = emptyMap(),
    /** Whom the pupils went to; absent: their families. */
    val to: String? = null,
    val pupils: String = "",
    val text: String = "",
)

private val KEPT = listOf<Kept<HandoverFields>>(
    Kept("to", { it.to.orEmpty() }) { fields, text -> fields.copy(to = text.ifEmpty { null }) },
    Kept("pupils", { it.pupils }) { fields, text -> fields.copy(pupils = text) },
    Kept("text", { it.text }) { fields, text -> fields.copy(text = text) },
)

/** The handover at the end of a session. */
class HandoverModel(here: Surroundings, scope: CoroutineScope, school: String, private val session: Entry) :
    FormModel<HandoverFields>(HandoverFields(), here, scope, setOf("to", "pupils", "text"), KEPT) {
    init {
        prepare {
            val (found, staff) = here.book.ask {
                val (date, own) = now().date to owner().postings.map { it.posting }
                service(school, date).sessions.find { it.entry == session }?.session to roster(school, date).filter { it.posting !in own }.byName { it.name }
            }
            begin { HandoverFields(found, staff.associate { one -> one.posting to one.name }, pupils = found?.pupils?.toString().orEmpty()) }
        }
    }

    /** Records it; what is wrong is said at its field. */
    fun save() {
        val now = state.value.fields
        val pupils = now.pupils.trim()
        val bad = pupils.isNotEmpty() && pupils.toUIntOrNull() == null
        if (!sound(if (bad) mapOf("pupils" to "app-bad-number") else emptyMap())) return
        record { handOver(session, now.to, pupils.toUIntOrNull(), now.text.trim().ifEmpty { null }) }
    }
}

/** To whom the pupils went, and how many. */
@Composable
fun HandoverScreen(model: HandoverModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    LaunchedEffect(state.done) { if (state.done) back() }
    val fields = state.fields
    Page(
        words("servicepage-handover"), back,
        bottom = {
            TroubleNotice(state.trouble)
            MainButton(words("app-save"), model::save, !state.busy)
        },
    ) {
        fields.session?.let { Para("${words.day(it.date)}  ${it.start}–${it.end}", quiet = true) }
        val families = Option("", words("servicepage-handover-family"))
        ChooseOne(words("servicepage-handover-to"), listOf(families) + fields.staff.map { Option(it.key, it.value) }, fields.to.orEmpty()) { to ->
            model.edit("to") { it.copy(to = to.ifEmpty { null }) }
        }
        Field(
            words("servicepage-handover-pupils"), fields.pupils, { text -> model.edit("pupils") { it.copy(pupils = text) } },
            state.wrong["pupils"]?.let { words(it) }, keyboard = KeyboardType.Number,
        )
        Field(
            words("servicepage-handover-text"), fields.text, { text -> model.edit("text") { it.copy(text = text) } },
            state.wrong["text"]?.let { words(it) }, words("app-optional"), lines = 2,
        )
    }
}

package org.sanji.ui.school

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.AskedCorrection
import org.sanji.phone.AskedLeave
import org.sanji.phone.Calls
import org.sanji.phone.Entry
import org.sanji.phone.Language
import org.sanji.phone.Pending
import org.sanji.phone.Trouble
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings
import org.sanji.ui.palette
import org.sanji.ui.parts.EmptyState
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.PictureBlock
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** Something to decide, in words. */
data class ToDecide(
    val pending: Pending,
    val name: String?,
    val says: String,
    /** By what the reason is found. */
    val reason: String?,
    /** By what the certificate is found. */
    val certificate: String?,
)

/** A certificate that somebody looks at. */
sealed interface Certificate {
    class Here(val picture: ByteArray) : Certificate

    data object NotArrived : Certificate
}

/** What the queue shows. */
data class QueueState(
    val waiting: List<ToDecide>? = null,
    /** The one whose no asks for its reason. */
    val refusing: Entry? = null,
    val why: String = "",
    /** The key of the text that says what is wrong with the reason. */
    val wrong: String? = null,
    /** Reasons as the colleagues wrote them, as far as they have arrived. */
    val reasons: Map<Entry, String> = emptyMap(),
    val certificates: Map<Entry, Certificate> = emptyMap(),
    val trouble: Trouble? = null,
    val busy: Boolean = false,
)

/** What waits for this person's decision. */
class QueueModel(here: Surroundings, scope: CoroutineScope) : ScreenModel<QueueState>(QueueState(), here, scope) {
    init {
        follow(::tell) { language ->
            val waiting = here.book.ask { waiting(language) }
            change { it.copy(waiting = waiting) }
            waiting.forEach(::loadReason)
        }
    }

    /** A reason that isn't on this phone comes from the relay; nothing waits for it. */
    private fun loadReason(one: ToDecide) {
        val (entry, hash) = one.pending.entry to (one.reason ?: return)
        if (entry in state.value.reasons) return
        attempt({}) {
            val text = here.book.ask { picture(entry.document, hash) }?.decodeToString() ?: return@attempt
            change { it.copy(reasons = it.reasons + (entry to text)) }
        }
    }

    private fun Calls.waiting(language: Language): List<ToDecide> {
        val (date, schools) = now().date to owner().postings.map { it.school }.distinct()
        val people = schools.flatMap { school -> roster(school, date).map { it.posting to (school to it.name) } }.toMap()
        return pending().map { pending ->
            val (school, name) = people[pending.posting] ?: (schools.firstOrNull() to null)
            val says = sayEntry(pending.entry, school, language).says
            when (val asked = pending.asked) {
                is AskedCorrection -> ToDecide(pending, name, says, null, asked.evidence)
                is AskedLeave -> ToDecide(pending, name, says, asked.reason, asked.certificate)
            }
        }
    }

    /** Says yes. */
    fun approve(one: ToDecide) = decide(one, true, null)

    /** Says no; at first its reason is asked for. */
    fun refuse(one: ToDecide) {
        val now = state.value
        when {
            now.refusing != one.pending.entry -> change { it.copy(refusing = one.pending.entry, why = "", wrong = null) }
            now.why.isBlank() -> change { it.copy(wrong = "problem-reason_needed") }
            else -> decide(one, false, now.why.trim())
        }
    }

    /** Leaves it undecided. */
    fun cancel() = change { it.copy(refusing = null, why = "", wrong = null) }

    fun setWhy(text: String) = change { it.copy(why = text, wrong = null) }

    /** Looks at a certificate: from here, else from the relay. */
    fun look(one: ToDecide) {
        val hash = one.certificate ?: return
        fun show(found: Certificate) = change { it.copy(certificates = it.certificates + (one.pending.entry to found)) }
        attempt({ show(Certificate.NotArrived) }) {
            show(here.book.ask { picture(one.pending.entry.document, hash) }?.let(Certificate::Here) ?: Certificate.NotArrived)
        }
    }

    private fun decide(one: ToDecide, yes: Boolean, why: String?) {
        if (state.value.busy) return
        change { it.copy(busy = true, trouble = null) }
        attempt(::tell) {
            val entry = one.pending.entry
            here.book.ask { if (one.pending.asked is AskedLeave) decideLeave(entry, yes, why) else decideCorrection(entry, yes, why) }
            here.courier.begin()
            change { it.copy(busy = false, refusing = null, why = "", waiting = it.waiting?.filter { other -> other != one }) }
        }
    }

    private fun tell(trouble: Trouble) = change {
        if (trouble is Trouble.Invalid && trouble.field == "reason") it.copy(busy = false, wrong = trouble.key) else it.copy(busy = false, trouble = trouble)
    }
}

/** Everything that needs a decision: a yes is one tap, a no asks for its reason. */
@Composable
fun QueueScreen(model: QueueModel, back: () -> Unit) {
    val state by model.state.collectAsState()
    Page(words("queue-title"), back) {
        TroubleNotice(state.trouble)
        val waiting = state.waiting ?: return@Page
        if (waiting.isEmpty()) EmptyState(words("queue-none"))
        for (one in waiting) Waiting(one, state, model)
    }
}

@Composable
private fun Waiting(one: ToDecide, state: QueueState, model: QueueModel) = Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(6.dp)) {
    val leave = one.pending.asked is AskedLeave
    val head = listOfNotNull(one.name, words(if (leave) "queue-leave" else "queue-correction")).joinToString(" ")
    Text(head, color = palette.ink, style = MaterialTheme.typography.titleMedium)
    Para(one.says.asSentence())
    state.reasons[one.pending.entry]?.let { Para(it, quiet = true) }
    if (one.pending.conflict) Para(words("conflict"), quiet = true)
    when (val certificate = state.certificates[one.pending.entry]) {
        is Certificate.Here -> PictureBlock(certificate.picture, null, words("queue-not-arrived"))
        Certificate.NotArrived -> Para(words("queue-not-arrived"), quiet = true)
        null -> if (one.certificate != null) TextAction(words("queue-certificate")) { model.look(one) }
    }
    val refusing = state.refusing == one.pending.entry
    if (refusing) {
        Field(words("queue-refuse-why"), state.why, model::setWhy, state.wrong?.let { words(it) }, lines = 2)
        MainButton(words("queue-refuse"), { model.refuse(one) }, !state.busy)
        TextAction(words("app-cancel"), model::cancel)
    } else {
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp)) {
            Column(Modifier.weight(1f)) { OtherButton(words("queue-refuse"), { model.refuse(one) }, !state.busy) }
            Column(Modifier.weight(1f)) { MainButton(words("queue-approve"), { model.approve(one) }, !state.busy) }
        }
    }
    HorizontalDivider(Modifier.padding(top = 8.dp), color = palette.line)
}

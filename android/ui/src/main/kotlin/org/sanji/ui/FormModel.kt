package org.sanji.ui

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import org.sanji.phone.Calls
import org.sanji.phone.Trouble

/** What is filled in, what is wrong with it, and how far it is. */
data class Filled<F>(
    val fields: F,
    /** For each field the key of the text that says what is wrong. */
    val wrong: Map<String, String> = emptyMap(),
    /** What is wrong with none of the fields. */
    val trouble: Trouble? = null,
    val busy: Boolean = false,
    /** It is recorded. */
    val done: Boolean = false,
    /** What the form began with. */
    val begun: Draft = emptyMap(),
)

/** A form: what is wrong is said at its field, what was typed outlives the process, and once it is recorded it is sent if it can be. */
abstract class FormModel<F>(
    first: F,
    here: Surroundings,
    scope: CoroutineScope,
    private val names: Set<String>,
    private val kept: List<Kept<F>> = emptyList(),
) : ScreenModel<Filled<F>>(Filled(first, begun = kept.texts(first)), here, scope), Drafted {
    private var preparing: Job? = null

    /** What is to be put back when the form is prepared. */
    @Volatile private var recalled: Draft? = null

    /** Fills in; what was wrong with these fields is forgotten. */
    fun edit(vararg fields: String, to: (F) -> F) =
        change { it.copy(fields = to(it.fields), wrong = it.wrong - fields.toSet(), trouble = null) }

    override fun draft(): Draft = recalled ?: state.value.run {
        if (done) emptyMap() else kept.texts(fields).filter { (name, text) -> begun[name] != text }
    }

    override fun recall(draft: Draft) {
        recalled = draft
        scope.launch {
            preparing?.join()
            edit { fields -> kept.fold(fields) { all, one -> draft[one.name]?.let { one.put(all, it) } ?: all } }
            recalled = null
            onRecalled(state.value.fields)
        }
    }

    /** What was typed is there again: loads what hangs on it. */
    protected open fun onRecalled(fields: F) = Unit

    /** Loads what the form begins with. */
    protected fun prepare(load: suspend () -> Unit) {
        preparing = attempt(::tell, load)
    }

    /** Fills in what the form begins with: nobody typed it. */
    protected fun begin(load: (F) -> F) = change {
        val before = kept.texts(it.fields)
        val loaded = load(it.fields)
        it.copy(fields = loaded, begun = it.begun + kept.texts(loaded).filter { (name, text) -> before[name] != text })
    }

    /** Says at fields what is wrong; true if nothing is. */
    protected fun sound(wrong: Map<String, String>): Boolean {
        change { it.copy(wrong = wrong, trouble = null) }
        return wrong.isEmpty()
    }

    /** Records something, once. */
    protected fun record(act: suspend Calls.() -> Unit) {
        if (state.value.busy) return
        change { it.copy(busy = true, trouble = null) }
        attempt(::tell) {
            here.book.ask(act)
            here.courier.begin()
            change { it.copy(busy = false, done = true) }
        }
    }

    /** Takes or chooses a picture of what [purpose] names; one that is none is said at its [field]. */
    protected fun picture(purpose: String, field: String, onGiven: (F, ByteArray) -> F) =
        attempt({ trouble -> change { it.copy(wrong = it.wrong + (field to trouble.key)) } }) {
            here.shell.picture(purpose)?.let { bytes -> edit(field) { onGiven(it, bytes) } }
        }

    /** The field at which trouble is said; absent: beside the button. */
    protected open fun fieldOf(invalid: Trouble.Invalid): String? = invalid.field.takeIf { it in names }

    protected fun tell(trouble: Trouble) = change {
        val field = (trouble as? Trouble.Invalid)?.let(::fieldOf)
        if (field != null) it.copy(busy = false, wrong = it.wrong + (field to trouble.key)) else it.copy(busy = false, trouble = trouble)
    }
}

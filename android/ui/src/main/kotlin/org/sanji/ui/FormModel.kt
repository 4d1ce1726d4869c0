package org.sanji.ui

import kotlinx.coroutines.CoroutineScope
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
)

/** A form: what is wrong is said at its field, and once it is recorded it is sent if it can be. */
abstract class FormModel<F>(first: F, here: Surroundings, scope: CoroutineScope, private val names: Set<String>) :
    ScreenModel<Filled<F>>(Filled(first), here, scope) {
    /** Fills in; what was wrong with these fields is forgotten. */
    fun edit(vararg fields: String, to: (F) -> F) =
        change { it.copy(fields = to(it.fields), wrong = it.wrong - fields.toSet(), trouble = null) }

    /** Loads what the form begins with. */
    protected fun prepare(load: suspend () -> Unit) = attempt(::tell, load)

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

    /** The field at which trouble is said; absent: beside the button. */
    protected open fun fieldOf(invalid: Trouble.Invalid): String? = invalid.field.takeIf { it in names }

    protected fun tell(trouble: Trouble) = change {
        val field = (trouble as? Trouble.Invalid)?.let(::fieldOf)
        if (field != null) it.copy(busy = false, wrong = it.wrong + (field to trouble.key)) else it.copy(busy = false, trouble = trouble)
    }
}

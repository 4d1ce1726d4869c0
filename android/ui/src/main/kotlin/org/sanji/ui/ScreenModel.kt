package org.sanji.ui

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.drop
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.sanji.phone.Clock
import org.sanji.phone.Language
import org.sanji.phone.RecordBook
import org.sanji.phone.Trouble

/** What every view model stands on. */
class Surroundings(
    val book: RecordBook,
    val shell: Shell,
    val clock: Clock,
    val settings: StateFlow<Settings>,
    /** Says that time has passed, or that the app is seen again. */
    val ticks: Flow<Unit>,
    /** Lives as long as the records are open. */
    scope: CoroutineScope,
) {
    /** Sends what waits. */
    val courier = Courier(book, shell, scope)

    /** The language of this moment. */
    val language: Language get() = settings.value.language

    /** Today's date by the phone's own clock, for the first frame. */
    val date: String get() = Dates.day(clock.wallSecs())

    /** Today's date as records are judged, whatever the phone's clock says. */
    suspend fun today(): String = book.ask { now().date }
}

/** State of a screen and what can be done on it. It lives as long as the screen is on the way back, over rotations. */
abstract class ScreenModel<S>(first: S, protected val here: Surroundings, protected val scope: CoroutineScope) {
    private val kept = MutableStateFlow(first)

    /** What is shown. */
    val state: StateFlow<S> = kept.asStateFlow()

    protected fun change(to: (S) -> S) = kept.update(to)

    /** Loads now and again whenever records, language or time changed. */
    protected fun follow(onTrouble: (Trouble) -> Unit = {}, load: suspend (Language) -> Unit): Job = scope.launch {
        merge(here.book.changes, here.settings.drop(1).map { }, here.ticks).conflate().collect {
            try {
                load(here.language)
            } catch (trouble: Trouble) {
                onTrouble(trouble)
            }
        }
    }

    /** Does something; what goes wrong is shown where it belongs. */
    protected fun attempt(onTrouble: (Trouble) -> Unit, act: suspend () -> Unit): Job = scope.launch {
        try {
            act()
        } catch (trouble: Trouble) {
            onTrouble(trouble)
        }
    }
}

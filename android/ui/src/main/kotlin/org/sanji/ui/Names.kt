package org.sanji.ui

import java.text.Collator
import java.util.Locale

/** In the order in which a list of names is looked through: by their sound, as in a class register. */
internal fun <T> Iterable<T>.byName(name: (T) -> String): List<T> {
    val order = Collator.getInstance(Locale.CHINA)
    return sortedWith { one, other -> order.compare(name(one), name(other)) }
}

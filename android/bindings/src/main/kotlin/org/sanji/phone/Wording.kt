package org.sanji.phone

import org.sanji.core.WordArg
import org.sanji.core.Words
import java.util.concurrent.ConcurrentHashMap

/** The words of one language: `wording("app-today")`, `wording("finding-late", "minutes" to 12)`. */
class Wording(val language: Language) {
    private val words = Words(language)
    private val kept = ConcurrentHashMap<String, String>()

    /** The text for a key. */
    operator fun invoke(key: String): String = kept.getOrPut(key) { words.text(key) }

    /** The text for a key, filled: whole numbers as numbers, anything else as text. */
    operator fun invoke(key: String, vararg args: Pair<String, Any>): String =
        words.filled(key, args.associate { (name, value) -> name to arg(value) })

    /** Whether there is a text for this key. */
    fun has(key: String): Boolean = words.has(key)

    /** What went wrong and what to do. */
    fun trouble(trouble: Trouble): String = invoke(trouble.key.takeIf(::has) ?: "error-failed")

    /** `3月2日 周一`. */
    fun day(day: String): String = words.day(day)

    /** `18:02`. */
    fun time(atSecs: Long): String = words.time(atSecs)

    /** `3月1日 18:02`. */
    fun moment(atSecs: Long): String = words.moment(atSecs)

    /** `3月2日–3月4日(3天)`, `3月2日 13:00–18:00`: a time only where a day isn't whole. */
    fun period(fromSecs: Long, toSecs: Long): String = words.period(fromSecs, toSecs)

    /** `4小时58分`. */
    fun duration(minutes: UInt): String = words.duration(minutes)

    /** The name of a code that the county's rules brought with them. */
    fun name(named: Named): String = if (language == Language.ZH) named.zh else named.en

    private fun arg(value: Any): WordArg = when (value) {
        is Int -> WordArg.Number(value.toLong())
        is Long -> WordArg.Number(value)
        is UInt -> WordArg.Number(value.toLong())
        is ULong -> WordArg.Number(value.toLong())
        else -> WordArg.Text("$value")
    }
}

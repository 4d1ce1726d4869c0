package org.sanji.checks

import kotlinx.coroutines.runBlocking
import org.sanji.core.Direction
import org.sanji.core.Entry
import org.sanji.core.KeyException
import org.sanji.core.Language
import org.sanji.core.PhoneException
import org.sanji.core.Records
import org.sanji.core.ShellException
import org.sanji.core.WordArg
import org.sanji.core.Words
import org.sanji.core.coreVersion

/** What needs no relay. */
val aloneChecks: Map<String, () -> Unit> = linkedMapOf(
    "the library says its version" to { check(Regex("\\d+\\.\\d+\\.\\d+").matches(coreVersion())) },
    "a new phone belongs to nobody, and says so by its kind of error" to {
        Pocket().open().use { phone ->
            same(phone.isEnrolled(), false)
            same(phone.records(), Records.Sound)
            fails<PhoneException.NotEnrolled> { phone.today() }
            fails<PhoneException.NotEnrolled> { phone.unsent() }
            fails<PhoneException.NotEnrolled> { phone.check(null, Direction.CHECK_IN, null) }
            fails<PhoneException.NotEnrolled> { runBlocking { phone.syncNow() } }
        }
    },
    "a text that is no invitation is refused at its field" to {
        Pocket().open().use { phone ->
            same(fails<PhoneException.Invalid> { runBlocking { phone.enrol("今天天气好") } }.field, "invitation")
            same(fails<PhoneException.Invalid> { runBlocking { phone.enrolTyped("127.0.0.1:1", "short") } }.field, "invitation")
        }
    },
    "an argument that is no id is refused at its field" to {
        Pocket().open().use { phone ->
            same(fails<PhoneException.Invalid> { phone.check("nobody", Direction.CHECK_IN, null) }.field, "posting")
            same(fails<PhoneException.Invalid> { phone.voidEntry(Entry("duty", "x", 1uL, "00")) }.field, "entry")
        }
    },
    "a folder is open once" to {
        val pocket = Pocket()
        pocket.open().use { fails<PhoneException.Closed> { pocket.open() } }
        pocket.open().close()
    },
    "a paused phone is closed until it is resumed" to {
        Pocket().open().use { phone ->
            phone.pause()
            phone.pause()
            fails<PhoneException.Closed> { phone.isEnrolled() }
            phone.resume()
            phone.resume()
            same(phone.isEnrolled(), false)
        }
    },
    "a key storage that doesn't answer keeps the records shut with its reason, and loses nothing" to {
        for (thrown in listOf(KeyException.Unavailable("locked away"), ShellException.Failed("locked away"), IllegalStateException("locked away"))) {
            val pocket = Pocket().apply { keys.failure = thrown }
            fun unavailable() = fails<PhoneException.Closed> { pocket.open() }.let { shut ->
                same(shut.code, "keys_unavailable")
                check("locked away" in shut.reason) { shut.reason }
            }
            unavailable()
            pocket.keys.failure = null
            val key = pocket.open().use { it.deviceKey() }
            pocket.keys.failure = thrown
            unavailable()
            pocket.keys.failure = null
            pocket.open().use { phone ->
                same(phone.records(), Records.Sound)
                same(phone.deviceKey(), key)
            }
        }
    },
    "words come from the one catalogue, in both languages" to {
        val (zh, en) = used(Words(Language.ZH)) to used(Words(Language.EN))
        check(zh.has("status-present") && !zh.has("status-nothing"))
        same(zh.text("status-nothing"), "status-nothing")
        check(zh.text("status-present") != en.text("status-present"))
        check("12" in zh.filled("finding-late", mapOf("minutes" to WordArg.Number(12))))
        same(zh.day("2026-03-02"), "3月2日 周一")
        same(zh.day("someday"), "someday")
        same(en.time(1_772_411_470), "08:31")
        same(zh.moment(1_772_411_470), "3月2日 08:31")
        same(zh.duration(298u), "4小时58分")
        // From Monday's first second to Wednesday's last.
        same(zh.period(1_772_380_800, 1_772_640_000), "3月2日–3月4日(3天)")
    },
    "every field's problem has its words" to {
        Pocket().open().use { phone ->
            val wrong = fails<PhoneException.Invalid> { phone.enrolWithPass("SANJI1P:") }
            check(used(Words(Language.ZH)).has("problem-${wrong.problem}")) { "$wrong" }
        }
    },
)

package org.sanji.checks

import kotlinx.coroutines.runBlocking
import org.sanji.core.Direction
import org.sanji.core.Entry
import org.sanji.core.PhoneException
import org.sanji.core.Records
import org.sanji.core.ShellException
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
            fails<PhoneException.NotEnrolled> { phone.check(null, Direction.CHECK_IN) }
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
            same(fails<PhoneException.Invalid> { phone.check("nobody", Direction.CHECK_IN) }.field, "posting")
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
    "what the key storage throws is a failure with its reason" to {
        for (thrown in listOf(ShellException.Failed("locked away"), IllegalStateException("locked away"))) {
            val pocket = Pocket().apply { keys.failure = thrown }
            val failure = fails<PhoneException.Failed> { pocket.open() }
            check("locked away" in failure.reason) { failure.reason }
        }
    },
)

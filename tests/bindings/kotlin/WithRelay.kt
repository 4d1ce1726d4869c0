package org.sanji.checks

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import org.sanji.core.Cancellation
import org.sanji.core.Delivery
import org.sanji.core.Direction
import org.sanji.core.InternalException
import org.sanji.core.PhoneEvent
import org.sanji.core.PhoneException
import org.sanji.core.Records
import org.sanji.core.Standing
import org.sanji.core.WaitReason
import java.net.InetAddress
import java.net.ServerSocket

/** The story of a teacher's phone against a real relay. */
val relayChecks: Map<String, () -> Unit> = linkedMapOf(
    "no connection at enrolment is said, and the same invitation works later" to {
        relay { relay ->
            Pocket().open().use { phone ->
                val (invitation, _) = relay.invite(Relay.TEACHER)
                relay.stop()
                fails<PhoneException.Offline> { runBlocking { phone.enrol(invitation) } }
                same(phone.isEnrolled(), false)
                relay.start()
                runBlocking { phone.enrol(invitation) }
                same(phone.isEnrolled(), true)
                val again = fails<PhoneException.Invalid> { runBlocking { phone.enrol(invitation) } }
                same(again.code, "already_enrolled")
            }
        }
    },
    "a typed code enrols, once" to {
        relay { relay ->
            val (_, code) = relay.invite(Relay.PRINCIPAL)
            Pocket().open().use { phone ->
                runBlocking { phone.enrolTyped(relay.address, code.lowercase()) }
                same(phone.today().postings.size, 1)
            }
            Pocket().open().use { phone ->
                val refused = fails<PhoneException.Refused> { runBlocking { phone.enrolTyped(relay.address, code) } }
                check(refused.standing is Standing.Certificate) { "${refused.standing}" }
            }
        }
    },
    "a check is saved at once, waits in plain words, and is delivered when the relay has it" to {
        enrolled { relay, pocket, phone ->
            relay.stop()
            val entry = phone.check(null, Direction.CHECK_IN, null)
            same(shown(phone).map { it.entry to it.delivery }, listOf(entry to Delivery.WAITING))
            same(phone.unsent().run { entries to why }, 1uL to WaitReason.NextConnection)
            val failed = runBlocking { phone.syncNow() }
            check(failed.offline != null && failed.retryInMs != null) { "$failed" }
            check(phone.unsent().why is WaitReason.NoConnection) { "${phone.unsent()}" }
            relay.start()
            val outcome = runBlocking { phone.syncNow() }
            same(listOf(outcome.delivered, outcome.unsent), listOf(1uL, 0uL))
            check(outcome.bytesUp in 1uL..2_000uL && outcome.offline == null && outcome.standing == Standing.Fine) { "$outcome" }
            same(shown(phone).single().run { delivery to label }, Delivery.DELIVERED to "verified")
            same(phone.unsent().run { listOf(entries, blobs, oldestSecs, why) }, listOf(0uL, 0uL, null, WaitReason.Nothing))
            same(phone.today().postings.single().schoolName, Relay.SCHOOL)
            check(phone.today().postings.single().verdict?.status != null) { "${phone.today()}" }
            check(pocket.keys.number > 0uL) { "the number outside the file grows with each push" }
        }
    },
    "a check can be taken back within five minutes" to {
        enrolled { _, _, phone ->
            val entry = phone.check(null, Direction.CHECK_IN, null)
            check(shown(phone).single().mayVoid)
            phone.voidEntry(entry)
            same(shown(phone).size, 0)
            same(fails<PhoneException.Invalid> { phone.voidEntry(entry.copy(seq = 99uL)) }.field, "entry")
            same(runBlocking { phone.syncNow() }.unsent, 0uL)
        }
    },
    "a listener hears what happens as long as it is subscribed, and what it throws harms nothing" to {
        enrolled { _, _, phone ->
            val (recorder, quiet) = Recorder() to Recorder()
            phone.listen(quiet).close()
            val kept = listOf(phone.listen(Thrower(true)), phone.listen(Thrower(false)), phone.listen(recorder))
            phone.check(null, Direction.CHECK_IN, null)
            runBlocking { phone.syncNow() }
            check(recorder.seen.any { it is PhoneEvent.Changed && it.documents.single().startsWith("duty/") }) { "${recorder.seen}" }
            check(PhoneEvent.Delivered(1uL) in recorder.seen) { "${recorder.seen}" }
            same(quiet.seen.size, 0)
            same(shown(phone).size, 1)
            kept.forEach { it.close() }
        }
    },
    "a sync that is cancelled loses nothing" to {
        enrolled { relay, _, phone ->
            relay.stop()
            phone.check(null, Direction.CHECK_IN, null)
            val (host, port) = relay.address.split(':')
            // Takes the connection and never answers.
            ServerSocket(port.toInt(), 8, InetAddress.getByName(host)).use {
                same(runBlocking { withTimeoutOrNull(300) { phone.syncNow() } }, null)
            }
            same(phone.unsent().entries, 1uL)
            relay.start()
            same(runBlocking { phone.syncNow() }.run { delivered to unsent }, 1uL to 0uL)
        }
    },
    "a sync that is cancelled by its cancellation ends as if cut, begun or not, and loses nothing" to {
        enrolled { relay, _, phone ->
            relay.stop()
            phone.check(null, Direction.CHECK_IN, null)
            val (host, port) = relay.address.split(':')
            ServerSocket(port.toInt(), 8, InetAddress.getByName(host)).use { silent ->
                runBlocking {
                    val cancellation = used(Cancellation())
                    val sync = async(Dispatchers.IO) { fails<PhoneException.Offline> { phone.syncNow(cancellation.target) } }
                    val connection = withContext(Dispatchers.IO) { silent.accept() }
                    cancellation.calls.cancel()
                    sync.await()
                    // The library has let go of it.
                    withContext(Dispatchers.IO) { connection.use { it.getInputStream().readAllBytes() } }
                    fails<PhoneException.Offline> { phone.syncNow(cancellation.target) }
                }
            }
            same(phone.unsent().run { entries to why }, 1uL to WaitReason.NextConnection)
            relay.start()
            same(runBlocking { phone.syncNow() }.run { delivered to unsent }, 1uL to 0uL)
        }
    },
    "a bug is an exception, and the phone goes on" to {
        enrolled { _, pocket, phone ->
            pocket.clock.broken = true
            fails<InternalException> { phone.check(null, Direction.CHECK_IN, null) }
            pocket.clock.broken = false
            phone.check(null, Direction.CHECK_IN, null)
            same(shown(phone).size, 1)
        }
    },
    "a phone that is opened again has what it had" to {
        enrolled { _, pocket, phone ->
            val entry = phone.check(null, Direction.CHECK_IN, null)
            phone.close()
            pocket.open().use { again ->
                same(again.records(), Records.Sound)
                same(shown(again).single().entry, entry)
                same(runBlocking { again.syncNow() }.delivered, 1uL)
            }
        }
    },
    "a file that went back is noticed by the number outside it, and nothing is lost" to {
        enrolled { _, pocket, phone ->
            phone.check(null, Direction.CHECK_IN, null)
            phone.close()
            pocket.keys.number += 10uL
            pocket.open().use { again ->
                same(again.records(), Records.WentBack)
                same(shown(again).size, 1)
                same(runBlocking { again.syncNow() }.unsent, 0uL)
            }
        }
    },
)

/** The checks that today shows for the only posting. */
private fun shown(phone: UsedPhone) = phone.today().postings.single().checks

fun relay(body: (Relay) -> Unit) = Relay.new().use { relay ->
    relay.found()
    relay.start()
    body(relay)
    relay.stop()
}

fun enrolled(body: (Relay, Pocket, UsedPhone) -> Unit) = relay { relay ->
    val pocket = Pocket()
    pocket.open().use { phone ->
        val (invitation, _) = relay.invite(Relay.TEACHER)
        runBlocking {
            phone.enrol(invitation)
            phone.syncNow()
        }
        body(relay, pocket, phone)
    }
}

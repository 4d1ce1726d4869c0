package org.sanji.checks

import kotlinx.coroutines.runBlocking
import org.sanji.core.Delivery
import org.sanji.core.Direction
import org.sanji.core.PhoneException
import org.sanji.core.Records
import org.sanji.core.Standing
import java.io.File

/** Phones apart from their relay: without a network, and without their key. */
val apartChecks: Map<String, () -> Unit> = linkedMapOf(
    "without a network nothing is tried, and all goes when there is one" to {
        enrolled { _, pocket, phone ->
            phone.check(null, Direction.CHECK_IN, null)
            pocket.network.on = false
            same(runBlocking { phone.syncNow() }.run { Triple(offline != null, bytesUp, unsent) }, Triple(true, 0uL, 1uL))
            pocket.network.on = true
            same(runBlocking { phone.syncNow() }.run { delivered to unsent }, 1uL to 0uL)
        }
    },
    "unsent records are handed over as a file, and stay until the relay itself says that it has them" to {
        enrolled { relay, pocket, phone ->
            fails<PhoneException.Invalid> { phone.bundle() }.run { same(problem, "nothing_waits") }
            phone.check(null, Direction.CHECK_IN, null)
            val made = phone.bundle()
            same(made.entries to made.complete, 1uL to true)
            val file = File(pocket.folder, "records.sanji-file").apply { writeBytes(made.bytes) }
            check(Regex("\"new\"\\s*:\\s*1").containsMatchIn(relay.import(file)))
            check(Regex("\"new\"\\s*:\\s*0").containsMatchIn(relay.import(file)))
            same(phone.unsent().entries, 1uL)
            same(runBlocking { phone.syncNow() }.run { delivered to unsent }, 1uL to 0uL)
        }
    },
    "the administrator lets a phone in again too, by its six digits" to {
        relay { relay ->
            val pocket = Pocket()
            pocket.open().use { phone -> runBlocking { phone.enrol(relay.invite(Relay.TEACHER).first) } }
            pocket.keys = MemoryKeys().apply { number = pocket.keys.number }
            pocket.open().use { phone ->
                phone.check(null, Direction.CHECK_IN, null)
                same(runBlocking { phone.syncNow() }.standing, Standing.Unknown)
                val device = phone.owner().device
                check(device in relay.command("device", "asking"))
                relay.command("device", "approve", device, checkNotNull(phone.approvalDigits()))
                same(runBlocking { phone.syncNow() }.run { delivered to standing }, 1uL to Standing.Fine)
                check(device !in relay.command("device", "asking"))
            }
        }
    },
    "a phone that lost its key records on, and the principal's six digits bring everything back" to {
        relay { relay ->
            val pocket = Pocket()
            val early = pocket.open().use { phone ->
                runBlocking {
                    phone.enrol(relay.invite(Relay.TEACHER).first)
                    phone.syncNow()
                }
                phone.check(null, Direction.CHECK_IN, null)
            }
            pocket.keys = MemoryKeys().apply { number = pocket.keys.number }
            pocket.open().use { phone ->
                check(phone.records() is Records.Replaced) { "${phone.records()}" }
                same(phone.lockedRecords() to phone.damagedRecords(), 1u to 0u)
                val late = phone.check(null, Direction.CHECK_OUT, null)
                check(late.device != early.device)
                same(runBlocking { phone.syncNow() }.standing, Standing.Unknown)
                val digits = checkNotNull(phone.approvalDigits())
                Pocket().open().use { principal ->
                    runBlocking {
                        principal.enrol(relay.invite(Relay.PRINCIPAL).first)
                        principal.syncNow()
                        val asking = principal.phonesAsking().single()
                        same(asking.name to asking.recovers, Relay.TEACHER to true)
                        val wrong = if (digits == "000000") "000001" else "000000"
                        same(fails<PhoneException.Invalid> { principal.approvePhone(asking.device, wrong) }.problem, "other_digits")
                        principal.approvePhone(asking.device, digits)
                    }
                }
                val outcome = runBlocking { phone.syncNow() }
                same(listOf(outcome.delivered, outcome.unsent, outcome.standing), listOf(2uL, 0uL, Standing.Fine))
                same(phone.approvalDigits() to phone.lockedRecords(), null to 0u)
                val checks = phone.today().postings.single().checks
                same(checks.map { it.direction }, listOf(Direction.CHECK_IN, Direction.CHECK_OUT))
                check(checks.all { it.delivery == Delivery.DELIVERED })
            }
        }
    },
)

package org.sanji.checks

import java.io.File
import java.lang.reflect.UndeclaredThrowableException
import kotlin.system.exitProcess

/** Runs every check; the last line is cargo's, so that the same sums are made of it. */
fun main() {
    var failed = 0
    // The last one looks at what all others called.
    val checks = aloneChecks + relayChecks + schoolChecks + apartChecks + mapOf(
        "every exported call was called" to { same(Used.uncalled(), emptyList()) },
    )
    for ((name, body) in checks) {
        try {
            body()
            println("test $name ... ok")
        } catch (e: Throwable) {
            failed++
            println("test $name ... FAILED")
            e.printStackTrace(System.out)
        }
    }
    val result = if (failed == 0) "ok" else "FAILED"
    println("test result: $result. ${checks.size - failed} passed; $failed failed;")
    exitProcess(if (failed == 0) 0 else 1)
}

/** The exception of this type that the block must throw. */
inline fun <reified T : Throwable> fails(block: () -> Unit): T {
    try {
        block()
    } catch (thrown: Throwable) {
        // What is called through a proxy arrives wrapped: Kotlin declares no exceptions.
        val e = (thrown as? UndeclaredThrowableException)?.undeclaredThrowable ?: thrown
        if (e is T) return e
        throw e
    }
    error("${T::class.simpleName} was expected, and nothing was thrown")
}

/** Both are equal; says what differs. */
fun <T> same(found: T, wanted: T) = check(found == wanted) { "$wanted was expected, not $found" }

/** A folder for one phone, and what the system gives it. */
class Pocket(val folder: File = Relay.newFolder("phone"), var keys: MemoryKeys = MemoryKeys(), val clock: SystemClock = SystemClock()) {
    val network = Switch()

    fun open(): UsedPhone = UsedPhone(org.sanji.core.Phone.open(folder.path, keys, clock, network))
}

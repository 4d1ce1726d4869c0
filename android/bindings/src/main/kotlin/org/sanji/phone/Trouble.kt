package org.sanji.phone

import org.sanji.core.InternalException
import org.sanji.core.PhoneException
import org.sanji.core.Standing as CoreStanding
import java.lang.reflect.UndeclaredThrowableException

/** Why a call did nothing, by what the app does about it. Whatever was recorded before is kept. */
sealed class Trouble(val reason: String) : Exception(reason) {
    /** The key of the text that says it. */
    abstract val key: String

    /** Show enrolment. */
    class NotEnrolled : Trouble("not enrolled") {
        override val key get() = "error-not_enrolled"
    }

    /** Try again when there is a network. */
    class Offline(reason: String) : Trouble(reason) {
        override val key get() = "error-offline"
    }

    /** Show what stands against this phone. */
    class Refused(val standing: Standing) : Trouble("$standing") {
        override val key get() = "standing-${standing.code}"
    }

    /** Nothing of the call was saved: ask for free space. */
    class StorageFull : Trouble("the storage is full") {
        override val key get() = "error-full"
    }

    /** Ask for an update. */
    class UpdateNeeded : Trouble("written by a newer version") {
        override val key get() = "error-newer"
    }

    /** Open the records again, then try again. */
    class Closed : Trouble("the records are closed") {
        override val key get() = "error-closed"
    }

    /** The system's key storage doesn't answer now: nothing is lost, try again. */
    class KeysUnavailable(reason: String) : Trouble(reason) {
        override val key get() = "error-keys_unavailable"
    }

    /** Show it at the field. */
    class Invalid(val field: String, val code: String, val problem: String?, reason: String) : Trouble(reason) {
        override val key get() = if (problem != null) "problem-$problem" else "error-$code"
    }

    /** What was to be a picture is none, or can't be read. */
    class NoPicture : Trouble("no picture") {
        override val key get() = "visitpage-picture-large"
    }

    /** Say that it failed; the reason is for diagnostics. */
    class Failed(reason: String) : Trouble(reason) {
        override val key get() = "error-failed"
    }

    companion object {
        /** What the library threw, as trouble; absent for what isn't the library's. */
        fun of(thrown: Throwable): Trouble? = when (thrown) {
            is Trouble -> thrown
            is PhoneException.NotEnrolled -> NotEnrolled()
            is PhoneException.Offline -> Offline(thrown.reason)
            is PhoneException.Refused -> Refused(thrown.standing)
            is PhoneException.StorageFull -> StorageFull()
            is PhoneException.UpdateNeeded -> UpdateNeeded()
            is PhoneException.Closed -> if (thrown.code == "keys_unavailable") KeysUnavailable(thrown.reason) else Closed()
            is PhoneException.Invalid -> Invalid(thrown.field, thrown.code, thrown.problem, thrown.reason)
            is PhoneException.Failed -> Failed(thrown.reason)
            // A bug of the library: the records stand, and the app goes on.
            is InternalException -> Failed("${thrown.message}")
            // A call after `close`.
            is IllegalStateException -> Closed().takeIf { thrown.message?.contains("has already been destroyed") == true }
            is UndeclaredThrowableException -> thrown.undeclaredThrowable?.let(::of)
            else -> null
        }
    }
}

/** The code under which a standing's text stands. */
val Standing.code: String
    get() = when (this) {
        is CoreStanding.Fine -> "fine"
        is CoreStanding.Outdated -> "outdated"
        is CoreStanding.Unknown -> "unknown"
        is CoreStanding.Revoked -> "revoked"
        is CoreStanding.Certificate -> "certificate"
        is CoreStanding.Refused -> "refused"
    }

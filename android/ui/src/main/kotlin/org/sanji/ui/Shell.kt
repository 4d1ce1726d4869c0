package org.sanji.ui

import org.sanji.phone.Fix
import org.sanji.phone.Trouble

/** What somebody gave, or why not. */
sealed interface Given<out T> {
    /** Here it is. */
    class Here<T>(val value: T) : Given<T>

    /** It was broken off. */
    data object Not : Given<Nothing>

    /** The system doesn't allow it. */
    data object Forbidden : Given<Nothing>
}

/** What only the system can do. The app gives it, tests play it. */
interface Shell {
    /** Scans one QR code: its text. The permission is asked then, and says why. */
    suspend fun scan(): Given<String>

    /**
     * Takes or chooses a picture: JPEG of at most 256 kB, without what a camera writes beside it; absent if that was broken off,
     * [Trouble.NoPicture] where it can't be read. [purpose] names what it is for: a picture that came when the app had been ended goes
     * to the same purpose, and to no other. No permission is needed to choose one.
     */
    suspend fun picture(purpose: String): ByteArray?

    /** Whether it may be asked where this phone is. The person is asked first; a no holds. */
    suspend fun mayPlace(): Boolean

    /** Where this phone is, for the library to judge and forget; asked only where the county wants it. `Not`: it can't be told. */
    suspend fun place(): Given<Fix>

    /** Offers a file to the person's other apps; [Trouble.StorageFull] where there is no room for it. */
    suspend fun share(name: String, type: String, bytes: ByteArray)

    /** A short vibration: it is recorded. */
    fun vibrate()

    /** Records wait: to be sent when there is a network, even if the app isn't open. */
    fun sendLater()

    /** The system's page of this app's permissions. */
    fun openSettings()

    /** The language of the system, where it is one of ours. */
    val chinese: Boolean

    /** The version that was installed. */
    val version: String
}

package org.sanji.app

import android.content.ContentResolver
import android.os.SystemClock
import android.provider.Settings
import org.sanji.phone.Clock
import java.util.UUID

/**
 * The system's clocks. Elapsed time is compared within one boot only, so where the system doesn't count its boots (some phones of
 * Android 7 don't), every process counts as a boot of its own: less is known then, and nothing wrong.
 */
class DeviceClock(private val resolver: ContentResolver) : Clock {
    override fun wallSecs(): Long = Math.floorDiv(System.currentTimeMillis(), 1000L)

    override fun elapsedMs(): ULong = SystemClock.elapsedRealtime().toULong()

    override fun boot(): String {
        val count = Settings.Global.getInt(resolver, Settings.Global.BOOT_COUNT, -1)
        return if (count >= 0) "boot-$count" else "process-$process"
    }

    private companion object {
        val process: UUID = UUID.randomUUID()
    }
}

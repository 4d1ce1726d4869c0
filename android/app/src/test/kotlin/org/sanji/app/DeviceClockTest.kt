package org.sanji.app

import android.os.SystemClock
import android.provider.Settings
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowSystemClock
import java.time.Duration

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35], application = android.app.Application::class)
class DeviceClockTest {
    private val resolver = RuntimeEnvironment.getApplication().contentResolver
    private val clock = DeviceClock(resolver)

    @Test fun `the boot is named by the system's count`() {
        Settings.Global.putInt(resolver, Settings.Global.BOOT_COUNT, 41)
        val before = clock.boot()
        Settings.Global.putInt(resolver, Settings.Global.BOOT_COUNT, 42)
        assertNotEquals(before, clock.boot())
        assertEquals(clock.boot(), DeviceClock(resolver).boot())
    }

    @Test fun `where boots aren't counted each process is one of its own`() {
        Settings.Global.putString(resolver, Settings.Global.BOOT_COUNT, null)
        assertEquals(clock.boot(), DeviceClock(resolver).boot())
        Settings.Global.putInt(resolver, Settings.Global.BOOT_COUNT, 1)
        val counted = clock.boot()
        Settings.Global.putString(resolver, Settings.Global.BOOT_COUNT, null)
        assertNotEquals(counted, clock.boot())
    }

    @Test fun `elapsed time goes on by itself, whatever the wall clock is set to`() {
        val before = clock.elapsedMs()
        ShadowSystemClock.advanceBy(Duration.ofMinutes(5))
        assertEquals(before + 300_000uL, clock.elapsedMs())
        val elapsed = SystemClock.elapsedRealtime()
        SystemClock.setCurrentTimeMillis(0)
        assertEquals(elapsed.toULong(), clock.elapsedMs())
    }
}

package org.sanji.app

import android.app.Application
import android.net.ConnectivityManager
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowNetwork
import org.robolectric.shadows.ShadowNetworkCapabilities

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35], application = Application::class)
class DeviceNetworkTest {
    private val system = requireNotNull(RuntimeEnvironment.getApplication().getSystemService(ConnectivityManager::class.java))
    private val network = DeviceNetwork(system)

    @Test fun `in airplane mode there is none`() {
        assertTrue(network.online())
        shadowOf(system).setActiveNetworkInfo(null)
        assertFalse(network.online())
    }

    @Test fun `a network that leads to no internet is one too`() {
        shadowOf(system).setNetworkCapabilities(system.activeNetwork, ShadowNetworkCapabilities.newInstance())
        assertTrue(network.online())
    }

    @Test fun `who waits for a network is told when one appears`() {
        var told = 0
        network.onAppearing { told++ }
        for (callback in shadowOf(system).networkCallbacks) callback.onAvailable(ShadowNetwork.newInstance(7))
        assertEquals(1, told)
    }
}

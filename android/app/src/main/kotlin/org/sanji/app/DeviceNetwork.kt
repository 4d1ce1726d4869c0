package org.sanji.app

import android.net.ConnectivityManager
import android.net.Network
import org.sanji.phone.Connectivity

/**
 * Whether the phone has a network. It need not lead to the internet: a county's relay may stand in a school's own network, which
 * the system calls unvalidated.
 */
class DeviceNetwork(private val system: ConnectivityManager) : Connectivity {
    override fun online(): Boolean = system.activeNetwork != null

    /** Tells when a network appears, as long as this process lives. */
    fun onAppearing(told: () -> Unit) {
        system.registerDefaultNetworkCallback(object : ConnectivityManager.NetworkCallback() {
            override fun onAvailable(network: Network) = told()
        })
    }
}

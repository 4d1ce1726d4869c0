package org.sanji.app

import android.Manifest
import android.content.Context
import android.content.pm.PackageManager
import android.location.Location
import android.location.LocationListener
import android.location.LocationManager
import android.os.Build
import android.os.Bundle
import android.os.CancellationSignal
import android.os.Looper
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withTimeoutOrNull
import org.sanji.phone.Fix
import kotlin.coroutines.resume

/**
 * One reading of the place, where the county wants one. The library judges whether it is inside the school's ground and forgets the
 * coordinates; nothing else is given them.
 */
class Whereabouts(private val context: Context) {
    private val system = requireNotNull(context.getSystemService(LocationManager::class.java))

    /** Whether the person has allowed it, exactly or roughly. */
    fun allowed(): Boolean = PERMISSIONS.any { context.checkSelfPermission(it) == PackageManager.PERMISSION_GRANTED }

    /** Reads once; null if the place can't be found in [withinMs]. */
    suspend fun read(withinMs: Long = 10_000): Fix? =
        provider()?.let { withTimeoutOrNull(withinMs) { reading(it) } }?.let(::fix)

    private fun provider(): String? =
        listOf(LocationManager.GPS_PROVIDER, LocationManager.NETWORK_PROVIDER).firstOrNull {
            (it != LocationManager.GPS_PROVIDER || exactly()) && it in system.allProviders && system.isProviderEnabled(it)
        }

    private fun exactly() =
        context.checkSelfPermission(Manifest.permission.ACCESS_FINE_LOCATION) == PackageManager.PERMISSION_GRANTED

    private suspend fun reading(provider: String): Location? = suspendCancellableCoroutine { wait ->
        try {
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
                val stop = CancellationSignal()
                wait.invokeOnCancellation { stop.cancel() }
                system.getCurrentLocation(provider, stop, context.mainExecutor) { if (wait.isActive) wait.resume(it) }
            } else {
                val once = Once { if (wait.isActive) wait.resume(it) }
                wait.invokeOnCancellation { system.removeUpdates(once) }
                @Suppress("DEPRECATION") // What came in its place is there since API 30.
                system.requestSingleUpdate(provider, once, Looper.getMainLooper())
            }
        } catch (_: SecurityException) {
            // Taken back between the question and the reading.
            if (wait.isActive) wait.resume(null)
        }
    }

    /** All four are called on old systems, where none has a body of its own. */
    private class Once(private val told: (Location) -> Unit) : LocationListener {
        override fun onLocationChanged(location: Location) = told(location)

        @Deprecated("Still called before API 29")
        override fun onStatusChanged(provider: String?, status: Int, extras: Bundle?) = Unit
        override fun onProviderEnabled(provider: String) = Unit
        override fun onProviderDisabled(provider: String) = Unit
    }

    companion object {
        /** Both at once: since Android 12 the exact one can't be asked for alone. */
        val PERMISSIONS = listOf(Manifest.permission.ACCESS_FINE_LOCATION, Manifest.permission.ACCESS_COARSE_LOCATION)

        internal fun fix(found: Location) = Fix(
            latitude = found.latitude,
            longitude = found.longitude,
            accuracy = found.takeIf { it.hasAccuracy() }?.accuracy?.toInt()?.toUInt(),
            mock = madeUp(found),
        )

        @Suppress("DEPRECATION") // Renamed in API 31.
        private fun madeUp(found: Location) =
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) found.isMock else found.isFromMockProvider
    }
}

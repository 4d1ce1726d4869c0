package org.sanji.app

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.content.ComponentName
import android.content.Context
import android.net.NetworkCapabilities
import android.net.NetworkRequest
import android.os.Build
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/** Lets the system start the [Sender] when there is a network. The system's scheduler alone: it needs no other service. */
class SendJob : JobService() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val runs = HashMap<Int, Job>()

    override fun onStartJob(parameters: JobParameters): Boolean {
        val app = application as SanjiApplication
        runs[parameters.jobId] = scope.launch {
            app.send()
            jobFinished(parameters, false)
        }
        return true
    }

    /** The system wants it to stop: at once, and to be started again later. */
    override fun onStopJob(parameters: JobParameters): Boolean {
        runs.remove(parameters.jobId)?.cancel()
        return true
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }
}

/** When the system is asked to start the [SendJob]. */
class SendSchedule(private val context: Context) {
    private val system = requireNotNull(context.getSystemService(JobScheduler::class.java))

    /** Every few hours from now on, over restarts of the phone. Asking again while it stands doesn't put it off. */
    fun regularly() {
        if (system.allPendingJobs.any { it.id == REGULAR }) return
        system.schedule(job(REGULAR).setPeriodic(REGULAR_MS).setPersisted(true).build())
    }

    /** As soon as there is a network: something was recorded and waits. */
    fun soon() {
        val soon = job(SOON).setPersisted(true)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) soon.setExpedited(true)
        // Where the system grants no more haste today, it starts the job in its turn.
        system.schedule(soon.build())
    }

    /** Once more, not before so many milliseconds have passed. */
    fun again(inMs: Long) {
        system.schedule(job(AGAIN).setMinimumLatency(inMs).setPersisted(true).build())
    }

    private fun job(id: Int): JobInfo.Builder {
        val job = JobInfo.Builder(id, ComponentName(context, SendJob::class.java))
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            // Any network, also one without the internet: the relay may stand in the school's own.
            val any = NetworkRequest.Builder()
                .removeCapability(NetworkCapabilities.NET_CAPABILITY_NOT_VPN)
                .build()
            return job.setRequiredNetwork(any)
        }
        // Before Android 9 "any network" means one that leads to the internet. So the regular run asks for none: without a network it
        // ends at once, and with the school's own it sends.
        return if (id == REGULAR) job else job.setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
    }

    companion object {
        /** The job that comes back every few hours. */
        const val REGULAR = 1

        /** The job after a record. */
        const val SOON = 2

        /** The job after a run that left something to do. */
        const val AGAIN = 3

        private const val REGULAR_MS = 3 * 60 * 60_000L
    }
}

package org.sanji.app

import android.Manifest
import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.pm.PackageManager
import android.os.Build
import org.sanji.phone.Matter
import org.sanji.phone.News

/** Says what there is to hear in the system's list of notices: at most one on each matter. */
class Notices(private val context: Context) {
    private val system = requireNotNull(context.getSystemService(NotificationManager::class.java))

    /** Names the two kinds of notices to the system, so that each can be switched off by itself. */
    fun name() {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.O) return
        val kinds = listOf(SENDING to R.string.system_channel_sending, DECISIONS to R.string.system_channel_decisions)
        for ((id, name) in kinds) {
            val channel = NotificationChannel(id, context.getString(name), NotificationManager.IMPORTANCE_DEFAULT)
            system.createNotificationChannel(channel)
        }
    }

    /** Whether the person has allowed notices. */
    fun allowed(): Boolean =
        Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU ||
            context.checkSelfPermission(Manifest.permission.POST_NOTIFICATIONS) == PackageManager.PERMISSION_GRANTED

    /** Says it. What waits stands there once, in its newest words, and goes when nothing needs to be said of it any more. */
    fun say(all: List<News>) {
        if (all.none { it.matter == Matter.SENDING }) system.cancel(SENDING, Matter.SENDING.ordinal)
        if (allowed()) all.forEach(::post)
    }

    private fun post(news: News) {
        val kind = if (news.matter == Matter.SENDING) SENDING else DECISIONS
        // Asked of the system: the activity's name is the manifest's, and a release moves classes about.
        val open = context.packageManager.getLaunchIntentForPackage(context.packageName)
            ?.let { PendingIntent.getActivity(context, 0, it, PendingIntent.FLAG_IMMUTABLE) }
        val notice = builder(kind)
            .setSmallIcon(R.drawable.ic_notice)
            .setColor(context.getColor(R.color.mark))
            .setContentTitle(news.title)
            .setContentText(news.text)
            .setStyle(news.text?.let { Notification.BigTextStyle().bigText(it) })
            .setContentIntent(open)
            .setVisibility(Notification.VISIBILITY_PRIVATE)
            .setOnlyAlertOnce(true)
            .setAutoCancel(true)
        system.notify(kind, news.matter.ordinal, notice.build())
    }

    @Suppress("DEPRECATION") // Notices have kinds since API 26.
    private fun builder(kind: String) =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) Notification.Builder(context, kind) else Notification.Builder(context)

    companion object {
        /** Records that wait. */
        const val SENDING = "sending"

        /** Answers to leave and corrections. */
        const val DECISIONS = "decisions"
    }
}

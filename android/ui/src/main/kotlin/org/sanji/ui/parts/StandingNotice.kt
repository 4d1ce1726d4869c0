package org.sanji.ui.parts

import androidx.compose.runtime.Composable
import org.sanji.phone.Standing
import org.sanji.phone.StandingRevoked
import org.sanji.phone.code
import org.sanji.ui.words

/** Whether the relay doesn't take a phone's records. */
internal val Standing?.stops: Boolean get() = this != null && code != "fine"

/** What keeps the relay from taking a phone's records, with the way to what waits; nothing if it takes them. */
@Composable
fun StandingNotice(standing: Standing?, show: () -> Unit) {
    if (standing == null || !standing.stops) return
    when {
        standing is StandingRevoked ->
            Notice(words("state-revoked", "when" to words.moment(standing.atSecs)), words("state-revoked-title"), act = words("sendpage-title"), onAct = show)
        standing.code == "unknown" -> Notice(words("waiting-go-on"), words("waiting-title"), act = words("waiting-digits"), onAct = show)
        standing.code == "outdated" -> Notice(words("sendpage-outdated"), words("state-newer-title"))
        else -> Notice(words("standing-${standing.code}"), words("sendpage-stopped"), act = words("sendpage-title"), onAct = show)
    }
}

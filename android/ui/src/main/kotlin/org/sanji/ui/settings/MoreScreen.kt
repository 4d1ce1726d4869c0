package org.sanji.ui.settings

import androidx.compose.runtime.Composable
import org.sanji.ui.Screen
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Section
import org.sanji.ui.words

/** What isn't needed each day. */
@Composable
fun MoreScreen(work: @Composable () -> Unit = {}, go: (Screen) -> Unit) = Page(words("app-more")) {
    work()
    Section(words("menu-own")) {
        LineRow(words("correction-title")) { go(Screen.Corrections) }
        LineRow(words("sendpage-title")) { go(Screen.Sending) }
        LineRow(words("setpage-recorded")) { go(Screen.Recorded) }
        LineRow(words("setpage-title")) { go(Screen.SettingsPage) }
    }
}

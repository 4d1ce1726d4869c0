package org.sanji.ui.settings

import org.junit.jupiter.api.Test
import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.phone.Language
import org.sanji.ui.Gallery
import org.sanji.ui.Screen
import org.sanji.ui.Settings
import org.sanji.ui.TextSize
import org.sanji.ui.await
import org.sanji.ui.enrol.RecordedAndSeen
import org.sanji.ui.inWorld
import org.sanji.ui.parts.Page
import org.sanji.ui.words

class SettingsPictures {
    @Test fun settings() = inWorld {
        val phone = phone(Relay.TEACHER)
        phone.network.on = false
        phone.ask { check(null, Direction.CHECK_IN, null) }
        val owners = object : Owners {
            override suspend fun others() = listOf(OtherOwner(1, Relay.PRINCIPAL, 3uL))
            override fun leave() = Unit
            override fun erase() = Unit
            override fun goBackTo(number: Int) = Unit
        }
        fun drawn(name: String, asking: Asking) = Gallery.draw(name, 1_700, { language ->
            SettingsModel(phone.here(language), scope, owners).apply {
                state.await { it.loaded && it.others.isNotEmpty() }
                ask(asking)
            } to language
        }) { (model, language) -> SettingsScreen(model, Settings(language, TextSize.NORMAL), {}, {}) {} }
        drawn("setpage-log-out", Asking.LOG_OUT)
        drawn("setpage-reset", Asking.RESET)
        Gallery.tab("more", Screen.More, { it }) { MoreScreen {} }
        Gallery.draw("recorded", 820, { language: Language -> language }) { Page(words("setpage-recorded"), {}) { RecordedAndSeen() } }
    }
}

package org.sanji.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.selection.selectable
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.produceState
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.delay
import org.sanji.phone.Found
import org.sanji.phone.Trouble
import org.sanji.phone.Wording
import org.sanji.ui.correction.CorrectionFormModel
import org.sanji.ui.correction.CorrectionFormScreen
import org.sanji.ui.correction.CorrectionsModel
import org.sanji.ui.correction.CorrectionsScreen
import org.sanji.ui.day.DayModel
import org.sanji.ui.day.DayScreen
import org.sanji.ui.day.WeekModel
import org.sanji.ui.day.WeekScreen
import org.sanji.ui.enrol.EnrolModel
import org.sanji.ui.enrol.EnrolScreen
import org.sanji.ui.enrol.RecordedAndSeen
import org.sanji.ui.kiosk.KioskHome
import org.sanji.ui.leave.LeaveFormModel
import org.sanji.ui.leave.LeaveFormScreen
import org.sanji.ui.leave.LeavesModel
import org.sanji.ui.leave.LeavesScreen
import org.sanji.ui.parts.LocalDecoder
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.sending.SendingModel
import org.sanji.ui.sending.SendingScreen
import org.sanji.ui.settings.MoreScreen
import org.sanji.ui.settings.OtherOwner
import org.sanji.ui.settings.Others
import org.sanji.ui.settings.SettingsModel
import org.sanji.ui.settings.SettingsScreen
import org.sanji.ui.today.TodayModel
import org.sanji.ui.today.TodayScreen

private const val MINUTE_MS = 60_000L

/** The whole app, as it stands. */
@Composable
fun SanjiApp(app: AppModel, decode: (ByteArray) -> ImageBitmap?, inDark: Boolean = isSystemInDarkTheme()) = CompositionLocalProvider(LocalDecoder provides decode) {
    val settings by app.settings.collectAsState()
    val home by app.home.collectAsState()
    val wording = remember(settings.language) { Wording(settings.language) }
    LaunchedEffect(app) {
        while (true) {
            delay(MINUTE_MS)
            app.tick()
        }
    }
    SanjiTheme(wording, settings.textSize, inDark) {
        when (val at = home) {
            Home.Opening -> Box(Modifier.fillMaxSize().background(palette.ground))
            is Home.Stuck -> {
                val others by produceState(emptyList<OtherOwner>(), at) { value = app.others() }
                StuckScreen(at.trouble, others, app::goBackTo) { app.reopen() }
            }
            is Home.New -> EnrolScreen(
                app.model(Home.New::class) { EnrolModel(at.here, it, app) },
                { app.set(settings.copy(language = it)) }, app.shell::openSettings,
            ) { app.enrolled() }
            is Home.Own -> Own(app, at.here, at.found)
            is Home.Kiosk -> KioskHome(app, at.here)
        }
    }
}

/** The records can't be opened: what to do, that they are kept, and the way back to whoever else has some on this phone. */
@Composable
fun StuckScreen(trouble: Trouble, others: List<OtherOwner>, goBackTo: (Int) -> Unit, again: () -> Unit) {
    val which = when (trouble) {
        is Trouble.UpdateNeeded -> "newer"
        is Trouble.StorageFull -> "full"
        is Trouble.Closed -> "closed"
        is Trouble.KeysUnavailable -> "keys_unavailable"
        else -> "failed"
    }
    Page(words("state-$which-title"), bottom = { MainButton(words("app-try-again"), again) }) {
        Para(words("state-$which"))
        Others(others, goBackTo)
    }
}

@Composable
private fun Own(app: AppModel, here: Surroundings, found: Found) {
    val screens by app.stack.screens.collectAsState()
    val screen = screens.last()
    Column(Modifier.fillMaxSize().background(palette.ground)) {
        Box(Modifier.weight(1f)) { Shown(app, here, found, screen) }
        if (screen is Screen.Tab) Tabs(screen) { app.stack.go(it) }
    }
}

@Composable
private fun Shown(app: AppModel, here: Surroundings, found: Found, screen: Screen) {
    val go: (Screen) -> Unit = app.stack::go
    val back: () -> Unit = { app.stack.back() }
    when (screen) {
        Screen.Today -> TodayScreen(app.model(screen) { TodayModel(here, it, found) }, { WaitsOnToday(app.model(WaitsModel::class) { WaitsModel(here, it) }, go) }, go)
        Screen.Week -> WeekScreen(app.model(screen) { WeekModel(here, it) }, go)
        Screen.Leaves -> LeavesScreen(app.model(screen) { LeavesModel(here, it) }, go)
        Screen.More -> MoreScreen({ WorkMenu(app.model(WaitsModel::class) { WaitsModel(here, it) }, go) }, go)
        is Screen.Day -> DayScreen(app.model(screen) { DayModel(here, it, screen.posting, screen.day) }, back) { posting, day ->
            go(Screen.CorrectionForm(posting, day))
        }
        is Screen.LeaveForm -> LeaveFormScreen(app.model(screen) { LeaveFormModel(here, it, screen.leave) }, back)
        Screen.Corrections -> CorrectionsScreen(app.model(screen) { CorrectionsModel(here, it) }, back, go)
        is Screen.CorrectionForm ->
            CorrectionFormScreen(app.model(screen) { CorrectionFormModel(here, it, screen.posting, screen.day) }, back)
        Screen.Sending -> SendingScreen(app.model(screen) { SendingModel(here, it) }, back) { go(Screen.Corrections) }
        Screen.SettingsPage -> {
            val settings by app.settings.collectAsState()
            SettingsScreen(app.model(screen) { SettingsModel(here, it, app) }, settings, app::set, back, go)
        }
        Screen.Recorded -> Page(words("setpage-recorded"), back) { RecordedAndSeen() }
        // A kiosk's alone.
        Screen.KioskGate -> Unit
        is WorkScreen -> WorkShown(app, here, screen)
    }
}

/** The bar at the bottom: a word each, the shown one under a line. */
@Composable
internal fun Tabs(shown: Screen.Tab, go: (Screen) -> Unit) {
    val tabs = listOf(Screen.Today to "app-today", Screen.Week to "today-my-week", Screen.Leaves to "today-leave", Screen.More to "app-more")
    Column {
        HorizontalDivider(color = palette.line)
        Row(Modifier.fillMaxWidth()) {
            for ((tab, word) in tabs) {
                val here = tab == shown
                Column(
                    Modifier.weight(1f).heightIn(min = 56.dp).selectable(here, role = Role.Tab) { go(tab) },
                    horizontalAlignment = Alignment.CenterHorizontally,
                ) {
                    Box(Modifier.width(40.dp).height(3.dp).background(if (here) palette.accent else palette.ground))
                    Text(
                        words(word), Modifier.padding(vertical = 12.dp), if (here) palette.accent else palette.quiet,
                        fontWeight = if (here) FontWeight.SemiBold else null, textAlign = TextAlign.Center,
                        style = MaterialTheme.typography.labelSmall,
                    )
                }
            }
        }
    }
}

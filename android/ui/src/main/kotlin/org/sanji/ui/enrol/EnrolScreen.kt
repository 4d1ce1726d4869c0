package org.sanji.ui.enrol

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import org.sanji.phone.Language
import org.sanji.phone.Owner
import org.sanji.ui.parts.BigButton
import org.sanji.ui.parts.Fact
import org.sanji.ui.parts.Field
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Notice
import org.sanji.ui.parts.OtherButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.QrPicture
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TextAction
import org.sanji.ui.settings.Others
import org.sanji.ui.words

/** From a new phone to somebody's. */
@Composable
fun EnrolScreen(model: EnrolModel, setLanguage: (Language) -> Unit, openSettings: () -> Unit, begin: () -> Unit) {
    val state by model.state.collectAsState()
    when (state.way) {
        Way.START -> Start(state, model, setLanguage, openSettings)
        Way.TYPED -> Typed(state, model)
        Way.BESIDE -> Beside(state, model, openSettings)
        Way.DONE -> Done(state.owner, begin)
    }
}

@Composable
private fun Start(state: EnrolState, model: EnrolModel, setLanguage: (Language) -> Unit, openSettings: () -> Unit) = Page(
    words("enrol-title"),
    bottom = {
        Wrong(state, openSettings)
        BigButton(words(if (state.busy) "enrol-busy" else "enrol-scan"), model::scan, !state.busy)
    },
) {
    val other = if (words.language == Language.ZH) Language.EN else Language.ZH
    Para(words("enrol-lead"))
    OtherButton(words("enrol-type"), model::type, !state.busy)
    OtherButton(words("enrol-beside"), model::beside, !state.busy)
    Others(state.others, model::goBackTo)
    TextAction(words(if (other == Language.EN) "setpage-en" else "setpage-zh")) { setLanguage(other) }
}

@Composable
private fun Typed(state: EnrolState, model: EnrolModel) = Page(
    words("enrol-type"), { model.back() },
    bottom = { MainButton(words(if (state.busy) "enrol-busy" else "app-send"), model::sendTyped, !state.busy) },
) {
    fun wrong(field: String) = state.wrong.takeIf { state.field == field }
    Field(words("enrol-address"), state.address, model::setAddress, wrong("address")?.let { words(it) }, words("enrol-address-hint"), KeyboardType.Uri)
    Field(words("enrol-code"), state.code, model::setCode, wrong("code")?.let { words(it) }, keyboard = KeyboardType.Ascii)
    if (state.field == null) state.wrong?.let { Notice(words(it)) }
}

@Composable
private fun Beside(state: EnrolState, model: EnrolModel, openSettings: () -> Unit) = Page(
    words("enrol-key"), { model.back() },
    bottom = {
        Wrong(state, openSettings)
        MainButton(words(if (state.busy) "enrol-busy" else "enrol-scan-pass"), model::scanPass, !state.busy)
    },
) {
    Para(words("enrol-beside-lead"))
    state.key?.let { Box(Modifier.fillMaxWidth(), Alignment.Center) { QrPicture(it, words("enrol-key")) } }
}

@Composable
private fun Wrong(state: EnrolState, openSettings: () -> Unit) {
    state.wrong?.let { Notice(words(it)) }
    if (state.forbidden) Notice(words("app-no-permission"), act = words("app-open-settings"), onAct = openSettings)
}

@Composable
private fun Done(owner: Owner?, begin: () -> Unit) =
    Page(words("enrol-done"), bottom = { BigButton(words("enrol-begin"), begin) }) {
        owner?.postings?.forEach { posting ->
            posting.name?.let { Fact(words("enrol-you"), it) }
            posting.schoolName?.let { Fact(words("enrol-school"), it) }
            Fact(words("enrol-post"), words("role-${posting.role}"))
        }
        Section(words("enrol-recorded-title")) {}
        RecordedAndSeen()
    }

/** What is recorded about you, and who sees it. */
@Composable
fun RecordedAndSeen() = Column(verticalArrangement = Arrangement.spacedBy(12.dp)) {
    for (part in listOf("checks", "time", "who", "look", "yours")) Para(words("enrol-recorded-$part"))
}

package org.sanji.ui.service

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import org.sanji.phone.PlanShown
import org.sanji.phone.SessionShown
import org.sanji.phone.Wording
import org.sanji.ui.Screen
import org.sanji.ui.WorkScreen
import org.sanji.ui.parts.Fact
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.RowEnd
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.parts.asSentence
import org.sanji.ui.words

/** After-school service: today's sessions, the plan of the term, earlier sessions. */
@Composable
fun ServiceScreen(model: ServiceModel, school: String, back: () -> Unit, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    Page(
        words("servicepage-title"), back,
        bottom = { MainButton(words("servicepage-new"), { go(WorkScreen.Session(school, null)) }) },
    ) {
        state.name?.let { Para(it, quiet = true) }
        TroubleNotice(state.trouble)
        if (!state.loaded) return@Page
        val (today, earlier) = state.sessions.partition { it.session.date == state.today }
        Section(words("servicepage-today")) {
            if (today.isEmpty()) Para(words("servicepage-none"), quiet = true)
            today.asReversed().forEach { Session(it, state, school, go) }
        }
        Section(words("servicepage-plan")) { Plan(state.plan, state.plans, school, go) }
        if (earlier.isNotEmpty()) {
            Section(words("servicepage-earlier")) { earlier.forEach { Session(it, state, school, go) } }
        }
    }
}

@Composable
private fun Plan(plan: PlanShown?, plans: Boolean, school: String, go: (Screen) -> Unit) {
    if (plan == null) {
        Para(words("servicepage-plan-none"), quiet = true)
    } else {
        val standing = if (plan.filed) "approved" else plan.review
        val state = words("servicepage-plan-${if (plan.filed) "filed" else if (plan.review == "refused") "refused" else "pending"}")
        LineRow(plan.plan.projects.joinToString(words("day-between")), "${words.day(plan.plan.from)} – ${words.day(plan.plan.to)} · $state", status = standing, divided = false)
        plan.plan.text?.let { Fact(words("servicepage-text"), it) }
    }
    if (plans) {
        TextAction(words(if (plan == null) "servicepage-plan-new" else "app-change")) { go(WorkScreen.ServicePlan(school, plan?.entry)) }
    }
}

@Composable
private fun Session(shown: SessionShown, state: ServiceState, school: String, go: (Screen) -> Unit) = Column(Modifier.fillMaxWidth()) {
    val session = shown.session
    val day = words.day(session.date).takeIf { session.date != state.today }
    LineRow(
        "${session.start}–${session.end}  ${words.content(session.content, state.contents).asSentence()}",
        listOfNotNull(
            day, session.project, words.leaders(shown, state),
            session.pupils?.let { words("servicepage-pupils-count", "count" to it) },
            words("servicepage-handover-done").takeIf { shown.handedOver },
            words("conflict").takeIf { shown.conflict },
        ).joinToString(" · ").asSentence(),
        status = if (shown.handedOver) "present" else "in_progress",
        divided = false,
    )
    RowEnd {
        if (!shown.handedOver) TextAction(words("servicepage-handover")) { go(WorkScreen.Handover(school, shown.entry)) }
        if (state.mayAmend(shown)) TextAction(words("app-change")) { go(WorkScreen.Session(school, shown.entry)) }
    }
}

private fun Wording.leaders(shown: SessionShown, state: ServiceState) =
    shown.session.instructors.mapNotNull { it.name ?: state.names[it.posting] }.joinToString(this("day-between")).ifEmpty { null }

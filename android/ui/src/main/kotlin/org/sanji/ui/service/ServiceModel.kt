package org.sanji.ui.service

import kotlinx.coroutines.CoroutineScope
import org.sanji.phone.Named
import org.sanji.phone.PlanShown
import org.sanji.phone.SessionShown
import org.sanji.phone.Trouble
import org.sanji.ui.ScreenModel
import org.sanji.ui.Surroundings

/** What the page of after-school service shows. */
data class ServiceState(
    val today: String,
    val loaded: Boolean = false,
    val name: String? = null,
    val plan: PlanShown? = null,
    /** Sessions of the term, newest first. */
    val sessions: List<SessionShown> = emptyList(),
    /** The words for what a session holds, forbidden ones among them. */
    val contents: List<Named> = emptyList(),
    /** Names of the school's people by posting. */
    val names: Map<String, String> = emptyMap(),
    /** This person's postings at the school. */
    val own: Set<String> = emptySet(),
    /** This person writes the plan. */
    val plans: Boolean = false,
    /** This person heads the school. */
    val leads: Boolean = false,
    val trouble: Trouble? = null,
) {
    /** A session is amended by who leads it, or heads the school. */
    fun mayAmend(session: SessionShown): Boolean = leads || session.session.instructors.any { it.posting in own }
}

/** After-school service of a school: its plan and its sessions. */
class ServiceModel(here: Surroundings, scope: CoroutineScope, private val school: String) :
    ScreenModel<ServiceState>(ServiceState(here.date), here, scope) {
    init {
        follow({ trouble -> change { it.copy(trouble = trouble) } }) {
            val read = here.book.ask {
                val date = now().date
                val service = service(school, date)
                val own = owner().postings.filter { it.school == school }
                ServiceState(
                    date, true, own.firstNotNullOfOrNull { it.schoolName },
                    // The newest one that covers today, else the newest.
                    service.plans.let { plans -> plans.lastOrNull { date in it.plan.from..it.plan.to } ?: plans.lastOrNull() },
                    service.sessions.asReversed(), serviceContents(school) + forbiddenContents(school),
                    roster(school, date).associate { it.posting to it.name }, own.map { it.posting }.toSet(),
                    own.any { it.role in PLANNERS }, own.any { it.role in HEADS },
                )
            }
            change { read.copy(trouble = it.trouble) }
        }
    }

    private companion object {
        val HEADS = setOf("principal", "deputy")
        val PLANNERS = HEADS + setOf("coordinator_enrolment", "coordinator_fees")
    }
}

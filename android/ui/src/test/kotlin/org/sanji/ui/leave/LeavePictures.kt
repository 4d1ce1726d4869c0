package org.sanji.ui.leave

import org.junit.jupiter.api.Test
import org.sanji.phone.Language
import org.sanji.ui.Gallery
import org.sanji.ui.SchoolWeek
import org.sanji.ui.SchoolWork
import org.sanji.ui.Screen
import org.sanji.ui.await
import org.sanji.ui.correction.CorrectionFormModel
import org.sanji.ui.correction.CorrectionFormScreen
import org.sanji.ui.correction.CorrectionsModel
import org.sanji.ui.correction.CorrectionsScreen
import org.sanji.ui.inWorld

class LeavePictures {
    @Test fun `leave and corrections`() = inWorld {
        val week = SchoolWeek(this)
        val phone = week.teacher
        Gallery.tab("leaves", Screen.Leaves, { LeavesModel(phone.here(it), scope).also { made -> made.state.await { it.leaves != null } } }) { LeavesScreen(it) {} }
        fun form(language: Language) = LeaveFormModel(phone.here(language), scope, null).also { made -> made.state.await { it.fields.kinds != null } }
        Gallery.draw("leave-form", 1_250, { form(it).apply { setKind("sick"); setReason("去县医院复查") } }) { LeaveFormScreen(it) {} }
        Gallery.draw("leave-form-wrong", 1_550, {
            form(it).apply { setWholeDays(false); setToTime("25点"); send() }.also { made -> made.state.await { it.wrong.isNotEmpty() } }
        }) { LeaveFormScreen(it) {} }
        Gallery.draw("corrections-none", model = { CorrectionsModel(phone.here(it), scope).also { made -> made.state.await { it.asked != null } } }) {
            CorrectionsScreen(it, {}) {}
        }
        week.askCorrection()
        Gallery.draw("corrections", model = { CorrectionsModel(phone.here(it), scope).also { made -> made.state.await { it.asked != null } } }) {
            CorrectionsScreen(it, {}) {}
        }
        val posting = phone.ask { owner() }.postings.single().posting
        Gallery.draw("correction-form", 1_350, {
            CorrectionFormModel(phone.here(it), scope, posting, "2026-03-04").apply {
                state.await { it.fields.checks.size == 3 }
                addMissing()
                phone.shell.pictures += SchoolWork.photo
                addPicture()
                state.await { it.fields.evidence != null }
                send()
                state.await { it.wrong.isNotEmpty() }
            }
        }) { CorrectionFormScreen(it) {} }
    }
}

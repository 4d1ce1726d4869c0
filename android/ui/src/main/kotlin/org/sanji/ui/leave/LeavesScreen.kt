package org.sanji.ui.leave

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import org.sanji.phone.LeavePiece
import org.sanji.phone.Named
import org.sanji.phone.Wording
import org.sanji.ui.Screen
import org.sanji.ui.parts.EmptyState
import org.sanji.ui.parts.LineRow
import org.sanji.ui.parts.MainButton
import org.sanji.ui.parts.Page
import org.sanji.ui.parts.Para
import org.sanji.ui.parts.RowEnd
import org.sanji.ui.parts.Section
import org.sanji.ui.parts.TextAction
import org.sanji.ui.parts.TroubleNotice
import org.sanji.ui.words

/** My leave, by how it stands: what waits first. */
@Composable
fun LeavesScreen(model: LeavesModel, go: (Screen) -> Unit) {
    val state by model.state.collectAsState()
    Page(words("leave-title"), bottom = { MainButton(words("leave-apply"), { go(Screen.LeaveForm(null)) }) }) {
        TroubleNotice(state.trouble)
        val leaves = state.leaves ?: return@Page
        if (leaves.isEmpty()) EmptyState(words("leave-none"))
        for ((standing, which) in leaves.groupBy { it.standing }.toSortedMap(compareBy(ORDER::indexOf))) {
            Section(words(if (standing == "withdrawn") "leave-withdrawn" else "decision-$standing")) {
                which.forEach { One(it, model, go) }
            }
        }
    }
}

private val ORDER = listOf("pending", "approved", "refused", "withdrawn")

@Composable
private fun One(own: OwnLeave, model: LeavesModel, go: (Screen) -> Unit) = Column(Modifier.fillMaxWidth()) {
    for (piece in own.leave.pieces) {
        val back = piece.returnedSecs?.let { words("leave-returned", "when" to words.moment(it)) }
        val mixed = words("decision-${piece.decision}").takeIf { own.leave.pieces.size > 1 }
        LineRow(words.kind(piece, own.kinds), listOfNotNull(words.period(piece.fromSecs, piece.toSecs), mixed, back).joinToString(" · "), status = piece.decision, divided = false)
    }
    own.leave.decidedWhy?.let { Para(it, quiet = true) }
    if (own.leave.conflict) Para(words("conflict"), quiet = true)
    RowEnd {
        if (own.mayReturn) TextAction(words("leave-return")) { model.returned(own) }
        if (own.mayChange) {
            TextAction(words("leave-change")) { go(Screen.LeaveForm(own.leave.entry)) }
            TextAction(words("leave-withdraw")) { model.withdraw(own) }
        }
    }
}

private fun Wording.kind(piece: LeavePiece, kinds: List<Named>) = kinds.find { it.code == piece.kind }?.let(::name) ?: piece.kind

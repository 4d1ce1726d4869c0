//! Leaves: each a strand of applications, changes and withdrawals, with the decisions and returns that name one of them.
//!
//! A decision holds for the instants that it was made on. If the leave was changed while somebody decided, what is both
//! approved and in the newest version counts as approved and the rest is pending. A change of the leave's kind is a
//! matter of its own, so an approval doesn't reach it; a refusal holds for the version that it refused alone.

use std::collections::BTreeSet;

use super::facts::{Decided, Source, Sourced};
use super::fold::{Fold, Line};
use crate::records::{Body, Decision, Leave, LeaveDecision, Return};
use crate::time::UtcSecs;

/// A span of a leave with one decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeavePiece {
    /// The leave kind's key in the pack.
    pub kind: String,
    /// First instant.
    pub from: UtcSecs,
    /// The instant at which it ends.
    pub to: UtcSecs,
    /// What was decided on it.
    pub decision: Decided,
    /// When the person was back, if the leave was closed.
    pub returned_at: Option<UtcSecs>,
    /// The version of the leave that it belongs to.
    pub source: Source,
    /// The entry that decided.
    pub decided_by: Option<Source>,
}

impl LeavePiece {
    fn continues_in(&self, next: &LeavePiece) -> bool {
        let held = |piece: &LeavePiece| (piece.decision, piece.source, piece.decided_by);
        self.to == next.from && self.kind == next.kind && held(self) == held(next)
    }
}

/// A leave with all that happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaveFact {
    /// The newest version; several if it was changed in two places at once, none if it was withdrawn.
    pub newest: Vec<Sourced<Leave>>,
    /// Versions that were changed, oldest first.
    pub before: Vec<Sourced<Leave>>,
    /// Withdrawals that hold.
    pub withdrawn: Vec<Source>,
    /// Decisions that hold, each on one of the versions.
    pub decisions: Vec<Sourced<LeaveDecision>>,
    /// Returns.
    pub returns: Vec<Sourced<Return>>,
    /// What counts, by time.
    pub pieces: Vec<LeavePiece>,
    /// Whether changes, decisions or returns contradict each other, for people to decide.
    pub conflict: bool,
}

/// A decision on versions of one leave.
struct Ruling<'f, 'a> {
    line: &'f Line<'a>,
    said: &'a LeaveDecision,
    /// The versions that it names.
    on: Vec<(usize, &'a Leave)>,
    /// All versions that these replaced.
    past: BTreeSet<usize>,
}

impl Ruling<'_, '_> {
    /// Whether it was made on this very version.
    fn names(&self, head: &Head<'_, '_>) -> bool {
        self.on.iter().any(|(version, _)| *version == head.line.index())
    }

    /// Whether it was made on this version or on one that it came from, of the same kind of leave.
    fn reaches(&self, head: &Head<'_, '_>) -> bool {
        let from = |version: &usize| *version == head.line.index() || head.past.contains(version);
        self.on.iter().any(|(version, leave)| from(version) && leave.kind == head.leave.kind)
    }
}

/// A version that nothing replaces.
struct Head<'f, 'a> {
    line: &'f Line<'a>,
    leave: &'a Leave,
    /// All versions that it replaced.
    past: BTreeSet<usize>,
}

/// All leaves of a duty journal, by their first version's time.
pub(super) fn leaves(fold: &Fold<'_>) -> Vec<LeaveFact> {
    let versions = fold.lines().iter().filter(|line| line.counts());
    let versions = versions.filter(|line| matches!(line.body(), Some(Body::Leave(_) | Body::LeaveWithdrawal(_))));
    let strands: BTreeSet<usize> = versions.map(|line| line.strand).collect();
    strands.into_iter().map(|strand| leave(fold, strand)).collect()
}

fn leave(fold: &Fold<'_>, strand: usize) -> LeaveFact {
    let (mut heads, mut before, mut withdrawn, mut rulings, mut returns) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let here = |index: &usize| fold.line(*index).strand == strand;
    let version = |index: &usize| match fold.line(*index).body() {
        Some(Body::Leave(leave)) if here(index) => Some((*index, leave)),
        _ => None,
    };
    for line in fold.lines().iter().filter(|line| line.counts()) {
        match line.body() {
            Some(Body::Leave(leave)) if line.strand == strand => match line.current() {
                true => heads.push(Head { line, leave, past: fold.replaced(line.index()) }),
                false => before.push(Sourced::new(line, leave.clone())),
            },
            Some(Body::LeaveWithdrawal(_)) if line.strand == strand && line.current() => {
                withdrawn.push(Source::of(line));
            }
            Some(Body::LeaveDecision(said)) if line.current() && line.answers.iter().any(here) => {
                let on: Vec<(usize, &Leave)> = line.answers.iter().filter_map(version).collect();
                let past = on.iter().flat_map(|(version, _)| fold.replaced(*version)).collect();
                rulings.push(Ruling { line, said, on, past });
            }
            Some(Body::Return(back)) if line.current() && line.answers.iter().any(here) => {
                returns.push(Sourced::new(line, back.clone()));
            }
            _ => {}
        }
    }
    let returned_at = returns.iter().map(|back| back.value.at).min();
    let returns_differ = returns.iter().any(|back| Some(back.value.at) != returned_at);
    let (mut pieces, contradicted) = pieces(&heads, &withdrawn, &rulings);
    // A leave is closed from the return on: what would begin later is neither taken nor waits for a decision.
    pieces.retain(|piece| returned_at.is_none_or(|at| piece.from < at));
    pieces.iter_mut().for_each(|piece| piece.returned_at = returned_at);
    LeaveFact {
        conflict: heads.len() + withdrawn.len() > 1 || contradicted || returns_differ,
        newest: heads.iter().map(|head| Sourced::new(head.line, head.leave.clone())).collect(),
        before,
        withdrawn,
        decisions: rulings.iter().map(|ruling| Sourced::new(ruling.line, ruling.said.clone())).collect(),
        returns,
        pieces,
    }
}

/// Cuts the newest versions' time wherever a version or a decision begins or ends, and judges each span by itself.
fn pieces(heads: &[Head<'_, '_>], withdrawn: &[Source], rulings: &[Ruling<'_, '_>]) -> (Vec<LeavePiece>, bool) {
    let spans = heads.iter().map(|head| (head.leave.from, head.leave.to));
    let cuts = spans.chain(rulings.iter().map(|ruling| (ruling.said.from, ruling.said.to)));
    let cuts: BTreeSet<UtcSecs> = cuts.flat_map(|(from, to)| [from, to]).collect();
    let cuts: Vec<UtcSecs> = cuts.into_iter().collect();
    let (mut pieces, mut contradicted): (Vec<LeavePiece>, bool) = (Vec::new(), false);
    for span in cuts.windows(2) {
        let (from, to) = (span[0], span[1]);
        let inside = |(first, last): (UtcSecs, UtcSecs)| first <= from && to <= last;
        let over: Vec<&Head<'_, '_>> = heads.iter().filter(|h| inside((h.leave.from, h.leave.to))).collect();
        let Some(shown) = over.iter().max_by_key(|head| head.line.entry_ref()) else { continue };
        let said: Vec<&Ruling<'_, '_>> = rulings.iter().filter(|r| inside((r.said.from, r.said.to))).collect();
        // Who decided on a later version knew the earlier one's decision.
        let outdated = |old: &Ruling<'_, '_>| {
            said.iter()
                .any(|new| new.line.index() != old.line.index() && old.on.iter().all(|(on, _)| new.past.contains(on)))
        };
        let said: Vec<&Ruling<'_, '_>> = said.iter().copied().filter(|ruling| !outdated(ruling)).collect();
        contradicted |= said.iter().any(|ruling| ruling.said.decision != said[0].said.decision);
        // A version that was withdrawn elsewhere at the same time, or doesn't hold at this instant everywhere, waits.
        let agreed = withdrawn.is_empty() && over.len() == heads.len();
        let decision = if agreed { judge(&over, &said) } else { Decided::Pending };
        let decided_by = (decision != Decided::Pending).then(|| said.iter().max_by_key(|r| r.line.entry_ref()));
        let piece = LeavePiece {
            kind: shown.leave.kind.clone(),
            from,
            to,
            decision,
            returned_at: None,
            source: Source::of(shown.line),
            decided_by: decided_by.flatten().map(|ruling| Source::of(ruling.line)),
        };
        match pieces.last_mut() {
            Some(last) if last.continues_in(&piece) => last.to = to,
            _ => pieces.push(piece),
        }
    }
    (pieces, contradicted)
}

/// What holds for a span that all heads cover, by the decisions on it of which none is outdated.
fn judge(heads: &[&Head<'_, '_>], said: &[&Ruling<'_, '_>]) -> Decided {
    let all = |decision| !said.is_empty() && said.iter().all(|ruling| ruling.said.decision == decision);
    let each = |holds: fn(&Ruling<'_, '_>, &Head<'_, '_>) -> bool| {
        heads.iter().all(|head| said.iter().any(|ruling| holds(ruling, head)))
    };
    if all(Decision::Approved) && each(|ruling, head| ruling.reaches(head)) {
        Decided::Approved
    } else if all(Decision::Refused) && each(|ruling, head| ruling.names(head)) {
        Decided::Refused
    } else {
        Decided::Pending
    }
}

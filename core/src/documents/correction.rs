//! Requests for corrections: what a person asked to be changed in a day, and what was decided on it.
//!
//! As with leave, a request that was changed while somebody approved it holds as far as both versions agree, and the rest
//! is pending.

use std::collections::BTreeSet;

use super::facts::{Decided, Row, Sourced, answers, of_kind, strands, together};
use super::fold::{Fold, Line};
use crate::records::{Body, CheckTime, CorrectionDecision, CorrectionRequest, EntryRef};

/// A request for a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestFact {
    /// The newest version, others beside it, and those before.
    pub row: Row<CorrectionRequest>,
    /// The checks that it says are wrong and that have arrived.
    pub wrong: Vec<EntryRef>,
    /// What was decided on the newest version.
    pub decision: Decided,
    /// The decisions that hold, each on one of the versions.
    pub decisions: Vec<Sourced<CorrectionDecision>>,
    /// The checks that count because of it.
    pub counted: Vec<CheckTime>,
    /// Whether versions or decisions contradict each other, for people to decide.
    pub conflict: bool,
}

/// A request with the lines behind it.
pub(super) struct Asked {
    pub fact: RequestFact,
    /// The line of the newest version.
    pub line: usize,
    /// The checks instead of which its own count.
    pub instead_of: BTreeSet<usize>,
}

/// A version of a request on which something was decided.
struct Version<'f, 'a> {
    line: &'f Line<'a>,
    said: &'a CorrectionRequest,
    decisions: Vec<Sourced<CorrectionDecision>>,
}

/// All requests of a duty journal, by their first version's time.
pub(super) fn requests(fold: &Fold<'_>) -> Vec<Asked> {
    let rows = strands(fold, of_kind!(CorrectionRequest));
    rows.into_iter().filter_map(|row| request(fold, row)).collect()
}

fn request(fold: &Fold<'_>, row: Row<CorrectionRequest>) -> Option<Asked> {
    let head = version(fold, fold.find(&row.now.source.entry)?)?;
    let past = fold.replaced(head.line.index());
    let mut past: Vec<Version<'_, '_>> = past
        .into_iter()
        .filter_map(|index| version(fold, fold.line(index)))
        .filter(|v| !v.decisions.is_empty())
        .collect();
    // Newest last: the more it replaced, the newer.
    past.sort_by_key(|version| (fold.replaced(version.line.index()).len(), version.line.entry_ref()));
    let alone = row.rivals.is_empty();
    let (mut counted, mut instead_of) = (Vec::new(), BTreeSet::new());
    // What the newest decided version asked for counts if it was approved, as far as the newest version still asks for it.
    let decided = if head.decisions.is_empty() { past.last() } else { Some(&head) };
    if let Some(decided) = decided.filter(|version| alone && version.decision() == Decided::Approved) {
        let theirs = decided.checks();
        counted = head.checks();
        counted.retain(|time| theirs.contains(time));
        instead_of = head.wrong(fold).intersection(&decided.wrong(fold)).copied().collect();
    }
    let contradicted = decided.is_some_and(|version| version.decision() == Decided::Pending);
    let fact = RequestFact {
        wrong: head.wrong(fold).into_iter().map(|index| fold.line(index).entry_ref()).collect(),
        decision: if alone { head.decision() } else { Decided::Pending },
        decisions: past.iter().chain([&head]).flat_map(|version| version.decisions.clone()).collect(),
        counted,
        conflict: !alone || contradicted,
        row,
    };
    Some(Asked { fact, line: head.line.index(), instead_of })
}

fn version<'f, 'a>(fold: &'f Fold<'a>, line: &'f Line<'a>) -> Option<Version<'f, 'a>> {
    match line.body() {
        Some(Body::CorrectionRequest(said)) => {
            Some(Version { line, said, decisions: answers(fold, line, of_kind!(CorrectionDecision)) })
        }
        _ => None,
    }
}

impl Version<'_, '_> {
    fn decision(&self) -> Decided {
        together(self.decisions.iter().map(|decision| decision.value.decision))
    }

    /// The checks that it asks for, those of its own day only.
    fn checks(&self) -> Vec<CheckTime> {
        self.said.checks.iter().filter(|time| time.at.date() == self.said.date).cloned().collect()
    }

    /// The checks that it says are wrong.
    fn wrong(&self, fold: &Fold<'_>) -> BTreeSet<usize> {
        let is_check = |index: &usize| {
            matches!(
                fold.line(*index).body(),
                Some(Body::Check(_) | Body::KioskCheck(_) | Body::CheckOnBehalf(_) | Body::Correction(_))
            )
        };
        self.line.answers.iter().copied().filter(is_check).collect()
    }
}

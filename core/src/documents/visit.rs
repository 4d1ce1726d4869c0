//! A visit as it holds: plan, time on site, the four parts, people, observations, pictures, and what host and observed
//! teachers said.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{CommentFact, Row, Source, Sourced, comments, facts, of_kind, rows_by, strands};
use super::fold::Fold;
use crate::ids::PostingId;
use crate::records::{
    Body, Entry, EntryRef, HostCountersign, Observation, ObservedAnswer, Part, VisitClose, VisitNote, VisitOpen,
    VisitPart, VisitPeople, VisitPicture, VisitPlan, VisitShare,
};
use crate::time::Minutes;

/// A host's signature for a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countersign {
    /// What the host said.
    pub said: Sourced<HostCountersign>,
    /// The entries that the host saw, each by device, number and hash.
    pub seen: Vec<EntryRef>,
    /// Those of them that hold no more: changed or taken back since.
    pub changed: Vec<EntryRef>,
    /// Entries of the archive that hold and that the host had not seen.
    pub unseen: Vec<EntryRef>,
}

/// One visit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// The plan; the first one named the host.
    pub plan: Option<Row<VisitPlan>>,
    /// Openings on site: several visitors may open one visit.
    pub opened: Vec<Source>,
    /// Closings on site.
    pub closed: Vec<Sourced<VisitClose>>,
    /// Time spent: as stated at a closing (the least, if several differ), else from the first opening to the last closing.
    pub minutes: Option<Minutes>,
    /// Whether closings state different times.
    pub minutes_differ: bool,
    /// The four parts; texts written at the same time stand side by side as rivals.
    pub parts: BTreeMap<Part, Row<VisitPart>>,
    /// Who took part.
    pub people: Option<Row<VisitPeople>>,
    /// Lessons observed.
    pub observations: Vec<Row<Observation>>,
    /// Notes.
    pub notes: Vec<Row<VisitNote>>,
    /// Pictures.
    pub pictures: Vec<Row<VisitPicture>>,
    /// Signatures of the host.
    pub countersigns: Vec<Countersign>,
    /// With whom it was shared.
    pub shares: Vec<Sourced<VisitShare>>,
    /// Answers of those with whom it was shared.
    pub answers: Vec<Row<ObservedAnswer>>,
    /// Comments.
    pub comments: Vec<CommentFact>,
}

impl Visit {
    /// The state of a visit's journal.
    pub fn of(fold: &Fold<'_>) -> Self {
        let opened: Vec<Sourced<VisitOpen>> = facts(fold, of_kind!(VisitOpen));
        let opened: Vec<Source> = opened.into_iter().map(|opening| opening.source).collect();
        let closed = facts(fold, of_kind!(VisitClose));
        let stated: BTreeSet<Minutes> = closed.iter().filter_map(|closing| closing.value.minutes).collect();
        Visit {
            plan: rows_by!(fold, VisitPlan, |plan| ()).remove(&()),
            minutes: stated.first().copied().or_else(|| on_site(&opened, &closed)),
            minutes_differ: stated.len() > 1,
            opened,
            closed,
            parts: rows_by!(fold, VisitPart, |part| part.part),
            people: rows_by!(fold, VisitPeople, |people| ()).remove(&()),
            observations: strands(fold, of_kind!(Observation)),
            notes: strands(fold, of_kind!(VisitNote)),
            pictures: strands(fold, of_kind!(VisitPicture)),
            countersigns: countersigns(fold),
            shares: facts(fold, of_kind!(VisitShare)),
            answers: strands(fold, of_kind!(ObservedAnswer)),
            comments: comments(fold),
        }
    }

    /// Whether two people set one part of it at the same time, or stated different times.
    pub fn in_conflict(&self) -> bool {
        self.minutes_differ
            || self.plan.as_ref().is_some_and(Row::in_conflict)
            || self.parts.values().any(Row::in_conflict)
            || self.people.as_ref().is_some_and(Row::in_conflict)
            || self.observations.iter().any(Row::in_conflict)
            || self.notes.iter().any(Row::in_conflict)
            || self.pictures.iter().any(Row::in_conflict)
            || self.answers.iter().any(Row::in_conflict)
    }

    /// Every entry of the archive that holds: what a host signs for.
    pub fn archive(&self) -> Vec<EntryRef> {
        fn of<T>(row: &Row<T>) -> impl Iterator<Item = EntryRef> {
            row.all_now().map(|said| said.source.entry)
        }
        let mut archive: Vec<EntryRef> = self.plan.iter().flat_map(of).collect();
        archive.extend(self.opened.iter().map(|source| source.entry));
        archive.extend(self.closed.iter().map(|said| said.source.entry));
        archive.extend(self.parts.values().flat_map(of));
        archive.extend(self.people.iter().flat_map(of));
        archive.extend(self.observations.iter().flat_map(of));
        archive.extend(self.notes.iter().flat_map(of));
        archive.extend(self.pictures.iter().flat_map(of));
        archive
    }

    /// The postings with which it was shared.
    pub fn shared_with(&self) -> BTreeSet<PostingId> {
        self.shares.iter().flat_map(|share| share.value.with.iter().copied()).collect()
    }
}

/// Whole minutes from the first opening to the last closing.
fn on_site(opened: &[Source], closed: &[Sourced<VisitClose>]) -> Option<Minutes> {
    let from = opened.iter().map(|opening| opening.placed.judged).min()?;
    let to = closed.iter().map(|closing| closing.source.placed.judged).max()?;
    u32::try_from(to.0.saturating_sub(from.0) / 60).ok().map(Minutes)
}

fn countersigns(fold: &Fold<'_>) -> Vec<Countersign> {
    let archive = |body: &Body| {
        matches!(
            body,
            Body::VisitPlan(_)
                | Body::VisitOpen(_)
                | Body::VisitClose(_)
                | Body::VisitPart(_)
                | Body::VisitPeople(_)
                | Body::Observation(_)
                | Body::VisitNote(_)
                | Body::VisitPicture(_)
        )
    };
    let archive: Vec<EntryRef> =
        fold.current().filter(|line| line.body().is_some_and(archive)).map(|line| line.entry_ref()).collect();
    let signed = fold.current().filter_map(|line| match line.entry() {
        Ok(Entry { body: Body::HostCountersign(said), re, .. }) => Some((line, said, re)),
        _ => None,
    });
    let countersign = |(line, said, re): (_, &HostCountersign, &Vec<EntryRef>)| {
        let found: Vec<_> = re.iter().filter_map(|seen| Some((*seen, fold.find(seen)?))).collect();
        let saw: BTreeSet<EntryRef> = found.iter().map(|(_, line)| line.entry_ref()).collect();
        Countersign {
            said: Sourced::new(line, said.clone()),
            seen: re.clone(),
            changed: found.iter().filter(|(_, line)| !line.current()).map(|(seen, _)| *seen).collect(),
            unseen: archive.iter().filter(|entry| !saw.contains(entry)).copied().collect(),
        }
    };
    signed.map(countersign).collect()
}

//! A school's register as it holds: after-school service (plans with their review, sessions, handovers), published weeks,
//! kiosks out of order, comments.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::facts::{CommentFact, Decided, Row, Sourced, answers, comments, facts, of_kind, strands, together};
use super::fold::{Fold, Line};
use crate::ids::ActorId;
use crate::records::{EntryRef, Handover, KioskOutage, PlanReview, Publication, ServicePlan, Session};

/// A service plan with what the county said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFact {
    /// The newest version, others beside it, and those before.
    pub row: Row<ServicePlan>,
    /// The version that is in force: the newest one that was approved. A change holds when it is approved itself.
    pub filed: Option<Sourced<ServicePlan>>,
    /// What was decided on the newest version.
    pub review: Decided,
    /// The reviews that hold, each on one of the versions.
    pub reviews: Vec<Sourced<PlanReview>>,
    /// Whether versions or reviews contradict each other, for people to decide.
    pub conflict: bool,
}

/// A session of after-school service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionFact {
    /// The session as it was last amended, others beside it, and those before.
    pub row: Row<Session>,
    /// Handovers at its end, of whatever version.
    pub handovers: Vec<Sourced<Handover>>,
}

/// One school's register of one term.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// Service plans.
    pub plans: Vec<PlanFact>,
    /// Sessions, by date and start.
    pub sessions: Vec<SessionFact>,
    /// Published weeks, by Monday; a second one of a week amends the first, which stays.
    pub publications: Vec<Sourced<Publication>>,
    /// Kiosks taken out for a day.
    pub outages: Vec<Row<KioskOutage>>,
    /// Comments.
    pub comments: Vec<CommentFact>,
}

impl Register {
    /// The state of a register's journal.
    pub fn of(fold: &Fold<'_>) -> Self {
        let session = |row: Row<Session>| {
            let handovers = versions(fold, &row).flat_map(|version| answers(fold, version, of_kind!(Handover)));
            SessionFact { handovers: unique(handovers), row }
        };
        let mut sessions: Vec<SessionFact> = strands(fold, of_kind!(Session)).into_iter().map(session).collect();
        sessions.sort_by_key(|s| (s.row.now.value.date, s.row.now.value.start, s.row.now.source.entry));
        let mut publications = facts(fold, of_kind!(Publication));
        publications.sort_by_key(|week| (week.value.monday, week.value.log, week.source.entry));
        Register {
            plans: strands(fold, of_kind!(ServicePlan)).into_iter().map(|row| plan(fold, row)).collect(),
            sessions,
            publications,
            outages: strands(fold, of_kind!(KioskOutage)),
            comments: comments(fold),
        }
    }

    /// The filed plans that are in force on a date.
    pub fn filed_on(&self, date: Date) -> impl Iterator<Item = &Sourced<ServicePlan>> {
        let filed = self.plans.iter().filter_map(|plan| plan.filed.as_ref());
        filed.filter(move |plan| plan.value.from <= date && date <= plan.value.to)
    }

    /// Whether a kiosk was taken out for a date.
    pub fn kiosk_out(&self, kiosk: ActorId, date: Date) -> bool {
        let mut outages = self.outages.iter().flat_map(Row::all_now);
        outages.any(|outage| outage.value.kiosk == kiosk && outage.value.date == date)
    }
}

/// Each entry once: one handover may name several versions of its session.
fn unique<T>(facts: impl Iterator<Item = Sourced<T>>) -> Vec<Sourced<T>> {
    let by_entry: BTreeMap<EntryRef, Sourced<T>> = facts.map(|fact| (fact.source.entry, fact)).collect();
    by_entry.into_values().collect()
}

/// The lines of a row: its versions of now and before.
fn versions<'f, 'a, T>(fold: &'f Fold<'a>, row: &'f Row<T>) -> impl Iterator<Item = &'f Line<'a>> {
    row.all_now().chain(&row.before).filter_map(|version| fold.find(&version.source.entry))
}

fn plan(fold: &Fold<'_>, row: Row<ServicePlan>) -> PlanFact {
    let reviewed = versions(fold, &row).map(|version| (version, answers(fold, version, of_kind!(PlanReview))));
    let reviewed: Vec<(&Line<'_>, Vec<Sourced<PlanReview>>)> = reviewed.collect();
    let decided = |said: &[Sourced<PlanReview>]| together(said.iter().map(|review| review.value.decision));
    let approved = reviewed.iter().filter(|(_, said)| decided(said) == Decided::Approved);
    let approved: Vec<&Line<'_>> = approved.map(|(version, _)| *version).collect();
    let newer = |line: &Line<'_>| approved.iter().any(|other| fold.replaced(other.index()).contains(&line.index()));
    let filed: Vec<&Line<'_>> = approved.iter().copied().filter(|line| !newer(line)).collect();
    let in_force = filed.iter().max_by_key(|line| line.entry_ref());
    let in_force = in_force.and_then(|line| Some(Sourced::new(line, line.body().and_then(of_kind!(ServicePlan))?)));
    let contradicted = reviewed.iter().any(|(_, said)| !said.is_empty() && decided(said) == Decided::Pending);
    let now = reviewed.iter().find(|(version, _)| version.entry_ref() == row.now.source.entry);
    PlanFact {
        filed: in_force,
        review: now.map_or(Decided::Pending, |(_, said)| decided(said)),
        conflict: row.in_conflict() || contradicted || filed.len() > 1,
        reviews: reviewed.iter().flat_map(|(_, said)| said.clone()).collect(),
        row,
    }
}

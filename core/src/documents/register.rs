//! A school's register as it holds: after-school service (plans with their review, sessions, handovers), published weeks,
//! kiosks out of order, comments.

use jiff::civil::Date;

use super::facts::{CommentFact, Decided, Row, Sourced, comments, facts, of_kind, strands};
use super::fold::{Fold, Line};
use crate::ids::ActorId;
use crate::records::{Body, Decision, Handover, KioskOutage, PlanReview, Publication, ServicePlan, Session};

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
        let session = |row: Row<Session>| SessionFact { handovers: handovers(fold, &row), row };
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
        let outages = self.outages.iter().flat_map(Row::all_now);
        outages.into_iter().any(|outage| outage.value.kiosk == kiosk && outage.value.date == date)
    }
}

/// The lines of a row: its versions of now and before.
fn versions<'f, 'a, T>(fold: &'f Fold<'a>, row: &'f Row<T>) -> impl Iterator<Item = &'f Line<'a>> {
    row.all_now().chain(&row.before).filter_map(|version| fold.find(&version.source.entry))
}

fn handovers(fold: &Fold<'_>, session: &Row<Session>) -> Vec<Sourced<Handover>> {
    let by = versions(fold, session).flat_map(|version| &version.answered_by);
    let by: std::collections::BTreeSet<usize> = by.copied().collect();
    let lines = by.into_iter().map(|index| fold.line(index)).filter(|line| line.current());
    let said = lines.filter_map(|line| match line.body() {
        Some(Body::Handover(handover)) => Some(Sourced::new(line, handover.clone())),
        _ => None,
    });
    said.collect()
}

fn reviews(fold: &Fold<'_>, version: &Line<'_>) -> Vec<Sourced<PlanReview>> {
    let lines = version.answered_by.iter().map(|by| fold.line(*by)).filter(|line| line.current());
    let said = lines.filter_map(|line| match line.body() {
        Some(Body::PlanReview(review)) => Some(Sourced::new(line, review.clone())),
        _ => None,
    });
    said.collect()
}

/// What several reviews of one version say together.
fn together(reviews: &[Sourced<PlanReview>]) -> Decided {
    let all = |decision| !reviews.is_empty() && reviews.iter().all(|review| review.value.decision == decision);
    match (all(Decision::Approved), all(Decision::Refused)) {
        (true, _) => Decided::Approved,
        (_, true) => Decided::Refused,
        _ => Decided::Pending,
    }
}

fn plan(fold: &Fold<'_>, row: Row<ServicePlan>) -> PlanFact {
    let reviewed: Vec<(&Line<'_>, Vec<Sourced<PlanReview>>)> =
        versions(fold, &row).map(|version| (version, reviews(fold, version))).collect();
    let approved = reviewed.iter().filter(|(_, said)| together(said) == Decided::Approved);
    let approved: Vec<&Line<'_>> = approved.map(|(version, _)| *version).collect();
    let newer = |line: &Line<'_>| approved.iter().any(|other| fold.replaced(other.index()).contains(&line.index()));
    let filed: Vec<&Line<'_>> = approved.iter().copied().filter(|line| !newer(line)).collect();
    let newest = filed.iter().max_by_key(|line| line.entry_ref());
    let filed_plan = newest.and_then(|line| match line.body() {
        Some(Body::ServicePlan(plan)) => Some(Sourced::new(line, plan.clone())),
        _ => None,
    });
    let contradicted = reviewed.iter().any(|(_, said)| !said.is_empty() && together(said) == Decided::Pending);
    let now = reviewed.iter().find(|(version, _)| version.entry_ref() == row.now.source.entry);
    PlanFact {
        filed: filed_plan,
        review: now.map_or(Decided::Pending, |(_, said)| together(said)),
        conflict: row.in_conflict() || contradicted || filed.len() > 1,
        reviews: reviewed.iter().flat_map(|(_, said)| said.clone()).collect(),
        row,
    }
}

//! What was owed in each period, and what the visits prove.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::period::{Period, periods};
use crate::policy::{Calendar, Least, Obligation, SubjectKind, VisitKind};

/// Somebody who may owe something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Who, as the visits name them.
    pub id: String,
    /// What they are.
    pub kind: SubjectKind,
    /// Members of a group or alliance, where they are known: a round must reach every one of them.
    pub members: Vec<String>,
}

/// A visit that took place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Of what kind.
    pub kind: VisitKind,
    /// On which day.
    pub date: Date,
    /// How long, in minutes.
    pub minutes: u32,
    /// Whom it was for.
    pub subjects: Vec<String>,
}

/// One obligation of one subject in one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObligationRow<'a> {
    /// What is owed.
    pub obligation: &'a Obligation,
    /// By whom.
    pub subject: &'a Subject,
    /// When.
    pub period: Period,
    /// How far it is.
    pub progress: Progress,
}

/// How far an obligation is in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Visits prove it.
    Counted {
        /// Visits that count.
        count: u64,
        /// Their minutes.
        minutes: u64,
        /// Whether it is met.
        met: bool,
    },
    /// No visit proves it: rosters or decisions do.
    NotByVisits,
}

/// A row for each obligation of each subject in each period that overlaps `from` to `to`, both included. A period is
/// judged whole, also with visits outside `from` to `to`. A subject to whose kind nothing is owed has no row.
pub fn obligations<'a>(
    owed: &'a [Obligation],
    calendar: &Calendar,
    subjects: &'a [Subject],
    visits: &[Visit],
    from: Date,
    to: Date,
) -> Vec<ObligationRow<'a>> {
    let mut rows = Vec::new();
    for obligation in owed {
        let owing: Vec<&Subject> = subjects.iter().filter(|subject| subject.kind == obligation.subject).collect();
        if owing.is_empty() {
            continue;
        }
        let periods = periods(obligation.period, from, to, calendar);
        let by_name = ByName::new(obligation, visits);
        for subject in owing {
            let counted = by_name.of(subject, obligation.every_member);
            rows.extend(periods.iter().map(|period| ObligationRow {
                obligation,
                subject,
                period: period.clone(),
                progress: progress(obligation, subject, within(&counted, period)),
            }));
        }
    }
    rows
}

/// The visits that count for one obligation, in the order of their dates, by whom they name.
struct ByName<'v>(BTreeMap<&'v str, Vec<&'v Visit>>);

impl<'v> ByName<'v> {
    fn new(obligation: &Obligation, visits: &'v [Visit]) -> Self {
        let counts = |visit: &&Visit| {
            obligation.counts.as_ref().is_some_and(|kinds| kinds.covers(visit.kind))
                && visit.minutes >= obligation.each_minutes
        };
        let mut counted: Vec<&Visit> = visits.iter().filter(counts).collect();
        counted.sort_by_key(|visit| visit.date);
        let mut by_name: BTreeMap<&str, Vec<&Visit>> = BTreeMap::new();
        for visit in counted {
            for name in visit.subjects.iter().map(String::as_str).collect::<BTreeSet<_>>() {
                by_name.entry(name).or_default().push(visit);
            }
        }
        ByName(by_name)
    }

    /// The visits that name the subject or, in a round, one of its members; each once, by date.
    fn of(&self, subject: &Subject, with_members: bool) -> Vec<&'v Visit> {
        let named = |name: &String| self.0.get(name.as_str()).into_iter().flatten().copied();
        let mut all: Vec<&Visit> = named(&subject.id).collect();
        if with_members && !subject.members.is_empty() {
            all.extend(subject.members.iter().flat_map(named));
            let mut seen = BTreeSet::new();
            all.retain(|visit| seen.insert(std::ptr::from_ref(*visit)));
            all.sort_by_key(|visit| visit.date);
        }
        all
    }
}

fn within<'s, 'v>(visits: &'s [&'v Visit], period: &Period) -> &'s [&'v Visit] {
    let begin = visits.partition_point(|visit| visit.date < period.from);
    let end = visits.partition_point(|visit| visit.date <= period.to);
    &visits[begin..end]
}

fn progress(obligation: &Obligation, subject: &Subject, visits: &[&Visit]) -> Progress {
    let count = visits.len() as u64;
    let minutes = visits.iter().map(|visit| u64::from(visit.minutes)).sum();
    let enough = match obligation.least {
        Least::Visits(least) => count >= u64::from(least),
        Least::Minutes(least) => minutes >= u64::from(least),
        Least::Persons(_) | Least::Tasks(_) => return Progress::NotByVisits,
    };
    let reached = |member: &String| visits.iter().any(|visit| visit.subjects.contains(member));
    let met = enough && (!obligation.every_member || subject.members.iter().all(reached));
    Progress::Counted { count, minutes, met }
}

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
pub struct ObligationRow<'o, 's> {
    /// What is owed.
    pub obligation: &'o Obligation,
    /// By whom.
    pub subject: &'s Subject,
    /// When.
    pub period: Period,
    /// How far it is.
    pub progress: Progress,
    /// The visits that count, by their places among the given ones, in the order of their dates.
    pub counted: Vec<usize>,
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
pub fn obligations<'o, 's>(
    owed: &'o [Obligation],
    calendar: &Calendar,
    subjects: &'s [Subject],
    visits: &[Visit],
    from: Date,
    to: Date,
) -> Vec<ObligationRow<'o, 's>> {
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
            rows.extend(periods.iter().map(|period| {
                let counted = by_name.within(&counted, period);
                let progress = progress(obligation, subject, counted.iter().map(|at| &visits[*at]));
                ObligationRow { obligation, subject, period: period.clone(), progress, counted: counted.to_vec() }
            }));
        }
    }
    rows
}

/// The visits that count for one obligation by whom they name: places in the order of their dates.
struct ByName<'v> {
    visits: &'v [Visit],
    places: BTreeMap<&'v str, Vec<usize>>,
}

impl<'v> ByName<'v> {
    fn new(obligation: &Obligation, visits: &'v [Visit]) -> Self {
        let counts = |at: &usize| {
            let visit = &visits[*at];
            obligation.counts.as_ref().is_some_and(|kinds| kinds.covers(visit.kind))
                && visit.minutes >= obligation.each_minutes
        };
        let mut counted: Vec<usize> = (0..visits.len()).filter(counts).collect();
        counted.sort_by_key(|at| visits[*at].date);
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for at in counted {
            for name in visits[at].subjects.iter().map(String::as_str).collect::<BTreeSet<_>>() {
                places.entry(name).or_default().push(at);
            }
        }
        ByName { visits, places }
    }

    /// The visits that name the subject or, in a round, one of its members; each once, by date.
    fn of(&self, subject: &Subject, with_members: bool) -> Vec<usize> {
        let named = |name: &String| self.places.get(name.as_str()).into_iter().flatten().copied();
        let mut all: Vec<usize> = named(&subject.id).collect();
        if with_members && !subject.members.is_empty() {
            all.extend(subject.members.iter().flat_map(named));
            let mut seen = BTreeSet::new();
            all.retain(|at| seen.insert(*at));
            all.sort_by_key(|at| self.visits[*at].date);
        }
        all
    }

    fn within<'s>(&self, places: &'s [usize], period: &Period) -> &'s [usize] {
        let begin = places.partition_point(|at| self.visits[*at].date < period.from);
        let end = places.partition_point(|at| self.visits[*at].date <= period.to);
        &places[begin..end]
    }
}

fn progress<'v>(
    obligation: &Obligation,
    subject: &Subject,
    visits: impl ExactSizeIterator<Item = &'v Visit> + Clone,
) -> Progress {
    let count = visits.len() as u64;
    let minutes = visits.clone().map(|visit| u64::from(visit.minutes)).sum();
    let enough = match obligation.least {
        Least::Visits(least) => count >= u64::from(least),
        Least::Minutes(least) => minutes >= u64::from(least),
        Least::Persons(_) | Least::Tasks(_) => return Progress::NotByVisits,
    };
    let reached = |member: &String| visits.clone().any(|visit| visit.subjects.contains(member));
    let met = enough && (!obligation.every_member || subject.members.iter().all(reached));
    Progress::Counted { count, minutes, met }
}

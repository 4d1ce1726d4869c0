//! A duty document as it holds: one posting's checks, leaves, correction requests and flexible hours, each with the entry
//! that says so.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::correction::{Asked, RequestFact, requests};
use super::facts::{Row, Source, Sourced, of_kind, rows_by, strands};
use super::fold::{Fold, Line};
use super::leave::{LeaveFact, leaves};
use crate::evidence::TimeLabel;
use crate::ids::ActorId;
use crate::records::field::choice;
use crate::records::{Body, CheckTime, Direction, EntryRef, FlexibleHours, Note, PinSet, Place};
use crate::time::UtcSecs;

choice! {
    /// How a check came to be.
    CheckOrigin {
        /// On the person's own phone.
        1 Own = "own",
        /// At the school's kiosk.
        2 Kiosk = "kiosk",
        /// Made by somebody else, with a reason.
        3 OnBehalf = "on_behalf",
        /// Stated by a correction.
        4 Correction = "correction",
        /// Stated by the person's request, which was approved.
        5 Request = "request",
    }
}

/// A check that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckFact {
    /// In or out.
    pub direction: Direction,
    /// The instant that counts.
    pub judged: UtcSecs,
    /// The earliest instant at which it can have been.
    pub earliest: UtcSecs,
    /// The latest instant at which it can have been.
    pub latest: UtcSecs,
    /// How far the time can be trusted; none for a time that somebody stated.
    pub label: Option<TimeLabel>,
    /// How it came to be.
    pub origin: CheckOrigin,
    /// Evidence of place.
    pub place: Option<Place>,
    /// Whether it stands beside another correction of the same checks.
    pub conflict: bool,
    /// The entry that says it.
    pub source: Source,
}

/// One posting's duty in one term.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duty {
    /// The checks that count, by time.
    pub checks: Vec<CheckFact>,
    /// Checks that count no more since a request was approved: the check, and the request.
    pub set_aside: BTreeMap<EntryRef, EntryRef>,
    /// Leaves.
    pub leaves: Vec<LeaveFact>,
    /// Requests for corrections.
    pub requests: Vec<RequestFact>,
    /// Flexible hours.
    pub flexible: Vec<Row<FlexibleHours>>,
    /// Remarks.
    pub notes: Vec<Row<Note>>,
    /// The PIN for each kiosk.
    pub pins: BTreeMap<ActorId, Row<PinSet>>,
}

impl Duty {
    /// The state of a duty journal.
    pub fn of(fold: &Fold<'_>) -> Self {
        let asked = requests(fold);
        let (checks, set_aside) = checks(fold, &asked);
        Duty {
            checks,
            set_aside,
            leaves: leaves(fold),
            requests: asked.into_iter().map(|asked| asked.fact).collect(),
            flexible: strands(fold, of_kind!(FlexibleHours)),
            notes: strands(fold, of_kind!(Note)),
            pins: rows_by!(fold, PinSet, |pin| pin.kiosk),
        }
    }

    /// The checks that belong to a date.
    pub fn checks_on(&self, date: Date) -> impl Iterator<Item = &CheckFact> {
        self.checks.iter().filter(move |check| check.judged.date() == date)
    }

    /// Whether the posting has flexible hours on a date. Where two grants stand beside each other, both must hold.
    pub fn flexible_on(&self, date: Date) -> bool {
        let holds = |hours: &Sourced<FlexibleHours>| hours.value.from <= date && date <= hours.value.to;
        self.flexible.iter().any(|row| row.all_now().all(holds))
    }
}

fn checks(fold: &Fold<'_>, asked: &[Asked]) -> (Vec<CheckFact>, BTreeMap<EntryRef, EntryRef>) {
    let mut set_aside: BTreeMap<usize, usize> = BTreeMap::new();
    for request in asked {
        let counted = request.instead_of.iter().filter(|check| fold.line(**check).current());
        set_aside.extend(counted.map(|check| (*check, request.line)));
    }
    let disputed = disputed(fold, asked);
    let mut checks = Vec::new();
    for line in fold.current().filter(|line| !set_aside.contains_key(&line.index())) {
        let stated = |time: &CheckTime, origin| stated(line, time, origin, disputed.contains(&line.index()));
        match line.body() {
            Some(Body::Check(check)) => {
                let place = check.place.clone();
                checks.push(CheckFact { place, ..measured(line, check.direction, CheckOrigin::Own) });
            }
            Some(Body::KioskCheck(check)) => checks.push(measured(line, check.direction, CheckOrigin::Kiosk)),
            Some(Body::CheckOnBehalf(check)) => {
                let time = CheckTime { direction: check.direction, at: check.at };
                checks.push(stated(&time, CheckOrigin::OnBehalf));
            }
            Some(Body::Correction(correction)) => {
                let of_day = correction.checks.iter().filter(|time| time.at.date() == correction.date);
                checks.extend(of_day.map(|time| stated(time, CheckOrigin::Correction)));
            }
            _ => {}
        }
    }
    for request in asked {
        let line = fold.line(request.line);
        let conflict = request.fact.conflict || disputed.contains(&request.line);
        checks.extend(request.fact.counted.iter().map(|time| stated(line, time, CheckOrigin::Request, conflict)));
    }
    checks.sort_by_key(|check| (check.judged, check.direction, check.source.entry));
    let named = |(check, request): (usize, usize)| (fold.line(check).entry_ref(), fold.line(request).entry_ref());
    (checks, set_aside.into_iter().map(named).collect())
}

/// Corrections and approved requests that stand beside another one instead of the same checks.
fn disputed(fold: &Fold<'_>, asked: &[Asked]) -> BTreeSet<usize> {
    let mut instead: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let corrections = fold.current().filter(|line| matches!(line.body(), Some(Body::Correction(_))));
    let corrections = corrections.map(|line| (line.index(), fold.replaced(line.index())));
    let requests = asked.iter().map(|request| (request.line, request.instead_of.clone()));
    for (by, of) in corrections.chain(requests) {
        of.into_iter().for_each(|check| instead.entry(check).or_default().push(by));
    }
    instead.into_values().filter(|by| by.len() > 1).flatten().collect()
}

/// A check whose time a clock measured.
fn measured(line: &Line<'_>, direction: Direction, origin: CheckOrigin) -> CheckFact {
    let placed = line.item().placed;
    CheckFact {
        direction,
        judged: placed.judged,
        earliest: placed.earliest.secs(),
        latest: placed.latest.secs(),
        label: Some(placed.label),
        origin,
        place: None,
        conflict: false,
        source: Source::of(line),
    }
}

/// A check whose time a person stated.
fn stated(line: &Line<'_>, time: &CheckTime, origin: CheckOrigin, conflict: bool) -> CheckFact {
    CheckFact {
        judged: time.at,
        earliest: time.at,
        latest: time.at,
        label: None,
        conflict,
        ..measured(line, time.direction, origin)
    }
}

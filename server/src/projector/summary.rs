//! Sums of a school's day for the county's page: kept until something that they rest on changes, or until `now` passes an
//! instant at which a status may change by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use sanji_core::ids::SchoolId;
use sanji_core::review::Cell;
use sanji_core::rules::{DayResult, Status};
use sanji_core::time::{UtcSecs, midnight};

use super::board::{Board, Days};
use super::kept::Kept;
use super::{ProjectionError, Store, Touched};

/// What a school's day comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Postings that have the day.
    pub staff: u32,
    /// How many of them have which status; those of a school where the rules aren't in force yet have none.
    pub statuses: BTreeMap<Status, u32>,
    /// Entries that don't count.
    pub flagged: u32,
    /// Until when all devices have reported everything; none if one never has, or there is none.
    pub through: Option<UtcSecs>,
    /// Devices that haven't reported the day yet.
    pub waiting: u32,
    /// Staff of whom nothing can arrive: they have no device, and the school has no kiosk.
    pub unequipped: u32,
    /// When it has to be made again though nothing changed.
    until: Option<UtcSecs>,
}

impl Summary {
    /// Sums a day of a board.
    fn of(board: &Board, date: Date, now: UtcSecs) -> Self {
        let mut summary = Summary::default();
        let mut waiting = BTreeSet::new();
        let mut marks: Vec<Option<UtcSecs>> = Vec::new();
        for one in board.staff.iter().filter(|one| one.on(date)) {
            summary.staff += 1;
            summary.flagged += board.flagged.get(&(one.posting, date)).copied().unwrap_or(0);
            summary.unequipped += u32::from(board.devices(one.person).is_empty());
            let counting = board.devices(one.person).iter().filter(|device| device.retired.is_none());
            marks.extend(counting.map(|device| device.mark));
            let Some(cell) = board.cell(one, date, now) else { continue };
            waiting.extend(cell.waits.iter().map(|wait| wait.actor));
            summary.until = summary.until.into_iter().chain(next_change(&cell, date, now)).min();
            if let DayResult::Judged(verdict) = &cell.result {
                *summary.statuses.entry(verdict.status).or_default() += 1;
            }
        }
        summary.through = marks.iter().min().copied().flatten();
        summary.waiting = u32::try_from(waiting.len()).unwrap_or(u32::MAX);
        summary
    }

    /// How many have this status.
    pub fn count(&self, status: Status) -> u32 {
        self.statuses.get(&status).copied().unwrap_or(0)
    }
}

/// The next instant at which a cell's status may change though nothing arrives: the day begins, can be judged, or is over.
fn next_change(cell: &Cell, date: Date, now: UtcSecs) -> Option<UtcSecs> {
    let end = match &cell.result {
        DayResult::Judged(verdict) => verdict.end,
        DayResult::NotInForce(_) => None,
    };
    let over = midnight(date.tomorrow().unwrap_or(date));
    let ahead = [Some(midnight(date)), end, Some(over)].into_iter().flatten();
    ahead.filter(|at| now < *at).min()
}

/// Sums that are kept.
#[derive(Default)]
pub struct Summaries {
    kept: Mutex<BTreeMap<(SchoolId, Date), Summary>>,
}

/// Days that are kept for each school: those of two months' reading back.
const MOST_DAYS: usize = 64;

impl Summaries {
    /// The sums of a school's day as of `now`.
    ///
    /// # Errors
    /// When the store fails.
    pub fn get(
        &self,
        kept: &Kept,
        store: &mut impl Store,
        school: SchoolId,
        date: Date,
        now: UtcSecs,
    ) -> Result<Summary, ProjectionError> {
        {
            let known = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(summary) = known.get(&(school, date))
                && summary.until.is_none_or(|until| now < until)
            {
                return Ok(summary.clone());
            }
        }
        let board = Board::load(kept, store, school, Days { first: date, last: date })?;
        let summary = board.map_or(Summary::default(), |board| Summary::of(&board, date, now));
        let mut known = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let first = (school, Date::MIN);
        if known.range(first..=(school, Date::MAX)).count() >= MOST_DAYS
            && let Some(oldest) = known.range(first..).next().map(|(key, _)| *key)
        {
            known.remove(&oldest);
        }
        known.insert((school, date), summary.clone());
        Ok(summary)
    }

    /// Forgets what may have changed.
    pub fn forget(&self, touched: &Touched) {
        let mut known = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(school, _), _| !touched.everything && !touched.schools.contains(school));
    }
}

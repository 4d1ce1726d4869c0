//! What a school's day comes to: how many have which status, what has arrived and what is missing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sanji_core::review::Cell;
use sanji_core::rules::{DayResult, Status};
use sanji_core::time::{UtcSecs, midnight};

use super::board::Board;

/// What a school's day comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Postings that have the day.
    pub staff: u32,
    /// How many of them have which status; those of a school where the rules aren't in force yet have none.
    pub statuses: BTreeMap<Status, u32>,
    /// Entries that don't count.
    pub flagged: u32,
    /// Until when all devices have reported everything, the end of the day at the latest; none if one never has, or there
    /// is none. What a device reports of later days changes nothing of this one.
    pub through: Option<UtcSecs>,
    /// Devices that haven't reported the day yet.
    pub waiting: u32,
    /// Staff of whom nothing can arrive: they have no device, and the school has no kiosk.
    pub unequipped: u32,
    /// Of those without a record of presence, staff who had no device by the end of the day: nobody knows.
    pub mute: u32,
    /// When it has to be made again though nothing changed; none if never.
    pub until: Option<UtcSecs>,
}

impl Summary {
    /// Sums a day of a board.
    pub fn of(board: &Board, date: Date, now: UtcSecs) -> Self {
        let mut summary = Summary::default();
        let mut waiting = BTreeSet::new();
        let mut marks: Vec<Option<UtcSecs>> = Vec::new();
        let over = end_of(date);
        for one in board.staff.iter().filter(|one| one.on(date)) {
            summary.staff += 1;
            summary.flagged += board.flagged.get(&(one.posting, date)).copied().unwrap_or(0);
            summary.unequipped += u32::from(board.devices(one.person).is_empty());
            let counting = board.devices(one.person).iter().filter(|device| device.retired.is_none());
            marks.extend(counting.map(|device| device.mark.map(|mark| mark.min(over))));
            let Some(cell) = board.cell(one, date, now) else { continue };
            waiting.extend(cell.waits.iter().map(|wait| wait.actor));
            summary.until = summary.until.into_iter().chain(next_change(&cell, date, now)).min();
            if let DayResult::Judged(verdict) = &cell.result {
                *summary.statuses.entry(verdict.status).or_default() += 1;
                let heard = board.devices(one.person).iter().any(|device| device.since < over);
                summary.mute += u32::from(verdict.status == Status::Absent && !heard);
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

    /// Whether nothing can arrive: there is no staff, or nobody has a device.
    pub fn silent(&self) -> bool {
        self.staff == self.unequipped
    }

    /// Whether everything of the day has arrived.
    pub fn complete(&self) -> bool {
        self.waiting == 0 && !self.silent()
    }
}

/// The midnight that ends a day.
pub fn end_of(date: Date) -> UtcSecs {
    midnight(date.tomorrow().unwrap_or(date))
}

/// The next instant at which a cell's status may change though nothing arrives: the day begins, can be judged, or is over.
fn next_change(cell: &Cell, date: Date, now: UtcSecs) -> Option<UtcSecs> {
    let end = match &cell.result {
        DayResult::Judged(verdict) => verdict.end,
        DayResult::NotInForce(_) => None,
    };
    let ahead = [Some(midnight(date)), end, Some(end_of(date))].into_iter().flatten();
    ahead.filter(|at| now < *at).min()
}

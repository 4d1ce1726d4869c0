//! The figures of a school over a span of days. One row type per thing, made here from judged cells; the page, CSV, XLSX and
//! the API's JSON all read these rows, so the same figures stand everywhere. Pure: no store, no clock.

pub mod attendance;
pub mod book;
pub mod csv;
pub mod days;
pub mod leave;
pub mod obligations;
pub mod period;
pub mod service;
pub mod sheet;
pub mod visits;
pub mod xlsx;

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use sanji_core::review::Cell;
use sanji_core::time::UtcSecs;
use serde::Serialize;
use utoipa::ToSchema;

use crate::projector::board::{Board, Days, Staff};

/// What whoever asks may know of one member of staff whose cells are theirs to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knows {
    /// Which leave it is.
    pub leave_kinds: bool,
}

/// A member of staff with the cells of every day.
pub struct Person<'a> {
    /// Who.
    pub staff: &'a Staff,
    /// What may be known.
    pub knows: Knows,
    /// A cell for each day of the board; absent where there is nothing to judge by.
    pub cells: Vec<Option<Cell>>,
}

/// A school's days, judged at one instant.
pub struct Judged<'a> {
    /// The school.
    pub board: &'a Board,
    /// Those whose cells may be seen, in the board's order.
    pub people: Vec<Person<'a>>,
}

impl<'a> Judged<'a> {
    /// Judges the days of a board for those whom `seen` lets through.
    pub fn new(board: &'a Board, now: UtcSecs, seen: impl Fn(&Staff) -> Option<Knows>) -> Self {
        let person = |staff: &'a Staff| {
            let knows = seen(staff)?;
            let cells = dates(board.days).map(|date| board.cell(staff, date, now)).collect();
            Some(Person { staff, knows, cells })
        };
        Judged { board, people: board.staff.iter().filter_map(person).collect() }
    }

    /// How many of all have which status on each day, names left out.
    pub fn sums(&self) -> Vec<DaySums> {
        let mut sums: Vec<DaySums> = dates(self.board.days).map(DaySums::new).collect();
        for person in &self.people {
            for (day, cell) in sums.iter_mut().zip(&person.cells) {
                let status = cell.as_ref().and_then(attendance::verdict).map(|verdict| verdict.status.code());
                status.into_iter().for_each(|status| *day.statuses.entry(status).or_default() += 1);
            }
        }
        sums
    }
}

/// How many have which status on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DaySums {
    /// The date.
    #[serde(serialize_with = "json::date")]
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// People by status; nobody where the rules aren't in force.
    pub statuses: BTreeMap<&'static str, u32>,
}

impl DaySums {
    fn new(date: Date) -> Self {
        DaySums { date, statuses: BTreeMap::new() }
    }
}

/// The days of a span, in order.
pub fn dates(days: Days) -> impl Iterator<Item = Date> {
    let mut next = Some(days.first);
    std::iter::from_fn(move || {
        let at = next.filter(|at| *at <= days.last)?;
        next = at.checked_add(1.day()).ok();
        Some(at)
    })
}

/// How values of the rows are written as JSON.
pub(crate) mod json {
    use jiff::civil::{Date, Time};
    use sanji_core::time::UtcSecs;
    use serde::Serializer;

    /// `2026-03-02`.
    pub(crate) fn date<S: Serializer>(date: &Date, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(date)
    }

    /// `08:31`.
    pub(crate) fn clock<S: Serializer>(time: &Time, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&format_args!("{:02}:{:02}", time.hour(), time.minute()))
    }

    /// `2026-03-02T08:31:10+08:00`.
    pub(crate) fn instant<S: Serializer>(at: &UtcSecs, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&text(*at))
    }

    /// [`instant`], or null.
    pub(crate) fn maybe_instant<S: Serializer>(at: &Option<UtcSecs>, s: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => instant(at, s),
            None => s.serialize_none(),
        }
    }

    fn text(at: UtcSecs) -> String {
        format!("{}+08:00", at.local().strftime("%Y-%m-%dT%H:%M:%S"))
    }
}

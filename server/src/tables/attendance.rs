//! Attendance for pay: what a person's days add up to.

use std::collections::BTreeMap;

use sanji_core::ids::PostingId;
use sanji_core::review::Cell;
use sanji_core::rules::{DayResult, DayVerdict, FindingCode, Status, staff_week};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Judged, Knows, Person};

/// How often something was found, and its minutes in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CountAndMinutes)]
pub struct Sized {
    /// How often.
    pub count: u32,
    /// Minutes in all.
    pub minutes: u32,
}

/// What the days of one person add up to. Each judged day that isn't a rest day is counted once, by its status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Attendance {
    /// Days on which presence was required: judged days less rest days and days wholly on leave.
    pub required_days: u32,
    /// Days present as required.
    pub present_days: u32,
    /// Days with time missing in a window: late, left early, away.
    pub irregular_days: u32,
    /// Days short of the required minutes.
    pub short_days: u32,
    /// Days that need a check-out.
    pub needs_correction_days: u32,
    /// Days without a record of presence.
    pub absent_days: u32,
    /// Days that have not arrived.
    pub not_arrived_days: u32,
    /// Days that are under way or ahead.
    pub open_days: u32,
    /// Days wholly on leave.
    pub leave_days: u32,
    /// Days wholly on leave by kind; kinds of one day are joined with `+`. Null where the reader may not know the kind.
    pub leave_days_by_kind: Option<BTreeMap<String, u32>>,
    /// Late.
    pub late: Sized,
    /// Left early.
    pub left_early: Sized,
    /// Away in between.
    pub away: Sized,
    /// Windows without any presence.
    pub absent_from_window: Sized,
    /// Minutes of presence that count.
    pub office_minutes: u32,
    /// Minutes that the days asked for.
    pub required_minutes: u32,
    /// Minutes that single days were short of what they asked for, as far as they are over and have arrived.
    pub short_minutes: u32,
    /// Days on which the rules weren't in force: they count nowhere else.
    pub unjudged_days: u32,
}

/// A person's attendance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AttendanceRow)]
pub struct Row {
    /// The posting.
    #[schema(value_type = String)]
    pub posting: PostingId,
    /// The name; empty for a newcomer whose roster row hasn't arrived.
    pub name: String,
    /// The role at the school.
    pub role: &'static str,
    /// The sums.
    #[serde(flatten)]
    pub sums: Attendance,
}

impl Attendance {
    /// Adds up cells.
    pub fn of<'a>(cells: impl IntoIterator<Item = &'a Cell>, knows: Knows) -> Self {
        let cells: Vec<&Cell> = cells.into_iter().collect();
        let judged = || cells.iter().filter_map(|cell| Some((*cell, verdict(cell)?)));
        let week = staff_week(judged().map(|(_, verdict)| verdict));
        let days = |status: Status| week.days.get(&status).copied().unwrap_or(0);
        let found = |code: FindingCode| {
            let (count, minutes) = week.findings.get(&code).copied().unwrap_or_default();
            Sized { count, minutes: minutes.0 }
        };
        let judged_days: u32 = week.days.values().sum();
        let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
        for (cell, _) in judged().filter(|(_, verdict)| verdict.status == Status::OnLeave) {
            let mut kind = cell.leave_kinds.clone();
            kind.sort();
            *kinds.entry(kind.join("+")).or_default() += 1;
        }
        Attendance {
            required_days: judged_days - days(Status::RestDay) - days(Status::OnLeave),
            present_days: days(Status::Present),
            irregular_days: days(Status::Irregular),
            short_days: days(Status::ShortOfFiveHours),
            needs_correction_days: days(Status::NeedsCorrection),
            absent_days: days(Status::Absent),
            not_arrived_days: days(Status::AwaitingSync),
            open_days: days(Status::InProgress) + days(Status::Upcoming),
            leave_days: days(Status::OnLeave),
            leave_days_by_kind: knows.leave_kinds.then_some(kinds),
            late: found(FindingCode::Late),
            left_early: found(FindingCode::LeftEarly),
            away: found(FindingCode::Away),
            absent_from_window: found(FindingCode::AbsentFromWindow),
            office_minutes: week.office.0,
            required_minutes: week.required.0,
            short_minutes: week.short_by.0,
            unjudged_days: u32::try_from(cells.len()).unwrap_or(u32::MAX) - judged_days,
        }
    }
}

/// What a cell was judged to be; nothing where the rules aren't in force.
pub(super) fn verdict(cell: &Cell) -> Option<&DayVerdict> {
    match &cell.result {
        DayResult::Judged(verdict) => Some(verdict),
        DayResult::NotInForce(_) => None,
    }
}

impl Row {
    fn of(person: &Person<'_>) -> Self {
        Row {
            posting: person.staff.posting,
            name: person.staff.name.clone(),
            role: person.staff.role.name(),
            sums: Attendance::of(person.cells.iter().flatten(), person.knows),
        }
    }
}

/// The attendance of everyone who may be seen.
pub fn rows(judged: &Judged<'_>) -> Vec<Row> {
    judged.people.iter().map(Row::of).collect()
}

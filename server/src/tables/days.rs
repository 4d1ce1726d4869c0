//! Single days: each person's cell of each date.

use jiff::civil::Date;
use sanji_core::ids::PostingId;
use sanji_core::policy::Clause;
use sanji_core::review::Cell;
use sanji_core::rules::{DayResult, Finding};
use sanji_core::time::UtcSecs;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Judged, Knows, Person, json};

/// A single fact that a verdict rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Finding)]
pub struct Found {
    /// What was found: `late`, `missing_check_out`, …
    pub code: &'static str,
    /// How much, in whole minutes; null where it has no size.
    pub minutes: Option<u32>,
    /// Since when, where that can be told.
    #[serde(serialize_with = "json::maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<UtcSecs>,
    /// Until when.
    #[serde(serialize_with = "json::maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<UtcSecs>,
    /// The clause that it rests on; `own` where the product sets the number.
    pub clause: String,
}

impl From<&Finding> for Found {
    fn from(found: &Finding) -> Self {
        Found {
            code: found.code.code(),
            minutes: found.minutes.map(|minutes| minutes.0),
            from: found.span.map(|span| span.from),
            to: found.span.map(|span| span.to),
            clause: found.clause.as_str().to_owned(),
        }
    }
}

/// What a day comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Day {
    /// The date.
    #[serde(serialize_with = "json::date")]
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// The status; null on a day on which the rules weren't in force.
    pub status: Option<&'static str>,
    /// What the status rests on.
    pub clause: Option<String>,
    /// Minutes of presence that count.
    pub office_minutes: u32,
    /// Minutes that the day asked for.
    pub required_minutes: Option<u32>,
    /// What was found.
    pub findings: Vec<Found>,
    /// Kinds of the approved leave that touches the day; null where the reader may not know them.
    pub leave_kinds: Option<Vec<String>>,
    /// Devices whose reports of the day have not arrived.
    pub devices_missing: u32,
    /// Some of what has not arrived may have been lost with a device.
    pub may_be_lost: bool,
    /// How sure it is: `for_certain`, `if_clock_believed`, `not_met`; null where that isn't asked.
    pub certainty: Option<&'static str>,
    /// Requests that wait for a decision.
    pub undecided: u32,
    /// Something about the day stands in two versions.
    pub conflict: bool,
    /// Judged by another pack than the county names.
    pub provisional: bool,
}

impl Day {
    /// A cell as a row.
    pub fn of(cell: &Cell, knows: Knows) -> Self {
        let (status, clause, required, times, findings) = match &cell.result {
            DayResult::Judged(verdict) => (
                Some(verdict.status.code()),
                Some(Clause::as_str(&verdict.clause).to_owned()),
                Some(verdict.required.0),
                &verdict.times,
                &verdict.findings,
            ),
            DayResult::NotInForce(times) => (None, None, None, times, &times.findings),
        };
        Day {
            date: cell.date,
            status,
            clause,
            office_minutes: times.office.0,
            required_minutes: required,
            findings: findings.iter().map(Found::from).collect(),
            leave_kinds: knows.leave_kinds.then(|| cell.leave_kinds.clone()),
            devices_missing: u32::try_from(cell.waits.len()).unwrap_or(u32::MAX),
            may_be_lost: cell.waits.iter().any(|wait| wait.lost),
            certainty: cell.certainty.map(|certainty| certainty.code()),
            undecided: cell.undecided,
            conflict: cell.conflict,
            provisional: cell.provisional,
        }
    }
}

/// A person's days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PersonDays)]
pub struct Row {
    /// The posting.
    #[schema(value_type = String)]
    pub posting: PostingId,
    /// The name.
    pub name: String,
    /// The days that the posting has, in order.
    pub days: Vec<Day>,
}

impl Row {
    /// The days of a person.
    pub fn cells<'a>(person: &'a Person<'_>) -> impl Iterator<Item = Day> + use<'a> {
        person.cells.iter().flatten().map(|cell| Day::of(cell, person.knows))
    }

    fn of(person: &Person<'_>) -> Self {
        let days = Row::cells(person).collect();
        Row { posting: person.staff.posting, name: person.staff.name.clone(), days }
    }
}

/// The days of everyone who may be seen.
pub fn rows(judged: &Judged<'_>) -> Vec<Row> {
    judged.people.iter().map(Row::of).collect()
}

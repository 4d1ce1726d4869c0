//! One person's week: what the days add up to.

use std::collections::BTreeMap;

use super::day::{DayVerdict, Status};
use super::finding::FindingCode;
use crate::time::Minutes;

/// Sums over the judged days of one person's week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffWeek {
    /// Days by status.
    pub days: BTreeMap<Status, u32>,
    /// Office minutes of working days and rest days.
    pub office: Minutes,
    /// Minutes that the days asked for.
    pub required: Minutes,
    /// Minutes that single days were short of what they asked for; more on another day makes up for nothing. Only days
    /// that are over and have fully arrived.
    pub short_by: Minutes,
    /// Findings by code: how many, and their minutes in all.
    pub findings: BTreeMap<FindingCode, (u32, Minutes)>,
}

/// Adds up the days of one person's week.
pub fn staff_week<'a>(days: impl IntoIterator<Item = &'a DayVerdict>) -> StaffWeek {
    let mut week = StaffWeek::default();
    for day in days {
        *week.days.entry(day.status).or_default() += 1;
        week.office.0 += day.times.office.0;
        week.required.0 += day.required.0;
        let unsettled = matches!(day.status, Status::Upcoming | Status::InProgress | Status::AwaitingSync);
        if !unsettled {
            week.short_by.0 += day.short_by().0;
        }
        for finding in &day.findings {
            let (count, minutes) = week.findings.entry(finding.code).or_default();
            *count += 1;
            minutes.0 += finding.minutes.unwrap_or_default().0;
        }
    }
    week
}

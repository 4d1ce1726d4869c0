//! Holiday care (暑期托管): a school's own choice, with limits of its own.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::finding::{Finding, FindingCode};
use super::service::Session;
use super::span::{Span, seconds, union, whole_minutes};
use crate::policy::ServiceRules;
use crate::time::Minutes;

/// What a school's holiday care comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CareVerdict {
    /// Days from the first to the last day of care, both included.
    pub days_span: u32,
    /// Findings of the whole.
    pub findings: Vec<Finding>,
    /// Findings of each session, in the order of the input.
    pub sessions: Vec<Vec<Finding>>,
    /// The days of care, in order.
    pub days: Vec<CareDay>,
}

/// A day of holiday care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CareDay {
    /// The date.
    pub date: Date,
    /// Minutes of the union of its sessions.
    pub minutes: Minutes,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Judges the holiday care of one school in one holiday.
pub fn holiday_care(rules: &ServiceRules, sessions: &[Session]) -> CareVerdict {
    let clause = &rules.clauses.holiday_care;
    let mut by_day: BTreeMap<Date, Vec<Span>> = BTreeMap::new();
    for session in sessions {
        let span = Span { from: session.start.on(session.date), to: session.end.on(session.date) };
        by_day.entry(session.date).or_default().push(span);
    }
    let days_span = match (by_day.first_key_value(), by_day.last_key_value()) {
        (Some((first, _)), Some((last, _))) => u32::try_from((*last - *first).get_days() + 1).unwrap_or(u32::MAX),
        _ => 0,
    };
    let found = |is: bool, code| is.then(|| Finding::plain(code, clause)).into_iter().collect::<Vec<_>>();
    let days = by_day
        .into_iter()
        .map(|(date, spans)| {
            let minutes = whole_minutes(seconds(&union(spans)));
            CareDay { date, minutes, findings: found(minutes > rules.care_day_most, FindingCode::CareDayTooLong) }
        })
        .collect();
    let forbidden = |session: &Session| rules.care_forbidden.contains(&session.content);
    CareVerdict {
        days_span,
        findings: found(days_span > rules.care_days_span, FindingCode::CareTooManyDays),
        sessions: sessions.iter().map(|session| found(forbidden(session), FindingCode::ForbiddenContent)).collect(),
        days,
    }
}

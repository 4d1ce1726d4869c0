//! One school's week of after-school service.

use jiff::ToSpan;
use jiff::civil::Date;

use super::finding::{Finding, FindingCode};
use super::span::{Span, seconds, union, whole_minutes};
use crate::policy::{Calendar, ServiceRules};
use crate::time::{HourMinute, Minutes};

/// Who led a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instructor {
    /// Who, as the records name them.
    pub id: String,
    /// Whether they come from outside the school.
    pub outside: bool,
    /// Whether the school's checks and the county's approval were passed.
    pub vetted: bool,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its date.
    pub date: Date,
    /// When it began.
    pub start: HourMinute,
    /// When it ended.
    pub end: HourMinute,
    /// The pack's code of its content.
    pub content: String,
    /// Who led it.
    pub instructors: Vec<Instructor>,
    /// Whether the pupils were handed over at its end (交接).
    pub handover: bool,
}

impl Session {
    fn span(&self) -> Span {
        Span { from: self.start.on(self.date), to: self.end.on(self.date) }
    }

    fn has_unvetted(&self) -> bool {
        self.instructors.iter().any(|person| person.outside && !person.vetted)
    }

    fn clashes(&self, other: &Session) -> bool {
        self.date == other.date
            && self.start < other.end
            && other.start < self.end
            && self.instructors.iter().any(|one| other.instructors.iter().any(|two| one.id == two.id))
    }
}

/// What a week of service is judged by.
#[derive(Clone, Copy, Debug)]
pub struct WeekInput<'a> {
    /// Monday of the week.
    pub monday: Date,
    /// The first and last day of the filed plan; `None` judges every school day.
    pub plan: Option<(Date, Date)>,
    /// When the school dismisses its pupils, where that is known.
    pub dismissal: Option<HourMinute>,
    /// Sessions, of this week or of others: those of others get findings and count for no day.
    pub sessions: &'a [Session],
}

/// What a week of service comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceWeek {
    /// Findings of each session, in the order of the input.
    pub sessions: Vec<Vec<Finding>>,
    /// The school days on which the plan is in force, in order.
    pub days: Vec<ServiceDay>,
}

impl ServiceWeek {
    /// Days without a finding.
    pub fn days_covered(&self) -> usize {
        self.days.iter().filter(|day| day.finding.is_none()).count()
    }
}

/// What a day of service comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceDay {
    /// The date.
    pub date: Date,
    /// Minutes of the union of the sessions that count.
    pub minutes: Minutes,
    /// What was found, one at most.
    pub finding: Option<Finding>,
}

/// Judges a week of service.
pub fn service(rules: &ServiceRules, calendar: &Calendar, input: &WeekInput<'_>) -> ServiceWeek {
    let sessions: Vec<Vec<Finding>> =
        (0..input.sessions.len()).map(|index| session_findings(rules, calendar, input, index)).collect();
    let owed =
        |date: Date| calendar.is_school_day(date) && input.plan.is_none_or(|(from, to)| from <= date && date <= to);
    let days = (0..7)
        .filter_map(|offset| input.monday.checked_add(offset.days()).ok())
        .filter(|date| owed(*date))
        .map(|date| service_day(rules, input.sessions, &sessions, date))
        .collect();
    ServiceWeek { sessions, days }
}

fn session_findings(rules: &ServiceRules, calendar: &Calendar, input: &WeekInput<'_>, index: usize) -> Vec<Finding> {
    let session = &input.sessions[index];
    let clauses = &rules.clauses;
    let clashes = input.sessions.iter().enumerate().any(|(other, with)| other != index && session.clashes(with));
    let late = session.end > rules.latest_end;
    [
        (late, FindingCode::EndsTooLate, &clauses.latest_end),
        (!calendar.is_school_day(session.date), FindingCode::NotASchoolDay, &clauses.days),
        (rules.forbidden.contains(&session.content), FindingCode::ForbiddenContent, &clauses.content),
        (session.has_unvetted(), FindingCode::UnvettedInstructor, &clauses.vetting),
        (!session.handover, FindingCode::NoHandover, &clauses.safety),
        (clashes, FindingCode::OverlapsSameInstructor, &clauses.safety),
        (input.dismissal.is_some_and(|time| session.start < time), FindingCode::BeforeDismissal, &clauses.start),
    ]
    .into_iter()
    .filter(|(found, _, _)| *found)
    .map(|(_, code, clause)| Finding::plain(code, clause))
    .collect()
}

/// Whether a session with this finding counts no minutes.
pub fn voids(finding: &Finding) -> bool {
    matches!(finding.code, FindingCode::ForbiddenContent | FindingCode::NotASchoolDay | FindingCode::UnvettedInstructor)
}

fn service_day(rules: &ServiceRules, sessions: &[Session], findings: &[Vec<Finding>], date: Date) -> ServiceDay {
    let of_day = || sessions.iter().zip(findings).filter(|(session, _)| session.date == date);
    let counted = of_day().filter(|(_, found)| !found.iter().any(voids)).map(|(session, _)| session.span());
    let minutes = whole_minutes(seconds(&union(counted.collect())));
    let code = if of_day().next().is_none() {
        Some(FindingCode::NoService)
    } else if minutes < rules.least {
        Some(FindingCode::UnderOneHour)
    } else if minutes < rules.standard {
        Some(FindingCode::UnderTwoHours)
    } else if minutes > rules.most {
        Some(FindingCode::OverThreeHours)
    } else {
        None
    };
    ServiceDay { date, minutes, finding: code.map(|code| Finding::plain(code, &rules.clauses.day_minutes)) }
}

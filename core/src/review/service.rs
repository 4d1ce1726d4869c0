//! A school's week of after-school service, from its register.

use jiff::ToSpan;
use jiff::civil::Date;

use super::county::CountyFacts;
use crate::documents::register::{Register, SessionFact};
use crate::documents::school::{School as SchoolView, profile_on};
use crate::ids::SchoolId;
use crate::policy::Chapter;
use crate::rules::{Instructor, ServiceWeek, Session, WeekInput, service};
use crate::time::HourMinute;

/// A week of service: the sessions in the order of their findings, and the days.
#[derive(Clone, Debug)]
pub struct ServiceReview<'a> {
    /// The week's sessions.
    pub sessions: Vec<&'a SessionFact>,
    /// What they come to.
    pub week: ServiceWeek,
    /// Whether a filed plan is in force on some day of the week.
    pub plan: bool,
}

/// Judges a school's week of service; `None` where the county names no pack or school. Without a filed plan no day is owed.
pub fn service_week<'a>(
    county: &CountyFacts,
    schools: &[SchoolView],
    registers: &'a [Register],
    school: SchoolId,
    monday: Date,
) -> Option<ServiceReview<'a>> {
    let set = county.school(school)?;
    let (pack, _) = county.pack(Chapter::Service, monday, school)?;
    let rules = pack.service_rules(&county.rules_of(set, schools, monday)).ok()?;
    let sunday = monday.checked_add(6.days()).ok()?;
    let here = |fact: &&SessionFact| (monday..=sunday).contains(&fact.row.now.value.date);
    let sessions: Vec<&SessionFact> = registers.iter().flat_map(|r| &r.sessions).filter(here).collect();
    let cases: Vec<Session> = sessions.iter().map(|fact| case(fact)).collect();
    let plan = registers.iter().flat_map(|r| &r.plans).filter_map(|plan| plan.filed.as_ref());
    let plan = plan.map(|filed| (filed.value.from, filed.value.to)).find(|(from, to)| *from <= sunday && monday <= *to);
    let dismissal = profile_on(schools, monday).dismissal.map(|row| HourMinute::of(row.now.value));
    // A span that holds no day: a school without a plan owes nothing, and its sessions are judged all the same.
    let owed = plan.unwrap_or((sunday, monday));
    let week = service(&rules, county.calendar(), &WeekInput { monday, plan: Some(owed), dismissal, sessions: &cases });
    Some(ServiceReview { sessions, week, plan: plan.is_some() })
}

fn case(fact: &SessionFact) -> Session {
    let session = &fact.row.now.value;
    let instructors = session.instructors.iter().map(|instructor| Instructor {
        id: match (&instructor.posting, &instructor.name) {
            (Some(posting), _) => posting.to_string(),
            (None, name) => name.clone().unwrap_or_default(),
        },
        outside: instructor.outside.unwrap_or(false),
        vetted: instructor.vetted.unwrap_or(false),
    });
    Session {
        date: session.date,
        start: HourMinute::of(session.start),
        end: HourMinute::of(session.end),
        content: session.content.name().to_owned(),
        instructors: instructors.collect(),
        handover: !fact.handovers.is_empty(),
    }
}

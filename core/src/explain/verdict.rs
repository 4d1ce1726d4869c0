//! From a case to the line that answers it.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::case::{Case, Object, Wrong};
use super::json;
use crate::policy::{
    Calendar, CalendarWarning, Decision, Direction, Hours, NotInPack, Pack, PeriodKind, School, SchoolKind,
    SubjectKind, VisitKind,
};
use crate::rules::{
    Check, DayInput, Finding, Instructor, Leave, Progress, Session, Status, Subject, Visit, WeekInput, day,
    obligations, service,
};

/// More rows than this are refused: whoever needs them asks for a shorter time or fewer subjects.
const MOST_ROWS: i64 = 200_000;

#[derive(Serialize)]
struct FindingOut {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    minutes: Option<u32>,
    clause: String,
}

#[derive(Serialize)]
struct WarningOut {
    code: &'static str,
    year: i16,
}

#[derive(Serialize)]
struct DayOut<'a> {
    id: &'a str,
    status: Status,
    office_minutes: u32,
    required_minutes: u32,
    findings: Vec<FindingOut>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<WarningOut>,
}

#[derive(Serialize)]
struct ServiceOut<'a> {
    id: &'a str,
    days_covered: usize,
    school_days: usize,
    sessions: Vec<SessionOut>,
    days: Vec<ServiceDayOut>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<WarningOut>,
}

#[derive(Serialize)]
struct SessionOut {
    id: String,
    findings: Vec<FindingOut>,
}

#[derive(Serialize)]
struct ServiceDayOut {
    date: String,
    minutes: u32,
    findings: Vec<FindingOut>,
}

#[derive(Serialize)]
struct ObligationsOut<'a> {
    id: &'a str,
    obligations: Vec<RowOut<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<WarningOut>,
}

/// Where visits don't prove an obligation, `count`, `minutes` and `met` are null: nothing is claimed.
#[derive(Serialize)]
struct RowOut<'a> {
    obligation: &'a str,
    subject: &'a str,
    period: String,
    count: Option<u64>,
    minutes: Option<u64>,
    met: Option<bool>,
    clause: String,
}

/// Judges a case.
pub(super) fn of(case: &Case<'_>) -> Result<String, Wrong> {
    let top = case.fields(&["kind", "pack"])?;
    match top.word_among("kind", &["day", "service", "obligations"])? {
        0 => of_day(case),
        1 => of_service(case),
        _ => of_obligations(case),
    }
}

fn pack_of(top: &Object) -> Result<&'static Pack, Wrong> {
    let packs = Pack::built_in();
    let ids: Vec<&str> = packs.iter().map(|pack| pack.id.as_str()).collect();
    top.word_among("pack", &ids).map(|at| &packs[at])
}

fn school_of(top: &Object) -> Result<School, Wrong> {
    let school = top.object("school")?;
    Ok(School {
        kind: school.word("kind", SchoolKind::ALL)?,
        boarding: school.flag("boarding")?,
        senior: school.flag_or_false("senior")?,
        own_windows: None,
    })
}

fn not_in_pack(error: &NotInPack) -> Wrong {
    Wrong::new("pack", error.zh(), error.to_string())
}

fn warnings(calendar: &Calendar, dates: impl IntoIterator<Item = Date>) -> Vec<WarningOut> {
    let mut all: Vec<CalendarWarning> = dates.into_iter().filter_map(|date| calendar.warning(date)).collect();
    all.sort_unstable();
    all.dedup();
    let out = |warning: CalendarWarning| match warning {
        CalendarWarning::NoYear(year) => WarningOut { code: warning.code(), year },
    };
    all.into_iter().map(out).collect()
}

fn finding(found: &Finding) -> FindingOut {
    FindingOut {
        code: found.code.code(),
        minutes: found.minutes.map(|minutes| minutes.0),
        clause: found.clause.to_string(),
    }
}

fn of_day(case: &Case<'_>) -> Result<String, Wrong> {
    let names = ["pack", "school", "staff", "date", "now", "complete_through", "checks", "leaves"];
    let top = case.fields(&names)?;
    let pack = pack_of(&top)?;
    let rules = pack.office_rules(&school_of(&top)?).map_err(|error| not_in_pack(&error))?;
    let hours = top.object("staff")?.word("hours", Hours::ALL)?;
    let date = top.date("date")?;
    let now = top.instant("now")?;
    let complete_through = top.instant_if_given("complete_through")?;
    let checks =
        top.each("checks", |check| Ok(Check::certain(check.word("dir", Direction::ALL)?, check.instant("at")?)))?;
    let kinds: Vec<&str> =
        pack.office.iter().flat_map(|office| &office.leave.kinds).map(|kind| kind.code.as_str()).collect();
    let leaves = top.each("leaves", |leave| {
        leave.word_among("kind", &kinds)?;
        Ok(Leave {
            from: leave.instant("from")?,
            to: leave.instant("to")?,
            decision: leave.word("decision", Decision::ALL)?,
            returned_at: leave.instant_if_given("returned_at")?,
        })
    })?;
    let calendar = Calendar::national();
    let verdict = day(
        &rules,
        &DayInput {
            date,
            working_day: calendar.is_school_day(date),
            now,
            hours,
            complete_through,
            may_be_lost: false,
            checks: &checks,
            leaves: &leaves,
        },
    );
    Ok(json(&DayOut {
        id: top.text("id")?,
        status: verdict.status,
        office_minutes: verdict.times.office.0,
        required_minutes: verdict.required.0,
        findings: verdict.findings.iter().map(finding).collect(),
        warnings: warnings(calendar, [date]),
    }))
}

fn session_of(session: &Object, contents: &[&str]) -> Result<(String, Session), Wrong> {
    let (start, end) = (session.time("start")?, session.time("end")?);
    if end <= start {
        return Err(Wrong::new(
            session.path("end"),
            format!("{end} 不晚于开始的 {start}:请改正"),
            format!("{end} is not after start, {start}: correct one of them"),
        ));
    }
    let content = contents[session.word_among("content", contents)?].to_owned();
    let instructors = session.each("instructors", |person| {
        Ok(Instructor {
            id: person.text("id")?.to_owned(),
            outside: person.flag("outside")?,
            vetted: person.flag("vetted")?,
        })
    })?;
    let (date, handover) = (session.date("date")?, session.flag("handover")?);
    Ok((session.text("id")?.to_owned(), Session { date, start, end, content, instructors, handover }))
}

fn of_service(case: &Case<'_>) -> Result<String, Wrong> {
    let top = case.fields(&["pack", "school", "week", "plan", "sessions"])?;
    let pack = pack_of(&top)?;
    let rules = pack.service_rules(&school_of(&top)?).map_err(|error| not_in_pack(&error))?;
    let monday = top.week("week")?;
    let plan = top.object_if_given("plan")?.map(|plan| plan.dates()).transpose()?;
    let contents: Vec<&str> = pack
        .service
        .iter()
        .flat_map(|service| service.content.allowed.iter().chain(&service.content.forbidden))
        .map(|word| word.code.as_str())
        .collect();
    let (ids, sessions): (Vec<String>, Vec<Session>) =
        top.each("sessions", |session| session_of(session, &contents))?.into_iter().unzip();
    let calendar = Calendar::national();
    let week = service(&rules, calendar, &WeekInput { monday, plan, dismissal: None, sessions: &sessions });
    let week_dates = (0..7).filter_map(|offset| monday.checked_add(offset.days()).ok());
    Ok(json(&ServiceOut {
        id: top.text("id")?,
        days_covered: week.days_covered(),
        school_days: week.days.len(),
        sessions: ids
            .into_iter()
            .zip(&week.sessions)
            .map(|(id, found)| SessionOut { id, findings: found.iter().map(finding).collect() })
            .collect(),
        days: week
            .days
            .iter()
            .map(|day| ServiceDayOut {
                date: day.date.to_string(),
                minutes: day.minutes.0,
                findings: day.finding.iter().map(finding).collect(),
            })
            .collect(),
        warnings: warnings(calendar, week_dates.chain(sessions.iter().map(|session| session.date))),
    }))
}

fn of_obligations(case: &Case<'_>) -> Result<String, Wrong> {
    let top = case.fields(&["pack", "subjects", "from", "to", "visits"])?;
    let pack = pack_of(&top)?;
    let mut subjects: Vec<Subject> = Vec::new();
    for subject in top.each("subjects", |subject| {
        let (id, kind) = (subject.text("id")?.to_owned(), subject.word("type", SubjectKind::ALL)?);
        Ok(Subject { id, kind, members: Vec::new() })
    })? {
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    let (from, to) = top.dates()?;
    let visits = top.each("visits", |visit| {
        Ok(Visit {
            kind: visit.word("kind", VisitKind::ALL)?,
            date: visit.date("date")?,
            minutes: visit.minutes("minutes")?,
            subjects: visit.texts("subjects")?,
        })
    })?;
    if most_rows(pack, &subjects, from, to) > MOST_ROWS {
        return Err(Wrong::new(
            "to",
            format!("结果会超过 {MOST_ROWS} 行:缩短起止日期或减少对象"),
            format!("the answer would have more than {MOST_ROWS} rows: ask for a shorter time or fewer subjects"),
        ));
    }
    let calendar = Calendar::national();
    let rows = obligations(&pack.obligations, calendar, &subjects, &visits, from, to);
    let weekly = rows.iter().any(|row| row.obligation.period == PeriodKind::Week);
    let years = (from.year()..=to.year()).filter(|_| weekly).filter_map(|year| Date::new(year, 1, 1).ok());
    Ok(json(&ObligationsOut {
        id: top.text("id")?,
        warnings: warnings(calendar, years),
        obligations: rows
            .iter()
            .map(|row| {
                let (count, minutes, met) = match row.progress {
                    Progress::Counted { count, minutes, met } => (Some(count), Some(minutes), Some(met)),
                    Progress::NotByVisits => (None, None, None),
                };
                RowOut {
                    obligation: &row.obligation.id,
                    subject: &row.subject.id,
                    period: row.period.name.clone(),
                    count,
                    minutes,
                    met,
                    clause: pack.cite(&row.obligation.clause).to_string(),
                }
            })
            .collect(),
    }))
}

/// More rows than the answer can have, from the length of the periods alone.
fn most_rows(pack: &Pack, subjects: &[Subject], from: Date, to: Date) -> i64 {
    let days = i64::from((to - from).get_days());
    let rows = |kind: PeriodKind| match kind {
        PeriodKind::SchoolYear => days / 365 + 2,
        PeriodKind::Term => days / 150 + 2,
        PeriodKind::Month => days / 28 + 2,
        PeriodKind::Week => days / 7 + 2,
    };
    let owed = |subject: &Subject| {
        pack.obligations.iter().filter(|row| row.subject == subject.kind).map(|row| rows(row.period)).sum::<i64>()
    };
    subjects.iter().map(owed).sum()
}

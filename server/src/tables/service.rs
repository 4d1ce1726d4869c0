//! After-school service: days, sessions, and what each person led.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use sanji_core::ids::PostingId;
use sanji_core::records::{Role, Session};
use sanji_core::rules::{monday_of, voids};
use serde::Serialize;
use utoipa::ToSchema;

use super::days::Found;
use super::json;
use crate::projector::board::Board;

/// A day on which service was owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ServiceDay)]
pub struct Day {
    /// The date.
    #[serde(serialize_with = "json::date")]
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Minutes of the sessions that count, overlaps once.
    pub minutes: u32,
    /// What is wrong with the day; null where it is covered.
    pub finding: Option<Found>,
}

/// Who led a session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct Instructor {
    /// The posting; null for somebody from outside.
    #[schema(value_type = Option<String>)]
    pub posting: Option<PostingId>,
    /// The name, as far as it is known.
    pub name: String,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct Held {
    /// The date.
    #[serde(serialize_with = "json::date")]
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Start, local time.
    #[serde(serialize_with = "json::clock")]
    #[schema(value_type = String, example = "16:00")]
    pub start: Time,
    /// End.
    #[serde(serialize_with = "json::clock")]
    #[schema(value_type = String, example = "18:00")]
    pub end: Time,
    /// Its length.
    pub minutes: u32,
    /// The pack's code of what it was about.
    pub content: &'static str,
    /// Who led it.
    pub instructors: Vec<Instructor>,
    /// How many pupils were counted.
    pub pupils: Option<u32>,
    /// Whether its minutes count for the day and for those who led it.
    pub counts: bool,
    /// What was found.
    pub findings: Vec<Found>,
    /// It stands in two versions.
    pub conflict: bool,
}

/// What one person led, sessions that count alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Workload {
    /// Who.
    #[serde(flatten)]
    pub who: Instructor,
    /// Sessions.
    pub sessions: u32,
    /// Days with a session.
    pub days: u32,
    /// Minutes, overlapping sessions once.
    pub minutes: u32,
    /// Minutes that count as workload: of a head of the school at most the average of the other staff who took part.
    pub counted: u32,
}

/// The service of a school over the board's days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Service {
    /// Whether a filed plan was in force on some day.
    pub plan: bool,
    /// The days on which service was owed, in order.
    pub days: Vec<Day>,
    /// The sessions, by date and start.
    pub sessions: Vec<Held>,
    /// What each person led: own staff first, in the staff's order.
    pub workload: Vec<Workload>,
}

impl Service {
    /// The service of a board's days; nothing where the county names no pack.
    pub fn of(board: &Board) -> Self {
        let (first, last) = (board.days.first, board.days.last);
        let mut service = Service::default();
        let mut monday = monday_of(first);
        while monday <= last {
            if let Some(review) = board.service(monday) {
                service.plan |= review.plan;
                let here = review.week.days.iter().filter(|day| (first..=last).contains(&day.date));
                service.days.extend(here.map(|day| Day {
                    date: day.date,
                    minutes: day.minutes.0,
                    finding: day.finding.as_ref().map(Found::from),
                }));
                for (fact, found) in review.sessions.iter().zip(&review.week.sessions) {
                    let void = found.iter().any(voids);
                    let session = &fact.row.now.value;
                    service.sessions.push(Held {
                        date: session.date,
                        start: session.start,
                        end: session.end,
                        minutes: minute(session.end).saturating_sub(minute(session.start)),
                        content: session.content.name(),
                        instructors: instructors(board, session),
                        pupils: session.pupils,
                        counts: !void,
                        findings: found.iter().map(Found::from).collect(),
                        conflict: fact.row.in_conflict(),
                    });
                }
            }
            let Ok(next) = monday.checked_add(7.days()) else { break };
            monday = next;
        }
        service.workload = workload(board, &service.sessions);
        service
    }

    /// Days without a finding.
    pub fn days_covered(&self) -> usize {
        self.days.iter().filter(|day| day.finding.is_none()).count()
    }
}

fn minute(time: Time) -> u32 {
    u32::from(time.hour().unsigned_abs()) * 60 + u32::from(time.minute().unsigned_abs())
}

fn instructors(board: &Board, session: &Session) -> Vec<Instructor> {
    let name_of = |posting: PostingId| board.staff.iter().find(|one| one.posting == posting).map(|one| &one.name);
    let led = session.instructors.iter().map(|one| Instructor {
        posting: one.posting,
        name: one.posting.and_then(name_of).or(one.name.as_ref()).cloned().unwrap_or_default(),
    });
    led.collect()
}

fn workload(board: &Board, sessions: &[Held]) -> Vec<Workload> {
    let mut led: BTreeMap<&Instructor, Vec<&Held>> = BTreeMap::new();
    for session in sessions.iter().filter(|session| session.counts) {
        let once: BTreeSet<&Instructor> = session.instructors.iter().collect();
        once.into_iter().for_each(|one| led.entry(one).or_default().push(session));
    }
    let mut rows: Vec<Workload> = led.into_iter().map(|(who, held)| load(who, &held)).collect();
    count(&mut rows, |who| board.staff.iter().find(|staff| Some(staff.posting) == who.posting).map(|staff| staff.role));
    let place = |one: &Workload| board.staff.iter().position(|staff| Some(staff.posting) == one.who.posting);
    rows.sort_by_key(|one| (place(one).unwrap_or(usize::MAX), one.who.clone()));
    rows
}

/// Counts workload: a manager's is at most the average of the participating teachers' (HZ 附1 三(五)), rounded down.
fn count(rows: &mut [Workload], role: impl Fn(&Instructor) -> Option<Role>) {
    let manages = |row: &Workload| matches!(role(&row.who), Some(Role::Principal | Role::Deputy));
    let own: Vec<u32> =
        rows.iter().filter(|row| role(&row.who).is_some() && !manages(row)).map(|row| row.minutes).collect();
    let average = match own.len() {
        0 => None,
        n => u32::try_from(own.iter().map(|minutes| u64::from(*minutes)).sum::<u64>() / n as u64).ok(),
    };
    for row in rows {
        row.counted = average.filter(|_| manages(row)).map_or(row.minutes, |average| row.minutes.min(average));
    }
}

fn load(who: &Instructor, held: &[&Held]) -> Workload {
    let days: BTreeSet<Date> = held.iter().map(|one| one.date).collect();
    let mut spans: Vec<(Date, u32, u32)> = held.iter().map(|s| (s.date, minute(s.start), minute(s.end))).collect();
    spans.sort_unstable();
    let (mut minutes, mut reached) = (0, (Date::MIN, 0));
    for (date, start, end) in spans {
        let from = if reached.0 == date { start.max(reached.1) } else { start };
        minutes += end.saturating_sub(from);
        reached = (date, if reached.0 == date { reached.1.max(end) } else { end });
    }
    let whole = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Workload { who: who.clone(), sessions: whole(held.len()), days: whole(days.len()), minutes, counted: minutes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn held(day: i8, from: i8, to: i8) -> Held {
        Held {
            date: date(2026, 3, day),
            start: time(from, 0, 0, 0),
            end: time(to, 0, 0, 0),
            minutes: 0,
            content: "homework",
            instructors: vec![],
            pupils: None,
            counts: true,
            findings: vec![],
            conflict: false,
        }
    }

    #[test]
    fn overlapping_sessions_count_their_minutes_once() {
        let who = Instructor { posting: None, name: "李".into() };
        let all = [held(2, 16, 18), held(2, 17, 19), held(2, 16, 17), held(3, 16, 17)];
        let load = load(&who, &all.iter().collect::<Vec<_>>());
        assert_eq!((load.sessions, load.days, load.minutes), (4, 2, 240));
    }

    #[test]
    fn a_heads_workload_counts_at_most_as_much_as_the_average_of_the_others() {
        let who = |name: &str| Instructor { posting: None, name: name.into() };
        let row = |name: &str, minutes| Workload { who: who(name), sessions: 1, days: 1, minutes, counted: minutes };
        let role = |who: &Instructor| match who.name.as_str() {
            "head" => Some(Role::Principal),
            "outside" => None,
            _ => Some(Role::Staff),
        };
        let mut rows = [row("head", 500), row("a", 100), row("b", 201), row("outside", 900)];
        count(&mut rows, role);
        assert_eq!(rows.map(|row| row.counted), [150, 100, 201, 900]);
        let mut alone = [row("head", 500), row("outside", 100)];
        count(&mut alone, role);
        assert_eq!(alone.map(|row| row.counted), [500, 100], "nobody to compare with");
    }
}

//! A week of service against an independent model that ticks off minutes.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sanji_core::policy::{Calendar, Pack, School, SchoolKind, ServiceRules};
use sanji_core::rules::{FindingCode, Instructor, Session, WeekInput, holiday_care, service};
use sanji_core::time::{HourMinute, Minutes};

const FORBIDDEN: [&str; 4] = ["new_lesson", "make_up_lesson", "exam_drill", "class_teaching"];
const CONTENTS: [&str; 8] =
    ["homework", "sport", "tutoring", "care", "new_lesson", "make_up_lesson", "exam_drill", "class_teaching"];

/// The week of 23 February to 1 March 2026: Monday is a holiday, Saturday is worked.
fn week() -> Vec<(Date, bool)> {
    let february = (23..=28).map(|day| date(2026, 2, day));
    let dates: Vec<Date> = february.chain([date(2026, 3, 1)]).collect();
    dates.into_iter().zip([false, true, true, true, true, true, false]).collect()
}

fn time(minutes: u16) -> HourMinute {
    HourMinute::parse(&format!("{:02}:{:02}", minutes / 60, minutes % 60)).expect("a time of day")
}

fn rules(senior: bool, boarding: bool) -> ServiceRules {
    let school = School { senior, boarding, ..School::new(SchoolKind::Secondary) };
    Pack::named("hezhang-2021").expect("built in").service_rules(&school).expect("has the chapter")
}

fn random_session(rng: &mut impl Rng) -> Session {
    let edges = [15 * 60, 16 * 60, 17 * 60, 18 * 60, 19 * 60, 21 * 60, 22 * 60];
    let start = edges[rng.random_range(0..5)] + [0, 0, 1, 30][rng.random_range(0..4)];
    let end = match rng.random_range(0..3) {
        0 => start + [1, 59, 60, 61, 119, 120, 121, 180, 181][rng.random_range(0..9)],
        _ => edges.iter().copied().find(|edge| *edge > start).expect("one is later") + rng.random_range(0..2),
    };
    let instructors = (0..rng.random_range(0..3))
        .map(|_| Instructor {
            id: format!("t{}", rng.random_range(0..4)),
            outside: rng.random_bool(0.3),
            vetted: rng.random_bool(0.7),
        })
        .collect();
    let dates = week();
    Session {
        date: if rng.random_bool(0.95) { dates[rng.random_range(0..7)].0 } else { date(2026, 3, 4) },
        start: time(start),
        end: time(end),
        content: CONTENTS[rng.random_range(0..CONTENTS.len())].into(),
        instructors,
        handover: rng.random_bool(0.8),
    }
}

#[test]
fn a_week_is_that_of_ticked_off_minutes() {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..4_000 {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let (senior, boarding) = (rng.random_bool(0.5), rng.random_bool(0.5));
        let latest = match (senior, boarding) {
            (false, false) => 18 * 60,
            (false, true) | (true, false) => 21 * 60,
            (true, true) => 22 * 60,
        };
        let sessions: Vec<Session> = (0..rng.random_range(0..10)).map(|_| random_session(rng)).collect();
        let plan = rng.random_bool(0.5).then(|| {
            let from = week()[rng.random_range(0..7)].0;
            (from, from.max(week()[rng.random_range(0..7)].0))
        });
        let dismissal = rng.random_bool(0.3).then_some(16 * 60);

        let mut expected_sessions = Vec::new();
        for (index, session) in sessions.iter().enumerate() {
            let mut found = Vec::new();
            if session.end.minutes() > latest {
                found.push("ends_too_late");
            }
            if week().contains(&(session.date, false)) {
                found.push("not_a_school_day");
            }
            if FORBIDDEN.contains(&session.content.as_str()) {
                found.push("forbidden_content");
            }
            if session.instructors.iter().any(|person| person.outside && !person.vetted) {
                found.push("unvetted_instructor");
            }
            if !session.handover {
                found.push("no_handover");
            }
            let minute_shared = sessions.iter().enumerate().any(|(other, with)| {
                let people = |of: &Session| of.instructors.iter().map(|person| person.id.clone()).collect::<Vec<_>>();
                other != index
                    && with.date == session.date
                    && people(with).iter().any(|person| people(session).contains(person))
                    && (session.start.minutes()..session.end.minutes())
                        .any(|minute| (with.start.minutes()..with.end.minutes()).contains(&minute))
            });
            if minute_shared {
                found.push("overlaps_same_instructor");
            }
            if dismissal.is_some_and(|time| session.start.minutes() < time) {
                found.push("before_dismissal");
            }
            found.sort_unstable();
            expected_sessions.push(found);
        }
        let mut expected_days = Vec::new();
        for (day, school) in week() {
            if !school || plan.is_some_and(|(from, to)| day < from || day > to) {
                continue;
            }
            let mut ticked = [false; 1440];
            let mut recorded = false;
            for (session, found) in sessions.iter().zip(&expected_sessions).filter(|(session, _)| session.date == day) {
                recorded = true;
                if !found.iter().any(|code| ["forbidden_content", "unvetted_instructor"].contains(code)) {
                    (session.start.minutes()..session.end.minutes()).for_each(|at| ticked[usize::from(at)] = true);
                }
            }
            let minutes = ticked.iter().filter(|is| **is).count() as u32;
            let finding = match minutes {
                _ if !recorded => Some("no_service"),
                0..60 => Some("under_one_hour"),
                60..120 => Some("under_two_hours"),
                120..=180 => None,
                _ => Some("over_three_hours"),
            };
            expected_days.push((day, minutes, finding));
        }

        let input = WeekInput { monday: week()[0].0, plan, dismissal: dismissal.map(time), sessions: &sessions };
        let verdict = service(&rules(senior, boarding), Calendar::national(), &input);
        let given: Vec<Vec<&str>> = verdict
            .sessions
            .iter()
            .map(|found| {
                let mut codes: Vec<&str> = found.iter().map(|finding| finding.code.code()).collect();
                codes.sort_unstable();
                codes
            })
            .collect();
        assert_eq!(given, expected_sessions, "seed {seed}: {sessions:#?}");
        let given: Vec<_> = verdict
            .days
            .iter()
            .map(|day| (day.date, day.minutes.0, day.finding.as_ref().map(|finding| finding.code.code())))
            .collect();
        assert_eq!(given, expected_days, "seed {seed}: {sessions:#?}");
        let covered = expected_days.iter().filter(|(_, _, finding)| finding.is_none()).count();
        assert_eq!(verdict.days_covered(), covered, "seed {seed}");
        for code in expected_sessions.into_iter().flatten().chain(expected_days.into_iter().filter_map(|day| day.2)) {
            *seen.entry(code).or_default() += 1;
        }
    }
    assert!(seen.len() == 11 && seen.values().all(|count| *count >= 20), "{seen:?}");
}

fn care(days: &[(Date, u16, u16, &str)]) -> Vec<Session> {
    let session = |(date, start, end, content): &(Date, u16, u16, &str)| Session {
        date: *date,
        start: time(*start),
        end: time(*end),
        content: (*content).into(),
        instructors: vec![],
        handover: true,
    };
    days.iter().map(session).collect()
}

#[test]
fn holiday_care_lasts_three_weeks_at_most() {
    let rules = rules(false, false);
    let three_weeks = [(date(2026, 7, 13), 480, 600, "care"), (date(2026, 8, 2), 480, 600, "care")];
    let verdict = holiday_care(&rules, &care(&three_weeks));
    assert_eq!((verdict.days_span, verdict.findings.len()), (21, 0));
    let one_more = [three_weeks[0], (date(2026, 8, 3), 480, 600, "care")];
    let verdict = holiday_care(&rules, &care(&one_more));
    assert_eq!(verdict.findings[0].code, FindingCode::CareTooManyDays);
    assert_eq!(verdict.findings[0].clause.to_string(), "HZ 附1 三(二)3");
    assert_eq!(holiday_care(&rules, &[]).days_span, 0);
}

#[test]
fn a_day_of_holiday_care_has_six_hours_at_most() {
    let rules = rules(false, false);
    let day = date(2026, 7, 13);
    let verdict = holiday_care(&rules, &care(&[(day, 480, 720, "care"), (day, 700, 840, "reading")]));
    assert_eq!((verdict.days[0].minutes, verdict.days[0].findings.len()), (Minutes(360), 0));
    let verdict = holiday_care(&rules, &care(&[(day, 480, 720, "care"), (day, 840, 961, "reading")]));
    assert_eq!(verdict.days[0].findings[0].code, FindingCode::CareDayTooLong);
}

#[test]
fn holiday_care_has_a_forbidden_list_of_its_own() {
    let day = date(2026, 7, 13);
    let contents = ["make_up_lesson", "new_lesson", "exam_drill", "care"];
    let sessions: Vec<_> = contents.iter().map(|content| (day, 480, 540, *content)).collect();
    let verdict = holiday_care(&rules(false, false), &care(&sessions));
    let forbidden: Vec<bool> = verdict.sessions.iter().map(|found| !found.is_empty()).collect();
    assert_eq!(forbidden, [true, true, false, false]);
}

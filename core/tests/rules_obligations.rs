//! Obligations against an independent model that asks of every single day to which period it belongs.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, date};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sanji_core::policy::{Calendar, Pack, PeriodKind, SubjectKind, VisitKind};
use sanji_core::rules::{Progress, Subject, Visit, obligations};

/// The name of the period that holds `day`, worked out from its digits and, for weeks, by counting from a known Monday.
fn period_of(kind: PeriodKind, day: Date) -> String {
    let (year, month) = (i32::from(day.year()), day.month());
    let begins = if month >= 9 { year } else { year - 1 };
    match kind {
        PeriodKind::SchoolYear => format!("{begins}-{}", begins + 1),
        PeriodKind::Term => {
            let number = if month >= 9 || month == 1 { 1 } else { 2 };
            format!("{begins}-{}-{number}", begins + 1)
        }
        PeriodKind::Month => format!("{year}-{month:02}"),
        PeriodKind::Week => {
            // 2024-01-01 was the Monday of 2024-W01; 2024 and 2025 have 52 ISO weeks, 2026 has 53, 2027 has 52.
            let mut week = (day - date(2024, 1, 1)).get_days() / 7;
            for (year, weeks) in [(2024, 52), (2025, 52), (2026, 53), (2027, 52)] {
                if week < weeks {
                    return format!("{year}-W{:02}", week + 1);
                }
                week -= weeks;
            }
            unreachable!("the dates of this test end before")
        }
    }
}

/// What must count, by the words of the schemes.
fn counts(obligation: &str, visit: &Visit) -> bool {
    use VisitKind::*;
    match obligation {
        "drop_in_observation" => visit.kind == DropInObservation,
        "union_activity" => visit.kind == UnionActivity,
        "teaching_research" => visit.kind == JointResearch && visit.minutes >= 60,
        "group_research" | "joint_research" => visit.kind == JointResearch,
        "shadowing" => visit.kind == Shadowing,
        "alliance_meeting" | "heads_meeting" => visit.kind == Meeting,
        "guidance_round" => visit.kind == OnSiteGuidance,
        "teacher_training" => visit.kind == Training,
        "open_day" => visit.kind == OpenDay,
        "results_show" => visit.kind == ResultsShow,
        "term_review" => visit.kind == TermSummary,
        "joint_activity" | "exchange_event" => true,
        other => panic!("{other} is not counted from visits"),
    }
}

fn least(obligation: &str) -> (u64, u64) {
    match obligation {
        "union_activity" => (0, 60),
        "group_research" => (2, 0),
        "joint_activity" => (4, 0),
        _ => (1, 0),
    }
}

const BY_ROSTER: [&str; 5] = ["key_project", "exchange_out", "exchange_in", "sent_out", "sent_back"];

fn random_date(rng: &mut impl Rng) -> Date {
    let edges = [date(2025, 8, 31), date(2026, 1, 31), date(2026, 2, 15), date(2026, 12, 31), date(2027, 2, 1)];
    match rng.random_range(0..3) {
        0 => edges[rng.random_range(0..edges.len())] + rng.random_range(-1..3).days(),
        _ => date(2025, 6, 1) + rng.random_range(0..700).days(),
    }
}

#[test]
fn every_row_is_that_of_a_day_by_day_count() {
    let (mut rows_seen, mut met_seen) = (0, 0);
    for seed in 0..2_000 {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let pack = &Pack::built_in()[rng.random_range(0..Pack::built_in().len())];
        let subjects: Vec<Subject> = (0..rng.random_range(0..5))
            .map(|number| Subject {
                id: format!("s{number}"),
                kind: SubjectKind::ALL[rng.random_range(0..SubjectKind::ALL.len())],
                members: vec![],
            })
            .collect();
        let (one, two) = (random_date(rng), random_date(rng));
        let (from, to) = (one.min(two), one.max(two).min(one.min(two) + 300.days()));
        let visits: Vec<Visit> = (0..rng.random_range(0..80))
            .map(|_| Visit {
                kind: VisitKind::ALL[rng.random_range(0..VisitKind::ALL.len())],
                date: random_date(rng),
                minutes: [0, 20, 40, 59, 60, 61][rng.random_range(0..6)],
                subjects: (0..rng.random_range(0..4)).map(|_| format!("s{}", rng.random_range(0..6))).collect(),
            })
            .collect();

        type Row = (String, String, String, Option<(u64, u64, bool)>);
        let mut expected: BTreeSet<Row> = BTreeSet::new();
        for obligation in &pack.obligations {
            for subject in subjects.iter().filter(|subject| subject.kind == obligation.subject) {
                let mut days = from;
                while days <= to {
                    let period = period_of(obligation.period, days);
                    days += 1.day();
                    // The only week of 2025 to 2027 in which no day is a school day, by the built-in calendar.
                    if period == "2026-W08" {
                        continue;
                    }
                    let row = if BY_ROSTER.contains(&obligation.id.as_str()) {
                        None
                    } else {
                        let counted = visits.iter().filter(|visit| {
                            counts(&obligation.id, visit)
                                && visit.subjects.contains(&subject.id)
                                && period_of(obligation.period, visit.date) == period
                        });
                        let (count, minutes) = counted
                            .fold((0, 0), |(count, minutes), visit| (count + 1, minutes + u64::from(visit.minutes)));
                        let (least_count, least_minutes) = least(&obligation.id);
                        Some((count, minutes, count >= least_count && minutes >= least_minutes))
                    };
                    expected.insert((obligation.id.clone(), subject.id.clone(), period, row));
                }
            }
        }
        let rows = obligations(&pack.obligations, Calendar::national(), &subjects, &visits, from, to);
        let given: Vec<Row> = rows
            .iter()
            .map(|row| {
                let progress = match row.progress {
                    Progress::Counted { count, minutes, met } => Some((count, minutes, met)),
                    Progress::NotByVisits => None,
                };
                (row.obligation.id.clone(), row.subject.id.clone(), row.period.name.clone(), progress)
            })
            .collect();
        rows_seen += given.len();
        met_seen += given.iter().filter(|row| matches!(row.3, Some((_, _, true)))).count();
        assert_eq!(given.len(), expected.len(), "seed {seed}: {} {from} to {to}", pack.id);
        assert_eq!(given.into_iter().collect::<BTreeSet<_>>(), expected, "seed {seed}: {} {from} to {to}", pack.id);
    }
    assert!(rows_seen > 2_000 && met_seen > 200, "{rows_seen} rows, {met_seen} met");
}

#[test]
fn a_guidance_round_reaches_every_member_that_is_known() {
    let pack = Pack::named("xihaian-2020").expect("built in");
    let group = Subject { id: "g".into(), kind: SubjectKind::Group, members: vec!["a".into(), "b".into()] };
    let visit = |day, subjects: &[&str]| Visit {
        kind: VisitKind::OnSiteGuidance,
        date: date(2026, 3, day),
        minutes: 60,
        subjects: subjects.iter().map(|id| (*id).to_owned()).collect(),
    };
    let round = |visits: &[Visit]| {
        let day = date(2026, 3, 1);
        let subjects = [group.clone()];
        let rows = obligations(&pack.obligations, Calendar::national(), &subjects, visits, day, day);
        let by_id: BTreeMap<_, _> = rows.iter().map(|row| (row.obligation.id.as_str(), row.progress)).collect();
        by_id["guidance_round"]
    };
    let counted = |count, met| Progress::Counted { count, minutes: count * 60, met };
    assert_eq!(round(&[visit(3, &["g", "a"])]), counted(1, false));
    assert_eq!(round(&[visit(3, &["g", "a"]), visit(9, &["b"])]), counted(2, true));
    assert_eq!(round(&[visit(3, &["a", "b"])]), counted(1, true));
}

//! A day's verdict against an independent model that walks through the 86,400 seconds of the day one by one.

use jiff::civil::date;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sanji_core::policy::{Decision, Direction, Hours, OfficeRules, Pack, School, SchoolKind};
use sanji_core::rules::{
    Certainty, Check, DayInput, DayResult, FindingCode, Leave, Status, day, day_in_force, day_with_certainty,
    staff_week,
};
use sanji_core::time::{Minutes, UtcSecs};

/// 2026-03-02 00:00 in Asia/Shanghai, worked out by hand: 20,514 days after 1970-01-01, less eight hours.
const MIDNIGHT: i64 = 20_514 * 86_400 - 8 * 3600;
const DAY: i64 = 86_400;

/// A case in seconds after midnight; instants may lie before or after the day.
#[derive(Clone, Debug)]
struct Case {
    windows: Vec<(i64, i64)>,
    kind: SchoolKind,
    working_day: bool,
    flexible: bool,
    now: i64,
    complete_through: Option<i64>,
    may_be_lost: bool,
    /// (at, is it `in`)
    checks: Vec<(i64, bool)>,
    /// (from, to, decision, returned)
    leaves: Vec<(i64, i64, Decision, Option<i64>)>,
}

#[derive(Debug, PartialEq, Eq)]
struct Expected {
    status: &'static str,
    office: i64,
    required: i64,
    findings: Vec<(&'static str, Option<i64>)>,
}

fn windows_of(kind: SchoolKind) -> Vec<(i64, i64)> {
    let hm = |h: i64, m: i64| h * 3600 + m * 60;
    match kind {
        SchoolKind::Kindergarten => vec![(hm(8, 30), hm(11, 30)), (hm(14, 30), hm(17, 0))],
        SchoolKind::Primary => vec![(hm(8, 30), hm(11, 40)), (hm(14, 30), hm(17, 0))],
        _ => vec![(hm(8, 30), hm(12, 0)), (hm(14, 30), hm(17, 30))],
    }
}

/// The model: arrays of seconds, no intervals, no library of ours.
fn model(case: &Case) -> Expected {
    let mut findings: Vec<(&'static str, Option<i64>)> = Vec::new();

    // Who is in, second by second.
    let mut checks: Vec<(i64, bool)> =
        case.checks.iter().copied().filter(|(at, _)| (0..DAY).contains(at) && *at <= case.now).collect();
    checks.sort_by_key(|(at, is_in)| (*at, !*is_in));
    let mut present = vec![false; DAY as usize];
    let mut since: Option<i64> = None;
    for (at, is_in) in checks {
        match (is_in, since) {
            (true, Some(_)) => findings.push(("duplicate_in", None)),
            (true, None) => since = Some(at),
            (false, None) => findings.push(("unmatched_out", None)),
            (false, Some(from)) => {
                present[from as usize..at as usize].fill(true);
                since = None;
            }
        }
    }
    if let Some(from) = since {
        if case.now >= DAY {
            findings.push(("missing_check_out", None));
        } else {
            present[from as usize..case.now as usize].fill(true);
        }
    }
    present[..6 * 3600].fill(false);
    present[22 * 3600..].fill(false);
    let office = present.iter().filter(|is| **is).count() as i64 / 60;

    // What is asked, second by second; each run of seconds is a window of its own.
    let mut on_leave = vec![false; DAY as usize];
    for (from, to, decision, returned) in &case.leaves {
        let to = returned.map_or(*to, |returned| returned.min(*to));
        let overlap = (*from).clamp(0, DAY) as usize..to.clamp(0, DAY) as usize;
        match decision {
            Decision::Approved if !overlap.is_empty() => on_leave[overlap].fill(true),
            Decision::Pending if !overlap.is_empty() => findings.push(("leave_pending", None)),
            _ => {}
        }
    }
    let mut asked = vec![0u8; DAY as usize];
    let mut full = 0;
    for (number, (from, to)) in case.windows.iter().enumerate() {
        for second in *from..*to {
            full += 1;
            if case.working_day && !on_leave[second as usize] {
                asked[second as usize] = number as u8 + 1;
            }
        }
    }
    let left = asked.iter().filter(|window| **window > 0).count() as i64;
    let required = 300 * left / full;

    let mut end = None;
    let mut uncovered = Vec::new();
    let mut somewhere = false;
    let mut at = 0;
    while at < DAY as usize {
        if asked[at] == 0 {
            at += 1;
            continue;
        }
        let start = at;
        while at < DAY as usize && asked[at] == asked[start] {
            at += 1;
        }
        end = Some(at as i64);
        somewhere |= (start..at).any(|second| present[second]);
        let judged = start..at.min(case.now.clamp(0, DAY) as usize).max(start);
        if judged.is_empty() {
            continue;
        }
        if !judged.clone().any(|second| present[second]) {
            uncovered.push(("absent_from_window", judged.len() as i64 / 60));
            continue;
        }
        let mut gap = 0;
        let mut met = false;
        for second in judged {
            if present[second] {
                if gap > 0 {
                    uncovered.push((if met { "away" } else { "late" }, gap / 60));
                }
                gap = 0;
                met = true;
            } else {
                gap += 1;
            }
        }
        if gap > 0 {
            uncovered.push(("left_early", gap / 60));
        }
    }
    uncovered.retain(|(_, minutes)| *minutes > 0);
    if case.flexible {
        uncovered.clear();
        somewhere = present.iter().any(|is| *is);
        end = end.map(|_| 22 * 3600);
    }

    let missing = findings.iter().any(|(code, _)| *code == "missing_check_out");
    let waiting = end.is_some_and(|end| case.complete_through.is_none_or(|through| through < end));
    let status = if !case.working_day {
        "rest_day"
    } else if left == 0 {
        "on_leave"
    } else if case.now < 0 {
        "upcoming"
    } else if case.now < end.expect("there is window time") {
        "in_progress"
    } else if office >= required && uncovered.is_empty() {
        "present"
    } else if case.may_be_lost || waiting {
        "awaiting_sync"
    } else if missing {
        "needs_correction"
    } else if !somewhere {
        "absent"
    } else if office < required {
        "short_of_five_hours"
    } else {
        "irregular"
    };
    findings.extend(uncovered.into_iter().map(|(code, minutes)| (code, Some(minutes))));
    if status == "awaiting_sync" && case.may_be_lost {
        findings.push(("may_be_lost", None));
    }
    findings.sort_unstable();
    Expected { status, office, required, findings }
}

fn at(seconds: i64) -> UtcSecs {
    UtcSecs(MIDNIGHT + seconds)
}

fn rules(kind: SchoolKind) -> OfficeRules {
    let pack = Pack::named("hezhang-2021").expect("built in");
    pack.office_rules(&School::new(kind)).expect("has windows for every kind")
}

fn checks(case: &Case) -> Vec<Check> {
    let check =
        |(when, is_in): &(i64, bool)| Check::certain(if *is_in { Direction::In } else { Direction::Out }, at(*when));
    case.checks.iter().map(check).collect()
}

fn with_input<T>(case: &Case, checks: &[Check], f: impl FnOnce(&DayInput<'_>) -> T) -> T {
    let leave = |(from, to, decision, returned): &(i64, i64, Decision, Option<i64>)| Leave {
        from: at(*from),
        to: at(*to),
        decision: *decision,
        returned_at: returned.map(at),
    };
    let leaves: Vec<Leave> = case.leaves.iter().map(leave).collect();
    f(&DayInput {
        date: date(2026, 3, 2),
        working_day: case.working_day,
        now: at(case.now),
        hours: if case.flexible { Hours::Flexible } else { Hours::Regular },
        complete_through: case.complete_through.map(at),
        may_be_lost: case.may_be_lost,
        checks,
        leaves: &leaves,
    })
}

/// Instants where mistakes hide: the edges of windows and day, give or take a second or a minute, and anything else.
fn instant(rng: &mut impl Rng, windows: &[(i64, i64)]) -> i64 {
    let edges: Vec<i64> =
        windows.iter().flat_map(|(from, to)| [*from, *to]).chain([0, DAY, 6 * 3600, 22 * 3600]).collect();
    match rng.random_range(0..10) {
        0..5 => edges[rng.random_range(0..edges.len())] + [-61, -60, -59, -1, 0, 1, 59, 60, 61][rng.random_range(0..9)],
        5..9 => rng.random_range(0..DAY),
        _ => rng.random_range(-DAY..2 * DAY),
    }
}

fn random_case(rng: &mut impl Rng) -> Case {
    let kind = SchoolKind::ALL[rng.random_range(0..SchoolKind::ALL.len())];
    let windows = windows_of(kind);
    let mut checks: Vec<(i64, bool)> = Vec::new();
    if rng.random_bool(0.5) {
        // Somebody who comes and goes as people do, now and then a little off.
        for (from, to) in &windows {
            let off = |rng: &mut _| -> i64 { [-600, -1, 0, 0, 1, 59, 60, 300][Rng::next_u32(rng) as usize % 8] };
            checks.push((from + off(rng), true));
            checks.push((to - off(rng), false));
        }
        if rng.random_bool(0.3) {
            let (from, to) = windows[rng.random_range(0..windows.len())];
            let out = rng.random_range(from..to);
            checks.push((out, false));
            checks.push((rng.random_range(out..to), true));
        }
        if rng.random_bool(0.3) {
            checks.remove(rng.random_range(0..checks.len()));
        }
    }
    for _ in 0..rng.random_range(0..5) {
        checks.push((instant(rng, &windows), rng.random_bool(0.5)));
    }
    if !checks.is_empty() && rng.random_bool(0.2) {
        checks.push(checks[rng.random_range(0..checks.len())]);
    }
    let leaves = (0..[0, 0, 1, 1, 2, 3][rng.random_range(0..6)])
        .map(|_| {
            let (from, to) = (instant(rng, &windows), instant(rng, &windows));
            let decision = Decision::ALL[[0, 0, 1, 2][rng.random_range(0..4)]];
            let returned = rng.random_bool(0.3).then(|| instant(rng, &windows));
            (from, to, decision, returned)
        })
        .collect();
    Case {
        now: if rng.random_bool(0.5) { DAY + rng.random_range(0..DAY) } else { instant(rng, &windows) },
        complete_through: match rng.random_range(0..3) {
            0 => None,
            1 => Some(DAY),
            _ => Some(instant(rng, &windows)),
        },
        working_day: rng.random_bool(0.9),
        flexible: rng.random_bool(0.3),
        may_be_lost: rng.random_bool(0.1),
        windows,
        kind,
        checks,
        leaves,
    }
}

#[test]
fn the_verdict_is_that_of_a_walk_through_every_second() {
    let mut seen = std::collections::BTreeMap::new();
    for seed in 0..4_000 {
        let case = random_case(&mut ChaCha8Rng::seed_from_u64(seed));
        let expected = model(&case);
        let checks = checks(&case);
        let verdict = with_input(&case, &checks, |input| day(&rules(case.kind), input));
        let mut findings: Vec<(&'static str, Option<i64>)> = verdict
            .findings
            .iter()
            .map(|found| (found.code.code(), found.minutes.map(|minutes| i64::from(minutes.0))))
            .collect();
        findings.sort_unstable();
        let given = Expected {
            status: verdict.status.code(),
            office: i64::from(verdict.times.office.0),
            required: i64::from(verdict.required.0),
            findings,
        };
        assert_eq!(given, expected, "seed {seed}: {case:#?}");
        *seen.entry(expected.status).or_insert(0) += 1;
        for (code, _) in expected.findings {
            *seen.entry(code).or_insert(0) += 1;
        }
    }
    let all = Status::ALL.iter().map(|status| status.code()).chain(
        [
            FindingCode::Late,
            FindingCode::LeftEarly,
            FindingCode::Away,
            FindingCode::AbsentFromWindow,
            FindingCode::DuplicateIn,
            FindingCode::UnmatchedOut,
            FindingCode::MissingCheckOut,
            FindingCode::LeavePending,
            FindingCode::MayBeLost,
        ]
        .map(FindingCode::code),
    );
    for code in all {
        assert!(seen.get(code).is_some_and(|count| *count >= 20), "{code} is hardly ever reached: {seen:?}");
    }
}

#[test]
fn the_spans_that_a_page_draws_add_up_to_the_verdict() {
    for seed in 0..3_000 {
        let case = random_case(&mut ChaCha8Rng::seed_from_u64(seed));
        let checks = checks(&case);
        let verdict = with_input(&case, &checks, |input| day(&rules(case.kind), input));
        let presence = &verdict.times.presence;
        assert!(presence.windows(2).all(|pair| pair[0].to < pair[1].from), "seed {seed}: in order and apart");
        let seconds: u64 = presence.iter().map(|span| span.seconds()).sum();
        assert_eq!(seconds / 60, u64::from(verdict.times.office.0), "seed {seed}");
        if case.working_day {
            let mut pieces: Vec<_> = verdict.windows.iter().chain(&verdict.leave).collect();
            pieces.sort();
            assert!(pieces.windows(2).all(|pair| pair[0].to <= pair[1].from), "seed {seed}: leave and work are apart");
            let whole: i64 = case.windows.iter().map(|(from, to)| to - from).sum();
            let sum: u64 = pieces.iter().map(|span| span.seconds()).sum();
            assert_eq!(sum, whole.unsigned_abs(), "seed {seed}: leave and work fill the windows");
        }
        for found in verdict.findings.iter().filter(|found| found.minutes.is_some()) {
            let gap = found.span.expect("a gap has a place");
            assert_eq!(gap.seconds() / 60, u64::from(found.minutes.expect("filtered").0), "seed {seed}");
            assert!(presence.iter().all(|span| span.to <= gap.from || gap.to <= span.from), "seed {seed}");
            assert!(verdict.windows.iter().any(|window| window.from <= gap.from && gap.to <= window.to), "seed {seed}");
        }
    }
}

#[test]
fn nobody_is_judged_for_what_has_not_arrived() {
    for seed in 0..3_000 {
        let mut case = random_case(&mut ChaCha8Rng::seed_from_u64(seed));
        case.complete_through = None;
        let checks = checks(&case);
        let status = with_input(&case, &checks, |input| day(&rules(case.kind), input)).status;
        let held_against = [Status::NeedsCorrection, Status::Absent, Status::ShortOfFiveHours, Status::Irregular];
        assert!(!held_against.contains(&status), "seed {seed}: {status}");
    }
}

#[test]
fn doubt_about_a_clock_changes_the_label_and_nothing_else() {
    let mut seen = std::collections::BTreeMap::new();
    for seed in 0..4_000 {
        let rng = &mut ChaCha8Rng::seed_from_u64(seed);
        let case = random_case(rng);
        let doubt = [0, 1, 60, 600][rng.random_range(0..4)];
        let doubted: Vec<Check> = checks(&case)
            .into_iter()
            .map(|check| Check { earliest: check.at.plus(-doubt), latest: check.at.plus(doubt), ..check })
            .collect();
        let rules = rules(case.kind);
        let plain = with_input(&case, &checks(&case), |input| day(&rules, input));
        let (verdict, label) = with_input(&case, &doubted, |input| day_with_certainty(&rules, input));
        assert_eq!(verdict, plain, "seed {seed}: the verdict is that of the judged times");
        match plain.status {
            Status::Present => {
                let label = label.expect("a met day has a label");
                assert_ne!(label, Certainty::NotMet, "seed {seed}");
                if keeps_its_pairs(&case, doubt) {
                    let worst = worst(&case, doubt);
                    let met = with_input(&worst, &checks(&worst), |input| day(&rules, input)).status == Status::Present;
                    assert_eq!(label == Certainty::ForCertain, met, "seed {seed}");
                }
                assert!(doubt > 0 || label == Certainty::ForCertain, "seed {seed}");
            }
            Status::RestDay | Status::OnLeave | Status::Upcoming | Status::InProgress | Status::AwaitingSync => {
                assert_eq!(label, None, "seed {seed}");
            }
            _ => assert_eq!(label, Some(Certainty::NotMet), "seed {seed}"),
        }
        *seen.entry(label).or_insert(0) += 1;
    }
    assert!(seen.len() == 4 && seen.values().all(|count| *count >= 20), "{seen:?}");
}

/// The case with every `in` later and every `out` earlier by `doubt` seconds.
fn worst(case: &Case, doubt: i64) -> Case {
    let moved = |(when, is_in): &(i64, bool)| (if *is_in { when + doubt } else { when - doubt }, *is_in);
    Case { checks: case.checks.iter().map(moved).collect(), ..case.clone() }
}

/// Whether the order of the checks survives the worst reading of the clock.
fn keeps_its_pairs(case: &Case, doubt: i64) -> bool {
    let order = |case: &Case| {
        let mut places: Vec<usize> = (0..case.checks.len()).collect();
        places.sort_by_key(|place| (case.checks[*place].0, !case.checks[*place].1, *place));
        places
    };
    let inside = |case: &Case| {
        case.checks.iter().map(|(when, _)| (0..DAY).contains(when) && *when <= case.now).collect::<Vec<_>>()
    };
    let worst = worst(case, doubt);
    order(case) == order(&worst) && inside(case) == inside(&worst)
}

#[test]
fn a_pair_that_the_doubt_turns_round_is_no_presence_for_certain() {
    let mut case = random_case(&mut ChaCha8Rng::seed_from_u64(0));
    case = Case { working_day: true, flexible: true, now: DAY, leaves: vec![], complete_through: Some(DAY), ..case };
    // Five hours, of which ten minutes stand between an `out` and an `in` whose order the clock leaves open.
    case.checks = vec![(8 * 3600, true), (8 * 3600 + 600, false), (9 * 3600, true), (14 * 3600, false)];
    let label = |first_out_earliest: i64| {
        let mut doubted = checks(&case);
        doubted[1].earliest = at(first_out_earliest);
        let rules = rules(case.kind);
        with_input(&case, &doubted, |input| day_with_certainty(&rules, input)).1
    };
    assert_eq!(label(8 * 3600 + 600), Some(Certainty::ForCertain));
    assert_eq!(label(7 * 3600), Some(Certainty::ForCertain), "the other five hours are enough");
    case.checks[2].0 += 1;
    let mut doubted = checks(&case);
    doubted[1].earliest = at(7 * 3600);
    let rules = rules(case.kind);
    let (_, label) = with_input(&case, &doubted, |input| day_with_certainty(&rules, input));
    assert_eq!(label, Some(Certainty::IfClockBelieved), "without those ten minutes it is 299");
}

#[test]
fn before_the_chapter_is_in_force_times_are_shown_and_nothing_is_judged() {
    let case = random_case(&mut ChaCha8Rng::seed_from_u64(1));
    let case = Case { checks: vec![(9 * 3600, true), (10 * 3600, false)], leaves: vec![], now: DAY, ..case };
    let rules = rules(case.kind);
    let checks = checks(&case);
    let result = |in_force| with_input(&case, &checks, |input| day_in_force(&rules, input, in_force));
    let DayResult::NotInForce(times) = result(false) else { panic!("judged") };
    assert_eq!(times.office.0, 60);
    assert!(matches!(result(true), DayResult::Judged(verdict) if verdict.times == times));
}

#[test]
fn a_week_adds_up_its_days() {
    let case = Case {
        windows: windows_of(SchoolKind::Kindergarten),
        kind: SchoolKind::Kindergarten,
        working_day: true,
        flexible: false,
        now: DAY,
        complete_through: Some(DAY),
        may_be_lost: false,
        checks: vec![(9 * 3600, true), (11 * 3600 + 1800, false)],
        leaves: vec![],
    };
    let rules = rules(case.kind);
    let short = with_input(&case, &checks(&case), |input| day(&rules, input));
    let waiting = Case { complete_through: None, ..case.clone() };
    let waiting = with_input(&waiting, &checks(&waiting), |input| day(&rules, input));
    let rest = Case { working_day: false, ..case.clone() };
    let rest = with_input(&rest, &checks(&rest), |input| day(&rules, input));
    let week = staff_week([&short, &short, &waiting, &rest]);
    assert_eq!(week.days[&Status::ShortOfFiveHours], 2);
    assert_eq!(week.days[&Status::AwaitingSync], 1);
    assert_eq!(week.office.0, 4 * 150);
    assert_eq!(week.required.0, 3 * 300);
    assert_eq!(week.short_by.0, 2 * 150, "what has not arrived is not held against anybody");
    assert_eq!(week.findings[&FindingCode::Late], (3, Minutes(90)));
}

//! Placement by intervals: whatever phones, clocks and networks do, the true time lies in the interval and a mark never
//! claims more than is true.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sanji_core::evidence::{
    AnswerReading, Known, Placement, PushReading, TOLERANCE_MS, TimeLabel, Timeline, UNBOUNDED,
};
use sanji_core::records::Reading;
use sanji_core::time::{UtcMs, UtcSecs};

const START: i64 = 1_772_400_000_000;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// A phone in the simulation: true times are the relay's.
struct Phone {
    zero: i64,
    session: u32,
    ppm: i64,
    /// Wall minus truth, milliseconds.
    skew: i64,
}

impl Phone {
    fn read(&self, now: i64) -> Reading {
        let elapsed = i128::from(now - self.zero);
        let ms = elapsed + elapsed * i128::from(self.ppm) / 1_000_000;
        Reading { wall: UtcSecs((now + self.skew).div_euclid(1000)), session: self.session, ms: ms.try_into().unwrap() }
    }
}

#[derive(Clone)]
struct Push {
    n: u64,
    reading: Reading,
    nothing_unsent: bool,
    last_answer: Option<AnswerReading>,
    carries: BTreeSet<usize>,
}

enum Event {
    Arrive(Push),
    /// The answer to push n, signed then, with the session in which the phone waits for it.
    Answer {
        answered: i64,
        session: u32,
        carried: BTreeSet<usize>,
    },
}

/// What one simulated history gave.
struct History {
    /// True time and reading of every entry.
    entries: Vec<(i64, Reading)>,
    /// What arrived, in the order of arrival.
    arrivals: Vec<(Push, i64)>,
}

impl Push {
    fn evidence(&self, arrival: i64) -> PushReading {
        PushReading {
            n: self.n,
            reading: self.reading,
            arrival: UtcMs(arrival),
            nothing_unsent: self.nothing_unsent,
            last_answer: self.last_answer,
        }
    }
}

struct Habits {
    wrong_clocks: bool,
    delays: bool,
}

fn simulate(seed: u64, habits: &Habits) -> History {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let skew = |rng: &mut ChaCha8Rng| match (habits.wrong_clocks, rng.random_range(0..4)) {
        (false, _) => 0,
        (true, 0) => rng.random_range(-72 * HOUR..72 * HOUR),
        (true, 1) => rng.random_range(-5 * MINUTE..5 * MINUTE),
        _ => rng.random_range(-5000..5000),
    };
    let first = skew(&mut rng);
    let mut phone = Phone { zero: START, session: 1, ppm: rng.random_range(-190..=190), skew: first };
    let mut now = START;
    let mut queue: BTreeMap<(i64, u64), Event> = BTreeMap::new();
    let mut serial = 0;
    let (mut n, mut unsent, mut last_answer) = (0, BTreeSet::new(), None);
    let mut history = History { entries: Vec::new(), arrivals: Vec::new() };
    let step = [20, 20 * MINUTE, 20 * MINUTE, 8 * HOUR, 8 * HOUR][rng.random_range(0..5)];
    for _ in 0..rng.random_range(4..60) {
        let next = now + rng.random_range(0..step);
        while let Some(entry) = queue.first_entry() {
            let at = entry.key().0;
            if at > next {
                break;
            }
            serial += 1;
            match entry.remove() {
                Event::Arrive(push) => {
                    history.arrivals.push((push.clone(), at));
                    let answered = at + rng.random_range(0..50);
                    if rng.random_bool(0.8) {
                        let slowest = if rng.random_bool(0.2) { 20_000 } else { 30 };
                        let back = answered + rng.random_range(1..slowest);
                        let event = Event::Answer { answered, session: push.reading.session, carried: push.carries };
                        queue.insert((back, serial), event);
                    }
                }
                Event::Answer { answered, session, carried } if session == phone.session => {
                    unsent.retain(|entry| !carried.contains(entry));
                    let reading = phone.read(at);
                    last_answer = Some(AnswerReading { answered: UtcMs(answered), session, ms: reading.ms });
                }
                // The process that waited is gone.
                Event::Answer { .. } => {}
            }
        }
        now = next;
        match rng.random_range(0..10) {
            0..4 => {
                unsent.insert(history.entries.len());
                history.entries.push((now, phone.read(now)));
            }
            4..8 => {
                n += 1;
                let fits = if rng.random_bool(0.8) { unsent.len() } else { unsent.len() / 2 };
                let carries: BTreeSet<usize> = unsent.iter().copied().take(fits).collect();
                let nothing_unsent = fits == unsent.len();
                let push = Push { n, reading: phone.read(now), nothing_unsent, last_answer, carries };
                let delay = |rng: &mut ChaCha8Rng| match rng.random_range(0..4) {
                    0 if habits.delays => rng.random_range(0..3 * HOUR),
                    _ if step < MINUTE => rng.random_range(0..3),
                    _ => rng.random_range(50..2000),
                };
                for _ in 0..[0, 1, 1, 1, 1, 2][rng.random_range(0..6)] {
                    serial += 1;
                    queue.insert((now + delay(&mut rng), serial), Event::Arrive(push.clone()));
                }
            }
            8 => {
                let zero = now + rng.random_range(0..2 * HOUR);
                now = zero;
                phone = Phone { zero, session: phone.session + rng.random_range(1..3), ..phone };
            }
            _ if habits.wrong_clocks => {
                let skew = skew(&mut rng);
                if (skew - phone.skew).abs() > 1000 {
                    phone = Phone { zero: now, session: phone.session + 1, skew, ..phone };
                }
            }
            _ => {}
        }
    }
    // What was under way arrives in the end.
    for ((at, _), event) in queue {
        if let Event::Arrive(push) = event {
            history.arrivals.push((push, at));
        }
    }
    history
}

/// The entries that arrived, in the order of their chain, each with its true time and placement.
fn place_all(history: &History) -> Vec<(i64, Placement)> {
    let mut timeline = Timeline::default();
    history.arrivals.iter().for_each(|(push, at)| timeline.add(&push.evidence(*at)));
    let mut placed = Vec::new();
    let mut before = None;
    for (number, (truth, reading)) in history.entries.iter().enumerate() {
        let bringing = history.arrivals.iter().filter(|(push, _)| push.carries.contains(&number));
        let Some(first) = bringing.clone().map(|(push, _)| push.n).min() else { continue };
        let arrived = bringing.map(|(_, at)| *at).min().unwrap();
        let without = history.arrivals.iter().filter(|(push, _)| push.n < first && push.nothing_unsent);
        let without = without.max_by_key(|(push, _)| push.n).and_then(|(push, _)| timeline.earliest(&push.reading));
        let known = Known { not_before: before.max(without), not_after: Some(UtcMs(arrived)) };
        let placement = timeline.place(reading, known);
        before = Some(placement.earliest);
        placed.push((*truth, placement));
    }
    placed
}

#[test]
fn the_true_time_never_lies_outside_the_interval() {
    let (mut all, mut verified, mut consistent) = (0, 0, 0);
    for seed in 0..4000 {
        let history = simulate(seed, &Habits { wrong_clocks: seed % 3 != 0, delays: seed % 2 == 0 });
        for (truth, placement) in place_all(&history) {
            assert!(placement.earliest.0 <= truth && truth <= placement.latest.0, "seed {seed}: {truth} {placement:?}");
            assert!(placement.earliest.secs() <= placement.judged && placement.judged <= placement.latest.secs());
            let differs = placement.label == TimeLabel::ClockDiffers;
            assert_eq!(differs, placement.judged != placement.phone, "seed {seed}");
            if placement.label == TimeLabel::Verified {
                assert!((placement.judged.0 * 1000 - truth).abs() <= TOLERANCE_MS + 1000, "seed {seed}");
            }
            all += 1;
            verified += usize::from(placement.label == TimeLabel::Verified);
            consistent += usize::from(placement.label == TimeLabel::Consistent);
        }
    }
    assert!(all > 20_000, "{all}");
    assert!(verified * 4 > all, "intervals are tight where the network allows: {verified} of {all}");
    assert!(consistent * 20 > all, "{consistent} of {all}");
}

#[test]
fn a_right_clock_is_always_taken_at_its_word() {
    for seed in 0..1000 {
        let history = simulate(seed, &Habits { wrong_clocks: false, delays: true });
        for (truth, placement) in place_all(&history) {
            assert_eq!(placement.judged, UtcMs(truth).secs(), "seed {seed}: {placement:?}");
            assert_ne!(placement.label, TimeLabel::ClockDiffers, "seed {seed}");
        }
    }
}

#[test]
fn a_mark_never_claims_more_than_has_arrived() {
    let mut marks = 0;
    for seed in 0..3000 {
        let history = simulate(seed, &Habits { wrong_clocks: true, delays: true });
        let mut timeline = Timeline::default();
        let mut on_relay: BTreeSet<usize> = BTreeSet::new();
        for (push, at) in &history.arrivals {
            timeline.add(&push.evidence(*at));
            on_relay.extend(push.carries.iter().copied());
            let Some(mark) = timeline.mark() else { continue };
            marks += 1;
            for (number, (truth, _)) in history.entries.iter().enumerate() {
                let covered = *truth > mark.0 || on_relay.contains(&number);
                assert!(covered, "seed {seed}: entry {number} of {truth} is missing below the mark {}", mark.0);
            }
        }
    }
    assert!(marks > 10_000, "{marks}");
}

#[test]
fn the_state_is_the_same_in_any_order_with_any_duplication_and_across_storage() {
    for seed in 0..600 {
        let history = simulate(seed, &Habits { wrong_clocks: true, delays: true });
        let mut pushes: Vec<PushReading> = history.arrivals.iter().map(|(push, at)| push.evidence(*at)).collect();
        let mut plain = Timeline::default();
        pushes.iter().for_each(|push| plain.add(push));
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let again: Vec<PushReading> = pushes.iter().filter(|_| rng.random_bool(0.3)).copied().collect();
        pushes.extend(again);
        pushes.shuffle(&mut rng);
        let mut stored = Timeline::default().to_bytes();
        for push in &pushes {
            let mut timeline = Timeline::from_bytes(&stored).unwrap();
            timeline.add(push);
            stored = timeline.to_bytes();
        }
        assert_eq!(Timeline::from_bytes(&stored).unwrap(), plain, "seed {seed}");
        assert_eq!(stored, plain.to_bytes());
    }
}

#[test]
fn hostile_readings_place_without_harm() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let instants = [i64::MIN, -1, 0, 1, START, START + 1, i64::MAX - 1, i64::MAX];
    let lengths = [0, 1, 1000, 1 << 40, u64::MAX - 1, u64::MAX];
    for _ in 0..20_000 {
        let mut timeline = Timeline::default();
        let pick = |rng: &mut ChaCha8Rng| instants[rng.random_range(0..instants.len())];
        let reading = |rng: &mut ChaCha8Rng| Reading {
            wall: UtcSecs(pick(rng)),
            session: [0, 1, 2, u32::MAX][rng.random_range(0..4)],
            ms: lengths[rng.random_range(0..lengths.len())],
        };
        for _ in 0..rng.random_range(0..8) {
            let told = reading(&mut rng);
            let last_answer = AnswerReading { answered: UtcMs(pick(&mut rng)), session: told.session, ms: told.ms };
            timeline.add(&PushReading {
                n: lengths[rng.random_range(0..lengths.len())],
                reading: reading(&mut rng),
                arrival: UtcMs(pick(&mut rng)),
                nothing_unsent: rng.random(),
                last_answer: rng.random_bool(0.7).then_some(last_answer),
            });
        }
        let known = Known {
            not_before: rng.random_bool(0.5).then(|| UtcMs(pick(&mut rng))),
            not_after: rng.random_bool(0.5).then(|| UtcMs(pick(&mut rng))),
        };
        let placement = timeline.place(&reading(&mut rng), known);
        assert!(UNBOUNDED.0 <= placement.earliest && placement.latest <= UNBOUNDED.1);
        assert!(placement.earliest <= placement.latest);
        assert!(placement.earliest.secs() <= placement.judged && placement.judged <= placement.latest.secs());
        timeline.mark();
        assert_eq!(Timeline::from_bytes(&timeline.to_bytes()), Ok(timeline));
    }
    assert!(Timeline::from_bytes(&[0xa0]).is_err());
    assert!(Timeline::from_bytes(b"rubbish").is_err());
}

fn reading(session: u32, ms: i64, wall_ms: i64) -> Reading {
    Reading { wall: UtcMs(wall_ms).secs(), session, ms: ms.try_into().unwrap() }
}

fn push(n: u64, reading: Reading, arrival: i64) -> PushReading {
    PushReading { n, reading, arrival: UtcMs(arrival), nothing_unsent: true, last_answer: None }
}

#[test]
fn one_round_trip_verifies_the_entries_of_its_session() {
    let mut timeline = Timeline::default();
    timeline.add(&push(1, reading(1, HOUR, START + HOUR), START + HOUR + 300));
    let answer = AnswerReading { answered: UtcMs(START + HOUR + 310), session: 1, ms: (HOUR + 500) as u64 };
    let confirmation =
        PushReading { last_answer: Some(answer), ..push(2, reading(1, HOUR + 600, 0), START + HOUR + 900) };
    timeline.add(&PushReading { reading: reading(1, HOUR + 600, START + HOUR + 600), ..confirmation });
    let placement = timeline.place(&reading(1, 0, START), Known::default());
    assert_eq!(placement.label, TimeLabel::Verified);
    assert_eq!(placement.judged, UtcMs(START).secs());
    let width = placement.latest.0 - placement.earliest.0;
    assert!(width < 2000 + 2 * HOUR / 5000, "the round trip and an hour's drift: {width}");
}

#[test]
fn a_wrong_clock_is_shown_with_both_times() {
    let mut timeline = Timeline::default();
    let ahead = 2 * HOUR;
    timeline.add(&push(1, reading(1, HOUR, START + HOUR + ahead), START + HOUR));
    let placement = timeline.place(&reading(1, 0, START + ahead), Known::default());
    assert_eq!(placement.label, TimeLabel::ClockDiffers);
    assert_eq!(placement.phone, UtcMs(START + ahead).secs());
    assert_eq!(placement.judged, placement.latest.secs(), "the nearer end of the interval");
    assert!((placement.clock_ahead_secs() - 7200).abs() <= 2);
}

#[test]
fn a_day_without_network_is_consistent_if_the_clock_agreed_on_both_sides() {
    let day = 24 * HOUR;
    let mut timeline = Timeline::default();
    let answer = |session, at: i64| AnswerReading { answered: UtcMs(at), session, ms: 1000 };
    timeline.add(&push(1, reading(1, 500, START + 500), START + 700));
    let entry = reading(2, HOUR, START + day + HOUR);
    assert_eq!(timeline.place(&entry, Known::default()).label, TimeLabel::Unverified, "nothing after it yet");
    let back = START + 2 * day;
    let last_answer = Some(answer(1, START + 800));
    timeline.add(&PushReading { last_answer, ..push(2, reading(3, 500, back + 500), back + 900) });
    let placement = timeline.place(&entry, Known::default());
    assert_eq!(placement.label, TimeLabel::Consistent);
    assert!(placement.earliest >= UtcMs(START + 700) && placement.latest <= UtcMs(back + 402));

    timeline = Timeline::default();
    timeline.add(&push(1, reading(1, 500, START + 500), START + 700));
    let wrong = push(2, reading(3, 500, back + HOUR), back + 900);
    timeline.add(&PushReading { last_answer, ..wrong });
    assert_eq!(timeline.place(&entry, Known::default()).label, TimeLabel::Unverified, "the clock was wrong afterwards");
}

#[test]
fn a_wall_that_moved_within_a_session_is_not_believed() {
    let mut timeline = Timeline::default();
    timeline.add(&push(1, reading(1, HOUR, START + HOUR), START + HOUR + 100));
    let honest = reading(1, 2000, START + 2000);
    assert_eq!(timeline.place(&honest, Known::default()).label, TimeLabel::Consistent);
    let moved = reading(1, 2000, START + 2000 - 30 * MINUTE);
    assert_eq!(timeline.place(&moved, Known::default()).label, TimeLabel::Unverified);
    timeline.add(&push(2, reading(1, 2 * HOUR, START + 2 * HOUR - 10 * MINUTE), START + 2 * HOUR + 100));
    assert_eq!(timeline.place(&honest, Known::default()).label, TimeLabel::Unverified, "it moved later on");
}

#[test]
fn claims_that_contradict_each_other_verify_nothing() {
    let mut timeline = Timeline::default();
    let answer = AnswerReading { answered: UtcMs(START + 60_000), session: 1, ms: 0 };
    timeline.add(&PushReading { last_answer: Some(answer), ..push(1, reading(1, 0, START), START) });
    let placement = timeline.place(&reading(1, 0, START + 30_000), Known::default());
    assert_eq!(placement.label, TimeLabel::Unverified);
    assert!(placement.earliest <= UtcMs(START + 1) && placement.latest >= UtcMs(START + 60_000 - 1));
    assert!(timeline.mark() <= Some(UtcMs(START + 1)), "and a mark takes the lesser claim");
}

#[test]
fn an_entry_cannot_be_older_than_a_push_that_said_nothing_was_left() {
    let mut timeline = Timeline::default();
    let answer = AnswerReading { answered: UtcMs(START + 9 * HOUR), session: 1, ms: (9 * HOUR) as u64 };
    let complete = reading(1, 10 * HOUR, START + 10 * HOUR);
    timeline.add(&PushReading { last_answer: Some(answer), ..push(5, complete, START + 10 * HOUR + 200) });
    let floor = timeline.earliest(&complete);
    let backdated = reading(1, HOUR, START + HOUR);
    let known = Known { not_before: floor, not_after: Some(UtcMs(START + 12 * HOUR)) };
    let placement = timeline.place(&backdated, known);
    assert_eq!(placement.earliest, floor.unwrap());
    assert_eq!(placement.judged, floor.unwrap().secs());
    assert_eq!(placement.label, TimeLabel::ClockDiffers);
}

#[test]
fn the_mark_is_that_of_the_largest_number_not_of_the_last_arrival() {
    let mut timeline = Timeline::default();
    let answer = AnswerReading { answered: UtcMs(START), session: 1, ms: 0 };
    let late = push(2, reading(1, HOUR, START + HOUR), START + 9 * HOUR);
    let later =
        PushReading { last_answer: Some(answer), ..push(3, reading(1, 2 * HOUR, START + 2 * HOUR), START + 3 * HOUR) };
    timeline.add(&later);
    let mark = timeline.mark();
    assert!(mark <= Some(UtcMs(START + 2 * HOUR)) && mark > Some(UtcMs(START + 2 * HOUR - 5000)));
    timeline.add(&late);
    assert_eq!(timeline.mark(), mark);
    let unsent = PushReading { nothing_unsent: false, ..push(4, reading(1, 5 * HOUR, START), START + 6 * HOUR) };
    timeline.add(&unsent);
    assert_eq!(timeline.mark(), mark);
}

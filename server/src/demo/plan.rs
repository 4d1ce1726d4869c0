//! What the staff mean to do in the week, day by day: checks around the school's windows, with the slips of real weeks.

use jiff::civil::{Date, Time};
use rand::{Rng, RngExt};
use sanji_core::policy::{Pack, SchoolKind};
use sanji_core::records::Direction;
use sanji_core::time::{UtcSecs, instant, midnight};

use super::world::{World, chance};

/// Something that a person does with a phone (or at a kiosk).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tap {
    /// When, true time.
    pub at: UtcSecs,
    /// In or out.
    pub direction: Direction,
}

/// The checks that a person means to make on a working day.
pub fn day(rng: &mut impl Rng, world: &World, person: usize, date: Date) -> Vec<Tap> {
    if chance(rng, 1) {
        return Vec::new();
    }
    let mut taps = Vec::new();
    for (from, to) in windows(world, person) {
        let before = if chance(rng, 4) { -rng.random_range(60..1500) } else { rng.random_range(60..1500) };
        let after = if chance(rng, 3) { -rng.random_range(60..1200) } else { rng.random_range(20..900) };
        let (start, end) = (instant(date, from), instant(date, to));
        taps.push(Tap { at: start.plus(-before), direction: Direction::In });
        if chance(rng, 1) {
            let out = start.plus(3600 + rng.random_range(0..600));
            taps.push(Tap { at: out, direction: Direction::Out });
            taps.push(Tap { at: out.plus(rng.random_range(600..2400)), direction: Direction::In });
        }
        taps.push(Tap { at: end.plus(after), direction: Direction::Out });
    }
    if chance(rng, 2) {
        taps.pop();
    }
    taps
}

/// The windows of a person's school.
pub fn windows(world: &World, person: usize) -> Vec<(Time, Time)> {
    let kind = world.schools[world.people[person].school].kind;
    let kind = SchoolKind::from_code(kind.name()).unwrap_or(SchoolKind::Primary);
    let rules = Pack::named("hezhang-2021").map(|pack| pack.office_rules(&sanji_core::policy::School::new(kind)));
    let windows = rules.and_then(Result::ok).map_or(Vec::new(), |rules| rules.windows);
    let time = |minutes: u16| midnight(Date::constant(2026, 1, 1)).plus(i64::from(minutes) * 60).local().time();
    windows.iter().map(|window| (time(window.from.minutes()), time(window.to.minutes()))).collect()
}

//! What happens in the week, in the order of time: who taps, who tries to sync through which network, and every trouble.

use jiff::civil::{Date, Time, time};
use rand::{Rng, RngExt};
use sanji_core::policy::Calendar;
use sanji_core::records::{Direction, SchoolKind};
use sanji_core::time::{UtcSecs, instant};

use super::cast::Cast;
use super::plan;
use super::proxy::Fate;
use super::world::{World, chance};

/// Which phone of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Which {
    /// The first.
    First(usize),
    /// The second of a person with two.
    Second(usize),
    /// The one that replaces a lost one.
    Replacement(usize),
    /// The newcomer's.
    Newcomer,
    /// The kiosk.
    Kiosk,
}

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A check on a phone.
    Tap(Which, Direction),
    /// A check of a person at the kiosk.
    KioskTap(usize, Direction),
    /// A try to sync through such a network.
    Sync(Which, Fate),
    /// The newcomer is put on the roster and the newcomer's phone enrolled, without network.
    Newcomer,
    /// A teacher asks for leave; the kind says which of the three.
    AskLeave(Leave),
    /// The principal decides what waits for a decision of that person, without network.
    Decide(usize, bool),
    /// The leave is changed while the principal decides.
    ChangeLeave,
    /// Somebody asks for a correction of yesterday.
    AskCorrection,
    /// The principal grants flexible hours.
    GrantFlexible,
    /// A phone's clock is set wrong, by so many seconds.
    SetClock(usize, i64),
    /// A phone's battery is charged again.
    Boot(usize),
    /// A phone's records are copied.
    BackUp,
    /// And put back.
    Restore,
    /// A phone is lost with what it holds.
    Lose,
    /// The administrator hears of it.
    ReportLoss,
    /// A new phone is enrolled for its owner.
    Replace,
    /// A teacher moves to another school from tomorrow.
    Move,
    /// The nightly copy of the relay.
    CopyRelay,
    /// The relay is put back to it.
    PutRelayBack,
    /// The hostile phone does its worst.
    Attack,
    /// A school's principal files the service plan.
    PlanService(usize),
    /// The county reviews it.
    ReviewPlan(usize),
    /// A session of after-school service is recorded, and handed over.
    Session(usize),
    /// A principal visits another school.
    Visit(usize, usize),
    /// The principal of a school and a colleague who went along change what the visit's record says, without network.
    Rewrite(usize),
    /// A principal drops in on a lesson at the own school.
    Observe(usize),
    /// A school's union activity.
    Union(usize),
    /// A principal publishes the week.
    Publish(usize),
}

/// Which leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// Two days of illness.
    Ill,
    /// A day that will be changed.
    Edited,
    /// Two hours that will be refused.
    Refused,
}

/// The week's acts by time.
pub struct Script {
    /// Time, order at one time, act.
    pub acts: Vec<(UtcSecs, Act)>,
    week: [Date; 7],
}

impl Script {
    /// Writes the script of a week.
    pub fn new(rng: &mut impl Rng, world: &World, cast: &Cast, week: [Date; 7]) -> Self {
        let mut script = Script { acts: Vec::new(), week };
        for person in 0..world.people.len() {
            script.person(rng, world, cast, person);
        }
        script.newcomer(rng, world, cast);
        script.kiosk(rng);
        script.service(rng, world);
        script.troubles(world, cast);
        for (visitor, host) in [(2, 9), (5, 14), (8, 20)] {
            script.at(week[2], time(9, 40, 0, 0), Act::Visit(visitor, host));
        }
        script.rewritten(world, 2);
        for school in (0..world.schools.len()).step_by(3) {
            script.at(week[3], time(10, 20, (school % 60) as i8, 0), Act::Observe(school));
            script.at(week[4], time(16, 40, (school % 60) as i8, 0), Act::Union(school));
        }
        for school in 0..world.schools.len() {
            let late = cast.is_offline(world.principal(school), week[6]);
            if !late {
                script.at(week[6], time(17, (school % 60) as i8, 0, 0), Act::Publish(school));
            }
        }
        // Things that happen at one second keep the order in which they were written.
        script.acts.sort_by_key(|(at, _)| *at);
        script
    }

    /// Both who went to a visit hear of what stands there, and then change it without hearing of each other.
    fn rewritten(&mut self, world: &World, school: usize) {
        let head = world.principal(school);
        for minute in [10, 20, 30] {
            self.at(self.week[2], time(19, minute, 0, 0), Act::Sync(Which::First(head), Fate::Through));
            self.at(self.week[2], time(19, minute + 5, 0, 0), Act::Sync(Which::First(head + 1), Fate::Through));
        }
        self.at(self.week[2], time(20, 0, 0, 0), Act::Rewrite(school));
    }

    fn at(&mut self, date: Date, at: Time, act: Act) {
        self.acts.push((instant(date, at), act));
    }

    fn worked(&self) -> Vec<(usize, Date)> {
        let calendar = Calendar::national();
        (0..7).map(|i| (i, self.week[i])).filter(|(_, date)| calendar.is_school_day(*date)).collect()
    }

    fn person(&mut self, rng: &mut impl Rng, world: &World, cast: &Cast, person: usize) {
        for (i, date) in self.worked() {
            let mut taps = plan::day(rng, world, person, date);
            let away = person == cast.ill && (i == 2 || i == 3)
                || person == cast.leave_edited && (i == 3 || i == 4)
                || person == cast.absent && i == 1
                || person == cast.lost && i == 3;
            if away {
                taps.clear();
            }
            if person == cast.forgot && i == 0 {
                taps.truncate(3);
            }
            if person == cast.flexible {
                taps = flexible(date);
            }
            for (nth, tap) in taps.into_iter().enumerate() {
                if person == cast.dead_battery && self.is_dead(tap.at) {
                    continue;
                }
                if !world.people[person].phone {
                    self.acts.push((tap.at, Act::KioskTap(person, tap.direction)));
                    continue;
                }
                let which = match person {
                    _ if person == cast.two_phones && nth >= 2 => Which::Second(person),
                    _ if person == cast.lost && i >= 4 => Which::Replacement(person),
                    _ => Which::First(person),
                };
                self.acts.push((tap.at, Act::Tap(which, tap.direction)));
                if chance(rng, 30) {
                    let fate = self.fate(rng, cast, person, date);
                    self.acts.push((tap.at.plus(20), Act::Sync(which, fate)));
                }
            }
        }
        if world.people[person].phone {
            self.evenings(rng, cast, person);
        }
    }

    fn evenings(&mut self, rng: &mut impl Rng, cast: &Cast, person: usize) {
        for (i, date) in self.week.into_iter().enumerate() {
            let at = instant(date, time(18, 30, 0, 0)).plus(rng.random_range(0..9000));
            if chance(rng, 80) && !(person == cast.dead_battery && self.is_dead(at)) {
                let which =
                    if person == cast.lost && i >= 4 { Which::Replacement(person) } else { Which::First(person) };
                let fate = self.fate(rng, cast, person, date);
                self.acts.push((at, Act::Sync(which, fate)));
                if person == cast.two_phones {
                    self.acts.push((at.plus(60), Act::Sync(Which::Second(person), fate)));
                }
            }
        }
    }

    fn is_dead(&self, at: UtcSecs) -> bool {
        instant(self.week[2], time(10, 0, 0, 0)) <= at && at < instant(self.week[3], time(12, 0, 0, 0))
    }

    fn fate(&self, rng: &mut impl Rng, cast: &Cast, person: usize, date: Date) -> Fate {
        let down = cast.is_offline(person, date) || person == cast.lost && date == self.week[2];
        match rng.random_range(0..100) {
            _ if down => Fate::Down,
            0..6 => Fate::Down,
            6..14 => Fate::CutUp(rng.random_range(100..2500)),
            14..24 => Fate::CutDown(rng.random_range(100..3500)),
            _ => Fate::Through,
        }
    }

    fn newcomer(&mut self, rng: &mut impl Rng, world: &World, cast: &Cast) {
        self.at(self.week[1], time(7, 30, 0, 0), Act::Newcomer);
        let like = world.principal(cast.newcomer_school);
        for (i, date) in self.worked().into_iter().filter(|(i, _)| *i >= 1) {
            for tap in plan::day(rng, world, like, date) {
                self.acts.push((tap.at, Act::Tap(Which::Newcomer, tap.direction)));
            }
            let fate = if i == 1 { Fate::Down } else { Fate::Through };
            self.at(date, time(19, 10, 0, 0), Act::Sync(Which::Newcomer, fate));
        }
    }

    fn kiosk(&mut self, rng: &mut impl Rng) {
        for (_, date) in self.worked() {
            for hour in [12, 17] {
                let fate = if chance(rng, 70) { Fate::Through } else { Fate::Down };
                self.at(date, time(hour, 40, 0, 0), Act::Sync(Which::Kiosk, fate));
            }
        }
    }

    fn service(&mut self, rng: &mut impl Rng, world: &World) {
        for school in 0..world.schools.len() {
            if world.schools[school].kind == SchoolKind::Kindergarten {
                continue;
            }
            self.at(self.week[0], time(8, 0, 0, 0), Act::PlanService(school));
            if chance(rng, 75) {
                self.at(self.week[1], time(10, 0, (school % 60) as i8, 0), Act::ReviewPlan(school));
            }
            for (_, date) in self.worked() {
                if chance(rng, 90) {
                    self.at(date, time(18, 5, (school % 60) as i8, 0), Act::Session(school));
                }
            }
        }
    }

    fn troubles(&mut self, world: &World, cast: &Cast) {
        let [mon, tue, wed, thu, fri, ..] = self.week;
        let head = |person: usize| world.principal(world.people[person].school);
        self.at(mon, time(0, 5, 0, 0), Act::SetClock(cast.clock_ahead, 2 * 3600));
        self.at(mon, time(0, 5, 0, 0), Act::SetClock(cast.clock_behind, -26 * 3600));
        self.at(wed, time(12, 20, 0, 0), Act::SetClock(cast.clock_jumps, -3 * 3600));
        self.at(thu, time(12, 0, 0, 0), Act::Boot(cast.dead_battery));
        self.at(mon, time(7, 40, 0, 0), Act::GrantFlexible);
        self.at(mon, time(7, 41, 0, 0), Act::Sync(Which::First(head(cast.flexible)), Fate::Through));
        self.at(tue, time(9, 0, 0, 0), Act::AskCorrection);
        self.at(tue, time(9, 1, 0, 0), Act::Sync(Which::First(cast.forgot), Fate::Through));
        self.at(tue, time(19, 0, 0, 0), Act::Sync(Which::First(head(cast.forgot)), Fate::Through));
        self.at(tue, time(19, 1, 0, 0), Act::Decide(cast.forgot, true));
        self.at(tue, time(17, 50, 0, 0), Act::AskLeave(Leave::Ill));
        self.at(tue, time(17, 51, 0, 0), Act::Sync(Which::First(cast.ill), Fate::Through));
        self.at(tue, time(20, 0, 0, 0), Act::Sync(Which::First(head(cast.ill)), Fate::Through));
        self.at(tue, time(20, 1, 0, 0), Act::Decide(cast.ill, true));
        self.at(thu, time(10, 0, 0, 0), Act::AskLeave(Leave::Refused));
        self.at(thu, time(10, 1, 0, 0), Act::Sync(Which::First(cast.refused), Fate::Through));
        self.at(thu, time(12, 30, 0, 0), Act::Sync(Which::First(head(cast.refused)), Fate::Through));
        self.at(thu, time(12, 31, 0, 0), Act::Decide(cast.refused, false));
        // Asked and seen on Tuesday; on Wednesday the principal approves without network while the teacher changes it.
        self.at(tue, time(12, 0, 0, 0), Act::AskLeave(Leave::Edited));
        self.at(tue, time(12, 1, 0, 0), Act::Sync(Which::First(cast.leave_edited), Fate::Through));
        self.at(tue, time(13, 0, 0, 0), Act::Sync(Which::First(head(cast.leave_edited)), Fate::Through));
        self.at(wed, time(9, 0, 0, 0), Act::Decide(cast.leave_edited, true));
        self.at(wed, time(9, 5, 0, 0), Act::ChangeLeave);
        self.at(wed, time(9, 6, 0, 0), Act::Sync(Which::First(cast.leave_edited), Fate::Through));
        self.at(thu, time(19, 0, 0, 0), Act::Sync(Which::First(head(cast.leave_edited)), Fate::Through));
        self.at(tue, time(20, 30, 0, 0), Act::Sync(Which::First(cast.restored), Fate::Through));
        self.at(tue, time(20, 31, 0, 0), Act::BackUp);
        self.at(thu, time(12, 10, 0, 0), Act::Sync(Which::First(cast.restored), Fate::Through));
        self.at(thu, time(12, 15, 0, 0), Act::Restore);
        self.at(thu, time(12, 16, 0, 0), Act::Sync(Which::First(cast.restored), Fate::Through));
        self.at(wed, time(20, 0, 0, 0), Act::Lose);
        self.at(thu, time(9, 0, 0, 0), Act::ReportLoss);
        self.at(fri, time(7, 30, 0, 0), Act::Replace);
        self.at(wed, time(18, 0, 0, 0), Act::Move);
        self.at(wed, time(21, 30, 0, 0), Act::Sync(Which::First(cast.moved), Fate::Through));
        self.at(thu, time(19, 30, 0, 0), Act::Sync(Which::First(world.principal(cast.newcomer_school)), Fate::Through));
        self.at(wed, time(15, 0, 0, 0), Act::Attack);
        self.at(thu, time(23, 0, 0, 0), Act::CopyRelay);
        self.at(fri, time(13, 0, 0, 0), Act::PutRelayBack);
    }
}

/// A day of flexible hours: five and a half hours, outside the windows in part.
fn flexible(date: Date) -> Vec<plan::Tap> {
    let tap = |at: Time, direction| plan::Tap { at: instant(date, at), direction };
    vec![
        tap(time(9, 30, 12, 0), Direction::In),
        tap(time(12, 5, 40, 0), Direction::Out),
        tap(time(13, 20, 5, 0), Direction::In),
        tap(time(16, 30, 50, 0), Direction::Out),
    ]
}

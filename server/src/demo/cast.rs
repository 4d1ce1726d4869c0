//! Who meets which trouble. Each is another person, of another school, so that no two troubles hide each other.

use jiff::civil::Date;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

use super::world::World;

/// Places in [`World::people`] (or [`World::schools`]) of those who meet something.
#[derive(Clone, Debug)]
pub struct Cast {
    /// Their network is down from one day to another, both included.
    pub offline: Vec<(usize, Date, Date)>,
    /// The battery is dead from Wednesday morning to Thursday noon.
    pub dead_battery: usize,
    /// The clock is two hours ahead.
    pub clock_ahead: usize,
    /// The clock is a day and two hours behind.
    pub clock_behind: usize,
    /// The clock is set back by three hours on Wednesday.
    pub clock_jumps: usize,
    /// The phone is lost on Wednesday evening, with a day's records on it; a new one comes on Friday.
    pub lost: usize,
    /// The phone is restored on Thursday from a copy made on Tuesday.
    pub restored: usize,
    /// Has two phones.
    pub two_phones: usize,
    /// Moves to another school on Thursday.
    pub moved: usize,
    /// The school to which that teacher moves, and where a newcomer begins on Tuesday without network.
    pub newcomer_school: usize,
    /// Changes a leave while the principal approves it without network.
    pub leave_edited: usize,
    /// Is ill on two days, and that is approved.
    pub ill: usize,
    /// Has leave for two hours, which the principal refuses.
    pub refused: usize,
    /// Has flexible hours.
    pub flexible: usize,
    /// Checks nothing on Tuesday, though the phone works.
    pub absent: usize,
    /// Forgets to check out on Monday, and asks for a correction.
    pub forgot: usize,
    /// Sends rubbish, and entries for somebody else.
    pub hostile: usize,
    /// Whose duty the hostile phone writes into.
    pub victim: usize,
}

impl Cast {
    /// Draws the cast for a week.
    pub fn new(rng: &mut impl Rng, world: &World, week: &[Date; 7]) -> Self {
        let mut drawn = world.draw(rng, 18);
        let mut next = || drawn.pop().unwrap_or(1);
        let (dead_battery, clock_ahead, clock_behind, clock_jumps) = (next(), next(), next(), next());
        let (lost, restored, two_phones, moved) = (next(), next(), next(), next());
        let (leave_edited, ill, refused, flexible) = (next(), next(), next(), next());
        let (late, absent, forgot, hostile, victim) = (next(), next(), next(), next(), next());
        let taken = [
            dead_battery,
            clock_ahead,
            clock_behind,
            clock_jumps,
            lost,
            restored,
            two_phones,
            moved,
            leave_edited,
            ill,
            refused,
            flexible,
            late,
            absent,
            forgot,
            hostile,
            victim,
        ];
        let newcomer_school = world.people[next()].school;
        let mut others: Vec<usize> =
            (0..world.people.len()).filter(|i| world.people[*i].phone && !taken.contains(i)).collect();
        others.shuffle(rng);
        let offline = others.into_iter().take(world.people.len() / 4).map(|person| {
            let first = rng.random_range(0..4);
            let last = rng.random_range(first..7);
            (person, week[first], week[last])
        });
        let mut offline: Vec<(usize, Date, Date)> = offline.collect();
        // Its records come too late: the week is published without them.
        offline.push((late, week[2], week[6]));
        Cast {
            offline,
            dead_battery,
            clock_ahead,
            clock_behind,
            clock_jumps,
            lost,
            restored,
            two_phones,
            moved,
            newcomer_school,
            leave_edited,
            ill,
            refused,
            flexible,
            absent,
            forgot,
            hostile,
            victim,
        }
    }

    /// Whether a person's network is down on a day.
    pub fn is_offline(&self, person: usize, date: Date) -> bool {
        self.offline.iter().any(|(who, first, last)| *who == person && (*first..=*last).contains(&date))
    }
}

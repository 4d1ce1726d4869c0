//! One phone, one relay, three entries: everything that can go wrong at every point, and every two of it.

use std::collections::BTreeMap;

use sanji_core::records::{Check, Direction};
use sanji_core::sync::phone::{Draft, Event};

use crate::county::*;
use crate::world::{What, World};

/// What happens at a point: before an effect is performed, or when a letter would arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mishap {
    /// The process dies.
    Kill,
    /// The phone loses its battery: the clock that never stops begins again.
    Reboot,
    /// The letter is lost.
    Lose,
    /// The letter arrives twice.
    Twice,
    /// The letter arrives after the phone gave up waiting for it.
    Late,
    /// The relay can't store.
    Full,
}

const MISHAPS: [Mishap; 6] = [Mishap::Kill, Mishap::Reboot, Mishap::Lose, Mishap::Twice, Mishap::Late, Mishap::Full];

struct Scene {
    world: World,
    mishaps: BTreeMap<usize, Mishap>,
    points: usize,
}

impl Scene {
    /// Plays the scenario with these mishaps, lets everything sync, and gives how many points there were.
    fn play(start: &World, mishaps: BTreeMap<usize, Mishap>) -> usize {
        let mut scene = Scene { world: start.clone(), mishaps, points: 0 };
        for _ in 0..3 {
            scene.world.pass(3_600_000);
            let posting = scene.world.devices[0].posting;
            let body = Check { direction: Direction::In, place: None };
            scene.world.record(0, &Draft::new(duty_of(posting), body), Some(posting));
            let now = scene.world.now;
            scene.world.devices[0].handle(now, Event::Due);
            scene.run();
        }
        let (points, mut world) = (scene.points, scene.world);
        for _ in 0..3 {
            world.pass(60_000);
            world.sync(0);
        }
        world.check_arrival();
        world.check_marks();
        world.check_agreement();
        world.check_time();
        world.county.assert_sound();
        let entries = world.county.book().entries_in(duty(TEACHER), 0, 100).unwrap().len();
        assert_eq!(entries, 3, "each entry once: {:?}", scene.mishaps);
        points
    }

    fn mishap(&mut self) -> Option<Mishap> {
        self.points += 1;
        self.mishaps.get(&(self.points - 1)).copied()
    }

    /// Performs effects and carries letters until nothing is under way.
    fn run(&mut self) {
        for _ in 0..200 {
            if !self.world.devices[0].queue.is_empty() {
                self.effect();
            } else if !self.world.letters.is_empty() {
                self.letter();
            } else {
                return;
            }
        }
        panic!("it goes on for ever with {:?}", self.mishaps);
    }

    fn effect(&mut self) {
        match self.mishap() {
            Some(Mishap::Kill) => self.world.devices[0].kill(),
            Some(Mishap::Reboot) => {
                let now = self.world.now;
                self.world.devices[0].reboot(now);
            }
            _ => {
                self.world.perform(0);
            }
        }
    }

    fn letter(&mut self) {
        let letter = self.world.letters.remove(0);
        self.world.pass(300);
        let (now, n) = (self.world.now, letter.n);
        match self.mishap() {
            Some(Mishap::Kill) => self.world.devices[0].kill(),
            Some(Mishap::Reboot) => {
                self.world.devices[0].reboot(now);
                self.world.deliver(letter);
            }
            Some(Mishap::Lose) => self.world.devices[0].handle(now, Event::Failed { n }),
            Some(Mishap::Twice) => {
                self.world.deliver(letter.clone());
                self.world.deliver(letter);
            }
            Some(Mishap::Late) => {
                self.world.devices[0].handle(now, Event::Failed { n });
                self.world.devices[0].handle(now, Event::Due);
                self.world.letters.push(letter);
            }
            Some(Mishap::Full) if matches!(letter.what, What::Request(_)) => {
                let What::Request(body) = &letter.what else { return };
                let refusal = self.world.county.fail(now, body);
                self.world.letters.push(crate::world::Letter { what: What::Answer(Err(refusal)), ..letter });
            }
            _ => self.world.deliver(letter),
        }
    }
}

fn start() -> World {
    let mut world = World::new(3, false);
    world.invited("teacher", Some(TEACHER), SCHOOL);
    world.devices[0].clock.ahead = 30_000;
    world
}

#[test]
fn every_mishap_at_every_point_and_every_two_of_them_lose_nothing() {
    let start = start();
    let points = Scene::play(&start, BTreeMap::new());
    assert!(points >= 15, "{points}");
    let mut played = 0;
    for first in 0..points {
        for mishap in MISHAPS {
            let one = BTreeMap::from([(first, mishap)]);
            let points = Scene::play(&start, one.clone());
            played += 1;
            for second in first + 1..points {
                let other = MISHAPS[(first + second + played) % MISHAPS.len()];
                let mut two = one.clone();
                two.insert(second, other);
                Scene::play(&start, two);
                played += 1;
            }
        }
    }
    assert!(played > points * MISHAPS.len());
}

/// Cuts every letter of a sound run at every byte.
#[test]
fn a_letter_that_is_cut_anywhere_changes_nothing_on_the_side_where_it_arrives() {
    let mut world = start();
    let posting = world.devices[0].posting;
    for _ in 0..3 {
        world.pass(3_600_000);
        world.record(0, &Draft::new(duty_of(posting), Check { direction: Direction::In, place: None }), Some(posting));
    }
    let now = world.now;
    world.devices[0].handle(now, Event::Due);
    let mut letters = 0;
    loop {
        while world.perform(0) {}
        if world.letters.is_empty() {
            break;
        }
        let letter = world.letters.remove(0);
        letters += 1;
        match &letter.what {
            What::Request(body) => {
                let head = world.county.book().head().unwrap();
                for at in 0..body.len() {
                    assert!(world.serve(&body[..at]).is_err(), "byte {at} of {}", body.len());
                }
                assert_eq!(world.county.book().head().unwrap(), head);
            }
            What::Answer(Ok(body)) => {
                let waiting = world.devices[0].waiting();
                for at in 0..body.len() {
                    let mut phone = world.devices[0].clone();
                    phone.handle(now, Event::Answered { n: letter.n, body: body[..at].to_vec() });
                    assert_eq!(phone.waiting(), waiting, "byte {at} of {}", body.len());
                    assert_eq!(phone.docs(), world.devices[0].docs());
                }
            }
            What::Answer(Err(refusal)) => panic!("{refusal}"),
        }
        world.deliver(letter);
    }
    assert!(letters >= 2);
    world.check_arrival();
}

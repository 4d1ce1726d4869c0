//! Pushes may arrive in any order and however often: what is stored and what it means is the same.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sanji_core::crypto::Signature;
use sanji_core::documents::fold::State;
use sanji_core::ids::*;
use sanji_core::records::*;
use sanji_core::sync::message::*;
use sanji_core::sync::relay::RelayError;
use sanji_core::time::UtcSecs;

use crate::support::*;

/// What an entry is and how it stands.
type Meaning = BTreeMap<(DocId, EntryRef), (State, UtcSecs, Option<FlagReason>)>;

/// Pushes of several devices, each with what its device had made until then, or only with what was new.
fn pushes(world: &mut World, rng: &mut ChaCha8Rng) -> Vec<(Push, Signature)> {
    let mut devices = [world.phone(TEACHER, 41), world.phone(TEACHER, 42), world.phone(PRINCIPAL, 43)];
    let mut colleague = world.phone(COLLEAGUE, 44);
    let kiosk = world.kiosk(SCHOOL, 45);
    let mut all = Vec::new();
    let mut made: Vec<(DocId, EntryRef)> = Vec::new();
    // The principal names a coordinator, whose plan counts only with that.
    let named = roster(COLLEAGUE, Role::CoordinatorFees, day(1), None);
    devices[2].record(at(2, 8, 0), DocId::school(SCHOOL, day(1)), vec![], named);
    let plan = ServicePlan { from: day(2), to: day(30), projects: vec![], text: None };
    colleague.record(at(2, 8, 10), DocId::register(SCHOOL, day(2)), vec![], plan);
    let mut devices = devices.to_vec();
    devices.extend([colleague, kiosk]);
    for round in 0..4 {
        for (at_device, device) in devices.iter_mut().enumerate() {
            for minute in 0..rng.random_range(1..4) {
                let now = at(2, 9 + round, 10 * minute + at_device as i8);
                let (doc, re, body) = anything(rng, at_device, &made);
                let entry = device.record(now, doc, re, body);
                made.push((doc, entry));
            }
            // Nobody acknowledged anything, so that a push may bring all of it again.
            let kept = device.waiting.clone();
            all.push(device.push(at(2, 10 + round, at_device as i8)));
            if rng.random() {
                device.waiting = kept;
            }
        }
    }
    all
}

fn anything(rng: &mut ChaCha8Rng, device: usize, made: &[(DocId, EntryRef)]) -> (DocId, Vec<EntryRef>, Body) {
    let (kiosk, principal) = (device == 4, device == 2);
    let own = if device == 3 { duty(COLLEAGUE) } else { duty(TEACHER) };
    if kiosk {
        return (duty(TEACHER), vec![], KioskCheck { direction: Direction::In }.into());
    }
    let of_own: Vec<EntryRef> = made.iter().filter(|(doc, _)| *doc == own).map(|(_, entry)| *entry).collect();
    let re: Vec<EntryRef> =
        (0..rng.random_range(0..2)).filter_map(|_| of_own.get(rng.random_range(0..8))).copied().collect();
    match rng.random_range(0..6) {
        0 if principal => (own, re, approve(3).into()),
        1 if principal => (own, re, FlagLift { reason: "核实".into() }.into()),
        2 if principal => {
            let checks = vec![CheckTime { direction: Direction::In, at: at(2, 8, 0).secs() }];
            (own, re, Correction { date: day(2), checks, reason: "核实".into() }.into())
        }
        3 => (own, re, leave(3).into()),
        4 => (own, re, Void {}.into()),
        _ => (own, vec![], check(if rng.random() { Direction::In } else { Direction::Out })),
    }
}

/// Sends them in this order; one that can't be checked yet is sent again, as a phone would.
fn send(start: &World, order: &[(Push, Signature)]) -> World {
    let mut world = World { relay: start.relay.clone(), ledger: start.ledger.clone() };
    let mut left: Vec<&(Push, Signature)> = order.iter().collect();
    for _ in 0..=order.len() {
        left.retain(|(push, signature)| {
            let mut trial = world.ledger.clone();
            let mut book = sanji_core::sync::relay::book::Book::new(COUNTY, &mut trial);
            match world.relay.answer(&mut book, at(3, 0, 0), push.clone(), *signature) {
                Ok(_) => {
                    world.ledger = trial;
                    false
                }
                Err(RelayError::Refused(Refusal::NumbersVoid)) => true,
                Err(e) => panic!("{e}"),
            }
        });
        if left.is_empty() {
            return world;
        }
    }
    panic!("{} pushes are never taken", left.len());
}

fn meaning(world: &mut World) -> Meaning {
    let mut found = Meaning::new();
    for (doc, _) in world.book().docs().unwrap() {
        let journal = world.relay.journal(&mut world.ledger, doc).unwrap();
        let fold = journal.fold();
        for line in fold.lines() {
            let flag = world.flag(doc, line.entry_ref());
            found.insert((doc, line.entry_ref()), (fold.state(line), line.item().placed.judged, flag));
        }
    }
    found
}

#[test]
fn pushes_in_any_order_and_any_number_store_the_same_and_mean_the_same() {
    for seed in 0..40 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut start = World::new();
        let sent = pushes(&mut start, &mut rng);
        let mut first = send(&start, &sent);
        let expected = meaning(&mut first);
        assert!(expected.len() > 30);
        for _ in 0..3 {
            let mut order = sent.clone();
            for _ in 0..rng.random_range(0..8) {
                let again = order[rng.random_range(0..order.len())].clone();
                order.push(again);
            }
            order.shuffle(&mut rng);
            let mut other = send(&start, &order);
            let found = meaning(&mut other);
            for (entry, held) in &expected {
                assert_eq!(found.get(entry), Some(held), "seed {seed}: {entry:?}");
            }
            assert_eq!(found.len(), expected.len(), "seed {seed}");
            other.assert_sound();
        }
    }
}

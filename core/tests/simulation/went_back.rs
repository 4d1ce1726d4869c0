//! Misfortunes with a name of a relay that went back: what it lost comes again from whoever still has it.

use sanji_core::ids::DocId;
use sanji_core::records::*;
use sanji_core::sync::ledger::MemoryLedger;
use sanji_core::sync::message::*;
use sanji_core::sync::phone::*;
use sanji_core::sync::wire;

use crate::county::*;
use crate::device::Disk;
use crate::named::two;
use crate::truth::twins;
use crate::world::World;

impl World {
    fn go_back_to(&mut self, copy: MemoryLedger) {
        self.county.ledger = copy;
        self.truth.went_back(&mut self.county);
    }

    /// A phone's file, and what is kept beside it, are those of another time.
    fn put_back(&mut self, at: usize, disk: Disk) {
        let now = self.now;
        let device = &mut self.devices[at];
        device.disk = disk;
        device.split = true;
        device.reboot(now);
    }
}

#[test]
fn a_relay_that_is_empty_with_the_same_keys_gets_everything_back() {
    let (mut world, principal, colleague) = two();
    let early = world.checks_in(colleague);
    world.sync(colleague);
    world.sync(principal);
    let unsent = world.checks_in(colleague);
    world.empty();
    world.pass(60_000);
    world.sync(principal);
    assert!(world.has(&early), "the principal's phone had it");
    assert_eq!(world.county.flag(early.doc, &early.entry), Some(FlagReason::Recovered));
    world.sync(colleague);
    assert!(world.has(&unsent));
    assert_ne!(
        world.county.flag(early.doc, &early.entry),
        Some(FlagReason::Recovered),
        "its author's phone came back and signed it"
    );
    // The administrator looks at what came back of the own desk, and confirms it.
    world.desk(DocId::county(COUNTY, day(1)), vec![], SettingSet { name: "x".into(), value: "y".into() });
    let now = world.now;
    for device in world.county.book().devices().unwrap() {
        world.county.relay.confirm(&mut world.county.ledger, now, device.actor()).unwrap();
    }
    assert_eq!(world.county.flag(early.doc, &early.entry), None, "the roster counts again, and so does the check");
    for _ in 0..3 {
        world.pass(60_000);
        world.sync(principal);
        world.sync(colleague);
    }
    world.assert_whole();
}

#[test]
fn where_relay_and_phone_both_went_back_both_pasts_are_kept() {
    let (mut world, principal, colleague) = two();
    world.checks_in(colleague);
    world.sync(colleague);
    let (copy, disk) = (world.county.ledger.clone(), world.devices[colleague].disk.clone());
    let lost: Vec<Recorded> = (0..3).map(|_| world.checks_in(colleague)).collect();
    world.sync(colleague);
    world.sync(principal);

    world.go_back_to(copy);
    world.put_back(colleague, disk);
    let other = world.checks_in(colleague);
    world.sync(colleague);
    assert!(world.has(&other));
    assert!(!world.has(&lost[0]));

    for _ in 0..2 {
        world.pass(60_000);
        world.sync(principal);
        world.sync(colleague);
    }
    assert!(lost.iter().all(|lost| world.has(lost)), "the principal's phone had them");
    let kept = twins(&mut world.county);
    assert_eq!(kept.len(), 3, "at places that were taken");
    assert_eq!(world.county.flag(other.doc, &other.entry), None);
    world.assert_whole();
}

#[test]
fn where_the_relay_has_more_of_a_chain_than_a_phone_that_saw_another_both_pasts_are_kept() {
    let (mut world, principal, colleague) = two();
    world.checks_in(colleague);
    world.sync(colleague);
    let (copy, disk) = (world.county.ledger.clone(), world.devices[colleague].disk.clone());
    let lost: Vec<Recorded> = (0..2).map(|_| world.checks_in(colleague)).collect();
    world.sync(colleague);
    world.sync(principal);

    world.go_back_to(copy);
    world.put_back(colleague, disk);
    let others: Vec<Recorded> = (0..5).map(|_| world.checks_in(colleague)).collect();
    world.sync(colleague);
    for _ in 0..2 {
        world.pass(60_000);
        world.sync(principal);
        world.sync(colleague);
    }
    assert!(others.iter().chain(&lost).all(|recorded| world.has(recorded)), "the principal's phone had what was lost");
    world.assert_whole();
}

#[test]
fn what_a_phone_that_went_back_recorded_reaches_a_relay_that_went_back_and_has_more_of_its_chain() {
    let (mut world, principal, colleague) = two();
    let copy = world.county.ledger.clone();
    world.checks_in(colleague);
    world.sync(colleague);
    let disk = world.devices[colleague].disk.clone();
    world.go_back_to(copy);
    let known: Vec<Recorded> = (0..3).map(|_| world.checks_in(colleague)).collect();
    world.sync(colleague);

    world.put_back(colleague, disk);
    let again: Vec<Recorded> = (0..2).map(|_| world.checks_in(colleague)).collect();
    world.sync(colleague);
    assert!(known.iter().chain(&again).all(|recorded| world.has(recorded)));
    let (doc, was) = (again[0].doc, again[0].entry);
    let held = world.devices[colleague].disk.store.read(reissued).unwrap();
    assert!(held.iter().any(|moved| (moved.doc, moved.was) == (doc, was)), "at places that were taken");
    for at in [principal, colleague] {
        world.pass(60_000);
        world.sync(at);
    }
    world.assert_whole();
}

#[test]
fn a_kiosk_with_a_new_key_gives_a_relay_that_went_back_what_stood_under_the_old_one() {
    let (mut world, principal, colleague) = two();
    let kiosk = world.invited("kiosk", None, SCHOOL);
    let copy = world.county.ledger.clone();
    let tap = KioskCheck { direction: Direction::In };
    let tapped = world.record(kiosk, &Draft::new(duty(COLLEAGUE), tap), Some(posting(COLLEAGUE)));
    world.sync(kiosk);
    let store = world.devices[kiosk].disk.store.clone();
    world.sync(kiosk);
    let now = world.now;
    world.devices[kiosk].disk.store = store;
    world.devices[kiosk].reboot(now);
    assert_ne!(world.devices[kiosk].actor(), tapped.entry.actor, "the file went back behind a push that had left");

    world.go_back_to(copy);
    for _ in 0..2 {
        for at in [kiosk, principal, colleague] {
            world.pass(60_000);
            world.sync(at);
        }
    }
    assert!(world.has(&tapped));
    world.assert_whole();
}

#[test]
fn an_answer_of_the_lost_past_tells_a_relay_that_went_back_no_time() {
    let (mut world, principal, colleague) = two();
    let copy = world.county.ledger.clone();
    world.checks_in(colleague);
    let now = world.now;
    world.devices[colleague].handle(now, Event::Due);
    while world.perform(colleague) {}
    let letter = world.letters.pop().unwrap();
    world.pass(1000);
    world.deliver(letter.clone());
    let answer = world.letters.pop().unwrap();
    world.deliver(answer);
    while world.perform(colleague) {}
    world.letters.clear();

    // The same push comes to the older state of the relay too, hours after the phone read its answer.
    world.go_back_to(copy);
    world.pass(6 * 3_600_000);
    world.deliver(letter);
    world.letters.clear();
    let later = world.checks_in(colleague);
    world.sync(colleague);
    assert!(world.has(&later));
    world.check_time();
    world.sync(principal);
    world.assert_whole();
}

#[test]
fn entries_that_others_brought_back_are_confirmed_by_their_authors_phone() {
    let (mut world, principal, colleague) = two();
    let copy = world.county.ledger.clone();
    let recorded = world.checks_in(colleague);
    world.sync(colleague);
    world.sync(principal);
    world.go_back_to(copy);
    world.pass(60_000);
    world.sync(principal);
    assert_eq!(world.county.flag(recorded.doc, &recorded.entry), Some(FlagReason::Recovered));
    world.pass(60_000);
    world.sync(colleague);
    assert_eq!(world.county.flag(recorded.doc, &recorded.entry), None);
    world.pass(60_000);
    world.sync(principal);
    world.assert_whole();
    let (verified, _) = world.county.relay.verify(&mut world.county.ledger, &mut |_, _| {}).unwrap();
    assert_eq!(verified.recovered, 0, "a signature covers it again");
}

#[test]
fn nobody_brings_back_entries_to_a_relay_that_lost_nothing() {
    let (mut world, principal, colleague) = two();
    world.checks_in(colleague);
    world.sync(colleague);
    world.sync(principal);
    let hostile = &mut world.devices[principal];
    // The principal's phone makes up a next entry of the colleague's chain.
    let held = hostile.entries(duty(COLLEAGUE)).pop().unwrap();
    let chains = |rows: &mut dyn Rows| sanji_core::sync::phone::state::chain(rows, duty(COLLEAGUE), held.actor);
    let row = hostile.disk.store.read(chains).unwrap().unwrap();
    let tip = sanji_core::documents::chain::Tip {
        doc: duty(COLLEAGUE),
        actor: held.actor,
        seq: held.seq,
        hash: held.row.hash,
        salt: sanji_core::documents::chain::Salt(row.salt.unwrap().0[..].try_into().unwrap()),
    };
    let entry = Entry::from_bytes(&held.row.value).unwrap();
    let (next, link) = tip.append(entry.to_map()).unwrap();
    let value = sanji_core::documents::chain::to_wire(link.seq, &link.value).unwrap();
    let run = Run {
        chain: ChainName::Name(duty(COLLEAGUE), held.actor),
        first: next.seq,
        tip: next.hash.short(),
        values: vec![value],
    };
    let now = world.now;
    world.devices[principal].handle(now, Event::Due);
    let Some(Effect::Send(outgoing)) = world.devices[principal].queue.pop_front() else { panic!("a push") };
    let push = Push { recovered: vec![run], ..outgoing.push };
    world.serve(&wire::encode_push(&push, &outgoing.signature)).unwrap();
    let chain = world.county.book().chain_of(duty(COLLEAGUE), held.actor).unwrap().unwrap();
    assert_eq!(chain.seq, 1, "it is not taken");
    let more = world.checks_in(colleague);
    world.sync(colleague);
    assert_eq!(world.county.flag(more.doc, &more.entry), None);
}

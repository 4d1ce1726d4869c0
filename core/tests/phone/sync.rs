//! What a sync does over a sound network.

use super::support::*;
use sanji_core::ids::DocId;
use sanji_core::records::{Check, Direction, FlexibleHours};
use sanji_core::sync::phone::*;

#[test]
fn what_is_recorded_is_waiting_until_the_relay_has_it() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    let check = Check { direction: Direction::In, place: None };
    let recorded = phone.record(&world, Draft::new(duty(TEACHER), check));
    assert_eq!(phone.delivery(&recorded), Some(Delivery::Waiting));
    phone.sync(&mut world);
    assert_eq!(phone.delivery(&recorded), Some(Delivery::Delivered));
    assert_eq!(world.chain(duty(TEACHER), phone.actor()), 1);
    assert_eq!(phone.seen[0].delivered, 1);
    let receipts = phone.store.read(answer::receipts).unwrap();
    assert_eq!(receipts.len(), 1);
    assert!(receipts[0].head.is_by(&world.relay.public_key()));
    world.assert_sound();
}

#[test]
fn a_sync_with_nothing_new_is_one_push_after_the_session_is_confirmed() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    phone.sync(&mut world);
    assert_eq!(phone.sync(&mut world), 1);
    phone.boots += 1;
    phone.booted = world.now;
    assert_eq!(phone.sync(&mut world), 2, "the first answer of a session is confirmed at once");
    assert_eq!(phone.sync(&mut world), 1);
}

#[test]
fn a_colleague_reads_what_they_may_and_nothing_else() {
    let mut world = World::new();
    let (mut teacher, mut principal) = (world.phone(TEACHER, 1), world.phone(PRINCIPAL, 2));
    let mut colleague = world.phone(COLLEAGUE, 3);
    teacher.note(&world, duty(TEACHER), "one");
    for phone in [&mut teacher, &mut principal, &mut colleague] {
        phone.sync(&mut world);
    }
    assert!(principal.holds().keys().any(|(doc, ..)| *doc == duty(TEACHER)));
    assert!(!colleague.holds().keys().any(|(doc, ..)| *doc == duty(TEACHER)));
    let school = DocId::school(SCHOOL, day(2));
    assert!(colleague.holds().keys().any(|(doc, ..)| *doc == school));
}

#[test]
fn later_entries_go_by_numbers_and_arrive_the_same() {
    let mut world = World::new();
    let (mut teacher, mut principal) = (world.phone(TEACHER, 1), world.phone(PRINCIPAL, 2));
    for round in 0..5 {
        for i in 0..3 {
            teacher.note(&world, duty(TEACHER), &format!("{round}.{i}"));
            world.pass(60_000);
        }
        teacher.sync(&mut world);
        principal.sync(&mut world);
        let theirs = principal.holds();
        assert_eq!(theirs.keys().filter(|(doc, ..)| *doc == duty(TEACHER)).count(), (round + 1) * 3);
        for (key, (hash, _)) in teacher.holds() {
            assert_eq!(theirs.get(&key).map(|(hash, _)| hash), Some(&hash));
        }
    }
    world.assert_sound();
}

#[test]
fn a_large_backlog_goes_in_bounded_pages() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    let relay = phone.machine.relay();
    let limits = Limits { body: 2000, ..Limits::default() };
    phone.machine = Machine::new(phone.machine.forge().clone(), relay, limits);
    let long = "很长的一段话".repeat(20);
    for i in 0..40 {
        phone.note(&world, duty(TEACHER), &format!("{i} {long}"));
    }
    let pushes = phone.sync(&mut world);
    assert!((8..40).contains(&pushes), "{pushes} pushes");
    assert_eq!(phone.waiting(), 0);
    assert_eq!(world.notes(duty(TEACHER)).len(), 40);
}

#[test]
fn a_phone_with_several_documents_says_that_nothing_is_unsent_only_when_it_is_so() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    let relay = phone.machine.relay();
    phone.machine = Machine::new(phone.machine.forge().clone(), relay, Limits { body: 60, ..Limits::default() });
    for label in 0..3 {
        let doc = DocId::duty(posting(TEACHER), day(2 + label));
        phone.note(&world, doc, "a note of some length, so that a page holds one");
    }
    phone.note(&world, DocId::register(SCHOOL, day(2)), "another");
    let effects = phone.handle(&world, Event::Due);
    let Some(Effect::Send(first)) = effects.front() else { panic!("{effects:?}") };
    assert!(!first.push.nothing_unsent);
    let mut last = first.clone();
    let mut queue = effects;
    while let Some(effect) = queue.pop_front() {
        if let Effect::Send(outgoing) = effect {
            last = outgoing.clone();
            queue.extend(phone.exchange(&mut world, &outgoing));
        }
    }
    assert!(last.push.nothing_unsent);
    assert_eq!(phone.waiting(), 0);
}

#[test]
fn small_blobs_travel_with_their_entry_and_delivered_includes_them() {
    let mut world = World::new();
    let (mut teacher, mut principal) = (world.phone(TEACHER, 1), world.phone(PRINCIPAL, 2));
    let small = Blob::new(b"a certificate", &mut teacher.rng).unwrap();
    let large = Blob::new(&[9; 9000], &mut teacher.rng).unwrap();
    let (small_hash, large_hash) = (small.hash, large.hash);
    let body = sanji_core::records::Note { date: day(2), text: "with blobs".into() };
    let recorded = teacher.record(&world, Draft::new(duty(TEACHER), body).blob(small).blob(large));
    teacher.sync(&mut world);
    let delivery = |phone: &mut Phone, blobs: &[_]| {
        phone.store.read(|rows| delivery(rows, recorded.doc, &recorded.entry, blobs)).unwrap()
    };
    assert_eq!(delivery(&mut teacher, &[small_hash]), Some(Delivery::Delivered));
    assert_eq!(delivery(&mut teacher, &[small_hash, large_hash]), Some(Delivery::WaitingForBlobs));
    let effects = teacher.handle(&world, Event::Due);
    let Some(Effect::Send(outgoing)) = effects.front() else { panic!() };
    let effects = teacher.exchange(&mut world, outgoing);
    assert!(effects.contains(&Effect::PutBlob(large_hash)), "{effects:?}");
    teacher.handle(&world, Event::BlobStored(large_hash));
    assert_eq!(delivery(&mut teacher, &[small_hash, large_hash]), Some(Delivery::Delivered));
    principal.sync(&mut world);
    let got = principal.store.read(|rows| rows.get(Table::Blob, &small_hash.0)).unwrap();
    assert!(got.is_some(), "who may read the document gets its small blobs");
}

#[test]
fn a_flag_that_the_relay_sets_reaches_its_author() {
    let mut world = World::new();
    let mut teacher = world.phone(TEACHER, 1);
    let flexible = FlexibleHours { from: day(2), to: day(3), ground: "要求太高".into() };
    let recorded = teacher.record(&world, Draft::new(duty(TEACHER), flexible));
    teacher.sync(&mut world);
    teacher.sync(&mut world);
    let key = (recorded.doc, recorded.entry.actor, recorded.entry.seq);
    let (_, flag) = teacher.holds()[&key];
    assert_eq!(flag, Some(sanji_core::sync::message::FlagReason::OwnRequest));
}

#[test]
fn backoff_grows_is_bounded_and_differs_between_phones() {
    use rand::SeedableRng;
    let mut rng = rand_chacha::ChaCha12Rng::seed_from_u64(1);
    for failures in 0..60 {
        let pauses: Vec<u64> = (0..50).map(|_| backoff_ms(failures, &mut rng)).collect();
        let ceiling = (15_000u64 << failures.saturating_sub(1).min(20)).min(3_600_000);
        assert!(pauses.iter().all(|p| (ceiling / 2..=ceiling).contains(p)), "{failures}: {pauses:?}");
        assert!(pauses.iter().any(|p| *p != pauses[0]));
    }
}

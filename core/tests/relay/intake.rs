//! What is stored, and what isn't.

use sanji_core::crypto::SecretKey;
use sanji_core::labels;
use sanji_core::records::*;
use sanji_core::sync::message::*;
use sanji_core::sync::relay::RelayError;
use sanji_core::time::UtcMs;

use crate::support::*;

fn refusal<T: std::fmt::Debug>(result: Result<T, RelayError>) -> Refusal {
    match result {
        Err(RelayError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_push_is_stored_once_however_often_it_arrives() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 21);
    phone.record(at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    phone.record(at(2, 11, 35), duty(TEACHER), vec![], check(Direction::Out));
    let (push, signature) = phone.push(at(2, 12, 0));
    let first = phone.send(&mut world, at(2, 12, 1), push.clone(), signature).unwrap();
    assert_eq!(first.body.stored[0].through, 2);
    let head = world.book().head().unwrap();
    for minute in 2..5 {
        let again = phone.send(&mut world, at(2, 12, minute), push.clone(), signature).unwrap();
        assert_eq!(again.body.stored, first.body.stored);
        assert!(!again.body.went_back);
        assert_eq!(world.book().head().unwrap().n, head.n, "no new row");
    }
    world.assert_sound();
}

#[test]
fn the_answer_is_signed_for_this_push() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 21);
    phone.record(at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    let (push, signature) = phone.push(at(2, 12, 0));
    let answer = phone.send(&mut world, at(2, 12, 1), push, signature).unwrap();
    assert!(answer.head.is_by(&world.relay.public_key()));
    assert_eq!(answer.head.head.push, 1);
    assert_eq!(answer.head.head.actor, phone.actor());
    assert_eq!(answer.head.head.l, world.book().head().unwrap().l);
}

#[test]
fn an_unknown_key_a_foreign_signature_and_a_broken_chain_store_nothing() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 21);
    let head = world.book().head().unwrap();

    let mut stranger = Device::new(99);
    stranger.record(at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    assert_eq!(refusal(stranger.sync(&mut world, at(2, 12, 0))), Refusal::UnknownDevice);

    phone.record(at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    let (push, signature) = phone.push(at(2, 12, 0));
    let forged = SecretKey::from_seed(&[5; 32]).sign(labels::PUSH, b"something");
    assert_eq!(refusal(phone.send(&mut world, at(2, 12, 0), push.clone(), forged)), Refusal::Signature);

    let mut other_value = push.clone();
    other_value.runs[0].values[0] = vec![0xa0];
    assert!(matches!(refusal(phone.send(&mut world, at(2, 12, 0), other_value, signature)), Refusal::Malformed(_)));

    let mut other_tip = push.clone();
    other_tip.runs[0].tip = [0; 8];
    assert_eq!(refusal(phone.send(&mut world, at(2, 12, 0), other_tip, signature)), Refusal::NumbersVoid);

    let mut moved = push.clone();
    moved.runs[0].chain = ChainName::Name(duty(COLLEAGUE), phone.actor());
    assert!(phone.send(&mut world, at(2, 12, 0), moved, signature).is_err(), "a hash names its document");

    let mut stolen = push.clone();
    stolen.runs[0].chain = ChainName::Name(duty(TEACHER), stranger.actor());
    assert!(matches!(refusal(phone.send(&mut world, at(2, 12, 0), stolen, signature)), Refusal::Malformed(_)));

    let mut later = push.clone();
    later.nothing_unsent = false;
    assert_eq!(refusal(phone.send(&mut world, at(2, 12, 0), later, signature)), Refusal::Signature);

    assert_eq!(world.book().head().unwrap(), head, "nothing was stored");
    phone.send(&mut world, at(2, 12, 0), push, signature).unwrap();
}

#[test]
fn a_gap_is_answered_by_asking_for_names() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 21);
    phone.record(at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    let _lost = phone.push(at(2, 9, 0));
    phone.record(at(2, 11, 35), duty(TEACHER), vec![], check(Direction::Out));
    assert_eq!(refusal(phone.sync(&mut world, at(2, 12, 0))), Refusal::NumbersVoid);
}

#[test]
fn a_cloned_phone_forks_and_its_entry_is_kept_as_a_twin() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 21);
    phone.tell(&mut world, at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    let mut clone = phone.clone();
    phone.tell(&mut world, at(2, 11, 35), duty(TEACHER), vec![], check(Direction::Out));
    clone.n += 10;
    clone.record(at(2, 17, 0), duty(TEACHER), vec![], check(Direction::Out));
    let answer = clone.sync(&mut world, at(2, 17, 5)).unwrap();
    assert_eq!(answer.body.problems, vec![RunProblem { run: 0, problem: Problem::Fork }]);
    let chain = world.book().chain_of(duty(TEACHER), phone.actor()).unwrap().unwrap();
    assert_eq!(chain.seq, 2, "the chain goes on as it was");
    assert_eq!(world.book().twins(chain.number).unwrap().len(), 1);
    phone.tell(&mut world, at(2, 17, 30), duty(TEACHER), vec![], check(Direction::In));
    world.assert_sound();
}

#[test]
fn a_second_push_with_a_used_number_is_a_phone_that_went_back() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 21);
    let before = phone.clone();
    phone.tell(&mut world, at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    let mut restored = before;
    restored.record(at(2, 9, 0), duty(COLLEAGUE), vec![], check(Direction::In));
    let answer = restored.sync(&mut world, at(2, 9, 1)).unwrap();
    assert!(answer.body.went_back);
}

#[test]
fn the_old_key_signs_its_successor_and_its_chain_is_closed() {
    let mut world = World::new();
    let mut old = world.phone(TEACHER, 21);
    old.tell(&mut world, at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    let mut new = Device::new(22);
    new.record(at(2, 11, 35), duty(TEACHER), vec![], check(Direction::Out));
    let (mut push, signature) = new.push(at(2, 12, 0));
    let key = new.key.public();
    assert_eq!(refusal(new.send(&mut world, at(2, 12, 0), push.clone(), signature)), Refusal::UnknownDevice);
    let statement = Successor::signed_bytes(COUNTY, old.actor(), &key);
    let signed = old.key.sign(labels::SUCCESSOR, &statement);
    push.successor = Some(Successor { old: old.actor(), new: key, signature: signed });
    let answer = new.send(&mut world, at(2, 12, 0), push, signature).unwrap();
    assert_eq!(answer.body.stored[0].through, 1);
    old.record(at(2, 12, 5), duty(TEACHER), vec![], check(Direction::In));
    let answer = old.sync(&mut world, at(2, 12, 6)).unwrap();
    assert_eq!(answer.body.problems[0].problem, Problem::Closed);
    let devices = world.book().devices_of(&TEACHER.0).unwrap();
    let successor = devices.iter().find(|d| d.key == key).unwrap();
    assert_eq!(successor.since, devices.iter().find(|d| d.key != key).unwrap().since);
    world.assert_sound();
}

#[test]
fn a_revoked_device_is_refused_and_a_lost_one_is_flagged_from_its_loss_on() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 21);
    let (before, flag) = phone.tell(&mut world, at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    assert_eq!(flag, None);
    world.relay.retire(&mut world.ledger, at(3, 8, 0), phone.actor(), at(2, 12, 0), RetireReason::Lost).unwrap();
    let (_, flag) = phone.tell(&mut world, at(3, 9, 0), duty(TEACHER), vec![], check(Direction::In));
    assert_eq!(flag, Some(FlagReason::AfterLoss));
    assert_eq!(world.flag(duty(TEACHER), before), None);
    world.relay.revoke(&mut world.ledger, at(3, 10, 0), phone.actor()).unwrap();
    assert_eq!(refusal(phone.sync(&mut world, at(3, 11, 0))), Refusal::Revoked(at(3, 10, 0)));
    world.assert_sound();
}

#[test]
fn a_mark_row_is_written_after_entries_and_then_every_ten_minutes() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 21);
    phone.tell(&mut world, at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    let rows = |world: &mut World| world.book().head().unwrap().n.0;
    let start = rows(&mut world);
    for minute in 26..35 {
        phone.sync(&mut world, at(2, 8, minute)).unwrap();
    }
    assert_eq!(rows(&mut world), start, "nothing new in ten minutes is no row");
    phone.sync(&mut world, at(2, 8, 40)).unwrap();
    assert_eq!(rows(&mut world), start + 1);
    let device = world.book().device_of(phone.actor()).unwrap().unwrap();
    assert!(device.mark.unwrap() <= at(2, 8, 40));
    assert!(device.mark.unwrap() > at(2, 8, 30), "an answer before it bounds the push from below");
}

#[test]
fn an_entry_kept_back_from_a_complete_push_is_not_placed_before_it() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 21);
    phone.tell(&mut world, at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    phone.sync(&mut world, at(2, 8, 30)).unwrap();
    phone.sync(&mut world, at(2, 16, 0)).unwrap();
    phone.sync(&mut world, at(2, 16, 1)).unwrap();
    let mark = world.book().device_of(phone.actor()).unwrap().unwrap().mark.unwrap();
    assert!(mark > at(2, 15, 50));
    // The clock of this session is believed, so the device must lie about it to backdate: it claims an earlier moment.
    let now = at(2, 17, 0);
    let claimed = at(2, 11, 30);
    let entry = phone.record(claimed, duty(TEACHER), vec![], check(Direction::Out));
    phone.sync(&mut world, now).unwrap();
    let chain = world.book().chain_of(duty(TEACHER), entry.actor).unwrap().unwrap();
    let n = world.book().entry_no(chain.number, entry.seq).unwrap().unwrap();
    let row = world.row(n);
    assert!(row.earliest >= mark.secs().0, "the device had signed that nothing was unsent");
    assert_eq!(row.label, 4, "its clock differs");
}

#[test]
fn a_relay_that_lost_everything_gets_it_back_from_the_phones() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 21);
    let (entry, _) = phone.tell(&mut world, at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    let answer = phone.sync(&mut world, at(2, 8, 30)).unwrap();
    let mut lost = World { relay: world.relay.clone(), ledger: Default::default() };
    let (mut push, _) = phone.push(at(3, 8, 0));
    push.cursor = answer.body.cursor;
    let signature = phone.sign(&push);
    assert_eq!(refusal(phone.send(&mut lost, at(3, 8, 0), push.clone(), signature)), Refusal::UnknownDevice);
    // It shows the rows that the relay had signed about it, and a head of the lost past.
    push.rows = answer.body.rows.clone();
    let rows = world.relay.answer(
        &mut sanji_core::sync::relay::book::Book::new(COUNTY, &mut world.ledger.clone()),
        at(3, 8, 0),
        push.clone(),
        signature,
    );
    push.rows.extend(rows.unwrap().body.rows);
    push.lost_head = Some(answer.head.clone());
    let back = phone.send(&mut lost, at(3, 8, 1), push, signature).unwrap();
    assert_eq!(back.body.rewound, Some(vec![]), "it has nothing of what the phone may read");
    let _ = entry;
    let mut again = phone.clone();
    again.tips.clear();
    let entry = again.record(at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    again.sync(&mut lost, at(3, 8, 2)).unwrap();
    // Who the person is at which school came with the signed rows only in part: the posting is not known yet.
    assert_eq!(lost.flag(duty(TEACHER), entry), Some(FlagReason::NoAuthority));
    lost.relay.confirm(&mut lost.ledger, at(3, 9, 0), phone.actor()).unwrap();
    lost.assert_sound();
}

#[test]
fn numbers_grow_by_one_and_every_link_holds() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 21);
    for hour in 8..18 {
        phone.tell(&mut world, UtcMs(at(2, hour, 0).0), duty(TEACHER), vec![], check(Direction::In));
    }
    let head = world.book().head().unwrap();
    let (verified, faults) = world.relay.verify(&mut world.ledger, &mut |_, _| {}).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(verified.log_rows, head.n.0);
    assert!(verified.entries >= 10 && verified.envelopes >= 10);
    // A changed value, a changed log row and a missing entry are each found.
    use sanji_core::sync::ledger::{Ledger, Table};
    let entries = world.ledger.scan(Table::Entry, &[], &[0xff; 9], 100, false).unwrap();
    let (key, value) = &entries[entries.len() - 1];
    let mut spoilt = value.clone();
    let at = spoilt.len() / 3;
    spoilt[at] ^= 1;
    let mut copy = world.ledger.clone();
    copy.put(Table::Entry, key, &spoilt).unwrap();
    let found = world.relay.verify(&mut copy, &mut |_, _| {});
    assert!(found.is_err() || !found.unwrap().1.is_empty());
    let mut copy = world.ledger.clone();
    copy.delete(Table::Entry, key).unwrap();
    assert!(!world.relay.verify(&mut copy, &mut |_, _| {}).unwrap().1.is_empty());
    let (key, value) = &world.ledger.scan(Table::Log, &[], &[0xff; 9], 100, false).unwrap()[5];
    let mut spoilt = value.clone();
    *spoilt.last_mut().unwrap() ^= 1;
    world.ledger.put(Table::Log, key, &spoilt).unwrap();
    assert!(!world.relay.verify(&mut world.ledger, &mut |_, _| {}).unwrap().1.is_empty());
}

/// A run of another's chain, as a phone that has it would hand it back.
fn handed_back(author: &mut Device, doc: sanji_core::ids::DocId, body: impl Into<Body>) -> Run {
    let mut copy = author.clone();
    copy.waiting.clear();
    copy.record(at(3, 8, 0), doc, vec![], body);
    copy.push(at(3, 8, 1)).0.runs.remove(0)
}

#[test]
fn while_nothing_was_lost_nobody_speaks_for_anothers_device() {
    let mut world = World::new();
    let mut teacher = world.phone(TEACHER, 21);
    let mut principal = world.phone(PRINCIPAL, 22);
    teacher.tell(&mut world, at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    let answer = principal.sync(&mut world, at(2, 9, 0)).unwrap();
    let (mut push, _) = principal.push(at(3, 8, 5));
    push.recovered = vec![handed_back(&mut teacher, duty(TEACHER), check(Direction::Out))];
    push.lost_head = Some(answer.head);
    let signature = principal.sign(&push);
    principal.send(&mut world, at(3, 8, 5), push, signature).unwrap();
    let chain = world.book().chain_of(duty(TEACHER), teacher.actor()).unwrap().unwrap();
    assert_eq!(chain.seq, 1, "a head of this very log proves no loss");
    let (_, flag) = teacher.tell(&mut world, at(3, 9, 0), duty(TEACHER), vec![], check(Direction::Out));
    assert_eq!(flag, None);
}

#[test]
fn what_a_device_signs_takes_the_place_of_what_others_brought_back_for_it() {
    let mut world = World::new();
    let mut teacher = world.phone(TEACHER, 21);
    let mut principal = world.phone(PRINCIPAL, 22);
    teacher.tell(&mut world, at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    let before = world.ledger.clone();
    teacher.tell(&mut world, at(2, 17, 5), duty(TEACHER), vec![], check(Direction::Out));
    let lost = principal.sync(&mut world, at(2, 18, 0)).unwrap().head;
    // The relay is put back, and one who saw the lost past hands back something that the teacher never wrote.
    world.ledger = before;
    let mut old = teacher.clone();
    old.tips.insert(duty(TEACHER), {
        let chain = world.book().chain_of(duty(TEACHER), teacher.actor()).unwrap().unwrap();
        let salt = sanji_core::documents::chain::Salt(chain.salt.0.as_slice().try_into().unwrap());
        sanji_core::documents::chain::Tip { doc: chain.doc, actor: chain.actor, seq: 1, hash: chain.hash, salt }
    });
    let (mut push, _) = principal.push(at(3, 8, 5));
    push.recovered = vec![handed_back(&mut old, duty(TEACHER), Note { date: day(2), text: "假的".into() })];
    push.lost_head = Some(lost);
    let signature = principal.sign(&push);
    principal.send(&mut world, at(3, 8, 5), push, signature).unwrap();
    let chain = world.book().chain_of(duty(TEACHER), teacher.actor()).unwrap().unwrap();
    assert_eq!(chain.seq, 2);
    let n = world.book().entry_no(chain.number, 2).unwrap().unwrap();
    assert_eq!(world.row(n).flag(), Some(FlagReason::Recovered), "it stands there, and counts for nothing");
    // The teacher's own phone goes on from what it had signed.
    let (own, flag) = old.tell(&mut world, at(3, 9, 0), duty(TEACHER), vec![], check(Direction::Out));
    assert_eq!((own.seq, flag), (2, None));
    world.assert_sound();
}

#[test]
fn a_lost_phone_may_bring_what_it_has_but_reads_nothing() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 21);
    phone.record(at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    world.relay.retire(&mut world.ledger, at(3, 8, 0), phone.actor(), at(3, 7, 0), RetireReason::Lost).unwrap();
    let answer = phone.sync(&mut world, at(3, 9, 0)).unwrap();
    assert_eq!(answer.body.stored[0].through, 1);
    assert!(answer.body.runs.is_empty() && answer.body.rows.is_empty());
}

//! What a sync does when things go wrong.

use super::support::*;
use sanji_core::crypto::SecretKey;
use sanji_core::documents::fold::State;
use sanji_core::sync::ledger::MemoryLedger;
use sanji_core::sync::message::{Certificate, Refusal};
use sanji_core::sync::phone::state::{chain, chain_key, entry, set_entry};
use sanji_core::sync::phone::*;
use sanji_core::sync::relay::Relay;
use sanji_core::time::UtcMs;

fn sent(phone: &mut Phone, world: &World) -> Outgoing {
    match phone.handle(world, Event::Due).pop_front() {
        Some(Effect::Send(outgoing)) => outgoing,
        other => panic!("{other:?}"),
    }
}

fn follow(phone: &mut Phone, world: &mut World, mut effects: std::collections::VecDeque<Effect>) {
    while let Some(effect) = effects.pop_front() {
        if let Effect::Send(outgoing) = effect {
            effects.extend(phone.exchange(world, &outgoing));
        }
    }
}

#[test]
fn an_answer_that_is_lost_costs_a_second_push_and_nothing_else() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    let recorded = phone.note(&world, duty(TEACHER), "one");
    let lost = sent(&mut phone, &world);
    world.serve(&lost.body()).unwrap();
    let effects = phone.handle(&world, Event::Failed { n: lost.n });
    assert!(matches!(effects.front(), Some(Effect::Wait(_))));
    assert_eq!(phone.delivery(&recorded), Some(Delivery::Waiting), "nobody said that it is there");
    phone.sync(&mut world);
    assert_eq!(phone.delivery(&recorded), Some(Delivery::Delivered));
    assert_eq!(world.notes(duty(TEACHER)), ["one"]);
    world.assert_sound();
}

#[test]
fn an_answer_that_is_cut_or_changed_anywhere_is_no_answer() {
    let mut world = World::new();
    let (mut teacher, mut phone) = (world.phone(TEACHER, 1), world.phone(PRINCIPAL, 2));
    teacher.note(&world, duty(TEACHER), "one");
    teacher.sync(&mut world);
    let outgoing = sent(&mut phone, &world);
    let answer = world.serve(&outgoing.body()).unwrap();
    let mut before = phone.clone();
    let empty = before.holds();
    phone.handle(&world, Event::Answered { n: outgoing.n, body: answer.clone() });
    let whole = phone.holds();
    let mut same = 0;
    for at in 0..answer.len() {
        let mut changed = answer.clone();
        changed[at] ^= 0x10;
        for body in [answer[..at].to_vec(), changed] {
            let mut phone = before.clone();
            let effects = phone.handle(&world, Event::Answered { n: outgoing.n, body });
            if matches!(effects.front(), Some(Effect::Wait(_))) {
                assert_eq!(phone.holds(), empty);
            } else {
                // Packing has bits without meaning; what is unpacked is what was signed.
                assert_eq!(phone.holds(), whole, "byte {at}");
                same += 1;
            }
        }
    }
    assert!(same < 5, "{same} changes made no difference");
}

#[test]
fn an_answer_that_comes_late_or_twice_changes_nothing_more() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    let early = phone.note(&world, duty(TEACHER), "early");
    let first = sent(&mut phone, &world);
    let first_answer = world.serve(&first.body()).unwrap();
    let later = phone.note(&world, duty(TEACHER), "later");
    let second = sent(&mut phone, &world);
    let second_answer = world.serve(&second.body()).unwrap();
    let effects = phone.handle(&world, Event::Answered { n: first.n, body: first_answer.clone() });
    assert_eq!(phone.delivery(&early), Some(Delivery::Delivered), "a late answer still acknowledges");
    assert_eq!(phone.delivery(&later), Some(Delivery::Waiting), "but only what was in its push");
    drop(effects);
    let effects = phone.handle(&world, Event::Answered { n: second.n, body: second_answer.clone() });
    assert_eq!(phone.delivery(&later), Some(Delivery::Delivered));
    drop(effects);
    let before = phone.holds();
    for (n, body) in [(first.n, first_answer), (second.n, second_answer)] {
        assert!(phone.handle(&world, Event::Answered { n, body }).is_empty());
    }
    assert_eq!(phone.holds(), before);
    phone.sync(&mut world);
    assert_eq!(world.notes(duty(TEACHER)), ["early", "later"]);
}

#[test]
fn an_answer_of_another_relay_is_not_believed() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    let recorded = phone.note(&world, duty(TEACHER), "one");
    let outgoing = sent(&mut phone, &world);
    let mut other = world.clone();
    other.relay = Relay::new(COUNTY, SecretKey::from_seed(&[66; 32]));
    let body = other.serve(&outgoing.body()).unwrap();
    let effects = phone.handle(&world, Event::Answered { n: outgoing.n, body });
    assert!(matches!(effects.front(), Some(Effect::Wait(_))));
    assert_eq!(phone.delivery(&recorded), Some(Delivery::Waiting));
}

#[test]
fn entries_made_while_a_push_is_under_way_stay_unsent() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    phone.note(&world, duty(TEACHER), "one");
    let outgoing = sent(&mut phone, &world);
    let later = phone.note(&world, duty(TEACHER), "two");
    let body = world.serve(&outgoing.body()).unwrap();
    let effects = phone.handle(&world, Event::Answered { n: outgoing.n, body });
    assert_eq!(phone.delivery(&later), Some(Delivery::Waiting));
    follow(&mut phone, &mut world, effects);
    assert_eq!(phone.delivery(&later), Some(Delivery::Delivered));
}

#[test]
fn a_damaged_copy_is_dropped_and_comes_again_but_never_what_is_unsent() {
    let mut world = World::new();
    let (mut teacher, mut principal) = (world.phone(TEACHER, 1), world.phone(PRINCIPAL, 2));
    for text in ["one", "two", "three"] {
        teacher.note(&world, duty(TEACHER), text);
    }
    teacher.sync(&mut world);
    principal.sync(&mut world);
    let unsent = principal.note(&world, duty(TEACHER), "unsent");
    let damaged = teacher.actor();
    principal
        .store
        .write(|rows| {
            let mut row = entry(rows, duty(TEACHER), damaged, 3)?.unwrap();
            row.hash.0[0] ^= 1;
            set_entry(rows, duty(TEACHER), damaged, 3, &row)
        })
        .unwrap();
    teacher.note(&world, duty(TEACHER), "four");
    teacher.sync(&mut world);
    let outgoing = sent(&mut principal, &world);
    let effects = principal.exchange(&mut world, &outgoing);
    assert!(principal.seen.last().unwrap().dropped.contains(&duty(TEACHER)));
    assert!(!principal.holds().keys().any(|(_, actor, _)| *actor == damaged), "shown as not arrived");
    assert!(principal.holds().contains_key(&(unsent.doc, unsent.entry.actor, unsent.entry.seq)));
    let Some(Effect::Send(again)) = effects.iter().find(|e| matches!(e, Effect::Send(_))) else { panic!() };
    assert_eq!(again.push.again.len(), 1);
    assert_ne!(again.push.again[0].announced, again.push.again[0].rebuilt);
    follow(&mut principal, &mut world, effects);
    assert_eq!(principal.holds().keys().filter(|(_, actor, _)| *actor == damaged).count(), 4);
    assert_eq!(principal.sync(&mut world), 1, "it isn't asked for twice");
}

#[test]
fn a_relay_that_went_back_gets_everything_back() {
    let mut world = World::new();
    let (mut teacher, mut principal) = (world.phone(TEACHER, 1), world.phone(PRINCIPAL, 2));
    teacher.note(&world, duty(TEACHER), "before");
    teacher.sync(&mut world);
    principal.sync(&mut world);
    let copy = world.ledger.clone();
    let after = teacher.note(&world, duty(TEACHER), "after");
    let decision = principal.note(&world, duty(TEACHER), "the principal's");
    teacher.sync(&mut world);
    principal.sync(&mut world);
    assert_eq!(world.notes(duty(TEACHER)).len(), 2, "a principal's note in another's duty doesn't count");
    world.ledger = copy;
    world.pass(60_000);
    principal.sync(&mut world);
    assert!(principal.seen.iter().any(|applied| applied.rewound));
    assert_eq!(world.chain(duty(TEACHER), teacher.actor()), 2, "the principal's phone brings what it has of others");
    assert_eq!(principal.delivery(&decision), Some(Delivery::Delivered));
    teacher.sync(&mut world);
    assert_eq!(teacher.delivery(&after), Some(Delivery::Delivered));
    assert_eq!(world.notes(duty(TEACHER)), ["after", "before"]);
    assert_eq!(teacher.sync(&mut world), 1, "and then it is quiet");
    world.assert_sound();
}

#[test]
fn an_empty_relay_with_the_same_keys_is_filled_by_the_phones() {
    let mut world = World::new();
    let (mut teacher, mut principal) = (world.phone(TEACHER, 1), world.phone(PRINCIPAL, 2));
    for i in 0..5 {
        teacher.note(&world, duty(TEACHER), &format!("{i}"));
    }
    teacher.sync(&mut world);
    principal.sync(&mut world);
    world.ledger = MemoryLedger::default();
    world.pass(60_000);
    for phone in [&mut teacher, &mut principal] {
        phone.sync(&mut world);
        assert_eq!(phone.waiting(), 0);
        assert_eq!(phone.standing(), Standing::Fine);
    }
    assert_eq!(world.chain(duty(TEACHER), teacher.actor()), 5);
    let school = sanji_core::ids::DocId::school(SCHOOL, day(2));
    assert!(world.relay.journal(&mut world.ledger, school).unwrap().len() >= 3, "the school document came back too");
}

#[test]
fn a_phone_that_went_back_takes_a_new_key_and_loses_nothing() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    phone.note(&world, duty(TEACHER), "one");
    phone.sync(&mut world);
    let mut older = phone.clone();
    phone.note(&world, duty(TEACHER), "two");
    phone.sync(&mut world);
    let old = older.actor();
    older.note(&world, duty(TEACHER), "another two");
    older.sync(&mut world);
    assert_ne!(older.actor(), old);
    assert_eq!(older.waiting(), 0);
    assert_eq!(world.notes(duty(TEACHER)), ["another two", "one", "two"]);
    assert!(older.holds().keys().any(|(_, actor, seq)| *actor == old && *seq == 2), "the old chain heals by pulling");
    assert_eq!(older.store.read(reissued).unwrap().len(), 1);
    older.sync(&mut world);
    world.assert_sound();
}

#[test]
fn a_phone_that_went_back_and_wrote_nothing_yet_is_noticed_by_its_number() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    phone.sync(&mut world);
    let mut older = phone.clone();
    phone.note(&world, duty(TEACHER), "sent by the copy");
    phone.sync(&mut world);
    let old = older.actor();
    for _ in 0..3 {
        older.sync(&mut world);
    }
    older.note(&world, duty(TEACHER), "and mine");
    older.sync(&mut world);
    assert_eq!(world.notes(duty(TEACHER)), ["and mine", "sent by the copy"]);
    assert!(older.holds().keys().any(|(_, actor, _)| *actor == old), "its own earlier entries came back to it");
}

#[test]
fn two_copies_of_a_phone_go_on_apart_and_both_arrive() {
    let mut world = World::new();
    let mut one = world.phone(TEACHER, 1);
    one.note(&world, duty(TEACHER), "before");
    one.sync(&mut world);
    let mut two = one.clone();
    two.rng = rand::SeedableRng::seed_from_u64(99);
    for round in 0..3 {
        one.note(&world, duty(TEACHER), &format!("one {round}"));
        two.note(&world, duty(TEACHER), &format!("two {round}"));
        world.pass(1000);
        one.sync(&mut world);
        two.sync(&mut world);
    }
    assert_ne!(one.actor(), two.actor());
    let notes = world.notes(duty(TEACHER));
    assert_eq!(notes, ["before", "one 0", "one 1", "one 2", "two 0", "two 1", "two 2"]);
    let odd = world.odd(duty(TEACHER));
    assert!(odd.iter().all(|state| matches!(state, State::IssuedAs(_) | State::Twin)), "{odd:?}");
    world.assert_sound();
}

#[test]
fn an_entry_that_is_issued_again_counts_once_even_if_the_first_had_arrived() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    let first = phone.note(&world, duty(TEACHER), "one");
    let lost = sent(&mut phone, &world);
    world.serve(&lost.body()).unwrap();
    let second = phone.record(&world, Draft::new(duty(TEACHER), sanji_core::records::Void {}).re([first.entry]));
    let clocks = phone.clocks(world.now);
    let mut rng = phone.rng.clone();
    let forge = phone.machine.forge().clone();
    let renewed = phone.store.write(|rows| renew(rows, &forge, &mut rng)).unwrap();
    phone.machine.set_forge(renewed);
    drop(clocks);
    phone.sync(&mut world);
    assert!(world.notes(duty(TEACHER)).is_empty(), "the void of the second issue meets the first");
    let reissued = phone.store.read(reissued).unwrap();
    assert_eq!(reissued.iter().map(|r| r.was.seq).collect::<Vec<_>>(), [1, second.entry.seq]);
    world.assert_sound();
}

#[test]
fn a_key_that_was_renewed_twice_before_it_reached_the_relay_is_still_followed() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    phone.note(&world, duty(TEACHER), "zero");
    phone.sync(&mut world);
    for text in ["one", "two"] {
        phone.note(&world, duty(TEACHER), text);
        let forge = phone.machine.forge().clone();
        let rng = &mut phone.rng;
        let renewed = phone.store.write(|rows| renew(rows, &forge, rng)).unwrap();
        phone.machine.set_forge(renewed);
    }
    phone.sync(&mut world);
    assert_eq!(phone.standing(), Standing::Fine);
    assert_eq!(world.notes(duty(TEACHER)), ["one", "two", "zero"]);
}

#[test]
fn an_entry_that_was_issued_twice_counts_once_where_only_the_issues_arrived() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    phone.sync(&mut world);
    phone.note(&world, duty(TEACHER), "one");
    for lost in [true, false] {
        let forge = phone.machine.forge().clone();
        let rng = &mut phone.rng;
        let renewed = phone.store.write(|rows| renew(rows, &forge, rng)).unwrap();
        phone.machine.set_forge(renewed);
        if lost {
            let outgoing = sent(&mut phone, &world);
            world.serve(&outgoing.body()).unwrap();
        }
    }
    phone.sync(&mut world);
    assert_eq!(world.notes(duty(TEACHER)), ["one"]);
    assert_eq!(world.odd(duty(TEACHER)).len(), 1, "one of the two issues stands for both");
}

#[test]
fn an_unknown_device_keeps_everything_until_somebody_speaks_for_it() {
    let mut world = World::new();
    let mut phone = Phone::new(&world.relay, Some(TEACHER), 5, world.now);
    let recorded = phone.note(&world, duty(TEACHER), "one");
    phone.sync(&mut world);
    assert_eq!(phone.standing(), Standing::Unknown);
    assert_eq!(phone.delivery(&recorded), Some(Delivery::Waiting));
    let key = phone.machine.forge().public();
    world.relay.enrol(&mut world.ledger, world.now, key, Some(TEACHER), None).unwrap();
    phone.sync(&mut world);
    assert_eq!(phone.standing(), Standing::Fine);
    assert_eq!(phone.delivery(&recorded), Some(Delivery::Delivered));
}

#[test]
fn a_device_that_a_principal_enrolled_without_network_is_known_at_its_first_push() {
    let mut world = World::new();
    let mut principal = world.phone(PRINCIPAL, 2);
    principal.sync(&mut world);
    let mut newcomer = Phone::new(&world.relay, Some(COLLEAGUE), 5, world.now);
    let mut certificate = Certificate {
        key: newcomer.machine.forge().public(),
        person: COLLEAGUE,
        role: sanji_core::records::Role::Staff,
        school: SCHOOL,
        posting: Some(posting(COLLEAGUE)),
        number: 1,
        expires: day(20),
        issuer: principal.actor(),
        signature: sanji_core::crypto::Signature([0; 64]),
    };
    let message = certificate.signed_bytes(COUNTY);
    certificate.signature = principal.machine.forge().sign(sanji_core::labels::CERTIFICATE, &message);
    newcomer.store.write(|rows| show_certificate(rows, &certificate)).unwrap();
    newcomer.note(&world, duty(COLLEAGUE), "offline");
    newcomer.sync(&mut world);
    assert_eq!(newcomer.standing(), Standing::Fine);
    assert_eq!(world.chain(duty(COLLEAGUE), newcomer.actor()), 1);
    principal.sync(&mut world);
    newcomer.sync(&mut world);
    assert_eq!(world.notes(duty(COLLEAGUE)), ["offline"]);
}

#[test]
fn a_revoked_device_stops_and_keeps_what_it_has() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    phone.sync(&mut world);
    world.relay.revoke(&mut world.ledger, world.now, phone.actor()).unwrap();
    let recorded = phone.note(&world, duty(TEACHER), "too late");
    phone.sync(&mut world);
    assert_eq!(phone.standing(), Standing::Revoked(world.now.plus(-1400)));
    assert_eq!(phone.delivery(&recorded), Some(Delivery::Waiting));
}

#[test]
fn every_refusal_has_a_next_step_and_loses_nothing() {
    let cases = [
        (Refusal::Malformed("byte 3".into()), Standing::Refused("byte 3".into()), false),
        (Refusal::Version(9), Standing::Outdated(9), false),
        (Refusal::Revoked(UtcMs(5)), Standing::Revoked(UtcMs(5)), false),
        (Refusal::Certificate("expired".into()), Standing::Certificate("expired".into()), false),
        (Refusal::Busy(77), Standing::Fine, false),
        (Refusal::Unavailable, Standing::Fine, false),
        (Refusal::UnknownDevice, Standing::Fine, true),
        (Refusal::NumbersVoid, Standing::Fine, true),
        (Refusal::Signature, Standing::Fine, true),
        (Refusal::TooLarge(5000), Standing::Fine, true),
    ];
    for (refusal, standing, again) in cases {
        let mut world = World::new();
        let mut phone = world.phone(TEACHER, 1);
        let recorded = phone.note(&world, duty(TEACHER), "one");
        let outgoing = sent(&mut phone, &world);
        let effects = phone.handle(&world, Event::Refused { n: outgoing.n, refusal: refusal.clone() });
        assert_eq!(phone.standing(), standing, "{refusal:?}");
        assert_eq!(matches!(effects.front(), Some(Effect::Send(_))), again, "{refusal:?}: {effects:?}");
        if let Refusal::Busy(seconds) = refusal {
            assert!(phone.waits[0] >= u64::from(seconds) * 1000);
        }
        follow(&mut phone, &mut world, effects);
        if again {
            assert!(phone.handle(&world, Event::Refused { n: outgoing.n, refusal }).is_empty(), "an old refusal");
        }
        phone.sync(&mut world);
        assert_eq!(phone.delivery(&recorded), Some(Delivery::Delivered));
        assert_eq!(phone.standing(), Standing::Fine);
    }
}

#[test]
fn a_relay_that_refuses_for_ever_is_not_asked_for_ever() {
    for refusal in [Refusal::NumbersVoid, Refusal::Signature, Refusal::UnknownDevice, Refusal::TooLarge(10)] {
        let mut world = World::new();
        let mut phone = world.phone(TEACHER, 1);
        phone.note(&world, duty(TEACHER), "one");
        let mut effects = phone.handle(&world, Event::Due);
        let mut pushes = 0;
        while let Some(effect) = effects.pop_front() {
            if let Effect::Send(outgoing) = effect {
                pushes += 1;
                assert!(pushes < 20, "{refusal:?}");
                effects.extend(phone.handle(&world, Event::Refused { n: outgoing.n, refusal: refusal.clone() }));
            }
        }
        assert_ne!(phone.standing(), Standing::Fine, "{refusal:?}");
        phone.sync(&mut world);
        assert_eq!(phone.waiting(), 0, "{refusal:?}: it heals once the relay is itself again");
    }
}

#[test]
fn a_failed_transaction_leaves_the_phone_as_it_was() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    phone.note(&world, duty(TEACHER), "one");
    let before = phone.clone();
    let forge = phone.machine.forge().clone();
    let clocks = phone.clocks(world.now);
    let rng = &mut phone.rng;
    let draft = Draft::new(duty(TEACHER), sanji_core::records::Note { date: day(2), text: "two".into() });
    let failed: Result<Recorded, ForgeError> = phone.store.write(|rows| {
        forge.record(rows, &clocks, rng, &draft)?;
        Err(StoreError::Full.into())
    });
    assert_eq!(failed, Err(ForgeError::Store(StoreError::Full)));
    assert_eq!(phone.holds(), before.clone().holds());
    phone.note(&world, duty(TEACHER), "three");
    phone.sync(&mut world);
    assert_eq!(world.notes(duty(TEACHER)), ["one", "three"]);
}

#[test]
fn a_chain_is_never_begun_again_where_its_copy_is_gone() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 1);
    phone.note(&world, duty(TEACHER), "one");
    phone.sync(&mut world);
    let actor = phone.actor();
    phone
        .store
        .write(|rows| {
            assert!(chain(rows, duty(TEACHER), actor)?.is_some());
            rows.delete(Table::Entry, &[&chain_key(duty(TEACHER), actor)[..], &1u64.to_be_bytes()].concat())
        })
        .unwrap();
    let forge = phone.machine.forge().clone();
    let clocks = phone.clocks(world.now);
    let rng = &mut phone.rng;
    let draft = Draft::new(duty(TEACHER), sanji_core::records::Note { date: day(2), text: "two".into() });
    let refused = phone.store.write(|rows| forge.record(rows, &clocks, rng, &draft));
    assert!(matches!(refused, Err(ForgeError::Store(StoreError::Damaged(_)))));
}

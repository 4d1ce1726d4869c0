//! Misfortunes with a name, one by one.

use sanji_core::crypto::{SecretKey, Signature};
use sanji_core::documents::register::Register;
use sanji_core::ids::DocId;
use sanji_core::records::*;
use sanji_core::sync::ledger::{Ledger, Table};
use sanji_core::sync::message::*;
use sanji_core::sync::phone::state::{Identity, fact};
use sanji_core::sync::phone::*;
use sanji_core::sync::wire;

use crate::county::*;
use crate::world::{What, World};

fn check(direction: Direction) -> Body {
    Check { direction, place: None }.into()
}

/// A principal and a colleague with phones whose clocks are right.
pub fn two() -> (World, usize, usize) {
    let mut world = World::new(1, false);
    let principal = world.invited("principal", Some(PRINCIPAL), SCHOOL);
    let colleague = world.invited("colleague", Some(COLLEAGUE), SCHOOL);
    for device in &mut world.devices {
        device.clock.ahead = 0;
    }
    (world, principal, colleague)
}

impl World {
    pub fn checks_in(&mut self, at: usize) -> Recorded {
        self.pass(60_000);
        let posting = self.devices[at].posting;
        self.record(at, &Draft::new(duty_of(posting), check(Direction::In)), Some(posting))
    }

    pub fn has(&self, recorded: &Recorded) -> bool {
        self.truth.index.has(&(recorded.doc, recorded.entry))
    }

    pub fn assert_whole(&mut self) {
        self.check_arrival();
        self.check_marks();
        self.check_agreement();
        self.check_devices();
        self.county.assert_sound();
        self.check_automerge();
    }
}

#[test]
fn two_phones_with_one_key_become_two_devices_and_lose_nothing() {
    let (mut world, principal, colleague) = two();
    world.checks_in(colleague);
    world.sync(colleague);
    let clone = world.clone_phone(colleague);
    for _ in 0..3 {
        world.checks_in(colleague);
        world.checks_in(clone);
    }
    world.sync(colleague);
    world.sync(clone);
    assert_ne!(world.devices[clone].actor(), world.devices[colleague].actor());
    for at in [colleague, clone] {
        world.checks_in(at);
    }
    for _ in 0..2 {
        for at in [colleague, clone, principal] {
            world.pass(60_000);
            world.sync(at);
        }
    }
    world.assert_whole();
    let journal = world.county.relay.journal(&mut world.county.ledger, duty(COLLEAGUE)).unwrap();
    let checks = journal.fold().current().filter(|line| matches!(line.body(), Some(Body::Check(_)))).count();
    assert_eq!(checks, 9, "each check counts once");
}

#[test]
fn a_peer_that_is_connected_and_never_reads_costs_nothing_that_grows() {
    let (mut world, principal, colleague) = two();
    let recorded = world.checks_in(colleague);
    let rows = |world: &mut World| -> Vec<(Table, usize)> {
        let count = |table| world.county.ledger.scan(table, &[], &[0xff; 60], usize::MAX, false).unwrap().len();
        Table::ALL.into_iter().map(count).zip(Table::ALL).map(|(count, table)| (table, count)).collect()
    };
    let mut counts = Vec::new();
    for _ in 0..300 {
        world.pass(1000);
        let now = world.now;
        world.devices[colleague].handle(now, Event::Due);
        while world.perform(colleague) {}
        let letter = world.letters.pop().unwrap();
        let What::Request(body) = letter.what else { panic!("a request") };
        world.serve(&body).unwrap();
        world.devices[colleague].handle(now, Event::Failed { n: letter.n });
        counts.push(rows(&mut world));
    }
    for ((table, before), (_, after)) in counts[1].iter().zip(&counts[299]) {
        assert!(after <= &(before + 2), "{before} rows of {table:?} became {after}");
    }
    assert!(world.has(&recorded));
    assert_eq!(world.devices[colleague].waiting(), 1, "nobody said to it that it is there");
    world.sync(colleague);
    world.sync(principal);
    world.assert_whole();
}

#[test]
fn a_grant_falls_with_the_entry_that_it_came_from() {
    let (mut world, principal, colleague) = two();
    let today = world.now.secs().date();
    let coordinator = roster(COLLEAGUE, posting(COLLEAGUE), Role::CoordinatorFees, day(1), None);
    let before = world.county.rows[&COLLEAGUE];
    world.pass(60_000);
    let named = world.record(principal, &Draft::new(DocId::school(SCHOOL, today), coordinator).re([before]), None);
    world.sync(principal);
    assert_eq!(world.county.flag(named.doc, &named.entry), None);
    world.sync(colleague);
    world.pass(60_000);
    let plan = ServicePlan { from: day(2), to: day(30), projects: vec!["阅读".into()], text: None };
    let drafted = world.record(colleague, &Draft::new(DocId::register(SCHOOL, today), plan), None);
    world.sync(colleague);
    assert_eq!(world.county.flag(drafted.doc, &drafted.entry), None, "a coordinator drafts plans");

    // It comes out that the principal had left the day before.
    let left = roster(PRINCIPAL, posting(PRINCIPAL), Role::Principal, day(1), Some(day(1)));
    let before = world.county.rows[&PRINCIPAL];
    world.desk(DocId::school(SCHOOL, today), vec![before], left);
    assert_eq!(world.county.flag(named.doc, &named.entry), Some(FlagReason::NoAuthority));
    assert_eq!(world.county.flag(drafted.doc, &drafted.entry), Some(FlagReason::NoAuthority));
    world.sync(colleague);
    world.sync(principal);
    world.assert_whole();
}

#[test]
fn a_dismissed_deputy_who_backdates_decides_nothing() {
    let (mut world, _, colleague) = two();
    let deputy = world.invited("deputy", Some(DEPUTY), SCHOOL);
    let leave = Leave {
        kind: "personal".into(),
        from: at(2, 8, 0).secs(),
        to: at(2, 17, 0).secs(),
        reason: None,
        certificate: None,
    };
    let (from, to) = (leave.from, leave.to);
    let asked = world.record(colleague, &Draft::new(duty(COLLEAGUE), leave), None);
    world.sync(colleague);
    world.sync(deputy);
    let before = world.county.rows[&DEPUTY];
    let dismissed = roster(DEPUTY, posting(DEPUTY), Role::Deputy, day(1), Some(day(2)));
    world.now = at(3, 9, 0);
    world.desk(DocId::school(SCHOOL, day(3)), vec![before], dismissed);
    // Two days later the clock is set back to when the office was still held.
    world.now = at(5, 9, 0);
    let now = world.now;
    world.devices[deputy].clock.ahead = at(2, 12, 0).0 - now.0;
    world.devices[deputy].reboot(now);
    let decision = LeaveDecision { decision: Decision::Approved, reason: None, from, to };
    let decided = world.record(deputy, &Draft::new(duty(COLLEAGUE), decision).re([asked.entry]), None);
    world.pass(60_000);
    world.sync(deputy);
    let flag = world.county.flag(decided.doc, &decided.entry);
    assert!(
        matches!(flag, Some(FlagReason::NoAuthority | FlagReason::AuthorityUnsure)),
        "whoever holds the office now looks at it: {flag:?}"
    );
}

#[test]
fn an_answer_that_is_lost_after_the_relay_stored_costs_a_second_push_only() {
    let (mut world, principal, colleague) = two();
    let recorded = world.checks_in(colleague);
    let now = world.now;
    world.devices[colleague].handle(now, Event::Due);
    while world.perform(colleague) {}
    let letter = world.letters.pop().unwrap();
    let n = letter.n;
    world.deliver(letter);
    world.letters.clear();
    world.devices[colleague].handle(now, Event::Failed { n });
    assert!(world.has(&recorded));
    assert_eq!(world.devices[colleague].delivery(recorded.doc, &recorded.entry), Some(Delivery::Waiting));
    let rows = world.county.book().entries_in(recorded.doc, 0, 100).unwrap().len();
    world.sync(colleague);
    assert_eq!(world.devices[colleague].delivery(recorded.doc, &recorded.entry), Some(Delivery::Delivered));
    assert_eq!(world.county.book().entries_in(recorded.doc, 0, 100).unwrap().len(), rows);
    world.sync(principal);
    world.assert_whole();
}

#[test]
fn a_hostile_phone_that_sends_rubbish_and_anothers_entries_is_refused_and_hurts_nobody() {
    let (mut world, principal, colleague) = two();
    let kept = world.checks_in(colleague);
    world.sync(colleague);
    world.sync(principal);
    let head = world.county.book().head().unwrap();
    // Rubbish.
    for seed in 0..200u8 {
        let bytes: Vec<u8> = (0..200u8).map(|i| i.wrapping_mul(seed).rotate_left(u32::from(seed % 7))).collect();
        assert!(world.serve(&bytes).is_err());
    }
    // A push in the name of the colleague, signed by the principal's key.
    let hostile = world.devices[principal].machine.forge().clone();
    let victim = world.devices[colleague].machine.forge().public();
    let posing = world.devices[colleague].posting;
    let forged =
        Entry { reading: Reading::default(), re: vec![], was: None, blobs: vec![], body: check(Direction::Out) };
    let doc = duty_of(posing);
    for (key, actor) in [(victim, victim.actor()), (hostile.public(), victim.actor())] {
        let salt = sanji_core::documents::chain::Salt([1; 16]);
        let (tip, link) =
            sanji_core::documents::chain::Tip::start(COUNTY, doc, actor, salt).append(forged.to_map()).unwrap();
        let run = Run {
            chain: ChainName::Name(doc, actor),
            first: 1,
            tip: tip.hash.short(),
            values: vec![sanji_core::documents::chain::to_wire(1, &link.value).unwrap()],
        };
        let push = Push {
            device: DeviceName::Key(key),
            n: 99,
            build: 1,
            reading: Reading::default(),
            last_answer: None,
            cursor: cursor_start(COUNTY),
            nothing_unsent: true,
            page: 65_536,
            have: None,
            runs: vec![run],
            recovered: vec![],
            blobs: vec![],
            again: vec![],
            rows: vec![],
            lost_head: None,
            certificate: None,
            successor: None,
        };
        let tips = [SignedTip { doc, seq: 1, hash: tip.hash }];
        let signature = hostile.sign(sanji_core::labels::PUSH, &push.signed_bytes(COUNTY, key.actor(), &tips));
        let refusal = world.serve(&wire::encode_push(&push, &signature)).unwrap_err();
        assert!(matches!(refusal, Refusal::Signature | Refusal::Malformed(_)), "{refusal:?}");
    }
    assert_eq!(world.county.book().head().unwrap(), head, "nothing was stored");
    // What it writes in its own name about the colleague is stored, and doesn't count.
    world.pass(60_000);
    let own = world.record(principal, &Draft::new(doc, check(Direction::Out)), None);
    world.sync(principal);
    assert_eq!(world.county.flag(own.doc, &own.entry), Some(FlagReason::NoAuthority));
    let more = world.checks_in(colleague);
    world.sync(colleague);
    world.sync(principal);
    assert_eq!(world.county.flag(kept.doc, &kept.entry), None);
    assert_eq!(world.county.flag(more.doc, &more.entry), None);
    world.assert_whole();
}

#[test]
fn what_arrives_after_a_week_was_published_is_beyond_it_and_the_snapshot_stays() {
    let (mut world, principal, colleague) = two();
    world.checks_in(colleague);
    world.sync(colleague);
    world.sync(principal);
    let late = world.checks_in(colleague);
    let head = world.county.book().head().unwrap();
    let rows = Blob::new(b"rows", &mut world.rng).unwrap();
    let published = Publication {
        monday: day(2),
        log: head.n.0 as i64,
        head: head.l,
        pack: sanji_core::crypto::PackHash([1; 32]),
        rules: 1,
        table: sanji_core::records::field::Bytes(vec![7; 32]),
        rows: rows.hash,
        lacked: vec![Lack { posting: posting(COLLEAGUE), actor: world.devices[colleague].actor(), through: None }],
    };
    let register = DocId::register(SCHOOL, day(2));
    world.record(principal, &Draft::new(register, published.clone()).blob(rows), None);
    world.sync(principal);
    world.pass(3 * 86_400_000);
    world.sync(colleague);
    world.sync(principal);
    let n = {
        let mut book = world.county.book();
        let chain = book.chain_of(late.doc, late.entry.actor).unwrap().unwrap();
        book.entry_no(chain.number, late.entry.seq).unwrap().unwrap()
    };
    assert!(n.0 > head.n.0, "the published number says that it was not there");
    let journal = world.county.relay.journal(&mut world.county.ledger, register).unwrap();
    let publications = Register::of(&journal.fold()).publications;
    assert_eq!(publications.iter().map(|p| &p.value).collect::<Vec<_>>(), [&published]);
    world.assert_whole();
}

#[test]
fn a_person_whose_phone_is_lost_is_never_called_absent_for_the_days_that_may_have_died_with_it() {
    use sanji_core::rules::Status;
    let (mut world, _, colleague) = two();
    world.now = at(2, 18, 0);
    world.sync(colleague);
    world.now = at(4, 9, 0);
    world.lose(colleague);
    let new = world.devices.len() - 1;
    world.now = at(5, 18, 0);
    world.sync(new);
    world.pass(60_000);
    world.sync(new);
    assert_eq!(world.status(posting(COLLEAGUE), day(2)), Some(Status::Absent), "it had reported that day");
    assert_eq!(world.status(posting(COLLEAGUE), day(3)), Some(Status::AwaitingSync), "that day may be lost");
    assert_eq!(world.status(posting(COLLEAGUE), day(5)), Some(Status::Absent), "the new phone reported that day");
}

/// Bytes that a phone keeps and a test needs: the key with which it signs.
pub fn secret(world: &mut World, at: usize) -> SecretKey {
    let identity = world.devices[at].disk.store.read(|rows| fact::<Identity>(rows)).unwrap().unwrap();
    SecretKey::from_seed(&identity.seed.0[..].try_into().unwrap())
}

#[test]
fn a_key_that_an_old_key_did_not_sign_succeeds_nobody() {
    let (mut world, principal, colleague) = two();
    let new = SecretKey::from_seed(&[55; 32]);
    let old = world.devices[colleague].actor();
    let statement = Successor::signed_bytes(COUNTY, old, &new.public());
    let by = secret(&mut world, principal).sign(sanji_core::labels::SUCCESSOR, &statement);
    for signature in [by, Signature([3; 64])] {
        let push = Push {
            device: DeviceName::Key(new.public()),
            n: 1,
            build: 1,
            reading: Reading::default(),
            last_answer: None,
            cursor: cursor_start(COUNTY),
            nothing_unsent: true,
            page: 65_536,
            have: None,
            runs: vec![],
            recovered: vec![],
            blobs: vec![],
            again: vec![],
            rows: vec![],
            lost_head: None,
            certificate: None,
            successor: Some(Successor { old, new: new.public(), signature }),
        };
        let signed = new.sign(sanji_core::labels::PUSH, &push.signed_bytes(COUNTY, new.public().actor(), &[]));
        assert_eq!(world.serve(&wire::encode_push(&push, &signed)).unwrap_err(), Refusal::UnknownDevice);
    }
    let recorded = world.checks_in(colleague);
    world.sync(colleague);
    assert_eq!(world.county.flag(recorded.doc, &recorded.entry), None, "the old key goes on");
}

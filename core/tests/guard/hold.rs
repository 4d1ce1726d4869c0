//! The stage: a county with honest phones and one that isn't, and what must hold on it whatever was sent.

use std::collections::BTreeMap;

use sanji_core::crypto::Signature;
use sanji_core::ids::*;
use sanji_core::records::*;
use sanji_core::sync::ledger::{Held, MemoryLedger};
use sanji_core::sync::message::*;
use sanji_core::sync::relay::RelayError;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::{DeviceState, GrantRow};
use sanji_core::sync::wire;
use sanji_core::time::UtcMs;

use crate::stock::assert_loads;
use crate::support::*;

/// An entry and what it counts for.
type Entries = BTreeMap<(DocId, ActorId, u64), ([u8; 32], Option<FlagReason>)>;

#[derive(Clone)]
pub struct Stage {
    pub relay: sanji_core::sync::relay::Relay,
    ledger: MemoryLedger,
    pub now: UtcMs,
    /// Enrolled, of a teacher, and up to no good.
    pub hostile: Device,
    /// The colleague's phone.
    pub honest: Device,
    pub principal: ActorId,
    /// Entries that exist.
    pub known: Vec<EntryRef>,
    /// A sound push and a sound answer, to be broken.
    pub samples: Vec<Vec<u8>>,
    /// Bulks that unpack to far more than they weigh.
    pub bombs: Vec<Vec<u8>>,
    /// Rows that the relay signed.
    pub rows: Vec<SignedRow>,
    /// A head that the relay signed.
    pub head: SignedHead,
    before: Entries,
    grants: Vec<GrantRow>,
}

impl Stage {
    pub fn new() -> Self {
        let mut world = World::new();
        let mut honest = world.phone(COLLEAGUE, 31);
        let mut hostile = world.phone(TEACHER, 32);
        let mut principal = world.phone(PRINCIPAL, 33);
        let mut known = Vec::new();
        let mut samples = Vec::new();
        known.push(honest.tell(&mut world, at(2, 8, 25), duty(COLLEAGUE), vec![], check(Direction::In)).0);
        let (asked, _) = honest.tell(&mut world, at(2, 8, 30), duty(COLLEAGUE), vec![], leave(3));
        known.push(asked);
        known.push(hostile.tell(&mut world, at(2, 8, 26), duty(TEACHER), vec![], check(Direction::In)).0);
        known.push(principal.tell(&mut world, at(2, 9, 0), duty(COLLEAGUE), vec![asked], approve(3)).0);
        let (push, signature) = honest.push(at(2, 9, 30));
        samples.push(wire::encode_push(&push, &signature));
        let answer = honest.send(&mut world, at(2, 9, 30), push, signature).unwrap();
        hostile.record(at(2, 9, 31), duty(TEACHER), vec![], check(Direction::Out));
        let (push, signature) = hostile.push(at(2, 9, 31));
        samples.push(wire::encode_push(&push, &signature));
        let rows = hostile.send(&mut world, at(2, 9, 31), push, signature).unwrap().body.rows;
        let principal = principal.actor();
        let World { relay, ledger } = world;
        let mut stage = Stage {
            relay,
            ledger,
            now: at(2, 10, 0),
            hostile,
            honest,
            principal,
            known,
            samples,
            bombs: [1, 15, 17, 64].map(|mib: usize| zstd::bulk::compress(&vec![7; mib << 20], 1).unwrap()).into(),
            rows,
            head: answer.head,
            before: Entries::new(),
            grants: Vec::new(),
        };
        stage.before = stage.entries();
        stage.grants = stage.book().grants().unwrap();
        stage
    }

    pub fn book(&mut self) -> Book<'_> {
        Book::new(COUNTY, &mut self.ledger)
    }

    /// As the relay's endpoint: a refusal leaves nothing. What was taken stays, so that the next input meets it.
    pub fn serve(&mut self, body: &[u8]) -> Result<(), Refusal> {
        self.now = self.now.plus(500);
        let mut held = Held::over(&mut self.ledger);
        match self.relay.sync(&mut held, self.now, body) {
            Ok(answer) => {
                held.keep().unwrap();
                assert!(answer.len() <= 8 << 20, "an answer is bounded");
                Ok(())
            }
            Err(RelayError::Refused(refusal)) => {
                let text = refusal.to_string();
                assert!(text.len() < 600, "a refusal is short: {text}");
                Err(refusal)
            }
            Err(RelayError::Ledger(e)) => panic!("hostile input made the store unreadable: {e}"),
        }
    }

    fn entries(&mut self) -> Entries {
        let mut found = Entries::new();
        let docs = self.book().docs().unwrap();
        for (doc, _) in docs {
            for chain in self.book().chains_in(doc).unwrap() {
                for seq in 1..=chain.seq {
                    let n = self.book().entry_no(chain.number, seq).unwrap().unwrap();
                    let row = self.book().entry(n).unwrap().unwrap();
                    found.insert((doc, chain.actor, seq), (row.hash.0, row.flag()));
                }
            }
        }
        found
    }

    /// What must hold after whatever came.
    pub fn assert_holds(&mut self) {
        let (_, faults) = self.relay.verify(&mut self.ledger, &mut |_, _| {}).unwrap();
        assert_eq!(faults, vec![], "every hash and signature holds");
        self.assert_nobody_else_was_touched();
        self.assert_automerge_loads();
        self.assert_honest_goes_on();
    }

    fn assert_nobody_else_was_touched(&mut self) {
        let after = self.entries();
        let hostile = self.hostile.actor();
        for (place, held) in &self.before {
            assert_eq!(after.get(place), Some(held), "{place:?} is as it was");
        }
        let own = duty(TEACHER);
        for ((doc, actor, seq), (_, flag)) in &after {
            if self.before.contains_key(&(*doc, *actor, *seq)) {
                continue;
            }
            let by = self.book().device_of(*actor).unwrap().expect("a device wrote it");
            assert_eq!(by.person, Some(TEACHER), "no other person's chain grew: {doc} of {actor}");
            let may = *doc == own || doc.kind == DocKind::Register || doc.kind == DocKind::Visit;
            assert!(flag.is_some() || may, "entry {seq} of {actor} counts in {doc}");
        }
        let grants = self.book().grants().unwrap();
        let live = |grants: &[GrantRow]| -> Vec<_> {
            let held = grants.iter().filter(|g| g.revoked.is_none() && !matches!(g.scope, Scope::Visit(_)));
            held.map(|g| (g.person, g.role, g.scope.clone(), g.from, g.to)).collect()
        };
        assert_eq!(live(&grants), live(&self.grants), "nobody was given a role");
        for device in self.book().devices().unwrap() {
            let known = self.relay.device_facts(&mut self.ledger.clone(), &TEACHER.0).unwrap();
            if device.person != Some(TEACHER) {
                assert_eq!(device.state, DeviceState::Active);
                assert_eq!((device.revoked, device.retired), (None, None), "{:?}", device.person);
            }
            assert!(known.iter().any(|fact| fact.actor == hostile));
        }
    }

    fn assert_automerge_loads(&mut self) {
        for (doc, _) in self.book().docs().unwrap() {
            assert_loads(COUNTY, &mut self.book(), doc);
            // And our own reader folds it, whatever it holds.
            let journal = self.relay.journal(&mut self.ledger, doc).unwrap();
            let fold = journal.fold();
            let _ = sanji_core::documents::duty::Duty::of(&fold);
            let _ = sanji_core::documents::register::Register::of(&fold);
            let _ = sanji_core::documents::school::School::of(&fold);
            let _ = sanji_core::documents::county::County::of(&fold);
        }
    }

    fn assert_honest_goes_on(&mut self) {
        let now = self.now.plus(60_000);
        let entry = self.honest.record(now, duty(COLLEAGUE), vec![], check(Direction::Out));
        let (push, signature): (Push, Signature) = self.honest.push(now);
        self.serve(&wire::encode_push(&push, &signature)).expect("an honest push is taken");
        let chain = self.book().chain_of(duty(COLLEAGUE), entry.actor).unwrap().unwrap();
        let n = self.book().entry_no(chain.number, entry.seq).unwrap().expect("it is stored");
        assert_eq!(self.book().entry(n).unwrap().unwrap().flag(), None, "and counts");
    }
}

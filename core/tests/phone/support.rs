//! A county with its relay in memory, and phones that run the real machine over memory stores. Time and chance are the
//! test's.

#![allow(dead_code, reason = "each test target uses its own part")]

use std::collections::{BTreeMap, VecDeque};

use jiff::civil::{Date, date, time};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use sanji_core::crypto::SecretKey;
use sanji_core::documents::fold::State;
use sanji_core::ids::*;
use sanji_core::records::*;
use sanji_core::sync::ledger::MemoryLedger;
use sanji_core::sync::message::*;
use sanji_core::sync::phone::state::{Holder, Named, chains, document, set_fact};
use sanji_core::sync::phone::*;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::{Desk, Relay, RelayError};
use sanji_core::time::{UtcMs, instant};

pub const COUNTY: CountyId = CountyId(*b"hezhang1");
pub const SCHOOL: SchoolId = SchoolId(*b"school-1");
pub const ADMIN: PersonId = PersonId(*b"p-admin-");
pub const PRINCIPAL: PersonId = PersonId(*b"p-princ1");
pub const TEACHER: PersonId = PersonId(*b"p-teach1");
pub const COLLEAGUE: PersonId = PersonId(*b"p-colle1");

pub fn posting(person: PersonId) -> PostingId {
    let mut id = person.0;
    id[0] = b'o';
    PostingId(id)
}

pub fn day(d: i8) -> Date {
    date(2026, 3, d)
}

pub fn at(d: i8, hour: i8, minute: i8) -> UtcMs {
    instant(day(d), time(hour, minute, 0, 0)).ms()
}

pub fn duty(person: PersonId) -> DocId {
    DocId::duty(posting(person), day(2))
}

/// The county's relay and its clock.
#[derive(Clone)]
pub struct World {
    pub relay: Relay,
    pub ledger: MemoryLedger,
    pub now: UtcMs,
}

impl World {
    pub fn new() -> Self {
        let relay = Relay::new(COUNTY, SecretKey::from_seed(&[7; 32]));
        let mut world = World { relay, ledger: MemoryLedger::default(), now: at(2, 8, 0) };
        let from = (date(2026, 1, 1), None);
        let early = at(1, 8, 0);
        world.relay.grant(&mut world.ledger, early, ADMIN, Role::Administrator, Scope::County, from).unwrap();
        let school = SchoolSet {
            school: SCHOOL,
            name: "可乐小学".into(),
            kind: SchoolKind::Primary,
            senior: None,
            township: "可乐乡".into(),
            county_town: None,
            boarding: None,
            from: date(2020, 9, 1),
            to: None,
            area: None,
        };
        world.desk(DocId::county(COUNTY, day(1)), school);
        for (person, role) in [(PRINCIPAL, Role::Principal), (TEACHER, Role::Staff), (COLLEAGUE, Role::Staff)] {
            let name = "李老师".into();
            let from = date(2026, 2, 1);
            let row = RosterSet { person, posting: posting(person), name, role, from, to: None, teaches: Some(true) };
            world.desk(DocId::school(SCHOOL, day(1)), row);
        }
        world
    }

    pub fn desk(&mut self, doc: DocId, body: impl Into<Body>) {
        let desk = Desk { person: ADMIN };
        self.relay.write(&mut self.ledger, at(1, 9, 0), desk, vec![(doc, vec![], body.into())]).unwrap();
    }

    pub fn phone(&mut self, person: PersonId, seed: u8) -> Phone {
        let phone = Phone::new(&self.relay, Some(person), seed, self.now);
        let key = phone.machine.forge().public();
        self.relay.enrol(&mut self.ledger, self.now, key, Some(person), None).unwrap();
        phone
    }

    /// What `POST /v1/sync` does: all or nothing.
    pub fn serve(&mut self, body: &[u8]) -> Result<Vec<u8>, Refusal> {
        let before = self.ledger.clone();
        match self.relay.sync(&mut self.ledger, self.now, body) {
            Ok(answer) => Ok(answer),
            Err(RelayError::Refused(refusal)) => {
                self.ledger = before;
                Err(refusal)
            }
            Err(RelayError::Ledger(e)) => panic!("{e}"),
        }
    }

    /// Lets the clocks run.
    pub fn pass(&mut self, ms: i64) {
        self.now = self.now.plus(ms);
    }

    /// The texts of the notes that hold in a document, as the relay has them.
    pub fn notes(&mut self, doc: DocId) -> Vec<String> {
        let journal = self.relay.journal(&mut self.ledger, doc).unwrap();
        let fold = journal.fold();
        let held = fold.current().filter_map(|line| match line.body() {
            Some(Body::Note(note)) => Some(note.text.clone()),
            _ => None,
        });
        let mut notes: Vec<String> = held.collect();
        notes.sort();
        notes
    }

    /// How many entries of a document stand in each state that isn't "counts".
    pub fn odd(&mut self, doc: DocId) -> Vec<State> {
        let journal = self.relay.journal(&mut self.ledger, doc).unwrap();
        let fold = journal.fold();
        fold.lines().iter().map(|line| fold.state(line)).filter(|s| *s != State::Current).collect()
    }

    pub fn chain(&mut self, doc: DocId, actor: ActorId) -> u64 {
        Book::new(COUNTY, &mut self.ledger).chain_of(doc, actor).unwrap().map_or(0, |chain| chain.seq)
    }

    pub fn assert_sound(&mut self) {
        let (_, faults) = self.relay.verify(&mut self.ledger, &mut |_, _| {}).unwrap();
        assert_eq!(faults, vec![]);
    }
}

/// A phone: store, machine, clocks.
#[derive(Clone)]
pub struct Phone {
    pub store: MemoryStore,
    pub machine: Machine,
    pub rng: ChaCha12Rng,
    pub person: Option<PersonId>,
    /// When the phone was started, relay clock.
    pub booted: UtcMs,
    pub boots: u32,
    /// By how much the wall clock is ahead, seconds.
    pub ahead: i64,
    /// What answers changed, in order.
    pub seen: Vec<Applied>,
    /// Every pause that the machine asked for.
    pub waits: Vec<u64>,
}

impl Phone {
    pub fn new(relay: &Relay, person: Option<PersonId>, seed: u8, now: UtcMs) -> Self {
        let mut store = MemoryStore::default();
        let key = SecretKey::from_seed(&[seed; 32]);
        let forge = store
            .write(|rows| {
                set_fact(rows, &Holder { person, kiosk: person.is_none().then_some(SCHOOL) })?;
                set_fact(rows, &Named { number: None, introduce: None, void: None })?;
                Forge::adopt(rows, COUNTY, key)
            })
            .unwrap();
        Phone {
            store,
            machine: Machine::new(forge, relay.public_key(), Limits::default()),
            rng: ChaCha12Rng::seed_from_u64(seed.into()),
            person,
            booted: now.plus(-3_600_000),
            boots: 1,
            ahead: 0,
            seen: Vec::new(),
            waits: Vec::new(),
        }
    }

    pub fn actor(&self) -> ActorId {
        self.machine.forge().actor()
    }

    pub fn clocks(&self, now: UtcMs) -> Clocks {
        Clocks {
            wall: now.secs().plus(self.ahead),
            elapsed: (now.0 - self.booted.0) as u64,
            boot: format!("boot {}", self.boots),
        }
    }

    pub fn note(&mut self, world: &World, doc: DocId, text: &str) -> Recorded {
        self.record(world, Draft::new(doc, Note { date: day(2), text: text.into() }))
    }

    pub fn record(&mut self, world: &World, draft: Draft) -> Recorded {
        let clocks = self.clocks(world.now);
        let forge = self.machine.forge().clone();
        let rng = &mut self.rng;
        self.store.write(|rows| forge.record(rows, &clocks, rng, &draft)).unwrap()
    }

    pub fn handle(&mut self, world: &World, event: Event) -> VecDeque<Effect> {
        let clocks = self.clocks(world.now);
        let effects = self.machine.handle(&mut self.store, &clocks, &mut self.rng, event).unwrap();
        for effect in &effects {
            match effect {
                Effect::Changed(applied) => self.seen.push(applied.clone()),
                Effect::Wait(ms) => self.waits.push(*ms),
                _ => {}
            }
        }
        effects.into()
    }

    /// Answers one push as a sound network does.
    pub fn exchange(&mut self, world: &mut World, outgoing: &Outgoing) -> VecDeque<Effect> {
        world.pass(700);
        let result = world.serve(&outgoing.body());
        world.pass(700);
        let n = outgoing.n;
        let event = match result {
            Ok(body) => Event::Answered { n, body },
            Err(refusal) => Event::Refused { n, refusal },
        };
        self.handle(world, event)
    }

    /// Syncs over a sound network until nothing more is to be done; gives the number of pushes.
    pub fn sync(&mut self, world: &mut World) -> usize {
        let mut pushes = 0;
        let mut effects = self.handle(world, Event::Due);
        while let Some(effect) = effects.pop_front() {
            if let Effect::Send(outgoing) = effect {
                pushes += 1;
                assert!(pushes < 100, "the machine pushes for ever: {:?}", outgoing.push);
                effects.extend(self.exchange(world, &outgoing));
            }
        }
        pushes
    }

    pub fn waiting(&mut self) -> u64 {
        self.store.read(waiting).unwrap().iter().map(Waiting::count).sum()
    }

    pub fn standing(&mut self) -> Standing {
        self.store.read(standing).unwrap()
    }

    pub fn delivery(&mut self, recorded: &Recorded) -> Option<Delivery> {
        self.store.read(|rows| delivery(rows, recorded.doc, &recorded.entry, &[])).unwrap()
    }

    /// Starts the process again: everything but the store is gone.
    pub fn restart(&mut self) {
        let relay = self.machine.relay();
        let forge = self.store.read(|rows| Forge::open(rows, COUNTY)).unwrap().unwrap();
        self.machine = Machine::new(forge, relay, Limits::default());
    }

    /// Every entry that the phone has: document, actor, seq, hash and the relay's flag.
    pub fn holds(&mut self) -> BTreeMap<(DocId, ActorId, u64), ([u8; 8], Option<FlagReason>)> {
        self.store
            .read(|rows| {
                let mut found = BTreeMap::new();
                let mut docs: Vec<DocId> = chains(rows, &[])?.iter().map(|(doc, ..)| *doc).collect();
                docs.dedup();
                for doc in docs {
                    for entry in document(rows, doc)? {
                        let flag = entry.row.note.and_then(|note| note.flag);
                        found.insert((doc, entry.actor, entry.seq), (entry.row.hash.short(), flag));
                    }
                }
                Ok::<_, StoreError>(found)
            })
            .unwrap()
    }
}

//! A phone or kiosk as it stands in a pocket: the real machine over its store, a clock that may be wrong, and a driver
//! that performs one effect after the other and may be killed between any two.

use std::collections::VecDeque;

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use sanji_core::crypto::SecretKey;
use sanji_core::ids::*;
use sanji_core::records::{Entry, EntryRef};
use sanji_core::sync::phone::state::{Holder, Pushes, chains, document, fact, set_fact};
use sanji_core::sync::phone::*;
use sanji_core::sync::relay::Relay;
use sanji_core::time::UtcMs;

use crate::county::COUNTY;
use crate::truth::Place;

/// What the clocks of a phone show at an instant of the relay's clock.
#[derive(Clone, Debug)]
pub struct Clock {
    /// When the phone was last started.
    pub booted: UtcMs,
    /// How often it was started, with a letter for the piece of hardware.
    pub boot: String,
    /// How fast its crystal runs, parts per million off.
    pub ppm: i64,
    /// By how much the wall clock is ahead, ms.
    pub ahead: i64,
}

impl Clock {
    pub fn read(&self, now: UtcMs) -> Clocks {
        let on = now.0 - self.booted.0;
        let elapsed = on + on * self.ppm / 1_000_000;
        Clocks {
            wall: UtcMs(self.booted.0 + elapsed + self.ahead).secs(),
            elapsed: elapsed as u64,
            boot: self.boot.clone(),
        }
    }
}

/// What is on a phone's disk, and beside it.
#[derive(Clone)]
pub struct Disk {
    pub store: MemoryStore,
    /// The number of the last push as it is kept outside the file; a copy of the file alone doesn't have it.
    pub outside: u64,
}

#[derive(Clone)]
pub struct Device {
    pub name: String,
    pub person: Option<PersonId>,
    /// The posting in which the person records now.
    pub posting: PostingId,
    pub school: SchoolId,
    pub disk: Disk,
    pub machine: Machine,
    pub rng: ChaCha12Rng,
    pub clock: Clock,
    /// Effects that aren't performed yet.
    pub queue: VecDeque<Effect>,
    /// It still exists.
    pub here: bool,
    /// Another phone writes, or wrote, with the same key at the same time, so what its clocks say of that key is mixed up.
    pub split: bool,
    pub limits: Limits,
}

impl Device {
    pub fn new(relay: &Relay, name: &str, person: Option<PersonId>, school: SchoolId, seed: u64, clock: Clock) -> Self {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let key = SecretKey::random(&mut rng);
        let mut store = MemoryStore::default();
        let forge = store
            .write(|rows| {
                set_fact(rows, &Holder { person, kiosk: person.is_none().then_some(school) })?;
                Forge::adopt(rows, COUNTY, key)
            })
            .unwrap();
        let limits = Limits::default();
        Device {
            name: name.into(),
            person,
            posting: person.map_or(PostingId([0; 8]), crate::county::posting),
            school,
            disk: Disk { store, outside: 0 },
            machine: Machine::new(forge, relay.public_key(), limits),
            rng,
            clock,
            queue: VecDeque::new(),
            here: true,
            split: false,
            limits,
        }
    }

    pub fn actor(&self) -> ActorId {
        self.machine.forge().actor()
    }

    pub fn record(&mut self, now: UtcMs, draft: &Draft) -> Recorded {
        let clocks = self.clock.read(now);
        let forge = self.machine.forge().clone();
        let rng = &mut self.rng;
        self.disk.store.write(|rows| forge.record(rows, &clocks, rng, draft)).unwrap()
    }

    /// Lets the machine handle an event; its effects join the queue.
    pub fn handle(&mut self, now: UtcMs, event: Event) {
        let clocks = self.clock.read(now);
        let effects = self.machine.handle(&mut self.disk.store, &clocks, &mut self.rng, event).unwrap();
        self.queue.extend(effects);
    }

    /// The process dies: what was in memory is gone, what was committed is there. Opens it again.
    pub fn kill(&mut self) {
        self.queue.clear();
        let relay = self.machine.relay();
        let forge = self.disk.store.read(|rows| Forge::open(rows, COUNTY)).unwrap().unwrap();
        self.machine = Machine::new(forge, relay, self.limits);
        let n = self.disk.store.read(|rows| fact::<Pushes>(rows)).unwrap().map_or(0, |p| p.n);
        if n < self.disk.outside {
            // The file went back behind a push that had left.
            let old = self.machine.forge().clone();
            let rng = &mut self.rng;
            let forge = self.disk.store.write(|rows| renew(rows, &old, rng)).unwrap();
            self.machine.set_forge(forge);
            self.disk.outside = 0;
        }
    }

    pub fn reboot(&mut self, now: UtcMs) {
        self.clock.booted = now;
        self.clock.boot.push('+');
        self.kill();
    }

    /// Entries that the relay hasn't acknowledged.
    pub fn waiting(&mut self) -> u64 {
        self.disk.store.read(waiting).unwrap().iter().map(Waiting::count).sum()
    }

    pub fn standing(&mut self) -> Standing {
        self.disk.store.read(standing).unwrap()
    }

    /// Where an entry of this phone stands; none if it isn't here any more.
    pub fn delivery(&mut self, doc: DocId, entry: &EntryRef) -> Option<Delivery> {
        let read = self.disk.store.read(|rows| match Forge::find(rows, doc, entry)? {
            Some(_) => delivery(rows, doc, entry, &[]),
            None => Ok::<_, StoreError>(None),
        });
        read.unwrap()
    }

    /// Every document of which there is something here.
    pub fn docs(&mut self) -> Vec<DocId> {
        let mut docs: Vec<DocId> =
            self.disk.store.read(|rows| chains(rows, &[])).unwrap().into_iter().map(|(doc, ..)| doc).collect();
        docs.dedup();
        docs
    }

    /// Whether an entry is on this phone, where it was made or issued again.
    pub fn holds(&mut self, place: &Place) -> bool {
        self.entries(place.0).iter().any(|held| {
            let was = Entry::from_bytes(&held.row.value).ok().and_then(|entry| entry.was);
            was == Some(place.1) || EntryRef::to(held.actor, held.seq, &held.row.hash) == place.1
        })
    }

    /// The entries of a document that are here.
    pub fn entries(&mut self, doc: DocId) -> Vec<sanji_core::sync::phone::state::PlacedRow> {
        self.disk.store.read(|rows| document(rows, doc)).unwrap()
    }
}

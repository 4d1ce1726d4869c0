//! One thread that plays a county's week: phones, the network between, the relay, and chance, all from one seed.

use std::collections::BTreeSet;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sanji_core::ids::*;
use sanji_core::records::*;
use sanji_core::sync::ledger::MemoryLedger;
use sanji_core::sync::message::Refusal;
use sanji_core::sync::phone::*;
use sanji_core::sync::wire;
use sanji_core::time::UtcMs;

use crate::county::*;
use crate::device::{Clock, Device};
use crate::truth::{Made, Place, Truth};

/// Something on its way.
#[derive(Clone)]
pub struct Letter {
    pub device: usize,
    pub n: u64,
    pub what: What,
}

#[derive(Clone)]
pub enum What {
    Request(Vec<u8>),
    Answer(Result<Vec<u8>, Refusal>),
}

#[derive(Clone)]
pub struct World {
    pub rng: ChaCha8Rng,
    pub now: UtcMs,
    pub county: County,
    pub devices: Vec<Device>,
    pub revoked: BTreeSet<usize>,
    pub letters: Vec<Letter>,
    pub truth: Truth,
    /// Older states of the relay.
    pub copies: Vec<MemoryLedger>,
    /// What happened, if somebody wants to read it.
    pub trace: Option<Vec<String>>,
    /// Whether the last sound round changed anything anywhere.
    pub moved: bool,
    /// Whether the relay went back, or a phone was cloned: then people have something to confirm.
    pub went_back: bool,
}

impl World {
    /// A county on Monday morning, before anybody has a phone.
    pub fn new(seed: u64, trace: bool) -> Self {
        let mut world = World {
            rng: ChaCha8Rng::seed_from_u64(seed),
            now: at(2, 7, 0),
            county: County::new(),
            devices: Vec::new(),
            revoked: BTreeSet::new(),
            letters: Vec::new(),
            truth: Truth::default(),
            copies: Vec::new(),
            trace: trace.then(Vec::new),
            moved: false,
            went_back: false,
        };
        world.truth.committed(&mut world.county);
        world
    }

    pub fn note(&mut self, line: impl FnOnce(&World) -> String) {
        if self.trace.is_some() {
            let line = format!("{} {}", sanji_core::time::UtcMs(self.now.0).secs().local(), line(self));
            self.trace.iter_mut().for_each(|trace| trace.push(line.clone()));
        }
    }

    pub fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    pub fn pass(&mut self, ms: i64) {
        self.now = self.now.plus(ms);
    }

    /// A device with a clock as they are: a little off, or wrong.
    pub fn device(&mut self, name: &str, person: Option<PersonId>, school: SchoolId) -> usize {
        let ahead = match self.rng.random_range(0..10) {
            0 => self.rng.random_range(-90 * 86_400_000..90 * 86_400_000),
            1 | 2 => self.rng.random_range(-7_200_000..7_200_000),
            _ => self.rng.random_range(-40_000..40_000),
        };
        let clock = Clock {
            booted: self.now.plus(-self.rng.random_range(0..86_400_000)),
            boot: format!("{name}:"),
            ppm: self.rng.random_range(-60..=60),
            ahead,
        };
        let seed = self.rng.random();
        self.devices.push(Device::new(&self.county.relay, name, person, school, seed, clock));
        self.devices.len() - 1
    }

    /// A device that an invitation made known, and its first sync.
    pub fn invited(&mut self, name: &str, person: Option<PersonId>, school: SchoolId) -> usize {
        let at = self.device(name, person, school);
        let key = self.devices[at].machine.forge().public();
        let kiosk = person.is_none().then_some(school);
        self.county.relay.enrol(&mut self.county.ledger, self.now, key, person, kiosk).unwrap();
        self.sync(at);
        at
    }

    pub fn record(&mut self, at: usize, draft: &Draft, check: Option<PostingId>) -> Recorded {
        let now = self.now;
        let recorded = self.devices[at].record(now, draft);
        let check = check.map(|posting| (posting, now.secs().date()));
        self.truth.made.push(Made {
            device: Some(at),
            place: (recorded.doc, recorded.entry),
            now: recorded.entry,
            at: now,
            check,
            delivered: false,
            // What a phone records after it was revoked stays with it.
            perished: self.revoked.contains(&at),
        });
        self.note(|w| {
            format!(
                "{} records {} in {} as {}",
                w.devices[at].name,
                draft.body.name(),
                draft.doc,
                short(&recorded.entry)
            )
        });
        recorded
    }

    /// The administrator writes an entry at the desk.
    pub fn desk(&mut self, doc: DocId, re: Vec<EntryRef>, body: impl Into<Body>) -> EntryRef {
        let entry = self.county.desk(self.now, doc, re, body);
        let place = (doc, entry);
        let at = self.now;
        self.truth.made.push(Made {
            device: None,
            place,
            now: entry,
            at,
            check: None,
            delivered: true,
            perished: false,
        });
        self.truth.committed(&mut self.county);
        self.note(|_| format!("the desk writes {} in {doc}", short(&entry)));
        entry
    }

    /// Performs the next effect of a device; gives whether there was one.
    pub fn perform(&mut self, at: usize) -> bool {
        let Some(effect) = self.devices[at].queue.pop_front() else { return false };
        match effect {
            Effect::Send(outgoing) => {
                self.devices[at].disk.outside = outgoing.n;
                self.note(|w| format!("{} sends {}", w.devices[at].name, of_push(&outgoing)));
                self.letters.push(Letter { device: at, n: outgoing.n, what: What::Request(outgoing.body()) });
            }
            Effect::Changed(applied) => self.applied(at, &applied),
            Effect::PutBlob(_) | Effect::Wait(_) | Effect::Settled => {}
        }
        true
    }

    /// What a phone calls delivered was on the relay's disk.
    fn applied(&mut self, at: usize, applied: &Applied) {
        self.moved |= applied.delivered > 0
            || !applied.changed.is_empty()
            || !applied.dropped.is_empty()
            || applied.renewed.is_some()
            || applied.started_over;
        if applied.renewed.is_some() || applied.started_over || !applied.dropped.is_empty() {
            self.note(|w| format!("{} takes in {applied:?}", w.devices[at].name));
        }
        let device = &mut self.devices[at];
        if applied.renewed.is_some() {
            let moved = device.disk.store.read(reissued).unwrap();
            for made in self.truth.made.iter_mut().filter(|made| made.device == Some(at)) {
                for moved in &moved {
                    if (made.place.0, made.now) == (moved.doc, moved.was) {
                        made.now = moved.now;
                    }
                }
            }
        }
        for made in self.truth.made.iter_mut().filter(|made| made.device == Some(at) && !made.delivered) {
            if device.delivery(made.place.0, &made.now) == Some(Delivery::Delivered) {
                assert!(self.truth.ever.has(&made.place), "{} calls {made:?} delivered", device.name);
                made.delivered = true;
            }
        }
    }

    /// The relay takes a request and answers.
    pub fn serve(&mut self, body: &[u8]) -> Result<Vec<u8>, Refusal> {
        let answer = self.county.serve(self.now, body);
        self.truth.committed(&mut self.county);
        self.check_marks();
        if let Err(refusal) = &answer {
            let bytes = wire::encode_refusal(refusal);
            assert_eq!(wire::decode_refusal(&bytes, &wire::Limits::default()).as_ref(), Ok(refusal));
        }
        answer
    }

    /// Hands a letter over, whole.
    pub fn deliver(&mut self, letter: Letter) {
        let Letter { device, n, what } = letter;
        match what {
            What::Request(body) => {
                let answer = self.serve(&body);
                self.note(|w| match &answer {
                    Ok(body) => format!("the relay answers {} to {n}: {} B", w.devices[device].name, body.len()),
                    Err(refusal) => format!("the relay refuses {n} of {}: {refusal:?}", w.devices[device].name),
                });
                self.letters.push(Letter { device, n, what: What::Answer(answer) });
            }
            What::Answer(answer) => {
                let event = match answer {
                    Ok(body) => Event::Answered { n, body },
                    Err(refusal) => Event::Refused { n, refusal },
                };
                let now = self.now;
                self.devices[device].handle(now, event);
            }
        }
    }

    /// Syncs a device over a sound network, until it has nothing more to do. Letters of others stay where they are.
    pub fn sync(&mut self, at: usize) {
        let before = std::mem::take(&mut self.letters);
        let now = self.now;
        self.devices[at].queue.clear();
        self.devices[at].handle(now, Event::Due);
        let mut pushes = 0;
        while self.perform(at) {
            while let Some(letter) = self.letters.pop() {
                let request = matches!(letter.what, What::Request(_));
                pushes += u32::from(request);
                assert!(pushes < 300, "{} pushes for ever", self.devices[at].name);
                let travel = self.rng.random_range(50..900);
                self.pass(travel);
                self.deliver(letter);
            }
        }
        self.letters = before;
    }

    /// What phones have: entries where they stand, and by their first places where they were issued again.
    pub fn alive(&mut self) -> BTreeSet<Place> {
        let mut alive = BTreeSet::new();
        for (at, device) in self.devices.iter_mut().enumerate() {
            if !device.here || self.revoked.contains(&at) {
                continue;
            }
            for doc in device.docs() {
                for entry in device.entries(doc) {
                    alive.insert((doc, EntryRef::to(entry.actor, entry.seq, &entry.row.hash)));
                    let was = Entry::from_bytes(&entry.row.value).ok().and_then(|entry| entry.was);
                    alive.extend(was.map(|was| (doc, was)));
                }
            }
        }
        alive
    }

    /// After something was destroyed.
    pub fn bury(&mut self) {
        let alive = self.alive();
        self.truth.bury(&alive);
    }
}

pub fn short(entry: &EntryRef) -> String {
    format!("{}:{}", &entry.actor.to_string()[..6], entry.seq)
}

fn of_push(outgoing: &Outgoing) -> String {
    let push = &outgoing.push;
    let runs: Vec<String> =
        push.runs.iter().map(|run| format!("{:?} {}+{}", run.chain, run.first, run.values.len())).collect();
    format!(
        "{} by {:?}, cursor ({}, {}), runs {runs:?}, recovered {}, rows {}, complete {}, successor {}, lost head {}",
        push.n,
        push.device,
        push.cursor.effective,
        push.cursor.seq,
        push.recovered.len(),
        push.rows.len(),
        push.nothing_unsent,
        push.successor.is_some(),
        push.lost_head.as_ref().map_or(0, |lost| lost.head.n.0),
    )
}

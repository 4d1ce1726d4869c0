//! A phone: the real machine over a store, with clocks that follow the caller's time.

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use sanji_core::crypto::{PublicKey, SecretKey};
use sanji_core::ids::{CountyId, DocId, PersonId};
use sanji_core::records::Body;
use sanji_core::sync::message::Refusal;
use sanji_core::sync::phone::state::{Holder, Named, set_fact};
use sanji_core::sync::phone::{
    Clocks, Draft, Effect, Event, Forge, Limits, Machine, Outgoing, PhoneStore, Recorded, StoreError, Table,
    scan_prefix, waiting,
};
use sanji_core::time::UtcMs;

use crate::Outcome;

/// The longest a sync may go on, pushes.
const MOST_PUSHES: usize = 1000;

/// How long a body travels, ms each way.
pub const TRAVEL_MS: i64 = 700;

/// The bodies of one push and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The request's body.
    pub up: Vec<u8>,
    /// The answer's body.
    pub down: Vec<u8>,
}

/// Whoever answers pushes.
pub trait Answers {
    /// What `POST /v1/sync` gives at this time of the relay's clock.
    ///
    /// # Errors
    /// When the push is refused (inner), or no answer can be had at all.
    fn answer(&mut self, now: UtcMs, body: &[u8]) -> Outcome<Result<Vec<u8>, Refusal>>;
}

/// A phone.
#[derive(Clone)]
pub struct Phone<S> {
    /// What it has.
    pub store: S,
    machine: Machine,
    rng: ChaCha12Rng,
    booted: UtcMs,
    boots: u32,
}

impl<S: PhoneStore> Phone<S> {
    /// A phone of a person in a store that is still empty. It was started an hour ago.
    ///
    /// # Errors
    /// When the store fails.
    pub fn new(
        mut store: S,
        county: CountyId,
        relay: PublicKey,
        person: PersonId,
        key: SecretKey,
        now: UtcMs,
    ) -> Outcome<Self> {
        let rng = ChaCha12Rng::from_seed(key.seed());
        let forge = store.write(|rows| {
            set_fact(rows, &Holder { person: Some(person), kiosk: None })?;
            set_fact(rows, &Named { number: None, introduce: None, void: None })?;
            Forge::adopt(rows, county, key)
        })?;
        let machine = Machine::new(forge, relay, Limits::default());
        Ok(Phone { store, machine, rng, booted: now.plus(-3_600_000), boots: 1 })
    }

    /// The phone was switched off and on.
    pub fn reboot(&mut self, now: UtcMs) {
        self.booted = now;
        self.boots += 1;
    }

    fn clocks(&self, now: UtcMs) -> Clocks {
        Clocks { wall: now.secs(), elapsed: now.0.abs_diff(self.booted.0), boot: self.boots.to_string() }
    }

    /// Records an entry, durably as far as the store is.
    ///
    /// # Errors
    /// When the store fails.
    pub fn record(&mut self, now: UtcMs, doc: DocId, body: impl Into<Body>) -> Outcome<Recorded> {
        let clocks = self.clocks(now);
        let (forge, rng) = (self.machine.forge(), &mut self.rng);
        Ok(self.store.write(|rows| forge.record(rows, &clocks, rng, &Draft::new(doc, body)))?)
    }

    /// How many entries wait to be sent.
    ///
    /// # Errors
    /// When the store fails.
    pub fn unsent(&mut self) -> Outcome<u64> {
        let waiting = self.store.read(|rows| waiting(rows)).map_err(|e: StoreError| e)?;
        Ok(waiting.iter().map(|wait| wait.count()).sum())
    }

    /// How many entries the phone has, its own and others'.
    ///
    /// # Errors
    /// When the store fails.
    pub fn entries(&mut self) -> Outcome<usize> {
        let rows = self.store.read(|rows| scan_prefix(rows, Table::Entry, &[])).map_err(|e: StoreError| e)?;
        Ok(rows.len())
    }

    /// Makes the next push.
    ///
    /// # Errors
    /// When the store fails.
    pub fn push(&mut self, now: UtcMs) -> Outcome<Outgoing> {
        match self.handle(now, Event::Due)?.into_iter().next() {
            Some(Effect::Send(outgoing)) => Ok(outgoing),
            other => Err(format!("a sync begins with a push, not with {other:?}").into()),
        }
    }

    /// Takes in what happened to a push; gives the next one, if there is one.
    ///
    /// # Errors
    /// When the store fails, or the machine asks for a pause.
    pub fn take(&mut self, now: UtcMs, event: Event) -> Outcome<Option<Outgoing>> {
        let mut next = None;
        for effect in self.handle(now, event)? {
            match effect {
                Effect::Send(outgoing) => next = Some(outgoing),
                Effect::Wait(ms) => return Err(format!("the phone waits {ms} ms").into()),
                Effect::Changed(_) | Effect::PutBlob(_) | Effect::Settled => {}
            }
        }
        Ok(next)
    }

    /// Syncs until nothing more is to be done; gives the bodies in their order.
    ///
    /// # Errors
    /// When no answer can be had, or what the relay says stops the phone.
    pub fn sync(&mut self, relay: &mut impl Answers, now: UtcMs) -> Outcome<Vec<Exchange>> {
        let mut now = now;
        let mut exchanges = Vec::new();
        let mut next = Some(self.push(now)?);
        while let Some(outgoing) = next {
            if exchanges.len() == MOST_PUSHES {
                return Err("the phone pushes for ever".into());
            }
            let (n, up) = (outgoing.n, outgoing.body());
            now = now.plus(TRAVEL_MS);
            let answer = relay.answer(now, &up)?;
            now = now.plus(TRAVEL_MS);
            let event = match answer {
                Ok(down) => {
                    exchanges.push(Exchange { up, down: down.clone() });
                    Event::Answered { n, body: down }
                }
                Err(refusal) => Event::Refused { n, refusal },
            };
            next = self.take(now, event)?;
        }
        Ok(exchanges)
    }

    fn handle(&mut self, now: UtcMs, event: Event) -> Outcome<Vec<Effect>> {
        let clocks = self.clocks(now);
        Ok(self.machine.handle(&mut self.store, &clocks, &mut self.rng, event)?)
    }
}

//! The phone's side of a sync: `(clocks, event) → effects` over a store. The driver performs the effects in their order and
//! reports back; it may stop between any two of them and begin again with [`Event::Due`].

use rand::{CryptoRng, RngExt};

use crate::crypto::{BlobHash, PublicKey};
use crate::sync::message::Refusal;
use crate::sync::wire;

use super::answer::{self, AnswerError, Applied};
use super::forge::{Forge, ForgeError};
use super::outbox::{self, Standing};
use super::push::{self, Limits, Outgoing, SMALL_BLOB};
use super::refusal;
use super::session::Clocks;
use super::state::{Answered, BlobRow, Failures, Proof, Pushes, WantedRow, chain, chain_of_key, fact, load, parse};
use super::state::{seq_of_key, set_fact};
use super::store::{PhoneStore, Rows, StoreError, Table, scan_prefix};

/// The first pause after a failure, ms; it doubles with each further one.
const FIRST_PAUSE_MS: u64 = 15_000;
/// The longest pause, ms.
const LONGEST_PAUSE_MS: u64 = 3_600_000;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A sync is wanted now.
    Due,
    /// The body of a 200 answer to push `n`.
    Answered {
        /// Which push.
        n: u64,
        /// The body.
        body: Vec<u8>,
    },
    /// Push `n` was refused; a whole `Busy` says how long to wait.
    Refused {
        /// Which push.
        n: u64,
        /// Why.
        refusal: Refusal,
    },
    /// No answer came to push `n`: no network, a timeout, a cut transfer.
    Failed {
        /// Which push.
        n: u64,
    },
    /// The relay has this large blob.
    BlobStored(BlobHash),
    /// The blob could not be sent.
    BlobFailed(BlobHash),
}

/// What the driver has to do.
#[expect(clippy::large_enum_variant, reason = "a list of effects holds few of them")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Keep n outside the store, then send the body to `/v1/sync`.
    Send(Outgoing),
    /// Send this large blob to `/v1/blobs`.
    PutBlob(BlobHash),
    /// Tell whoever listens what an answer changed.
    Changed(Applied),
    /// Nothing more can be done now; try again after so many ms.
    Wait(u64),
    /// Nothing more is to be done.
    Settled,
}

/// Why an event could not be handled. The store is as before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MachineError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Entries could not be issued again.
    #[error(transparent)]
    Forge(#[from] ForgeError),
}

/// The phone's machine. What it knows is in the store, but for the key that it writes with.
#[derive(Clone)]
pub struct Machine {
    forge: Forge,
    relay: PublicKey,
    limits: Limits,
}

impl Machine {
    /// The machine of a device and its relay.
    pub fn new(forge: Forge, relay: PublicKey, limits: Limits) -> Self {
        Machine { forge, relay, limits }
    }

    /// The device's pen.
    pub fn forge(&self) -> &Forge {
        &self.forge
    }

    /// The key of the relay that it believes.
    pub fn relay(&self) -> PublicKey {
        self.relay
    }

    /// Takes this pen from now on.
    pub fn set_forge(&mut self, forge: Forge) {
        self.forge = forge;
    }

    /// Handles an event.
    ///
    /// # Errors
    /// When the store fails; the event is then as if it had not happened.
    pub fn handle(
        &mut self,
        store: &mut impl PhoneStore,
        clocks: &Clocks,
        rng: &mut dyn CryptoRng,
        event: Event,
    ) -> Result<Vec<Effect>, MachineError> {
        match event {
            Event::Due => Ok(vec![self.send(store, clocks)?]),
            Event::Answered { n, body } => self.answered(store, clocks, rng, n, &body),
            Event::Refused { n, refusal } => self.refused(store, clocks, rng, n, &refusal),
            Event::Failed { n } => {
                let latest = store.read(|rows| is_latest(rows, n))?;
                Ok(if latest { vec![self.pause(store, rng, 0)?] } else { Vec::new() })
            }
            Event::BlobStored(hash) => {
                store.write(|rows| answer::blob_stored(rows, &hash))?;
                Ok(Vec::new())
            }
            Event::BlobFailed(_) => Ok(vec![self.pause(store, rng, 0)?]),
        }
    }

    fn send(&self, store: &mut impl PhoneStore, clocks: &Clocks) -> Result<Effect, MachineError> {
        let outgoing = store.write(|rows| push::build(rows, &self.forge, clocks, &self.limits))?;
        Ok(Effect::Send(outgoing))
    }

    fn answered(
        &mut self,
        store: &mut impl PhoneStore,
        clocks: &Clocks,
        rng: &mut dyn CryptoRng,
        n: u64,
        body: &[u8],
    ) -> Result<Vec<Effect>, MachineError> {
        let Some(envelope) = store.read(|rows| answer::expected(rows, n))? else { return Ok(Vec::new()) };
        let expect = wire::Expect { county: self.forge.county(), actor: self.forge.actor(), push: n, envelope };
        let limits = wire::Limits::default();
        let Ok(answer) = wire::decode_answer(body, &expect, &limits) else {
            // A cut or foreign body is no answer: the next push asks again.
            return self.handle(store, clocks, rng, Event::Failed { n });
        };
        let mut forge = self.forge.clone();
        let relay = self.relay;
        let result = store.write(|rows| {
            let applied = answer::apply(rows, &mut forge, clocks, &relay, &answer, rng)?;
            let next = next(rows, &applied)?;
            Ok::<_, AnswerError>((applied, next))
        });
        let (applied, next) = match result {
            Ok(done) => done,
            Err(AnswerError::NotTheRelay(_)) => return self.handle(store, clocks, rng, Event::Failed { n }),
            Err(AnswerError::Store(e)) => return Err(e.into()),
            Err(AnswerError::Forge(e)) => return Err(e.into()),
        };
        self.forge = forge;
        let mut effects = vec![Effect::Changed(applied)];
        match next {
            Next::Send => effects.push(self.send(store, clocks)?),
            Next::Pause => effects.push(self.pause(store, rng, 0)?),
            Next::Blobs(blobs) => {
                effects.extend(blobs.into_iter().map(Effect::PutBlob));
                effects.push(Effect::Settled);
            }
        }
        Ok(effects)
    }

    fn refused(
        &mut self,
        store: &mut impl PhoneStore,
        clocks: &Clocks,
        rng: &mut dyn CryptoRng,
        n: u64,
        why: &Refusal,
    ) -> Result<Vec<Effect>, MachineError> {
        let forge = &self.forge;
        let limits = &self.limits;
        let step = store.write(|rows| {
            if !is_latest(rows, n)? {
                return Ok::<_, StoreError>(refusal::Step::Ignore);
            }
            refusal::take(rows, forge, limits, why)
        })?;
        Ok(match step {
            refusal::Step::Ignore => Vec::new(),
            refusal::Step::Again => vec![self.send(store, clocks)?],
            refusal::Step::Pause(least) => vec![self.pause(store, rng, least)?],
            refusal::Step::Stop => vec![Effect::Settled],
        })
    }

    /// Counts a failure and says how long to wait: at least `least` ms.
    fn pause(&self, store: &mut impl PhoneStore, rng: &mut dyn CryptoRng, least: u64) -> Result<Effect, MachineError> {
        let failures = store.write(|rows| {
            let count = fact::<Failures>(rows)?.map_or(0, |f| f.count).saturating_add(1);
            set_fact(rows, &Failures { count })?;
            Ok::<_, StoreError>(count)
        })?;
        Ok(Effect::Wait(backoff_ms(failures, rng).max(least)))
    }
}

/// The pause after so many failures in a row, ms: exponential with jitter, so that phones which failed together don't come
/// back together.
pub fn backoff_ms(failures: u32, rng: &mut dyn CryptoRng) -> u64 {
    let doubled = FIRST_PAUSE_MS.saturating_mul(1 << failures.saturating_sub(1).min(20));
    let longest = doubled.min(LONGEST_PAUSE_MS);
    rng.random_range(longest / 2..=longest)
}

fn is_latest(rows: &mut dyn Rows, n: u64) -> Result<bool, StoreError> {
    Ok(fact::<Pushes>(rows)?.is_some_and(|p| p.n == n))
}

enum Next {
    /// Something is left that a push moves on.
    Send,
    /// Something is left, but the last answer moved nothing.
    Pause,
    /// Only large blobs are left, or nothing.
    Blobs(Vec<BlobHash>),
}

fn next(rows: &mut dyn Rows, applied: &Applied) -> Result<Next, StoreError> {
    let (small, large) = ready_blobs(rows)?;
    if !applied.expected {
        return Ok(Next::Blobs(large));
    }
    let answered = fact::<Answered>(rows)?.unwrap_or_default();
    let confirms = answered.last.map(|last| last.session) != answered.confirmed;
    let left = small
        || answered.more == Some(true)
        || fact::<Proof>(rows)?.is_some()
        || !outbox::waiting(rows)?.is_empty()
        || !scan_prefix(rows, Table::Recover, &[])?.is_empty()
        || asks(rows)?;
    Ok(match (left, applied.progress) {
        (true, true) => Next::Send,
        (true, false) if !confirms => Next::Pause,
        _ if confirms => Next::Send,
        _ => Next::Blobs(large),
    })
}

fn asks(rows: &mut dyn Rows) -> Result<bool, StoreError> {
    for (key, bytes) in scan_prefix(rows, Table::Wanted, &[])? {
        let wanted: WantedRow = parse(Table::Wanted, &key, &bytes)?;
        if wanted.asked != Some(true) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Blobs whose entry is on the relay: whether small ones wait, and the large ones.
fn ready_blobs(rows: &mut dyn Rows) -> Result<(bool, Vec<BlobHash>), StoreError> {
    let (mut small, mut large) = (false, Vec::new());
    for (key, entry) in scan_prefix(rows, Table::BlobUnsent, &[])? {
        let Some(((doc, actor), seq)) = chain_of_key(&entry).zip(seq_of_key(&entry)) else { continue };
        if chain(rows, doc, actor)?.is_none_or(|row| row.through < seq) {
            continue;
        }
        let Some(blob) = load::<BlobRow>(rows, Table::Blob, &key)? else { continue };
        if blob.bytes.0.len() <= SMALL_BLOB + 16 {
            small = true;
        } else {
            large.extend(BlobHash::from_slice(&key));
        }
    }
    Ok((small, large))
}

/// Whether the relay takes this device's pushes, as far as the phone knows.
///
/// # Errors
/// When the store fails.
pub fn standing(rows: &mut dyn Rows) -> Result<Standing, StoreError> {
    Ok(fact(rows)?.unwrap_or(Standing::Fine))
}

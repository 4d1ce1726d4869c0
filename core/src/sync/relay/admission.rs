//! The check that every push passes before anything is stored: a known device, next links of its own chains, tips that the
//! rebuilt chain leads to, and a signature over them. Only here is a [`VerifiedPush`] made.

use std::collections::BTreeSet;

use super::book::Book;
use super::enrolment::Newcomer;
use super::rows::{ChainRow, DeviceRow, DeviceState};
use super::{Relay, RelayError, claimed_actor};
use crate::crypto::{EnvelopeHash, PublicKey, Signature};
use crate::documents::chain::{Link, Salt, Tip};
use crate::ids::{ActorId, DocId, DocKind};
use crate::labels;
use crate::sync::message::{ChainName, DeviceName, LogNo, Push, Refusal, Run, SignedTip, envelope_hash};
use crate::time::UtcMs;

/// The most entries that one push may bring.
const MAX_ENTRIES: usize = 20_000;

/// A run whose links were rebuilt.
pub(super) struct CheckedRun {
    pub doc: DocId,
    pub chain: Option<ChainRow>,
    /// The salt that the run's first entry brings, or that the chain has.
    pub salt: Salt,
    pub links: Vec<Link>,
    /// The values as maps are needed once more when they are stored; this is their reading of the session.
    pub through: u64,
}

/// Who pushes: a device that is known, or one that shows why it should be.
pub(super) enum Pusher {
    /// Enrolled.
    Known(Box<DeviceRow>),
    /// Not yet: a certificate, an old key's signature, or a row that this relay once signed.
    New(Box<Newcomer>),
}

/// How a push came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// From the phone itself.
    Sync,
    /// In a file. What a revoked device had not sent may come so; its entries are flagged.
    Bundle,
}

/// A push that passed the check. It can't be made otherwise.
pub struct VerifiedPush {
    pub(super) pusher: Pusher,
    pub(super) runs: Vec<CheckedRun>,
    pub(super) push: Push,
    pub(super) signed: Vec<u8>,
    pub(super) signature: Signature,
    /// The cursor's L is not this log's: numbers are void and the phone starts over.
    pub(super) rewound: bool,
    actor: ActorId,
    envelope: EnvelopeHash,
}

impl VerifiedPush {
    /// The push.
    pub fn push(&self) -> &Push {
        &self.push
    }

    /// The device.
    pub fn actor(&self) -> ActorId {
        self.actor
    }

    /// The hash of the signed envelope.
    pub fn envelope(&self) -> EnvelopeHash {
        self.envelope
    }
}

fn malformed(why: impl Into<String>) -> RelayError {
    Refusal::Malformed(why.into()).into()
}

impl Relay {
    pub(super) fn admit(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        push: Push,
        signature: Signature,
        way: Way,
    ) -> Result<VerifiedPush, RelayError> {
        let pusher = self.pusher(book, now, &push, way)?;
        let key = match &pusher {
            Pusher::Known(device) => device.key,
            Pusher::New(newcomer) => newcomer.key,
        };
        let rewound = self.rewound(book, &push)?;
        if rewound && !matches!(push.device, DeviceName::Key(_)) {
            return Err(Refusal::NumbersVoid.into());
        }
        let runs = self.check_runs(book, &push, &key)?;
        let tips: Vec<SignedTip> = runs
            .iter()
            .filter_map(|run| {
                let last = run.links.last()?;
                Some(SignedTip { doc: run.doc, seq: last.seq, hash: last.hash })
            })
            .collect();
        let signed = push.signed_bytes(self.county(), key.actor(), &tips);
        if !key.verifies(labels::PUSH, &signed, &signature) {
            return Err(Refusal::Signature.into());
        }
        let envelope = envelope_hash(&signed, &signature);
        Ok(VerifiedPush { pusher, runs, push, signed, signature, rewound, actor: key.actor(), envelope })
    }

    fn pusher(&self, book: &mut Book<'_>, now: UtcMs, push: &Push, way: Way) -> Result<Pusher, RelayError> {
        let known = match push.device {
            DeviceName::Number(number) => Some(book.device(number)?.ok_or(Refusal::NumbersVoid)?),
            DeviceName::Key(key) => book.device_of(key.actor())?.filter(|device| device.key == key),
        };
        if let Some(device) = known {
            if let (Some(since), Way::Sync) = (device.revoked, way) {
                return Err(Refusal::Revoked(since).into());
            }
            return Ok(Pusher::Known(Box::new(device)));
        }
        let Some(_) = claimed_actor(&push.device) else { return Err(Refusal::UnknownDevice.into()) };
        self.newcomer(book, now, push).map(|newcomer| Pusher::New(Box::new(newcomer)))
    }

    /// Whether the phone starts over: its cursor speaks of a log that this one isn't, or it gives up its numbers.
    fn rewound(&self, book: &mut Book<'_>, push: &Push) -> Result<bool, RelayError> {
        let starts_over = matches!(push.device, DeviceName::Key(_)) && push.cursor.effective > 0;
        if starts_over || self.is_lost(book, push)? {
            return Ok(true);
        }
        let there = book.l(LogNo(push.cursor.effective))?;
        Ok(there.is_none_or(|l| l.short() != push.cursor.head))
    }

    fn check_runs(&self, book: &mut Book<'_>, push: &Push, key: &PublicKey) -> Result<Vec<CheckedRun>, RelayError> {
        let entries: usize = push.runs.iter().chain(&push.recovered).map(|run| run.values.len()).sum();
        if entries > MAX_ENTRIES {
            return Err(malformed(format!("{entries} entries in one push; at most {MAX_ENTRIES} are taken")));
        }
        let mut docs = BTreeSet::new();
        let mut checked = Vec::with_capacity(push.runs.len());
        for (at, run) in push.runs.iter().enumerate() {
            let (doc, chain) = self.own_chain(book, run, key, at)?;
            if !docs.insert(doc) {
                return Err(malformed(format!("run {at}: {doc} stands in two runs of this push")));
            }
            checked.push(self.rebuild(book, run, doc, key.actor(), chain, at)?);
        }
        Ok(checked)
    }

    fn own_chain(
        &self,
        book: &mut Book<'_>,
        run: &Run,
        key: &PublicKey,
        at: usize,
    ) -> Result<(DocId, Option<ChainRow>), RelayError> {
        match run.chain {
            ChainName::Number(number) => {
                let chain = book.chain(number)?.filter(|c| c.actor == key.actor()).ok_or(Refusal::NumbersVoid)?;
                Ok((chain.doc, Some(chain)))
            }
            ChainName::Name(doc, actor) if actor == key.actor() => {
                if doc.kind == DocKind::County && doc.object != self.county().0 {
                    return Err(malformed(format!("run {at}: {doc} is of another county")));
                }
                Ok((doc, book.chain_of(doc, actor)?))
            }
            ChainName::Name(..) => Err(malformed(format!("run {at} is a chain of another device"))),
        }
    }

    /// Rebuilds the links of a run upon what the relay has.
    pub(super) fn rebuild(
        &self,
        book: &mut Book<'_>,
        run: &Run,
        doc: DocId,
        actor: ActorId,
        chain: Option<ChainRow>,
        at: usize,
    ) -> Result<CheckedRun, RelayError> {
        let through = chain.as_ref().map_or(0, |c| c.seq);
        let (Some(first), true) = (run.values.first(), run.first > 0) else {
            return Err(malformed(format!("run {at} is empty")));
        };
        if run.first > through + 1 {
            // A gap can't be rebuilt, so the signature can't be checked: let the phone ask what there is.
            return Err(Refusal::NumbersVoid.into());
        }
        let broken = |seq: u64, e: &dyn std::fmt::Display| malformed(format!("run {at}, entry {seq}: {e}"));
        let mut tip = match &chain {
            Some(chain) if run.first > 1 => {
                let hash = if run.first == through + 1 {
                    chain.hash
                } else {
                    let n = book.entry_no(chain.number, run.first - 1)?.ok_or(Refusal::NumbersVoid)?;
                    book.entry(n)?.ok_or(Refusal::NumbersVoid)?.hash
                };
                let salt = chain.salt.0.as_slice().try_into().map(Salt).map_err(|_| Refusal::NumbersVoid)?;
                Tip { doc, actor, seq: run.first - 1, hash, salt }
            }
            _ => Tip::start_of(self.county(), doc, actor, first).map_err(|e| broken(1, &e))?,
        };
        let salt = tip.salt;
        let mut links = Vec::with_capacity(run.values.len());
        for value in &run.values {
            let (next, link) = tip.append_wire(value).map_err(|e| broken(tip.seq + 1, &e))?;
            tip = next;
            links.push(link);
        }
        if tip.hash.short() != run.tip {
            return Err(Refusal::NumbersVoid.into());
        }
        Ok(CheckedRun { doc, chain, salt, links, through })
    }
}

/// Whether a device in this state may write or read beyond its own duty.
pub(super) fn is_confirmed(state: DeviceState) -> bool {
    matches!(state, DeviceState::Active)
}

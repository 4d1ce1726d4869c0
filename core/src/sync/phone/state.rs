//! The rows of a phone's tables, typed. Keys of entries and chains begin with the document's label, so that what a term
//! holds stands together and opening it never touches older terms.

mod access;
mod reach;

pub use access::*;
pub use reach::{asked, reaching};

use crate::cbor::{self, Value};
use crate::crypto::{BlobHash, EntryHash, Signature};
use crate::documents::chain::{Salt, Tip};
use crate::ids::{ActorId, DocId, Label, PersonId, PostingId, SchoolId};
use crate::records::field::{Bytes, Scalar, record, scalar};
use crate::records::{EntryRef, Role};
use crate::sync::message::{AnswerReading, Cursor, DeviceNote, EntryNote, FlagReason, LogNo, RetireReason, Via};
use crate::time::{UtcMs, UtcSecs};

use super::store::{Rows, StoreError, Table, scan_prefix};

scalar!(Signature, |s| Value::Bytes(s.0.to_vec()), |v| Signature::from_slice(v.bytes()?));
scalar!(
    Cursor,
    |c| Value::Array(vec![c.effective.to_value(), c.seq.to_value(), Value::Bytes(c.head.to_vec()), c.notes.to_value()]),
    |v| match v.array()? {
        [effective, seq, head, notes] => Some(Cursor {
            effective: effective.uint()?,
            seq: seq.uint()?,
            head: head.bytes()?.try_into().ok()?,
            notes: notes.uint()?,
        }),
        _ => None,
    }
);
scalar!(AnswerReading, |a| Value::Array(vec![a.push.to_value(), a.session.to_value(), a.ms.to_value()]), |v| match v
    .array()?
{
    [push, session, ms] =>
        Some(AnswerReading { push: push.uint()?, session: u32::from_value(session)?, ms: ms.uint()? }),
    _ => None,
});
/// A fact kept under one name in [`Table::Meta`].
pub trait Fact: Scalar {
    /// The name.
    const NAME: &'static [u8];
}

macro_rules! fact {
    ($(#[$doc:meta])* $type:ty = $name:literal) => {
        impl Fact for $type {
            const NAME: &'static [u8] = $name;
        }
    };
}

record! {
    /// The device as it writes now.
    Identity {
        /// Seed of the Ed25519 key.
        1 seed: Bytes,
        /// Its actor.
        2 actor: ActorId,
    }
}
fact!(Identity = b"identity");

record! {
    /// A key under which this phone wrote before.
    PastActor {
        /// Its actor.
        1 actor: ActorId,
        /// Its seed, as long as there is one.
        2 seed: Option<Bytes>,
    }
}

record! {
    /// Every such key, oldest first.
    Past {
        /// The keys.
        1 actors: Vec<PastActor>,
    }
}
fact!(Past = b"past");

record! {
    /// Whose phone this is.
    Holder {
        /// The person; absent for a kiosk.
        1 person: Option<PersonId>,
        /// The kiosk's school; absent for a person.
        2 kiosk: Option<SchoolId>,
    }
}
fact!(Holder = b"holder");

record! {
    /// Wrong PINs of one person at this kiosk, in a row.
    WrongPins {
        /// Whose.
        1 posting: PostingId,
        /// How many.
        2 count: u32,
        /// The boot in which the last one was given.
        3 boot: String,
        /// When that was, by the clock that never stops, ms.
        4 at: u64,
    }
}

record! {
    /// Wrong PINs at this kiosk; they outlast the app, or closing it would end the pause.
    Wrong {
        /// By person.
        1 people: Vec<WrongPins>,
    }
}
fact!(Wrong = b"wrong-pins");

record! {
    /// A posting as it was known when the phone was enrolled; the roster of the school's document says more later.
    HeldPosting {
        /// The posting.
        1 posting: PostingId,
        /// Its school.
        2 school: SchoolId,
        /// The role there.
        3 role: Role,
    }
}

record! {
    /// The postings of the holder, as given at enrolment.
    Held {
        /// Each posting.
        1 postings: Vec<HeldPosting>,
    }
}
fact!(Held = b"held");

record! {
    /// The number of the last push.
    Pushes {
        /// n; 0 before the first.
        1 n: u64,
    }
}
fact!(Pushes = b"pushes");

record! {
    /// The session of the phone's clocks that runs now.
    Session {
        /// Its number, from 1.
        1 number: u32,
        /// The boot in which it began, as the system names it. Never leaves the phone.
        2 boot: String,
        /// The clock that never stops, when the session began, ms.
        3 zero: u64,
        /// The last value of that clock that was written down, ms.
        4 last: u64,
        /// Wall clock less that clock, ms.
        5 offset: i64,
    }
}
fact!(Session = b"session");

fact!(Cursor = b"cursor");

record! {
    /// What the phone knows of its answers.
    #[derive(Default)]
    Answered {
        /// When the last one came.
        1 last: Option<AnswerReading>,
        /// The session in which the arrival of an answer was last told to the relay.
        2 confirmed: Option<u32>,
        /// The relay's clock in the last answer.
        3 relay: Option<UtcMs>,
        /// Whether more waited beyond the cursor.
        4 more: Option<bool>,
        /// The relay's clock when the fingerprint of all chains was last sent.
        5 compared: Option<UtcMs>,
    }
}
fact!(Answered = b"answered");

record! {
    /// How the relay names this device.
    #[derive(Default)]
    Named {
        /// The enrolment's number; absent when void.
        1 number: Option<LogNo>,
        /// Whether the next push shows rows, certificate and successor.
        2 introduce: Option<bool>,
        /// Refusals in a row that said that numbers are void.
        3 void: Option<u32>,
    }
}
fact!(Named = b"named");

record! {
    /// Shown with the next pushes until the relay knows them.
    #[derive(Default)]
    Proof {
        /// A principal's certificate (`wire`).
        1 certificate: Option<Bytes>,
        /// The old key's signature for this one (`wire`).
        2 successor: Option<Bytes>,
        /// Whether the signed rows are to be handed back.
        3 rows: Option<bool>,
    }
}
fact!(Proof = b"proof");

record! {
    /// The last number that this phone gave to a certificate.
    Certificates {
        /// The number.
        1 last: u64,
    }
}
fact!(Certificates = b"certificates");

record! {
    /// The six digits by which this phone is let in again, as the relay last told.
    Digits {
        /// Them, as a number.
        1 digits: u32,
    }
}
fact!(Digits = b"digits");

record! {
    /// That the records went back or were replaced, as long as it is to be said.
    Noticed {
        /// Where the file lies that was replaced; absent where the records went back.
        1 kept: Option<String>,
        /// Why it could not be opened, for diagnostics.
        2 why: Option<String>,
        /// When it was first said, by the phone's wall clock.
        3 said: Option<UtcSecs>,
    }
}
fact!(Noticed = b"noticed");

record! {
    /// The newest signed head.
    Latest {
        /// It, as `wire` writes it.
        1 head: Bytes,
    }
}
fact!(Latest = b"latest");

record! {
    /// The most bytes of values in one body, after a relay said that a body was too large.
    BodyLimit {
        /// Bytes.
        1 bytes: u32,
    }
}
fact!(BodyLimit = b"body_limit");

record! {
    /// Tries that failed in a row, for the backoff.
    Failures {
        /// How many.
        1 count: u32,
    }
}
fact!(Failures = b"failures");

record! {
    /// A chain as the phone knows it.
    ChainRow {
        /// Its salt; absent until its first entry is here.
        1 salt: Option<Bytes>,
        /// Its number, unless void.
        2 number: Option<LogNo>,
        /// For a chain of this device: the relay has it through this seq.
        3 through: u64,
        /// The device's person; absent for a kiosk.
        4 person: Option<PersonId>,
        /// How the device writes.
        5 via: Via,
        /// Why the relay doesn't take more of it.
        6 stopped: Option<u32>,
        /// Whether this phone writes it, or wrote it under an earlier key.
        7 mine: Option<bool>,
    }
}

record! {
    /// A copy that was dropped because a run did not lead to its tip.
    WantedRow {
        /// The tip that the relay announced, 8 bytes.
        1 announced: Bytes,
        /// The tip that was rebuilt, 8 bytes.
        2 rebuilt: Bytes,
        /// Whether it was asked for already; then it isn't asked for again.
        3 asked: Option<bool>,
    }
}

record! {
    /// A run in a push.
    PendingRun {
        /// The chain's document.
        1 doc: DocId,
        /// First seq.
        2 first: u64,
        /// Last seq.
        3 last: u64,
        /// The chain's device: this phone, or another in a run handed back.
        4 actor: ActorId,
    }
}

record! {
    /// A push whose answer may still come.
    PendingRow {
        /// Bytes that were signed.
        1 signed: Bytes,
        /// The signature.
        2 signature: Signature,
        /// The cursor that it named.
        3 cursor: Cursor,
        /// Own runs.
        4 runs: Vec<PendingRun>,
        /// Runs handed back.
        9 recovered: Vec<PendingRun>,
        /// Chains that it asked for again, by their keys.
        10 again: Vec<Bytes>,
        /// Blobs of its entries, and those that it brought.
        5 blobs: Vec<BlobHash>,
        /// Whether the fingerprint was in it.
        6 have: Option<bool>,
        /// Whether rows, certificate, successor or lost head were in it.
        7 proof: Option<bool>,
        /// Whether it signed that nothing is unsent.
        8 nothing_unsent: Option<bool>,
    }
}

record! {
    /// A push that was acknowledged: with an entry of it, a receipt that shows nobody else's data.
    ReceiptRow {
        /// Bytes that were signed.
        1 signed: Bytes,
        /// The phone's signature.
        2 signature: Signature,
        /// The relay's signed head, as `wire` writes it.
        3 head: Bytes,
    }
}

record! {
    /// A device in scope.
    DeviceRow {
        /// Its actor.
        1 actor: ActorId,
        /// Its person.
        2 person: Option<PersonId>,
        /// How it writes.
        3 via: Via,
        /// Since when it counts.
        4 since: UtcMs,
        /// Complete through, whole seconds of the relay's clock.
        5 mark: Option<i64>,
        /// Retired as of.
        6 retired: Option<UtcMs>,
        /// Why.
        7 why: Option<RetireReason>,
        /// Revoked since.
        8 revoked: Option<UtcMs>,
        /// A kiosk's school.
        9 school: Option<SchoolId>,
    }
}

impl DeviceRow {
    /// The row of a note.
    pub fn of(note: &DeviceNote) -> Self {
        DeviceRow {
            actor: note.actor,
            person: note.person,
            via: note.via,
            since: note.since,
            mark: note.mark,
            retired: note.retired.map(|(as_of, _)| as_of),
            why: note.retired.map(|(_, why)| why),
            revoked: note.revoked,
            school: note.school,
        }
    }

    /// The note of a row.
    pub fn note(&self, number: LogNo) -> DeviceNote {
        DeviceNote {
            number,
            actor: self.actor,
            person: self.person,
            via: self.via,
            school: self.school,
            since: self.since,
            mark: self.mark,
            retired: self.retired.zip(self.why),
            revoked: self.revoked,
        }
    }
}

record! {
    /// A blob.
    BlobRow {
        /// The document that owns it.
        1 doc: DocId,
        /// Salt and content.
        2 bytes: Bytes,
    }
}

record! {
    /// A person at a kiosk.
    KioskPerson {
        /// The name.
        1 name: String,
        /// Salt and tag; empty until a PIN is set.
        2 verifier: Bytes,
    }
}

record! {
    /// An entry of an earlier actor that was issued again.
    ReissuedRow {
        /// Where it stands now.
        1 now: EntryRef,
        /// The old value.
        2 value: Bytes,
        /// The old hash.
        3 hash: EntryHash,
    }
}

/// An entry as it is kept: hash, the relay's note, value with salt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Hash of its change.
    pub hash: EntryHash,
    /// What the relay noted beside it; absent until it did.
    pub note: Option<EntryNote>,
    /// Canonical CBOR, salt included.
    pub value: Vec<u8>,
}

impl EntryRow {
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(52 + self.value.len());
        bytes.extend_from_slice(&self.hash.0);
        match &self.note {
            None => bytes.push(0),
            Some(note) => {
                bytes.push(1);
                bytes.push(note.flag.map_or(0, |f| f as u8));
                bytes.push(note.label);
                bytes.extend_from_slice(&note.earliest.to_be_bytes());
                bytes.extend_from_slice(&note.latest.to_be_bytes());
            }
        }
        bytes.extend_from_slice(&self.value);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (hash, rest) = bytes.split_at_checked(32)?;
        let hash = EntryHash::from_slice(hash)?;
        match rest.split_first()? {
            (0, value) => Some(EntryRow { hash, note: None, value: value.to_vec() }),
            (1, rest) => {
                let (note, value) = rest.split_at_checked(18)?;
                let flag = if note[0] == 0 { None } else { Some(FlagReason::from_u8(note[0])?) };
                let note = EntryNote {
                    flag,
                    label: note[1],
                    earliest: i64::from_be_bytes(note[2..10].try_into().ok()?),
                    latest: i64::from_be_bytes(note[10..].try_into().ok()?),
                };
                Some(EntryRow { hash, note: Some(note), value: value.to_vec() })
            }
            _ => None,
        }
    }
}

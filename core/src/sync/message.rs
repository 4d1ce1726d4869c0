//! What phone and relay say to each other in one round trip. Meaning only: `wire` makes bytes of it.
//!
//! A device is named by its enrolment's log number, a chain by the log number of its first entry, once the relay has said
//! that number; before, and after a relay went back, by name. A number is void when L of the cursor differs.

mod answer;

pub use crate::documents::journal::Via;
pub use answer::*;

use crate::cbor::{self, Value};
use crate::crypto::{BodyHash, EntryHash, EnvelopeHash, LogHash, PublicKey, Signature, sha256};
use crate::ids::{ActorId, CountyId, DocId, PersonId, PostingId, SchoolId};
use crate::labels;
use crate::records::{Reading, Role};
use crate::time::UtcMs;
use jiff::civil::Date;

/// The version of everything that travels. In every message.
pub const VERSION: u8 = 1;

/// A log number: the place of a row in the county's log, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogNo(pub u64);

/// Where a phone stands in what it may read: (effective, seq), effective = the larger of the entry's and the grant's
/// number, seq = the entry's own number; and the first 8 bytes of L(effective), by which a relay that went back is noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor {
    /// The larger of the last received entry's number and its grant's.
    pub effective: u64,
    /// The last received entry's number.
    pub seq: u64,
    /// First 8 bytes of L(effective); of L(0) at the start.
    pub head: [u8; 8],
    /// Revision of the notes (flags, placements, marks, devices) up to which the phone has them; they are no log rows.
    pub notes: u64,
}

/// When the phone received the answer to an earlier push, by its own session clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerReading {
    /// The number n of the push that was answered.
    pub push: u64,
    /// The session in which the answer arrived.
    pub session: u32,
    /// Milliseconds since that session began.
    pub ms: u64,
}

/// A device, by number or by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceName {
    /// Its enrolment's log number.
    Number(LogNo),
    /// Its key, where the number isn't known or void.
    Key(PublicKey),
}

/// A chain, by number or by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChainName {
    /// The log number of its first entry.
    Number(LogNo),
    /// Document and device.
    Name(DocId, ActorId),
}

/// Consecutive entries of one chain, as they travel: the values without their later salts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Which chain.
    pub chain: ChainName,
    /// Seq of the first value.
    pub first: u64,
    /// First 8 bytes of the hash of the last entry; the receiver rebuilds all 32.
    pub tip: [u8; 8],
    /// The values, canonical CBOR maps; the salt only in a chain's first.
    pub values: Vec<Vec<u8>>,
}

/// A small blob beside its entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmallBlob {
    /// The document that owns it.
    pub doc: DocId,
    /// 16 bytes of salt, then the content.
    pub bytes: Vec<u8>,
}

/// A signed head that the phone keeps: the acknowledgement of one of its pushes, or proof of a lost past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHead {
    /// What was signed.
    pub head: Head,
    /// The relay's signature.
    pub signature: Signature,
}

/// What a relay signs in each answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The county.
    pub county: CountyId,
    /// The last log number when it answered.
    pub n: LogNo,
    /// L of that number.
    pub l: LogHash,
    /// The relay's clock when it answered.
    pub relay: UtcMs,
    /// The device that is answered.
    pub actor: ActorId,
    /// Which push of it.
    pub push: u64,
    /// SHA-256 of that push's envelope.
    pub envelope: EnvelopeHash,
    /// SHA-256 of the answer's body.
    pub body: BodyHash,
}

/// A principal's certificate for a device that was enrolled without a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The new device's key.
    pub key: PublicKey,
    /// Its person.
    pub person: PersonId,
    /// Staff or kiosk.
    pub role: Role,
    /// The school of the issuer's grant.
    pub school: SchoolId,
    /// The posting, for staff.
    pub posting: Option<PostingId>,
    /// The issuer's own running number; used once.
    pub number: u64,
    /// Last day on which it may be shown.
    pub expires: Date,
    /// The principal's device.
    pub issuer: ActorId,
    /// The issuer's signature.
    pub signature: Signature,
}

/// An old key names the key that follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor {
    /// The old device.
    pub old: ActorId,
    /// The new key (that of this push).
    pub new: PublicKey,
    /// The old key's signature.
    pub signature: Signature,
}

/// What is asked for again: a chain whose copy the phone dropped because a run did not lead to its tip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainRequest {
    /// Which chain.
    pub chain: ChainName,
    /// The last seq that the phone kept, 0 for the whole chain.
    pub after: u64,
    /// The tip that the relay had announced.
    pub announced: [u8; 8],
    /// The tip that the phone had rebuilt.
    pub rebuilt: [u8; 8],
}

/// A push: what the phone has and what it asks for. Only a relay's admission makes a `VerifiedPush` of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// Who.
    pub device: DeviceName,
    /// The device's growing number, on its disk before the body leaves.
    pub n: u64,
    /// Build version of the app.
    pub build: u32,
    /// The clocks when this body was made.
    pub reading: Reading,
    /// When the last answer arrived.
    pub last_answer: Option<AnswerReading>,
    /// What the phone has.
    pub cursor: Cursor,
    /// Whether, with this body, nothing is left unsent.
    pub nothing_unsent: bool,
    /// The most bytes that the answer's body may have before compression.
    pub page: u32,
    /// Fingerprint of all chains at the cursor, at most weekly.
    pub have: Option<[u8; 8]>,
    /// Own entries.
    pub runs: Vec<Run>,
    /// Others' entries, for a relay that went back.
    pub recovered: Vec<Run>,
    /// Small blobs of the entries in this body.
    pub blobs: Vec<SmallBlob>,
    /// Chains to be sent again.
    pub again: Vec<ChainRequest>,
    /// Signed rows handed back to a relay that went back, or that doesn't know the device.
    pub rows: Vec<SignedRow>,
    /// A head of the lost past.
    pub lost_head: Option<SignedHead>,
    /// Shown at the first push of a device that a principal enrolled.
    pub certificate: Option<Certificate>,
    /// Shown at the first push under a new key.
    pub successor: Option<Successor>,
}

/// The last seq and tip of a document's chain in a push: what the signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedTip {
    /// The document.
    pub doc: DocId,
    /// The last seq in this body.
    pub seq: u64,
    /// Its whole hash.
    pub hash: EntryHash,
}

fn uint(n: u64) -> Value {
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

fn reading_value(r: &Reading) -> Value {
    Value::Array(vec![Value::Int(r.wall.0), uint(u64::from(r.session)), uint(r.ms)])
}

impl Push {
    /// The bytes that the device signs under [`labels::PUSH`]: canonical CBOR of county, actor, n, build, clock reading, last
    /// answer, cursor, nothing_unsent, and for each document in `runs` its id, last seq and tip. `tips` come in the order of
    /// `runs`. A document that stands in two runs is refused by admission, so the list is a function of the body.
    pub fn signed_bytes(&self, county: CountyId, actor: ActorId, tips: &[SignedTip]) -> Vec<u8> {
        let last = self
            .last_answer
            .map_or(Value::Null, |a| Value::Array(vec![uint(a.push), uint(u64::from(a.session)), uint(a.ms)]));
        let c = &self.cursor;
        let cursor = Value::Array(vec![uint(c.effective), uint(c.seq), Value::Bytes(c.head.to_vec()), uint(c.notes)]);
        let tips = tips.iter().map(|t| {
            Value::Array(vec![Value::Bytes(t.doc.to_bytes().to_vec()), uint(t.seq), Value::Bytes(t.hash.0.to_vec())])
        });
        cbor::encode(&Value::Array(vec![
            Value::Bytes(county.0.to_vec()),
            Value::Bytes(actor.0.to_vec()),
            uint(self.n),
            uint(u64::from(self.build)),
            reading_value(&self.reading),
            last,
            cursor,
            Value::Bool(self.nothing_unsent),
            Value::Array(tips.collect()),
        ]))
    }
}

/// The hash of a signed envelope: of the signed bytes and the signature.
pub fn envelope_hash(signed: &[u8], signature: &Signature) -> EnvelopeHash {
    EnvelopeHash(sha256(&[signed, &signature.0]))
}

impl Head {
    /// The bytes that the relay signs under [`labels::HEAD`].
    pub fn signed_bytes(&self) -> Vec<u8> {
        cbor::encode(&Value::Array(vec![
            Value::Bytes(self.county.0.to_vec()),
            uint(self.n.0),
            Value::Bytes(self.l.0.to_vec()),
            Value::Int(self.relay.0),
            Value::Bytes(self.actor.0.to_vec()),
            uint(self.push),
            Value::Bytes(self.envelope.0.to_vec()),
            Value::Bytes(self.body.0.to_vec()),
        ]))
    }
}

impl SignedHead {
    /// Whether this relay signed it.
    pub fn is_by(&self, relay: &PublicKey) -> bool {
        relay.verifies(labels::HEAD, &self.head.signed_bytes(), &self.signature)
    }
}

impl Certificate {
    /// The bytes that the issuer signs under [`labels::CERTIFICATE`].
    pub fn signed_bytes(&self, county: CountyId) -> Vec<u8> {
        cbor::encode(&Value::Array(vec![
            Value::Bytes(county.0.to_vec()),
            Value::Bytes(self.key.0.to_vec()),
            Value::Bytes(self.person.0.to_vec()),
            crate::records::field::Scalar::to_value(&self.role),
            Value::Bytes(self.school.0.to_vec()),
            self.posting.map_or(Value::Null, |p| Value::Bytes(p.0.to_vec())),
            uint(self.number),
            Value::Int(i64::from(crate::time::days_since_epoch(self.expires))),
        ]))
    }
}

impl Successor {
    /// The bytes that the old key signs under [`labels::SUCCESSOR`].
    pub fn signed_bytes(county: CountyId, old: ActorId, new: &PublicKey) -> Vec<u8> {
        [&county.0[..], &old.0, &new.0].concat()
    }
}

/// Where a grant holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// One posting.
    Posting(PostingId),
    /// One school.
    School(SchoolId),
    /// The schools of a township, by name.
    Township(String),
    /// The schools of a group.
    Group(crate::ids::GroupId),
    /// One visit.
    Visit(crate::ids::VisitId),
    /// The county.
    County,
}

/// A fact about devices and people that the relay signs, so that phones can hand it back to a relay that went back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A device was enrolled.
    Enrolment {
        /// Its key.
        key: PublicKey,
        /// Its person; absent for a kiosk.
        person: Option<PersonId>,
        /// The kiosk's school; absent for a person.
        school: Option<SchoolId>,
        /// From when.
        at: UtcMs,
    },
    /// A person holds a role in a scope.
    Grant {
        /// The grant's log number.
        n: LogNo,
        /// Who.
        person: PersonId,
        /// What as.
        role: Role,
        /// Where.
        scope: Scope,
        /// First day.
        from: Date,
        /// Last day, if known.
        to: Option<Date>,
    },
    /// A grant no longer holds.
    GrantRevoked {
        /// The grant's log number.
        n: LogNo,
        /// Whose.
        person: PersonId,
    },
    /// A device may no longer push.
    Revocation {
        /// Which device.
        actor: ActorId,
        /// Since when.
        at: UtcMs,
    },
    /// A device was replaced, lost or broken.
    Retirement {
        /// Which device.
        actor: ActorId,
        /// As of when.
        as_of: UtcMs,
        /// Lost, replaced or broken.
        why: RetireReason,
    },
}

/// Why a device was retired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RetireReason {
    /// Another device took its place.
    Replaced,
    /// It was lost: what it had not sent may be lost, and what comes later is flagged.
    Lost,
    /// It broke.
    Broken,
}

/// A row with the relay's signature under [`labels::ROW`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRow {
    /// The fact.
    pub row: Row,
    /// The relay's signature over the county and the row's canonical CBOR (`wire::row_bytes`).
    pub signature: Signature,
}

/// The fingerprint of a set of chains: 8 bytes of SHA-256 over the sorted (document, actor, seq, tip), under its label.
pub fn fingerprint(chains: &mut [(DocId, ActorId, u64, EntryHash)]) -> [u8; 8] {
    chains.sort_unstable();
    let mut bytes = labels::HAVE.to_vec();
    for (doc, actor, seq, tip) in chains.iter() {
        bytes.extend(doc.to_bytes());
        bytes.extend(actor.0);
        bytes.extend(seq.to_be_bytes());
        bytes.extend(tip.0);
    }
    EntryHash(sha256(&[&bytes])).short()
}

/// Why the relay took nothing. The phone keeps everything.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The body can't be read; the text says where.
    #[error("malformed: {0}")]
    Malformed(String),
    /// The body is larger than the relay takes.
    #[error("the body is larger than {0} bytes")]
    TooLarge(u32),
    /// A version that this relay can't speak; it speaks this one.
    #[error("this relay speaks version {0}")]
    Version(u8),
    /// No device with this key or number: show rows, a certificate, a successor or an invitation.
    #[error("unknown device")]
    UnknownDevice,
    /// The number by which the push names its device or a chain is void: send names.
    #[error("numbers are void, send names")]
    NumbersVoid,
    /// The signature isn't this device's over what was rebuilt.
    #[error("the signature doesn't fit")]
    Signature,
    /// The device was revoked at this time; unsent entries can come as a bundle through the principal.
    #[error("the device was revoked")]
    Revoked(UtcMs),
    /// The certificate isn't valid.
    #[error("the certificate isn't valid: {0}")]
    Certificate(String),
    /// Too many requests; try again after so many seconds.
    #[error("busy, try again in {0} s")]
    Busy(u32),
    /// The relay can't store now.
    #[error("the relay can't store now")]
    Unavailable,
}

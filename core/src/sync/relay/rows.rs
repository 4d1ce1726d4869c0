//! What the relay stores in its ledger, by table: rows as canonical CBOR maps, keys whose bytes order as they should.

use crate::cbor::{self, Value};
use crate::crypto::{EntryHash, EnvelopeHash, PublicKey};
use crate::ids::{ActorId, DocId, GroupId, PersonId, PostingId, SchoolId, VisitId};
use crate::records::field::{Bytes, Scalar, choice, record, scalar};
use crate::records::{Role, SchoolKind};
use crate::sync::ledger::LedgerError;
use crate::sync::message::{EntryNote, FlagReason, LogNo, RetireReason, Scope, Via};
use crate::time::UtcMs;
use jiff::civil::Date;

/// A type stored as one row of a table.
pub(super) trait Stored: Sized {
    /// Its bytes.
    fn to_row(&self) -> Vec<u8>;
    /// Reads it back.
    fn from_row(bytes: &[u8]) -> Result<Self, LedgerError>;
}

impl<T: Scalar> Stored for T {
    fn to_row(&self) -> Vec<u8> {
        cbor::encode(&self.to_value())
    }

    fn from_row(bytes: &[u8]) -> Result<Self, LedgerError> {
        let value = cbor::decode(bytes).map_err(|e| LedgerError::Corrupt(e.to_string()))?;
        T::from_value(&value).ok_or_else(|| LedgerError::Corrupt("a row lacks a field".into()))
    }
}

scalar!(u64, |n| Value::Int(i64::try_from(*n).unwrap_or(i64::MAX)), Value::uint);
scalar!(LogNo, |n| n.0.to_value(), |v| v.uint().map(LogNo));
scalar!(UtcMs, |t| Value::Int(t.0), |v| v.int().map(UtcMs));
scalar!(EntryHash, |h| Value::Bytes(h.0.to_vec()), |v| EntryHash::from_slice(v.bytes()?));
scalar!(EnvelopeHash, |h| Value::Bytes(h.0.to_vec()), |v| EnvelopeHash::from_slice(v.bytes()?));
scalar!(PublicKey, |k| Value::Bytes(k.0.to_vec()), |v| v.bytes()?.try_into().ok().map(PublicKey));
scalar!(DocId, |d| Value::Bytes(d.to_bytes().to_vec()), |v| DocId::from_bytes(v.bytes()?));
scalar!(Via, |v| Value::Int(*v as i64), |v| match v.int()? {
    0 => Some(Via::Phone),
    1 => Some(Via::Kiosk),
    2 => Some(Via::Desk),
    _ => None,
});
scalar!(RetireReason, |r| Value::Int(*r as i64), |v| match v.int()? {
    0 => Some(RetireReason::Replaced),
    1 => Some(RetireReason::Lost),
    2 => Some(RetireReason::Broken),
    _ => None,
});
scalar!(Scope, scope_value, scope_from);

fn scope_value(scope: &Scope) -> Value {
    let (kind, of) = match scope {
        Scope::Posting(id) => (0, id.to_value()),
        Scope::School(id) => (1, id.to_value()),
        Scope::Township(name) => (2, Value::Text(name.clone())),
        Scope::Group(id) => (3, id.to_value()),
        Scope::Visit(id) => (4, id.to_value()),
        Scope::County => (5, Value::Null),
    };
    Value::Array(vec![Value::Int(kind), of])
}

fn scope_from(value: &Value) -> Option<Scope> {
    let [kind, of] = value.array()? else { return None };
    Some(match kind.int()? {
        0 => Scope::Posting(PostingId::from_value(of)?),
        1 => Scope::School(SchoolId::from_value(of)?),
        2 => Scope::Township(of.text()?.to_owned()),
        3 => Scope::Group(GroupId::from_value(of)?),
        4 => Scope::Visit(VisitId::from_value(of)?),
        5 => Scope::County,
        _ => return None,
    })
}

choice! {
    /// What a device may do.
    DeviceState {
        /// Everything that its person may.
        1 Active = "active",
        /// Its own duty only, until a page or the issuer's sync confirms.
        2 Unconfirmed = "unconfirmed",
        /// Nothing: a successor took its place.
        3 Closed = "closed",
        /// Taken back from a signed row after the relay went back; stored, and judged as unconfirmed.
        4 Recovered = "recovered",
    }
}

record! {
    /// A device: a phone, a kiosk or a desk.
    DeviceRow {
        /// Its enrolment's log number.
        1 number: LogNo,
        /// Its key.
        2 key: PublicKey,
        /// Its person; absent for a kiosk.
        3 person: Option<PersonId>,
        /// The kiosk's school, or the school of an unconfirmed certificate.
        4 school: Option<SchoolId>,
        /// How it writes.
        5 via: Via,
        /// What it may do.
        6 state: DeviceState,
        /// Since when it counts for its person.
        7 since: UtcMs,
        /// Since when it may not push.
        8 revoked: Option<UtcMs>,
        /// As of when it no longer counts.
        9 retired: Option<UtcMs>,
        /// Why.
        10 retired_why: Option<RetireReason>,
        /// The largest n seen.
        11 last_n: u64,
        /// When it was last heard.
        12 last_seen: Option<UtcMs>,
        /// Complete through, relay clock.
        13 mark: Option<UtcMs>,
        /// The n of the push that set the mark.
        14 mark_n: u64,
        /// When the last mark row was logged.
        15 mark_logged: Option<UtcMs>,
        /// Whether an entry came after the last mark row.
        16 entry_since_mark: bool,
        /// Revision of what doesn't change by itself.
        17 revision: u64,
        /// Revision of the mark.
        18 mark_revision: u64,
        /// The evidence of its clock, folded.
        19 timeline: Bytes,
        /// The issuer of its certificate, while unconfirmed.
        20 issuer: Option<ActorId>,
        /// Build version of its app.
        21 build: u32,
        /// The device that it followed.
        22 follows: Option<ActorId>,
        /// The log number at which it was confirmed, for a device that was not at first: since then it reads more than its
        /// own duty.
        23 confirmed: Option<LogNo>,
    }
}

impl DeviceRow {
    /// Its actor.
    pub fn actor(&self) -> ActorId {
        self.key.actor()
    }
}

record! {
    /// A chain: what one device wrote into one document.
    ChainRow {
        /// The log number of its first entry.
        1 number: LogNo,
        /// Document.
        2 doc: DocId,
        /// Device.
        3 device: LogNo,
        /// Actor.
        4 actor: ActorId,
        /// Last seq.
        5 seq: u64,
        /// Last hash.
        6 hash: EntryHash,
        /// Salt of its first entry.
        7 salt: Bytes,
        /// The last session that wrote.
        8 session: u32,
        /// Not before, of its last entry: seconds, relay clock.
        9 floor: i64,
    }
}

record! {
    /// A document.
    DocRow {
        /// The log number of its last entry.
        1 last: LogNo,
        /// Revision of its last changed note.
        2 notes: u64,
        /// The log number from which its host school may read it (visits).
        3 opened: Option<LogNo>,
        /// Its content was retired by age.
        4 retired: Option<bool>,
        /// The school that is visited (visits).
        5 host: Option<SchoolId>,
        /// Who planned it (visits).
        6 owner: Option<PersonId>,
    }
}

record! {
    /// An entry.
    EntryRow {
        /// Its chain.
        1 chain: LogNo,
        /// Its seq.
        2 seq: u64,
        /// Its hash.
        3 hash: EntryHash,
        /// Its value, salt included; absent once retired.
        4 value: Option<Bytes>,
        /// The envelope that brought it; absent if recovered.
        5 envelope: Option<EnvelopeHash>,
        /// Why it doesn't count, 0 if it does.
        6 flag: u16,
        /// Not before, seconds, relay clock.
        7 earliest: i64,
        /// Not after, seconds, relay clock.
        8 latest: i64,
        /// Judged time, seconds.
        9 judged: i64,
        /// Clock label.
        10 label: u16,
        /// Revision of its note, 0 if it never changed.
        11 revision: u64,
        /// Kind number, 0 if it has none.
        12 kind: u16,
        /// The document.
        13 doc: DocId,
        /// Who brought it back after the relay had gone back.
        14 recovered_by: Option<PersonId>,
        /// The n of its push.
        15 push: u64,
        /// The floor that its push set: the mark of an earlier push, seconds.
        16 floor: i64,
    }
}

impl EntryRow {
    /// Why it doesn't count.
    pub fn flag(&self) -> Option<FlagReason> {
        u8::try_from(self.flag).ok().and_then(FlagReason::from_u8)
    }

    /// What phones are told beside it.
    pub fn note(&self) -> EntryNote {
        let label = u8::try_from(self.label).unwrap_or(2);
        EntryNote { flag: self.flag(), earliest: self.earliest, latest: self.latest, label }
    }
}

record! {
    /// A second, different entry at a taken place.
    TwinRow {
        /// Its own log number.
        1 n: LogNo,
        /// Its value, salt included.
        2 value: Bytes,
        /// The envelope that brought it; absent if another's phone brought it back.
        3 envelope: Option<EnvelopeHash>,
    }
}

record! {
    /// The clock readings of a push.
    ReadingRow {
        /// Its envelope.
        1 envelope: EnvelopeHash,
        /// When it arrived, and when it was answered: the same reading of the relay's clock.
        2 arrival: UtcMs,
        /// Wall, seconds.
        3 wall: i64,
        /// Session.
        4 session: u32,
        /// Milliseconds of the session.
        5 ms: u64,
        /// Whether nothing was unsent.
        6 nothing_unsent: bool,
        /// It brought entries or a mark: kept, so that placement can be made again.
        7 kept: bool,
    }
}

record! {
    /// A grant.
    GrantRow {
        /// Its log number.
        1 number: LogNo,
        /// Who.
        2 person: PersonId,
        /// What as.
        3 role: Role,
        /// Where.
        4 scope: Scope,
        /// First day.
        5 from: Date,
        /// Last day.
        6 to: Option<Date>,
        /// The entry that it follows from.
        7 entry: Option<LogNo>,
        /// No longer holds, since this log number.
        8 revoked: Option<LogNo>,
        /// Handed back by a phone after the relay went back, not yet confirmed.
        9 recovered: Option<bool>,
        /// The log number since which it lets its person read; absent until its first day.
        10 since: Option<LogNo>,
        /// The grant of the same person in the same scope that it goes on from, no device of the person having synced between
        /// the two.
        11 continues: Option<LogNo>,
    }
}

impl GrantRow {
    /// Whether a day lies in its days.
    pub fn is_due(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// Whether it holds on a day: it is due and was not revoked.
    pub fn holds_on(&self, day: Date) -> bool {
        self.revoked.is_none() && self.is_due(day)
    }

    /// Whether the other is the same role in the same scope; principal and deputy are both the school's head.
    pub fn same_scope(&self, other: &GrantRow) -> bool {
        let head = |grant: &GrantRow| matches!(grant.role, Role::Principal | Role::Deputy);
        self.scope == other.scope && (self.role == other.role || head(self) && head(other))
    }
}

record! {
    /// A posting: a person at a school.
    PostingRow {
        /// The person.
        1 person: PersonId,
        /// The school.
        2 school: SchoolId,
        /// The name.
        3 name: String,
        /// First day.
        4 from: Date,
        /// Last day.
        5 to: Option<Date>,
        /// The roster entry that says so; absent while only a certificate does.
        6 entry: Option<LogNo>,
        /// Revision, for kiosks.
        7 revision: u64,
        /// PIN verifiers: kiosk actor (16 B), salt (16 B), tag (32 B), one after another.
        8 pins: Bytes,
        /// The role at the school.
        9 role: Role,
        /// Whether the person teaches.
        10 teaches: bool,
        /// The log number since which person and school are known.
        11 known: LogNo,
    }
}

record! {
    /// A school, from the county document.
    SchoolRow {
        /// Its name.
        1 name: String,
        /// Its kind.
        2 kind: SchoolKind,
        /// Its township.
        3 township: String,
        /// Its groups, with roles, are read from the county document; here only their ids.
        4 groups: Vec<GroupId>,
        /// The entry that set it.
        5 entry: LogNo,
    }
}

record! {
    /// An invitation, by the hash of its secret.
    InvitationRow {
        /// For whom; absent for a kiosk.
        1 person: Option<PersonId>,
        /// The kiosk's school.
        2 school: Option<SchoolId>,
        /// Until when.
        3 expires: UtcMs,
        /// The device that used it.
        4 used: Option<LogNo>,
        /// Lookup: first bytes of the secret's hash are the key.
        5 made: UtcMs,
    }
}

record! {
    /// A phone that asks to be let in again, by its actor.
    PleaRow {
        /// Its key.
        1 key: PublicKey,
        /// Whose it says that it is.
        2 person: Option<PersonId>,
        /// The kiosk's school.
        3 kiosk: Option<SchoolId>,
        /// The device that it was.
        4 old: ActorId,
        /// The data key of its old records, sealed for the county.
        5 sealed: Option<Bytes>,
        /// Since when it asks.
        6 since: UtcMs,
        /// When somebody approved it.
        7 approved: Option<UtcMs>,
        /// Wrong digits since the last new ones.
        8 wrong: u32,
        /// How often it got new digits.
        9 round: u32,
    }
}

record! {
    /// A blob.
    BlobRow {
        /// The document that owns it.
        1 doc: DocId,
        /// Its length.
        2 size: u64,
        /// Its bytes, if it is small; larger ones lie in the blob folder.
        3 bytes: Option<Bytes>,
    }
}

/// A number as key bytes.
pub(super) fn be(n: u64) -> [u8; 8] {
    n.to_be_bytes()
}

/// The number in the last 8 bytes of a key.
pub(super) fn tail(key: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    if let Some(last) = key.len().checked_sub(8).map(|at| &key[at..]) {
        bytes.copy_from_slice(last);
    }
    u64::from_be_bytes(bytes)
}

//! What the documents hold: entries. An entry is a clock reading, what it answers or replaces, and a body of one kind.
//!
//! Kinds are numbered in blocks by who may write them, so that a relay can store and judge the authority of a kind that it
//! doesn't know yet. Keys 0 to 9 of an entry are common to all kinds; a kind's own fields begin at 10.

pub mod county;
pub mod field;
pub mod owner;
pub mod principal;
pub mod service;
pub mod visit;

use crate::cbor::{self, CborError, Map, Value};
use crate::crypto::EntryHash;
use crate::ids::ActorId;
use crate::time::UtcSecs;
use field::{FieldError, Scalar};

pub use county::*;
pub use owner::*;
pub use principal::*;
pub use service::*;
pub use visit::*;

/// The most bytes that an entry's value may have.
pub const MAX_VALUE: usize = 16 * 1024;

/// Keys common to every entry.
pub mod key {
    /// Kind number.
    pub const KIND: u64 = 0;
    /// The phone's wall clock, seconds since 1970.
    pub const WALL: u64 = 1;
    /// The phone's session number.
    pub const SESSION: u64 = 2;
    /// Milliseconds since the session began.
    pub const MS: u64 = 3;
    /// What this entry answers or replaces.
    pub const RE: u64 = 4;
    /// The entry of an earlier actor that this one issues again.
    pub const WAS: u64 = 5;
    /// The chain's salt. Reserved: only `documents::chain` writes it.
    pub const SALT: u64 = 6;
    /// The blobs that belong to this entry.
    pub const BLOBS: u64 = 7;
}

/// A reference to an entry of the same document: actor, seq and the first 8 bytes of its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryRef {
    /// The device that wrote it.
    pub actor: ActorId,
    /// Its number in that device's chain, from 1.
    pub seq: u64,
    /// The first 8 bytes of its hash.
    pub hash: [u8; 8],
}

impl EntryRef {
    /// The reference to the entry with this hash.
    pub fn to(actor: ActorId, seq: u64, hash: &EntryHash) -> Self {
        EntryRef { actor, seq, hash: hash.short() }
    }
}

impl Scalar for EntryRef {
    fn to_value(&self) -> Value {
        let seq = i64::try_from(self.seq).unwrap_or(i64::MAX);
        Value::Array(vec![Value::Bytes(self.actor.0.to_vec()), Value::Int(seq), Value::Bytes(self.hash.to_vec())])
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value.array()? {
            [actor, seq, hash] => Some(EntryRef {
                actor: ActorId::from_slice(actor.bytes()?)?,
                seq: seq.uint()?,
                hash: hash.bytes()?.try_into().ok()?,
            }),
            _ => None,
        }
    }
}

/// A reading of the phone's clocks: the wall, and milliseconds of a clock that never stops within a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reading {
    /// What the wall clock showed, seconds since 1970-01-01 UTC.
    pub wall: UtcSecs,
    /// The session that the core counted: a new one after a boot, a jump of the wall clock, or a clock that went back.
    pub session: u32,
    /// Milliseconds since that session began.
    pub ms: u64,
}

/// An entry as this version understands it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When the phone made it, by its own clocks.
    pub reading: Reading,
    /// What it answers or replaces.
    pub re: Vec<EntryRef>,
    /// The entry of an earlier actor that it issues again.
    pub was: Option<EntryRef>,
    /// The blobs that belong to it.
    pub blobs: Vec<crate::crypto::BlobHash>,
    /// What it says.
    pub body: Body,
}

/// Why a stored value is no entry that this version understands. It is kept, listed and synced all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// No canonical CBOR map.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// A field is missing or of a wrong type.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A kind that a newer version writes.
    #[error("kind {0} is newer than this version")]
    NewerKind(u16),
}

/// Who may write a kind of entry. The block is known even where the kind is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Block {
    /// The person whose posting it is.
    Owner,
    /// A school's kiosk.
    Kiosk,
    /// A principal, a deputy, or a supervisor where the principal may not.
    Principal,
    /// Anyone of the school, or a visitor in a visit.
    School,
    /// A supervisor or inspector.
    Supervisor,
    /// The county's administrator.
    Administrator,
    /// The coordinator named for a task of the office.
    Office,
}

impl Block {
    /// The block of a kind's number; `None` beyond the last block.
    pub fn of(kind: u16) -> Option<Self> {
        Some(match kind {
            1..=31 => Block::Owner,
            32..=63 => Block::Kiosk,
            64..=127 => Block::Principal,
            128..=191 => Block::School,
            192..=255 => Block::Supervisor,
            256..=319 => Block::Administrator,
            320..=383 => Block::Office,
            _ => return None,
        })
    }
}

macro_rules! bodies {
    ($($number:literal $variant:ident $name:literal,)*) => {
        /// What an entry says, by kind.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Body { $(#[doc = concat!("Kind ", stringify!($number), ", `", $name, "`.")] $variant($variant),)* }

        impl Body {
            /// The number of every kind that this version knows, with its name.
            pub const KINDS: &'static [(u16, &'static str)] = &[$(($number, $name),)*];

            /// The number of this kind.
            pub fn kind(&self) -> u16 {
                match self { $(Body::$variant(_) => $number,)* }
            }

            /// The stable name of this kind.
            pub fn name(&self) -> &'static str {
                match self { $(Body::$variant(_) => $name,)* }
            }

            fn write(&self, map: &mut Map) {
                match self { $(Body::$variant(body) => body.write(map),)* }
            }

            fn read(kind: u16, map: &Map) -> Result<Self, EntryError> {
                match kind {
                    $($number => Ok(Body::$variant($variant::read(map)?)),)*
                    other => Err(EntryError::NewerKind(other)),
                }
            }
        }

        $(impl From<$variant> for Body {
            fn from(body: $variant) -> Self { Body::$variant(body) }
        })*
    };
}

bodies! {
    1 Check "check",
    2 Void "void",
    3 Leave "leave",
    4 LeaveWithdrawal "leave_withdrawal",
    5 Return "return",
    6 CorrectionRequest "correction_request",
    7 Note "note",
    8 PinSet "pin_set",
    32 KioskCheck "kiosk_check",
    33 KioskVoid "kiosk_void",
    64 LeaveDecision "leave_decision",
    65 Correction "correction",
    66 CorrectionDecision "correction_decision",
    67 FlexibleHours "flexible_hours",
    68 CheckOnBehalf "check_on_behalf",
    69 FlagLift "flag_lift",
    80 ServicePlan "service_plan",
    81 Publication "publication",
    82 KioskOutage "kiosk_outage",
    96 ProfileSet "profile_set",
    97 RosterSet "roster_set",
    104 HostCountersign "host_countersign",
    128 Session "session",
    129 Handover "handover",
    130 Comment "comment",
    144 VisitPlan "visit_plan",
    145 VisitOpen "visit_open",
    146 VisitClose "visit_close",
    147 VisitPart "visit_part",
    148 VisitPeople "visit_people",
    149 Observation "observation",
    150 VisitNote "visit_note",
    151 VisitPicture "visit_picture",
    152 VisitShare "visit_share",
    153 ObservedAnswer "observed_answer",
    192 PlanReview "plan_review",
    256 PackMap "pack_map",
    257 CalendarSet "calendar_set",
    258 GroupSet "group_set",
    259 MembershipSet "membership_set",
    260 PairingSet "pairing_set",
    261 SchoolSet "school_set",
    262 SettingSet "setting_set",
}

/// The kind number of a value; `None` if it has none.
pub fn kind_of(map: &Map) -> Option<u16> {
    map.get(&key::KIND)?.uint()?.try_into().ok()
}

/// The clock reading of a value, even if its kind is unknown.
///
/// # Errors
/// When a part of it is missing or of a wrong type.
pub fn reading_of(map: &Map) -> Result<Reading, FieldError> {
    let ms: i64 = field::read(map, key::MS, "ms")?;
    Ok(Reading {
        wall: field::read(map, key::WALL, "wall")?,
        session: field::read(map, key::SESSION, "session")?,
        ms: u64::try_from(ms).map_err(|_| FieldError { name: "ms", key: key::MS })?,
    })
}

impl Entry {
    /// The map of this entry, without the salt that only its chain knows.
    pub fn to_map(&self) -> Map {
        let mut map = Map::new();
        map.insert(key::KIND, Value::Int(i64::from(self.body.kind())));
        map.insert(key::WALL, Value::Int(self.reading.wall.0));
        map.insert(key::SESSION, Value::Int(i64::from(self.reading.session)));
        map.insert(key::MS, Value::Int(i64::try_from(self.reading.ms).unwrap_or(i64::MAX)));
        field::write(&mut map, key::RE, &self.re);
        field::write(&mut map, key::WAS, &self.was);
        field::write(&mut map, key::BLOBS, &self.blobs);
        self.body.write(&mut map);
        map
    }

    /// Reads an entry from its map; the salt and unknown keys are passed over.
    ///
    /// # Errors
    /// When a field that this version needs is missing or of another type, or the kind is newer.
    pub fn from_map(map: &Map) -> Result<Self, EntryError> {
        let kind = kind_of(map).ok_or(FieldError { name: "kind", key: key::KIND })?;
        Ok(Entry {
            reading: reading_of(map)?,
            re: field::read(map, key::RE, "re")?,
            was: field::read(map, key::WAS, "was")?,
            blobs: field::read(map, key::BLOBS, "blobs")?,
            body: Body::read(kind, map)?,
        })
    }

    /// Reads an entry from its stored bytes.
    ///
    /// # Errors
    /// As [`Entry::from_map`], and when the bytes are no canonical CBOR map.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EntryError> {
        Entry::from_map(&cbor::decode_map(bytes)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_unique_and_lie_in_their_blocks() {
        for pair in Body::KINDS.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{pair:?}");
        }
        for (kind, name) in Body::KINDS {
            assert!(Block::of(*kind).is_some(), "{name}");
        }
        assert_eq!(Block::of(0), None);
        assert_eq!(Block::of(384), None);
    }

    #[test]
    fn an_entry_reads_back_and_unknown_keys_do_no_harm() {
        let entry = Entry {
            reading: Reading { wall: UtcSecs(1_772_411_470), session: 3, ms: 86_400_000 },
            re: vec![EntryRef { actor: ActorId([1; 16]), seq: 7, hash: [2; 8] }],
            was: None,
            blobs: vec![],
            body: Check { direction: Direction::In, place: None }.into(),
        };
        let mut map = entry.to_map();
        assert_eq!(Entry::from_map(&map).as_ref(), Ok(&entry));
        map.insert(999, Value::Text("from a newer version".into()));
        map.insert(key::SALT, Value::Bytes(vec![0; 8]));
        assert_eq!(Entry::from_map(&map), Ok(entry));
        map.insert(key::KIND, Value::Int(31));
        assert_eq!(Entry::from_map(&map), Err(EntryError::NewerKind(31)));
        map.remove(&key::WALL);
        assert!(Entry::from_map(&map).is_err());
    }
}

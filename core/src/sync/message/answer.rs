//! What a relay answers.

use super::{Cursor, LogNo, RetireReason, Run, SignedHead, SignedRow, SmallBlob, Via};
use crate::crypto::BlobHash;
use crate::ids::{ActorId, DocId, PersonId, PostingId, SchoolId};
use crate::time::{UtcMs, UtcSecs};

/// How the relay answers about a chain in the push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The chain's number, to be used from now on.
    pub number: LogNo,
    /// Place of the run in the push's `runs`, from 0.
    pub run: u32,
    /// The relay has this chain through this seq.
    pub through: u64,
}

/// Why a run of a push was not stored as it stood. The phone keeps its entries in every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The relay has the chain only through `Stored::through`: send from there.
    Gap,
    /// Another entry stands at a seq of this run: the chain forked. This run's entries are kept as twins; take a new key.
    Fork,
    /// The document's content was retired by age.
    Retired,
    /// The chain was closed when its key was succeeded.
    Closed,
}

/// A problem with one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunProblem {
    /// Place of the run in the push's `runs`.
    pub run: u32,
    /// What is wrong.
    pub problem: Problem,
}

/// Why an entry is stored but doesn't count. Stable numbers and names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum FlagReason {
    /// The author may not write this kind in this document.
    NoAuthority = 1,
    /// Only part of the entry's interval lies in the author's grant.
    AuthorityUnsure = 2,
    /// Made outside the days of the posting.
    OutsidePosting = 3,
    /// Nobody decides on their own request.
    OwnRequest = 4,
    /// Made after the device was lost.
    AfterLoss = 5,
    /// Brought by another's phone after the relay went back, without its author's signature.
    Recovered = 6,
    /// The device's enrolment waits for confirmation, and this is more than its own duty.
    Unconfirmed = 7,
    /// A second, different entry at a taken place.
    Twin = 8,
    /// The entry under which authority was held no longer counts.
    GrantFell = 9,
    /// The value can't be read in a kind that this version knows.
    Unreadable = 10,
    /// Brought in a file after the device was revoked.
    AfterRevocation = 11,
}

impl FlagReason {
    /// Every reason.
    pub const ALL: [FlagReason; 11] = [
        FlagReason::NoAuthority,
        FlagReason::AuthorityUnsure,
        FlagReason::OutsidePosting,
        FlagReason::OwnRequest,
        FlagReason::AfterLoss,
        FlagReason::Recovered,
        FlagReason::Unconfirmed,
        FlagReason::Twin,
        FlagReason::GrantFell,
        FlagReason::Unreadable,
        FlagReason::AfterRevocation,
    ];

    /// The stable name, as in JSON and texts.
    pub fn name(self) -> &'static str {
        match self {
            FlagReason::NoAuthority => "no_authority",
            FlagReason::AuthorityUnsure => "authority_unsure",
            FlagReason::OutsidePosting => "outside_posting",
            FlagReason::OwnRequest => "own_request",
            FlagReason::AfterLoss => "after_loss",
            FlagReason::Recovered => "recovered",
            FlagReason::Unconfirmed => "unconfirmed",
            FlagReason::Twin => "twin",
            FlagReason::GrantFell => "grant_fell",
            FlagReason::Unreadable => "unreadable",
            FlagReason::AfterRevocation => "after_revocation",
        }
    }

    /// The reason with this number.
    pub fn from_u8(number: u8) -> Option<Self> {
        FlagReason::ALL.into_iter().find(|r| *r as u8 == number)
    }
}

/// What the relay notes beside an entry: whether it counts, and when it was made by the relay's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryNote {
    /// Why it doesn't count; `None` if it does.
    pub flag: Option<FlagReason>,
    /// Not before, relay clock, whole seconds (rounded down).
    pub earliest: i64,
    /// Not after, relay clock, whole seconds (rounded up).
    pub latest: i64,
    /// Clock label: 1 verified, 2 consistent, 3 unverified, 4 clock differs.
    pub label: u8,
}

impl EntryNote {
    /// The instant by which the entry is judged: the phone's clock at the entry, as far as the relay's knowledge allows it.
    pub fn judged(&self, wall: UtcSecs) -> UtcSecs {
        UtcSecs(wall.0.clamp(self.earliest.min(self.latest), self.latest))
    }
}

/// A chain that the phone hasn't got yet: its number, name and author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainIntro {
    /// Its number.
    pub number: LogNo,
    /// Its document.
    pub doc: DocId,
    /// Its device.
    pub actor: ActorId,
    /// The device's person; absent for a kiosk.
    pub person: Option<PersonId>,
    /// How it writes.
    pub via: Via,
}

/// A run that the phone may read, with the notes of its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownRun {
    /// The entries; `chain` is a number, introduced in this answer or before.
    pub run: Run,
    /// One note for each value.
    pub notes: Vec<EntryNote>,
}

/// A note that changed after its entry had been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoteChange {
    /// The chain.
    pub chain: LogNo,
    /// The entry.
    pub seq: u64,
    /// The note that holds now.
    pub note: EntryNote,
}

/// A device of a person in scope: what a cell waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceNote {
    /// Its enrolment's number.
    pub number: LogNo,
    /// Its actor.
    pub actor: ActorId,
    /// Its person; absent for a kiosk.
    pub person: Option<PersonId>,
    /// How it writes.
    pub via: Via,
    /// A kiosk's school.
    pub school: Option<SchoolId>,
    /// Since when it counts.
    pub since: UtcMs,
    /// Complete through, relay clock, whole seconds (rounded down); absent before the first push with nothing unsent.
    pub mark: Option<i64>,
    /// Retired as of, and why.
    pub retired: Option<(UtcMs, RetireReason)>,
    /// Revoked since.
    pub revoked: Option<UtcMs>,
}

/// What a relay that went back has of a chain that the phone may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainState {
    /// The document.
    pub doc: DocId,
    /// The device.
    pub actor: ActorId,
    /// Through which seq.
    pub seq: u64,
    /// Its tip.
    pub tip: [u8; 8],
}

/// A person's PIN at a kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KioskRow {
    /// The posting.
    pub posting: PostingId,
    /// The name to show.
    pub name: String,
    /// Salt (16 B) and Argon2id tag (32 B); empty until a PIN is set.
    pub verifier: Vec<u8>,
}

/// The body of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerBody {
    /// The number under which the relay knows this device, when the push named it by key.
    pub device: Option<LogNo>,
    /// For every run of the push that was not refused: what the relay has.
    pub stored: Vec<Stored>,
    /// Runs that were not stored as they stood.
    pub problems: Vec<RunProblem>,
    /// The device went back behind a push that the relay has: take a new key.
    pub went_back: bool,
    /// Chains that the phone hasn't got yet.
    pub intros: Vec<ChainIntro>,
    /// What the phone may read beyond its cursor.
    pub runs: Vec<DownRun>,
    /// Notes that changed.
    pub notes: Vec<NoteChange>,
    /// Devices in scope that are new or changed.
    pub devices: Vec<DeviceNote>,
    /// Devices in scope of which only the mark moved: number and new mark, whole seconds (rounded down).
    pub marks: Vec<(LogNo, i64)>,
    /// Rows about this person, and a principal's school, to be kept.
    pub rows: Vec<SignedRow>,
    /// Small blobs of the entries in `runs`.
    pub blobs: Vec<SmallBlob>,
    /// Blobs of the push that the relay still lacks.
    pub blobs_wanted: Vec<BlobHash>,
    /// For a kiosk: all who may check in; empty if nothing changed.
    pub kiosk: Vec<KioskRow>,
    /// Where the phone stands after this body.
    pub cursor: Cursor,
    /// More waits beyond the cursor.
    pub more: bool,
    /// The relay went back: numbers are void, the cursor is at the start, and this is what it has of what the phone may read.
    pub rewound: Option<Vec<ChainState>>,
    /// The phone's `have` doesn't agree: ask again from the start.
    pub hole: bool,
}

/// An answer: signed head and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The signed head.
    pub head: SignedHead,
    /// The body.
    pub body: AnswerBody,
}

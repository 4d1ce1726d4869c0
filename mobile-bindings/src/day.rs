//! A person's day as records.

use sanji_core::ids::{ActorId, DocId};
use sanji_core::phone as core;
use sanji_core::records::{self, EntryRef};
use sanji_core::review::Cell;
use sanji_core::rules;

use crate::error::PhoneError;
use crate::sending::Standing;

/// Whether somebody comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Direction {
    /// Checks in.
    CheckIn,
    /// Checks out.
    CheckOut,
}

impl From<Direction> for records::Direction {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::CheckIn => records::Direction::In,
            Direction::CheckOut => records::Direction::Out,
        }
    }
}

impl From<records::Direction> for Direction {
    fn from(direction: records::Direction) -> Self {
        match direction {
            records::Direction::In => Direction::CheckIn,
            records::Direction::Out => Direction::CheckOut,
        }
    }
}

/// Where somebody was, as far as the phone could tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Place {
    /// Inside (true) or outside (false) the school's area; absent if it could not be told.
    pub inside: Option<bool>,
    /// How exact that is, metres.
    pub accuracy: Option<u32>,
    /// The system said that the place was made up by another app.
    pub mock: bool,
}

impl From<records::Place> for Place {
    fn from(place: records::Place) -> Self {
        let inside = match place.at {
            records::Where::Inside => Some(true),
            records::Where::Outside => Some(false),
            records::Where::Unknown => None,
        };
        Place { inside, accuracy: place.accuracy, mock: place.mock == Some(true) }
    }
}

impl From<Place> for records::Place {
    fn from(place: Place) -> Self {
        records::Place {
            at: match place.inside {
                Some(true) => records::Where::Inside,
                Some(false) => records::Where::Outside,
                None => records::Where::Unknown,
            },
            accuracy: place.accuracy,
            mock: place.mock.then_some(true),
        }
    }
}

/// What the system says of where the phone is. It is judged and forgotten: coordinates are never kept.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct Fix {
    /// Latitude, degrees, north positive.
    pub latitude: f64,
    /// Longitude, degrees, east positive.
    pub longitude: f64,
    /// How exact it is, metres.
    pub accuracy: Option<u32>,
    /// Another app made it up, as the system says.
    pub mock: bool,
}

impl From<Fix> for core::Fix {
    fn from(Fix { latitude, longitude, accuracy, mock }: Fix) -> Self {
        core::Fix { latitude, longitude, accuracy, mock }
    }
}

/// Names an entry. An app keeps it and gives it back as it is.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Entry {
    /// The document.
    pub document: String,
    /// The device that wrote it.
    pub device: String,
    /// Its number in that device's chain.
    pub seq: u64,
    /// The first 8 bytes of its hash, in hex.
    pub hash: String,
}

impl From<core::EntryAt> for Entry {
    fn from(at: core::EntryAt) -> Self {
        let hash = at.entry.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        Entry { document: at.doc.to_string(), device: at.entry.actor.to_string(), seq: at.entry.seq, hash }
    }
}

impl From<core::Recorded> for Entry {
    fn from(recorded: core::Recorded) -> Self {
        core::EntryAt { doc: recorded.doc, entry: recorded.entry }.into()
    }
}

impl TryFrom<&Entry> for core::EntryAt {
    type Error = PhoneError;

    fn try_from(entry: &Entry) -> Result<Self, PhoneError> {
        let bad = |e: sanji_core::ids::BadId| PhoneError::unreadable("entry", e);
        let doc: DocId = entry.document.parse().map_err(bad)?;
        let actor: ActorId = entry.device.parse().map_err(bad)?;
        let short = u64::from_str_radix(&entry.hash, 16).ok().filter(|_| entry.hash.len() == 16);
        let hash =
            short.ok_or_else(|| PhoneError::unreadable("entry", "a hash of 16 hexadecimal digits was expected"))?;
        Ok(core::EntryAt { doc, entry: EntryRef { actor, seq: entry.seq, hash: hash.to_be_bytes() } })
    }
}

/// Where an entry of this phone stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Delivery {
    /// Saved on this phone, waiting.
    Waiting,
    /// The relay has it, but not yet all of its pictures.
    WaitingForBlobs,
    /// On the relay's disk.
    Delivered,
    /// Its document takes no more: it was retired by age.
    Retired,
}

impl From<core::Delivery> for Delivery {
    fn from(delivery: core::Delivery) -> Self {
        match delivery {
            core::Delivery::Waiting => Delivery::Waiting,
            core::Delivery::WaitingForBlobs => Delivery::WaitingForBlobs,
            core::Delivery::Delivered => Delivery::Delivered,
            core::Delivery::Retired => Delivery::Retired,
        }
    }
}

/// A check as the day shows it.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Check {
    /// The entry that says it.
    pub entry: Entry,
    /// In or out.
    pub direction: Direction,
    /// The instant that counts.
    pub judged_secs: i64,
    /// How far its time can be trusted (`verified`, `consistent`, `unverified`, `clock_differs`); absent for a stated time.
    pub label: Option<String>,
    /// How it came to be (`own`, `kiosk`, `on_behalf`, `correction`, `request`).
    pub origin: String,
    /// Where it stands; absent if another device wrote it.
    pub delivery: Option<Delivery>,
    /// It can still be taken back.
    pub may_void: bool,
    /// It stands beside another correction of the same checks.
    pub conflict: bool,
}

impl From<core::CheckLine> for Check {
    fn from(line: core::CheckLine) -> Self {
        Check {
            entry: line.at.into(),
            direction: line.direction.into(),
            judged_secs: line.judged.0,
            label: line.label.map(|label| label.name().to_owned()),
            origin: line.origin.name().to_owned(),
            delivery: line.delivery.map(Into::into),
            may_void: line.may_void,
            conflict: line.conflict,
        }
    }
}

/// From one instant to a later one, which is not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Span {
    /// First second.
    pub from_secs: i64,
    /// The second at which it is over.
    pub to_secs: i64,
}

impl From<&rules::Span> for Span {
    fn from(span: &rules::Span) -> Self {
        Span { from_secs: span.from.0, to_secs: span.to.0 }
    }
}

fn spans(spans: &[rules::Span]) -> Vec<Span> {
    spans.iter().map(Into::into).collect()
}

/// A fact that a verdict rests on.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Finding {
    /// Its code (`late`, `left_early`, …).
    pub code: String,
    /// How much, whole minutes; absent where it has no size.
    pub minutes: Option<u32>,
    /// When, where that can be drawn.
    pub span: Option<Span>,
    /// The clause that it rests on.
    pub clause: String,
}

impl From<&rules::Finding> for Finding {
    fn from(finding: &rules::Finding) -> Self {
        Finding {
            code: finding.code.code().to_owned(),
            minutes: finding.minutes.map(|minutes| minutes.0),
            span: finding.span.as_ref().map(Into::into),
            clause: finding.clause.as_str().to_owned(),
        }
    }
}

/// A device that a verdict waits for.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Wait {
    /// The device.
    pub device: String,
    /// A school's kiosk, not a person's phone.
    pub kiosk: bool,
    /// Until when it has reported everything; absent if never.
    pub through_secs: Option<i64>,
    /// It was retired before it had reported this day: what it held may be lost.
    pub lost: bool,
}

/// What a day comes to.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Verdict {
    /// The status' code (`present`, `in_progress`, …); absent where the rules are not in force yet and nothing is judged.
    pub status: Option<String>,
    /// Minutes at the office.
    pub office_minutes: u32,
    /// Minutes that the day asks for; absent where nothing is judged.
    pub required_minutes: Option<u32>,
    /// The clause that the status rests on.
    pub clause: Option<String>,
    /// How sure it is that the rules were met (`for_certain`, `if_clock_believed`, `not_met`).
    pub certainty: Option<String>,
    /// Facts that it rests on.
    pub findings: Vec<Finding>,
    /// The windows less approved leave.
    pub windows: Vec<Span>,
    /// The part of the windows that is on approved leave.
    pub leave: Vec<Span>,
    /// Presence.
    pub presence: Vec<Span>,
    /// Since when the person is in, while the day lasts.
    pub in_since_secs: Option<i64>,
    /// Devices that it waits for.
    pub waits: Vec<Wait>,
    /// Kinds of approved leave that touch the day.
    pub leave_kinds: Vec<String>,
    /// Corrections or leaves of this day that wait for a decision.
    pub undecided: u32,
    /// Something about this day stands in two versions.
    pub conflict: bool,
}

impl From<Cell> for Verdict {
    fn from(cell: Cell) -> Self {
        let (times, judged) = match &cell.result {
            rules::DayResult::Judged(verdict) => (&verdict.times, Some(verdict)),
            rules::DayResult::NotInForce(times) => (times, None),
        };
        let findings = judged.map_or(&times.findings, |verdict| &verdict.findings);
        let wait = |wait: &sanji_core::review::Wait| Wait {
            device: wait.actor.to_string(),
            kiosk: wait.via == core::Via::Kiosk,
            through_secs: wait.through.map(|at| at.0),
            lost: wait.lost,
        };
        Verdict {
            status: judged.map(|verdict| verdict.status.code().to_owned()),
            office_minutes: times.office.0,
            required_minutes: judged.map(|verdict| verdict.required.0),
            clause: judged.map(|verdict| verdict.clause.as_str().to_owned()),
            certainty: cell.certainty.map(|certainty| certainty.code().to_owned()),
            findings: findings.iter().map(Into::into).collect(),
            windows: judged.map_or(Vec::new(), |verdict| spans(&verdict.windows)),
            leave: judged.map_or(Vec::new(), |verdict| spans(&verdict.leave)),
            presence: spans(&times.presence),
            in_since_secs: times.open_since.map(|at| at.0),
            waits: cell.waits.iter().map(wait).collect(),
            leave_kinds: cell.leave_kinds,
            undecided: cell.undecided,
            conflict: cell.conflict,
        }
    }
}

/// Why a verdict may differ from the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Provisional {
    /// The county names a policy pack that this version doesn't have.
    Pack,
    /// The person has several postings on the day.
    Postings,
    /// Some of the person's devices have not reported.
    Devices,
    /// Entries of this phone have not reached the relay.
    Unsent,
}

impl From<core::Provisional> for Provisional {
    fn from(provisional: core::Provisional) -> Self {
        match provisional {
            core::Provisional::Pack => Provisional::Pack,
            core::Provisional::Postings => Provisional::Postings,
            core::Provisional::Devices => Provisional::Devices,
            core::Provisional::Unsent => Provisional::Unsent,
        }
    }
}

/// One posting's day.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct PostingDay {
    /// The posting.
    pub posting: String,
    /// Its school.
    pub school: String,
    /// The school's name, once it has arrived.
    pub school_name: Option<String>,
    /// The verdict; absent as long as the county's document has not arrived.
    pub verdict: Option<Verdict>,
    /// Why the verdict is provisional; empty if it isn't.
    pub provisional: Vec<Provisional>,
    /// The day's checks, by time.
    pub checks: Vec<Check>,
}

impl From<core::PostingDay> for PostingDay {
    fn from(day: core::PostingDay) -> Self {
        PostingDay {
            posting: day.posting.posting.to_string(),
            school: day.posting.school.to_string(),
            school_name: day.posting.school_name,
            verdict: day.cell.map(Into::into),
            provisional: day.provisional.into_iter().map(Into::into).collect(),
            checks: day.checks.into_iter().map(Into::into).collect(),
        }
    }
}

/// An instant, and its date.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Now {
    /// The date in Asia/Shanghai.
    pub date: String,
    /// The instant.
    pub secs: i64,
}

/// What the first screen shows.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Today {
    /// The date in Asia/Shanghai.
    pub date: String,
    /// The instant by which it is judged.
    pub now_secs: i64,
    /// By how many seconds the phone's wall clock is ahead of that; negative if behind; 0 as long as nothing better is known.
    pub clock_ahead_secs: i64,
    /// The person's postings of the day.
    pub postings: Vec<PostingDay>,
    /// Entries that wait to be sent.
    pub unsent: u64,
    /// Whether the relay takes this phone's records.
    pub standing: Standing,
}

impl From<core::Today> for Today {
    fn from(today: core::Today) -> Self {
        Today {
            date: today.date.to_string(),
            now_secs: today.now.0,
            clock_ahead_secs: today.clock_ahead,
            postings: today.postings.into_iter().map(Into::into).collect(),
            unsent: today.unsent,
            standing: today.standing.into(),
        }
    }
}

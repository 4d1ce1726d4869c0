//! When something really happened, as far as a relay can know it from what a phone's clocks showed.
//!
//! A phone counts milliseconds within a session on a clock that never stops. Each push and each answer ties one such
//! reading to the relay's clock: a push was built before it arrived, an answer was signed before the phone read it. From
//! these ties every session has bounds for its zero instant on the **relay's** clock, and by them every entry has an
//! interval that holds its true time. The phone's wall clock decides within the interval, never beyond it. Doubt about
//! time changes a label and refuses nothing.
//!
//! Everything here is pure: a [`Timeline`] is a fold over push readings that gives the same state in any order and with
//! any duplication.

mod session;
mod state;
mod timeline;

use crate::records::Reading;
use crate::records::field::choice;
use crate::time::{UtcMs, UtcSecs};

pub use state::TimelineError;
pub use timeline::Timeline;

/// An interval at most this long, milliseconds, makes a time verified; a wall clock at most this far from the relay's
/// agrees with it.
pub const TOLERANCE_MS: i64 = 2 * 60 * 1000;

/// How far a phone's session clock may run fast or slow, parts per million. A crystal is within 20 to 100 over the
/// temperatures of a pocket; bounds widen by this much for each millisecond between an entry and the tie that bounds it.
pub const DRIFT_PPM: i64 = 200;

/// The ends of an interval about which nothing is known: 1970-01-01, and the end of 2199.
pub const UNBOUNDED: (UtcMs, UtcMs) = (UtcMs(0), UtcMs(7_258_118_399_999));

/// What one push says about time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PushReading {
    /// The push's number; it grows with each push of a device.
    pub n: u64,
    /// The phone's clocks when it built the push.
    pub reading: Reading,
    /// When it arrived, by the relay's clock.
    pub arrival: UtcMs,
    /// Whether the phone signed that nothing of its was left unsent beside this push.
    pub nothing_unsent: bool,
    /// What the phone read when an answer reached it, if the push tells.
    pub last_answer: Option<AnswerReading>,
}

/// What the phone read when an answer of the relay reached it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerReading {
    /// When the relay signed that answer, by its own clock: looked up by the number of the push that was answered.
    pub answered: UtcMs,
    /// The phone's session on the answer's arrival.
    pub session: u32,
    /// The phone's milliseconds since that session began, on the answer's arrival.
    pub ms: u64,
}

/// What is known about an entry's time besides its reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Its interval never begins before this: the beginning of the interval of the entry before it in its chain, and
    /// [`Timeline::earliest`] of the device's last push that signed `nothing_unsent` without it.
    pub not_before: Option<UtcMs>,
    /// When it first arrived, by the relay's clock.
    pub not_after: Option<UtcMs>,
}

choice! {
    /// How far a placed time can be trusted.
    TimeLabel {
        /// The relay's own bounds are at most two minutes apart.
        1 Verified = "verified",
        /// The phone's wall clock agreed with the relay's before and after, and never jumped within the session.
        2 Consistent = "consistent",
        /// Neither.
        3 Unverified = "unverified",
        /// The phone's wall clock showed a time that is impossible by the relay's bounds.
        4 ClockDiffers = "clock_differs",
    }
}

/// An entry's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Placement {
    /// It was not before this, by the relay's clock.
    pub earliest: UtcMs,
    /// It was not after this, by the relay's clock.
    pub latest: UtcMs,
    /// The time that counts: the phone's if it lies in the interval, else the interval's nearer end.
    pub judged: UtcSecs,
    /// What the phone's wall clock showed.
    pub phone: UtcSecs,
    /// How far `judged` can be trusted.
    pub label: TimeLabel,
}

impl Placement {
    /// The time of an act on the page or the command line: the relay's own.
    pub fn by_relay(at: UtcMs) -> Self {
        Placement { earliest: at, latest: at, judged: at.secs(), phone: at.secs(), label: TimeLabel::Verified }
    }

    /// The placement of a reading about which a relay has said nothing yet: the phone's own time, unverified.
    pub fn by_phone(reading: &Reading) -> Self {
        Timeline::default().place(reading, Known::default())
    }

    /// By how much the phone's clock was ahead of the judged time, seconds; negative if it was behind.
    pub fn clock_ahead_secs(&self) -> i64 {
        self.phone.0.saturating_sub(self.judged.0)
    }
}

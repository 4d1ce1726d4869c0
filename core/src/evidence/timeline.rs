//! A device's sessions on the relay's clock.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

use super::session::{Session, whole};
use super::{Known, Placement, PushReading, TOLERANCE_MS, TimeLabel, UNBOUNDED};
use crate::records::Reading;
use crate::time::{UtcMs, UtcSecs};

/// How many sessions are looked at on either side of a session. The nearest nearly always bound it best;
/// the limit keeps one placement cheap however often a phone was restarted.
const NEIGHBOURS: usize = 64;

/// What a device's pushes say about its clock: the same state in whatever order, and however often, they are added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    pub(super) sessions: BTreeMap<u32, Session>,
    /// The push with the largest number that had nothing unsent.
    pub(super) complete: Option<(u64, Reading)>,
}

impl Timeline {
    /// Adds what one push says.
    pub fn add(&mut self, push: &PushReading) {
        self.sessions.entry(push.reading.session).or_default().pushed(&push.reading, push.arrival.0);
        if let Some(answer) = &push.last_answer {
            self.sessions.entry(answer.session).or_default().answered(answer.ms, answer.answered.0);
        }
        if push.nothing_unsent {
            // One number has one signed reading; should a broken phone sign two, the earlier one claims less.
            let place = |(n, r): &(u64, Reading)| (*n, Reverse((r.session, r.ms, r.wall)));
            // Both numbers fit a stored integer, so that what is read back equals what was kept.
            let fits = |n: u64| n.min(i64::MAX as u64);
            let this = (fits(push.n), Reading { ms: fits(push.reading.ms), ..push.reading });
            self.complete = self.complete.into_iter().chain([this]).max_by_key(place);
        }
    }

    /// Forgets all but the last `count` sessions, so that a device's state stays small however long it lives. What was
    /// placed by a forgotten session keeps its place; what comes late from one is bounded by its neighbours and arrival.
    pub fn keep_last(&mut self, count: usize) {
        while self.sessions.len() > count {
            self.sessions.pop_first();
        }
    }

    /// The earliest instant of this reading on the relay's clock; `None` if nothing bounds it. Where the phone's claims
    /// contradict each other it is the earlier of the two ends.
    pub fn earliest(&self, reading: &Reading) -> Option<UtcMs> {
        let (earliest, latest) = self.bounds(reading);
        let earliest = clamp(earliest?);
        Some(latest.map_or(earliest, |latest| earliest.min(clamp(latest))))
    }

    /// The complete-through mark: whatever this device recorded before it has arrived. It is the earliest instant at
    /// which the push with the largest number that had nothing unsent can have been built.
    pub fn mark(&self) -> Option<UtcMs> {
        self.complete.as_ref().and_then(|(_, reading)| self.earliest(reading))
    }

    /// Places an entry with this reading. Never fails: where a phone's claims contradict each other, the interval covers
    /// both ends and the label says so.
    pub fn place(&self, reading: &Reading, known: Known) -> Placement {
        let (earliest, latest) = self.bounds(reading);
        let arrived = known.not_after.map_or(UNBOUNDED.1, |at| clamp(at.0.into()));
        let from = earliest.map_or(UNBOUNDED.0, clamp);
        let to = latest.map_or(UNBOUNDED.1, clamp).min(arrived);
        let (mut earliest, mut latest) = (from.min(to), from.max(to));
        let mut sound = from <= to;
        if let Some(floor) = known.not_before.map(|at| clamp(at.0.into())) {
            earliest = earliest.max(floor);
            if floor > latest {
                sound = false;
                // All that is left: after what it contradicts, before it arrived.
                latest = if known.not_after.is_some() { arrived.max(floor) } else { floor };
            }
        }
        let wall = reading.wall;
        let judged = match wall {
            _ if wall < earliest.secs() => earliest.secs(),
            _ if wall > latest.secs() => latest.secs(),
            _ => wall,
        };
        let label = if judged != wall {
            TimeLabel::ClockDiffers
        } else if sound && latest.0 - earliest.0 <= TOLERANCE_MS {
            TimeLabel::Verified
        } else if sound && self.wall_believed(reading) {
            TimeLabel::Consistent
        } else {
            TimeLabel::Unverified
        };
        Placement { earliest, latest, judged, phone: UtcSecs(wall.0), label }
    }

    /// Bounds for the instant of a reading: by its own session, and by the sessions before and after.
    fn bounds(&self, reading: &Reading) -> (Option<i128>, Option<i128>) {
        let own = self.sessions.get(&reading.session);
        let ms = whole(reading.ms);
        let before = self.sessions.range(..reading.session).rev();
        let before = before.take(NEIGHBOURS).filter_map(|(_, s)| s.earliest_at(s.last_ms));
        let earliest = before.chain(own.and_then(|s| s.earliest_at(ms))).max();
        let after = self.sessions.range((Excluded(reading.session), Unbounded));
        let after = after.take(NEIGHBOURS).filter_map(|(_, s)| s.latest_at(0));
        let latest = after.chain(own.and_then(|s| s.latest_at(ms))).min();
        (earliest, latest)
    }

    /// Whether the wall clock agreed with the relay's before and after this reading. Within a session it can't have
    /// moved, so agreement at one tie of the session holds for all of it; a session without ties needs both neighbours.
    fn wall_believed(&self, reading: &Reading) -> bool {
        let own = self.sessions.get(&reading.session);
        if let Some(agrees) = own.and_then(|s| s.wall_agrees(Some(reading))) {
            return agrees;
        }
        let agrees = |(_, s): (&u32, &Session)| s.wall_agrees(None);
        let before = self.sessions.range(..reading.session).rev().take(NEIGHBOURS).find_map(agrees);
        let after = self.sessions.range((Excluded(reading.session), Unbounded)).take(NEIGHBOURS).find_map(agrees);
        before == Some(true) && after == Some(true)
    }
}

fn clamp(ms: i128) -> UtcMs {
    let clamped = ms.clamp(UNBOUNDED.0.0.into(), UNBOUNDED.1.0.into());
    UtcMs(i64::try_from(clamped).unwrap_or(UNBOUNDED.1.0))
}

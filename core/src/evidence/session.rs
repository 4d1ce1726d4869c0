//! What is known of one session of a phone's clock.

use super::DRIFT_PPM;
use crate::records::Reading;

/// Readings and the relay's clock are cut to whole milliseconds, so a bound may be one off.
const ROUNDING_MS: i128 = 1;

/// How far wall minus milliseconds may move within a session without a jump, milliseconds: the core opens a new session
/// beyond one second, and the wall is read in whole seconds.
const JUMP_MS: i128 = 2000;

/// A tie between a session's clock and the relay's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tie {
    /// Milliseconds of the session.
    pub ms: i64,
    /// The relay's clock, milliseconds.
    pub at: i64,
}

/// Which side a tie bounds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// A push: the phone read `ms` before the relay read `at`.
    Latest,
    /// An answer: the phone read `ms` after the relay read `at`.
    Earliest,
}

/// The most by which two clocks can have drifted apart in `ms`.
fn drift(ms: i128) -> i128 {
    (ms * i128::from(DRIFT_PPM) + 999_999) / 1_000_000
}

impl Tie {
    /// The bound that this tie gives for the instant at `ms` of its session.
    fn bound(self, side: Side, ms: i64) -> i128 {
        let elapsed = i128::from(ms) - i128::from(self.ms);
        let at = i128::from(self.at) + elapsed;
        match side {
            Side::Latest => at + drift(elapsed.abs()),
            Side::Earliest => at - drift(elapsed.abs()),
        }
    }

    /// Whether this tie's bound is nowhere weaker than the other's. Drift grows at most as fast as time, so the place of
    /// the other tie decides for all.
    fn covers(self, side: Side, other: Tie) -> bool {
        let bound = self.bound(side, other.ms);
        match side {
            Side::Latest => bound <= i128::from(other.at),
            Side::Earliest => bound >= i128::from(other.at),
        }
    }
}

/// A session's ties that no other tie covers, sorted: the same set whatever the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ties(pub Vec<Tie>);

impl Ties {
    fn add(&mut self, side: Side, tie: Tie) {
        if self.0.iter().any(|known| known.covers(side, tie)) {
            return;
        }
        self.0.retain(|known| !tie.covers(side, *known));
        let place = self.0.partition_point(|known| *known < tie);
        self.0.insert(place, tie);
    }
}

/// One session's evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Session {
    /// Pushes: not after.
    pub latest: Ties,
    /// Answers: not before.
    pub earliest: Ties,
    /// The largest reading known, milliseconds.
    pub last_ms: i64,
    /// The smallest and largest wall minus milliseconds seen, milliseconds; absent if no wall was told.
    pub offset: Option<(i64, i64)>,
}

/// Wall minus milliseconds of a reading, milliseconds.
fn offset_of(reading: &Reading) -> i64 {
    reading.wall.0.saturating_mul(1000).saturating_sub(whole(reading.ms))
}

/// Milliseconds of a session as a signed number; a phone doesn't run for 292 million years.
pub(super) fn whole(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

impl Session {
    /// A push with this reading arrived at `arrival`.
    pub fn pushed(&mut self, reading: &Reading, arrival: i64) {
        let ms = whole(reading.ms);
        self.latest.add(Side::Latest, Tie { ms, at: arrival });
        self.last_ms = self.last_ms.max(ms);
        let offset = offset_of(reading);
        let (low, high) = self.offset.unwrap_or((offset, offset));
        self.offset = Some((low.min(offset), high.max(offset)));
    }

    /// An answer signed at `answered` reached the phone at `ms`.
    pub fn answered(&mut self, ms: u64, answered: i64) {
        let ms = whole(ms);
        self.earliest.add(Side::Earliest, Tie { ms, at: answered });
        self.last_ms = self.last_ms.max(ms);
    }

    /// The earliest instant at `ms` of this session by its own answers.
    pub fn earliest_at(&self, ms: i64) -> Option<i128> {
        self.earliest.0.iter().map(|tie| tie.bound(Side::Earliest, ms) - ROUNDING_MS).max()
    }

    /// The latest instant at `ms` of this session by its own pushes.
    pub fn latest_at(&self, ms: i64) -> Option<i128> {
        self.latest.0.iter().map(|tie| tie.bound(Side::Latest, ms) + ROUNDING_MS).min()
    }

    /// Whether the wall clock agreed with the relay's at one of the session's ties and never jumped; `None` where nothing
    /// ties the wall to the relay. `reading` is a further reading of this session.
    pub fn wall_agrees(&self, reading: Option<&Reading>) -> Option<bool> {
        let own = reading.map(offset_of);
        let (low, high) = match (self.offset, own) {
            (Some((low, high)), Some(own)) => (low.min(own), high.max(own)),
            (Some(range), None) => range,
            (None, Some(own)) => (own, own),
            (None, None) => return None,
        };
        if self.latest.0.is_empty() && self.earliest.0.is_empty() {
            return None;
        }
        let span = reading.map_or(self.last_ms, |r| self.last_ms.max(whole(r.ms)));
        let jumped = i128::from(high) - i128::from(low) > JUMP_MS + drift(i128::from(span));
        let offset = i128::from(own.unwrap_or(low));
        let close = |tie: &Tie| {
            let difference = offset + i128::from(tie.ms) - i128::from(tie.at);
            difference.abs() <= i128::from(super::TOLERANCE_MS)
        };
        Some(!jumped && self.latest.0.iter().chain(&self.earliest.0).any(close))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_far_away_bounds_less_tightly() {
        let tie = Tie { ms: 0, at: 1_000_000 };
        let day = 86_400_000;
        assert_eq!(tie.bound(Side::Latest, day), 1_000_000 + 86_400_000 + 17_280);
        assert_eq!(tie.bound(Side::Earliest, day), 1_000_000 + 86_400_000 - 17_280);
    }

    #[test]
    fn a_bound_allows_for_the_millisecond_that_both_clocks_cut_off() {
        let mut session = Session::default();
        // The phone's 7th millisecond lasted from 106.5 to 107.5; an entry at 106.6 and an answer's arrival at 107.4 read
        // alike, and the relay signed that answer at 107.2.
        session.answered(7, 107);
        assert_eq!(session.earliest_at(7), Some(106));
    }

    #[test]
    fn a_late_push_adds_nothing_and_a_prompt_one_takes_its_place() {
        let mut session = Session::default();
        let late = Tie { ms: 1000, at: 900_000 };
        session.latest.add(Side::Latest, late);
        session.latest.add(Side::Latest, Tie { ms: 2000, at: 3000 });
        assert_eq!(session.latest.0, [Tie { ms: 2000, at: 3000 }]);
        session.latest.add(Side::Latest, late);
        assert_eq!(session.latest.0.len(), 1);
    }
}

//! From checks to presence.

use super::span::Span;
use crate::policy::Direction;
use crate::time::UtcSecs;

/// A check-in or check-out, with the evidence for its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// In or out.
    pub direction: Direction,
    /// The judged instant: the phone's time where the relay's evidence allows it, else the nearer end of the evidence.
    pub at: UtcSecs,
    /// The earliest instant that the evidence allows.
    pub earliest: UtcSecs,
    /// The latest instant that the evidence allows.
    pub latest: UtcSecs,
}

impl Check {
    /// A check whose time is beyond doubt.
    pub fn certain(direction: Direction, at: UtcSecs) -> Self {
        Check { direction, at, earliest: at, latest: at }
    }
}

/// What the checks of one date pair up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs {
    /// Each `in` that opened an interval with the `out` that closed it.
    pub closed: Vec<(Check, Check)>,
    /// The `in` that nothing closed.
    pub open: Option<Check>,
    /// Checks-in while in.
    pub duplicate_in: Vec<Check>,
    /// Checks-out while out.
    pub unmatched_out: Vec<Check>,
}

/// Pairs the checks whose judged instant lies in `day` and is not later than `now`, by time, at one instant `in` before
/// `out`.
pub(super) fn pair(checks: &[Check], day: Span, now: UtcSecs) -> Pairs {
    let mut sorted: Vec<Check> =
        checks.iter().copied().filter(|check| day.from <= check.at && check.at < day.to && check.at <= now).collect();
    sorted.sort_by_key(|check| (check.at, check.direction));
    let mut pairs = Pairs::default();
    for check in sorted {
        match (check.direction, pairs.open) {
            (Direction::In, None) => pairs.open = Some(check),
            (Direction::In, Some(_)) => pairs.duplicate_in.push(check),
            (Direction::Out, Some(opened)) => {
                pairs.closed.push((opened, check));
                pairs.open = None;
            }
            (Direction::Out, None) => pairs.unmatched_out.push(check),
        }
    }
    pairs
}

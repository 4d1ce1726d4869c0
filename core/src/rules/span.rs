//! Spans of time and sets of them. A set is a vector of spans in order and apart.

use jiff::civil::Date;

use crate::policy::Window;
use crate::time::{Minutes, UtcSecs};

/// From one instant to a later one, which is not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First second.
    pub from: UtcSecs,
    /// The second at which it is over.
    pub to: UtcSecs,
}

impl Span {
    /// The window on this date.
    pub fn of(window: Window, date: Date) -> Span {
        Span { from: window.from.on(date), to: window.to.on(date) }
    }

    /// Its length in seconds; 0 if it ends before it begins.
    pub fn seconds(self) -> u64 {
        u64::try_from(self.to.0.saturating_sub(self.from.0)).unwrap_or(0)
    }

    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.from >= self.to
    }

    /// What is in both; empty if nothing is.
    pub fn intersect(self, other: Span) -> Span {
        Span { from: self.from.max(other.from), to: self.to.min(other.to) }
    }
}

/// The set of all time in any of `spans`.
pub(super) fn union(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| !span.is_empty());
    spans.sort_unstable();
    let mut set: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match set.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => set.push(span),
        }
    }
    set
}

/// The part of `set` that lies in `bounds`.
pub(super) fn clip(set: &[Span], bounds: Span) -> Vec<Span> {
    set.iter().map(|span| span.intersect(bounds)).filter(|span| !span.is_empty()).collect()
}

/// The part of `span` that is not in `set`.
pub(super) fn gaps(span: Span, set: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    let mut from = span.from;
    for covered in clip(set, span) {
        left.push(Span { from, to: covered.from });
        from = covered.to;
    }
    left.push(Span { from, to: span.to });
    left.retain(|gap| !gap.is_empty());
    left
}

/// Seconds in `set`.
pub(super) fn seconds(set: &[Span]) -> u64 {
    set.iter().map(|span| span.seconds()).sum()
}

/// Whole minutes in so many seconds, rounded down.
pub(super) fn whole_minutes(seconds: u64) -> Minutes {
    Minutes(u32::try_from(seconds / 60).unwrap_or(u32::MAX))
}

//! How sure a met day is, given the evidence for the time of each check.

use super::day::{DayInput, DayVerdict, Frame, Status, whole_day};
use super::pairing::{Check, pair};
use crate::policy::{OfficeRules, words};

words! {
    /// How sure it is that a day's rules were met. Doubt changes this label, never a verdict.
    Certainty {
        /// Met also with every `in` at its latest and every `out` at its earliest instant.
        ForCertain = "for_certain",
        /// Met if the phone's clock is believed.
        IfClockBelieved = "if_clock_believed",
        /// Not met.
        NotMet = "not_met",
    }
}

/// Judges a day and says how sure it is; `None` where nothing can be met yet or nothing was asked: rest days, leave, days
/// that are not over or not fully arrived.
pub fn day_with_certainty(rules: &OfficeRules, input: &DayInput<'_>) -> (DayVerdict, Option<Certainty>) {
    let verdict = super::day(rules, input);
    let certainty = match verdict.status {
        Status::RestDay | Status::OnLeave | Status::Upcoming | Status::InProgress | Status::AwaitingSync => None,
        Status::NeedsCorrection | Status::Absent | Status::ShortOfFiveHours | Status::Irregular => {
            Some(Certainty::NotMet)
        }
        Status::Present if met_at_worst(rules, input) => Some(Certainty::ForCertain),
        Status::Present => Some(Certainty::IfClockBelieved),
    };
    (verdict, certainty)
}

/// Whether the day is met with every interval as short as the evidence allows. The pairs stay those of the judged times,
/// so that doubt can only take presence away.
fn met_at_worst(rules: &OfficeRules, input: &DayInput<'_>) -> bool {
    let mut pairs = pair(input.checks, whole_day(input.date), input.now);
    let late = |check: Check| Check { at: check.at.max(check.latest), ..check };
    let early = |check: Check| Check { at: check.at.min(check.earliest), ..check };
    for (opened, closed) in &mut pairs.closed {
        *opened = late(*opened);
        *closed = early(*closed);
    }
    pairs.open = pairs.open.map(late);
    let frame = Frame::new(rules, input);
    frame.verdict(frame.times(&pairs)).status == Status::Present
}

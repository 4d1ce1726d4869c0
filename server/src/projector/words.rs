//! The stable words by which the projection's tables name what has no name of its own in the core.

use sanji_core::documents::fold::State;
use sanji_core::sync::message::{RetireReason, Via};

/// How an entry stands.
pub fn state_name(state: &State) -> &'static str {
    match state {
        State::Current => "current",
        State::Replaced(_) => "replaced",
        State::TakenBack(_) => "taken_back",
        State::TooLate => "too_late",
        State::Flagged(_) => "flagged",
        State::Twin => "twin",
        State::IssuedAs(_) => "issued_again",
        State::Unreadable(_) => "unreadable",
    }
}

/// Every word of [`state_name`].
pub const STATES: [&str; 8] =
    ["current", "replaced", "taken_back", "too_late", "flagged", "twin", "issued_again", "unreadable"];

const VIAS: [(Via, &str); 3] = [(Via::Phone, "phone"), (Via::Kiosk, "kiosk"), (Via::Desk, "desk")];

/// By what an entry was written.
pub fn via_name(via: Via) -> &'static str {
    VIAS.iter().find(|(one, _)| *one == via).map_or("phone", |(_, name)| name)
}

/// The kind of device of this name.
pub fn via_named(name: &str) -> Via {
    VIAS.iter().find(|(_, one)| *one == name).map_or(Via::Phone, |(via, _)| *via)
}

const REASONS: [(RetireReason, &str); 3] =
    [(RetireReason::Replaced, "replaced"), (RetireReason::Lost, "lost"), (RetireReason::Broken, "broken")];

/// Why a device was retired.
pub fn reason_name(why: RetireReason) -> &'static str {
    REASONS.iter().find(|(one, _)| *one == why).map_or("broken", |(_, name)| name)
}

/// The reason of this name.
pub fn reason_named(name: &str) -> RetireReason {
    REASONS.iter().find(|(_, one)| *one == name).map_or(RetireReason::Broken, |(why, _)| *why)
}

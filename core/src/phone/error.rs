//! What can go wrong, by what the app can do about it.

use crate::documents::chain::LinkError;
use crate::review::Fault;
pub use crate::review::Problem;
use crate::sync::enrol::EnrolError;
use crate::sync::phone::{ForgeError, MachineError, Standing, StoreError};

/// Why the phone could not do what it was asked. What was recorded before is kept in every case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// This phone belongs to nobody yet.
    #[error("this phone isn't enrolled yet: scan the invitation or type its code")]
    NotEnrolled,
    /// It belongs to somebody already.
    #[error("this phone is enrolled already")]
    AlreadyEnrolled,
    /// The phone was paused or closed.
    #[error("the records are closed")]
    Closed,
    /// No relay could be reached.
    #[error("no connection: {0}")]
    Offline(String),
    /// The relay was reached and refused; the phone keeps everything.
    #[error("refused: {0:?}")]
    Refused(Standing),
    /// The phone's storage is full; nothing was saved.
    #[error("the phone's storage is full: nothing of this was saved; free some space and try again")]
    Full,
    /// The records were written by a newer version of the app.
    #[error("the records were written by a newer version: please update the app")]
    Newer,
    /// The system's key storage doesn't answer now.
    #[error("the records can't be opened just now, nothing is lost: {0}")]
    KeysUnavailable(String),
    /// Another process has the records open.
    #[error("the records are open in another app process")]
    Locked,
    /// Something that was given isn't right.
    #[error("{field}: {why}")]
    Invalid {
        /// Which part of the call.
        field: &'static str,
        /// What is wrong.
        why: Problem,
    },
    /// What is to be changed isn't here.
    #[error("this entry hasn't arrived on this phone")]
    NotHere,
    /// One's own entry can be taken back within five minutes.
    #[error("it can be taken back within five minutes only: ask for a correction instead")]
    TooLate,
    /// Anything else; the text is for diagnostics.
    #[error("{0}")]
    Failed(String),
}

impl PhoneError {
    /// The stable code: its text stands under `error-<code>`, and that of what is wrong with an input under `problem-<code>`.
    pub fn code(&self) -> &'static str {
        match self {
            PhoneError::NotEnrolled => "not_enrolled",
            PhoneError::AlreadyEnrolled => "already_enrolled",
            PhoneError::Closed => "closed",
            PhoneError::Offline(_) => "offline",
            PhoneError::Refused(_) => "refused",
            PhoneError::Full => "full",
            PhoneError::Newer => "newer",
            PhoneError::KeysUnavailable(_) => "keys_unavailable",
            PhoneError::Locked => "locked",
            PhoneError::Invalid { .. } => "invalid",
            PhoneError::NotHere => "not_here",
            PhoneError::TooLate => "too_late",
            PhoneError::Failed(_) => "failed",
        }
    }

    /// Every code.
    pub const CODES: [&'static str; 13] = [
        "not_enrolled",
        "already_enrolled",
        "closed",
        "offline",
        "refused",
        "full",
        "newer",
        "keys_unavailable",
        "locked",
        "invalid",
        "not_here",
        "too_late",
        "failed",
    ];

    pub(super) fn invalid(field: &'static str, why: Problem) -> Self {
        PhoneError::Invalid { field, why }
    }
}

impl From<Fault> for PhoneError {
    fn from(fault: Fault) -> Self {
        PhoneError::Invalid { field: fault.field, why: fault.why }
    }
}

impl From<StoreError> for PhoneError {
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::Full => PhoneError::Full,
            StoreError::Newer { .. } => PhoneError::Newer,
            StoreError::Locked => PhoneError::Locked,
            StoreError::KeysUnavailable(why) => PhoneError::KeysUnavailable(why),
            StoreError::Closed => PhoneError::Closed,
            other => PhoneError::Failed(other.to_string()),
        }
    }
}

impl From<ForgeError> for PhoneError {
    fn from(e: ForgeError) -> Self {
        match e {
            ForgeError::Store(e) => e.into(),
            ForgeError::Link(LinkError::TooLong(_)) => PhoneError::invalid("text", Problem::TooLong),
            ForgeError::Link(e) => PhoneError::Failed(e.to_string()),
            ForgeError::BlobTooLarge(_) => PhoneError::invalid("picture", Problem::TooLarge),
        }
    }
}

impl From<MachineError> for PhoneError {
    fn from(e: MachineError) -> Self {
        match e {
            MachineError::Store(e) => e.into(),
            MachineError::Forge(e) => e.into(),
        }
    }
}

impl From<EnrolError> for PhoneError {
    fn from(e: EnrolError) -> Self {
        match e {
            EnrolError::Version(version) => PhoneError::Refused(Standing::Outdated(version)),
            EnrolError::NotAnInvitation(_) => PhoneError::invalid("invitation", Problem::NotAnInvitation),
            EnrolError::BadCode(_) => PhoneError::invalid("invitation", Problem::BadCode),
            EnrolError::OtherCounty => PhoneError::invalid("invitation", Problem::OtherCounty),
            EnrolError::Malformed(_) => PhoneError::invalid("invitation", Problem::Unreadable),
        }
    }
}

/// What the facade's calls give.
pub type Result<T> = std::result::Result<T, PhoneError>;

//! What can go wrong, by what the app can do about it.

use crate::documents::chain::LinkError;
use crate::sync::enrol::EnrolError;
use crate::sync::phone::{ForgeError, MAX_BLOB, MachineError, Standing, StoreError};

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
    /// Another process has the records open.
    #[error("the records are open in another app process")]
    Locked,
    /// Something that was given isn't right.
    #[error("{field}: {why}")]
    Invalid {
        /// Which part of the call.
        field: &'static str,
        /// What is wrong and what to do, in English; the code of the text is `invalid-<field>`.
        why: String,
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
    /// The stable code, for texts and diagnostics.
    pub fn code(&self) -> &'static str {
        match self {
            PhoneError::NotEnrolled => "not_enrolled",
            PhoneError::AlreadyEnrolled => "already_enrolled",
            PhoneError::Closed => "closed",
            PhoneError::Offline(_) => "offline",
            PhoneError::Refused(_) => "refused",
            PhoneError::Full => "full",
            PhoneError::Newer => "newer",
            PhoneError::Locked => "locked",
            PhoneError::Invalid { .. } => "invalid",
            PhoneError::NotHere => "not_here",
            PhoneError::TooLate => "too_late",
            PhoneError::Failed(_) => "failed",
        }
    }

    /// Every code.
    pub const CODES: [&'static str; 12] = [
        "not_enrolled",
        "already_enrolled",
        "closed",
        "offline",
        "refused",
        "full",
        "newer",
        "locked",
        "invalid",
        "not_here",
        "too_late",
        "failed",
    ];

    pub(super) fn invalid(field: &'static str, why: impl Into<String>) -> Self {
        PhoneError::Invalid { field, why: why.into() }
    }
}

impl From<StoreError> for PhoneError {
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::Full => PhoneError::Full,
            StoreError::Newer { .. } => PhoneError::Newer,
            StoreError::Locked => PhoneError::Locked,
            StoreError::Closed => PhoneError::Closed,
            other => PhoneError::Failed(other.to_string()),
        }
    }
}

impl From<ForgeError> for PhoneError {
    fn from(e: ForgeError) -> Self {
        match e {
            ForgeError::Store(e) => e.into(),
            ForgeError::Link(LinkError::TooLong(_)) => {
                PhoneError::invalid("text", "it is too long for one entry: please shorten it")
            }
            ForgeError::Link(e) => PhoneError::Failed(e.to_string()),
            ForgeError::BlobTooLarge(_) => PhoneError::invalid(
                "picture",
                format!("at most {} kB are taken: please make it smaller", MAX_BLOB / 1024),
            ),
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
            other => PhoneError::invalid("invitation", other.to_string()),
        }
    }
}

/// What the facade's calls give.
pub type Result<T> = std::result::Result<T, PhoneError>;

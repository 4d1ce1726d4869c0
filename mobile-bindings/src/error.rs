//! What can go wrong, by what an app does about it.

use sanji_core::phone::PhoneError as CoreError;

use crate::sending::Standing;

/// Why a call did nothing. Whatever was recorded before is kept.
#[derive(Clone, Debug, PartialEq, thiserror::Error, uniffi::Error)]
pub enum PhoneError {
    /// Show enrolment.
    #[error("this phone isn't enrolled yet")]
    NotEnrolled,
    /// Enrolment needs a connection: try again when there is one.
    #[error("no connection: {reason}")]
    Offline {
        /// For diagnostics.
        reason: String,
    },
    /// The relay refused: show what stands against this phone.
    #[error("refused: {standing:?}")]
    Refused {
        /// What stands against it.
        standing: Standing,
    },
    /// Nothing of this call was saved: ask for free space.
    #[error("the phone's storage is full")]
    StorageFull,
    /// The records were written by a newer app: ask for an update.
    #[error("the records were written by a newer version")]
    UpdateNeeded,
    /// The records can't be opened now, and are as they were: resume, then try again.
    #[error("{reason}")]
    Closed {
        /// Why: `closed`, `locked` (another process has them open) or `keys_unavailable`; its text stands under
        /// `error-<code>`.
        code: String,
        /// For diagnostics.
        reason: String,
    },
    /// Something that was given isn't right: show it at the field.
    #[error("{field}: {reason}")]
    Invalid {
        /// Which argument.
        field: String,
        /// The stable code of the case: `invalid`, `not_here`, `too_late` or `already_enrolled`.
        code: String,
        /// What is wrong with it: its text stands under `problem-<code>`; absent where the case says it all.
        problem: Option<String>,
        /// What is wrong and what to do, in English, for diagnostics.
        reason: String,
    },
    /// Anything else: say that it failed and keep the reason for diagnostics.
    #[error("{reason}")]
    Failed {
        /// For diagnostics.
        reason: String,
    },
}

impl PhoneError {
    /// The call was cancelled.
    pub(crate) fn cancelled() -> Self {
        PhoneError::Offline { reason: "cancelled".into() }
    }

    /// An argument that can't be read.
    pub(crate) fn unreadable(field: &str, why: impl std::fmt::Display) -> Self {
        PhoneError::Invalid { field: field.into(), code: "invalid".into(), problem: None, reason: why.to_string() }
    }
}

impl From<CoreError> for PhoneError {
    fn from(error: CoreError) -> Self {
        let invalid = |field: &str| PhoneError::Invalid {
            field: field.into(),
            code: error.code().into(),
            problem: match &error {
                CoreError::Invalid { why, .. } => Some(why.code().to_owned()),
                _ => None,
            },
            reason: error.to_string(),
        };
        match &error {
            CoreError::NotEnrolled => PhoneError::NotEnrolled,
            CoreError::AlreadyEnrolled => invalid("invitation"),
            CoreError::Closed | CoreError::Locked | CoreError::KeysUnavailable(_) => {
                PhoneError::Closed { code: error.code().into(), reason: error.to_string() }
            }
            CoreError::Offline(reason) => PhoneError::Offline { reason: reason.clone() },
            CoreError::Refused(standing) => PhoneError::Refused { standing: standing.clone().into() },
            CoreError::Full => PhoneError::StorageFull,
            CoreError::Newer => PhoneError::UpdateNeeded,
            CoreError::Invalid { field, .. } => invalid(field),
            CoreError::NotHere | CoreError::TooLate => invalid("entry"),
            CoreError::Failed(reason) => PhoneError::Failed { reason: reason.clone() },
        }
    }
}

//! What waits, what was sent, and what stands in the way.

use sanji_core::phone as core;

/// Whether the relay takes this phone's records. In every case the phone keeps them and goes on recording.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum Standing {
    /// Nothing is known against it.
    Fine,
    /// The app needs an update.
    Outdated,
    /// The relay doesn't know this phone: the principal approves it, or an invitation does.
    Unknown,
    /// It was revoked.
    Revoked {
        /// Since when.
        at_secs: i64,
    },
    /// The principal's certificate was not taken.
    Certificate {
        /// Why, for diagnostics.
        reason: String,
    },
    /// The relay refused otherwise.
    Refused {
        /// Why, for diagnostics.
        reason: String,
    },
}

impl From<core::Standing> for Standing {
    fn from(standing: core::Standing) -> Self {
        match standing {
            core::Standing::Fine => Standing::Fine,
            core::Standing::Outdated(_) => Standing::Outdated,
            core::Standing::Unknown => Standing::Unknown,
            core::Standing::Revoked(at) => Standing::Revoked { at_secs: at.secs().0 },
            core::Standing::Certificate(reason) => Standing::Certificate { reason },
            core::Standing::Refused(reason) => Standing::Refused { reason },
        }
    }
}

/// Why entries wait.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum WaitReason {
    /// Nothing waits.
    Nothing,
    /// They go with the next connection.
    NextConnection,
    /// So many tries in a row found no connection, or were cut.
    NoConnection {
        /// Tries.
        tries: u32,
    },
    /// The relay doesn't take them.
    Refused {
        /// What stands in the way.
        standing: Standing,
    },
}

/// What has not reached the relay.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Unsent {
    /// Entries.
    pub entries: u64,
    /// Pictures and attachments.
    pub blobs: u64,
    /// When the oldest entry was made, by the phone's wall clock.
    pub oldest_secs: Option<i64>,
    /// Why they wait.
    pub why: WaitReason,
    /// Entries that no relay takes any more, beside those that wait, since the time of their term is over: clearing the phone
    /// erases them.
    pub retired: u64,
}

impl From<core::Unsent> for Unsent {
    fn from(unsent: core::Unsent) -> Self {
        let why = match unsent.why {
            core::WaitReason::Nothing => WaitReason::Nothing,
            core::WaitReason::NextConnection => WaitReason::NextConnection,
            core::WaitReason::NoConnection(tries) => WaitReason::NoConnection { tries },
            core::WaitReason::Standing(standing) => WaitReason::Refused { standing: standing.into() },
        };
        let oldest_secs = unsent.oldest.map(|at| at.0);
        Unsent { entries: unsent.entries, blobs: unsent.blobs, oldest_secs, why, retired: unsent.retired }
    }
}

/// What a sync came to.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct SyncOutcome {
    /// Records that reached the relay.
    pub delivered: u64,
    /// Entries that still wait.
    pub unsent: u64,
    /// Bytes of bodies that were sent, before HTTP.
    pub bytes_up: u64,
    /// Bytes of bodies that came, before HTTP.
    pub bytes_down: u64,
    /// Whether the relay takes this phone's records.
    pub standing: Standing,
    /// When to try again, milliseconds; absent if nothing is left to do.
    pub retry_in_ms: Option<u64>,
    /// Why no connection was made, for diagnostics; absent if one was.
    pub offline: Option<String>,
}

impl From<core::SyncOutcome> for SyncOutcome {
    fn from(outcome: core::SyncOutcome) -> Self {
        SyncOutcome {
            delivered: outcome.delivered,
            unsent: outcome.unsent,
            bytes_up: outcome.bytes.0,
            bytes_down: outcome.bytes.1,
            standing: outcome.standing.into(),
            retry_in_ms: outcome.retry_in_ms,
            offline: outcome.offline,
        }
    }
}

/// Something changed that a screen may show. Documents are named by their ids.
#[derive(Clone, Debug, PartialEq, uniffi::Enum)]
pub enum PhoneEvent {
    /// Records reached the relay.
    Delivered {
        /// How many.
        count: u64,
    },
    /// Something was recorded, arrived or changed.
    Changed {
        /// In these documents.
        documents: Vec<String>,
    },
    /// A copy was dropped and is asked for again: show it as not arrived.
    NotArrived {
        /// In these documents.
        documents: Vec<String>,
    },
    /// The phone writes under a new key from now on.
    NewKey,
    /// The relay went back; the phone hands back what it has.
    RelayWentBack,
    /// Devices or marks of others changed.
    People,
    /// Whether the relay takes this phone's records changed.
    StandingChanged {
        /// How it stands now.
        standing: Standing,
    },
}

impl From<&core::PhoneEvent> for PhoneEvent {
    fn from(event: &core::PhoneEvent) -> Self {
        let texts = |docs: &[sanji_core::ids::DocId]| docs.iter().map(ToString::to_string).collect();
        match event {
            core::PhoneEvent::Delivered(count) => PhoneEvent::Delivered { count: *count },
            core::PhoneEvent::Changed(docs) => PhoneEvent::Changed { documents: texts(docs) },
            core::PhoneEvent::NotArrived(docs) => PhoneEvent::NotArrived { documents: texts(docs) },
            core::PhoneEvent::NewKey => PhoneEvent::NewKey,
            core::PhoneEvent::RelayWentBack => PhoneEvent::RelayWentBack,
            core::PhoneEvent::People => PhoneEvent::People,
            core::PhoneEvent::Standing(standing) => PhoneEvent::StandingChanged { standing: standing.clone().into() },
        }
    }
}

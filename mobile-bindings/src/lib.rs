//! What Kotlin and Swift see of the core: records in, records out. No rule, no storage and no network is here; each call
//! turns its arguments into the core's types and what comes back into records.
//!
//! Conventions: ids and dates cross as text (`2026-03-02`), instants as whole seconds since 1970 (names end in `_secs`),
//! codes (status, findings, labels) as the stable words of packs and exports, so that an app can show a word that a later
//! version adds. Calls are quick, do their work on the calling thread and may be made from any; `enrol` and `sync_now` are
//! asynchronous and may be cancelled at any time. A bug of the core is an exception of the app, never the end of its
//! process.

mod day;
mod error;
mod phone;
mod sending;
mod shell;

pub use day::{Check, Delivery, Direction, Entry, Finding, PostingDay, Provisional, Span, Today, Verdict, Wait};
pub use error::PhoneError;
pub use phone::{Phone, Records, Subscription};
pub use sending::{PhoneEvent, Standing, SyncOutcome, Unsent, WaitReason};
pub use shell::{Clock, KeyStorage, Listener, ShellError};

uniffi::setup_scaffolding!();

/// The version of the core.
#[uniffi::export]
pub fn core_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

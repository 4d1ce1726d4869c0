//! What Kotlin and Swift see of the core: records in, records out. No rule, no storage and no network is here; each call
//! turns its arguments into the core's types and what comes back into records.
//!
//! Conventions: ids and dates cross as text (`2026-03-02`), instants as whole seconds since 1970 (names end in `_secs`),
//! codes (status, findings, labels) as the stable words of packs and exports, so that an app can show a word that a later
//! version adds. Calls are quick, do their work on the calling thread and may be made from any; `enrol` and `sync_now` are
//! asynchronous and may be cancelled at any time: by dropping the call, or a sync by its `Cancellation`. A bug of the core is
//! an exception of the app, never the end of its process.

mod cancel;
mod day;
mod error;
mod given;
mod kiosk;
mod leave;
mod letting_in;
mod news;
mod phone;
mod principal;
mod said;
mod sending;
mod service;
mod shell;
mod visit;
mod words;

pub use cancel::Cancellation;
pub use day::{
    Check, Delivery, Direction, Entry, Finding, Fix, Place, PostingDay, Provisional, Span, Today, Verdict, Wait,
};
pub use error::PhoneError;
pub use kiosk::KioskPerson;
pub use leave::{CorrectionAsked, Leave, LeavePiece, LeaveRequest, Named, StatedCheck};
pub use letting_in::{Asking, BundleFile};
pub use news::{Affairs, Matter, News};
pub use phone::{Owner, Phone, Posting, Records, Subscription};
pub use principal::{Asked, Flagged, Newcomer, Pending, Profile, RosterRow, StaffDay};
pub use said::{DaySaid, ReasonSaid, SendingSaid, TodaySaid, Tone};
pub use sending::{PhoneEvent, Standing, SyncOutcome, Unsent, WaitReason};
pub use service::{Instructor, PlanShown, Service, ServicePlan, Session, SessionShown};
pub use shell::{Clock, Connectivity, KeyError, KeyStorage, Listener, ShellError};
pub use visit::{
    Countersign, Observation, ObservationShown, PartText, Participant, Picture, SchoolName, Visit, VisitPlan,
    VisitSummary,
};
pub use words::{EntrySaid, Language, WordArg, Words};

uniffi::setup_scaffolding!();

/// The version of the core.
#[uniffi::export]
pub fn core_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

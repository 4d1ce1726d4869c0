//! The phone: what an app drives.
//!
//! [`Phone`] holds the records of one person, or of one kiosk, in a folder of its own. Everything but enrolment and sync is
//! synchronous and quick: one transaction with one durable commit for each record, and views folded from what is here. A
//! network is never waited for. No call panics on what a network or a file brings.

mod anchor;
mod asked;
mod bundle;
mod clock;
mod config;
mod countersign;
mod day;
mod diagnostics;
mod duty;
mod error;
mod found;
mod handle;
mod home;
mod http;
mod kiosk;
mod listener;
#[cfg(feature = "texts")]
mod news;
mod people;
mod place;
mod principal;
mod profile;
mod publish;
mod queue;
mod readmit;
#[cfg(feature = "texts")]
mod said;
mod service;
mod shelf;
mod sync;
mod tls;
mod visit;

pub use bundle::BundleFile;
pub use clock::Clock;
pub use config::{Connectivity, Network, PhoneConfig};
pub use countersign::VisitRead;
pub use day::{CheckLine, EntryAt, PostingDay, Provisional, StaffDay, Today};
pub use duty::LeaveRequest;
pub use error::{PhoneError, Problem, Result};
pub use found::Found;
pub use handle::Phone;
pub use kiosk::KioskEntry;
pub use listener::{Listener, PhoneEvent, Subscription};
#[cfg(feature = "texts")]
pub use news::{Affairs, Matter, News};
pub use people::{Colleague, MyPosting};
pub use place::Fix;
pub use principal::Newcomer;
pub use profile::SchoolProfile;
pub use publish::WeekToPublish;
pub use queue::{Conflict, Flagged, Pending, PendingKind, Unsent, WaitReason};
#[cfg(feature = "texts")]
pub use said::{DaySaid, Reason, Saying, SendingSaid, Tone};
pub use sync::SyncOutcome;
pub use visit::{VisitAt, VisitSummary};

// What the facade's calls take and give from the layers below, so that an app needs no other module for them.
pub use crate::documents::correction::RequestFact;
pub use crate::documents::facts::Row;
pub use crate::documents::leave::{LeaveFact, LeavePiece};
pub use crate::documents::register::Register;
pub use crate::documents::visit::{Countersign, Visit};
pub use crate::store::{KeyError, KeyProvider};
pub use crate::sync::message::Via;
pub use crate::sync::phone::{Delivery, Recorded, Standing};
pub use crate::sync::readmit::Asking;

//! Records, rules, documents, sync and the phone of Sanji. See docs/architecture.md for the map.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod cbor;
pub mod crypto;
pub mod evidence;
pub mod explain;
pub mod ids;
pub mod labels;
pub mod policy;
pub mod records;
pub mod rules;
#[cfg(feature = "texts")]
pub mod texts;
pub mod time;

#[cfg(feature = "documents")]
pub mod documents;
#[cfg(feature = "phone")]
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a shell: it has the network and the clocks")]
pub mod phone;
#[cfg(feature = "documents")]
pub mod review;
#[cfg(feature = "store")]
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a shell: it has the files")]
pub mod store;
#[cfg(feature = "documents")]
pub mod sync;

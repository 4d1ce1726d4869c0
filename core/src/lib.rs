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
#[cfg(feature = "documents")]
pub mod review;
#[cfg(feature = "documents")]
pub mod sync;

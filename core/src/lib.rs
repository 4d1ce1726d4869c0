//! Records, rules, documents, sync and the phone of Sanji. See docs/architecture.md for the map.

pub mod cbor;
pub mod crypto;
pub mod evidence;
pub mod ids;
pub mod labels;
pub mod records;
pub mod time;

#[cfg(feature = "documents")]
pub mod documents;
#[cfg(feature = "documents")]
pub mod sync;

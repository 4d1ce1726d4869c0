//! Records, rules, documents, sync and the phone of Sanji. See docs/architecture.md for the map.

pub mod explain;
pub mod ids;
pub mod policy;
pub mod rules;
#[cfg(feature = "texts")]
pub mod texts;
pub mod time;

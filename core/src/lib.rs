//! Records, rules, documents, sync and the phone of Sanji. See docs/architecture.md for the map.

pub mod ids;
pub mod time;

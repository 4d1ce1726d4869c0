//! Sync: what phone and relay say to each other, and the state machines of both sides. No SQL, no network, no clock.
//!
//! `message` is what is said, `wire` how it becomes bytes, `phone` and `relay` what each side does with it.

pub mod blob;
pub mod enrol;
pub mod ledger;
pub mod message;
pub mod relay;
pub mod wire;

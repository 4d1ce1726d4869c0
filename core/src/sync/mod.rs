//! Sync: what phone and relay say to each other, and the state machines of both sides. No SQL, no network, no clock.
//!
//! `message` is what is said, `wire` how it becomes bytes, `phone` and `relay` what each side does with it; `enrol` is how a
//! device becomes known, `blob` how large blobs travel, `bundle` how
//! unsent entries travel without a network, `readmit` how a phone whose key was lost is let in again.

pub mod blob;
pub mod bundle;
pub mod enrol;
pub mod ledger;
pub mod message;
pub mod phone;
pub mod readmit;
pub mod relay;
pub mod wire;

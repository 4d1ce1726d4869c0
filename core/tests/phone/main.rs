//! The phone's machine against the relay's, both in memory: what is recorded arrives once, whatever happens between.
#![cfg(feature = "documents")]
#![allow(clippy::unwrap_used)]

mod faults;
mod support;
mod sync;

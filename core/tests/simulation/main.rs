//! Deterministic simulation: the real machines of phones and relay in one thread, everything from one seed.
//!
//! `SANJI_SEEDS=n` plays n seeds instead of the ordinary number, `SANJI_SEED=k` plays one and prints what happened in it.
#![cfg(feature = "documents")]
#![allow(clippy::unwrap_used, clippy::result_large_err)]

mod acts;
mod chance;
mod check;
mod county;
mod device;
mod exhaustive;
mod named;
mod seeds;
mod stock;
mod truth;
mod went_back;
mod world;

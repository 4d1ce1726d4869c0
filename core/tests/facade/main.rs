//! The phone that an app drives, without a network: what is recorded, shown and kept, whatever happens to its files.
#![cfg(feature = "phone")]
#![allow(clippy::unwrap_used)]

mod files;
mod records;
mod support;
mod texts;

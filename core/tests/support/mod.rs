//! What the tests of the wire share: made-up days of a school, and hostile bytes.
#![allow(dead_code, clippy::unwrap_used, missing_docs)]

pub mod any;
pub mod mutate;
pub mod school;

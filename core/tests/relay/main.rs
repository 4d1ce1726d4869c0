//! The relay's machine, push by push.
#![allow(clippy::unwrap_used)]

mod authority;
mod intake;
mod pull;
mod support;

//! The relay over HTTP.

pub mod limits;

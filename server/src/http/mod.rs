//! The relay over HTTP.

pub mod limits;
pub mod stream;
pub mod tls;

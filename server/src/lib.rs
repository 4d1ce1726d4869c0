//! The relay, the review pages and the commands of Sanji.

pub mod accounts;
pub mod clock;
pub mod http;
pub mod random;
pub mod store;
pub mod writer;

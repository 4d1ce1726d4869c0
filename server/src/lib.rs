//! The relay, the review pages and the commands of Sanji.

pub mod accounts;
pub mod admin;
pub mod app;
pub mod blobs;
pub mod clock;
#[cfg(feature = "demo")]
pub mod demo;
pub mod folder;
pub mod http;
pub mod import;
pub mod keys;
pub mod random;
pub mod said;
pub mod store;
pub mod writer;

//! The relay, the review pages and the commands of Sanji.

pub mod accounts;
pub mod app;
pub mod blobs;
pub mod clock;
pub mod folder;
pub mod http;
pub mod keys;
pub mod pages;
pub mod projector;
pub mod random;
pub mod store;
pub mod writer;

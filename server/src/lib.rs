//! The relay, the review pages and the commands of Sanji.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod accounts;
pub mod acts;
pub mod admin;
pub mod api;
pub mod app;
pub mod archive;
pub mod blobs;
pub mod clock;
pub mod commands;
#[cfg(feature = "demo")]
pub mod demo;
pub mod folder;
pub mod http;
pub mod import;
pub mod invitations;
pub mod keys;
pub mod pages;
pub mod projector;
pub mod random;
pub mod said;
pub mod sealed;
pub mod store;
pub mod tables;
pub mod writer;

// Rows are made in one thread and dropped in another: docs/decisions/0010-acts-are-held-back.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

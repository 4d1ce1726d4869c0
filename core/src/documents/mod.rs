//! Documents: append-only journals in Automerge's format, and how their entries fold into what holds now.

pub mod chain;
pub mod genesis;

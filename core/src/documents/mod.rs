//! Documents: append-only journals in Automerge's format, and how their entries fold into what holds now.

pub mod chain;
pub mod correction;
pub mod county;
pub mod duty;
pub mod facts;
pub mod fold;
pub mod genesis;
pub mod journal;
pub mod leave;
pub mod register;
mod relation;
pub mod school;
pub mod visit;

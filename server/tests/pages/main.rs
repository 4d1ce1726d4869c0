//! The review pages, as different people meet them, over a projection that is made by following the log.
#![allow(clippy::unwrap_used)]

mod accounts;
mod api;
mod correct;
mod county;
mod exports;
mod html;
mod install;
mod lift;
mod projection;
mod publish;
mod queue;
mod roster;
mod seen;
mod sheet;
mod shown;
mod signing;
mod town;
mod views;
mod works;
mod zip;

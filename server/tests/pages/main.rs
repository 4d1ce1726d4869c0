//! The review pages, as different people meet them, over a projection that is made by following the log.
#![allow(clippy::unwrap_used)]

mod api;
mod county;
mod exports;
mod html;
mod projection;
mod seen;
mod shown;
mod signing;
mod town;
mod zip;

//! Review pages.
pub(crate) mod audit;

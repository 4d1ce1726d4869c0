//! Who looked at whose records. A supervisor or a township reads a person's entries when there is a reason to; each look is
//! written down before the page is shown (docs/operations.md says who reads this list).
pub(crate) const SCHEMA: &str = "";

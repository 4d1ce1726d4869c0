//! What an administrator brings as files: the county's organisation (TOML) and staff lists (CSV). Pure: text and what is known
//! already in, entries to write out. Everything that is wrong is named with its place before anything is written.

pub mod county;
pub mod county_plan;
pub mod dates;
pub mod staff;
pub mod staff_plan;

use crate::said::Said;

/// Something in a file that can't be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The line, from 1; absent if the whole file is meant.
    pub line: Option<usize>,
    /// The column's or key's name; empty if the whole line is meant.
    pub column: String,
    /// What is wrong and what to do.
    pub said: Said,
}

impl Trouble {
    pub(crate) fn new(line: impl Into<Option<usize>>, column: impl Into<String>, said: Said) -> Self {
        Trouble { line: line.into(), column: column.into(), said }
    }
}

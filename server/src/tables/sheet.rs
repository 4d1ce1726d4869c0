//! A table of typed cells, as CSV and XLSX are written from it.

use jiff::civil::{Date, Time};
use sanji_core::time::UtcSecs;

/// What a column holds: it decides how its cells are written and how wide they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A short text: a name, a word.
    Word,
    /// A longer text.
    Text,
    /// A date.
    Date,
    /// A date with its time of day.
    Moment,
    /// A time of day.
    Clock,
    /// A whole number.
    Count,
    /// A length of time.
    Minutes,
}

/// A cell; one without a value is [`Value::Empty`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// A text, which is never a formula.
    Text(String),
    /// A date.
    Date(Date),
    /// An instant, written in Asia/Shanghai.
    Moment(UtcSecs),
    /// A time of day.
    Clock(Time),
    /// A whole number.
    Count(u32),
    /// Whole minutes.
    Minutes(u32),
}

macro_rules! value_from {
    ($($type:ty => $item:ident;)+) => { $(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Value::$item(value.into())
            }
        }
    )+ };
}
value_from! {
    &str => Text;
    String => Text;
    Date => Date;
    UtcSecs => Moment;
    Time => Clock;
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Empty, Into::into)
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub title: String,
    /// What it holds.
    pub kind: Kind,
}

/// A table with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell for every column.
    pub rows: Vec<Vec<Value>>,
}

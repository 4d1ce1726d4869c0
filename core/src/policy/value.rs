//! The values that packs and calendars are made of, each with its one written form.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::time::{HourMinute, parse_date};

/// What a number rests on: the source's own numbering, or `own` where the source is silent and the pack chooses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clause(Arc<str>);

impl Clause {
    /// The mark of a number that the source doesn't give.
    pub const OWN: &str = "own";

    /// The clause as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This clause with the scheme's code before it, as it is shown: `HZ 二(一)2`.
    pub fn cited(&self, code: &str) -> Clause {
        Clause(if self.0.is_empty() || &*self.0 == Clause::OWN {
            self.0.clone()
        } else {
            format!("{code} {}", self.0).into()
        })
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Clause {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Clause {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        if text.trim().is_empty() {
            return Err(de::Error::custom("the clause is empty: give the source's numbering, or \"own\""));
        }
        Ok(Clause(text.into()))
    }
}

/// A name in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// Simplified Chinese: the source's words where it has any.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A word of the scheme that records use: its code never changes, its names are for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodedName {
    /// As it stands in records and cases.
    pub code: String,
    /// Simplified Chinese: the source's word.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A span of every day, from one time to a later one of the same day, the end not included: `08:30-11:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// The first minute.
    pub from: HourMinute,
    /// The minute at which it is over.
    pub to: HourMinute,
}

impl Window {
    /// The window in a text such as `08:30-11:30`; `None` unless it ends after it begins.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let (from, to) = (HourMinute::parse(from)?, HourMinute::parse(to)?);
        (from < to).then_some(Window { from, to })
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.to)
    }
}

impl Serialize for Window {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Window::parse(&text).ok_or_else(|| {
            de::Error::custom(format!(
                "\"{text}\" is no window: write two times such as \"08:30-11:30\", the later one last"
            ))
        })
    }
}

/// Whether these windows of one day stand in order and apart.
pub fn in_order(windows: &[Window]) -> bool {
    let forwards = windows.iter().all(|window| window.from < window.to);
    !windows.is_empty() && forwards && windows.windows(2).all(|pair| pair[0].to <= pair[1].from)
}

/// A date written `2026-03-02`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        parse_date(&text)
            .map(Day)
            .ok_or_else(|| de::Error::custom(format!("\"{text}\" is no date: write it as \"2026-03-02\", in quotes")))
    }
}

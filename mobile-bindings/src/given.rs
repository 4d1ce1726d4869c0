//! Reading what an app gives: ids, dates, codes. What can't be read is an error at its field.

use std::fmt::Display;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use sanji_core::ids::PostingId;
use sanji_core::phone as core;
use sanji_core::records::Decision;
use sanji_core::time::parse_date;

use crate::day::Entry;
use crate::error::PhoneError;

pub(crate) type Result<T> = std::result::Result<T, PhoneError>;

pub(crate) fn id<T: FromStr<Err: Display>>(field: &str, text: &str) -> Result<T> {
    text.parse().map_err(|e| PhoneError::unreadable(field, e))
}

pub(crate) fn ids<T: FromStr<Err: Display>>(field: &str, texts: &[String]) -> Result<Vec<T>> {
    texts.iter().map(|text| id(field, text)).collect()
}

pub(crate) fn maybe<T: FromStr<Err: Display>>(field: &str, text: &Option<String>) -> Result<Option<T>> {
    text.as_deref().map(|text| id(field, text)).transpose()
}

pub(crate) fn posting(text: Option<String>) -> Result<Option<PostingId>> {
    maybe("posting", &text)
}

pub(crate) fn date(field: &str, text: &str) -> Result<Date> {
    parse_date(text).ok_or_else(|| PhoneError::unreadable(field, "a date such as 2026-03-02 was expected"))
}

pub(crate) fn maybe_date(field: &str, text: &Option<String>) -> Result<Option<Date>> {
    text.as_deref().map(|text| date(field, text)).transpose()
}

pub(crate) fn time(field: &str, text: &str) -> Result<Time> {
    let read = sanji_core::time::HourMinute::parse(text);
    let day = Date::constant(2026, 1, 1);
    let time = read.map(|read| read.on(day).local().time());
    time.ok_or_else(|| PhoneError::unreadable(field, "a time such as 16:30 was expected"))
}

pub(crate) fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A code, by the core's own reading of it.
pub(crate) fn code<T>(field: &str, text: &str, read: impl Fn(&str) -> Option<T>) -> Result<T> {
    read(text).ok_or_else(|| PhoneError::unreadable(field, format!("\"{text}\" is no known code")))
}

pub(crate) fn decision(approve: bool) -> Decision {
    if approve { Decision::Approved } else { Decision::Refused }
}

pub(crate) fn entry(entry: &Entry) -> Result<core::EntryAt> {
    entry.try_into()
}

pub(crate) fn entries(entries: &[Entry]) -> Result<Vec<sanji_core::records::EntryRef>> {
    entries.iter().map(|one| Ok(entry(one)?.entry)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_it_is_shown() {
        for text in ["00:00", "08:30", "23:59"] {
            assert_eq!(time("start", text).map(clock).as_deref(), Ok(text));
        }
        for bad in ["", "24:00", "08:30:00", "上午"] {
            assert!(time("start", bad).is_err(), "{bad}");
        }
    }
}

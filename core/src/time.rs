//! Instants, dates and lengths, each with its unit in its type. No clock is read here: `now` is always an argument.
//!
//! Dates and windows are those of Asia/Shanghai whatever the phone says (policy.md decision 1); that zone has been
//! UTC+8 without summer time since 1991, so a fixed offset is exact for every date that a record can carry.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// Seconds that Asia/Shanghai is ahead of UTC.
const ZONE_SECONDS: i64 = 8 * 3600;

/// The first and last second that a record may carry: 2000-01-01 to 2199-12-31, UTC.
///
/// A phone clock outside it is kept as read, and clamped only for calendar arithmetic.
const CALENDAR: (i64, i64) = (946_684_800, 7_258_118_399);

/// An instant in whole seconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UtcSecs(pub i64);

/// An instant in milliseconds since 1970-01-01 UTC: the unit of the relay's clock and of evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UtcMs(pub i64);

/// A length in whole minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Minutes(pub u32);

impl UtcMs {
    /// The second that this instant lies in (rounded towards the past).
    pub fn secs(self) -> UtcSecs {
        UtcSecs(self.0.div_euclid(1000))
    }

    /// This instant moved by `ms` milliseconds, saturating.
    pub fn plus(self, ms: i64) -> UtcMs {
        UtcMs(self.0.saturating_add(ms))
    }
}

impl UtcSecs {
    /// The first millisecond of this second.
    pub fn ms(self) -> UtcMs {
        UtcMs(self.0.saturating_mul(1000))
    }

    /// This instant moved by `seconds`, saturating.
    pub fn plus(self, seconds: i64) -> UtcSecs {
        UtcSecs(self.0.saturating_add(seconds))
    }

    /// The civil date and time of this instant in Asia/Shanghai.
    pub fn local(self) -> DateTime {
        let shifted = self.0.clamp(CALENDAR.0, CALENDAR.1) + ZONE_SECONDS;
        let timestamp = jiff::Timestamp::from_second(shifted).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Offset::UTC.to_datetime(timestamp)
    }

    /// The date to which a check at this instant belongs.
    pub fn date(self) -> Date {
        self.local().date()
    }
}

/// The instant at which `time` is reached on `date` in Asia/Shanghai. Midnight at the end of a day is
/// `instant(date.tomorrow(), 00:00)`.
pub fn instant(date: Date, time: Time) -> UtcSecs {
    let days = i64::from(days_since_epoch(date));
    let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    UtcSecs(days * 86_400 + seconds - ZONE_SECONDS)
}

/// The first second of `date` in Asia/Shanghai.
pub fn midnight(date: Date) -> UtcSecs {
    instant(date, Time::midnight())
}

/// The date in a text of exactly the form `2026-03-02`; `None` for any other form and for a day that no year has.
pub fn parse_date(text: &str) -> Option<Date> {
    let [year, month, day] = digits(text, "dddd-dd-dd")?;
    Date::new(year as i16, month as i8, day as i8).ok()
}

/// The instant in a text of exactly the form `2026-03-02T08:31:10` followed by `Z` or an offset such as `+08:00`;
/// `None` for any other form (no offset, fractions, lower case) and for a date, time or offset that can't be.
pub fn parse_instant(text: &str) -> Option<UtcSecs> {
    let (civil, offset) = text.split_at_checked(19)?;
    let (date, time) = civil.split_once('T')?;
    let date = parse_date(date)?;
    let [hour, minute, second] = digits(time, "dd:dd:dd")?;
    let time = Time::new(hour as i8, minute as i8, second as i8, 0).ok()?;
    let ahead = match offset.strip_prefix('+').or(offset.strip_prefix('-')) {
        None if offset == "Z" => 0,
        None => return None,
        Some(rest) => {
            let [hours, minutes] = digits(rest, "dd:dd")?;
            let seconds = i64::from(hours) * 3600 + i64::from(minutes) * 60;
            if hours > 23 || minutes > 59 {
                return None;
            }
            if offset.starts_with('-') { -seconds } else { seconds }
        }
    };
    Some(instant(date, time).plus(ZONE_SECONDS - ahead))
}

/// The numbers in `text`, which must have the form of `pattern`: `d` stands for an ASCII digit, all else for itself.
pub(crate) fn digits<const N: usize>(text: &str, pattern: &str) -> Option<[u16; N]> {
    let fits = |(byte, expected): (u8, u8)| if expected == b'd' { byte.is_ascii_digit() } else { byte == expected };
    if text.len() != pattern.len() || !text.bytes().zip(pattern.bytes()).all(fits) {
        return None;
    }
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut out = [0; N];
    for slot in &mut out {
        *slot = numbers.next()?.parse().ok()?;
    }
    Some(out)
}

/// A time of day to the minute, 00:00 to 23:59.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HourMinute(u16);

impl HourMinute {
    /// The time in a text of exactly the form `08:30`; `None` for any other form and for a time that no day has.
    pub fn parse(text: &str) -> Option<Self> {
        let [hour, minute] = digits(text, "dd:dd")?;
        (hour < 24 && minute < 60).then_some(HourMinute(hour * 60 + minute))
    }

    /// The minute in which a time of day lies.
    pub fn of(time: Time) -> Self {
        HourMinute(u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).unwrap_or(0))
    }

    /// Minutes since midnight.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// The instant of this time on `date` in Asia/Shanghai.
    pub fn on(self, date: Date) -> UtcSecs {
        midnight(date).plus(i64::from(self.0) * 60)
    }
}

impl std::fmt::Display for HourMinute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl<'de> Deserialize<'de> for HourMinute {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        HourMinute::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("\"{text}\" is no time of day such as \"08:30\"")))
    }
}

impl Serialize for HourMinute {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// Days from 1970-01-01 to `date`, negative before it: how a date travels in an entry.
pub fn days_since_epoch(date: Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    (date - epoch).get_days()
}

/// The date `days` after 1970-01-01; `None` outside the years 1970 to 9999.
pub fn date_from_days(days: i32) -> Option<Date> {
    if days < 0 {
        return None;
    }
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn a_check_belongs_to_the_shanghai_date_of_its_instant() {
        let late = instant(date(2026, 3, 2), time(23, 59, 59, 0));
        assert_eq!(late.date(), date(2026, 3, 2));
        assert_eq!(late.plus(1).date(), date(2026, 3, 3));
        assert_eq!(instant(date(2026, 3, 2), time(8, 0, 0, 0)), UtcSecs(1_772_409_600));
    }

    #[test]
    fn dates_travel_as_days() {
        for days in [0, 1, 20_000, 20_514, 60_000] {
            assert_eq!(date_from_days(days).map(days_since_epoch), Some(days));
        }
        assert_eq!(date_from_days(-1), None);
        assert_eq!(date_from_days(i32::MAX), None);
    }

    #[test]
    fn a_clock_years_off_still_has_a_date() {
        assert_eq!(UtcSecs(i64::MIN).date(), date(2000, 1, 1));
        assert_eq!(UtcSecs(i64::MAX).date().year(), 2200);
    }

    #[test]
    fn an_instant_is_read_only_in_its_one_form() {
        let at = Some(instant(date(2026, 3, 2), time(8, 31, 10, 0)));
        for same in [
            "2026-03-02T08:31:10+08:00",
            "2026-03-02T00:31:10Z",
            "2026-03-01T14:31:10-10:00",
            "2026-03-02T14:31:10+14:00",
        ] {
            assert_eq!(parse_instant(same), at, "{same}");
        }
        assert_eq!(parse_instant("2026-03-02T00:31:10-00:00"), at);
        for bad in [
            "2026-03-02T08:31:10",
            "2026-03-02 08:31:10Z",
            "2026-03-02t08:31:10z",
            "2026-03-02T08:31:10.5Z",
            "2026-03-02T08:31Z",
            "2026-03-02T24:00:00Z",
            "2026-03-02T08:31:60Z",
            "2026-02-29T08:31:10Z",
            "2026-03-02T08:31:10+0800",
            "2026-03-02T08:31:10+24:00",
            "2026-03-02T08:31:10+08:60",
            "2026-03-02T08:31:10Z ",
            "+026-03-02T08:31:10Z",
            "2026-03-02T08:31:1０Z",
            "",
        ] {
            assert_eq!(parse_instant(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_date_is_read_only_in_its_one_form() {
        assert_eq!(parse_date("2028-02-29"), Some(date(2028, 2, 29)));
        for bad in ["2027-02-29", "2026-3-2", "2026-13-01", "2026-00-10", "20260302", "2026-03-02 ", "２026-03-02"] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_time_of_day_ends_before_midnight() {
        assert_eq!(HourMinute::parse("23:59").map(HourMinute::minutes), Some(1439));
        assert_eq!(HourMinute::parse("08:05").map(|t| t.to_string()), Some("08:05".into()));
        for bad in ["24:00", "8:30", "08:60", "08:30:00", "0830", "-8:30"] {
            assert_eq!(HourMinute::parse(bad), None, "{bad}");
        }
    }
}

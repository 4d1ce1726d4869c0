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
}

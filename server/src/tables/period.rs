//! The spans over which figures are made: a week, a month, a term.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use sanji_core::ids::Label;
use sanji_core::rules::{parse_week, week_name};
use sanji_core::texts::Texts;
use sanji_core::time::parse_date;

use crate::projector::board::Days;

/// A span of days by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// An ISO week, by its Monday: `2026-W10`.
    Week(Date),
    /// A month, by its first day: `2026-03`.
    Month(Date),
    /// A term: `2026a` from 1 February to 31 August, `2026b` from 1 September to 31 January.
    Term(Label),
}

/// A text that names no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a period is a week such as 2026-W10, a month such as 2026-03 or a term such as 2026a")]
pub struct BadPeriod;

impl Period {
    /// Its days.
    pub fn days(self) -> Days {
        let (first, last) = match self {
            Period::Week(monday) => (monday, monday.saturating_add(jiff::ToSpan::days(6))),
            Period::Month(first) => (first, first.last_of_month()),
            Period::Term(label) => label.days(),
        };
        Days { first, last }
    }

    /// Its name with its days: `2026-W10(3月2日至3月8日)`, `2025–2026学年下学期(2月1日至8月31日)`.
    pub fn title(self, t: &Texts) -> String {
        let Days { first, last } = self.days();
        let name = match self {
            Period::Term(term) => term_name(t, term),
            Period::Week(_) | Period::Month(_) => self.to_string(),
        };
        t.get("export-period", &[("period", name), ("from", t.date(first)), ("to", t.date(last))])
    }
}

/// `2025–2026学年下学期`.
pub fn term_name(t: &Texts, term: Label) -> String {
    let (first, _) = term.days();
    let begun = if first.month() >= 9 { first.year() } else { first.year() - 1 };
    let key = if first.month() >= 9 { "views-term-autumn" } else { "views-term-spring" };
    t.get(key, &[("from", begun.to_string()), ("to", (begun + 1).to_string())])
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Week(monday) => f.write_str(&week_name(*monday)),
            Period::Month(first) => write!(f, "{:04}-{:02}", first.year(), first.month()),
            Period::Term(label) => label.fmt(f),
        }
    }
}

impl FromStr for Period {
    type Err = BadPeriod;

    fn from_str(text: &str) -> Result<Self, BadPeriod> {
        // Years beyond these have no calendar, and sums over them would only cost time.
        let near = |days: Days| (2000..=2200).contains(&days.first.year());
        let week = || parse_week(text).map(Period::Week);
        let month = || parse_date(&format!("{text}-01")).map(Period::Month);
        let term = || text.parse().ok().filter(|_| text.ends_with(['a', 'b'])).map(Period::Term);
        week().or_else(month).or_else(term).filter(|period| near(period.days())).ok_or(BadPeriod)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weeks_months_and_terms_are_read_and_written_the_same() {
        for (text, first, last) in [
            ("2026-W10", date(2026, 3, 2), date(2026, 3, 8)),
            ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
            ("2026a", date(2026, 2, 1), date(2026, 8, 31)),
            ("2026b", date(2026, 9, 1), date(2027, 1, 31)),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!((period.to_string().as_str(), period.days()), (text, Days { first, last }));
        }
    }

    #[test]
    fn what_names_no_period_is_refused() {
        for text in ["", "2026", "2026-W54", "2026-13", "2026-3", "2026c", "26a", "9999a", "2026-03-02", "1999-12"] {
            assert_eq!(text.parse::<Period>(), Err(BadPeriod), "{text}");
        }
    }
}

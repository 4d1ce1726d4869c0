//! Which dates are school days.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};

use super::built_in;

/// A county's calendar: weekdays less statutory holidays plus make-up workdays, inside the terms.
///
/// A year without entries falls back to weekdays, which [`Calendar::warning`] tells. A school year without imported
/// terms is one long term.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    pub(super) years: BTreeMap<i16, YearDays>,
    pub(super) terms: BTreeMap<i16, Terms>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct YearDays {
    pub(super) holidays: BTreeSet<Date>,
    pub(super) make_up: BTreeSet<Date>,
}

/// The two terms of a school year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The autumn term, named `2025-2026-1`.
    pub first: TermDates,
    /// The spring term, named `2025-2026-2`.
    pub second: TermDates,
}

/// The first and last day of a term, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermDates {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// What a reader of a verdict must know about the calendar behind it. Never a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CalendarWarning {
    /// The calendar has no entries for this year: plain weekdays were taken.
    NoYear(i16),
}

impl CalendarWarning {
    /// The warning's name in exports and text keys.
    pub fn code(self) -> &'static str {
        match self {
            CalendarWarning::NoYear(_) => "calendar_missing",
        }
    }
}

impl Calendar {
    /// The calendar that comes with the program: the country's holidays and make-up workdays, without terms.
    pub fn national() -> &'static Calendar {
        &built_in::get().calendar
    }

    /// This calendar with a county's own years and terms in place of its own where the county has them.
    #[must_use]
    pub fn with(&self, county: &Calendar) -> Calendar {
        let mut both = self.clone();
        both.years.extend(county.years.iter().map(|(year, days)| (*year, days.clone())));
        both.terms.extend(&county.terms);
        both
    }

    /// Sets the working days of a year, as a county document says them.
    pub fn set_year(&mut self, year: i16, holidays: &[Date], make_up: &[Date]) {
        let days =
            YearDays { holidays: holidays.iter().copied().collect(), make_up: make_up.iter().copied().collect() };
        self.years.insert(year, days);
    }

    /// Sets the terms of the school year in which the first of them begins: first and last day of both terms. Dates out of
    /// order are passed over, so that a slip in a county document makes no day of a year a rest day.
    pub fn set_terms(&mut self, days: [Date; 4]) {
        if days.is_sorted() {
            let [first_from, first_to, from, to] = days;
            let terms = Terms { first: TermDates { from: first_from, to: first_to }, second: TermDates { from, to } };
            self.terms.insert(school_year(first_from), terms);
        }
    }

    /// Whether `date` is a school day.
    pub fn is_school_day(&self, date: Date) -> bool {
        let weekday = !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let worked = match self.years.get(&date.year()) {
            Some(days) => days.make_up.contains(&date) || weekday && !days.holidays.contains(&date),
            None => weekday,
        };
        worked && self.terms.get(&school_year(date)).is_none_or(|terms| terms.hold(date))
    }

    /// What must be said beside a verdict about `date`.
    pub fn warning(&self, date: Date) -> Option<CalendarWarning> {
        (!self.years.contains_key(&date.year())).then_some(CalendarWarning::NoYear(date.year()))
    }

    /// The terms of the school year that begins in `year`, where the county has set them.
    pub fn terms(&self, year: i16) -> Option<Terms> {
        self.terms.get(&year).copied()
    }
}

impl Terms {
    fn hold(&self, date: Date) -> bool {
        [self.first, self.second].iter().any(|term| term.from <= date && date <= term.to)
    }
}

/// The year in which the school year of `date` begins: it runs from 1 September to 31 August.
pub(crate) fn school_year(date: Date) -> i16 {
    if date.month() >= 9 { date.year() } else { date.year() - 1 }
}

#[cfg(all(test, feature = "pack-files"))]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn holidays_on_weekdays_are_free_and_make_up_days_are_worked() {
        let calendar = Calendar::national();
        for (month, day, school) in [
            (1, 1, false),
            (1, 3, false),
            (1, 4, true),
            (2, 14, true),
            (2, 17, false),
            (2, 23, false),
            (2, 24, true),
            (2, 28, true),
            (4, 6, false),
            (5, 9, true),
            (6, 19, false),
            (9, 20, true),
            (9, 25, false),
            (10, 7, false),
            (10, 8, true),
            (10, 10, true),
            (10, 11, false),
        ] {
            assert_eq!(calendar.is_school_day(date(2026, month, day)), school, "2026-{month}-{day}");
            assert_eq!(calendar.warning(date(2026, month, day)), None);
        }
        let days = date(2026, 1, 1).series(jiff::Span::new().days(1)).take(365);
        assert_eq!(days.filter(|day| calendar.is_school_day(*day)).count(), 261 - 19 + 6);
    }

    #[test]
    fn a_year_without_entries_is_plain_weekdays_with_a_warning() {
        let calendar = Calendar::national();
        assert!(calendar.is_school_day(date(2027, 10, 1)) && !calendar.is_school_day(date(2027, 10, 2)));
        assert_eq!(calendar.warning(date(2027, 10, 1)), Some(CalendarWarning::NoYear(2027)));
    }

    #[test]
    fn outside_imported_terms_nothing_is_a_school_day() {
        let calendar = Calendar::parse(
            "[[terms]]\nschool_year = \"2025-2026\"\nfirst = { from = \"2025-09-01\", to = \"2026-01-23\" }\n\
             second = { from = \"2026-03-02\", to = \"2026-07-10\" }",
        )
        .expect("reads");
        assert!(calendar.is_school_day(date(2026, 1, 23)) && !calendar.is_school_day(date(2026, 1, 26)));
        assert!(!calendar.is_school_day(date(2026, 2, 27)) && calendar.is_school_day(date(2026, 3, 2)));
        assert!(calendar.is_school_day(date(2026, 9, 1)), "the next school year has no terms yet");
    }

    #[test]
    fn a_county_replaces_single_years_and_adds_terms() {
        let county = Calendar::parse(
            "[[year]]\nyear = 2027\nholidays = [\"2027-10-01\"]\nmake_up = []\n\
             [[terms]]\nschool_year = \"2025-2026\"\nfirst = { from = \"2025-09-01\", to = \"2026-01-23\" }\n\
             second = { from = \"2026-03-02\", to = \"2026-07-10\" }",
        )
        .expect("reads");
        let both = Calendar::national().with(&county);
        assert!(!both.is_school_day(date(2027, 10, 1)) && both.warning(date(2027, 10, 1)).is_none());
        assert!(!both.is_school_day(date(2026, 4, 6)) && !both.is_school_day(date(2026, 2, 28)));
        assert!(both.is_school_day(date(2026, 9, 20)));
    }

    #[test]
    fn a_calendar_that_contradicts_itself_is_refused() {
        let year = |holidays: &str, make_up: &str| {
            format!("[[year]]\nyear = 2026\nholidays = {holidays}\nmake_up = {make_up}\n")
        };
        let terms = |first: &str, to: &str| {
            format!(
                "[[terms]]\nschool_year = \"{first}\"\nfirst = {{ from = \"2025-09-01\", to = \"{to}\" }}\n\
                 second = {{ from = \"2026-03-02\", to = \"2026-07-10\" }}"
            )
        };
        for (source, word) in [
            (year("[\"2027-01-01\"]", "[]"), "is not in 2026"),
            (year("[\"2026-01-01\", \"2026-01-01\"]", "[]"), "twice"),
            (year("[\"2026-01-04\"]", "[\"2026-01-04\"]"), "both"),
            (year("[\"2026-02-30\"]", "[]"), "no date"),
            (year("[]", "[]").repeat(2), "twice"),
            (terms("2025-2027", "2026-01-23"), "hold together"),
            (terms("2025-2026", "2026-03-02"), "hold together"),
            (terms("2024-2025", "2026-01-23"), "hold together"),
            ("[[year]]\nyear = 2026\nholidays = []\n".into(), "make_up"),
            ("[[holiday]]".into(), "unknown field"),
        ] {
            let error = Calendar::parse(&source).expect_err("contradicts itself");
            assert!(error.line.is_some() && error.en.contains(word), "{source}: {error}");
        }
    }
}

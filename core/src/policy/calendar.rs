//! Which dates are school days.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use toml::Spanned;

use super::error::PackError;
use super::value::Day;

/// A county's calendar: weekdays less statutory holidays plus make-up workdays, inside the terms.
///
/// A year without entries falls back to weekdays, which [`Calendar::warning`] tells. A school year without imported
/// terms is one long term.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i16, YearDays>,
    terms: BTreeMap<i16, Terms>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct YearDays {
    holidays: BTreeSet<Date>,
    make_up: BTreeSet<Date>,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCalendar {
    #[serde(default)]
    year: Vec<Spanned<RawYear>>,
    #[serde(default)]
    terms: Vec<Spanned<RawTerms>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawYear {
    year: i16,
    holidays: Vec<Spanned<Day>>,
    make_up: Vec<Spanned<Day>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerms {
    school_year: String,
    first: RawTerm,
    second: RawTerm,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerm {
    from: Day,
    to: Day,
}

static NATIONAL: LazyLock<Calendar> = LazyLock::new(|| {
    Calendar::parse(include_str!("../../packs/calendar-2026.toml")).expect("the built-in calendar is read by a test")
});

impl Calendar {
    /// The calendar that comes with the program: the country's holidays and make-up workdays, without terms.
    pub fn national() -> &'static Calendar {
        &NATIONAL
    }

    /// Reads a calendar from TOML: `[[year]]` with `year`, `holidays`, `make_up`, and `[[terms]]` with `school_year`
    /// (`"2025-2026"`), `first` and `second`, each `{ from = "…", to = "…" }`.
    ///
    /// # Errors
    /// An unknown key, an impossible date, a date of another year, a year given twice, terms out of order.
    pub fn parse(source: &str) -> Result<Calendar, PackError> {
        let raw: RawCalendar = toml::from_str(source).map_err(|error| PackError::from_toml(source, &error))?;
        let mut calendar = Calendar::default();
        for row in &raw.year {
            calendar.add_year(source, row)?;
        }
        for row in &raw.terms {
            calendar.add_terms(source, row)?;
        }
        Ok(calendar)
    }

    fn add_year(&mut self, source: &str, row: &Spanned<RawYear>) -> Result<(), PackError> {
        let raw = row.as_ref();
        let mut days = YearDays::default();
        for (dates, into) in [(&raw.holidays, &mut days.holidays), (&raw.make_up, &mut days.make_up)] {
            for day in dates {
                let date = day.as_ref().0;
                if date.year() != raw.year || !into.insert(date) {
                    return Err(PackError::at(
                        source,
                        day.span(),
                        format!("{date} 不在 {} 年或重复:改正或删去", raw.year),
                        format!("{date} is not in {} or stands twice: correct it or delete it", raw.year),
                    ));
                }
            }
        }
        if let Some(date) = days.holidays.intersection(&days.make_up).next() {
            return Err(PackError::at(
                source,
                row.span(),
                format!("{date} 既是放假又是补班:只留一处"),
                format!("{date} is both a holiday and a make-up workday: keep one"),
            ));
        }
        if self.years.insert(raw.year, days).is_some() {
            return Err(PackError::at(
                source,
                row.span(),
                format!("{} 年有两份:合并成一份", raw.year),
                format!("the year {} stands twice: make one of them", raw.year),
            ));
        }
        Ok(())
    }

    fn add_terms(&mut self, source: &str, row: &Spanned<RawTerms>) -> Result<(), PackError> {
        let raw = row.as_ref();
        let terms = Terms {
            first: TermDates { from: raw.first.from.0, to: raw.first.to.0 },
            second: TermDates { from: raw.second.from.0, to: raw.second.to.0 },
        };
        let year = raw.school_year.split_once('-').and_then(|(from, to)| {
            let from: i16 = from.parse().ok()?;
            (raw.school_year.len() == 9 && to.parse() == Ok(from + 1)).then_some(from)
        });
        let ordered = [terms.first.from, terms.first.to, terms.second.from, terms.second.to].is_sorted();
        let inside = year.is_some_and(|year| {
            school_year(terms.first.from) == year
                && school_year(terms.second.to) == year
                && !self.terms.contains_key(&year)
        });
        match year {
            Some(year) if ordered && inside && terms.first.to < terms.second.from => {
                self.terms.insert(year, terms);
                Ok(())
            }
            _ => Err(PackError::at(
                source,
                row.span(),
                format!(
                    "“{}”学年的学期日期不成立:学年写作“2025-2026”,每学年一次,两学期先后有序并在9月1日至8月31日之内",
                    raw.school_year
                ),
                format!(
                    "the terms of \"{}\" don't hold together: write the school year as \"2025-2026\", once, and both \
                     terms in order within 1 September to 31 August",
                    raw.school_year
                ),
            )),
        }
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

#[cfg(test)]
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

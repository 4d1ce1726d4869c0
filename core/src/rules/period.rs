//! The periods over which obligations are counted.

use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use crate::policy::{Calendar, PeriodKind, TermDates};

/// One period, judged as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// `2025-2026` (school year), `2025-2026-1` (term), `2026-03` (month), `2026-W10` (ISO week).
    pub name: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// Every period of this kind that overlaps `from` to `to`, both included, in order. A county's term dates replace the
/// fixed ones; a week without a school day is none.
pub fn periods(kind: PeriodKind, from: Date, to: Date, calendar: &Calendar) -> Vec<Period> {
    let mut all = Vec::new();
    let mut at = start(kind, from);
    while at <= to {
        let whole = Whole { kind, from: at };
        let next = whole.next();
        all.extend(whole.periods(calendar).into_iter().filter(|period| period.to >= from && period.from <= to));
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    all
}

/// The first day of the school year, month or week that holds `date`: terms are listed by school year.
fn start(kind: PeriodKind, date: Date) -> Date {
    match kind {
        PeriodKind::SchoolYear | PeriodKind::Term => {
            let year = crate::policy::school_year(date);
            Date::new(year, 9, 1).unwrap_or(Date::MIN)
        }
        PeriodKind::Month => date.first_of_month(),
        PeriodKind::Week => monday_of(date),
    }
}

/// A stretch of the calendar from which periods of one kind are made.
struct Whole {
    kind: PeriodKind,
    from: Date,
}

impl Whole {
    fn next(&self) -> Option<Date> {
        let step = match self.kind {
            PeriodKind::SchoolYear | PeriodKind::Term => 1.year(),
            PeriodKind::Month => 1.month(),
            PeriodKind::Week => 1.week(),
        };
        self.from.checked_add(step).ok()
    }

    fn to(&self) -> Date {
        self.next().map_or(Date::MAX, |next| next.saturating_sub(1.day()))
    }

    fn periods(&self, calendar: &Calendar) -> Vec<Period> {
        let year = self.from.year();
        let years = format!("{year:04}-{:04}", i32::from(year) + 1);
        match self.kind {
            PeriodKind::SchoolYear => vec![Period { name: years, from: self.from, to: self.to() }],
            PeriodKind::Term => {
                let (first, second) = self.terms(calendar);
                [(1, first), (2, second)]
                    .into_iter()
                    .map(|(number, term)| Period { name: format!("{years}-{number}"), from: term.from, to: term.to })
                    .collect()
            }
            PeriodKind::Month => {
                let name = format!("{year:04}-{:02}", self.from.month());
                vec![Period { name, from: self.from, to: self.to() }]
            }
            PeriodKind::Week => {
                let worked = (0..7)
                    .filter_map(|offset| self.from.checked_add(offset.days()).ok())
                    .any(|date| calendar.is_school_day(date));
                let period = || Period { name: week_name(self.from), from: self.from, to: self.to() };
                worked.then(period).into_iter().collect()
            }
        }
    }

    /// The county's terms of this school year, else 1 September to 31 January and 1 February to 31 August.
    fn terms(&self, calendar: &Calendar) -> (TermDates, TermDates) {
        match calendar.terms(self.from.year()) {
            Some(terms) => (terms.first, terms.second),
            None => {
                let spring = self.from.saturating_add(5.months());
                let first = TermDates { from: self.from, to: spring.saturating_sub(1.day()) };
                (first, TermDates { from: spring, to: self.to() })
            }
        }
    }
}

/// The Monday of the ISO week that holds `date`.
pub fn monday_of(date: Date) -> Date {
    date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
}

/// The ISO week that holds `date`, written `2026-W10`.
pub fn week_name(date: Date) -> String {
    let week = ISOWeekDate::from(date);
    format!("{:04}-W{:02}", week.year(), week.week())
}

/// The Monday of an ISO week written `2026-W10`; `None` for any other form and for a week that the year doesn't have.
pub fn parse_week(text: &str) -> Option<Date> {
    let [year, week] = crate::time::digits(text, "dddd-Wdd")?;
    ISOWeekDate::new(i16::try_from(year).ok()?, i8::try_from(week).ok()?, Weekday::Monday).ok().map(Date::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn names(kind: PeriodKind, from: Date, to: Date) -> Vec<String> {
        periods(kind, from, to, Calendar::national()).into_iter().map(|period| period.name).collect()
    }

    #[test]
    fn every_period_that_overlaps_is_listed_once() {
        let day = date(2026, 1, 31);
        assert_eq!(names(PeriodKind::SchoolYear, day, day), ["2025-2026"]);
        assert_eq!(names(PeriodKind::SchoolYear, day, date(2026, 9, 1)), ["2025-2026", "2026-2027"]);
        assert_eq!(names(PeriodKind::Term, day, day), ["2025-2026-1"]);
        assert_eq!(names(PeriodKind::Term, day, date(2026, 2, 1)), ["2025-2026-1", "2025-2026-2"]);
        assert_eq!(names(PeriodKind::Month, day, date(2026, 3, 1)), ["2026-01", "2026-02", "2026-03"]);
        assert_eq!(names(PeriodKind::Week, date(2026, 3, 8), date(2026, 3, 9)), ["2026-W10", "2026-W11"]);
    }

    #[test]
    fn a_week_of_holidays_is_no_period() {
        assert_eq!(names(PeriodKind::Week, date(2026, 2, 14), date(2026, 2, 23)), ["2026-W07", "2026-W09"]);
    }

    #[test]
    fn weeks_around_new_year_carry_their_iso_year() {
        assert_eq!(names(PeriodKind::Week, date(2026, 12, 31), date(2027, 1, 4)), ["2026-W53", "2027-W01"]);
    }

    #[cfg(feature = "pack-files")]
    #[test]
    fn imported_term_dates_replace_the_fixed_ones() {
        let calendar = Calendar::parse(
            "[[terms]]\nschool_year = \"2025-2026\"\nfirst = { from = \"2025-09-01\", to = \"2026-01-23\" }\n\
             second = { from = \"2026-03-02\", to = \"2026-07-10\" }",
        )
        .expect("reads");
        let at = |day| periods(PeriodKind::Term, day, day, &calendar);
        assert_eq!(at(date(2026, 2, 10)), []);
        assert_eq!(at(date(2026, 3, 2))[0].name, "2025-2026-2");
        assert_eq!(at(date(2026, 3, 2))[0].to, date(2026, 7, 10));
    }

    #[test]
    fn the_ends_of_the_calendar_are_reached_without_harm() {
        for kind in PeriodKind::ALL {
            assert!(!periods(*kind, Date::MAX, Date::MAX, Calendar::national()).is_empty(), "{kind}");
            periods(*kind, date(0, 1, 1), date(0, 1, 2), Calendar::national());
        }
    }

    #[test]
    fn a_week_is_named_by_any_of_its_days() {
        for day in date(2026, 12, 28).series(1.day()).take(7) {
            assert_eq!((monday_of(day), week_name(day).as_str()), (date(2026, 12, 28), "2026-W53"));
        }
    }

    #[test]
    fn a_week_is_read_only_if_its_year_has_it() {
        assert_eq!(parse_week("2026-W53"), Some(date(2026, 12, 28)));
        assert_eq!(parse_week("2026-W01"), Some(date(2025, 12, 29)));
        for bad in ["2025-W53", "2026-W00", "2026-W54", "2026W10", "2026-W1", "2026-w10"] {
            assert_eq!(parse_week(bad), None, "{bad}");
        }
    }
}

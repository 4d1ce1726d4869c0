//! Reads a calendar from its TOML file, strictly.

use serde::Deserialize;
use toml::Spanned;

use super::calendar::{Calendar, TermDates, Terms, YearDays, school_year};
use super::error::PackError;
use super::value::Day;

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

impl Calendar {
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
}

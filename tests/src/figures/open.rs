//! From the start of the app to today's screen, for the principal of a school of thirty at a term's end: the file is opened,
//! and today, the school's day and the queue are made. Two phones have the same term; one has three more years behind it,
//! the other one week. They take turns. Beside them the same file opened and the term's entries read by plain SQL.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::ToSpan;
use jiff::civil::{Date, date, time};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use rusqlite::Connection;
use sanji_core::ids::{DocId, SchoolId};
use sanji_core::time::instant;
use sanji_server::app::Settings;

use super::{Figure, median};
use crate::Outcome;
use crate::days::{Extras, Life, school_days, term};
use crate::office::{Moment, Office, scratch};
use crate::owner::Place;
use crate::school::{County, School};

/// Starts of each phone, after three that aren't counted.
const STARTS: usize = 31;
/// The first day of the term in which the phones are opened.
const TERM: Date = date(2026, 2, 23);
/// The day on which they are opened: the last of a term of a hundred days.
const WEEK: usize = 5;
const EXTRAS: Extras = Extras { sessions: 2, visits: 0 };

/// Measures it.
///
/// # Errors
/// When a phone or the relay fails.
pub fn measure() -> Outcome<Vec<Figure>> {
    let dir = scratch()?;
    let years = (2022..2025).flat_map(|year| [date(year, 9, 1), date(year + 1, 2, 20)]).map(term);
    let long: Vec<Vec<Date>> = years.chain([term(date(2025, 9, 1)), term(TERM)]).collect();
    let short = vec![school_days(TERM.checked_sub(40.days())?, WEEK), term(TERM)];
    let long = Opened::prepare(&dir.path().join("long"), &long)?;
    let short = Opened::prepare(&dir.path().join("short"), &short)?;
    let (mut with_years, mut with_week, mut plain) = (Vec::new(), Vec::new(), Vec::new());
    for nth in 0..STARTS + 3 {
        let times = (long.start()?, short.start()?, long.read_plainly()?);
        if nth >= 3 {
            with_years.push(times.0);
            with_week.push(times.1);
            plain.push(times.2);
        }
    }
    let (years, week) = (median(with_years), median(with_week));
    Ok(vec![
        Figure::at_most("open_ms", years, 50.0).against("rows read by SQL", median(plain)),
        Figure::at_most("open_ratio_3y_1w", years / week, 1.2),
    ])
}

/// A principal's phone, closed.
struct Opened {
    place: Place,
    clock: Arc<Moment>,
    school: School,
    today: Date,
}

impl Opened {
    /// Lives these terms at a school, and lets the principal's new phone fetch them.
    fn prepare(dir: &Path, terms: &[Vec<Date>]) -> Outcome<Self> {
        let first = *terms.iter().flatten().next().ok_or("no day")?;
        let today = *terms.iter().flatten().last().ok_or("no day")?;
        let office = Office::make(&dir.join("relay"))?;
        let mut rng = ChaCha12Rng::seed_from_u64(3);
        let county = office.write(|ledger| {
            let county = County::found(office.relay(), ledger, &mut rng, 1, first)?;
            let mut life = Life::begin(&county, 0, ledger, first, 4)?;
            let mut opened: Option<DocId> = None;
            for term in terms {
                let begins = *term.first().ok_or("a term has days")?;
                let year = DocId::county(county.relay.county(), begins);
                if opened.replace(year) != Some(year) {
                    county.open_year(ledger, begins)?;
                }
                county.open_term(ledger, begins)?;
                for week in term.chunks(WEEK) {
                    for day in week {
                        life.record_day(*day, EXTRAS)?;
                    }
                    life.send(&county, ledger, *week.last().ok_or("a week has days")?)?;
                }
            }
            Ok(county)
        })?;
        let school = county.schools[0].clone();
        let clock = Moment::at(instant(today, time(20, 30, 0, 0)).ms());
        let served = office.serve(clock.clone(), Settings::default(), 1)?;
        let place = Place::new(dir, "principal");
        let phone = place.open(clock.clone(), None)?;
        served.wait(phone.enrol(&served.invite(school.principal.id)?))?;
        served.wait(phone.sync_now())?;
        phone.close()?;
        served.stop()?;
        let opened = Opened { place, clock, school, today };
        opened.check()?;
        Ok(opened)
    }

    /// The screen says something about everybody.
    fn check(&self) -> Outcome<()> {
        let phone = self.place.open(self.clock.clone(), None)?;
        let day = phone.school_day(self.school.id, self.today)?;
        let judged = day.iter().filter(|staff| staff.cell.is_some()).count();
        if judged != self.school.staff.len() + 1 {
            return Err(format!("{judged} people have a verdict").into());
        }
        Ok(phone.close()?)
    }

    /// Milliseconds from the start to today's screen.
    fn start(&self) -> Outcome<f64> {
        let school: SchoolId = self.school.id;
        let begun = Instant::now();
        let phone = self.place.open(self.clock.clone(), None)?;
        let today = phone.today()?;
        let people = phone.school_day(school, today.date)?;
        let queue = phone.pending()?;
        let taken = begun.elapsed();
        if today.date != self.today || people.is_empty() || !queue.is_empty() {
            return Err("today's screen shows something else".into());
        }
        phone.close()?;
        Ok(taken.as_secs_f64() * 1e3)
    }

    /// Milliseconds to open the file and read the sealed entries of the term.
    fn read_plainly(&self) -> Outcome<f64> {
        let label = DocId::duty(self.school.principal.posting, self.today).label.to_u16();
        let begun = Instant::now();
        let file = Connection::open(self.place.records())?;
        let mut rows = file.prepare("SELECT key, value FROM rows WHERE tab = 1 AND key >= ?1 AND key < ?2")?;
        let mut rows = rows.query((label.to_be_bytes().to_vec(), (label + 1).to_be_bytes().to_vec()))?;
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            bytes += row.get::<_, Vec<u8>>(1)?.len();
        }
        let taken = begun.elapsed();
        if bytes == 0 {
            return Err("the term has no entries".into());
        }
        Ok(taken.as_secs_f64() * 1e3)
    }
}

//! From the start of the app to today's screen, for the principal of a school of thirty at a term's end: the file is opened,
//! and today, the school's day and the queue are made. Two phones have the same term; one has three more years behind it,
//! the other one week. They take turns. Beside them the same file opened and the term's entries read by plain SQL. What a start
//! holds in memory is the peak of a process that does nothing else. A teacher's phone, from the start to today's screen, has the term
//! behind it or this day alone.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use jiff::ToSpan;
use jiff::civil::{Date, Time, date};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use rusqlite::Connection;
use sanji_core::ids::{DocId, SchoolId};
use sanji_core::phone::{Phone, Today};
use sanji_core::time::{UtcMs, instant};
use sanji_server::app::Settings;

use super::{Figure, median};
use crate::Outcome;
use crate::days::{Extras, Life, school_days, term};
use crate::office::{Moment, Office, scratch};
use crate::owner::Place;
use crate::school::{County, School};

/// Starts of each phone, after three that aren't counted.
const STARTS: usize = 31;
/// Of a phone with 1 GB of memory, beside the system and the app's own runtime.
const PEAK_MB: f64 = 48.0;
/// The first day of the term in which the phones are opened.
const TERM: Date = date(2026, 2, 23);
/// When they are opened, after everybody has gone.
const CLOSING: Time = Time::constant(20, 30, 0, 0);
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
    let last = *term(TERM).last().ok_or("a term has days")?;
    let day = Opened::prepare(&dir.path().join("day"), &[vec![last]])?;
    let mut times: [Vec<f64>; 5] = Default::default();
    for nth in 0..STARTS + 3 {
        let one = [long.start()?, short.start()?, long.read_plainly()?, short.start_teacher()?, day.start_teacher()?];
        if nth >= 3 {
            times.iter_mut().zip(one).for_each(|(all, one)| all.push(one));
        }
    }
    let [years, week, plain, after_term, after_day] = times.map(median);
    Ok(vec![
        Figure::at_most("open_ms", years, 50.0).against("rows read by SQL", plain),
        Figure::at_most("open_ratio_3y_1w", years / week, 1.2),
        Figure::at_most("open_teacher_ms", after_term, 20.0).against("after one day", after_day),
        Figure::at_most("open_peak_mb", long.peak_mb()?, PEAK_MB).against("after one week", short.peak_mb()?),
    ])
}

/// Opens the phone in a folder, as a start does, and gives the peak of this process's memory in bytes. `opened` names the folder,
/// the school, and the instant in milliseconds.
///
/// # Errors
/// When it can't be opened, or the system doesn't tell.
pub fn peak(opened: &[String]) -> Outcome<u64> {
    let [folder, school, at] = opened else { return Err("a folder, a school and an instant are needed".into()) };
    let (school, clock): (SchoolId, _) = (school.parse()?, Moment::at(UtcMs(at.parse()?)));
    let phone = Place::at(Path::new(folder)).open(clock, None)?;
    screens(&phone, school)?;
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("the system gives no peak")?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024)
}

/// What a principal sees first: today, the school's day and the queue.
fn screens(phone: &Phone, school: SchoolId) -> Outcome<(Today, usize, usize)> {
    let today = phone.today()?;
    let people = phone.school_day(school, today.date)?.len();
    let queue = phone.pending()?.len();
    Ok((today, people, queue))
}

/// A principal's and a teacher's phone, closed.
struct Opened {
    place: Place,
    teacher: Place,
    clock: Arc<Moment>,
    school: School,
    today: Date,
}

impl Opened {
    /// Lives these terms at a school, and lets the new phones of principal and a teacher fetch them.
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
        let clock = Moment::at(instant(today, CLOSING).ms());
        let served = office.serve(clock.clone(), Settings::default(), 1)?;
        let (place, teacher) = (Place::new(dir, "principal"), Place::new(dir, "teacher"));
        for (place, person) in [(&place, &school.principal), (&teacher, &school.staff[0])] {
            let phone = place.open(clock.clone(), None)?;
            served.wait(phone.enrol(&served.invite(person.id)?))?;
            served.wait(phone.sync_now())?;
            phone.close()?;
        }
        served.stop()?;
        let opened = Opened { place, teacher, clock, school, today };
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
        let (today, people, queue) = screens(&phone, school)?;
        let taken = begun.elapsed();
        if today.date != self.today || people == 0 || queue > 0 {
            return Err("today's screen shows something else".into());
        }
        phone.close()?;
        Ok(taken.as_secs_f64() * 1e3)
    }

    /// Milliseconds from the start of the teacher's phone to today's screen.
    fn start_teacher(&self) -> Outcome<f64> {
        let begun = Instant::now();
        let phone = self.teacher.open(self.clock.clone(), None)?;
        let today = phone.today()?;
        let taken = begun.elapsed();
        if today.postings.iter().all(|day| day.checks.is_empty() || day.cell.is_none()) {
            return Err("today's screen shows nothing".into());
        }
        phone.close()?;
        Ok(taken.as_secs_f64() * 1e3)
    }

    /// Megabytes of memory that a process had at most which only made today's screen.
    fn peak_mb(&self) -> Outcome<f64> {
        let at = instant(self.today, CLOSING).ms();
        let mut once = Command::new(std::env::current_exe()?);
        once.arg("--peak").arg(self.place.folder()).args([self.school.id.to_string(), at.0.to_string()]);
        let done = once.output()?;
        if !done.status.success() {
            return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
        }
        let bytes: f64 = String::from_utf8(done.stdout)?.trim().parse()?;
        Ok(bytes / 1e6)
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

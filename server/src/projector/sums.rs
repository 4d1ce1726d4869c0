//! Sums of schools' days as a table, for pages that speak of many schools: what a day comes to ([`Summary`]) by day and
//! school, so that such a page reads rows and judges no cell.
//!
//! A row holds until something that it rests on changes, or until `now` passes an instant at which a status changes by
//! itself; that instant stands in the row. What a change touches is marked in the transaction that writes the change
//! ([`mark`]), and whoever follows the log makes marked rows again, some at a time ([`portion`], [`put`]). So rows that hold
//! are what they would be if they were made anew at the same instant; a page that meets others judges a few itself and says
//! of the rest that they are being brought up to date.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use rusqlite::{Connection, Row as SqlRow, params_from_iter};
use sanji_core::ids::SchoolId;
use sanji_core::policy::Calendar;
use sanji_core::review::CountyFacts;
use sanji_core::rules::{Status, monday_of};
use sanji_core::time::{UtcSecs, date_from_days, days_since_epoch};

use super::board::{Board, Days};
use super::kept::Kept;
use super::summary::Summary;
use super::tables::Field;
use super::{ProjectionError, Store, Touched};

/// Weeks of which sums are kept ready.
pub const WEEKS: i64 = 8;

/// Rows that are made together.
const PORTION: u32 = 64;

/// Schools whose day one page judges itself, where rows don't hold.
pub const LIVE: usize = 24;

/// A row that was never made: it doesn't hold at any instant.
const NEVER: i64 = i64::MIN;

/// A row that holds as long as nothing changes.
const ALWAYS: i64 = i64::MAX;

/// The statement that makes the table. Counts are null in a row that was never made.
pub(crate) fn schema() -> String {
    let statuses: String = Status::ALL.iter().map(|status| format!(", \"{}\" INTEGER", status.code())).collect();
    format!(
        "CREATE TABLE view_sum (day INTEGER NOT NULL, school BLOB NOT NULL, until INTEGER NOT NULL, staff INTEGER, \
         flagged INTEGER, through INTEGER, waiting INTEGER, unequipped INTEGER, mute INTEGER{statuses}, PRIMARY KEY (day, school)) \
         STRICT, WITHOUT ROWID;\n\
         CREATE INDEX view_sum_school ON view_sum (school, day);\n\
         CREATE INDEX view_sum_until ON view_sum (until);\n\
         CREATE INDEX view_device_mark ON view_device (mark);\n"
    )
}

fn columns() -> String {
    let statuses: String = Status::ALL.iter().map(|status| format!(", \"{}\"", status.code())).collect();
    format!("day, school, until, staff, flagged, through, waiting, unequipped, mute{statuses}")
}

/// The Mondays of the weeks up to that of `date`, oldest first.
pub fn weeks(date: Date) -> impl Iterator<Item = Date> {
    let monday = monday_of(date);
    (0..WEEKS).rev().map(move |back| monday.saturating_sub((7 * back).days()))
}

/// The school days of the weeks up to that of `date`, and `date` itself.
pub fn days(calendar: &Calendar, date: Date) -> Vec<Date> {
    school_days(calendar, weeks(date).next().unwrap_or(date), date)
}

/// The days for which sums are kept anyway: those of the weeks up to today, and of the week before, so that the weeks up to
/// the last school day are there, too.
pub fn window(calendar: &Calendar, today: Date) -> Vec<Date> {
    let first = weeks(today).next().unwrap_or(today);
    school_days(calendar, first.saturating_sub(7.days()), today)
}

fn school_days(calendar: &Calendar, first: Date, last: Date) -> Vec<Date> {
    let days = crate::tables::dates(Days { first, last });
    days.filter(|day| *day == last || calendar.is_school_day(*day)).collect()
}

/// Rows to be made for every school that has one of these days.
///
/// # Errors
/// When the store fails.
pub fn fill(sql: &Connection, county: &CountyFacts, days: &[Date]) -> rusqlite::Result<()> {
    let mut add = sql.prepare_cached("INSERT OR IGNORE INTO view_sum (day, school, until) VALUES (?1, ?2, ?3)")?;
    for day in days {
        for set in county.schools_on(*day) {
            add.execute((days_since_epoch(*day), &set.school.0[..], NEVER))?;
        }
    }
    Ok(())
}

/// Marks what a pass touched: those rows don't hold any more.
///
/// # Errors
/// When the store fails.
pub fn mark(sql: &Connection, touched: &Touched) -> rusqlite::Result<()> {
    if touched.everything {
        return sql.execute("UPDATE view_sum SET until = ?1 WHERE until <> ?1", [NEVER]).map(|_| ());
    }
    let text = "UPDATE view_sum SET until = ?1 WHERE school = ?2 AND day BETWEEN ?3 AND ?4";
    let mut mark = sql.prepare_cached(text)?;
    for (school, (first, last)) in &touched.schools {
        mark.execute((NEVER, &school.0[..], first, last))?;
    }
    Ok(())
}

/// A row as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    day: Date,
    school: SchoolId,
    /// None where the school doesn't have the day: the row goes.
    sums: Option<Summary>,
}

/// Some of the rows that don't hold at `now`, made anew: the last days first, then school by school.
///
/// # Errors
/// When the store fails.
pub fn portion(kept: &Kept, store: &mut impl Store, now: UtcSecs) -> Result<Vec<Made>, ProjectionError> {
    let recent = days_since_epoch(now.date().saturating_sub(4.days()));
    let due = "SELECT school, day FROM view_sum WHERE until <= ?1 ORDER BY day < ?2, school, day LIMIT ?3";
    let due: Vec<(SchoolId, Date)> = {
        let mut statement = store.sql().prepare_cached(due)?;
        let read = |row: &SqlRow<'_>| Ok((SchoolId(row.get(0)?), date_from_days(row.get(1)?).unwrap_or_default()));
        statement.query_map((now.0, recent, PORTION), read)?.collect::<rusqlite::Result<_>>()?
    };
    let mut by_school: BTreeMap<SchoolId, Vec<Date>> = BTreeMap::new();
    for (school, day) in due {
        by_school.entry(school).or_default().push(day);
    }
    let mut made = Vec::new();
    for (school, mut days) in by_school {
        days.sort();
        let (Some(first), Some(last)) = (days.first(), days.last()) else { continue };
        let board = Board::load(kept, store, school, Days { first: *first, last: *last })?;
        for day in days {
            let open = |board: &&Board| board.school.from <= day && board.school.to.is_none_or(|to| day <= to);
            let sums = board.as_ref().filter(open).map(|board| Summary::of(board, day, now));
            made.push(Made { day, school, sums });
        }
    }
    Ok(made)
}

/// Writes rows that were made.
///
/// # Errors
/// When the store fails.
pub fn put(sql: &Connection, rows: &[Made]) -> rusqlite::Result<()> {
    let places: Vec<String> = (1..=9 + Status::ALL.len()).map(|i| format!("?{i}")).collect();
    let text = format!("INSERT OR REPLACE INTO view_sum ({}) VALUES ({})", columns(), places.join(", "));
    for Made { day, school, sums } in rows {
        let Some(sums) = sums else {
            let gone = "DELETE FROM view_sum WHERE day = ?1 AND school = ?2";
            sql.prepare_cached(gone)?.execute((days_since_epoch(*day), &school.0[..]))?;
            continue;
        };
        let mut row: Vec<Field> = vec![
            (*day).into(),
            school.0[..].into(),
            sums.until.map_or(ALWAYS, |until| until.0).into(),
            sums.staff.into(),
            sums.flagged.into(),
            sums.through.into(),
            sums.waiting.into(),
            sums.unequipped.into(),
            sums.mute.into(),
        ];
        row.extend(Status::ALL.iter().map(|status| Field::from(sums.count(*status))));
        sql.prepare_cached(&text)?.execute(params_from_iter(&row))?;
    }
    Ok(())
}

/// Makes every row that doesn't hold at `now`, within the caller's transaction.
///
/// # Errors
/// When the store fails.
pub fn bring(kept: &Kept, store: &mut impl Store, now: UtcSecs) -> Result<(), ProjectionError> {
    loop {
        let made = portion(kept, store, now)?;
        if made.is_empty() {
            return Ok(());
        }
        put(store.sql(), &made)?;
    }
}

/// The sums of schools on a day.
#[derive(Clone, Debug, Default)]
pub struct DaySums {
    /// By school.
    pub known: BTreeMap<SchoolId, Summary>,
    /// Schools whose sums are older than the page, or aren't there yet.
    pub behind: usize,
}

/// The sums of these schools on a day, as of `now`. Where rows don't hold, so many schools at most are judged here; the
/// rest are given as they last were.
///
/// # Errors
/// When the store fails.
pub fn on(
    kept: &Kept,
    store: &mut impl Store,
    date: Date,
    now: UtcSecs,
    schools: impl IntoIterator<Item = SchoolId>,
    most: usize,
) -> Result<DaySums, ProjectionError> {
    let sql = format!("SELECT {} FROM view_sum WHERE day = ?1", columns());
    let mut rows: BTreeMap<SchoolId, (i64, Option<Summary>)> = {
        let mut statement = store.sql().prepare_cached(&sql)?;
        statement.query_map([days_since_epoch(date)], read)?.collect::<rusqlite::Result<_>>()?
    };
    let (mut sums, mut live) = (DaySums::default(), 0);
    for school in schools {
        let row = rows.remove(&school);
        if let Some((until, Some(summary))) = &row
            && now.0 < *until
        {
            sums.known.insert(school, summary.clone());
            continue;
        }
        live += 1;
        if live <= most {
            let board = Board::load(kept, store, school, Days { first: date, last: date })?;
            sums.known.insert(school, board.map_or(Summary::default(), |board| Summary::of(&board, date, now)));
        } else {
            sums.behind += 1;
            sums.known.extend(row.and_then(|(_, summary)| summary).map(|summary| (school, summary)));
        }
    }
    Ok(sums)
}

/// A row's school, until when it holds, and its sums where it was made.
fn read(row: &SqlRow<'_>) -> rusqlite::Result<(SchoolId, (i64, Option<Summary>))> {
    let (school, until) = (SchoolId(row.get(1)?), row.get(2)?);
    let Some(staff) = row.get(3)? else { return Ok((school, (until, None))) };
    let mut statuses = BTreeMap::new();
    for (at, status) in Status::ALL.iter().enumerate() {
        let count: u32 = row.get(9 + at)?;
        if count > 0 {
            statuses.insert(*status, count);
        }
    }
    let sums = Summary {
        staff,
        statuses,
        flagged: row.get(4)?,
        through: row.get::<_, Option<i64>>(5)?.map(UtcSecs),
        waiting: row.get(6)?,
        unequipped: row.get(7)?,
        mute: row.get(8)?,
        until: Some(until).filter(|until| *until != ALWAYS).map(UtcSecs),
    };
    Ok((school, (until, Some(sums))))
}

/// What a week came to, in person-days on which presence was required and that are over; those of which nobody could report
/// are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeekSum {
    /// All of them.
    pub owed: u64,
    /// Those that have arrived.
    pub arrived: u64,
    /// Those present as required.
    pub present: u64,
    /// Rows that were never made.
    pub unmade: u64,
}

/// The weeks up to that of `date` for these schools, oldest first.
///
/// # Errors
/// When the store fails.
pub fn trend(
    sql: &Connection,
    date: Date,
    schools: &std::collections::BTreeSet<SchoolId>,
) -> rusqlite::Result<Vec<(Date, WeekSum)>> {
    // Statuses of days on which presence was required and that are over.
    let owed = [
        Status::Present,
        Status::AwaitingSync,
        Status::NeedsCorrection,
        Status::Absent,
        Status::ShortOfFiveHours,
        Status::Irregular,
    ];
    let owed: Vec<String> = owed.iter().map(|status| format!("\"{}\"", status.code())).collect();
    let (present, awaiting) = (Status::Present.code(), Status::AwaitingSync.code());
    let text = format!(
        "SELECT day, school, {} - mute, \"{present}\", \"{awaiting}\" FROM view_sum WHERE day BETWEEN ?1 AND ?2",
        owed.join(" + ")
    );
    let mut found: Vec<(Date, WeekSum)> = weeks(date).map(|monday| (monday, WeekSum::default())).collect();
    let first = found.first().map_or(date, |(monday, _)| *monday);
    let start = days_since_epoch(first);
    let mut statement = sql.prepare_cached(&text)?;
    let mut rows = statement.query((start, days_since_epoch(date)))?;
    while let Some(row) = rows.next()? {
        if !schools.contains(&SchoolId(row.get(1)?)) {
            continue;
        }
        let at = usize::try_from((row.get::<_, i32>(0)? - start) / 7).unwrap_or(0);
        let Some((_, week)) = found.get_mut(at) else { continue };
        match row.get::<_, Option<u32>>(2)? {
            None => week.unmade += 1,
            Some(owed) => {
                let (present, awaiting): (u32, u32) = (row.get(3)?, row.get(4)?);
                week.owed += u64::from(owed);
                week.present += u64::from(present);
                week.arrived += u64::from(owed.saturating_sub(awaiting));
            }
        }
    }
    Ok(found)
}

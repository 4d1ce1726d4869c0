//! Recording one entry durably: the facade's check, beside one INSERT of a row of the same size into a file with the same
//! pragmas on the same disk. They take turns, so that whatever else the machine does hits both.

use std::path::Path;
use std::time::Instant;

use jiff::civil::{Date, date};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use rusqlite::Connection;
use sanji_core::records::Direction;
use sanji_server::app::Settings;

use super::{Figure, median};
use crate::Outcome;
use crate::office::{Moment, Office, scratch};
use crate::owner::Place;
use crate::school::{County, morning};

/// Records, after a tenth as many that aren't counted.
const RECORDS: usize = 1000;
const DAY: Date = date(2026, 3, 2);

/// Measures it.
///
/// # Errors
/// When a phone or the relay fails.
pub fn measure() -> Outcome<Vec<Figure>> {
    let dir = scratch()?;
    let office = Office::make(&dir.path().join("relay"))?;
    let mut rng = ChaCha12Rng::seed_from_u64(1);
    let county = office.write(|ledger| {
        let county = County::found(office.relay(), ledger, &mut rng, 1, DAY)?;
        county.open_year(ledger, DAY)?;
        Ok(county)
    })?;
    let clock = Moment::at(morning(DAY));
    let served = office.serve(clock.clone(), Settings::default(), 1)?;
    let place = Place::new(dir.path(), "teacher");
    let phone = place.open(clock.clone(), None)?;
    served.wait(phone.enrol(&served.invite(county.schools[0].staff[0].id)?))?;
    served.wait(phone.sync_now())?;
    phone.check(None, Direction::In, None)?;

    let (key, value) = last_entry(&place.records())?;
    let bare = bare(&dir.path().join("bare.sqlite"))?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for nth in 0..RECORDS + RECORDS / 10 {
        clock.set(morning(DAY).plus(1000 * nth as i64));
        let direction = if nth % 2 == 0 { Direction::Out } else { Direction::In };
        let begun = Instant::now();
        phone.check(None, direction, None)?;
        let record = begun.elapsed();
        let key = [&key[..], &nth.to_be_bytes()].concat();
        let begun = Instant::now();
        bare.prepare_cached("INSERT INTO rows (tab, key, value) VALUES (1, ?1, ?2)")?.execute((&key, &value))?;
        let insert = begun.elapsed();
        if nth >= RECORDS / 10 {
            ours.push(record.as_secs_f64() * 1e6);
            theirs.push(insert.as_secs_f64() * 1e6);
        }
    }
    phone.close()?;
    served.stop()?;
    let (record, insert) = (median(ours), median(theirs));
    Ok(vec![
        Figure::at_most("record_ratio", record / insert, 1.3),
        Figure::beside("record_us", record).against("bare INSERT", insert),
    ])
}

/// The key, without its last 8 bytes, and the value of the last entry in a phone's file, as they stand there.
fn last_entry(records: &Path) -> Outcome<(Vec<u8>, Vec<u8>)> {
    let file = Connection::open(records)?;
    let sql = "SELECT key, value FROM rows WHERE tab = 1 ORDER BY length(key) DESC, key DESC LIMIT 1";
    let (mut key, value): (Vec<u8>, Vec<u8>) = file.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    key.truncate(key.len().saturating_sub(8));
    Ok((key, value))
}

/// A file with the phone's table and pragmas.
fn bare(path: &Path) -> Outcome<Connection> {
    let file = Connection::open(path)?;
    file.pragma_update(None, "journal_mode", "wal")?;
    file.pragma_update(None, "synchronous", "full")?;
    file.pragma_update(None, "temp_store", "memory")?;
    file.pragma_update(None, "wal_autocheckpoint", 200)?;
    file.pragma_update(None, "journal_size_limit", 1_048_576)?;
    file.execute_batch(
        "CREATE TABLE rows (tab INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (tab, key)) WITHOUT ROWID;",
    )?;
    Ok(file)
}

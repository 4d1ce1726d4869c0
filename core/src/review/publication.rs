//! The table of a published week as bytes: what its hash is of. The same from a phone as from the page.

use crate::cbor::{self, Value};
use crate::ids::PostingId;
use crate::rules::DayResult;
use crate::time::days_since_epoch;

use super::cell::Cell;

/// One person's row of a week.
#[derive(Clone, Debug)]
pub struct WeekRow {
    /// The posting.
    pub posting: PostingId,
    /// The name.
    pub name: String,
    /// Seven days from Monday on; absent where there was nothing to judge by.
    pub cells: Vec<Option<Cell>>,
}

/// The bytes: canonical CBOR of the rows by posting, each [posting, name, days], each day null or [date, status, office
/// minutes, required minutes, findings], each finding [code, minutes or null]. A day on which the chapter was not in force
/// has no status and no required minutes. Leave stands without its kind: a notice board is public.
pub fn week_table(rows: &[WeekRow]) -> Vec<u8> {
    let mut rows: Vec<&WeekRow> = rows.iter().collect();
    rows.sort_by_key(|row| row.posting);
    let row = |row: &&WeekRow| {
        let days = row.cells.iter().map(|cell| cell.as_ref().map_or(Value::Null, day)).collect();
        Value::Array(vec![Value::Bytes(row.posting.0.to_vec()), Value::Text(row.name.clone()), Value::Array(days)])
    };
    cbor::encode(&Value::Array(rows.iter().map(row).collect()))
}

fn day(cell: &Cell) -> Value {
    let date = Value::Int(i64::from(days_since_epoch(cell.date)));
    let int = |minutes: u32| Value::Int(i64::from(minutes));
    match &cell.result {
        DayResult::NotInForce(times) => {
            Value::Array(vec![date, Value::Null, int(times.office.0), Value::Null, Value::Array(Vec::new())])
        }
        DayResult::Judged(verdict) => {
            let finding = |f: &crate::rules::Finding| {
                let minutes = f.minutes.map_or(Value::Null, |minutes| int(minutes.0));
                Value::Array(vec![Value::Text(f.code.code().to_owned()), minutes])
            };
            Value::Array(vec![
                date,
                Value::Text(verdict.status.code().to_owned()),
                int(verdict.times.office.0),
                int(verdict.required.0),
                Value::Array(verdict.findings.iter().map(finding).collect()),
            ])
        }
    }
}

//! The table of a published week as bytes: what its hash is of. The same from a phone as from the page.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::county::pack_hash;
use crate::cbor::{self, Value};
use crate::crypto::{BlobHash, LogHash, sha256};
use crate::ids::PostingId;
use crate::labels;
use crate::policy::Pack;
use crate::records::field::Bytes;
use crate::records::{Lack, Publication};
use crate::rules::{self, DayResult, monday_of};
use crate::sync::message::LogNo;
use crate::time::{Minutes, date_from_days, days_since_epoch};

use super::cell::Cell;

/// The county's setting that names the weekday, `monday` to `sunday`, from which on the last week that is over is to be
/// published. No source gives one; a county without it reminds nobody.
pub const PUBLISH_DAY: &str = "publish_day";

/// The weekdays by their names in the setting.
pub const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// The Monday of the week that is to be published on `today`, where the county reminds from `weekday` on: the last one that
/// was over when that weekday last came.
pub(super) fn week_over(today: Date, weekday: Weekday) -> Date {
    let since = i64::from(weekday.until(today.weekday()));
    monday_of(today.saturating_sub(since.days())).saturating_sub(7.days())
}

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

/// A week's table as it is published, with what it lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekTable {
    /// The rows, as [`published_rows`] reads them.
    pub bytes: Vec<u8>,
    /// SHA-256 of the rows.
    pub hash: [u8; 32],
    /// What had not arrived of the days that were judged, each device of a posting once.
    pub lacked: Vec<Lack>,
}

impl WeekTable {
    /// The table of these rows.
    pub fn of(rows: &[WeekRow]) -> Self {
        let mut lacked: Vec<Lack> = Vec::new();
        for row in rows {
            for wait in row.cells.iter().flatten().filter(|cell| awaited(cell)).flat_map(|cell| &cell.waits) {
                let lack = Lack { posting: row.posting, actor: wait.actor, through: wait.through };
                if !lacked.contains(&lack) {
                    lacked.push(lack);
                }
            }
        }
        let bytes = week_table(rows);
        WeekTable { hash: sha256(&[labels::PUBLICATION, &bytes]), bytes, lacked }
    }

    /// What is said when the week is published: seen through log number `log`, whose L is `head`, judged by `pack`; `rows`
    /// is the blob that holds the bytes.
    pub fn publication(&self, monday: Date, (log, head): (LogNo, LogHash), pack: &Pack, rows: BlobHash) -> Publication {
        Publication {
            monday,
            log: i64::try_from(log.0).unwrap_or(i64::MAX),
            head,
            pack: pack_hash(pack),
            rules: u32::from(rules::VERSION),
            table: Bytes(self.hash.to_vec()),
            rows,
            lacked: self.lacked.clone(),
        }
    }
}

/// Whether a cell's verdict could change with what its devices have not reported: a rest day asks for nothing.
fn awaited(cell: &Cell) -> bool {
    matches!(&cell.result, DayResult::Judged(verdict) if verdict.end.is_some())
}

/// The bytes: canonical CBOR of the rows by posting, each [posting, name, days], each day null or [date, status, office
/// minutes, required minutes, findings], each finding [code, minutes or null]. A day on which the chapter was not in force
/// has no status and no required minutes. Leave stands without its kind: a notice board is public.
fn week_table(rows: &[WeekRow]) -> Vec<u8> {
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

/// A day as it was published. Words are kept as they stand, so that what a newer version published is compared as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedDay {
    /// The date.
    pub date: Date,
    /// The status; none where the chapter was not in force.
    pub status: Option<String>,
    /// Time in the office.
    pub office: Minutes,
    /// Time required; none where the chapter was not in force.
    pub required: Option<Minutes>,
    /// Findings with their sizes.
    pub findings: Vec<(String, Option<Minutes>)>,
}

/// One person's row as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedRow {
    /// The posting.
    pub posting: PostingId,
    /// The name.
    pub name: String,
    /// The days from Monday on; absent where there was nothing to judge by.
    pub days: Vec<Option<PublishedDay>>,
}

/// Reads the bytes of a published table; `None` if they are none.
pub fn published_rows(bytes: &[u8]) -> Option<Vec<PublishedRow>> {
    let table = cbor::decode(bytes).ok()?;
    table.array()?.iter().map(read_row).collect()
}

fn read_row(row: &Value) -> Option<PublishedRow> {
    let [posting, name, days] = row.array()? else { return None };
    let read = |day: &Value| if *day == Value::Null { Some(None) } else { read_day(day).map(Some) };
    Some(PublishedRow {
        posting: PostingId(posting.bytes()?.try_into().ok()?),
        name: name.text()?.to_owned(),
        days: days.array()?.iter().map(read).collect::<Option<_>>()?,
    })
}

fn read_day(day: &Value) -> Option<PublishedDay> {
    let [date, status, office, required, findings] = day.array()? else { return None };
    let minutes = |value: &Value| value.uint().and_then(|n| u32::try_from(n).ok()).map(Minutes);
    let maybe = |value: &Value| if *value == Value::Null { Some(None) } else { minutes(value).map(Some) };
    let finding = |found: &Value| {
        let [code, size] = found.array()? else { return None };
        Some((code.text()?.to_owned(), maybe(size)?))
    };
    Some(PublishedDay {
        date: date_from_days(i32::try_from(date.int()?).ok()?)?,
        status: if *status == Value::Null { None } else { Some(status.text()?.to_owned()) },
        office: minutes(office)?,
        required: maybe(required)?,
        findings: findings.array()?.iter().map(finding).collect::<Option<_>>()?,
    })
}

/// A cell that differs between two tables of one week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The posting.
    pub posting: PostingId,
    /// The name, as the later table has it where it has one.
    pub name: String,
    /// The day.
    pub date: Date,
    /// What the earlier table says.
    pub before: Option<PublishedDay>,
    /// What the later table says.
    pub after: Option<PublishedDay>,
}

/// Every cell that differs, by posting and date.
pub fn differences(before: &[PublishedRow], after: &[PublishedRow]) -> Vec<Difference> {
    let (old, new) = (by_cell(before), by_cell(after));
    let cells: BTreeSet<(PostingId, Date)> = old.keys().chain(new.keys()).copied().collect();
    let differs = |key: &(PostingId, Date)| old.get(key) != new.get(key);
    let name = |posting| {
        let named = after.iter().chain(before).find(|row| row.posting == posting);
        named.map_or(String::new(), |row| row.name.clone())
    };
    let difference = |key: (PostingId, Date)| Difference {
        posting: key.0,
        name: name(key.0),
        date: key.1,
        before: old.get(&key).map(|day| (*day).clone()),
        after: new.get(&key).map(|day| (*day).clone()),
    };
    cells.into_iter().filter(differs).map(difference).collect()
}

fn by_cell(rows: &[PublishedRow]) -> BTreeMap<(PostingId, Date), &PublishedDay> {
    let days = rows.iter().flat_map(|row| row.days.iter().flatten().map(|day| ((row.posting, day.date), day)));
    days.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Hours;
    use crate::review::Cell;
    use crate::rules::Times;
    use jiff::ToSpan;
    use jiff::civil::date;

    fn cell(date: Date, office: u32) -> Cell {
        let times = Times { presence: Vec::new(), office: Minutes(office), open_since: None, findings: Vec::new() };
        Cell {
            date,
            result: DayResult::NotInForce(times),
            certainty: None,
            waits: Vec::new(),
            provisional: false,
            hours: Hours::Regular,
            leave_kinds: Vec::new(),
            undecided: 0,
            conflict: false,
        }
    }

    fn row(i: u8, offices: [u32; 7]) -> WeekRow {
        let day = |(offset, office): (i64, u32)| Some(cell(date(2026, 3, 2).saturating_add(offset.days()), office));
        let cells = (0..).zip(offices).map(day).collect();
        WeekRow { posting: PostingId([i; 8]), name: format!("n{i}"), cells }
    }

    #[test]
    fn a_published_table_reads_back_whatever_the_order_of_its_rows() {
        let (a, b) = (row(1, [300, 0, 1, 2, 3, 0, 0]), row(2, [5; 7]));
        let table = WeekTable::of(&[b.clone(), a.clone()]);
        assert_eq!(table, WeekTable::of(&[a, b]));
        let rows = published_rows(&table.bytes).unwrap();
        assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["n1", "n2"]);
        assert_eq!(rows[0].days[0].as_ref().unwrap().office, Minutes(300));
        assert_eq!(rows[0].days[4].as_ref().unwrap().date, date(2026, 3, 6));
    }

    #[test]
    fn a_week_is_due_from_the_countys_weekday_on_until_that_weekday_comes_again() {
        let monday = date(2026, 3, 2);
        for (_, weekday) in WEEKDAYS {
            for offset in 0..28_i64 {
                let today = monday.saturating_add(offset.days());
                let due = week_over(today, weekday);
                assert_eq!(due.weekday(), Weekday::Monday);
                let over = due.saturating_add(6.days());
                assert!(over < today, "{today} {weekday:?}: a week that isn't over");
                let reminded = (0..7).map(|n| over.saturating_add((n + 1).days())).find(|day| day.weekday() == weekday);
                let reminded = reminded.unwrap();
                assert!(reminded <= today && today < reminded.saturating_add(7.days()), "{today} {weekday:?} {due}");
            }
        }
    }

    #[test]
    fn bytes_that_are_no_table_read_as_nothing() {
        let bytes = WeekTable::of(&[row(1, [7; 7])]).bytes;
        for end in 0..bytes.len() {
            assert_eq!(published_rows(&bytes[..end]), None, "cut at {end}");
        }
        assert_eq!(published_rows(&cbor::encode(&Value::Int(3))), None);
        assert_eq!(published_rows(&cbor::encode(&Value::Array(vec![Value::Null]))), None);
    }

    #[test]
    fn differences_name_each_cell_that_changed_came_or_went_and_no_other() {
        let before = published_rows(&WeekTable::of(&[row(1, [1; 7]), row(2, [2; 7])]).bytes).unwrap();
        let mut changed = row(1, [1, 1, 9, 1, 1, 1, 1]);
        changed.cells[6] = None;
        let mut moved = row(2, [2; 7]);
        moved.name = "another name".into();
        let mut newcomer = row(3, [3; 7]);
        newcomer.cells[..6].fill(None);
        let after = published_rows(&WeekTable::of(&[changed, moved, newcomer]).bytes).unwrap();
        let found: Vec<_> = differences(&before, &after)
            .into_iter()
            .map(|d| (d.posting.0[0], d.date.day(), d.before.map(|d| d.office.0), d.after.map(|d| d.office.0)))
            .collect();
        assert_eq!(found, [(1, 4, Some(1), Some(9)), (1, 8, Some(1), None), (3, 8, None, Some(3))]);
        assert!(differences(&before, &before).is_empty());
    }
}

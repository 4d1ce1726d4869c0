//! Which schools' days a change touches.

use std::collections::BTreeMap;

use rusqlite::Connection;
use sanji_core::ids::{DocId, DocKind, SchoolId};
use sanji_core::time::{UtcSecs, days_since_epoch};

use super::tables::{CHECK, Changes, DEVICE, ENTRY, FLEXIBLE, Field, LEAVE, OUTAGE, POSTING, Row, Table};

/// The first and last day of a span, as numbers.
type Span = (i32, i32);

/// Every day.
const ALL: Span = (i32::MIN, i32::MAX);

/// The schools whose days may come to something else, with the first and the last of those days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// These.
    pub schools: BTreeMap<SchoolId, Span>,
    /// All: the county's own documents changed, or everything was made anew.
    pub everything: bool,
}

impl Touched {
    /// Adds another.
    pub fn add(&mut self, other: Touched) {
        for (school, span) in other.schools {
            self.school(school, span);
        }
        self.everything |= other.everything;
    }

    fn school(&mut self, school: SchoolId, span: Span) {
        widen(&mut self.schools, school, span);
    }

    /// Adds what a piece of a pass touches, and makes its changes. A person's checks and devices count at every posting that
    /// the person has, before as well as afterwards.
    pub(super) fn apply(&mut self, sql: &Connection, docs: &[DocId], changes: &Changes) -> rusqlite::Result<()> {
        self.note(sql, docs, changes)?;
        changes.apply(sql)?;
        self.note(sql, docs, changes)
    }

    fn note(&mut self, sql: &Connection, docs: &[DocId], changes: &Changes) -> rusqlite::Result<()> {
        for doc in docs {
            match doc.kind {
                DocKind::County => self.everything = true,
                DocKind::School => doc.school_id().into_iter().for_each(|school| self.school(school, ALL)),
                _ => {}
            }
        }
        if self.everything {
            return Ok(());
        }
        let (mut postings, mut people): (BTreeMap<[u8; 8], Span>, BTreeMap<[u8; 8], Span>) = Default::default();
        let mut devices: BTreeMap<&Field, Vec<&Row>> = BTreeMap::new();
        for (table, row) in changes.rows() {
            let of = |column: &str| id_in(table, row, column);
            let posting = of("posting");
            let days = days_of(table, row);
            if is(table, &DEVICE) {
                devices.entry(&row[0]).or_default().push(row);
            } else if is(table, &POSTING) {
                of("school").into_iter().for_each(|school| self.school(SchoolId(school), ALL));
                of("person").into_iter().for_each(|person| widen(&mut people, person, ALL));
                // A posting that comes from another school replaces the row that stood there.
                posting.into_iter().for_each(|posting| widen(&mut postings, posting, ALL));
            } else if is(table, &OUTAGE) {
                of("school").zip(days).into_iter().for_each(|(school, days)| self.school(SchoolId(school), days));
            } else if is(table, &ENTRY) {
                let duty = number_in(table, row, "doc_kind") == Some(DocKind::Duty.byte().into());
                let posting = of("object").filter(|_| duty);
                posting.zip(days).into_iter().for_each(|(posting, days)| widen(&mut postings, posting, days));
            } else {
                posting.zip(days).into_iter().for_each(|(posting, days)| widen(&mut postings, posting, days));
            }
        }
        for versions in devices.values() {
            let Some(span) = span_of_device(versions) else { continue };
            for row in versions {
                id_in(&DEVICE, row, "school").into_iter().for_each(|school| self.school(SchoolId(school), span));
                id_in(&DEVICE, row, "person").into_iter().for_each(|person| widen(&mut people, person, span));
            }
        }
        let of_posting = "SELECT school FROM view_posting WHERE person = \
                          (SELECT person FROM view_posting WHERE posting = ?1)";
        self.schools_of(sql, of_posting, &postings)?;
        self.schools_of(sql, "SELECT school FROM view_posting WHERE person = ?1", &people)
    }

    fn schools_of(&mut self, sql: &Connection, text: &str, found: &BTreeMap<[u8; 8], Span>) -> rusqlite::Result<()> {
        let mut schools = sql.prepare_cached(text)?;
        for (id, span) in found {
            for school in schools.query_map([&id[..]], |row| row.get(0).map(SchoolId))? {
                self.school(school?, *span);
            }
        }
        Ok(())
    }
}

fn widen<K: Ord>(spans: &mut BTreeMap<K, Span>, key: K, (first, last): Span) {
    let known = spans.entry(key).or_insert((first, last));
    *known = (known.0.min(first), known.1.max(last));
}

fn is(table: &Table, other: &Table) -> bool {
    std::ptr::eq(table, other)
}

/// The days that a row is about.
fn days_of(table: &'static Table, row: &[Field]) -> Option<Span> {
    let number = |column| number_in(table, row, column);
    let day = |column| number(column).and_then(|day| i32::try_from(day).ok());
    if is(table, &CHECK) || is(table, &OUTAGE) {
        let day = day("day")?;
        Some((day, day))
    } else if is(table, &ENTRY) || is(table, &FLEXIBLE) {
        day("first_day").zip(day("last_day"))
    } else if is(table, &LEAVE) {
        let of = |column| number(column).map(|at| days_since_epoch(UtcSecs(at).date()));
        of("since").zip(of("till"))
    } else {
        None
    }
}

/// The days that a change of a device touches: a mark that moved on changes no day that it had passed.
fn span_of_device(versions: &[&Row]) -> Option<Span> {
    const RESTS_ON: [&str; 7] = ["actor", "via", "person", "school", "since", "retired", "why"];
    let [before, after] = versions else { return Some(ALL) };
    let field = |row: &'_ Row, column: &str| position(&DEVICE, column).map(|at| row[at].clone());
    if RESTS_ON.iter().any(|column| field(before, column) != field(after, column)) {
        return Some(ALL);
    }
    let marks = [before, after].map(|row| number_in(&DEVICE, row, "mark"));
    match marks {
        [a, b] if a == b => None,
        [Some(a), Some(b)] => Some((days_since_epoch(UtcSecs(a.min(b)).date()), ALL.1)),
        _ => Some(ALL),
    }
}

fn position(table: &Table, column: &str) -> Option<usize> {
    table.columns.iter().position(|(name, _)| *name == column)
}

fn id_in(table: &Table, row: &[Field], column: &str) -> Option<[u8; 8]> {
    match row.get(position(table, column)?)? {
        Field::Bytes(bytes) => bytes.as_slice().try_into().ok(),
        _ => None,
    }
}

fn number_in(table: &Table, row: &[Field], column: &str) -> Option<i64> {
    match row.get(position(table, column)?)? {
        Field::Int(n) => Some(*n),
        _ => None,
    }
}

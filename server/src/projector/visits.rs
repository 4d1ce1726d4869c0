//! Support visits, and who owes what, as they were projected.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rusqlite::Row as SqlRow;
use sanji_core::ids::{DocId, DocKind, GroupId, PersonId, PostingId, SchoolId, VisitId};
use sanji_core::records::VisitKind;
use sanji_core::review::{Teacher, VisitFact};
use sanji_core::time::{Minutes, UtcSecs, date_from_days, days_since_epoch};

use super::board::Days;
use super::{ProjectionError, Store};

/// Whom a visit concerns as the one who comes, in `view_visit_who`.
pub(super) const VISITOR: &str = "visitor";

/// Whom it concerns as the teacher that it is about.
pub(super) const TEACHER: &str = "teacher";

const COLUMNS: &str =
    "v.doc, v.kind, v.planned, v.host, v.from_school, v.party, v.minutes, v.opened, v.closed, v.conflict";

/// The visits of these days, by day.
///
/// # Errors
/// When the store fails.
pub fn visits(store: &impl Store, days: Days) -> Result<Vec<VisitFact>, ProjectionError> {
    let key = (days_since_epoch(days.first), days_since_epoch(days.last));
    read(store, "v.day BETWEEN ?1 AND ?2 ORDER BY v.day, v.doc", key)
}

/// The visit of this id.
///
/// # Errors
/// When the store fails.
pub fn visit(store: &impl Store, visit: VisitId) -> Result<Option<VisitFact>, ProjectionError> {
    let mut first = vec![DocKind::Visit.byte()];
    first.extend(visit.0);
    let last = [&first[..], &[0xff; 3]].concat();
    Ok(read(store, "v.doc BETWEEN ?1 AND ?2", (first, last))?.into_iter().next())
}

fn read(
    store: &impl Store,
    which: &str,
    key: impl rusqlite::Params + Clone,
) -> Result<Vec<VisitFact>, ProjectionError> {
    let sql = format!("SELECT {COLUMNS} FROM view_visit v WHERE {which}");
    let mut statement = store.sql().prepare_cached(&sql)?;
    let found = statement.query_map(key.clone(), fact)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut found: Vec<VisitFact> = found.into_iter().flatten().collect();
    let at: BTreeMap<DocId, usize> = found.iter().enumerate().map(|(at, visit)| (visit.doc, at)).collect();
    let sql =
        format!("SELECT v.doc, w.part, w.who FROM view_visit v JOIN view_visit_who w ON w.doc = v.doc WHERE {which}");
    let mut statement = store.sql().prepare_cached(&sql)?;
    let who = |row: &SqlRow<'_>| -> rusqlite::Result<_> {
        Ok((
            DocId::from_bytes(row.get_ref(0)?.as_blob()?),
            row.get_ref(1)?.as_str()? == VISITOR,
            row.get::<_, [u8; 8]>(2)?,
        ))
    };
    for row in statement.query_map(key, who)? {
        let (doc, comes, who) = row?;
        match doc.and_then(|doc| at.get(&doc)).map(|at| &mut found[*at]) {
            Some(visit) if comes => drop(visit.visitors.insert(PersonId(who))),
            Some(visit) => drop(visit.teachers.insert(PostingId(who))),
            None => {}
        }
    }
    Ok(found)
}

fn fact(row: &SqlRow<'_>) -> rusqlite::Result<Option<VisitFact>> {
    let day = |days: i32| date_from_days(days).unwrap_or_default();
    let named = DocId::from_bytes(row.get_ref(0)?.as_blob()?).zip(VisitKind::from_name(row.get_ref(1)?.as_str()?));
    let Some((doc, kind)) = named else { return Ok(None) };
    Ok(Some(VisitFact {
        doc,
        kind,
        planned: day(row.get(2)?),
        host: SchoolId(row.get(3)?),
        from: row.get::<_, Option<_>>(4)?.map(SchoolId),
        group: row.get::<_, Option<_>>(5)?.map(GroupId),
        visitors: Default::default(),
        teachers: Default::default(),
        minutes: row.get::<_, Option<u32>>(6)?.map(Minutes),
        opened: row.get::<_, Option<i64>>(7)?.map(UtcSecs),
        closed: row.get::<_, Option<i64>>(8)?.map(UtcSecs),
        conflict: row.get(9)?,
    }))
}

/// Every posting that has one of these days, with its name, as obligations ask for it.
///
/// # Errors
/// When the store fails.
pub fn teachers(store: &impl Store, days: Days) -> Result<Vec<(Teacher, String)>, ProjectionError> {
    let sql = "SELECT posting, person, school, first_day, last_day, teaches, name FROM view_posting \
               WHERE first_day <= ?2 AND coalesce(last_day, ?1) >= ?1 ORDER BY posting";
    let day = |days: i32| -> Date { date_from_days(days).unwrap_or_default() };
    let read = |row: &SqlRow<'_>| {
        let teacher = Teacher {
            posting: PostingId(row.get(0)?),
            person: PersonId(row.get(1)?),
            school: SchoolId(row.get(2)?),
            from: day(row.get(3)?),
            to: row.get::<_, Option<i32>>(4)?.map(day),
            teaches: row.get(5)?,
        };
        Ok((teacher, row.get(6)?))
    };
    let mut statement = store.sql().prepare_cached(sql)?;
    let rows = statement.query_map((days_since_epoch(days.first), days_since_epoch(days.last)), read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

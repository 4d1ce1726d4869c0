//! Support visits, a row for each.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sanji_core::ids::{GroupId, PersonId, PostingId, SchoolId, VisitId};
use sanji_core::review::VisitFact;
use sanji_core::texts::Texts;
use sanji_core::time::UtcSecs;
use serde::Serialize;
use utoipa::ToSchema;

use super::json;
use super::sheet::{Column, Kind, Sheet, Value};

/// A school or group with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name; empty if the county doesn't name it.
    pub name: String,
}

/// A support visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Visit)]
pub struct Row {
    /// Its id.
    #[schema(value_type = String)]
    pub id: VisitId,
    /// The kind: `on_site_guidance`, `drop_in_observation`, …
    pub kind: &'static str,
    /// The day on which it was opened on site, else the planned one.
    #[serde(serialize_with = "json::date")]
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// The planned day.
    #[serde(serialize_with = "json::date")]
    #[schema(value_type = String, format = Date)]
    pub planned: Date,
    /// The school that is visited.
    pub host: Named,
    /// The school that visits.
    pub from: Option<Named>,
    /// The group of the pairing.
    pub group: Option<Named>,
    /// Who comes, by name.
    pub visitors: Vec<String>,
    /// The teachers that it is about, by name.
    pub teachers: Vec<String>,
    /// `planned`, `open` or `closed`.
    pub state: &'static str,
    /// When it was opened on site.
    #[serde(serialize_with = "json::maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opened: Option<UtcSecs>,
    /// When it was closed.
    #[serde(serialize_with = "json::maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed: Option<UtcSecs>,
    /// Time spent, in minutes.
    pub minutes: Option<u32>,
    /// Two people changed one part at the same time.
    pub conflict: bool,
}

/// Names of whom visits concern.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Schools.
    pub schools: BTreeMap<SchoolId, String>,
    /// Groups.
    pub groups: BTreeMap<GroupId, String>,
    /// People, as far as they are known.
    pub people: BTreeMap<PersonId, String>,
    /// Postings, as far as they are known.
    pub postings: BTreeMap<PostingId, String>,
}

impl Names {
    /// A school with its name.
    pub fn school(&self, id: SchoolId) -> Named {
        Named { id: id.to_string(), name: self.schools.get(&id).cloned().unwrap_or_default() }
    }

    /// A group with its name.
    pub fn group(&self, id: GroupId) -> Named {
        Named { id: id.to_string(), name: self.groups.get(&id).cloned().unwrap_or_default() }
    }

    /// Who comes.
    pub fn visitors<'a>(&'a self, visit: &'a VisitFact) -> impl Iterator<Item = &'a String> {
        visit.visitors.iter().filter_map(|person| self.people.get(person))
    }
}

impl Row {
    /// A visit as a row.
    pub fn of(visit: &VisitFact, names: &Names) -> Self {
        Row {
            id: VisitId(visit.doc.object),
            kind: visit.kind.name(),
            date: visit.date(),
            planned: visit.planned,
            host: names.school(visit.host),
            from: visit.from.map(|from| names.school(from)),
            group: visit.group.map(|group| names.group(group)),
            visitors: names.visitors(visit).cloned().collect(),
            teachers: visit.teachers.iter().filter_map(|posting| names.postings.get(posting)).cloned().collect(),
            state: visit.state().code(),
            opened: visit.opened,
            closed: visit.closed,
            minutes: visit.minutes.map(|minutes| minutes.0),
            conflict: visit.conflict,
        }
    }
}

/// The visits as a sheet.
pub fn sheet(t: &Texts, rows: &[Row]) -> Sheet {
    let columns = [
        ("date", Kind::Date),
        ("visit", Kind::Word),
        ("host", Kind::Word),
        ("from-school", Kind::Word),
        ("group", Kind::Word),
        ("visitors", Kind::Text),
        ("teachers", Kind::Text),
        ("state", Kind::Word),
        ("opened", Kind::Moment),
        ("closed", Kind::Moment),
        ("length", Kind::Minutes),
        ("conflict", Kind::Word),
    ];
    let name = |named: &Option<Named>| named.as_ref().map(|named| named.name.clone());
    let line = |row: &Row| {
        vec![
            row.date.into(),
            t.word(&format!("visit-{}", row.kind)).into_owned().into(),
            row.host.name.as_str().into(),
            name(&row.from).into(),
            name(&row.group).into(),
            row.visitors.join("、").into(),
            row.teachers.join("、").into(),
            t.word(&format!("visit-state-{}", row.state)).into_owned().into(),
            row.opened.into(),
            row.closed.into(),
            row.minutes.map_or(Value::Empty, Value::Minutes),
            if row.conflict { t.word("conflict").into_owned().into() } else { Value::Empty },
        ]
    };
    let column = |(key, kind): &(&str, Kind)| Column { title: super::book::column(t, key), kind: *kind };
    Sheet {
        name: t.word("works-visits").into_owned(),
        columns: columns.iter().map(column).collect(),
        rows: rows.iter().map(line).collect(),
    }
}

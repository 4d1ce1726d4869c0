//! What is owed in support visits, a row for each subject, obligation and period.

use jiff::civil::Date;
use sanji_core::ids::{GroupId, PostingId, SchoolId, VisitId};
use sanji_core::policy::{Least, Obligation, PeriodKind};
use sanji_core::review::{Debtor, Owed, OwedState};
use sanji_core::rules::Progress;
use sanji_core::texts::Texts;
use serde::Serialize;
use utoipa::ToSchema;

use super::json;
use super::sheet::{Column, Kind, Sheet, Value};

/// An obligation of somebody in one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Obligation)]
pub struct Row {
    /// The obligation's name in the pack.
    pub obligation: &'static str,
    /// The pack.
    pub pack: &'static str,
    /// The clause.
    pub clause: String,
    /// The group, where a group owes it.
    #[schema(value_type = Option<String>)]
    pub group: Option<GroupId>,
    /// The school, where a school or one of its teachers owes it.
    #[schema(value_type = Option<String>)]
    pub school: Option<SchoolId>,
    /// The posting, where a teacher owes it.
    #[schema(value_type = Option<String>)]
    pub posting: Option<PostingId>,
    /// The name of the school, or of the group.
    pub place: String,
    /// The name of the teacher.
    pub teacher: Option<String>,
    /// The period's name: `2025-2026`, `2025-2026-2`, `2026-03`, `2026-W10`.
    pub period: String,
    /// Its first day.
    #[serde(serialize_with = "json::date")]
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Its last day.
    #[serde(serialize_with = "json::date")]
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// How much is asked for: visits, minutes, or what no visit proves.
    pub least: u32,
    /// `visits`, `minutes`, `persons` or `tasks`.
    pub unit: &'static str,
    /// How much is done, in that unit; null where no visit proves it.
    pub done: Option<u32>,
    /// `met`, `due`, `overdue` or `by_roster`.
    pub state: &'static str,
    /// The first day on which it is overdue.
    #[serde(serialize_with = "maybe_date")]
    #[schema(value_type = Option<String>, format = Date)]
    pub overdue_since: Option<Date>,
    /// The visits that count and that the reader may read, by day.
    #[schema(value_type = Vec<String>)]
    pub visits: Vec<VisitId>,
    /// The obligation, for its words.
    #[serde(skip)]
    pub said: &'static Obligation,
}

fn maybe_date<S: serde::Serializer>(date: &Option<Date>, s: S) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => json::date(date, s),
        None => s.serialize_none(),
    }
}

impl Row {
    /// A row of what is owed, with the names that may be known.
    pub fn of(owed: &Owed, place: String, teacher: Option<String>, visits: Vec<VisitId>) -> Self {
        let said = owed.obligation;
        let (group, school, posting) = match owed.debtor {
            Debtor::Group(group) => (Some(group), None, None),
            Debtor::School(school) => (None, Some(school), None),
            Debtor::Teacher(school, posting) => (None, Some(school), Some(posting)),
        };
        let (least, unit) = match said.least {
            Least::Visits(n) => (n, "visits"),
            Least::Minutes(n) => (n, "minutes"),
            Least::Persons(n) => (n, "persons"),
            Least::Tasks(n) => (n, "tasks"),
        };
        let done = match (owed.progress, said.least) {
            (Progress::NotByVisits, _) => None,
            (Progress::Counted { minutes, .. }, Least::Minutes(_)) => Some(minutes),
            (Progress::Counted { count, .. }, _) => Some(count),
        };
        let overdue = (owed.state == OwedState::Overdue).then(|| owed.period.to.tomorrow().ok()).flatten();
        Row {
            obligation: &said.id,
            pack: &owed.pack.id,
            clause: owed.pack.cite(&said.clause).to_string(),
            group,
            school,
            posting,
            place,
            teacher,
            period: owed.period.name.clone(),
            from: owed.period.from,
            to: owed.period.to,
            least,
            unit,
            done: done.map(|done| u32::try_from(done).unwrap_or(u32::MAX)),
            state: owed.state.code(),
            overdue_since: overdue,
            visits,
            said,
        }
    }

    /// By what it stands in a list: obligation, period, whose.
    pub fn key(&self) -> String {
        let ids = (self.group.map(|id| id.to_string()), self.school.map(|id| id.to_string()));
        let posting = self.posting.map(|id| id.to_string()).unwrap_or_default();
        let (group, school) = (ids.0.unwrap_or_default(), ids.1.unwrap_or_default());
        format!("{}/{} {} {group}.{school}.{posting}", self.pack, self.obligation, self.to)
    }

    /// What is owed, in words.
    pub fn name(&self, t: &Texts) -> String {
        t.pick(&self.said.name.zh, &self.said.name.en).to_owned()
    }

    /// Who owes it, in words.
    pub fn who(&self, t: &Texts) -> String {
        match &self.teacher {
            Some(name) if name.is_empty() => t.word("pages-unnamed").into_owned(),
            Some(name) => name.clone(),
            None => self.place.clone(),
        }
    }

    /// `2次中的1次`: how much is done of how much.
    pub fn progress(&self, t: &Texts) -> String {
        let least = self.least.to_string();
        let least = [("least", least.as_str())];
        match self.done {
            None => t.get(&format!("works-least-{}", self.unit), &least),
            Some(done) => {
                let done = done.to_string();
                t.get(&format!("works-done-{}", self.unit), &[("done", done.as_str()), least[0]])
            }
        }
    }

    /// The period in words: `2026-03`, or what kind of period and its days.
    pub fn period_said(&self, t: &Texts) -> String {
        match self.said.period {
            PeriodKind::Week | PeriodKind::Month => self.period.clone(),
            kind => format!("{} {}", self.period, t.word(&format!("period-{}", kind.code()))),
        }
    }
}

/// What is owed as a sheet.
pub fn sheet(t: &Texts, rows: &[Row]) -> Sheet {
    let columns = [
        ("place", Kind::Word),
        ("teacher", Kind::Word),
        ("obligation", Kind::Text),
        ("clause", Kind::Word),
        ("period", Kind::Word),
        ("from", Kind::Date),
        ("to", Kind::Date),
        ("least", Kind::Count),
        ("done", Kind::Count),
        ("unit", Kind::Word),
        ("state", Kind::Word),
        ("overdue-since", Kind::Date),
    ];
    let line = |row: &Row| {
        vec![
            row.place.as_str().into(),
            row.teacher.as_ref().map(|_| row.who(t)).into(),
            row.name(t).into(),
            row.clause.as_str().into(),
            row.period.as_str().into(),
            row.from.into(),
            row.to.into(),
            Value::Count(row.least),
            row.done.map_or(Value::Empty, Value::Count),
            t.word(&format!("works-unit-{}", row.unit)).into_owned().into(),
            t.word(&format!("owed-{}", row.state)).into_owned().into(),
            row.overdue_since.into(),
        ]
    };
    let column = |(key, kind): &(&str, Kind)| Column { title: super::book::column(t, key), kind: *kind };
    Sheet {
        name: t.word("works-obligations").into_owned(),
        columns: columns.iter().map(column).collect(),
        rows: rows.iter().map(line).collect(),
    }
}

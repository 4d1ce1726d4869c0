//! What the pages, files and API of support visits and obligations have in common: what is asked, and what of it a viewer
//! may read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::ids::{DocId, GroupId, Label, SchoolId, VisitId};
use sanji_core::records::VisitKind;
use sanji_core::review::{CountyFacts, Debtor, Owed, OwedState, Teacher, VisitFact, VisitState, owed};
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::SchoolRow;
use sanji_core::texts::Texts;
use sanji_core::time::{UtcSecs, parse_date};
use serde::Deserialize;
use utoipa::IntoParams;

use super::access::{OwedSight, Viewer};
use super::address::query;
use super::export::{CSV, XLSX, disposition, in_minutes};
use super::said::person_name;
use super::{PageError, Pages};
use crate::projector::Store;
use crate::projector::board::{Days, posting};
use crate::projector::visits::{teachers, visits};
use crate::store::ReadLedger;
use crate::tables::period::Period;
use crate::tables::sheet::Sheet;
use crate::tables::xlsx::Heading;
use crate::tables::{csv as csv_file, obligations, visits as table, xlsx as xlsx_file};

/// The county's schools and groups as they stand.
pub(crate) struct Places {
    /// What the county says.
    pub county: Arc<CountyFacts>,
    /// Schools, by id.
    pub schools: BTreeMap<SchoolId, SchoolRow>,
    groups: BTreeMap<SchoolId, Vec<GroupId>>,
}

impl Places {
    /// All of them, in the groups of that day.
    ///
    /// # Errors
    /// When the store fails.
    pub fn load(pages: &Pages, store: &mut ReadLedger<'_>, today: Date) -> Result<Self, PageError> {
        let county = pages.kept.county(store)?;
        let schools: BTreeMap<SchoolId, SchoolRow> =
            Book::new(pages.kept.relay().county(), store).schools()?.into_iter().collect();
        let groups_of = |set| county.groups_of(set, today).into_iter().map(|(group, _)| group).collect();
        let groups = schools.keys().filter_map(|id| Some((*id, groups_of(county.school(*id)?)))).collect();
        Ok(Places { county, schools, groups })
    }

    /// The names of groups, in the county's order.
    pub fn groups(&self) -> Vec<(GroupId, String)> {
        self.county.groups().into_iter().map(|group| (group.group, group.name.clone())).collect()
    }

    /// Whether a school is in a group.
    pub fn in_group(&self, school: SchoolId, group: GroupId) -> bool {
        self.groups.get(&school).is_some_and(|groups| groups.contains(&group))
    }

    /// The names of whom these visits concern.
    ///
    /// # Errors
    /// When the store fails.
    pub fn names<'v>(
        &self,
        store: &impl Store,
        visits: impl IntoIterator<Item = &'v VisitFact>,
    ) -> Result<table::Names, PageError> {
        let mut names = table::Names {
            schools: self.schools.iter().map(|(id, row)| (*id, row.name.clone())).collect(),
            groups: self.groups().into_iter().collect(),
            ..table::Names::default()
        };
        for visit in visits {
            for person in &visit.visitors {
                if !names.people.contains_key(person)
                    && let Some(name) = person_name(store, *person)?
                {
                    names.people.insert(*person, name);
                }
            }
            for teacher in &visit.teachers {
                if !names.postings.contains_key(teacher)
                    && let Some(one) = posting(store, *teacher)?
                {
                    names.postings.insert(*teacher, one.name);
                }
            }
        }
        Ok(names)
    }
}

fn trimmed(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default().trim()
}

/// The visits that an address asks for, as it was typed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AskedVisits {
    /// A kind: `on_site_guidance`, `drop_in_observation`, …
    pub kind: Option<String>,
    /// The id of a school: host or visitor.
    pub school: Option<String>,
    /// The id of a group.
    pub group: Option<String>,
    /// Part of a visitor's name.
    pub visitor: Option<String>,
    /// The first day, such as 2026-03-02.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// `planned`, `open` or `closed`.
    pub state: Option<String>,
    /// Which page of the list.
    #[param(ignore)]
    pub page: Option<String>,
}

/// The visits that are asked for.
#[derive(Clone, Debug)]
pub(crate) struct VisitFilter {
    pub kind: Option<VisitKind>,
    pub school: Option<SchoolId>,
    pub group: Option<GroupId>,
    pub visitor: String,
    pub days: Days,
    pub state: Option<VisitState>,
}

/// What of an address can't be used: the name of the field.
pub(crate) type BadField = &'static str;

/// A value of a query, where one is given.
fn value<T>(text: &Option<String>, name: BadField, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, BadField> {
    match trimmed(text) {
        "" => Ok(None),
        text => read(text).map(Some).ok_or(name),
    }
}

impl AskedVisits {
    /// What it means; the current term where no days are given.
    ///
    /// # Errors
    /// The field that can't be used.
    pub fn filter(&self, today: Date) -> Result<VisitFilter, BadField> {
        let first = value(&self.from, "from", parse_date)?;
        let last = value(&self.to, "to", parse_date)?;
        let (begins, _) = Label::term_of(first.or(last).unwrap_or(today)).days();
        let (_, ends) = Label::term_of(last.or(first).unwrap_or(today)).days();
        let days = Days { first: first.unwrap_or(begins), last: last.unwrap_or(ends) };
        if days.last < days.first {
            return Err("to");
        }
        Ok(VisitFilter {
            kind: value(&self.kind, "kind", VisitKind::from_name)?,
            school: value(&self.school, "school", |text| text.parse().ok())?,
            group: value(&self.group, "group", |text| text.parse().ok())?,
            visitor: trimmed(&self.visitor).to_owned(),
            days,
            state: value(&self.state, "state", VisitState::from_code)?,
        })
    }

    /// The query by which another page of the same visits is asked for.
    pub fn query(&self, page: usize) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        query([
            ("from", trimmed(&self.from)),
            ("to", trimmed(&self.to)),
            ("kind", trimmed(&self.kind)),
            ("school", trimmed(&self.school)),
            ("group", trimmed(&self.group)),
            ("visitor", trimmed(&self.visitor)),
            ("state", trimmed(&self.state)),
            ("page", &page),
        ])
    }
}

/// The visits of these days that the viewer may read, the latest first, with the names of those concerned.
///
/// # Errors
/// When the store fails.
pub(crate) fn read_visits(
    store: &mut ReadLedger<'_>,
    viewer: &Viewer,
    places: &Places,
    days: Days,
) -> Result<(Vec<VisitFact>, table::Names), PageError> {
    let mut found = visits(store, days)?;
    found.retain(|visit| viewer.reads_visit(visit, &places.schools));
    found.sort_by_key(|visit| std::cmp::Reverse((visit.date(), visit.opened, visit.doc)));
    let names = places.names(store, &found)?;
    Ok((found, names))
}

impl VisitFilter {
    /// Whether a visit is one of those that are asked for.
    pub fn takes(&self, places: &Places, names: &table::Names, visit: &VisitFact) -> bool {
        let at = |school| visit.host == school || visit.from == Some(school);
        let of = |group| {
            let here = |school| places.in_group(school, group);
            visit.group == Some(group) || here(visit.host) || visit.from.is_some_and(here)
        };
        self.kind.is_none_or(|kind| kind == visit.kind)
            && self.school.is_none_or(at)
            && self.group.is_none_or(of)
            && self.state.is_none_or(|state| state == visit.state())
            && (self.visitor.is_empty() || names.visitors(visit).any(|name| name.contains(&self.visitor)))
    }
}

/// The obligations that an address asks for, as it was typed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AskedOwed {
    /// A week such as 2026-W10, a month such as 2026-03, a term such as 2026a.
    pub period: Option<String>,
    /// One obligation: pack and name, such as `hezhang-2021/drop_in_observation`.
    pub obligation: Option<String>,
    /// The id of a school: what it and its teachers owe.
    pub school: Option<String>,
    /// The id of a group.
    pub group: Option<String>,
    /// `met`, `due`, `overdue` or `by_roster`.
    pub state: Option<String>,
    /// Which page of the list.
    #[param(ignore)]
    pub page: Option<String>,
}

/// The obligations that are asked for.
#[derive(Clone, Debug)]
pub(crate) struct OwedFilter {
    pub period: Period,
    /// `<pack>/<obligation>`.
    pub obligation: String,
    pub school: Option<SchoolId>,
    pub group: Option<GroupId>,
    pub state: Option<OwedState>,
}

impl AskedOwed {
    /// What it means; the current term where no period is given.
    ///
    /// # Errors
    /// The field that can't be used.
    pub fn filter(&self, today: Date) -> Result<OwedFilter, BadField> {
        let period = value(&self.period, "period", |text| text.parse().ok())?;
        Ok(OwedFilter {
            period: period.unwrap_or(Period::Term(Label::term_of(today))),
            obligation: trimmed(&self.obligation).to_owned(),
            school: value(&self.school, "school", |text| text.parse().ok())?,
            group: value(&self.group, "group", |text| text.parse().ok())?,
            state: value(&self.state, "state", OwedState::from_code)?,
        })
    }

    /// The query by which another page of the same obligations is asked for.
    pub fn query(&self, page: usize) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        query([
            ("period", trimmed(&self.period)),
            ("obligation", trimmed(&self.obligation)),
            ("school", trimmed(&self.school)),
            ("group", trimmed(&self.group)),
            ("state", trimmed(&self.state)),
            ("page", &page),
        ])
    }
}

/// The name of an obligation in addresses.
pub(crate) fn obligation_name(owed: &Owed) -> String {
    format!("{}/{}", owed.pack.id, owed.obligation.id)
}

/// What is owed, as far as a viewer may know.
pub(crate) struct Known {
    /// Every obligation of the period in the viewer's scope, whatever else was asked for, with what may be seen of it.
    pub all: Vec<(Owed, OwedSight)>,
    visits: BTreeMap<DocId, bool>,
    teachers: BTreeMap<sanji_core::ids::PostingId, String>,
}

/// What is owed in a period to the knowledge of a viewer.
///
/// # Errors
/// When the store fails.
pub(crate) fn read_owed(
    store: &mut ReadLedger<'_>,
    viewer: &Viewer,
    places: &Places,
    period: Period,
    now: UtcSecs,
) -> Result<Known, PageError> {
    let days = period.days();
    // A period is judged whole, also with visits outside the days that are asked for.
    let (first, _) = Label::year_of(days.first).days();
    let (_, last) = Label::year_of(days.last).days();
    let around = Days { first: first.saturating_sub(31.days()), last: last.saturating_add(31.days()) };
    let (teaching, names): (Vec<Teacher>, Vec<String>) = teachers(store, around)?.into_iter().unzip();
    let found = visits(store, around)?;
    let owed = owed(&places.county, &teaching, &found, (days.first, days.last), now.date());
    let mut sights: BTreeMap<Debtor, OwedSight> = BTreeMap::new();
    let mut sight = |debtor| *sights.entry(debtor).or_insert_with(|| viewer.reads_owed(debtor, &places.schools, days));
    let all = owed.into_iter().map(|one| {
        let sight = sight(one.debtor);
        (one, sight)
    });
    let all: Vec<(Owed, OwedSight)> = all.filter(|(_, sight)| *sight != OwedSight::Nothing).collect();
    let counted: BTreeSet<DocId> = all.iter().flat_map(|(owed, _)| owed.visits.iter().copied()).collect();
    let counted = found.iter().filter(|visit| counted.contains(&visit.doc));
    let visits = counted.map(|visit| (visit.doc, viewer.reads_visit(visit, &places.schools))).collect();
    let teachers = teaching.iter().map(|one| one.posting).zip(names).collect();
    Ok(Known { all, visits, teachers })
}

impl Known {
    /// Those that were asked for and whose debtors may be named: what is overdue longest first.
    pub fn rows(&self, places: &Places, filter: &OwedFilter) -> Vec<obligations::Row> {
        let asked = self.all.iter().filter(|(owed, sight)| *sight == OwedSight::Named && matches(places, filter, owed));
        let mut asked: Vec<&Owed> = asked.map(|(owed, _)| owed).collect();
        let order = |state| match state {
            OwedState::Overdue => 0,
            OwedState::Due => 1,
            OwedState::ByRoster => 2,
            OwedState::Met => 3,
        };
        asked.sort_by_cached_key(|owed| (order(owed.state), owed.period.to, obligation_name(owed), owed.debtor));
        let groups: BTreeMap<GroupId, String> = places.groups().into_iter().collect();
        let row = |owed: &Owed| {
            let place = match owed.debtor {
                Debtor::Group(group) => groups.get(&group).cloned(),
                Debtor::School(school) | Debtor::Teacher(school, _) => {
                    places.schools.get(&school).map(|row| row.name.clone())
                }
            };
            let teacher = match owed.debtor {
                Debtor::Teacher(_, posting) => self.teachers.get(&posting).cloned(),
                _ => None,
            };
            let readable = owed.visits.iter().filter(|doc| self.visits.get(doc) == Some(&true));
            let visits = readable.map(|doc| VisitId(doc.object)).collect();
            obligations::Row::of(owed, place.unwrap_or_default(), teacher, visits)
        };
        asked.into_iter().map(row).collect()
    }
}

/// Whether an obligation is one of those that are asked for.
pub(crate) fn matches(places: &Places, filter: &OwedFilter, owed: &Owed) -> bool {
    let school = match owed.debtor {
        Debtor::Group(_) => None,
        Debtor::School(school) | Debtor::Teacher(school, _) => Some(school),
    };
    let of_group = |group| match owed.debtor {
        Debtor::Group(id) => id == group,
        _ => school.is_some_and(|school| places.in_group(school, group)),
    };
    filter.state.is_none_or(|state| state == owed.state)
        && (filter.obligation.is_empty() || filter.obligation == obligation_name(owed))
        && filter.school.is_none_or(|wanted| school == Some(wanted))
        && filter.group.is_none_or(of_group)
}

/// Lines of one page.
pub(super) const LINES: usize = 50;

/// A field of a filter with a choice of values and their names; the first choice is all.
pub(super) fn choice(t: &Texts, name: &str, chosen: &str, options: &[(String, String)]) -> Markup {
    html! {
        label {
            (t.word(&format!("works-{name}"))) " "
            select name=(name) {
                option value="" { (t.word("works-all")) }
                @for (value, word) in options { option value=(value) selected[value == chosen] { (word) } }
            }
        }
    }
}

/// A field of a filter that is typed, with what is wrong with it.
pub(super) fn typed(t: &Texts, name: &str, kind: &str, value: &str, bad: Option<BadField>) -> Markup {
    let bad = bad == Some(name);
    let fault = format!("fault-{name}");
    html! {
        label {
            (t.word(&format!("works-{name}"))) " "
            input name=(name) type=(kind) value=(value) autocomplete="off"
                aria-invalid=[bad.then_some("true")] aria-describedby=[bad.then_some(&fault)];
        }
        @if bad { p.problem role="alert" id=(fault) { (t.word(&format!("works-wrong-{name}"))) } }
    }
}

/// How a visit or an obligation stands: shape and word.
pub(super) fn standing(t: &Texts, kind: &str, code: &str) -> Markup {
    let shape = match code {
        "closed" | "met" => "present",
        "open" | "due" => "in_progress",
        "overdue" => "irregular",
        "planned" => "upcoming",
        _ => "rest_day",
    };
    html! { span class=(shape) { (t.word(&format!("shape-{shape}"))) " " (t.word(&format!("{kind}-{code}"))) } }
}

/// A sheet as a file that is taken away: CSV, or XLSX with a heading.
pub(super) fn file(t: &Texts, xlsx: bool, heading: &Heading<'_>, sheet: Sheet) -> Result<Response, PageError> {
    let (ending, kind, name) = if xlsx { ("xlsx", XLSX, sheet.name.clone()) } else { ("csv", CSV, sheet.name.clone()) };
    let bytes = if xlsx {
        xlsx_file::write(heading, std::slice::from_ref(&sheet)).map_err(|error| {
            tracing::error!(%error, "a file could not be made");
            PageError::Unavailable
        })?
    } else {
        csv_file::write(&in_minutes(t, sheet))
    };
    let disposition = disposition(&format!("{name}_{}.{ending}", heading.now.date()), &format!("sanji.{ending}"));
    let kind = HeaderValue::from_static(kind);
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

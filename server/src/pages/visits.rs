//! The support visits that a viewer may read: which, by whom, how far they are.

use std::collections::BTreeMap;

use axum::extract::{Extension, Query};
use axum::response::Response;
use jiff::ToSpan;
use maud::{Markup, html};
use sanji_core::ids::{Label, SchoolId};
use sanji_core::records::VisitKind;
use sanji_core::review::{VisitFact, VisitState};
use sanji_core::rules::monday_of;
use sanji_core::texts::{Arg, Texts};

use super::access::Viewer;
use super::address::{page_no, paged, query, with};
use super::county::pager;
use super::shell::{Ask, Page, as_of, column};
use super::works::{self, AskedVisits, BadField, Places, VisitFilter, read_visits};
use super::{PageError, Pages, SharedPages};
use crate::projector::board::Days;
use crate::store::ReadLedger;
use crate::tables::visits::{Named, Names, Row, sheet};
use crate::tables::xlsx::Heading;

/// Where the list is.
pub(super) const VISITS: &str = "/visits";

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Query(asked): Query<AskedVisits>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let page = pages.read(move |pages, store| build(pages, store, &asking, &looking, &asked)).await;
    ask.answer(&viewer, page)
}

/// The visits that were asked for, with those from which to choose.
struct List {
    all: Vec<VisitFact>,
    names: Names,
    places: Places,
    filter: VisitFilter,
    bad: Option<BadField>,
}

impl List {
    fn load(
        pages: &Pages,
        store: &mut ReadLedger<'_>,
        ask: &Ask,
        viewer: &Viewer,
        asked: &AskedVisits,
    ) -> Result<Self, PageError> {
        let today = ask.now.date();
        let places = Places::load(pages, store, today)?;
        let (filter, bad) = match asked.filter(today) {
            Ok(filter) => (filter, None),
            Err(field @ ("from" | "to")) => {
                let kept = AskedVisits { from: None, to: None, ..asked.clone() };
                (kept.filter(today).map_err(|_| PageError::NotFound)?, Some(field))
            }
            // The other fields are chosen, not typed.
            Err(_) => return Err(PageError::NotFound),
        };
        let (all, names) = read_visits(store, viewer, &places, filter.days)?;
        Ok(List { all, names, places, filter, bad })
    }

    fn rows(&self) -> Vec<Row> {
        let taken = self.all.iter().filter(|visit| self.filter.takes(&self.places, &self.names, visit));
        taken.map(|visit| Row::of(visit, &self.names)).collect()
    }
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    asked: &AskedVisits,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let list = List::load(pages, store, ask, viewer, asked)?;
    let rows = list.rows();
    let (lines, page, all) = paged(&rows, page_no(asked.page.as_deref()), works::LINES);
    let query = asked.query(page);
    Ok(Page {
        title: t.get("works-visits-title", &span(t, list.filter.days)),
        lead: lead(t, &rows),
        body: html! {
            (form(t, asked, &list))
            (spans(t, ask, asked))
            @if !lines.is_empty() { (table(t, lines)) }
            (pager(t, page, all, |page| with(VISITS, &asked.query(page))))
            p.links {
                @for ending in ["xlsx", "csv"] {
                    a href=(format!("{VISITS}/export.{ending}?{}", asked.query(1))) download="" { (t.word("export")) " " (ending.to_uppercase()) } " "
                }
            }
        },
        query,
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

fn span(t: &Texts, days: Days) -> [(&'static str, String); 2] {
    [("from", t.date(days.first)), ("to", t.date(days.last))]
}

/// `12 次帮扶活动:9 次已结束、2 次进行中、1 次已计划。1 次有两人同时改了同一项。`
fn lead(t: &Texts, rows: &[Row]) -> String {
    if rows.is_empty() {
        return t.word("works-visits-none").into_owned();
    }
    let part = |state: &VisitState| {
        let count = rows.iter().filter(|row| row.state == state.code()).count();
        (count > 0).then(|| t.get(&format!("works-count-{}", state.code()), &[("count", count)]))
    };
    let parts: Vec<String> =
        [VisitState::Closed, VisitState::Open, VisitState::Planned].iter().filter_map(part).collect();
    let parts = parts.join(t.word("pages-and").as_ref());
    let mut lead = t.get("works-visits-lead", &[("count", Arg::from(rows.len())), ("parts", parts.into())]);
    let conflicts = rows.iter().filter(|row| row.conflict).count();
    if conflicts > 0 {
        lead += &t.get("works-visits-conflicts", &[("count", conflicts)]);
    }
    lead
}

fn form(t: &Texts, asked: &AskedVisits, list: &List) -> Markup {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let kinds: Vec<(String, String)> = VisitKind::ALL
        .iter()
        .map(|kind| (kind.name().to_owned(), t.word(&format!("visit-{}", kind.name())).into_owned()))
        .collect();
    let states: Vec<(String, String)> = VisitState::ALL
        .iter()
        .map(|state| (state.code().to_owned(), t.word(&format!("visit-state-{}", state.code())).into_owned()))
        .collect();
    let mut schools: BTreeMap<SchoolId, String> = BTreeMap::new();
    for school in list.all.iter().flat_map(|visit| [Some(visit.host), visit.from]).flatten() {
        schools.entry(school).or_insert_with(|| list.names.school(school).name);
    }
    let mut schools: Vec<(String, String)> = schools.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    schools.sort_by(|a, b| a.1.cmp(&b.1));
    let here = |group| list.all.iter().any(|v| v.group == Some(group) || list.places.in_group(v.host, group));
    let groups = list.places.groups().into_iter().filter(|(group, _)| here(*group));
    let groups: Vec<(String, String)> = groups.map(|(id, name)| (id.to_string(), name)).collect();
    html! {
        form.filters method="get" action=(VISITS) {
            (works::typed(t, "from", "date", &text(&asked.from), list.bad))
            (works::typed(t, "to", "date", &text(&asked.to), list.bad))
            (works::choice(t, "kind", &text(&asked.kind), &kinds))
            (works::choice(t, "state", &text(&asked.state), &states))
            (works::choice(t, "school", &text(&asked.school), &schools))
            (works::choice(t, "group", &text(&asked.group), &groups))
            (works::typed(t, "visitor", "search", &text(&asked.visitor), None))
            button.act { (t.word("works-show")) }
        }
    }
}

/// The spans that are asked for most: this week, month, term; and what is owed.
fn spans(t: &Texts, ask: &Ask, asked: &AskedVisits) -> Markup {
    let today = ask.now.date();
    let monday = monday_of(today);
    let (first, last) = Label::term_of(today).days();
    let spans = [
        ("week", monday, monday.saturating_add(6.days())),
        ("month", today.first_of_month(), today.last_of_month()),
        ("term", first, last),
    ];
    html! {
        nav.turn aria-label=(t.word("works-spans")) {
            @for (name, from, to) in spans {
                a href=(format!("{VISITS}?from={from}&to={to}")) { (t.word(&format!("works-this-{name}"))) }
            }
            @let school = asked.school.as_deref().unwrap_or_default();
            a href=(with("/obligations", &query([("school", school)]))) { (t.word("works-obligations")) " →" }
        }
    }
}

fn table(t: &Texts, rows: &[Row]) -> Markup {
    html! {
        table.list.works {
            thead { tr { @for key in ["day", "visit", "host", "visitors", "state", "length"] { th scope="col" { (column(t, key)) } } } }
            tbody { @for row in rows { tr {
                th scope="row" { (t.day(row.date)) }
                td { a href=(format!("{VISITS}/{}", row.id)) { (t.word(&format!("visit-{}", row.kind))) } }
                td { (row.host.name) @if let Some(group) = &row.group { " " span.kind { (group.name) } } }
                td { (visitors(t, row)) }
                td {
                    (works::standing(t, "visit-state", row.state))
                    @if row.conflict { p.conflict { (t.word("conflict")) } }
                }
                td.number data-label=[row.minutes.map(|_| column(t, "length"))] {
                    @if let Some(minutes) = row.minutes { (t.duration(sanji_core::time::Minutes(minutes))) }
                }
            } } }
        }
    }
}

/// Who comes, and from which school.
fn visitors(t: &Texts, row: &Row) -> Markup {
    let from = row.from.as_ref().map(|from: &Named| from.name.as_str()).unwrap_or_default();
    html! {
        @if row.visitors.is_empty() { (t.word("pages-somebody")) } @else { (row.visitors.join("、")) }
        @if !from.is_empty() { " " span.kind { (from) } }
    }
}

pub(super) async fn csv(
    pages: Extension<SharedPages>,
    asked: Query<AskedVisits>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    export(pages, asked, ask, viewer, false).await
}

pub(super) async fn xlsx(
    pages: Extension<SharedPages>,
    asked: Query<AskedVisits>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    export(pages, asked, ask, viewer, true).await
}

async fn export(
    Extension(pages): Extension<SharedPages>,
    Query(asked): Query<AskedVisits>,
    ask: Ask,
    viewer: Viewer,
    xlsx: bool,
) -> Response {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let made = pages
        .read(move |pages, store| {
            let t = asking.texts();
            let list = List::load(pages, store, &asking, &looking, &asked)?;
            if list.bad.is_some() {
                return Err(PageError::NotFound);
            }
            let title = t.get("works-visits-title", &span(t, list.filter.days));
            let said = as_of(pages, store, asking.now)?.said(t);
            let heading = Heading { title: &title, as_of: &said, now: asking.now };
            works::file(t, xlsx, &heading, sheet(t, &list.rows()))
        })
        .await;
    made.unwrap_or_else(|error| ask.failed(Some(&viewer), &error))
}

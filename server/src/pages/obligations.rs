//! What groups, schools and teachers owe in support visits in a period: done, due, overdue since when, and by which visits.

use std::collections::BTreeMap;

use axum::extract::{Extension, Query};
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::ids::{Label, SchoolId};
use sanji_core::policy::Obligation;
use sanji_core::review::{Debtor, Owed, OwedState};
use sanji_core::texts::{Arg, Texts};

use super::access::Viewer;
use super::address::{page_no, paged, with};
use super::county::pager;
use super::shell::{Ask, Page, as_of, column};
use super::works::{self, AskedOwed, BadField, Known, OwedFilter, Places, matches, obligation_name, read_owed};
use super::{PageError, Pages, SharedPages};
use crate::store::ReadLedger;
use crate::tables::obligations::{Row, sheet};
use crate::tables::period::Period;
use crate::tables::xlsx::Heading;

/// Where the page is.
const OBLIGATIONS: &str = "/obligations";

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Query(asked): Query<AskedOwed>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let page = pages.read(move |pages, store| build(pages, store, &asking, &looking, &asked)).await;
    ask.answer(&viewer, page)
}

/// What is owed, and what of it was asked for.
struct List {
    known: Known,
    places: Places,
    filter: OwedFilter,
    bad: Option<BadField>,
}

impl List {
    fn load(
        pages: &Pages,
        store: &mut ReadLedger<'_>,
        ask: &Ask,
        viewer: &Viewer,
        asked: &AskedOwed,
    ) -> Result<Self, PageError> {
        let today = ask.now.date();
        let places = Places::load(pages, store, today)?;
        let (filter, bad) = match asked.filter(today) {
            Ok(filter) => (filter, None),
            Err("period") => {
                let kept = AskedOwed { period: None, ..asked.clone() };
                (kept.filter(today).map_err(|_| PageError::NotFound)?, Some("period"))
            }
            Err(_) => return Err(PageError::NotFound),
        };
        let known = read_owed(store, viewer, &places, filter.period, ask.now)?;
        Ok(List { known, places, filter, bad })
    }

    /// What was asked for, named or not.
    fn asked(&self) -> impl Iterator<Item = &Owed> {
        self.known.all.iter().map(|(owed, _)| owed).filter(|owed| matches(&self.places, &self.filter, owed))
    }
}

/// How many stand how.
#[derive(Clone, Copy, Default)]
struct Counts {
    all: u32,
    met: u32,
    due: u32,
    overdue: u32,
    /// When the first of those became overdue.
    since: Option<Date>,
}

impl Counts {
    fn add(&mut self, owed: &Owed) {
        self.all += 1;
        match owed.state {
            OwedState::Met => self.met += 1,
            OwedState::Due => self.due += 1,
            OwedState::Overdue => {
                self.overdue += 1;
                let since = owed.period.to.tomorrow().unwrap_or(owed.period.to);
                self.since = Some(self.since.map_or(since, |known| known.min(since)));
            }
            OwedState::ByRoster => {}
        }
    }

    fn of<'a>(owed: impl Iterator<Item = &'a Owed>) -> Self {
        let mut counts = Counts::default();
        owed.for_each(|owed| counts.add(owed));
        counts
    }
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    asked: &AskedOwed,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let list = List::load(pages, store, ask, viewer, asked)?;
    let rows = list.known.rows(&list.places, &list.filter);
    let (lines, page, all) = paged(&rows, page_no(asked.page.as_deref()), works::LINES);
    let today = ask.now.date();
    Ok(Page {
        title: t.get("works-owed-title", &[("period", list.filter.period.title(t))]),
        lead: lead(t, &Counts::of(list.asked())),
        body: html! {
            (form(t, asked, &list))
            (periods(t, asked, today))
            (sums(t, &list, asked))
            @if list.filter.school.is_none() { (by_school(t, &list, asked)) }
            @if !lines.is_empty() {
                h2 { (t.word("works-owed-each")) }
                (table(t, lines))
            }
            (pager(t, page, all, |page| with(OBLIGATIONS, &asked.query(page))))
            p.links {
                a href="/visits" { (t.word("works-visits")) } " "
                @for ending in ["xlsx", "csv"] {
                    a href=(format!("{OBLIGATIONS}/export.{ending}?{}", asked.query(1))) download="" { (t.word("export")) " " (ending.to_uppercase()) } " "
                }
            }
        },
        query: asked.query(page),
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

/// `应完成 40 项:28 项已完成、9 项逾期、3 项还没到期。最早的从 3月9日 起逾期。`
fn lead(t: &Texts, counts: &Counts) -> String {
    if counts.all == 0 {
        return t.word("works-owed-none").into_owned();
    }
    let part =
        |state: &str, count: u32| (count > 0).then(|| t.get(&format!("works-count-{state}"), &[("count", count)]));
    let parts = [("met", counts.met), ("overdue", counts.overdue), ("due", counts.due)];
    let mut parts: Vec<String> = parts.into_iter().filter_map(|(state, count)| part(state, count)).collect();
    parts.extend(part("by_roster", counts.all - counts.met - counts.overdue - counts.due));
    let parts = parts.join(t.word("pages-and").as_ref());
    let mut lead = t.get("works-owed-lead", &[("count", Arg::from(counts.all)), ("parts", parts.into())]);
    if let Some(since) = counts.since {
        lead += &t.get("works-owed-since", &[("day", t.date(since))]);
    }
    lead
}

fn form(t: &Texts, asked: &AskedOwed, list: &List) -> Markup {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let mut obligations: BTreeMap<String, String> = BTreeMap::new();
    let mut schools: BTreeMap<SchoolId, String> = BTreeMap::new();
    for (owed, _) in &list.known.all {
        obligations.entry(obligation_name(owed)).or_insert_with(|| name(t, owed.obligation));
        if let Debtor::School(school) | Debtor::Teacher(school, _) = owed.debtor {
            let name = || list.places.schools.get(&school).map(|row| row.name.clone()).unwrap_or_default();
            schools.entry(school).or_insert_with(name);
        }
    }
    let groups = list.places.groups().into_iter().filter(|(group, _)| {
        schools.keys().any(|school| list.places.in_group(*school, *group))
            || list.known.all.iter().any(|(owed, _)| owed.debtor == Debtor::Group(*group))
    });
    let groups: Vec<(String, String)> = groups.map(|(id, name)| (id.to_string(), name)).collect();
    let mut schools: Vec<(String, String)> = schools.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    schools.sort_by(|a, b| a.1.cmp(&b.1));
    let states: Vec<(String, String)> = OwedState::ALL
        .iter()
        .map(|state| (state.code().to_owned(), t.word(&format!("owed-{}", state.code())).into_owned()))
        .collect();
    let obligations: Vec<(String, String)> = obligations.into_iter().collect();
    html! {
        form.filters method="get" action=(OBLIGATIONS) {
            (works::typed(t, "period", "text", &text(&asked.period), list.bad))
            (works::choice(t, "obligation", &text(&asked.obligation), &obligations))
            (works::choice(t, "state", &text(&asked.state), &states))
            (works::choice(t, "school", &text(&asked.school), &schools))
            (works::choice(t, "group", &text(&asked.group), &groups))
            button.act { (t.word("works-show")) }
        }
    }
}

fn name(t: &Texts, obligation: &Obligation) -> String {
    t.pick(&obligation.name.zh, &obligation.name.en).to_owned()
}

/// The same for this week, month and term.
fn periods(t: &Texts, asked: &AskedOwed, today: Date) -> Markup {
    let week = Period::Week(sanji_core::rules::monday_of(today));
    let spans = [
        ("week", week),
        ("month", Period::Month(today.first_of_month())),
        ("term", Period::Term(Label::term_of(today))),
    ];
    html! {
        nav.turn aria-label=(t.word("works-spans")) {
            @for (name, period) in spans {
                @let to = AskedOwed { period: Some(period.to_string()), ..asked.clone() };
                a href=(format!("{OBLIGATIONS}?{}", to.query(1))) { (t.word(&format!("works-this-{name}"))) }
            }
        }
    }
}

/// How each obligation stands.
fn sums(t: &Texts, list: &List, asked: &AskedOwed) -> Markup {
    let mut sums: BTreeMap<String, (&Owed, Counts)> = BTreeMap::new();
    for owed in list.asked() {
        sums.entry(obligation_name(owed)).or_insert((owed, Counts::default())).1.add(owed);
    }
    html! {
        @if !sums.is_empty() {
            table.list.works {
                thead { tr { @for key in ["obligation", "debtor", "met", "overdue", "due"] { th scope="col" { (column(t, key)) } } } }
                tbody { @for (key, (owed, counts)) in &sums { tr {
                    th scope="row" {
                        @let to = AskedOwed { obligation: Some(key.clone()), ..asked.clone() };
                        a href=(format!("{OBLIGATIONS}?{}", to.query(1))) { (name(t, owed.obligation)) }
                        " " span.clause { (t.get("clause", &[("clause", owed.pack.cite(&owed.obligation.clause).as_str())])) }
                    }
                    td { (t.word(&format!("subject-{}", owed.obligation.subject.code()))) " · " (t.word(&format!("period-{}", owed.obligation.period.code()))) }
                    (numbers(t, counts))
                } } }
            }
        }
    }
}

fn numbers(t: &Texts, counts: &Counts) -> Markup {
    html! {
        @for (key, shape, count) in [("met", "present", counts.met), ("overdue", "irregular", counts.overdue), ("due", "in_progress", counts.due)] {
            td.number data-label=(column(t, key)) {
                @if count > 0 { span class=(shape) { (t.word(&format!("shape-{shape}"))) " " (count) } } @else { "0" }
            }
        }
    }
}

/// How each school stands with its teachers, where there is more than one.
fn by_school(t: &Texts, list: &List, asked: &AskedOwed) -> Markup {
    let mut schools: BTreeMap<SchoolId, Counts> = BTreeMap::new();
    for owed in list.asked() {
        if let Debtor::School(school) | Debtor::Teacher(school, _) = owed.debtor {
            schools.entry(school).or_default().add(owed);
        }
    }
    let name = |school: &SchoolId| list.places.schools.get(school).map(|row| (row.township.clone(), row.name.clone()));
    let mut schools: Vec<(SchoolId, (String, String), Counts)> =
        schools.into_iter().map(|(id, counts)| (id, name(&id).unwrap_or_default(), counts)).collect();
    schools.sort_by(|a, b| (std::cmp::Reverse(a.2.overdue), &a.1).cmp(&(std::cmp::Reverse(b.2.overdue), &b.1)));
    html! {
        @if schools.len() > 1 {
            h2 { (t.word("works-owed-schools")) }
            table.list.works {
                thead { tr { @for key in ["school", "township", "met", "overdue", "due"] { th scope="col" { (column(t, key)) } } } }
                tbody { @for (school, (township, name), counts) in &schools { tr {
                    th scope="row" {
                        @let to = AskedOwed { school: Some(school.to_string()), ..asked.clone() };
                        a href=(format!("{OBLIGATIONS}?{}", to.query(1))) { (name) }
                    }
                    td { (township) }
                    (numbers(t, counts))
                } } }
            }
        }
    }
}

fn table(t: &Texts, rows: &[Row]) -> Markup {
    html! {
        table.list.works {
            thead { tr { @for key in ["who", "obligation", "period", "state", "done"] { th scope="col" { (column(t, key)) } } } }
            tbody { @for row in rows { tr {
                th scope="row" {
                    (row.who(t))
                    @if row.teacher.is_some() { " " span.kind { (row.place) } }
                }
                td { (row.name(t)) }
                td { (row.period_said(t)) }
                td {
                    (works::standing(t, "owed", row.state))
                    @if let Some(since) = row.overdue_since { p.since { (t.get("works-since", &[("day", t.date(since))])) } }
                }
                td {
                    (row.progress(t))
                    @for (i, visit) in row.visits.iter().enumerate() {
                        " " a href=(format!("/visits/{visit}")) { (t.get("works-counted", &[("number", i + 1)])) }
                    }
                }
            } } }
        }
    }
}

pub(super) async fn csv(pages: Extension<SharedPages>, asked: Query<AskedOwed>, ask: Ask, viewer: Viewer) -> Response {
    export(pages, asked, ask, viewer, false).await
}

pub(super) async fn xlsx(pages: Extension<SharedPages>, asked: Query<AskedOwed>, ask: Ask, viewer: Viewer) -> Response {
    export(pages, asked, ask, viewer, true).await
}

async fn export(
    Extension(pages): Extension<SharedPages>,
    Query(asked): Query<AskedOwed>,
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
            let title = t.get("works-owed-title", &[("period", list.filter.period.title(t))]);
            let said = as_of(pages, store, asking.now)?.said(t);
            let heading = Heading { title: &title, as_of: &said, now: asking.now };
            works::file(t, xlsx, &heading, sheet(t, &list.known.rows(&list.places, &list.filter)))
        })
        .await;
    made.unwrap_or_else(|error| ask.failed(Some(&viewer), &error))
}

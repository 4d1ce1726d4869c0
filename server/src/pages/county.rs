//! The schools of a viewer's scope on one day, by group and township, with what is missing first; found by name, township,
//! status and day, which stand in the address.

use axum::extract::{Extension, Query};
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::rules::Status;
use sanji_core::texts::Texts;
use sanji_core::time::parse_date;
use serde::Deserialize;

use super::access::Viewer;
use super::address::{page_no, paged, query, typed, with};
use super::cell::COUNTED;
pub(crate) use super::schools::school_day_before;
use super::schools::{
    Groups, Line, Seen, behind, group_address, known, lead, oldest, overview, seen, table, townships, turn,
};
use super::shell::{Ask, Page, as_of};
use super::{PageError, Pages, SharedPages, people, trend};
use crate::store::ReadLedger;

/// Where this page is.
pub(super) const COUNTY: &str = "/county";

/// Schools on one page of the list.
const EACH: usize = 100;

/// What the address says.
#[derive(Clone, Deserialize)]
pub(super) struct Asked {
    day: Option<String>,
    q: Option<String>,
    township: Option<String>,
    status: Option<String>,
    page: Option<String>,
}

/// What is looked for.
struct Filter {
    day: Option<Date>,
    name: String,
    township: String,
    /// The code of a status, or `flagged`.
    status: String,
    page: usize,
}

impl Filter {
    fn of(asked: &Asked) -> Result<Self, PageError> {
        let day = asked.day.as_deref().filter(|day| !day.is_empty());
        let filter = Filter {
            day: day.map(|day| parse_date(day).ok_or(PageError::NotFound)).transpose()?,
            name: typed(asked.q.as_deref()),
            township: typed(asked.township.as_deref()),
            status: typed(asked.status.as_deref()),
            page: page_no(asked.page.as_deref()),
        };
        let known = filter.status.is_empty() || statuses().any(|status| status == filter.status);
        if known { Ok(filter) } else { Err(PageError::NotFound) }
    }

    /// The query of the same filter on another day or page of the list.
    fn query(&self, day: Option<Date>, page: usize) -> String {
        let day = day.map_or(String::new(), |day| day.to_string());
        let page = if page > 1 { page.to_string() } else { String::new() };
        query([
            ("day", day.as_str()),
            ("q", &self.name),
            ("township", &self.township),
            ("status", &self.status),
            ("page", &page),
        ])
    }

    fn any(&self) -> bool {
        !(self.name.is_empty() && self.township.is_empty() && self.status.is_empty())
    }

    fn takes(&self, line: &Line) -> bool {
        let status = COUNTED.iter().find(|status| status.code() == self.status);
        self.status.is_empty() || status.map_or(line.has_flagged(), |status| line.has(*status))
    }
}

/// The statuses that can be looked for.
fn statuses() -> impl Iterator<Item = &'static str> {
    COUNTED.iter().map(|status: &Status| status.code()).chain(["flagged"])
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Query(asked): Query<Asked>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let page = pages.read(move |pages, store| build(pages, store, &asking, &looking, &Filter::of(&asked)?)).await;
    ask.answer(&viewer, page)
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    filter: &Filter,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let county = pages.kept.county(store)?;
    let (calendar, today) = (county.calendar(), ask.now.date());
    let date = filter.day.unwrap_or_else(|| school_day_before(calendar, today));
    let mut all = seen(pages, store, viewer, (date, ask.now), |_, _| true)?;
    let mut names: Vec<String> = all.lines.iter().map(|line| line.place.township.clone()).collect();
    names.sort();
    names.dedup();
    let needle = filter.name.to_lowercase();
    all.lines.retain(|line| {
        line.place.name.to_lowercase().contains(&needle)
            && (filter.township.is_empty() || line.place.township == filter.township)
            && filter.takes(line)
    });
    let said = match (filter.any(), all.lines.len()) {
        (_, 0) => t.word("views-found-none").into_owned(),
        (true, count) => t.get("views-found", &[("count", count)]) + &lead(t, &all, date, ask.now),
        (false, _) => lead(t, &all, date, ask.now),
    };
    let groups = Groups::of(&county);
    let trend = trend::section(pages, store, t, date, &known(&all.lines))?;
    Ok(Page {
        title: t.get("pages-county-title", &[("day", t.day(date))]),
        lead: said,
        body: html! {
            (behind(t, &all))
            (oldest(t, store, &all, date, ask.now)?)
            (turn(t, calendar, (date, today), |day| with(COUNTY, &filter.query(Some(day), 1))))
            (form(t, filter, &names))
            (body(t, &groups, &all, date, filter, &trend))
            @if viewer.finds_people() { (people::form(t, "")) }
        },
        query: filter.query(filter.day, filter.page),
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

/// The search: what was typed stays, and stands in the address.
fn form(t: &Texts, filter: &Filter, townships: &[String]) -> Markup {
    html! {
        form.filters method="get" action=(COUNTY) {
            label { (t.word("views-school-name")) input type="search" name="q" value=(filter.name) maxlength="64"; }
            @if townships.len() > 1 {
                label { (t.word("pages-township-column")) select name="township" {
                    option value="" { (t.word("views-any")) }
                    @for name in townships { option value=(name) selected[*name == filter.township] { (name) } }
                } }
            }
            label { (t.word("views-schools-with")) select name="status" {
                option value="" { (t.word("views-any")) }
                @for status in statuses() {
                    option value=(status) selected[status == filter.status] {
                        (t.word(&format!("shape-{status}"))) " "
                        @if status == "flagged" { (t.word("pages-flagged")) } @else { (t.word(&format!("status-{status}"))) }
                    }
                }
            } }
            label { (t.word("pages-day-column")) input type="date" name="day" value=[filter.day]; }
            button.act { (t.word("views-search")) }
            @if filter.any() { a href=(with(COUNTY, &query([("day", filter.day.map_or(String::new(), |day| day.to_string()).as_str())]))) { (t.word("views-search-all")) } }
        }
    }
}

fn body(t: &Texts, groups: &Groups, all: &Seen, date: Date, filter: &Filter, trend: &Markup) -> Markup {
    let parts = groups.split(t, &all.lines);
    let by_group: Vec<(String, Option<String>, Vec<&Line>)> = parts
        .iter()
        .map(|(group, name, lines)| (name.clone(), group.map(|group| group_address(group, date)), lines.clone()))
        .collect();
    let by_township = townships(&all.lines, date);
    let rows: Vec<(usize, &Line)> =
        parts.iter().enumerate().flat_map(|(at, (.., lines))| lines.iter().map(move |line| (at, *line))).collect();
    let (shown, page, pages) = paged(&rows, filter.page, EACH);
    html! {
        @if by_group.len() > 1 { h2 { (t.word("views-groups")) } (overview(t, "group", &by_group)) }
        @if by_township.len() > 1 {
            details.older { summary { h2 { (t.word("views-townships")) } } (overview(t, "township", &by_township)) }
        }
        (trend)
        @for (at, (group, name, _)) in parts.iter().enumerate() {
            @let lines: Vec<&Line> = shown.iter().filter(|(part, _)| *part == at).map(|(_, line)| *line).collect();
            @if !lines.is_empty() {
                section.group {
                    h2 { @if let Some(group) = group { a href=(group_address(*group, date)) { (name) } } @else { (name) } }
                    (table(t, &lines, date, None))
                }
            }
        }
        (pager(t, page, pages, |page| with(COUNTY, &filter.query(filter.day, page))))
    }
}

/// Earlier and later pages of a long list.
pub(super) fn pager(t: &Texts, page: usize, pages: usize, to: impl Fn(usize) -> String) -> Markup {
    html! {
        @if pages > 1 {
            nav.turn aria-label=(t.word("views-list-pages")) {
                @if page > 1 { a rel="prev" href=(to(page - 1)) { "← " (t.word("views-list-before")) } }
                span { (t.get("views-list-page", &[("page", page), ("pages", pages)])) }
                @if page < pages { a rel="next" href=(to(page + 1)) { (t.word("views-list-after")) " →" } }
            }
        }
    }
}

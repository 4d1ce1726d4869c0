//! One group or one township on a day: its schools with their sums, for a group its members' roles and its pairings.

use axum::extract::{Extension, Path, Query};
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::ids::{GroupId, SchoolId};
use sanji_core::review::CountyFacts;
use sanji_core::sync::relay::rows::SchoolRow;
use sanji_core::texts::Texts;
use sanji_core::time::parse_date;
use serde::Deserialize;

use super::access::Viewer;
use super::schools::{
    Groups, Line, behind, group_address, known, lead, oldest, overview, school_day_before, seen, table,
    township_address, townships, turn,
};
use super::shell::{Ask, Page, as_of};
use super::{PageError, Pages, SharedPages, trend};
use crate::store::ReadLedger;

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Asked {
    day: Option<String>,
}

/// Of what the page speaks.
#[derive(Clone)]
enum Whole {
    Group(GroupId),
    Township(String),
}

impl Whole {
    fn address(&self, date: Date) -> String {
        match self {
            Whole::Group(group) => group_address(*group, date),
            Whole::Township(name) => township_address(name, date),
        }
    }
}

pub(super) async fn group(
    Extension(pages): Extension<SharedPages>,
    Path(group): Path<String>,
    Query(asked): Query<Asked>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    match group.parse() {
        Ok(group) => answer(&pages, ask, viewer, Whole::Group(group), asked).await,
        Err(_) => ask.failed(Some(&viewer), &PageError::NotFound),
    }
}

pub(super) async fn township(
    Extension(pages): Extension<SharedPages>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    answer(&pages, ask, viewer, Whole::Township(name), asked).await
}

async fn answer(pages: &SharedPages, ask: Ask, viewer: Viewer, whole: Whole, asked: Asked) -> Response {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let page = pages
        .read(move |pages, store| {
            let day = asked.day.as_deref().map(|day| parse_date(day).ok_or(PageError::NotFound)).transpose()?;
            build(pages, store, &asking, &looking, &whole, day)
        })
        .await;
    ask.answer(&viewer, page)
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    whole: &Whole,
    day: Option<Date>,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let county = pages.kept.county(store)?;
    let (calendar, today) = (county.calendar(), ask.now.date());
    let date = day.unwrap_or_else(|| school_day_before(calendar, today));
    let groups = Groups::of(&county);
    let wanted = |_: SchoolId, place: &SchoolRow| match whole {
        Whole::Group(group) => groups.of_school(place) == Some(*group) || place.groups.contains(group),
        Whole::Township(name) => place.township == *name,
    };
    let mut all = seen(pages, store, viewer, (date, ask.now), wanted)?;
    all.lines.sort_by(|a, b| (&a.place.township, &a.place.name).cmp(&(&b.place.township, &b.place.name)));
    let name = match whole {
        Whole::Group(group) => groups.name(*group).ok_or(PageError::NotFound)?.to_owned(),
        Whole::Township(name) => name.clone(),
    };
    let lines: Vec<&Line> = all.lines.iter().collect();
    let role = |line: &Line| match whole {
        Whole::Group(group) => role(t, &county, *group, line.id, date),
        Whole::Township(_) => {
            groups.of_school(&line.place).and_then(|group| groups.name(group)).unwrap_or_default().into()
        }
    };
    let role_column = if matches!(whole, Whole::Group(_)) { "role" } else { "group" };
    let by_township = townships(&all.lines, date);
    let trend = trend::section(pages, store, t, date, &known(&all.lines))?;
    Ok(Page {
        title: format!("{name} {}", t.day(date)),
        lead: lead(t, &all, date, ask.now),
        body: html! {
            (behind(t, &all))
            (oldest(t, store, &all, date, ask.now)?)
            (turn(t, calendar, (date, today), |day| whole.address(day)))
            (table(t, &lines, date, Some((role_column, &role))))
            @if by_township.len() > 1 { h2 { (t.word("views-townships")) } (overview(t, "township", &by_township)) }
            @if let Whole::Group(group) = whole { (pairings(t, &county, *group, date)) }
            (trend)
        },
        query: day.map_or(String::new(), |day| format!("day={day}")),
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

/// A school's role in the group; one that only lies in a township of the group has none of its own.
fn role(t: &Texts, county: &CountyFacts, group: GroupId, school: SchoolId, date: Date) -> String {
    let mut rows = county.views().iter().flat_map(|view| view.memberships_on(school, date));
    match rows.find(|row| row.value.group == group) {
        Some(row) => t.word(&format!("views-member-{}", row.value.role.name())).into_owned(),
        None => t.word("views-member-by-township").into_owned(),
    }
}

/// The county-town schools that support the group.
fn pairings(t: &Texts, county: &CountyFacts, group: GroupId, date: Date) -> Markup {
    let mut found: Vec<(SchoolId, String, Date)> = Vec::new();
    for row in county.views().iter().flat_map(|view| view.pairings_on(date)).filter(|row| row.value.group == group) {
        let school = row.value.school;
        if let Some(set) = county.school(school).filter(|_| found.iter().all(|(known, ..)| *known != school)) {
            let kind = t.word(&format!("school-{}", set.kind.name())).into_owned();
            found.push((school, format!("{} ({kind})", set.name), row.value.from));
        }
    }
    html! {
        h2 { (t.word("pairing")) }
        @if found.is_empty() { p { (t.word("views-no-pairing")) } }
        ul { @for (_, name, from) in &found { li { (name) " " span.since { (t.get("views-since-day", &[("day", t.date(*from))])) } } } }
    }
}

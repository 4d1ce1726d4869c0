//! Finding people by name, within the viewer's scope.

use std::collections::BTreeMap;

use axum::extract::{Extension, Query};
use axum::response::Response;
use maud::{Markup, html};
use sanji_core::ids::{PostingId, SchoolId};
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::SchoolRow;
use sanji_core::texts::Texts;
use serde::Deserialize;

use super::access::Viewer;
use super::address::{query, typed};
use super::shell::{Ask, Page, as_of, column};
use super::{PageError, Pages, SharedPages, person};
use crate::projector::board::{Days, Staff, postings_named};
use crate::store::ReadLedger;

/// Where this page is.
pub(super) const PEOPLE: &str = "/people";

/// People that one answer lists.
const MOST: usize = 100;

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Asked {
    q: Option<String>,
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Query(asked): Query<Asked>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let page = pages.read(move |pages, store| build(pages, store, &asking, &looking, &typed(asked.q.as_deref()))).await;
    ask.answer(&viewer, page)
}

/// The field in which a name is looked for.
pub(super) fn form(t: &Texts, name: &str) -> Markup {
    html! {
        form.filters method="get" action=(PEOPLE) {
            label { (t.word("views-person-name")) input type="search" name="q" value=(name) maxlength="64"; }
            button.act { (t.word("views-find-person")) }
        }
    }
}

fn build(pages: &Pages, store: &mut ReadLedger<'_>, ask: &Ask, viewer: &Viewer, name: &str) -> Result<Page, PageError> {
    let t = ask.texts();
    if !viewer.finds_people() {
        return Err(PageError::NotFound);
    }
    let found = if name.is_empty() { Vec::new() } else { find(pages, store, ask, viewer, name)? };
    let more = found.len().saturating_sub(MOST);
    let lead = match (name.is_empty(), found.len()) {
        (true, _) => t.word("views-people-lead").into_owned(),
        (_, 0) => t.get("views-people-none", &[("name", name)]),
        (_, count) => t.get("views-people-found", &[("count", count)]),
    };
    Ok(Page {
        title: t.word("views-people").into_owned(),
        lead,
        body: html! {
            (form(t, name))
            @if !found.is_empty() {
                table.people {
                    thead { tr { @for key in ["name", "school", "role", "days"] { th scope="col" { (column(t, key)) } } } }
                    tbody { @for (one, place) in found.iter().take(MOST) { tr {
                        th scope="row" { a href=(person::address(one.posting)) { (one.name) } }
                        td { (place.name) " " span.kind { (place.township) } }
                        td { (t.word(&format!("role-{}", one.role.name()))) }
                        td.number { (t.get("views-from-day", &[("day", one.from.to_string())])) @if let Some(to) = one.to { " – " (to) } }
                    } } }
                }
            }
            @if more > 0 { p.note { (t.get("pages-more", &[("count", more)])) } }
        },
        query: query([("q", name)]),
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

/// The postings with this name, or part of it, whose cells the viewer may see.
fn find(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    name: &str,
) -> Result<Vec<(Staff, SchoolRow)>, PageError> {
    let today = ask.now.date();
    let mut places: BTreeMap<SchoolId, Option<SchoolRow>> = BTreeMap::new();
    let mut found = Vec::new();
    for one in postings_named(store, name)? {
        let place = match places.get(&one.school) {
            Some(place) => place.clone(),
            None => {
                let place = Book::new(pages.kept.relay().county(), store).school(one.school)?;
                places.insert(one.school, place.clone());
                place
            }
        };
        let days = Days { first: one.from, last: one.to.unwrap_or(today).max(one.from) };
        let sees = |posting: PostingId, place: &SchoolRow| viewer.sight(one.school, place, days).cells_of(posting);
        found.extend(place.filter(|place| sees(one.posting, place)).map(|place| (one, place)));
    }
    Ok(found)
}

//! The packs in force: which holds since when and for whom; and each with every number, its clause beside it.

use axum::extract::{Extension, Path};
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::crypto::PackHash;
use sanji_core::ids::SchoolId;
use sanji_core::policy::Pack;
use sanji_core::records::PackMap;
use sanji_core::review::{CountyFacts, pack_hash, packs as built_in};
use sanji_core::texts::Texts;

use super::access::Viewer;
use super::address::part;
use super::rules::{self, rules};
use super::shell::{Ask, Page, as_of, column};
use super::{PageError, Pages, SharedPages};
use crate::store::ReadLedger;

/// Where this page is.
pub(super) const PACKS: &str = "/packs";

/// The chapters that a county gives packs for.
const CHAPTERS: [&str; 2] = ["office", "service"];

pub(super) async fn page(Extension(pages): Extension<SharedPages>, ask: Ask, viewer: Viewer) -> Response {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let page = pages.read(move |pages, store| build(pages, store, &asking, &looking)).await;
    ask.answer(&viewer, page)
}

pub(super) async fn pack(
    Extension(pages): Extension<SharedPages>,
    Path(code): Path<String>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let page = pages.read(move |pages, store| build_one(pages, store, &asking, &looking, &code)).await;
    ask.answer(&viewer, page)
}

/// Where the clause of a pack stands, as a reason cites it: `HZ 二(一)2`.
pub(super) fn clause_address(cited: &str) -> Option<String> {
    let (code, clause) = cited.split_once(' ')?;
    built_in().values().any(|pack| pack.code == code).then(|| format!("{PACKS}/{code}#{}", rules::anchor(clause)))
}

/// A row of the county's documents: which pack holds for a chapter from when, and for whom.
struct Held {
    map: PackMap,
    /// Set aside by a later row for the same schools.
    over: bool,
}

/// The rows of a chapter, the last first.
fn held(county: &CountyFacts, chapter: &str, today: Date) -> Vec<Held> {
    let rows = county.views().iter().flat_map(|view| &view.packs).map(|row| &row.now.value);
    let mut maps: Vec<PackMap> = rows.filter(|map| map.chapter == chapter).cloned().collect();
    maps.sort_by_key(|map| std::cmp::Reverse(map.from));
    maps.dedup();
    let scope = |map: &PackMap| (map.townships.clone(), map.schools.clone());
    let over = |at: usize| maps[..at].iter().any(|later| later.from <= today && scope(later) == scope(&maps[at]));
    let over: Vec<bool> = (0..maps.len()).map(over).collect();
    maps.into_iter().zip(over).map(|(map, over)| Held { map, over }).collect()
}

fn build(pages: &Pages, store: &mut ReadLedger<'_>, ask: &Ask, viewer: &Viewer) -> Result<Page, PageError> {
    let t = ask.texts();
    if viewer.grants().is_empty() {
        return Err(PageError::NotFound);
    }
    let (county, today) = (pages.kept.county(store)?, ask.now.date());
    let rows: Vec<(&str, Vec<Held>)> = CHAPTERS.map(|chapter| (chapter, held(&county, chapter, today))).into();
    let now = |chapter: &str| {
        let rows = rows.iter().find(|(name, _)| *name == chapter).map(|(_, rows)| rows.as_slice()).unwrap_or_default();
        let everyone = |held: &&Held| {
            held.map.from <= today && !held.over && held.map.townships.is_empty() && held.map.schools.is_empty()
        };
        rows.iter().find(everyone).map_or(t.word("views-pack-nothing").into_owned(), |held| name(t, &held.map.pack))
    };
    let lead = if rows.iter().all(|(_, rows)| rows.is_empty()) {
        t.word("views-packs-none").into_owned()
    } else {
        t.get("views-packs-lead", &[("office", now("office")), ("service", now("service"))])
    };
    Ok(Page {
        title: t.word("views-packs").into_owned(),
        lead,
        body: html! {
            @for (chapter, rows) in rows.iter().filter(|(_, rows)| !rows.is_empty()) {
                h2 { (t.word(&format!("chapter-{chapter}"))) }
                table.list.rules {
                    thead { tr { @for key in ["pack", "from", "for-whom", "state"] { th scope="col" { (column(t, key)) } } } }
                    tbody { @for held in rows { tr class=[held.over.then_some("past")] {
                        th scope="row" { (link(t, &held.map.pack)) p.hash { (t.get("views-pack-hash", &[("hash", held.map.pack.to_string())])) } }
                        td.number { (held.map.from) }
                        td { (for_whom(t, &county, &held.map)) }
                        td { (t.word(if held.over { "views-pack-over" } else if held.map.from > today { "views-pack-later" } else { "views-pack-now" })) }
                    } } }
                }
            }
        },
        query: String::new(),
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

fn name(t: &Texts, hash: &PackHash) -> String {
    built_in()
        .get(hash)
        .map_or(t.word("views-pack-unknown").into_owned(), |pack| t.pick(&pack.title.zh, &pack.title.en).to_owned())
}

fn link(t: &Texts, hash: &PackHash) -> Markup {
    html! {
        @if let Some(pack) = built_in().get(hash) { a href=(format!("{PACKS}/{}", part(&pack.code))) { (t.pick(&pack.title.zh, &pack.title.en)) } }
        @else { (t.word("views-pack-unknown")) }
    }
}

fn for_whom(t: &Texts, county: &CountyFacts, map: &PackMap) -> String {
    let school = |id: &SchoolId| county.school(*id).map_or_else(|| id.to_string(), |set| set.name.clone());
    let schools: Vec<String> = map.schools.iter().map(school).collect();
    match (map.townships.is_empty(), schools.is_empty()) {
        (true, true) => t.word("views-pack-everyone").into_owned(),
        (false, true) => t.get("views-pack-townships", &[("names", map.townships.join("、"))]),
        _ => t.get("views-pack-schools", &[("names", schools.join("、"))]),
    }
}

fn build_one(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    code: &str,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let pack = Pack::built_in().iter().find(|pack| pack.code == code).filter(|_| !viewer.grants().is_empty());
    let pack = pack.ok_or(PageError::NotFound)?;
    let groups = rules(t, pack);
    let count: usize = groups.iter().map(|(_, rows)| rows.len()).sum();
    let counts = [("rules", count.to_string()), ("obligations", pack.obligations.len().to_string())];
    let lead = match (&pack.document, &pack.dated) {
        (Some(document), Some(dated)) => {
            let named = [("document", document.clone()), ("dated", dated.clone())];
            t.get("views-pack-lead", &[named, counts].concat())
        }
        _ => t.get("views-pack-lead-plain", &counts),
    };
    Ok(Page {
        title: t.pick(&pack.title.zh, &pack.title.en).to_owned(),
        lead,
        body: html! {
            p.hash { (t.get("views-pack-hash", &[("hash", pack_hash(pack).to_string())])) }
            (rules::tables(t, pack, &groups))
            p.links { a href=(PACKS) { (t.word("views-packs")) } }
        },
        query: String::new(),
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

//! A week on paper: the sheet that is signed and filed, and the notice for the school's board. The sheet has the figures of
//! the week page; the notice has what was published, says *on leave* without the kind, and shows no evidence.

use axum::extract::{Extension, Path};
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::ids::{PostingId, SchoolId};
use sanji_core::review::{Difference, PublishedDay};
use sanji_core::rules::{Status, parse_week};
use sanji_core::texts::Texts;

use super::access::Viewer;
use super::cell::face;
use super::publish::{Published, heading, published, said_day};
use super::shell::{Ask, Page, as_of, column};
use super::week::{self, Week, week_days};
use super::{PageError, Pages, SharedPages};
use crate::projector::board::{Board, Days};
use crate::store::ReadLedger;

/// What is printed of a week.
#[derive(Clone, Copy)]
enum Paper {
    Sheet,
    Notice,
}

/// The sheet.
pub(super) async fn sheet(
    pages: Extension<SharedPages>,
    path: Path<(String, String)>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    answer(pages, path, ask, viewer, Paper::Sheet).await
}

/// The notice.
pub(super) async fn notice(
    pages: Extension<SharedPages>,
    path: Path<(String, String)>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    answer(pages, path, ask, viewer, Paper::Notice).await
}

async fn answer(
    Extension(pages): Extension<SharedPages>,
    Path((school, name)): Path<(String, String)>,
    ask: Ask,
    viewer: Viewer,
    paper: Paper,
) -> Response {
    let (asked, looking) = (ask.clone(), viewer.clone());
    let page = pages
        .read(move |pages, store| {
            let school = school.parse().map_err(|_| PageError::NotFound)?;
            let monday = parse_week(&name).ok_or(PageError::NotFound)?;
            build(pages, store, &asked, &looking, (school, monday), paper)
        })
        .await;
    ask.answer(&viewer, page)
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    (school, monday): (SchoolId, Date),
    paper: Paper,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let days = Days::week(monday);
    let sight = week::sight(pages, store, viewer, school, days)?;
    let open = match paper {
        Paper::Sheet => sight.cells,
        // Whoever is on the staff reads what hangs on the board.
        Paper::Notice => sight.cells || !sight.own.is_empty(),
    };
    if !open {
        return Err(PageError::NotFound);
    }
    let board = Board::load(&pages.kept, store, school, days)?.ok_or(PageError::NotFound)?;
    let week = Week::judge(&board, ask, &sight, ask.now);
    let all = published(pages, store, t, &board, ask.now)?;
    let (title, lead, body) = match (paper, all.first()) {
        (Paper::Sheet, newest) => ("acts-sheet-title", week.lead(), sheet_of(t, &week, monday, newest)),
        (Paper::Notice, None) => ("acts-notice-title", t.word("acts-notice-none").into_owned(), html! {}),
        (Paper::Notice, Some(one)) => ("acts-notice-title", heading(t, one), board_of(t, monday, one)),
    };
    Ok(Page {
        title: t.get(title, &[("school", board.school.name.clone()), ("week", week.title())]),
        lead,
        body: html! { (back(t, school, monday)) (body) },
        query: String::new(),
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

/// The week's cells as they are judged now, with a star where they differ from what was published.
fn sheet_of(t: &Texts, week: &Week<'_>, monday: Date, newest: Option<&Published>) -> Markup {
    let amended = |posting: PostingId, date: Date| {
        newest.is_some_and(|one| one.amended.iter().any(|found| found.posting == posting && found.date == date))
    };
    html! {
        (wide(html! { table.sheet {
            (head(t, monday, true))
            tbody { @for (one, cells) in &week.rows { tr {
                th scope="row" { (week::name(t, one)) }
                @for (cell, date) in cells.iter().zip(week_days(monday)) {
                    @match cell {
                        Some(cell) => { @let face = face(t, cell); td class=(face.class) { (face.show()) @if amended(one.posting, date) { " *" } } },
                        None => { td.none { span.sr { (t.word("pages-no-posting")) } } },
                    }
                }
                td.sum { (week.sum(cells)) }
            } } }
        } }))
        p { (standing(t, newest)) }
        @if newest.is_some_and(|one| !one.amended.is_empty()) { p { (t.word("acts-sheet-star")) } }
        (signature(t))
    }
}

/// A table that a small screen moves sideways, by keyboard too.
fn wide(table: Markup) -> Markup {
    html! { div.wide tabindex="0" { (table) } }
}

/// What was published, and below it what was amended.
fn board_of(t: &Texts, monday: Date, one: &Published) -> Markup {
    let Some(rows) = &one.rows else { return html! { p.awaiting_sync { (t.word("acts-rows-missing")) } } };
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_by(|a, b| (&a.name, a.posting).cmp(&(&b.name, b.posting)));
    html! {
        (wide(html! { table.sheet {
            (head(t, monday, false))
            tbody { @for row in rows { tr {
                th scope="row" { @if row.name.is_empty() { (t.word("pages-unnamed")) } @else { (row.name) } }
                @for date in week_days(monday) {
                    @let day = row.days.iter().flatten().find(|day| day.date == date);
                    td class=[day.and_then(status).map(Status::code)] { (plain(t, day)) }
                }
            } } }
        } }))
        @if !one.said.value.lacked.is_empty() {
            @let devices: std::collections::BTreeSet<_> = one.said.value.lacked.iter().map(|lack| lack.actor).collect();
            p { (t.get("acts-lacked", &[("devices", devices.len())])) }
        }
        @if !one.amended.is_empty() {
            h2 { (t.word("amendment")) }
            ul { @for found in &one.amended { li {
                @let (before, after) = both(t, found);
                (found.name) " " (t.day(found.date)) " " (before) " → " (after)
            } } }
        }
        (signature(t))
    }
}

fn status(day: &PublishedDay) -> Option<Status> {
    day.status.as_deref().and_then(Status::from_code)
}

/// A published day on the board: what it came to, and nothing behind it.
fn plain(t: &Texts, day: Option<&PublishedDay>) -> String {
    match day.map(|day| (day, status(day))) {
        Some((_, Some(status))) => t.status(status),
        Some((day, None)) => said_day(t, Some(&PublishedDay { findings: Vec::new(), ..day.clone() })),
        None => String::new(),
    }
}

/// What a day was published as and what it is now; with its figures where the status alone doesn't tell them apart.
fn both(t: &Texts, found: &Difference) -> (String, String) {
    let (before, after) = (found.before.as_ref(), found.after.as_ref());
    let (plain_before, plain_after) = (plain(t, before), plain(t, after));
    if plain_before != plain_after { (plain_before, plain_after) } else { (said_day(t, before), said_day(t, after)) }
}

fn head(t: &Texts, monday: Date, sums: bool) -> Markup {
    html! {
        thead { tr {
            th scope="col" { (t.word("pages-name-column")) }
            @for date in week_days(monday) { th scope="col" { (t.weekday(date)) " " span.date { (date.month()) "-" (date.day()) } } }
            @if sums { th.sum scope="col" { (column(t, "sum")) } }
        } }
    }
}

fn back(t: &Texts, school: SchoolId, monday: Date) -> Markup {
    html! { nav.turn { a href=(week::address(school, monday)) { (t.word("acts-to-week")) } span.hint { (t.word("acts-print-hint")) } } }
}

/// Whether what the sheet shows was published.
fn standing(t: &Texts, newest: Option<&Published>) -> String {
    match newest {
        None => t.word("acts-notice-none").into_owned(),
        Some(one) if one.amended.is_empty() => heading(t, one),
        Some(one) => heading(t, one) + &t.get("acts-amended", &[("count", one.amended.len())]),
    }
}

fn signature(t: &Texts) -> Markup {
    html! { p.signature { span { (t.word("acts-signature")) } span { (t.word("acts-signed-on")) } } }
}

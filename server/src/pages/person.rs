//! One person at one school: a term as a calendar, days of leave by kind, corrections, and the term's entries, newest first.

use std::collections::BTreeMap;

use axum::extract::{Extension, Path, Query};
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::ids::{Label, PostingId};
use sanji_core::records::Body;
use sanji_core::review::Cell;
use sanji_core::rules::{DayResult, Status};
use sanji_core::texts::{Arg, Texts};

use super::access::Viewer;
use super::address::{page_no, paged, query, with};
use super::audit::{Look, note};
use super::cell::{COUNTED, Why, face};
use super::county::pager;
use super::day::{self, Line, entries, lines};
use super::shell::{Ask, Page, as_of, column};
use super::{PageError, Pages, SharedPages, week};
use crate::projector::board::{Board, Days, Staff, posting};
use crate::store::ReadLedger;
use crate::tables::attendance::Attendance;
use crate::tables::book::leave_kind;
use crate::tables::period::term_name;
use crate::tables::{Knows, dates};

/// Entries on one page of the list.
const EACH: usize = 50;

/// What the address says.
#[derive(Clone, serde::Deserialize)]
pub(super) struct Asked {
    term: Option<String>,
    page: Option<String>,
}

/// Where a person's page is.
pub(super) fn address(posting: PostingId) -> String {
    format!("/postings/{posting}")
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Path(posting): Path<String>,
    Query(asked): Query<Asked>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let page = match posting.parse() {
        Ok(posting) => look(&pages, &ask, &viewer, posting, asked).await,
        Err(_) => Err(PageError::NotFound),
    };
    ask.answer(&viewer, page)
}

/// Makes the page, and writes the look down before it is shown.
async fn look(
    pages: &SharedPages,
    ask: &Ask,
    viewer: &Viewer,
    posting: PostingId,
    asked: Asked,
) -> Result<Page, PageError> {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let (page, logged) =
        pages.read(move |pages, store| build(pages, store, &asking, &looking, posting, &asked)).await?;
    if let Some(look) = logged {
        note(&pages.app, viewer, look).await?;
    }
    Ok(page)
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    id: PostingId,
    asked: &Asked,
) -> Result<(Page, Option<Look>), PageError> {
    let t = ask.texts();
    let one = posting(store, id)?.ok_or(PageError::NotFound)?;
    let term = term(&one, asked.term.as_deref(), ask.now.date())?;
    let (first, last) = term.days();
    let days = Days { first, last };
    let sight = week::sight(pages, store, viewer, one.school, days)?;
    if !sight.entries_of(id) {
        return Err(PageError::NotFound);
    }
    let (year_first, year_last) = Label::year_of(first).days();
    let year = Days { first: year_first, last: year_last };
    let board = Board::of_posting(&pages.kept, store, &one, year)?.ok_or(PageError::NotFound)?;
    let cells: BTreeMap<Date, Cell> =
        dates(year).filter_map(|date| Some((date, board.cell(&one, date, ask.now)?))).collect();
    let own = viewer.is(&one);
    let why = Why {
        t,
        county: board.county(),
        school: &board.school,
        flagged: 0,
        leave_kinds: true,
        no_device: board.devices(one.person).is_empty(),
    };
    let mut all = lines(pages, store, &one, days)?;
    all.reverse();
    let (corrections, page) = (corrections(&all), page_no(asked.page.as_deref()));
    let (shown, page, pages_in_all) = paged(&all, page, EACH);
    let to = |page: usize| with(&address(id), &address_query(term, page));
    let body = html! {
        nav.turn {
            a rel="prev" href=(with(&address(id), &address_query(Label::term_of(first.yesterday().unwrap_or(first)), 1))) { "← " (t.word("views-term-before")) }
            a href=(week::address(one.school, ask.now.date().clamp(first, last))) { (t.get("pages-to-week", &[("school", board.school.name.as_str())])) }
            a rel="next" href=(with(&address(id), &address_query(Label::term_of(last.tomorrow().unwrap_or(last)), 1))) { (t.word("views-term-after")) " →" }
        }
        @if own { p.note { (t.word("views-own-page")) } }
        @if sight.logged && !own { p.note { (t.word("pages-look-noted")) } }
        (calendar(t, &board, &one, &cells, days))
        (leave(t, &board, &cells, days))
        h2 { (t.word("views-corrections")) }
        @if corrections.is_empty() { p { (t.word("views-no-corrections")) } } @else { (entries(&why, &corrections, false)) }
        h2 { (t.word("views-term-entries")) }
        (entries(&why, &shown.iter().collect::<Vec<_>>(), true))
        (pager(t, page, pages_in_all, to))
    };
    let page = Page {
        title: format!("{} {} {}", board.school.name, week::name(t, &one), term_name(t, term)),
        lead: lead(t, &cells, days),
        body,
        query: address_query(term, page),
        as_of: Some(as_of(pages, store, ask.now)?),
    };
    Ok((page, (sight.logged && !own).then_some(Look::Term(one.school, id, term))))
}

fn address_query(term: Label, page: usize) -> String {
    let page = if page > 1 { page.to_string() } else { String::new() };
    query([("term", term.to_string().as_str()), ("page", &page)])
}

/// The term that is asked for; else today's, or the last one of a posting that has ended.
fn term(one: &Staff, asked: Option<&str>, today: Date) -> Result<Label, PageError> {
    match asked {
        Some(text) => {
            let term: Label = text.parse().map_err(|_| PageError::NotFound)?;
            // A school year is no term.
            if Label::term_of(term.days().0) == term { Ok(term) } else { Err(PageError::NotFound) }
        }
        None => Ok(Label::term_of(one.to.unwrap_or(today).min(today).max(one.from))),
    }
}

/// How the term's days went.
fn lead(t: &Texts, cells: &BTreeMap<Date, Cell>, days: Days) -> String {
    let status = |cell: &Cell| match &cell.result {
        DayResult::Judged(verdict) => Some(verdict.status),
        DayResult::NotInForce(_) => None,
    };
    let mut counts: BTreeMap<Status, u32> = BTreeMap::new();
    for cell in cells.range(days.first..=days.last).map(|(_, cell)| cell) {
        status(cell).into_iter().for_each(|status| *counts.entry(status).or_default() += 1);
    }
    let counted = COUNTED.iter().filter_map(|status| Some((*status, *counts.get(status)?)));
    let parts: Vec<(u32, String)> =
        counted.map(|(status, n)| (n, t.get(&format!("pages-count-{}", status.code()), &[("count", n)]))).collect();
    if parts.is_empty() {
        return t.word("views-term-nothing").into_owned();
    }
    let all: u32 = parts.iter().map(|(count, _)| count).sum();
    let parts: Vec<String> = parts.into_iter().map(|(_, part)| part).collect();
    t.get("views-term-lead", &[("days", Arg::from(all)), ("parts", parts.join(t.word("pages-and").as_ref()).into())])
}

/// The term as months by days: a shape in each cell, which leads to the day.
fn calendar(t: &Texts, board: &Board, one: &Staff, cells: &BTreeMap<Date, Cell>, days: Days) -> Markup {
    let mut months: Vec<(i16, i8)> = dates(days).map(|date| (date.year(), date.month())).collect();
    months.dedup();
    let school_days = board.county().calendar();
    html! {
        div.wide {
            table.term {
                thead { tr { th {} @for day in 1..=31 { th scope="col" { (day) } } } }
                tbody { @for (year, month) in months { tr {
                    th scope="row" { (year) "-" (format!("{month:02}")) }
                    @for day in 1..=31i8 {
                        @match Date::new(year, month, day).ok().and_then(|date| Some((date, cells.get(&date)?))) {
                            Some((date, cell)) => {
                                @let face = face(t, cell);
                                td class=(face.class) {
                                    a href=(day::address(one.posting, date)) title=(format!("{} {}", t.day(date), face.word)) {
                                        span aria-hidden="true" { (face.shape) }
                                        span.sr { (t.day(date)) " " (if face.word.is_empty() { t.word("pages-none").into_owned() } else { face.word.clone() }) }
                                    }
                                }
                            },
                            None => td class=[Date::new(year, month, day).is_ok_and(|date| !school_days.is_school_day(date)).then_some("rest")] {},
                        }
                    }
                } } }
            }
        }
    }
}

/// Days of leave by kind, in the term and in the school year. The sources set no quota, so what is left of one isn't said.
fn leave(t: &Texts, board: &Board, cells: &BTreeMap<Date, Cell>, days: Days) -> Markup {
    let of = |days: Option<Days>| {
        let inside = |date: &Date| days.is_none_or(|days| days.first <= *date && *date <= days.last);
        let cells = cells.iter().filter(|(date, _)| inside(date)).map(|(_, cell)| cell);
        Attendance::of(cells, Knows { leave_kinds: true }).leave_days_by_kind.unwrap_or_default()
    };
    let (term, year) = (of(Some(days)), of(None));
    let name = |kinds: &str| {
        let names = kinds.split('+').map(|kind| leave_kind(t, board.county(), board.school.school, days.first, kind));
        names.collect::<Vec<_>>().join("、")
    };
    html! {
        h2 { (t.word("views-leave-taken")) }
        @if year.is_empty() { p { (t.word("views-no-leave")) } } @else {
            table.balance {
                thead { tr { @for key in ["leave-kind", "this-term", "school-year"] { th scope="col" { (column(t, key)) } } } }
                tbody { @for (kinds, count) in &year { tr {
                    th scope="row" { (name(kinds)) }
                    td.number { (t.get("pages-days", &[("days", term.get(kinds).copied().unwrap_or(0))])) }
                    td.number { (t.get("pages-days", &[("days", *count)])) }
                } } }
            }
            p.note { (t.word("views-leave-no-quota")) }
        }
    }
}

/// What corrected the term's records: who asked, who decided, and why.
fn corrections(lines: &[Line]) -> Vec<&Line> {
    let corrects = |line: &&Line| {
        line.entry.as_ref().is_some_and(|entry| {
            matches!(
                entry.body,
                Body::CorrectionRequest(_)
                    | Body::Correction(_)
                    | Body::CorrectionDecision(_)
                    | Body::CheckOnBehalf(_)
                    | Body::FlagLift(_)
            )
        })
    };
    lines.iter().filter(corrects).collect()
}

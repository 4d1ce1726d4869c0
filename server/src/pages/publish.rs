//! Publishing a school's week, and what changed since it was published. What was published stays as it was: a later
//! publication of the same week stands beside it.

use std::collections::BTreeMap;

use axum::extract::{Extension, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::crypto::sha256;
use sanji_core::documents::facts::Sourced;
use sanji_core::ids::{ActorId, DocId, DocKind, PostingId, SchoolId};
use sanji_core::labels;
use sanji_core::policy::Chapter;
use sanji_core::records::{Lack, Publication};
use sanji_core::review::{
    Difference, Fault, Problem, PublishedDay, PublishedRow, WeekRow, WeekTable, act, differences, pack_hash,
    published_rows,
};
use sanji_core::rules::{self, FindingCode, Status, parse_week, week_name};
use sanji_core::sync::message::{LogNo, Via};
use sanji_core::sync::phone::{Blob, Draft, SMALL_BLOB};
use sanji_core::sync::relay::book::Book;
use sanji_core::texts::Texts;
use sanji_core::time::{UtcSecs, days_since_epoch};

use super::access::{Sight, Viewer};
use super::act::{Acting, NotDone, Sent, csrf, perform, problem};
use super::blob::content;
use super::cell::device;
use super::said::{kind_word, person_name};
use super::shell::Ask;
use super::{PageError, Pages, SharedPages, week};
use crate::projector::board::{Board, Days};
use crate::projector::{ProjectionError, through};
use crate::store::ReadLedger;

/// Later entries that one amendment names.
const CAUSES: i64 = 6;

/// What was tried on a week page, and didn't come to pass.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    /// The table that the form was made for.
    table: String,
    fault: Option<Fault>,
}

/// Publishes the week as the form's page showed it.
pub(super) async fn publish(
    Extension(pages): Extension<SharedPages>,
    Path((school, name)): Path<(String, String)>,
    ask: Ask,
    sent: Sent,
) -> Response {
    let Sent { viewer, fields } = sent;
    let (Ok(school), Some(monday)) = (school.parse::<SchoolId>(), parse_week(&name)) else {
        return ask.failed(Some(&viewer), &PageError::NotFound);
    };
    // What has arrived is counted in before it is judged.
    if let Err(error) = pages.catch_up().await {
        tracing::error!(%error, "the pages could not follow the log before a publication");
        return ask.failed(Some(&viewer), &PageError::Unavailable);
    }
    let mut tried = Tried { table: fields.get("table").to_owned(), fault: None };
    let table = tried.table.clone();
    let status = match perform(&pages, &viewer, move |acting| write(acting, school, monday, &table)).await {
        Ok(()) => return Redirect::to(&format!("{}#publication", week::address(school, monday))).into_response(),
        Err(NotDone::Page(error)) => return ask.failed(Some(&viewer), &error),
        Err(NotDone::Fault(fault)) => {
            tried.fault = Some(fault);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(NotDone::Stale(_)) => StatusCode::CONFLICT,
    };
    match week::look(&pages, &ask, &viewer, (school, monday), Some(tried)).await {
        Ok(page) => ask.show(Some(&viewer), status, &page),
        Err(error) => ask.failed(Some(&viewer), &error),
    }
}

fn write(acting: &mut Acting<'_>, school: SchoolId, monday: Date, shown: &str) -> Result<(), NotDone> {
    let (pages, now) = (acting.pages, acting.now);
    let relay = pages.kept.relay();
    if !relay.heads_now(acting.store, now, acting.viewer.person, school)? {
        return Err(PageError::NotFound.into());
    }
    act::publishable(monday, now.secs())?;
    let board = Board::load(&pages.kept, acting.store, school, Days::week(monday))?.ok_or(PageError::NotFound)?;
    let pack = board.county().pack(Chapter::Office, monday, school);
    let (pack, _) = pack.ok_or(Fault { field: "school", why: Problem::NoRules })?;
    if board.staff.is_empty() || !board.county().judges_week(school, monday) {
        return Err(PageError::NotFound.into());
    }
    let table = table(&board, now.secs());
    if newest(&board).is_some_and(|one| one.value.table.0 == table.hash) || HEXLOWER.encode(&table.hash) != shown {
        return Err(NotDone::Stale(Vec::new()));
    }
    let reached = through(acting.store.sql()).map_err(ProjectionError::from)?.ok_or(PageError::Unavailable)?.log;
    let l = Book::new(relay.county(), acting.store).l(reached)?.ok_or(PageError::Unavailable)?;
    let too_large = |_| Fault { field: "school", why: Problem::TooLarge };
    let rows = Blob::new(&table.bytes, &mut crate::random::rng()).map_err(too_large)?;
    if rows.bytes.len() > SMALL_BLOB {
        pages.app.blobs.put(&rows.hash, &rows.bytes).map_err(|error| {
            tracing::error!(%error, "a published table could not be stored");
            PageError::Unavailable
        })?;
    }
    let body = table.publication(monday, (reached, l), pack, rows.hash);
    let draft = Draft::new(DocId::register(school, monday), body).blob(rows);
    Ok(acting.write(vec![draft], "week publish", &format!("{school} {}", week_name(monday)))?)
}

/// The week's table as it stands.
fn table(board: &Board, now: UtcSecs) -> WeekTable {
    let row = |one: &crate::projector::board::Staff| WeekRow {
        posting: one.posting,
        name: one.name.clone(),
        cells: week::week_days(board.days.first).map(|date| board.cell(one, date, now)).collect(),
    };
    WeekTable::of(&board.staff.iter().map(row).collect::<Vec<_>>())
}

/// A week's publications, the newest first.
fn publications(board: &Board) -> impl Iterator<Item = &Sourced<Publication>> {
    let monday = board.days.first;
    board.register().publications.iter().rev().filter(move |one| one.value.monday == monday)
}

fn newest(board: &Board) -> Option<&Sourced<Publication>> {
    publications(board).next()
}

/// The first letters of a publication's hash, as they stand on page and paper.
pub(super) fn short_hash(publication: &Publication) -> String {
    let hex = HEXLOWER.encode(&publication.table.0);
    hex.chars().take(8).collect()
}

/// A publication with what changed since.
pub(super) struct Published {
    /// What was published.
    pub said: Sourced<Publication>,
    /// Who published it.
    pub by: String,
    /// Its rows; none if they haven't arrived.
    pub rows: Option<Vec<PublishedRow>>,
    /// Every cell that differs now.
    pub amended: Vec<Difference>,
}

/// The week's publications, the newest first.
pub(super) fn published(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    t: &Texts,
    board: &Board,
    now: UtcSecs,
) -> Result<Vec<Published>, PageError> {
    let mut found = Vec::new();
    let mut current = None;
    for said in publications(board) {
        let bytes = content(pages, store, &said.value.rows)?;
        let bytes = bytes.filter(|bytes| sha256(&[labels::PUBLICATION, bytes])[..] == said.value.table.0[..]);
        let rows = bytes.as_deref().and_then(published_rows);
        let current = current.get_or_insert_with(|| published_rows(&table(board, now).bytes).unwrap_or_default());
        let amended = rows.as_ref().map_or(Vec::new(), |rows| differences(rows, current));
        let by = said.source.author.person.map(|person| person_name(store, person)).transpose()?.flatten();
        let by = by.unwrap_or_else(|| t.word("pages-somebody").into_owned());
        found.push(Published { said: said.clone(), by, rows, amended });
    }
    Ok(found)
}

/// By whom, when, with which hash.
pub(super) fn heading(t: &Texts, one: &Published) -> String {
    t.get(
        "acts-published",
        &[
            ("name", one.by.clone()),
            ("when", t.moment(one.said.source.placed.judged)),
            ("log", one.said.value.log.to_string()),
            ("hash", short_hash(&one.said.value)),
        ],
    )
}

/// The part of a week page about its publication.
pub(super) fn section(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    (viewer, sight): (&Viewer, &Sight),
    board: &Board,
    tried: Option<&Tried>,
) -> Result<Markup, PageError> {
    let t = ask.texts();
    let school = board.school.school;
    let all = published(pages, store, t, board, ask.now)?;
    let heads = pages.kept.relay().heads_now(store, ask.now.ms(), viewer.person, school)?;
    if all.is_empty() && !heads {
        return Ok(html! {});
    }
    let mut shown = Vec::new();
    for one in &all {
        shown.push(publication(store, t, (viewer, sight), board, one)?);
    }
    let mut shown = shown.into_iter();
    let sees_notice = sight.cells || !sight.own.is_empty();
    Ok(html! {
        section.publication id="publication" {
            h2 { (t.word("publish-week")) }
            @if let Some(tried) = tried { (why_not(t, tried, all.first())) }
            @if heads { (form(t, ask, viewer, board, all.first())) }
            @if let Some(first) = shown.next() { (first) }
            @if shown.len() > 0 {
                h3 { (t.word("acts-published-before")) }
                @for older in shown { details.older { summary { (t.word("acts-published-older")) } (older) } }
            }
            @if sees_notice {
                p.links {
                    @if sight.cells { a href=(sub(school, board.days.first, "sheet")) { (t.word("acts-sheet")) } " " }
                    @if !all.is_empty() { a href=(sub(school, board.days.first, "notice")) { (t.word("acts-notice")) } }
                }
            }
        }
    })
}

fn sub(school: SchoolId, monday: Date, page: &str) -> String {
    format!("{}/{page}", week::address(school, monday))
}

/// Why the week was not published just now.
fn why_not(t: &Texts, tried: &Tried, newest: Option<&Published>) -> Markup {
    let published = newest.is_some_and(|one| HEXLOWER.encode(&one.said.value.table.0) == tried.table);
    let words = match tried.fault {
        Some(fault) => problem(t, fault.why),
        None if published => t.word("acts-publish-already").into_owned(),
        None => t.word("acts-publish-changed").into_owned(),
    };
    html! { p.problem role="alert" { (words) } }
}

/// The week, by its Monday, that a school should have published by now, as the county reminds: one with a school day on
/// which the chapter was in force and somebody worked there.
pub(super) fn due(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    school: SchoolId,
    today: Date,
) -> Result<Option<Date>, PageError> {
    let county = pages.kept.county(store)?;
    let due = county.publish_day().and_then(|weekday| county.week_due(school, today, weekday));
    let Some(monday) = due else { return Ok(None) };
    let sql = "SELECT EXISTS (SELECT 1 FROM view_posting WHERE school = ?1 AND first_day <= ?2 + 6) \
               AND NOT EXISTS (SELECT 1 FROM view_publication WHERE school = ?1 AND monday = ?2)";
    let key = (&school.0[..], days_since_epoch(monday));
    let due: bool = store.sql().prepare_cached(sql)?.query_row(key, |row| row.get(0))?;
    Ok(due.then_some(monday))
}

/// What is missing, and then the button.
fn form(t: &Texts, ask: &Ask, viewer: &Viewer, board: &Board, newest: Option<&Published>) -> Markup {
    let (school, monday) = (board.school.school, board.days.first);
    if act::publishable(monday, ask.now).is_err() {
        return html! { p.note { (t.word("acts-publish-later")) } };
    }
    if board.county().pack(Chapter::Office, monday, school).is_none() {
        return html! { p.note { (problem(t, Problem::NoRules)) } };
    }
    if board.staff.is_empty() || !board.county().judges_week(school, monday) {
        return html! { p.note { (t.word("acts-publish-nothing")) } };
    }
    let table = table(board, ask.now);
    if newest.is_some_and(|one| one.said.value.table.0 == table.hash) {
        return html! { p.note { (t.word("acts-publish-same")) } };
    }
    html! {
        form.act-form method="post" action=(sub(school, monday, "publish")) {
            (csrf(viewer))
            input type="hidden" name="table" value=(HEXLOWER.encode(&table.hash));
            (lacks(t, board, &table.lacked, "acts-lacks-now", "acts-lacks-none"))
            button.act { (t.word(if newest.is_some() { "acts-publish-again" } else { "acts-publish" })) }
            p.hint { (t.word("acts-publish-hint")) }
        }
    }
}

/// What had not arrived: whose, from which device, since when.
fn lacks(t: &Texts, board: &Board, lacked: &[Lack], some: &str, none: &str) -> Markup {
    if lacked.is_empty() {
        return html! { p { (t.word(none)) } };
    }
    let devices: BTreeMap<ActorId, (Via, bool)> = board
        .staff
        .iter()
        .flat_map(|one| board.devices(one.person))
        .map(|device| (device.actor, (device.via, device.retired.is_some())))
        .collect();
    // A kiosk is missing for everybody, and is named once.
    let mut by_device: BTreeMap<ActorId, (Option<UtcSecs>, Vec<PostingId>)> = BTreeMap::new();
    for lack in lacked {
        by_device.entry(lack.actor).or_insert((lack.through, Vec::new())).1.push(lack.posting);
    }
    html! {
        p { (t.get(some, &[("devices", by_device.len())])) }
        ul.lacks { @for (actor, (through, postings)) in &by_device {
            @let (via, lost) = devices.get(actor).copied().unwrap_or((Via::Phone, false));
            li {
                @if via != Via::Kiosk { (names(t, board, postings)) " " }
                (t.not_heard(via == Via::Kiosk, *through, lost)) " " span.device { (device(t, via, *actor)) }
            }
        } }
    }
}

fn names(t: &Texts, board: &Board, postings: &[PostingId]) -> String {
    let name =
        |posting: &PostingId| board.staff.iter().find(|one| one.posting == *posting).map(|one| week::name(t, one));
    let names: Vec<String> = postings.iter().filter_map(name).collect();
    names.join(t.word("pages-and").as_ref())
}

/// One publication: who, when, what was missing then, and what changed since.
fn publication(
    store: &ReadLedger<'_>,
    t: &Texts,
    (viewer, sight): (&Viewer, &Sight),
    board: &Board,
    one: &Published,
) -> Result<Markup, PageError> {
    let seen: Vec<&Difference> = one.amended.iter().filter(|found| sight.cells_of(found.posting)).collect();
    let mut causes = Vec::with_capacity(seen.len());
    for found in &seen {
        causes.push(cause(store, t, board, one, found)?);
    }
    let sees = sight.cells || !sight.own.is_empty();
    Ok(html! {
        article.published {
            p { (heading(t, one)) }
            @if sight.cells { (lacks(t, board, &one.said.value.lacked, "acts-lacked", "acts-lacked-none")) }
            @if one.rows.is_none() { p.awaiting_sync { (t.word("acts-rows-missing")) } }
            @else if sees && seen.is_empty() { p { (t.word("acts-amended-none")) } }
            @else if sees {
                p { (t.get("acts-amended", &[("count", seen.len())])) }
                table.list.amendments {
                    thead { tr { @for key in ["cell", "before", "after", "cause"] { th scope="col" { (t.word(&format!("acts-{key}-column"))) } } } }
                    tbody { @for (found, causes) in seen.iter().zip(&causes) { tr {
                        th scope="row" {
                            @if sight.entries_of(found.posting) {
                                a href=(format!("/postings/{}/{}", found.posting, found.date)) { (found.name) " " (t.day(found.date)) }
                            } @else { (found.name) " " (t.day(found.date)) }
                            @if board.staff.iter().any(|s| s.posting == found.posting && viewer.is(s)) { " " span.self-mark { (t.word("pages-own")) } }
                        }
                        td data-label=(t.word("acts-before-column")) { (said_day(t, found.before.as_ref())) }
                        td data-label=(t.word("acts-after-column")) { (said_day(t, found.after.as_ref())) }
                        td data-label=(t.word("acts-cause-column")) { @for line in causes { p { (line) } } }
                    } } }
                }
            }
        }
    })
}

/// A day as it was published, in words.
pub(super) fn said_day(t: &Texts, day: Option<&PublishedDay>) -> String {
    let Some(day) = day else { return t.word("pages-no-posting").into_owned() };
    let mut parts = Vec::new();
    match day.status.as_deref() {
        None => parts.push(t.word("not-in-force").into_owned()),
        Some(code) => parts.push(Status::from_code(code).map_or(code.to_owned(), |status| t.status(status))),
    }
    if day.office.0 > 0 {
        parts.push(t.get("pages-office", &[("office", t.duration(day.office))]));
    }
    let finding = |(code, minutes): &(String, Option<sanji_core::time::Minutes>)| {
        // A status that is also a finding is said once.
        let said = FindingCode::from_code(code).is_some() && day.status.as_deref() != Some(code);
        let key = format!("finding-{code}");
        said.then(|| match minutes {
            Some(minutes) => t.get(&key, &[("minutes", minutes.0)]),
            None => t.word(&key).into_owned(),
        })
    };
    parts.extend(day.findings.iter().filter_map(finding));
    parts.join(" · ")
}

/// Why a cell differs: the entries about it that came after what was published had been seen, else what else there is.
fn cause(
    store: &ReadLedger<'_>,
    t: &Texts,
    board: &Board,
    one: &Published,
    found: &Difference,
) -> Result<Vec<String>, PageError> {
    // Whatever posting of the person it was written for: checks count at all of them.
    let sql = "SELECT n, kind, judged FROM view_entry WHERE doc_kind = ?1 AND last_day >= ?2 AND first_day <= ?2 AND n > ?3 \
               AND object IN (SELECT posting FROM view_posting WHERE person = (SELECT person FROM view_posting WHERE posting = ?4)) \
               ORDER BY n LIMIT ?5";
    let mut statement = store.sql().prepare_cached(sql)?;
    let key = (DocKind::Duty.byte(), days_since_epoch(found.date), one.said.value.log, &found.posting.0[..], CAUSES);
    let line = |row: &rusqlite::Row<'_>| -> rusqlite::Result<(i64, Option<u16>, i64)> {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    };
    let entries = statement.query_map(key, line)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let lines = entries.into_iter().map(|(n, kind, judged)| {
        let n = LogNo(n.cast_unsigned());
        t.get(
            "acts-cause-entry",
            &[("kind", kind_word(t, kind)), ("when", t.moment(UtcSecs(judged))), ("n", n.0.to_string())],
        )
    });
    let lines: Vec<String> = lines.collect();
    if !lines.is_empty() {
        return Ok(lines);
    }
    let awaited = Some(Status::AwaitingSync.code());
    let waited = found.before.as_ref().is_some_and(|day| day.status.as_deref() == awaited);
    let pack = board.county().pack(Chapter::Office, found.date, board.school.school).map(|(pack, _)| pack_hash(pack));
    let ruled = pack == Some(one.said.value.pack) && one.said.value.rules == u32::from(rules::VERSION);
    let key = match (ruled, waited) {
        (false, _) => "acts-cause-rules",
        (true, true) => "acts-cause-complete",
        (true, false) => "acts-cause-other",
    };
    Ok(vec![t.word(key).into_owned()])
}

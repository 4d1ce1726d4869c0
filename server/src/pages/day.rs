//! One person's day: the verdict with its clauses, the day as a bar, and every entry about it with its evidence.

use axum::extract::{Extension, Path};
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};
use rusqlite::Row as SqlRow;
use sanji_core::evidence::TimeLabel;
use sanji_core::ids::{ActorId, DocId, Label, PersonId, PostingId};
use sanji_core::records::Entry;
use sanji_core::review::Cell;
use sanji_core::rules::{DayResult, Status};
use sanji_core::sync::message::{LogNo, Via};
use sanji_core::texts::Texts;
use sanji_core::time::{Minutes, UtcSecs, days_since_epoch, parse_date};

use super::access::Viewer;
use super::address::{query, with};
use super::audit::{Look, note};
use super::bar::bar;
use super::cell::{Why, device, reasons, saying};
use super::correct::{self, Tried};
use super::said::{entry, kind_word, person_name, what};
use super::shell::{Ask, Page, as_of, column};
use super::week;
use super::{PageError, Pages, SharedPages, person};
use crate::projector::board::{self, Board, Days, Staff};
use crate::projector::words::via_named;
use crate::store::ReadLedger;

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Path((posting, day)): Path<(String, String)>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let page = match posting.parse().ok().zip(parse_date(&day)) {
        Some(day) => look(&pages, &ask, &viewer, day, None).await,
        None => Err(PageError::NotFound),
    };
    ask.answer(&viewer, page)
}

/// Makes the page, with a correction that was tried and not taken, and writes the look down before it is shown.
pub(super) async fn look(
    pages: &SharedPages,
    ask: &Ask,
    viewer: &Viewer,
    day: (PostingId, Date),
    tried: Option<Tried>,
) -> Result<Page, PageError> {
    let (asked, looking) = (ask.clone(), viewer.clone());
    let build =
        move |pages: &Pages, store: &mut ReadLedger<'_>| build(pages, store, &asked, &looking, day, tried.as_ref());
    let (page, logged) = pages.read(build).await?;
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
    (posting, date): (PostingId, Date),
    tried: Option<&Tried>,
) -> Result<(Page, Option<Look>), PageError> {
    let t = ask.texts();
    let days = Days { first: date, last: date };
    let one = board::posting(store, posting)?.ok_or(PageError::NotFound)?;
    let sight = week::sight(pages, store, viewer, one.school, days)?;
    if !sight.entries_of(posting) {
        return Err(PageError::NotFound);
    }
    let board = Board::load(&pages.kept, store, one.school, days)?.ok_or(PageError::NotFound)?;
    let cell = board.cell(&one, date, ask.now);
    let flagged = board.flagged.get(&(posting, date)).copied().unwrap_or(0);
    let own = viewer.is(&one);
    let why = Why {
        t,
        county: board.county(),
        school: &board.school,
        flagged,
        leave_kinds: true,
        no_device: board.devices(one.person).is_empty(),
    };
    let lines = lines(pages, store, &one, days)?;
    let correct = correct::form(pages, store, ask, viewer, &one, date, tried)?;
    let page = Page {
        title: format!("{} {}", week::name(t, &one), t.day(date)),
        lead: lead(t, cell.as_ref()),
        body: html! {
            nav.turn {
                a rel="prev" href=(beside(posting, date.yesterday())) { "← " (t.word("pages-day-before")) }
                a href=(week::address(one.school, date)) { (t.get("pages-to-week", &[("school", board.school.name.as_str())])) }
                a href=(with(&person::address(posting), &query([("term", Label::term_of(date).to_string().as_str())]))) { (t.word("views-term-page")) }
                a rel="next" href=(beside(posting, date.tomorrow())) { (t.word("pages-day-after")) " →" }
            }
            @if own { p.note { (t.word("pages-own-day")) } }
            @if sight.logged && !own { p.note { (t.word("pages-look-noted")) } }
            @if let Some(cell) = &cell {
                (bar(t, date, &cell.result))
                section.why { (reasons(&why, cell)) }
            }
            h2 { (t.word("pages-entries")) }
            (entries(&why, &lines.iter().collect::<Vec<_>>(), true))
            (correct)
        },
        query: String::new(),
        as_of: Some(as_of(pages, store, ask.now)?),
    };
    let look = (sight.logged && !own).then_some(Look::Day(one.school, posting, date));
    Ok((page, look))
}

/// Where the day of a posting is.
pub(super) fn address(posting: PostingId, date: Date) -> String {
    format!("/postings/{posting}/{date}")
}

fn beside(posting: PostingId, date: Result<Date, jiff::Error>) -> String {
    date.map_or(String::from("/"), |date| address(posting, date))
}

/// The day in one sentence.
fn lead(t: &Texts, cell: Option<&Cell>) -> String {
    let Some(cell) = cell else { return t.word("pages-no-posting").into_owned() };
    let DayResult::Judged(verdict) = &cell.result else { return t.word("not-in-force").into_owned() };
    let status = saying(t, cell, verdict);
    match verdict.status {
        Status::RestDay | Status::OnLeave | Status::Upcoming => t.get("pages-day-lead-plain", &[("status", status)]),
        _ => t.get(
            "pages-day-lead",
            &[
                ("status", status),
                ("office", t.duration(verdict.times.office)),
                ("required", t.duration(verdict.required)),
            ],
        ),
    }
}

/// An entry about a day, as it stands.
pub(crate) struct Line {
    /// Its log number.
    pub n: u64,
    /// The number of its kind; none where it can't be read.
    pub kind: Option<u16>,
    /// What it says, as far as it can be read.
    pub entry: Option<Entry>,
    /// Who wrote it, if it wasn't the person whose day it is.
    pub author: Option<Option<String>>,
    /// By what it was written.
    pub via: Via,
    /// Which device.
    pub actor: ActorId,
    /// When it was made, as judged.
    pub judged: UtcSecs,
    /// Not earlier than.
    pub earliest: UtcSecs,
    /// Not later than.
    pub latest: UtcSecs,
    /// By the phone's clock.
    pub phone: UtcSecs,
    /// How far the time can be trusted.
    pub label: TimeLabel,
    /// How it stands.
    pub state: String,
    /// Why it doesn't count.
    pub flag: Option<u8>,
    /// The entry that stands for it, or beside it.
    pub other: Option<u64>,
    /// It stands beside another version.
    pub conflict: bool,
    /// Entries that it names and that haven't arrived.
    pub waiting: u32,
}

/// The entries about days of a posting, in the order of their times.
pub(crate) fn lines(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    one: &Staff,
    days: Days,
) -> Result<Vec<Line>, PageError> {
    let sql = "SELECT n, kind, author, via, actor, judged, earliest, latest, phone, label, state, flag, other, conflict, \
               waiting, doc FROM view_entry WHERE object = ?1 AND doc_kind = ?2 AND last_day >= ?3 AND first_day <= ?4 \
               ORDER BY judged, n";
    let read = |row: &SqlRow<'_>| -> rusqlite::Result<(Line, Option<DocId>, Option<PersonId>)> {
        let secs = |at| row.get::<_, i64>(at).map(UtcSecs);
        let line = Line {
            n: row.get::<_, i64>(0)?.cast_unsigned(),
            kind: row.get(1)?,
            entry: None,
            author: None,
            via: via_named(row.get_ref(3)?.as_str()?),
            actor: ActorId(row.get(4)?),
            judged: secs(5)?,
            earliest: secs(6)?,
            latest: secs(7)?,
            phone: secs(8)?,
            label: TimeLabel::from_name(row.get_ref(9)?.as_str()?).unwrap_or(TimeLabel::Unverified),
            state: row.get(10)?,
            flag: row.get(11)?,
            other: row.get::<_, Option<i64>>(12)?.map(i64::cast_unsigned),
            conflict: row.get(13)?,
            waiting: row.get(14)?,
        };
        Ok((line, DocId::from_bytes(row.get_ref(15)?.as_blob()?), row.get::<_, Option<_>>(2)?.map(PersonId)))
    };
    let kind = sanji_core::ids::DocKind::Duty.byte();
    let found: Vec<(Line, Option<DocId>, Option<PersonId>)> = {
        let mut statement = store.sql().prepare_cached(sql)?;
        let rows = statement
            .query_map((&one.posting.0[..], kind, days_since_epoch(days.first), days_since_epoch(days.last)), read)?;
        rows.collect::<rusqlite::Result<_>>()?
    };
    let mut lines = Vec::with_capacity(found.len());
    for (mut line, doc, author) in found {
        if let Some(doc) = doc {
            line.entry = entry(pages, store, doc, line.actor, LogNo(line.n))?;
        }
        // Whoever wrote for somebody else is named.
        if let Some(author) = author.filter(|author| *author != one.person) {
            line.author = Some(person_name(store, author)?);
        }
        lines.push(line);
    }
    Ok(lines)
}

/// Entries as a table. Those of one table of a page can be led to.
pub(super) fn entries(why: &Why<'_>, lines: &[&Line], led_to: bool) -> Markup {
    let t = why.t;
    if lines.is_empty() {
        return html! { p { (t.word("pages-no-entries")) } };
    }
    html! {
        table.list.entries {
            thead { tr { @for key in ["time", "entry", "evidence", "device", "state"] { th scope="col" { (column(t, key)) } } } }
            tbody { @for line in lines { tr class=(line.state) id=[led_to.then(|| format!("n{}", line.n))] {
                td.number { (t.moment(line.judged)) }
                td {
                    (said(why, line))
                    @if let Some(author) = &line.author {
                        @let name = author.clone().unwrap_or_else(|| t.word("pages-somebody").into_owned());
                        p.author { (t.get("pages-written-by", &[("name", name)])) }
                    }
                }
                td { (evidence(t, line)) }
                td { (device(t, line.via, line.actor)) p.entry-number { (t.get("pages-entry-number", &[("n", line.n.to_string())])) } }
                td { (state(t, line)) }
            } } }
        }
    }
}

/// What an entry says, in a few words.
fn said(why: &Why<'_>, line: &Line) -> String {
    let kind = kind_word(why.t, line.kind);
    match &line.entry {
        Some(entry) => what(why, &kind, &entry.body),
        None => kind,
    }
}

/// How far the time can be trusted, and why.
fn evidence(t: &Texts, line: &Line) -> Markup {
    if line.via == Via::Desk {
        return html! { (t.word("pages-time-of-relay")) };
    }
    let ahead = line.phone.0.saturating_sub(line.judged.0);
    html! {
        (t.word(&format!("clock-{}", line.label.name())))
        @if line.label == TimeLabel::ClockDiffers { p { (t.get("clock-off-by", &[("length", t.duration(minutes(ahead)))])) } }
        p.interval { (t.get("pages-interval", &[("from", bound(t, line.earliest, line.judged)), ("to", bound(t, line.latest, line.judged))])) }
        @if line.phone != line.judged { p.interval { (t.get("pages-phone-time", &[("when", t.moment(line.phone))])) } }
    }
}

/// An end of an interval: the time alone where it is of the same day, nothing where it is unknown.
fn bound(t: &Texts, at: UtcSecs, near: UtcSecs) -> String {
    let known = sanji_core::evidence::UNBOUNDED;
    if at <= known.0.secs() || at >= known.1.secs() {
        return t.word("pages-unbounded").into_owned();
    }
    if at.date() == near.date() {
        let local = at.local();
        return format!("{:02}:{:02}:{:02}", local.hour(), local.minute(), local.second());
    }
    t.moment(at)
}

/// The minutes nearest to a difference, whichever way it goes.
pub(super) fn minutes(seconds: i64) -> Minutes {
    Minutes(u32::try_from(seconds.unsigned_abs().saturating_add(30) / 60).unwrap_or(u32::MAX))
}

fn state(t: &Texts, line: &Line) -> Markup {
    let other = line
        .other
        .map(|n| html! { " " a href=(format!("#n{n}")) { (t.get("pages-entry-number", &[("n", n.to_string())])) } });
    html! {
        @if let Some(reason) = line.flag.and_then(sanji_core::sync::message::FlagReason::from_u8) {
            span.flagged { (t.word("shape-flagged")) } " "
            (t.get("pages-not-counted", &[("reason", t.word(&format!("pages-flag-{}", reason.name())).into_owned())]))
        } @else {
            (t.word(&format!("pages-state-{}", line.state)))
        }
        (other.unwrap_or_default())
        @if line.conflict { p.conflict { (t.word("conflict")) } }
        @if line.waiting > 0 { p { (t.word("waiting-for")) } }
    }
}

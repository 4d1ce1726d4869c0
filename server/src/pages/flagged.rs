//! Entries that are stored and don't count: what, whose, since when, why, and who may change that.

use axum::extract::{Extension, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use rusqlite::Row as SqlRow;
use sanji_core::ids::{ActorId, DocId, DocKind, PersonId, PostingId, SchoolId};
use sanji_core::review::Fault;
use sanji_core::review::act::lift_flag;
use sanji_core::sync::message::{FlagReason, LogNo, Via};
use sanji_core::sync::relay::book::Book;
use sanji_core::texts::{Arg, Texts};
use sanji_core::time::{UtcSecs, date_from_days};

use super::access::Viewer;
use super::act::{Acting, Fields, NotDone, Sent, csrf, draft, may_act_in, named, perform, reason_field};
use super::audit::{Look, note};
use super::cell::device;
use super::said::{kind_word, person_name};
use super::shell::{Ask, Page, as_of, column};
use super::{PageError, Pages, SharedPages};
use crate::projector::arrived;
use crate::projector::board::{Days, posting};
use crate::projector::words::via_named;
use crate::store::ReadLedger;

/// Where this page is.
const FLAGGED: &str = "/flagged";

/// The reasons that a head's word sets aside. The others are settled by a confirmation, a new issue or an upgrade, or by
/// nothing.
const LIFTED: [FlagReason; 5] = [
    FlagReason::NoAuthority,
    FlagReason::AuthorityUnsure,
    FlagReason::OutsidePosting,
    FlagReason::AfterLoss,
    FlagReason::AfterRevocation,
];

/// Entries that one page lists, the newest first.
const MOST: usize = 300;

pub(super) async fn page(Extension(pages): Extension<SharedPages>, ask: Ask, viewer: Viewer) -> Response {
    let page = look(&pages, &ask, &viewer, None).await;
    ask.answer(&viewer, page)
}

/// A lifting that was tried and not done.
#[derive(Clone, Debug)]
struct Tried {
    n: LogNo,
    reason: String,
    fault: Option<Fault>,
}

/// Lifts the flag of an entry, so that it counts.
pub(super) async fn lift(
    Extension(pages): Extension<SharedPages>,
    Path(entry): Path<String>,
    ask: Ask,
    sent: Sent,
) -> Response {
    let Sent { viewer, fields } = sent;
    let Ok(n) = entry.parse().map(LogNo) else { return ask.failed(Some(&viewer), &PageError::NotFound) };
    let mut tried = Tried { n, reason: fields.get("reason").to_owned(), fault: None };
    let status = match perform(&pages, &viewer, move |acting| write(acting, n, &fields)).await {
        Ok(()) => return Redirect::to(FLAGGED).into_response(),
        Err(NotDone::Page(error)) => return ask.failed(Some(&viewer), &error),
        Err(NotDone::Fault(fault)) => {
            tried.fault = Some(fault);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(NotDone::Stale(_)) => StatusCode::CONFLICT,
    };
    match look(&pages, &ask, &viewer, Some(tried)).await {
        Ok(page) => ask.show(Some(&viewer), status, &page),
        Err(error) => ask.failed(Some(&viewer), &error),
    }
}

fn write(acting: &mut Acting<'_>, n: LogNo, fields: &Fields) -> Result<(), NotDone> {
    let relay = acting.pages.kept.relay();
    let (doc, entry) = named(relay, acting.store, n)?.ok_or(PageError::NotFound)?;
    acting.may_act_in(doc)?;
    let mut book = Book::new(relay.county(), acting.store);
    let row = book.entry(n)?.ok_or(PageError::NotFound)?;
    let author = book.device_of(entry.actor)?.and_then(|device| device.person);
    if author == Some(acting.viewer.person) {
        return Err(PageError::NotFound.into());
    }
    match row.flag() {
        None => return Err(NotDone::Stale(vec![n])),
        Some(reason) if !LIFTED.contains(&reason) => return Err(PageError::NotFound.into()),
        Some(_) => {}
    }
    let body = lift_flag(fields.reason()?)?;
    let subject = doc.posting().map_or_else(|| doc.to_string(), |posting| posting.to_string());
    Ok(acting.write(vec![draft(doc, vec![entry], body)], "flag lift", &format!("{subject} {}", n.0))?)
}

async fn look(pages: &SharedPages, ask: &Ask, viewer: &Viewer, tried: Option<Tried>) -> Result<Page, PageError> {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let build = move |pages: &Pages, store: &mut ReadLedger<'_>| build(pages, store, &asking, &looking, tried.as_ref());
    let (page, logged) = pages.read(build).await?;
    if logged {
        note(&pages.app, viewer, Look::Flagged).await?;
    }
    Ok(page)
}

/// An entry that doesn't count.
pub(crate) struct Line {
    /// Its log number.
    pub n: LogNo,
    /// The number of its kind; none where it can't be read.
    pub kind: Option<u16>,
    /// Why it doesn't count.
    pub reason: FlagReason,
    /// By what it was written.
    pub via: Via,
    /// By which device.
    pub actor: ActorId,
    /// When it was made, as judged.
    pub judged: UtcSecs,
    /// The first day that it is about.
    pub first: jiff::civil::Date,
    /// Whose record it would be.
    pub subject: Option<PostingId>,
    /// Who wrote it; the inner name is missing where none is known, the outer one where only the device is.
    pub name: Option<Option<String>>,
    /// The school that it belongs to; none for the county as a whole.
    pub school: Option<(SchoolId, String)>,
    /// When the relay stored it.
    pub since: UtcSecs,
    doc: Option<DocId>,
    author: Option<PersonId>,
    /// Of a visit that hasn't been opened on site.
    unopened: bool,
    /// The viewer may lift its flag.
    may: bool,
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    tried: Option<&Tried>,
) -> Result<(Page, bool), PageError> {
    let t = ask.texts();
    let (mut lines, logged) = lines(pages, store, viewer)?;
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    for line in &mut lines {
        let may_lift = LIFTED.contains(&line.reason) && line.author != Some(viewer.person);
        if let Some(doc) = line.doc.filter(|_| may_lift) {
            line.may = may_act_in(pages.kept.relay(), store, ask.now.ms(), viewer, doc)?;
        }
    }
    let lead = match lines.iter().map(|line| line.since).min() {
        None => t.word("pages-flagged-lead-none").into_owned(),
        Some(oldest) => {
            t.get("pages-flagged-lead", &[("count", Arg::from(lines.len() + more)), ("when", t.moment(oldest).into())])
        }
    };
    let page = Page {
        title: t.word("pages-flagged").into_owned(),
        lead,
        body: html! {
            @if let Some(tried) = tried.filter(|tried| tried.fault.is_none()) {
                p.problem role="alert" { (t.get("acts-lift-stale", &[("n", tried.n.0.to_string())])) }
            }
            @if !lines.is_empty() { (table(t, viewer, &lines, ask.now, tried)) }
            @if more > 0 { p.note { (t.get("pages-more", &[("count", more)])) } }
        },
        query: String::new(),
        as_of: Some(as_of(pages, store, ask.now)?),
    };
    Ok((page, logged))
}

/// The entries of a viewer's scope that don't count, newest first, and whether the look has to be written down.
pub(crate) fn lines(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    viewer: &Viewer,
) -> Result<(Vec<Line>, bool), PageError> {
    let mut lines = Vec::new();
    let mut logged = false;
    for mut line in read(store)? {
        let place = match school_of(pages, store, &mut line)? {
            Whose::School(school) => {
                Book::new(pages.kept.relay().county(), store).school(school)?.map(|row| (school, row))
            }
            Whose::County => None,
            Whose::Nobody => continue,
        };
        let days = Days { first: line.first, last: line.first };
        let sight = place.as_ref().map(|(school, place)| viewer.sight(*school, place, days));
        let own = line.author == Some(viewer.person)
            || line.subject.zip(sight.as_ref()).is_some_and(|(posting, sight)| sight.own.contains(&posting));
        let seen = match &sight {
            // Nobody at the host hears of a visit before it is opened there.
            Some(sight) => sight.entries && (sight.logged || !line.unopened),
            None => viewer.has_county(),
        };
        if !seen && !own {
            continue;
        }
        logged |= sight.is_some_and(|sight| sight.logged) && line.subject.is_some();
        line.school = place.map(|(school, place)| (school, place.name));
        line.name = match line.author {
            Some(author) => Some(person_name(store, author)?),
            None => None,
        };
        line.since = arrived(store, line.n)?.map_or(line.judged, |at| at.secs());
        lines.push(line);
    }
    Ok((lines, logged))
}

fn read(store: &ReadLedger<'_>) -> Result<Vec<Line>, PageError> {
    let sql = "SELECT n, kind, state, flag, doc, author, via, actor, judged, first_day FROM view_entry \
               WHERE state IN ('flagged', 'twin', 'unreadable') ORDER BY n DESC";
    let read = |row: &SqlRow<'_>| {
        let reason = match (row.get_ref(2)?.as_str()?, row.get::<_, Option<u8>>(3)?) {
            ("twin", _) => FlagReason::Twin,
            (_, Some(flag)) => FlagReason::from_u8(flag).unwrap_or(FlagReason::Unreadable),
            (_, None) => FlagReason::Unreadable,
        };
        Ok(Line {
            n: LogNo(row.get::<_, i64>(0)?.cast_unsigned()),
            kind: row.get(1)?,
            reason,
            doc: DocId::from_bytes(row.get_ref(4)?.as_blob()?),
            author: row.get::<_, Option<_>>(5)?.map(PersonId),
            via: via_named(row.get_ref(6)?.as_str()?),
            actor: ActorId(row.get(7)?),
            judged: UtcSecs(row.get(8)?),
            first: date_from_days(row.get(9)?).unwrap_or_default(),
            subject: None,
            unopened: false,
            name: None,
            school: None,
            since: UtcSecs(0),
            may: false,
        })
    };
    let mut statement = store.sql().prepare_cached(sql)?;
    Ok(statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?)
}

/// Who looks after an entry that doesn't count.
enum Whose {
    /// Those who review this school.
    School(SchoolId),
    /// Those who look after the county as a whole.
    County,
    /// The office alone: a supervisor's scope ends before it.
    Nobody,
}

/// To whom an entry belongs, by its document; notes whose record it would be.
fn school_of(pages: &Pages, store: &mut ReadLedger<'_>, line: &mut Line) -> Result<Whose, PageError> {
    let Some(doc) = line.doc else { return Ok(Whose::County) };
    let school = match doc.kind {
        DocKind::Duty => {
            let one = posting(store, PostingId(doc.object))?;
            line.subject = one.as_ref().map(|one| one.posting);
            one.map(|one| one.school)
        }
        DocKind::Visit => {
            let row = Book::new(pages.kept.relay().county(), store).doc(doc)?;
            line.unopened = row.as_ref().is_none_or(|row| row.opened.is_none());
            row.and_then(|row| row.host)
        }
        DocKind::OfficeEnrolment | DocKind::OfficeFees | DocKind::OfficeStaff => return Ok(Whose::Nobody),
        DocKind::County | DocKind::School | DocKind::Register => doc.school_id(),
    };
    Ok(school.map_or(Whose::County, Whose::School))
}

fn table(t: &Texts, viewer: &Viewer, lines: &[Line], now: UtcSecs, tried: Option<&Tried>) -> Markup {
    html! {
        table.list.flagged-entries {
            thead { tr { @for key in ["entry", "writer", "school", "made", "since", "reason", "lift"] {
                th scope="col" { (column(t, key)) }
            } } }
            tbody { @for line in lines { (row(t, viewer, line, now, tried.filter(|tried| tried.n == line.n))) } }
        }
    }
}

fn row(t: &Texts, viewer: &Viewer, line: &Line, now: UtcSecs, tried: Option<&Tried>) -> Markup {
    let age = now.0.saturating_sub(line.since.0).max(0) / 86_400;
    let kind = kind_word(t, line.kind);
    let name = match &line.name {
        Some(name) => name.clone().unwrap_or_else(|| t.word("pages-somebody").into_owned()),
        None => device(t, line.via, line.actor),
    };
    let school = line.school.as_ref().map_or(t.word("pages-whole-county"), |(_, name)| name.as_str().into());
    html! { tr {
        th scope="row" {
            span.flagged { (t.word("shape-flagged")) } " "
            @if let Some(posting) = line.subject {
                a href=(format!("/postings/{posting}/{}#n{}", line.first, line.n.0)) { (kind) }
            } @else { (kind) }
        }
        td data-label=(column(t, "writer")) { (name) }
        td { (school) }
        td.number data-label=(column(t, "made")) { (t.moment(line.judged)) }
        td.number data-label=(column(t, "since")) { (t.moment(line.since)) p.since { (t.get("pages-days", &[("days", age)])) } }
        td data-label=(column(t, "reason")) { (t.word(&format!("pages-flag-{}", line.reason.name()))) }
        td data-label=(column(t, "lift")) {
            (t.word(&format!("pages-lift-{}", line.reason.name())))
            @if line.may {
                form.act-form method="post" action=(format!("{FLAGGED}/{}/lift", line.n.0)) {
                    (csrf(viewer))
                    (reason_field(t, "acts-reason", tried.map_or("", |tried| &tried.reason), tried.and_then(|tried| tried.fault)))
                    button.act { (t.word("acts-lift")) }
                }
            }
        }
    } }
}

//! Support visits, one of them with all that was written, and what is owed.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query};
use axum::http::HeaderMap;
use axum::response::Response;
use sanji_core::documents::facts::{Row as Fact, Source, Sourced};
use sanji_core::documents::visit::Visit as Folded;
use sanji_core::ids::{PersonId, PostingId};
use sanji_core::time::{UtcSecs, days_since_epoch};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Known, List, Paging, Stop, Tag, answer, part, query, read, wrong};
use super::caller::Caller;
use super::document::Problems;
use crate::http::problem::Problem;
use crate::pages::SharedPages;
use crate::pages::visit::{learn, readable};
use crate::pages::works::{AskedOwed, AskedVisits, Places, read_owed, read_visits};
use crate::tables::visits::Names;
use crate::tables::{json, obligations, visits};

/// The support visits that the reader may read, the latest first; those of the current term where no days are given.
#[utoipa::path(
    get,
    path = "/api/v1/visits",
    operation_id = "visits",
    params(AskedVisits, Paging),
    responses((status = 200, description = "The visits", body = List<visits::Row>), Problems)
)]
pub(super) async fn list(
    Extension(pages): Extension<SharedPages>,
    asked: Result<Query<AskedVisits>, QueryRejection>,
    paging: Result<Query<Paging>, QueryRejection>,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let made = make_list(&pages, (asked, paging), Known::new(&headers), &caller).await;
    answer(&caller, made)
}

async fn make_list(
    pages: &SharedPages,
    (asked, paging): (Result<Query<AskedVisits>, QueryRejection>, Result<Query<Paging>, QueryRejection>),
    known: Known,
    caller: &Caller,
) -> Result<(List<visits::Row>, Tag), Stop> {
    let place = query(paging)?.place()?;
    let filter = query(asked)?.filter(caller.now().date()).map_err(wrong)?;
    let caller = caller.clone();
    read(pages, move |pages, store| {
        let tag = Tag::of(pages, store, &caller, None)?.unless_known(&known)?;
        let places = Places::load(pages, store, caller.now().date())?;
        let (mut found, names) = read_visits(store, &caller.viewer, &places, filter.days)?;
        found.retain(|visit| filter.takes(&places, &names, visit));
        // The latest first: its day counts down.
        let down = |day| i64::MAX - i64::from(days_since_epoch(day));
        let (found, next) = part(found, |visit| format!("{:020} {}", down(visit.date()), visit.doc), &place);
        Ok((List { items: found.iter().map(|visit| visits::Row::of(visit, &names)).collect(), next }, tag))
    })
    .await
}

/// Who wrote something, and when.
#[derive(Serialize, ToSchema)]
struct Written {
    /// The name, as far as it is known.
    author: Option<String>,
    /// When, as judged.
    #[serde(serialize_with = "json::instant")]
    #[schema(value_type = String, format = DateTime)]
    made: UtcSecs,
}

/// A text of one of the four parts. Where two people wrote one at the same time, each has a row.
#[derive(Serialize, ToSchema)]
struct PartText {
    /// `plan`, `measures`, `record` or `summary`.
    part: &'static str,
    /// The text.
    text: String,
    /// Beside it stands another one of the same part.
    conflict: bool,
    #[serde(flatten)]
    written: Written,
}

/// A lesson observed.
#[derive(Serialize, ToSchema)]
struct Lesson {
    /// The teacher's name.
    teacher: Option<String>,
    /// The lesson.
    lesson: String,
    /// The review.
    review: Option<String>,
    /// The grade, in the county's words.
    grade: Option<String>,
    /// Its length.
    minutes: Option<u32>,
    #[serde(flatten)]
    written: Written,
}

/// Something that was said of the visit.
#[derive(Serialize, ToSchema)]
struct Remark {
    /// `note`, `countersign`, `answer` or `comment`.
    kind: &'static str,
    /// The words.
    text: Option<String>,
    #[serde(flatten)]
    written: Written,
}

/// A support visit with all that stands in it.
#[derive(Serialize, ToSchema)]
pub(super) struct Dossier {
    /// The visit.
    visit: visits::Row,
    /// The texts of the four parts.
    parts: Vec<PartText>,
    /// Lessons observed.
    lessons: Vec<Lesson>,
    /// How many pictures there are.
    pictures: usize,
    /// Notes, the host's signatures, answers of those observed, comments.
    remarks: Vec<Remark>,
}

/// A support visit with its four parts, observed lessons and what was said of it.
#[utoipa::path(
    get,
    path = "/api/v1/visits/{visit}",
    operation_id = "visit",
    params(("visit" = String, Path, description = "The visit's id")),
    responses((status = 200, description = "The visit", body = Dossier), Problems)
)]
pub(super) async fn visit(
    Extension(pages): Extension<SharedPages>,
    Path(visit): Path<String>,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let made = make_dossier(&pages, &visit, Known::new(&headers), &caller).await;
    answer(&caller, made)
}

async fn make_dossier(pages: &SharedPages, visit: &str, known: Known, caller: &Caller) -> Result<(Dossier, Tag), Stop> {
    let visit = visit.parse().map_err(|_| Problem::NotFound)?;
    let caller = caller.clone();
    read(pages, move |pages, store| {
        let (fact, places) = readable(pages, store, &caller.viewer, visit)?;
        let tag = Tag::of(pages, store, &caller, None)?.unless_known(&known)?;
        let journal = pages.kept.relay().journal(store, fact.doc)?;
        let fold = journal.fold();
        let folded = Folded::of(&fold);
        let mut names = places.names(store, [&fact])?;
        learn(store, &mut names, &fold, &folded)?;
        Ok((dossier(visits::Row::of(&fact, &names), &folded, &names), tag))
    })
    .await
}

fn dossier(row: visits::Row, visit: &Folded, names: &Names) -> Dossier {
    let person = |person: Option<PersonId>| person.and_then(|person| names.people.get(&person)).cloned();
    let teacher = |posting: PostingId| names.postings.get(&posting).cloned();
    let written = |source: &Source| Written { author: person(source.author.person), made: source.placed.judged };
    let mut parts = Vec::new();
    for row in visit.parts.values() {
        parts.extend(row.by_time().into_iter().map(|said| PartText {
            part: said.value.part.name(),
            text: said.value.text.clone(),
            conflict: row.in_conflict(),
            written: written(&said.source),
        }));
    }
    let lesson = |said: &Sourced<sanji_core::records::Observation>| Lesson {
        teacher: teacher(said.value.teacher),
        lesson: said.value.lesson.clone(),
        review: said.value.review.clone(),
        grade: said.value.grade.clone(),
        minutes: said.value.minutes.map(|minutes| minutes.0),
        written: written(&said.source),
    };
    let remark =
        |kind, text: Option<&String>, source: &Source| Remark { kind, text: text.cloned(), written: written(source) };
    let mut remarks = Vec::new();
    for said in visit.notes.iter().flat_map(Fact::all_now) {
        remarks.push(remark("note", Some(&said.value.text), &said.source));
    }
    for signed in &visit.countersigns {
        remarks.push(remark("countersign", signed.said.value.text.as_ref(), &signed.said.source));
    }
    for said in visit.answers.iter().flat_map(Fact::all_now) {
        remarks.push(remark("answer", Some(&said.value.text), &said.source));
    }
    for one in &visit.comments {
        remarks.push(remark("comment", Some(&one.said.value.text), &one.said.source));
    }
    Dossier {
        visit: row,
        parts,
        lessons: visit.observations.iter().flat_map(Fact::all_now).map(lesson).collect(),
        pictures: visit.pictures.iter().flat_map(Fact::all_now).count(),
        remarks,
    }
}

/// What groups, schools and teachers of the reader's scope owe in support visits in the periods that overlap a week
/// (2026-W10), a month (2026-03) or a term (2026a) and have begun; the current term where none is given.
#[utoipa::path(
    get,
    path = "/api/v1/obligations",
    operation_id = "obligations",
    params(AskedOwed, Paging),
    responses((status = 200, description = "The obligations", body = List<obligations::Row>), Problems)
)]
pub(super) async fn owed(
    Extension(pages): Extension<SharedPages>,
    asked: Result<Query<AskedOwed>, QueryRejection>,
    paging: Result<Query<Paging>, QueryRejection>,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let made = make_owed(&pages, (asked, paging), Known::new(&headers), &caller).await;
    answer(&caller, made)
}

async fn make_owed(
    pages: &SharedPages,
    (asked, paging): (Result<Query<AskedOwed>, QueryRejection>, Result<Query<Paging>, QueryRejection>),
    known: Known,
    caller: &Caller,
) -> Result<(List<obligations::Row>, Tag), Stop> {
    let place = query(paging)?.place()?;
    let filter = query(asked)?.filter(caller.now().date()).map_err(wrong)?;
    let caller = caller.clone();
    read(pages, move |pages, store| {
        let tag = Tag::of(pages, store, &caller, None)?.unless_known(&known)?;
        let places = Places::load(pages, store, caller.now().date())?;
        let found = read_owed(store, &caller.viewer, &places, filter.period, caller.now())?;
        let (items, next) = part(found.rows(&places, &filter), obligations::Row::key, &place);
        Ok((List { items, next }, tag))
    })
    .await
}

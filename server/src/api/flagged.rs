//! Entries that are stored and don't count.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::Date;
use sanji_core::ids::{ActorId, PostingId, SchoolId};
use sanji_core::time::UtcSecs;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Known, List, Paging, Stop, Tag, answer, part, query, read};
use super::caller::Caller;
use super::day::kind_name;
use super::document::Problems;
use crate::pages::SharedPages;
use crate::pages::audit::{Look, note};
use crate::pages::flagged::{Line, lines};
use crate::projector::words::via_name;
use crate::tables::json;

/// An entry that doesn't count.
#[derive(Serialize, ToSchema)]
pub(super) struct Flagged {
    /// Its log number.
    n: u64,
    /// Its kind; null for one that this version doesn't know.
    kind: Option<&'static str>,
    /// Why it doesn't count.
    reason: &'static str,
    /// Who wrote it, as far as that is known.
    author: Option<String>,
    /// `phone`, `kiosk` or `desk`.
    via: &'static str,
    /// The device.
    #[schema(value_type = String)]
    device: ActorId,
    /// The school that it belongs to; null for the county as a whole.
    #[schema(value_type = Option<String>)]
    school: Option<SchoolId>,
    /// The posting whose record it would be.
    #[schema(value_type = Option<String>)]
    posting: Option<PostingId>,
    /// The first day that it is about.
    #[serde(serialize_with = "json::date")]
    #[schema(value_type = String, format = Date)]
    date: Date,
    /// When it was made, as judged.
    #[serde(serialize_with = "json::instant")]
    #[schema(value_type = String, format = DateTime)]
    made: UtcSecs,
    /// When the relay stored it.
    #[serde(serialize_with = "json::instant")]
    #[schema(value_type = String, format = DateTime)]
    arrived: UtcSecs,
}

/// The entries of the reader's scope that don't count, newest first. A reviewer's look is written down, as on the page.
#[utoipa::path(
    get,
    path = "/api/v1/flagged",
    operation_id = "flagged",
    params(Paging),
    responses((status = 200, description = "The entries", body = List<Flagged>), Problems)
)]
pub(super) async fn list(
    Extension(pages): Extension<SharedPages>,
    asked: Result<Query<Paging>, QueryRejection>,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let made = make(&pages, asked, Known::new(&headers), &caller).await;
    answer(&caller, made)
}

async fn make(
    pages: &SharedPages,
    asked: Result<Query<Paging>, QueryRejection>,
    known: Known,
    caller: &Caller,
) -> Result<(List<Flagged>, Tag), Stop> {
    let place = query(asked)?.place()?;
    let asking = caller.clone();
    let (list, tag, logged) = read(pages, move |pages, store| {
        let tag = Tag::of(pages, store, &asking, None)?.unless_known(&known)?;
        let (lines, logged) = lines(pages, store, &asking.viewer)?;
        // The newest first: its number counts down.
        let (lines, next) = part(lines, |line| format!("{:020}", u64::MAX - line.n.0), &place);
        Ok((List { items: lines.into_iter().map(Flagged::new).collect(), next }, tag, logged))
    })
    .await?;
    if logged {
        note(&pages.app, &caller.viewer, Look::Flagged).await?;
    }
    Ok((list, tag))
}

impl Flagged {
    fn new(line: Line) -> Self {
        Flagged {
            n: line.n.0,
            kind: kind_name(line.kind),
            reason: line.reason.name(),
            author: line.name.flatten(),
            via: via_name(line.via),
            device: line.actor,
            school: line.school.map(|(school, _)| school),
            posting: line.subject,
            date: line.first,
            made: line.judged,
            arrived: line.since,
        }
    }
}

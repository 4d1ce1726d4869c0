//! Published weeks.

use std::collections::BTreeMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query};
use axum::http::HeaderMap;
use axum::response::Response;
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use sanji_core::ids::SchoolId;
use sanji_core::records::{Body, Entry, Publication};
use sanji_core::rules::week_name;
use sanji_core::sync::message::LogNo;
use sanji_core::sync::relay::book::Book;
use sanji_core::time::{UtcSecs, date_from_days};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Known, List, Paging, Stop, Tag, answer, part, query, read, wrong};
use super::caller::Caller;
use super::document::Problems;
use crate::pages::{PageError, Pages, SharedPages, week};
use crate::projector::board::Days;
use crate::store::ReadLedger;
use crate::tables::json;
use crate::tables::period::Period;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The id of a school: its weeks only.
    school: Option<String>,
}

/// A published week. One that was published again has a row for each time; the earlier ones stay.
#[derive(Serialize, ToSchema)]
pub(super) struct Published {
    /// The log number of the publication.
    n: u64,
    /// The school.
    #[schema(value_type = String)]
    school: SchoolId,
    /// The week, such as 2026-W10.
    week: String,
    /// When it was published.
    #[serde(serialize_with = "json::instant")]
    #[schema(value_type = String, format = DateTime)]
    published: UtcSecs,
    /// The log number up to which entries were seen.
    log: i64,
    /// SHA-256 of the published rows, in hexadecimal.
    table: String,
    /// SHA-256 of the pack that judged, in hexadecimal.
    pack: String,
    /// How many reports had not arrived.
    lacked: usize,
}

/// The published weeks of the reader's scope, newest week first.
#[utoipa::path(
    get,
    path = "/api/v1/publications",
    operation_id = "publications",
    params(Asked, Paging),
    responses((status = 200, description = "The weeks", body = List<Published>), Problems)
)]
pub(super) async fn list(
    Extension(pages): Extension<SharedPages>,
    asked: Result<Query<Asked>, QueryRejection>,
    paging: Result<Query<Paging>, QueryRejection>,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let made = make(&pages, (asked, paging), Known::new(&headers), &caller).await;
    answer(&caller, made)
}

/// A row of the projection.
struct Found {
    n: LogNo,
    school: SchoolId,
    monday: Date,
    published: UtcSecs,
}

async fn make(
    pages: &SharedPages,
    (asked, paging): (Result<Query<Asked>, QueryRejection>, Result<Query<Paging>, QueryRejection>),
    known: Known,
    caller: &Caller,
) -> Result<(List<Published>, Tag), Stop> {
    let asked = query(asked)?;
    let place = query(paging)?.place()?;
    let school = asked.school.map(|school| school.parse::<SchoolId>().map_err(|_| wrong("school"))).transpose()?;
    let caller = caller.clone();
    read(pages, move |pages, store| {
        let tag = Tag::of(pages, store, &caller, None)?.unless_known(&known)?;
        let mut seen: BTreeMap<(SchoolId, Date), bool> = BTreeMap::new();
        let mut found = Vec::new();
        for row in rows(store)?.into_iter().filter(|row| school.is_none_or(|school| school == row.school)) {
            let key = (row.school, row.monday);
            let visible = match seen.get(&key) {
                Some(visible) => *visible,
                None => visible(pages, store, &caller, key)?,
            };
            seen.insert(key, visible);
            found.extend(visible.then_some(row));
        }
        let key = |row: &Found| {
            let down = i64::MAX - i64::from(sanji_core::time::days_since_epoch(row.monday));
            format!("{down:020} {} {:020}", row.school, u64::MAX - row.n.0)
        };
        let (found, next) = part(found, key, &place);
        let mut items = Vec::with_capacity(found.len());
        for row in found {
            items.extend(published(pages, store, row)?);
        }
        Ok((List { items, next }, tag))
    })
    .await
}

fn rows(store: &ReadLedger<'_>) -> rusqlite::Result<Vec<Found>> {
    let mut statement = store.sql().prepare_cached("SELECT n, school, monday, published FROM view_publication")?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Found {
            n: LogNo(row.get::<_, i64>(0)?.cast_unsigned()),
            school: SchoolId(row.get(1)?),
            monday: date_from_days(row.get(2)?).unwrap_or_default(),
            published: UtcSecs(row.get(3)?),
        })
    };
    statement.query_map([], read)?.collect()
}

/// Whether the reader sees the school's week at all.
fn visible(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    caller: &Caller,
    (school, monday): (SchoolId, Date),
) -> Result<bool, PageError> {
    let days: Days = Period::Week(monday).days();
    match week::sight(pages, store, &caller.viewer, school, days) {
        Ok(_) => Ok(true),
        Err(PageError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

fn published(pages: &Pages, store: &mut ReadLedger<'_>, row: Found) -> Result<Option<Published>, PageError> {
    let entry = Book::new(pages.kept.relay().county(), store).entry(row.n)?;
    let value = entry.and_then(|entry| entry.value).and_then(|value| Entry::from_bytes(&value.0).ok());
    let Some(Body::Publication(said)) = value.map(|entry| entry.body) else { return Ok(None) };
    let Publication { log, pack, table, lacked, .. } = said;
    Ok(Some(Published {
        n: row.n.0,
        school: row.school,
        week: week_name(row.monday),
        published: row.published,
        log,
        table: HEXLOWER.encode(&table.0),
        pack: HEXLOWER.encode(&pack.0),
        lacked: lacked.len(),
    }))
}

//! Phones and kiosks: whose, when last heard, complete through when.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query};
use axum::http::HeaderMap;
use axum::response::Response;
use sanji_core::ids::{ActorId, PersonId, SchoolId};
use sanji_core::time::{UtcSecs, midnight};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Known, List, Paging, Stop, answer_by_body, part, query, read};
use super::caller::Caller;
use super::document::Problems;
use crate::pages::SharedPages;
use crate::pages::county::school_day_before;
use crate::pages::devices::{Line, lines};
use crate::projector::words::via_name;
use crate::tables::json;

/// A device.
#[derive(Serialize, ToSchema)]
pub(super) struct Device {
    /// Its id.
    #[schema(value_type = String)]
    id: ActorId,
    /// `phone` or `kiosk`.
    via: &'static str,
    /// How its enrolment stands: `active`, …
    state: String,
    /// Whose; null for a kiosk.
    #[schema(value_type = Option<String>)]
    person: Option<PersonId>,
    /// The person's name.
    name: Option<String>,
    /// The school of the person's newest posting, or the kiosk's.
    #[schema(value_type = Option<String>)]
    school: Option<SchoolId>,
    /// Complete through; null if it never was.
    #[serde(serialize_with = "json::maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    complete_through: Option<UtcSecs>,
    /// Last heard.
    #[serde(serialize_with = "json::maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    heard: Option<UtcSecs>,
    /// It counts and was not heard since the last school day before today.
    silent: bool,
    /// As of when it no longer counts.
    #[serde(serialize_with = "json::maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    retired: Option<UtcSecs>,
    /// Why: `replaced`, `lost`, `broken`.
    retired_why: Option<String>,
    /// Since when it may not send.
    #[serde(serialize_with = "json::maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked: Option<UtcSecs>,
    /// By how many seconds its clock was ahead when it was last heard; negative if behind.
    clock_ahead_seconds: Option<i64>,
}

/// The devices of the reader's scope. Its tag is that of the body: when a device was last heard stands in no log.
#[utoipa::path(
    get,
    path = "/api/v1/devices",
    operation_id = "devices",
    params(Paging),
    responses((status = 200, description = "The devices, by id", body = List<Device>), Problems)
)]
pub(super) async fn list(
    Extension(pages): Extension<SharedPages>,
    asked: Result<Query<Paging>, QueryRejection>,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let made = make(&pages, asked, &caller).await;
    answer_by_body(&caller, &Known::new(&headers), made)
}

async fn make(
    pages: &SharedPages,
    asked: Result<Query<Paging>, QueryRejection>,
    caller: &Caller,
) -> Result<List<Device>, Stop> {
    let place = query(asked)?.place()?;
    let caller = caller.clone();
    read(pages, move |pages, store| {
        let today = caller.now().date();
        let since = midnight(school_day_before(pages.kept.county(store)?.calendar(), today));
        let lines = lines(pages, store, &caller.viewer, today)?;
        let (lines, next) = part(lines, |line| line.actor.to_string(), &place);
        Ok(List { items: lines.into_iter().map(|line| Device::new(line, since)).collect(), next })
    })
    .await
}

impl Device {
    fn new(line: Line, since: UtcSecs) -> Self {
        let silent = line.silent_since(since);
        let (retired, why) = line.retired.unzip();
        Device {
            id: line.actor,
            via: via_name(line.via),
            state: line.state,
            person: line.person,
            name: line.name,
            school: line.school,
            complete_through: line.mark,
            heard: line.heard,
            silent,
            retired,
            retired_why: why,
            revoked: line.revoked,
            clock_ahead_seconds: line.ahead,
        }
    }
}

//! After-school service: the sessions of a school, and the days on which it was owed.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query};
use axum::http::HeaderMap;
use axum::response::Response;
use sanji_core::ids::SchoolId;
use serde::Serialize;

use super::answer::{Known, List, Paging, Stop, Tag, answer, part, query, read};
use super::caller::Caller;
use super::document::Problems;
use crate::http::problem::Problem;
use crate::pages::{PageError, SharedPages, week};
use crate::projector::board::Board;
use crate::tables::period::Period;
use crate::tables::service::{Day, Held, Service};

/// A school's sessions of after-school service in a week, a month or a term, by date and start.
#[utoipa::path(
    get,
    path = "/api/v1/schools/{school}/{period}/sessions",
    operation_id = "sessions",
    params(
        ("school" = String, Path, description = "The school's id"),
        ("period" = String, Path, description = "A week such as 2026-W10, a month such as 2026-03, a term such as 2026a"),
        Paging
    ),
    responses((status = 200, description = "The sessions", body = List<Held>), Problems)
)]
pub(super) async fn sessions(
    Extension(pages): Extension<SharedPages>,
    Path(place): Path<(String, String)>,
    paging: Result<Query<Paging>, QueryRejection>,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let of = |service: Service| {
        let numbered = service.sessions.into_iter().enumerate();
        numbered.map(|(n, held)| (format!("{} {n:06}", held.date), held)).collect()
    };
    let made = make(&pages, place, paging, Known::new(&headers), &caller, of).await;
    answer(&caller, made)
}

/// The days of a week, a month or a term on which a school owed after-school service, with what was delivered.
#[utoipa::path(
    get,
    path = "/api/v1/schools/{school}/{period}/service-days",
    operation_id = "service_days",
    params(
        ("school" = String, Path, description = "The school's id"),
        ("period" = String, Path, description = "A week such as 2026-W10, a month such as 2026-03, a term such as 2026a"),
        Paging
    ),
    responses((status = 200, description = "The days", body = List<Day>), Problems)
)]
pub(super) async fn days(
    Extension(pages): Extension<SharedPages>,
    Path(place): Path<(String, String)>,
    paging: Result<Query<Paging>, QueryRejection>,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let of = |service: Service| service.days.into_iter().map(|day| (day.date.to_string(), day)).collect();
    let made = make(&pages, place, paging, Known::new(&headers), &caller, of).await;
    answer(&caller, made)
}

async fn make<T: Serialize + Send + 'static>(
    pages: &SharedPages,
    (school, period): (String, String),
    paging: Result<Query<Paging>, QueryRejection>,
    known: Known,
    caller: &Caller,
    of: impl FnOnce(Service) -> Vec<(String, T)> + Send + 'static,
) -> Result<(List<T>, Tag), Stop> {
    let school: SchoolId = school.parse().map_err(|_| Problem::NotFound)?;
    let period: Period = period.parse().map_err(|_| Problem::NotFound)?;
    let place = query(paging)?.place()?;
    let caller = caller.clone();
    read(pages, move |pages, store| {
        let sight = week::sight(pages, store, &caller.viewer, school, period.days())?;
        if !sight.cells && sight.own.is_empty() {
            return Err(PageError::NotFound.into());
        }
        let tag = Tag::of(pages, store, &caller, None)?.unless_known(&known)?;
        let board = Board::of_service(&pages.kept, store, school, period.days())?.ok_or(PageError::NotFound)?;
        let (items, next) = part(of(Service::of(&board)), |(key, _)| key.clone(), &place);
        Ok((List { items: items.into_iter().map(|(_, item)| item).collect(), next }, tag))
    })
    .await
}

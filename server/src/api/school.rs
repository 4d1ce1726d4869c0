//! A school's figures of a week, a month or a term.

use axum::extract::{Extension, Path};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::Date;
use sanji_core::ids::SchoolId;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Known, Stop, Tag, answer, read};
use super::caller::Caller;
use super::document::Problems;
use crate::http::problem::Problem;
use crate::pages::SharedPages;
use crate::pages::export::{board, knows};
use crate::tables::period::Period;
use crate::tables::service::Service;
use crate::tables::{DaySums, Judged, Knows, attendance, days, json, leave};

/// A school's figures. What the reader may not see is null or left out.
#[derive(Serialize, ToSchema)]
pub(super) struct Figures {
    /// The school.
    #[schema(value_type = String)]
    school: SchoolId,
    /// Its name.
    name: String,
    /// The period, as it was asked for.
    period: String,
    /// Its first day.
    #[serde(serialize_with = "json::date")]
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// Its last day.
    #[serde(serialize_with = "json::date")]
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// People by status for each day; null for whoever sees the own row only.
    sums: Option<Vec<DaySums>>,
    /// Attendance for pay, a row for each person.
    attendance: Vec<attendance::Row>,
    /// Each person's days; null for a term.
    days: Option<Vec<days::Row>>,
    /// Leave that was approved or waits for a decision.
    leave: Vec<leave::Row>,
    /// After-school service; null for whoever sees sums only.
    service: Option<Service>,
}

/// A school's figures of a week (2026-W10), a month (2026-03) or a term (2026a, 2026b): the rows of its page and its exports.
#[utoipa::path(
    get,
    path = "/api/v1/schools/{school}/{period}",
    operation_id = "school",
    params(
        ("school" = String, Path, description = "The school's id"),
        ("period" = String, Path, description = "A week such as 2026-W10, a month such as 2026-03, a term such as 2026a")
    ),
    responses((status = 200, description = "The figures", body = Figures), Problems)
)]
pub(super) async fn figures(
    Extension(pages): Extension<SharedPages>,
    Path((school, period)): Path<(String, String)>,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let made = make(&pages, &school, &period, Known::new(&headers), &caller).await;
    answer(&caller, made)
}

async fn make(
    pages: &SharedPages,
    school: &str,
    period: &str,
    known: Known,
    caller: &Caller,
) -> Result<(Figures, Tag), Stop> {
    let school: SchoolId = school.parse().map_err(|_| Problem::NotFound)?;
    let period: Period = period.parse().map_err(|_| Problem::NotFound)?;
    let caller = caller.clone();
    read(pages, move |pages, store| {
        let span = period.days();
        crate::pages::week::sight(pages, store, &caller.viewer, school, span)?;
        let tag = Tag::of(pages, store, &caller, Some(span.last))?.unless_known(&known)?;
        let (board, sight) = board(pages, store, &caller.viewer, school, period)?;
        let rows = |staff: &_| knows(&caller.viewer, &sight, staff);
        let anybody = |staff: &_| rows(staff).or(sight.sums.then_some(Knows { leave_kinds: false }));
        let mut judged = Judged::new(&board, caller.now(), anybody);
        let sums = sight.sums.then(|| judged.sums());
        judged.people.retain(|person| rows(person.staff).is_some());
        let cells = sight.cells || !sight.own.is_empty();
        let figures = Figures {
            school,
            name: board.school.name.clone(),
            period: period.to_string(),
            from: span.first,
            to: span.last,
            sums,
            attendance: attendance::rows(&judged),
            days: (!matches!(period, Period::Term(_))).then(|| days::rows(&judged)),
            leave: leave::rows(&judged),
            service: cells.then(|| Service::of(&board)),
        };
        Ok((figures, tag))
    })
    .await
}

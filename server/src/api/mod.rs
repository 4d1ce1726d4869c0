//! The API: what the pages show, for programs. JSON under `/api/v1`, read only, by a token or a session of the pages; the same
//! rows and the same rights as the pages. `document` describes it.

mod answer;
mod caller;
mod day;
mod devices;
mod document;
mod flagged;
mod publications;
mod school;
mod schools;
mod service;
mod visits;

use axum::Router;
use axum::response::Response;
use axum::routing::{MethodRouter, any, get};

use crate::app::SharedApp;
use crate::http::problem::Problem;
use crate::pages::shell::Ask;

pub use document::{DOCUMENT, document};

/// Its router, to be merged with that of the pages, under whose layers it stands.
pub(crate) fn router() -> Router<SharedApp> {
    let read = |method: MethodRouter<SharedApp>| method.fallback(method_not_allowed);
    Router::new()
        .route("/api", get(document::page))
        .route(DOCUMENT, read(get(document::json)))
        .route("/api/v1/schools", read(get(schools::list)))
        .route("/api/v1/schools/{school}/{period}", read(get(school::figures)))
        .route("/api/v1/schools/{school}/{period}/sessions", read(get(service::sessions)))
        .route("/api/v1/schools/{school}/{period}/service-days", read(get(service::days)))
        .route("/api/v1/visits", read(get(visits::list)))
        .route("/api/v1/visits/{visit}", read(get(visits::visit)))
        .route("/api/v1/obligations", read(get(visits::owed)))
        .route("/api/v1/postings/{posting}/{date}", read(get(day::day)))
        .route("/api/v1/devices", read(get(devices::list)))
        .route("/api/v1/flagged", read(get(flagged::list)))
        .route("/api/v1/publications", read(get(publications::list)))
        .route("/api/{*rest}", any(missing))
}

async fn method_not_allowed(ask: Ask) -> Response {
    Problem::Method.answer(ask.lang)
}

async fn missing(ask: Ask) -> Response {
    Problem::NotFound.answer(ask.lang)
}

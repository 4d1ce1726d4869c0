//! The relay over HTTP: the router, and what guards every request.

mod blobs;
mod body;
mod card;
mod enrol;
mod guard;
mod health;
pub mod limits;
pub mod problem;
mod readmit;
mod refusal;
pub mod serve;
pub mod signed_in;
pub mod stream;
mod sync;
pub mod tls;

use axum::Router;
use axum::middleware;
use axum::routing::{get, post};

use crate::app::SharedApp;

/// The whole router. `pages` are served beside the relay's own paths, under the same guard.
pub fn router(app: SharedApp, pages: Router<SharedApp>) -> Router {
    Router::new()
        .route("/v1/sync", post(sync::sync))
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/readmit", post(readmit::readmit))
        .route("/v1/approvals", post(readmit::approvals))
        .route("/v1/card", get(card::card))
        .route("/v1/blobs/{hash}", get(blobs::get).put(blobs::put))
        .route("/healthz", get(health::health))
        .merge(pages)
        .layer(middleware::from_fn_with_state(app.clone(), guard::guard))
        .with_state(app)
}

//! `GET /v1/card`: the county card that a typed invitation fetches and checks.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;

use crate::app::SharedApp;

/// The card.
pub(super) async fn card(State(app): State<SharedApp>) -> Response {
    Response::new(Body::from(app.card.to_bytes()))
}

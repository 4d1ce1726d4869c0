//! What every request passes: the rate of its address, a longest time, and a net under panics. One request that goes wrong is
//! answered as that and hurts no other.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sanji_core::sync::message::Refusal;
use sanji_core::texts::Lang;

use super::problem::Problem;
use super::refusal::{Refused, come_back};
use crate::app::SharedApp;

const BUSY: &str = "请求太多,请稍后再试 (too many requests, please try again later)\n";
const UNAVAILABLE: &str = "暂时无法处理,请稍后再试 (this can't be done now, please try again later)\n";

/// The guard.
pub(super) async fn guard(
    State(app): State<SharedApp>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if let Err(wait) = app.limits.address(address.ip()) {
        return refuse(request.uri().path(), Refusal::Busy(wait.0));
    }
    let asked = request.uri().path().to_owned();
    let path = known_path(&asked);
    let started = tokio::time::Instant::now();
    // A task of its own: its panic is seen here, and what it began ends when its time is over.
    let mut work = tokio::spawn(next.run(request));
    let response = match tokio::time::timeout(app.settings.request_timeout, &mut work).await {
        Ok(Ok(response)) => response,
        Ok(Err(failed)) => {
            tracing::error!(path, panicked = failed.is_panic(), "a request failed");
            let mut response = refuse(&asked, Refusal::Unavailable);
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
        Err(_) => {
            work.abort();
            let mut response = refuse(&asked, Refusal::Unavailable);
            *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
            response
        }
    };
    tracing::debug!(path, status = response.status().as_u16(), ms = started.elapsed().as_millis() as u64, "request");
    response
}

/// A refusal in the words of who asks: a phone's, a program's, or a reader's.
fn refuse(path: &str, refusal: Refusal) -> Response {
    if path.starts_with("/v1/") {
        return Refused(refusal).into_response();
    }
    if path.starts_with("/api/") {
        let problem = match refusal {
            Refusal::Busy(seconds) => Problem::Busy(seconds),
            _ => Problem::Unavailable,
        };
        return problem.answer(Lang::default());
    }
    match refusal {
        Refusal::Busy(seconds) => come_back(StatusCode::TOO_MANY_REQUESTS, seconds, BUSY),
        _ => (StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE).into_response(),
    }
}

/// The path as far as it names no one: what follows `/v1/blobs/` or belongs to a page is left out.
fn known_path(path: &str) -> &'static str {
    match path {
        "/v1/sync" => "/v1/sync",
        "/v1/enrol" => "/v1/enrol",
        "/v1/card" => "/v1/card",
        "/healthz" => "/healthz",
        other if other.starts_with("/v1/blobs/") => "/v1/blobs",
        other if other.starts_with("/api/") => "/api",
        _ => "page",
    }
}

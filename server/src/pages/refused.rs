//! What goes wrong before a page is asked: an address, a query or a form that can't be read, a form that is too large, one whose
//! session has ended, the address of a form opened without one. Each gets a page in the reader's language, and the right status.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::PageError;
use super::address::with;
use super::shell::Ask;
use super::sign_in;
use crate::app::SharedApp;
use crate::http::signed_in::Kept;

/// Puts a page in the place of an answer that is none: what extractors and the router say is for programs.
pub(super) async fn shown(State(app): State<SharedApp>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(ask) = Ask::from_request_parts(&mut parts, &app).await;
    let (method, uri) = (parts.method.clone(), parts.uri.clone());
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(kept) = response.extensions_mut().remove::<Kept>() {
        return sign_in::ended(&ask, &kept);
    }
    let status = response.status();
    let bare =
        response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !bare || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let error = match status {
        StatusCode::METHOD_NOT_ALLOWED if matches!(method, Method::GET | Method::HEAD) => {
            return Redirect::to(&form_page(&uri)).into_response();
        }
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_FOUND => PageError::NotFound,
        StatusCode::FORBIDDEN => PageError::Expired,
        StatusCode::PAYLOAD_TOO_LARGE => PageError::TooLarge,
        _ if status.is_client_error() => PageError::Unreadable,
        _ => PageError::Unavailable,
    };
    let mut page = ask.failed(None, &error);
    *page.status_mut() = status;
    if let Some(allow) = response.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allow.clone());
    }
    page
}

/// The page on which the form of an address stands: reloading what a form answered, and switching its language, lead there.
fn form_page(uri: &Uri) -> String {
    let path = uri.path();
    let page = match path.split('/').nth(1) {
        Some("flagged") => "/flagged",
        Some("accounts") => super::accounts::ACCOUNTS,
        _ => path.rsplit_once('/').map_or("/", |(page, _)| if page.is_empty() { "/" } else { page }),
    };
    with(page, uri.query().unwrap_or_default())
}

//! Signing in and out.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;

use super::shell::{Ask, Page};
use crate::app::SharedApp;
use crate::http::signed_in::{SIGN_IN, SignInError, SignedForm, sign_in, sign_out};

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct Credentials {
    name: String,
    password: String,
}

/// An empty form: signing out says nothing more.
#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn page(ask: Ask) -> Response {
    form(&ask, StatusCode::OK, None, "")
}

pub(super) async fn enter(
    State(app): State<SharedApp>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    ask: Ask,
    Form(credentials): Form<Credentials>,
) -> Response {
    let t = ask.texts();
    let error = match sign_in(&app, &credentials.name, &credentials.password, address.ip()).await {
        Ok(headers) => return (headers, Redirect::to("/")).into_response(),
        Err(error) => error,
    };
    let (status, words, seconds) = match error {
        SignInError::Wrong => (StatusCode::UNAUTHORIZED, t.word("pages-sign-in-wrong").into_owned(), None),
        SignInError::Wait(until) => {
            let seconds = (until.secs().0 - ask.now.0).max(1);
            // The minute after that of the instant, so that nobody comes back a moment too early.
            let words = t.get("pages-sign-in-wait", &[("when", t.time(until.secs().plus(59)))]);
            (StatusCode::TOO_MANY_REQUESTS, words, Some(seconds))
        }
        SignInError::Busy(seconds) => {
            let words = t.get("pages-sign-in-busy", &[("seconds", seconds)]);
            (StatusCode::TOO_MANY_REQUESTS, words, Some(seconds.into()))
        }
        SignInError::Unavailable => {
            (StatusCode::SERVICE_UNAVAILABLE, t.word("pages-unavailable-lead").into_owned(), None)
        }
    };
    let mut response = form(&ask, status, Some(&words), &credentials.name);
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

pub(super) async fn leave(
    State(app): State<SharedApp>,
    headers: HeaderMap,
    ask: Ask,
    _: SignedForm<Nothing>,
) -> Response {
    match sign_out(&app, &headers).await {
        Ok(headers) => (headers, Redirect::to(SIGN_IN)).into_response(),
        Err(_) => ask.failed(None, &super::PageError::Unavailable),
    }
}

fn form(ask: &Ask, status: StatusCode, error: Option<&str>, name: &str) -> Response {
    let t = ask.texts();
    // A name is shown again only if it can be one: nothing else of a request is repeated in a page.
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || ".-_".contains(*c)).take(32).collect();
    let body = html! {
        @if let Some(error) = error { p.problem role="alert" { (error) } }
        form.sign-in method="post" action=(SIGN_IN) {
            label { (t.word("pages-account"))
                input name="name" value=(name) autocomplete="username" autocapitalize="none" spellcheck="false" required
                    autofocus;
            }
            label { (t.word("pages-password"))
                input name="password" type="password" autocomplete="current-password" required;
            }
            button { (t.word("pages-sign-in")) }
        }
        p.hint { (t.word("pages-sign-in-help")) }
    };
    let page = Page {
        title: t.word("pages-sign-in").into_owned(),
        lead: t.word("pages-sign-in-lead").into_owned(),
        body,
        query: String::new(),
        as_of: None,
    };
    ask.show(None, status, &page)
}

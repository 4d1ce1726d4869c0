//! Signing in and out.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use sanji_core::texts::Texts;
use sanji_core::time::UtcSecs;
use serde::Deserialize;

use super::shell::{Ask, Page};
use crate::app::SharedApp;
use crate::http::signed_in::{SIGN_IN, SignInError, SignedForm, going, sign_in, sign_out};

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct Credentials {
    name: String,
    password: String,
    #[serde(default)]
    to: String,
}

/// An empty form: signing out says nothing more.
#[derive(Deserialize)]
pub(super) struct Nothing {}

/// Where the visitor was going.
#[derive(Default, Deserialize)]
pub(super) struct Going {
    #[serde(default)]
    to: String,
    /// Whether a form was sent, and not taken.
    #[serde(default)]
    form: String,
}

pub(super) async fn page(Query(asked): Query<Going>, ask: Ask) -> Response {
    let (to, sent) = (local(&asked.to), asked.form == "1");
    let words = sent.then(|| ask.texts().word("pages-sign-in-ended"));
    let query = if to == "/" { String::new() } else { going(&to, sent) };
    form(&ask, StatusCode::OK, words.as_deref(), "", (&to, query))
}

/// An address of this relay: nobody is sent elsewhere after signing in.
fn local(to: &str) -> String {
    let good = |c: char| c.is_ascii_graphic() && c != '\\' && c != '"' && c != '<' && c != '>';
    let local = to.starts_with('/') && !to.starts_with("//") && to.len() <= 300 && to.chars().all(good);
    if local { to.to_owned() } else { "/".into() }
}

/// Why somebody was not signed in: status, words, and after how many seconds to come back.
pub(super) fn refusal(t: &Texts, error: SignInError, now: UtcSecs) -> (StatusCode, String, Option<i64>) {
    match error {
        SignInError::Wrong => (StatusCode::UNAUTHORIZED, t.word("pages-sign-in-wrong").into_owned(), None),
        SignInError::Wait(until) => {
            let seconds = (until.secs().0 - now.0).max(1);
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
    }
}

pub(super) async fn enter(
    State(app): State<SharedApp>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    ask: Ask,
    Form(credentials): Form<Credentials>,
) -> Response {
    let t = ask.texts();
    let to = local(&credentials.to);
    let error = match sign_in(&app, &credentials.name, &credentials.password, address.ip()).await {
        Ok(headers) => return (headers, Redirect::to(&to)).into_response(),
        Err(error) => error,
    };
    let (status, words, seconds) = refusal(t, error, ask.now);
    let query = if to == "/" { String::new() } else { going(&to, false) };
    let mut response = form(&ask, status, Some(&words), &credentials.name, (&to, query));
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

fn form(ask: &Ask, status: StatusCode, error: Option<&str>, name: &str, (to, query): (&str, String)) -> Response {
    let t = ask.texts();
    // A name is shown again only if it can be one: nothing else of a request is repeated in a page.
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || ".-_".contains(*c)).take(32).collect();
    let body = html! {
        @if let Some(error) = error { p.problem role="alert" { (error) } }
        form.sign-in method="post" action=(SIGN_IN) {
            @if to != "/" { input type="hidden" name="to" value=(to); }
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
        query,
        as_of: None,
    };
    ask.show(None, status, &page)
}

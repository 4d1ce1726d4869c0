//! Signing in and out.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use sanji_core::texts::Texts;
use sanji_core::time::UtcSecs;
use serde::Deserialize;

use super::PageError;
use super::shell::{Ask, Page};
use crate::app::SharedApp;
use crate::http::signed_in::{Kept, Opened, SIGN_IN, SignInError, SignedForm, going, sign_in, sign_out};

/// Before the name of a field that is carried through signing in.
const KEPT: &str = "kept-";

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
    form(&ask, StatusCode::OK, words.as_deref(), "", (&Kept { to, fields: Vec::new() }, query))
}

/// The sign-in page in place of what a form was to do, when its session has ended: it carries the form on.
pub(super) fn ended(ask: &Ask, kept: &Kept) -> Response {
    let kept = Kept { to: local(&kept.to), fields: kept.fields.clone() };
    let query = going(&kept.to, true);
    form(ask, StatusCode::UNAUTHORIZED, Some(&ask.texts().word("pages-sign-in-kept")), "", (&kept, query))
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
    Form(sent): Form<Vec<(String, String)>>,
) -> Response {
    let t = ask.texts();
    let given = |field| sent.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str());
    let (Some(name), Some(password)) = (given("name"), given("password")) else {
        return ask.failed(None, &PageError::Unreadable);
    };
    let carried = sent.iter().filter_map(|(name, value)| Some((name.strip_prefix(KEPT)?.to_owned(), value.clone())));
    let kept = Kept { to: local(given("to").unwrap_or_default()), fields: carried.collect() };
    let error = match sign_in(&app, name, password, address.ip()).await {
        Ok(Opened { headers, .. }) if kept.fields.is_empty() => {
            return (headers, Redirect::to(&kept.to)).into_response();
        }
        Ok(opened) => return (opened.headers, go_on(&ask, name, &opened.csrf, &kept)).into_response(),
        Err(error) => error,
    };
    let (status, words, seconds) = refusal(t, error, ask.now);
    let query = if kept.to == "/" { String::new() } else { going(&kept.to, !kept.fields.is_empty()) };
    let mut response = form(&ask, status, Some(&words), name, (&kept, query));
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
        Err(_) => ask.failed(None, &PageError::Unavailable),
    }
}

/// The form that was carried through signing in, to be sent by whoever signed in: nothing is done without their word.
fn go_on(ask: &Ask, name: &str, csrf: &str, kept: &Kept) -> Response {
    let t = ask.texts();
    let page = Page {
        title: t.word("pages-kept").into_owned(),
        lead: t.get("pages-kept-lead", &[("name", name.trim().to_lowercase())]),
        body: html! {
            form.act-form method="post" action=(kept.to) {
                input type="hidden" name="csrf" value=(csrf);
                @for (name, value) in &kept.fields { input type="hidden" name=(name) value=(value); }
                button.act { (t.word("pages-kept-send")) }
            }
            p { a href=(kept.to) { (t.word("pages-kept-back")) } }
        },
        query: going(&kept.to, true),
        as_of: None,
    };
    ask.show(None, StatusCode::OK, &page)
}

fn form(ask: &Ask, status: StatusCode, error: Option<&str>, name: &str, (kept, query): (&Kept, String)) -> Response {
    let t = ask.texts();
    // A name is shown again only if it can be one: of a request nothing but a kept form is repeated in a page.
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || ".-_".contains(*c)).take(32).collect();
    let body = html! {
        @if let Some(error) = error { p.problem role="alert" { (error) } }
        form.sign-in method="post" action=(SIGN_IN) {
            @if kept.to != "/" { input type="hidden" name="to" value=(kept.to); }
            @for (name, value) in &kept.fields { input type="hidden" name=(format!("{KEPT}{name}")) value=(value); }
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

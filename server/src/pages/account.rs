//! One's own account: password, sessions, roles; and the page behind a one-time link, where a password is set.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Extension, Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use sanji_core::texts::{Arg, Texts};
use serde::Deserialize;

use super::access::Viewer;
use super::act::{Fields, Sent, csrf};
use super::form::{Draft, Input, Wrong};
use super::roles::{role_word, scope_word};
use super::shell::{Ask, Page};
use super::sign_in::refusal;
use super::{PageError, Pages, SharedPages};
use crate::accounts::{AccountError, links, password, sessions};
use crate::acts;
use crate::app::SharedApp;
use crate::http::limits::ComeBack;
use crate::http::signed_in::{SIGN_IN, SignInError, check_password, hash_password, open_session, signed_out};
use crate::store::{ReadLedger, SqliteLedger};

/// Where this page is.
pub(super) const ACCOUNT: &str = "/account";

/// What was just done.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Query(asked): Query<Asked>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let changed = asked.done.as_deref() == Some("password");
    let page = look(&pages, &ask, &viewer, Draft::default(), changed).await;
    ask.answer(&viewer, page)
}

async fn look(pages: &SharedPages, ask: &Ask, viewer: &Viewer, form: Draft, changed: bool) -> Result<Page, PageError> {
    let (asked, looking) = (ask.clone(), viewer.clone());
    pages.read(move |pages, store| build(pages, store, &asked, &looking, &form, changed)).await
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    form: &Draft,
    changed: bool,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let open = sessions::count(store.sql(), &viewer.account, ask.now.ms())?;
    let mut roles = Vec::new();
    for grant in viewer.grants() {
        let scope = scope_word(pages, store, t, &grant.scope)?;
        roles.push((role_word(t, grant.role), scope, grant.from, grant.to));
    }
    Ok(Page {
        title: t.word("account-own").into_owned(),
        lead: t.get(
            "account-own-lead",
            &[
                ("name", Arg::from(viewer.display.clone())),
                ("account", viewer.account.clone().into()),
                ("count", open.into()),
            ],
        ),
        body: html! {
            @if changed { p.done role="status" { (t.word("account-changed")) } }
            section {
                h2 { (t.word("account-roles")) }
                @if roles.is_empty() { p.note { (t.word("account-no-roles")) } }
                @else { ul { @for (role, scope, from, to) in &roles { li {
                    (role) " · " (scope) " "
                    span.since { (t.date(*from)) "–" @if let Some(to) = to { (t.date(*to)) } }
                } } } }
            }
            section {
                h2 { (t.word("account-password")) }
                form.act-form method="post" action="/account/password" {
                    (csrf(viewer))
                    (Input::password("current", "account-current", "current-password").show(t, form))
                    (new_password(t, form))
                    button.act { (t.word("account-change")) }
                    p.hint { (t.word("account-change-hint")) }
                }
            }
            section {
                h2 { (t.word("account-sessions")) }
                form.act-form method="post" action="/account/sign-out-everywhere" {
                    (csrf(viewer))
                    p { (t.get("account-sessions-open", &[("count", open)])) }
                    button.act.no { (t.word("account-everywhere")) }
                }
            }
        },
        query: String::new(),
        as_of: None,
    })
}

fn new_password(t: &Texts, form: &Draft) -> Markup {
    html! {
        (Input::password("password", "account-new", "new-password").show(t, form))
        (Input::password("again", "account-again", "new-password").show(t, form))
    }
}

/// What is wrong with a new password.
fn check(t: &Texts, fields: &Fields, account: &str) -> Wrong {
    let mut wrong = Wrong::default();
    match password::check(fields.get("password"), account) {
        Err(password::BadPassword::Length) => wrong.note("password", t.word("account-bad-length")),
        Err(password::BadPassword::Name) => wrong.note("password", t.word("account-bad-name")),
        Ok(()) if fields.get("password") != fields.get("again") => wrong.note("again", t.word("account-bad-again")),
        Ok(()) => {}
    }
    wrong
}

/// Changes one's own password; every other session ends.
pub(super) async fn change_password(
    State(app): State<SharedApp>,
    Extension(pages): Extension<SharedPages>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    ask: Ask,
    sent: Sent,
) -> Response {
    let Sent { viewer, fields } = sent;
    let t = ask.texts();
    let mut wrong = check(t, &fields, &viewer.account);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if wrong.is_empty()
        && let Err(error) = check_password(&app, &viewer.account, fields.get("current"), address.ip()).await
    {
        let (found, words, _) = refusal(t, error, ask.now);
        let words = if error == SignInError::Wrong { t.word("account-bad-current").into_owned() } else { words };
        wrong.note("current", words);
        // A session that stands is not refused for a wrong word in a form.
        status = if found == StatusCode::UNAUTHORIZED { status } else { found };
    }
    if wrong.is_empty() {
        return match store_password(&app, viewer.account.clone(), fields.get("password").to_owned()).await {
            Ok(response) => response,
            Err(error) => ask.failed(Some(&viewer), &error),
        };
    }
    match look(&pages, &ask, &viewer, Draft { fields: Fields::default(), wrong }, false).await {
        Ok(page) => ask.show(Some(&viewer), status, &page),
        Err(error) => ask.failed(Some(&viewer), &error),
    }
}

async fn store_password(app: &SharedApp, account: String, given: String) -> Result<Response, PageError> {
    let hash = hash_password(app, given).await.map_err(|_| PageError::Unavailable)?;
    let name = account.clone();
    let work = move |ledger: &mut SqliteLedger, now| -> Result<(), AccountError> {
        crate::accounts::change_password(ledger.sql(), &name, &hash)?;
        Ok(acts::note(ledger.sql(), &name, "password change", &name, now)?)
    };
    app.writer.run(work).await.map_err(|_| PageError::Unavailable)?.map_err(|_| PageError::Unavailable)?;
    let headers = open_session(app, account).await.map_err(|_| PageError::Unavailable)?.headers;
    Ok((headers, Redirect::to("/account?done=password")).into_response())
}

/// Ends every session of the account, this one included.
pub(super) async fn leave_everywhere(State(app): State<SharedApp>, ask: Ask, sent: Sent) -> Response {
    let account = sent.viewer.account.clone();
    let work = move |ledger: &mut SqliteLedger, now| {
        sessions::end_all(ledger.sql(), &account)?;
        acts::note(ledger.sql(), &account, "sign out everywhere", &account, now)
    };
    match app.writer.run(work).await {
        Ok(Ok(())) => (signed_out(&app), Redirect::to(SIGN_IN)).into_response(),
        _ => ask.failed(Some(&sent.viewer), &PageError::Unavailable),
    }
}

/// The page behind a one-time link. Looking at it uses nothing up: programs that preview messages look too.
pub(super) async fn welcome(
    State(app): State<SharedApp>,
    Extension(pages): Extension<SharedPages>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Path(secret): Path<String>,
    ask: Ask,
) -> Response {
    if let Some(busy) = too_often(&app, &ask, address) {
        return busy;
    }
    match by_link(&pages, &secret, &ask).await {
        Ok(Some(account)) => welcome_form(&ask, StatusCode::OK, &secret, &account, &Draft::default()),
        Ok(None) => ended(&ask),
        Err(error) => ask.failed(None, &error),
    }
}

/// Sets the password by a one-time link, and signs in.
pub(super) async fn enter(
    State(app): State<SharedApp>,
    Extension(pages): Extension<SharedPages>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Path(secret): Path<String>,
    ask: Ask,
    Form(fields): Form<Fields>,
) -> Response {
    if let Some(busy) = too_often(&app, &ask, address) {
        return busy;
    }
    let account = match by_link(&pages, &secret, &ask).await {
        Ok(Some(account)) => account,
        Ok(None) => return ended(&ask),
        Err(error) => return ask.failed(None, &error),
    };
    let wrong = check(ask.texts(), &fields, &account);
    if !wrong.is_empty() {
        let form = Draft { fields: Fields::default(), wrong };
        return welcome_form(&ask, StatusCode::UNPROCESSABLE_ENTITY, &secret, &account, &form);
    }
    match take(&app, secret, fields.get("password").to_owned()).await {
        Ok(Some(response)) => response,
        Ok(None) => ended(&ask),
        Err(error) => ask.failed(None, &error),
    }
}

fn too_often(app: &SharedApp, ask: &Ask, address: SocketAddr) -> Option<Response> {
    let ComeBack(seconds) = app.entry_limits.address(address.ip()).err()?;
    let t = ask.texts();
    let page = Page {
        title: t.word("account-welcome").into_owned(),
        lead: t.get("pages-sign-in-busy", &[("seconds", seconds)]),
        body: html! {},
        query: String::new(),
        as_of: None,
    };
    let mut response = ask.show(None, StatusCode::TOO_MANY_REQUESTS, &page);
    response.headers_mut().insert(axum::http::header::RETRY_AFTER, seconds.into());
    Some(response)
}

async fn by_link(pages: &SharedPages, secret: &str, ask: &Ask) -> Result<Option<String>, PageError> {
    let (secret, now) = (links::Secret::from_text(secret), ask.now.ms());
    pages.read(move |_, store| Ok(links::find(store.sql(), &secret, now)?.map(|account| account.name))).await
}

async fn take(app: &SharedApp, secret: String, given: String) -> Result<Option<Response>, PageError> {
    let hash = hash_password(app, given).await.map_err(|_| PageError::Unavailable)?;
    let work = move |ledger: &mut SqliteLedger, now| -> Result<Option<String>, AccountError> {
        let taken = links::take(ledger.sql(), &links::Secret::from_text(&secret), &hash, now)?;
        if let Some(account) = &taken {
            acts::note(ledger.sql(), &account.name, "password by link", &account.name, now)?;
        }
        Ok(taken.map(|account| account.name))
    };
    let taken = app.writer.run(work).await.map_err(|_| PageError::Unavailable)?.map_err(|_| PageError::Unavailable)?;
    let Some(account) = taken else { return Ok(None) };
    let headers = open_session(app, account).await.map_err(|_| PageError::Unavailable)?.headers;
    Ok(Some((headers, Redirect::to("/")).into_response()))
}

fn welcome_form(ask: &Ask, status: StatusCode, secret: &str, account: &str, form: &Draft) -> Response {
    let t = ask.texts();
    let page = Page {
        title: t.word("account-welcome").into_owned(),
        lead: t.get("account-welcome-lead", &[("account", account)]),
        body: html! {
            form.act-form method="post" action=(address(secret)) {
                // Password managers keep the name beside the password.
                input type="hidden" name="username" value=(account) autocomplete="username";
                (new_password(t, form))
                button.act { (t.word("account-set")) }
                p.hint { (t.word("account-set-hint")) }
            }
        },
        query: String::new(),
        as_of: None,
    };
    ask.show(None, status, &page)
}

/// Where the page behind a link is.
pub(super) fn address(secret: &str) -> String {
    format!("/welcome/{secret}")
}

fn ended(ask: &Ask) -> Response {
    let t = ask.texts();
    let page = Page {
        title: t.word("account-link-ended").into_owned(),
        lead: t.word("account-link-ended-lead").into_owned(),
        body: html! { p { a href=(SIGN_IN) { (t.word("pages-sign-in")) } } },
        query: String::new(),
        as_of: None,
    };
    ask.show(None, StatusCode::NOT_FOUND, &page)
}

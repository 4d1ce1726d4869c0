//! The accounts of the review pages, for the county's administrator: who may sign in, with which roles; a new one, and a new
//! one-time link where a password was forgotten. Passwords are set by their owners only.

use axum::extract::{Extension, Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use rusqlite::OptionalExtension;
use sanji_core::ids::{PersonId, PostingId};
use sanji_core::records::Role;
use sanji_core::sync::message::Scope;
use sanji_core::sync::relay::book::Book;
use sanji_core::texts::{Arg, Texts};
use sanji_core::time::UtcMs;
use serde::Deserialize;

use super::access::Viewer;
use super::account;
use super::act::{Acting, Fields, Sent, csrf, perform};
use super::form::{Draft, Input, Refused, Wrong, choice, line, told};
use super::roles::{GRANTED, role_word, scope_word, scopes};
use super::roster::LONGEST_NAME;
use super::shell::{Ask, Page, column};
use super::{PageError, Pages, SharedPages};
use crate::accounts::{self, Account, AccountError, links, password};
use crate::projector::{ProjectionError, board};
use crate::random::rng;
use crate::store::ReadLedger;

/// Where this page is.
pub(super) const ACCOUNTS: &str = "/accounts";

/// Accounts that the page lists at once.
const MOST: usize = 100;

/// What the address says.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    /// Somebody on a roster, for whom an account is to be made.
    #[serde(default)]
    posting: String,
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Query(asked): Query<Asked>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let fields = Fields::of(&[("posting", &asked.posting), ("role", Role::Supervisor.name()), ("scope", "county")]);
    let page = look(&pages, &ask, &viewer, asked, Draft { fields, wrong: Wrong::default() }).await;
    ask.answer(&viewer, page)
}

async fn look(pages: &SharedPages, ask: &Ask, viewer: &Viewer, asked: Asked, form: Draft) -> Result<Page, PageError> {
    if !viewer.administers() {
        return Err(PageError::NotFound);
    }
    let asking = ask.clone();
    let viewing = viewer.clone();
    pages.read(move |pages, store| build(pages, store, &asking, &viewing, &asked, &form)).await
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    asked: &Asked,
    form: &Draft,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let all = accounts::list(store.sql())?;
    let open = all.iter().filter(|account| account.closed.is_none()).count();
    let wanted = asked.q.trim().to_lowercase();
    let fits = |account: &&Account| account.name.contains(&wanted) || account.display.to_lowercase().contains(&wanted);
    let mut found: Vec<&Account> = all.iter().filter(fits).collect();
    found.sort_by_key(|account| (account.closed.is_some(), &account.name));
    let more = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    let mut lines = Vec::new();
    for account in found {
        let mut roles = Vec::new();
        for grant in Book::new(pages.kept.relay().county(), store).grants_of(account.person)? {
            if grant.holds_on(ask.now.date()) && grant.role != Role::Staff {
                roles.push((role_word(t, grant.role), scope_word(pages, store, t, &grant.scope)?));
            }
        }
        lines.push((account, roles));
    }
    let somebody = somebody(store, form.fields.get("posting"))?;
    let options = scopes(pages, store, t)?.into_iter().map(|one| (one.value, one.words)).collect::<Vec<_>>();
    Ok(Page {
        title: t.word("accounts").into_owned(),
        lead: t.get("accounts-lead", &[("count", Arg::from(open))]),
        body: html! {
            form.filters method="get" action=(ACCOUNTS) {
                label { (t.word("accounts-search")) input name="q" type="search" value=(asked.q); }
                button.act { (t.word("accounts-search-do")) }
            }
            p.links { a href="#new" { (t.word("accounts-add")) } " " a href=(super::county_settings::SETTINGS) { (t.word("county-settings")) } }
            (table(t, viewer, &lines))
            @if more > 0 { p.note { (t.get("pages-more", &[("count", more)])) } }
            section id="new" {
                h2 { (t.word("accounts-add")) }
                form.act-form method="post" action="/accounts/add" {
                    (csrf(viewer))
                    (Input::text("account", "accounts-name").required().show(t, form))
                    @match &somebody {
                        Some(one) => {
                            input type="hidden" name="posting" value=(one.posting);
                            p { (t.get("accounts-for", &[("name", one.name.clone())])) }
                        },
                        None => {
                            (Input::text("display", "accounts-display").required().show(t, form))
                            (choice(t, form, "role", "roster-role", &GRANTED.map(|role| (role.name().to_owned(), role_word(t, role)))))
                            (choice(t, form, "scope", "accounts-scope", &options))
                        },
                    }
                    button.act { (t.word("accounts-add-do")) }
                    p.hint { (t.word("accounts-add-hint")) }
                }
            }
        },
        query: String::new(),
        as_of: None,
    })
}

/// Somebody on a roster by the posting.
fn somebody(store: &ReadLedger<'_>, posting: &str) -> Result<Option<board::Staff>, PageError> {
    match posting.parse::<PostingId>() {
        Ok(posting) => Ok(board::posting(store, posting)?),
        Err(_) => Ok(None),
    }
}

type Line<'a> = (&'a Account, Vec<(String, String)>);

fn table(t: &Texts, viewer: &Viewer, lines: &[Line<'_>]) -> Markup {
    html! {
        table.list.accounts {
            thead { tr { @for key in ["account", "name", "role", "state"] { th scope="col" { (column(t, key)) } } } }
            tbody { @for (account, roles) in lines { tr class=[account.closed.map(|_| "past")] {
                th scope="row" { (account.name) }
                td data-label=(column(t, "name")) { (account.display) }
                td data-label=(column(t, "role")) { @for (role, scope) in roles { p { (role) " " span.kind { (scope) } } } }
                td {
                    @match account.closed {
                        Some(at) => { (t.get("accounts-closed", &[("when", t.moment(at.secs()))])) },
                        None => {},
                    }
                    @if account.name != viewer.account { div.buttons {
                        (button(t, viewer, account, "link", "accounts-link"))
                        @if account.closed.is_none() { (button(t, viewer, account, "close", "accounts-close")) }
                    } }
                }
            } } }
        }
    }
}

fn button(t: &Texts, viewer: &Viewer, account: &Account, act: &str, words: &str) -> Markup {
    html! {
        form method="post" action=(format!("{ACCOUNTS}/{}/{act}", account.name)) {
            (csrf(viewer))
            button aria-label=(format!("{} {}", t.word(words), account.name)) { (t.word(words)) }
        }
    }
}

/// A link that was just made, shown once.
struct Made {
    account: String,
    secret: links::Secret,
    expires: UtcMs,
}

/// Makes an account, and the link by which its owner sets the password.
pub(super) async fn add(Extension(pages): Extension<SharedPages>, ask: Ask, sent: Sent) -> Response {
    let Sent { viewer, fields } = sent;
    let (asked, given) = (ask.clone(), fields.clone());
    let work = move |acting: &mut Acting<'_>| make(acting, &asked, &given);
    match perform(&pages, &viewer, work).await {
        Ok(made) => shown(&pages, &ask, &viewer, &made),
        Err(refused) => {
            let again = |form| look(&pages, &ask, &viewer, Asked::default(), form);
            told(&ask, &viewer, Err(refused), (ACCOUNTS, fields), again).await
        }
    }
}

fn make(acting: &mut Acting<'_>, ask: &Ask, fields: &Fields) -> Result<Made, Refused> {
    let t = ask.texts();
    if !acting.viewer.administers() {
        return Err(PageError::NotFound.into());
    }
    let name = fields.get("account").trim().to_lowercase();
    let mut wrong = Wrong::default();
    let on_roster = match fields.get("posting").parse::<PostingId>() {
        Ok(posting) => Some(board::posting(acting.store, posting)?.ok_or(PageError::NotFound)?),
        Err(_) => None,
    };
    let display = on_roster.as_ref().map_or(line(fields.get("display")), |one| one.name.clone());
    match display.chars().count() {
        0 => wrong.note("display", t.word("problem-name_missing")),
        n if n > LONGEST_NAME => wrong.note("display", t.word("problem-too_long")),
        _ => {}
    }
    let mut grant: Option<(Role, Scope)> = None;
    if on_roster.is_none() {
        let role = GRANTED.into_iter().find(|role| role.name() == fields.get("role"));
        let scope = scopes(acting.pages, acting.store, t)?.into_iter().find(|one| one.value == fields.get("scope"));
        match (role, scope) {
            (Some(role), Some(scope)) if fits(role, &scope.scope) => grant = Some((role, scope.scope)),
            (Some(_), Some(_)) => wrong.note("scope", t.word("accounts-bad-scope")),
            _ => wrong.note("role", t.word("roster-bad-role")),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let person = on_roster.map_or_else(|| PersonId::random(&mut rng()), |one| one.person);
    if let Some(taken) = account_of(acting, person)? {
        return Err(Wrong::one("account", t.get("accounts-has-one", &[("account", taken)])).into());
    }
    // Nobody knows this password: the owner sets one by the link.
    let nobody = password::hash(&password::generate(&mut rng()), &mut rng());
    match accounts::add(acting.store.sql(), &name, person, &display, &nobody, acting.now) {
        Err(AccountError::BadName(_)) => return Err(Wrong::one("account", t.word("accounts-bad-name")).into()),
        Err(AccountError::Exists(_)) => return Err(Wrong::one("account", t.word("accounts-exists")).into()),
        other => other.map_err(unavailable)?,
    }
    if let Some((role, scope)) = grant {
        let from = acting.now.secs().date();
        acting.pages.kept.relay().grant(acting.store, acting.now, person, role, scope, (from, None))?;
    }
    acting.note("user add", &name)?;
    link(acting, name)
}

/// Whether a role can have a scope.
fn fits(role: Role, scope: &Scope) -> bool {
    match role {
        Role::Township => matches!(scope, Scope::Township(_)),
        Role::GroupLead | Role::GroupDeputy | Role::Liaison => matches!(scope, Scope::Group(_)),
        Role::Administrator => *scope == Scope::County,
        _ => true,
    }
}

fn account_of(acting: &Acting<'_>, person: PersonId) -> Result<Option<String>, PageError> {
    let sql = "SELECT name FROM account WHERE person = ?1";
    Ok(acting.store.sql().query_row(sql, [&person.0[..]], |row| row.get(0)).optional()?)
}

fn unavailable(error: AccountError) -> PageError {
    match error {
        AccountError::Store(error) => ProjectionError::from(error).into(),
        AccountError::Unknown(_) => PageError::NotFound,
        _ => PageError::Unavailable,
    }
}

fn link(acting: &mut Acting<'_>, account: String) -> Result<Made, Refused> {
    let secret = links::Secret::random(&mut rng());
    let expires = links::make(acting.store.sql(), &account, &secret, acting.now).map_err(unavailable)?;
    acting.note("user link", &account)?;
    Ok(Made { account, secret, expires })
}

/// A new link for an account whose password was forgotten; a closed account is open again once its owner used it.
pub(super) async fn new_link(
    Extension(pages): Extension<SharedPages>,
    Path(account): Path<String>,
    ask: Ask,
    sent: Sent,
) -> Response {
    let viewer = sent.viewer;
    let work = move |acting: &mut Acting<'_>| -> Result<Made, Refused> {
        if !acting.viewer.administers() || account == acting.viewer.account {
            return Err(PageError::NotFound.into());
        }
        link(acting, account)
    };
    match perform(&pages, &viewer, work).await {
        Ok(made) => shown(&pages, &ask, &viewer, &made),
        Err(Refused::Page(error)) => ask.failed(Some(&viewer), &error),
        Err(Refused::Wrong(_)) => ask.failed(Some(&viewer), &PageError::NotFound),
    }
}

/// Closes an account: its sessions and its link end; what it did stays.
pub(super) async fn close(
    Extension(pages): Extension<SharedPages>,
    Path(account): Path<String>,
    ask: Ask,
    sent: Sent,
) -> Response {
    let viewer = sent.viewer;
    let work = move |acting: &mut Acting<'_>| -> Result<(), PageError> {
        if !acting.viewer.administers() || account == acting.viewer.account {
            return Err(PageError::NotFound);
        }
        accounts::close(acting.store.sql(), &account, acting.now).map_err(unavailable)?;
        acting.note("user close", &account)
    };
    match perform(&pages, &viewer, work).await {
        Ok(()) => Redirect::to(ACCOUNTS).into_response(),
        Err(error) => ask.failed(Some(&viewer), &error),
    }
}

fn shown(pages: &Pages, ask: &Ask, viewer: &Viewer, made: &Made) -> Response {
    let t = ask.texts();
    let scheme = if pages.app.tls { "https" } else { "http" };
    let path = account::address(made.secret.as_str());
    let address = match &ask.host {
        Some(host) => format!("{scheme}://{host}{path}"),
        None => path,
    };
    let page = Page {
        title: t.word("accounts-link-title").into_owned(),
        lead: t
            .get("accounts-link-lead", &[("account", made.account.clone()), ("until", t.moment(made.expires.secs()))]),
        body: html! {
            p.code { (address) }
            p.hint { (t.word("accounts-link-hint")) }
            p.links { a href=(ACCOUNTS) { (t.word("accounts-back")) } }
        },
        query: String::new(),
        as_of: None,
    };
    ask.show(Some(viewer), StatusCode::OK, &page)
}

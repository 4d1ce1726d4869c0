//! Who asks: a token, or somebody who is signed in on the pages.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::Response;
use sanji_core::ids::PersonId;
use sanji_core::records::Role;
use sanji_core::sync::ledger::LedgerError;
use sanji_core::sync::message::{LogNo, Scope};
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::GrantRow;
use sanji_core::time::{UtcMs, UtcSecs};

use crate::accounts::tokens::{self, Reach, Secret};
use crate::app::SharedApp;
use crate::http::problem::Problem;
use crate::http::signed_in::SignedIn;
use crate::pages::access::Viewer;
use crate::pages::shell::Ask;
use crate::store::{SqliteLedger, ledger_error};

/// Whoever asks, with the language and the instant of the request.
#[derive(Clone)]
pub(super) struct Caller {
    /// Who, with what may be read.
    pub viewer: Viewer,
    /// In which language, and when.
    pub ask: Ask,
}

impl Caller {
    /// The instant of the request.
    pub fn now(&self) -> UtcSecs {
        self.ask.now
    }
}

impl FromRequestParts<SharedApp> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Response> {
        let ask = match Ask::from_request_parts(parts, app).await {
            Ok(ask) => ask,
            Err(never) => match never {},
        };
        let viewer = match parts.headers.get(header::AUTHORIZATION) {
            Some(value) => by_token(app, value.to_str().unwrap_or_default()).await,
            None => match SignedIn::from_request_parts(parts, app).await {
                Ok(who) => Ok(Viewer::new(&who)),
                // Whoever isn't signed in is led to where one signs in; a program is told.
                Err(answer) if answer.status() == StatusCode::SEE_OTHER => Err(Problem::Unauthorized),
                Err(_) => Err(Problem::Unavailable),
            },
        };
        match viewer {
            Ok(viewer) => Ok(Caller { viewer, ask }),
            Err(problem) => Err(problem.answer(ask.lang)),
        }
    }
}

async fn by_token(app: &SharedApp, header: &str) -> Result<Viewer, Problem> {
    let (scheme, text) = header.split_once(' ').ok_or(Problem::Unauthorized)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Problem::Unauthorized);
    }
    let secret = Secret::from_text(text.trim());
    let now = app.clock.now();
    let (found, reading) = (secret.clone(), SharedApp::clone(app));
    let read = move || {
        reading.readers.read(|ledger| {
            let Some(token) = tokens::find(ledger.sql(), &found, now).map_err(ledger_error)? else { return Ok(None) };
            let grants = match &token.reach {
                Reach::Account(_) => Book::new(reading.relay.county(), ledger).grants_of(token.person)?,
                Reach::Scope(scope) => vec![own_grant(token.person, scope.clone())],
            };
            Ok::<_, LedgerError>(Some((token, grants)))
        })
    };
    let Ok(Ok(Ok(found))) = tokio::task::spawn_blocking(read).await else {
        tracing::error!("a token could not be read");
        return Err(Problem::Unavailable);
    };
    let (token, grants) = found.ok_or(Problem::Unauthorized)?;
    if tokens::unseen(&token, now) {
        let seen = move |ledger: &mut SqliteLedger, now: UtcMs| tokens::seen(ledger.sql(), &secret, now);
        // A token that can't be written down as used is used all the same.
        let _ = app.writer.run(seen).await;
    }
    let today = now.secs().date();
    let held = grants.into_iter().filter(|grant| grant.holds_on(today));
    Ok(Viewer::of_token(&token.name, token.person, held.collect()))
}

/// What a token with a scope of its own may read: what an inspector of that scope may.
fn own_grant(person: PersonId, scope: Scope) -> GrantRow {
    GrantRow {
        number: LogNo(0),
        person,
        role: Role::Inspector,
        scope,
        from: jiff::civil::Date::MIN,
        to: None,
        entry: None,
        revoked: None,
        recovered: None,
        since: None,
        continues: None,
    }
}

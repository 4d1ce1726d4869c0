//! Who is signed in: the session cookie, the forms that may change something, and signing in itself.
//!
//! The cookie is `HttpOnly`, `SameSite=Lax` (a link in a message may open a page, a form from elsewhere may not change
//! anything) and, under TLS, `Secure` with the `__Host-` prefix. Each changing form also carries the session's own token.

use std::net::IpAddr;

use axum::body::Body;
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use sanji_core::records::Role;
use sanji_core::sync::ledger::LedgerError;
use sanji_core::sync::message::Scope;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::GrantRow;
use sanji_core::time::UtcMs;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::limits::ComeBack;
use super::refusal::come_back;
use crate::accounts::sessions::{SEEN_EVERY_MS, Token};
use crate::accounts::{Account, attempts, password, password_hash, sessions};
use crate::app::{App, SharedApp};
use crate::store::{SqliteLedger, ledger_error};
use crate::writer::WriterError;

/// Where one signs in; a page of the page module.
pub const SIGN_IN: &str = "/sign-in";

/// Where one signs out.
pub const SIGN_OUT: &str = "/sign-out";

/// The most bytes of a form.
const FORM_LIMIT: usize = 64 * 1024;

/// Somebody who is signed in. As an extractor it leads everyone else to the sign-in page.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The account.
    pub account: Account,
    /// The grants of its person that hold today.
    pub grants: Vec<GrantRow>,
    /// What each changing form must carry in a field named `csrf`.
    pub csrf: String,
    /// When the request came.
    pub now: UtcMs,
}

impl SignedIn {
    /// Whether it holds one of these roles over the whole county.
    pub fn has(&self, roles: &[Role]) -> bool {
        self.grants.iter().any(|grant| grant.scope == Scope::County && roles.contains(&grant.role))
    }
}

impl FromRequestParts<SharedApp> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Response> {
        let token = token_of(app, &parts.headers).ok_or_else(|| to_sign_in(parts))?;
        let now = app.clock.now();
        let today = now.secs().date();
        let (found, app_read) = (token.clone(), SharedApp::clone(app));
        let read = move || {
            app_read.readers.read(|ledger| {
                let session = sessions::find(ledger.sql(), &found, now).map_err(ledger_error)?;
                let Some(session) = session else { return Ok::<_, LedgerError>(None) };
                let mut grants = Book::new(app_read.relay.county(), ledger).grants_of(session.account.person)?;
                grants.retain(|grant| grant.holds_on(today));
                Ok(Some((session, grants)))
            })
        };
        let result = tokio::task::spawn_blocking(read).await;
        let Ok(Ok(Ok(found))) = result else {
            tracing::error!("a session could not be read");
            return Err(StatusCode::SERVICE_UNAVAILABLE.into_response());
        };
        let (session, grants) = found.ok_or_else(|| to_sign_in(parts))?;
        if now.0 - session.seen.0 > SEEN_EVERY_MS {
            let seen = move |ledger: &mut SqliteLedger, now| sessions::seen(ledger.sql(), &token, now);
            // A session that can't be written down as used only ends earlier.
            let _ = app.writer.run(seen).await;
        }
        Ok(SignedIn { account: session.account, grants, csrf: session.csrf, now })
    }
}

/// A form that changes something, from somebody who is signed in and whose page it was.
pub struct SignedForm<T> {
    /// Who.
    pub who: SignedIn,
    /// What.
    pub form: T,
}

/// What was in a form that came after its session had ended: the pages carry it through signing in, so that nothing is typed
/// twice. It is an extension of the answer.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Where the form was sent to.
    pub to: String,
    /// Its fields, but for the ended session's token.
    pub fields: Vec<(String, String)>,
}

/// Fields that are never carried on.
const SECRETS: [&str; 3] = ["current", "password", "again"];

impl Kept {
    /// What is kept of a form: nothing unless the browser says that it came from a page of this relay, so that no other site
    /// can lay a form before somebody who signs in.
    async fn of(parts: &Parts, body: Body) -> Option<Self> {
        let own = parts.headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin");
        if !own || parts.uri.path() == SIGN_OUT {
            return None;
        }
        let bytes = axum::body::to_bytes(body, FORM_LIMIT).await.ok()?;
        let fields = form_urlencoded::parse(&bytes).into_owned().filter(|(name, _)| name != "csrf");
        let fields: Vec<(String, String)> = fields.collect();
        let secret = fields.iter().any(|(name, _)| SECRETS.contains(&name.as_str()));
        (!fields.is_empty() && !secret).then(|| Kept { to: parts.uri.to_string(), fields })
    }
}

#[derive(Deserialize)]
struct CsrfField {
    csrf: String,
}

impl<T: DeserializeOwned> FromRequest<SharedApp> for SignedForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &SharedApp) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let who = match SignedIn::from_request_parts(&mut parts, app).await {
            Ok(who) => who,
            Err(mut to_sign_in) => {
                if let Some(kept) = Kept::of(&parts, body).await {
                    to_sign_in.extensions_mut().insert(kept);
                }
                return Err(to_sign_in);
            }
        };
        let bytes = axum::body::to_bytes(body, FORM_LIMIT)
            .await
            .map_err(|_| (StatusCode::PAYLOAD_TOO_LARGE, "the form is too large\n").into_response())?;
        let again = |bytes| {
            let mut request = Request::new(Body::from(bytes));
            *request.method_mut() = parts.method.clone();
            if let Some(kind) = parts.headers.get(header::CONTENT_TYPE) {
                request.headers_mut().insert(header::CONTENT_TYPE, kind.clone());
            }
            request
        };
        let sent = Form::<CsrfField>::from_request(again(bytes.clone()), app).await;
        if !sent.is_ok_and(|Form(field)| field.csrf == who.csrf) {
            return Err((StatusCode::FORBIDDEN, "this form is no longer valid\n").into_response());
        }
        let Form(form) = Form::<T>::from_request(again(bytes), app).await.map_err(IntoResponse::into_response)?;
        Ok(SignedForm { who, form })
    }
}

/// Why somebody was not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInError {
    /// Name and password don't fit. Which of the two isn't said.
    Wrong,
    /// Too many failures: try again at this time.
    Wait(UtcMs),
    /// Too many requests: try again after so many seconds.
    Busy(u32),
    /// The store failed.
    Unavailable,
}

/// A session that was opened.
pub struct Opened {
    /// The headers that set its cookie.
    pub headers: HeaderMap,
    /// The token of its forms.
    pub csrf: String,
}

/// Signs in.
///
/// # Errors
/// When name and password don't fit, or it isn't allowed to try now.
pub async fn sign_in(app: &SharedApp, name: &str, given: &str, address: IpAddr) -> Result<Opened, SignInError> {
    let name = name.trim().to_lowercase();
    check_password(app, &name, given, address).await?;
    open_session(app, name).await
}

/// Whether a password is the account's; a failure is counted.
///
/// # Errors
/// When it isn't, or it isn't allowed to try now.
pub async fn check_password(app: &SharedApp, name: &str, given: &str, address: IpAddr) -> Result<(), SignInError> {
    app.entry_limits.address(address).map_err(|ComeBack(seconds)| SignInError::Busy(seconds))?;
    let now = app.clock.now();
    let name = name.to_owned();
    let (stored, wait) = {
        let (app, name) = (SharedApp::clone(app), name.clone());
        let read = move || {
            app.readers.read(|ledger| {
                let wait = attempts::wait_until(ledger.sql(), &name, address, now)?;
                Ok::<_, rusqlite::Error>((password_hash(ledger.sql(), &name)?, wait))
            })
        };
        let read = tokio::task::spawn_blocking(read).await;
        let Ok(Ok(Ok(read))) = read else { return Err(SignInError::Unavailable) };
        read
    };
    if let Some(until) = wait {
        return Err(SignInError::Wait(until));
    }
    let given = given.to_owned();
    if hashing(app, move || password::fits(&given, stored.as_deref())).await? {
        return Ok(());
    }
    let fail = move |ledger: &mut SqliteLedger, now| attempts::failed(ledger.sql(), &name, address, now);
    stored_or_unavailable(app.writer.run(fail).await)?;
    Err(SignInError::Wrong)
}

/// Opens a session for an account whose right to it was checked.
///
/// # Errors
/// When the store fails.
pub async fn open_session(app: &SharedApp, name: String) -> Result<Opened, SignInError> {
    let mut rng = crate::random::rng();
    let token = Token::random(&mut rng);
    let start = {
        let token = token.clone();
        move |ledger: &mut SqliteLedger, now| {
            attempts::succeeded(ledger.sql(), &name)?;
            sessions::start(ledger.sql(), &token, &name, &mut rng, now)
        }
    };
    let csrf = stored_or_unavailable(app.writer.run(start).await)?;
    let age = sessions::LONGEST_MS / 1000;
    Ok(Opened { headers: cookie(app, &format!("{}={}; Max-Age={age}", cookie_name(app), token.as_str())), csrf })
}

/// The hash of a new password, to be stored.
///
/// # Errors
/// When no thread is left for it.
pub async fn hash_password(app: &SharedApp, given: String) -> Result<String, SignInError> {
    hashing(app, move || password::hash(&given, &mut crate::random::rng())).await
}

/// Does work that takes 19 MiB, in one of the few places for it.
async fn hashing<T: Send + 'static>(
    app: &SharedApp,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, SignInError> {
    let _place = app.hashes.acquire().await.map_err(|_| SignInError::Unavailable)?;
    tokio::task::spawn_blocking(work).await.map_err(|_| SignInError::Unavailable)
}

/// The headers that take the cookie away.
pub fn signed_out(app: &SharedApp) -> HeaderMap {
    cookie(app, &format!("{}=; Max-Age=0", cookie_name(app)))
}

fn stored_or_unavailable<T>(result: Result<Result<T, rusqlite::Error>, WriterError>) -> Result<T, SignInError> {
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(_) => Err(SignInError::Unavailable),
    }
}

/// Signs out; gives the headers that take the cookie away.
///
/// # Errors
/// When the store fails: then the session still stands.
pub async fn sign_out(app: &SharedApp, headers: &HeaderMap) -> Result<HeaderMap, SignInError> {
    if let Some(token) = token_of(app, headers) {
        let end = move |ledger: &mut SqliteLedger, _| sessions::end(ledger.sql(), &token);
        stored_or_unavailable(app.writer.run(end).await)?;
    }
    Ok(signed_out(app))
}

fn cookie_name(app: &App) -> &'static str {
    if app.tls { "__Host-sanji" } else { "sanji" }
}

fn cookie(app: &App, value: &str) -> HeaderMap {
    let secure = if app.tls { "; Secure" } else { "" };
    let text = format!("{value}; Path=/; HttpOnly; SameSite=Lax{secure}");
    let mut headers = HeaderMap::new();
    // The token is base64, so the text is a good header.
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.insert(header::SET_COOKIE, value);
    }
    headers
}

fn token_of(app: &App, headers: &HeaderMap) -> Option<Token> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == cookie_name(app)).map(|(_, value)| Token::from_cookie(value))
}

/// The sign-in page, which leads on to the page that was asked for.
fn to_sign_in(parts: &Parts) -> Response {
    let asked = parts.uri.path_and_query().map_or("/", |asked| asked.as_str());
    if asked == "/" || parts.uri.path() == SIGN_OUT {
        return Redirect::to(SIGN_IN).into_response();
    }
    // Whoever sent a form is told that it was not taken.
    Redirect::to(&format!("{SIGN_IN}?{}", going(asked, parts.method == Method::POST))).into_response()
}

/// Where the visitor was going, as a query of the sign-in page; with a form, if one was not taken.
pub fn going(to: &str, form: bool) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("to", to);
    if form {
        query.append_pair("form", "1");
    }
    query.finish()
}

impl IntoResponse for SignInError {
    fn into_response(self) -> Response {
        match self {
            SignInError::Wrong => (StatusCode::UNAUTHORIZED, "name and password don't fit\n").into_response(),
            SignInError::Wait(_) => (StatusCode::TOO_MANY_REQUESTS, "too many failures\n").into_response(),
            SignInError::Busy(seconds) => come_back(StatusCode::TOO_MANY_REQUESTS, seconds, "too many requests\n"),
            SignInError::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "can't store now\n").into_response(),
        }
    }
}

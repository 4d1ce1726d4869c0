//! What every page has around it: language, navigation, banner, as-of line, headers. Nothing of a request is repeated in a
//! page but what was understood of it, so that a compressed page gives no token away.

use std::convert::Infallible;
use std::io::Write;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::ToSpan;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sanji_core::sync::message::LogNo;
use sanji_core::sync::relay::book::Book;
use sanji_core::texts::{Lang, Texts, texts};
use sanji_core::time::UtcSecs;

use super::access::Viewer;
use super::{PageError, Pages, packs, people, trail};
use crate::app::SharedApp;
use crate::http::signed_in::SIGN_OUT;
use crate::projector::{Store, arrived, through};

/// Where the style sheet is.
pub(super) const STYLE: &str = "/style.css";

const SHEET: &str = include_str!("style.css");

/// The cookie that keeps a chosen language.
const LANG: &str = "lang";

/// What a request asks for besides its page: in which language, and when.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// The language.
    pub lang: Lang,
    /// The instant at which the page speaks.
    pub now: UtcSecs,
    /// That instant is made up.
    made_up: bool,
    /// The language was chosen by this request.
    chosen: bool,
    path: String,
    /// By which name the browser calls this relay, if it is one that can stand in a link.
    pub host: Option<String>,
}

impl FromRequestParts<SharedApp> for Ask {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Infallible> {
        let asked = value(parts.uri.query().unwrap_or_default().split('&'), LANG);
        let kept = value(cookies(&parts.headers), LANG);
        Ok(Ask {
            lang: asked.or(kept).unwrap_or_default(),
            now: app.clock.now().secs(),
            made_up: app.clock.is_virtual(),
            chosen: asked.is_some(),
            path: parts.uri.path().to_owned(),
            host: host(parts),
        })
    }
}

fn host(parts: &Parts) -> Option<String> {
    let named = parts.headers.get(header::HOST).and_then(|value| value.to_str().ok());
    // HTTP/2 has it in the address.
    let host = named.or(parts.uri.authority().map(|authority| authority.as_str()))?;
    let good = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    (host.len() <= 255 && host.chars().all(good)).then(|| host.to_owned())
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|cookies| cookies.split(';')).map(str::trim)
}

fn value<'a>(mut pairs: impl Iterator<Item = &'a str>, name: &str) -> Option<Lang> {
    pairs.find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name).and_then(|(_, v)| Lang::from_code(v)))
}

/// A page without its shell.
pub(crate) struct Page {
    /// Its name.
    pub title: String,
    /// What a supervisor would say of it, in one or two sentences.
    pub lead: String,
    /// The rest.
    pub body: Markup,
    /// What of the address has to stay when the language is switched: `day=2026-03-02`.
    pub query: String,
    /// As of when its records speak.
    pub as_of: Option<AsOf>,
}

/// As of when a page's records speak.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsOf {
    /// The instant.
    pub at: UtcSecs,
    /// The last log number.
    pub log: LogNo,
    /// Later rows have not been followed yet.
    pub behind: bool,
}

/// As of when the projection speaks: now, or, if it is behind the log, when its last row was stored.
pub(crate) fn as_of(pages: &Pages, store: &mut impl Store, now: UtcSecs) -> Result<AsOf, PageError> {
    let head = Book::new(pages.kept.relay().county(), store).head()?;
    let through = through(store.sql())?;
    let log = through.map_or(LogNo(0), |through| through.log);
    let behind = through.is_none_or(|through| through.log < head.n || through.notes < head.notes);
    let at = if behind { arrived(store, log)?.map_or(now, |at| at.secs()) } else { now };
    Ok(AsOf { at, log, behind })
}

impl AsOf {
    /// As it stands on files that are taken away.
    pub fn said(&self, t: &Texts) -> String {
        t.get("export-as-of", &[("when", t.moment(self.at)), ("log", self.log.0.to_string())])
    }
}

impl Ask {
    /// The words.
    pub fn texts(&self) -> &'static Texts {
        texts(self.lang)
    }

    /// A page, or why there is none.
    pub fn answer(&self, viewer: &Viewer, page: Result<Page, PageError>) -> Response {
        match page {
            Ok(page) => self.show(Some(viewer), StatusCode::OK, &page),
            Err(error) => self.failed(Some(viewer), &error),
        }
    }

    /// The page that says why there is none.
    pub fn failed(&self, viewer: Option<&Viewer>, error: &PageError) -> Response {
        let (status, key) = match error {
            PageError::NotFound => (StatusCode::NOT_FOUND, "missing"),
            PageError::Expired => (StatusCode::FORBIDDEN, "expired"),
            PageError::Unreadable => (StatusCode::BAD_REQUEST, "unreadable"),
            PageError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            PageError::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        };
        let t = self.texts();
        let page = Page {
            title: t.word(&format!("pages-{key}")).into_owned(),
            lead: t.word(&format!("pages-{key}-lead")).into_owned(),
            body: html! { p { a href="/" { (t.word("pages-to-start")) } } },
            query: String::new(),
            as_of: None,
        };
        self.show(viewer, status, &page)
    }

    /// A page in its shell.
    pub fn show(&self, viewer: Option<&Viewer>, status: StatusCode, page: &Page) -> Response {
        let markup = self.shell(viewer, page).into_string();
        let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], markup).into_response();
        if self.chosen {
            let cookie = format!("{LANG}={}; Path=/; Max-Age=31536000; SameSite=Lax", self.lang.code());
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
        }
        response
    }

    fn shell(&self, viewer: Option<&Viewer>, page: &Page) -> Markup {
        let t = self.texts();
        html! {
            (DOCTYPE)
            html lang=(self.lang.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (page.title) " · " (t.word("pages-name")) }
                    link rel="stylesheet" href=(STYLE);
                }
                body {
                    header.top {
                        a.brand href="/" { (t.word("pages-name")) }
                        @if let Some(viewer) = viewer {
                            nav aria-label=(t.word("pages-nav")) {
                                @for (path, key) in [
                                    ("/county", "pages-county"), ("/visits", "works-visits"),
                                    ("/devices", "pages-devices"), ("/flagged", "pages-flagged"),
                                ] {
                                    a href=(path) aria-current=[self.path.eq(path).then_some("page")] {
                                        (t.word(key))
                                    }
                                }
                                @if viewer.administers() {
                                    a href=(super::accounts::ACCOUNTS) aria-current=[self.path.eq(super::accounts::ACCOUNTS).then_some("page")] {
                                        (t.word("accounts"))
                                    }
                                }
                                @if let Some(waiting) = viewer.waiting {
                                    a href="/queue" aria-current=[self.path.eq("/queue").then_some("page")] {
                                        (t.word("acts-queue")) @if waiting > 0 { " " b.count { (waiting) } }
                                    }
                                }
                            }
                        }
                        (self.language(page))
                        @if let Some(viewer) = viewer {
                            form.out method="post" action=(SIGN_OUT) {
                                input type="hidden" name="csrf" value=(viewer.csrf);
                                a href=(super::account::ACCOUNT) { (viewer.display) }
                                button { (t.word("pages-sign-out")) }
                            }
                        }
                    }
                    @if self.made_up {
                        p.banner { (t.get("pages-made-up", &[("when", t.moment(self.now))])) }
                    }
                    @if let Some((school, monday)) = viewer.and_then(|viewer| viewer.due) {
                        p.banner { a href=(format!("{}#publication", super::week::address(school, monday))) {
                            (t.get("publish-due", &[("from", t.date(monday)), ("to", t.date(monday.saturating_add(6.days())))]))
                        } }
                    }
                    main {
                        h1 { (page.title) }
                        p.lead { (page.lead) }
                        (page.body)
                    }
                    @if let Some(as_of) = page.as_of { footer { (self.as_of(as_of)) (self.further(viewer)) } }
                }
            }
        }
    }

    /// Pages that are opened seldom.
    fn further(&self, viewer: Option<&Viewer>) -> Markup {
        let t = self.texts();
        let Some(viewer) = viewer else { return html! {} };
        html! {
            p.links {
                @if viewer.finds_people() { a href=(people::PEOPLE) { (t.word("views-people")) } }
                a href=(packs::PACKS) { (t.word("views-packs")) }
                @if trail::reads(viewer) { a href=(trail::TRAIL) { (t.word("views-audit")) } }
            }
        }
    }

    fn language(&self, page: &Page) -> Markup {
        let other = if self.lang == Lang::Zh { Lang::En } else { Lang::Zh };
        let and = if page.query.is_empty() { "" } else { "&" };
        let address = format!("{}?{}{and}{LANG}={}", self.path, page.query, other.code());
        html! {
            a.language href=(address) lang=(other.tag()) hreflang=(other.tag()) {
                (texts(other).word("pages-language"))
            }
        }
    }

    fn as_of(&self, as_of: AsOf) -> Markup {
        let t = self.texts();
        let when = t.moment(as_of.at);
        let key = if as_of.behind { "pages-as-of-behind" } else { "pages-as-of" };
        html! {
            p { (t.get(key, &[("when", when), ("log", as_of.log.0.to_string())])) }
            p { (t.word("pages-shapes-mean")) " " (PreEscaped(shapes(t))) }
        }
    }
}

/// What each shape means, in one line.
fn shapes(t: &Texts) -> String {
    let words =
        ["present", "in_progress", "awaiting_sync", "irregular", "absent", "on_leave", "rest_day", "needs_correction"];
    let one = |code: &&str| {
        let shape = t.word(&format!("shape-{code}")).into_owned();
        html! { span class=(code) { (shape) } " " (t.word(&format!("pages-legend-{code}"))) }.into_string()
    };
    words.iter().map(one).collect::<Vec<_>>().join(" · ")
}

/// The style sheet.
pub(super) async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, SHEET).into_response()
}

/// Pages shorter than this are sent as they are.
const WORTH_PACKING: usize = 1024;

/// Headers of every answer, and packing where the reader takes it.
pub(crate) async fn finish(request: Request, next: Next) -> Response {
    let accepts = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let packs = accepts.is_some_and(|value| value.split(',').any(|one| one.trim().starts_with("gzip")));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, text) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::VARY, "accept-encoding, authorization, cookie"),
    ] {
        headers.insert(name, HeaderValue::from_static(text));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    // What can be fetched in parts is large and packed already.
    let whole = !response.headers().contains_key(header::ACCEPT_RANGES);
    if packs && whole { pack(response).await } else { response }
}

async fn pack(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if bytes.len() < WORTH_PACKING {
        return Response::from_parts(parts, Body::from(bytes));
    }
    let mut packer = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(5));
    let packed = packer.write_all(&bytes).and_then(|()| packer.finish());
    let Ok(packed) = packed else { return Response::from_parts(parts, Body::from(bytes)) };
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(packed))
}

/// The heading of a column, `pages-<key>-column`; narrow screens show it beside the value instead.
pub(crate) fn column(t: &Texts, key: &str) -> String {
    t.word(&format!("pages-{key}-column")).into_owned()
}

//! Answers: lists that go on, bodies with their tag, problems.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use jiff::civil::Date;
use sanji_core::crypto::sha256;
use sanji_core::sync::ledger::LedgerError;
use sanji_core::sync::relay::RelayError;
use sanji_core::sync::relay::book::Book;
use sanji_core::time::parse_date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use crate::http::problem::Problem;
use crate::pages::access::Viewer;
use crate::pages::{PageError, Pages, SharedPages};
use crate::projector::{ProjectionError, through};
use crate::store::ReadLedger;

/// The most items of one answer.
const MOST: usize = 500;

/// Items of one answer where none is asked for.
const USUAL: usize = 100;

/// How a list goes on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// The `next` of the answer before; without it the list begins.
    cursor: Option<String>,
    /// How many items, at most 500; 100 where it is left out.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 500)]
    limit: Option<String>,
}

/// Where a list goes on.
#[derive(Debug)]
pub(super) struct Place {
    after: Option<String>,
    limit: usize,
}

impl Paging {
    /// What was asked for.
    pub fn place(&self) -> Result<Place, Problem> {
        let limit = match &self.limit {
            None => USUAL,
            Some(text) => text.parse().ok().filter(|n| (1..=MOST).contains(n)).ok_or(wrong("limit"))?,
        };
        let after = match &self.cursor {
            None => None,
            Some(text) => Some(key_of(text).ok_or(wrong("cursor"))?),
        };
        Ok(Place { after, limit })
    }
}

fn key_of(cursor: &str) -> Option<String> {
    String::from_utf8(BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?).ok()
}

/// A parameter that can't be used; what is wanted is said under its name.
pub(super) fn wrong(name: &'static str) -> Problem {
    Problem::BadRequest(name, name)
}

/// A date in the query.
pub(super) fn date(text: Option<&str>) -> Result<Option<Date>, Problem> {
    text.map(|text| parse_date(text).ok_or(wrong("date"))).transpose()
}

/// The query, or what is wrong with it.
pub(super) fn query<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, Problem> {
    query.map(|Query(query)| query).map_err(|_| wrong("cursor"))
}

/// Part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct List<T> {
    /// The items.
    pub items: Vec<T>,
    /// The cursor with which the list goes on; null at its end.
    pub next: Option<String>,
}

/// The part of a list that was asked for, by the keys of its items.
pub(super) fn part<T>(mut all: Vec<T>, key: impl Fn(&T) -> String, place: &Place) -> (Vec<T>, Option<String>) {
    all.sort_by_cached_key(&key);
    if let Some(after) = &place.after {
        all.retain(|one| key(one) > *after);
    }
    let more = all.len() > place.limit;
    all.truncate(place.limit);
    let next = all.last().filter(|_| more).map(|last| BASE64URL_NOPAD.encode(key(last).as_bytes()));
    (all, next)
}

/// Why there is no answer with a body.
pub(super) enum Stop {
    /// Something went wrong.
    Problem(Problem),
    /// Who asks has this already.
    Same(Tag),
}

impl From<PageError> for Stop {
    fn from(error: PageError) -> Self {
        Stop::Problem(match error {
            // A form is no part of the API.
            PageError::NotFound | PageError::Expired | PageError::Unreadable | PageError::TooLarge => Problem::NotFound,
            PageError::Unavailable => Problem::Unavailable,
        })
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Stop::Problem(problem)
    }
}

macro_rules! stops {
    ($($error:ty),+) => { $(
        impl From<$error> for Stop {
            fn from(error: $error) -> Self {
                PageError::from(error).into()
            }
        }
    )+ };
}
stops!(ProjectionError, LedgerError, RelayError, rusqlite::Error);

/// Reads the store at one moment.
pub(super) async fn read<T: Send + 'static>(
    pages: &SharedPages,
    work: impl FnOnce(&Pages, &mut ReadLedger<'_>) -> Result<T, Stop> + Send + 'static,
) -> Result<T, Stop> {
    pages.read(move |pages, store| Ok(work(pages, store))).await?
}

/// The tag of an answer (ETag).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag(String);

impl Tag {
    /// The tag of what hangs on the log, on who asks, and, where `last` isn't over, on the minute: through where the log
    /// reaches and is projected, who asks, the day, the program.
    pub fn of(
        pages: &Pages,
        store: &mut ReadLedger<'_>,
        caller: &Caller,
        last: Option<Date>,
    ) -> Result<Self, PageError> {
        let head = Book::new(pages.kept.relay().county(), store).head()?;
        let through = through(store.sql())?;
        let (log, notes) = through.map_or((0, 0), |through| (through.log.0, through.notes));
        let today = caller.now().date();
        let minute = if last.is_some_and(|last| today <= last) { caller.now().0 / 60 } else { 0 };
        let rest = rest(&caller.viewer, &format!("{} {today} {}", caller.ask.lang.code(), env!("CARGO_PKG_VERSION")));
        // Weak, as all tags here: within the minute, office time may grow; and answers may be packed.
        Ok(Tag(format!("W/\"{}.{}.{log}.{notes}.{minute}.{rest}\"", head.n.0, head.notes)))
    }

    /// The tag of a body.
    pub fn of_body(body: &str) -> Self {
        Tag(format!("W/\"{}\"", short(&sha256(&[body.as_bytes()]))))
    }

    /// Stops if whoever asks has this already.
    pub fn unless_known(self, known: &Known) -> Result<Self, Stop> {
        if known.has(&self) { Err(Stop::Same(self)) } else { Ok(self) }
    }
}

fn rest(viewer: &Viewer, more: &str) -> String {
    short(&sha256(&[viewer.account.as_bytes(), &[0], &viewer.person.0, more.as_bytes()]))
}

fn short(hash: &[u8; 32]) -> String {
    BASE32_NOPAD.encode(&hash[..10]).to_lowercase()
}

/// The tags that whoever asks has (If-None-Match).
#[derive(Clone, Debug, Default)]
pub(super) struct Known(String);

impl Known {
    /// From the headers of a request.
    pub fn new(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
        Known(values.collect::<Vec<_>>().join(","))
    }

    fn has(&self, tag: &Tag) -> bool {
        // Compared weakly (RFC 9110 section 13.1.2).
        let opaque = |text: &str| text.trim().trim_start_matches("W/").to_owned();
        self.0.split(',').any(|one| one.trim() == "*" || opaque(one) == opaque(&tag.0))
    }
}

/// The answer to a request.
pub(super) fn answer<T: Serialize>(caller: &Caller, made: Result<(T, Tag), Stop>) -> Response {
    respond(caller, made.and_then(|(body, tag)| Ok((text_of(&body)?, tag))))
}

fn text_of(body: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(body).map_err(|error| {
        tracing::error!(%error, "an answer could not be written");
        Problem::Unavailable
    })
}

fn respond(caller: &Caller, made: Result<(String, Tag), Stop>) -> Response {
    match made {
        Ok((text, tag)) => tagged((StatusCode::OK, [(header::CONTENT_TYPE, JSON)], text).into_response(), &tag),
        Err(Stop::Same(tag)) => tagged(StatusCode::NOT_MODIFIED.into_response(), &tag),
        Err(Stop::Problem(problem)) => problem.answer(caller.ask.lang),
    }
}

/// The answer to a request whose tag is that of its body.
pub(super) fn answer_by_body<T: Serialize>(caller: &Caller, known: &Known, made: Result<T, Stop>) -> Response {
    let tagged = made.and_then(|body| {
        let text = text_of(&body)?;
        let tag = Tag::of_body(&text).unless_known(known)?;
        Ok((text, tag))
    });
    respond(caller, tagged)
}

/// The media type of answers.
pub(super) const JSON: &str = "application/json";

fn tagged(mut response: Response, tag: &Tag) -> Response {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&tag.0) {
        headers.insert(header::ETAG, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(cursor: Option<&str>, limit: &str) -> Result<Place, Problem> {
        Paging { cursor: cursor.map(str::to_owned), limit: Some(limit.to_owned()) }.place()
    }

    #[test]
    fn a_list_goes_on_where_it_stopped_though_items_come_and_go() {
        let key = |n: &u32| format!("{n:03}");
        let (items, next) = part(vec![5, 3, 9, 1], key, &place(None, "2").unwrap());
        assert_eq!(items, [1, 3]);
        let next = next.unwrap();
        let (items, end) = part(vec![5, 4, 9, 1, 2], key, &place(Some(&next), "3").unwrap());
        assert_eq!((items, end), (vec![4, 5, 9], None));
    }

    #[test]
    fn what_is_no_limit_or_cursor_is_refused() {
        for limit in ["0", "501", "-1", "many", ""] {
            assert_eq!(place(None, limit).unwrap_err(), wrong("limit"), "{limit}");
        }
        for cursor in ["!", "=", "_w"] {
            assert_eq!(place(Some(cursor), "5").unwrap_err(), wrong("cursor"), "{cursor}");
        }
    }

    #[test]
    fn a_known_tag_is_found_in_a_list_of_tags_and_weakly() {
        let known = Known("\"a\", W/\"b\"".into());
        for (tag, has) in [("\"a\"", true), ("W/\"a\"", true), ("\"b\"", true), ("\"c\"", false)] {
            assert_eq!(known.has(&Tag(tag.into())), has, "{tag}");
        }
        assert!(Known("*".into()).has(&Tag("\"c\"".into())));
        assert!(!Known::default().has(&Tag("\"\"".into())));
    }
}

//! One posting's day: what it comes to, its entries, and how far their times can be trusted.

use axum::extract::{Extension, Path};
use axum::http::HeaderMap;
use axum::response::Response;
use sanji_core::evidence::UNBOUNDED;
use sanji_core::ids::{ActorId, PostingId, SchoolId};
use sanji_core::records::Body;
use sanji_core::sync::message::FlagReason;
use sanji_core::time::{UtcSecs, parse_date};
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Known, Stop, Tag, answer, read};
use super::caller::Caller;
use super::document::Problems;
use crate::http::problem::Problem;
use crate::pages::audit::{Look, note};
use crate::pages::cell::Why;
use crate::pages::day::{Line, lines};
use crate::pages::said::{kind_word, what};
use crate::pages::{SharedPages, week};
use crate::projector::board::{self, Board, Days};
use crate::projector::words::via_name;
use crate::tables::{Knows, days, json};

/// An entry about a day.
#[derive(Serialize, ToSchema)]
struct Entry {
    /// Its log number.
    n: u64,
    /// Its kind: `check`, `leave`, …; null for one that this version doesn't know.
    kind: Option<&'static str>,
    /// What it says, in words of the language asked for.
    said: String,
    /// Who wrote it, if it wasn't the person whose day it is.
    author: Option<String>,
    /// Written for somebody else.
    on_behalf: bool,
    /// `phone`, `kiosk` or `desk`.
    via: &'static str,
    /// The device.
    #[schema(value_type = String)]
    device: ActorId,
    /// The evidence of its time.
    time: Time,
    /// How it stands: `current`, `replaced`, `flagged`, …
    state: &'static str,
    /// Why it doesn't count; null where it does.
    flag: Option<&'static str>,
    /// The log number of the entry that stands for it, or beside it.
    other: Option<u64>,
    /// It stands beside another version.
    conflict: bool,
    /// Entries that it names and that haven't arrived.
    waiting_for: u32,
}

/// The evidence of an entry's time.
#[derive(Serialize, ToSchema)]
struct Time {
    /// When it was made, as judged.
    #[serde(serialize_with = "json::instant")]
    #[schema(value_type = String, format = DateTime)]
    judged: UtcSecs,
    /// Not earlier than; null where that is unknown.
    #[serde(serialize_with = "json::maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    earliest: Option<UtcSecs>,
    /// Not later than.
    #[serde(serialize_with = "json::maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    latest: Option<UtcSecs>,
    /// By the phone's own clock.
    #[serde(serialize_with = "json::instant")]
    #[schema(value_type = String, format = DateTime)]
    phone: UtcSecs,
    /// How far it can be trusted: `verified`, `unverified`, `clock_differs`.
    label: &'static str,
}

/// One posting's day.
#[derive(Serialize, ToSchema)]
pub(super) struct PostingDay {
    /// The posting.
    #[schema(value_type = String)]
    posting: PostingId,
    /// The name.
    name: String,
    /// The school.
    #[schema(value_type = String)]
    school: SchoolId,
    /// What the day comes to; null on a day that the posting doesn't have.
    day: Option<days::Day>,
    /// The entries about it, by time.
    entries: Vec<Entry>,
}

/// One posting's day with its entries. A reviewer's look is written down before the answer leaves, as on the page.
#[utoipa::path(
    get,
    path = "/api/v1/postings/{posting}/{date}",
    operation_id = "day",
    params(
        ("posting" = String, Path, description = "The posting's id"),
        ("date" = String, Path, description = "The date, such as 2026-03-02", format = Date)
    ),
    responses((status = 200, description = "The day", body = PostingDay), Problems)
)]
pub(super) async fn day(
    Extension(pages): Extension<SharedPages>,
    Path((posting, date)): Path<(String, String)>,
    headers: HeaderMap,
    caller: Caller,
) -> Response {
    let made = look(&pages, &posting, &date, Known::new(&headers), &caller).await;
    answer(&caller, made)
}

async fn look(
    pages: &SharedPages,
    posting: &str,
    date: &str,
    known: Known,
    caller: &Caller,
) -> Result<(PostingDay, Tag), Stop> {
    let posting: PostingId = posting.parse().map_err(|_| Problem::NotFound)?;
    let date = parse_date(date).ok_or(Problem::NotFound)?;
    let asking = caller.clone();
    let (day, tag, look) = read(pages, move |pages, store| {
        let (viewer, t) = (&asking.viewer, asking.ask.texts());
        let days = Days { first: date, last: date };
        let one = board::posting(store, posting)?.ok_or(Problem::NotFound)?;
        let sight = week::sight(pages, store, viewer, one.school, days)?;
        if !sight.entries_of(posting) {
            return Err(Problem::NotFound.into());
        }
        let tag = Tag::of(pages, store, &asking, Some(date))?.unless_known(&known)?;
        let board = Board::load(&pages.kept, store, one.school, days)?.ok_or(Problem::NotFound)?;
        let cell = board.cell(&one, date, asking.now());
        let lines = lines(pages, store, &one, days)?;
        let why = Why {
            t,
            county: board.county(),
            school: &board.school,
            flagged: 0,
            leave_kinds: true,
            no_device: board.devices(one.person).is_empty(),
        };
        let entries = lines.into_iter().map(|line| Entry::new(&why, line)).collect();
        let day = PostingDay {
            posting,
            name: one.name.clone(),
            school: one.school,
            day: cell.map(|cell| days::Day::of(&cell, Knows { leave_kinds: true })),
            entries,
        };
        let look = (sight.logged && !viewer.is(&one)).then_some(Look::Day(one.school, posting, date));
        Ok((day, tag, look))
    })
    .await?;
    if let Some(look) = look {
        note(&pages.app, &caller.viewer, look).await?;
    }
    Ok((day, tag))
}

impl Entry {
    fn new(why: &Why<'_>, line: Line) -> Self {
        let word = kind_word(why.t, line.kind);
        let known = |at: UtcSecs, bound: UtcSecs| (at != bound).then_some(at);
        let (first, last) = (UNBOUNDED.0.secs(), UNBOUNDED.1.secs());
        Entry {
            n: line.n,
            kind: kind_name(line.kind),
            said: line.entry.as_ref().map_or(word.clone(), |entry| what(why, &word, &entry.body)),
            on_behalf: line.author.is_some(),
            author: line.author.flatten(),
            via: via_name(line.via),
            device: line.actor,
            time: Time {
                judged: line.judged,
                earliest: known(line.earliest.max(first), first),
                latest: known(line.latest.min(last), last),
                phone: line.phone,
                label: line.label.name(),
            },
            state: crate::projector::words::STATES.into_iter().find(|s| *s == line.state).unwrap_or("unreadable"),
            flag: line.flag.and_then(FlagReason::from_u8).map(FlagReason::name),
            other: line.other,
            conflict: line.conflict,
            waiting_for: line.waiting,
        }
    }
}

/// The stable name of a kind of entry.
pub(super) fn kind_name(kind: Option<u16>) -> Option<&'static str> {
    Body::KINDS.iter().find(|(number, _)| Some(*number) == kind).map(|(_, name)| *name)
}

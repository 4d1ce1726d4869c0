//! A school now: who is in, out, on leave and not arrived, and since when. The page comes again every half minute, unless
//! the address says that it shall stay.

use axum::extract::{Extension, Path, Query};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use maud::{Markup, html};
use sanji_core::documents::facts::Decided;
use sanji_core::ids::SchoolId;
use sanji_core::records::Direction;
use sanji_core::rules::{DayResult, Status};
use sanji_core::sync::message::Via;
use sanji_core::texts::{Arg, Texts};
use sanji_core::time::UtcSecs;
use serde::Deserialize;

use super::access::Viewer;
use super::cell::saying;
use super::shell::{Ask, Page, as_of, column};
use super::{PageError, Pages, SharedPages, day, week};
use crate::projector::board::{Board, Days, Staff};
use crate::store::ReadLedger;

/// After how many seconds the page comes again.
const AGAIN: HeaderValue = HeaderValue::from_static("30");

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Asked {
    still: Option<String>,
}

/// Where a school's page of today is.
pub(super) fn address(school: SchoolId) -> String {
    format!("/schools/{school}/today")
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Path(school): Path<String>,
    Query(asked): Query<Asked>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let (asking, looking, still) = (ask.clone(), viewer.clone(), asked.still.is_some());
    let page = match school.parse::<SchoolId>() {
        Ok(school) => pages.read(move |pages, store| build(pages, store, &asking, &looking, school, still)).await,
        Err(_) => Err(PageError::NotFound),
    };
    let comes_again = page.is_ok() && !still;
    let mut response = ask.answer(&viewer, page);
    if comes_again {
        response.headers_mut().insert(header::REFRESH, AGAIN);
    }
    response
}

/// Where somebody is now, in the order in which the page lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    In,
    Out,
    NotArrived,
    Nothing,
    OnLeave,
}

const PLACES: [(Place, &str, &str); 5] = [
    (Place::In, "in", "present"),
    (Place::Out, "out", "in_progress"),
    (Place::NotArrived, "not-arrived", "awaiting_sync"),
    (Place::Nothing, "nothing", "upcoming"),
    (Place::OnLeave, "on-leave", "on_leave"),
];

/// Somebody now: where, since when, and what is said of it.
struct Now<'a> {
    one: &'a Staff,
    place: Place,
    since: Option<UtcSecs>,
    note: String,
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    school: SchoolId,
    still: bool,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let today = ask.now.date();
    let days = Days { first: today, last: today };
    let sight = week::sight(pages, store, viewer, school, days)?;
    if !sight.cells {
        return Err(PageError::NotFound);
    }
    let board = Board::load(&pages.kept, store, school, days)?.ok_or(PageError::NotFound)?;
    let all: Vec<Now<'_>> =
        board.staff.iter().filter(|one| one.on(today)).map(|one| now_of(t, &board, one, ask.now)).collect();
    let count = |place: Place| all.iter().filter(|now| now.place == place).count();
    let lead = match (all.is_empty(), board.county().calendar().is_school_day(today)) {
        (true, _) => t.word("pages-no-staff").into_owned(),
        (_, false) => t.get("views-today-rest", &[("in", count(Place::In))]),
        _ => t.get(
            "views-today-lead",
            &[
                ("all", Arg::from(all.len())),
                ("in", count(Place::In).into()),
                ("out", count(Place::Out).into()),
                ("leave", count(Place::OnLeave).into()),
                ("missing", (count(Place::NotArrived) + count(Place::Nothing)).into()),
            ],
        ),
    };
    Ok(Page {
        title: format!("{} {} {}", board.school.name, t.day(today), t.time(ask.now)),
        lead,
        body: html! {
            nav.turn {
                a href=(week::address(school, today)) { (t.get("pages-to-week", &[("school", board.school.name.as_str())])) }
                @if still { a href=(address(school)) { (t.word("views-today-again")) } }
                @else { a href=(format!("{}?still=1", address(school))) { (t.word("views-today-still")) } }
            }
            @for (place, key, class) in PLACES {
                @let here: Vec<&Now<'_>> = all.iter().filter(|now| now.place == place).collect();
                @if !here.is_empty() { (part(t, key, class, &here, ask.now)) }
            }
        },
        query: if still { "still=1".into() } else { String::new() },
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

fn part(t: &Texts, key: &str, class: &str, here: &[&Now<'_>], now: UtcSecs) -> Markup {
    html! {
        section.today {
            h2 { span class=(class) { (t.word(&format!("shape-{class}"))) } " " (t.get(&format!("views-today-{key}"), &[("count", here.len())])) }
            table.list.now {
                thead { tr { @for key in ["name", "since-when", "finding"] { th scope="col" { (column(t, key)) } } } }
                tbody { @for one in here { tr {
                    th scope="row" { a href=(day::address(one.one.posting, now.date())) { (week::name(t, one.one)) } }
                    td.number { @if let Some(since) = one.since { (t.time(since)) } }
                    td { (one.note) }
                } } }
            }
        }
    }
}

/// Where somebody is: a check says in or out, a leave that holds now comes before it; a phone that hasn't reported since says
/// nothing.
fn now_of<'a>(t: &Texts, board: &Board, one: &'a Staff, now: UtcSecs) -> Now<'a> {
    let leave = board.duty(one.posting).into_iter().flat_map(|duty| &duty.leaves).flat_map(|leave| &leave.pieces);
    let holds = |from: UtcSecs, to: UtcSecs, back: Option<UtcSecs>| from <= now && now < to.min(back.unwrap_or(to));
    let leave = leave
        .filter(|piece| piece.decision == Decided::Approved && holds(piece.from, piece.to, piece.returned_at))
        .map(|piece| (piece.from, piece.to))
        .next();
    let date = now.date();
    let last =
        board.checks_on(one, date).into_iter().filter(|check| check.judged <= now).max_by_key(|check| check.judged);
    let cell = board.cell(one, date, now);
    let verdict = cell.as_ref().and_then(|cell| match &cell.result {
        DayResult::Judged(verdict) => Some((cell, verdict)),
        DayResult::NotInForce(_) => None,
    });
    let said = verdict.filter(|(_, verdict)| !matches!(verdict.status, Status::Upcoming | Status::InProgress));
    let said = said.map_or(String::new(), |(cell, verdict)| saying(t, cell, verdict));
    if let Some((from, to)) = leave {
        let until = t.get("views-today-until", &[("when", t.end(from, to))]);
        return Now { one, place: Place::OnLeave, since: Some(from).filter(|from| from.date() == date), note: until };
    }
    if let Some(check) = last {
        let place = if check.direction == Direction::In { Place::In } else { Place::Out };
        return Now { one, place, since: Some(check.judged), note: said };
    }
    let devices = board.devices(one.person);
    let oldest = devices.iter().filter(|device| device.retired.is_none()).min_by_key(|device| device.mark);
    match oldest {
        Some(device) if device.mark.is_none_or(|mark| mark.date() < date) => {
            let note = t.not_heard(device.via == Via::Kiosk, device.mark, false);
            Now { one, place: Place::NotArrived, since: None, note }
        }
        Some(_) => Now { one, place: Place::Nothing, since: None, note: said },
        None => Now { one, place: Place::Nothing, since: None, note: t.word("pages-no-device").into_owned() },
    }
}

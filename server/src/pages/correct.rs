//! Correcting somebody's day: the checks that were, and why. Those that are wrong count no more; everything stays to be seen.

use axum::extract::{Extension, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::HEXLOWER;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::documents::duty::{CheckFact, CheckOrigin, Duty};
use sanji_core::ids::{DocId, PostingId};
use sanji_core::records::{CheckTime, Direction, EntryRef};
use sanji_core::review::{Fault, act};
use sanji_core::texts::Texts;
use sanji_core::time::{HourMinute, UtcSecs, parse_date};

use super::access::Viewer;
use super::act::{Acting, Fields, NotDone, Sent, csrf, draft, fault, may_act_in, perform, reason_field};
use super::shell::Ask;
use super::{PageError, Pages, SharedPages, day};
use crate::projector::board::{Staff, posting};
use crate::store::ReadLedger;

/// Checks that one form can add: two windows with their ends.
const ROWS: usize = 4;

/// A form that was not taken, to be shown again as it was typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Tried {
    fields: Fields,
    fault: Option<Fault>,
    /// Rows whose time can't be one.
    bad: Vec<usize>,
    /// The day changed after the form's page was opened.
    stale: bool,
}

/// Writes a correction.
pub(super) async fn correct(
    Extension(pages): Extension<SharedPages>,
    Path((about, date)): Path<(String, String)>,
    ask: Ask,
    sent: Sent,
) -> Response {
    let Sent { viewer, fields } = sent;
    let (Ok(about), Some(date)) = (about.parse::<PostingId>(), parse_date(&date)) else {
        return ask.failed(Some(&viewer), &PageError::NotFound);
    };
    let (checks, bad) = typed(&fields, date, ask.now);
    let mut tried = Tried { fields: fields.clone(), bad, ..Tried::default() };
    let wrong_times = !tried.bad.is_empty();
    let work = move |acting: &mut Acting<'_>| write(acting, about, date, &fields, (!wrong_times).then_some(checks));
    let status = match perform(&pages, &viewer, work).await {
        Ok(()) => return Redirect::to(&day::address(about, date)).into_response(),
        Err(NotDone::Page(error)) => return ask.failed(Some(&viewer), &error),
        Err(NotDone::Fault(fault)) => {
            tried.fault = Some(fault);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(NotDone::Stale(_)) if wrong_times => StatusCode::UNPROCESSABLE_ENTITY,
        Err(NotDone::Stale(_)) => {
            tried.stale = true;
            StatusCode::CONFLICT
        }
    };
    match day::look(&pages, &ask, &viewer, (about, date), Some(tried)).await {
        Ok(page) => ask.show(Some(&viewer), status, &page),
        Err(error) => ask.failed(Some(&viewer), &error),
    }
}

/// The checks that a form adds, and the rows whose time can't be one or lies ahead.
fn typed(fields: &Fields, date: Date, now: UtcSecs) -> (Vec<CheckTime>, Vec<usize>) {
    let (mut checks, mut bad) = (Vec::new(), Vec::new());
    for i in 0..ROWS {
        let time = fields.get(&format!("time{i}")).trim().to_owned();
        if time.is_empty() {
            continue;
        }
        let at = HourMinute::parse(&time).map(|time| time.on(date)).filter(|at| *at <= now && at.date() == date);
        match (Direction::from_name(fields.get(&format!("direction{i}"))), at) {
            (Some(direction), Some(at)) => checks.push(CheckTime { direction, at }),
            _ => bad.push(i),
        }
    }
    (checks, bad)
}

/// Writes a correction of these checks; without checks it only looks whether the viewer may.
fn write(
    acting: &mut Acting<'_>,
    about: PostingId,
    date: Date,
    fields: &Fields,
    checks: Option<Vec<CheckTime>>,
) -> Result<(), NotDone> {
    let doc = DocId::duty(about, date);
    acting.may_act_in(doc)?;
    let one = posting(acting.store, about)?.filter(|one| one.on(date)).ok_or(PageError::NotFound)?;
    if date > acting.now.secs().date() {
        return Err(PageError::NotFound.into());
    }
    let Some(checks) = checks else { return Err(NotDone::Stale(Vec::new())) };
    let duty = Duty::of(&acting.pages.kept.relay().journal(acting.store, doc)?.fold());
    let there = there(&duty, date);
    if seen(&there) != fields.get("seen") {
        return Err(NotDone::Stale(Vec::new()));
    }
    let picked: Vec<&str> = fields.all("wrong").collect();
    let wrong = there.iter().filter(|line| line.may && picked.contains(&name(&line.entry).as_str()));
    let wrong: Vec<EntryRef> = wrong.map(|line| line.entry).collect();
    let body = act::correct(date, checks, &wrong, fields.reason()?)?;
    Ok(acting.write(vec![draft(doc, wrong, body)], "day correct", &format!("{} {date}", one.posting))?)
}

/// An entry with the checks of the day that count because of it.
struct There {
    entry: EntryRef,
    checks: Vec<CheckTime>,
    /// A correction can replace it; what counts by an approved request can only be asked for anew.
    may: bool,
}

/// What counts on a day, entry by entry.
fn there(duty: &Duty, date: Date) -> Vec<There> {
    let mut there: Vec<There> = Vec::new();
    for check in duty.checks_on(date) {
        let CheckFact { direction, judged, origin, source, .. } = check;
        let time = CheckTime { direction: *direction, at: *judged };
        match there.iter_mut().find(|line| line.entry == source.entry) {
            Some(line) => line.checks.push(time),
            None => {
                let may = *origin != CheckOrigin::Request;
                there.push(There { entry: source.entry, checks: vec![time], may });
            }
        }
    }
    there
}

/// The name of an entry in a form.
fn name(entry: &EntryRef) -> String {
    HEXLOWER.encode(&entry.hash)
}

/// What the form's page showed: another set of entries, and the form is stale.
fn seen(there: &[There]) -> String {
    there.iter().map(|line| name(&line.entry)).collect::<Vec<_>>().join("-")
}

/// The form on a day's page, for whoever may correct the day.
pub(super) fn form(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    one: &Staff,
    date: Date,
    tried: Option<&Tried>,
) -> Result<Markup, PageError> {
    let (t, relay) = (ask.texts(), pages.kept.relay());
    let doc = DocId::duty(one.posting, date);
    if date > ask.now.date() || !one.on(date) || !may_act_in(relay, store, ask.now.ms(), viewer, doc)? {
        return Ok(html! {});
    }
    let duty = Duty::of(&relay.journal(store, doc)?.fold());
    let there = there(&duty, date);
    let empty = Tried::default();
    let again = tried.unwrap_or(&empty);
    let picked: Vec<&str> = again.fields.all("wrong").collect();
    Ok(html! {
        section.correct id="correct" {
            h2 { (t.word("acts-correct")) }
            @if again.stale { p.problem role="alert" { (t.word("acts-correct-stale")) } }
            form.act-form method="post" action=(format!("{}/correct", day::address(one.posting, date))) {
                (csrf(viewer))
                input type="hidden" name="seen" value=(seen(&there));
                @if !there.is_empty() {
                    fieldset {
                        legend { (t.word("acts-correct-wrong")) }
                        @for line in &there { (counted(t, line, picked.contains(&name(&line.entry).as_str()))) }
                    }
                }
                fieldset {
                    legend { (t.word("acts-correct-add")) }
                    @for i in 0..ROWS { (added(t, again, i)) }
                    (fault(t, again.fault, "checks"))
                }
                (reason_field(t, "acts-reason", again.fields.get("reason"), again.fault))
                button.act { (t.word("acts-correct-do")) }
                p.hint { (t.word("acts-correct-hint")) }
            }
        }
    })
}

fn counted(t: &Texts, line: &There, picked: bool) -> Markup {
    let said =
        |time: &CheckTime| format!("{} {}", t.word(&format!("direction-{}", time.direction.name())), t.time(time.at));
    let said: Vec<String> = line.checks.iter().map(said).collect();
    html! {
        label.tick {
            @if line.may { input type="checkbox" name="wrong" value=(name(&line.entry)) checked[picked]; " " }
            (said.join("; "))
            @if !line.may { " " span.since { (t.word("acts-correct-by-request")) } }
        }
    }
}

/// A row for one check: in and out by turns, unless something else was chosen.
fn added(t: &Texts, again: &Tried, i: usize) -> Markup {
    let chosen = Direction::from_name(again.fields.get(&format!("direction{i}")));
    let chosen = chosen.unwrap_or(if i.is_multiple_of(2) { Direction::In } else { Direction::Out });
    let bad = again.bad.contains(&i);
    let fault = format!("fault-time{i}");
    html! {
        p.check {
            select name=(format!("direction{i}")) aria-label=(t.word("acts-direction")) {
                @for direction in [Direction::In, Direction::Out] {
                    option value=(direction.name()) selected[direction == chosen] { (t.word(&format!("direction-{}", direction.name()))) }
                }
            }
            " "
            input type="time" name=(format!("time{i}")) value=(again.fields.get(&format!("time{i}")))
                aria-label=(t.word("acts-time")) aria-invalid=[bad.then_some("true")] aria-describedby=[bad.then_some(&fault)];
        }
        @if bad { p.problem role="alert" id=(fault) { (t.word("acts-bad-time")) } }
    }
}

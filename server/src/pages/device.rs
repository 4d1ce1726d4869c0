//! One device: whose it is, when it was heard, and what may be done with it: stopping it, no longer waiting for it, confirming
//! it, and taking a kiosk out for a day.

use axum::extract::{Extension, Path};
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::ids::{ActorId, DocId, SchoolId};
use sanji_core::records::KioskOutage;
use sanji_core::sync::message::{RetireReason, Via};
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::{DeviceRow, DeviceState, PostingRow, SchoolRow};
use sanji_core::texts::Texts;
use sanji_core::time::{HourMinute, UtcSecs, days_since_epoch};

use super::access::Viewer;
use super::act::{Acting, Fields, LONGEST_REASON, Sent, csrf, draft, perform};
use super::form::{Draft, Input, Refused, Wrong, choice, day, tick, told};
use super::shell::{Ask, Page, column};
use super::{PageError, Pages, SharedPages, cell, devices};
use crate::projector::Store;
use crate::projector::board::Days;
use crate::projector::words::reason_name;
use crate::store::ReadLedger;

/// Why nothing waits for a device any more.
const REASONS: [RetireReason; 3] = [RetireReason::Replaced, RetireReason::Lost, RetireReason::Broken];

/// Where a device's page is.
pub(super) fn address(actor: ActorId) -> String {
    format!("/devices/{actor}")
}

/// A device as a viewer meets it.
struct Met {
    device: DeviceRow,
    /// The newest posting of its person.
    posting: Option<PostingRow>,
    school: Option<(SchoolId, SchoolRow)>,
    /// The viewer is the county's administrator for it.
    administers: bool,
    /// The viewer heads its school.
    heads: bool,
}

fn meet(pages: &Pages, store: &mut impl Store, ask: &Ask, viewer: &Viewer, actor: ActorId) -> Result<Met, PageError> {
    let county = pages.kept.relay().county();
    let mut book = Book::new(county, store);
    let device = book.device_of(actor)?.filter(|device| device.via != Via::Desk).ok_or(PageError::NotFound)?;
    let postings = device.person.map(|person| book.postings_of(&person.0)).transpose()?.unwrap_or_default();
    let posting = postings.into_iter().map(|(_, row)| row).max_by_key(|row| row.from);
    let school = match posting.as_ref().map(|row| row.school).or(device.school) {
        Some(school) => book.school(school)?.map(|row| (school, row)),
        None => None,
    };
    let today = ask.now.date();
    let days = Days { first: today, last: today };
    let sight = school.as_ref().map(|(school, row)| viewer.sight(*school, row, days));
    let seen = sight.as_ref().is_some_and(|sight| sight.devices) || device.person == Some(viewer.person);
    // A device of nobody's school is the administrator's to look after.
    let orphan = school.is_none() && viewer.administers();
    if !seen && !orphan {
        return Err(PageError::NotFound);
    }
    let administers = orphan || sight.is_some_and(|sight| sight.administers);
    let heads = match &school {
        Some((school, _)) => pages.kept.relay().heads_now(store, ask.now.ms(), viewer.person, *school)?,
        None => false,
    };
    Ok(Met { device, posting, school, administers, heads })
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Path(actor): Path<String>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let page = match actor.parse() {
        Ok(actor) => look(&pages, &ask, &viewer, actor, Draft::default()).await,
        Err(_) => Err(PageError::NotFound),
    };
    ask.answer(&viewer, page)
}

async fn look(pages: &SharedPages, ask: &Ask, viewer: &Viewer, actor: ActorId, form: Draft) -> Result<Page, PageError> {
    let (asked, looking) = (ask.clone(), viewer.clone());
    pages.read(move |pages, store| build(pages, store, &asked, &looking, actor, &form)).await
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    actor: ActorId,
    form: &Draft,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let met = meet(pages, store, ask, viewer, actor)?;
    let device = &met.device;
    let owner = match (&met.posting, device.via) {
        (Some(row), _) => row.name.clone(),
        (None, Via::Kiosk) => t.word("role-kiosk").into_owned(),
        (None, _) => t.word("pages-unnamed").into_owned(),
    };
    let when = |at: Option<UtcSecs>| at.map_or(t.word("pages-never").into_owned(), |at| t.moment(at));
    let lead = [
        ("owner", owner.clone()),
        ("heard", when(device.last_seen.map(|at| at.secs()))),
        ("through", when(device.mark.map(|at| at.secs()))),
    ];
    Ok(Page {
        title: t.get("device-title", &[("owner", owner)]),
        lead: t.get("device-lead", &lead),
        body: html! {
            dl.facts {
                dt { (column(t, "school")) } dd { (met.school.as_ref().map_or("", |(_, row)| row.name.as_str())) }
                dt { (column(t, "device")) } dd { (cell::device(t, device.via, actor)) }
                dt { (t.word("device-since")) } dd { (t.moment(device.since.secs())) }
                dt { (column(t, "state")) } dd { (state(t, device)) }
            }
            @if met.administers { (administering(t, viewer, ask, device, form)) }
            @if met.heads && device.via == Via::Kiosk { (outage(t, viewer, ask, actor, form)) }
            @if !met.administers { p.note { (t.word("device-whom-to-tell")) } }
        },
        query: String::new(),
        as_of: None,
    })
}

fn state(t: &Texts, device: &DeviceRow) -> Markup {
    html! {
        @if device.revoked.is_none() && device.retired.is_none() && device.state == DeviceState::Active { p { (t.word("device-works")) } }
        @if devices::has_unsent(device) { p { (t.word("pages-device-unsent")) } }
        @if let Some(at) = device.revoked { p { (t.get("pages-revoked", &[("when", t.moment(at.secs()))])) } }
        @if let Some((at, why)) = device.retired.zip(device.retired_why) {
            p { (t.get(&format!("pages-retired-{}", reason_name(why)), &[("when", t.moment(at.secs()))])) }
        } @else if device.state != DeviceState::Active { p { (t.word(&format!("pages-device-{}", device.state.name()))) } }
    }
}

fn administering(t: &Texts, viewer: &Viewer, ask: &Ask, device: &DeviceRow, form: &Draft) -> Markup {
    let here = address(device.actor());
    let open = awaits_confirmation(device);
    let reasons: Vec<(String, String)> = REASONS
        .map(|why| (reason_name(why).to_owned(), t.word(&format!("device-why-{}", reason_name(why))).into_owned()))
        .to_vec();
    let retiring = form.fields.get("act") == "retire";
    let mut retire = if retiring { form.clone() } else { Draft::default() };
    if !retiring {
        let time = t.time(ask.now);
        retire.fields = Fields::of(&[("day", &ask.now.date().to_string()), ("time", &time)]);
    }
    let revoke = if form.fields.get("act") == "revoke" { form.clone() } else { Draft::default() };
    html! {
        @if open { section {
            h2 { (t.word("device-confirm")) }
            form.act-form method="post" action=(here) {
                (csrf(viewer)) input type="hidden" name="act" value="confirm";
                p { (t.word("device-confirm-hint")) }
                button.act { (t.word("device-confirm-do")) }
            }
        } }
        @if device.retired.is_none() { section {
            h2 { (t.word("device-retire")) }
            form.act-form method="post" action=(here) {
                (csrf(viewer)) input type="hidden" name="act" value="retire";
                (choice(t, &retire, "why", "device-why", &reasons))
                (Input::date("day", "device-day").required().show(t, &retire))
                (Input::time("time", "device-time").required().show(t, &retire))
                button.act { (t.word("device-retire-do")) }
                p.hint { (t.word("device-retire-hint")) }
            }
        } }
        @if device.revoked.is_none() { section {
            h2 { (t.word("device-revoke")) }
            form.act-form method="post" action=(here) {
                (csrf(viewer)) input type="hidden" name="act" value="revoke";
                (tick(t, &revoke, "sure", "device-sure"))
                (revoke.wrong.beside("sure"))
                button.act.no { (t.word("device-revoke-do")) }
                p.hint { (t.word("device-revoke-hint")) }
            }
        } }
    }
}

/// Whether somebody has to say that a device is its person's.
fn awaits_confirmation(device: &DeviceRow) -> bool {
    matches!(device.state, DeviceState::Unconfirmed | DeviceState::Recovered) && device.retired.is_none()
}

fn outage(t: &Texts, viewer: &Viewer, ask: &Ask, actor: ActorId, form: &Draft) -> Markup {
    let tried = form.fields.get("act") == "outage";
    let mut form = if tried { form.clone() } else { Draft::default() };
    if !tried {
        form.fields = Fields::of(&[("date", &ask.now.date().to_string())]);
    }
    html! {
        section {
            h2 { (t.word("device-outage")) }
            form.act-form method="post" action=(address(actor)) {
                (csrf(viewer)) input type="hidden" name="act" value="outage";
                (Input::date("date", "device-date").required().show(t, &form))
                (Input::text("reason", "acts-reason").required().show(t, &form))
                button.act { (t.word("device-outage-do")) }
                p.hint { (t.word("device-outage-hint")) }
            }
        }
    }
}

/// Does what the form asks for.
pub(super) async fn act(
    Extension(pages): Extension<SharedPages>,
    Path(actor): Path<String>,
    ask: Ask,
    sent: Sent,
) -> Response {
    let Sent { viewer, fields } = sent;
    let Ok(actor) = actor.parse::<ActorId>() else { return ask.failed(Some(&viewer), &PageError::NotFound) };
    let (asked, given) = (ask.clone(), fields.clone());
    let done = perform(&pages, &viewer, move |acting: &mut Acting<'_>| write(acting, &asked, actor, &given)).await;
    let again = |form| look(&pages, &ask, &viewer, actor, form);
    told(&ask, &viewer, done, (&address(actor), fields), again).await
}

fn write(acting: &mut Acting<'_>, ask: &Ask, actor: ActorId, fields: &Fields) -> Result<(), Refused> {
    let t = ask.texts();
    let met = meet(acting.pages, acting.store, ask, acting.viewer, actor)?;
    let (relay, now) = (acting.pages.kept.relay(), acting.now);
    let subject = actor.to_string();
    match fields.get("act") {
        "confirm" if met.administers => {
            if awaits_confirmation(&met.device) {
                relay.confirm(acting.store, now, actor)?;
                acting.note("device confirm", &subject)?;
            }
        }
        "revoke" if met.administers => {
            if fields.get("sure").is_empty() {
                return Err(Wrong::one("sure", t.word("device-not-sure")).into());
            }
            if met.device.revoked.is_none() {
                relay.revoke(acting.store, now, actor)?;
                acting.note("device revoke", &subject)?;
            }
        }
        "retire" if met.administers => {
            let (why, as_of) = retirement(t, fields, ask.now)?;
            if met.device.retired.is_none() {
                relay.retire(acting.store, now, actor, as_of.ms(), why)?;
                acting.note("device retire", &format!("{subject} {} {}", reason_name(why), as_of.date()))?;
            }
        }
        "outage" if met.heads && met.device.via == Via::Kiosk => {
            let (school, _) = met.school.ok_or(PageError::NotFound)?;
            let mut wrong = Wrong::default();
            let date = day(fields.get("date")).filter(|date| *date <= ask.now.date());
            if date.is_none() {
                wrong.note("date", t.word("device-bad-date"));
            }
            let reason = fields.get("reason").trim();
            match reason.chars().count() {
                0 => wrong.note("reason", t.word("problem-reason_needed")),
                n if n > LONGEST_REASON => wrong.note("reason", t.word("problem-too_long")),
                _ => {}
            }
            let (Some(date), true) = (date, wrong.is_empty()) else { return Err(wrong.into()) };
            if out_on(acting.store, actor, date)? {
                return Ok(());
            }
            let body = KioskOutage { kiosk: actor, date, reason: reason.to_owned() };
            let doc = DocId::register(school, date);
            acting.write(vec![draft(doc, Vec::new(), body)], "kiosk outage", &format!("{subject} {date}"))?;
        }
        _ => return Err(PageError::NotFound.into()),
    }
    Ok(())
}

/// Whether a kiosk is taken out for a day already.
fn out_on(store: &impl Store, kiosk: ActorId, date: Date) -> Result<bool, PageError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM view_outage WHERE kiosk = ?1 AND day = ?2)";
    Ok(store.sql().query_row(sql, (&kiosk.0[..], days_since_epoch(date)), |row| row.get(0))?)
}

/// Why nothing waits for a device any more, and since when.
fn retirement(t: &Texts, fields: &Fields, now: UtcSecs) -> Result<(RetireReason, UtcSecs), Wrong> {
    let mut wrong = Wrong::default();
    let why = REASONS.into_iter().find(|why| reason_name(*why) == fields.get("why"));
    if why.is_none() {
        wrong.note("why", t.word("device-bad-why"));
    }
    let (day, time) = (day(fields.get("day")), HourMinute::parse(fields.get("time").trim()));
    let at = day.zip(time).map(|(day, time)| time.on(day));
    match at {
        None => wrong.note("day", t.word("device-bad-when")),
        Some(at) if at > now => wrong.note("day", t.word("device-ahead")),
        Some(_) => {}
    }
    match why.zip(at) {
        Some(found) if wrong.is_empty() => Ok(found),
        _ => Err(wrong),
    }
}

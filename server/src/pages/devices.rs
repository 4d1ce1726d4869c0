//! Devices by how long they have been silent: whose, when last heard, complete through when, and what is wrong with them.

use axum::extract::{Extension, Query};
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};
use rusqlite::Row as SqlRow;
use sanji_core::ids::{ActorId, PersonId, SchoolId};
use sanji_core::sync::message::Via;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::{DeviceRow, SchoolRow};
use sanji_core::texts::{Arg, Texts};
use sanji_core::time::{UtcSecs, midnight};
use serde::Deserialize;

use super::access::Viewer;
use super::address::{page_no, paged, query, typed, with};
use super::cell::device;
use super::county::{pager, school_day_before};
use super::day::minutes;
use super::shell::{Ask, Page, as_of, column};
use super::{PageError, Pages, SharedPages};
use crate::projector::board::Days;
use crate::projector::words::via_named;
use crate::store::ReadLedger;

/// Where this page is.
const DEVICES: &str = "/devices";

/// Devices on one page; those that were silent longest come first.
const EACH: usize = 200;

/// A clock that is off by less is no news, seconds.
const CLOCK_OFF: i64 = 120;

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Asked {
    silent: Option<String>,
    school: Option<String>,
    state: Option<String>,
    page: Option<String>,
}

/// What is looked for.
struct Filter {
    silent: bool,
    school: Option<SchoolId>,
    /// One of [`STATES`].
    state: String,
    page: usize,
}

/// How a device can stand.
const STATES: [&str; 4] = ["counting", "waiting", "retired", "revoked"];

impl Filter {
    fn of(asked: &Asked) -> Result<Self, PageError> {
        let school = asked.school.as_deref().filter(|school| !school.is_empty());
        let filter = Filter {
            silent: asked.silent.as_deref() == Some("1"),
            school: school.map(|school| school.parse().map_err(|_| PageError::NotFound)).transpose()?,
            state: typed(asked.state.as_deref()),
            page: page_no(asked.page.as_deref()),
        };
        let known = filter.state.is_empty() || STATES.contains(&filter.state.as_str());
        if known { Ok(filter) } else { Err(PageError::NotFound) }
    }

    fn query(&self, page: usize) -> String {
        let school = self.school.map_or(String::new(), |school| school.to_string());
        let page = if page > 1 { page.to_string() } else { String::new() };
        let silent = if self.silent { "1" } else { "" };
        query([("silent", silent), ("school", &school), ("state", &self.state), ("page", &page)])
    }

    fn any(&self) -> bool {
        self.silent || self.school.is_some() || !self.state.is_empty()
    }

    fn takes(&self, line: &Line, since: UtcSecs) -> bool {
        (!self.silent || line.silent_since(since))
            && self.school.is_none_or(|school| line.school == Some(school))
            && match self.state.as_str() {
                "counting" => line.counts(),
                "waiting" => line.counts() && line.state != "active",
                "retired" => line.retired.is_some(),
                "revoked" => line.revoked.is_some(),
                _ => true,
            }
    }
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Query(asked): Query<Asked>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let page = pages.read(move |pages, store| build(pages, store, &asking, &looking, &Filter::of(&asked)?)).await;
    ask.answer(&viewer, page)
}

/// A device, as it stands.
pub(crate) struct Line {
    /// Which.
    pub actor: ActorId,
    /// A phone or a kiosk.
    pub via: Via,
    /// How its enrolment stands.
    pub state: String,
    /// Whose.
    pub person: Option<PersonId>,
    /// The name of its person.
    pub name: Option<String>,
    /// The school of its person's newest posting, or its own.
    pub school: Option<SchoolId>,
    /// That school.
    pub place: Option<SchoolRow>,
    /// Complete through.
    pub mark: Option<UtcSecs>,
    /// Last heard.
    pub heard: Option<UtcSecs>,
    /// As of when it no longer counts, and why.
    pub retired: Option<(UtcSecs, String)>,
    /// Since when it may not send.
    pub revoked: Option<UtcSecs>,
    /// It had something to send when it was last heard.
    pub unsent: bool,
    /// By how many seconds its clock was ahead when it was last heard.
    pub ahead: Option<i64>,
}

impl Line {
    /// Whether anything is still expected of it.
    pub fn counts(&self) -> bool {
        self.retired.is_none() && self.revoked.is_none()
    }

    /// Whether it counts and wasn't heard since then.
    pub fn silent_since(&self, since: UtcSecs) -> bool {
        self.counts() && self.heard.is_none_or(|heard| heard < since)
    }

    /// Whole days since it was heard; none if it never was.
    pub fn silent_days(&self, now: UtcSecs) -> Option<i64> {
        self.heard.map(|heard| now.0.saturating_sub(heard.0).max(0) / 86_400)
    }
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    filter: &Filter,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let today = ask.now.date();
    let mut lines = lines(pages, store, viewer, today)?;
    // Those that count come first, and among them those that were silent longest; who was never heard was silent longest.
    lines.sort_by_key(|line| (!line.counts(), line.heard, line.actor));
    let since = school_day_before(pages.kept.county(store)?.calendar(), today);
    let schools = schools(&lines);
    lines.retain(|line| filter.takes(line, midnight(since)));
    let silent = lines.iter().filter(|line| line.silent_since(midnight(since))).count();
    let all = lines.iter().filter(|line| line.counts()).count();
    let (shown, page, in_all) = paged(&lines, filter.page, EACH);
    let lead = match (silent, lines.first()) {
        (_, None) if filter.any() => t.word("views-devices-found-none").into_owned(),
        (0, _) | (_, None) => t.get("pages-devices-lead-all", &[("all", Arg::from(all)), ("day", t.day(since).into())]),
        (_, Some(oldest)) => {
            let when = oldest.heard.map_or(t.word("pages-never").into_owned(), |at| t.moment(at));
            t.get(
                "pages-devices-lead",
                &[
                    ("all", Arg::from(all)),
                    ("silent", silent.into()),
                    ("day", t.day(since).into()),
                    ("owner", owner(t, oldest).into()),
                    ("when", when.into()),
                ],
            )
        }
    };
    let asking = super::asking::visible(pages, store, ask.now.ms(), viewer)?.len();
    Ok(Page {
        title: t.word("pages-devices").into_owned(),
        lead,
        body: html! {
            @if asking > 0 { p { a href=(super::asking::ASKING) { (t.get("asking-lead", &[("count", Arg::from(asking))])) } } }
            (form(t, filter, &schools))
            (table(t, shown, ask.now, midnight(since)))
            (pager(t, page, in_all, |page| with(DEVICES, &filter.query(page))))
        },
        query: filter.query(filter.page),
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

/// The schools of devices, by name.
fn schools(lines: &[Line]) -> Vec<(String, SchoolId)> {
    let named = lines.iter().filter_map(|line| Some((line.place.as_ref()?.name.clone(), line.school?)));
    let mut schools: Vec<(String, SchoolId)> = named.collect();
    schools.sort();
    schools.dedup();
    schools
}

fn form(t: &Texts, filter: &Filter, schools: &[(String, SchoolId)]) -> Markup {
    html! {
        form.filters method="get" action=(DEVICES) {
            @if schools.len() > 1 {
                label { (column(t, "school")) select name="school" {
                    option value="" { (t.word("views-any")) }
                    @for (name, id) in schools { option value=(id) selected[filter.school == Some(*id)] { (name) } }
                } }
            }
            label { (t.word("views-devices-state")) select name="state" {
                option value="" { (t.word("views-any")) }
                @for state in STATES { option value=(state) selected[state == filter.state] { (t.word(&format!("views-device-state-{state}"))) } }
            } }
            label.tick { input type="checkbox" name="silent" value="1" checked[filter.silent]; (t.word("views-devices-silent")) }
            button.act { (t.word("views-search")) }
        }
    }
}

/// The devices that a viewer may see.
pub(crate) fn lines(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    viewer: &Viewer,
    today: Date,
) -> Result<Vec<Line>, PageError> {
    let mut lines = read(store)?;
    for line in &mut lines {
        let mut book = Book::new(pages.kept.relay().county(), store);
        if let Some(school) = line.school {
            line.place = book.school(school)?;
        }
    }
    let days = Days { first: today, last: today };
    lines.retain(|line| {
        let scope = line.school.zip(line.place.as_ref());
        let seen = scope.is_some_and(|(school, place)| viewer.sight(school, place, days).devices);
        seen || line.person == Some(viewer.person)
    });
    for line in &mut lines {
        let device = Book::new(pages.kept.relay().county(), store).device_of(line.actor)?;
        line.unsent = device.is_some_and(|device| has_unsent(&device));
    }
    Ok(lines)
}

/// Whether a device said in its last push that it had more to send.
pub(super) fn has_unsent(device: &DeviceRow) -> bool {
    device.last_n > device.mark_n
}

fn read(store: &ReadLedger<'_>) -> Result<Vec<Line>, PageError> {
    // A person's school is that of the newest posting.
    let sql = "SELECT d.actor, d.via, d.state, d.person, d.mark, d.heard, d.retired, d.why, d.revoked, d.ahead, \
               (SELECT p.name FROM view_posting p WHERE p.person = d.person ORDER BY p.first_day DESC LIMIT 1), \
               COALESCE((SELECT p.school FROM view_posting p WHERE p.person = d.person ORDER BY p.first_day DESC LIMIT 1), d.school) \
               FROM view_device d WHERE d.via <> 'desk'";
    let line = |row: &SqlRow<'_>| {
        let secs = |at| row.get::<_, Option<i64>>(at).map(|at| at.map(UtcSecs));
        Ok(Line {
            actor: ActorId(row.get(0)?),
            via: via_named(row.get_ref(1)?.as_str()?),
            state: row.get(2)?,
            person: row.get::<_, Option<_>>(3)?.map(PersonId),
            mark: secs(4)?,
            heard: secs(5)?,
            retired: secs(6)?.zip(row.get(7)?),
            revoked: secs(8)?,
            ahead: row.get(9)?,
            name: row.get::<_, Option<String>>(10)?.filter(|name| !name.is_empty()),
            school: row.get::<_, Option<_>>(11)?.map(SchoolId),
            place: None,
            unsent: false,
        })
    };
    let mut statement = store.sql().prepare_cached(sql)?;
    Ok(statement.query_map([], line)?.collect::<rusqlite::Result<_>>()?)
}

fn owner(t: &Texts, line: &Line) -> String {
    let school = line.place.as_ref().map_or("", |place| place.name.as_str());
    let name = match (&line.name, line.via) {
        (Some(name), _) => name.clone(),
        (None, Via::Kiosk) => t.word("pages-via-kiosk").into_owned(),
        (None, _) => t.word("pages-unnamed").into_owned(),
    };
    format!("{school} {name}").trim().to_owned()
}

fn table(t: &Texts, lines: &[Line], now: UtcSecs, since: UtcSecs) -> Markup {
    let awaiting = html! { span.awaiting_sync { (t.word("shape-awaiting_sync")) } };
    html! {
        table.list.devices {
            thead { tr { @for key in ["owner", "school", "heard", "through", "silent", "state"] {
                th scope="col" { (column(t, key)) }
            } } }
            tbody { @for line in lines { tr class=[(!line.counts()).then_some("past")] {
                th scope="row" { (line.name.clone().unwrap_or_default()) " " a.device href=(super::device::address(line.actor)) { (device(t, line.via, line.actor)) } }
                td { (line.place.as_ref().map_or("", |place| place.name.as_str())) }
                td.number data-label=(column(t, "heard")) { (line.heard.map_or(t.word("pages-never").into_owned(), |at| t.moment(at))) }
                td.number data-label=(column(t, "through")) { (line.mark.map_or(t.word("pages-never").into_owned(), |at| t.moment(at))) }
                td.number data-label=(column(t, "silent")) { @match line.silent_days(now) {
                    _ if !line.silent_since(since) => {},
                    Some(days) => { (awaiting) " " (t.get("pages-days", &[("days", days)])) },
                    None => { (awaiting) " " (t.word("pages-never")) },
                } }
                td { (state(t, line)) }
            } } }
        }
    }
}

/// What is out of the ordinary with a device.
fn state(t: &Texts, line: &Line) -> Markup {
    let clock = line.ahead.filter(|ahead| ahead.abs() >= CLOCK_OFF);
    html! {
        @if let Some((at, why)) = &line.retired {
            p { (t.get(&format!("pages-retired-{why}"), &[("when", t.moment(*at))])) }
            @if line.mark.is_none_or(|mark| mark < *at) {
                p { span.may_be_lost { (t.word("shape-may_be_lost")) } " " (t.word("finding-may_be_lost")) }
            }
        }
        @if let Some(at) = line.revoked { p { (t.get("pages-revoked", &[("when", t.moment(at))])) } }
        @if line.unsent && line.counts() { p { span.awaiting_sync { (t.word("shape-awaiting_sync")) } " " (t.word("pages-device-unsent")) } }
        @if line.state != "active" && line.retired.is_none() { p { (t.word(&format!("pages-device-{}", line.state))) } }
        @if let Some(ahead) = clock {
            p { (t.get(if ahead > 0 { "pages-clock-ahead" } else { "pages-clock-behind" }, &[("length", t.duration(minutes(ahead)))])) }
        }
    }
}

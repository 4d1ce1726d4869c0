//! The schools of a viewer's scope on one day: how the day went at each, what has arrived and what is missing.

use std::collections::BTreeMap;

use axum::extract::{Extension, Query};
use axum::response::Response;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::ids::{GroupId, SchoolId};
use sanji_core::policy::Calendar;
use sanji_core::review::CountyFacts;
use sanji_core::rules::Status;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::SchoolRow;
use sanji_core::texts::{Arg, Texts};
use sanji_core::time::{UtcSecs, midnight, parse_date};
use serde::Deserialize;

use super::access::{Sight, Viewer};
use super::cell::COUNTED;
use super::shell::{Ask, Page, as_of, column};
use super::week;
use super::{PageError, Pages, SharedPages};
use crate::projector::board::Days;
use crate::projector::summary::Summary;
use crate::store::ReadLedger;

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Asked {
    day: Option<String>,
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Query(asked): Query<Asked>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let page = pages
        .read(move |pages, store| {
            let day = asked.day.as_deref().map(|day| parse_date(day).ok_or(PageError::NotFound)).transpose()?;
            build(pages, store, &asking, &looking, day)
        })
        .await;
    ask.answer(&viewer, page)
}

/// A school in the list.
struct Line {
    id: SchoolId,
    place: SchoolRow,
    sight: Sight,
    sums: Summary,
}

impl Line {
    /// Whether everything of the day has arrived.
    fn complete(&self) -> bool {
        self.sums.waiting == 0 && !self.silent()
    }

    /// Whether nothing can arrive: there is no staff, or nobody has a device.
    fn silent(&self) -> bool {
        self.sums.staff == self.sums.unequipped
    }
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    day: Option<Date>,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let county = pages.kept.county(store)?;
    let calendar = county.calendar();
    let date = day.unwrap_or_else(|| school_day_before(calendar, ask.now.date()));
    let days = Days { first: date, last: date };
    let mut lines = Vec::new();
    for (id, place) in Book::new(pages.kept.relay().county(), store).schools()? {
        let sight = viewer.sight(id, &place, days);
        let open = county.school(id).is_some_and(|set| set.from <= date && set.to.is_none_or(|to| date <= to));
        if open && (sight.sums || sight.devices) {
            let sums = crate::projector::sums::on(&pages.kept, store, date, ask.now, [id], 1)?
                .known
                .remove(&id)
                .unwrap_or_default();
            lines.push(Line { id, place, sight, sums });
        }
    }
    if lines.is_empty() {
        return Err(PageError::NotFound);
    }
    Ok(Page {
        title: t.get("pages-county-title", &[("day", t.day(date))]),
        lead: lead(t, &lines, date, ask.now),
        body: html! {
            (turn(t, calendar, date, ask.now.date()))
            (table(t, &county, &lines, date))
        },
        query: day.map_or(String::new(), |day| format!("day={day}")),
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

/// The last school day before `date`: the last one that can be complete.
pub(crate) fn school_day_before(calendar: &Calendar, date: Date) -> Date {
    let mut day = date;
    for _ in 0..60 {
        day = day.yesterday().unwrap_or(day);
        if calendar.is_school_day(day) {
            return day;
        }
    }
    date.yesterday().unwrap_or(date)
}

fn school_day_after(calendar: &Calendar, date: Date) -> Date {
    let mut day = date;
    for _ in 0..60 {
        day = day.tomorrow().unwrap_or(day);
        if calendar.is_school_day(day) {
            return day;
        }
    }
    date.tomorrow().unwrap_or(date)
}

/// `31 所学校中 27 所已收齐 3月6日;4 所还有 9 部手机没有送来,最久的是…`.
fn lead(t: &Texts, lines: &[Line], date: Date, now: UtcSecs) -> String {
    let late: Vec<&Line> = lines.iter().filter(|line| line.sums.waiting > 0).collect();
    let devices: u32 = late.iter().map(|line| line.sums.waiting).sum();
    let (all, complete) = (lines.len(), lines.iter().filter(|line| line.complete()).count());
    let silent = lines.iter().filter(|line| line.silent()).count();
    let day = t.day(date);
    if now < midnight(date) {
        return t.get("pages-county-lead-ahead", &[("day", day)]);
    }
    if complete == all {
        return t.get("pages-county-lead-complete", &[("all", Arg::from(all)), ("day", day.into())]);
    }
    let counts = [("all", Arg::from(all)), ("complete", complete.into()), ("day", day.into())];
    let mut lead = t.get("pages-county-lead", &counts);
    // Whoever never reported comes before whoever reported long ago.
    if let Some(oldest) = late.iter().min_by_key(|line| line.sums.through) {
        lead += &t.get("pages-county-lead-late", &[("late", Arg::from(late.len())), ("devices", devices.into())]);
        let school = oldest.place.name.clone();
        lead += &match oldest.sums.through {
            Some(at) => t.get("pages-county-lead-oldest", &[("school", school), ("when", t.moment(at))]),
            None => t.get("pages-county-lead-never", &[("school", school)]),
        };
    }
    if silent > 0 {
        lead += &t.get("pages-county-lead-silent", &[("silent", silent)]);
    }
    lead
}

fn turn(t: &Texts, calendar: &Calendar, date: Date, today: Date) -> Markup {
    let to = |day: Date| format!("/county?day={day}");
    html! {
        nav.turn {
            a rel="prev" href=(to(school_day_before(calendar, date))) { "← " (t.word("pages-day-before")) }
            @if date != today { a href=(to(today)) { (t.word("pages-today")) } }
            a rel="next" href=(to(school_day_after(calendar, date))) { (t.word("pages-day-after")) " →" }
        }
    }
}

fn table(t: &Texts, county: &CountyFacts, lines: &[Line], date: Date) -> Markup {
    html! {
        @for (name, lines) in groups(t, county, lines) {
            section.group {
                h2 { (name) }
                table.schools {
                    thead { tr { @for key in ["school", "township", "staff", "day-went", "arrived"] {
                        th scope="col" { (column(t, key)) }
                    } } }
                    tbody { @for line in lines { (row(t, line, date)) } }
                }
            }
        }
    }
}

fn row(t: &Texts, line: &Line, date: Date) -> Markup {
    let sums = &line.sums;
    let kind = t.word(&format!("school-{}", line.place.kind.name())).into_owned();
    html! { tr {
        th scope="row" {
            @if line.sight.sums { a href=(week::address(line.id, date)) { (line.place.name) } } @else { (line.place.name) }
            " " span.kind { (kind) }
        }
        td { (line.place.township) }
        td.number data-label=(column(t, "staff")) { (sums.staff) }
        td.went {
            @if line.sight.sums {
                @for status in COUNTED {
                    @let count = sums.count(status);
                    @if count > 0 { span class=(status.code()) title=(t.word(&format!("status-{}", status.code()))) {
                        (t.word(&format!("shape-{}", status.code()))) " " span.sr { (t.word(&format!("status-{}", status.code()))) " " } (count)
                    } " " }
                }
                @if sums.flagged > 0 { span.flagged title=(t.word("pages-flagged")) {
                    (t.word("shape-flagged")) " " span.sr { (t.word("pages-flagged")) " " } (sums.flagged)
                } }
                @if sums.staff > 0 && sums.statuses.is_empty() { (t.word("pages-not-judged")) }
                @if sums.count(Status::RestDay) > 0 { span.rest_day { (t.word("shape-rest_day")) " " (t.word("status-rest_day")) } }
            }
        }
        td { (arrived(t, sums)) }
    } }
}

/// Until when a school has reported, or what is missing.
fn arrived(t: &Texts, sums: &Summary) -> Markup {
    let through = sums.through.map(|at| t.get("complete-through", &[("when", t.moment(at))]));
    html! {
        @if sums.staff == 0 { (t.word("pages-no-staff")) }
        @else if sums.staff == sums.unequipped { (t.word("pages-no-devices")) }
        @else if sums.waiting > 0 {
            span.awaiting_sync { (t.word("shape-awaiting_sync")) } " " (t.get("pages-devices-missing", &[("devices", sums.waiting)]))
            p.since { (through.unwrap_or_else(|| t.word("pages-never-all").into_owned())) }
        }
        @else { (through.unwrap_or_else(|| t.word("pages-never-all").into_owned())) }
        @if sums.unequipped > 0 && sums.unequipped < sums.staff {
            p.since { (t.get("pages-unequipped", &[("count", sums.unequipped)])) }
        }
    }
}

/// The schools by group: by membership, else by the group that is responsible for the township; the rest last.
fn groups<'a>(t: &Texts, county: &CountyFacts, lines: &'a [Line]) -> Vec<(String, Vec<&'a Line>)> {
    let mut names: BTreeMap<(u64, GroupId), String> = BTreeMap::new();
    let mut of_township: BTreeMap<&str, (u64, GroupId)> = BTreeMap::new();
    let mut keys: BTreeMap<GroupId, (u64, GroupId)> = BTreeMap::new();
    for view in county.views() {
        for (id, row) in &view.groups {
            // In the order in which the county wrote them.
            let key = (row.now.source.entry.seq, *id);
            let key = *keys.entry(*id).or_insert(key);
            names.entry(key).or_insert_with(|| row.now.value.name.clone());
            for township in &row.now.value.townships {
                of_township.entry(township).or_insert(key);
            }
        }
    }
    let mut grouped: BTreeMap<Option<(u64, GroupId)>, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        let member = line.place.groups.iter().find_map(|group| keys.get(group));
        let key = member.or_else(|| of_township.get(line.place.township.as_str())).copied();
        grouped.entry(key).or_default().push(line);
    }
    let rest = grouped.remove(&None);
    let mut sections: Vec<(String, Vec<&Line>)> = Vec::new();
    for (key, lines) in grouped {
        let name = key.and_then(|key| names.get(&key)).cloned().unwrap_or_default();
        sections.push((name, lines));
    }
    sections.extend(rest.map(|lines| (t.word("pages-no-group").into_owned(), lines)));
    for (_, lines) in &mut sections {
        lines.sort_by(|a, b| (&a.place.township, &a.place.name).cmp(&(&b.place.township, &b.place.name)));
    }
    sections
}

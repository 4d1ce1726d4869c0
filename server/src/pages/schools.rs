//! The schools of a viewer's scope on one day: how the day went at each, what has arrived and what is missing; one by one,
//! and added up by group and township.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use maud::{Markup, html};
use rusqlite::Row as SqlRow;
use sanji_core::ids::{GroupId, SchoolId};
use sanji_core::policy::Calendar;
use sanji_core::review::CountyFacts;
use sanji_core::rules::Status;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::SchoolRow;
use sanji_core::texts::{Arg, Texts};
use sanji_core::time::{UtcSecs, days_since_epoch, midnight};

use super::access::{Sight, Viewer};
use super::address::part;
use super::cell::COUNTED;
use super::shell::column;
use super::{PageError, Pages, roster, week};
use crate::projector::board::Days;
use crate::projector::summary::{Summary, end_of};
use crate::projector::sums::{LIVE, on};
use crate::store::ReadLedger;

/// A school in the list.
pub(super) struct Line {
    pub id: SchoolId,
    pub place: SchoolRow,
    pub sight: Sight,
    /// None while they are being made.
    pub sums: Option<Summary>,
}

impl Line {
    fn waiting(&self) -> u32 {
        self.sums.as_ref().map_or(0, |sums| sums.waiting)
    }

    fn through(&self) -> Option<UtcSecs> {
        self.sums.as_ref().and_then(|sums| sums.through)
    }

    /// Whether somebody has this status there, as far as the viewer may know.
    pub fn has(&self, status: Status) -> bool {
        self.sight.sums && self.sums.as_ref().is_some_and(|sums| sums.count(status) > 0)
    }

    /// Whether something there doesn't count, as far as the viewer may know.
    pub fn has_flagged(&self) -> bool {
        self.sight.sums && self.sums.as_ref().is_some_and(|sums| sums.flagged > 0)
    }
}

/// The schools that a viewer sees on a day.
pub(super) struct Seen {
    pub lines: Vec<Line>,
    /// Schools whose sums are older than the page, or are still being made.
    pub behind: usize,
}

/// The schools that a viewer sees on a day, of those that are wanted; `NotFound` if there is none.
pub(super) fn seen(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    viewer: &Viewer,
    (date, now): (Date, UtcSecs),
    wanted: impl Fn(SchoolId, &SchoolRow) -> bool,
) -> Result<Seen, PageError> {
    let county = pages.kept.county(store)?;
    let days = Days { first: date, last: date };
    let mut lines = Vec::new();
    for (id, place) in Book::new(pages.kept.relay().county(), store).schools()? {
        let sight = viewer.sight(id, &place, days);
        let open = county.school(id).is_some_and(|set| set.from <= date && set.to.is_none_or(|to| date <= to));
        if open && (sight.sums || sight.devices) && wanted(id, &place) {
            lines.push(Line { id, place, sight, sums: None });
        }
    }
    if lines.is_empty() {
        return Err(PageError::NotFound);
    }
    let mut sums = on(&pages.kept, store, date, now, lines.iter().map(|line| line.id), LIVE)?;
    for line in &mut lines {
        line.sums = sums.known.remove(&line.id);
    }
    Ok(Seen { lines, behind: sums.behind })
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
pub(super) fn lead(t: &Texts, seen: &Seen, date: Date, now: UtcSecs) -> String {
    let lines = &seen.lines;
    let late: Vec<&Line> = lines.iter().filter(|line| line.waiting() > 0).collect();
    let devices: u32 = late.iter().map(|line| line.waiting()).sum();
    let is = |which: fn(&Summary) -> bool| lines.iter().filter(|line| line.sums.as_ref().is_some_and(which)).count();
    let (all, complete, silent) = (lines.len(), is(Summary::complete), is(Summary::silent));
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
    if let Some(oldest) = late.iter().min_by_key(|line| line.through()) {
        lead += &t.get("pages-county-lead-late", &[("late", Arg::from(late.len())), ("devices", devices.into())]);
        let school = oldest.place.name.clone();
        lead += &match oldest.through() {
            Some(at) => t.get("pages-county-lead-oldest", &[("school", school), ("when", t.moment(at))]),
            None => t.get("pages-county-lead-never", &[("school", school)]),
        };
    }
    if silent > 0 {
        lead += &t.get("pages-county-lead-silent", &[("silent", silent)]);
    }
    lead
}

/// Says that some sums are being brought up to date.
pub(super) fn behind(t: &Texts, seen: &Seen) -> Markup {
    html! { @if seen.behind > 0 { p.note { (t.get("views-behind", &[("count", seen.behind)])) } } }
}

/// The device of these schools that has waited longest for a way to send: whose, and since when.
pub(super) fn oldest(
    t: &Texts,
    store: &ReadLedger<'_>,
    seen: &Seen,
    date: Date,
    now: UtcSecs,
) -> Result<Markup, PageError> {
    let late: BTreeMap<SchoolId, &Line> =
        seen.lines.iter().filter(|line| line.waiting() > 0).map(|line| (line.id, line)).collect();
    if late.is_empty() {
        return Ok(html! {});
    }
    let sql = "SELECT COALESCE(p.school, d.school), p.name, d.mark, d.since, d.via FROM view_device d \
               LEFT JOIN view_posting p ON p.person = d.person AND p.first_day <= ?1 \
               AND (p.last_day IS NULL OR p.last_day >= ?1) \
               WHERE d.via <> 'desk' AND d.retired IS NULL AND d.since < ?2 AND (d.mark IS NULL OR d.mark < ?2) \
               ORDER BY d.mark";
    let mut statement = store.sql().prepare_cached(sql)?;
    let mut rows = statement.query((days_since_epoch(date), end_of(date).0.min(now.0)))?;
    while let Some(row) = rows.next()? {
        let school: Option<[u8; 8]> = row.get(0)?;
        if let Some(line) = school.and_then(|school| late.get(&SchoolId(school))) {
            return Ok(said_of_oldest(t, line, row)?);
        }
    }
    Ok(html! {})
}

fn said_of_oldest(t: &Texts, line: &Line, row: &SqlRow<'_>) -> rusqlite::Result<Markup> {
    let (name, mark): (Option<String>, Option<i64>) = (row.get(1)?, row.get(2)?);
    let kiosk = row.get_ref(4)?.as_str()? == "kiosk";
    let whose = match name.filter(|name| !name.is_empty() && line.sight.devices && !kiosk) {
        Some(name) => format!("{} {name}", line.place.name),
        None => line.place.name.clone(),
    };
    let (key, at) = match mark {
        Some(mark) => ("views-oldest", mark),
        None => ("views-oldest-never", row.get(3)?),
    };
    let said = t.get(key, &[("owner", whose), ("when", t.moment(UtcSecs(at)))]);
    Ok(html! {
        p.oldest {
            span.awaiting_sync { (t.word("shape-awaiting_sync")) } " " (said)
            @if line.sight.devices { " " a href=(format!("/devices?silent=1&school={}", line.id)) { (t.word("views-to-devices")) } }
        }
    })
}

/// Earlier and later school days at an address that takes a day; `rest` is what else of its query stays.
pub(super) fn turn(t: &Texts, calendar: &Calendar, (date, today): (Date, Date), to: impl Fn(Date) -> String) -> Markup {
    html! {
        nav.turn {
            a rel="prev" href=(to(school_day_before(calendar, date))) { "← " (t.word("pages-day-before")) }
            @if date != today { a href=(to(today)) { (t.word("pages-today")) } }
            a rel="next" href=(to(school_day_after(calendar, date))) { (t.word("pages-day-after")) " →" }
        }
    }
}

/// Schools as a table; `more` is a further column, behind the township.
pub(super) fn table(t: &Texts, lines: &[&Line], date: Date, more: Option<(&str, &dyn Fn(&Line) -> String)>) -> Markup {
    html! {
        table.list.schools.more[more.is_some()] {
            thead { tr {
                th scope="col" { (column(t, "school")) }
                th scope="col" { (column(t, "township")) }
                @if let Some((key, _)) = more { th scope="col" { (column(t, key)) } }
                @for key in ["staff", "day-went", "arrived"] { th scope="col" { (column(t, key)) } }
            } }
            tbody { @for line in lines { (row(t, line, date, more.map(|(_, say)| say(line)))) } }
        }
    }
}

fn row(t: &Texts, line: &Line, date: Date, more: Option<String>) -> Markup {
    let kind = t.word(&format!("school-{}", line.place.kind.name())).into_owned();
    html! { tr {
        th scope="row" {
            @if line.sight.sums { a href=(week::address(line.id, date)) { (line.place.name) } }
            @else if line.sight.administers { a href=(roster::address(line.id)) { (line.place.name) } }
            @else { (line.place.name) }
            " " span.kind { (kind) }
        }
        td { (line.place.township) }
        @if let Some(more) = more { td { (more) } }
        @if let Some(sums) = &line.sums {
            td.number data-label=(column(t, "staff")) { (sums.staff) }
            td.went { @if line.sight.sums {
                (went(t, sums))
                @if sums.staff > 0 && sums.statuses.is_empty() { (t.word("pages-not-judged")) }
                @if sums.count(Status::RestDay) > 0 { span.rest_day { (t.word("shape-rest_day")) " " (t.word("status-rest_day")) } }
            } }
            td { (arrived(t, sums, date)) }
        } @else { td.number {} td.went { (t.word("views-being-summed")) } td {} }
    } }
}

/// How many have which status.
fn went(t: &Texts, sums: &Summary) -> Markup {
    html! {
        @for status in COUNTED {
            @let count = sums.count(status);
            @if count > 0 { span class=(status.code()) title=(t.word(&format!("status-{}", status.code()))) {
                (t.word(&format!("shape-{}", status.code()))) " " span.sr { (t.word(&format!("status-{}", status.code()))) " " } (count)
            } " " }
        }
        @if sums.flagged > 0 { span.flagged title=(t.word("pages-flagged")) {
            (t.word("shape-flagged")) " " span.sr { (t.word("pages-flagged")) " " } (sums.flagged)
        } }
    }
}

/// Until when a school has reported, or what is missing.
fn arrived(t: &Texts, sums: &Summary, date: Date) -> Markup {
    let through = match sums.through {
        Some(at) if at >= end_of(date) => t.word("views-all-arrived").into_owned(),
        Some(at) => t.get("complete-through", &[("when", t.moment(at))]),
        None => t.word("pages-never-all").into_owned(),
    };
    html! {
        @if sums.staff == 0 { (t.word("pages-no-staff")) }
        @else if sums.silent() { (t.word("pages-no-devices")) }
        @else if sums.waiting > 0 {
            span.awaiting_sync { (t.word("shape-awaiting_sync")) } " " (t.get("pages-devices-missing", &[("devices", sums.waiting)]))
            p.since { (through) }
        }
        @else { (through) }
        @if sums.unequipped > 0 && !sums.silent() {
            p.since { (t.get("pages-unequipped", &[("count", sums.unequipped)])) }
        }
    }
}

/// Groups or townships with what their schools add up to: each by its name, its address and its schools.
pub(super) fn overview(t: &Texts, heading: &str, parts: &[(String, Option<String>, Vec<&Line>)]) -> Markup {
    html! {
        table.list.schools.overview {
            thead { tr { @for key in [heading, "schools", "staff", "day-went", "complete"] { th scope="col" { (column(t, key)) } } } }
            tbody { @for (name, address, lines) in parts {
                @let sums = added(lines);
                @let complete = lines.iter().filter(|line| line.sums.as_ref().is_some_and(Summary::complete)).count();
                tr {
                    th scope="row" { @if let Some(address) = address { a href=(address) { (name) } } @else { (name) } }
                    td.number data-label=(column(t, "schools")) { (lines.len()) }
                    td.number data-label=(column(t, "staff")) { (sums.staff) }
                    td.went { (went(t, &sums)) }
                    td data-label=(column(t, "complete")) {
                        (t.get("views-of", &[("part", complete), ("all", lines.len())]))
                        @if sums.waiting > 0 { " " span.awaiting_sync { (t.word("shape-awaiting_sync")) } " " (t.get("pages-devices-missing", &[("devices", sums.waiting)])) }
                    }
                }
            } }
        }
    }
}

/// What the sums of schools come to together; statuses of those only of which the viewer may know them.
fn added(lines: &[&Line]) -> Summary {
    let mut all = Summary::default();
    for (line, sums) in lines.iter().filter_map(|line| Some((line, line.sums.as_ref()?))) {
        all.staff += sums.staff;
        all.waiting += sums.waiting;
        all.unequipped += sums.unequipped;
        if line.sight.sums {
            all.flagged += sums.flagged;
            sums.statuses.iter().for_each(|(status, count)| *all.statuses.entry(*status).or_default() += count);
        }
    }
    all
}

/// The groups of a county, in the order in which the county wrote them.
pub(super) struct Groups {
    names: BTreeMap<(u64, GroupId), String>,
    keys: BTreeMap<GroupId, (u64, GroupId)>,
    of_township: BTreeMap<String, (u64, GroupId)>,
}

/// A group with its schools; without a group come the schools that belong to none.
pub(super) type Part<'a> = (Option<GroupId>, String, Vec<&'a Line>);

impl Groups {
    /// The groups that the county's documents name.
    pub fn of(county: &CountyFacts) -> Self {
        let mut groups = Groups { names: BTreeMap::new(), keys: BTreeMap::new(), of_township: BTreeMap::new() };
        for view in county.views() {
            for (id, row) in &view.groups {
                let key = *groups.keys.entry(*id).or_insert((row.now.source.entry.seq, *id));
                groups.names.entry(key).or_insert_with(|| row.now.value.name.clone());
                for township in &row.now.value.townships {
                    groups.of_township.entry(township.clone()).or_insert(key);
                }
            }
        }
        groups
    }

    /// A group's name.
    pub fn name(&self, group: GroupId) -> Option<&str> {
        self.names.get(self.keys.get(&group)?).map(String::as_str)
    }

    /// The group of a school: by membership, else the one that is responsible for its township.
    pub fn of_school(&self, place: &SchoolRow) -> Option<GroupId> {
        self.key(place).map(|(_, group)| group)
    }

    fn key(&self, place: &SchoolRow) -> Option<(u64, GroupId)> {
        let member = place.groups.iter().find_map(|group| self.keys.get(group));
        member.or_else(|| self.of_township.get(&place.township)).copied()
    }

    /// The schools by group, by township and name in each; those without a group last.
    pub fn split<'a>(&self, t: &Texts, lines: impl IntoIterator<Item = &'a Line>) -> Vec<Part<'a>> {
        let mut grouped: BTreeMap<Option<(u64, GroupId)>, Vec<&Line>> = BTreeMap::new();
        for line in lines {
            grouped.entry(self.key(&line.place)).or_default().push(line);
        }
        let rest = grouped.remove(&None);
        let name = |key: &(u64, GroupId)| self.names.get(key).cloned().unwrap_or_default();
        let mut parts: Vec<Part<'a>> = grouped
            .into_iter()
            .map(|(key, lines)| (key.map(|(_, group)| group), key.as_ref().map(name).unwrap_or_default(), lines))
            .collect();
        parts.extend(rest.map(|lines| (None, t.word("pages-no-group").into_owned(), lines)));
        for (.., lines) in &mut parts {
            lines.sort_by(|a, b| (&a.place.township, &a.place.name).cmp(&(&b.place.township, &b.place.name)));
        }
        parts
    }
}

/// Where a group is.
pub(super) fn group_address(group: GroupId, date: Date) -> String {
    format!("/groups/{group}?day={date}")
}

/// Where a township is.
pub(super) fn township_address(name: &str, date: Date) -> String {
    format!("/townships/{}?day={date}", part(name))
}

/// The townships of these schools with their schools.
pub(super) fn townships<'a>(
    lines: impl IntoIterator<Item = &'a Line>,
    date: Date,
) -> Vec<(String, Option<String>, Vec<&'a Line>)> {
    let mut found: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        found.entry(&line.place.township).or_default().push(line);
    }
    found.into_iter().map(|(name, lines)| (name.to_owned(), Some(township_address(name, date)), lines)).collect()
}

/// The schools of which the viewer may know how days went.
pub(super) fn known(lines: &[Line]) -> BTreeSet<SchoolId> {
    lines.iter().filter(|line| line.sight.sums).map(|line| line.id).collect()
}

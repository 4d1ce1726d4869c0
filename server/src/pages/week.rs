//! A school's week: staff by days, a reason behind every cell; below it the week of after-school service.

use std::collections::BTreeSet;

use axum::extract::{Extension, Path};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::ids::{ActorId, Label, SchoolId};
use sanji_core::records::Session;
use sanji_core::review::{Cell, ServiceReview};
use sanji_core::rules::{DayResult, DayVerdict, Finding, Status, monday_of, parse_week, staff_week, week_name};
use sanji_core::sync::relay::book::Book;
use sanji_core::texts::Texts;
use sanji_core::time::{Minutes, UtcSecs};

use super::access::{Sight, Viewer};
use super::cell::{COUNTED, Face, Why, face, finding, reasons};
use super::publish::{self, Tried};
use super::shell::{Ask, Page, as_of, column};
use super::{PageError, Pages, SharedPages, export, person, roster, service, settings, today};
use crate::projector::board::{Board, Days, Staff};
use crate::store::ReadLedger;
use crate::tables::Knows;
use crate::tables::attendance::Attendance;
use crate::tables::book::content;
use crate::tables::period::Period;

/// The week that holds today.
pub(super) async fn now(Path(school): Path<String>, ask: Ask, viewer: Viewer) -> Response {
    match school.parse::<SchoolId>() {
        Ok(school) => Redirect::to(&address(school, ask.now.date())).into_response(),
        Err(_) => ask.failed(Some(&viewer), &PageError::NotFound),
    }
}

/// Where the week of a school that holds `date` is.
pub(super) fn address(school: SchoolId, date: Date) -> String {
    format!("/schools/{school}/{}", week_name(date))
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Path((school, week)): Path<(String, String)>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let named = school.parse().ok().zip(parse_week(&week));
    let page = match named {
        Some(week) => look(&pages, &ask, &viewer, week, None).await,
        None => Err(PageError::NotFound),
    };
    ask.answer(&viewer, page)
}

/// The page of a school's week, with what was tried on it and didn't come to pass.
pub(super) async fn look(
    pages: &SharedPages,
    ask: &Ask,
    viewer: &Viewer,
    week: (SchoolId, Date),
    tried: Option<Tried>,
) -> Result<Page, PageError> {
    let (asked, looking) = (ask.clone(), viewer.clone());
    pages.read(move |pages, store| build(pages, store, &asked, &looking, week, tried.as_ref())).await
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    (school, monday): (SchoolId, Date),
    tried: Option<&Tried>,
) -> Result<Page, PageError> {
    let days = Days::week(monday);
    let sight = sight(pages, store, viewer, school, days)?;
    let board = Board::load(&pages.kept, store, school, days)?.ok_or(PageError::NotFound)?;
    let week = Week::judge(&board, ask, &sight, ask.now);
    let publication = publish::section(pages, store, ask, (viewer, &sight), &board, tried)?;
    Ok(Page {
        title: format!("{} {}", board.school.name, week.title()),
        lead: week.lead(),
        body: html! {
            (week.turn())
            (looked_after(ask.texts(), viewer, school))
            @if tried.is_some() { (publication) }
            @if sight.cells || !sight.own.is_empty() { (week.table(viewer)) } @else { (week.sums()) }
            @if tried.is_none() { (publication) }
            @if sight.cells || !sight.own.is_empty() { (week.service()) (export::links(ask.texts(), school, Period::Week(monday))) }
        },
        query: String::new(),
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

/// Where the school's head goes on from a week: staff and settings.
fn looked_after(t: &Texts, viewer: &Viewer, school: SchoolId) -> Markup {
    html! {
        @if viewer.heads() == Some(school) { p.links {
            a href=(roster::address(school)) { (t.word("roster")) } " "
            a href=(settings::address(school)) { (t.word("settings-school")) }
        } }
    }
}

/// What the viewer may see of a school; `NotFound` if it is nothing, or there is no such school.
pub(crate) fn sight(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    viewer: &Viewer,
    school: SchoolId,
    days: Days,
) -> Result<Sight, PageError> {
    let place = Book::new(pages.kept.relay().county(), store).school(school).map_err(PageError::from)?;
    let mut sight = viewer.sight(school, &place.ok_or(PageError::NotFound)?, days);
    let here = crate::projector::board::postings_of(store, viewer.person)?;
    sight.own.retain(|own| here.iter().any(|one| one.posting == *own && one.school == school));
    // Marks alone are the devices page.
    let any = sight.sums || sight.cells || !sight.own.is_empty();
    if any { Ok(sight) } else { Err(PageError::NotFound) }
}

/// A judged week.
pub(super) struct Week<'a> {
    t: &'a Texts,
    ask: &'a Ask,
    board: &'a Board,
    sight: &'a Sight,
    /// Each member of staff with the seven cells.
    pub(super) rows: Vec<(&'a Staff, Vec<Option<Cell>>)>,
}

impl<'a> Week<'a> {
    pub(super) fn judge(board: &'a Board, ask: &'a Ask, sight: &'a Sight, now: UtcSecs) -> Self {
        let seen = board.staff.iter().filter(|one| sight.sums || sight.cells_of(one.posting));
        let cells = |one| week_days(board.days.first).map(|date| board.cell(one, date, now)).collect();
        Week { t: ask.texts(), ask, board, sight, rows: seen.map(|one| (one, cells(one))).collect() }
    }

    pub(super) fn title(&self) -> String {
        let days = self.board.days;
        let week = week_name(days.first);
        let number = week.rsplit('W').next().unwrap_or_default().trim_start_matches('0');
        self.t.get(
            "pages-week-title",
            &[("week", number.to_owned()), ("from", self.t.date(days.first)), ("to", self.t.date(days.last))],
        )
    }

    fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flat_map(|(_, cells)| cells).flatten()
    }

    /// The sentence: how the judged days went, and what is missing.
    pub(super) fn lead(&self) -> String {
        let t = self.t;
        let verdicts: Vec<&DayVerdict> = self.cells().filter_map(verdict).collect();
        let counts = staff_week(verdicts.iter().copied()).days;
        let counted = COUNTED.iter().filter_map(|status| counts.get(status).map(|count| (*status, *count)));
        let part = |status: Status, count| t.get(&format!("pages-count-{}", status.code()), &[("count", count)]);
        let parts: Vec<(u32, String)> = counted.map(|(status, count)| (count, part(status, count))).collect();
        let judged: u32 = parts.iter().map(|(count, _)| count).sum();
        let parts: Vec<String> = parts.into_iter().map(|(_, part)| part).collect();
        let first = match (judged, verdicts.is_empty()) {
            (_, true) => t.word("pages-week-nothing").into_owned(),
            (0, _) => t.word("pages-week-not-begun").into_owned(),
            _ => {
                let parts = parts.join(t.word("pages-and").as_ref());
                t.get("pages-week-lead", &[("days", judged.to_string()), ("parts", parts)])
            }
        };
        let waiting: BTreeSet<ActorId> = self
            .cells()
            .filter(|cell| verdict(cell).is_some_and(|v| v.end.is_some_and(|end| end <= self.ask.now)))
            .flat_map(|cell| cell.waits.iter().map(|wait| wait.actor))
            .collect();
        let second = match waiting.len() {
            0 => t.word("pages-week-complete").into_owned(),
            n => t.get("pages-week-waiting", &[("devices", n)]),
        };
        if judged == 0 { first } else { first + &second }
    }

    /// Earlier and later weeks.
    fn turn(&self) -> Markup {
        let school = self.board.school.school;
        let monday = self.board.days.first;
        let to = |days: i64| address(school, monday.saturating_add(days.days()));
        let this = monday_of(self.ask.now.date());
        html! {
            nav.turn {
                a rel="prev" href=(to(-7)) { "← " (self.t.word("pages-week-before")) }
                @if monday != this { a href=(address(school, this)) { (self.t.word("pages-week-this")) } }
                a rel="next" href=(to(7)) { (self.t.word("pages-week-after")) " →" }
                @if self.sight.cells { a href=(today::address(school)) { (self.t.word("views-today")) } }
            }
        }
    }

    fn table(&self, viewer: &Viewer) -> Markup {
        let t = self.t;
        let calendar = self.board.county().calendar();
        html! {
            table.week {
                thead { tr {
                    th scope="col" { (t.word("pages-name-column")) }
                    @for date in week_days(self.board.days.first) {
                        th scope="col" class=[(!calendar.is_school_day(date)).then_some("rest")] {
                            span.weekday { (t.weekday(date)) } " " span.date { (date.month()) "-" (date.day()) }
                        }
                    }
                    th.sum scope="col" { (t.word("pages-sum-column")) }
                } }
                tbody {
                    @for (one, cells) in self.rows.iter().filter(|(one, _)| self.sight.cells_of(one.posting)) {
                        tr class=[viewer.is(one).then_some("own")] {
                            th scope="row" {
                                @if self.sight.entries_of(one.posting) { a href=(person::address(one.posting)) { (name(t, one)) } } @else { (name(t, one)) }
                                @if viewer.is(one) { " " span.self-mark { (t.word("pages-own")) } }
                            }
                            @for (cell, date) in cells.iter().zip(week_days(self.board.days.first)) {
                                (self.cell(one, date, cell.as_ref(), viewer))
                            }
                            td.sum { (self.sum(cells)) }
                        }
                    }
                }
            }
        }
    }

    fn cell(&self, one: &Staff, date: Date, cell: Option<&Cell>, viewer: &Viewer) -> Markup {
        let t = self.t;
        let Some(cell) = cell else { return html! { td.none { span.sr { (t.word("pages-no-posting")) } } } };
        let flagged = self.board.flagged.get(&(one.posting, date)).copied().unwrap_or(0);
        let why = Why {
            t,
            county: self.board.county(),
            school: &self.board.school,
            flagged,
            leave_kinds: self.sight.leave_kinds || viewer.is(one),
            no_device: self.board.devices(one.person).is_empty(),
        };
        let Face { class, .. } = face(t, cell);
        let quiet = matches!(verdict(cell).map(|v| v.status), Some(Status::RestDay | Status::Upcoming));
        let empty =
            quiet && cell.undecided == 0 && flagged == 0 && verdict(cell).is_some_and(|v| v.findings.is_empty());
        html! {
            td class=(class) data-day=(t.weekday(date)) {
                @if empty { (face(t, cell).show()) } @else {
                    details name="cell" {
                        summary {
                            (face(t, cell).show())
                            @if flagged > 0 { span.mark.flagged title=(t.get("pages-flagged-here", &[("count", flagged)])) { (t.word("shape-flagged")) } }
                            @if cell.undecided > 0 || cell.conflict { span.mark title=(t.word("pages-mark-open")) { "…" } }
                        }
                        div.why {
                            p.who { (one.name) " " (t.day(date)) }
                            (reasons(&why, cell))
                            @if self.sight.entries_of(one.posting) {
                                p { a href=(format!("/postings/{}/{date}", one.posting)) { (t.word("pages-to-day")) } }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The sums of a row: days, time, what is short.
    pub(super) fn sum(&self, cells: &[Option<Cell>]) -> Markup {
        let t = self.t;
        let sums = Attendance::of(cells.iter().flatten(), Knows { leave_kinds: false });
        html! {
            span.days { (t.get("pages-sum-days", &[("present", sums.present_days), ("days", sums.required_days)])) }
            " " span.time { (t.duration(Minutes(sums.office_minutes))) }
            @if sums.short_minutes > 0 { " " span.short { (t.get("pages-sum-short", &[("length", t.duration(Minutes(sums.short_minutes)))])) } }
        }
    }

    /// The week as numbers, for those who may see sums only.
    fn sums(&self) -> Markup {
        let t = self.t;
        let days: Vec<Date> = week_days(self.board.days.first).collect();
        let count = |status: Status, at: usize| {
            let cells = self.rows.iter().filter_map(|(_, cells)| cells[at].as_ref());
            cells.filter(|cell| verdict(cell).is_some_and(|v| v.status == status)).count()
        };
        html! {
            table.sums {
                thead { tr { th {} @for date in &days { th scope="col" { (t.weekday(*date)) " " span.date { (date.month()) "-" (date.day()) } } } } }
                tbody { @for status in COUNTED { tr {
                    th scope="row" class=(status.code()) { (t.status(status)) }
                    @for at in 0..days.len() { td { (count(status, at)) } }
                } } }
            }
        }
    }

    fn service(&self) -> Markup {
        let t = self.t;
        let Some(review) = self.board.service(self.board.days.first) else { return html! {} };
        html! {
            section.list.service {
                h2 { (t.word("service")) }
                p.lead { (service_lead(t, &review)) }
                p { a href=(service::address(self.board.school.school, Label::term_of(self.board.days.first))) { (t.word("works-service-term")) } }
                @if !review.week.days.is_empty() {
                    table { thead { tr { th scope="col" { (t.word("pages-day-column")) } th scope="col" { (t.word("pages-minutes-column")) } th scope="col" { (t.word("pages-finding-column")) } } }
                        tbody { @for day in &review.week.days { tr {
                            th scope="row" { (t.day(day.date)) }
                            td.number { (t.duration(day.minutes)) }
                            td { @match &day.finding {
                                Some(found) => { span.irregular { (t.word("shape-irregular")) } " " (finding(t, found)) },
                                None => { span.present { (t.word("shape-present")) } " " (t.word("pages-service-covered")) },
                            } }
                        } } }
                    }
                }
                @if !review.sessions.is_empty() {
                    table { thead { tr { @for key in ["day", "time", "content", "instructors", "pupils", "finding"] { th scope="col" { (column(t, key)) } } } }
                        tbody { @for (fact, found) in review.sessions.iter().zip(&review.week.sessions) {
                            (self.session(&fact.row.now.value, found, fact.row.in_conflict()))
                        } }
                    }
                }
            }
        }
    }

    fn session(&self, session: &Session, found: &[Finding], conflict: bool) -> Markup {
        let t = self.t;
        let led = instructors(t, self.board, session);
        html! { tr {
            th scope="row" { (t.day(session.date)) }
            td.number { (clock(session.start)) "–" (clock(session.end)) }
            td { (content(t, self.board, session.date, session.content.name())) }
            td { (led.join("、")) }
            td.number data-label=(column(t, "pupils")) { @if let Some(pupils) = session.pupils { (pupils) } }
            td {
                @for one in found { p { (finding(t, one)) } }
                @if conflict { p.conflict { (t.word("conflict")) } }
            }
        } }
    }
}

fn service_lead(t: &Texts, review: &ServiceReview<'_>) -> String {
    match (review.plan, review.week.days.len()) {
        (false, _) => t.word("pages-service-no-plan").into_owned(),
        (true, 0) => t.word("pages-service-no-days").into_owned(),
        (true, days) => t.get("pages-service-lead", &[("covered", review.week.days_covered()), ("days", days)]),
    }
}

fn verdict(cell: &Cell) -> Option<&DayVerdict> {
    match &cell.result {
        DayResult::Judged(verdict) => Some(verdict),
        DayResult::NotInForce(_) => None,
    }
}

/// The seven days from a Monday.
pub(super) fn week_days(monday: Date) -> impl Iterator<Item = Date> {
    (0..7i64).map(move |offset| monday.saturating_add(offset.days()))
}

/// The names of those who led a session, as far as they are known.
pub(super) fn instructors(t: &Texts, board: &Board, session: &Session) -> Vec<String> {
    let name =
        |posting| board.staff.iter().find(|one| one.posting == posting).map_or(String::new(), |one| one.name.clone());
    let led = session.instructors.iter().map(|one| match one.posting {
        Some(posting) => name(posting),
        None => t.get("pages-outside", &[("name", one.name.clone().unwrap_or_default())]),
    });
    led.filter(|name| !name.is_empty()).collect()
}

/// `16:00`.
pub(super) fn clock(time: jiff::civil::Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// The name of a member of staff; a newcomer whose roster row hasn't arrived has none yet.
pub(super) fn name(t: &Texts, one: &Staff) -> String {
    if one.name.is_empty() { t.word("pages-unnamed").into_owned() } else { one.name.clone() }
}

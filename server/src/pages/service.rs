//! A school's after-school service over a term: the plan against what was delivered, a calendar of its days, the sessions of
//! a week, and what each person led. Numbers of pupils only, never names.

use std::collections::BTreeMap;

use axum::extract::{Extension, Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::documents::facts::{Decided, Row, Sourced};
use sanji_core::documents::register::{PlanFact, Register, SessionFact};
use sanji_core::ids::{DocId, Label, PersonId, SchoolId};
use sanji_core::records::{EntryRef, Session};
use sanji_core::review::ServiceReview;
use sanji_core::rules::{Finding, monday_of, parse_week, voids, week_name};
use sanji_core::texts::{Arg, Texts};
use sanji_core::time::Minutes;
use serde::Deserialize;

use super::access::Viewer;
use super::cell::finding;
use super::form::Draft;
use super::said::person_name;
use super::shell::{Ask, Page, as_of, column};
use super::week::{self, clock, instructors, week_days};
use super::{PageError, Pages, SharedPages, plan_review};
use crate::projector::board::Board;
use crate::store::ReadLedger;
use crate::tables::book::content;
use crate::tables::days::Found;
use crate::tables::period::Period;
use crate::tables::service::{Day, Service, Workload};

/// What the address says besides the term.
#[derive(Deserialize)]
pub(super) struct Asked {
    week: Option<String>,
}

/// The current term.
pub(super) async fn now(Path(school): Path<String>, ask: Ask, viewer: Viewer) -> Response {
    match school.parse::<SchoolId>() {
        Ok(school) => Redirect::to(&address(school, Label::term_of(ask.now.date()))).into_response(),
        Err(_) => ask.failed(Some(&viewer), &PageError::NotFound),
    }
}

/// Where the service of a school in a term is.
pub(super) fn address(school: SchoolId, term: Label) -> String {
    format!("/schools/{school}/service/{term}")
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Path((school, term)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let named = school.parse().ok().zip(term.parse().ok());
    let week = asked.week.as_deref().map(|week| parse_week(week).ok_or(PageError::NotFound)).transpose();
    let page = match (named, week) {
        (Some((school, Period::Term(term))), Ok(week)) => {
            look(&pages, &ask, &viewer, (school, term), week, Draft::default()).await
        }
        _ => Err(PageError::NotFound),
    };
    ask.answer(&viewer, page)
}

/// The page, with what was typed in a plan's review.
pub(super) async fn look(
    pages: &SharedPages,
    ask: &Ask,
    viewer: &Viewer,
    (school, term): (SchoolId, Label),
    week: Option<Date>,
    review: Draft,
) -> Result<Page, PageError> {
    let (asking, looking) = (ask.clone(), viewer.clone());
    pages.read(move |pages, store| build(pages, store, &asking, &looking, (school, term), week, &review)).await
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    (school, term): (SchoolId, Label),
    week: Option<Date>,
    review: &Draft,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let period = Period::Term(term);
    let days = period.days();
    let sight = week::sight(pages, store, viewer, school, days)?;
    if !sight.cells && sight.own.is_empty() {
        return Err(PageError::NotFound);
    }
    let board = Board::of_service(&pages.kept, store, school, days)?.ok_or(PageError::NotFound)?;
    let register = Register::of(&pages.kept.relay().journal(store, DocId::register(school, days.first))?.fold());
    let service = Service::of(&board);
    let today = ask.now.date();
    let chosen = week.unwrap_or_else(|| monday_of(today.clamp(days.first, days.last)));
    let mut names: BTreeMap<PersonId, String> = BTreeMap::new();
    let written = register.sessions.iter().flat_map(|one| one.row.all_now().chain(&one.row.before));
    for person in written.filter_map(|said| said.source.author.person) {
        if !names.contains_key(&person)
            && let Some(name) = person_name(store, person)?
        {
            names.insert(person, name);
        }
    }
    let shown = Shown { t, board: &board, register: &register, service: &service, names, term, today };
    Ok(Page {
        title: t.get("works-service-title", &[("school", board.school.name.clone()), ("period", period.title(t))]),
        lead: shown.lead(),
        body: html! {
            (shown.turn())
            (shown.plans(|plan| html! { @if sight.reviews { (plan_review::form(t, viewer, &address(school, term), plan, review)) } }))
            (shown.calendar(chosen))
            (shown.week(chosen))
            (shown.contents())
            (shown.workload())
            p.links {
                a href=(week::address(school, chosen)) { (t.word("works-to-week")) } " "
                a href=(format!("/schools/{school}/{term}/export.xlsx")) download="" { (t.word("export")) " XLSX" } " "
                @for table in ["service", "sessions", "workload"] {
                    a href=(format!("/schools/{school}/{term}/export.csv?table={table}")) download="" { (t.word(&format!("export-{table}"))) " CSV" } " "
                }
            }
        },
        query: week.map_or(String::new(), |week| format!("week={}", week_name(week))),
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

/// A school's service as its page shows it.
struct Shown<'a> {
    t: &'a Texts,
    board: &'a Board,
    register: &'a Register,
    service: &'a Service,
    names: BTreeMap<PersonId, String>,
    term: Label,
    today: Date,
}

impl Shown<'_> {
    /// The days on which service was owed that are over, or already have a session.
    fn past(&self) -> impl Iterator<Item = &Day> {
        self.service.days.iter().filter(|day| day.date < self.today || day.date == self.today && day.minutes > 0)
    }

    /// `方案已备案;到今天的 5 个上学日中 3 天达到要求,合计 8小时30分。`
    fn lead(&self) -> String {
        let t = self.t;
        let (days, covered) = (self.past().count(), self.past().filter(|day| day.finding.is_none()).count());
        let minutes: u32 = self.past().map(|day| day.minutes).sum();
        let found = self.service.sessions.iter().filter(|held| !held.findings.is_empty()).count();
        let mut lead = match (self.service.plan, days) {
            (false, _) => t.word("pages-service-no-plan").into_owned(),
            (true, 0) => t.word("works-service-not-begun").into_owned(),
            (true, _) => t.get(
                "works-service-lead",
                &[
                    ("days", Arg::from(days)),
                    ("covered", covered.into()),
                    ("length", t.duration(Minutes(minutes)).into()),
                ],
            ),
        };
        if found > 0 {
            lead += &t.get("works-service-found", &[("count", found)]);
        }
        lead
    }

    fn turn(&self) -> Markup {
        let (school, (first, last)) = (self.board.school.school, self.term.days());
        let before = Label::term_of(first.saturating_sub(1.day()));
        let after = Label::term_of(last.saturating_add(1.day()));
        html! {
            nav.turn {
                a rel="prev" href=(address(school, before)) { "← " (self.t.word("works-term-before")) }
                a rel="next" href=(address(school, after)) { (self.t.word("works-term-after")) " →" }
            }
        }
    }

    /// The plans, each with the form by which it is reviewed.
    fn plans(&self, form: impl Fn(&PlanFact) -> Markup) -> Markup {
        let t = self.t;
        html! {
            @for plan in &self.register.plans { section.plan {
                @let said = plan.filed.as_ref().unwrap_or(&plan.row.now);
                p {
                    (self.filed(plan)) " "
                    (t.get("works-plan-days", &[("from", t.date(said.value.from)), ("to", t.date(said.value.to))]))
                    @if !said.value.projects.is_empty() { " · " (said.value.projects.join("、")) }
                }
                @if let Some(text) = &said.value.text { p.kind { (text) } }
                @if plan.conflict { p.conflict { (t.word("conflict")) } }
                @for reason in plan.reviews.iter().filter_map(|said| said.value.reason.as_deref()) { p.note { (reason) } }
                (form(plan))
            } }
        }
    }

    /// Whether a plan is filed: shape and word.
    fn filed(&self, plan: &PlanFact) -> Markup {
        let (shape, key) = match (&plan.filed, plan.review) {
            (Some(filed), _) if filed.source.entry == plan.row.now.source.entry => ("present", "filed"),
            (Some(_), _) => ("present", "filed-changed"),
            (None, Decided::Refused) => ("irregular", "refused"),
            (None, _) => ("in_progress", "waits"),
        };
        html! { span class=(shape) { (self.t.word(&format!("shape-{shape}"))) " " (self.t.word(&format!("works-plan-{key}"))) } }
    }

    /// Weeks by days: how long, and what is wrong.
    fn calendar(&self, chosen: Date) -> Markup {
        let t = self.t;
        let days: BTreeMap<Date, &Day> = self.service.days.iter().map(|day| (day.date, day)).collect();
        let held = self.service.sessions.iter().map(|held| held.date);
        let known: Vec<Date> =
            days.keys().copied().filter(|day| *day <= self.today).chain(held).map(monday_of).collect();
        let (first, last) = (known.iter().min(), known.iter().max());
        let Some((first, last)) = first.zip(last) else { return html! {} };
        let mondays = std::iter::successors(Some(*first), |monday| monday.checked_add(7.days()).ok());
        html! {
            h2 { (t.word("works-calendar")) }
            table.term {
                thead { tr {
                    th scope="col" { (t.word("period-week")) }
                    @for day in week_days(*first).take(5) { th scope="col" { (t.weekday(day)) } }
                } }
                tbody { @for monday in mondays.take_while(|monday| monday <= last) { tr class=[(monday == chosen).then_some("own")] {
                    th scope="row" {
                        a href=(format!("{}?week={}#week", address(self.board.school.school, self.term), week_name(monday))) {
                            (monday.month()) "-" (monday.day())
                        }
                    }
                    @for date in week_days(monday).take(5) { (self.day(date, days.get(&date).copied())) }
                } } }
            }
        }
    }

    fn day(&self, date: Date, day: Option<&Day>) -> Markup {
        let t = self.t;
        let weekday = t.weekday(date);
        let session = self.service.sessions.iter().any(|held| held.date == date);
        let (class, word) = match day {
            Some(day) if date >= self.today && day.minutes == 0 => ("upcoming", String::new()),
            Some(Day { finding: None, .. }) => ("present", String::new()),
            Some(Day { finding: Some(found), .. }) => ("irregular", self.found(found)),
            None if session => ("in_progress", t.word("works-no-plan-day").into_owned()),
            None => return html! { td.none data-day=(weekday) { span.sr { (t.word("works-nothing-owed")) } } },
        };
        html! {
            td class=(class) data-day=(weekday) {
                span.shape { (t.word(&format!("shape-{class}"))) }
                @if let Some(day) = day.filter(|day| day.minutes > 0) { " " span.number { (t.duration(Minutes(day.minutes))) } }
                @if !word.is_empty() { " " span.word { (word) } }
            }
        }
    }

    fn found(&self, found: &Found) -> String {
        self.t.get(&format!("finding-{}", found.code), &[("minutes", found.minutes.unwrap_or_default())])
    }

    fn week(&self, monday: Date) -> Markup {
        let t = self.t;
        let Some(review) = self.board.service(monday) else { return html! {} };
        let (from, to) = (t.date(monday), t.date(monday.saturating_add(6.days())));
        html! {
            section.list.service id="week" {
                h2 { (t.get("works-week", &[("from", from), ("to", to)])) }
                @if review.sessions.is_empty() { p.note { (t.word("works-no-sessions")) } } @else { (self.sessions(&review)) }
            }
        }
    }

    fn sessions(&self, review: &ServiceReview<'_>) -> Markup {
        let t = self.t;
        html! {
            table {
                thead { tr { @for key in ["day", "time", "content", "instructors", "pupils", "handover", "finding"] { th scope="col" { (column(t, key)) } } } }
                tbody { @for (fact, found) in review.sessions.iter().zip(&review.week.sessions) {
                    (self.session(&fact.row.now.value, found, self.full(fact.row.now.source.entry)))
                } }
            }
        }
    }

    /// The session with its past, as its document holds it.
    fn full(&self, entry: EntryRef) -> Option<&SessionFact> {
        self.register.sessions.iter().find(|fact| fact.row.all_now().any(|said| said.source.entry == entry))
    }

    fn session(&self, session: &Session, found: &[Finding], full: Option<&SessionFact>) -> Markup {
        let t = self.t;
        let taken: Vec<String> = full
            .iter()
            .flat_map(|fact| &fact.handovers)
            .map(|said| match said.value.pupils {
                Some(pupils) => t.get("works-handed-over-pupils", &[("pupils", pupils)]),
                None => t.word("works-handed-over").into_owned(),
            })
            .collect();
        html! { tr {
            th scope="row" { (t.day(session.date)) }
            td.number { (clock(session.start)) "–" (clock(session.end)) }
            td { (content(t, self.board, session.date, session.content.name())) @if let Some(project) = &session.project { " " span.kind { (project) } } }
            td { (instructors(t, self.board, session).join("、")) }
            td.number data-label=[session.pupils.map(|_| column(t, "pupils"))] { @if let Some(pupils) = session.pupils { (pupils) } }
            td { @for one in &taken { p { (one) } } }
            td {
                @for one in found { p { span.irregular { (t.word("shape-irregular")) } " " (finding(t, one)) } }
                @if found.iter().any(voids) { p { (t.word("works-not-counted")) } }
                @if let Some(fact) = full { (self.versions(&fact.row)) }
            }
        } }
    }

    /// What stands beside a session, and what stood before it was amended.
    fn versions(&self, row: &Row<Session>) -> Markup {
        let t = self.t;
        let one = |said: &Sourced<Session>| {
            let Session { start, end, pupils, .. } = &said.value;
            let pupils = pupils.map_or(String::new(), |count| {
                format!(" · {}", t.get("servicepage-pupils-count", &[("count", count)]))
            });
            let who = said.source.author.person.and_then(|person| self.names.get(&person)).cloned().unwrap_or_default();
            let what = content(t, self.board, said.value.date, said.value.content.name());
            format!("{}–{} {what}{pupils} · {who} {}", clock(*start), clock(*end), t.moment(said.source.placed.judged))
        };
        html! {
            @if row.in_conflict() {
                p.conflict { (t.word("conflict")) }
                div.beside { @for said in row.by_time() { div { p { (one(said)) } } } }
            }
            @if !row.before.is_empty() {
                details.older {
                    summary { (t.get("works-amended", &[("count", row.before.len())])) }
                    @for said in &row.before { p.past { (one(said)) } }
                }
            }
        }
    }

    /// Plan against delivered, by content.
    fn contents(&self) -> Markup {
        let t = self.t;
        let mut contents: BTreeMap<&str, (u32, u32, Date)> = BTreeMap::new();
        for held in &self.service.sessions {
            let of = contents.entry(held.content).or_insert((0, 0, held.date));
            *of = (of.0 + 1, of.1 + held.minutes, held.date);
        }
        html! {
            @if !contents.is_empty() {
                h2 { (t.word("works-contents")) }
                table.list.works {
                    thead { tr { @for key in ["content", "sessions", "length"] { th scope="col" { (column(t, key)) } } } }
                    tbody { @for (code, (count, minutes, date)) in &contents { tr {
                        th scope="row" { (content(t, self.board, *date, code)) }
                        td.number data-label=(column(t, "sessions")) { (count) }
                        td.number { (t.duration(Minutes(*minutes))) }
                    } } }
                }
            }
        }
    }

    fn workload(&self) -> Markup {
        let t = self.t;
        html! {
            @if !self.service.workload.is_empty() {
                h2 { (t.word("export-workload")) }
                p.note { (t.word("works-workload-note")) }
                table.list.works {
                    thead { tr { @for key in ["name", "sessions", "service-days", "length", "counted"] { th scope="col" { (column(t, key)) } } } }
                    tbody { @for load in &self.service.workload { tr { (self.load(load)) } } }
                }
            }
        }
    }

    fn load(&self, load: &Workload) -> Markup {
        let t = self.t;
        let name = match load.who.posting {
            Some(_) => load.who.name.clone(),
            None => t.get("pages-outside", &[("name", load.who.name.as_str())]),
        };
        html! {
            th scope="row" { (name) }
            td.number data-label=(column(t, "sessions")) { (load.sessions) }
            td.number data-label=(column(t, "service-days")) { (load.days) }
            td.number data-label=(column(t, "length")) { (t.duration(Minutes(load.minutes))) }
            td.number data-label=(column(t, "counted")) { (t.duration(Minutes(load.counted))) }
        }
    }
}

//! One support visit: its plan, what was written in each part, people, observations, pictures, what host and others said, and
//! who wrote what when. Where two people changed one part at the same time, both values stand side by side.

use std::collections::BTreeMap;

use axum::extract::{Extension, Path};
use axum::response::Response;
use maud::{Markup, html};
use sanji_core::documents::facts::{CommentFact, Row, Source, Sourced};
use sanji_core::documents::fold::{Fold, Line};
use sanji_core::documents::visit::{Countersign, Visit};
use sanji_core::ids::{ActorId, DocId, PersonId, PostingId, VisitId};
use sanji_core::records::{Body, EntryRef, Observation, Part, Participant, VisitPlan};
use sanji_core::review::VisitFact;
use sanji_core::texts::{Arg, Texts};

use super::access::Viewer;
use super::said::{kind_word, person_name};
use super::shell::{Ask, Page, as_of, column};
use super::visit_act::{self, Tried};
use super::works::{Places, standing};
use super::{PageError, Pages, SharedPages};
use crate::projector::Store;
use crate::projector::board::posting;
use crate::projector::visits::visit as projected;
use crate::projector::words::state_name;
use crate::store::ReadLedger;
use crate::tables::visits::Names;

/// Where a visit is.
pub(super) fn address(visit: VisitId) -> String {
    format!("/visits/{visit}")
}

pub(super) async fn page(
    Extension(pages): Extension<SharedPages>,
    Path(visit): Path<String>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    let page = match visit.parse() {
        Ok(visit) => look(&pages, &ask, &viewer, visit, None).await,
        Err(_) => Err(PageError::NotFound),
    };
    ask.answer(&viewer, page)
}

/// The page of a visit, with what was tried on it and didn't come to pass.
pub(super) async fn look(
    pages: &SharedPages,
    ask: &Ask,
    viewer: &Viewer,
    visit: VisitId,
    tried: Option<Tried>,
) -> Result<Page, PageError> {
    let (asked, looking) = (ask.clone(), viewer.clone());
    pages.read(move |pages, store| build(pages, store, &asked, &looking, visit, tried.as_ref())).await
}

/// A visit that the viewer may read, and the county's places.
///
/// # Errors
/// [`PageError::NotFound`] if there is none, or it isn't for the viewer.
pub(crate) fn readable(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    viewer: &Viewer,
    visit: VisitId,
) -> Result<(VisitFact, Places), PageError> {
    let fact = projected(store, visit)?.ok_or(PageError::NotFound)?;
    let today = fact.date();
    let places = Places::load(pages, store, today)?;
    if viewer.reads_visit(&fact, &places.schools) { Ok((fact, places)) } else { Err(PageError::NotFound) }
}

/// A visit with the names of all whom it names.
pub(super) struct Dossier<'a> {
    t: &'a Texts,
    pub(super) fact: &'a VisitFact,
    pub(super) visit: &'a Visit,
    names: Names,
    numbers: BTreeMap<EntryRef, u64>,
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    visit: VisitId,
    tried: Option<&Tried>,
) -> Result<Page, PageError> {
    let t = ask.texts();
    let (fact, places) = readable(pages, store, viewer, visit)?;
    let journal = pages.kept.relay().journal(store, fact.doc)?;
    let fold = journal.fold();
    let folded = Visit::of(&fold);
    let mut names = places.names(store, [&fact])?;
    learn(store, &mut names, &fold, &folded)?;
    let numbers = numbers(store, fact.doc)?;
    let dossier = Dossier { t, fact: &fact, visit: &folded, names, numbers };
    let acts = visit_act::forms(pages, store, ask, viewer, &dossier, tried)?;
    let kind = t.word(&format!("visit-{}", fact.kind.name())).into_owned();
    let host = dossier.names.school(fact.host).name;
    Ok(Page {
        title: t.get("works-visit-title", &[("kind", kind), ("host", host), ("day", t.day(fact.date()))]),
        lead: dossier.lead(),
        body: html! {
            (dossier.facts())
            (dossier.parts())
            (dossier.observed())
            (dossier.pictures())
            (dossier.said())
            (acts)
            (dossier.history(&fold))
        },
        query: String::new(),
        as_of: Some(as_of(pages, store, ask.now)?),
    })
}

/// Adds the names of writers, participants and those with whom the visit was shared.
pub(crate) fn learn(store: &impl Store, names: &mut Names, fold: &Fold<'_>, visit: &Visit) -> Result<(), PageError> {
    let authors = fold.lines().iter().filter_map(|line| line.item().author.person);
    let planned = visit.plan.iter().flat_map(Row::all_now).flat_map(|plan| plan.value.visitors.iter().copied());
    let there = visit.people.iter().flat_map(Row::all_now).flat_map(|list| &list.value.people);
    let people: Vec<PersonId> = authors.chain(planned).chain(there.filter_map(|one| one.person)).collect();
    for person in people {
        if !names.people.contains_key(&person)
            && let Some(name) = person_name(store, person)?
        {
            names.people.insert(person, name);
        }
    }
    let named = visit.plan.iter().flat_map(Row::all_now).flat_map(|plan| plan.value.teachers.iter().copied());
    for teacher in visit.shared_with().into_iter().chain(named) {
        if let Some(one) = posting(store, teacher)? {
            names.postings.insert(teacher, one.name);
        }
    }
    Ok(())
}

/// The log number of each entry of a document.
fn numbers(store: &impl Store, doc: DocId) -> Result<BTreeMap<EntryRef, u64>, PageError> {
    let sql = "SELECT actor, seq, hash, n FROM view_entry WHERE doc = ?1";
    let mut statement = store.sql().prepare_cached(sql)?;
    let rows = statement.query_map([&doc.to_bytes()[..]], |row| {
        let hash: [u8; 32] = row.get(2)?;
        let mut short = [0; 8];
        short.copy_from_slice(&hash[..8]);
        let seq = row.get::<_, i64>(1)?.cast_unsigned();
        Ok((EntryRef { actor: ActorId(row.get(0)?), seq, hash: short }, row.get::<_, i64>(3)?.cast_unsigned()))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A text of somebody's, line by line.
fn text(words: &str) -> Markup {
    html! { @for line in words.lines().filter(|line| !line.trim().is_empty()) { p { (line) } } }
}

impl Dossier<'_> {
    fn person(&self, person: Option<PersonId>) -> String {
        let known = person.and_then(|person| self.names.people.get(&person)).filter(|name| !name.is_empty());
        known.cloned().unwrap_or_else(|| self.t.word("pages-somebody").into_owned())
    }

    fn teacher(&self, posting: PostingId) -> String {
        let known = self.names.postings.get(&posting).filter(|name| !name.is_empty());
        known.cloned().unwrap_or_else(|| self.t.word("pages-unnamed").into_owned())
    }

    /// `王甲 3月4日 10:20`.
    fn by(&self, source: &Source) -> Markup {
        html! { p.since { (self.person(source.author.person)) " " (self.t.moment(source.placed.judged)) } }
    }

    /// Values that hold: one as it is; several side by side, for people to decide.
    fn beside<T>(&self, row: &Row<T>, show: impl Fn(&T) -> Markup) -> Markup {
        let one = |said: &Sourced<T>| html! { div { (show(&said.value)) (self.by(&said.source)) } };
        html! {
            @if row.in_conflict() {
                p.conflict { (self.t.word("conflict")) }
                div.beside { @for said in row.by_time() { (one(said)) } }
            } @else { (one(&row.now)) }
        }
    }

    /// `3月4日 周三,王甲、李乙到可乐小学,用时1小时20分;计划、记录已写,还没有措施、总结。接待学校已签字。`
    fn lead(&self) -> String {
        let (t, fact) = (self.t, self.fact);
        let who: Vec<String> = self.names.visitors(fact).cloned().collect();
        let who = if who.is_empty() { t.word("pages-somebody").into_owned() } else { who.join("、") };
        let args = [("day", t.day(fact.date())), ("who", who), ("host", self.names.school(fact.host).name)];
        let mut lead = t.get(&format!("works-visit-{}", fact.state().code()), &args);
        if let Some(minutes) = fact.minutes {
            lead += &t.get("works-visit-took", &[("length", t.duration(minutes))]);
        }
        let (written, missing): (Vec<&Part>, Vec<&Part>) =
            Part::ALL.iter().partition(|part| self.visit.parts.contains_key(part));
        let list = |parts: &[&Part]| -> String {
            let words: Vec<String> =
                parts.iter().map(|part| t.word(&format!("part-{}", part.name())).into_owned()).collect();
            words.join(t.word("pages-and").as_ref())
        };
        lead += &match (written.is_empty(), missing.is_empty()) {
            (_, true) => t.word("works-parts-all").into_owned(),
            (true, false) => t.word("works-parts-none").into_owned(),
            (false, false) => t.get("works-parts-some", &[("written", list(&written)), ("missing", list(&missing))]),
        };
        lead += t.word(if self.visit.countersigns.is_empty() { "works-unsigned" } else { "works-signed" }).as_ref();
        lead
    }

    fn facts(&self) -> Markup {
        let (t, fact) = (self.t, self.fact);
        html! {
            section.facts {
                p { (standing(t, "visit-state", fact.state().code())) }
                @if let Some(plan) = &self.visit.plan { (self.beside(plan, |plan| self.plan(plan))) }
                @for (key, at) in [("opened", fact.opened), ("closed", fact.closed)] {
                    @if let Some(at) = at { p { (t.get(&format!("works-was-{key}"), &[("when", t.moment(at))])) } }
                }
                @if self.visit.minutes_differ {
                    p.conflict { (t.word("conflict")) }
                    div.beside { @for said in &self.visit.closed { @if let Some(minutes) = said.value.minutes {
                        div { p { (t.duration(minutes)) } (self.by(&said.source)) }
                    } } }
                }
            }
        }
    }

    fn plan(&self, plan: &VisitPlan) -> Markup {
        let t = self.t;
        let school = |id| self.names.school(id).name;
        let teachers: Vec<String> = plan.teachers.iter().map(|one| self.teacher(*one)).collect();
        let visitors: Vec<String> = plan.visitors.iter().map(|one| self.person(Some(*one))).collect();
        let lines = [
            ("visit", t.word(&format!("visit-{}", plan.kind.name())).into_owned()),
            ("day", t.day(plan.date)),
            ("host", school(plan.host)),
            ("from-school", plan.from.map(school).unwrap_or_default()),
            ("group", plan.group.map(|group| self.names.group(group).name).unwrap_or_default()),
            ("field", plan.field.map(|f| t.word(&format!("field-{}", f.name())).into_owned()).unwrap_or_default()),
            ("visitors", visitors.join("、")),
            ("teachers", teachers.join("、")),
        ];
        html! {
            dl.facts { @for (key, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
                dt { (column(t, key)) } dd { (value) }
            } }
        }
    }

    /// The four parts of the archive (GZ 四).
    fn parts(&self) -> Markup {
        let t = self.t;
        html! {
            section.parts {
                @for part in Part::ALL {
                    h2 { (t.word(&format!("part-{}", part.name()))) }
                    @match self.visit.parts.get(part) {
                        Some(row) => { (self.beside(row, |part| text(&part.text))) },
                        None => { p.note { (t.word("works-not-written")) } },
                    }
                }
            }
        }
    }

    fn observed(&self) -> Markup {
        let t = self.t;
        html! {
            @if let Some(people) = &self.visit.people {
                section { h2 { (t.word("works-people")) }
                    (self.beside(people, |list| html! { ul { @for one in &list.people { li { (self.participant(one)) } } } }))
                }
            }
            @if !self.visit.observations.is_empty() {
                section { h2 { (t.word("works-observations")) }
                    @for row in &self.visit.observations { (self.beside(row, |seen| self.observation(seen))) }
                }
            }
        }
    }

    fn participant(&self, one: &Participant) -> Markup {
        let name = match (&one.name, one.person) {
            (Some(name), None) => name.clone(),
            (_, person) => self.person(person),
        };
        html! { (name) @if let Some(duty) = &one.duty { " " span.kind { (duty) } } }
    }

    fn observation(&self, seen: &Observation) -> Markup {
        let t = self.t;
        html! {
            p {
                b { (self.teacher(seen.teacher)) } " " (seen.lesson)
                @if let Some(minutes) = seen.minutes { " " (t.duration(minutes)) }
                @if let Some(grade) = &seen.grade { " · " (t.word("grade")) " " (grade) }
            }
            @if let Some(review) = &seen.review { p.kind { (t.word("review")) } (text(review)) }
        }
    }

    fn pictures(&self) -> Markup {
        let t = self.t;
        html! {
            @if !self.visit.pictures.is_empty() {
                section { h2 { (t.word("works-pictures")) }
                    div.pictures { @for row in &self.visit.pictures { @for said in row.all_now() {
                        @let caption = said.value.caption.clone().unwrap_or_else(|| t.word("works-picture").into_owned());
                        figure {
                            @if let Some(n) = self.numbers.get(&said.source.entry) {
                                a href=(format!("/evidence/{n}")) { img src=(format!("/evidence/{n}")) alt=(caption) loading="lazy"; }
                            }
                            figcaption { (caption) " " (self.by(&said.source)) }
                        }
                    } } }
                }
            }
        }
    }

    /// Notes, the host's signatures, answers of those observed, comments.
    fn said(&self) -> Markup {
        let (t, visit) = (self.t, self.visit);
        let shared: Vec<String> = visit.shared_with().into_iter().map(|one| self.teacher(one)).collect();
        html! {
            @if !visit.notes.is_empty() {
                section { h2 { (t.word("works-notes")) } @for row in &visit.notes { (self.beside(row, |note| text(&note.text))) } }
            }
            section {
                h2 { (t.word("works-countersign")) }
                @if visit.countersigns.is_empty() { p.note { (t.word("works-unsigned")) } }
                @for signed in &visit.countersigns { (self.countersign(signed)) }
            }
            @if !shared.is_empty() || !visit.answers.is_empty() {
                section {
                    h2 { (t.word("works-shared")) }
                    @if !shared.is_empty() { p { (t.get("works-shared-with", &[("names", shared.join("、"))])) } }
                    @for row in &visit.answers { (self.beside(row, |answer| text(&answer.text))) }
                }
            }
            @if !visit.comments.is_empty() {
                section { h2 { (t.word("works-comments")) } @for one in &visit.comments { (self.comment(one)) } }
            }
        }
    }

    fn countersign(&self, signed: &Countersign) -> Markup {
        let t = self.t;
        html! { div.said {
            p { (t.get("works-signed-by", &[("name", Arg::from(self.person(signed.said.source.author.person))), ("when", t.moment(signed.said.source.placed.judged).into()), ("count", signed.seen.len().into())])) }
            @if let Some(words) = &signed.said.value.text { (text(words)) }
            @let (changed, unseen) = (signed.changed.len(), signed.unseen.len());
            @if changed > 0 { p.irregular { (t.get("works-signed-changed", &[("count", changed)])) } }
            @if unseen > 0 { p.irregular { (t.get("works-signed-unseen", &[("count", unseen)])) } }
        } }
    }

    fn comment(&self, one: &CommentFact) -> Markup {
        let about = self
            .visit
            .parts
            .values()
            .find(|row| row.all_now().chain(&row.before).any(|p| one.about.contains(&p.source.entry)));
        html! { div.said {
            @if let Some(row) = about { p.kind { (self.t.get("works-about", &[("part", self.t.word(&format!("part-{}", row.now.value.part.name())).into_owned())])) } }
            (text(&one.said.value.text))
            (self.by(&one.said.source))
        } }
    }

    /// Who wrote what when, the latest first.
    fn history(&self, fold: &Fold<'_>) -> Markup {
        let t = self.t;
        html! {
            details.history {
                summary { (t.get("works-history", &[("count", fold.lines().len())])) }
                table.list.works {
                    thead { tr { @for key in ["made", "entry", "writer", "state"] { th scope="col" { (column(t, key)) } } } }
                    tbody { @for line in fold.lines().iter().rev() { (self.line(fold, line)) } }
                }
            }
        }
    }

    fn line(&self, fold: &Fold<'_>, line: &Line<'_>) -> Markup {
        let (t, item) = (self.t, line.item());
        let state = state_name(&fold.state(line));
        html! { tr class=[(state != "current").then_some("past")] {
            th scope="row" { (t.moment(item.placed.judged)) }
            td { (kind_word(t, line.kind()))
                @if let Some(Body::VisitPart(said)) = line.body() { " · " (t.word(&format!("part-{}", said.part.name()))) }
                @if let Some(n) = self.numbers.get(&line.entry_ref()) { " " span.entry-number { (t.get("pages-entry-number", &[("n", n.to_string())])) } } }
            td { (self.person(item.author.person)) " " span.kind { (t.word(&format!("pages-via-{}", crate::projector::words::via_name(item.author.via)))) } }
            td { (t.word(&format!("pages-state-{state}"))) }
        } }
    }
}

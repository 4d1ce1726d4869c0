//! What waits for the viewer's decision: leave and its changes, and requests for corrections; many decided at once.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use sanji_core::documents::correction::RequestFact;
use sanji_core::documents::duty::Duty;
use sanji_core::documents::facts::{Decided, Source};
use sanji_core::documents::leave::LeaveFact;
use sanji_core::ids::DocId;
use sanji_core::records::{Body, CheckTime, Decision, EntryRef};
use sanji_core::review::act::{decide_leave, decide_request};
use sanji_core::review::{CountyFacts, Fault};
use sanji_core::sync::ledger::Ledger;
use sanji_core::sync::message::LogNo;
use sanji_core::sync::phone::Draft;
use sanji_core::sync::relay::{Relay, RelayError};
use sanji_core::texts::{Arg, Texts};
use sanji_core::time::UtcSecs;

use super::access::Viewer;
use super::act::{Acting, NotDone, Sent, csrf, draft, fault, named, perform, reason_field};
use super::audit::{Look, note};
use super::blob::content;
use super::cell::{Why, leave_kind};
use super::said::person_name;
use super::shell::{Ask, Page, as_of, column};
use super::{PageError, Pages, SharedPages, week};
use crate::projector::arrived;
use crate::projector::board::{Days, Staff, posting};
use crate::projector::waiting::{Waiting, waiting_for};
use crate::store::ReadLedger;

/// Where this page is.
const QUEUE: &str = "/queue";

/// Requests that one page lists, those that have waited longest first.
const MOST: usize = 200;

/// Own decisions that the page recalls.
const RECENT: usize = 10;

/// What of a form is shown again, with what is wrong with it.
#[derive(Clone, Debug, Default)]
struct Again {
    picked: BTreeSet<LogNo>,
    reason: String,
    fault: Option<Fault>,
    /// The word for what is wrong with the form as a whole.
    problem: Option<&'static str>,
    /// Picked entries that no longer wait.
    stale: Vec<LogNo>,
}

pub(super) async fn page(Extension(pages): Extension<SharedPages>, ask: Ask, viewer: Viewer) -> Response {
    let page = look(&pages, &ask, &viewer, Again::default()).await;
    ask.answer(&viewer, page)
}

/// Decides on what was picked: on all of it, or on nothing.
pub(super) async fn decide(Extension(pages): Extension<SharedPages>, ask: Ask, sent: Sent) -> Response {
    let Sent { viewer, fields } = sent;
    let picked: Option<BTreeSet<LogNo>> = fields.all("pick").map(|n| n.parse().ok().map(LogNo)).collect();
    let Some(picked) = picked else { return ask.failed(Some(&viewer), &PageError::NotFound) };
    let mut again = Again { picked, reason: fields.get("reason").to_owned(), ..Again::default() };
    let (decision, reason) = (Decision::from_name(fields.get("decision")), fields.reason().map(str::to_owned));
    let done = match (decision, reason) {
        _ if again.picked.is_empty() => Err((StatusCode::UNPROCESSABLE_ENTITY, "acts-pick-none")),
        (None, _) => Err((StatusCode::UNPROCESSABLE_ENTITY, "acts-decision-none")),
        (_, Err(fault)) => Ok(Err(NotDone::Fault(fault))),
        (Some(decision), Ok(reason)) => {
            let picked = again.picked.clone();
            Ok(perform(&pages, &viewer, move |acting| write(acting, &picked, decision, &reason)).await)
        }
    };
    let status = match done {
        Ok(Ok(())) => return Redirect::to(QUEUE).into_response(),
        Ok(Err(NotDone::Page(error))) => return ask.failed(Some(&viewer), &error),
        Ok(Err(NotDone::Fault(fault))) => {
            again.fault = Some(fault);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Ok(Err(NotDone::Stale(entries))) => {
            again.stale = entries;
            StatusCode::CONFLICT
        }
        Err((status, problem)) => {
            again.problem = Some(problem);
            status
        }
    };
    match look(&pages, &ask, &viewer, again).await {
        Ok(page) => ask.show(Some(&viewer), status, &page),
        Err(error) => ask.failed(Some(&viewer), &error),
    }
}

/// A request with its history.
enum Asked {
    Leave(LeaveFact),
    Correction(RequestFact),
}

/// How a version of a request stands.
enum Standing {
    Open,
    /// It was changed or withdrawn.
    Changed,
    Decided(Decision, Source),
}

impl Asked {
    /// The request of which this entry is a version.
    fn find(duty: &Duty, entry: &EntryRef) -> Option<Self> {
        let is = |source: &Source| source.entry == *entry;
        let leave = duty.leaves.iter().find(|leave| leave.newest.iter().chain(&leave.before).any(|v| is(&v.source)));
        if let Some(leave) = leave {
            return Some(Asked::Leave(leave.clone()));
        }
        let has = |request: &&RequestFact| request.row.all_now().chain(&request.row.before).any(|v| is(&v.source));
        duty.requests.iter().find(has).map(|request| Asked::Correction(request.clone()))
    }

    fn standing(&self, entry: &EntryRef) -> Standing {
        let (newest, pending, decided) = match self {
            Asked::Leave(leave) => (
                leave.newest.iter().any(|said| said.source.entry == *entry),
                leave.pieces.iter().any(|piece| piece.decision == Decided::Pending),
                leave.decisions.last().map(|said| (said.value.decision, said.source)),
            ),
            Asked::Correction(request) => (
                request.row.all_now().any(|said| said.source.entry == *entry),
                request.decision == Decided::Pending,
                request.decisions.last().map(|said| (said.value.decision, said.source)),
            ),
        };
        match decided {
            _ if newest && pending => Standing::Open,
            Some((decision, source)) if newest => Standing::Decided(decision, source),
            _ => Standing::Changed,
        }
    }

    /// The decision, with the versions that it answers.
    fn decided(&self, decision: Decision, reason: &str) -> Result<(Vec<EntryRef>, Body), Fault> {
        Ok(match self {
            Asked::Leave(leave) => {
                let (re, said) = decide_leave(leave, decision, Some(reason))?;
                (re, said.into())
            }
            Asked::Correction(request) => {
                let (re, said) = decide_request(request, decision, Some(reason))?;
                (re, said.into())
            }
        })
    }
}

/// Documents that were folded for a page or an act, each once.
struct Duties<'a> {
    relay: &'a Relay,
    kept: BTreeMap<DocId, Duty>,
}

impl<'a> Duties<'a> {
    fn new(relay: &'a Relay) -> Self {
        Duties { relay, kept: BTreeMap::new() }
    }

    fn get(&mut self, ledger: &mut dyn Ledger, doc: DocId) -> Result<&Duty, RelayError> {
        if !self.kept.contains_key(&doc) {
            let duty = Duty::of(&self.relay.journal(ledger, doc)?.fold());
            self.kept.insert(doc, duty);
        }
        Ok(&self.kept[&doc])
    }
}

fn write(acting: &mut Acting<'_>, picked: &BTreeSet<LogNo>, decision: Decision, reason: &str) -> Result<(), NotDone> {
    let pages = acting.pages;
    let mut duties = Duties::new(pages.kept.relay());
    let (mut drafts, mut answered, mut subjects, mut stale): (Vec<Draft>, BTreeSet<EntryRef>, Vec<String>, Vec<LogNo>) =
        Default::default();
    for n in picked {
        let (doc, entry) = named(pages.kept.relay(), acting.store, *n)?.ok_or(PageError::NotFound)?;
        let about = doc.posting().ok_or(PageError::NotFound)?;
        acting.may_act_in(doc)?;
        let asked = Asked::find(duties.get(acting.store, doc)?, &entry).ok_or(PageError::NotFound)?;
        if !matches!(asked.standing(&entry), Standing::Open) {
            stale.push(*n);
            continue;
        }
        subjects.push(format!("{about} {}", n.0));
        // Two versions that stand beside each other are one request, and get one decision.
        if answered.contains(&entry) {
            continue;
        }
        let (re, body) = asked.decided(decision, reason)?;
        answered.extend(re.iter().copied());
        drafts.push(draft(doc, re, body));
    }
    if !stale.is_empty() {
        return Err(NotDone::Stale(stale));
    }
    let act = act_name(decision);
    let Some((first, others)) = subjects.split_first() else { return Ok(()) };
    acting.write(drafts, act, first)?;
    Ok(others.iter().try_for_each(|subject| acting.note(act, subject))?)
}

fn act_name(decision: Decision) -> &'static str {
    match decision {
        Decision::Approved => "request approve",
        Decision::Refused => "request refuse",
    }
}

async fn look(pages: &SharedPages, ask: &Ask, viewer: &Viewer, again: Again) -> Result<Page, PageError> {
    let (asking, looking) = (ask.clone(), viewer.clone());
    let (page, logged) = pages.read(move |pages, store| build(pages, store, &asking, &looking, &again)).await?;
    if logged {
        note(&pages.app, viewer, Look::Queue).await?;
    }
    Ok(page)
}

/// A request as it is listed.
struct Line {
    n: LogNo,
    one: Staff,
    name: String,
    school: String,
    /// What is asked.
    said: String,
    /// When it would be.
    dates: String,
    /// What of it was decided on an earlier version.
    before: Option<String>,
    reason: Reason,
    picture: bool,
    since: UtcSecs,
    conflict: bool,
    first: jiff::civil::Date,
    standing: Standing,
}

enum Reason {
    None,
    Text(String),
    /// The entry has arrived, and its blob has not.
    Missing,
}

struct Builder<'a, 'l, 's> {
    pages: &'a Pages,
    store: &'a mut ReadLedger<'l>,
    t: &'s Texts,
    county: &'a CountyFacts,
    duties: Duties<'a>,
}

impl Builder<'_, '_, '_> {
    /// The line of an entry that holds a request; nothing if it isn't one.
    fn line(&mut self, n: LogNo) -> Result<Option<Line>, PageError> {
        let t = self.t;
        let relay = self.pages.kept.relay();
        let Some((doc, entry)) = named(relay, self.store, n)? else { return Ok(None) };
        let Some(one) = doc.posting().map(|about| posting(self.store, about)).transpose()?.flatten() else {
            return Ok(None);
        };
        let duty = self.duties.get(self.store, doc)?;
        let Some(asked) = Asked::find(duty, &entry) else { return Ok(None) };
        let checks: Vec<(EntryRef, CheckTime)> = duty
            .checks
            .iter()
            .map(|check| (check.source.entry, CheckTime { direction: check.direction, at: check.judged }))
            .collect();
        let Some(school) = self.county.school(one.school) else { return Ok(None) };
        let why = Why { t, county: self.county, school, flagged: 0, leave_kinds: true, no_device: false };
        let standing = asked.standing(&entry);
        let mut line = Line {
            n,
            name: week::name(t, &one),
            school: school.name.clone(),
            one,
            said: String::new(),
            dates: String::new(),
            before: None,
            reason: Reason::None,
            picture: false,
            since: arrived(self.store, n)?.map_or(UtcSecs(0), |at| at.secs()),
            conflict: false,
            first: jiff::civil::Date::MIN,
            standing,
        };
        match &asked {
            Asked::Leave(leave) => {
                let mut versions = leave.newest.iter().chain(&leave.before);
                let Some(said) = versions.find(|said| said.source.entry == entry) else { return Ok(None) };
                let (from, to) = (said.value.from, said.value.to);
                line.first = from.date();
                line.said = t.get("acts-leave", &[("kind", leave_kind(&why, line.first, &said.value.kind))]);
                line.dates = t.period(from, to);
                let held = leave.pieces.iter().filter(|piece| piece.decision == Decided::Approved);
                let held: Vec<String> = held.map(|piece| t.period(piece.from, piece.to)).collect();
                if !held.is_empty() {
                    line.before = Some(t.get("acts-leave-held", &[("spans", held.join("; "))]));
                } else if !leave.before.is_empty() {
                    line.before = Some(t.word("acts-leave-changed").into_owned());
                }
                line.picture = said.value.certificate.is_some();
                line.reason = match &said.value.reason {
                    Some(hash) => match content(self.pages, self.store, hash)? {
                        Some(text) => Reason::Text(String::from_utf8_lossy(&text).into_owned()),
                        None => Reason::Missing,
                    },
                    None => Reason::None,
                };
                line.conflict = leave.conflict;
            }
            Asked::Correction(request) => {
                let mut versions = request.row.all_now().chain(&request.row.before);
                let Some(said) = versions.find(|said| said.source.entry == entry) else { return Ok(None) };
                line.first = said.value.date;
                line.said = t.word("acts-correction").into_owned();
                let wrong = checks.iter().filter(|(check, _)| request.wrong.contains(check));
                let wrong: Vec<String> = wrong.map(|(_, time)| check_text(t, time)).collect();
                let wanted: Vec<String> = said.value.checks.iter().map(|time| check_text(t, time)).collect();
                let mut parts = vec![t.day(said.value.date)];
                if !wanted.is_empty() {
                    parts.push(t.get("acts-correction-add", &[("checks", wanted.join("; "))]));
                }
                if !wrong.is_empty() {
                    parts.push(t.get("acts-correction-wrong", &[("checks", wrong.join("; "))]));
                }
                line.dates = parts.join(" ");
                line.picture = said.value.evidence.is_some();
                line.reason = Reason::Text(said.value.reason.clone());
                line.conflict = request.conflict;
            }
        }
        Ok(Some(line))
    }

    /// How a request stands, in words.
    fn outcome(&self, line: &Line) -> Result<String, PageError> {
        let t = self.t;
        Ok(match &line.standing {
            Standing::Open => t.word("decision-pending").into_owned(),
            Standing::Changed => t.word("acts-request-changed").into_owned(),
            Standing::Decided(decision, source) => {
                let by = source.author.person.map(|person| person_name(self.store, person)).transpose()?.flatten();
                let by = by.unwrap_or_else(|| t.word("pages-somebody").into_owned());
                let word = t.word(&format!("decision-{}", decision.name())).into_owned();
                t.get("acts-decided", &[("decision", word), ("name", by), ("when", t.moment(source.placed.judged))])
            }
        })
    }

    /// The newest decisions of this account on the page, each as the request and how it stands.
    fn recent(&mut self, viewer: &Viewer, now: UtcSecs) -> Result<Vec<(Line, String)>, PageError> {
        let subjects: Vec<String> = {
            let sql = "SELECT subject FROM act WHERE who = ?1 AND act IN ('request approve', 'request refuse') \
                       ORDER BY id DESC LIMIT ?2";
            let mut statement = self.store.sql().prepare_cached(sql)?;
            let rows = statement.query_map((&viewer.account, RECENT as i64), |row| row.get(0))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        let mut found = Vec::new();
        for subject in subjects {
            let Some(n) = subject.split(' ').next_back().and_then(|n| n.parse().ok()) else { continue };
            let Some(line) = self.line(LogNo(n))? else { continue };
            // Whose scope ended since reads no more.
            if self.pages.kept.relay().may_rule(self.store, now.ms(), viewer.person, line.one.posting)? {
                let outcome = self.outcome(&line)?;
                found.push((line, outcome));
            }
        }
        Ok(found)
    }
}

fn build(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    ask: &Ask,
    viewer: &Viewer,
    again: &Again,
) -> Result<(Page, bool), PageError> {
    let (t, now, relay) = (ask.texts(), ask.now, pages.kept.relay());
    let waiting = waiting_for(relay, store, now.ms(), viewer.person, viewer.grants())?.ok_or(PageError::NotFound)?;
    let county = pages.kept.county(store)?;
    let as_of = as_of(pages, store, now)?;
    let mut builder = Builder { pages, store, t, county: &county, duties: Duties::new(relay) };
    let mut lines: Vec<Line> = Vec::new();
    for Waiting { n, .. } in waiting.iter().take(MOST) {
        // The page may be a moment behind what was decided: such a one waits no more.
        lines.extend(builder.line(*n)?.filter(|line| matches!(line.standing, Standing::Open)));
    }
    let mut stale = Vec::new();
    for n in &again.stale {
        if let Some(line) = builder.line(*n)? {
            let outcome = builder.outcome(&line)?;
            stale.push((line, outcome));
        }
    }
    let recent = builder.recent(viewer, now)?;
    let mut logged = false;
    for line in &lines {
        let days = Days { first: line.first, last: line.first };
        logged |= match week::sight(pages, builder.store, viewer, line.one.school, days) {
            Ok(sight) => sight.logged,
            Err(PageError::NotFound) => true,
            Err(error) => return Err(error),
        };
    }
    let more = waiting.len().saturating_sub(MOST);
    let lead = match lines.iter().map(|line| line.since).min() {
        None => t.word("acts-queue-lead-none").into_owned(),
        Some(oldest) => {
            let count = lines.len() + more;
            t.get("acts-queue-lead", &[("count", Arg::from(count)), ("when", t.moment(oldest).into())])
        }
    };
    let page = Page {
        title: t.word("acts-queue").into_owned(),
        lead,
        body: html! {
            @if let Some(problem) = again.problem { p.problem role="alert" { (t.word(problem)) } }
            @if !stale.is_empty() { (told(t, &stale)) }
            @if !lines.is_empty() { (form(t, viewer, &lines, again, now)) }
            @if more > 0 { p.note { (t.get("pages-more", &[("count", more)])) } }
            @if logged { p.note { (t.word("pages-look-noted")) } }
            @if !recent.is_empty() {
                h2 { (t.word("acts-recent")) }
                ul.recent { @for (line, outcome) in &recent { li { (request(line)) " " (outcome) } } }
            }
        },
        query: String::new(),
        as_of: Some(as_of),
    };
    Ok((page, logged))
}

/// What was picked and no longer waits: nothing of the form was done.
fn told(t: &Texts, stale: &[(Line, String)]) -> Markup {
    html! {
        section.problem role="alert" {
            p { (t.word("acts-stale")) }
            ul { @for (line, outcome) in stale { li { (request(line)) " " (outcome) } } }
        }
    }
}

/// A request in a few words, leading to its day.
fn request(line: &Line) -> Markup {
    html! { a href=(format!("/postings/{}/{}#n{}", line.one.posting, line.first, line.n.0)) { (line.name) " " (line.said) } " " (line.dates) }
}

fn form(t: &Texts, viewer: &Viewer, lines: &[Line], again: &Again, now: UtcSecs) -> Markup {
    html! {
        form.list.requests method="post" action=(QUEUE) {
            (csrf(viewer))
            table {
                thead { tr { @for key in ["pick", "name", "asked", "why", "waits"] { th scope="col" { (column_of(t, key)) } } } }
                tbody { @for line in lines { (row(t, line, again.picked.contains(&line.n), now)) } }
            }
            div.decide {
                (reason_field(t, "acts-reason-decide", &again.reason, again.fault))
                (fault(t, again.fault, "leave"))
                p.buttons {
                    button.act name="decision" value=(Decision::Approved.name()) { (t.word("acts-approve")) }
                    button.act.no name="decision" value=(Decision::Refused.name()) { (t.word("acts-refuse")) }
                }
            }
        }
    }
}

fn column_of(t: &Texts, key: &str) -> String {
    if key == "name" { column(t, key) } else { t.word(&format!("acts-{key}-column")).into_owned() }
}

fn row(t: &Texts, line: &Line, picked: bool, now: UtcSecs) -> Markup {
    let id = format!("r{}", line.n.0);
    let days = now.0.saturating_sub(line.since.0).max(0) / 86_400;
    html! { tr {
        td.pick { input type="checkbox" name="pick" value=(line.n.0) id=(id) checked[picked]; }
        th scope="row" { label for=(id) { (line.name) } p.since { (line.school) } }
        td {
            a href=(format!("/postings/{}/{}#n{}", line.one.posting, line.first, line.n.0)) { (line.said) }
            p { (line.dates) }
            @if let Some(before) = &line.before { p.since { (before) } }
            @if line.conflict { p.conflict { (t.word("conflict")) } }
        }
        td data-label=(column_of(t, "why")) {
            @match &line.reason {
                Reason::None => { span.since { (t.word("acts-no-reason")) } },
                Reason::Text(text) => (text),
                Reason::Missing => { span.awaiting_sync { (t.word("acts-not-here")) } },
            }
            @if line.picture { p { a href=(format!("/evidence/{}", line.n.0)) { (t.word("acts-evidence")) } } }
        }
        td.number data-label=(column_of(t, "waits")) { (t.moment(line.since)) p.since { (t.get("pages-days", &[("days", days)])) } }
    } }
}

fn check_text(t: &Texts, time: &CheckTime) -> String {
    format!("{} {}", t.word(&format!("direction-{}", time.direction.name())), t.time(time.at))
}

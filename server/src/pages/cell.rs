//! A cell as people see it: a shape, a short word and a colour; and the reasons behind it.

use maud::{Markup, html};
use sanji_core::ids::ActorId;
use sanji_core::policy::{Clause, Hours};
use sanji_core::records::SchoolSet;
use sanji_core::review::{Cell, CountyFacts, Wait};
use sanji_core::rules::{Certainty, DayResult, DayVerdict, Finding, FindingCode, Span, Status};
use sanji_core::sync::message::Via;
use sanji_core::texts::Texts;
use sanji_core::time::Minutes;

use super::packs;
use crate::tables::book;

/// The statuses of which sums tell how many there are, most wanted first.
pub(super) const COUNTED: [Status; 8] = [
    Status::Present,
    Status::InProgress,
    Status::Irregular,
    Status::ShortOfFiveHours,
    Status::NeedsCorrection,
    Status::Absent,
    Status::OnLeave,
    Status::AwaitingSync,
];

/// What is seen of a cell before it is opened.
pub(super) struct Face {
    /// The style's class, which is also the key of the shape.
    pub class: &'static str,
    /// The shape.
    pub shape: String,
    /// At most one short word.
    pub word: String,
}

impl Face {
    fn new(t: &Texts, class: &'static str, word: String) -> Self {
        Face { class, shape: t.word(&format!("shape-{class}")).into_owned(), word }
    }

    pub fn show(&self) -> Markup {
        html! { span.shape aria-hidden="true" { (self.shape) } " " span.word { (self.word) } }
    }
}

/// Whether what the cell waits for may have been lost with a device.
fn may_be_lost(cell: &Cell) -> bool {
    cell.waits.iter().any(|wait| wait.lost)
}

/// The face of a cell.
pub(super) fn face(t: &Texts, cell: &Cell) -> Face {
    let verdict = match &cell.result {
        DayResult::Judged(verdict) => verdict,
        DayResult::NotInForce(times) => {
            let word = if times.office.0 == 0 { String::new() } else { t.duration(times.office) };
            return Face::new(t, "upcoming", word);
        }
    };
    let status = verdict.status;
    let class = if status == Status::AwaitingSync && may_be_lost(cell) { "may_be_lost" } else { status.code() };
    let plain = || t.word(&format!("pages-short-{class}")).into_owned();
    let word = match status {
        Status::Upcoming => String::new(),
        Status::ShortOfFiveHours => t.get("pages-short-short_of_five_hours", &[("minutes", verdict.short_by().0)]),
        Status::Irregular => match largest(verdict) {
            Some((code, minutes)) => t.get(&format!("pages-short-{}", code.code()), &[("minutes", minutes.0)]),
            None => plain(),
        },
        _ => plain(),
    };
    Face::new(t, class, word)
}

/// A judged day in a few words, with its shape: what is wrong with it where something is, else its status.
pub(super) fn saying(t: &Texts, cell: &Cell, verdict: &DayVerdict) -> String {
    let seen = face(t, cell);
    let sized: Vec<String> = verdict.findings.iter().filter(|f| f.minutes.is_some()).map(|f| t.finding(f)).collect();
    let words = match verdict.status {
        Status::Irregular if !sized.is_empty() => sized.join(t.word("pages-and").as_ref()),
        Status::ShortOfFiveHours => t.get("short-by", &[("minutes", verdict.short_by().0)]),
        Status::AwaitingSync if may_be_lost(cell) => t.word("finding-may_be_lost").into_owned(),
        status => t.word(&format!("status-{}", status.code())).into_owned(),
    };
    format!("{} {words}", seen.shape)
}

/// The finding with most minutes.
fn largest(verdict: &DayVerdict) -> Option<(FindingCode, Minutes)> {
    let sized = verdict.findings.iter().filter_map(|found| found.minutes.map(|minutes| (found.code, minutes)));
    sized.max_by_key(|(_, minutes)| *minutes)
}

/// What else is needed to say why.
pub(crate) struct Why<'a> {
    /// The words.
    pub t: &'a Texts,
    /// The county's documents, for the names of leave kinds.
    pub county: &'a CountyFacts,
    /// The school.
    pub school: &'a SchoolSet,
    /// Entries of the day that don't count.
    pub flagged: u32,
    /// Whether the viewer may know which leave it is.
    pub leave_kinds: bool,
    /// Nothing can arrive: the person has no device, and the school no kiosk.
    pub no_device: bool,
}

/// The reasons of a cell, most telling first.
pub(super) fn reasons(why: &Why<'_>, cell: &Cell) -> Markup {
    let t = why.t;
    html! {
        @match &cell.result {
            DayResult::Judged(verdict) => (judged(why, cell, verdict)),
            DayResult::NotInForce(times) => {
                p { (t.word("not-in-force")) }
                p { (t.get("pages-office", &[("office", t.duration(times.office))])) }
                ul { @for found in &times.findings { li { (finding(t, found)) } } }
            }
        }
        @for one in &cell.waits { p.wait { (wait(t, one)) } }
        @if why.no_device { p { (t.word("pages-no-device")) } }
        @if why.flagged > 0 { p.flagged { (t.word("shape-flagged")) " " (t.get("pages-flagged-here", &[("count", why.flagged)])) } }
        @if cell.undecided > 0 { p { (t.get("pages-undecided", &[("count", cell.undecided)])) } }
        @if cell.conflict { p.conflict { (t.word("conflict")) } }
        @if cell.provisional { p { (t.word("pages-provisional")) } }
    }
}

fn judged(why: &Why<'_>, cell: &Cell, verdict: &DayVerdict) -> Markup {
    let t = why.t;
    let counts = !matches!(verdict.status, Status::RestDay | Status::OnLeave | Status::Upcoming);
    let some_leave = !verdict.leave.is_empty();
    html! {
        p { b { (t.status(verdict.status)) } " " (clause(t, &verdict.clause)) }
        @if counts {
            p { (t.get("pages-office-of", &[("office", t.duration(verdict.times.office)), ("required", t.duration(verdict.required))])) }
        }
        @if cell.hours == Hours::Flexible { p { (t.word("hours-flexible")) } }
        @if !verdict.findings.is_empty() { ul { @for found in &verdict.findings { li { (finding(t, found)) } } } }
        @if some_leave { p { (leave(why, cell)) " " (spans(t, &verdict.leave)) } }
        @if let Some(certainty) = cell.certainty.filter(|certainty| *certainty != Certainty::NotMet) {
            p { (t.word(&format!("certainty-{}", certainty.code()))) }
        }
    }
}

/// `请假`, with its kind for those who may know.
fn leave(why: &Why<'_>, cell: &Cell) -> String {
    let t = why.t;
    if !why.leave_kinds || cell.leave_kinds.is_empty() {
        return t.word("status-on_leave").into_owned();
    }
    let kinds: Vec<String> = cell.leave_kinds.iter().map(|kind| leave_kind(why, cell.date, kind)).collect();
    t.get("leave-of-kind", &[("kind", kinds.join("、"))])
}

/// A leave kind's name in the school's pack; its key where the pack has none.
pub(super) fn leave_kind(why: &Why<'_>, date: jiff::civil::Date, kind: &str) -> String {
    book::leave_kind(why.t, why.county, why.school.school, date, kind)
}

/// `迟到 12 分(08:30–08:42)依据:HZ 二(一)2`.
pub(super) fn finding(t: &Texts, found: &Finding) -> Markup {
    html! {
        (t.finding(found))
        @if let Some(span) = found.span { " " span.when { (t.span(span)) } }
        " " (clause(t, &found.clause))
    }
}

fn clause(t: &Texts, clause: &Clause) -> Markup {
    let text = t.clause(clause);
    html! {
        @match packs::clause_address(clause.as_str()) {
            Some(address) => a.clause href=(address) { (text) },
            None => span.clause { (text) },
        }
    }
}

fn spans(t: &Texts, spans: &[Span]) -> Markup {
    let texts: Vec<String> = spans.iter().map(|span| t.span(*span)).collect();
    html! { span.when { (texts.join(" ")) } }
}

fn wait(t: &Texts, wait: &Wait) -> Markup {
    html! { (t.not_heard(wait.via == Via::Kiosk, wait.through, wait.lost)) " " span.device { (device(t, wait.via, wait.actor)) } }
}

/// `手机 k3fa`: the kind of a device and the beginning of its name, enough to tell a person's devices apart.
pub(super) fn device(t: &Texts, via: Via, actor: ActorId) -> String {
    let kind = t.word(&format!("pages-via-{}", crate::projector::words::via_name(via))).into_owned();
    let name = actor.to_string();
    format!("{kind} {}", &name[..4])
}

//! What entries say, in a few words, and who wrote them.

use rusqlite::OptionalExtension;
use sanji_core::ids::{ActorId, DocId, PersonId};
use sanji_core::records::{Body, CheckTime, Decision, Direction, Entry};
use sanji_core::sync::message::LogNo;
use sanji_core::sync::relay::book::Book;
use sanji_core::texts::Texts;

use super::cell::{Why, leave_kind};
use super::{PageError, Pages};
use crate::projector::Store;

/// The word for a kind of entry; one that this version doesn't know is said to be newer.
pub(crate) fn kind_word(t: &Texts, kind: Option<u16>) -> String {
    let name = kind.and_then(|kind| Body::KINDS.iter().find(|(number, _)| *number == kind));
    match name {
        Some((_, name)) => t.word(&format!("kind-{name}")).into_owned(),
        None => t.word("kind-newer").into_owned(),
    }
}

/// What an entry of a duty document says; `kind` is the word for its kind.
pub(crate) fn what(why: &Why<'_>, kind: &str, body: &Body) -> String {
    match (body, detail(why, body)) {
        // A check's direction says it all.
        (Body::Check(_), detail) => detail,
        (_, detail) if detail.is_empty() => kind.to_owned(),
        (_, detail) => format!("{kind}: {detail}"),
    }
}

/// What an entry says beyond its kind; nothing where the kind says it all.
fn detail(why: &Why<'_>, body: &Body) -> String {
    let t = why.t;
    let direction = |direction: Direction| t.word(&format!("direction-{}", direction.name())).into_owned();
    let decided = |decision: Decision, reason: &Option<String>| {
        let word = t.word(&format!("decision-{}", decision.name())).into_owned();
        with(word, reason.as_deref().unwrap_or_default())
    };
    let times = |checks: &[CheckTime]| -> String {
        let one = |check: &CheckTime| format!("{} {}", direction(check.direction), t.moment(check.at));
        checks.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    match body {
        Body::Check(check) => direction(check.direction),
        Body::KioskCheck(check) => direction(check.direction),
        Body::CheckOnBehalf(check) => {
            with(format!("{} {}", direction(check.direction), t.moment(check.at)), &check.reason)
        }
        Body::Leave(leave) => {
            let kind = leave_kind(why, leave.from.date(), &leave.kind);
            format!("{kind} {}", t.period(leave.from, leave.to))
        }
        Body::LeaveDecision(said) => {
            format!("{} {}", decided(said.decision, &said.reason), t.period(said.from, said.to))
        }
        Body::Return(back) => t.moment(back.at),
        Body::CorrectionRequest(request) => with(times(&request.checks), &request.reason),
        Body::Correction(correction) => with(times(&correction.checks), &correction.reason),
        Body::CorrectionDecision(said) => decided(said.decision, &said.reason),
        Body::FlexibleHours(hours) => with(t.days(hours.from, hours.to), &hours.ground),
        Body::FlagLift(lift) => lift.reason.clone(),
        Body::Note(note) => note.text.clone(),
        _ => String::new(),
    }
}

fn with(text: String, reason: &str) -> String {
    if reason.is_empty() { text } else { format!("{text} · {reason}") }
}

/// The entry with this log number, a twin included; nothing if it can't be read.
pub(crate) fn entry(
    pages: &Pages,
    store: &mut impl Store,
    doc: DocId,
    actor: ActorId,
    n: LogNo,
) -> Result<Option<Entry>, PageError> {
    let mut book = Book::new(pages.kept.relay().county(), store);
    let value = match book.entry(n)? {
        Some(row) => row.value,
        None => match book.chain_of(doc, actor)? {
            Some(chain) => {
                book.twins(chain.number)?.into_iter().find(|(_, _, twin)| twin.n == n).map(|(.., t)| t.value)
            }
            None => None,
        },
    };
    Ok(value.and_then(|value| Entry::from_bytes(&value.0).ok()))
}

/// The name of a person: of a posting, else of a web account.
pub(crate) fn person_name(store: &impl Store, person: PersonId) -> Result<Option<String>, PageError> {
    let sql = "SELECT name FROM view_posting WHERE person = ?1 AND name <> '' ORDER BY first_day DESC LIMIT 1";
    let posted = store.sql().prepare_cached(sql)?.query_row([&person.0[..]], |row| row.get(0)).optional()?;
    if posted.is_some() {
        return Ok(posted);
    }
    let sql = "SELECT display FROM account WHERE person = ?1";
    Ok(store.sql().prepare_cached(sql)?.query_row([&person.0[..]], |row| row.get(0)).optional()?)
}

//! Which documents of other terms matter to a term: a leave or flexible hours that were asked in one term and hold in the
//! next, a check that a phone with a wrong clock put into the document of another term, a request that may still wait for a
//! decision. Opening a term looks here instead of into the terms before.

use jiff::civil::Date;

use super::*;
use crate::cbor::Map;
use crate::ids::DocKind;
use crate::records::{Body, Entry, kind_of, reading_of};

/// The kinds whose own dates say where they count: leave and flexible hours.
const SPANS: [u16; 2] = [3, 67];

/// The kinds that count at the instant at which they were made: a check on the own phone and at a kiosk.
const CHECKS: [u16; 2] = [1, 32];

/// The kinds that wait for a decision: leave and requests for a correction.
const REQUESTS: [u16; 2] = [3, 6];

/// A span of more quarters than this is no span of a working life.
const MOST_QUARTERS: usize = 200;

/// Before the keys of documents with requests: no label is as high.
const ASKED: [u8; 2] = [0xff; 2];

/// Notes where an entry of a posting's document matters besides its own term.
///
/// # Errors
/// When the store fails.
pub(super) fn note_reach(rows: &mut dyn Rows, doc: DocId, row: &EntryRow) -> Result<(), StoreError> {
    if doc.kind != DocKind::Duty {
        return Ok(());
    }
    let Ok(value) = crate::cbor::decode_map(&row.value) else { return Ok(()) };
    let Some(kind) = kind_of(&value) else { return Ok(()) };
    if REQUESTS.contains(&kind) {
        rows.put(Table::Reach, &[&ASKED[..], &doc_key(doc)].concat(), &[])?;
    }
    let Some((mut day, last)) = span(&value, kind, row.note.as_ref()) else { return Ok(()) };
    for _ in 0..MOST_QUARTERS {
        let label = Label::term_of(day);
        if label != doc.label {
            rows.put(Table::Reach, &[&label_prefix(label)[..], &doc_key(doc)].concat(), &[])?;
        }
        match day.checked_add(jiff::Span::new().months(3)) {
            Ok(next) if day < last => day = next.min(last),
            _ => break,
        }
    }
    Ok(())
}

/// The first and last day on which an entry counts, as far as it may lie in another term than its document's.
fn span(value: &Map, kind: u16, note: Option<&EntryNote>) -> Option<(Date, Date)> {
    if CHECKS.contains(&kind) {
        // Without the relay's note the phone's own clock tells the time, and told the document.
        let judged = note?.judged(reading_of(value).ok()?.wall).date();
        return Some((judged, judged));
    }
    if !SPANS.contains(&kind) {
        return None;
    }
    match Entry::from_map(value).ok()?.body {
        Body::Leave(leave) => Some((leave.from.date(), leave.to.date())),
        Body::FlexibleHours(hours) => Some((hours.from, hours.to)),
        _ => None,
    }
}

/// The documents of other terms that reach into this one.
///
/// # Errors
/// When the store fails.
pub fn reaching(rows: &mut dyn Rows, label: Label) -> Result<Vec<DocId>, StoreError> {
    indexed(rows, &label_prefix(label))
}

/// The postings' documents of a term in which something was asked for.
///
/// # Errors
/// When the store fails.
pub fn asked(rows: &mut dyn Rows, label: Label) -> Result<Vec<DocId>, StoreError> {
    indexed(rows, &[ASKED, label_prefix(label)].concat())
}

fn indexed(rows: &mut dyn Rows, prefix: &[u8]) -> Result<Vec<DocId>, StoreError> {
    let found = scan_prefix(rows, Table::Reach, prefix)?;
    Ok(found.iter().filter_map(|(key, _)| doc_of_key(&key[2..])).collect())
}

//! Which documents of other terms matter to a term: a leave or flexible hours that were asked in one term and hold in the
//! next. Opening a term looks here instead of into the terms before.

use super::*;
use crate::cbor::Map;
use crate::ids::DocKind;
use crate::records::{Body, Entry, kind_of};

/// The kinds of leave and of flexible hours.
const SPANS: [u16; 2] = [3, 67];

/// A span of more quarters than this is no span of a working life.
const MOST_QUARTERS: usize = 200;

/// Notes the terms, other than its document's own, into which an entry reaches.
///
/// # Errors
/// When the store fails.
pub fn note_reach(rows: &mut dyn Rows, doc: DocId, value: &Map) -> Result<(), StoreError> {
    if doc.kind != DocKind::Duty || !kind_of(value).is_some_and(|kind| SPANS.contains(&kind)) {
        return Ok(());
    }
    let (mut day, last) = match Entry::from_map(value).map(|entry| entry.body) {
        Ok(Body::Leave(leave)) => (leave.from.date(), leave.to.date()),
        Ok(Body::FlexibleHours(hours)) => (hours.from, hours.to),
        _ => return Ok(()),
    };
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

/// The documents of other terms that reach into this one.
///
/// # Errors
/// When the store fails.
pub fn reaching(rows: &mut dyn Rows, label: Label) -> Result<Vec<DocId>, StoreError> {
    let found = scan_prefix(rows, Table::Reach, &label_prefix(label))?;
    Ok(found.iter().filter_map(|(key, _)| doc_of_key(&key[2..])).collect())
}

//! Whether a phone and the relay agree in what both may know: entry by entry, with flags and placement.

use std::collections::BTreeMap;

use sanji_core::documents::journal::{Journal, Standing};
use sanji_core::ids::{ActorId, DocId};
use sanji_core::phone::Phone;
use sanji_core::sync::ledger::Ledger;
use sanji_core::sync::relay::Relay;
use sanji_core::sync::relay::book::Book;
use sanji_core::time::UtcMs;

use super::DemoError;

/// What both sides say of an entry: its hash, why it doesn't count, its interval in seconds, its clock label.
type Said = ([u8; 32], Option<u8>, i64, i64, &'static str);

fn said(journal: &Journal) -> BTreeMap<(ActorId, u64), Said> {
    let mut all = BTreeMap::new();
    for line in journal.fold().lines() {
        let item = line.item();
        let flag = match item.standing {
            Standing::Counts => None,
            Standing::Flagged(reason) => Some(reason),
            Standing::Twin => continue,
        };
        let (earliest, latest) = (item.placed.earliest.secs().0, item.placed.latest.secs().0);
        all.insert((item.actor, item.seq), (item.hash.0, flag, earliest, latest, item.placed.label.name()));
    }
    all
}

/// The documents in which a phone and the relay differ.
///
/// # Errors
/// When a store fails.
pub fn differences(relay: &Relay, ledger: &mut dyn Ledger, now: UtcMs, phone: &Phone) -> Result<Vec<DocId>, DemoError> {
    let Some(actor) = phone.actor()? else { return Ok(Vec::new()) };
    let device = Book::new(relay.county(), ledger).device_of(actor)?;
    let Some(device) = device else { return Err(DemoError::Script("a phone that the relay doesn't know".into())) };
    let docs: Vec<DocId> = Book::new(relay.county(), ledger).docs()?.into_iter().map(|(doc, _)| doc).collect();
    let mut differing = Vec::new();
    for doc in docs {
        if device.person.is_none() || !relay.may_read(ledger, now, &device, doc)? {
            continue;
        }
        if said(&relay.journal(ledger, doc)?) != said(&phone.journal(doc)?) {
            differing.push(doc);
        }
    }
    Ok(differing)
}

//! Placing entries on the relay's clock, and placing them again when later readings narrow a session.

use super::book::Book;
use super::intake::EntryContext;
use super::rows::*;
use super::{Relay, RelayError};
use crate::cbor;
use crate::evidence::{Known, Placement, Timeline};
use crate::records::field::Scalar;
use crate::records::{self, Reading};
use crate::sync::message::LogNo;
use crate::time::{UtcMs, UtcSecs};

/// By what a new entry is placed.
#[derive(Clone, Copy)]
pub(super) enum Placing<'a> {
    /// It was written at a desk: by the relay's clock.
    Relay,
    /// By what its device's pushes say, and by when the device was enrolled.
    Device(&'a Timeline, UtcSecs),
}

/// Fills in when a new entry was made, as far as its device's readings say now, and raises its chain's floor.
pub(super) fn placed(chain: &mut ChainRow, mut entry: EntryRow, context: &EntryContext<'_>) -> EntryRow {
    let placement = match context.placing {
        Placing::Relay => Placement::by_relay(context.now),
        Placing::Device(timeline, since) => place(timeline, &entry, chain.floor.max(since.0), Some(context.now)),
    };
    note(&mut entry, &placement);
    chain.floor = entry.earliest;
    entry
}

impl Relay {
    /// Places what is here of a device's sessions again, each from its last entry back to the first that stays as it was;
    /// gives those whose note changed.
    pub(super) fn place_again(
        &self,
        book: &mut Book<'_>,
        device: &DeviceRow,
        timeline: &Timeline,
        sessions: &[u32],
    ) -> Result<Vec<LogNo>, RelayError> {
        let mut changed = Vec::new();
        for mut chain in book.chains_by(device.number)? {
            for session in sessions {
                self.place_session(book, device, timeline, (&mut chain, *session), &mut changed)?;
            }
        }
        Ok(changed)
    }

    fn place_session(
        &self,
        book: &mut Book<'_>,
        device: &DeviceRow,
        timeline: &Timeline,
        (chain, session): (&mut ChainRow, u32),
        changed: &mut Vec<LogNo>,
    ) -> Result<(), RelayError> {
        if chain.session < session {
            return Ok(());
        }
        let mut loose: Vec<(LogNo, EntryRow)> = Vec::new();
        for seq in (1..=chain.seq).rev() {
            let Some(n) = book.entry_no(chain.number, seq)? else { break };
            let Some(entry) = book.entry(n)? else { break };
            match reading(&entry).session {
                later if later > session => continue,
                earlier if earlier < session => break,
                _ => {}
            }
            let floor = self.floor_before(book, chain, seq)?.max(device.since.secs().0);
            let placement = place(timeline, &entry, floor, None);
            let mut again = entry.clone();
            note(&mut again, &placement);
            if again == entry {
                break;
            }
            loose.push((n, entry));
        }
        for (n, mut entry) in loose.into_iter().rev() {
            let floor = self.floor_before(book, chain, entry.seq)?.max(device.since.secs().0);
            let placement = place(timeline, &entry, floor, None);
            note(&mut entry, &placement);
            if entry.seq == chain.seq {
                chain.floor = entry.earliest;
                book.put_chain(chain)?;
            }
            book.renote(n, entry)?;
            changed.push(n);
        }
        Ok(())
    }

    fn floor_before(&self, book: &mut Book<'_>, chain: &ChainRow, seq: u64) -> Result<i64, RelayError> {
        if seq <= 1 {
            return Ok(i64::MIN);
        }
        let before = book.entry_no(chain.number, seq - 1)?;
        Ok(match before {
            Some(n) => book.entry(n)?.map_or(i64::MIN, |entry| entry.earliest),
            None => i64::MIN,
        })
    }
}

fn reading(entry: &EntryRow) -> Reading {
    let map = entry.value.as_ref().and_then(|value| cbor::decode_map(&value.0).ok()).unwrap_or_default();
    records::reading_of(&map).unwrap_or_default()
}

/// Places an entry. It can't have been made before its device was enrolled, which is when it learnt of county and document;
/// `chain_floor` has that too. An entry that is placed again can't have arrived later than it was known to have.
fn place(timeline: &Timeline, entry: &EntryRow, chain_floor: i64, arrival: Option<UtcMs>) -> Placement {
    let floor = chain_floor.max(entry.floor);
    let known = Known {
        not_before: (floor > i64::MIN).then(|| UtcSecs(floor).ms()),
        not_after: arrival.or(Some(UtcSecs(entry.latest).ms())),
    };
    timeline.place(&reading(entry), known)
}

/// Takes the clock that the entry itself shows as this relay's.
pub(super) fn place_by_own_clock(entry: &mut EntryRow) {
    let at = reading(entry).wall.ms();
    note(entry, &Placement::by_relay(at));
}

fn note(entry: &mut EntryRow, placement: &Placement) {
    entry.earliest = placement.earliest.secs().0;
    entry.latest = placement.latest.plus(999).secs().0;
    entry.judged = placement.judged.0;
    entry.label = placement.label.to_value().int().and_then(|n| u16::try_from(n).ok()).unwrap_or(0);
}

impl Book<'_> {
    /// Writes an entry whose note changed, and tells readers by a new revision.
    pub(super) fn renote(&mut self, n: LogNo, mut entry: EntryRow) -> Result<(), RelayError> {
        use crate::sync::ledger::Table;
        let doc = entry.doc.to_bytes();
        if entry.revision > 0 {
            self.ledger.delete(Table::NoteChange, &[&doc[..], &be(entry.revision)].concat())?;
            self.ledger.delete(Table::NoteLog, &be(entry.revision))?;
        }
        entry.revision = self.next_revision()?;
        self.ledger.put(Table::NoteChange, &[&doc[..], &be(entry.revision)].concat(), &be(n.0))?;
        self.ledger.put(Table::NoteLog, &be(entry.revision), &be(n.0))?;
        if let Some(row) = self.doc(entry.doc)? {
            self.put_doc(entry.doc, &DocRow { notes: entry.revision, ..row })?;
        }
        Ok(self.put_entry(n, &entry)?)
    }
}

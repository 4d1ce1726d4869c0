//! What really happened: every entry that was made and when, what the relay ever had, and what it has now.

use std::collections::BTreeSet;

use jiff::civil::Date;
use sanji_core::ids::*;
use sanji_core::records::{Entry, EntryRef};
use sanji_core::sync::ledger::{Ledger, Table};
use sanji_core::sync::message::LogNo;
use sanji_core::sync::relay::rows::TwinRow;
use sanji_core::time::UtcMs;

use crate::county::County;

/// An entry in its document.
pub type Place = (DocId, EntryRef);

/// An entry that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The device that made it, by its place in the simulation; none for the administrator's desk.
    pub device: Option<usize>,
    /// Where it stood first.
    pub place: Place,
    /// Where it stands on its phone now: elsewhere, if it was issued again.
    pub now: EntryRef,
    /// When it was made.
    pub at: UtcMs,
    /// Whose day a check belongs to.
    pub check: Option<(PostingId, Date)>,
    /// Whether its phone ever called it delivered.
    pub delivered: bool,
    /// No side has it any more.
    pub perished: bool,
}

/// What the relay has, kept in step with its log.
#[derive(Clone, Debug, Default)]
pub struct Index {
    through: u64,
    here: BTreeSet<Place>,
    /// Entries that were issued again, by their first place.
    again: BTreeSet<Place>,
}

impl Index {
    /// Whether the entry is here, in its first place, as a twin, or issued again.
    pub fn has(&self, place: &Place) -> bool {
        self.here.contains(place) || self.again.contains(place)
    }

    fn add(&mut self, doc: DocId, entry: EntryRef, value: Option<&[u8]>) {
        self.here.insert((doc, entry));
        if let Some(was) = value.and_then(|v| Entry::from_bytes(v).ok()).and_then(|entry| entry.was) {
            self.again.insert((doc, was));
        }
    }

    /// Takes in what came since.
    fn read_on(&mut self, county: &mut County) {
        let head = county.book().head().unwrap().n.0;
        for n in self.through + 1..=head {
            let Some(row) = county.book().entry(LogNo(n)).unwrap() else { continue };
            let actor = county.book().chain(row.chain).unwrap().unwrap().actor;
            self.add(row.doc, EntryRef::to(actor, row.seq, &row.hash), row.value.as_ref().map(|v| &v.0[..]));
        }
        self.through = head;
        for (doc, entry, row) in twins(county) {
            self.add(doc, entry, Some(&row.value.0));
        }
    }
}

/// Every twin on the relay.
pub fn twins(county: &mut County) -> Vec<(DocId, EntryRef, TwinRow)> {
    let keys = county.ledger.scan(Table::Twin, &[], &[0xff; 9], usize::MAX, false).unwrap();
    let mut chains: Vec<u64> = keys.iter().map(|(key, _)| u64::from_be_bytes(key[..8].try_into().unwrap())).collect();
    chains.dedup();
    let mut found = Vec::new();
    for number in chains {
        let chain = county.book().chain(LogNo(number)).unwrap().unwrap();
        for (seq, hash, row) in county.book().twins(LogNo(number)).unwrap() {
            found.push((chain.doc, EntryRef::to(chain.actor, seq, &hash), row));
        }
    }
    found
}

#[derive(Clone, Debug, Default)]
pub struct Truth {
    pub made: Vec<Made>,
    /// Whatever the relay, or a relay that it was, once committed.
    pub ever: Index,
    /// What it has.
    pub index: Index,
}

impl Truth {
    /// The relay committed something.
    pub fn committed(&mut self, county: &mut County) {
        self.index.read_on(county);
        self.ever.read_on(county);
    }

    /// The relay went back to another state.
    pub fn went_back(&mut self, county: &mut County) {
        self.index = Index::default();
        self.index.read_on(county);
        self.ever.through = self.index.through;
    }

    /// Marks what nobody has any more; `alive` is what phones have.
    pub fn bury(&mut self, alive: &BTreeSet<Place>) {
        for made in &mut self.made {
            made.perished |= !self.index.has(&made.place) && !alive.contains(&made.place);
        }
    }
}

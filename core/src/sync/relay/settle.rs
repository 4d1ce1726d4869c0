//! Judging entries until nothing changes: an entry that begins or ceases to count may give or take grants, lift flags, move
//! a posting's days, and so change what other entries are worth.

use std::collections::{BTreeMap, VecDeque};

use super::book::Book;
use super::{Relay, RelayError};
use crate::ids::PersonId;
use crate::records::Block;
use crate::sync::message::LogNo;
use crate::time::UtcMs;

/// The flag of an entry that was stored a moment ago.
pub(super) const UNJUDGED: u16 = u16::MAX;

/// How often one entry may change sides in one transaction. Grants that depend on each other in a circle would turn for
/// ever; the last judgement stays until something new arrives.
const MOST_TURNS: u32 = 8;

impl Relay {
    /// Judges these entries, and whatever depends on them.
    pub(super) fn settle(&self, book: &mut Book<'_>, now: UtcMs, entries: Vec<LogNo>) -> Result<(), RelayError> {
        let mut turns: BTreeMap<LogNo, u32> = BTreeMap::new();
        let mut queue: VecDeque<LogNo> = entries.into();
        while let Some(n) = queue.pop_front() {
            let Some(mut row) = book.entry(n)? else { continue };
            let flag = self.judge(book, n, &row)?.map_or(0, |reason| reason as u16);
            if flag == row.flag {
                continue;
            }
            let turn = turns.entry(n).or_default();
            *turn += 1;
            if *turn > MOST_TURNS {
                continue;
            }
            let before = std::mem::replace(&mut row.flag, flag);
            if before == UNJUDGED {
                book.put_entry(n, &row)?;
            } else {
                book.renote(n, row.clone())?;
            }
            if before == UNJUDGED || (before == 0) != (flag == 0) {
                queue.extend(self.apply(book, now, n, &row)?);
            }
        }
        Ok(())
    }

    /// The entries of a device whose kind's block is wanted.
    pub(super) fn entries_by(
        &self,
        book: &mut Book<'_>,
        device: LogNo,
        wanted: impl Fn(Option<Block>) -> bool,
    ) -> Result<Vec<LogNo>, RelayError> {
        let mut found = Vec::new();
        for chain in book.chains_by(device)? {
            for seq in 1..=chain.seq {
                let Some(n) = book.entry_no(chain.number, seq)? else { continue };
                if book.entry(n)?.is_some_and(|row| wanted(Block::of(row.kind))) {
                    found.push(n);
                }
            }
        }
        Ok(found)
    }

    /// The entries of a person that depend on grants: all but those about the own posting.
    pub(super) fn entries_under_grants(&self, book: &mut Book<'_>, person: PersonId) -> Result<Vec<LogNo>, RelayError> {
        let mut found = Vec::new();
        for device in book.devices_of(&person.0)? {
            let own = |block| matches!(block, Some(Block::Owner | Block::Kiosk));
            found.extend(self.entries_by(book, device.number, |block| !own(block))?);
        }
        Ok(found)
    }
}

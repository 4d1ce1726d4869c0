//! A relay that went back: a restored copy, a machine rolled back, an empty store with the same keys. It is noticed by the L
//! of a phone's cursor, without anyone declaring it. The phone starts over and sends what the relay lost: its own entries as
//! ever, others' as *recovered* until their device, or the administrator, confirms them.

use super::admission::CheckedRun;
use super::book::{Book, LogRow};
use super::intake::EntryContext;
use super::rows::*;
use super::{Relay, RelayError};
use crate::crypto::sha256;
use crate::documents::chain::Tip;
use crate::sync::ledger::Table;
use crate::sync::message::{ChainName, LogNo, Push, Run, SignedHead};
use crate::time::UtcMs;

impl Relay {
    /// Logs what a phone shows of the lost past, so that two heads with one number are explained, never silent.
    pub(super) fn note_lost_head(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        device: &DeviceRow,
        push: &Push,
    ) -> Result<(), RelayError> {
        let Some(lost) = push.lost_head.as_ref().filter(|lost| lost.is_by(&self.public_key())) else {
            return Ok(());
        };
        if !self.is_lost(book, lost)? {
            return Ok(());
        }
        let hash = sha256(&[&lost.head.signed_bytes(), &lost.signature.0]);
        let shown = [b"rewound".as_slice(), &hash].concat();
        if book.ledger.get(Table::Meta, &shown)?.is_none() {
            let n = book.log(now, &LogRow::Rewound(device.number, hash))?;
            book.ledger.put(Table::Meta, &shown, &be(n.0))?;
        }
        Ok(())
    }

    /// Whether a head that this relay signed is of another log than the one it has now.
    fn is_lost(&self, book: &mut Book<'_>, lost: &SignedHead) -> Result<bool, RelayError> {
        Ok(lost.is_by(&self.public_key()) && book.l(lost.head.n)? != Some(lost.head.l))
    }

    /// Stores others' entries that a phone brings back, if it shows a head of a lost past: while nothing was lost, nobody
    /// speaks for another's device. They must be next links of their chains; whatever isn't is left, for nothing of it is
    /// this phone's own. What their device itself signs later takes their place.
    pub(super) fn take_recovered(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        device: &DeviceRow,
        push: &Push,
        entries: &mut Vec<LogNo>,
    ) -> Result<(), RelayError> {
        let shown = match &push.lost_head {
            Some(lost) if !push.recovered.is_empty() => self.is_lost(book, lost)?,
            _ => false,
        };
        for (at, run) in push.recovered.iter().enumerate().filter(|_| shown) {
            let ChainName::Name(doc, actor) = run.chain else { continue };
            if actor == device.actor() || device.person.is_none() {
                continue;
            }
            let chain = book.chain_of(doc, actor)?;
            let Ok(checked) = self.rebuild(book, &fitted(run, chain.as_ref()), doc, actor, chain, at) else { continue };
            let CheckedRun { doc, mut chain, salt, links, through } = checked;
            let author = book.device_of(actor)?.map_or(LogNo(0), |author| author.number);
            let context = EntryContext { now, envelope: None, push: 0, floor: i64::MIN, recovered_by: device.person };
            for link in links.into_iter().filter(|link| link.seq > through) {
                entries.push(self.store_entry(book, author, actor, doc, &mut chain, salt, link, &context)?);
            }
            if let Some(chain) = chain {
                book.put_chain(&chain)?;
            }
        }
        Ok(())
    }
}

/// A recovered run may begin anywhere up to the relay's tip.
fn fitted(run: &Run, chain: Option<&ChainRow>) -> Run {
    let through = chain.map_or(0, |chain| chain.seq);
    let skip = (through + 1).saturating_sub(run.first);
    match usize::try_from(skip) {
        Ok(skip) if skip > 0 && skip < run.values.len() && run.first > 0 && through > 0 => {
            Run { first: through + 1, values: run.values[skip..].to_vec(), ..run.clone() }
        }
        _ => run.clone(),
    }
}

/// A chain's end, from its row.
pub(super) fn tip_of(chain: &ChainRow) -> Option<Tip> {
    let salt = crate::documents::chain::Salt(chain.salt.0.as_slice().try_into().ok()?);
    Some(Tip { doc: chain.doc, actor: chain.actor, seq: chain.seq, hash: chain.hash, salt })
}

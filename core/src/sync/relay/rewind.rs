//! A relay that went back: a restored copy, a machine rolled back, an empty store with the same keys. It is noticed by the L
//! of a phone's cursor, without anyone declaring it. The phone starts over and sends what the relay lost: its own entries as
//! ever, others' as *recovered* until their device, or the administrator, confirms them.

use super::admission::CheckedRun;
use super::book::{Book, LogRow};
use super::intake::EntryContext;
use super::placement::Placing;
use super::rows::*;
use super::{Relay, RelayError};
use crate::crypto::sha256;
use crate::documents::chain::Tip;
use crate::evidence::Timeline;
use crate::sync::ledger::Table;
use crate::sync::message::{ChainName, LogNo, Push, Via};
use crate::time::{UtcMs, UtcSecs};

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
        let here = book.l(lost.head.n)?;
        if here != Some(lost.head.l) {
            let hash = sha256(&[&lost.head.signed_bytes(), &lost.signature.0]);
            let shown = [&b"lost"[..], &hash].concat();
            if book.ledger.get(Table::Meta, &shown)?.is_none() {
                let n = book.log(now, &LogRow::Rewound(device.number, hash))?;
                book.ledger.put(Table::Meta, &shown, &be(n.0))?;
            }
            book.ledger.put(Table::Meta, &rewound_key(device.number), &[])?;
        }
        Ok(())
    }

    /// Whether a phone shows a head that this relay signed and that is not in its log: a lost past.
    pub(super) fn is_lost(&self, book: &mut Book<'_>, push: &Push) -> Result<bool, RelayError> {
        match push.lost_head.as_ref().filter(|lost| lost.is_by(&self.public_key())) {
            Some(lost) => Ok(book.l(lost.head.n)? != Some(lost.head.l)),
            None => Ok(false),
        }
    }

    /// Stores others' entries that a phone brings back, if it has shown that this relay lost something. What another entry
    /// has taken the place of is kept beside it as a twin.
    pub(super) fn take_recovered(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        device: &DeviceRow,
        push: &Push,
        entries: &mut Vec<LogNo>,
    ) -> Result<(), RelayError> {
        if book.ledger.get(Table::Meta, &rewound_key(device.number))?.is_none() {
            return Ok(());
        }
        for (at, run) in push.recovered.iter().enumerate() {
            let ChainName::Name(doc, actor) = run.chain else { continue };
            let author = book.device_of(actor)?;
            // A kiosk has no document: all that it can bring is what it wrote under an earlier key.
            let foreign =
                author.as_ref().is_none_or(|author| author.via != Via::Kiosk || author.school != device.school);
            if actor == device.actor() || device.person.is_none() && foreign {
                continue;
            }
            let chain = book.chain_of(doc, actor)?;
            let Ok(CheckedRun { doc, mut chain, salt, links, through }) =
                self.rebuild(book, run, doc, actor, chain, at)
            else {
                continue;
            };
            let timeline = author.as_ref().map_or(Ok(Timeline::default()), |author| self.timeline(author))?;
            let since = author.as_ref().map_or(UtcSecs(i64::MIN), |author| author.since.secs());
            let context = EntryContext {
                now,
                envelope: None,
                push: 0,
                floor: i64::MIN,
                recovered_by: device.person,
                placing: Placing::Device(&timeline, since),
            };
            let author = author.map_or(LogNo(0), |author| author.number);
            let mut forked = false;
            for link in links {
                let here = match &chain {
                    Some(chain) => book.entry_no(chain.number, link.seq)?.map(|n| book.entry(n)).transpose()?.flatten(),
                    None => None,
                };
                forked |= here.as_ref().is_some_and(|here| here.hash != link.hash);
                if forked {
                    self.store_twin(book, &context, chain.as_ref(), &link)?;
                } else if link.seq > through {
                    entries.push(self.store_entry(book, author, actor, doc, &mut chain, salt, link, &context)?);
                }
            }
            if let Some(chain) = chain {
                book.put_chain(&chain)?;
            }
        }
        Ok(())
    }
}

/// The key under which it stands that a device has shown a lost past.
fn rewound_key(device: LogNo) -> Vec<u8> {
    [&b"rewound"[..], &be(device.0)].concat()
}

/// A chain's end, from its row.
pub(super) fn tip_of(chain: &ChainRow) -> Option<Tip> {
    let salt = crate::documents::chain::Salt(chain.salt.0.as_slice().try_into().ok()?);
    Some(Tip { doc: chain.doc, actor: chain.actor, seq: chain.seq, hash: chain.hash, salt })
}

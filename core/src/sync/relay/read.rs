//! Reading what the relay has: journals for folding, devices for cells. For pages, projections and exports.

use super::book::Book;
use super::rows::*;
use super::{Relay, RelayError};
use crate::cbor;
use crate::documents::journal::{Author, Item, Journal, Standing};
use crate::evidence::{Placement, TimeLabel};
use crate::ids::DocId;
use crate::records::field::Scalar;
use crate::records::reading_of;
use crate::review::DeviceFact;
use crate::sync::ledger::Ledger;

use crate::time::UtcSecs;

impl Relay {
    /// A document's entries as they stand now, twins included.
    ///
    /// # Errors
    /// When the store fails.
    pub fn journal(&self, ledger: &mut dyn Ledger, doc: DocId) -> Result<Journal, RelayError> {
        let mut book = Book::new(self.county(), ledger);
        let mut journal = Journal::default();
        for chain in book.chains_in(doc)? {
            let device = book.device(chain.device)?;
            let author = Author {
                person: device.as_ref().and_then(|device| device.person),
                via: device.map_or(crate::sync::message::Via::Phone, |device| device.via),
            };
            for seq in 1..=chain.seq {
                let Some(n) = book.entry_no(chain.number, seq)? else { continue };
                let Some(row) = book.entry(n)? else { continue };
                let Some(value) = row.value.as_ref() else { continue };
                journal.insert(Item {
                    actor: chain.actor,
                    author,
                    seq,
                    hash: row.hash,
                    value: value.0.clone(),
                    placed: placement(&row),
                    standing: row.flag().map_or(Standing::Counts, |reason| Standing::Flagged(reason as u8)),
                });
            }
            for (seq, hash, twin) in book.twins(chain.number)? {
                let reading = cbor::decode_map(&twin.value.0).ok().and_then(|map| reading_of(&map).ok());
                journal.insert(Item {
                    actor: chain.actor,
                    author,
                    seq,
                    hash,
                    value: twin.value.0,
                    placed: Placement::by_phone(&reading.unwrap_or_default()),
                    standing: Standing::Twin,
                });
            }
        }
        Ok(journal)
    }

    /// The devices that cells of a person wait for (`object` a person), or a school's kiosks (`object` a school).
    ///
    /// # Errors
    /// When the store fails.
    pub fn device_facts(&self, ledger: &mut dyn Ledger, object: &[u8; 8]) -> Result<Vec<DeviceFact>, RelayError> {
        let devices = Book::new(self.county(), ledger).devices_of(object)?;
        Ok(devices.iter().map(device_fact).collect())
    }
}

/// A device as a cell sees it.
pub fn device_fact(device: &DeviceRow) -> DeviceFact {
    DeviceFact {
        actor: device.actor(),
        via: device.via,
        since: device.since.secs(),
        mark: device.mark.map(|mark| mark.secs()),
        retired: device.retired.map(|at| at.secs()).zip(device.retired_why),
    }
}

/// When an entry was made, as its row says.
pub fn placement(row: &EntryRow) -> Placement {
    let map = row.value.as_ref().and_then(|value| cbor::decode_map(&value.0).ok()).unwrap_or_default();
    let phone = reading_of(&map).map_or(UtcSecs(row.judged), |reading| reading.wall);
    Placement {
        earliest: UtcSecs(row.earliest).ms(),
        latest: UtcSecs(row.latest).ms(),
        judged: UtcSecs(row.judged),
        phone,
        label: TimeLabel::from_value(&cbor::Value::Int(i64::from(row.label))).unwrap_or(TimeLabel::Unverified),
    }
}

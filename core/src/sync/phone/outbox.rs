//! What the relay hasn't acknowledged yet, and why.

use crate::crypto::BlobHash;
use crate::ids::{ActorId, DocId};
use crate::records::EntryRef;
use crate::sync::message::Problem;

use super::state::{ChainRow, Fact, chain, chain_of_key, last_entry, set_chain};
use super::store::{Rows, StoreError, Table, scan_prefix};
use crate::cbor::Value;
use crate::records::field::{Scalar, record};
use crate::time::UtcMs;

/// Where a record of this phone stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Saved on this phone, waiting.
    Waiting,
    /// The relay has the entry, but not yet all of its blobs.
    WaitingForBlobs,
    /// On the relay's disk.
    Delivered,
    /// The relay takes no more into this document: its content was retired by age.
    Retired,
}

impl Delivery {
    /// The stable code: its text stands under `delivery-<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Delivery::Waiting => "waiting",
            Delivery::WaitingForBlobs => "waiting_for_blobs",
            Delivery::Delivered => "delivered",
            Delivery::Retired => "retired",
        }
    }
}

/// Entries of one chain that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The document.
    pub doc: DocId,
    /// The first seq that waits.
    pub first: u64,
    /// The last.
    pub last: u64,
}

impl Waiting {
    /// How many entries wait.
    pub fn count(&self) -> u64 {
        (self.last + 1).saturating_sub(self.first)
    }
}

/// Whether the relay takes this device's pushes, as far as the phone knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is known against it.
    Fine,
    /// The relay speaks this version only: the app needs an update.
    Outdated(u8),
    /// The relay doesn't know the device: the principal approves it, or an invitation does.
    Unknown,
    /// The device was revoked at this time.
    Revoked(UtcMs),
    /// The principal's certificate was not taken.
    Certificate(String),
    /// The relay refused the push, in its words.
    Refused(String),
}

impl Standing {
    /// The stable code: its text stands under `standing-<code>`.
    pub fn code(&self) -> &'static str {
        match self {
            Standing::Fine => "fine",
            Standing::Outdated(_) => "outdated",
            Standing::Unknown => "unknown",
            Standing::Revoked(_) => "revoked",
            Standing::Certificate(_) => "certificate",
            Standing::Refused(_) => "refused",
        }
    }
}

record! {
    /// As it is kept.
    StandingRow {
        /// Which.
        1 code: u32,
        /// A version or an instant.
        2 number: Option<i64>,
        /// The relay's words.
        3 text: Option<String>,
    }
}

impl Scalar for Standing {
    fn to_value(&self) -> Value {
        let (code, number, text) = match self {
            Standing::Fine => (0, None, None),
            Standing::Outdated(version) => (1, Some(i64::from(*version)), None),
            Standing::Unknown => (2, None, None),
            Standing::Revoked(at) => (3, Some(at.0), None),
            Standing::Certificate(text) => (4, None, Some(text.clone())),
            Standing::Refused(text) => (5, None, Some(text.clone())),
        };
        StandingRow { code, number, text }.to_value()
    }

    fn from_value(value: &Value) -> Option<Self> {
        let row = StandingRow::from_value(value)?;
        Some(match row.code {
            0 => Standing::Fine,
            1 => Standing::Outdated(row.number?.try_into().ok()?),
            2 => Standing::Unknown,
            3 => Standing::Revoked(UtcMs(row.number?)),
            4 => Standing::Certificate(row.text?),
            5 => Standing::Refused(row.text?),
            _ => return None,
        })
    }
}

impl Fact for Standing {
    const NAME: &'static [u8] = b"standing";
}

/// The number by which a stopped chain is kept.
pub(super) fn stop_code(problem: Problem) -> u32 {
    match problem {
        Problem::Gap => 1,
        Problem::Fork => 2,
        Problem::Retired => 3,
        Problem::Closed => 4,
    }
}

/// The chains of this device that hold more than the relay acknowledged, with their last entries' numbers.
fn open_chains(rows: &mut dyn Rows) -> Result<Vec<(DocId, ChainRow, u64)>, StoreError> {
    let mut found = Vec::new();
    for (key, _) in scan_prefix(rows, Table::Unsent, &[])? {
        let Some((doc, actor)) = chain_of_key(&key) else { continue };
        let Some(row) = chain(rows, doc, actor)? else { continue };
        let last = last_entry(rows, doc, actor)?.map_or(0, |last| last.seq);
        if last > row.through {
            found.push((doc, row, last));
        }
    }
    Ok(found)
}

/// What waits in the chains of this device, in the order of their documents' labels.
///
/// # Errors
/// When the store fails.
pub fn waiting(rows: &mut dyn Rows) -> Result<Vec<Waiting>, StoreError> {
    let open = open_chains(rows)?.into_iter().filter(|(_, row, _)| row.stopped.is_none());
    Ok(open.map(|(doc, row, last)| Waiting { doc, first: row.through + 1, last }).collect())
}

/// How many entries of this device the relay takes no more: the time of their term is over.
///
/// # Errors
/// When the store fails.
pub fn retired(rows: &mut dyn Rows) -> Result<u64, StoreError> {
    let stopped = open_chains(rows)?.into_iter().filter(|(_, row, _)| row.stopped == Some(stop_code(Problem::Retired)));
    Ok(stopped.map(|(_, row, last)| last - row.through).sum())
}

/// Blobs that the relay hasn't acknowledged.
///
/// # Errors
/// When the store fails.
pub fn blobs_waiting(rows: &mut dyn Rows) -> Result<Vec<BlobHash>, StoreError> {
    let found = scan_prefix(rows, Table::BlobUnsent, &[])?;
    Ok(found.iter().filter_map(|(key, _)| BlobHash::from_slice(key)).collect())
}

/// Where an entry of this device stands; `blobs` are those that it names. `None` for another device's entry.
///
/// # Errors
/// When the store fails.
pub fn delivery(
    rows: &mut dyn Rows,
    doc: DocId,
    re: &EntryRef,
    blobs: &[BlobHash],
) -> Result<Option<Delivery>, StoreError> {
    let Some(row) = chain(rows, doc, re.actor)?.filter(|row| row.mine == Some(true)) else { return Ok(None) };
    if row.through < re.seq {
        let retired = row.stopped == Some(stop_code(Problem::Retired));
        return Ok(Some(if retired { Delivery::Retired } else { Delivery::Waiting }));
    }
    for blob in blobs {
        if rows.get(Table::BlobUnsent, &blob.0)?.is_some() {
            return Ok(Some(Delivery::WaitingForBlobs));
        }
    }
    Ok(Some(Delivery::Delivered))
}

/// Takes `through` as what the relay has of a chain of this device; keeps the list of unsent chains in step.
pub(super) fn set_through(
    rows: &mut dyn Rows,
    doc: DocId,
    actor: ActorId,
    row: &ChainRow,
    through: u64,
) -> Result<(), StoreError> {
    let last = last_entry(rows, doc, actor)?.map_or(0, |last| last.seq);
    let row = ChainRow { through: through.min(last), ..row.clone() };
    set_chain(rows, doc, actor, &row)?;
    let key = super::state::chain_key(doc, actor);
    if row.through < last { rows.put(Table::Unsent, &key, &[]) } else { rows.delete(Table::Unsent, &key) }
}

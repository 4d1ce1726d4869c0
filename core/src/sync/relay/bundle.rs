//! Taking in a file of unsent entries: a push that came another way. Its answer goes nowhere; the phone hears of it at its own
//! next sync.

use super::admission::Way;
use super::book::Book;
use super::rows::BlobRow;
use super::{Relay, RelayError};
use crate::crypto::{BlobHash, sha256};
use crate::ids::{ActorId, PersonId};
use crate::sync::bundle::Bundle;
use crate::sync::ledger::Ledger;
use crate::sync::wire;
use crate::time::UtcMs;

/// What a bundle came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleTaken {
    /// The device that made it.
    pub actor: ActorId,
    /// Its person; absent for a kiosk.
    pub person: Option<PersonId>,
    /// Since when the device is revoked: its entries are stored and flagged.
    pub revoked: Option<UtcMs>,
    /// Entries in the file.
    pub entries: u64,
    /// Those that the relay had not got.
    pub new: u64,
    /// Large blobs that entries name and the relay had not got. Their rows are written: their bytes must lie in the blob
    /// folder before the transaction is committed.
    pub blobs: Vec<(BlobHash, Vec<u8>)>,
}

impl Relay {
    /// Takes in what a bundle holds. The same bundle again changes nothing.
    ///
    /// # Errors
    /// When its body can't be read, its device is unknown, its signature doesn't fit, or the store fails; then the transaction
    /// must be rolled back.
    pub fn take_bundle(&self, ledger: &mut dyn Ledger, now: UtcMs, bundle: &Bundle) -> Result<BundleTaken, RelayError> {
        let (push, signature) = wire::decode_push(&bundle.body.0, &wire::Limits::default())?;
        let mut book = Book::new(self.county(), &mut *ledger);
        let verified = self.admit(&mut book, now, push, signature, Way::Bundle)?;
        let actor = verified.actor();
        let had: Vec<u64> = verified.runs.iter().map(|run| run.through).collect();
        let entries = verified.runs.iter().map(|run| run.links.len() as u64).sum();
        let answer = self.take(&mut book, now, verified)?;
        let had_before = |run: u32| had.get(run as usize).copied().unwrap_or_default();
        let new = answer.stored.iter().map(|run| run.through.saturating_sub(had_before(run.run))).sum();
        let device = book.device_of(actor)?;
        let mut blobs = Vec::new();
        for blob in &bundle.blobs {
            let hash = BlobHash(sha256(&[&blob.bytes.0]));
            if self.names_blob(ledger, blob.doc, &hash)? {
                let mut book = Book::new(self.county(), &mut *ledger);
                if book.blob(&hash)?.is_none() {
                    let row = BlobRow { doc: blob.doc, size: blob.bytes.0.len() as u64, bytes: None };
                    book.put_blob(&hash, &row)?;
                    blobs.push((hash, blob.bytes.0.clone()));
                }
            }
        }
        let (person, revoked) = device.map_or((None, None), |device| (device.person, device.revoked));
        Ok(BundleTaken { actor, person, revoked, entries, new, blobs })
    }
}

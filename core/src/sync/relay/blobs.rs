//! Large blobs: who may bring and who may read them. Their bytes lie outside the ledger; a row says that they are there.

use super::book::Book;
use super::rows::{BlobRow, DeviceRow};
use super::{Relay, RelayError};
use crate::crypto::BlobHash;
use crate::ids::DocId;
use crate::records::Entry;
use crate::sync::blob::{BlobAct, BlobTicket};
use crate::sync::ledger::Ledger;
use crate::sync::message::Refusal;
use crate::time::UtcMs;

impl Relay {
    /// The blob, if the ticket holds and its device may read the document that owns it. `None` says either that there is no
    /// such blob or that it isn't this device's to read.
    ///
    /// # Errors
    /// When the ticket doesn't hold, its device is unknown or revoked, or the store fails.
    pub fn read_blob(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        ticket: &BlobTicket,
        blob: &BlobHash,
    ) -> Result<Option<BlobRow>, RelayError> {
        let device = self.ticket_holder(ledger, now, ticket, BlobAct::Get, blob)?;
        let row = Book::new(self.county(), ledger).blob(blob)?.filter(|row| row.doc == ticket.doc);
        match row {
            Some(row) => Ok(self.may_read(ledger, now, &device, row.doc)?.then_some(row)),
            None => Ok(None),
        }
    }

    /// Whether the ticket's device may bring this blob: it may read the document, or writes in it, and an entry of it names
    /// the blob.
    ///
    /// # Errors
    /// When it may not, or the store fails.
    pub fn may_bring_blob(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        ticket: &BlobTicket,
        blob: &BlobHash,
    ) -> Result<(), RelayError> {
        let device = self.ticket_holder(ledger, now, ticket, BlobAct::Put, blob)?;
        if self.may_read(ledger, now, &device, ticket.doc)? && self.names_blob(ledger, ticket.doc, blob)? {
            return Ok(());
        }
        Err(Refusal::Malformed("no entry of this document names this blob".into()).into())
    }

    /// Notes that the bytes of a blob lie in the blob folder, on the disk.
    ///
    /// # Errors
    /// As [`Relay::may_bring_blob`].
    pub fn blob_brought(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        ticket: &BlobTicket,
        blob: &BlobHash,
        size: u64,
    ) -> Result<(), RelayError> {
        self.may_bring_blob(ledger, now, ticket, blob)?;
        let mut book = Book::new(self.county(), ledger);
        if book.blob(blob)?.is_none() {
            book.put_blob(blob, &BlobRow { doc: ticket.doc, size, bytes: None })?;
        }
        Ok(())
    }

    fn ticket_holder(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        ticket: &BlobTicket,
        act: BlobAct,
        blob: &BlobHash,
    ) -> Result<DeviceRow, RelayError> {
        if !ticket.holds(self.county(), act, blob, now) {
            return Err(Refusal::Signature.into());
        }
        let device = Book::new(self.county(), ledger).device_of(ticket.key.actor())?;
        let device = device.filter(|device| device.key == ticket.key).ok_or(Refusal::UnknownDevice)?;
        match device.revoked {
            Some(since) => Err(Refusal::Revoked(since).into()),
            None => Ok(device),
        }
    }

    /// Whether an entry of the document names the blob.
    pub(super) fn names_blob(&self, ledger: &mut dyn Ledger, doc: DocId, blob: &BlobHash) -> Result<bool, RelayError> {
        let mut book = Book::new(self.county(), ledger);
        // The newest first: a blob follows its entry at once.
        for n in book.entries_in(doc, 0, usize::MAX)?.into_iter().rev() {
            let value = book.entry(n)?.and_then(|row| row.value);
            let entry = value.and_then(|value| Entry::from_bytes(&value.0).ok());
            if entry.is_some_and(|entry| entry.blobs.contains(blob)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

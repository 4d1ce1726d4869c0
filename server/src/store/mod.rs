//! Where the relay keeps what it took: one SQLite file in the data folder.
//!
//! One connection writes ([`SqliteLedger`], owned by the writer), others read ([`Readers`]): a reader sees the state of one
//! moment and never holds the writer up (write-ahead log). A commit is on the disk before it returns (`synchronous=FULL`).

pub mod migrations;
mod sqlite;

#[cfg(test)]
pub(crate) mod contract;

pub use migrations::OpenError;
pub(crate) use sqlite::ledger_error;
pub use sqlite::{ReadLedger, Readers, SqliteLedger};

use sanji_core::sync::ledger::{Ledger, LedgerError};

/// A ledger whose transactions are opened and closed from outside, with one mark inside to which a failed job is undone.
pub trait Transactions: Ledger {
    /// Opens a transaction.
    ///
    /// # Errors
    /// When the store fails, or another process has been writing for too long.
    fn begin(&mut self) -> Result<(), LedgerError>;

    /// Sets the mark, in place of an earlier one.
    ///
    /// # Errors
    /// When the store fails; the transaction may be gone then.
    fn mark(&mut self) -> Result<(), LedgerError>;

    /// Undoes everything since the mark.
    ///
    /// # Errors
    /// When the store fails or the transaction is gone: nothing of it holds then.
    fn undo(&mut self) -> Result<(), LedgerError>;

    /// Makes the transaction durable.
    ///
    /// # Errors
    /// When it could not: nothing of it holds then.
    fn commit(&mut self) -> Result<(), LedgerError>;

    /// Lets the transaction go, if one is open.
    fn rollback(&mut self);
}

//! All or nothing over a ledger in memory.

use sanji_core::sync::ledger::{Ledger, LedgerError, MemoryLedger, Pair, Table};

/// A transaction of a ledger in memory that can be undone.
pub struct Transaction<'a> {
    ledger: &'a mut MemoryLedger,
    undo: Vec<(Table, Vec<u8>, Option<Vec<u8>>)>,
}

impl<'a> Transaction<'a> {
    pub fn of(ledger: &'a mut MemoryLedger) -> Self {
        Transaction { ledger, undo: Vec::new() }
    }

    fn remember(&mut self, table: Table, key: &[u8]) -> Result<(), LedgerError> {
        let before = self.ledger.get(table, key)?;
        self.undo.push((table, key.to_vec(), before));
        Ok(())
    }

    /// Leaves everything as it was before.
    pub fn roll_back(self) {
        for (table, key, before) in self.undo.into_iter().rev() {
            match before {
                Some(value) => self.ledger.put(table, &key, &value),
                None => self.ledger.delete(table, &key),
            }
            .unwrap();
        }
    }
}

impl Ledger for Transaction<'_> {
    fn get(&mut self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, LedgerError> {
        self.ledger.get(table, key)
    }

    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), LedgerError> {
        self.remember(table, key)?;
        self.ledger.put(table, key, value)
    }

    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), LedgerError> {
        self.remember(table, key)?;
        self.ledger.delete(table, key)
    }

    fn scan(
        &mut self,
        table: Table,
        from: &[u8],
        to: &[u8],
        limit: usize,
        reverse: bool,
    ) -> Result<Vec<Pair>, LedgerError> {
        self.ledger.scan(table, from, to, limit, reverse)
    }
}

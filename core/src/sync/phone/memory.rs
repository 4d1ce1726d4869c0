//! A phone's store in memory: for tests and simulations, and the model of the contract suite.

use std::collections::BTreeMap;

use super::store::{Pair, PhoneStore, Rows, StoreError, Table};

/// A place, and what stood there before.
type Undone = ((Table, Vec<u8>), Option<Vec<u8>>);

/// Tables in memory. A transaction that fails is undone; one that is cut short can be simulated by failing it.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    tables: BTreeMap<(Table, Vec<u8>), Vec<u8>>,
}

struct Transaction<'a> {
    tables: &'a mut BTreeMap<(Table, Vec<u8>), Vec<u8>>,
    undo: Vec<Undone>,
}

impl Transaction<'_> {
    fn roll_back(self) {
        for (key, old) in self.undo.into_iter().rev() {
            match old {
                Some(value) => self.tables.insert(key, value),
                None => self.tables.remove(&key),
            };
        }
    }
}

impl Rows for Transaction<'_> {
    fn get(&mut self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.tables.get(&(table, key.to_vec())).cloned())
    }

    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        let key = (table, key.to_vec());
        let old = self.tables.insert(key.clone(), value.to_vec());
        self.undo.push((key, old));
        Ok(())
    }

    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), StoreError> {
        let key = (table, key.to_vec());
        if let Some(old) = self.tables.remove(&key) {
            self.undo.push((key, Some(old)));
        }
        Ok(())
    }

    fn scan(
        &mut self,
        table: Table,
        from: &[u8],
        to: &[u8],
        limit: usize,
        reverse: bool,
    ) -> Result<Vec<Pair>, StoreError> {
        if from >= to {
            return Ok(Vec::new());
        }
        let range = self.tables.range((table, from.to_vec())..(table, to.to_vec()));
        let pair = |((_, key), value): (&(Table, Vec<u8>), &Vec<u8>)| (key.clone(), value.clone());
        Ok(if reverse { range.rev().take(limit).map(pair).collect() } else { range.take(limit).map(pair).collect() })
    }
}

impl PhoneStore for MemoryStore {
    fn write<R, E: From<StoreError>>(&mut self, work: impl FnOnce(&mut dyn Rows) -> Result<R, E>) -> Result<R, E> {
        let mut transaction = Transaction { tables: &mut self.tables, undo: Vec::new() };
        let result = work(&mut transaction);
        if result.is_err() {
            transaction.roll_back();
        }
        result
    }

    fn read<R, E: From<StoreError>>(&mut self, work: impl FnOnce(&mut dyn Rows) -> Result<R, E>) -> Result<R, E> {
        let mut transaction = Transaction { tables: &mut self.tables, undo: Vec::new() };
        let result = work(&mut transaction);
        transaction.roll_back();
        result
    }
}

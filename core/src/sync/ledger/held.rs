//! An act over a ledger: what it writes is held back until it is kept, and each row is read and written once however often
//! the act looks at it.

use std::collections::BTreeMap;

use super::{Ledger, LedgerError, Pair, Table};

/// The rows of one table: those that the act wrote (`None` where it removed one), and those that it read.
#[derive(Default)]
struct Rows {
    written: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    read: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

/// A ledger over a ledger. Dropped without [`Held::keep`] it leaves nothing behind.
pub struct Held<'a> {
    below: &'a mut dyn Ledger,
    tables: Vec<Rows>,
}

impl<'a> Held<'a> {
    /// Begins an act. Nobody else may write to `below` until it has ended.
    pub fn over(below: &'a mut dyn Ledger) -> Self {
        Held { below, tables: Table::ALL.iter().map(|_| Rows::default()).collect() }
    }

    /// Writes what was held back.
    ///
    /// # Errors
    /// When the store fails; the transaction around it is to be undone then.
    pub fn keep(self) -> Result<(), LedgerError> {
        for (table, rows) in Table::ALL.into_iter().zip(self.tables) {
            for (key, value) in rows.written {
                match value {
                    Some(value) => self.below.put(table, &key, &value)?,
                    None => self.below.delete(table, &key)?,
                }
            }
        }
        Ok(())
    }
}

impl Ledger for Held<'_> {
    fn get(&mut self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, LedgerError> {
        let rows = &mut self.tables[table as usize];
        if let Some(known) = rows.written.get(key).or_else(|| rows.read.get(key)) {
            return Ok(known.clone());
        }
        let value = self.below.get(table, key)?;
        rows.read.insert(key.to_vec(), value.clone());
        Ok(value)
    }

    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), LedgerError> {
        self.tables[table as usize].written.insert(key.to_vec(), Some(value.to_vec()));
        Ok(())
    }

    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), LedgerError> {
        self.tables[table as usize].written.insert(key.to_vec(), None);
        Ok(())
    }

    fn scan(
        &mut self,
        table: Table,
        from: &[u8],
        to: &[u8],
        limit: usize,
        reverse: bool,
    ) -> Result<Vec<Pair>, LedgerError> {
        if from >= to {
            return Ok(Vec::new());
        }
        let written = &self.tables[table as usize].written;
        let mut above =
            written.range::<[u8], _>((std::ops::Bound::Included(from), std::ops::Bound::Excluded(to))).peekable();
        if above.peek().is_none() {
            return self.below.scan(table, from, to, limit, reverse);
        }
        let above: Vec<_> = above.collect();
        // As many more as may fall away, so that the first `limit` of both together are among them.
        let removed = above.iter().filter(|(_, value)| value.is_none()).count();
        let below = self.below.scan(table, from, to, limit.saturating_add(removed), reverse)?;
        let mut rows: BTreeMap<Vec<u8>, Vec<u8>> = below.into_iter().collect();
        for (key, value) in above {
            match value {
                Some(value) => rows.insert(key.clone(), value.clone()),
                None => rows.remove(key),
            };
        }
        let rows = rows.into_iter();
        Ok(if reverse { rows.rev().take(limit).collect() } else { rows.take(limit).collect() })
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::sync::ledger::MemoryLedger;

    const TABLES: [Table; 2] = [Table::Log, Table::DocEntry];

    fn all(ledger: &mut dyn Ledger) -> Vec<Vec<Pair>> {
        TABLES.map(|table| ledger.scan(table, &[], &[0xff; 9], usize::MAX, false).unwrap()).to_vec()
    }

    #[test]
    fn an_act_reads_what_it_wrote_and_nothing_of_it_stands_before_it_is_kept() {
        for seed in 0..200 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let mut key = move || -> Vec<u8> { (0..rng.random_range(0..3)).map(|_| rng.random_range(0..4)).collect() };
            let mut rng = ChaCha8Rng::seed_from_u64(!seed);
            let mut below = MemoryLedger::default();
            for _ in 0..20 {
                below.put(TABLES[rng.random_range(0..2)], &key(), &[rng.random()]).unwrap();
            }
            let before = all(&mut below);
            let mut model = below.clone();
            let mut copy = below.clone();
            let mut held = Held::over(&mut copy);
            for _ in 0..60 {
                let (table, one, other) = (TABLES[rng.random_range(0..2)], key(), key());
                match rng.random_range(0..6) {
                    0 | 1 => {
                        let value = [rng.random()];
                        held.put(table, &one, &value).unwrap();
                        model.put(table, &one, &value).unwrap();
                    }
                    2 => {
                        held.delete(table, &one).unwrap();
                        model.delete(table, &one).unwrap();
                    }
                    3 => assert_eq!(held.get(table, &one), model.get(table, &one), "seed {seed}"),
                    _ => {
                        let (limit, reverse) = (rng.random_range(0..6), rng.random());
                        let expected = model.scan(table, &one, &other, limit, reverse);
                        assert_eq!(held.scan(table, &one, &other, limit, reverse), expected, "seed {seed}");
                    }
                }
            }
            if seed % 2 == 0 {
                drop(held);
                assert_eq!(all(&mut copy), before);
            } else {
                held.keep().unwrap();
                assert_eq!(all(&mut copy), all(&mut model), "seed {seed}");
            }
        }
    }
}

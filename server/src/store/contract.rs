//! What every store has to do, whichever it is: run on the ledger in memory and on SQLite.

use super::{Readers, SqliteLedger, Transactions};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sanji_core::sync::ledger::{Ledger, LedgerError, MemoryLedger, Pair, Table};

/// A ledger in memory with transactions: a copy is kept at each place to which it may return.
#[derive(Default)]
pub(crate) struct MemoryStore {
    now: MemoryLedger,
    before: Option<MemoryLedger>,
    mark: Option<MemoryLedger>,
    failing: Option<LedgerError>,
}

impl MemoryStore {
    /// A store whose every commit fails like this.
    pub(crate) fn failing(error: LedgerError) -> Self {
        MemoryStore { failing: Some(error), ..MemoryStore::default() }
    }
}

impl Ledger for MemoryStore {
    fn get(&mut self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, LedgerError> {
        self.now.get(table, key)
    }
    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), LedgerError> {
        self.now.put(table, key, value)
    }
    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), LedgerError> {
        self.now.delete(table, key)
    }
    fn scan(
        &mut self,
        t: Table,
        from: &[u8],
        to: &[u8],
        limit: usize,
        reverse: bool,
    ) -> Result<Vec<Pair>, LedgerError> {
        self.now.scan(t, from, to, limit, reverse)
    }
}

impl Transactions for MemoryStore {
    fn begin(&mut self) -> Result<(), LedgerError> {
        self.before = Some(self.now.clone());
        Ok(())
    }
    fn mark(&mut self) -> Result<(), LedgerError> {
        self.mark = Some(self.now.clone());
        Ok(())
    }
    fn undo(&mut self) -> Result<(), LedgerError> {
        self.now = self.mark.clone().expect("a mark was set");
        Ok(())
    }
    fn commit(&mut self) -> Result<(), LedgerError> {
        if let Some(error) = &self.failing {
            let error = error.clone();
            self.rollback();
            return Err(error);
        }
        self.before = None;
        Ok(())
    }
    fn rollback(&mut self) {
        if let Some(before) = self.before.take() {
            self.now = before;
        }
    }
}

/// Every row of a table.
fn all(ledger: &mut dyn Ledger, table: Table) -> Vec<Pair> {
    ledger.scan(table, &[], &[0xff; 40], usize::MAX, false).unwrap()
}

fn keys(pairs: &[Pair]) -> Vec<&[u8]> {
    pairs.iter().map(|(key, _)| &key[..]).collect()
}

/// The contract of a ledger; `make` gives an empty one each time.
pub(crate) fn contract<L: Transactions>(mut make: impl FnMut() -> L) {
    rows_are_ordered_by_their_bytes(&mut make());
    a_range_holds_its_first_key_and_not_its_last(&mut make());
    a_limit_cuts_from_the_end_asked_for(&mut make());
    a_put_overwrites_and_a_delete_removes(&mut make());
    any_bytes_are_keys_and_values(&mut make());
    tables_are_apart(&mut make());
    what_was_not_committed_is_gone(&mut make());
    undo_reaches_back_to_the_mark_and_no_further(&mut make());
}

fn rows_are_ordered_by_their_bytes(ledger: &mut dyn Ledger) {
    let sorted: [&[u8]; 7] = [b"", b"\0", b"\0\0", b"\x01", b"a", b"a\xff", b"\xff\xfe"];
    for key in [3, 0, 6, 2, 5, 1, 4] {
        ledger.put(Table::Log, sorted[key], &[key as u8]).unwrap();
    }
    assert_eq!(keys(&all(ledger, Table::Log)), sorted);
    let mut backwards = ledger.scan(Table::Log, &[], &[0xff; 40], 100, true).unwrap();
    backwards.reverse();
    assert_eq!(backwards, all(ledger, Table::Log));
}

fn a_range_holds_its_first_key_and_not_its_last(ledger: &mut dyn Ledger) {
    for key in [b"a", b"b", b"c", b"d"] {
        ledger.put(Table::Log, key, b"").unwrap();
    }
    let mut range = |from: &[u8], to: &[u8]| ledger.scan(Table::Log, from, to, 100, false).unwrap().len();
    assert_eq!(range(b"b", b"d"), 2);
    assert_eq!(range(b"b", b"b"), 0);
    assert_eq!(range(b"d", b"a"), 0, "a range the wrong way round is empty");
    assert_eq!(range(b"", b""), 0);
    assert_eq!(range(b"aa", b"c\0"), 2);
}

fn a_limit_cuts_from_the_end_asked_for(ledger: &mut dyn Ledger) {
    for key in 0..10u8 {
        ledger.put(Table::Log, &[key], b"").unwrap();
    }
    let mut scan = |limit, reverse| {
        let pairs = ledger.scan(Table::Log, &[2], &[8], limit, reverse).unwrap();
        pairs.into_iter().map(|(key, _)| key[0]).collect::<Vec<_>>()
    };
    assert_eq!(scan(3, false), [2, 3, 4]);
    assert_eq!(scan(3, true), [7, 6, 5]);
    assert_eq!(scan(0, false), [] as [u8; 0]);
    assert_eq!(scan(usize::MAX, true), [7, 6, 5, 4, 3, 2]);
}

fn a_put_overwrites_and_a_delete_removes(ledger: &mut dyn Ledger) {
    ledger.put(Table::Doc, b"k", b"one").unwrap();
    ledger.put(Table::Doc, b"k", b"two").unwrap();
    assert_eq!(ledger.get(Table::Doc, b"k").unwrap().as_deref(), Some(&b"two"[..]));
    assert_eq!(all(ledger, Table::Doc).len(), 1);
    ledger.delete(Table::Doc, b"k").unwrap();
    ledger.delete(Table::Doc, b"k").unwrap();
    assert_eq!(ledger.get(Table::Doc, b"k").unwrap(), None);
}

fn any_bytes_are_keys_and_values(ledger: &mut dyn Ledger) {
    ledger.put(Table::Row, b"", b"").unwrap();
    assert_eq!(ledger.get(Table::Row, b"").unwrap().as_deref(), Some(&b""[..]), "empty is not absent");
    let every: Vec<u8> = (0..=255).collect();
    let large = vec![0x5a; 40_000];
    ledger.put(Table::Row, &every, &large).unwrap();
    assert_eq!(ledger.get(Table::Row, &every).unwrap(), Some(large));
    ledger.put(Table::Row, "键".as_bytes(), b"not'quoted\"").unwrap();
    assert_eq!(ledger.get(Table::Row, "键".as_bytes()).unwrap().as_deref(), Some(&b"not'quoted\""[..]));
}

fn tables_are_apart(ledger: &mut dyn Ledger) {
    for (place, table) in Table::ALL.into_iter().enumerate() {
        ledger.put(table, b"k", &[place as u8]).unwrap();
    }
    for (place, table) in Table::ALL.into_iter().enumerate() {
        assert_eq!(all(ledger, table), [(b"k".to_vec(), vec![place as u8])], "{table:?}");
    }
}

fn what_was_not_committed_is_gone(ledger: &mut impl Transactions) {
    ledger.begin().unwrap();
    ledger.put(Table::Meta, b"kept", b"1").unwrap();
    ledger.commit().unwrap();
    ledger.begin().unwrap();
    ledger.put(Table::Meta, b"kept", b"2").unwrap();
    ledger.put(Table::Meta, b"gone", b"1").unwrap();
    assert_eq!(all(ledger, Table::Meta).len(), 2, "a transaction sees its own writes");
    ledger.rollback();
    assert_eq!(all(ledger, Table::Meta), [(b"kept".to_vec(), b"1".to_vec())]);
    ledger.rollback();
    ledger.begin().unwrap();
    ledger.commit().unwrap();
}

fn undo_reaches_back_to_the_mark_and_no_further(ledger: &mut impl Transactions) {
    ledger.begin().unwrap();
    for job in 0..6u8 {
        ledger.mark().unwrap();
        ledger.put(Table::Meta, &[job], b"").unwrap();
        if job % 2 == 1 {
            ledger.undo().unwrap();
            ledger.put(Table::Meta, &[job + 100], b"").unwrap();
            ledger.undo().unwrap();
        }
    }
    ledger.commit().unwrap();
    assert_eq!(keys(&all(ledger, Table::Meta)), [&[0][..], &[2], &[4]]);
}

/// A folder with a new store in it.
fn sqlite() -> (tempfile::TempDir, SqliteLedger) {
    let dir = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(&dir.path().join("relay.sqlite")).unwrap();
    (dir, ledger)
}

#[test]
fn the_ledger_in_memory_keeps_the_contract() {
    contract(MemoryStore::default);
}

#[test]
fn sqlite_keeps_the_contract() {
    let mut dirs = Vec::new();
    contract(|| {
        let (dir, ledger) = sqlite();
        dirs.push(dir);
        ledger
    });
}

#[test]
fn sqlite_and_memory_agree_on_any_operations() {
    let (_dir, mut sqlite) = sqlite();
    for seed in 0..60 {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut memory = MemoryStore::default();
        sqlite.begin().unwrap();
        memory.begin().unwrap();
        sqlite.mark().unwrap();
        memory.mark().unwrap();
        for _ in 0..200 {
            let table = [Table::Log, Table::Entry, Table::DocEntry][rng.random_range(0..3)];
            let mut key = || (0..rng.random_range(0..4)).map(|_| rng.random_range(0..4u8) * 85).collect::<Vec<_>>();
            let (one, other) = (key(), key());
            let value: Vec<u8> = (0..rng.random_range(0..9)).map(|_| rng.random()).collect();
            match rng.random_range(0..12) {
                0..5 => {
                    sqlite.put(table, &one, &value).unwrap();
                    memory.put(table, &one, &value).unwrap();
                }
                5..7 => {
                    sqlite.delete(table, &one).unwrap();
                    memory.delete(table, &one).unwrap();
                }
                7 => assert_eq!(sqlite.get(table, &one), memory.get(table, &one), "seed {seed}"),
                8 => {
                    sqlite.mark().unwrap();
                    memory.mark().unwrap();
                }
                9 => {
                    sqlite.undo().unwrap();
                    memory.undo().unwrap();
                }
                _ => {
                    let (limit, reverse) = (rng.random_range(0..6), rng.random());
                    let expected = memory.scan(table, &one, &other, limit, reverse);
                    assert_eq!(sqlite.scan(table, &one, &other, limit, reverse), expected, "seed {seed}");
                }
            }
        }
        for table in Table::ALL {
            assert_eq!(all(&mut sqlite, table), all(&mut memory, table), "seed {seed}");
        }
        sqlite.rollback();
    }
}

#[test]
fn a_commit_outlives_the_process() {
    let (dir, mut ledger) = sqlite();
    ledger.transaction::<_, LedgerError>(|l| l.put(Table::Log, b"k", b"v")).unwrap();
    let failed = ledger.transaction::<(), LedgerError>(|l| {
        l.put(Table::Log, b"lost", b"")?;
        Err(LedgerError::Failed("by the test".into()))
    });
    assert!(failed.is_err());
    ledger.begin().unwrap();
    ledger.put(Table::Log, b"open", b"").unwrap();
    drop(ledger);
    let mut again = SqliteLedger::open(&dir.path().join("relay.sqlite")).unwrap();
    assert_eq!(all(&mut again, Table::Log), [(b"k".to_vec(), b"v".to_vec())]);
    again.checkpoint().unwrap();
    assert_eq!(std::fs::metadata(dir.path().join("relay.sqlite-wal")).map_or(0, |m| m.len()), 0);
}

#[test]
fn a_reader_sees_one_moment_and_writes_nothing() {
    let (dir, mut ledger) = sqlite();
    ledger.put(Table::Log, b"1", b"").unwrap();
    let readers = Readers::new(&dir.path().join("relay.sqlite"));
    let seen = readers.read(|reader| {
        ledger.put(Table::Log, b"2", b"").unwrap();
        let early = all(reader, Table::Log).len();
        ledger.put(Table::Log, b"3", b"").unwrap();
        assert!(reader.put(Table::Log, b"4", b"").is_err());
        assert!(reader.sql().execute("DELETE FROM \"log\"", []).is_err());
        (early, all(reader, Table::Log).len())
    });
    assert_eq!(seen, Ok((1, 1)));
    assert_eq!(readers.read(|reader| all(reader, Table::Log).len()), Ok(3));
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing_half_written() {
    let (_dir, mut ledger) = sqlite();
    ledger.put(Table::Log, b"before", b"").unwrap();
    let pages: i64 = ledger.sql().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    ledger.sql().query_row(&format!("PRAGMA max_page_count={}", pages + 4), [], |_| Ok(())).unwrap();
    let result = ledger.transaction::<(), LedgerError>(|l| {
        for key in 0..100u8 {
            l.put(Table::Log, &[key], &[0; 4000])?;
        }
        Ok(())
    });
    assert_eq!(result, Err(LedgerError::Full));
    assert_eq!(keys(&all(&mut ledger, Table::Log)), [b"before"]);
    ledger.sql().query_row("PRAGMA max_page_count=1000000", [], |_| Ok(())).unwrap();
    ledger.transaction::<(), LedgerError>(|l| l.put(Table::Log, b"after", b"")).unwrap();
    assert_eq!(all(&mut ledger, Table::Log).len(), 2);
}

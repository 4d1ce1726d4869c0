//! What every phone store must do, run on memory and on SQLite.
#![cfg(feature = "store")]
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use sanji_core::store::{Condition, FileKeys, Folder, KeyProvider, SqliteStore};
use sanji_core::sync::phone::{MemoryStore, Pair, PhoneStore, StoreError, Table};

type Result<T> = std::result::Result<T, StoreError>;

fn all(store: &mut impl PhoneStore, table: Table) -> Vec<Pair> {
    store.read(|rows| rows.scan(table, &[], &[0xff; 40], usize::MAX, false)).unwrap()
}

fn keeps_order_and_bounds(store: &mut impl PhoneStore) {
    store
        .write(|rows| {
            for key in [&b"b"[..], b"", b"a\0", b"a", &[0xff], &[0xff, 0]] {
                rows.put(Table::Entry, key, key)?;
            }
            rows.put(Table::Chain, b"a", b"another table")
        })
        .unwrap();
    let keys = |pairs: Vec<Pair>| pairs.into_iter().map(|(key, _)| key).collect::<Vec<_>>();
    assert_eq!(keys(all(store, Table::Entry)), [&b""[..], b"a", b"a\0", b"b", &[0xff], &[0xff, 0]]);
    let scan = |store: &mut _, from: &[u8], to: &[u8], limit, reverse| {
        keys(PhoneStore::read(store, |rows| rows.scan(Table::Entry, from, to, limit, reverse)).unwrap())
    };
    assert_eq!(scan(store, b"a", b"b", 9, false), [&b"a"[..], b"a\0"], "the end is left out");
    assert_eq!(scan(store, b"a", &[0xff, 0xff], 2, true), [&[0xff, 0][..], &[0xff]], "backwards, the last ones");
    assert!(scan(store, b"b", b"a", 9, false).is_empty());
    assert!(scan(store, b"a", b"b", 0, false).is_empty());
}

fn overwrites_and_deletes(store: &mut impl PhoneStore) {
    store
        .write(|rows| {
            rows.put(Table::Blob, b"k", b"one")?;
            rows.put(Table::Blob, b"k", b"")?;
            rows.put(Table::Blob, b"gone", b"x")?;
            rows.delete(Table::Blob, b"gone")?;
            rows.delete(Table::Blob, b"never there")?;
            assert_eq!(rows.get(Table::Blob, b"k")?, Some(vec![]), "a transaction reads what it wrote");
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(all(store, Table::Blob), [(b"k".to_vec(), vec![])]);
}

fn a_failed_transaction_leaves_nothing(store: &mut impl PhoneStore) {
    store.write(|rows| rows.put(Table::Meta, b"k", b"before")).unwrap();
    let failed: Result<()> = store.write(|rows| {
        rows.put(Table::Meta, b"k", b"after")?;
        rows.put(Table::Meta, b"new", b"x")?;
        rows.delete(Table::Meta, b"k")?;
        Err(StoreError::Failed("cut".into()))
    });
    assert!(failed.is_err());
    assert_eq!(all(store, Table::Meta), [(b"k".to_vec(), b"before".to_vec())]);
    store.read(|rows| rows.put(Table::Meta, b"k", b"read only")).unwrap();
    assert_eq!(all(store, Table::Meta), [(b"k".to_vec(), b"before".to_vec())], "a read throws away what it wrote");
}

fn agrees_with_a_map(store: &mut impl PhoneStore, seed: u64) {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let mut model: BTreeMap<(Table, Vec<u8>), Vec<u8>> = BTreeMap::new();
    for _ in 0..60 {
        let mut next = model.clone();
        let cut = rng.random_range(0..4) == 0;
        let result: Result<()> = store.write(|rows| {
            for _ in 0..rng.random_range(1..8) {
                let table = Table::ALL[rng.random_range(0..Table::ALL.len())];
                let key: Vec<u8> = (0..rng.random_range(0..3)).map(|_| rng.random_range(0..3) * 127).collect();
                if rng.random_range(0..4) == 0 {
                    rows.delete(table, &key)?;
                    next.remove(&(table, key));
                } else {
                    let value: Vec<u8> = (0..rng.random_range(0..40)).map(|_| rng.random()).collect();
                    rows.put(table, &key, &value)?;
                    next.insert((table, key), value);
                }
            }
            if cut { Err(StoreError::Failed("cut".into())) } else { Ok(()) }
        });
        if result.is_ok() {
            model = next;
        }
    }
    for table in Table::ALL {
        let expected: Vec<Pair> =
            model.iter().filter(|((t, _), _)| *t == table).map(|((_, k), v)| (k.clone(), v.clone())).collect();
        assert_eq!(all(store, table), expected, "seed {seed}");
    }
}

fn contract<S: PhoneStore>(mut make: impl FnMut() -> S) {
    keeps_order_and_bounds(&mut make());
    overwrites_and_deletes(&mut make());
    a_failed_transaction_leaves_nothing(&mut make());
    for seed in 0..20 {
        agrees_with_a_map(&mut make(), seed);
    }
}

#[test]
fn memory_keeps_the_contract() {
    contract(MemoryStore::default);
}

struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        Home { dir: tempfile::tempdir().unwrap() }
    }

    fn keys(&self) -> FileKeys {
        FileKeys::open(self.dir.path().join("keys")).unwrap()
    }

    fn records(&self) -> PathBuf {
        self.dir.path().join("phone/records.sanji")
    }

    fn folder(&self) -> Folder {
        Folder::open(self.dir.path().join("phone")).unwrap()
    }

    fn open(&self) -> (Folder, SqliteStore, Condition) {
        let folder = self.folder();
        let (store, condition) = folder.store(&self.keys()).unwrap();
        (folder, store, condition)
    }
}

#[test]
fn sqlite_keeps_the_contract() {
    let home = Home::new();
    let mut files = 0;
    contract(|| {
        files += 1;
        SqliteStore::open(&home.dir.path().join(format!("{files}.sanji")), &home.keys()).unwrap()
    });
}

#[test]
fn what_was_committed_is_there_after_opening_again_and_no_value_lies_open() {
    let home = Home::new();
    let secret = b"a value that nobody may read";
    {
        let (_folder, mut store, condition) = home.open();
        assert_eq!(condition, Condition::Sound);
        store.write(|rows| rows.put(Table::Entry, b"k", secret)).unwrap();
    }
    let files = std::fs::read_dir(home.dir.path().join("phone")).unwrap();
    for file in files {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|w| w == secret));
    }
    let (_folder, mut store, _) = home.open();
    assert_eq!(all(&mut store, Table::Entry), [(b"k".to_vec(), secret.to_vec())]);
}

#[test]
fn a_second_process_is_kept_out() {
    let home = Home::new();
    let held = home.folder();
    assert_eq!(Folder::open(held.path()).err(), Some(StoreError::Locked));
    drop(held);
    home.folder();
}

#[test]
fn a_full_disk_is_an_error_and_nothing_is_half_written() {
    let home = Home::new();
    let (_folder, mut store, _) = home.open();
    store.write(|rows| rows.put(Table::Entry, b"before", b"kept")).unwrap();
    store.limit_pages(12).unwrap();
    let large = vec![7; 3000];
    let mut kept = 0u32;
    let full = loop {
        let result = store.write(|rows| {
            rows.put(Table::Entry, &[&b"one"[..], &kept.to_be_bytes()].concat(), &large)?;
            rows.put(Table::Chain, &kept.to_be_bytes(), &large)
        });
        match result {
            Ok(()) => kept += 1,
            Err(e) => break e,
        }
        assert!(kept < 100, "the limit must be felt");
    };
    assert_eq!(full, StoreError::Full);
    assert_eq!(all(&mut store, Table::Entry).len() as u32, kept + 1);
    assert_eq!(all(&mut store, Table::Chain).len() as u32, kept);
    store.limit_pages(1000).unwrap();
    store.write(|rows| rows.put(Table::Entry, b"after", &large)).unwrap();
}

#[test]
fn a_damaged_file_is_moved_aside_and_kept_while_recording_goes_on() {
    let home = Home::new();
    let (folder, mut store, _) = home.open();
    store.write(|rows| rows.put(Table::Entry, b"k", b"v")).unwrap();
    store.checkpoint().unwrap();
    drop((folder, store));
    let garbage = vec![0x55; 5000];
    std::fs::write(home.records(), &garbage).unwrap();
    for round in 1..=2 {
        let (folder, mut store, condition) = home.open();
        let Condition::Replaced { kept, why } = condition else { panic!("round {round}") };
        assert!(matches!(why, StoreError::Damaged(_)), "{why}");
        assert_eq!(std::fs::read(&kept).unwrap(), garbage);
        assert!(all(&mut store, Table::Entry).is_empty());
        store.write(|rows| rows.put(Table::Entry, b"k", b"new")).unwrap();
        drop((folder, store));
        let (folder, store, condition) = home.open();
        assert_eq!(condition, Condition::Sound);
        drop((folder, store));
        std::fs::write(home.records(), &garbage).unwrap();
        let _ = std::fs::remove_file(home.dir.path().join("phone/records.sanji-wal"));
    }
}

#[test]
fn a_file_whose_key_is_gone_is_kept() {
    let home = Home::new();
    drop(home.open());
    let folder = home.folder();
    let other = FileKeys::open(home.dir.path().join("other keys")).unwrap();
    let (_, condition) = folder.store(&other).unwrap();
    assert!(matches!(condition, Condition::Replaced { why: StoreError::KeyGone(_), .. }));
}

#[test]
fn a_file_whose_migration_fails_is_kept_and_recording_goes_on() {
    let home = Home::new();
    drop(home.folder());
    let file = rusqlite::Connection::open(home.records()).unwrap();
    file.execute_batch("CREATE TABLE rows (something TEXT); INSERT INTO rows VALUES ('kept')").unwrap();
    drop(file);
    let (_folder, mut store, condition) = home.open();
    let Condition::Replaced { kept, .. } = condition else { panic!("{condition:?}") };
    let old = rusqlite::Connection::open(kept).unwrap();
    let text: String = old.query_row("SELECT something FROM rows", [], |row| row.get(0)).unwrap();
    assert_eq!(text, "kept");
    store.write(|rows| rows.put(Table::Entry, b"k", b"v")).unwrap();
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    let home = Home::new();
    drop(home.open());
    let file = rusqlite::Connection::open(home.records()).unwrap();
    file.pragma_update(None, "user_version", 7).unwrap();
    drop(file);
    let folder = home.folder();
    let refused = folder.store(&home.keys()).map(|_| ()).unwrap_err();
    assert!(matches!(refused, StoreError::Newer { found: 7, .. }));
    assert!(refused.to_string().contains("update"));
    assert!(home.records().exists());
}

#[test]
fn a_value_that_was_moved_or_changed_does_not_open() {
    let home = Home::new();
    let (_folder, mut store, _) = home.open();
    store
        .write(|rows| {
            rows.put(Table::Entry, b"a", b"value a")?;
            rows.put(Table::Entry, b"b", b"value b")
        })
        .unwrap();
    let file = rusqlite::Connection::open(home.records()).unwrap();
    file.execute("UPDATE rows SET value = (SELECT value FROM rows WHERE key = x'61') WHERE key = x'62'", []).unwrap();
    let broken = store.read(|rows| rows.get(Table::Entry, b"b")).unwrap_err();
    assert_eq!(broken, StoreError::Row { table: "entry", key: b"b".to_vec() });
    assert_eq!(store.read(|rows| rows.get(Table::Entry, b"a")), Ok(Some(b"value a".to_vec())));
}

#[test]
fn the_data_key_is_wrapped_for_the_county_too() {
    let home = Home::new();
    let (_folder, mut store, _) = home.open();
    let county = crypto_box::SecretKey::from([6; 32]);
    assert_eq!(store.wrapped_for_county(), Ok(None));
    store.wrap_for_county(county.public_key().as_bytes()).unwrap();
    let wrapped = store.wrapped_for_county().unwrap().unwrap();
    assert_eq!(county.unseal(&wrapped).unwrap().len(), 32);
    let file = rusqlite::Connection::open(home.records()).unwrap();
    let by_provider: Vec<u8> =
        file.query_row("SELECT key FROM wrapped WHERE name = 'provider'", [], |row| row.get(0)).unwrap();
    assert_eq!(home.keys().unwrap(&by_provider).unwrap().to_vec(), county.unseal(&wrapped).unwrap());
}

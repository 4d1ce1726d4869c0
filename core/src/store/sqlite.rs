//! The phone's file: SQLite in WAL mode, every value sealed, one durable commit for each transaction.
//!
//! | pragma | value | why |
//! |---|---|---|
//! | journal_mode | WAL | one fsync a commit, and a crash leaves the file as of the last one |
//! | synchronous | FULL | a record that the screen shows as saved survives the battery |
//! | temp_store | MEMORY | nothing of a record lies in a temporary file |
//! | wal_autocheckpoint | 200 pages | the log stays small on a small phone |
//! | journal_size_limit | 1 MiB | and gives its space back |

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior};

use super::keys::{KeyError, KeyProvider, Sealer, random, seal_for};
use super::schema;
use crate::labels;
use crate::sync::phone::{Pair, PhoneStore, Rows, StoreError, Table};

/// A phone's open file.
pub struct SqliteStore {
    connection: Connection,
    sealer: Sealer,
    data_key: [u8; 32],
}

/// What SQLite says, as what the phone can do about it.
pub(super) fn failed(e: rusqlite::Error) -> StoreError {
    // The index of the log didn't get its room.
    if e.sqlite_error().is_some_and(|e| e.extended_code == SQLITE_IOERR_SHMSIZE) {
        return StoreError::Full;
    }
    match e.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged(e.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Locked,
        _ => StoreError::Failed(e.to_string()),
    }
}

impl From<KeyError> for StoreError {
    fn from(e: KeyError) -> Self {
        match e {
            KeyError::Unavailable(why) => StoreError::KeysUnavailable(why),
            KeyError::Gone(why) => StoreError::KeyGone(why),
        }
    }
}

const BY_PROVIDER: &str = "provider";
const BY_COUNTY: &str = "county";

impl SqliteStore {
    /// Opens or makes the file, and unwraps or makes its data key.
    ///
    /// # Errors
    /// When the file is newer, damaged or full, or the key storage doesn't give the key.
    pub fn open(path: &Path, keys: &dyn KeyProvider) -> Result<Self, StoreError> {
        SqliteStore::open_by(path, |connection| data_key(connection, keys))
    }

    /// Opens a file by its data key itself: one whose key was recovered.
    ///
    /// # Errors
    /// As [`SqliteStore::open`]. That the key is another is seen at the first row.
    pub fn open_with(path: &Path, data_key: [u8; 32]) -> Result<Self, StoreError> {
        SqliteStore::open_by(path, |_| Ok(data_key))
    }

    /// The data key of a file as it is sealed for the county; absent if it is no such file, or it was never enrolled.
    pub fn sealed_key_of(path: &Path) -> Option<Vec<u8>> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        let connection = Connection::open_with_flags(path, flags).ok()?;
        wrapped(&connection, BY_COUNTY).ok().flatten()
    }

    fn open_by(path: &Path, key: impl FnOnce(&Connection) -> Result<[u8; 32], StoreError>) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path).map_err(failed)?;
        let set = |name: &str, value: &dyn rusqlite::ToSql| connection.pragma_update(None, name, value).map_err(failed);
        set("journal_mode", &"wal")?;
        set("synchronous", &"full")?;
        set("temp_store", &"memory")?;
        set("wal_autocheckpoint", &200)?;
        set("journal_size_limit", &1_048_576)?;
        // Without this a scan is prepared anew whenever its limit is bound: the planner looks at the value.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(failed)?;
        schema::migrate(&mut connection, path, schema::STEPS)?;
        let data_key = key(&connection)?;
        Ok(SqliteStore { connection, sealer: Sealer::new(&data_key), data_key })
    }

    /// A store that keeps nothing, to stand in while the file is moved.
    ///
    /// # Errors
    /// When the key storage fails.
    pub fn parked(keys: &dyn KeyProvider) -> Result<Self, StoreError> {
        SqliteStore::open(Path::new(":memory:"), keys)
    }

    /// Wraps the data key for the county's recovery key as well (X25519, sealed box). Done once, at enrolment.
    ///
    /// # Errors
    /// When the store fails.
    pub fn wrap_for_county(&mut self, county: &[u8; 32]) -> Result<(), StoreError> {
        let wrapped = seal_for(county, &self.data_key)?;
        let sql = "INSERT OR REPLACE INTO wrapped (name, key) VALUES (?1, ?2)";
        self.connection.execute(sql, (BY_COUNTY, wrapped)).map(|_| ()).map_err(failed)
    }

    /// The data key as it is wrapped for the county; absent before enrolment.
    ///
    /// # Errors
    /// When the store fails.
    pub fn wrapped_for_county(&self) -> Result<Option<Vec<u8>>, StoreError> {
        wrapped(&self.connection, BY_COUNTY)
    }

    /// Bounds the file to so many pages of 4 KiB, as a full disk would.
    ///
    /// # Errors
    /// When the store fails.
    pub fn limit_pages(&mut self, pages: u32) -> Result<(), StoreError> {
        self.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).map_err(failed)
    }

    /// Writes the log back into the file, so that nothing is held open while the app sleeps.
    ///
    /// # Errors
    /// When the store fails.
    pub fn checkpoint(&mut self) -> Result<(), StoreError> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(failed)
    }

    fn transaction<R, E: From<StoreError>>(
        &mut self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&mut dyn Rows) -> Result<R, E>,
    ) -> Result<R, E> {
        let keeps = matches!(behavior, TransactionBehavior::Immediate);
        let transaction = self.connection.transaction_with_behavior(behavior).map_err(failed)?;
        let aad = [labels::SEAL, &[0; 48]].concat();
        let result = work(&mut Sealed { transaction: &transaction, sealer: &self.sealer, aad })?;
        if keeps {
            transaction.commit().map_err(failed)?;
        }
        Ok(result)
    }
}

fn wrapped(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT key FROM wrapped WHERE name = ?1";
    connection.query_row(sql, [name], |row| row.get(0)).optional().map_err(failed)
}

fn data_key(connection: &Connection, keys: &dyn KeyProvider) -> Result<[u8; 32], StoreError> {
    if let Some(wrapped) = wrapped(connection, BY_PROVIDER)? {
        return keys.unwrap(&wrapped).map_err(StoreError::from);
    }
    let rows: i64 = connection.query_row("SELECT count(*) FROM rows", [], |row| row.get(0)).map_err(failed)?;
    if rows > 0 {
        return Err(StoreError::Damaged("its wrapped key is gone".into()));
    }
    let key = random()?;
    let wrapped = keys.wrap(&key).map_err(StoreError::KeysUnavailable)?;
    connection.execute("INSERT INTO wrapped (name, key) VALUES (?1, ?2)", (BY_PROVIDER, wrapped)).map_err(failed)?;
    Ok(key)
}

impl PhoneStore for SqliteStore {
    fn write<R, E: From<StoreError>>(&mut self, work: impl FnOnce(&mut dyn Rows) -> Result<R, E>) -> Result<R, E> {
        self.transaction(TransactionBehavior::Immediate, work)
    }

    fn read<R, E: From<StoreError>>(&mut self, work: impl FnOnce(&mut dyn Rows) -> Result<R, E>) -> Result<R, E> {
        self.transaction(TransactionBehavior::Deferred, work)
    }
}

/// One transaction; what it writes is sealed under (label ‖ table ‖ key), which for an entry holds document, actor and seq.
struct Sealed<'a> {
    transaction: &'a rusqlite::Transaction<'a>,
    sealer: &'a Sealer,
    /// What a value is sealed with, written anew for each: label ‖ table ‖ key.
    aad: Vec<u8>,
}

/// The number of a table in the file: its place in [`Table::ALL`], which only grows.
fn number(table: Table) -> u8 {
    Table::ALL.iter().position(|t| *t == table).unwrap_or_default() as u8
}

impl Sealed<'_> {
    fn bind(&mut self, table: Table, key: &[u8]) {
        self.aad.truncate(labels::SEAL.len());
        self.aad.push(number(table));
        self.aad.extend_from_slice(key);
    }

    fn open(&mut self, table: Table, key: &[u8], sealed: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        self.bind(table, key);
        let broken = || StoreError::Row { table: table.name(), key: key.to_vec() };
        self.sealer.open(&self.aad, sealed).ok_or_else(broken)
    }
}

impl Rows for Sealed<'_> {
    fn get(&mut self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT value FROM rows WHERE tab = ?1 AND key = ?2";
        let mut statement = self.transaction.prepare_cached(sql).map_err(failed)?;
        let sealed = statement.query_row((number(table), key), |row| row.get(0)).optional().map_err(failed)?;
        sealed.map(|sealed| self.open(table, key, sealed)).transpose()
    }

    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.bind(table, key);
        let sealed = self.sealer.seal(&self.aad, value)?;
        let sql = "INSERT INTO rows (tab, key, value) VALUES (?1, ?2, ?3)
                   ON CONFLICT (tab, key) DO UPDATE SET value = excluded.value";
        let mut statement = self.transaction.prepare_cached(sql).map_err(failed)?;
        statement.execute((number(table), key, sealed)).map(|_| ()).map_err(failed)
    }

    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), StoreError> {
        let sql = "DELETE FROM rows WHERE tab = ?1 AND key = ?2";
        let mut statement = self.transaction.prepare_cached(sql).map_err(failed)?;
        statement.execute((number(table), key)).map(|_| ()).map_err(failed)
    }

    fn scan(
        &mut self,
        table: Table,
        from: &[u8],
        to: &[u8],
        limit: usize,
        reverse: bool,
    ) -> Result<Vec<Pair>, StoreError> {
        let sql = match reverse {
            false => "SELECT key, value FROM rows WHERE tab = ?1 AND key >= ?2 AND key < ?3 ORDER BY key LIMIT ?4",
            true => "SELECT key, value FROM rows WHERE tab = ?1 AND key >= ?2 AND key < ?3 ORDER BY key DESC LIMIT ?4",
        };
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.transaction.prepare_cached(sql).map_err(failed)?;
        let mut found = statement.query((number(table), from, to, limit)).map_err(failed)?;
        let mut pairs = Vec::new();
        while let Some(row) = found.next().map_err(failed)? {
            let (key, sealed): (Vec<u8>, Vec<u8>) = (row.get(0).map_err(failed)?, row.get(1).map_err(failed)?);
            let value = self.open(table, &key, sealed)?;
            pairs.push((key, value));
        }
        Ok(pairs)
    }
}

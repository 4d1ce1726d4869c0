//! The ledger in SQLite: one table per [`Table`], keys and values as blobs, which SQLite compares bytewise.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OptionalExtension};
use sanji_core::sync::ledger::{Ledger, LedgerError, Pair, Table};

use super::Transactions;
use super::migrations::{OpenError, migrate};

/// How long a transaction waits for one of another process (a command beside a running relay).
const BUSY: Duration = Duration::from_secs(10);

/// Most reading connections that are kept open while nobody reads.
const IDLE_READERS: usize = 4;

/// The writing connection.
pub struct SqliteLedger {
    connection: Connection,
    statements: Statements,
    marked: bool,
}

/// One transaction that only reads, on a connection of its own.
pub struct ReadLedger<'a> {
    connection: &'a Connection,
    statements: &'a Statements,
}

/// The reading connections of a store.
pub struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    statements: Statements,
}

/// The text of each table's statements, in the order of [`Table::ALL`]. SQLite keeps them prepared by their text.
struct Statements(Vec<[String; 5]>);

const GET: usize = 0;
const PUT: usize = 1;
const DELETE: usize = 2;
const FORWARD: usize = 3;
const BACKWARD: usize = 4;

impl Statements {
    fn new() -> Self {
        let of = |table: Table| {
            let t = table.name();
            let scan = |order| format!("SELECT k, v FROM \"{t}\" WHERE k >= ?1 AND k < ?2 ORDER BY k {order} LIMIT ?3");
            [
                format!("SELECT v FROM \"{t}\" WHERE k = ?1"),
                format!("INSERT INTO \"{t}\" (k, v) VALUES (?1, ?2) ON CONFLICT (k) DO UPDATE SET v = ?2"),
                format!("DELETE FROM \"{t}\" WHERE k = ?1"),
                scan("ASC"),
                scan("DESC"),
            ]
        };
        Statements(Table::ALL.into_iter().map(of).collect())
    }

    fn of(&self, table: Table, which: usize) -> &str {
        &self.0[table as usize][which]
    }

    fn get(&self, connection: &Connection, table: Table, key: &[u8]) -> rusqlite::Result<Option<Vec<u8>>> {
        connection.prepare_cached(self.of(table, GET))?.query_row([key], |row| row.get(0)).optional()
    }

    fn scan(
        &self,
        connection: &Connection,
        table: Table,
        range: (&[u8], &[u8]),
        limit: usize,
        reverse: bool,
    ) -> rusqlite::Result<Vec<Pair>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = connection.prepare_cached(self.of(table, if reverse { BACKWARD } else { FORWARD }))?;
        let rows = statement.query_map((range.0, range.1, limit), |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    }
}

/// The store's error in the ledger's terms.
pub(crate) fn ledger_error(error: rusqlite::Error) -> LedgerError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => LedgerError::Full,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => LedgerError::Corrupt(error.to_string()),
        _ => LedgerError::Failed(error.to_string()),
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(Table::ALL.len() * 5 + 40);
    // Without this a scan is prepared anew whenever its limit is bound: the planner looks at the value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // 16 MiB of pages; temporary tables never touch the disk.
    connection.execute_batch("PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;")?;
    Ok(connection)
}

impl SqliteLedger {
    /// Opens the store in this file, makes it if there is none, and migrates it.
    ///
    /// # Errors
    /// When the file is newer, foreign or unreadable.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let unreadable = |e: rusqlite::Error| OpenError::Unreadable { path: path.into(), why: e.to_string() };
        let mut connection = connect(path).map_err(unreadable)?;
        connection
            .execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864;")
            .map_err(unreadable)?;
        migrate(&mut connection, path)?;
        Ok(SqliteLedger { connection, statements: Statements::new(), marked: false })
    }

    /// Runs `work` in one transaction: committed if it gives `Ok`, undone otherwise.
    ///
    /// # Errors
    /// What `work` gives, or the store's error.
    pub fn transaction<T, E: From<LedgerError>>(
        &mut self,
        work: impl FnOnce(&mut SqliteLedger) -> Result<T, E>,
    ) -> Result<T, E> {
        self.begin()?;
        let result = work(self);
        match result {
            Ok(value) => self.commit().map(|()| value).map_err(E::from),
            Err(error) => {
                self.rollback();
                Err(error)
            }
        }
    }

    /// The connection, for tables that are no part of the ledger (web accounts), within the same transaction.
    pub fn sql(&self) -> &Connection {
        &self.connection
    }

    /// Moves the write-ahead log into the file and empties it: after this the file alone holds everything.
    ///
    /// # Errors
    /// When the store fails.
    pub fn checkpoint(&mut self) -> Result<(), LedgerError> {
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(ledger_error)
    }

    /// Writes a consistent copy of the whole store into a new file.
    ///
    /// # Errors
    /// When the file exists or can't be written.
    pub fn copy_to(&mut self, path: &Path) -> Result<(), LedgerError> {
        let path = path.to_str().ok_or_else(|| LedgerError::Failed("the copy's path is not UTF-8".into()))?;
        self.connection.execute("VACUUM INTO ?1", [path]).map(|_| ()).map_err(ledger_error)
    }

    fn run(&self, sql: &str) -> Result<(), LedgerError> {
        self.connection.prepare_cached(sql).and_then(|mut s| s.execute([])).map(|_| ()).map_err(ledger_error)
    }
}

impl Ledger for SqliteLedger {
    fn get(&mut self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, LedgerError> {
        self.statements.get(&self.connection, table, key).map_err(ledger_error)
    }

    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), LedgerError> {
        let put = |sql| self.connection.prepare_cached(sql)?.execute((key, value));
        put(self.statements.of(table, PUT)).map(|_| ()).map_err(ledger_error)
    }

    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), LedgerError> {
        let delete = |sql| self.connection.prepare_cached(sql)?.execute([key]);
        delete(self.statements.of(table, DELETE)).map(|_| ()).map_err(ledger_error)
    }

    fn scan(
        &mut self,
        table: Table,
        from: &[u8],
        to: &[u8],
        limit: usize,
        reverse: bool,
    ) -> Result<Vec<Pair>, LedgerError> {
        self.statements.scan(&self.connection, table, (from, to), limit, reverse).map_err(ledger_error)
    }
}

impl Transactions for SqliteLedger {
    fn begin(&mut self) -> Result<(), LedgerError> {
        self.marked = false;
        self.run("BEGIN IMMEDIATE")
    }

    fn mark(&mut self) -> Result<(), LedgerError> {
        if std::mem::take(&mut self.marked) {
            self.run("RELEASE job")?;
        }
        self.run("SAVEPOINT job")?;
        self.marked = true;
        Ok(())
    }

    fn undo(&mut self) -> Result<(), LedgerError> {
        self.run("ROLLBACK TO job")
    }

    fn commit(&mut self) -> Result<(), LedgerError> {
        let result = self.run("COMMIT");
        if result.is_err() {
            self.rollback();
        }
        result
    }

    fn rollback(&mut self) {
        // SQLite itself rolls back after some errors (a full disk among them); then there is nothing left to do. Should a
        // rollback fail otherwise, the next BEGIN fails and says so.
        if !self.connection.is_autocommit() {
            let _ = self.run("ROLLBACK");
        }
    }
}

impl Readers {
    /// Readers of the store in this file, which a [`SqliteLedger`] has opened before.
    pub fn new(path: &Path) -> Self {
        Readers { path: path.into(), idle: Mutex::new(Vec::new()), statements: Statements::new() }
    }

    /// Runs `work` on the state of one moment.
    ///
    /// # Errors
    /// When the store can't be opened or read.
    pub fn read<T>(&self, work: impl FnOnce(&mut ReadLedger<'_>) -> T) -> Result<T, LedgerError> {
        let connection = self.take().map_err(ledger_error)?;
        // The first read fixes the moment, not BEGIN itself.
        connection
            .execute_batch("BEGIN; SELECT count(*) FROM (SELECT 1 FROM \"meta\" LIMIT 1);")
            .map_err(ledger_error)?;
        let result = work(&mut ReadLedger { connection: &connection, statements: &self.statements });
        connection.execute_batch("COMMIT").map_err(ledger_error)?;
        if let Ok(mut idle) = self.idle.lock()
            && idle.len() < IDLE_READERS
        {
            idle.push(connection);
        }
        Ok(result)
    }

    fn take(&self) -> rusqlite::Result<Connection> {
        if let Some(connection) = self.idle.lock().ok().and_then(|mut idle| idle.pop()) {
            return Ok(connection);
        }
        let connection = connect(&self.path)?;
        connection.execute_batch("PRAGMA query_only=ON")?;
        Ok(connection)
    }
}

impl ReadLedger<'_> {
    /// The connection, for tables that are no part of the ledger (web accounts), within the same moment.
    pub fn sql(&self) -> &Connection {
        self.connection
    }
}

fn reads_only() -> LedgerError {
    LedgerError::Failed("this transaction only reads".into())
}

impl Ledger for ReadLedger<'_> {
    fn get(&mut self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, LedgerError> {
        self.statements.get(self.connection, table, key).map_err(ledger_error)
    }

    fn put(&mut self, _: Table, _: &[u8], _: &[u8]) -> Result<(), LedgerError> {
        Err(reads_only())
    }

    fn delete(&mut self, _: Table, _: &[u8]) -> Result<(), LedgerError> {
        Err(reads_only())
    }

    fn scan(
        &mut self,
        table: Table,
        from: &[u8],
        to: &[u8],
        limit: usize,
        reverse: bool,
    ) -> Result<Vec<Pair>, LedgerError> {
        self.statements.scan(self.connection, table, (from, to), limit, reverse).map_err(ledger_error)
    }
}

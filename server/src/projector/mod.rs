//! The projection: a pure fold of the county's log and its values into SQL tables, for pages and exports.
//!
//! It follows the log and the notes beside it (flags, placements). A pass takes the documents that were touched since the
//! last one, folds each anew from the ledger, compares the outcome with the rows that stand, and writes the difference; the
//! numbers through which it has followed are written last. So a pass may be cut off anywhere and done again, a document that
//! was touched often is folded once, and following gives the same rows as making everything anew.
//!
//! Cells are not stored: what a day comes to hangs on the instant at which it is asked. The tables hold what cells are
//! judged from, by posting and day; [`board`] makes the core's views of them for the days that are asked for, and the core
//! judges, as it does on a phone. Folding the documents themselves at each request would read a whole term for one week;
//! keeping them folded in memory would cost a county of 12,000 staff a gigabyte. The county's and a school's own documents
//! are small and are kept folded ([`kept`]); sums of a school's day are a table of their own, which also says until when they
//! hold ([`sums`]).

pub mod board;
mod document;
pub mod follow;
pub mod kept;
mod people;
pub mod summary;
pub mod sums;
pub mod tables;
mod touched;
mod views;
pub mod visits;
pub mod waiting;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};
use sanji_core::cbor::{self, Value};
use sanji_core::ids::{DocId, DocKind};
use sanji_core::sync::ledger::{Ledger, LedgerError, Table};
use sanji_core::sync::message::LogNo;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::{Relay, RelayError};

use crate::store::{ReadLedger, SqliteLedger};
use tables::{Changes, DEVICE, Field, POSTING};
pub use touched::Touched;

/// The statements that make the projection's tables, and that of looks at records.
pub(crate) fn schema() -> String {
    tables::schema() + crate::pages::audit::SCHEMA
}

/// Grows with the meaning of the projected rows: rows of another version are made anew.
const VERSION: i64 = 2;

/// Log rows, and notes, of one pass.
const PASS: usize = 20_000;

/// Documents that are folded and written together.
const TOGETHER: usize = 64;

/// A ledger that also holds the projection.
pub trait Store: Ledger {
    /// The connection to its tables, within the same transaction.
    fn sql(&self) -> &Connection;
}

impl Store for SqliteLedger {
    fn sql(&self) -> &Connection {
        SqliteLedger::sql(self)
    }
}

impl Store for ReadLedger<'_> {
    fn sql(&self) -> &Connection {
        ReadLedger::sql(self)
    }
}

/// Why the projection could not be made. What stands stays.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The ledger.
    #[error(transparent)]
    Relay(#[from] RelayError),
    /// The tables.
    #[error("the projection's tables: {0}")]
    Sql(#[from] rusqlite::Error),
}

impl From<LedgerError> for ProjectionError {
    fn from(error: LedgerError) -> Self {
        ProjectionError::Relay(error.into())
    }
}

/// Through where the log is projected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Through {
    /// The last log number.
    pub log: LogNo,
    /// The last revision of notes.
    pub notes: u64,
}

/// A pass over part of the log.
#[derive(Clone, Debug)]
pub struct Pass {
    docs: Vec<DocId>,
    through: Through,
    /// What stands is of another version or of another past, and has to go first.
    anew: bool,
    /// Nothing of the log lies beyond it.
    last: bool,
}

/// Makes the projection of a county.
#[derive(Clone)]
pub struct Projector {
    relay: Relay,
}

impl Projector {
    /// The projector of this relay's county.
    pub fn new(relay: Relay) -> Self {
        Projector { relay }
    }

    /// What has to be done next.
    ///
    /// # Errors
    /// When the store fails.
    pub fn next(&self, store: &mut impl Store) -> Result<Pass, ProjectionError> {
        let head = Book::new(self.relay.county(), store).head()?;
        let all = Through { log: head.n, notes: head.notes };
        let Some(from) = through(store.sql())?.filter(|from| from.log <= all.log && from.notes <= all.notes) else {
            // Nothing stands, or the ledger went back: everything anew.
            let docs = Book::new(self.relay.county(), store).docs()?.into_iter().map(|(doc, _)| doc);
            return Ok(Pass { docs: docs.collect(), through: all, anew: true, last: true });
        };
        let mut docs = BTreeSet::new();
        let mut through = all;
        let rows = store.scan(Table::Log, &after(from.log.0), &after(u64::MAX - 1), PASS, false)?;
        if rows.len() == PASS {
            through.log = rows.last().map_or(all.log, |(key, _)| LogNo(number(key)));
        }
        docs.extend(rows.iter().filter_map(|(_, row)| document_of(row)));
        let notes = store.scan(Table::NoteLog, &after(from.notes), &after(u64::MAX - 1), PASS, false)?;
        if notes.len() == PASS {
            through.notes = notes.last().map_or(all.notes, |(key, _)| number(key));
        }
        let mut book = Book::new(self.relay.county(), store);
        for (_, n) in notes {
            docs.extend(book.entry(LogNo(number(&n)))?.map(|entry| entry.doc));
        }
        let devices = people::devices(&self.relay, store)?;
        let mut changes = Changes::default();
        changes.add(store.sql(), &DEVICE, None, &devices)?;
        // Entries bear the name of their device's person.
        let renamed = changes.renamed();
        let mut book = Book::new(self.relay.county(), store);
        for device in renamed {
            docs.extend(book.chains_by(device)?.into_iter().map(|chain| chain.doc));
        }
        Ok(Pass { docs: docs.into_iter().collect(), anew: false, last: through == all, through })
    }

    /// The changes of some of a pass's documents.
    fn changes(&self, store: &mut impl Store, docs: &[DocId]) -> Result<Changes, ProjectionError> {
        let mut changes = Changes::default();
        for doc in docs {
            let rows = document::rows(&self.relay, store, *doc)?;
            let scope = Field::Bytes(doc.to_bytes().into());
            for table in document::TABLES {
                changes.add(store.sql(), table, Some(&scope), &rows)?;
            }
            if let (DocKind::School, Some(school)) = (doc.kind, doc.school_id()) {
                let rows = people::postings(&self.relay, store, school)?;
                changes.add(store.sql(), &POSTING, Some(&Field::Bytes(school.0.into())), &rows)?;
            }
        }
        Ok(changes)
    }

    /// The changes of devices.
    fn device_changes(&self, store: &mut impl Store) -> Result<Changes, ProjectionError> {
        let rows = people::devices(&self.relay, store)?;
        let mut changes = Changes::default();
        changes.add(store.sql(), &DEVICE, None, &rows)?;
        Ok(changes)
    }

    /// Follows the log to its end, within the caller's transaction.
    ///
    /// # Errors
    /// When the store fails.
    pub fn catch_up(&self, store: &mut SqliteLedger) -> Result<Touched, ProjectionError> {
        let mut touched = Touched::default();
        loop {
            let pass = self.next(store)?;
            if pass.anew {
                clear(store.sql())?;
                touched.everything = true;
            }
            for docs in pass.docs.chunks(TOGETHER) {
                let changes = self.changes(store, docs)?;
                touched.apply(store.sql(), docs, &changes)?;
            }
            let changes = self.device_changes(store)?;
            touched.apply(store.sql(), &[], &changes)?;
            set_through(store.sql(), pass.through)?;
            sums::mark(store.sql(), &touched)?;
            if pass.last {
                return Ok(touched);
            }
        }
    }

    /// The tables whose rows aren't what they would be if they were made anew, with how many rows would go or come; nothing
    /// can be said while the rows don't reach the end of the log. Devices are left out: when one was heard is in no log.
    ///
    /// # Errors
    /// When the store fails.
    pub fn check(&self, store: &mut impl Store) -> Result<Option<BTreeMap<&'static str, usize>>, ProjectionError> {
        let head = Book::new(self.relay.county(), store).head()?;
        if through(store.sql())? != Some(Through { log: head.n, notes: head.notes }) {
            return Ok(None);
        }
        let docs: Vec<DocId> = Book::new(self.relay.county(), store).docs()?.into_iter().map(|(doc, _)| doc).collect();
        let mut faults = BTreeMap::new();
        for docs in docs.chunks(TOGETHER) {
            for (table, _) in self.changes(store, docs)?.rows() {
                *faults.entry(table.name).or_default() += 1;
            }
        }
        for table in document::TABLES {
            // Rows of documents that there aren't.
            let sql = format!("SELECT count(*) FROM {} WHERE doc NOT IN (SELECT k FROM doc)", table.name);
            let stray: i64 = store.sql().query_row(&sql, [], |row| row.get(0))?;
            if stray > 0 {
                *faults.entry(table.name).or_default() += usize::try_from(stray).unwrap_or(usize::MAX);
            }
        }
        Ok(Some(faults))
    }

    /// Makes everything anew, within the caller's transaction.
    ///
    /// # Errors
    /// When the store fails.
    pub fn rebuild(&self, store: &mut SqliteLedger) -> Result<(), ProjectionError> {
        clear(store.sql())?;
        self.catch_up(store).map(|_| ())
    }
}

fn clear(sql: &Connection) -> rusqlite::Result<()> {
    for table in tables::TABLES {
        sql.execute(&format!("DELETE FROM {}", table.name), [])?;
    }
    sql.execute("DELETE FROM view_sum", [])?;
    sql.execute("DELETE FROM view_state", []).map(|_| ())
}

impl Changes {
    /// The devices that are new, or belong to somebody else than before.
    fn renamed(&self) -> BTreeSet<LogNo> {
        let devices = self.rows().filter(|(table, _)| std::ptr::eq(*table, &DEVICE));
        let mut names: BTreeMap<&Field, Vec<[&Field; 4]>> = BTreeMap::new();
        for (_, row) in devices {
            names.entry(&row[0]).or_default().push(people::identity(row));
        }
        let differ = |versions: &Vec<[&Field; 4]>| versions.len() < 2 || versions[0] != versions[1];
        let renamed = names.into_iter().filter(|(_, versions)| differ(versions));
        let number = |(number, _): (&Field, _)| match number {
            Field::Int(n) => u64::try_from(*n).ok().map(LogNo),
            _ => None,
        };
        renamed.filter_map(number).collect()
    }
}

/// Through where the rows that stand were made; none if they are of another version or don't stand.
///
/// # Errors
/// When the store fails.
pub fn through(sql: &Connection) -> rusqlite::Result<Option<Through>> {
    let stands = "SELECT log, notes FROM view_state WHERE rules = ?1";
    sql.prepare_cached(stands)?
        .query_row([VERSION], |row| {
            Ok(Through {
                log: LogNo(row.get::<_, i64>(0)?.cast_unsigned()),
                notes: row.get::<_, i64>(1)?.cast_unsigned(),
            })
        })
        .optional()
}

fn set_through(sql: &Connection, through: Through) -> rusqlite::Result<()> {
    let set = "INSERT OR REPLACE INTO view_state (id, log, notes, rules) VALUES (1, ?1, ?2, ?3)";
    sql.prepare_cached(set)?.execute((through.log.0.cast_signed(), through.notes.cast_signed(), VERSION)).map(|_| ())
}

/// The key after that of a number.
fn after(n: u64) -> [u8; 8] {
    n.saturating_add(1).to_be_bytes()
}

fn number(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_be_bytes)
}

/// The document of an entry's or a twin's log row: two hashes of 32 bytes, then CBOR [n, kind, relay ms, document, …].
fn document_of(row: &[u8]) -> Option<DocId> {
    let Value::Array(row) = cbor::decode(row.get(64..)?).ok()? else { return None };
    matches!(row.get(1)?.int()?, 1 | 9).then(|| DocId::from_bytes(row.get(3)?.bytes()?))?
}

/// When the relay stored the entry with this log number.
///
/// # Errors
/// When the store fails.
pub fn arrived(ledger: &mut dyn Ledger, n: LogNo) -> Result<Option<sanji_core::time::UtcMs>, LedgerError> {
    let Some(row) = ledger.get(Table::Log, &n.0.to_be_bytes())? else { return Ok(None) };
    let Some(Ok(Value::Array(row))) = row.get(64..).map(cbor::decode) else { return Ok(None) };
    Ok(row.get(2).and_then(Value::int).map(sanji_core::time::UtcMs))
}

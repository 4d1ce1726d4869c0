//! Where a relay keeps what it took: an ordered map of bytes per table, in transactions. All that a relay does is written
//! once above this trait, so a store has little to get wrong: memory and SQLite pass one contract suite, and so will any
//! other that can order bytes and commit.

mod held;

pub use held::Held;

/// A table: its rows are ordered by key, bytewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Counters and settings of the county; holds the one counter row.
    Meta,
    /// Log rows by number.
    Log,
    /// Entries by log number.
    Entry,
    /// Chains by number.
    Chain,
    /// (document, actor) → chain number.
    ChainName,
    /// (chain, seq) → log number of the entry.
    Link,
    /// (document, log number) → nothing: what a document holds, in log order.
    DocEntry,
    /// Documents by id.
    Doc,
    /// (object, document) → nothing: documents by school, posting, visit or county.
    DocOf,
    /// (document, revision) → log number of an entry whose note changed.
    NoteChange,
    /// Revision → log number of an entry whose note changed: the county's notes in order, for the projector.
    NoteLog,
    /// (chain, seq, hash) → twin.
    Twin,
    /// Signed envelopes by hash.
    Envelope,
    /// Devices by number.
    Device,
    /// Actor → device number.
    DeviceName,
    /// (person, device number) or (school, device number) for kiosks → nothing.
    DeviceOf,
    /// (device number, chain number) → nothing.
    ChainOf,
    /// (device, n) → clock readings of a push.
    Reading,
    /// Grants by log number.
    Grant,
    /// (person, grant number) → nothing.
    GrantOf,
    /// (entry number, grant number) → nothing: grants that follow from an entry.
    GrantFrom,
    /// Postings by id.
    Posting,
    /// (school, posting) → nothing.
    PostingOf,
    /// Schools by id: township and groups, from the county document.
    School,
    /// Certificates used: (issuer, number).
    Certificate,
    /// Blobs: hash → document, size, and the bytes of small ones.
    Blob,
    /// (person or school, log number) → signed row.
    Row,
    /// Invitations by the hash of their secret.
    Invitation,
}

impl Table {
    /// Every table.
    pub const ALL: [Table; 28] = [
        Table::Meta,
        Table::Log,
        Table::Entry,
        Table::Chain,
        Table::ChainName,
        Table::Link,
        Table::DocEntry,
        Table::Doc,
        Table::DocOf,
        Table::NoteChange,
        Table::NoteLog,
        Table::Twin,
        Table::Envelope,
        Table::Device,
        Table::DeviceName,
        Table::DeviceOf,
        Table::ChainOf,
        Table::Reading,
        Table::Grant,
        Table::GrantOf,
        Table::GrantFrom,
        Table::Posting,
        Table::PostingOf,
        Table::School,
        Table::Certificate,
        Table::Blob,
        Table::Row,
        Table::Invitation,
    ];

    /// The table's name in a store.
    pub fn name(self) -> &'static str {
        match self {
            Table::Meta => "meta",
            Table::Log => "log",
            Table::Entry => "entry",
            Table::Chain => "chain",
            Table::ChainName => "chain_name",
            Table::Link => "link",
            Table::DocEntry => "doc_entry",
            Table::Doc => "doc",
            Table::DocOf => "doc_of",
            Table::NoteChange => "note_change",
            Table::NoteLog => "note_log",
            Table::Twin => "twin",
            Table::Envelope => "envelope",
            Table::Device => "device",
            Table::DeviceName => "device_name",
            Table::DeviceOf => "device_of",
            Table::ChainOf => "chain_of",
            Table::Reading => "reading",
            Table::Grant => "grant_row",
            Table::GrantOf => "grant_of",
            Table::GrantFrom => "grant_from",
            Table::Posting => "posting",
            Table::PostingOf => "posting_of",
            Table::School => "school",
            Table::Certificate => "certificate",
            Table::Blob => "blob",
            Table::Row => "row",
            Table::Invitation => "invitation",
        }
    }
}

/// Why a store could not do what it was asked. Nothing of the transaction holds then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// No space left.
    #[error("the disk is full")]
    Full,
    /// Anything else, in the store's words.
    #[error("the store failed: {0}")]
    Failed(String),
    /// A row that this version can't read: the file was changed from outside or comes from a newer version.
    #[error("a stored row can't be read: {0}")]
    Corrupt(String),
}

/// A key and its value.
pub type Pair = (Vec<u8>, Vec<u8>);

/// One transaction. Its owner commits it or lets it go; a reader sees the state of one moment.
pub trait Ledger {
    /// The value at `key`.
    ///
    /// # Errors
    /// When the store fails.
    fn get(&mut self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, LedgerError>;

    /// Sets the value at `key`.
    ///
    /// # Errors
    /// When the store fails or is full.
    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), LedgerError>;

    /// Removes the value at `key`, if there is one.
    ///
    /// # Errors
    /// When the store fails.
    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), LedgerError>;

    /// At most `limit` rows with `from <= key < to`, in the order of their keys, or the last ones backwards if `reverse`.
    ///
    /// # Errors
    /// When the store fails.
    fn scan(
        &mut self,
        table: Table,
        from: &[u8],
        to: &[u8],
        limit: usize,
        reverse: bool,
    ) -> Result<Vec<Pair>, LedgerError>;
}

/// A ledger in memory: for tests, simulations, and as the model of the contract suite.
#[derive(Clone, Debug, Default)]
pub struct MemoryLedger {
    tables: std::collections::BTreeMap<(Table, Vec<u8>), Vec<u8>>,
}

impl Ledger for MemoryLedger {
    fn get(&mut self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, LedgerError> {
        Ok(self.tables.get(&(table, key.to_vec())).cloned())
    }

    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), LedgerError> {
        self.tables.insert((table, key.to_vec()), value.to_vec());
        Ok(())
    }

    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), LedgerError> {
        self.tables.remove(&(table, key.to_vec()));
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
        let range = self.tables.range((table, from.to_vec())..(table, to.to_vec()));
        let pair = |((_, key), value): (&(Table, Vec<u8>), &Vec<u8>)| (key.clone(), value.clone());
        Ok(if reverse { range.rev().take(limit).map(pair).collect() } else { range.take(limit).map(pair).collect() })
    }
}

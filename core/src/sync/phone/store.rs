//! Where a phone keeps what it has: an ordered map of bytes per table, in transactions. All that a phone does is written once
//! above these two traits; memory and SQLite pass one contract suite.

/// A table of the phone: its rows are ordered by key, bytewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Single facts by name: identity, card, n, cursor, session.
    Meta,
    /// Entries: label ‖ kind ‖ object ‖ actor ‖ seq.
    Entry,
    /// Chains: label ‖ kind ‖ object ‖ actor.
    Chain,
    /// Chain number → key of the chain.
    Number,
    /// Chains of this device with entries beyond the relay's acknowledgement.
    Unsent,
    /// Others' chains that a relay that went back lacks → seq from which it lacks them.
    Recover,
    /// Others' chains whose copy was dropped: key of the chain → the tips that differed.
    Wanted,
    /// Pushes whose answer may still come, by n.
    Pending,
    /// Receipts: n → signed envelope and head.
    Receipt,
    /// Devices in scope by their enrolment's number.
    Device,
    /// Signed rows about this person or school, by hash.
    Row,
    /// Blobs by hash.
    Blob,
    /// Blobs that the relay hasn't acknowledged → key of their entry.
    BlobUnsent,
    /// For a kiosk: posting → name and PIN verifier.
    Kiosk,
    /// Entries of an earlier actor that were issued again: their old key → where they stand now, and the old value.
    Reissued,
    /// Label of a term ‖ key of a document of another term with a leave or flexible hours that reach into it.
    Reach,
}

impl Table {
    /// Every table, in the order of their numbers in a store.
    pub const ALL: [Table; 16] = [
        Table::Meta,
        Table::Entry,
        Table::Chain,
        Table::Number,
        Table::Unsent,
        Table::Recover,
        Table::Wanted,
        Table::Pending,
        Table::Receipt,
        Table::Device,
        Table::Row,
        Table::Blob,
        Table::BlobUnsent,
        Table::Kiosk,
        Table::Reissued,
        Table::Reach,
    ];

    /// The table's name in a store.
    pub fn name(self) -> &'static str {
        match self {
            Table::Meta => "meta",
            Table::Entry => "entry",
            Table::Chain => "chain",
            Table::Number => "number",
            Table::Unsent => "unsent",
            Table::Recover => "recover",
            Table::Wanted => "wanted",
            Table::Pending => "pending",
            Table::Receipt => "receipt",
            Table::Device => "device",
            Table::Row => "signed_row",
            Table::Blob => "blob",
            Table::BlobUnsent => "blob_unsent",
            Table::Kiosk => "kiosk",
            Table::Reissued => "reissued",
            Table::Reach => "reach",
        }
    }
}

/// Why a store could not do what it was asked. Nothing of the transaction holds then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No space left on the phone. Nothing was half-written; free some space and try again.
    #[error("the phone's storage is full: nothing of this was saved; free some space and try again")]
    Full,
    /// Another process has the file open.
    #[error("the records are open in another process")]
    Locked,
    /// The file was written by a newer version.
    #[error(
        "the records were written by a newer version (format {found}, this one knows {known}): please update the app"
    )]
    Newer {
        /// The file's format.
        found: u32,
        /// The newest that this version knows.
        known: u32,
    },
    /// A row that doesn't open or can't be read: the file was damaged or changed from outside.
    #[error("a stored row of {table} can't be read")]
    Row {
        /// Its table.
        table: &'static str,
        /// Its key.
        key: Vec<u8>,
    },
    /// The file as a whole is damaged.
    #[error("the file of records is damaged: {0}")]
    Damaged(String),
    /// The phone's key storage doesn't answer now. Nothing is lost; a later try may succeed.
    #[error("the phone's key storage can't be asked now: {0}")]
    KeysUnavailable(String),
    /// The phone's key storage lost the key of this file.
    #[error("the phone's key storage lost its key: {0}")]
    KeyGone(String),
    /// The store was closed or paused.
    #[error("the records are closed")]
    Closed,
    /// Anything else, in the store's words.
    #[error("the store failed: {0}")]
    Failed(String),
}

impl From<std::io::Error> for StoreError {
    fn from(e: std::io::Error) -> Self {
        match e.kind() {
            std::io::ErrorKind::StorageFull => StoreError::Full,
            _ => StoreError::Failed(e.to_string()),
        }
    }
}

/// A key and its value.
pub type Pair = (Vec<u8>, Vec<u8>);

/// One transaction.
pub trait Rows {
    /// The value at `key`.
    ///
    /// # Errors
    /// When the store fails or the row doesn't open.
    fn get(&mut self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Sets the value at `key`.
    ///
    /// # Errors
    /// When the store fails or is full.
    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError>;

    /// Removes the value at `key`, if there is one.
    ///
    /// # Errors
    /// When the store fails.
    fn delete(&mut self, table: Table, key: &[u8]) -> Result<(), StoreError>;

    /// At most `limit` rows with `from <= key < to`, in the order of their keys, or the last ones backwards if `reverse`.
    ///
    /// # Errors
    /// When the store fails or a row doesn't open.
    fn scan(
        &mut self,
        table: Table,
        from: &[u8],
        to: &[u8],
        limit: usize,
        reverse: bool,
    ) -> Result<Vec<Pair>, StoreError>;
}

/// A store: what `work` did holds as a whole and durably once `write` has returned `Ok`, and not at all if `work` or the
/// commit failed.
pub trait PhoneStore {
    /// Runs `work` in one transaction with one durable commit.
    ///
    /// # Errors
    /// Those of `work`, and those of the store.
    fn write<R, E: From<StoreError>>(&mut self, work: impl FnOnce(&mut dyn Rows) -> Result<R, E>) -> Result<R, E>;

    /// Runs `work` over the state of one moment. What it writes is thrown away.
    ///
    /// # Errors
    /// Those of `work`, and those of the store.
    fn read<R, E: From<StoreError>>(&mut self, work: impl FnOnce(&mut dyn Rows) -> Result<R, E>) -> Result<R, E>;
}

/// No key has so many bytes.
const BEYOND_KEYS: usize = 128;

/// The first key after all that begin with `prefix`: the end of a scan. Without a prefix that is past every key, also those of
/// random bytes that happen to begin with 0xff.
pub fn after_prefix(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            return end;
        }
    }
    vec![0xff; BEYOND_KEYS]
}

/// Every row whose key begins with `prefix`.
///
/// # Errors
/// When the store fails.
pub fn scan_prefix(rows: &mut dyn Rows, table: Table, prefix: &[u8]) -> Result<Vec<Pair>, StoreError> {
    rows.scan(table, prefix, &after_prefix(prefix), usize::MAX, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_ends_after_every_key_with_its_prefix_also_after_those_that_begin_with_ff() {
        assert_eq!(after_prefix(&[1, 2]), [1, 3]);
        assert_eq!(after_prefix(&[1, 0xff]), [2]);
        for prefix in [&[][..], &[0xff], &[0xff, 0xff]] {
            assert!([prefix, &[0xff; 32][..]].concat() < after_prefix(prefix), "{prefix:?}");
        }
    }
}

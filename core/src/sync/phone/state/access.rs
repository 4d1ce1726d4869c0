//! Keys, and typed reading and writing of what a phone keeps.

use super::*;
use crate::sync::phone::store::after_prefix;

/// The key of a document's rows: label ‖ kind ‖ object.
pub fn doc_key(doc: DocId) -> [u8; DocId::LEN] {
    let bytes = doc.to_bytes();
    let mut key = [0; DocId::LEN];
    key[..2].copy_from_slice(&bytes[9..]);
    key[2..].copy_from_slice(&bytes[..9]);
    key
}

/// The document at the head of a key.
pub fn doc_of_key(key: &[u8]) -> Option<DocId> {
    let key = key.get(..DocId::LEN)?;
    DocId::from_bytes(&[&key[2..], &key[..2]].concat())
}

/// The key of a chain.
pub fn chain_key(doc: DocId, actor: ActorId) -> Vec<u8> {
    [&doc_key(doc)[..], &actor.0].concat()
}

/// The chain of a key.
pub fn chain_of_key(key: &[u8]) -> Option<(DocId, ActorId)> {
    Some((doc_of_key(key)?, ActorId::from_slice(key.get(DocId::LEN..DocId::LEN + 16)?)?))
}

/// The key of an entry.
pub fn entry_key(doc: DocId, actor: ActorId, seq: u64) -> Vec<u8> {
    [&doc_key(doc)[..], &actor.0, &seq.to_be_bytes()].concat()
}

/// The seq at the end of an entry's key.
pub fn seq_of_key(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(key.get(DocId::LEN + 16..)?.try_into().ok()?))
}

/// The prefix of everything with this label.
pub fn label_prefix(label: Label) -> [u8; 2] {
    label.to_u16().to_be_bytes()
}

fn unreadable(table: Table, key: &[u8]) -> StoreError {
    StoreError::Row { table: table.name(), key: key.to_vec() }
}

/// Reads a typed row.
///
/// # Errors
/// When the store fails or the row can't be read.
pub fn load<T: Scalar>(rows: &mut dyn Rows, table: Table, key: &[u8]) -> Result<Option<T>, StoreError> {
    let Some(bytes) = rows.get(table, key)? else { return Ok(None) };
    parse(table, key, &bytes).map(Some)
}

/// Reads a typed row from its bytes.
///
/// # Errors
/// When it can't be read.
pub fn parse<T: Scalar>(table: Table, key: &[u8], bytes: &[u8]) -> Result<T, StoreError> {
    cbor::decode(bytes).ok().and_then(|value| T::from_value(&value)).ok_or_else(|| unreadable(table, key))
}

/// Writes a typed row.
///
/// # Errors
/// When the store fails.
pub fn save<T: Scalar>(rows: &mut dyn Rows, table: Table, key: &[u8], value: &T) -> Result<(), StoreError> {
    rows.put(table, key, &cbor::encode(&value.to_value()))
}

/// Reads a fact.
///
/// # Errors
/// When the store fails.
pub fn fact<T: Fact>(rows: &mut dyn Rows) -> Result<Option<T>, StoreError> {
    load(rows, Table::Meta, T::NAME)
}

/// Writes a fact.
///
/// # Errors
/// When the store fails.
pub fn set_fact<T: Fact>(rows: &mut dyn Rows, fact: &T) -> Result<(), StoreError> {
    save(rows, Table::Meta, T::NAME, fact)
}

/// Removes a fact.
///
/// # Errors
/// When the store fails.
pub fn drop_fact<T: Fact>(rows: &mut dyn Rows) -> Result<(), StoreError> {
    rows.delete(Table::Meta, T::NAME)
}

/// Reads a chain's row.
///
/// # Errors
/// When the store fails.
pub fn chain(rows: &mut dyn Rows, doc: DocId, actor: ActorId) -> Result<Option<ChainRow>, StoreError> {
    load(rows, Table::Chain, &chain_key(doc, actor))
}

/// Writes a chain's row.
///
/// # Errors
/// When the store fails.
pub fn set_chain(rows: &mut dyn Rows, doc: DocId, actor: ActorId, row: &ChainRow) -> Result<(), StoreError> {
    save(rows, Table::Chain, &chain_key(doc, actor), row)
}

/// Reads an entry.
///
/// # Errors
/// When the store fails.
pub fn entry(rows: &mut dyn Rows, doc: DocId, actor: ActorId, seq: u64) -> Result<Option<EntryRow>, StoreError> {
    let key = entry_key(doc, actor, seq);
    let Some(bytes) = rows.get(Table::Entry, &key)? else { return Ok(None) };
    EntryRow::from_bytes(&bytes).map(Some).ok_or_else(|| unreadable(Table::Entry, &key))
}

/// Writes an entry, and where it matters besides its document's term.
///
/// # Errors
/// When the store fails.
pub fn set_entry(rows: &mut dyn Rows, doc: DocId, actor: ActorId, seq: u64, row: &EntryRow) -> Result<(), StoreError> {
    rows.put(Table::Entry, &entry_key(doc, actor, seq), &row.to_bytes())?;
    reach::note_reach(rows, doc, row)
}

/// An entry with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedRow {
    /// Its device.
    pub actor: ActorId,
    /// Its number.
    pub seq: u64,
    /// What is kept.
    pub row: EntryRow,
}

fn placed(key: &[u8], bytes: &[u8]) -> Result<PlacedRow, StoreError> {
    let read = || {
        let (_, actor) = chain_of_key(key)?;
        Some(PlacedRow { actor, seq: seq_of_key(key)?, row: EntryRow::from_bytes(bytes)? })
    };
    read().ok_or_else(|| unreadable(Table::Entry, key))
}

/// The entries `first` to `last` of a chain, at most `limit`.
///
/// # Errors
/// When the store fails.
pub fn entries(
    rows: &mut dyn Rows,
    doc: DocId,
    actor: ActorId,
    first: u64,
    last: u64,
    limit: usize,
) -> Result<Vec<PlacedRow>, StoreError> {
    let end = entry_key(doc, actor, last.saturating_add(1));
    let found = rows.scan(Table::Entry, &entry_key(doc, actor, first), &end, limit, false)?;
    found.iter().map(|(key, bytes)| placed(key, bytes)).collect()
}

/// Every entry of a document, by chain and seq.
///
/// # Errors
/// When the store fails.
pub fn document(rows: &mut dyn Rows, doc: DocId) -> Result<Vec<PlacedRow>, StoreError> {
    scan_prefix(rows, Table::Entry, &doc_key(doc))?.iter().map(|(key, bytes)| placed(key, bytes)).collect()
}

/// The last entry of a chain.
///
/// # Errors
/// When the store fails.
pub fn last_entry(rows: &mut dyn Rows, doc: DocId, actor: ActorId) -> Result<Option<PlacedRow>, StoreError> {
    let end = entry_key(doc, actor, u64::MAX);
    let found = rows.scan(Table::Entry, &entry_key(doc, actor, 0), &end, 1, true)?;
    found.first().map(|(key, bytes)| placed(key, bytes)).transpose()
}

/// The tip of a chain whose copy is here.
///
/// # Errors
/// When the store fails.
pub fn tip(rows: &mut dyn Rows, doc: DocId, actor: ActorId, chain: &ChainRow) -> Result<Option<Tip>, StoreError> {
    let Some(salt) = chain.salt.as_ref().and_then(|s| s.0[..].try_into().ok()) else { return Ok(None) };
    let last = last_entry(rows, doc, actor)?;
    Ok(last.map(|last| Tip { doc, actor, seq: last.seq, hash: last.row.hash, salt: Salt(salt) }))
}

/// Removes the copy of a chain: its entries; what the phone knows of the chain itself stays.
///
/// # Errors
/// When the store fails.
pub fn drop_copy(rows: &mut dyn Rows, doc: DocId, actor: ActorId) -> Result<(), StoreError> {
    let prefix = chain_key(doc, actor);
    let found = rows.scan(Table::Entry, &prefix, &crate::sync::phone::after_prefix(&prefix), usize::MAX, false)?;
    for (key, _) in found {
        rows.delete(Table::Entry, &key)?;
    }
    Ok(())
}

/// Every chain of a prefix of keys.
///
/// # Errors
/// When the store fails.
pub fn chains(rows: &mut dyn Rows, prefix: &[u8]) -> Result<Vec<(DocId, ActorId, ChainRow)>, StoreError> {
    let mut chains = Vec::new();
    for (key, bytes) in scan_prefix(rows, Table::Chain, prefix)? {
        let (doc, actor) = chain_of_key(&key).ok_or_else(|| unreadable(Table::Chain, &key))?;
        chains.push((doc, actor, parse(Table::Chain, &key, &bytes)?));
    }
    Ok(chains)
}

/// The school years of which there are documents here, oldest first: the chains' keys are stepped over, one step a label.
///
/// # Errors
/// When the store fails.
pub fn years(rows: &mut dyn Rows) -> Result<Vec<Label>, StoreError> {
    let mut years = Vec::new();
    let mut from = vec![0; 2];
    while let [(key, _)] = &rows.scan(Table::Chain, &from, &after_prefix(&[]), 1, false)?[..] {
        let label = doc_of_key(key).ok_or_else(|| unreadable(Table::Chain, key))?.label;
        if label.is_year() {
            years.push(label);
        }
        from = after_prefix(&label_prefix(label));
    }
    Ok(years)
}

//! A relay that went back (a restored copy, an empty store with the same keys): what it lacks waits again and is handed
//! back, this phone's own entries and others', with the signed rows and a head of the lost past.

use std::collections::BTreeMap;

use crate::ids::{ActorId, DocId};
use crate::sync::message::ChainState;

use super::forge::Forge;
use super::outbox::set_through;
use super::push::blobs_of;
use super::state::{
    ChainRow, Named, Proof, chain_key, chains, entries, entry, entry_key, fact, last_entry, set_chain, set_fact,
};
use super::store::{Rows, StoreError, Table, scan_prefix};

/// Forgets every number that a relay gave: they are void.
pub(super) fn void_numbers(rows: &mut dyn Rows) -> Result<(), StoreError> {
    for (key, _) in scan_prefix(rows, Table::Number, &[])? {
        rows.delete(Table::Number, &key)?;
    }
    for (doc, actor, row) in chains(rows, &[])? {
        if row.number.is_some() {
            set_chain(rows, doc, actor, &ChainRow { number: None, ..row })?;
        }
    }
    let named = fact::<Named>(rows)?.unwrap_or_default();
    set_fact(rows, &Named { number: None, ..named })
}

/// Takes in what a relay that went back says it has.
pub(super) fn take(rows: &mut dyn Rows, forge: &Forge, states: &[ChainState]) -> Result<(), StoreError> {
    let there: BTreeMap<(DocId, ActorId), &ChainState> = states.iter().map(|s| ((s.doc, s.actor), s)).collect();
    for (doc, actor, row) in chains(rows, &[])? {
        let state = there.get(&(doc, actor)).copied();
        let agreed = agreed(rows, doc, actor, state)?;
        if actor == forge.actor() {
            // Where the relay has more, only the entries themselves show whether this phone's are among them.
            let agreed = agreed.unwrap_or(0);
            set_through(rows, doc, actor, &row, agreed)?;
            blobs_wait_again(rows, doc, actor, agreed)?;
        } else if let (Some(agreed), Some(last)) = (agreed, last_entry(rows, doc, actor)?)
            && last.seq > agreed
        {
            rows.put(Table::Recover, &chain_key(doc, actor), &(agreed + 1).to_be_bytes())?;
        }
    }
    let mut proof = fact::<Proof>(rows)?.unwrap_or_default();
    proof.rows = Some(true);
    set_fact(rows, &proof)
}

/// Through which seq relay and phone have the same chain; 0 where their tips differ, so that all of it is shown; `None` where
/// the relay has more of it than the phone, so that there is no tip to compare.
fn agreed(
    rows: &mut dyn Rows,
    doc: DocId,
    actor: ActorId,
    state: Option<&ChainState>,
) -> Result<Option<u64>, StoreError> {
    let Some(state) = state else { return Ok(Some(0)) };
    let here = entry(rows, doc, actor, state.seq)?;
    Ok(here.map(|here| if here.hash.short() == state.tip { state.seq } else { 0 }))
}

/// Blobs of this phone's entries beyond `through` are no longer known to be on the relay.
fn blobs_wait_again(rows: &mut dyn Rows, doc: DocId, actor: ActorId, through: u64) -> Result<(), StoreError> {
    for lost in entries(rows, doc, actor, through + 1, u64::MAX - 1, usize::MAX)? {
        for hash in blobs_of(&lost.row.value) {
            if rows.get(Table::Blob, &hash.0)?.is_some() {
                rows.put(Table::BlobUnsent, &hash.0, &entry_key(doc, actor, lost.seq))?;
            }
        }
    }
    Ok(())
}

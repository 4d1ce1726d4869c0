//! Taking over what earlier records of this phone still hold, once their key has come back: the entries that were never
//! acknowledged, their blobs, and the keys that the relay knows. They are issued again under a new key, before what was
//! recorded since, so that each chain goes on in the order in which it was written.

use rand::CryptoRng;

use crate::ids::CountyId;
use crate::records::EntryRef;

use super::forge::{Forge, ForgeError};
use super::outbox::waiting;
use super::renew::{Earlier, renew_after};
use super::state::{
    BlobRow, Holder, Identity, Named, Past, PastActor, Pushes, ReissuedRow, chain_of_key, entries, entry_key, fact,
    load, save, seq_of_key, set_fact,
};
use super::store::{Pair, Rows, StoreError, Table, scan_prefix};

/// What earlier records hold that is worth taking over.
pub struct Rescue {
    identity: Identity,
    past: Vec<PastActor>,
    pushes: u64,
    rows: Vec<Pair>,
    unsent: Vec<Earlier>,
    /// Hash, blob, key of its entry.
    blobs: Vec<(Vec<u8>, BlobRow, Vec<u8>)>,
}

impl Rescue {
    /// Reads the earlier records, which must be of the same holder.
    ///
    /// # Errors
    /// When they can't be read, or are somebody else's.
    pub fn read(rows: &mut dyn Rows, county: CountyId, holder: &Holder) -> Result<Self, StoreError> {
        let other = || StoreError::Damaged("the earlier records are somebody else's".into());
        let forge = Forge::open(rows, county)?.ok_or_else(other)?;
        if fact::<Holder>(rows)?.as_ref() != Some(holder) {
            return Err(other());
        }
        let identity = fact::<Identity>(rows)?.ok_or_else(other)?;
        let mut unsent = Vec::new();
        for wait in waiting(rows)? {
            let entries = entries(rows, wait.doc, forge.actor(), wait.first, wait.last, usize::MAX)?;
            unsent.push(Earlier { doc: wait.doc, actor: forge.actor(), entries });
        }
        let mut blobs = Vec::new();
        for (hash, entry) in scan_prefix(rows, Table::BlobUnsent, &[])? {
            if let Some(blob) = load::<BlobRow>(rows, Table::Blob, &hash)? {
                blobs.push((hash, blob, entry));
            }
        }
        Ok(Rescue {
            identity,
            past: fact::<Past>(rows)?.map_or(Vec::new(), |past| past.actors),
            pushes: fact::<Pushes>(rows)?.map_or(0, |p| p.n),
            rows: scan_prefix(rows, Table::Row, &[])?,
            unsent,
            blobs,
        })
    }

    /// How many entries wait in them.
    pub fn entries(&self) -> usize {
        self.unsent.iter().map(|chain| chain.entries.len()).sum()
    }

    /// Takes it all over under a new key. Doing it twice takes nothing over twice.
    ///
    /// # Errors
    /// When the store fails.
    pub fn take_over(self, rows: &mut dyn Rows, forge: &Forge, rng: &mut dyn CryptoRng) -> Result<Forge, ForgeError> {
        let old = self.identity.actor;
        let mut past = self.past;
        past.push(PastActor { actor: old, seed: Some(self.identity.seed) });
        let since = fact::<Past>(rows)?.map_or(Vec::new(), |past| past.actors);
        past.extend(
            since.into_iter().filter(|new| past.iter().all(|known| known.actor != new.actor)).collect::<Vec<_>>(),
        );
        set_fact(rows, &Past { actors: past })?;
        for (key, row) in self.rows {
            rows.put(Table::Row, &key, &row)?;
        }
        let pushes = fact::<Pushes>(rows)?.map_or(0, |p| p.n).max(self.pushes);
        set_fact(rows, &Pushes { n: pushes })?;
        // A key that the relay has let in meanwhile is the one that signs; else the one that it knew before.
        let known = fact::<Named>(rows)?.is_some_and(|named| named.number.is_some());
        let forge = renew_after(rows, forge, rng, (!known).then_some(old), &self.unsent)?;
        for (hash, blob, place) in self.blobs {
            save(rows, Table::Blob, &hash, &blob)?;
            let moved = load::<ReissuedRow>(rows, Table::Reissued, &place)?.map(|row| row.now);
            let at = chain_of_key(&place).zip(seq_of_key(&place));
            let now = match (moved, at) {
                (Some(EntryRef { actor, seq, .. }), Some(((doc, _), _))) => entry_key(doc, actor, seq),
                _ => place,
            };
            rows.put(Table::BlobUnsent, &hash, &now)?;
        }
        Ok(forge)
    }
}

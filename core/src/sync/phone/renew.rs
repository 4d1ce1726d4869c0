//! A new key and actor: after a fork, a file that went back, or a key that was lost. The old key, where it still exists,
//! signs the successor; what the relay hadn't acknowledged is issued again under the new actor, naming what it `was`.

use std::collections::BTreeMap;

use rand::CryptoRng;

use crate::cbor;
use crate::crypto::SecretKey;
use crate::ids::{ActorId, DocId};
use crate::labels;
use crate::records::field::{self, Bytes};
use crate::records::{EntryRef, key};
use crate::sync::message::{Certificate, Successor};
use crate::sync::wire;

use super::forge::{Forge, ForgeError};
use super::state::{
    ChainRow, Named, Past, PastActor, PlacedRow, Proof, ReissuedRow, chain, chain_of_key, entries, entry, entry_key,
    fact, parse, save, seq_of_key, set_chain, set_fact,
};
use super::store::{Rows, StoreError, Table, scan_prefix};

/// Takes a new key. What waits in the old chains stands in the new ones afterwards; the old copies are kept aside as
/// *issued again*. Gives the new forge.
///
/// # Errors
/// When the store fails.
pub fn renew(rows: &mut dyn Rows, old: &Forge, rng: &mut dyn CryptoRng) -> Result<Forge, ForgeError> {
    renew_after(rows, old, rng, None, &[])
}

/// As [`renew`]; entries of earlier records come first, so that each chain goes on in the order in which it was written.
/// `signer` is the earlier device that the relay knows, where that isn't `old`.
pub(super) fn renew_after(
    rows: &mut dyn Rows,
    old: &Forge,
    rng: &mut dyn CryptoRng,
    signer: Option<ActorId>,
    earlier: &[Earlier],
) -> Result<Forge, ForgeError> {
    let key = SecretKey::random(&mut &mut *rng);
    let mut past = fact::<Past>(rows)?.unwrap_or(Past { actors: Vec::new() });
    let identity: Option<super::state::Identity> = fact(rows)?;
    past.actors.push(PastActor { actor: old.actor(), seed: identity.map(|i| i.seed) });
    set_fact(rows, &past)?;
    let forge = Forge::adopt(rows, old.county(), key)?;

    // A successor that the relay hasn't acknowledged yet names the last key that it surely knows: that one signs again.
    let mut proof = fact::<Proof>(rows)?.unwrap_or_default();
    let unsure = proof.successor.as_ref().and_then(|bytes| wire::decode_successor(&bytes.0).ok());
    let signer = signer.unwrap_or_else(|| unsure.map_or(old.actor(), |successor| successor.old));
    proof.successor = signed_by(&past, &forge, signer).map(|s| Bytes(wire::encode_successor(&s)));
    proof.rows = Some(true);
    set_fact(rows, &proof)?;
    set_fact(rows, &Named { number: None, introduce: Some(true), void: None })?;
    for (key, _) in scan_prefix(rows, Table::Pending, &[])? {
        rows.delete(Table::Pending, &key)?;
    }
    for chain in earlier {
        issue_earlier(rows, &forge, rng, chain)?;
    }
    issue_again(rows, &forge, rng)?;
    Ok(forge)
}

/// What waits in a chain of earlier records.
pub(super) struct Earlier {
    pub doc: DocId,
    pub actor: ActorId,
    pub entries: Vec<PlacedRow>,
}

/// Issues the entries of earlier records again, but for those that arrived or were issued again before.
fn issue_earlier(
    rows: &mut dyn Rows,
    forge: &Forge,
    rng: &mut dyn CryptoRng,
    earlier: &Earlier,
) -> Result<(), ForgeError> {
    let mut moved: BTreeMap<EntryRef, EntryRef> = BTreeMap::new();
    for old in &earlier.entries {
        let place = entry_key(earlier.doc, earlier.actor, old.seq);
        let arrived = entry(rows, earlier.doc, earlier.actor, old.seq)?.is_some_and(|here| here.hash == old.row.hash);
        if !arrived && rows.get(Table::Reissued, &place)?.is_none() {
            issue(rows, forge, rng, earlier.doc, old, &mut moved)?;
        }
    }
    Ok(())
}

/// Issues one entry again and keeps the old one aside. Gives where it stands now.
fn issue(
    rows: &mut dyn Rows,
    forge: &Forge,
    rng: &mut dyn CryptoRng,
    doc: DocId,
    old: &PlacedRow,
    moved: &mut BTreeMap<EntryRef, EntryRef>,
) -> Result<EntryRef, ForgeError> {
    let was = EntryRef::to(old.actor, old.seq, &old.row.hash);
    let mut map = cbor::decode_map(&old.row.value)
        .map_err(|e| StoreError::Damaged(format!("entry {} of this phone: {e}", old.seq)))?;
    map.remove(&key::SALT);
    let re: Vec<EntryRef> = field::read(&map, key::RE, "re").unwrap_or_default();
    if !re.is_empty() {
        let re: Vec<EntryRef> = re.iter().map(|r| moved.get(r).copied().unwrap_or(*r)).collect();
        field::write(&mut map, key::RE, &re);
    }
    // An entry that is issued again for the second time still names the first: that one may have arrived.
    if !map.contains_key(&key::WAS) {
        field::write(&mut map, key::WAS, &Some(was));
    }
    let now = forge.append(rows, rng, doc, map)?;
    moved.insert(was, now);
    let aside = ReissuedRow { now, value: Bytes(old.row.value.clone()), hash: old.row.hash };
    save(rows, Table::Reissued, &entry_key(doc, old.actor, old.seq), &aside)?;
    Ok(now)
}

/// The statement of an earlier key that this forge's key follows it.
fn signed_by(past: &Past, forge: &Forge, signer: ActorId) -> Option<Successor> {
    let seed = past.actors.iter().find(|p| p.actor == signer)?.seed.as_ref()?.0[..].try_into().ok()?;
    let message = Successor::signed_bytes(forge.county(), signer, &forge.public());
    let signature = SecretKey::from_seed(&seed).sign(labels::SUCCESSOR, &message);
    Some(Successor { old: signer, new: forge.public(), signature })
}

/// After a relay that didn't know the signer of the successor: lets the next of the earlier keys sign. `false` when each
/// had its turn.
///
/// # Errors
/// When the store fails.
pub(super) fn next_signer(rows: &mut dyn Rows, forge: &Forge) -> Result<bool, StoreError> {
    let past = fact::<Past>(rows)?.unwrap_or(Past { actors: Vec::new() });
    let Some(mut proof) = fact::<Proof>(rows)? else { return Ok(false) };
    let now = proof.successor.as_ref().and_then(|bytes| wire::decode_successor(&bytes.0).ok()).map(|s| s.old);
    let Some(now) = now else { return Ok(false) };
    let after = past.actors.iter().skip_while(|p| p.actor != now).nth(1).map(|p| p.actor);
    let turn = after.or_else(|| past.actors.first().map(|p| p.actor)).unwrap_or(now);
    proof.successor = signed_by(&past, forge, turn).map(|s| Bytes(wire::encode_successor(&s)));
    set_fact(rows, &proof)?;
    Ok(after.is_some())
}

/// Shows a principal's certificate with the next pushes, until the relay knows the device.
///
/// # Errors
/// When the store fails.
pub fn show_certificate(rows: &mut dyn Rows, certificate: &Certificate) -> Result<(), StoreError> {
    let proof = fact::<Proof>(rows)?.unwrap_or_default();
    set_fact(rows, &Proof { certificate: Some(Bytes(wire::encode_certificate(certificate))), ..proof })?;
    let named = fact::<Named>(rows)?.unwrap_or_default();
    set_fact(rows, &Named { introduce: Some(true), ..named })
}

/// Issues again, under `forge`, every entry that waits in a chain of another actor of this phone.
fn issue_again(rows: &mut dyn Rows, forge: &Forge, rng: &mut dyn CryptoRng) -> Result<(), ForgeError> {
    for (unsent, _) in scan_prefix(rows, Table::Unsent, &[])? {
        let Some((doc, actor)) = chain_of_key(&unsent).filter(|(_, actor)| *actor != forge.actor()) else { continue };
        let Some(row) = chain(rows, doc, actor)? else { continue };
        let mut moved: BTreeMap<EntryRef, EntryRef> = BTreeMap::new();
        for old in entries(rows, doc, actor, row.through + 1, u64::MAX - 1, usize::MAX)? {
            let now = issue(rows, forge, rng, doc, &old, &mut moved)?;
            let place = entry_key(doc, actor, old.seq);
            rows.delete(Table::Entry, &place)?;
            move_blobs(rows, &place, &entry_key(doc, forge.actor(), now.seq))?;
        }
        rows.delete(Table::Unsent, &unsent)?;
        if row.through == 0 {
            set_chain(rows, doc, actor, &ChainRow { salt: None, ..row })?;
        }
    }
    Ok(())
}

fn move_blobs(rows: &mut dyn Rows, from: &[u8], to: &[u8]) -> Result<(), StoreError> {
    for (hash, entry) in scan_prefix(rows, Table::BlobUnsent, &[])? {
        if entry == from {
            rows.put(Table::BlobUnsent, &hash, to)?;
        }
    }
    Ok(())
}

/// An entry of an earlier actor that was issued again, for the list that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reissued {
    /// The document.
    pub doc: crate::ids::DocId,
    /// Where it stood first.
    pub was: EntryRef,
    /// Where it stands now.
    pub now: EntryRef,
}

/// Every entry that was issued again.
///
/// # Errors
/// When the store fails.
pub fn reissued(rows: &mut dyn Rows) -> Result<Vec<Reissued>, StoreError> {
    let mut found = Vec::new();
    for (key, bytes) in scan_prefix(rows, Table::Reissued, &[])? {
        let row: ReissuedRow = parse(Table::Reissued, &key, &bytes)?;
        let Some(((doc, actor), seq)) = chain_of_key(&key).zip(seq_of_key(&key)) else { continue };
        found.push(Reissued { doc, was: EntryRef::to(actor, seq, &row.hash), now: row.now });
    }
    Ok(found)
}

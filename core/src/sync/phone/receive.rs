//! Takes in what others wrote: chains are rebuilt link by link and must lead to the tip that was announced. A copy that
//! doesn't is dropped, shown as not arrived, and asked for again once.

use crate::documents::chain::{Link, Salt, Tip};
use crate::ids::{ActorId, DocId};
use crate::records::field::Bytes;
use crate::sync::message::{ChainIntro, ChainName, DownRun, EntryNote, FlagReason, LogNo, NoteChange, SmallBlob};

use super::forge::Forge;
use super::outbox::set_through;
use super::state::{
    BlobRow, ChainRow, EntryRow, Past, WantedRow, chain, chain_key, chain_of_key, drop_copy, entry, fact, last_entry,
    load, save, set_chain, set_entry,
};
use super::store::{Rows, StoreError, Table};
use crate::crypto::{BlobHash, sha256};

/// What became of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Its entries are here; so many are new.
    Taken(DocId, u64),
    /// It doesn't lead to its tip, or from what is here: the chain's copy was dropped.
    Dropped(DocId),
    /// The chain is being asked for from the start, and this is not its start.
    Skipped,
    /// Another's chain has other entries by now than the relay once announced: the copy is handed back before it is dropped.
    HandedBack,
    /// At a seq of this phone's own chain the relay has another entry.
    Fork,
}

/// Whether this phone writes as this actor, or did.
pub(super) fn is_mine(rows: &mut dyn Rows, forge: &Forge, actor: ActorId) -> Result<bool, StoreError> {
    let past = fact::<Past>(rows)?;
    Ok(actor == forge.actor() || past.is_some_and(|past| past.actors.iter().any(|p| p.actor == actor)))
}

/// Takes in the name and author of a chain.
pub(super) fn introduce(rows: &mut dyn Rows, forge: &Forge, intro: &ChainIntro) -> Result<(), StoreError> {
    let known = chain(rows, intro.doc, intro.actor)?;
    let mine = is_mine(rows, forge, intro.actor)?.then_some(true);
    let row = ChainRow {
        salt: known.as_ref().and_then(|k| k.salt.clone()),
        number: Some(intro.number),
        through: known.as_ref().map_or(0, |k| k.through),
        person: intro.person,
        via: intro.via,
        stopped: known.as_ref().and_then(|k| k.stopped),
        mine,
    };
    set_chain(rows, intro.doc, intro.actor, &row)?;
    rows.put(Table::Number, &intro.number.0.to_be_bytes(), &chain_key(intro.doc, intro.actor))
}

/// The chain with this number.
pub(super) fn numbered(rows: &mut dyn Rows, number: LogNo) -> Result<Option<(DocId, ActorId)>, StoreError> {
    let key = rows.get(Table::Number, &number.0.to_be_bytes())?;
    Ok(key.and_then(|key| chain_of_key(&key)))
}

fn want(
    rows: &mut dyn Rows,
    doc: DocId,
    actor: ActorId,
    announced: [u8; 8],
    rebuilt: [u8; 8],
) -> Result<(), StoreError> {
    let key = chain_key(doc, actor);
    // Once per announced tip: a relay that sends the same wrong chain again isn't asked a third time.
    let before: Option<WantedRow> = load(rows, Table::Wanted, &key)?;
    let asked = before.filter(|b| b.asked == Some(true) && b.announced.0 == announced).map(|_| true);
    let row = WantedRow { announced: Bytes(announced.to_vec()), rebuilt: Bytes(rebuilt.to_vec()), asked };
    save(rows, Table::Wanted, &key, &row)
}

/// Where the rebuilding of a run begins: upon what is here, or at the genesis.
fn start(
    rows: &mut dyn Rows,
    forge: &Forge,
    (doc, actor): (DocId, ActorId),
    known: &ChainRow,
    run: &DownRun,
) -> Result<Option<Tip>, StoreError> {
    let first = run.run.first;
    if first == 1 {
        let value = run.run.values.first().map(Vec::as_slice).unwrap_or_default();
        return Ok(Tip::start_of(forge.county(), doc, actor, value).ok());
    }
    let Some(before) = first.checked_sub(1).filter(|seq| *seq > 0) else { return Ok(None) };
    let Some(salt) = known.salt.as_ref().and_then(|s| s.0[..].try_into().ok()).map(Salt) else { return Ok(None) };
    let Some(row) = entry(rows, doc, actor, before)? else { return Ok(None) };
    Ok(Some(Tip { doc, actor, seq: before, hash: row.hash, salt }))
}

fn rebuild(start: Tip, values: &[Vec<u8>]) -> (Vec<Link>, Tip, bool) {
    let mut tip = start;
    let mut links = Vec::with_capacity(values.len());
    for value in values {
        match tip.append_wire(value) {
            Ok((next, link)) => {
                tip = next;
                links.push(link);
            }
            Err(_) => return (links, tip, false),
        }
    }
    (links, tip, true)
}

/// Takes in a run.
pub(super) fn run(rows: &mut dyn Rows, forge: &Forge, run: &DownRun) -> Result<Outcome, StoreError> {
    let place = match run.run.chain {
        ChainName::Number(number) => numbered(rows, number)?,
        ChainName::Name(doc, actor) => Some((doc, actor)),
    };
    let Some((doc, actor)) = place else { return Ok(Outcome::Skipped) };
    let Some(known) = chain(rows, doc, actor)? else { return Ok(Outcome::Skipped) };
    let asked_again = rows.get(Table::Wanted, &chain_key(doc, actor))?.is_some();
    if asked_again && run.run.first != 1 {
        return Ok(Outcome::Skipped);
    }
    let own = actor == forge.actor();
    let begun = start(rows, forge, (doc, actor), &known, run)?;
    let rebuilt = begun.map(|begun| (begun, rebuild(begun, &run.run.values)));
    let (begun, links) = match rebuilt {
        Some((begun, (links, tip, true)))
            if tip.hash.short() == run.run.tip && links.len() == run.run.values.len() && !links.is_empty() =>
        {
            (begun, links)
        }
        other => {
            let here = other.map_or([0; 8], |(_, (_, tip, _))| tip.hash.short());
            return drop_chain(rows, (doc, actor), own, run.run.tip, here);
        }
    };
    let mut fresh = 0;
    for (at, link) in links.iter().enumerate() {
        let note = run.notes.get(at).copied();
        match entry(rows, doc, actor, link.seq)? {
            Some(here) if here.hash == link.hash => {
                if note.is_some() && here.note != note {
                    set_entry(rows, doc, actor, link.seq, &EntryRow { note, ..here })?;
                }
            }
            Some(_) if own => return Ok(Outcome::Fork),
            Some(here) => {
                // The relay has announced the entry that is here, so it went back since: it must see this copy first.
                want(rows, doc, actor, run.run.tip, here.hash.short())?;
                let key = chain_key(doc, actor);
                if rows.get(Table::Recover, &key)?.is_none() {
                    rows.put(Table::Recover, &key, &link.seq.to_be_bytes())?;
                }
                return Ok(Outcome::HandedBack);
            }
            None => {
                let row = EntryRow { hash: link.hash, note, value: link.value.clone() };
                set_entry(rows, doc, actor, link.seq, &row)?;
                fresh += 1;
            }
        }
    }
    rows.delete(Table::Wanted, &chain_key(doc, actor))?;
    let mut known = known;
    if known.salt.is_none() {
        known.salt = Some(Bytes(begun.salt.0.to_vec()));
        set_chain(rows, doc, actor, &known)?;
    }
    if known.mine == Some(true) {
        // What comes back from the relay is there, even where its acknowledgement never arrived; but what another's phone
        // had to bring is sent again, so that it stands with its author's signature. An earlier key signs no more.
        let recovered = |note: &EntryNote| own && note.flag == Some(FlagReason::Recovered);
        let signed = run.notes.iter().position(recovered).unwrap_or(links.len());
        let there = signed.checked_sub(1).and_then(|at| links.get(at)).map_or(0, |link| link.seq);
        set_through(rows, doc, actor, &known, known.through.max(there))?;
    }
    Ok(Outcome::Taken(doc, fresh))
}

fn drop_chain(
    rows: &mut dyn Rows,
    (doc, actor): (DocId, ActorId),
    own: bool,
    announced: [u8; 8],
    rebuilt: [u8; 8],
) -> Result<Outcome, StoreError> {
    if own {
        // The device's own chain is never dropped: a difference there means that the chain forked.
        let last = last_entry(rows, doc, actor)?;
        return Ok(if last.is_some() { Outcome::Fork } else { Outcome::Skipped });
    }
    want(rows, doc, actor, announced, rebuilt)?;
    if rows.get(Table::Recover, &chain_key(doc, actor))?.is_some() {
        // A relay that went back has another chain here by now. This copy may be the only one of what it lost.
        return Ok(Outcome::Skipped);
    }
    forget(rows, doc, actor)?;
    Ok(Outcome::Dropped(doc))
}

fn forget(rows: &mut dyn Rows, doc: DocId, actor: ActorId) -> Result<(), StoreError> {
    drop_copy(rows, doc, actor)?;
    match chain(rows, doc, actor)? {
        Some(row) => set_chain(rows, doc, actor, &ChainRow { salt: None, through: 0, ..row }),
        None => Ok(()),
    }
}

/// A copy that was handed back to a relay that has another chain makes room for that one.
pub(super) fn give_way(rows: &mut dyn Rows, doc: DocId, actor: ActorId) -> Result<(), StoreError> {
    match rows.get(Table::Wanted, &chain_key(doc, actor))? {
        Some(_) => forget(rows, doc, actor),
        None => Ok(()),
    }
}

/// Drops another's chain whose stored rows don't open any more, and asks for it again. `false` for a chain of this phone.
///
/// # Errors
/// When the store fails.
pub fn drop_unreadable(rows: &mut dyn Rows, forge: &Forge, doc: DocId, actor: ActorId) -> Result<bool, StoreError> {
    if actor == forge.actor() {
        return Ok(false);
    }
    drop_chain(rows, (doc, actor), false, [0; 8], [0; 8]).map(|_| true)
}

/// Sets a changed note. Gives the document if the entry is here.
pub(super) fn note(rows: &mut dyn Rows, change: &NoteChange) -> Result<Option<DocId>, StoreError> {
    let Some((doc, actor)) = numbered(rows, change.chain)? else { return Ok(None) };
    let Some(row) = entry(rows, doc, actor, change.seq)? else { return Ok(None) };
    let note: Option<EntryNote> = Some(change.note);
    if row.note == note {
        return Ok(None);
    }
    set_entry(rows, doc, actor, change.seq, &EntryRow { note, ..row })?;
    Ok(Some(doc))
}

/// Whether the entry is here and has a note already.
pub(super) fn is_noted(rows: &mut dyn Rows, change: &NoteChange) -> Result<bool, StoreError> {
    let Some((doc, actor)) = numbered(rows, change.chain)? else { return Ok(false) };
    Ok(entry(rows, doc, actor, change.seq)?.is_some_and(|row| row.note.is_some()))
}

/// Keeps a blob that came beside its entry.
pub(super) fn blob(rows: &mut dyn Rows, blob: &SmallBlob) -> Result<(), StoreError> {
    let hash = BlobHash(sha256(&[&blob.bytes]));
    save(rows, Table::Blob, &hash.0, &BlobRow { doc: blob.doc, bytes: Bytes(blob.bytes.clone()) })
}

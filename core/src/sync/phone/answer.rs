//! Takes in an answer, whole, in one transaction: what the relay has of this phone, what others wrote, notes, devices, and
//! the cursor. An answer may come twice, late, or never.

use std::collections::BTreeSet;

use rand::CryptoRng;

use crate::crypto::{BlobHash, EnvelopeHash, PublicKey, sha256};
use crate::ids::{ActorId, DocId};
use crate::labels;
use crate::records::field::Bytes;
use crate::sync::message::{Answer, AnswerReading, Cursor, Problem, SignedHead, SignedRow, envelope_hash};
use crate::sync::wire;

use super::forge::{Forge, ForgeError};
use super::outbox::{Standing, set_through, stop_code};
use super::push::COMPARE_MS;
use super::receive::{self, Outcome};
use super::renew::renew;
use super::rewound;
use super::session::{self, Clocks};
use super::state::{
    Answered, DeviceRow, Failures, KioskPerson, Latest, Named, PendingRow, PendingRun, Proof, Pushes, ReceiptRow,
    chain, chain_key, chain_of_key, drop_fact, fact, load, parse, save, seq_of_key, set_chain, set_fact,
};
use super::store::{Rows, StoreError, Table, scan_prefix};

/// After a hole the next comparison waits for so many weeks more.
const COMPARE_AFTER_HOLE: i64 = 7;

/// Why an answer was not taken in. Nothing of it holds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Entries could not be issued again.
    #[error(transparent)]
    Forge(#[from] ForgeError),
    /// The head isn't signed by the pinned relay, or speaks of another push.
    #[error("the answer isn't this relay's to this push: {0}")]
    NotTheRelay(&'static str),
}

/// What an answer changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Entries of this phone that are delivered now and were not before.
    pub delivered: u64,
    /// Documents in which something arrived or changed.
    pub changed: BTreeSet<DocId>,
    /// Documents of which a chain was dropped: not arrived.
    pub dropped: BTreeSet<DocId>,
    /// The phone writes under a new actor from now on.
    pub renewed: Option<(ActorId, ActorId)>,
    /// The phone starts over with this relay: what it lacks is handed back.
    pub started_over: bool,
    /// It does so because the relay went back, and not because the phone itself had to be introduced.
    pub rewound: bool,
    /// Devices, marks, kiosk or signed rows changed.
    pub people: bool,
    /// Whether the phone and the relay are any further than before; if not, going on at once would be a loop.
    pub progress: bool,
    /// Whether the answer belonged to a push that is still remembered.
    pub expected: bool,
}

/// What an answer to push `n` must be about, for its decoding; `None` if the push is forgotten or answered.
///
/// # Errors
/// When the store fails.
pub fn expected(rows: &mut dyn Rows, n: u64) -> Result<Option<EnvelopeHash>, StoreError> {
    let pending: Option<PendingRow> = load(rows, Table::Pending, &n.to_be_bytes())?;
    Ok(pending.map(|p| envelope_hash(&p.signed.0, &p.signature)))
}

/// The signed rows that the phone keeps.
///
/// # Errors
/// When the store fails.
pub fn kept_rows(rows: &mut dyn Rows) -> Result<Vec<SignedRow>, StoreError> {
    let kept = scan_prefix(rows, Table::Row, &[])?;
    Ok(kept.iter().filter_map(|(_, bytes)| wire::decode_signed_row(bytes).ok()).collect())
}

/// Keeps signed rows of this relay; others are passed over. Gives whether one is new.
///
/// # Errors
/// When the store fails.
pub fn keep_rows(
    rows: &mut dyn Rows,
    forge: &Forge,
    relay: &PublicKey,
    signed: &[SignedRow],
) -> Result<bool, StoreError> {
    let mut fresh = false;
    for row in signed {
        let bytes = wire::row_bytes(forge.county(), &row.row);
        if !relay.verifies(labels::ROW, &bytes, &row.signature) {
            continue;
        }
        let key = sha256(&[&bytes]);
        if rows.get(Table::Row, &key)?.is_none() {
            rows.put(Table::Row, &key, &wire::encode_signed_row(row))?;
            fresh = true;
        }
    }
    Ok(fresh)
}

/// Takes in the answer. `clocks` are those of its arrival.
///
/// # Errors
/// When it isn't the relay's answer to this push, or the store fails; nothing of it holds then.
pub fn apply(
    rows: &mut dyn Rows,
    forge: &mut Forge,
    clocks: &Clocks,
    relay: &PublicKey,
    answer: &Answer,
    rng: &mut dyn CryptoRng,
) -> Result<Applied, AnswerError> {
    let (head, body) = (&answer.head.head, &answer.body);
    let mut applied = Applied::default();
    let Some(pending) = load::<PendingRow>(rows, Table::Pending, &head.push.to_be_bytes())? else {
        return Ok(applied);
    };
    applied.expected = true;
    check(forge, relay, &answer.head, &pending)?;
    let latest = fact::<Pushes>(rows)?.is_some_and(|p| p.n == head.push);
    let cursor = fact::<Cursor>(rows)?.unwrap_or_else(|| super::push::cursor_start(forge.county()));
    let follows = cursor == pending.cursor;

    let mut answered = note_arrival(rows, clocks, answer)?;
    // Numbers of the lost past are forgotten before those of this answer are taken.
    let rewound = body.rewound.as_ref().filter(|_| latest);
    if rewound.is_some() {
        rewound::void_numbers(rows)?;
    }
    let introduced = fact::<Named>(rows)?.is_some_and(|named| named.introduce == Some(true));
    settle_proof(rows, answer, &pending, &mut applied)?;
    if let Some(states) = rewound {
        rewound::take(rows, forge, states)?;
        applied.started_over = true;
        applied.rewound = !introduced;
        applied.progress = true;
    }
    let mut forked = latest && body.went_back;
    forked |= acknowledge(rows, answer, &pending, latest, &mut applied)?;
    if forked {
        take_new_key(rows, forge, rng, &mut applied)?;
    }
    applied.people |= keep_rows(rows, forge, relay, &body.rows)?;
    applied.people |= take_people(rows, answer)?;
    if follows || applied.started_over {
        pull(rows, forge, answer, rng, &mut applied)?;
        mark_asked(rows, &pending)?;
        let start = super::push::cursor_start(forge.county());
        let next = if body.hole { start } else { body.cursor };
        applied.progress |= next != cursor;
        set_fact(rows, &next)?;
        answered.more = (body.more || body.hole).then_some(true);
        if pending.have == Some(true) {
            // A hole that a new start doesn't mend isn't looked for every week.
            let weeks = if body.hole { COMPARE_AFTER_HOLE } else { 0 };
            answered.compared = Some(head.relay.plus(weeks * COMPARE_MS));
        }
    } else {
        first_notes(rows, answer, &mut applied)?;
    }
    set_fact(rows, &answered)?;
    keep_receipt(rows, &answer.head, &pending)?;
    forget_pending(rows, head.push)?;
    Ok(applied)
}

fn check(forge: &Forge, relay: &PublicKey, head: &SignedHead, pending: &PendingRow) -> Result<(), AnswerError> {
    if head.head.county != forge.county() || head.head.actor != forge.actor() {
        return Err(AnswerError::NotTheRelay("it is for another device"));
    }
    if head.head.envelope != envelope_hash(&pending.signed.0, &pending.signature) {
        return Err(AnswerError::NotTheRelay("it is about another envelope"));
    }
    if !head.is_by(relay) {
        return Err(AnswerError::NotTheRelay("its signature is not that of the pinned key"));
    }
    Ok(())
}

fn note_arrival(rows: &mut dyn Rows, clocks: &Clocks, answer: &Answer) -> Result<Answered, StoreError> {
    let reading = session::checkpoint(rows, clocks)?;
    let head = &answer.head.head;
    let mut answered = fact::<Answered>(rows)?.unwrap_or_default();
    answered.last = Some(AnswerReading { push: head.push, session: reading.session, ms: reading.ms });
    answered.relay = Some(head.relay);
    drop_fact::<Failures>(rows)?;
    set_fact(rows, &Standing::Fine)?;
    Ok(answered)
}

/// The relay knows the device now: its number is used, and what was shown need not be shown again.
fn settle_proof(
    rows: &mut dyn Rows,
    answer: &Answer,
    pending: &PendingRow,
    applied: &mut Applied,
) -> Result<(), StoreError> {
    let named = fact::<Named>(rows)?.unwrap_or_default();
    let number = answer.body.device.or(named.number);
    // After "numbers are void" the first answer only says what is there; names are used until entries are taken again.
    let void = if pending.runs.is_empty() { named.void.map(|_| 2) } else { None };
    let now = Named { number, introduce: None, void };
    if now != named {
        applied.progress = true;
        set_fact(rows, &now)?;
    }
    if pending.proof == Some(true) {
        drop_fact::<Proof>(rows)?;
        applied.progress = true;
    }
    Ok(())
}

/// Takes in what the relay has of this push. Gives whether a new key is due.
fn acknowledge(
    rows: &mut dyn Rows,
    answer: &Answer,
    pending: &PendingRow,
    latest: bool,
    applied: &mut Applied,
) -> Result<bool, StoreError> {
    let body = &answer.body;
    let problem = |run: u32| body.problems.iter().find(|p| p.run == run).map(|p| p.problem);
    for stored in &body.stored {
        let Some(run) = pending.runs.get(stored.run as usize) else { continue };
        let Some(mut row) = chain(rows, run.doc, run.actor)? else { continue };
        row.number = Some(stored.number);
        rows.put(Table::Number, &stored.number.0.to_be_bytes(), &chain_key(run.doc, run.actor))?;
        // Only the newest push may say that less is there than was thought: an older answer may just be late.
        let through = match problem(stored.run) {
            Some(Problem::Gap) if latest => stored.through,
            // What the relay has there is another entry.
            Some(Problem::Fork) => row.through,
            _ => row.through.max(stored.through.min(run.last)),
        };
        applied.progress |= through != row.through;
        applied.delivered += through.saturating_sub(row.through);
        if through != row.through {
            applied.changed.insert(run.doc);
        }
        set_through(rows, run.doc, run.actor, &row, through)?;
    }
    let mut forked = false;
    for problem in &body.problems {
        let Some(run) = pending.runs.get(problem.run as usize) else { continue };
        match problem.problem {
            Problem::Gap => {}
            Problem::Fork | Problem::Closed => forked |= latest,
            Problem::Retired => {
                if let Some(mut row) = chain(rows, run.doc, run.actor)? {
                    row.stopped = Some(stop_code(Problem::Retired));
                    set_chain(rows, run.doc, run.actor, &row)?;
                    applied.progress = true;
                    applied.changed.insert(run.doc);
                }
            }
        }
    }
    applied.progress |= settle_blobs(rows, &pending.blobs, &body.blobs_wanted)?;
    for run in &pending.recovered {
        applied.progress |= handed_back(rows, run)?;
    }
    Ok(forked)
}

/// Blobs of entries that the relay has are there too, unless it asks for them.
fn settle_blobs(rows: &mut dyn Rows, sent: &[BlobHash], wanted: &[BlobHash]) -> Result<bool, StoreError> {
    let mut settled = false;
    for hash in sent.iter().filter(|hash| !wanted.contains(hash)) {
        settled |= blob_stored(rows, hash)?;
    }
    Ok(settled)
}

/// The relay has this blob; gives whether that is news. A blob whose entry isn't acknowledged stays on the list.
///
/// # Errors
/// When the store fails.
pub fn blob_stored(rows: &mut dyn Rows, hash: &BlobHash) -> Result<bool, StoreError> {
    let Some(entry) = rows.get(Table::BlobUnsent, &hash.0)? else { return Ok(false) };
    let Some(((doc, actor), seq)) = chain_of_key(&entry).zip(seq_of_key(&entry)) else { return Ok(false) };
    if chain(rows, doc, actor)?.is_none_or(|row| row.through < seq) {
        return Ok(false);
    }
    rows.delete(Table::BlobUnsent, &hash.0)?;
    Ok(true)
}

fn handed_back(rows: &mut dyn Rows, run: &PendingRun) -> Result<bool, StoreError> {
    let key = chain_key(run.doc, run.actor);
    let Some(from) = rows.get(Table::Recover, &key)? else { return Ok(false) };
    if from != run.first.to_be_bytes() {
        return Ok(false);
    }
    let end = super::state::last_entry(rows, run.doc, run.actor)?.map_or(0, |last| last.seq);
    if run.last >= end {
        rows.delete(Table::Recover, &key)?;
        receive::give_way(rows, run.doc, run.actor)?;
    } else {
        rows.put(Table::Recover, &key, &(run.last + 1).to_be_bytes())?;
    }
    Ok(true)
}

fn take_new_key(
    rows: &mut dyn Rows,
    forge: &mut Forge,
    rng: &mut dyn CryptoRng,
    applied: &mut Applied,
) -> Result<(), ForgeError> {
    let old = forge.actor();
    *forge = renew(rows, forge, rng)?;
    applied.renewed = Some((old, forge.actor()));
    applied.progress = true;
    Ok(())
}

fn take_people(rows: &mut dyn Rows, answer: &Answer) -> Result<bool, StoreError> {
    let body = &answer.body;
    for note in &body.devices {
        save(rows, Table::Device, &note.number.0.to_be_bytes(), &DeviceRow::of(note))?;
    }
    for (number, mark) in &body.marks {
        let key = number.0.to_be_bytes();
        if let Some(row) = load::<DeviceRow>(rows, Table::Device, &key)? {
            save(rows, Table::Device, &key, &DeviceRow { mark: Some(*mark), ..row })?;
        }
    }
    if !body.kiosk.is_empty() {
        // It is the whole list: who isn't in it may not check in here any more.
        for (key, _) in scan_prefix(rows, Table::Kiosk, &[])? {
            rows.delete(Table::Kiosk, &key)?;
        }
    }
    for row in &body.kiosk {
        let person = KioskPerson { name: row.name.clone(), verifier: Bytes(row.verifier.clone()) };
        save(rows, Table::Kiosk, &row.posting.0, &person)?;
    }
    Ok(!(body.devices.is_empty() && body.marks.is_empty() && body.kiosk.is_empty()))
}

fn pull(
    rows: &mut dyn Rows,
    forge: &mut Forge,
    answer: &Answer,
    rng: &mut dyn CryptoRng,
    applied: &mut Applied,
) -> Result<(), AnswerError> {
    let body = &answer.body;
    for intro in &body.intros {
        receive::introduce(rows, forge, intro)?;
    }
    for run in &body.runs {
        let mut outcome = receive::run(rows, forge, run)?;
        if outcome == Outcome::Fork {
            take_new_key(rows, forge, rng, applied)?;
            outcome = receive::run(rows, forge, run)?;
        }
        match outcome {
            Outcome::Taken(doc, _) => {
                applied.changed.insert(doc);
            }
            Outcome::Dropped(doc) => {
                applied.dropped.insert(doc);
                applied.changed.insert(doc);
                applied.progress = true;
            }
            Outcome::HandedBack => applied.progress = true,
            Outcome::Skipped | Outcome::Fork => {}
        }
    }
    for change in &body.notes {
        applied.changed.extend(receive::note(rows, change)?);
    }
    for blob in &body.blobs {
        receive::blob(rows, blob)?;
    }
    Ok(())
}

/// Of an answer that doesn't follow, only notes of entries that have none yet are taken: others may be older.
fn first_notes(rows: &mut dyn Rows, answer: &Answer, applied: &mut Applied) -> Result<(), StoreError> {
    for change in &answer.body.notes {
        if !receive::is_noted(rows, change)? {
            applied.changed.extend(receive::note(rows, change)?);
        }
    }
    Ok(())
}

/// A chain that was asked for and is still wanted isn't asked for again.
fn mark_asked(rows: &mut dyn Rows, pending: &PendingRow) -> Result<(), StoreError> {
    for key in &pending.again {
        if let Some(wanted) = load::<super::state::WantedRow>(rows, Table::Wanted, &key.0)? {
            save(rows, Table::Wanted, &key.0, &super::state::WantedRow { asked: Some(true), ..wanted })?;
        }
    }
    Ok(())
}

fn keep_receipt(rows: &mut dyn Rows, head: &SignedHead, pending: &PendingRow) -> Result<(), StoreError> {
    let bytes = wire::encode_signed_head(head);
    set_fact(rows, &Latest { head: Bytes(bytes.clone()) })?;
    if pending.runs.is_empty() {
        return Ok(());
    }
    let receipt = ReceiptRow { signed: pending.signed.clone(), signature: pending.signature, head: Bytes(bytes) };
    save(rows, Table::Receipt, &head.head.push.to_be_bytes(), &receipt)
}

/// Answers to this push and to those before it are of no more use.
fn forget_pending(rows: &mut dyn Rows, n: u64) -> Result<(), StoreError> {
    let answered = rows.scan(Table::Pending, &[], &(n + 1).to_be_bytes(), usize::MAX, false)?;
    for (key, _) in answered {
        rows.delete(Table::Pending, &key)?;
    }
    Ok(())
}

/// A receipt: the signed envelope, its signature and the relay's signed head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The number of the push.
    pub n: u64,
    /// The bytes that the device signed.
    pub signed: Vec<u8>,
    /// The device's signature.
    pub signature: crate::crypto::Signature,
    /// What the relay signed.
    pub head: SignedHead,
}

/// The receipts of this phone, by number of the push.
///
/// # Errors
/// When the store fails.
pub fn receipts(rows: &mut dyn Rows) -> Result<Vec<Receipt>, StoreError> {
    let mut found = Vec::new();
    for (key, bytes) in scan_prefix(rows, Table::Receipt, &[])? {
        let row: ReceiptRow = parse(Table::Receipt, &key, &bytes)?;
        let n = u64::from_be_bytes(key[..].try_into().unwrap_or([0; 8]));
        let Ok(head) = wire::decode_signed_head(&row.head.0) else { continue };
        found.push(Receipt { n, signed: row.signed.0, signature: row.signature, head });
    }
    Ok(found)
}

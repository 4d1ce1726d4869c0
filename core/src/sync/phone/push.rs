//! Builds pushes: bounded pages of what is unsent, what is asked for, and the signature. The number n is on disk before the
//! body leaves.

use crate::cbor;
use crate::crypto::{BlobHash, Signature, sha256};
use crate::documents::chain::to_wire;
use crate::ids::{ActorId, DocId};
use crate::labels;
use crate::records::field::{self, Bytes};
use crate::records::key;
use crate::sync::bundle::BundleBlob;
use crate::sync::message::{self, ChainName, ChainRequest, Cursor, DeviceName, Push, Run, SignedTip, SmallBlob};
use crate::sync::wire;

use super::forge::Forge;
use super::outbox::{self, Waiting};
use super::session::{self, Clocks};
use super::state::{
    Answered, BlobRow, BodyLimit, ChainRow, Holder, Latest, Named, PendingRow, PendingRun, PlacedRow, Proof, Pushes,
    WantedRow, chain, chain_of_key, chains, entries, fact, last_entry, load, parse, save, seq_of_key, set_fact,
};
use super::store::{Rows, StoreError, Table, scan_prefix};

/// The largest blob that travels beside its entry, bytes.
pub const SMALL_BLOB: usize = 4 * 1024;

/// The most entries of one chain in one body.
const MOST_OF_A_CHAIN: usize = 4096;

/// The most bytes of values and small blobs in a bundle's body: what a relay reads at once, with some room.
const BUNDLE_BODY: u32 = 768 * 1024;

/// How many pushes are remembered for answers that come late.
const REMEMBERED: usize = 8;

/// How long the phone waits before it compares fingerprints again: a week, ms of the relay's clock.
pub(super) const COMPARE_MS: i64 = 7 * 86_400_000;

/// What bounds a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of values and blobs in one body, before compression. One entry always goes.
    pub body: u32,
    /// The most bytes that the answer's body may have, before compression.
    pub page: u32,
    /// Build version of the app.
    pub build: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { body: 48 * 1024, page: wire::PAGE, build: 1 }
    }
}

/// A push that is on disk as number n and may leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Its number.
    pub n: u64,
    /// What it says.
    pub push: Push,
    /// The device's signature.
    pub signature: Signature,
}

impl Outgoing {
    /// The body of `POST /v1/sync`.
    pub fn body(&self) -> Vec<u8> {
        wire::encode_push(&self.push, &self.signature)
    }
}

/// Where a phone stands that has nothing.
pub fn cursor_start(county: crate::ids::CountyId) -> Cursor {
    let l = sha256(&[labels::LOG, &county.0]);
    let mut head = [0; 8];
    head.copy_from_slice(&l[..8]);
    Cursor { effective: 0, seq: 0, head, notes: 0 }
}

/// The chains that the phone has at its cursor: others' as they came, its own as far as they are acknowledged.
fn have(rows: &mut dyn Rows) -> Result<[u8; 8], StoreError> {
    let mut found = Vec::new();
    for (doc, actor, row) in chains(rows, &[])? {
        let end = if row.mine == Some(true) { row.through } else { u64::MAX };
        let last = match end {
            u64::MAX => last_entry(rows, doc, actor)?,
            end => entries(rows, doc, actor, end, end, 1)?.pop(),
        };
        found.extend(last.map(|last| (doc, actor, last.seq, last.row.hash)));
    }
    Ok(message::fingerprint(&mut found))
}

/// A run in the making.
struct Page {
    budget: usize,
    empty: bool,
}

impl Page {
    fn new(body: u32) -> Self {
        Page { budget: body as usize, empty: true }
    }

    /// As many values as fit, at least one in the whole page.
    fn take(&mut self, found: &[PlacedRow]) -> Result<Vec<Vec<u8>>, StoreError> {
        let mut values = Vec::new();
        for entry in found {
            let value = to_wire(entry.seq, &entry.row.value)
                .map_err(|e| StoreError::Damaged(format!("entry {} of this phone: {e}", entry.seq)))?;
            if !self.fits(value.len()) {
                break;
            }
            values.push(value);
        }
        Ok(values)
    }

    fn fits(&mut self, bytes: usize) -> bool {
        // Something always goes, however small the limit; otherwise a large entry would block for ever.
        let fits = self.empty || bytes <= self.budget;
        if fits {
            self.budget = self.budget.saturating_sub(bytes);
            self.empty = false;
        }
        fits
    }
}

fn name(row: Option<&ChainRow>, doc: DocId, actor: ActorId) -> ChainName {
    match row.and_then(|row| row.number) {
        Some(number) => ChainName::Number(number),
        None => ChainName::Name(doc, actor),
    }
}

/// The blobs that a value names.
pub(super) fn blobs_of(value: &[u8]) -> Vec<BlobHash> {
    let Ok(map) = cbor::decode_map(value) else { return Vec::new() };
    field::read(&map, key::BLOBS, "blobs").unwrap_or_default()
}

struct Own {
    runs: Vec<Run>,
    tips: Vec<SignedTip>,
    pending: Vec<PendingRun>,
    blobs: Vec<BlobHash>,
    complete: bool,
}

fn own_runs(rows: &mut dyn Rows, page: &mut Page, waiting: &[Waiting], actor: ActorId) -> Result<Own, StoreError> {
    let mut own = Own { runs: vec![], tips: vec![], pending: vec![], blobs: vec![], complete: true };
    for wait in waiting {
        let found = entries(rows, wait.doc, actor, wait.first, wait.last, MOST_OF_A_CHAIN)?;
        let values = page.take(&found)?;
        own.complete &= values.len() as u64 == wait.count();
        let Some(last) = values.len().checked_sub(1).and_then(|at| found.get(at)) else { continue };
        let row = chain(rows, wait.doc, actor)?;
        own.blobs.extend(found[..values.len()].iter().flat_map(|e| blobs_of(&e.row.value)));
        own.tips.push(SignedTip { doc: wait.doc, seq: last.seq, hash: last.row.hash });
        own.pending.push(PendingRun { doc: wait.doc, actor, first: wait.first, last: last.seq });
        let tip = last.row.hash.short();
        own.runs.push(Run { chain: name(row.as_ref(), wait.doc, actor), first: wait.first, tip, values });
    }
    Ok(own)
}

fn recovered_runs(rows: &mut dyn Rows, page: &mut Page) -> Result<(Vec<Run>, Vec<PendingRun>), StoreError> {
    let (mut runs, mut pending) = (Vec::new(), Vec::new());
    for (key, bytes) in scan_prefix(rows, Table::Recover, &[])? {
        let Some((doc, actor)) = chain_of_key(&key) else { continue };
        let first = u64::from_be_bytes(bytes[..].try_into().unwrap_or([0; 8])).max(1);
        let found = entries(rows, doc, actor, first, u64::MAX - 1, 4096)?;
        let values = page.take(&found)?;
        let Some(last) = values.len().checked_sub(1).and_then(|at| found.get(at)) else {
            if found.is_empty() {
                rows.delete(Table::Recover, &key)?;
                continue;
            }
            break;
        };
        pending.push(PendingRun { doc, actor, first, last: last.seq });
        runs.push(Run { chain: ChainName::Name(doc, actor), first, tip: last.row.hash.short(), values });
    }
    Ok((runs, pending))
}

/// Small blobs whose entry is in this body or already on the relay.
fn small_blobs(rows: &mut dyn Rows, page: &mut Page, own: &Own) -> Result<Vec<SmallBlob>, StoreError> {
    let mut blobs = Vec::new();
    for (hash, entry) in scan_prefix(rows, Table::BlobUnsent, &[])? {
        let Some(((doc, actor), seq)) = chain_of_key(&entry).zip(seq_of_key(&entry)) else { continue };
        let here = own.pending.iter().any(|run| run.doc == doc && run.actor == actor && run.last >= seq);
        let through = chain(rows, doc, actor)?.map_or(0, |row| row.through);
        if !here && through < seq {
            continue;
        }
        let Some(blob) = load::<BlobRow>(rows, Table::Blob, &hash)? else { continue };
        if blob.bytes.0.len() <= SMALL_BLOB + 16 && page.fits(blob.bytes.0.len()) {
            blobs.push(SmallBlob { doc: blob.doc, bytes: blob.bytes.0 });
        }
    }
    Ok(blobs)
}

fn requests(rows: &mut dyn Rows) -> Result<(Vec<ChainRequest>, Vec<Bytes>), StoreError> {
    let (mut again, mut keys) = (Vec::new(), Vec::new());
    for (key, bytes) in scan_prefix(rows, Table::Wanted, &[])? {
        let wanted: WantedRow = parse(Table::Wanted, &key, &bytes)?;
        let Some((doc, actor)) = chain_of_key(&key).filter(|_| wanted.asked != Some(true)) else { continue };
        if rows.get(Table::Recover, &key)?.is_some() {
            continue;
        }
        let row = chain(rows, doc, actor)?;
        let short = |bytes: &Bytes| bytes.0[..].try_into().unwrap_or([0; 8]);
        again.push(ChainRequest {
            chain: name(row.as_ref(), doc, actor),
            after: 0,
            announced: short(&wanted.announced),
            rebuilt: short(&wanted.rebuilt),
        });
        keys.push(Bytes(key));
    }
    Ok((again, keys))
}

fn remember(rows: &mut dyn Rows, n: u64, pending: &PendingRow) -> Result<(), StoreError> {
    save(rows, Table::Pending, &n.to_be_bytes(), pending)?;
    let kept = scan_prefix(rows, Table::Pending, &[])?;
    for (key, _) in kept.iter().take(kept.len().saturating_sub(REMEMBERED)) {
        rows.delete(Table::Pending, key)?;
    }
    Ok(())
}

/// Builds the next push and writes its number and what its answer will be about. After the transaction's commit, and once n
/// is kept outside the store as well, it may leave.
///
/// # Errors
/// When the store fails.
pub fn build(rows: &mut dyn Rows, forge: &Forge, clocks: &Clocks, limits: &Limits) -> Result<Outgoing, StoreError> {
    let reading = session::checkpoint(rows, clocks)?;
    let n = fact::<Pushes>(rows)?.map_or(0, |p| p.n) + 1;
    set_fact(rows, &Pushes { n })?;
    let named = fact::<Named>(rows)?.unwrap_or_default();
    let proof = fact::<Proof>(rows)?.unwrap_or_default();
    let mut answered = fact::<Answered>(rows)?.unwrap_or_default();
    let cursor = fact::<Cursor>(rows)?.unwrap_or_else(|| cursor_start(forge.county()));

    let limit = fact::<BodyLimit>(rows)?.map_or(limits.body, |l| l.bytes.min(limits.body));
    let mut page = Page::new(limit);
    // After "numbers are void" the first body asks only: what the relay has of this phone's chains may be less than thought.
    let asks_only = named.void == Some(1);
    let waiting = outbox::waiting(rows)?;
    let now = if asks_only { &[] } else { &waiting[..] };
    let mut own = own_runs(rows, &mut page, now, forge.actor())?;
    own.complete &= !asks_only && scan_prefix(rows, Table::Recover, &[])?.is_empty();
    let (recovered, recovered_pending) = if asks_only { (vec![], vec![]) } else { recovered_runs(rows, &mut page)? };
    let blobs = small_blobs(rows, &mut page, &own)?;
    let (again, again_keys) = requests(rows)?;

    let shows_rows = proof.rows == Some(true) || named.introduce == Some(true);
    let signed_rows = if shows_rows { super::answer::kept_rows(rows)? } else { Vec::new() };
    let decoded = |bytes: &Option<Bytes>| bytes.as_ref().map(|b| b.0.clone());
    let due = answered.relay.is_some_and(|now| answered.compared.is_none_or(|then| now.0 - then.0 >= COMPARE_MS));
    // A kiosk reads no document, so there is nothing to compare.
    let reads = fact::<Holder>(rows)?.is_some_and(|holder| holder.person.is_some());
    let have = if due && reads && answered.more != Some(true) { Some(have(rows)?) } else { None };
    let device = match named.number {
        Some(number) if named.introduce != Some(true) => DeviceName::Number(number),
        _ => DeviceName::Key(forge.public()),
    };
    // The cursor shows that this is the relay it speaks of. What was acknowledged beyond it, and everything where numbers
    // are void, is shown by the last head.
    let last_head = fact::<Latest>(rows)?.and_then(|latest| wire::decode_signed_head(&latest.head.0).ok());
    let last_head = last_head.filter(|l| matches!(device, DeviceName::Key(_)) || l.head.n.0 > cursor.effective);
    let push = Push {
        device,
        n,
        build: limits.build,
        reading,
        last_answer: answered.last,
        cursor,
        nothing_unsent: own.complete,
        page: limits.page,
        have,
        runs: own.runs,
        recovered,
        blobs,
        again,
        rows: signed_rows,
        lost_head: last_head,
        certificate: decoded(&proof.certificate).and_then(|b| wire::decode_certificate(&b).ok()),
        successor: decoded(&proof.successor).and_then(|b| wire::decode_successor(&b).ok()),
    };
    let shown = !push.rows.is_empty() || push.certificate.is_some() || push.successor.is_some();
    let signed = push.signed_bytes(forge.county(), forge.actor(), &own.tips);
    let signature = forge.sign(labels::PUSH, &signed);
    if let Some(last) = answered.last {
        answered.confirmed = Some(last.session);
        set_fact(rows, &answered)?;
    }
    own.blobs.extend(push.blobs.iter().map(|b| BlobHash(sha256(&[&b.bytes]))));
    let pending = PendingRow {
        signed: Bytes(signed),
        signature,
        cursor,
        runs: own.pending,
        blobs: own.blobs,
        have: have.map(|_| true),
        proof: shown.then_some(true),
        nothing_unsent: Some(push.nothing_unsent),
        recovered: recovered_pending,
        again: again_keys,
    };
    remember(rows, n, &pending)?;
    Ok(Outgoing { n, push, signature })
}

/// What [`build_bundle`] gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundled {
    /// The push, on disk as number n.
    pub outgoing: Outgoing,
    /// Large blobs of its entries.
    pub blobs: Vec<BundleBlob>,
    /// How many entries that wait are in it.
    pub entries: u64,
    /// Whether nothing that waits was left out.
    pub complete: bool,
}

/// Builds a push for a file: everything that waits, each chain from its first entry and by name, so that a relay which has
/// less than this phone thinks can check it too. It asks for nothing, and no answer to it is awaited.
///
/// # Errors
/// When the store fails.
pub fn build_bundle(
    rows: &mut dyn Rows,
    forge: &Forge,
    clocks: &Clocks,
    limits: &Limits,
) -> Result<Bundled, StoreError> {
    let reading = session::checkpoint(rows, clocks)?;
    let n = fact::<Pushes>(rows)?.map_or(0, |p| p.n) + 1;
    set_fact(rows, &Pushes { n })?;
    let mut page = Page::new(BUNDLE_BODY);
    let waiting = outbox::waiting(rows)?;
    let whole: Vec<Waiting> = waiting.iter().map(|wait| Waiting { first: 1, ..*wait }).collect();
    let mut own = own_runs(rows, &mut page, &whole, forge.actor())?;
    let taken = |wait: &Waiting| {
        let run = own.pending.iter().find(|run| run.doc == wait.doc);
        run.map_or(0, |run| (run.last + 1).saturating_sub(wait.first))
    };
    let entries = waiting.iter().map(taken).sum();
    for (run, of) in own.runs.iter_mut().zip(&own.pending) {
        run.chain = ChainName::Name(of.doc, forge.actor());
    }
    let small = small_blobs(rows, &mut page, &own)?;
    let mut blobs = Vec::new();
    for (hash, _) in scan_prefix(rows, Table::BlobUnsent, &[])? {
        let Some(blob) = load::<BlobRow>(rows, Table::Blob, &hash)? else { continue };
        if blob.bytes.0.len() > SMALL_BLOB + 16 {
            blobs.push(BundleBlob { doc: blob.doc, bytes: blob.bytes });
        }
    }
    let proof = fact::<Proof>(rows)?.unwrap_or_default();
    let named = fact::<Named>(rows)?.unwrap_or_default();
    let shows_rows = proof.rows == Some(true) || named.introduce == Some(true);
    let push = Push {
        device: DeviceName::Key(forge.public()),
        n,
        build: limits.build,
        reading,
        last_answer: fact::<Answered>(rows)?.and_then(|answered| answered.last),
        cursor: cursor_start(forge.county()),
        nothing_unsent: own.complete,
        page: limits.page,
        have: None,
        runs: own.runs,
        recovered: Vec::new(),
        blobs: small,
        again: Vec::new(),
        rows: if shows_rows { super::answer::kept_rows(rows)? } else { Vec::new() },
        lost_head: None,
        certificate: proof.certificate.and_then(|b| wire::decode_certificate(&b.0).ok()),
        successor: proof.successor.and_then(|b| wire::decode_successor(&b.0).ok()),
    };
    let signed = push.signed_bytes(forge.county(), forge.actor(), &own.tips);
    let signature = forge.sign(labels::PUSH, &signed);
    Ok(Bundled { outgoing: Outgoing { n, push, signature }, blobs, entries, complete: own.complete })
}

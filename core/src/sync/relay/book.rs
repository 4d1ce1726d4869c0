//! Typed access to the ledger's tables, and the county's log: one totally ordered, hash-chained row for every entry,
//! enrolment, grant, revocation, retirement and mark.

use super::rows::*;
use crate::cbor::{self, Value};
use crate::crypto::{EntryHash, EnvelopeHash, LeafHash, LogHash, sha256};
use crate::ids::{ActorId, CountyId, DocId, PersonId, PostingId, SchoolId};
use crate::labels;
use crate::sync::ledger::{Ledger, LedgerError, Table};
use crate::sync::message::LogNo;
use crate::time::UtcMs;

type Result<T> = std::result::Result<T, LedgerError>;

/// The end of the county's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogHead {
    /// The last number.
    pub n: LogNo,
    /// L of it.
    pub l: LogHash,
    /// The last revision of notes.
    pub notes: u64,
}

/// What a log row is about. Rows hold ids and hashes only; every one holds 32 bytes that can't be guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogRow {
    /// An entry: document, actor, seq, salted hash.
    Entry(DocId, ActorId, u64, EntryHash),
    /// An enrolment: hash of the signed row.
    Enrolment([u8; 32]),
    /// A grant: hash of the signed row, and the entry that it follows from (0 for none).
    Grant([u8; 32], u64),
    /// A grant ended or changed its dates: hash of the signed row, the grant.
    GrantChange([u8; 32], LogNo),
    /// A revocation: hash of the signed row.
    Revocation([u8; 32]),
    /// A retirement: hash of the signed row.
    Retirement([u8; 32]),
    /// A mark: device, hash of the signed envelope.
    Mark(LogNo, EnvelopeHash),
    /// A phone showed a head of a lost past: device, hash of the signed head.
    Rewound(LogNo, [u8; 32]),
    /// A twin: document, actor, seq, salted hash.
    Twin(DocId, ActorId, u64, EntryHash),
    /// A device followed another: the old actor, hash of the signed statement.
    Successor(ActorId, [u8; 32]),
}

impl LogRow {
    fn bytes(&self, n: LogNo, now: UtcMs) -> Vec<u8> {
        let bytes = |b: &[u8]| Value::Bytes(b.to_vec());
        let uint = |n: u64| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
        let (kind, rest) = match self {
            LogRow::Entry(doc, actor, seq, hash) => {
                (1, vec![bytes(&doc.to_bytes()), bytes(&actor.0), uint(*seq), bytes(&hash.0)])
            }
            LogRow::Enrolment(hash) => (2, vec![bytes(hash)]),
            LogRow::Grant(hash, entry) => (3, vec![bytes(hash), uint(*entry)]),
            LogRow::GrantChange(hash, grant) => (4, vec![bytes(hash), uint(grant.0)]),
            LogRow::Revocation(hash) => (5, vec![bytes(hash)]),
            LogRow::Retirement(hash) => (6, vec![bytes(hash)]),
            LogRow::Mark(device, envelope) => (7, vec![uint(device.0), bytes(&envelope.0)]),
            LogRow::Rewound(device, hash) => (8, vec![uint(device.0), bytes(hash)]),
            LogRow::Twin(doc, actor, seq, hash) => {
                (9, vec![bytes(&doc.to_bytes()), bytes(&actor.0), uint(*seq), bytes(&hash.0)])
            }
            LogRow::Successor(old, hash) => (10, vec![bytes(&old.0), bytes(hash)]),
        };
        let mut row = vec![uint(n.0), Value::Int(kind), Value::Int(now.0)];
        row.extend(rest);
        cbor::encode(&Value::Array(row))
    }
}

/// L(0): what the log of a county begins with.
pub fn log_start(county: CountyId) -> LogHash {
    LogHash(sha256(&[labels::LOG, &county.0]))
}

/// leaf(n) of a row, as in RFC 6962 section 2.1.
pub fn leaf(row: &[u8]) -> LeafHash {
    LeafHash(sha256(&[&[0], row]))
}

/// L(n) from L(n−1) and leaf(n).
pub fn link(before: &LogHash, leaf: &LeafHash) -> LogHash {
    LogHash(sha256(&[&[2], &before.0, &leaf.0]))
}

/// The ledger with types on.
pub struct Book<'a> {
    pub(super) county: CountyId,
    pub(super) ledger: &'a mut dyn Ledger,
}

const HEAD: &[u8] = b"head";

impl<'a> Book<'a> {
    /// A typed view of `ledger` for one transaction.
    pub fn new(county: CountyId, ledger: &'a mut dyn Ledger) -> Self {
        Book { county, ledger }
    }

    /// The end of the log. This is the one counter row: whoever will write reads it in the storing transaction.
    pub fn head(&mut self) -> Result<LogHead> {
        let Some(row) = self.ledger.get(Table::Meta, HEAD)? else {
            return Ok(LogHead { n: LogNo(0), l: log_start(self.county), notes: 0 });
        };
        let corrupt = || LedgerError::Corrupt("the counter row".into());
        let (n, rest) = row.split_first_chunk::<8>().ok_or_else(corrupt)?;
        let (notes, l) = rest.split_first_chunk::<8>().ok_or_else(corrupt)?;
        let l = LogHash::from_slice(l).ok_or_else(corrupt)?;
        Ok(LogHead { n: LogNo(u64::from_be_bytes(*n)), l, notes: u64::from_be_bytes(*notes) })
    }

    fn set_head(&mut self, head: &LogHead) -> Result<()> {
        self.ledger.put(Table::Meta, HEAD, &[&be(head.n.0)[..], &be(head.notes), &head.l.0].concat())
    }

    /// Appends a row to the log and gives its number.
    pub fn log(&mut self, now: UtcMs, row: &LogRow) -> Result<LogNo> {
        let head = self.head()?;
        let n = LogNo(head.n.0 + 1);
        let bytes = row.bytes(n, now);
        let leaf = leaf(&bytes);
        let l = link(&head.l, &leaf);
        self.ledger.put(Table::Log, &be(n.0), &[&leaf.0[..], &l.0, &bytes].concat())?;
        self.set_head(&LogHead { n, l, ..head })?;
        Ok(n)
    }

    /// L(n); `None` beyond the end.
    pub fn l(&mut self, n: LogNo) -> Result<Option<LogHash>> {
        if n.0 == 0 {
            return Ok(Some(log_start(self.county)));
        }
        let row = self.ledger.get(Table::Log, &be(n.0))?;
        Ok(row.and_then(|row| LogHash::from_slice(row.get(32..64)?)))
    }

    /// The next revision of notes.
    pub fn next_revision(&mut self) -> Result<u64> {
        let mut head = self.head()?;
        head.notes += 1;
        self.set_head(&head)?;
        Ok(head.notes)
    }

    fn typed<T: Stored>(&mut self, table: Table, key: &[u8]) -> Result<Option<T>> {
        self.ledger.get(table, key)?.map(|bytes| T::from_row(&bytes)).transpose()
    }

    fn put_typed<T: Stored>(&mut self, table: Table, key: &[u8], row: &T) -> Result<()> {
        self.ledger.put(table, key, &row.to_row())
    }

    /// All keys that begin with `prefix`, from `prefix ‖ from` on, at most `limit`.
    pub(super) fn tails(&mut self, table: Table, prefix: &[u8], from: &[u8], limit: usize) -> Result<Vec<Vec<u8>>> {
        let start = [prefix, from].concat();
        let rows = self.ledger.scan(table, &start, &after(prefix), limit, false)?;
        Ok(rows.into_iter().map(|(key, _)| key[prefix.len()..].to_vec()).collect())
    }

    /// The device with this number.
    pub fn device(&mut self, number: LogNo) -> Result<Option<DeviceRow>> {
        self.typed(Table::Device, &be(number.0))
    }

    /// The device of this actor.
    pub fn device_of(&mut self, actor: ActorId) -> Result<Option<DeviceRow>> {
        match self.ledger.get(Table::DeviceName, &actor.0)? {
            Some(number) => self.device(LogNo(tail(&number))),
            None => Ok(None),
        }
    }

    /// Writes a device and the indexes by actor, person and school.
    pub(super) fn put_device(&mut self, row: &DeviceRow) -> Result<()> {
        self.put_typed(Table::Device, &be(row.number.0), row)
    }

    /// Writes a new device with its indexes.
    pub(super) fn add_device(&mut self, row: &DeviceRow) -> Result<()> {
        self.put_device(row)?;
        self.ledger.put(Table::DeviceName, &row.actor().0, &be(row.number.0))?;
        let object = row.person.map(|p| p.0).or(row.school.map(|s| s.0));
        if let Some(object) = object {
            self.ledger.put(Table::DeviceOf, &[&object[..], &be(row.number.0)].concat(), &[])?;
        }
        Ok(())
    }

    /// The devices of a person, or the kiosks of a school, by their 8 bytes of id.
    pub fn devices_of(&mut self, object: &[u8; 8]) -> Result<Vec<DeviceRow>> {
        let numbers = self.tails(Table::DeviceOf, object, &[], usize::MAX)?;
        let mut devices = Vec::with_capacity(numbers.len());
        for number in numbers {
            devices.extend(self.device(LogNo(tail(&number)))?);
        }
        Ok(devices)
    }

    /// When a device of a person was last answered.
    pub fn last_seen(&mut self, person: &[u8; 8]) -> Result<Option<UtcMs>> {
        Ok(self.devices_of(person)?.iter().filter_map(|device| device.last_seen).max())
    }

    /// Every device, by number.
    pub fn devices(&mut self) -> Result<Vec<DeviceRow>> {
        let rows = self.ledger.scan(Table::Device, &[], &[0xff; 9], usize::MAX, false)?;
        rows.iter().map(|(_, row)| DeviceRow::from_row(row)).collect()
    }

    /// The chain with this number.
    pub fn chain(&mut self, number: LogNo) -> Result<Option<ChainRow>> {
        self.typed(Table::Chain, &be(number.0))
    }

    /// The chain of this device in this document.
    pub fn chain_of(&mut self, doc: DocId, actor: ActorId) -> Result<Option<ChainRow>> {
        match self.ledger.get(Table::ChainName, &[&doc.to_bytes()[..], &actor.0].concat())? {
            Some(number) => self.chain(LogNo(tail(&number))),
            None => Ok(None),
        }
    }

    pub(super) fn put_chain(&mut self, row: &ChainRow) -> Result<()> {
        self.put_typed(Table::Chain, &be(row.number.0), row)
    }

    pub(super) fn add_chain(&mut self, row: &ChainRow) -> Result<()> {
        self.put_chain(row)?;
        let name = [&row.doc.to_bytes()[..], &row.actor.0].concat();
        self.ledger.put(Table::ChainName, &name, &be(row.number.0))?;
        self.ledger.put(Table::ChainOf, &[be(row.device.0), be(row.number.0)].concat(), &[])
    }

    /// Gives a device the chains that came back before its enrolment did.
    pub(super) fn adopt_chains(&mut self, device: &DeviceRow) -> Result<()> {
        for chain in self.chains_by(LogNo(0))? {
            if chain.actor == device.actor() {
                self.ledger.delete(Table::ChainOf, &[be(0), be(chain.number.0)].concat())?;
                self.ledger.put(Table::ChainOf, &[be(device.number.0), be(chain.number.0)].concat(), &[])?;
                self.put_chain(&ChainRow { device: device.number, ..chain })?;
            }
        }
        Ok(())
    }

    /// The chains of a document, by actor.
    pub fn chains_in(&mut self, doc: DocId) -> Result<Vec<ChainRow>> {
        let prefix = doc.to_bytes();
        let rows = self.ledger.scan(Table::ChainName, &prefix, &after(&prefix), usize::MAX, false)?;
        let mut chains = Vec::with_capacity(rows.len());
        for (_, number) in rows {
            chains.extend(self.chain(LogNo(tail(&number)))?);
        }
        Ok(chains)
    }

    /// The chains of a device, by number.
    pub fn chains_by(&mut self, device: LogNo) -> Result<Vec<ChainRow>> {
        let numbers = self.tails(Table::ChainOf, &be(device.0), &[], usize::MAX)?;
        let mut chains = Vec::with_capacity(numbers.len());
        for number in numbers {
            chains.extend(self.chain(LogNo(tail(&number)))?);
        }
        Ok(chains)
    }

    /// The entry with this log number.
    pub fn entry(&mut self, n: LogNo) -> Result<Option<EntryRow>> {
        self.typed(Table::Entry, &be(n.0))
    }

    pub(super) fn put_entry(&mut self, n: LogNo, row: &EntryRow) -> Result<()> {
        self.put_typed(Table::Entry, &be(n.0), row)
    }

    /// The log number of an entry of a chain.
    pub fn entry_no(&mut self, chain: LogNo, seq: u64) -> Result<Option<LogNo>> {
        let row = self.ledger.get(Table::Link, &[be(chain.0), be(seq)].concat())?;
        Ok(row.map(|n| LogNo(tail(&n))))
    }

    pub(super) fn add_entry(&mut self, n: LogNo, row: &EntryRow) -> Result<()> {
        self.put_entry(n, row)?;
        self.ledger.put(Table::Link, &[be(row.chain.0), be(row.seq)].concat(), &be(n.0))?;
        self.ledger.put(Table::DocEntry, &[&row.doc.to_bytes()[..], &be(n.0)].concat(), &[])
    }

    /// Takes an entry out of its chain and document; its row and its log row stay.
    pub(super) fn unlink(&mut self, chain: &ChainRow, seq: u64, n: LogNo) -> Result<()> {
        self.ledger.delete(Table::Link, &[be(chain.number.0), be(seq)].concat())?;
        self.ledger.delete(Table::DocEntry, &[&chain.doc.to_bytes()[..], &be(n.0)].concat())
    }

    /// Forgets a chain that has no entry left.
    pub(super) fn drop_chain(&mut self, chain: &ChainRow) -> Result<()> {
        self.ledger.delete(Table::Chain, &be(chain.number.0))?;
        self.ledger.delete(Table::ChainName, &[&chain.doc.to_bytes()[..], &chain.actor.0].concat())?;
        self.ledger.delete(Table::ChainOf, &[be(chain.device.0), be(chain.number.0)].concat())
    }

    /// The log numbers of a document's entries beyond `after_n`, at most `limit`.
    pub fn entries_in(&mut self, doc: DocId, after_n: u64, limit: usize) -> Result<Vec<LogNo>> {
        let tails = self.tails(Table::DocEntry, &doc.to_bytes(), &be(after_n.saturating_add(1)), limit)?;
        Ok(tails.iter().map(|t| LogNo(tail(t))).collect())
    }

    /// The document.
    pub fn doc(&mut self, doc: DocId) -> Result<Option<DocRow>> {
        self.typed(Table::Doc, &doc.to_bytes())
    }

    pub(super) fn put_doc(&mut self, doc: DocId, row: &DocRow) -> Result<()> {
        self.put_typed(Table::Doc, &doc.to_bytes(), row)
    }

    /// Lists `doc` under an object (school, posting, person or county id), with the log number since which it is there.
    pub(super) fn relate(&mut self, object: &[u8; 8], doc: DocId, since: u64) -> Result<()> {
        let key = [&object[..], &doc.to_bytes()].concat();
        if self.ledger.get(Table::DocOf, &key)?.is_none() {
            self.ledger.put(Table::DocOf, &key, &be(since))?;
        }
        Ok(())
    }

    /// The documents of an object, with the log number since which they are listed there.
    pub fn docs_of(&mut self, object: &[u8; 8]) -> Result<Vec<(DocId, u64)>> {
        let rows = self.ledger.scan(Table::DocOf, object, &after(object), usize::MAX, false)?;
        Ok(rows.iter().filter_map(|(key, n)| Some((DocId::from_bytes(&key[8..])?, tail(n)))).collect())
    }

    /// Every document with its row.
    pub fn docs(&mut self) -> Result<Vec<(DocId, DocRow)>> {
        let rows = self.ledger.scan(Table::Doc, &[], &[0xff; 12], usize::MAX, false)?;
        rows.iter()
            .filter_map(|(key, row)| Some((DocId::from_bytes(key)?, row)))
            .map(|(doc, row)| Ok((doc, DocRow::from_row(row)?)))
            .collect()
    }

    /// The grant with this number.
    pub fn grant(&mut self, number: LogNo) -> Result<Option<GrantRow>> {
        self.typed(Table::Grant, &be(number.0))
    }

    pub(super) fn put_grant(&mut self, row: &GrantRow) -> Result<()> {
        self.put_typed(Table::Grant, &be(row.number.0), row)?;
        self.ledger.put(Table::GrantOf, &[&row.person.0[..], &be(row.number.0)].concat(), &[])?;
        if let Some(entry) = row.entry {
            self.ledger.put(Table::GrantFrom, &[be(entry.0), be(row.number.0)].concat(), &[])?;
        }
        Ok(())
    }

    /// The grants of a person, revoked ones included.
    pub fn grants_of(&mut self, person: PersonId) -> Result<Vec<GrantRow>> {
        let numbers = self.tails(Table::GrantOf, &person.0, &[], usize::MAX)?;
        let mut grants = Vec::with_capacity(numbers.len());
        for number in numbers {
            grants.extend(self.grant(LogNo(tail(&number)))?);
        }
        Ok(grants)
    }

    /// The grants that follow from an entry.
    pub(super) fn grants_from(&mut self, entry: LogNo) -> Result<Vec<GrantRow>> {
        let numbers = self.tails(Table::GrantFrom, &be(entry.0), &[], usize::MAX)?;
        let mut grants = Vec::with_capacity(numbers.len());
        for number in numbers {
            grants.extend(self.grant(LogNo(tail(&number)))?.filter(|g| g.entry == Some(entry)));
        }
        Ok(grants)
    }

    /// Every grant, by number.
    pub fn grants(&mut self) -> Result<Vec<GrantRow>> {
        let rows = self.ledger.scan(Table::Grant, &[], &[0xff; 9], usize::MAX, false)?;
        rows.iter().map(|(_, row)| GrantRow::from_row(row)).collect()
    }

    /// The posting with this id.
    pub fn posting(&mut self, posting: PostingId) -> Result<Option<PostingRow>> {
        self.typed(Table::Posting, &posting.0)
    }

    pub(super) fn put_posting(&mut self, posting: PostingId, row: &PostingRow) -> Result<()> {
        self.put_typed(Table::Posting, &posting.0, row)?;
        self.ledger.put(Table::PostingOf, &[row.school.0, posting.0].concat(), &[])?;
        self.ledger.put(Table::PostingOf, &[row.person.0, posting.0].concat(), &[])
    }

    /// The postings of a school or a person, by its 8 bytes of id.
    pub fn postings_of(&mut self, object: &[u8; 8]) -> Result<Vec<(PostingId, PostingRow)>> {
        let ids = self.tails(Table::PostingOf, object, &[], usize::MAX)?;
        let mut postings = Vec::with_capacity(ids.len());
        for id in ids.iter().filter_map(|id| PostingId::from_slice(id)) {
            postings.extend(self.posting(id)?.map(|row| (id, row)));
        }
        Ok(postings)
    }

    /// The school with this id.
    pub fn school(&mut self, school: SchoolId) -> Result<Option<SchoolRow>> {
        self.typed(Table::School, &school.0)
    }

    pub(super) fn put_school(&mut self, school: SchoolId, row: &SchoolRow) -> Result<()> {
        self.put_typed(Table::School, &school.0, row)
    }

    /// Every school.
    pub fn schools(&mut self) -> Result<Vec<(SchoolId, SchoolRow)>> {
        let rows = self.ledger.scan(Table::School, &[], &[0xff; 9], usize::MAX, false)?;
        rows.iter()
            .filter_map(|(key, row)| Some((SchoolId::from_slice(key)?, row)))
            .map(|(id, row)| Ok((id, SchoolRow::from_row(row)?)))
            .collect()
    }

    /// The clock readings of push `n` of a device, where they were kept.
    pub fn reading(&mut self, device: LogNo, n: u64) -> Result<Option<ReadingRow>> {
        self.typed(Table::Reading, &[be(device.0), be(n)].concat())
    }

    pub(super) fn put_reading(&mut self, device: LogNo, n: u64, row: &ReadingRow) -> Result<()> {
        self.put_typed(Table::Reading, &[be(device.0), be(n)].concat(), row)
    }

    pub(super) fn keep_reading(&mut self, device: LogNo, n: u64) -> Result<()> {
        match self.reading(device, n)? {
            Some(row) if !row.kept => self.put_reading(device, n, &ReadingRow { kept: true, ..row }),
            _ => Ok(()),
        }
    }

    /// Drops the readings of a push that brought nothing; they are folded into the device's timeline.
    pub(super) fn drop_reading(&mut self, device: LogNo, n: u64) -> Result<()> {
        match self.reading(device, n)? {
            Some(row) if !row.kept => self.ledger.delete(Table::Reading, &[be(device.0), be(n)].concat()),
            _ => Ok(()),
        }
    }

    /// The twins at a place of a chain.
    pub fn twins(&mut self, chain: LogNo) -> Result<Vec<(u64, EntryHash, TwinRow)>> {
        let prefix = be(chain.0);
        let rows = self.ledger.scan(Table::Twin, &prefix, &after(&prefix), usize::MAX, false)?;
        let mut twins = Vec::new();
        for (key, row) in rows {
            let hash = key.get(16..48).and_then(EntryHash::from_slice);
            if let Some(hash) = hash {
                twins.push((tail(&key[..16]), hash, TwinRow::from_row(&row)?));
            }
        }
        Ok(twins)
    }

    pub(super) fn twin(&mut self, chain: LogNo, seq: u64, hash: &EntryHash) -> Result<Option<TwinRow>> {
        self.typed(Table::Twin, &[&be(chain.0)[..], &be(seq), &hash.0].concat())
    }

    pub(super) fn put_twin(&mut self, chain: LogNo, seq: u64, hash: &EntryHash, row: &TwinRow) -> Result<()> {
        self.put_typed(Table::Twin, &[&be(chain.0)[..], &be(seq), &hash.0].concat(), row)
    }

    /// The invitation with this secret hash.
    pub fn invitation(&mut self, secret_hash: &[u8]) -> Result<Option<InvitationRow>> {
        self.typed(Table::Invitation, secret_hash)
    }

    pub(super) fn put_invitation(&mut self, secret_hash: &[u8], row: &InvitationRow) -> Result<()> {
        self.put_typed(Table::Invitation, secret_hash, row)
    }

    /// The plea of a phone to be let in again.
    pub fn plea(&mut self, device: ActorId) -> Result<Option<PleaRow>> {
        self.typed(Table::Meta, &[PLEA, &device.0].concat())
    }

    /// Every plea, approved or not.
    pub fn pleas(&mut self) -> Result<Vec<PleaRow>> {
        let rows = self.ledger.scan(Table::Meta, PLEA, &after(PLEA), usize::MAX, false)?;
        rows.iter().map(|(_, bytes)| PleaRow::from_row(bytes)).collect()
    }

    pub(super) fn put_plea(&mut self, device: ActorId, row: &PleaRow) -> Result<()> {
        self.put_typed(Table::Meta, &[PLEA, &device.0].concat(), row)
    }

    pub(super) fn drop_plea(&mut self, device: ActorId) -> Result<()> {
        self.ledger.delete(Table::Meta, &[PLEA, &device.0].concat())
    }

    /// What is known of a blob.
    pub fn blob(&mut self, hash: &crate::crypto::BlobHash) -> Result<Option<BlobRow>> {
        self.typed(Table::Blob, &hash.0)
    }

    pub(super) fn put_blob(&mut self, hash: &crate::crypto::BlobHash, row: &BlobRow) -> Result<()> {
        self.put_typed(Table::Blob, &hash.0, row)
    }
}

/// Where pleas stand among the settings.
const PLEA: &[u8] = b"plea";

/// The first key after all that begin with `prefix`.
pub(super) fn after(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            return end;
        }
    }
    vec![0xff; prefix.len() + 1]
}

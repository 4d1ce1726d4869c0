//! Storing a verified push: entries, duplicates, twins, clock readings and marks. A well-formed next link is always
//! stored; what it is worth is judged afterwards.

use std::collections::BTreeSet;

use super::admission::{CheckedRun, Pusher, VerifiedPush};
use super::book::{Book, LogRow};
use super::placement::{Placing, placed};
use super::rows::*;
use super::settle::UNJUDGED;
use super::{Relay, RelayError};
use crate::cbor;
use crate::crypto::{BlobHash, EnvelopeHash, sha256};
use crate::documents::chain::Link;
use crate::evidence::{AnswerReading, PushReading, Timeline};
use crate::ids::{DocId, DocKind, SchoolId};
use crate::records::field::Bytes;
use crate::records::{self, Entry, EntryRef};
use crate::sync::ledger::Table;
use crate::sync::message::{AnswerBody, LogNo, NoteChange, Problem, Push, RunProblem, SmallBlob, Stored as StoredRun};
use crate::time::UtcMs;

/// Between mark rows of a device that has nothing to send, milliseconds.
const MARK_EVERY: i64 = 10 * 60 * 1000;

/// The most bytes of a blob that travels in a sync body, its salt included.
pub const SMALL_BLOB: usize = 4096 + 16;

/// The most sessions whose evidence is kept with a device; what is older is placed for good.
const KEPT_SESSIONS: usize = 160;

/// What a push changed, for what follows in the same transaction.
#[derive(Default)]
struct Taken {
    /// New entries, in log order.
    entries: Vec<LogNo>,
    /// Whether a row names the push's envelope: one that brought nothing new isn't kept.
    signed: bool,
    /// Every entry of the push that the relay now has, new or not: not echoed.
    own: BTreeSet<LogNo>,
    /// Blobs that entries name and nobody has brought.
    blobs_wanted: Vec<BlobHash>,
}

impl Relay {
    pub(super) fn take(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        verified: VerifiedPush,
    ) -> Result<AnswerBody, RelayError> {
        let envelope = verified.envelope();
        let VerifiedPush { pusher, runs, mut push, signed, signature, rewound, .. } = verified;
        if rewound {
            // A phone that starts over speaks of what another state of this relay had and answered. A push with the number
            // of the one that was answered may have come to this state too, but later.
            push.nothing_unsent = false;
            push.last_answer = None;
        }
        let mut body = AnswerBody::default();
        self.take_back(book, now, &push.rows)?;
        let mut device = match pusher {
            Pusher::Known(device) => *device,
            Pusher::New(newcomer) => self.enrol_newcomer(book, now, *newcomer)?,
        };
        if matches!(push.device, crate::sync::message::DeviceName::Key(_)) {
            body.device = Some(device.number);
        }
        self.note_lost_head(book, now, &device, &push)?;
        let mut waiting = self.confirm_issued(book, now, &device)?;

        // A key that was succeeded writes no more; who still has it takes a new one too.
        body.went_back = device.state == DeviceState::Closed || self.went_back(book, &device, &push, envelope)?;
        let late = push.n < device.last_n;
        // What an earlier push signed as complete can't have left out an entry that is brought only now.
        let floor = if push.n > device.mark_n { device.mark.map_or(i64::MIN, |m| m.secs().0) } else { i64::MIN };
        let timeline = self.take_reading(book, now, &mut device, &push, envelope)?;
        let placing = Placing::Device(&timeline, device.since.secs());
        // What is here comes first: an entry is placed no earlier than the one before it.
        let mut sessions = vec![push.reading.session];
        sessions.extend(push.last_answer.map(|answer| answer.session).filter(|s| *s != push.reading.session));
        let mut touched = self.place_again(book, &device, &timeline, &sessions)?;
        self.take_blobs(book, &push.blobs)?;

        let bytes = [&signature.0[..], &signed].concat();
        let mut taken = Taken::default();
        for (at, run) in runs.into_iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            if let Some(problem) = self.closed(book, &device, run.doc)? {
                body.problems.push(RunProblem { run: at, problem });
                continue;
            }
            let context =
                EntryContext { now, envelope: Some(envelope), push: push.n, floor, recovered_by: None, placing };
            let (chain, forked) = self.store_run(book, &mut device, run, &context, &mut taken)?;
            if forked {
                body.problems.push(RunProblem { run: at, problem: Problem::Fork });
            }
            body.stored.push(StoredRun { number: chain.number, run: at, through: chain.seq });
        }
        self.take_recovered(book, now, &device, &push, &mut taken.entries)?;
        let marked = self.mark(book, now, &mut device, timeline.mark(), &push, envelope)?;
        if marked || taken.signed {
            book.ledger.put(Table::Envelope, &envelope.0, &bytes)?;
            book.keep_reading(device.number, push.n)?;
        }
        device.build = push.build;
        if !late {
            device.last_n = device.last_n.max(push.n);
        }
        if let Some(person) = device.person {
            // Before this sync counts as an answer: a grant remembers what it continues.
            self.open_grants(book, now, person)?;
        }
        let seen = device.last_seen;
        device.last_seen = Some(seen.map_or(now, |seen| seen.max(now)));
        book.put_device(&device)?;

        touched.extend(taken.entries);
        for number in waiting.drain(..) {
            touched.extend(self.entries_by(book, number, |_| true)?);
        }
        self.settle(book, now, touched)?;
        self.note_own(book, &taken.own, &mut body)?;
        body.blobs_wanted = taken.blobs_wanted;
        if rewound {
            body.rewound = Some(self.states(book, now, &device)?);
        }
        self.pull(book, now, &device, &push, rewound, &taken.own, &mut body)?;
        let notes = if rewound { 0 } else { push.cursor.notes };
        self.kiosk_rows(book, &device, seen, now.secs().date(), notes, &mut body)?;
        Ok(body)
    }

    /// What the relay notes beside the entries of this push, which are not echoed.
    fn note_own(&self, book: &mut Book<'_>, own: &BTreeSet<LogNo>, body: &mut AnswerBody) -> Result<(), RelayError> {
        for n in own {
            if let Some(row) = book.entry(*n)? {
                body.notes.push(NoteChange { chain: row.chain, seq: row.seq, note: row.note() });
            }
        }
        Ok(())
    }

    /// Whether the relay has another push of this device with this number: the phone, or a copy of it, went back.
    fn went_back(
        &self,
        book: &mut Book<'_>,
        device: &DeviceRow,
        push: &Push,
        envelope: EnvelopeHash,
    ) -> Result<bool, RelayError> {
        if push.n > device.last_n {
            return Ok(false);
        }
        Ok(book.reading(device.number, push.n)?.is_some_and(|known| known.envelope != envelope))
    }

    fn take_reading(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        device: &mut DeviceRow,
        push: &Push,
        envelope: EnvelopeHash,
    ) -> Result<Timeline, RelayError> {
        let mut timeline = self.timeline(device)?;
        if book.reading(device.number, push.n)?.is_some() {
            return Ok(timeline);
        }
        let last_answer = match push.last_answer {
            Some(answer) => book.reading(device.number, answer.push)?.map(|answered| AnswerReading {
                answered: answered.arrival,
                session: answer.session,
                ms: answer.ms,
            }),
            None => None,
        };
        timeline.add(&PushReading {
            n: push.n,
            reading: push.reading,
            arrival: now,
            nothing_unsent: push.nothing_unsent,
            last_answer,
        });
        timeline.keep_last(KEPT_SESSIONS);
        device.timeline = Bytes(timeline.to_bytes());
        let row = ReadingRow {
            envelope,
            arrival: now,
            wall: push.reading.wall.0,
            session: push.reading.session,
            ms: push.reading.ms,
            nothing_unsent: push.nothing_unsent,
            kept: false,
        };
        // The last push is needed until its answer's reading has come; one that brought nothing is dropped then.
        if push.n > device.last_n {
            book.drop_reading(device.number, device.last_n)?;
        }
        book.put_reading(device.number, push.n, &row)?;
        Ok(timeline)
    }

    pub(super) fn timeline(&self, device: &DeviceRow) -> Result<Timeline, RelayError> {
        if device.timeline.0.is_empty() {
            return Ok(Timeline::default());
        }
        Timeline::from_bytes(&device.timeline.0)
            .map_err(|e| crate::sync::ledger::LedgerError::Corrupt(e.to_string()).into())
    }

    fn take_blobs(&self, book: &mut Book<'_>, blobs: &[SmallBlob]) -> Result<(), RelayError> {
        for blob in blobs.iter().filter(|blob| blob.bytes.len() <= SMALL_BLOB) {
            let hash = BlobHash(sha256(&[&blob.bytes]));
            if book.blob(&hash)?.is_none() {
                let size = blob.bytes.len() as u64;
                let row = BlobRow { doc: blob.doc, size, bytes: Some(Bytes(blob.bytes.clone())) };
                book.put_blob(&hash, &row)?;
            }
        }
        Ok(())
    }

    fn closed(&self, book: &mut Book<'_>, device: &DeviceRow, doc: DocId) -> Result<Option<Problem>, RelayError> {
        if device.state == DeviceState::Closed {
            return Ok(Some(Problem::Closed));
        }
        let retired = book.doc(doc)?.is_some_and(|row| row.retired == Some(true));
        Ok(retired.then_some(Problem::Retired))
    }

    fn store_run(
        &self,
        book: &mut Book<'_>,
        device: &mut DeviceRow,
        run: CheckedRun,
        context: &EntryContext<'_>,
        taken: &mut Taken,
    ) -> Result<(ChainRow, bool), RelayError> {
        let CheckedRun { doc, chain, salt, links, mut through } = run;
        // Placing what was here may have moved the chain's floor since the run was checked.
        let mut chain = chain.map(|row| book.chain(row.number)).transpose()?.flatten();
        let mut forked = false;
        for link in links {
            if !forked
                && link.seq <= through
                && let Some(row) = chain.as_mut()
                && self.unsigned_rival(book, row, &link)?
            {
                self.unseat(book, row, link.seq)?;
                through = link.seq - 1;
                if through == 0 {
                    // Not even the first entry was the device's own.
                    book.drop_chain(row)?;
                    chain = None;
                }
            }
            if forked || link.seq <= through {
                let (Some(chain), Some(n)) = (&chain, self.at(book, chain.as_ref(), link.seq)?) else {
                    // Beyond the fork there is nothing to compare with: such links hang on a twin.
                    taken.signed |= self.store_twin(book, context, chain.as_ref(), &link)?;
                    continue;
                };
                let stored = book.entry(n)?;
                if stored.as_ref().is_some_and(|entry| entry.hash == link.hash) {
                    self.sign_recovered(book, n, stored, context, taken)?;
                    taken.blobs_wanted.extend(self.missing_blobs(book, &link.value)?);
                    taken.own.insert(n);
                } else {
                    forked = true;
                    taken.signed |= self.store_twin(book, context, Some(chain), &link)?;
                }
                continue;
            }
            taken.blobs_wanted.extend(self.missing_blobs(book, &link.value)?);
            let n = self.store_entry(book, device.number, device.actor(), doc, &mut chain, salt, link, context)?;
            device.entry_since_mark = true;
            taken.signed = true;
            taken.entries.push(n);
            taken.own.insert(n);
        }
        let chain = chain.ok_or_else(|| crate::sync::message::Refusal::Malformed("an empty run".into()))?;
        book.put_chain(&chain)?;
        Ok((chain, forked))
    }

    /// Whether what stands at this place is another entry that no signature of the device covers.
    fn unsigned_rival(&self, book: &mut Book<'_>, chain: &ChainRow, link: &Link) -> Result<bool, RelayError> {
        let stored = match book.entry_no(chain.number, link.seq)? {
            Some(n) => book.entry(n)?,
            None => None,
        };
        Ok(stored.is_some_and(|entry| entry.envelope.is_none() && entry.hash != link.hash))
    }

    /// What another's phone had brought back gives way to what the device itself signs: from `seq` on, the unsigned entries
    /// leave the chain. Their log rows stay.
    fn unseat(&self, book: &mut Book<'_>, chain: &mut ChainRow, seq: u64) -> Result<(), RelayError> {
        for at in seq..=chain.seq {
            if let Some(n) = book.entry_no(chain.number, at)?
                && let Some(mut entry) = book.entry(n)?
            {
                entry.flag = crate::sync::message::FlagReason::Twin as u16;
                book.renote(n, entry)?;
                book.unlink(chain, at, n)?;
            }
        }
        let before = if seq > 1 { book.entry_no(chain.number, seq - 1)? } else { None };
        if let Some(entry) = before.map(|n| book.entry(n)).transpose()?.flatten() {
            chain.hash = entry.hash;
            chain.floor = entry.earliest;
        }
        chain.seq = seq - 1;
        Ok(book.put_chain(chain)?)
    }

    fn at(&self, book: &mut Book<'_>, chain: Option<&ChainRow>, seq: u64) -> Result<Option<LogNo>, RelayError> {
        match chain {
            Some(chain) => Ok(book.entry_no(chain.number, seq)?),
            None => Ok(None),
        }
    }

    /// An entry that another's phone had brought back now comes with its author's signature.
    fn sign_recovered(
        &self,
        book: &mut Book<'_>,
        n: LogNo,
        stored: Option<EntryRow>,
        context: &EntryContext<'_>,
        taken: &mut Taken,
    ) -> Result<(), RelayError> {
        if let Some(mut entry) = stored.filter(|entry| entry.envelope.is_none()) {
            entry.envelope = context.envelope;
            entry.recovered_by = None;
            entry.push = context.push;
            book.put_entry(n, &entry)?;
            taken.signed = true;
            taken.entries.push(n);
        }
        Ok(())
    }

    pub(super) fn store_twin(
        &self,
        book: &mut Book<'_>,
        context: &EntryContext<'_>,
        chain: Option<&ChainRow>,
        link: &Link,
    ) -> Result<bool, RelayError> {
        let Some(chain) = chain else { return Ok(false) };
        let new = book.twin(chain.number, link.seq, &link.hash)?.is_none();
        if new {
            let n = book.log(context.now, &LogRow::Twin(chain.doc, chain.actor, link.seq, link.hash))?;
            let row = TwinRow { n, value: Bytes(link.value.clone()), envelope: context.envelope };
            book.put_twin(chain.number, link.seq, &link.hash, &row)?;
        }
        Ok(new)
    }

    /// Stores the next link of a chain; the chain's row is the caller's to keep.
    #[expect(clippy::too_many_arguments, reason = "an entry's place has this many parts")]
    pub(super) fn store_entry(
        &self,
        book: &mut Book<'_>,
        device: LogNo,
        actor: crate::ids::ActorId,
        doc: DocId,
        chain: &mut Option<ChainRow>,
        salt: crate::documents::chain::Salt,
        link: Link,
        context: &EntryContext<'_>,
    ) -> Result<LogNo, RelayError> {
        let n = book.log(context.now, &LogRow::Entry(doc, actor, link.seq, link.hash))?;
        let map = cbor::decode_map(&link.value).unwrap_or_default();
        let reading = records::reading_of(&map).unwrap_or_default();
        let row = chain.get_or_insert_with(|| ChainRow {
            number: n,
            doc,
            device,
            actor,
            seq: 0,
            hash: link.hash,
            salt: Bytes(salt.0.to_vec()),
            session: reading.session,
            floor: i64::MIN,
        });
        let first = row.seq == 0;
        row.seq = link.seq;
        row.hash = link.hash;
        row.session = row.session.max(reading.session);
        let number = row.number;
        if first {
            book.add_chain(row)?;
        }
        let entry = EntryRow {
            chain: number,
            seq: link.seq,
            hash: link.hash,
            value: Some(Bytes(link.value)),
            envelope: context.envelope,
            flag: UNJUDGED,
            earliest: 0,
            latest: 0,
            judged: 0,
            label: 0,
            revision: 0,
            kind: records::kind_of(&map).unwrap_or(0),
            doc,
            recovered_by: context.recovered_by,
            push: context.push,
            floor: context.floor,
        };
        let entry = placed(row, entry, context);
        book.add_entry(n, &entry)?;
        self.list_doc(book, doc, n)?;
        Ok(n)
    }

    /// Stores what a desk wrote.
    pub(super) fn store_desk(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        device: &DeviceRow,
        envelope: EnvelopeHash,
        links: Vec<(DocId, crate::documents::chain::Salt, Link)>,
    ) -> Result<Vec<(LogNo, EntryRef)>, RelayError> {
        let actor = device.actor();
        let context = EntryContext {
            now,
            envelope: Some(envelope),
            push: device.last_n,
            floor: i64::MIN,
            recovered_by: None,
            placing: Placing::Relay,
        };
        let mut written = Vec::with_capacity(links.len());
        for (doc, salt, link) in links {
            let mut chain = book.chain_of(doc, actor)?;
            let reference = EntryRef::to(actor, link.seq, &link.hash);
            let n = self.store_entry(book, device.number, actor, doc, &mut chain, salt, link, &context)?;
            if let Some(chain) = chain {
                book.put_chain(&chain)?;
            }
            written.push((n, reference));
        }
        Ok(written)
    }

    fn missing_blobs(&self, book: &mut Book<'_>, value: &[u8]) -> Result<Vec<BlobHash>, RelayError> {
        let named = Entry::from_bytes(value).map_or(Vec::new(), |entry| entry.blobs);
        let mut missing = Vec::new();
        for hash in named {
            if book.blob(&hash)?.is_none() {
                missing.push(hash);
            }
        }
        Ok(missing)
    }

    /// Keeps a document's row and, at its first entry, lists it under its school, posting or county.
    fn list_doc(&self, book: &mut Book<'_>, doc: DocId, n: LogNo) -> Result<(), RelayError> {
        let known = book.doc(doc)?;
        let new = known.is_none();
        let row = known.unwrap_or(DocRow { last: n, notes: 0, opened: None, retired: None, host: None, owner: None });
        book.put_doc(doc, &DocRow { last: n, ..row })?;
        if new {
            book.relate(&doc.object, doc, 0)?;
            if let Some(posting) = doc.posting()
                && let Some(row) = book.posting(posting)?
            {
                book.relate(&row.school.0, doc, 0)?;
            }
        }
        Ok(())
    }

    /// Lists the duty documents of a posting under its school, once the posting is known.
    pub(super) fn list_duty(
        &self,
        book: &mut Book<'_>,
        posting: crate::ids::PostingId,
        school: SchoolId,
        since: LogNo,
    ) -> Result<(), RelayError> {
        for (doc, _) in book.docs_of(&posting.0)? {
            if doc.kind == DocKind::Duty {
                book.relate(&school.0, doc, since.0)?;
            }
        }
        Ok(())
    }

    fn mark(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        device: &mut DeviceRow,
        mark: Option<UtcMs>,
        push: &Push,
        envelope: EnvelopeHash,
    ) -> Result<bool, RelayError> {
        if mark != device.mark {
            device.mark = mark;
            device.mark_revision = book.next_revision()?;
        }
        if !push.nothing_unsent {
            return Ok(false);
        }
        device.mark_n = device.mark_n.max(push.n);
        let old = device.mark_logged.is_none_or(|logged| now.0.saturating_sub(logged.0) > MARK_EVERY);
        if old || device.entry_since_mark {
            book.log(now, &LogRow::Mark(device.number, envelope))?;
            device.mark_logged = Some(now);
            device.entry_since_mark = false;
            return Ok(true);
        }
        Ok(false)
    }
}

/// How the entries of one body come.
pub(super) struct EntryContext<'a> {
    pub now: UtcMs,
    pub envelope: Option<EnvelopeHash>,
    pub push: u64,
    /// Not before, seconds: an earlier push had signed that nothing was unsent.
    pub floor: i64,
    pub recovered_by: Option<crate::ids::PersonId>,
    pub placing: Placing<'a>,
}

//! What a device may read beyond its cursor. Entries come in the order of (effective, seq), effective being the larger of
//! the entry's and the grant's number, so that a document that was granted late arrives by itself and a cut page resumes in
//! the middle of it. Notes come in the order of their revisions.

use std::collections::{BTreeMap, BTreeSet};

use super::admission::is_confirmed;
use super::book::{Book, LogHead};
use super::rows::*;
use super::{Relay, RelayError};
use crate::documents::chain::to_wire;
use crate::ids::{DocId, DocKind, PersonId, PostingId, SchoolId};
use crate::records::{Entry, Role};
use crate::sync::ledger::Table;
use crate::sync::message::RetireReason;
use crate::sync::message::{
    AnswerBody, ChainIntro, ChainName, ChainRequest, ChainState, Cursor, DeviceNote, DownRun, KioskRow, LogNo,
    NoteChange, Push, Run, Scope, SmallBlob, Via,
};
use crate::sync::wire;
use crate::time::UtcMs;
use jiff::ToSpan;
use jiff::civil::Date;

/// The most entries of one page, whatever the phone asked for.
const MAX_ENTRIES: usize = 4096;
/// The most changed notes of one page.
const MAX_NOTES: usize = 2048;
/// The smallest and largest page that is made, bytes of values.
const PAGE: (u32, u32) = (4 * 1024, 512 * 1024);

/// What a device may read: documents with the number since which it may, and whose devices its cells wait for.
#[derive(Default)]
struct Readable {
    docs: BTreeMap<DocId, u64>,
    /// Persons, and schools for their kiosks, with the number since which their devices are shown.
    objects: BTreeMap<[u8; 8], u64>,
    /// Schools whose rows are kept, and the person itself.
    rows: BTreeMap<[u8; 8], u64>,
}

impl Readable {
    fn doc(&mut self, doc: DocId, since: u64) {
        let known = self.docs.entry(doc).or_insert(since);
        *known = since.min(*known);
    }

    fn least(map: &mut BTreeMap<[u8; 8], u64>, object: [u8; 8], since: u64) {
        let known = map.entry(object).or_insert(since);
        *known = since.min(*known);
    }
}

/// Since when a grant lets its person read what lies in its days; `None` if it doesn't today. While a person holds a role in a
/// scope, what they held there before is read on: a principal of many years reads all of them.
fn reads_since(grants: &[GrantRow], grant: &GrantRow, today: Date) -> Option<LogNo> {
    let since = grant.since?;
    if grant.is_due(today) {
        return Some(since);
    }
    let now = || grants.iter().filter(|now| now.is_due(today) && now.since.is_some() && now.same_scope(grant));
    let before = |of: &GrantRow| of.continues.and_then(|number| grants.iter().find(|held| held.number == number));
    if now().any(|now| std::iter::successors(before(now), |held| before(held)).any(|held| held.number == grant.number))
    {
        return Some(since);
    }
    // Between the two an answer passed over what came then: all of it is read again.
    now().filter_map(|now| now.since).min().map(|first| since.max(first))
}

impl Relay {
    #[expect(clippy::too_many_arguments, reason = "the parts of one answer")]
    pub(super) fn pull(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        device: &DeviceRow,
        push: &Push,
        rewound: bool,
        own: &BTreeSet<LogNo>,
        body: &mut AnswerBody,
    ) -> Result<(), RelayError> {
        let head = book.head()?;
        let start = if rewound { Cursor::default() } else { push.cursor };
        let today = now.secs().date();
        let readable = self.readable(book, device, today)?;
        let page = push.page.clamp(PAGE.0, PAGE.1) as usize;
        let reached = self.page(book, &readable, &start, page, own, &head, body)?;
        for request in &push.again {
            self.again(book, &readable, request, body)?;
        }
        self.notes(book, &readable, &start, &reached, &head, body)?;
        self.kept_rows(book, &readable, &start, &reached, body)?;
        if let Some(have) = push.have
            && !body.more
            && !rewound
            && body.runs.is_empty()
        {
            body.hole = have != self.fingerprint(book, &readable)?;
        }
        Ok(())
    }

    /// What this device may read today.
    fn readable(&self, book: &mut Book<'_>, device: &DeviceRow, today: Date) -> Result<Readable, RelayError> {
        let mut readable = Readable::default();
        // A lost phone may bring what it has, and so may one that a new key followed; neither reads any more.
        let lost = device.retired_why == Some(RetireReason::Lost);
        if lost || device.state == DeviceState::Closed {
            return Ok(readable);
        }
        let Some(person) = device.person else {
            if let Some(school) = device.school {
                readable.rows.insert(school.0, 0);
            }
            return Ok(readable);
        };
        Readable::least(&mut readable.objects, person.0, 0);
        readable.rows.insert(person.0, 0);
        if !is_confirmed(device.state) && device.state != DeviceState::Recovered {
            for (posting, row) in book.postings_of(&person.0)? {
                self.own_duty(book, posting, row.known.0, &mut readable)?;
            }
            return Ok(readable);
        }
        for (doc, _) in book.docs_of(&self.county().0)? {
            readable.doc(doc, 0);
        }
        for (doc, since) in book.docs_of(&person.0)? {
            readable.doc(doc, since);
        }
        let grants: Vec<GrantRow> =
            book.grants_of(person)?.into_iter().filter(|grant| grant.revoked.is_none()).collect();
        for grant in &grants {
            let reads = reads_since(&grants, grant, today);
            let active = reads.is_some();
            let since = reads.unwrap_or(grant.number);
            match (grant.role, &grant.scope) {
                (Role::Staff, Scope::Posting(posting)) => {
                    let row = book.posting(*posting)?;
                    let known = row.as_ref().map_or(grant.number, |row| row.known.max(grant.number));
                    self.own_duty(book, *posting, known.0, &mut readable)?;
                    if let Some(row) = row.filter(|_| active) {
                        let since = since.max(row.known);
                        self.of_school(book, row.school, grant, since, &mut readable, &|kind| {
                            matches!(kind, DocKind::School | DocKind::Register)
                        })?;
                        Readable::least(&mut readable.objects, row.school.0, since.0);
                    }
                }
                (Role::Principal | Role::Deputy, Scope::School(school)) if active => {
                    self.of_school(book, *school, grant, since, &mut readable, &|_| true)?;
                    Readable::least(&mut readable.objects, school.0, since.0);
                    Readable::least(&mut readable.rows, school.0, since.0);
                    for (_, row) in book.postings_of(&school.0)? {
                        let since = since.max(row.known);
                        Readable::least(&mut readable.objects, row.person.0, since.0);
                    }
                }
                (Role::CoordinatorEnrolment, Scope::School(school)) if active => {
                    let office = |kind| kind == DocKind::OfficeEnrolment;
                    self.of_school(book, *school, grant, since, &mut readable, &office)?;
                }
                (Role::CoordinatorFees, Scope::School(school)) if active => {
                    let office = |kind| kind == DocKind::OfficeFees;
                    self.of_school(book, *school, grant, since, &mut readable, &office)?;
                }
                _ => {}
            }
        }
        if let Some(confirmed) = device.confirmed {
            self.since_confirmed(book, person, confirmed, &mut readable)?;
        }
        Ok(readable)
    }

    /// Before it was confirmed a device read its own duty only.
    fn since_confirmed(
        &self,
        book: &mut Book<'_>,
        person: PersonId,
        confirmed: LogNo,
        readable: &mut Readable,
    ) -> Result<(), RelayError> {
        let mut own = BTreeSet::new();
        for (posting, _) in book.postings_of(&person.0)? {
            own.extend(book.docs_of(&posting.0)?.into_iter().map(|(doc, _)| doc));
        }
        let docs = readable.docs.iter_mut().filter(|(doc, _)| !own.contains(doc)).map(|(_, since)| since);
        let mine = [person.0];
        let objects = readable.objects.iter_mut().chain(&mut readable.rows);
        let objects = objects.filter(|(object, _)| !mine.contains(object)).map(|(_, since)| since);
        docs.chain(objects).for_each(|since| *since = confirmed.0.max(*since));
        Ok(())
    }

    /// One's own duty is read for ever.
    fn own_duty(
        &self,
        book: &mut Book<'_>,
        posting: PostingId,
        since: u64,
        readable: &mut Readable,
    ) -> Result<(), RelayError> {
        for (doc, _) in book.docs_of(&posting.0)? {
            readable.doc(doc, since);
        }
        Ok(())
    }

    /// The documents of a school whose period touches the grant's days; of its own documents the earlier ones as well, since
    /// what a school year leaves out of the profile is as the year before said it.
    fn of_school(
        &self,
        book: &mut Book<'_>,
        school: SchoolId,
        grant: &GrantRow,
        since: LogNo,
        readable: &mut Readable,
        wanted: &dyn Fn(DocKind) -> bool,
    ) -> Result<(), RelayError> {
        for (doc, listed) in book.docs_of(&school.0)? {
            let (first, last) = doc.label.days();
            let begun = grant.from <= last || doc.kind == DocKind::School;
            let touches = begun && grant.to.is_none_or(|to| first <= to);
            if wanted(doc.kind) && touches {
                readable.doc(doc, listed.max(since.0));
            }
        }
        Ok(())
    }

    /// Fills a page of entries; gives the cursor that it reaches.
    #[expect(clippy::too_many_arguments, reason = "the parts of one page")]
    fn page(
        &self,
        book: &mut Book<'_>,
        readable: &Readable,
        start: &Cursor,
        page: usize,
        own: &BTreeSet<LogNo>,
        head: &LogHead,
        body: &mut AnswerBody,
    ) -> Result<Cursor, RelayError> {
        let mut waiting: Vec<(u64, u64)> = Vec::new();
        for (doc, since) in &readable.docs {
            let after = match since.cmp(&start.effective) {
                std::cmp::Ordering::Greater => 0,
                std::cmp::Ordering::Equal => start.seq,
                std::cmp::Ordering::Less => start.effective,
            };
            if book.doc(*doc)?.is_none_or(|row| row.last.0 <= after || row.retired == Some(true)) {
                continue;
            }
            let numbers = book.entries_in(*doc, after, MAX_ENTRIES + 1)?;
            waiting.extend(numbers.into_iter().map(|n| (n.0.max(*since), n.0)));
        }
        waiting.sort_unstable();
        let mut used = 0;
        let mut taken = 0;
        let mut runs: BTreeMap<LogNo, DownRun> = BTreeMap::new();
        let mut at = (start.effective, start.seq);
        let mut blobs = Vec::new();
        let total = waiting.len();
        for (effective, n) in waiting {
            if used >= page || taken >= MAX_ENTRIES {
                break;
            }
            taken += 1;
            at = (effective, n);
            if own.contains(&LogNo(n)) {
                continue;
            }
            let Some(row) = book.entry(LogNo(n))? else { continue };
            used += self.add_entry(book, &row, &mut runs, body)?;
            blobs.push((row.doc, row.value));
        }
        body.runs = runs.into_values().collect();
        for (doc, value) in blobs {
            self.add_blobs(book, doc, value.as_ref().map_or(&[], |v| &v.0), body)?;
        }
        body.more = taken < total;
        let (effective, seq) = if body.more { at } else { (head.n.0, head.n.0) };
        let l = book.l(LogNo(effective))?.unwrap_or(head.l).short();
        let reached = Cursor { effective, seq, head: l, notes: start.notes };
        body.cursor = reached;
        Ok(reached)
    }

    /// Adds an entry to the run of its chain, and introduces the chain with its first entry; gives the bytes it takes.
    fn add_entry(
        &self,
        book: &mut Book<'_>,
        row: &EntryRow,
        runs: &mut BTreeMap<LogNo, DownRun>,
        body: &mut AnswerBody,
    ) -> Result<usize, RelayError> {
        let Some(value) = &row.value else { return Ok(0) };
        let wire = to_wire(row.seq, &value.0).unwrap_or_else(|_| value.0.clone());
        let length = wire.len() + 8;
        let run = runs.entry(row.chain).or_insert_with(|| DownRun {
            run: Run { chain: ChainName::Number(row.chain), first: row.seq, tip: [0; 8], values: Vec::new() },
            notes: Vec::new(),
        });
        run.run.values.push(wire);
        run.run.tip = row.hash.short();
        run.notes.push(row.note());
        if row.seq == 1
            && let Some(chain) = book.chain(row.chain)?
        {
            let device = book.device(chain.device)?;
            body.intros.push(ChainIntro {
                number: row.chain,
                doc: row.doc,
                actor: chain.actor,
                person: device.as_ref().and_then(|d| d.person),
                via: device.map_or(Via::Phone, |d| d.via),
            });
        }
        Ok(length)
    }

    fn add_blobs(
        &self,
        book: &mut Book<'_>,
        doc: DocId,
        value: &[u8],
        body: &mut AnswerBody,
    ) -> Result<(), RelayError> {
        let named = Entry::from_bytes(value).map_or(Vec::new(), |entry| entry.blobs);
        for hash in named {
            let row = book.blob(&hash)?.filter(|row| row.doc == doc);
            if let Some(bytes) = row.and_then(|row| row.bytes) {
                body.blobs.push(SmallBlob { doc, bytes: bytes.0 });
            }
        }
        Ok(())
    }

    /// Sends a chain again, whose copy the phone dropped.
    fn again(
        &self,
        book: &mut Book<'_>,
        readable: &Readable,
        request: &ChainRequest,
        body: &mut AnswerBody,
    ) -> Result<(), RelayError> {
        let chain = match request.chain {
            ChainName::Number(number) => book.chain(number)?,
            ChainName::Name(doc, actor) => book.chain_of(doc, actor)?,
        };
        let Some(chain) = chain.filter(|chain| readable.docs.contains_key(&chain.doc)) else { return Ok(()) };
        body.runs.retain(|run| run.run.chain != ChainName::Number(chain.number));
        let mut runs = BTreeMap::new();
        let last = chain.seq.min(request.after + MAX_ENTRIES as u64);
        for seq in request.after + 1..=last {
            if let Some(n) = book.entry_no(chain.number, seq)?
                && let Some(row) = book.entry(n)?
            {
                self.add_entry(book, &row, &mut runs, body)?;
            }
        }
        body.intros.dedup();
        body.runs.extend(runs.into_values());
        Ok(())
    }

    /// Notes, devices and marks that changed since the phone's revision.
    fn notes(
        &self,
        book: &mut Book<'_>,
        readable: &Readable,
        start: &Cursor,
        reached: &Cursor,
        head: &LogHead,
        body: &mut AnswerBody,
    ) -> Result<(), RelayError> {
        let mut changed: Vec<(u64, LogNo)> = Vec::new();
        for doc in readable.docs.keys() {
            if book.doc(*doc)?.is_some_and(|row| row.notes > start.notes) {
                let prefix = doc.to_bytes();
                let from = [&prefix[..], &be(start.notes + 1)].concat();
                let end = super::book::after(&prefix);
                let rows = book.ledger.scan(Table::NoteChange, &from, &end, MAX_NOTES + 1, false)?;
                changed.extend(rows.iter().map(|(key, n)| (tail(key), LogNo(tail(n)))));
            }
        }
        changed.sort_unstable();
        let cut = changed.len() > MAX_NOTES;
        changed.truncate(MAX_NOTES);
        let through = if cut { changed.last().map_or(head.notes, |(revision, _)| *revision) } else { head.notes };
        body.more |= cut;
        for (_, n) in changed {
            let Some(row) = book.entry(n)? else { continue };
            let since = readable.docs.get(&row.doc).copied().unwrap_or(0);
            let fresh = body.runs.iter().any(|run| {
                let first = run.run.first;
                run.run.chain == ChainName::Number(row.chain)
                    && (first..first + run.run.values.len() as u64).contains(&row.seq)
            });
            if !fresh && (since.max(n.0), n.0) <= (reached.effective, reached.seq) {
                body.notes.push(NoteChange { chain: row.chain, seq: row.seq, note: row.note() });
            }
        }
        for (object, since) in &readable.objects {
            let newly = *since > start.effective && *since <= reached.effective;
            for device in book.devices_of(object)? {
                if device.via == Via::Desk {
                    continue;
                }
                let mark = device.mark.map(|mark| mark.secs().0);
                if newly || device.revision > start.notes && device.revision <= through {
                    body.devices.push(device_note(&device, mark));
                } else if let Some(mark) = mark
                    && device.mark_revision > start.notes
                    && device.mark_revision <= through
                {
                    body.marks.push((device.number, mark));
                }
            }
        }
        body.marks.sort_unstable();
        body.marks.dedup();
        body.cursor.notes = through;
        Ok(())
    }

    /// Signed rows between the old cursor and the new one, for the phone to keep.
    fn kept_rows(
        &self,
        book: &mut Book<'_>,
        readable: &Readable,
        start: &Cursor,
        reached: &Cursor,
        body: &mut AnswerBody,
    ) -> Result<(), RelayError> {
        for (object, since) in &readable.rows {
            let newly = *since > start.effective && *since <= reached.effective;
            let from = if newly { 0 } else { start.effective };
            let first = [&object[..], &be(from + 1)].concat();
            let last = [&object[..], &be(reached.effective + 1)].concat();
            for (_, row) in book.ledger.scan(Table::Row, &first, &last, MAX_ENTRIES, false)? {
                let row = wire::decode_signed_row(&row)
                    .map_err(|e| RelayError::Ledger(crate::sync::ledger::LedgerError::Corrupt(e.to_string())))?;
                if !body.rows.contains(&row) {
                    body.rows.push(row);
                }
            }
        }
        Ok(())
    }

    /// Who may check in at a kiosk today: everybody, if anything of them changed after `notes`, or somebody's posting began
    /// or ended since the kiosk was last `seen`. One day more is looked back, since that answer may have been lost.
    pub(super) fn kiosk_rows(
        &self,
        book: &mut Book<'_>,
        device: &DeviceRow,
        seen: Option<UtcMs>,
        today: Date,
        notes: u64,
        body: &mut AnswerBody,
    ) -> Result<(), RelayError> {
        let Some(school) = device.school.filter(|_| device.via == Via::Kiosk) else { return Ok(()) };
        let postings = book.postings_of(&school.0)?;
        let listed = |row: &PostingRow, day: Date| row.from <= day && row.to.is_none_or(|to| day <= to);
        let before = seen.map_or(today, |seen| seen.secs().date().saturating_sub(1.day()));
        let moved = |row: &PostingRow| listed(row, before) != listed(row, today);
        if !postings.iter().any(|(_, row)| row.revision > notes || moved(row)) {
            return Ok(());
        }
        let actor = device.actor();
        for (posting, row) in postings {
            if listed(&row, today) {
                let pin = row.pins.0.chunks_exact(64).find(|pin| pin[..16] == actor.0);
                let verifier = pin.map_or(Vec::new(), |pin| pin[16..].to_vec());
                body.kiosk.push(KioskRow { posting, name: row.name, verifier });
            }
        }
        Ok(())
    }

    /// 8 bytes over the sorted (document, actor, seq, tip) of all that the device may read.
    fn fingerprint(&self, book: &mut Book<'_>, readable: &Readable) -> Result<[u8; 8], RelayError> {
        let mut chains = Vec::new();
        for doc in readable.docs.keys() {
            for chain in book.chains_in(*doc)? {
                chains.push((chain.doc, chain.actor, chain.seq, chain.hash));
            }
        }
        Ok(crate::sync::message::fingerprint(&mut chains))
    }

    /// The chains that a device may read, for a phone that starts over after this relay went back. Of the device's own, what
    /// another's phone brought back doesn't stand here: it comes again, signed by its author.
    pub(super) fn states(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        device: &DeviceRow,
    ) -> Result<Vec<ChainState>, RelayError> {
        let readable = self.readable(book, device, now.secs().date())?;
        let mut states = Vec::new();
        for doc in readable.docs.keys() {
            for chain in book.chains_in(*doc)?.into_iter().filter(|chain| chain.actor != device.actor()) {
                let (doc, actor, seq) = (chain.doc, chain.actor, chain.seq);
                states.push(ChainState { doc, actor, seq, tip: chain.hash.short() });
            }
        }
        for chain in book.chains_by(device.number)? {
            states.extend(self.signed_state(book, &chain)?);
        }
        Ok(states)
    }

    /// How far a chain is signed by its author; `None` if it isn't at all.
    fn signed_state(&self, book: &mut Book<'_>, chain: &ChainRow) -> Result<Option<ChainState>, RelayError> {
        for seq in (1..=chain.seq).rev() {
            let Some(n) = book.entry_no(chain.number, seq)? else { continue };
            let Some(entry) = book.entry(n)?.filter(|entry| entry.envelope.is_some()) else { continue };
            return Ok(Some(ChainState { doc: chain.doc, actor: chain.actor, seq, tip: entry.hash.short() }));
        }
        Ok(None)
    }

    /// Whether a person may read a document today, and so its blobs.
    ///
    /// # Errors
    /// When the store fails.
    pub fn may_read(
        &self,
        ledger: &mut dyn crate::sync::ledger::Ledger,
        now: UtcMs,
        device: &DeviceRow,
        doc: DocId,
    ) -> Result<bool, RelayError> {
        let mut book = Book::new(self.county(), ledger);
        let readable = self.readable(&mut book, device, now.secs().date())?;
        let own = book.chain_of(doc, device.actor())?.is_some();
        Ok(own || readable.docs.contains_key(&doc))
    }

    /// The postings that a person holds on a day.
    ///
    /// # Errors
    /// When the store fails.
    pub fn postings(
        &self,
        ledger: &mut dyn crate::sync::ledger::Ledger,
        person: PersonId,
        day: Date,
    ) -> Result<Vec<(PostingId, PostingRow)>, RelayError> {
        let held = Book::new(self.county(), ledger).postings_of(&person.0)?;
        Ok(held.into_iter().filter(|(_, row)| row.from <= day && row.to.is_none_or(|to| day <= to)).collect())
    }
}

fn device_note(device: &DeviceRow, mark: Option<i64>) -> DeviceNote {
    DeviceNote {
        number: device.number,
        actor: device.actor(),
        person: device.person,
        via: device.via,
        school: device.school.filter(|_| device.via == Via::Kiosk),
        since: device.since,
        mark,
        retired: device.retired.zip(device.retired_why),
        revoked: device.revoked,
    }
}

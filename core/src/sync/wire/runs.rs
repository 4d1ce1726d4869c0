//! Runs of entries and what stands beside them: names of documents, devices and chains, notes.
//!
//! - A **run** is: its chain, seq of the first value and count of values as differences in their columns, the 8 bytes of the
//!   tip, then the values. In an answer a bit (1) stands before the values, and each value is followed by its note.
//! - A **chain** is a bit, whether it is named; then its document and device, or its number as a difference in a column that
//!   all chain numbers of the message share.
//! - A **document** is the byte of its kind, its object (an id) and its label as a difference; a **device** is an id; a
//!   **writer** a bit whether it has a person, the person's id, and 0 phone, 1 kiosk, 2 desk. Ids are said once, see
//!   `values`.
//! - The **clock** that the first entry of a run is expected near is the push's own reading for own runs; else that of the
//!   first entry of the run before, as another device's (all zero for the first run).

use super::coder::{Coder, Fault, Prob};
use super::model::{Column, Number, choice, list, option};
use super::values::{Clock, Values};
use crate::ids::{ActorId, DocId, DocKind, Label, PersonId};
use crate::sync::message::{ChainName, Cursor, DownRun, EntryNote, FlagReason, LogNo, Run, SmallBlob, Via};

pub(super) const NO_ACTOR: ActorId = ActorId([0; 16]);

/// What a reader fills when a document follows.
pub(super) fn no_doc() -> DocId {
    DocId { kind: DocKind::County, object: [0; 8], label: Label::year_of(jiff::civil::Date::ZERO) }
}

pub(super) fn no_run() -> Run {
    Run { chain: ChainName::Number(LogNo(0)), first: 0, tip: [0; 8], values: Vec::new() }
}

pub(super) const NO_NOTE: EntryNote = EntryNote { flag: None, earliest: 0, latest: 0, label: 0 };

/// Documents, devices and people by their ids: what was said once in a message is named afterwards.
pub(super) struct Names {
    kind: Number,
    object: Number,
    label: Column,
    actor: Number,
    has_person: Prob,
    person: Number,
    via: Number,
}

impl Names {
    pub(super) fn new() -> Self {
        Names {
            kind: Number::new(),
            object: Number::new(),
            label: Column::new(),
            actor: Number::new(),
            has_person: Prob::new(),
            person: Number::new(),
            via: Number::new(),
        }
    }

    /// A document: the byte of its kind, its object, its label as a difference.
    pub(super) fn doc(&mut self, c: &mut Coder<'_>, values: &mut Values, doc: &mut DocId) -> Result<(), Fault> {
        let mut kind = u64::from(doc.kind.byte());
        self.kind.uint(c, &mut kind)?;
        values.id(c, &mut self.object, &mut doc.object)?;
        let mut label = u64::from(doc.label.to_u16());
        self.label.uint(c, &mut label)?;
        if c.reads() {
            let mut bytes = doc.to_bytes();
            let unknown = || Fault::new("no document has such an id");
            bytes[0] = u8::try_from(kind).map_err(|_| unknown())?;
            bytes[9..].copy_from_slice(&u16::try_from(label).map_err(|_| unknown())?.to_be_bytes());
            *doc = DocId::from_bytes(&bytes).ok_or_else(unknown)?;
        }
        Ok(())
    }

    /// A device.
    pub(super) fn actor(&mut self, c: &mut Coder<'_>, values: &mut Values, actor: &mut ActorId) -> Result<(), Fault> {
        values.id(c, &mut self.actor, &mut actor.0)
    }

    /// Whose it is, and how it writes.
    pub(super) fn writer(
        &mut self,
        c: &mut Coder<'_>,
        values: &mut Values,
        person: &mut Option<PersonId>,
        via: &mut Via,
    ) -> Result<(), Fault> {
        option(c, &mut self.has_person, person, PersonId([0; 8]), |c, id| values.id(c, &mut self.person, &mut id.0))?;
        choice(c, &mut self.via, &[Via::Phone, Via::Kiosk, Via::Desk], via)
    }
}

/// Numbers of chains, or their names.
pub(super) struct Chains {
    named: Prob,
    number: Column,
}

impl Chains {
    pub(super) fn new() -> Self {
        Chains { named: Prob::new(), number: Column::new() }
    }

    pub(super) fn number(&mut self, c: &mut Coder<'_>, number: &mut LogNo) -> Result<(), Fault> {
        self.number.uint(c, &mut number.0)
    }

    pub(super) fn chain(
        &mut self,
        c: &mut Coder<'_>,
        names: &mut Names,
        values: &mut Values,
        chain: &mut ChainName,
    ) -> Result<(), Fault> {
        let mut named = matches!(chain, ChainName::Name(..));
        c.bit(&mut self.named, &mut named)?;
        match (named, &mut *chain) {
            (true, ChainName::Number(_)) => *chain = ChainName::Name(no_doc(), NO_ACTOR),
            (false, ChainName::Name(..)) => *chain = ChainName::Number(LogNo(0)),
            _ => {}
        }
        match chain {
            ChainName::Number(number) => self.number(c, number),
            ChainName::Name(doc, actor) => {
                names.doc(c, values, doc)?;
                names.actor(c, values, actor)
            }
        }
    }
}

/// The models of runs and notes.
pub(super) struct Runs {
    pub(super) names: Names,
    pub(super) chains: Chains,
    pub(super) values: Values,
    first: Column,
    count: Column,
    notes: Notes,
}

impl Runs {
    pub(super) fn new() -> Self {
        Runs {
            names: Names::new(),
            chains: Chains::new(),
            values: Values::new(),
            first: Column::new(),
            count: Column::new(),
            notes: Notes::new(),
        }
    }

    /// A run of a push. `clock` is what its first entry is expected near, and afterwards that entry's reading.
    pub(super) fn up(&mut self, c: &mut Coder<'_>, run: &mut Run, clock: &mut Clock) -> Result<(), Fault> {
        let count = self.head(c, run)?;
        let mut now = *clock;
        self.each(c, run, count, |runs, c, value, i| {
            runs.values.entry(c, value, &mut now, i == 0)?;
            if i == 0 {
                *clock = now;
            }
            Ok(())
        })
    }

    /// A run of an answer: as [`Runs::up`], and a note behind each entry.
    pub(super) fn down(&mut self, c: &mut Coder<'_>, down: &mut DownRun, clock: &mut Clock) -> Result<(), Fault> {
        let DownRun { run, notes } = down;
        let count = self.head(c, run)?;
        let mut paired = notes.len() == run.values.len();
        c.bit(&mut self.notes.paired, &mut paired)?;
        if !paired {
            return if c.reads() { Err(Fault::new("its entries and notes are not paired")) } else { Ok(()) };
        }
        let mut now = *clock;
        self.each(c, run, count, |runs, c, value, i| {
            runs.values.entry(c, value, &mut now, i == 0)?;
            if i == 0 {
                *clock = now;
            }
            if c.reads() {
                notes.push(NO_NOTE);
            }
            runs.notes.note(c, &mut notes[i], now.wall, i == 0)
        })
    }

    /// A note of an entry that was sent before.
    pub(super) fn change(&mut self, c: &mut Coder<'_>, note: &mut EntryNote) -> Result<(), Fault> {
        self.notes.note(c, note, 0, true)
    }

    /// All of a run but its values; gives their count.
    fn head(&mut self, c: &mut Coder<'_>, run: &mut Run) -> Result<u64, Fault> {
        self.chains.chain(c, &mut self.names, &mut self.values, &mut run.chain)?;
        self.first.uint(c, &mut run.first)?;
        let mut count = run.values.len() as u64;
        self.count.uint(c, &mut count)?;
        if run.first == 0 || run.first.checked_add(count).is_none() {
            return if c.reads() { Err(Fault::new("entries are numbered from 1, in 64 bits")) } else { Ok(count) };
        }
        c.raw(&mut run.tip)?;
        Ok(count)
    }

    fn each(
        &mut self,
        c: &mut Coder<'_>,
        run: &mut Run,
        count: u64,
        mut each: impl FnMut(&mut Runs, &mut Coder<'_>, &mut Vec<u8>, usize) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        for i in 0..usize::try_from(count).map_err(|_| Fault::TooLarge)? {
            if c.reads() {
                c.charge(size_of::<Vec<u8>>() + size_of::<EntryNote>())?;
                run.values.push(Vec::new());
            }
            each(self, c, &mut run.values[i], i).map_err(|fault| fault.within("value", i))?;
        }
        Ok(())
    }
}

/// Notes: flag and clock label as differences; *earliest* as its distance from the entry's wall seconds, that distance
/// against the one of the note before; *latest* as the width, against the width before.
struct Notes {
    paired: Prob,
    flag: Column,
    label: Column,
    offset: i64,
    width: i64,
    offsets: [Number; 2],
    widths: [Number; 2],
}

impl Notes {
    fn new() -> Self {
        Notes {
            paired: Prob::new(),
            flag: Column::new(),
            label: Column::new(),
            offset: 0,
            width: 0,
            offsets: [Number::new(), Number::new()],
            widths: [Number::new(), Number::new()],
        }
    }

    fn note(&mut self, c: &mut Coder<'_>, note: &mut EntryNote, wall: i64, first: bool) -> Result<(), Fault> {
        let mut flag = note.flag.map_or(0, |flag| i64::from(flag as u8));
        self.flag.int(c, &mut flag)?;
        let mut label = i64::from(note.label);
        self.label.int(c, &mut label)?;
        let mut offset = note.earliest.wrapping_sub(wall);
        self.offsets[usize::from(!first)].near(c, &mut offset, self.offset)?;
        let mut width = note.latest.wrapping_sub(note.earliest);
        self.widths[usize::from(!first)].near(c, &mut width, self.width)?;
        (self.offset, self.width) = (offset, width);
        if c.reads() {
            let byte = |n: i64| u8::try_from(n).map_err(|_| Fault::new("a flag or clock label of more than 8 bits"));
            note.flag = match byte(flag)? {
                0 => None,
                n => Some(FlagReason::from_u8(n).ok_or(Fault::new("a flag that this version doesn't know"))?),
            };
            note.label = byte(label)?;
            note.earliest = wall.wrapping_add(offset);
            note.latest = note.earliest.wrapping_add(width);
        }
        Ok(())
    }
}

/// What a cursor costs.
pub(super) struct Cursors {
    effective: Number,
    behind: Number,
    notes: Number,
}

impl Cursors {
    pub(super) fn new() -> Self {
        Cursors { effective: Number::new(), behind: Number::new(), notes: Number::new() }
    }

    /// Effective, how far seq lies behind it, the 8 bytes of L, the notes' revision.
    pub(super) fn cursor(&mut self, c: &mut Coder<'_>, cursor: &mut Cursor) -> Result<(), Fault> {
        self.effective.uint(c, &mut cursor.effective)?;
        self.behind.unear(c, &mut cursor.seq, cursor.effective)?;
        c.raw(&mut cursor.head)?;
        self.notes.uint(c, &mut cursor.notes)
    }
}

/// A list of small blobs: the document that owns it, the length, the bytes in the bulk.
pub(super) fn blobs(
    c: &mut Coder<'_>,
    length: &mut Number,
    runs: &mut Runs,
    blobs: &mut Vec<SmallBlob>,
) -> Result<(), Fault> {
    let mut bytes = Number::new();
    let empty = || SmallBlob { doc: no_doc(), bytes: Vec::new() };
    list(c, length, "blob", blobs, empty, |c, blob| {
        runs.names.doc(c, &mut runs.values, &mut blob.doc)?;
        block(c, &mut bytes, &mut blob.bytes)
    })
}

/// Bytes of the bulk with their length before them.
pub(super) fn block(c: &mut Coder<'_>, length: &mut Number, bytes: &mut Vec<u8>) -> Result<(), Fault> {
    let mut len = bytes.len() as u64;
    length.uint(c, &mut len)?;
    let len = usize::try_from(len).map_err(|_| Fault::TooLarge)?;
    c.charge(len)?;
    c.bulk(bytes, len)
}

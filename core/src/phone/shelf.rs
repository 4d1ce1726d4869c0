//! The documents that are open: folded once, kept until something in them changes. Only what is asked for is opened, so
//! starting costs what the current term costs, whatever lies in the years before.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::error::Result;
use super::home::Home;
use crate::cbor;
use crate::documents::county::County;
use crate::documents::duty::Duty;
use crate::documents::journal::{Author, Item, Journal, Standing};
use crate::documents::register::Register;
use crate::documents::school::School;
use crate::documents::visit::Visit;
use crate::evidence::{Placement, TimeLabel};
use crate::ids::{ActorId, DocId, DocKind, Label, SchoolId};
use crate::records::field::Scalar;
use crate::records::{Reading, key, reading_of};
use crate::review::CountyFacts;
use crate::sync::message::{DeviceNote, EntryNote, FlagReason, LogNo, Via};
use crate::sync::phone::state::{
    ChainRow, DeviceRow, PlacedRow, asked, chains, doc_key, document, label_prefix, parse, reaching, years,
};
use crate::sync::phone::{StoreError, Table, scan_prefix};
use crate::time::{UtcMs, UtcSecs};

/// The open documents.
#[derive(Default)]
pub(super) struct Shelf {
    journals: BTreeMap<DocId, Arc<Journal>>,
    duties: BTreeMap<DocId, Arc<Duty>>,
    registers: BTreeMap<DocId, Arc<Register>>,
    schools: BTreeMap<DocId, Arc<School>>,
    county: Option<Arc<CountyFacts>>,
    by_label: BTreeMap<Label, Arc<Vec<DocId>>>,
    years: Option<Arc<Vec<Label>>>,
    reaching: BTreeMap<Label, Arc<Vec<DocId>>>,
    /// What a cell needs of a school, by the day's school year and term.
    around: BTreeMap<(SchoolId, Label, Label), Arc<Around>>,
    devices: Option<Arc<Vec<DeviceNote>>>,
}

/// The views of a school that its cells are judged by.
pub(super) struct Around {
    /// Its documents, oldest school year first.
    pub schools: Vec<School>,
    /// Its register of the term.
    pub registers: Vec<Register>,
}

impl Shelf {
    /// Forgets a document that changed.
    pub fn forget(&mut self, doc: DocId) {
        self.journals.remove(&doc);
        self.duties.remove(&doc);
        self.registers.remove(&doc);
        self.schools.remove(&doc);
        match doc.kind {
            DocKind::County => self.county = None,
            DocKind::School | DocKind::Register => self.around.clear(),
            DocKind::Duty => self.reaching.clear(),
            _ => {}
        }
        let listed = self.by_label.get(&doc.label).is_some_and(|docs| docs.contains(&doc));
        if !listed {
            self.by_label.remove(&doc.label);
            self.years = None;
        }
    }

    /// Forgets the devices.
    pub fn forget_people(&mut self) {
        self.devices = None;
    }
}

/// When an entry was made: by the relay's note, or by the phone's own clock where there is none yet.
pub(super) fn placement(note: Option<&EntryNote>, reading: &Reading) -> Placement {
    let Some(note) = note else { return Placement::by_phone(reading) };
    let label = TimeLabel::from_value(&cbor::Value::Int(i64::from(note.label))).unwrap_or(TimeLabel::Unverified);
    let (earliest, latest) = (note.earliest.min(note.latest), note.latest);
    Placement {
        earliest: UtcSecs(earliest).ms(),
        latest: UtcSecs(latest).ms(),
        judged: note.judged(reading.wall),
        phone: reading.wall,
        label,
    }
}

/// From this difference on, seconds, the phone's own clock is not believed about an entry that the relay hasn't placed yet.
const CLOCK_OFF: u64 = 60;

/// The last answer of the relay, and when it came by the clock that never stops: what tells the time of an own entry that the
/// relay hasn't placed yet, where the phone's wall clock is off.
#[derive(Clone, Copy)]
pub(super) struct LastAnswer {
    /// This device.
    pub actor: ActorId,
    /// The relay's clock.
    pub relay: UtcMs,
    /// The session in which it came.
    pub session: u32,
    /// Milliseconds since that session began.
    pub ms: u64,
}

impl LastAnswer {
    fn place(&self, actor: ActorId, reading: &Reading) -> Option<Placement> {
        if actor != self.actor || reading.session != self.session {
            return None;
        }
        let since = i64::try_from(reading.ms).ok()?.checked_sub(i64::try_from(self.ms).ok()?)?;
        let at = self.relay.plus(since).secs();
        let off = at.0.abs_diff(reading.wall.0) > CLOCK_OFF;
        off.then(|| Placement { judged: at, ..Placement::by_phone(reading) })
    }
}

fn item(placed: PlacedRow, author: Author, last: Option<LastAnswer>) -> Item {
    let lead = cbor::decode_lead(&placed.row.value, key::MS).unwrap_or_default();
    let reading = reading_of(&lead).unwrap_or_default();
    let note = placed.row.note;
    let own = last.filter(|_| note.is_none()).and_then(|last| last.place(placed.actor, &reading));
    Item {
        actor: placed.actor,
        author,
        seq: placed.seq,
        hash: placed.row.hash,
        placed: own.unwrap_or_else(|| placement(note.as_ref(), &reading)),
        standing: match note.and_then(|note| note.flag) {
            None => Standing::Counts,
            Some(FlagReason::Twin) => Standing::Twin,
            Some(reason) => Standing::Flagged(reason as u8),
        },
        value: placed.row.value,
    }
}

fn author(chains: &BTreeMap<ActorId, ChainRow>, actor: ActorId) -> Author {
    match chains.get(&actor) {
        Some(chain) => Author { person: chain.person, via: chain.via },
        None => Author { person: None, via: Via::Phone },
    }
}

impl Home {
    /// A document's entries.
    pub fn journal(&mut self, doc: DocId) -> Result<Arc<Journal>> {
        if let Some(journal) = self.shelf.journals.get(&doc) {
            return Ok(Arc::clone(journal));
        }
        let (rows, chains) = self.read(|rows| {
            let chains = chains(rows, &doc_key(doc))?;
            let chains: BTreeMap<_, _> = chains.into_iter().map(|(_, actor, row)| (actor, row)).collect();
            Ok((document(rows, doc)?, chains))
        })?;
        let last = self.last_answer()?;
        let mut journal = Journal::default();
        journal.extend(rows.into_iter().map(|row| {
            let author = author(&chains, row.actor);
            item(row, author, last)
        }));
        let journal = Arc::new(journal);
        self.shelf.journals.insert(doc, Arc::clone(&journal));
        Ok(journal)
    }

    /// A posting's duty of a term.
    pub fn duty(&mut self, doc: DocId) -> Result<Arc<Duty>> {
        if let Some(duty) = self.shelf.duties.get(&doc) {
            return Ok(Arc::clone(duty));
        }
        let duty = Arc::new(Duty::of(&self.journal(doc)?.fold()));
        self.shelf.duties.insert(doc, Arc::clone(&duty));
        Ok(duty)
    }

    /// A school's register of a term.
    pub fn register(&mut self, doc: DocId) -> Result<Arc<Register>> {
        if let Some(register) = self.shelf.registers.get(&doc) {
            return Ok(Arc::clone(register));
        }
        let register = Arc::new(Register::of(&self.journal(doc)?.fold()));
        self.shelf.registers.insert(doc, Arc::clone(&register));
        Ok(register)
    }

    /// A school's document of a school year.
    pub fn school(&mut self, doc: DocId) -> Result<Arc<School>> {
        if let Some(school) = self.shelf.schools.get(&doc) {
            return Ok(Arc::clone(school));
        }
        let school = Arc::new(School::of(&self.journal(doc)?.fold()));
        self.shelf.schools.insert(doc, Arc::clone(&school));
        Ok(school)
    }

    /// The views of a school that a day's cells are judged by.
    pub fn around(&mut self, school: SchoolId, date: Date) -> Result<Arc<Around>> {
        let key = (school, Label::year_of(date), Label::term_of(date));
        if let Some(around) = self.shelf.around.get(&key) {
            return Ok(Arc::clone(around));
        }
        let mut schools = Vec::new();
        for doc in self.school_docs()?.into_iter().filter(|doc| doc.school_id() == Some(school)) {
            schools.push(self.school(doc)?.as_ref().clone());
        }
        let registers = vec![self.register(DocId::register(school, date))?.as_ref().clone()];
        let around = Arc::new(Around { schools, registers });
        self.shelf.around.insert(key, Arc::clone(&around));
        Ok(around)
    }

    /// The documents of other terms with something that reaches into this one.
    pub fn reaching(&mut self, label: Label) -> Result<Arc<Vec<DocId>>> {
        if let Some(docs) = self.shelf.reaching.get(&label) {
            return Ok(Arc::clone(docs));
        }
        let docs = Arc::new(self.read(|rows| reaching(rows, label))?);
        self.shelf.reaching.insert(label, Arc::clone(&docs));
        Ok(docs)
    }

    /// The postings' documents of a term in which something was asked for.
    pub fn asked_in(&mut self, label: Label) -> Result<Vec<DocId>> {
        self.read(|rows| asked(rows, label))
    }

    /// The devices in scope, as the relay last told.
    pub fn devices(&mut self) -> Result<Arc<Vec<DeviceNote>>> {
        if let Some(devices) = &self.shelf.devices {
            return Ok(Arc::clone(devices));
        }
        let devices = self.read(|rows| {
            let mut devices = Vec::new();
            for (key, bytes) in scan_prefix(rows, Table::Device, &[])? {
                let row: DeviceRow = parse(Table::Device, &key, &bytes)?;
                let number = key[..].try_into().map(u64::from_be_bytes).unwrap_or_default();
                devices.push(row.note(LogNo(number)));
            }
            Ok::<_, StoreError>(devices)
        })?;
        let devices = Arc::new(devices);
        self.shelf.devices = Some(Arc::clone(&devices));
        Ok(devices)
    }

    /// A visit.
    pub fn visit(&mut self, doc: DocId) -> Result<Visit> {
        Ok(Visit::of(&self.journal(doc)?.fold()))
    }

    /// The documents here with this label.
    pub fn docs(&mut self, label: Label) -> Result<Arc<Vec<DocId>>> {
        if let Some(docs) = self.shelf.by_label.get(&label) {
            return Ok(Arc::clone(docs));
        }
        let found: Vec<DocId> = self.read(|rows| {
            let chains = chains(rows, &label_prefix(label))?;
            Ok::<_, StoreError>(chains.into_iter().map(|(doc, ..)| doc).collect())
        })?;
        let mut docs = found;
        docs.dedup();
        let docs = Arc::new(docs);
        self.shelf.by_label.insert(label, Arc::clone(&docs));
        Ok(docs)
    }

    /// The documents of a kind with this label.
    pub fn docs_of(&mut self, kind: DocKind, label: Label) -> Result<Vec<DocId>> {
        Ok(self.docs(label)?.iter().copied().filter(|doc| doc.kind == kind).collect())
    }

    /// The school years of which there are documents here, oldest first.
    pub fn years(&mut self) -> Result<Arc<Vec<Label>>> {
        if let Some(years) = &self.shelf.years {
            return Ok(Arc::clone(years));
        }
        let years = Arc::new(self.read(years)?);
        self.shelf.years = Some(Arc::clone(&years));
        Ok(years)
    }

    /// What the county says. As on the pages all its documents are read: what a year's document leaves out stays as it was.
    pub fn county(&mut self) -> Result<Arc<CountyFacts>> {
        if let Some(county) = &self.shelf.county {
            return Ok(Arc::clone(county));
        }
        let mut views = Vec::new();
        for year in self.years()?.iter() {
            for doc in self.docs_of(DocKind::County, *year)? {
                views.push((*year, County::of(&self.journal(doc)?.fold())));
            }
        }
        let county = Arc::new(CountyFacts::new(views));
        self.shelf.county = Some(Arc::clone(&county));
        Ok(county)
    }
}

//! A person's day and week, and a school's day, as this phone knows them. The verdict is that of the page, from the same
//! rules; it is provisional wherever something is missing that the page may have.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use super::error::Result;
use super::home::Home;
use super::people::MyPosting;
use crate::documents::duty::{CheckFact, CheckOrigin, Duty};
use crate::documents::fold::TAKE_BACK_MS;
use crate::documents::leave::LeaveFact;
use crate::evidence::TimeLabel;
use crate::ids::{DocId, PersonId, PostingId, SchoolId};
use crate::records::{Direction, EntryRef, Role};
use crate::review::{Cell, CellInput, cell};
use crate::sync::phone::{Delivery, Forge, Standing, delivery, standing};
use crate::time::UtcSecs;

/// An entry, and the document in which it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryAt {
    /// The document.
    pub doc: DocId,
    /// The entry.
    pub entry: EntryRef,
}

/// A check as the day shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckLine {
    /// The entry that says it.
    pub at: EntryAt,
    /// In or out.
    pub direction: Direction,
    /// The instant that counts.
    pub judged: UtcSecs,
    /// How far its time can be trusted; absent for a time that somebody stated.
    pub label: Option<TimeLabel>,
    /// How it came to be.
    pub origin: CheckOrigin,
    /// Where it stands; absent if another device wrote it.
    pub delivery: Option<Delivery>,
    /// It can still be taken back.
    pub may_void: bool,
    /// It stands beside another correction of the same checks.
    pub conflict: bool,
}

/// Why a verdict of this phone may differ from the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provisional {
    /// The county names a policy pack that this version doesn't have.
    Pack,
    /// The person has several postings on the day.
    Postings,
    /// Some of the person's devices have not reported, or this phone hasn't heard of it.
    Devices,
    /// Entries of this phone have not reached the relay.
    Unsent,
}

impl Provisional {
    /// The stable code: its text stands under `provisional-<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Provisional::Pack => "pack",
            Provisional::Postings => "postings",
            Provisional::Devices => "devices",
            Provisional::Unsent => "unsent",
        }
    }
}

/// One posting's day.
#[derive(Clone, Debug)]
pub struct PostingDay {
    /// The posting.
    pub posting: MyPosting,
    /// The verdict; absent as long as the county's document has not arrived.
    pub cell: Option<Cell>,
    /// Why the verdict is provisional; empty if it isn't.
    pub provisional: Vec<Provisional>,
    /// The day's checks, by time.
    pub checks: Vec<CheckLine>,
    /// Leave that touches the day.
    pub leaves: Vec<LeaveFact>,
}

/// What the first screen shows.
#[derive(Clone, Debug)]
pub struct Today {
    /// The date in Asia/Shanghai.
    pub date: Date,
    /// The instant by which it is judged.
    pub now: UtcSecs,
    /// By how many seconds the phone's wall clock is ahead of that; negative if behind. 0 as long as nothing better is known.
    pub clock_ahead: i64,
    /// The person's postings of the day.
    pub postings: Vec<PostingDay>,
    /// How many entries wait to be sent.
    pub unsent: u64,
    /// Whether the relay takes this phone's records.
    pub standing: Standing,
}

/// A colleague's day, for a principal.
#[derive(Clone, Debug)]
pub struct StaffDay {
    /// The posting.
    pub posting: PostingId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The verdict.
    pub cell: Option<Cell>,
}

impl Home {
    /// What is shown for today.
    pub fn today(&mut self) -> Result<Today> {
        let now = self.now()?;
        let date = now.date();
        let postings = self.postings(date)?;
        let mut days = Vec::with_capacity(postings.len());
        for posting in postings {
            days.push(self.posting_day(posting, date, now)?);
        }
        Ok(Today {
            date,
            now,
            clock_ahead: self.clocks().wall.0.saturating_sub(now.0),
            postings: days,
            unsent: self.unsent()?.entries,
            standing: self.read(standing)?,
        })
    }

    /// One posting's day.
    pub fn posting_day(&mut self, posting: MyPosting, date: Date, now: UtcSecs) -> Result<PostingDay> {
        let person = self.person()?;
        let duties = self.duties(posting.posting, date)?;
        let cell = self.cell(person, posting.posting, posting.school, date, now)?;
        let checks = self.check_lines(&duties, date)?;
        let start = crate::time::instant(date, jiff::civil::Time::midnight());
        let touches = |leave: &&LeaveFact| {
            let said = leave.newest.iter().map(|said| (said.value.from, said.value.to));
            said.chain(leave.pieces.iter().map(|p| (p.from, p.to)))
                .any(|(from, to)| from < start.plus(86_400) && start < to)
        };
        let leaves = duties.iter().flat_map(|(_, duty)| duty.leaves.iter().filter(touches).cloned()).collect();
        let provisional = self.provisional(&cell, date)?;
        Ok(PostingDay { posting, cell, provisional, checks, leaves })
    }

    /// The checks of a posting's day, by time.
    pub fn checks(&mut self, posting: PostingId, date: Date) -> Result<Vec<CheckLine>> {
        let duties = self.duties(posting, date)?;
        self.check_lines(&duties, date)
    }

    fn check_lines(&mut self, duties: &[(DocId, Arc<Duty>)], date: Date) -> Result<Vec<CheckLine>> {
        let mut checks = Vec::new();
        for (doc, duty) in duties {
            for fact in duty.checks_on(date) {
                checks.push(self.check_line(*doc, fact)?);
            }
        }
        checks.sort_by_key(|line| (line.judged, line.direction, line.at));
        Ok(checks)
    }

    fn provisional(&mut self, cell: &Option<Cell>, date: Date) -> Result<Vec<Provisional>> {
        let mut why = Vec::new();
        if cell.as_ref().is_some_and(|cell| cell.provisional) {
            why.push(Provisional::Pack);
        }
        if self.postings(date)?.len() > 1 {
            why.push(Provisional::Postings);
        }
        if cell.as_ref().is_some_and(|cell| !cell.waits.is_empty()) {
            why.push(Provisional::Devices);
        }
        if self.unsent()?.entries > 0 {
            why.push(Provisional::Unsent);
        }
        Ok(why)
    }

    /// The duty documents in which a day of a posting may stand: of the day's term, and those of other terms with a leave or
    /// flexible hours that reach into it.
    pub fn duties(&mut self, posting: PostingId, date: Date) -> Result<Vec<(DocId, Arc<Duty>)>> {
        let doc = DocId::duty(posting, date);
        let mut duties = vec![(doc, self.duty(doc)?)];
        for other in self.reaching(doc.label)?.iter().filter(|other| other.posting() == Some(posting)) {
            duties.push((*other, self.duty(*other)?));
        }
        Ok(duties)
    }

    /// The verdict of a posting's day; `None` as long as the county says too little.
    pub fn cell(
        &mut self,
        person: PersonId,
        posting: PostingId,
        school: SchoolId,
        date: Date,
        now: UtcSecs,
    ) -> Result<Option<Cell>> {
        let county = self.county()?;
        let duties = self.duties(posting, date)?;
        let mut others = Vec::new();
        if self.member()?.holder.person == Some(person) {
            for other in self.postings(date)?.into_iter().filter(|other| other.posting != posting) {
                others.extend(self.duties(other.posting, date)?);
            }
        }
        let around = self.around(school, date)?;
        let devices = self.device_facts(person, school, now)?;
        let duties: Vec<&Duty> = duties.iter().map(|(_, duty)| duty.as_ref()).collect();
        let others: Vec<&Duty> = others.iter().map(|(_, duty)| duty.as_ref()).collect();
        let input = CellInput {
            county: &county,
            schools: &around.schools,
            registers: &around.registers,
            school,
            posting,
            duties: &duties,
            others: &others,
            devices: &devices,
            now,
        };
        Ok(cell(&input, date))
    }

    /// One of the person's weeks: Monday to Sunday.
    pub fn week(&mut self, posting: &MyPosting, monday: Date) -> Result<Vec<PostingDay>> {
        let now = self.now()?;
        let mut days = Vec::with_capacity(7);
        for offset in 0..7 {
            let date = monday.checked_add(offset.days()).unwrap_or(monday);
            days.push(self.posting_day(posting.clone(), date, now)?);
        }
        Ok(days)
    }

    /// A school's day: every colleague of the roster, as far as their documents may be read here.
    pub fn school_day(&mut self, school: SchoolId, date: Date) -> Result<Vec<StaffDay>> {
        let now = self.now()?;
        let mut days = Vec::new();
        for colleague in self.colleagues(school, date)? {
            let row = colleague.row;
            let cell = self.cell(row.person, colleague.posting, school, date, now)?;
            days.push(StaffDay { posting: colleague.posting, name: row.name, role: row.role, cell });
        }
        Ok(days)
    }

    /// A check as it is shown.
    pub fn check_line(&mut self, doc: DocId, fact: &CheckFact) -> Result<CheckLine> {
        let at = EntryAt { doc, entry: fact.source.entry };
        let delivery = self.read(|rows| delivery(rows, doc, &at.entry, &[]))?;
        let own = fact.origin == CheckOrigin::Own || fact.origin == CheckOrigin::Kiosk;
        Ok(CheckLine {
            at,
            direction: fact.direction,
            judged: fact.judged,
            label: fact.label,
            origin: fact.origin,
            delivery,
            may_void: own && self.may_take_back(&at)?,
            conflict: fact.conflict,
        })
    }

    /// Whether an entry of this device was made less than five minutes ago, by the clock that never stops where that still
    /// runs.
    pub fn may_take_back(&mut self, at: &EntryAt) -> Result<bool> {
        let clocks = self.clocks();
        let forge = self.member()?.machine.forge().clone();
        if at.entry.actor != forge.actor() {
            return Ok(false);
        }
        let (row, session) = self.read(|rows| {
            let session = crate::sync::phone::state::fact::<crate::sync::phone::state::Session>(rows)?;
            Ok((Forge::find(rows, at.doc, &at.entry)?, session))
        })?;
        let reading = row
            .and_then(|row| crate::cbor::decode_map(&row.value).ok())
            .and_then(|map| crate::records::reading_of(&map).ok());
        let Some(reading) = reading else { return Ok(false) };
        let same = session.filter(|s| s.number == reading.session && s.boot == clocks.boot && clocks.elapsed >= s.zero);
        let since = match same {
            Some(session) => (clocks.elapsed - session.zero).saturating_sub(reading.ms),
            None => clocks.wall.0.abs_diff(reading.wall.0).saturating_mul(1000),
        };
        Ok(since <= TAKE_BACK_MS)
    }
}

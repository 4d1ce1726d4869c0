//! What came of the week: counted from the relay's ledger, and compared with what happened and with what the phones hold.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sanji_core::documents::county::County;
use sanji_core::documents::duty::Duty;
use sanji_core::documents::register::Register;
use sanji_core::documents::school::School;
use sanji_core::ids::{ActorId, DocId, DocKind, Label, PersonId, PostingId, SchoolId};
use sanji_core::records::Entry;
use sanji_core::review::{CellInput, CountyFacts, DeviceFact, cell, service_week};
use sanji_core::rules::{DayResult, Finding};
use sanji_core::sync::ledger::Ledger;
use sanji_core::sync::message::Via;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::{Relay, RelayError};
use sanji_core::time::UtcMs;
use serde::Serialize;

/// The summary of `demo --once --json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Made-up schools.
    pub schools: usize,
    /// Phones and kiosks that took part, lost and replaced ones included.
    pub phones: usize,
    /// Entries durably made that were acknowledged, or whose phone still exists.
    pub records: usize,
    /// How many of them the relay has.
    pub on_relay: usize,
    /// Entries that died unsent with a lost phone.
    pub perished: usize,
    /// Entries that should be on the relay and aren't.
    pub lost: usize,
    /// Whether every phone agrees with the relay in what both may know.
    pub converged: bool,
    /// Hostile entries that count. None may.
    pub hostile_counted: usize,
    /// Cells by status.
    pub verdicts: BTreeMap<String, usize>,
    /// Findings by code.
    pub findings: BTreeMap<String, usize>,
}

impl Summary {
    /// Whether nothing was lost, everybody agrees, and nothing hostile counts.
    pub fn is_sound(&self) -> bool {
        self.lost == 0 && self.converged && self.hostile_counted == 0 && self.records == self.on_relay
    }
}

/// An entry by its place: a re-issue stands for what it issues again.
pub type Identity = (DocId, ActorId, u64);

/// Every entry of phones and kiosks on the relay, those of `hostile` left out, re-issues as what they issue again.
///
/// # Errors
/// When the store fails.
pub fn on_relay(
    relay: &Relay,
    ledger: &mut dyn Ledger,
    hostile: &BTreeSet<ActorId>,
) -> Result<BTreeSet<Identity>, RelayError> {
    let docs = Book::new(relay.county(), ledger).docs()?;
    let mut found = BTreeSet::new();
    for (doc, _) in docs {
        let journal = relay.journal(ledger, doc)?;
        let fold = journal.fold();
        for line in fold.lines() {
            let item = line.item();
            if item.author.via == Via::Desk || hostile.contains(&item.actor) {
                continue;
            }
            let was = Entry::from_bytes(&item.value).ok().and_then(|entry| entry.was);
            found.insert(was.map_or((doc, item.actor, item.seq), |was| (doc, was.actor, was.seq)));
        }
    }
    Ok(found)
}

/// Entries of the hostile devices that count.
///
/// # Errors
/// When the store fails.
pub fn hostile_counted(
    relay: &Relay,
    ledger: &mut dyn Ledger,
    hostile: &BTreeSet<ActorId>,
) -> Result<usize, RelayError> {
    let docs = Book::new(relay.county(), ledger).docs()?;
    let mut counted = 0;
    for (doc, _) in docs {
        let journal = relay.journal(ledger, doc)?;
        let fold = journal.fold();
        counted += fold.lines().iter().filter(|line| hostile.contains(&line.item().actor) && line.counts()).count();
    }
    Ok(counted)
}

/// Verdicts and findings of the week, cell by cell.
///
/// # Errors
/// When the store fails.
pub fn judge(
    relay: &Relay,
    ledger: &mut dyn Ledger,
    week: &[Date; 7],
    now: UtcMs,
) -> Result<(BTreeMap<String, usize>, BTreeMap<String, usize>), RelayError> {
    let mut views = Views::read(relay, ledger)?;
    let (mut verdicts, mut findings) = (BTreeMap::new(), BTreeMap::new());
    let mut count = |found: &[Finding]| {
        for finding in found {
            *findings.entry(finding.code.code().to_owned()).or_default() += 1;
        }
    };
    let schools: Vec<SchoolId> = views.schools.keys().copied().collect();
    for school in schools {
        let postings = Book::new(relay.county(), ledger).postings_of(&school.0)?;
        for (posting, row) in postings {
            let devices = views.devices(relay, ledger, row.person, school)?;
            let others: Vec<PostingId> = Book::new(relay.county(), ledger)
                .postings_of(&row.person.0)?
                .into_iter()
                .map(|(id, _)| id)
                .filter(|id| *id != posting)
                .collect();
            for date in week {
                if *date < row.from || row.to.is_some_and(|to| to < *date) {
                    continue;
                }
                let Some(cell) = views.cell(school, posting, &others, &devices, *date, now) else { continue };
                let status = match &cell {
                    DayResult::Judged(verdict) => {
                        count(&verdict.findings);
                        verdict.status.code()
                    }
                    DayResult::NotInForce(_) => "not_in_force",
                };
                *verdicts.entry(status.to_owned()).or_default() += 1;
            }
        }
        if let Some(review) = service_week(
            &views.county,
            views.schools.get(&school).map_or(&[], Vec::as_slice),
            views.registers.get(&school).map_or(&[], Vec::as_slice),
            school,
            week[0],
        ) {
            review.week.sessions.iter().for_each(|found| count(found));
            review.week.days.iter().for_each(|day| count(day.finding.as_slice()));
        }
    }
    Ok((verdicts, findings))
}

/// All documents as they hold.
struct Views {
    county: CountyFacts,
    schools: BTreeMap<SchoolId, Vec<School>>,
    registers: BTreeMap<SchoolId, Vec<Register>>,
    duties: BTreeMap<PostingId, Vec<Duty>>,
}

impl Views {
    fn read(relay: &Relay, ledger: &mut dyn Ledger) -> Result<Self, RelayError> {
        let docs = Book::new(relay.county(), ledger).docs()?;
        let mut counties: Vec<(Label, County)> = Vec::new();
        let (mut schools, mut registers, mut duties) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (doc, _) in docs {
            let journal = relay.journal(ledger, doc)?;
            let fold = journal.fold();
            match (doc.kind, doc.posting(), doc.school_id()) {
                (DocKind::County, ..) => counties.push((doc.label, County::of(&fold))),
                (DocKind::Duty, Some(posting), _) => {
                    duties.entry(posting).or_insert_with(Vec::new).push(Duty::of(&fold));
                }
                (DocKind::School, _, Some(school)) => {
                    schools.entry(school).or_insert_with(Vec::new).push(School::of(&fold));
                }
                (DocKind::Register, _, Some(school)) => {
                    registers.entry(school).or_insert_with(Vec::new).push(Register::of(&fold));
                }
                _ => {}
            }
        }
        Ok(Views { county: CountyFacts::new(counties), schools, registers, duties })
    }

    fn devices(
        &mut self,
        relay: &Relay,
        ledger: &mut dyn Ledger,
        person: PersonId,
        school: SchoolId,
    ) -> Result<Vec<DeviceFact>, RelayError> {
        let mut devices = relay.device_facts(ledger, &person.0)?;
        devices.extend(relay.device_facts(ledger, &school.0)?);
        Ok(devices)
    }

    fn cell(
        &self,
        school: SchoolId,
        posting: PostingId,
        others: &[PostingId],
        devices: &[DeviceFact],
        date: Date,
        now: UtcMs,
    ) -> Option<DayResult> {
        let of = |posting: &PostingId| self.duties.get(posting).map_or(&[][..], Vec::as_slice);
        let duties: Vec<&Duty> = of(&posting).iter().collect();
        let others: Vec<&Duty> = others.iter().flat_map(of).collect();
        let input = CellInput {
            county: &self.county,
            schools: self.schools.get(&school).map_or(&[], Vec::as_slice),
            registers: self.registers.get(&school).map_or(&[], Vec::as_slice),
            school,
            posting,
            duties: &duties,
            others: &others,
            devices,
            now: now.secs(),
        };
        cell(&input, date).map(|cell| cell.result)
    }
}

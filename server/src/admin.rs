//! What an administrator does, over one transaction of the ledger: the county's organisation and its staff, accounts, and the
//! lookups that these need. The command line has a desk of its own, so that what it writes is in the log like anybody's.

use jiff::civil::Date;
use rand::CryptoRng;
use sanji_core::crypto::sha256;
use sanji_core::documents::county::County;
use sanji_core::documents::school::School;
use sanji_core::ids::{CountyId, DocId, DocKind, Label, PersonId, PostingId, SchoolId};
use sanji_core::labels;
use sanji_core::records::{Body, EntryRef, Role};
use sanji_core::sync::ledger::{Ledger, LedgerError};
use sanji_core::sync::message::{FlagReason, Scope};
use sanji_core::sync::phone::Draft;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::PostingRow;
use sanji_core::sync::relay::{Desk, Relay, RelayError};
use sanji_core::time::UtcMs;

use crate::import::Trouble;
use crate::import::county::CountyFile;
use crate::import::county_plan::{self, CountyPlan};
use crate::import::staff::StaffLine;
use crate::import::staff_plan::{self, Known, StaffPlan};

/// Why an administrator's act was not done. Nothing of it holds.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The relay refused it, or the store failed.
    #[error(transparent)]
    Relay(#[from] RelayError),
    /// The store failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// An entry was written but doesn't count.
    #[error("an entry would not count: {}", .0.name())]
    Flagged(FlagReason),
    /// A file has lines that can't be taken.
    #[error("{} lines can't be taken", .0.len())]
    Troubles(Vec<Trouble>),
}

/// The person behind the command line's desk: the same for every administrator who may log in to the machine.
pub fn command_line(county: CountyId) -> PersonId {
    let digest = sha256(&[labels::DESK, b"command line", &county.0]);
    let mut id = [0; 8];
    id.copy_from_slice(&digest[..8]);
    PersonId(id)
}

/// The command line's desk, which is the county's administrator from its first use on.
///
/// # Errors
/// When the store fails.
pub fn desk(relay: &Relay, ledger: &mut dyn Ledger, now: UtcMs) -> Result<Desk, AdminError> {
    let person = command_line(relay.county());
    let held = Book::new(relay.county(), ledger).grants_of(person)?;
    if !held.iter().any(|grant| grant.role == Role::Administrator && grant.revoked.is_none()) {
        relay.grant(ledger, now, person, Role::Administrator, Scope::County, (now.secs().date(), None))?;
    }
    Ok(Desk { person })
}

/// Writes entries at a desk, all of which must count.
///
/// # Errors
/// When one doesn't, or the store fails.
pub fn write(
    relay: &Relay,
    ledger: &mut dyn Ledger,
    now: UtcMs,
    desk: Desk,
    entries: Vec<(DocId, Vec<EntryRef>, Body)>,
) -> Result<(), AdminError> {
    let draft = |(doc, re, body)| Draft { doc, re, blobs: Vec::new(), body };
    write_drafts(relay, ledger, now, desk, entries.into_iter().map(draft).collect())
}

/// As [`write()`], for entries that may bring blobs.
///
/// # Errors
/// As [`write()`].
pub fn write_drafts(
    relay: &Relay,
    ledger: &mut dyn Ledger,
    now: UtcMs,
    desk: Desk,
    entries: Vec<Draft>,
) -> Result<(), AdminError> {
    let written = relay.write_drafts(ledger, now, desk, entries)?;
    let mut book = Book::new(relay.county(), ledger);
    for (n, _) in written {
        if let Some(reason) = book.entry(n)?.and_then(|row| row.flag()) {
            return Err(AdminError::Flagged(reason));
        }
    }
    Ok(())
}

/// The county's documents as they hold, one for each school year.
///
/// # Errors
/// When the store fails.
pub fn counties(relay: &Relay, ledger: &mut dyn Ledger) -> Result<Vec<(Label, County)>, AdminError> {
    let docs = Book::new(relay.county(), ledger).docs_of(&relay.county().0)?;
    let mut views = Vec::new();
    for (doc, _) in docs.into_iter().filter(|(doc, _)| doc.kind == DocKind::County) {
        views.push((doc.label, County::of(&relay.journal(ledger, doc)?.fold())));
    }
    Ok(views)
}

/// A setting of the county, from its newest document that has it.
///
/// # Errors
/// When the store fails.
pub fn setting(relay: &Relay, ledger: &mut dyn Ledger, name: &str) -> Result<Option<String>, AdminError> {
    let mut views = counties(relay, ledger)?;
    views.sort_by_key(|(label, _)| std::cmp::Reverse(*label));
    let row = views.iter().find_map(|(_, view)| view.settings.get(name));
    Ok(row.map(|row| row.now.value.value.clone()))
}

/// Imports a county file.
///
/// # Errors
/// When an entry would not count, or the store fails.
pub fn import_county(
    relay: &Relay,
    ledger: &mut dyn Ledger,
    now: UtcMs,
    file: &CountyFile,
    rng: &mut impl CryptoRng,
) -> Result<CountyPlan, AdminError> {
    let today = now.secs().date();
    let plan = county_plan::plan(file, &counties(relay, ledger)?, today, rng);
    if !plan.entries.is_empty() {
        let desk = desk(relay, ledger, now)?;
        let doc = DocId::county(relay.county(), today);
        let entries = plan.entries.iter().map(|(re, body)| (doc, re.clone(), body.clone())).collect();
        write(relay, ledger, now, desk, entries)?;
    }
    Ok(plan)
}

/// Imports a staff list.
///
/// # Errors
/// When lines can't be taken, an entry would not count, or the store fails.
pub fn import_staff(
    relay: &Relay,
    ledger: &mut dyn Ledger,
    now: UtcMs,
    lines: &[StaffLine],
    rng: &mut impl CryptoRng,
) -> Result<StaffPlan, AdminError> {
    let today = now.secs().date();
    let schools = school_names(relay, ledger)?;
    let known = roster(relay, ledger, &schools, today)?;
    let plan = staff_plan::plan(lines, &schools, &known, today, rng).map_err(AdminError::Troubles)?;
    if !plan.entries.is_empty() {
        let desk = desk(relay, ledger, now)?;
        let row = |(school, re, row): &(SchoolId, Vec<EntryRef>, _)| {
            (DocId::school(*school, today), re.clone(), Body::RosterSet(Clone::clone(row)))
        };
        let entries = plan.entries.iter().map(row).collect();
        write(relay, ledger, now, desk, entries)?;
    }
    Ok(plan)
}

/// Every school with its name.
///
/// # Errors
/// When the store fails.
pub fn school_names(relay: &Relay, ledger: &mut dyn Ledger) -> Result<Vec<(SchoolId, String)>, AdminError> {
    let schools = Book::new(relay.county(), ledger).schools()?;
    Ok(schools.into_iter().map(|(school, row)| (school, row.name)).collect())
}

/// The postings of a school.
///
/// # Errors
/// When the store fails.
pub fn postings(
    relay: &Relay,
    ledger: &mut dyn Ledger,
    school: SchoolId,
) -> Result<Vec<(PostingId, PostingRow)>, AdminError> {
    Ok(Book::new(relay.county(), ledger).postings_of(&school.0)?)
}

/// Roster rows as the schools' documents say them, those of older school years without entries to replace.
///
/// # Errors
/// When the store fails.
pub fn roster(
    relay: &Relay,
    ledger: &mut dyn Ledger,
    schools: &[(SchoolId, String)],
    today: Date,
) -> Result<Vec<Known>, AdminError> {
    let this = Label::year_of(today);
    let mut known = Vec::new();
    for (school, _) in schools {
        let docs = Book::new(relay.county(), ledger).docs_of(&school.0)?;
        let mut docs: Vec<DocId> = docs.into_iter().map(|(doc, _)| doc).collect();
        docs.retain(|doc| doc.kind == DocKind::School && doc.label <= this);
        docs.sort_by_key(|doc| std::cmp::Reverse(doc.label));
        let mut seen: Vec<PostingId> = Vec::new();
        for doc in docs {
            let view = School::of(&relay.journal(ledger, doc)?.fold());
            for (posting, row) in &view.roster {
                if seen.contains(posting) {
                    continue;
                }
                seen.push(*posting);
                let now_here = doc.label == this;
                let entries = row.all_now().map(|held| held.source.entry).filter(|_| now_here).collect();
                known.push(Known { school: *school, row: row.now.value.clone(), entries });
            }
        }
    }
    Ok(known)
}

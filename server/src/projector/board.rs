//! A school's days as they are judged now: its staff, and a cell for each posting and day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::Row as SqlRow;
use sanji_core::documents::duty::{CheckFact, Duty};
use sanji_core::documents::register::Register;
use sanji_core::documents::school::School as SchoolView;
use sanji_core::ids::{PersonId, PostingId, SchoolId};
use sanji_core::records::{Role, SchoolSet};
use sanji_core::review::{Cell, CellInput, CountyFacts, DeviceFact, ServiceReview, cell, service_week};
use sanji_core::sync::message::Via;
use sanji_core::time::{UtcSecs, date_from_days, days_since_epoch};

use super::kept::Kept;
pub use super::views::Days;
use super::views::Views;
use super::{ProjectionError, Store};

/// A member of a school's staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The posting.
    pub posting: PostingId,
    /// Who.
    pub person: PersonId,
    /// The school.
    pub school: SchoolId,
    /// The name; empty for a newcomer whose roster row hasn't arrived.
    pub name: String,
    /// The role at the school.
    pub role: Role,
    /// First day.
    pub from: Date,
    /// Last day, if known.
    pub to: Option<Date>,
}

impl Staff {
    /// Whether the posting has this day.
    pub fn on(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| date <= to)
    }

    fn during(&self, days: Days) -> bool {
        self.from <= days.last && self.to.is_none_or(|to| days.first <= to)
    }
}

/// A school's days.
pub struct Board {
    /// The school, as the county's document says.
    pub school: SchoolSet,
    /// The days.
    pub days: Days,
    /// Whoever has a posting on one of the days: principals first, then by name.
    pub staff: Vec<Staff>,
    /// Entries that don't count, by posting and day.
    pub flagged: BTreeMap<(PostingId, Date), u32>,
    county: Arc<CountyFacts>,
    schools: Arc<Vec<SchoolView>>,
    registers: Vec<Register>,
    duties: BTreeMap<PostingId, Duty>,
    others: BTreeMap<PersonId, Vec<PostingId>>,
    devices: BTreeMap<PersonId, Vec<DeviceFact>>,
}

impl Board {
    /// The days of a school; nothing if the county has no such school.
    ///
    /// # Errors
    /// When the store fails.
    pub fn load(
        kept: &Kept,
        store: &mut impl Store,
        school: SchoolId,
        days: Days,
    ) -> Result<Option<Self>, ProjectionError> {
        match Board::of_service(kept, store, school, days)? {
            Some(board) => board.with_duties(kept, store).map(Some),
            None => Ok(None),
        }
    }

    /// The days of one posting alone, so that a term of one person isn't read with that of all colleagues.
    ///
    /// # Errors
    /// When the store fails.
    pub fn of_posting(
        kept: &Kept,
        store: &mut impl Store,
        one: &Staff,
        days: Days,
    ) -> Result<Option<Self>, ProjectionError> {
        match Board::of_staff(kept, store, one.school, days, vec![one.clone()])? {
            Some(board) => board.with_duties(kept, store).map(Some),
            None => Ok(None),
        }
    }

    /// The days of a school as far as its after-school service goes, without anybody's own records; nothing if the county
    /// has no such school.
    ///
    /// # Errors
    /// When the store fails.
    pub fn of_service(
        kept: &Kept,
        store: &mut impl Store,
        school: SchoolId,
        days: Days,
    ) -> Result<Option<Self>, ProjectionError> {
        let mut staff = staff_of(store, "school", &school.0)?;
        staff.retain(|one| one.during(days));
        Board::of_staff(kept, store, school, days, staff)
    }

    /// The same with what the staff recorded and their devices reported.
    fn with_duties(mut self, kept: &Kept, store: &mut impl Store) -> Result<Self, ProjectionError> {
        let people: BTreeSet<PersonId> = self.staff.iter().map(|one| one.person).collect();
        for person in people {
            let held = staff_of(store, "person", &person.0)?;
            self.others.insert(person, held.into_iter().map(|one| one.posting).collect::<Vec<_>>());
        }
        let mut views = Views::new(kept.relay(), store);
        let kiosks = views.kiosks(self.school.school)?;
        for (person, postings) in &self.others {
            for posting in postings {
                self.duties.insert(*posting, views.duty(*posting, self.days)?);
            }
            let mut own = views.devices(*person)?;
            // What is written at a desk is there at once.
            own.retain(|device| device.via != Via::Desk);
            own.extend(kiosks.iter().cloned());
            self.devices.insert(*person, own);
        }
        for one in &self.staff {
            flags(store, one.posting, self.days, &mut self.flagged)?;
        }
        Ok(self)
    }

    fn of_staff(
        kept: &Kept,
        store: &mut impl Store,
        school: SchoolId,
        days: Days,
        mut staff: Vec<Staff>,
    ) -> Result<Option<Self>, ProjectionError> {
        let county = kept.county(store)?;
        let Some(set) = county.school(school).cloned() else { return Ok(None) };
        let schools = kept.school(store, school)?;
        let order = |role| match role {
            Role::Principal => 0,
            Role::Deputy => 1,
            _ => 2,
        };
        staff.sort_by(|a, b| (order(a.role), &a.name, a.posting).cmp(&(order(b.role), &b.name, b.posting)));
        let registers = vec![Views::new(kept.relay(), store).register(school, days)?];
        let (flagged, duties, others, devices) = Default::default();
        Ok(Some(Board { school: set, days, staff, flagged, county, schools, registers, duties, others, devices }))
    }

    /// What a posting's day comes to; nothing on days that the posting doesn't have, or where the county names no pack.
    pub fn cell(&self, one: &Staff, date: Date, now: UtcSecs) -> Option<Cell> {
        if !one.on(date) {
            return None;
        }
        let duties: Vec<&Duty> = self.duties.get(&one.posting).into_iter().collect();
        let other = |posting: &&PostingId| **posting != one.posting;
        let others = self.others.get(&one.person).into_iter().flatten().filter(other);
        let others: Vec<&Duty> = others.filter_map(|posting| self.duties.get(posting)).collect();
        let input = CellInput {
            county: &self.county,
            schools: &self.schools,
            registers: &self.registers,
            school: self.school.school,
            posting: one.posting,
            duties: &duties,
            others: &others,
            devices: self.devices.get(&one.person).map_or(&[], Vec::as_slice),
            now,
        };
        cell(&input, date)
    }

    /// What a posting's documents say about the days.
    pub fn duty(&self, posting: PostingId) -> Option<&Duty> {
        self.duties.get(&posting)
    }

    /// A person's checks of a date, at this school and elsewhere.
    pub fn checks_on(&self, one: &Staff, date: Date) -> Vec<&CheckFact> {
        let postings = self.others.get(&one.person).into_iter().flatten();
        postings.filter_map(|posting| self.duties.get(posting)).flat_map(|duty| duty.checks_on(date)).collect()
    }

    /// The devices whose reports the cells of a person wait for, the school's kiosks included.
    pub fn devices(&self, person: PersonId) -> &[DeviceFact] {
        self.devices.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The week of after-school service; nothing where the county names no pack.
    pub fn service(&self, monday: Date) -> Option<ServiceReview<'_>> {
        service_week(&self.county, &self.schools, &self.registers, self.school.school, monday)
    }

    /// The school's register on the days.
    pub fn register(&self) -> &Register {
        &self.registers[0]
    }

    /// The county's documents.
    pub fn county(&self) -> &CountyFacts {
        &self.county
    }
}

/// The postings at a school, or of a person.
fn staff_of(store: &impl Store, column: &str, object: &[u8; 8]) -> Result<Vec<Staff>, ProjectionError> {
    let sql = format!(
        "SELECT posting, person, school, name, role, first_day, last_day FROM view_posting WHERE {column} = ?1 ORDER BY posting"
    );
    let mut statement = store.sql().prepare_cached(&sql)?;
    Ok(statement.query_map([&object[..]], staff)?.collect::<rusqlite::Result<_>>()?)
}

/// The posting with this id.
///
/// # Errors
/// When the store fails.
pub fn posting(store: &impl Store, posting: PostingId) -> Result<Option<Staff>, ProjectionError> {
    let sql = "SELECT posting, person, school, name, role, first_day, last_day FROM view_posting WHERE posting = ?1";
    let mut statement = store.sql().prepare_cached(sql)?;
    let found = statement.query_map([&posting.0[..]], staff)?.next();
    Ok(found.transpose()?)
}

/// The postings whose name holds this text, by name.
///
/// # Errors
/// When the store fails.
pub fn postings_named(store: &impl Store, text: &str) -> Result<Vec<Staff>, ProjectionError> {
    let sql = "SELECT posting, person, school, name, role, first_day, last_day FROM view_posting \
               WHERE instr(lower(name), lower(?1)) > 0 ORDER BY name, first_day DESC, posting";
    let mut statement = store.sql().prepare_cached(sql)?;
    Ok(statement.query_map([text], staff)?.collect::<rusqlite::Result<_>>()?)
}

/// The postings of a person.
///
/// # Errors
/// When the store fails.
pub fn postings_of(store: &impl Store, person: PersonId) -> Result<Vec<Staff>, ProjectionError> {
    staff_of(store, "person", &person.0)
}

fn staff(row: &SqlRow<'_>) -> rusqlite::Result<Staff> {
    let day = |days: i32| date_from_days(days).unwrap_or_default();
    Ok(Staff {
        posting: PostingId(row.get(0)?),
        person: PersonId(row.get(1)?),
        school: SchoolId(row.get(2)?),
        name: row.get(3)?,
        role: Role::from_name(row.get_ref(4)?.as_str()?).unwrap_or(Role::Staff),
        from: day(row.get(5)?),
        to: row.get::<_, Option<i32>>(6)?.map(day),
    })
}

fn flags(
    store: &impl Store,
    posting: PostingId,
    days: Days,
    flagged: &mut BTreeMap<(PostingId, Date), u32>,
) -> Result<(), ProjectionError> {
    let sql = "SELECT max(first_day, ?2), min(last_day, ?3) FROM view_entry WHERE object = ?1 AND last_day >= ?2 \
               AND first_day <= ?3 AND state IN ('flagged', 'twin', 'unreadable')";
    let key = (&posting.0[..], days_since_epoch(days.first), days_since_epoch(days.last));
    let mut statement = store.sql().prepare_cached(sql)?;
    let spans = statement.query_map(key, |row| Ok((row.get::<_, i32>(0)?, row.get::<_, i32>(1)?)))?;
    for span in spans {
        let (first, last) = span?;
        for day in (first..=last).filter_map(date_from_days) {
            *flagged.entry((posting, day)).or_default() += 1;
        }
    }
    Ok(())
}

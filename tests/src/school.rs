//! A county with schools of thirty, on a relay of this process: the real machine over any ledger. Time is the caller's.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use rand::CryptoRng;
use sanji_core::crypto::SecretKey;
use sanji_core::ids::{DocId, PersonId, PostingId, SchoolId};
use sanji_core::policy::Pack;
use sanji_core::records::{Body, EntryRef, PackMap, Role, RosterSet, SchoolKind, SchoolSet, ServicePlan};
use sanji_core::review::pack_hash;
use sanji_core::sync::ledger::Ledger;
use sanji_core::sync::message::Scope;
use sanji_core::sync::relay::{Desk, Relay};
use sanji_core::time::{UtcMs, instant};

use crate::Outcome;

/// Staff of a school, beside its principal.
pub const STAFF: usize = 30;

/// A member of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// The person.
    pub id: PersonId,
    /// The posting.
    pub posting: PostingId,
    /// The school.
    pub school: SchoolId,
    /// Principal or staff.
    pub role: Role,
}

/// A school and its people.
#[derive(Clone, Debug)]
pub struct School {
    /// The school.
    pub id: SchoolId,
    /// The principal.
    pub principal: Person,
    /// The others.
    pub staff: Vec<Person>,
}

/// The county: its relay's machine, its schools, its administrator and a visitor of the county's bureau.
#[derive(Clone)]
pub struct County {
    /// The relay's machine.
    pub relay: Relay,
    /// The schools.
    pub schools: Vec<School>,
    /// Who sets schools and rosters.
    pub administrator: PersonId,
    /// Who visits schools.
    pub visitor: PersonId,
}

/// 9 o'clock of a day.
pub fn morning(day: Date) -> UtcMs {
    instant(day, jiff::civil::time(9, 0, 0, 0)).ms()
}

impl County {
    /// A county of so many schools on this relay, founded on a day.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn found(
        relay: Relay,
        ledger: &mut dyn Ledger,
        rng: &mut impl CryptoRng,
        schools: usize,
        day: Date,
    ) -> Outcome<Self> {
        let schools = (0..schools).map(|_| School::made_up(rng)).collect();
        let (administrator, visitor) = (PersonId::random(rng), PersonId::random(rng));
        let county = County { relay, schools, administrator, visitor };
        let days = (day, None);
        let now = morning(day);
        county.relay.grant(ledger, now, administrator, Role::Administrator, Scope::County, days)?;
        county.relay.grant(ledger, now, visitor, Role::Inspector, Scope::County, days)?;
        Ok(county)
    }

    /// Sets packs, schools and rosters for the school year that holds `day`.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn open_year(&self, ledger: &mut dyn Ledger, day: Date) -> Outcome<()> {
        let first = if day.month() >= 9 { date(day.year(), 9, 1) } else { date(day.year() - 1, 9, 1) };
        let last = first.checked_add(1.year())?.yesterday()?;
        let doc = DocId::county(self.relay.county(), day);
        let pack = Pack::named("hezhang-2021").ok_or("the pack is built in")?;
        let mut set: Vec<(DocId, Body)> = Vec::new();
        for chapter in ["office", "service"] {
            let (townships, schools) = (Vec::new(), Vec::new());
            let map = PackMap { pack: pack_hash(pack), chapter: chapter.into(), from: first, townships, schools };
            set.push((doc, map.into()));
        }
        for (nth, school) in self.schools.iter().enumerate() {
            let row = SchoolSet {
                school: school.id,
                name: format!("可乐乡第{}小学", nth + 1),
                kind: SchoolKind::Primary,
                senior: None,
                township: "可乐乡".into(),
                county_town: None,
                boarding: None,
                from: first,
                to: None,
                area: None,
            };
            set.push((doc, row.into()));
        }
        self.write(ledger, morning(day), set)?;
        for school in &self.schools {
            let mut entries: Vec<(DocId, Body)> = Vec::new();
            for (nth, person) in std::iter::once(&school.principal).chain(&school.staff).enumerate() {
                let row = RosterSet {
                    person: person.id,
                    posting: person.posting,
                    name: name(nth),
                    role: person.role,
                    from: first,
                    to: Some(last),
                    teaches: Some(true),
                };
                entries.push((DocId::school(school.id, day), row.into()));
            }
            self.write(ledger, morning(day), entries)?;
        }
        Ok(())
    }

    /// Files the service plan of a term at every school.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn open_term(&self, ledger: &mut dyn Ledger, day: Date) -> Outcome<()> {
        for school in &self.schools {
            let doc = DocId::register(school.id, day);
            let (from, to) = doc.label.days();
            let projects = ["阅读", "书法", "合唱", "足球"].map(String::from).to_vec();
            let plan = ServicePlan { from, to, projects, text: None };
            self.relay.write(
                ledger,
                morning(day),
                Desk { person: school.principal.id },
                vec![(doc, Vec::new(), plan.into())],
            )?;
        }
        Ok(())
    }

    /// Makes this key a device of a person.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn enrol(&self, ledger: &mut dyn Ledger, now: UtcMs, person: PersonId, key: &SecretKey) -> Outcome<()> {
        self.relay.enrol(ledger, now, key.public(), Some(person), None)?;
        Ok(())
    }

    fn write(&self, ledger: &mut dyn Ledger, now: UtcMs, entries: Vec<(DocId, Body)>) -> Outcome<()> {
        let entries = entries.into_iter().map(|(doc, body)| (doc, Vec::<EntryRef>::new(), body)).collect();
        self.relay.write(ledger, now, Desk { person: self.administrator }, entries)?;
        Ok(())
    }
}

impl School {
    fn made_up(rng: &mut impl CryptoRng) -> Self {
        let id = SchoolId::random(rng);
        let mut person = |role| Person { id: PersonId::random(rng), posting: PostingId::random(rng), school: id, role };
        let principal = person(Role::Principal);
        School { id, principal, staff: (0..STAFF).map(|_| person(Role::Staff)).collect() }
    }
}

/// A made-up name.
pub fn name(nth: usize) -> String {
    const SURNAMES: [&str; 10] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"];
    const STEMS: [&str; 4] = ["甲", "乙", "丙", "丁"];
    format!("{}{}", SURNAMES[nth % 10], STEMS[nth / 10 % 4])
}

/// A key that this generator gives.
pub fn key(rng: &mut impl CryptoRng) -> SecretKey {
    let mut seed = [0; 32];
    rng.fill_bytes(&mut seed);
    SecretKey::from_seed(&seed)
}

//! A county with two schools, and its relay over a ledger in memory. Time is an argument.

use std::collections::BTreeMap;

use jiff::civil::{Date, date, time};
use sanji_core::crypto::SecretKey;
use sanji_core::ids::*;
use sanji_core::policy::Pack;
use sanji_core::records::*;
use sanji_core::review::pack_hash;
use sanji_core::sync::ledger::{Held, MemoryLedger};
use sanji_core::sync::message::*;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::{Desk, Relay, RelayError};
use sanji_core::time::{UtcMs, instant};

pub const COUNTY: CountyId = CountyId(*b"hezhang1");
pub const SCHOOL: SchoolId = SchoolId(*b"school-1");
pub const OTHER: SchoolId = SchoolId(*b"school-2");

pub const ADMIN: PersonId = PersonId(*b"p-admin-");
pub const PRINCIPAL: PersonId = PersonId(*b"p-princ1");
pub const DEPUTY: PersonId = PersonId(*b"p-deput1");
pub const TEACHER: PersonId = PersonId(*b"p-teach1");
pub const COLLEAGUE: PersonId = PersonId(*b"p-colle1");
pub const MOVED: PersonId = PersonId(*b"p-moved1");
pub const NEWCOMER: PersonId = PersonId(*b"p-newco1");
pub const OTHER_HEAD: PersonId = PersonId(*b"p-princ2");

/// Who is at which school as what when the week begins.
pub const STAFF: [(SchoolId, PersonId, Role); 6] = [
    (SCHOOL, PRINCIPAL, Role::Principal),
    (SCHOOL, DEPUTY, Role::Deputy),
    (SCHOOL, TEACHER, Role::Staff),
    (SCHOOL, COLLEAGUE, Role::Staff),
    (SCHOOL, MOVED, Role::Staff),
    (OTHER, OTHER_HEAD, Role::Principal),
];

pub fn posting(person: PersonId) -> PostingId {
    let mut id = person.0;
    id[0] = b'o';
    PostingId(id)
}

pub fn day(d: i8) -> Date {
    date(2026, 3, d)
}

pub fn at(d: i8, hour: i8, minute: i8) -> UtcMs {
    instant(day(d), time(hour, minute, 0, 0)).ms()
}

pub fn duty_of(posting: PostingId) -> DocId {
    DocId::duty(posting, day(2))
}

pub fn duty(person: PersonId) -> DocId {
    duty_of(posting(person))
}

pub fn roster(person: PersonId, posting: PostingId, role: Role, from: Date, to: Option<Date>) -> RosterSet {
    RosterSet { person, posting, name: "李老师".into(), role, from, to, teaches: Some(true) }
}

/// The relay and what it has on disk.
#[derive(Clone)]
pub struct County {
    pub relay: Relay,
    pub ledger: MemoryLedger,
    /// The roster rows that the administrator wrote first.
    pub rows: BTreeMap<PersonId, EntryRef>,
}

impl County {
    /// The county as its administrator set it up on Sunday.
    pub fn new() -> Self {
        let relay = Relay::new(COUNTY, SecretKey::from_seed(&[7; 32]));
        let mut county = County { relay, ledger: MemoryLedger::default(), rows: BTreeMap::new() };
        county.appoint(at(1, 8, 0));
        let school = |school, name: &str, township: &str| SchoolSet {
            school,
            name: name.into(),
            kind: SchoolKind::Primary,
            senior: None,
            township: township.into(),
            county_town: None,
            boarding: None,
            from: date(2020, 9, 1),
            to: None,
            area: None,
        };
        let pack = PackMap {
            pack: pack_hash(Pack::named("hezhang-2021").unwrap()),
            chapter: "office".into(),
            from: date(2025, 9, 1),
            townships: vec![],
            schools: vec![],
        };
        let of_county = DocId::county(COUNTY, day(1));
        county.desk(at(1, 8, 0), of_county, vec![], school(SCHOOL, "可乐小学", "可乐乡"));
        county.desk(at(1, 8, 0), of_county, vec![], school(OTHER, "妈姑小学", "妈姑镇"));
        county.desk(at(1, 8, 0), of_county, vec![], pack);
        for (school, person, role) in STAFF {
            let row = roster(person, posting(person), role, date(2026, 2, 1), None);
            let entry = county.desk(at(1, 8, 0), DocId::school(school, day(1)), vec![], row);
            county.rows.insert(person, entry);
        }
        county
    }

    /// The county's own act at the command line: who is its administrator.
    pub fn appoint(&mut self, now: UtcMs) {
        let days = (date(2026, 1, 1), None);
        self.relay.grant(&mut self.ledger, now, ADMIN, Role::Administrator, Scope::County, days).unwrap();
    }

    /// Writes one entry at the administrator's desk.
    pub fn desk(&mut self, now: UtcMs, doc: DocId, re: Vec<EntryRef>, body: impl Into<Body>) -> EntryRef {
        let entries = vec![(doc, re, body.into())];
        self.relay.write(&mut self.ledger, now, Desk { person: ADMIN }, entries).unwrap()[0].1
    }

    pub fn book(&mut self) -> Book<'_> {
        Book::new(COUNTY, &mut self.ledger)
    }

    /// What `POST /v1/sync` does: the answer leaves after the commit, a refusal leaves nothing.
    pub fn serve(&mut self, now: UtcMs, body: &[u8]) -> Result<Vec<u8>, Refusal> {
        let mut held = Held::over(&mut self.ledger);
        match self.relay.sync(&mut held, now, body) {
            Ok(answer) => {
                held.keep().unwrap();
                Ok(answer)
            }
            Err(RelayError::Refused(refusal)) => Err(refusal),
            Err(RelayError::Ledger(e)) => panic!("the ledger failed: {e}"),
        }
    }

    /// As [`County::serve`], with a disk that fails at the commit.
    pub fn fail(&mut self, now: UtcMs, body: &[u8]) -> Refusal {
        match self.relay.sync(&mut Held::over(&mut self.ledger), now, body) {
            Err(RelayError::Refused(refusal)) => refusal,
            _ => Refusal::Unavailable,
        }
    }

    /// The flag of an entry as it stands; panics if it isn't here.
    pub fn flag(&mut self, doc: DocId, entry: &EntryRef) -> Option<FlagReason> {
        let mut book = self.book();
        let chain = book.chain_of(doc, entry.actor).unwrap().expect("the chain is on the relay");
        let n = book.entry_no(chain.number, entry.seq).unwrap().expect("the entry is on the relay");
        book.entry(n).unwrap().unwrap().flag()
    }

    pub fn assert_sound(&mut self) {
        let (_, faults) = self.relay.verify(&mut self.ledger, &mut |_, _| {}).unwrap();
        assert_eq!(faults, vec![], "the log and every chain verify");
    }
}

//! A small county in memory, and devices whose pushes are written by hand.

use std::collections::BTreeMap;

use jiff::civil::{Date, date, time};
use sanji_core::crypto::{SecretKey, Signature};
use sanji_core::documents::chain::{Salt, Tip, to_wire};
use sanji_core::ids::*;
use sanji_core::labels;
use sanji_core::records::*;
use sanji_core::sync::ledger::MemoryLedger;
use sanji_core::sync::message::*;
use sanji_core::sync::relay::book::{Book, log_start};
use sanji_core::sync::relay::rows::EntryRow;
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
pub const FOREIGN: PersonId = PersonId(*b"p-teach2");
pub const FOREIGN_HEAD: PersonId = PersonId(*b"p-princ2");
pub const SUPERVISOR: PersonId = PersonId(*b"p-superv");
pub const TOWNSHIP: PersonId = PersonId(*b"p-townsh");

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

/// A county with two schools, their people, and a supervisor.
pub struct World {
    pub relay: Relay,
    pub ledger: MemoryLedger,
}

pub fn roster(person: PersonId, role: Role, from: Date, to: Option<Date>) -> RosterSet {
    RosterSet { person, posting: posting(person), name: "李老师".into(), role, from, to, teaches: Some(true) }
}

impl World {
    pub fn new() -> Self {
        let relay = Relay::new(COUNTY, SecretKey::from_seed(&[7; 32]));
        let mut world = World { relay, ledger: MemoryLedger::default() };
        let start = at(1, 8, 0);
        world.grant(ADMIN, Role::Administrator, Scope::County);
        world.grant(SUPERVISOR, Role::Supervisor, Scope::County);
        world.grant(TOWNSHIP, Role::Township, Scope::Township("可乐乡".into()));
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
        world.desk(start, ADMIN, DocId::county(COUNTY, day(1)), school(SCHOOL, "可乐小学", "可乐乡"));
        world.desk(start, ADMIN, DocId::county(COUNTY, day(1)), school(OTHER, "妈姑小学", "妈姑镇"));
        let since = date(2026, 2, 1);
        for (at_school, person, role) in [
            (SCHOOL, PRINCIPAL, Role::Principal),
            (SCHOOL, DEPUTY, Role::Deputy),
            (SCHOOL, TEACHER, Role::Staff),
            (SCHOOL, COLLEAGUE, Role::Staff),
            (OTHER, FOREIGN, Role::Staff),
            (OTHER, FOREIGN_HEAD, Role::Principal),
        ] {
            world.desk(start, ADMIN, DocId::school(at_school, day(1)), roster(person, role, since, None));
        }
        world
    }

    pub fn grant(&mut self, person: PersonId, role: Role, scope: Scope) {
        let days = (date(2026, 1, 1), None);
        self.relay.grant(&mut self.ledger, at(1, 8, 0), person, role, scope, days).unwrap();
    }

    /// Writes one entry at a desk and gives its log number.
    pub fn desk(&mut self, now: UtcMs, person: PersonId, doc: DocId, body: impl Into<Body>) -> (LogNo, EntryRef) {
        let entries = vec![(doc, vec![], body.into())];
        self.relay.write(&mut self.ledger, now, Desk { person }, entries).unwrap()[0]
    }

    pub fn book(&mut self) -> Book<'_> {
        Book::new(COUNTY, &mut self.ledger)
    }

    pub fn row(&mut self, n: LogNo) -> EntryRow {
        self.book().entry(n).unwrap().unwrap()
    }

    /// The flag of an entry that was named by reference in a document.
    pub fn flag(&mut self, doc: DocId, entry: EntryRef) -> Option<FlagReason> {
        let chain = self.book().chain_of(doc, entry.actor).unwrap().unwrap();
        let n = self.book().entry_no(chain.number, entry.seq).unwrap().unwrap();
        self.row(n).flag()
    }

    pub fn phone(&mut self, person: PersonId, seed: u8) -> Device {
        let device = Device::new(seed);
        self.relay.enrol(&mut self.ledger, at(1, 9, 0), device.key.public(), Some(person), None).unwrap();
        device
    }

    pub fn kiosk(&mut self, school: SchoolId, seed: u8) -> Device {
        let device = Device::new(seed);
        self.relay.enrol(&mut self.ledger, at(1, 9, 0), device.key.public(), None, Some(school)).unwrap();
        device
    }

    /// Everything that the ledger holds is in order.
    pub fn assert_sound(&mut self) {
        let (_, faults) = self.relay.verify(&mut self.ledger, &mut |_, _| {}).unwrap();
        assert_eq!(faults, vec![]);
    }
}

/// A device that pushes whatever it is told to.
#[derive(Clone)]
pub struct Device {
    pub key: SecretKey,
    pub tips: BTreeMap<DocId, Tip>,
    pub n: u64,
    pub cursor: Cursor,
    pub last: Option<AnswerReading>,
    pub waiting: Vec<(DocId, u64, Vec<u8>)>,
    /// By how much the wall clock differs from the relay's, milliseconds.
    pub wall_off: i64,
}

/// When a device's only session began, relay clock.
pub const BOOT: i64 = 1_772_000_000_000;

impl Device {
    pub fn new(seed: u8) -> Self {
        let start = Cursor { head: log_start(COUNTY).short(), ..Cursor::default() };
        Device {
            key: SecretKey::from_seed(&[seed; 32]),
            tips: BTreeMap::new(),
            n: 0,
            cursor: start,
            last: None,
            waiting: Vec::new(),
            wall_off: 0,
        }
    }

    pub fn actor(&self) -> ActorId {
        self.key.public().actor()
    }

    pub fn reading(&self, now: UtcMs) -> Reading {
        Reading { wall: UtcMs(now.0 + self.wall_off).secs(), session: 1, ms: (now.0 - BOOT) as u64 }
    }

    /// Records an entry; it waits for the next push.
    pub fn record(&mut self, now: UtcMs, doc: DocId, re: Vec<EntryRef>, body: impl Into<Body>) -> EntryRef {
        let entry = Entry { reading: self.reading(now), re, was: None, blobs: vec![], body: body.into() };
        let actor = self.actor();
        let mut salt = [0; 16];
        salt[..11].copy_from_slice(&doc.to_bytes());
        let tip = self.tips.get(&doc).copied().unwrap_or(Tip::start(COUNTY, doc, actor, Salt(salt)));
        let (tip, link) = tip.append(entry.to_map()).unwrap();
        self.tips.insert(doc, tip);
        self.waiting.push((doc, link.seq, to_wire(link.seq, &link.value).unwrap()));
        EntryRef::to(actor, link.seq, &link.hash)
    }

    /// A push with everything that waits, named by key, and its signature.
    pub fn push(&mut self, now: UtcMs) -> (Push, Signature) {
        self.n += 1;
        let mut runs: BTreeMap<DocId, Run> = BTreeMap::new();
        for (doc, seq, value) in std::mem::take(&mut self.waiting) {
            let tip = self.tips[&doc].hash.short();
            let chain = ChainName::Name(doc, self.actor());
            let run = runs.entry(doc).or_insert(Run { chain, first: seq, tip, values: vec![] });
            run.values.push(value);
        }
        let push = Push {
            device: DeviceName::Key(self.key.public()),
            n: self.n,
            build: 1,
            reading: self.reading(now),
            last_answer: self.last,
            cursor: Cursor { effective: 0, ..self.cursor },
            nothing_unsent: true,
            page: 64 * 1024,
            have: None,
            runs: runs.into_values().collect(),
            recovered: vec![],
            blobs: vec![],
            again: vec![],
            rows: vec![],
            lost_head: None,
            certificate: None,
            successor: None,
        };
        let push = Push { cursor: Cursor { head: log_start(COUNTY).short(), ..push.cursor }, ..push };
        let signature = self.sign(&push);
        (push, signature)
    }

    /// Signs a push as it stands.
    pub fn sign(&self, push: &Push) -> Signature {
        let tips: Vec<SignedTip> = push
            .runs
            .iter()
            .filter_map(|run| match run.chain {
                ChainName::Name(doc, _) => {
                    let tip = self.tips.get(&doc)?;
                    Some(SignedTip { doc, seq: run.first + run.values.len() as u64 - 1, hash: tip.hash })
                }
                ChainName::Number(_) => None,
            })
            .collect();
        self.key.sign(labels::PUSH, &push.signed_bytes(COUNTY, self.actor(), &tips))
    }

    /// Pushes what waits and takes the answer's clock in.
    pub fn sync(&mut self, world: &mut World, now: UtcMs) -> Result<Answer, RelayError> {
        let (push, signature) = self.push(now);
        self.send(world, now, push, signature)
    }

    pub fn send(
        &mut self,
        world: &mut World,
        now: UtcMs,
        push: Push,
        signature: Signature,
    ) -> Result<Answer, RelayError> {
        let n = push.n;
        let mut trial = world.ledger.clone();
        let answer = world.relay.answer(&mut Book::new(COUNTY, &mut trial), now, push, signature)?;
        world.ledger = trial;
        let reading = self.reading(now);
        self.last = Some(AnswerReading { push: n, session: reading.session, ms: reading.ms });
        Ok(answer)
    }

    /// Records and pushes one entry; gives its flag as the relay judges it.
    pub fn tell(
        &mut self,
        world: &mut World,
        now: UtcMs,
        doc: DocId,
        re: Vec<EntryRef>,
        body: impl Into<Body>,
    ) -> (EntryRef, Option<FlagReason>) {
        let entry = self.record(now, doc, re, body);
        self.sync(world, UtcMs(now.0 + 1000)).unwrap();
        (entry, world.flag(doc, entry))
    }
}

pub fn check(direction: Direction) -> Body {
    Check { direction, place: None }.into()
}

pub fn duty(person: PersonId) -> DocId {
    DocId::duty(posting(person), day(2))
}

pub fn leave(d: i8) -> Leave {
    Leave {
        kind: "personal".into(),
        from: at(d, 8, 0).secs(),
        to: at(d, 17, 30).secs(),
        reason: None,
        certificate: None,
    }
}

pub fn approve(d: i8) -> LeaveDecision {
    LeaveDecision { decision: Decision::Approved, reason: None, from: at(d, 8, 0).secs(), to: at(d, 17, 30).secs() }
}

//! A small county with a school week, written through the real relay: pushes of phones, signed and checked, and desks.

use std::collections::BTreeMap;

use jiff::civil::{Date, date, time};
use sanji_core::cbor::Map;
use sanji_core::crypto::{BlobHash, SecretKey, Signature};
use sanji_core::documents::chain::{Salt, Tip, to_wire};
use sanji_core::ids::*;
use sanji_core::labels;
use sanji_core::records::*;
use sanji_core::review::pack_hash;
use sanji_core::sync::ledger::Ledger;
use sanji_core::sync::message::*;
use sanji_core::sync::relay::book::{Book, log_start};
use sanji_core::sync::relay::{Desk, Relay};
use sanji_core::time::{UtcMs, instant};

pub const KELE: SchoolId = SchoolId(*b"kele----");
pub const MAGU: SchoolId = SchoolId(*b"magu----");
pub const FOURTH: GroupId = GroupId(*b"group-4-");
pub const THIRD: GroupId = GroupId(*b"group-3-");
pub const ADMIN: PersonId = PersonId(*b"p-admin-");
pub const SUPERVISOR: PersonId = PersonId(*b"p-superv");
pub const TOWNSHIP: PersonId = PersonId(*b"p-townsh");
pub const LEAD: PersonId = PersonId(*b"p-lead--");
pub const FOREIGN_HEAD: PersonId = PersonId(*b"p-mahead");
pub const STRANGER: PersonId = PersonId(*b"p-strang");

/// Staff of the larger school, the principal first.
pub const STAFF: u8 = 30;

/// A member of the larger school's staff.
pub fn person(i: u8) -> PersonId {
    let mut id = *b"p-kele--";
    id[6..].copy_from_slice(&[b'a' + i / 10, b'0' + i % 10]);
    PersonId(id)
}

pub fn posting(person: PersonId) -> PostingId {
    let mut id = person.0;
    id[0] = b'o';
    PostingId(id)
}

/// A day of March 2026; the 2nd is a Monday.
pub fn day(d: i8) -> Date {
    date(2026, 3, d)
}

pub fn at(d: i8, hour: i8, minute: i8) -> UtcMs {
    instant(day(d), time(hour, minute, 0, 0)).ms()
}

pub fn duty(person: PersonId) -> DocId {
    DocId::duty(posting(person), day(2))
}

pub fn check(direction: Direction) -> Body {
    Check { direction, place: None }.into()
}

/// Writes into a ledger, as a relay does.
pub struct County<'a> {
    pub relay: &'a Relay,
    pub ledger: &'a mut dyn Ledger,
    pub phones: BTreeMap<u8, Phone>,
}

impl County<'_> {
    pub fn grant(&mut self, person: PersonId, role: Role, scope: Scope) {
        let days = (date(2026, 1, 1), None);
        self.relay.grant(self.ledger, at(1, 8, 0), person, role, scope, days).unwrap();
    }

    pub fn desk(
        &mut self,
        now: UtcMs,
        person: PersonId,
        doc: DocId,
        re: Vec<EntryRef>,
        body: impl Into<Body>,
    ) -> EntryRef {
        let entries = vec![(doc, re, body.into())];
        self.relay.write(self.ledger, now, Desk { person }, entries).unwrap()[0].1
    }

    pub fn phone(&mut self, i: u8, who: PersonId) -> Phone {
        let phone = Phone::new(self.relay.county(), i);
        self.relay.enrol(self.ledger, at(1, 9, 0), phone.key.public(), Some(who), None).unwrap();
        phone
    }

    /// The county's documents, two schools with their staff, and who reviews them.
    pub fn found(&mut self) {
        let (county, start) = (DocId::county(self.relay.county(), day(1)), at(1, 8, 0));
        self.grant(ADMIN, Role::Administrator, Scope::County);
        self.grant(SUPERVISOR, Role::Supervisor, Scope::County);
        self.grant(TOWNSHIP, Role::Township, Scope::Township("可乐乡".into()));
        self.grant(LEAD, Role::GroupLead, Scope::Group(FOURTH));
        let pack = sanji_core::policy::Pack::named("hezhang-2021").unwrap();
        for chapter in ["office", "service"] {
            let map = PackMap {
                pack: pack_hash(pack),
                chapter: chapter.into(),
                from: date(2021, 8, 1),
                townships: vec![],
                schools: vec![],
            };
            self.desk(start, ADMIN, county, vec![], map);
        }
        for (group, name, townships) in
            [(THIRD, "第三教育集团", vec!["妈姑镇"]), (FOURTH, "第四教育集团", vec!["可乐乡", "双坪乡"])]
        {
            let townships = townships.into_iter().map(String::from).collect();
            let set = GroupSet { group, name: name.into(), kind: GroupKind::Compulsory, townships };
            self.desk(start, ADMIN, county, vec![], set);
        }
        for (school, name, kind, township, group) in [
            (KELE, "可乐小学", SchoolKind::Primary, "可乐乡", FOURTH),
            (MAGU, "妈姑幼儿园", SchoolKind::Kindergarten, "妈姑镇", THIRD),
        ] {
            let set = SchoolSet {
                school,
                name: name.into(),
                kind,
                senior: None,
                township: township.into(),
                county_town: None,
                boarding: None,
                from: date(2020, 9, 1),
                to: None,
                area: None,
            };
            self.desk(start, ADMIN, county, vec![], set);
            let member = MembershipSet { school, group, role: MemberRole::Member, from: date(2021, 9, 1), to: None };
            self.desk(start, ADMIN, county, vec![], member);
        }
        self.roster(MAGU, FOREIGN_HEAD, "马园长", Role::Principal);
        for i in 0..STAFF {
            let role = match i {
                0 => Role::Principal,
                1 => Role::Deputy,
                _ => Role::Staff,
            };
            self.roster(KELE, person(i), &staff_name(i), role);
        }
    }

    pub fn roster(&mut self, school: SchoolId, person: PersonId, name: &str, role: Role) {
        let (posting, name, from) = (posting(person), name.into(), date(2026, 2, 1));
        let set = RosterSet { person, posting, name, role, from, to: None, teaches: Some(true) };
        self.desk(at(1, 8, 30), ADMIN, DocId::school(school, day(1)), vec![], set);
    }

    /// A school week of the larger school, Monday to Friday, with its troubles; see [`Trouble`].
    pub fn week(&mut self) {
        for i in 0..STAFF {
            let phone = self.phone(i, person(i));
            self.phones.insert(i, phone);
        }
        self.leaves();
        for d in 2..=6 {
            for i in 0..STAFF {
                self.school_day(i, d);
            }
        }
        self.service();
        self.afterwards();
    }

    fn school_day(&mut self, i: u8, d: i8) {
        let mut phone = self.phones.remove(&i).unwrap();
        let doc = duty(person(i));
        let mut tell = |at: UtcMs, direction| phone.record(at, doc, vec![], check(direction));
        let trouble = trouble(i, d);
        if !matches!(trouble, Trouble::Absent | Trouble::OnLeave) {
            let late = if trouble == Trouble::Late { 42 } else { 20 };
            tell(at(d, 8, late), Direction::In);
            tell(at(d, 11, 45), Direction::Out);
            tell(at(d, 14, 25), Direction::In);
            match trouble {
                Trouble::Forgot => {}
                Trouble::LeftEarly => drop(tell(at(d, 15, 20), Direction::Out)),
                _ => drop(tell(at(d, 17, 5), Direction::Out)),
            }
        }
        if trouble != Trouble::Silent {
            phone.sync(self.relay, self.ledger, at(d, 17, 40).plus(i64::from(i) * 1000));
            phone.sync(self.relay, self.ledger, at(d, 17, 41).plus(i64::from(i) * 1000));
        }
        self.phones.insert(i, phone);
    }

    fn leaves(&mut self) {
        let ask = |phone: &mut Phone, i: u8, d: i8, kind: &str| {
            let (from, to) = (at(d, 8, 0).secs(), at(d, 17, 30).secs());
            let leave = Leave { kind: kind.into(), from, to, reason: None, certificate: None };
            phone.record(at(2, 7, 50), duty(person(i)), vec![], leave)
        };
        let mut sick = self.phones.remove(&4).unwrap();
        let asked = ask(&mut sick, 4, 4, "sick");
        sick.sync(self.relay, self.ledger, at(2, 7, 55));
        self.phones.insert(4, sick);
        let approve = LeaveDecision {
            decision: Decision::Approved,
            reason: None,
            from: at(4, 8, 0).secs(),
            to: at(4, 17, 30).secs(),
        };
        self.desk(at(2, 9, 0), person(0), duty(person(4)), vec![asked], approve.clone());
        let mut pending = self.phones.remove(&11).unwrap();
        ask(&mut pending, 11, 6, "personal");
        self.phones.insert(11, pending);
        // Nobody decides on their own request.
        let mut own = self.phones.remove(&13).unwrap();
        let asked = ask(&mut own, 13, 5, "personal");
        let decision = LeaveDecision { from: at(5, 8, 0).secs(), to: at(5, 17, 30).secs(), ..approve };
        own.record(at(2, 7, 51), duty(person(13)), vec![asked], decision);
        self.phones.insert(13, own);
    }

    fn service(&mut self) {
        let register = DocId::register(KELE, day(2));
        let plan = ServicePlan { from: day(1), to: date(2026, 7, 10), projects: vec!["阅读".into()], text: None };
        let plan = self.desk(at(2, 9, 0), person(0), register, vec![], plan);
        let review = PlanReview { decision: Decision::Approved, reason: None };
        self.desk(at(2, 9, 30), SUPERVISOR, register, vec![plan], review);
        for d in 2..=5 {
            let session = Session {
                date: day(d),
                start: time(16, 0, 0, 0),
                end: if d == 4 { time(18, 30, 0, 0) } else { time(18, 0, 0, 0) },
                content: Content::Homework,
                stage: Some(Stage::Primary),
                instructors: vec![Instructor {
                    posting: Some(posting(person(2))),
                    name: None,
                    outside: None,
                    vetted: None,
                }],
                pupils: Some(41),
                project: None,
            };
            let session = self.desk(at(d, 18, 40), person(0), register, vec![], session);
            if d != 3 {
                let handover = Handover { to: None, pupils: Some(41), text: None };
                self.desk(at(d, 18, 45), person(0), register, vec![session], handover);
            }
        }
    }

    fn afterwards(&mut self) {
        let lost = self.phones[&8].key.public().actor();
        let why = RetireReason::Lost;
        self.relay.retire(self.ledger, at(6, 19, 0), lost, at(6, 12, 0), why).unwrap();
        let correction = Correction {
            date: day(5),
            checks: vec![CheckTime { direction: Direction::Out, at: at(5, 17, 10).secs() }],
            reason: "当天忘了签退".into(),
        };
        self.desk(at(6, 18, 0), person(0), duty(person(15)), vec![], correction);
    }
}

/// What goes wrong on one person's day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    None,
    Late,
    OnLeave,
    Forgot,
    Absent,
    Silent,
    LeftEarly,
}

fn trouble(i: u8, d: i8) -> Trouble {
    match (i, d) {
        (3, 3) => Trouble::Late,
        (4, 4) => Trouble::OnLeave,
        (5 | 15, 5) => Trouble::Forgot,
        (6, 6) => Trouble::Absent,
        (7, 4..) | (8, 5..) => Trouble::Silent,
        (9, 6) => Trouble::LeftEarly,
        _ => Trouble::None,
    }
}

/// Names that nobody bears, one that must never be taken for markup, and one that must never be run as a formula.
pub fn staff_name(i: u8) -> String {
    let stems = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
    let names = ["王", "李", "张"];
    match i {
        14 => "=HYPERLINK(\"http://x\")".into(),
        12 => "<script>alert('x')</script>&\"".into(),
        _ => format!("{}{}", names[usize::from(i) / 10], stems[usize::from(i) % 10]),
    }
}

/// A phone whose pushes are made by hand.
#[derive(Clone)]
pub struct Phone {
    pub key: SecretKey,
    county: CountyId,
    tips: BTreeMap<DocId, Tip>,
    n: u64,
    last: Option<AnswerReading>,
    waiting: Vec<(DocId, u64, Vec<u8>)>,
    blobs: Vec<SmallBlob>,
    /// By how much its wall clock differs from the relay's, milliseconds.
    pub wall_off: i64,
}

/// When each phone's only session began.
const BOOT: i64 = 1_772_000_000_000;

impl Phone {
    pub fn new(county: CountyId, seed: u8) -> Self {
        Phone {
            key: SecretKey::from_seed(&[seed.wrapping_add(1); 32]),
            county,
            tips: BTreeMap::new(),
            n: 0,
            last: None,
            waiting: Vec::new(),
            blobs: Vec::new(),
            wall_off: if seed == 10 { 2 * 3600 * 1000 } else { 0 },
        }
    }

    fn actor(&self) -> ActorId {
        self.key.public().actor()
    }

    fn reading(&self, now: UtcMs) -> Reading {
        Reading { wall: now.plus(self.wall_off).secs(), session: 1, ms: (now.0 - BOOT).unsigned_abs() }
    }

    /// Records an entry; it waits for the next push.
    pub fn record(&mut self, now: UtcMs, doc: DocId, re: Vec<EntryRef>, body: impl Into<Body>) -> EntryRef {
        let entry = Entry { reading: self.reading(now), re, was: None, blobs: vec![], body: body.into() };
        self.record_map(doc, entry.to_map())
    }

    /// Records an entry that brings blobs.
    pub fn record_with(&mut self, now: UtcMs, doc: DocId, blobs: Vec<BlobHash>, body: Body) -> EntryRef {
        let entry = Entry { reading: self.reading(now), re: vec![], was: None, blobs, body };
        self.record_map(doc, entry.to_map())
    }

    /// Records whatever it is.
    pub fn record_map(&mut self, doc: DocId, map: Map) -> EntryRef {
        let mut salt = [0; 16];
        salt[..11].copy_from_slice(&doc.to_bytes());
        let start = Tip::start(self.county, doc, self.actor(), Salt(salt));
        let (tip, link) = self.tips.get(&doc).copied().unwrap_or(start).append(map).unwrap();
        self.tips.insert(doc, tip);
        self.waiting.push((doc, link.seq, to_wire(link.seq, &link.value).unwrap()));
        EntryRef::to(self.actor(), link.seq, &link.hash)
    }

    /// Blobs that go with the next push.
    pub fn bring(&mut self, blobs: Vec<SmallBlob>) {
        self.blobs = blobs;
    }

    /// Pushes what waits, and takes the answer's clock in.
    pub fn sync(&mut self, relay: &Relay, ledger: &mut dyn Ledger, now: UtcMs) {
        self.n += 1;
        let mut runs: BTreeMap<DocId, Run> = BTreeMap::new();
        for (doc, seq, value) in std::mem::take(&mut self.waiting) {
            let tip = self.tips[&doc].hash.short();
            let chain = ChainName::Name(doc, self.actor());
            runs.entry(doc).or_insert(Run { chain, first: seq, tip, values: vec![] }).values.push(value);
        }
        let tips: Vec<SignedTip> = runs
            .keys()
            .map(|doc| SignedTip { doc: *doc, seq: self.tips[doc].seq, hash: self.tips[doc].hash })
            .collect();
        let push = Push {
            device: DeviceName::Key(self.key.public()),
            n: self.n,
            build: 1,
            reading: self.reading(now),
            last_answer: self.last,
            cursor: Cursor { head: log_start(self.county).short(), ..Cursor::default() },
            nothing_unsent: true,
            page: 4 * 1024,
            have: None,
            runs: runs.into_values().collect(),
            recovered: vec![],
            blobs: std::mem::take(&mut self.blobs),
            again: vec![],
            rows: vec![],
            lost_head: None,
            certificate: None,
            successor: None,
        };
        let signature: Signature = self.key.sign(labels::PUSH, &push.signed_bytes(self.county, self.actor(), &tips));
        let n = push.n;
        // A phone that was cloned, or belongs to nobody any more, may be told so; what it could store is stored.
        let _ = relay.answer(&mut Book::new(self.county, ledger), now, push, signature);
        let reading = self.reading(now);
        self.last = Some(AnswerReading { push: n, session: reading.session, ms: reading.ms });
    }
}

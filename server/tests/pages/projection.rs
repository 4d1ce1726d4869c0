//! The projection: following the log gives the same rows as making everything anew, whatever happened.

use std::collections::BTreeMap;

use jiff::civil::{Date, date, time};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sanji_core::crypto::{LogHash, PackHash, SecretKey};
use sanji_core::ids::*;
use sanji_core::records::field::Bytes;
use sanji_core::records::*;
use sanji_core::sync::message::*;
use sanji_core::sync::relay::Relay;
use sanji_core::time::UtcMs;
use sanji_server::projector::kept::Kept;
use sanji_server::projector::sums::{self, DaySums};
use sanji_server::projector::tables::{Rows, TABLES, dump};
use sanji_server::projector::{ProjectionError, Projector, through};
use sanji_server::store::SqliteLedger;

use crate::county::*;
use crate::town::Town;

/// Whoever acts at random.
struct Chance {
    rng: StdRng,
    now: UtcMs,
    entries: Vec<(DocId, EntryRef)>,
    visits: u8,
}

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.rng.random_range(0..n)
    }

    fn day(&mut self) -> Date {
        day(2 + self.below(6) as i8)
    }

    fn known(&mut self, doc: DocId) -> Vec<EntryRef> {
        let here: Vec<EntryRef> = self.entries.iter().filter(|(d, _)| *d == doc).map(|(_, e)| *e).collect();
        let count = self.below(3).min(here.len());
        (0..count).map(|_| here[self.below(here.len())]).collect()
    }

    /// Something that a person writes about the own posting.
    fn owner(&mut self) -> Body {
        let at = self.now;
        match self.below(8) {
            0..=2 => check(if self.below(2) == 0 { Direction::In } else { Direction::Out }),
            3 => Void {}.into(),
            4 => Leave {
                kind: "sick".into(),
                from: at.secs(),
                to: at.secs().plus(40_000),
                reason: None,
                certificate: None,
            }
            .into(),
            5 => LeaveWithdrawal {}.into(),
            6 => Return { at: at.secs() }.into(),
            _ => CorrectionRequest {
                date: self.day(),
                checks: vec![CheckTime { direction: Direction::In, at: at.secs() }],
                reason: "x".into(),
                evidence: None,
            }
            .into(),
        }
    }

    /// Something that a principal writes about another's posting.
    fn decision(&mut self) -> Body {
        let at = self.now.secs();
        let decision = if self.below(3) == 0 { Decision::Refused } else { Decision::Approved };
        match self.below(6) {
            0 => LeaveDecision { decision, reason: None, from: at.plus(-20_000), to: at.plus(20_000) }.into(),
            1 => CorrectionDecision { decision, reason: None }.into(),
            2 => Correction {
                date: self.day(),
                checks: vec![CheckTime { direction: Direction::Out, at }],
                reason: "x".into(),
            }
            .into(),
            3 => FlexibleHours { from: self.day(), to: day(20), ground: "x".into() }.into(),
            4 => CheckOnBehalf { direction: Direction::In, at, reason: "x".into() }.into(),
            _ => FlagLift { reason: "x".into() }.into(),
        }
    }

    /// Something of a school's register, by whoever it is.
    fn register(&mut self) -> Body {
        let date = self.day();
        match self.below(6) {
            0 => ServicePlan { from: date, to: day(25), projects: vec![], text: None }.into(),
            1 => PlanReview { decision: Decision::Approved, reason: None }.into(),
            2 => Session {
                date,
                start: time(16, 0, 0, 0),
                end: time(18, 0, 0, 0),
                content: Content::Reading,
                stage: None,
                instructors: vec![],
                pupils: None,
                project: None,
            }
            .into(),
            3 => Handover { to: None, pupils: None, text: None }.into(),
            4 => KioskOutage { kiosk: ActorId([9; 16]), date, reason: "x".into() }.into(),
            _ => Publication {
                monday: day(2),
                log: 7,
                head: LogHash([1; 32]),
                pack: PackHash([2; 32]),
                rules: 1,
                table: Bytes(vec![3; 32]),
                rows: sanji_core::crypto::BlobHash([4; 32]),
                lacked: vec![],
            }
            .into(),
        }
    }

    fn visit(&mut self) -> (DocId, Body) {
        self.visits = self.visits.max(1);
        if self.below(2) == 0 {
            self.visits += 1;
        }
        let doc = DocId::visit(VisitId([self.visits; 8]), day(2));
        let body = match self.below(3) {
            0 => VisitOpen {}.into(),
            1 => VisitClose { minutes: None }.into(),
            _ => VisitPlan {
                kind: VisitKind::OnSiteGuidance,
                date: self.day(),
                host: KELE,
                from: None,
                group: None,
                field: None,
                visitors: vec![],
                teachers: vec![],
                announced: None,
            }
            .into(),
        };
        (doc, body)
    }
}

fn act(chance: &mut Chance, county: &mut County<'_>) {
    chance.now = chance.now.plus(1000 * chance.rng.random_range(20..6000));
    let (now, who) = (chance.now, chance.below(6) as u8);
    let doc = duty(person(who));
    match chance.below(16) {
        0..=5 => {
            let body = chance.owner();
            let re = chance.known(doc);
            let phone = county.phones.get_mut(&who).unwrap();
            let entry = phone.record(now, doc, re, body);
            chance.entries.push((doc, entry));
            if chance.below(2) == 0 {
                county.phones.get_mut(&who).unwrap().sync(county.relay, county.ledger, now.plus(500));
            }
        }
        6..=8 => {
            let body = chance.decision();
            let re = chance.known(doc);
            // Sometimes by somebody who may not.
            let by = person(if chance.below(4) == 0 { 3 } else { 0 });
            chance.entries.push((doc, county.desk(now, by, doc, re, body)));
        }
        9 | 10 => {
            let doc = DocId::register(KELE, day(2));
            let body = chance.register();
            let re = chance.known(doc);
            let by = [person(0), SUPERVISOR, person(2)][chance.below(3)];
            chance.entries.push((doc, county.desk(now, by, doc, re, body)));
        }
        11 => {
            let (doc, body) = chance.visit();
            let re = chance.known(doc);
            chance.entries.push((doc, county.desk(now, SUPERVISOR, doc, re, body)));
        }
        12 => {
            // Somebody moves, or gets another name.
            let school = if chance.below(2) == 0 { KELE } else { MAGU };
            county.roster(school, person(who), "李改", Role::Staff);
        }
        13 => {
            // A clone of a phone goes on from where it was copied: two entries at one place.
            let mut clone = county.phones[&who].clone();
            let other = clone.record(now, doc, vec![], Note { date: day(2), text: "clone".into() });
            clone.sync(county.relay, county.ledger, now.plus(100));
            chance.entries.push((doc, other));
        }
        14 => {
            let mut map = sanji_core::cbor::Map::new();
            map.insert(0, sanji_core::cbor::Value::Int(if chance.below(2) == 0 { 1 } else { 30 }));
            let phone = county.phones.get_mut(&who).unwrap();
            phone.record_map(doc, map);
            phone.sync(county.relay, county.ledger, now.plus(100));
        }
        _ => {
            let actor = county.phones[&who].key.public().actor();
            let relay = county.relay;
            match chance.below(3) {
                0 => relay.retire(county.ledger, now, actor, now.plus(-3_600_000), RetireReason::Lost).unwrap(),
                1 => {
                    let days = (date(2026, 1, 1), Some(day(4)));
                    relay
                        .grant(county.ledger, now, SUPERVISOR, Role::Supervisor, Scope::County, days)
                        .map(drop)
                        .unwrap();
                }
                _ => {
                    let key = SecretKey::from_seed(&[who + 100; 32]).public();
                    relay.enrol(county.ledger, now, key, Some(person(who)), None).map(drop).unwrap();
                }
            }
        }
    }
}

/// Makes a county by chance and follows it at random moments; gives the rows so, and the rows made anew.
fn run(seed: u64) -> [(Rows, Vec<DaySums>); 2] {
    let dir = tempfile::tempdir().unwrap();
    let mut store = SqliteLedger::open(&dir.path().join("relay.sqlite")).unwrap();
    let relay = Relay::new(CountyId(*b"hezhang1"), SecretKey::from_seed(&[7; 32]));
    let (projector, kept) = (Projector::new(relay.clone()), Kept::new(relay.clone()));
    let summed: Vec<Date> = (1..=12).map(day).collect();
    let rng = StdRng::seed_from_u64(seed);
    let mut chance = Chance { rng, now: at(2, 8, 0), entries: Vec::new(), visits: 0 };
    let mut phones = BTreeMap::new();
    store
        .transaction(|store| {
            let mut county = County { relay: &relay, ledger: store, phones: BTreeMap::new() };
            county.found();
            for i in 0..6 {
                let phone = county.phone(i, person(i));
                county.phones.insert(i, phone);
            }
            phones = county.phones;
            Ok::<_, sanji_core::sync::ledger::LedgerError>(())
        })
        .unwrap();
    for _ in 0..60 {
        store
            .transaction(|store| {
                let mut county = County { relay: &relay, ledger: store, phones: std::mem::take(&mut phones) };
                act(&mut chance, &mut county);
                phones = county.phones;
                Ok::<_, sanji_core::sync::ledger::LedgerError>(())
            })
            .unwrap();
        match chance.below(5) {
            0 => drop(store.transaction(|store| projector.catch_up(store)).unwrap()),
            // Sums are made at some instant, hold for a while, and are marked by what comes after.
            1 => {
                let bring = |store: &mut SqliteLedger| {
                    projector.catch_up(store)?;
                    let county = kept.county(store)?;
                    sums::fill(store.sql(), &county, &summed)?;
                    sums::bring(&kept, store, chance.now.secs())
                };
                store.transaction(bring).unwrap();
            }
            // A pass that is cut off leaves nothing behind that the next one wouldn't mend.
            2 => drop(store.transaction(|store| {
                projector.catch_up(store).unwrap();
                Err::<(), _>(sanji_core::sync::ledger::LedgerError::Full)
            })),
            _ => {}
        }
    }
    let mut end = |anew: bool| {
        let bring = |store: &mut SqliteLedger| {
            if anew {
                projector.rebuild(store)?
            } else {
                drop(projector.catch_up(store)?)
            }
            let county = kept.county(store)?;
            sums::fill(store.sql(), &county, &summed)?;
            sums::bring(&kept, store, chance.now.secs())
        };
        store.transaction(bring).unwrap();
        let all = |store: &mut SqliteLedger| -> Result<_, ProjectionError> {
            let mut days = Vec::new();
            for day in &summed {
                days.push(sums::on(&kept, store, *day, chance.now.secs(), [KELE, MAGU], 0)?);
            }
            Ok(days)
        };
        (dump(store.sql()).unwrap(), store.transaction(all).unwrap())
    };
    [end(false), end(true)]
}

#[test]
fn following_the_log_gives_the_same_rows_as_making_everything_anew() {
    let mut filled = Vec::new();
    for seed in 0..24 {
        let [(followed, sums), (anew, sums_anew)] = run(seed);
        for (day, (a, b)) in sums.iter().zip(&sums_anew).enumerate() {
            assert_eq!((a.behind, &a.known), (0, &b.known), "seed {seed}, sums of March {}", day + 1);
            assert_eq!(a.known.len(), 2);
        }
        for table in TABLES {
            let (a, b): (Vec<_>, Vec<_>) = (followed.of(table).collect(), anew.of(table).collect());
            assert_eq!(a, b, "seed {seed}, {}", table.name);
            if !a.is_empty() && !filled.contains(&table.name) {
                filled.push(table.name);
            }
        }
    }
    assert_eq!(filled.len(), TABLES.len(), "chance filled only {filled:?}");
}

#[tokio::test]
async fn a_serving_relay_follows_to_the_same_rows() {
    let town = Town::open().await;
    let clear = |store: &mut SqliteLedger, _| store.sql().execute("DELETE FROM view_state", []);
    town.app.writer.run(clear).await.unwrap().unwrap();
    assert!(town.pages.catch_up().await.unwrap().everything);
    let head = town.app.readers.read(|store| through(store.sql()).unwrap().unwrap()).unwrap();
    assert!(head.log.0 > 800, "it followed: {head:?}");
    let followed = town.app.readers.read(|store| dump(store.sql()).unwrap()).unwrap();
    let projector = Projector::new(town.app.relay.clone());
    let anew = town
        .app
        .writer
        .run(move |store, _| {
            projector.rebuild(store).unwrap();
            Ok::<_, ()>(dump(store.sql()).unwrap())
        })
        .await
        .unwrap()
        .unwrap();
    assert_eq!(followed, anew);
    assert_eq!(town.pages.catch_up().await.unwrap(), Default::default(), "nothing is left to do");
}

#[tokio::test]
async fn rows_of_another_past_are_made_anew() {
    let town = Town::open().await;
    let write = |sql: &'static str| town.app.writer.run(move |store, _| store.sql().execute(sql, []));
    write("UPDATE view_state SET log = log + 1000").await.unwrap().unwrap();
    write("UPDATE view_posting SET name = 'other'").await.unwrap().unwrap();
    assert!(town.pages.catch_up().await.unwrap().everything);
    assert_eq!(town.count("SELECT count(*) FROM view_posting WHERE name = 'other'"), 0);
    write("UPDATE view_state SET rules = 0").await.unwrap().unwrap();
    write("DELETE FROM view_check").await.unwrap().unwrap();
    town.pages.catch_up().await.unwrap();
    assert!(town.count("SELECT count(*) FROM view_check") > 500);
}

#[tokio::test]
async fn a_row_that_was_changed_from_outside_is_found() {
    let town = Town::open().await;
    let check = || town.app.readers.read(|store| Projector::new(town.app.relay.clone()).check(store).unwrap()).unwrap();
    let write = |sql: &'static str| town.app.writer.run(move |store, _| store.sql().execute(sql, []));
    assert_eq!(check(), Some(BTreeMap::new()));
    write("DELETE FROM view_leave").await.unwrap().unwrap();
    write("INSERT INTO view_request VALUES (x'00', 1, x'00', 1, 'pending', 0)").await.unwrap().unwrap();
    let faults = check().unwrap();
    assert_eq!(faults.keys().copied().collect::<Vec<_>>(), ["view_leave", "view_request"]);
    write("UPDATE view_state SET log = log - 1").await.unwrap().unwrap();
    assert_eq!(check(), None, "rows that are behind say nothing");
}

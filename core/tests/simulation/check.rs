//! What must hold: while it runs, and when everything that still exists has synced.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time};
use sanji_core::crypto::SecretKey;
use sanji_core::documents::county::County as CountyView;
use sanji_core::documents::duty::Duty;
use sanji_core::documents::register::Register;
use sanji_core::documents::school::School as SchoolView;
use sanji_core::ids::*;
use sanji_core::review::{CellInput, CountyFacts, cell};
use sanji_core::rules::{DayResult, Status};
use sanji_core::sync::message::{EntryNote, RetireReason, Via};
use sanji_core::sync::phone::state::{DeviceRow, load};
use sanji_core::sync::phone::{Pair, PhoneStore, Standing, StoreError, Table, scan_prefix, waiting};
use sanji_core::time::{UtcMs, UtcSecs, instant};

use crate::county::*;
use crate::stock::assert_loads;
use crate::world::{World, short};

/// When the office day of a primary school ends (HZ 二(一)1): what comes later can't make anybody present.
const END_OF_OFFICE: Time = jiff::civil::time(17, 0, 0, 0);

/// An entry as one side has it.
type Held = BTreeMap<(ActorId, u64), ([u8; 32], Option<EntryNote>)>;

impl World {
    /// No mark claims that something arrived which didn't.
    pub fn check_marks(&mut self) {
        let mut book = self.county.book();
        let marks: BTreeMap<ActorId, UtcMs> =
            book.devices().unwrap().into_iter().filter_map(|device| Some((device.actor(), device.mark?))).collect();
        for made in self.truth.made.iter().filter(|made| !made.perished && !self.truth.index.has(&made.place)) {
            let Some(device) = made.device.map(|at| &mut self.devices[at]).filter(|device| !device.split) else {
                continue;
            };
            for actor in [made.place.1.actor, made.now.actor, device.actor()] {
                if let Some(mark) = marks.get(&actor) {
                    // A phone that was put back to an older copy can't know of what it made since.
                    assert!(
                        *mark <= made.at || !device.holds(&made.place),
                        "{}'s mark {} is after {} {} which has not arrived",
                        device.name,
                        mark.secs().local(),
                        short(&made.place.1),
                        made.at.secs().local()
                    );
                }
            }
        }
    }

    /// Nobody is called absent, or short of anything, for a check that hasn't arrived from a device that the relay knows.
    pub fn check_cell(&mut self, posting: PostingId, date: Date) {
        let known: BTreeSet<ActorId> = self.county.book().devices().unwrap().iter().map(|row| row.actor()).collect();
        let unsent = self.truth.made.iter().any(|made| {
            made.check == Some((posting, date))
                && made.at.secs() < instant(date, END_OF_OFFICE)
                && !made.perished
                && !self.truth.index.has(&made.place)
                && made.device.is_some_and(|at| !self.devices[at].split && !self.revoked.contains(&at))
                && (known.contains(&made.place.1.actor) || known.contains(&made.now.actor))
        });
        if !unsent {
            return;
        }
        let Some(status) = self.status(posting, date) else { return };
        let waits = [
            Status::RestDay,
            Status::OnLeave,
            Status::Upcoming,
            Status::InProgress,
            Status::Present,
            Status::AwaitingSync,
        ];
        assert!(waits.contains(&status), "{date} of {posting} is {status:?} though a check has not arrived");
    }

    /// What the page says of a day now; `None` where it has nothing to judge by.
    pub fn status(&mut self, posting: PostingId, date: Date) -> Option<Status> {
        let row = self.county.book().posting(posting).unwrap()?;
        let mut journal = |doc| self.county.relay.journal(&mut self.county.ledger, doc).unwrap();
        let of_county = DocId::county(COUNTY, date);
        let facts = CountyFacts::new([(of_county.label, CountyView::of(&journal(of_county).fold()))]);
        let school = SchoolView::of(&journal(DocId::school(row.school, date)).fold());
        let register = Register::of(&journal(DocId::register(row.school, date)).fold());
        let duty = Duty::of(&journal(DocId::duty(posting, date)).fold());
        let mut devices = self.county.relay.device_facts(&mut self.county.ledger, &row.person.0).unwrap();
        devices.extend(self.county.relay.device_facts(&mut self.county.ledger, &row.school.0).unwrap());
        let input = CellInput {
            county: &facts,
            schools: &[school],
            registers: &[register],
            school: row.school,
            posting,
            duties: &[&duty],
            others: &[],
            devices: &devices,
            now: self.now.secs(),
        };
        match cell(&input, date)?.result {
            DayResult::Judged(verdict) => Some(verdict.status),
            DayResult::NotInForce(_) => None,
        }
    }

    /// Everything that still exists is on the relay.
    pub fn check_arrival(&mut self) {
        for made in self.truth.made.iter().filter(|made| !made.perished) {
            assert!(
                self.truth.index.has(&made.place),
                "{} in {} of {}, delivered {}, still exists and is not on the relay",
                short(&made.place.1),
                made.place.0,
                made.device.map_or("the desk", |at| self.devices[at].name.as_str()),
                made.delivered,
            );
        }
        for (at, device) in self.devices.iter_mut().enumerate() {
            if device.here && !self.revoked.contains(&at) {
                let left = device.disk.store.read(waiting).unwrap();
                assert_eq!(left, vec![], "{} still has something to send", device.name);
                assert_eq!(device.standing(), Standing::Fine, "{}", device.name);
            }
        }
    }

    /// Whether the relay tells a phone what arrives: the phone exists, and its key was neither revoked nor reported lost. A
    /// clone has the key of the phone that it was made of: once one of the two is lost, neither reads any more.
    fn reads(&mut self, at: usize) -> bool {
        let actor = self.devices[at].actor();
        let known = self.county.book().device_of(actor).unwrap();
        let lost = known.is_some_and(|row| row.retired_why == Some(RetireReason::Lost));
        self.devices[at].here && !self.revoked.contains(&at) && !lost
    }

    /// All who may read a document have the same entries, flags and placements.
    pub fn check_agreement(&mut self) {
        let docs = self.county.book().docs().unwrap();
        let mut relay: BTreeMap<DocId, Held> = BTreeMap::new();
        for (doc, _) in &docs {
            relay.insert(*doc, self.on_relay(*doc));
        }
        for at in 0..self.devices.len() {
            if !self.reads(at) {
                continue;
            }
            // What a new phone of the same person would get, this one has.
            let (person, school, now) = (self.devices[at].person, self.devices[at].school, self.now);
            let mut copy = self.county.ledger.clone();
            let key = SecretKey::from_seed(&[99; 32]).public();
            let kiosk = person.is_none().then_some(school);
            let new = self.county.relay.enrol(&mut copy, now, key, person, kiosk).unwrap();
            for (doc, theirs) in &relay {
                if !self.county.relay.may_read(&mut copy, now, &new, *doc).unwrap() {
                    continue;
                }
                let ours: Held = self.devices[at]
                    .entries(*doc)
                    .into_iter()
                    .map(|placed| ((placed.actor, placed.seq), (placed.row.hash.0, placed.row.note)))
                    .collect();
                self.compare(at, *doc, &ours, theirs);
            }
        }
    }

    /// Every phone knows the same of the devices in its scope as the relay: who waits for whom.
    pub fn check_devices(&mut self) {
        let all = self.county.book().devices().unwrap();
        for at in 0..self.devices.len() {
            let Some(person) = self.devices[at].person.filter(|_| self.reads(at)) else { continue };
            let head = [PRINCIPAL, DEPUTY].contains(&person);
            let mut scope = BTreeSet::from([person.0]);
            if head {
                scope.insert(SCHOOL.0);
                scope.extend(self.county.book().postings_of(&SCHOOL.0).unwrap().iter().map(|(_, row)| row.person.0));
            }
            let known: BTreeMap<u64, DeviceRow> = self.devices[at]
                .disk
                .store
                .read(|rows| {
                    let found = scan_prefix(rows, Table::Device, &[])?;
                    let row =
                        |(key, _): &Pair| Ok((number(key), load::<DeviceRow>(rows, Table::Device, key)?.unwrap()));
                    found.iter().map(row).collect::<Result<_, StoreError>>()
                })
                .unwrap();
            let name = &self.devices[at].name;
            for row in all.iter().filter(|row| row.via != Via::Desk) {
                let object = row.person.map(|p| p.0).or(row.school.map(|s| s.0)).unwrap();
                if !scope.contains(&object) {
                    continue;
                }
                let here = known.get(&row.number.0).unwrap_or_else(|| panic!("{name} doesn't know {:?}", row.actor()));
                let mark = row.mark.map(|mark| mark.secs().0);
                assert!(here.mark <= mark, "{name} has a later mark of {:?} than the relay", here.actor);
                assert_eq!(
                    (here.actor, here.since, here.retired, here.revoked),
                    (row.actor(), row.since, row.retired, row.revoked),
                    "{name} and the relay differ about device {}",
                    row.number.0
                );
            }
        }
    }

    fn compare(&self, at: usize, doc: DocId, ours: &Held, theirs: &Held) {
        let name = &self.devices[at].name;
        for (place, held) in theirs {
            match ours.get(place) {
                Some(here) => assert_eq!(here, held, "{name} and the relay differ in {doc} at {place:?}"),
                None => panic!("{name} lacks {place:?} of {doc}"),
            }
        }
        let more: Vec<_> = ours.keys().filter(|place| !theirs.contains_key(place)).collect();
        assert!(more.is_empty(), "{name} has {more:?} of {doc}, which the relay lacks");
    }

    fn on_relay(&mut self, doc: DocId) -> Held {
        let mut held = Held::new();
        for chain in self.county.book().chains_in(doc).unwrap() {
            for seq in 1..=chain.seq {
                let n = self.county.book().entry_no(chain.number, seq).unwrap().expect("no gap");
                let row = self.county.book().entry(n).unwrap().unwrap();
                held.insert((chain.actor, seq), (row.hash.0, Some(row.note())));
            }
        }
        held
    }

    /// What happened when lies in the interval that the relay gives it.
    pub fn check_time(&mut self) {
        for made in &self.truth.made {
            let Some(device) = made.device.map(|at| &self.devices[at]) else { continue };
            if device.split {
                continue;
            }
            for entry in [made.place.1, made.now] {
                let mut book = sanji_core::sync::relay::book::Book::new(COUNTY, &mut self.county.ledger);
                let Some(chain) = book.chain_of(made.place.0, entry.actor).unwrap() else { continue };
                let Some(n) = book.entry_no(chain.number, entry.seq).unwrap() else { continue };
                let row = book.entry(n).unwrap().unwrap();
                if row.hash.short() != entry.hash {
                    continue;
                }
                let (earliest, latest) = (UtcSecs(row.earliest).ms(), UtcSecs(row.latest).ms().plus(999));
                assert!(
                    earliest <= made.at && made.at <= latest,
                    "{}'s {} was made at {}, which is not in {}..{}",
                    device.name,
                    short(&entry),
                    made.at.secs().local(),
                    earliest.secs().local(),
                    latest.secs().local(),
                );
            }
        }
    }

    /// Stock Automerge loads every document and has exactly its entries.
    pub fn check_automerge(&mut self) {
        for (doc, _) in self.county.book().docs().unwrap() {
            assert_loads(COUNTY, &mut self.county.book(), doc);
        }
    }
}

fn number(key: &[u8]) -> u64 {
    u64::from_be_bytes(key.try_into().unwrap())
}

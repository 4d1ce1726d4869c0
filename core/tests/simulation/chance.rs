//! What goes wrong, and when: drawn by the seed.

use rand::RngExt;
use rand::seq::IndexedRandom;
use sanji_core::crypto::PublicKey;
use sanji_core::crypto::Signature;
use sanji_core::labels;
use sanji_core::records::Role;
use sanji_core::sync::ledger::MemoryLedger;
use sanji_core::sync::message::{Certificate, RetireReason};
use sanji_core::sync::phone::*;
use sanji_core::sync::relay::book::Book;

use crate::county::*;
use crate::device::Disk;
use crate::world::{Letter, What, World};

/// The faults that a seed may draw. Each seed has some of them, so that rare ones also meet alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    LoseRequest,
    LoseAnswer,
    CutRequest,
    CutAnswer,
    Duplicate,
    Late,
    DiskOfRelay,
    Kill,
    Reboot,
    ClockJump,
    SmallPages,
    Restore,
    RestoreElsewhere,
    Clone,
    Lost,
    Revoke,
    RollBack,
    Empty,
    Twin,
}

impl Fault {
    pub const ALL: [Fault; 19] = [
        Fault::LoseRequest,
        Fault::LoseAnswer,
        Fault::CutRequest,
        Fault::CutAnswer,
        Fault::Duplicate,
        Fault::Late,
        Fault::DiskOfRelay,
        Fault::Kill,
        Fault::Reboot,
        Fault::ClockJump,
        Fault::SmallPages,
        Fault::Restore,
        Fault::RestoreElsewhere,
        Fault::Clone,
        Fault::Lost,
        Fault::Revoke,
        Fault::RollBack,
        Fault::Empty,
        Fault::Twin,
    ];

    /// A fault that destroys something, or makes two of one: it comes seldom.
    fn heavy(self) -> bool {
        use Fault as F;
        matches!(
            self,
            F::Restore | F::RestoreElsewhere | F::Clone | F::Lost | F::Revoke | F::RollBack | F::Empty | F::Twin
        )
    }
}

impl World {
    /// Something that goes wrong by itself happens, if the seed has it.
    pub fn misfortune(&mut self, faults: &[Fault], old: &mut [Option<Disk>]) {
        let Some(fault) = faults.choose(&mut self.rng).copied() else { return };
        if fault.heavy() && !self.chance(12) {
            return;
        }
        let here: Vec<usize> = (0..self.devices.len()).filter(|at| self.devices[*at].here).collect();
        let Some(at) = here.choose(&mut self.rng).copied() else { return };
        match fault {
            Fault::Kill => {
                self.note(|w| format!("{} is killed", w.devices[at].name));
                self.devices[at].kill();
            }
            Fault::Reboot => {
                let now = self.now;
                self.devices[at].reboot(now);
            }
            Fault::ClockJump => {
                self.devices[at].clock.ahead = self.rng.random_range(-20_000_000..20_000_000);
                self.note(|w| {
                    format!("the clock of {} jumps to {} ms ahead", w.devices[at].name, w.devices[at].clock.ahead)
                });
            }
            Fault::SmallPages => {
                let device = &mut self.devices[at];
                device.limits = Limits { body: self.rng.random_range(100..2000), page: 4096, ..Limits::default() };
                device.kill();
            }
            Fault::Restore => self.restore(at, old, true),
            Fault::RestoreElsewhere => self.restore(at, old, false),
            Fault::Clone => {
                self.clone_phone(at);
            }
            Fault::Lost => self.lose(at),
            Fault::Revoke => self.revoke(at),
            Fault::RollBack => self.roll_back(),
            Fault::Empty => self.empty(),
            Fault::Twin => {
                self.roll_back();
                self.restore(at, old, true);
            }
            _ => {}
        }
    }

    /// A letter comes, or doesn't, as the seed's faults allow.
    pub fn post(&mut self, faults: &[Fault]) {
        if self.letters.is_empty() {
            return;
        }
        let at = self.rng.random_range(0..self.letters.len());
        let letter = self.letters.swap_remove(at);
        let name = self.devices[letter.device].name.clone();
        let fault = faults.choose(&mut self.rng).copied().filter(|_| self.chance(60));
        let lost = |w: &mut World, letter: &Letter| {
            w.note(|_| format!("a letter of {name}, push {}, is lost", letter.n));
            let now = w.now;
            w.devices[letter.device].handle(now, Event::Failed { n: letter.n });
        };
        match (fault, &letter.what) {
            (Some(Fault::LoseRequest), What::Request(_)) | (Some(Fault::LoseAnswer), What::Answer(_)) => {
                lost(self, &letter);
            }
            (Some(Fault::CutRequest), What::Request(body)) => {
                let cut = body[..self.rng.random_range(0..body.len())].to_vec();
                assert!(self.serve(&cut).is_err(), "a body that was cut is no body");
                lost(self, &letter);
            }
            (Some(Fault::CutAnswer), What::Answer(Ok(body))) => {
                let cut = body[..self.rng.random_range(0..body.len())].to_vec();
                self.deliver(Letter { what: What::Answer(Ok(cut)), ..letter });
            }
            (Some(Fault::Duplicate), _) => {
                self.letters.push(letter.clone());
                self.deliver(letter);
            }
            (Some(Fault::Late), _) => self.letters.push(letter),
            (Some(Fault::DiskOfRelay), What::Request(body)) => {
                let refusal = self.county.fail(self.now, body);
                self.letters.push(Letter { what: What::Answer(Err(refusal)), ..letter });
            }
            _ => self.deliver(letter),
        }
    }

    /// The phone's file is put back to an older copy; `outside` says whether what is kept beside the file is still there.
    pub fn restore(&mut self, at: usize, old: &mut [Option<Disk>], outside: bool) {
        let Some(disk) = old.get_mut(at).and_then(Option::take) else { return };
        self.note(|w| format!("{} is put back to an older copy, outside number {outside}", w.devices[at].name));
        let now = self.now;
        let device = &mut self.devices[at];
        let n = device.disk.outside;
        device.disk = Disk { store: disk.store, outside: if outside { n } else { disk.outside } };
        if !outside {
            device.split = true;
            device.clock.boot = format!("{}other:", device.clock.boot);
        }
        device.reboot(now);
        self.bury();
    }

    /// A second phone comes to be with all that the first has.
    pub fn clone_phone(&mut self, at: usize) -> usize {
        self.devices[at].split = true;
        self.went_back = true;
        let mut clone = self.devices[at].clone();
        clone.name = format!("{} cloned", clone.name);
        clone.clock.boot = format!("{}clone:", clone.clock.boot);
        clone.rng = rand::SeedableRng::seed_from_u64(self.rng.random());
        let now = self.now;
        clone.reboot(now);
        self.devices.push(clone);
        let new = self.devices.len() - 1;
        if self.revoked.contains(&at) {
            self.revoked.insert(new);
        }
        self.note(|w| format!("{} comes to be", w.devices[new].name));
        new
    }

    /// A phone is lost with what it had not sent; its person gets another one.
    pub fn lose(&mut self, at: usize) {
        let (actor, now) = (self.devices[at].actor(), self.now);
        self.note(|w| format!("{} is lost", w.devices[at].name));
        self.devices[at].here = false;
        self.letters.retain(|letter| letter.device != at || matches!(letter.what, What::Request(_)));
        if self.county.book().device_of(actor).unwrap().is_some() {
            self.county.relay.retire(&mut self.county.ledger, now, actor, now, RetireReason::Lost).unwrap();
        }
        self.bury();
        let (name, person, school) =
            (format!("{} anew", self.devices[at].name), self.devices[at].person, self.devices[at].school);
        let new = self.invited(&name, person, school);
        self.devices[new].posting = self.devices[at].posting;
    }

    pub fn revoke(&mut self, at: usize) {
        let (actor, now) = (self.devices[at].actor(), self.now);
        if self.county.book().device_of(actor).unwrap().is_some() {
            self.note(|w| format!("{} is revoked", w.devices[at].name));
            self.county.relay.revoke(&mut self.county.ledger, now, actor).unwrap();
            let same = (0..self.devices.len()).filter(|at| self.devices[*at].actor() == actor);
            self.revoked.extend(same.collect::<Vec<_>>());
            self.bury();
        }
    }

    /// The relay's file is put back to an older copy.
    pub fn roll_back(&mut self) {
        let Some(copy) = self.copies.choose(&mut self.rng).cloned() else { return };
        self.county.ledger = copy;
        self.went_back = true;
        self.truth.went_back(&mut self.county);
        self.note(|w| {
            format!("the relay goes back to {:?}", Book::new(COUNTY, &mut w.county.ledger.clone()).head().unwrap().n)
        });
        self.bury();
    }

    /// The relay starts with an empty store and the same keys.
    pub fn empty(&mut self) {
        self.county.ledger = MemoryLedger::default();
        self.went_back = true;
        let now = self.now;
        self.county.appoint(now);
        self.truth.went_back(&mut self.county);
        self.note(|_| "the relay is empty".into());
        self.bury();
    }

    /// A principal's phone enrols a newcomer's with no network, and writes the roster row.
    pub fn certify(&mut self, issuer: usize, name: &str) -> usize {
        let at = self.device(name, Some(NEWCOMER), SCHOOL);
        let key = self.devices[at].machine.forge().public();
        let forge = self.devices[issuer].machine.forge().clone();
        let today = self.now.secs().date();
        let expires = today.checked_add(jiff::ToSpan::days(20)).unwrap();
        let certificate = certificate(&forge, key, expires);
        self.devices[at].disk.store.write(|rows| show_certificate(rows, &certificate)).unwrap();
        let row = roster(NEWCOMER, posting(NEWCOMER), Role::Staff, today, None);
        self.record(issuer, &Draft::new(sanji_core::ids::DocId::school(SCHOOL, today), row), None);
        at
    }
}

/// A certificate of this issuer for a newcomer's key.
pub fn certificate(issuer: &Forge, key: PublicKey, expires: jiff::civil::Date) -> Certificate {
    let unsigned = Certificate {
        key,
        person: NEWCOMER,
        role: Role::Staff,
        school: SCHOOL,
        posting: Some(posting(NEWCOMER)),
        number: 1,
        expires,
        issuer: issuer.actor(),
        signature: Signature([0; 64]),
    };
    let signature = issuer.sign(labels::CERTIFICATE, &unsigned.signed_bytes(COUNTY));
    Certificate { signature, ..unsigned }
}

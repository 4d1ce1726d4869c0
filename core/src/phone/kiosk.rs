//! The kiosk of a school: a shared device at which people check in with a PIN. It reads no document; it knows names and PIN
//! verifiers, and recalls its own taps only.

use argon2::{Algorithm, Argon2, Params, Version};
use jiff::ToSpan;

use super::day::{CheckLine, EntryAt};
use super::error::{PhoneError, Problem, Result};
use super::handle::Phone;
use super::home::Home;
use crate::ids::{ActorId, DocId, PostingId, SchoolId};
use crate::labels;
use crate::records::field::Bytes;
use crate::records::{Direction, KioskCheck, KioskVoid, PinSet};
use crate::sync::phone::state::{KioskPerson, Wrong, WrongPins, fact, load, parse, set_fact};
use crate::sync::phone::{Clocks, Draft, PhoneStore, Recorded, StoreError, Table, scan_prefix};

/// For how many days a kiosk shows somebody their taps.
const DAYS_RECALLED: i32 = 14;

/// Wrong PINs of one person after which the kiosk makes them wait.
const TRIES: u32 = 5;
/// For how long, ms.
const PAUSE_MS: u64 = 60_000;

/// Somebody who may check in at this kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KioskEntry {
    /// The posting.
    pub posting: PostingId,
    /// The name.
    pub name: String,
    /// Whether a PIN is set; without one the person can't check in here.
    pub has_pin: bool,
}

/// The verifier of a PIN at a kiosk: Argon2id (8 MiB, 2 passes, 1 lane) over label, kiosk, posting and PIN. A PIN of few
/// digits can be guessed by whoever has the verifier; it keeps honest people apart, and the kiosk slows guesses down.
fn tag(kiosk: ActorId, posting: PostingId, pin: &str, salt: &[u8]) -> Result<[u8; 32]> {
    let failed = |e: argon2::Error| PhoneError::Failed(e.to_string());
    let params = Params::new(8 * 1024, 2, 1, Some(32)).map_err(failed)?;
    let mut tag = [0; 32];
    let message = [labels::PIN, &kiosk.0, &posting.0, pin.as_bytes()].concat();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(&message, salt, &mut tag)
        .map_err(failed)?;
    Ok(tag)
}

fn pin_shape(pin: &str) -> Result<()> {
    let digits = pin.bytes().all(|b| b.is_ascii_digit());
    if digits && (4..=8).contains(&pin.len()) {
        return Ok(());
    }
    Err(PhoneError::invalid("pin", Problem::PinShape))
}

/// Whether somebody has to wait. After a restart of the device, whose clock began anew, from its start.
fn pauses(tried: &WrongPins, clocks: &Clocks) -> bool {
    let begun = if tried.boot == clocks.boot { tried.at } else { 0 };
    tried.count >= TRIES && clocks.elapsed.saturating_sub(begun) < PAUSE_MS
}

impl Home {
    fn check_pin(&mut self, posting: PostingId, pin: &str) -> Result<()> {
        let clocks = self.clocks();
        let mut wrong = self.read(fact::<Wrong>)?.unwrap_or(Wrong { people: Vec::new() });
        let at = wrong.people.iter().position(|one| one.posting == posting);
        let tried = at.map(|at| wrong.people.swap_remove(at));
        if tried.as_ref().is_some_and(|tried| pauses(tried, &clocks)) {
            return Err(PhoneError::invalid("pin", Problem::PinPause));
        }
        let kiosk = self.member()?.machine.forge().actor();
        let row = self.read(|rows| load::<KioskPerson>(rows, Table::Kiosk, &posting.0))?;
        let row = row.ok_or_else(|| PhoneError::invalid("posting", Problem::NotListed))?;
        let Some((salt, expected)) = row.verifier.0.split_at_checked(16).filter(|(_, tag)| tag.len() == 32) else {
            return Err(PhoneError::invalid("pin", Problem::NoPin));
        };
        let given = tag(kiosk, posting, pin, salt)?;
        let same = given.iter().zip(expected).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0;
        if same && tried.is_none() {
            return Ok(());
        }
        if !same {
            let count = tried.map_or(0, |tried| tried.count).saturating_add(1);
            wrong.people.push(WrongPins { posting, count, boot: clocks.boot, at: clocks.elapsed });
        }
        self.store.write(|rows| set_fact(rows, &wrong))?;
        if same { Ok(()) } else { Err(PhoneError::invalid("pin", Problem::PinWrong)) }
    }
}

impl Phone {
    /// Who may check in at this kiosk, by name.
    ///
    /// # Errors
    /// When the store fails.
    pub fn kiosk_people(&self) -> Result<Vec<KioskEntry>> {
        self.with(|home| {
            let rows = home.read(|rows| {
                let mut found = Vec::new();
                for (key, bytes) in scan_prefix(rows, Table::Kiosk, &[])? {
                    let row: KioskPerson = parse(Table::Kiosk, &key, &bytes)?;
                    found.extend(PostingId::from_slice(&key).map(|posting| (posting, row)));
                }
                Ok::<_, StoreError>(found)
            })?;
            let entry = |(posting, row): (PostingId, KioskPerson)| KioskEntry {
                posting,
                name: row.name,
                has_pin: row.verifier.0.len() == 48,
            };
            let mut people: Vec<KioskEntry> = rows.into_iter().map(entry).collect();
            people.sort_by(|a, b| (&a.name, a.posting).cmp(&(&b.name, b.posting)));
            Ok(people)
        })
    }

    /// Checks somebody in or out at this kiosk, with that person's PIN.
    ///
    /// # Errors
    /// When the PIN is wrong or not set, the person isn't listed, or the entry can't be saved.
    pub fn kiosk_check(&self, posting: PostingId, pin: &str, direction: Direction) -> Result<Recorded> {
        self.record(|home| {
            home.check_pin(posting, pin)?;
            let date = home.now()?.date();
            Ok(Draft::new(DocId::duty(posting, date), KioskCheck { direction }))
        })
    }

    /// Takes back a check at this kiosk within five minutes, with the same PIN.
    ///
    /// # Errors
    /// As [`Phone::kiosk_check`], and [`PhoneError::TooLate`] after five minutes.
    pub fn kiosk_void(&self, at: &EntryAt, pin: &str) -> Result<Recorded> {
        self.record(|home| {
            let posting = at.doc.posting().ok_or(PhoneError::NotHere)?;
            home.check_pin(posting, pin)?;
            if !home.may_take_back(at)? {
                return Err(PhoneError::TooLate);
            }
            Ok(Draft::new(at.doc, KioskVoid {}).re([at.entry]))
        })
    }

    /// The last taps of a person at this kiosk, newest first, with that person's PIN. A kiosk recalls its own only.
    ///
    /// # Errors
    /// As [`Phone::kiosk_check`].
    pub fn kiosk_taps(&self, posting: PostingId, pin: &str, most: usize) -> Result<Vec<CheckLine>> {
        self.with(|home| {
            home.check_pin(posting, pin)?;
            let today = home.now()?.date();
            let before = today.saturating_sub(DAYS_RECALLED.days());
            let mut duties = home.duties(posting, today)?;
            duties.extend(home.duties(posting, before)?);
            duties.sort_by_key(|(doc, _)| *doc);
            duties.dedup_by_key(|(doc, _)| *doc);
            let mut found = Vec::new();
            for (doc, duty) in duties {
                for check in duty.checks.iter().filter(|check| check.judged.date() >= before) {
                    found.push(home.check_line(doc, check)?);
                }
            }
            found.sort_by_key(|line| std::cmp::Reverse((line.judged, line.at)));
            found.truncate(most);
            Ok(found)
        })
    }

    /// Sets the PIN of the own posting at every kiosk of its school; a principal names the posting of somebody who has no
    /// phone.
    ///
    /// # Errors
    /// When the PIN isn't 4 to 8 digits, the posting isn't of a school of this phone, the school has no kiosk, or an entry
    /// can't be saved: then the PIN may work at some of them, and is to be set again.
    pub fn set_pin(&self, posting: Option<PostingId>, pin: &str) -> Result<Vec<Recorded>> {
        pin_shape(pin)?;
        let (date, posting, school) = self.with(|home| {
            let date = home.now()?.date();
            let (posting, school) = home.posting_here(date, posting)?;
            Ok((date, posting, school))
        })?;
        let kiosks = self.kiosks(school)?;
        if kiosks.is_empty() {
            return Err(PhoneError::invalid("posting", Problem::NoKiosk));
        }
        let set = |kiosk| {
            self.record(|home| {
                let mut salt = [0; 16];
                home.rng.fill_bytes(&mut salt);
                let verifier = Bytes([&salt[..], &tag(kiosk, posting, pin, &salt)?].concat());
                let doc = DocId::duty(posting, date);
                let before = Home::versions(home.duty(doc)?.pins.get(&kiosk));
                Ok(Draft::new(doc, PinSet { kiosk, verifier }).re(before))
            })
        };
        kiosks.into_iter().map(set).collect()
    }

    /// The kiosks of a school, as far as this phone has heard of them.
    ///
    /// # Errors
    /// When the store fails.
    pub fn kiosks(&self, school: SchoolId) -> Result<Vec<ActorId>> {
        self.with(|home| {
            let devices = home.devices()?;
            let here = devices.iter().filter(|d| d.school == Some(school) && d.retired.is_none());
            Ok(here.map(|d| d.actor).collect())
        })
    }
}

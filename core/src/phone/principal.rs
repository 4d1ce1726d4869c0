//! What a principal or deputy does: decisions, corrections, checks for others, flags, kiosks, roster, new phones. Whether the
//! act counts is judged by the relay; the phone records it.

use jiff::ToSpan;
use jiff::civil::Date;

use super::day::EntryAt;
use super::error::{PhoneError, Problem, Result};
use super::handle::Phone;
use super::home::Home;
use crate::crypto::PublicKey;
use crate::documents::correction::RequestFact;
use crate::ids::{ActorId, DocId, PersonId, PostingId, SchoolId};
use crate::labels;
use crate::records::{
    Body, CheckOnBehalf, CheckTime, Decision, Direction, EntryRef, FlexibleHours, KioskOutage, Role, RosterSet,
};
use crate::review::act::{self, needed};
use crate::sync::enrol::Pass;
use crate::sync::message::Certificate;
use crate::sync::phone::state::{Certificates, fact, set_fact};
use crate::sync::phone::{Draft, PhoneStore, Recorded, StoreError};
use crate::time::UtcSecs;

/// How long a certificate may be shown: less than the 30 days that a relay allows, for a phone whose clock is a day off.
const CERTIFICATE_DAYS: i64 = 28;

/// Somebody new at a school, whose ids were drawn on this phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// The person.
    pub person: PersonId,
    /// The posting.
    pub posting: PostingId,
    /// The entry in the school's document.
    pub recorded: Recorded,
}

impl Home {
    /// The request of which `at` is a version.
    fn request(&mut self, at: &EntryAt) -> Result<RequestFact> {
        let duty = self.duty(at.doc)?;
        let has = |request: &&RequestFact| {
            request.row.all_now().chain(&request.row.before).any(|said| said.source.entry == at.entry)
        };
        duty.requests.iter().find(has).cloned().ok_or(PhoneError::NotHere)
    }

    /// A number for a certificate, used once.
    fn next_certificate(&mut self) -> Result<u64> {
        let next = self.store.write(|rows| {
            let next = fact::<Certificates>(rows)?.map_or(0, |c| c.last) + 1;
            set_fact(rows, &Certificates { last: next })?;
            Ok::<_, StoreError>(next)
        })?;
        Ok(next)
    }
}

/// Whether what was shown still stands: nobody decides on a version that they have not seen.
fn shown(at: &EntryAt, mut newest: impl Iterator<Item = EntryRef>) -> Result<()> {
    if newest.any(|entry| entry == at.entry) { Ok(()) } else { Err(PhoneError::invalid("request", Problem::Changed)) }
}

impl Phone {
    /// Decides a leave as it stands on this phone now: a change that comes later is pending again beyond it.
    ///
    /// # Errors
    /// When the leave isn't here, was withdrawn, or was changed since `at` was shown, or a refusal has no reason.
    pub fn decide_leave(&self, at: &EntryAt, decision: Decision, reason: Option<&str>) -> Result<Recorded> {
        self.record(|home| {
            let leave = home.leave(at)?;
            shown(at, leave.newest.iter().map(|said| said.source.entry))?;
            let (newest, said) = act::decide_leave(&leave, decision, reason)?;
            Ok(Draft::new(at.doc, said).re(newest))
        })
    }

    /// Decides a request for a correction.
    ///
    /// # Errors
    /// When the request isn't here or was changed since `at` was shown, or a refusal has no reason.
    pub fn decide_correction(&self, at: &EntryAt, decision: Decision, reason: Option<&str>) -> Result<Recorded> {
        self.record(|home| {
            let request = home.request(at)?;
            shown(at, request.row.all_now().map(|said| said.source.entry))?;
            let (versions, said) = act::decide_request(&request, decision, reason)?;
            Ok(Draft::new(at.doc, said).re(versions))
        })
    }

    /// Corrects a day for somebody else: `checks` count instead of the entries in `wrong`.
    ///
    /// # Errors
    /// When nothing is corrected, a check lies on another day, or no reason is given.
    pub fn correct(
        &self,
        posting: PostingId,
        date: Date,
        checks: Vec<CheckTime>,
        wrong: &[EntryRef],
        why: &str,
    ) -> Result<Recorded> {
        self.record(|_| {
            let body = act::correct(date, checks, wrong, why)?;
            Ok(Draft::new(DocId::duty(posting, date), body).re(wrong.iter().copied()))
        })
    }

    /// Grants flexible hours; `instead` names the earlier grant that this one changes.
    ///
    /// # Errors
    /// When the dates are in the wrong order or no ground is given.
    pub fn grant_flexible(
        &self,
        posting: PostingId,
        from: Date,
        to: Date,
        ground: &str,
        instead: Option<&EntryAt>,
    ) -> Result<Recorded> {
        self.record(|_| {
            if to < from {
                return Err(PhoneError::invalid("to", Problem::DatesBackwards));
            }
            let doc = instead.map_or(DocId::duty(posting, from), |at| at.doc);
            let body = FlexibleHours { from, to, ground: needed(ground)? };
            Ok(Draft::new(doc, body).re(instead.map(|at| at.entry)))
        })
    }

    /// The flexible hours that were granted to a posting and hold in this term, each with the entry that says so; those that
    /// begin last first.
    ///
    /// # Errors
    /// When the phone isn't enrolled or its store fails.
    pub fn flexible_hours(&self, posting: PostingId) -> Result<Vec<(EntryAt, FlexibleHours)>> {
        self.with(|home| {
            let today = home.now()?.date();
            let mut found = Vec::new();
            for (doc, duty) in home.duties(posting, today)? {
                let said = duty.flexible.iter().flat_map(|row| row.all_now());
                found.extend(said.map(|said| (EntryAt { doc, entry: said.source.entry }, said.value.clone())));
            }
            found.sort_by_key(|(at, hours)| (std::cmp::Reverse(hours.from), *at));
            Ok(found)
        })
    }

    /// Records a check for somebody who could not check.
    ///
    /// # Errors
    /// When no reason is given.
    pub fn check_on_behalf(
        &self,
        posting: PostingId,
        direction: Direction,
        at: UtcSecs,
        why: &str,
    ) -> Result<Recorded> {
        self.record(|_| {
            let body = CheckOnBehalf { direction, at, reason: needed(why)? };
            Ok(Draft::new(DocId::duty(posting, at.date()), body))
        })
    }

    /// Lifts the flag of an entry, so that it counts.
    ///
    /// # Errors
    /// When no reason is given.
    pub fn lift_flag(&self, at: &EntryAt, why: &str) -> Result<Recorded> {
        self.record(|_| Ok(Draft::new(at.doc, act::lift_flag(why)?).re([at.entry])))
    }

    /// Takes a kiosk out for a day, so that no cell waits for it.
    ///
    /// # Errors
    /// When no reason is given.
    pub fn kiosk_out_of_order(&self, school: SchoolId, kiosk: ActorId, date: Date, why: &str) -> Result<Recorded> {
        self.record(|_| {
            let body = KioskOutage { kiosk, date, reason: needed(why)? };
            Ok(Draft::new(DocId::register(school, date), body))
        })
    }

    /// Adds somebody new to a school's roster: person and posting are drawn here, without a network.
    ///
    /// # Errors
    /// When the name is empty, or the entry can't be saved.
    pub fn add_newcomer(
        &self,
        school: SchoolId,
        name: &str,
        role: Role,
        from: Date,
        teaches: bool,
    ) -> Result<Newcomer> {
        let name = name.trim().to_owned();
        if name.is_empty() {
            return Err(PhoneError::invalid("name", Problem::NameMissing));
        }
        let (person, posting) = self.with(|home| {
            let mut rng = home.rng.as_mut();
            Ok((PersonId::random(&mut rng), PostingId::random(&mut rng)))
        })?;
        let row = RosterSet { person, posting, name, role, from, to: None, teaches: Some(teaches) };
        let recorded = self.record(|_| Ok(Draft::new(DocId::school(school, from), row)))?;
        Ok(Newcomer { person, posting, recorded })
    }

    /// Changes a roster row: the newest version of the posting's row is replaced.
    ///
    /// # Errors
    /// When the school's document isn't here, or the entry can't be saved.
    pub fn set_roster(&self, school: SchoolId, row: RosterSet) -> Result<Recorded> {
        self.record(|home| {
            let date = home.now()?.date();
            let docs = home.school_docs()?;
            for doc in docs.into_iter().rev().filter(|doc| doc.school_id() == Some(school)) {
                let versions = Home::versions(home.school(doc)?.roster.get(&row.posting));
                if !versions.is_empty() {
                    return Ok(Draft::new(doc, row).re(versions));
                }
            }
            Ok(Draft::new(DocId::school(school, date), row))
        })
    }

    /// Makes a certificate for another phone's key, to be shown to it as a QR code: a member of staff with a posting, or,
    /// without one, the school's kiosk.
    ///
    /// # Errors
    /// When the phone isn't enrolled or its store fails.
    pub fn certify(&self, key: PublicKey, school: SchoolId, staff: Option<(PersonId, PostingId)>) -> Result<String> {
        self.with(|home| {
            let today = home.now()?.date();
            let expires = today.checked_add(CERTIFICATE_DAYS.days()).unwrap_or(today);
            let number = home.next_certificate()?;
            let member = home.member()?;
            let issuer = member.machine.forge();
            let mut certificate = Certificate {
                key,
                person: staff.map_or(PersonId([0; 8]), |(person, _)| person),
                role: if staff.is_some() { Role::Staff } else { Role::Kiosk },
                school,
                posting: staff.map(|(_, posting)| posting),
                number,
                expires,
                issuer: issuer.actor(),
                signature: crate::crypto::Signature([0; 64]),
            };
            let message = certificate.signed_bytes(issuer.county());
            certificate.signature = issuer.sign(labels::CERTIFICATE, &message);
            Ok(Pass { card: member.card.clone(), certificate }.to_qr())
        })
    }

    /// Records any entry: for shells and tests that know what they write. Authority is the relay's to judge.
    ///
    /// # Errors
    /// When the entry can't be saved.
    pub fn write(&self, doc: DocId, re: &[EntryRef], body: impl Into<Body>) -> Result<Recorded> {
        let body = body.into();
        self.record(|_| Ok(Draft::new(doc, body).re(re.iter().copied())))
    }
}

//! Letting a phone in again whose key is gone: its plea, the six digits, and who may approve it.

use jiff::ToSpan;

use super::book::Book;
use super::enrolment::Newcomer;
use super::rows::*;
use super::{Relay, RelayError};
use crate::crypto::sha256;
use crate::ids::{ActorId, PersonId};
use crate::labels;
use crate::sync::ledger::Ledger;
use crate::sync::message::{Refusal, RetireReason, Via};
use crate::sync::readmit::{APPROVAL_MS, ApprovalAnswer, ApprovalRequest, Asking, ReadmitAnswer, ReadmitRequest};
use crate::time::{UtcMs, midnight};

/// A plea is forgotten after so many days.
const PLEA_DAYS: i64 = 30;

/// The most pleas of one person that are kept.
const MOST_PLEAS: usize = 5;

/// After so many wrong digits the phone gets new ones.
const MOST_WRONG: u32 = 5;

impl Relay {
    /// The six digits that a phone shows.
    fn digits(&self, row: &PleaRow) -> u32 {
        let digest =
            sha256(&[labels::READMIT, &self.key.seed(), &self.county().0, &row.key.0, &row.round.to_be_bytes()]);
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]) % 1_000_000
    }

    /// Answers a phone that asks to be let in again. `open` opens what was sealed for the county.
    ///
    /// # Errors
    /// When the plea is another county's, names nobody who is known here, or its device was revoked; or the store fails.
    pub fn readmit(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        request: &ReadmitRequest,
        open: impl FnOnce(&[u8]) -> Option<[u8; 32]>,
    ) -> Result<ReadmitAnswer, RelayError> {
        let plea = &request.plea;
        if plea.county != self.county() {
            return Err(Refusal::Certificate("the phone is another county's".into()).into());
        }
        let actor = request.key.actor();
        let mut book = Book::new(self.county(), &mut *ledger);
        self.forget_pleas(&mut book, now)?;
        if let Some(device) = book.device_of(actor)? {
            if let Some(since) = device.revoked {
                return Err(Refusal::Revoked(since).into());
            }
            if plea.sealed.is_none() {
                return Ok(ReadmitAnswer::Enrolled(self.welcomed(ledger, now, &device)?));
            }
        }
        let old = book.device_of(plea.old)?;
        if let Some(since) = old.as_ref().and_then(|old| old.revoked) {
            return Err(Refusal::Revoked(since).into());
        }
        let of_another =
            |old: &DeviceRow| (old.person, old.school.filter(|_| old.person.is_none())) != (plea.person, plea.kiosk);
        if old.as_ref().is_some_and(of_another) || self.home_of(&mut book, now, plea.person, plea.kiosk)?.is_none() {
            return Err(Refusal::UnknownDevice.into());
        }
        let mut row = match book.plea(actor)? {
            Some(row) if (row.person, row.kiosk, row.old) == (plea.person, plea.kiosk, plea.old) => row,
            _ => PleaRow {
                key: request.key,
                person: plea.person,
                kiosk: plea.kiosk,
                old: plea.old,
                sealed: None,
                since: now,
                approved: None,
                wrong: 0,
                round: 0,
            },
        };
        if row.sealed != plea.sealed {
            // Consent is for what was asked for: it outlives only that nothing can be recovered after all.
            row.approved = row.approved.filter(|_| plea.sealed.is_none());
            row.sealed = plea.sealed.clone();
        }
        self.make_room(&mut book, &row)?;
        book.put_plea(actor, &row)?;
        if row.approved.is_none() {
            return Ok(ReadmitAnswer::Waiting(self.digits(&row)));
        }
        if let Some(key) = row.sealed.as_ref().and_then(|sealed| open(&sealed.0)) {
            return Ok(ReadmitAnswer::Recovered(key));
        }
        let device = self.let_in(&mut book, now, &row, old)?;
        Ok(ReadmitAnswer::Enrolled(self.welcomed(ledger, now, &device)?))
    }

    /// Enrols the new key. Nothing more comes from the old one: what it had not sent may be lost.
    fn let_in(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        row: &PleaRow,
        old: Option<DeviceRow>,
    ) -> Result<DeviceRow, RelayError> {
        let device = match book.device_of(row.key.actor())? {
            Some(device) => device,
            None => {
                // It has recorded since the old key was gone, so since the old device was last heard at the earliest.
                let earliest = midnight(row.since.secs().date().saturating_sub(PLEA_DAYS.days())).ms();
                let since = old.as_ref().map_or(earliest, |old| old.last_seen.unwrap_or(old.since));
                let newcomer = Newcomer {
                    key: row.key,
                    via: if row.person.is_some() { Via::Phone } else { Via::Kiosk },
                    person: row.person,
                    school: row.kiosk,
                    state: DeviceState::Active,
                    since,
                    certificate: None,
                    follows: None,
                };
                self.enrol_newcomer(book, now, newcomer)?
            }
        };
        if let Some(mut old) = old.filter(|old| old.retired.is_none()) {
            self.retire_row(book, now, &mut old, now, RetireReason::Broken)?;
        }
        book.drop_plea(row.key.actor())?;
        Ok(device)
    }

    /// Where a person works now, or a kiosk stands, and the person's name; none if nobody here knows them.
    fn home_of(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        person: Option<PersonId>,
        kiosk: Option<crate::ids::SchoolId>,
    ) -> Result<Option<(crate::ids::SchoolId, String)>, RelayError> {
        let Some(person) = person else {
            let Some(school) = kiosk else { return Ok(None) };
            return Ok(book.school(school)?.map(|_| (school, String::new())));
        };
        let today = now.secs().date();
        let mut postings = book.postings_of(&person.0)?;
        postings.sort_by_key(|(_, row)| (row.to.is_none_or(|to| today <= to), row.from));
        Ok(postings.pop().map(|(_, row)| (row.school, row.name)))
    }

    fn forget_pleas(&self, book: &mut Book<'_>, now: UtcMs) -> Result<(), RelayError> {
        let oldest = now.plus(-PLEA_DAYS * 86_400_000);
        for row in book.pleas()?.into_iter().filter(|row| row.since < oldest) {
            book.drop_plea(row.key.actor())?;
        }
        Ok(())
    }

    /// Keeps few pleas of one person: the oldest that nobody approved gives way.
    fn make_room(&self, book: &mut Book<'_>, new: &PleaRow) -> Result<(), RelayError> {
        let mut others = book.pleas()?;
        others.retain(|row| row.key != new.key && (row.person, row.kiosk) == (new.person, new.kiosk));
        others.sort_by_key(|row| (row.approved.is_some(), row.since));
        let excess = (others.len() + 1).saturating_sub(MOST_PLEAS);
        for row in others.iter().take(excess) {
            book.drop_plea(row.key.actor())?;
        }
        Ok(())
    }

    /// The phones that ask and wait, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn asking(&self, ledger: &mut dyn Ledger, now: UtcMs) -> Result<Vec<Asking>, RelayError> {
        let mut book = Book::new(self.county(), ledger);
        let mut found = Vec::new();
        for row in book.pleas()?.into_iter().filter(|row| row.approved.is_none()) {
            if let Some((school, name)) = self.home_of(&mut book, now, row.person, row.kiosk)? {
                let device = row.key.actor();
                let recovers = row.sealed.is_some();
                found.push(Asking { device, person: row.person, school, name, since: row.since, recovers });
            }
        }
        found.sort_by_key(|asking| (asking.since, asking.device));
        Ok(found)
    }

    /// Approves a phone that asks, if these are the digits that it shows: `false` if they are not. That the approver may do
    /// it is the caller's to check. After five wrong tries the phone gets new digits.
    ///
    /// # Errors
    /// When no such phone asks, or the store fails.
    pub fn approve(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        device: ActorId,
        digits: u32,
    ) -> Result<bool, RelayError> {
        let mut book = Book::new(self.county(), ledger);
        let mut row = book.plea(device)?.ok_or(Refusal::UnknownDevice)?;
        let right = self.digits(&row) == digits;
        if right {
            row.approved = row.approved.or(Some(now));
        } else {
            row.wrong += 1;
            if row.wrong >= MOST_WRONG {
                (row.wrong, row.round) = (0, row.round.saturating_add(1));
            }
        }
        book.put_plea(device, &row)?;
        Ok(right)
    }

    /// Whether a person heads the school of a phone that asks, and it isn't their own.
    ///
    /// # Errors
    /// When the store fails.
    pub fn may_approve(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        person: PersonId,
        asking: &Asking,
    ) -> Result<bool, RelayError> {
        Ok(asking.person != Some(person) && self.heads_now(ledger, now, person, asking.school)?)
    }

    /// Answers a head's phone: who asks at the schools that its person heads; where one is named, whether it is approved.
    /// Gives the approver too, for the trail of acts.
    ///
    /// # Errors
    /// When the request is too old, its device is unknown or may not, or the store fails.
    pub fn approvals(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        request: &ApprovalRequest,
    ) -> Result<(ApprovalAnswer, PersonId), RelayError> {
        let asks = &request.asks;
        let device = Book::new(self.county(), &mut *ledger).device_of(request.key.actor())?;
        let device = device.filter(|device| device.key == request.key).ok_or(Refusal::UnknownDevice)?;
        if let Some(since) = device.revoked {
            return Err(Refusal::Revoked(since).into());
        }
        let person = device.person.filter(|_| device.state == DeviceState::Active).ok_or(Refusal::UnknownDevice)?;
        let fresh = (now.0.saturating_sub(APPROVAL_MS)..=now.0.saturating_add(APPROVAL_MS)).contains(&asks.at.0);
        let mut approved = None;
        if let (Some(device), Some(digits), true) = (asks.device, asks.digits, fresh && asks.county == self.county()) {
            let asking = self.asking(ledger, now)?.into_iter().find(|asking| asking.device == device);
            let may = match &asking {
                Some(asking) => self.may_approve(ledger, now, person, asking)?,
                None => false,
            };
            approved = Some(may && self.approve(ledger, now, device, digits)?);
        }
        let mut mine = Vec::new();
        for asking in self.asking(ledger, now)? {
            if self.may_approve(ledger, now, person, &asking)? {
                mine.push(asking);
            }
        }
        Ok((ApprovalAnswer { asking: mine, approved, relay: now }, person))
    }
}

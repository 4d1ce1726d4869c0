//! How a device becomes known: by invitation, by a principal's certificate made without a network, by its old key, or by a
//! row that this relay once signed and now gets back.

use super::admission::is_confirmed;
use super::book::{Book, LogRow};
use super::rows::*;
use super::{Relay, RelayError};
use crate::crypto::{PublicKey, sha256};
use crate::ids::{ActorId, PersonId, SchoolId};
use crate::labels;
use crate::records::Role;
use crate::records::field::Bytes;
use crate::sync::ledger::{Ledger, Table};
use crate::sync::message::{Certificate, LogNo, Push, Refusal, RetireReason, Row, Scope, SignedRow, Successor, Via};
use crate::sync::wire;
use crate::time::UtcMs;
use jiff::ToSpan;

/// The most unconfirmed devices that one issuer may have.
const MAX_UNCONFIRMED: usize = 20;

/// The most days that a certificate may be valid.
const CERTIFICATE_DAYS: i64 = 30;

/// A device that isn't enrolled yet, and why it may be.
pub(super) struct Newcomer {
    pub key: PublicKey,
    pub via: Via,
    pub person: Option<PersonId>,
    pub school: Option<SchoolId>,
    pub state: DeviceState,
    pub since: UtcMs,
    pub certificate: Option<Certificate>,
    pub follows: Option<DeviceRow>,
}

impl Relay {
    /// Finds the reason for which an unknown key may push.
    pub(super) fn newcomer(&self, book: &mut Book<'_>, now: UtcMs, push: &Push) -> Result<Newcomer, RelayError> {
        let crate::sync::message::DeviceName::Key(key) = push.device else {
            return Err(Refusal::UnknownDevice.into());
        };
        if let Some(successor) = &push.successor {
            return self.by_successor(book, key, successor);
        }
        for row in push.rows.iter().filter(|row| self.is_own_row(row)) {
            if let Row::Revocation { actor, at } = row.row
                && actor == key.actor()
            {
                return Err(Refusal::Revoked(at).into());
            }
        }
        for row in push.rows.iter().filter(|row| self.is_own_row(row)) {
            if let Row::Enrolment { key: enrolled, person, school, at } = row.row
                && enrolled == key
            {
                let via = if person.is_some() { Via::Phone } else { Via::Kiosk };
                let state = DeviceState::Recovered;
                return Ok(Newcomer { key, via, person, school, state, since: at, certificate: None, follows: None });
            }
        }
        match &push.certificate {
            Some(certificate) => self.by_certificate(book, now, key, certificate),
            None => Err(Refusal::UnknownDevice.into()),
        }
    }

    fn by_successor(&self, book: &mut Book<'_>, key: PublicKey, successor: &Successor) -> Result<Newcomer, RelayError> {
        let old = book.device_of(successor.old)?.ok_or(Refusal::UnknownDevice)?;
        let signed = Successor::signed_bytes(self.county(), successor.old, &key);
        if successor.new != key || !old.key.verifies(labels::SUCCESSOR, &signed, &successor.signature) {
            return Err(Refusal::UnknownDevice.into());
        }
        if let Some(since) = old.revoked {
            return Err(Refusal::Revoked(since).into());
        }
        let (via, person, school, state) = (old.via, old.person, old.school, old.state);
        let state = if state == DeviceState::Closed { DeviceState::Unconfirmed } else { state };
        // It counts from when the old one did, and the old one for no day: what that had not sent is issued again.
        let since = old.since;
        Ok(Newcomer { key, via, person, school, state, since, certificate: None, follows: Some(old) })
    }

    fn by_certificate(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        key: PublicKey,
        certificate: &Certificate,
    ) -> Result<Newcomer, RelayError> {
        let refuse = |why: &str| RelayError::from(Refusal::Certificate(why.into()));
        let issuer = book.device_of(certificate.issuer)?.ok_or_else(|| refuse("its issuer isn't known here"))?;
        let signed = certificate.signed_bytes(self.county());
        if certificate.key != key || !issuer.key.verifies(labels::CERTIFICATE, &signed, &certificate.signature) {
            return Err(refuse("its signature doesn't fit"));
        }
        if issuer.revoked.is_some() || !is_confirmed(issuer.state) {
            return Err(refuse("its issuer may not enrol devices now"));
        }
        let today = now.secs().date();
        let last = today.checked_add(CERTIFICATE_DAYS.days()).unwrap_or(today);
        if certificate.expires < today || certificate.expires > last {
            return Err(refuse("it has expired, or is valid for more than 30 days"));
        }
        // The issuer must have held the grant when the relay last placed it.
        let held = issuer.last_seen.unwrap_or(issuer.since).secs().date();
        let mut may = false;
        if let Some(person) = issuer.person {
            for grant in book.grants_of(person)? {
                may |= grant.revoked.is_none()
                    && matches!(grant.role, Role::Principal | Role::Deputy)
                    && grant.scope == Scope::School(certificate.school)
                    && grant.from <= held
                    && grant.to.is_none_or(|to| held <= to);
            }
        }
        if !may {
            return Err(refuse("its issuer is no principal of that school"));
        }
        let via = match (certificate.role, certificate.posting) {
            (Role::Staff, Some(posting)) => {
                let taken = book.posting(posting)?;
                if taken.is_some_and(|row| row.person != certificate.person || row.school != certificate.school) {
                    return Err(refuse("its posting is another person's"));
                }
                Via::Phone
            }
            (Role::Kiosk, None) => Via::Kiosk,
            _ => return Err(refuse("its role is neither staff with a posting nor kiosk")),
        };
        let used = [&certificate.issuer.0[..], &be(certificate.number)].concat();
        if book.ledger.get(Table::Certificate, &used)?.is_some() {
            return Err(refuse("it was used before"));
        }
        if self.unconfirmed(book, certificate.issuer)?.len() >= MAX_UNCONFIRMED {
            return Err(refuse("its issuer has 20 devices that wait for confirmation"));
        }
        Ok(Newcomer {
            key,
            via,
            person: (via == Via::Phone).then_some(certificate.person),
            school: Some(certificate.school),
            state: DeviceState::Unconfirmed,
            // It may have recorded since the certificate was made.
            since: crate::time::midnight(certificate.expires.saturating_sub(CERTIFICATE_DAYS.days())).ms(),
            certificate: Some(certificate.clone()),
            follows: None,
        })
    }

    fn unconfirmed(&self, book: &mut Book<'_>, issuer: ActorId) -> Result<Vec<DeviceRow>, RelayError> {
        let rows =
            book.ledger.scan(Table::Certificate, &issuer.0, &super::book::after(&issuer.0), usize::MAX, false)?;
        let mut waiting = Vec::new();
        for (_, number) in rows {
            let device = book.device(LogNo(tail(&number)))?;
            waiting.extend(device.filter(|d| d.state == DeviceState::Unconfirmed && d.issuer == Some(issuer)));
        }
        Ok(waiting)
    }

    /// The issuer's next sync confirms the devices that it enrolled.
    pub(super) fn confirm_issued(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        issuer: &DeviceRow,
    ) -> Result<Vec<LogNo>, RelayError> {
        let mut confirmed = Vec::new();
        if is_confirmed(issuer.state) && issuer.revoked.is_none() {
            for mut device in self.unconfirmed(book, issuer.actor())? {
                self.confirm_row(book, now, &mut device)?;
                confirmed.push(device.number);
            }
        }
        Ok(confirmed)
    }

    /// Enrols a newcomer: a log row, a signed row for its owner, and what its reason implies.
    pub(super) fn enrol_newcomer(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        newcomer: Newcomer,
    ) -> Result<DeviceRow, RelayError> {
        let Newcomer { key, via, person, school, state, since, certificate, follows } = newcomer;
        let issuer = certificate.as_ref().map(|c| c.issuer);
        let mut device = DeviceRow {
            number: LogNo(0),
            key,
            person,
            school: if person.is_some() && issuer.is_none() { None } else { school },
            via,
            state,
            since,
            revoked: None,
            retired: None,
            retired_why: None,
            last_n: 0,
            last_seen: None,
            mark: None,
            mark_n: 0,
            mark_logged: None,
            entry_since_mark: false,
            revision: book.next_revision()?,
            mark_revision: 0,
            timeline: Bytes::default(),
            issuer,
            build: 0,
            follows: follows.as_ref().map(DeviceRow::actor),
            confirmed: None,
        };
        let row = self.sign_row(Row::Enrolment { key, person, school: device.school, at: since });
        device.number = book.log(now, &LogRow::Enrolment(row_hash(self, &row)))?;
        book.add_device(&device)?;
        book.adopt_chains(&device)?;
        for object in person.map(|p| p.0).into_iter().chain(school.map(|s| s.0)) {
            book.keep_row(&object, device.number, &row)?;
        }
        if let Some(certificate) = certificate {
            let used = [&certificate.issuer.0[..], &be(certificate.number)].concat();
            book.ledger.put(Table::Certificate, &used, &be(device.number.0))?;
            if let Some(posting) = certificate.posting
                && book.posting(posting)?.is_none()
            {
                let from = certificate.expires.checked_sub(CERTIFICATE_DAYS.days()).unwrap_or(certificate.expires);
                let revision = book.next_revision()?;
                let row = PostingRow {
                    person: certificate.person,
                    school: certificate.school,
                    name: String::new(),
                    from,
                    to: None,
                    entry: None,
                    revision,
                    pins: Bytes::default(),
                    role: Role::Staff,
                    teaches: false,
                    known: book.head()?.n,
                };
                book.put_posting(posting, &row)?;
            }
        }
        if let Some(mut old) = follows {
            let statement = sha256(&[labels::SUCCESSOR, &old.actor().0, &key.0]);
            book.log(now, &LogRow::Successor(old.actor(), statement))?;
            old.state = DeviceState::Closed;
            let as_of = old.since;
            self.retire_row(book, now, &mut old, as_of, RetireReason::Replaced)?;
        }
        Ok(device)
    }

    /// Enrols a device for a person (or, with a school, a kiosk) whose right to it was checked by the caller.
    ///
    /// # Errors
    /// When the store fails, or the key is another device's already.
    pub fn enrol(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        key: PublicKey,
        person: Option<PersonId>,
        school: Option<SchoolId>,
    ) -> Result<DeviceRow, RelayError> {
        let mut book = Book::new(self.county(), ledger);
        if let Some(device) = book.device_of(key.actor())? {
            let same = device.person == person && (person.is_some() || device.school == school);
            return if same {
                Ok(device)
            } else {
                Err(Refusal::Malformed("the key is enrolled already".into()).into())
            };
        }
        let via = if person.is_some() { Via::Phone } else { Via::Kiosk };
        let newcomer = Newcomer {
            key,
            via,
            person,
            school,
            state: DeviceState::Active,
            since: now,
            certificate: None,
            follows: None,
        };
        self.enrol_newcomer(&mut book, now, newcomer)
    }

    /// Makes an invitation for a person's next device, or a school's kiosk. `secret_hash` is how the caller will find it.
    ///
    /// # Errors
    /// When the store fails.
    pub fn invite(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        secret_hash: &[u8; 32],
        person: Option<PersonId>,
        school: Option<SchoolId>,
        expires: UtcMs,
    ) -> Result<(), RelayError> {
        let row = InvitationRow { person, school, expires, used: None, made: now };
        Ok(Book::new(self.county(), ledger).put_invitation(secret_hash, &row)?)
    }

    /// Enrols the device that shows an invitation's secret. A second use by the same key gives the same device.
    ///
    /// # Errors
    /// [`Refusal::Certificate`] says what is wrong with the invitation.
    pub fn accept_invitation(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        secret_hash: &[u8; 32],
        key: PublicKey,
    ) -> Result<DeviceRow, RelayError> {
        let refuse = |why: &str| RelayError::from(Refusal::Certificate(why.into()));
        let mut book = Book::new(self.county(), &mut *ledger);
        let mut row = book.invitation(secret_hash)?.ok_or_else(|| refuse("there is no such invitation"))?;
        if let Some(used) = row.used {
            let same = book.device(used)?.filter(|device| device.key == key);
            return same.ok_or_else(|| refuse("the invitation was used by another device"));
        }
        if row.expires < now {
            return Err(refuse("the invitation has expired; ask for a new one"));
        }
        let device = self.enrol(ledger, now, key, row.person, row.school)?;
        row.used = Some(device.number);
        Book::new(self.county(), ledger).put_invitation(secret_hash, &row)?;
        Ok(device)
    }

    /// Stops a device: it may not push any more.
    ///
    /// # Errors
    /// When there is no such device, or the store fails.
    pub fn revoke(&self, ledger: &mut dyn Ledger, now: UtcMs, actor: ActorId) -> Result<(), RelayError> {
        let mut book = Book::new(self.county(), ledger);
        let mut device = book.device_of(actor)?.ok_or(Refusal::UnknownDevice)?;
        self.revoke_row(&mut book, now, &mut device, now)
    }

    pub(super) fn revoke_row(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        device: &mut DeviceRow,
        at: UtcMs,
    ) -> Result<(), RelayError> {
        if device.revoked.is_some() {
            return Ok(());
        }
        let row = self.sign_row(Row::Revocation { actor: device.actor(), at });
        let n = book.log(now, &LogRow::Revocation(row_hash(self, &row)))?;
        device.revoked = Some(at);
        device.revision = book.next_revision()?;
        book.put_device(device)?;
        self.keep_device_row(book, device, n, &row)
    }

    /// Retires a device as of an instant: nothing waits for it after that. For a lost one, what was made later is flagged.
    ///
    /// # Errors
    /// When there is no such device, or the store fails.
    pub fn retire(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        actor: ActorId,
        as_of: UtcMs,
        why: RetireReason,
    ) -> Result<(), RelayError> {
        let mut book = Book::new(self.county(), ledger);
        let mut device = book.device_of(actor)?.ok_or(Refusal::UnknownDevice)?;
        self.retire_row(&mut book, now, &mut device, as_of, why)?;
        let entries = self.entries_by(&mut book, device.number, |_| true)?;
        self.settle(&mut book, now, entries)
    }

    pub(super) fn retire_row(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        device: &mut DeviceRow,
        as_of: UtcMs,
        why: RetireReason,
    ) -> Result<(), RelayError> {
        let row = self.sign_row(Row::Retirement { actor: device.actor(), as_of, why });
        let n = book.log(now, &LogRow::Retirement(row_hash(self, &row)))?;
        device.retired = Some(as_of);
        device.retired_why = Some(why);
        device.revision = book.next_revision()?;
        book.put_device(device)?;
        self.keep_device_row(book, device, n, &row)
    }

    /// Confirms a device that was enrolled by certificate or taken back from a signed row, and the entries of it that
    /// others brought back after this relay had gone back.
    ///
    /// # Errors
    /// When there is no such device, or the store fails.
    pub fn confirm(&self, ledger: &mut dyn Ledger, now: UtcMs, actor: ActorId) -> Result<(), RelayError> {
        let mut book = Book::new(self.county(), ledger);
        let mut device = book.device_of(actor)?.ok_or(Refusal::UnknownDevice)?;
        if matches!(device.state, DeviceState::Unconfirmed | DeviceState::Recovered) {
            self.confirm_row(&mut book, now, &mut device)?;
        }
        let entries = self.entries_by(&mut book, device.number, |_| true)?;
        for n in &entries {
            if let Some(row) = book.entry(*n)?.filter(|row| row.recovered_by.is_some()) {
                self.confirm_entry(&mut book, &device, *n, row)?;
            }
        }
        self.settle(&mut book, now, entries)
    }

    /// A confirmation is logged as the enrolment once more: what the device may read since then has a number beyond every
    /// cursor that it was given before.
    fn confirm_row(&self, book: &mut Book<'_>, now: UtcMs, device: &mut DeviceRow) -> Result<(), RelayError> {
        let (key, person, school, at) = (device.key, device.person, device.school, device.since);
        let row = self.sign_row(Row::Enrolment { key, person, school, at });
        device.confirmed = Some(book.log(now, &LogRow::Enrolment(row_hash(self, &row)))?);
        device.state = DeviceState::Active;
        device.revision = book.next_revision()?;
        Ok(book.put_device(device)?)
    }

    /// What another's phone brought back counts as if its device had. A desk's clock is this relay's own.
    fn confirm_entry(
        &self,
        book: &mut Book<'_>,
        device: &DeviceRow,
        n: LogNo,
        row: EntryRow,
    ) -> Result<(), RelayError> {
        let mut row = EntryRow { recovered_by: None, ..row };
        if device.via != Via::Desk {
            return Ok(book.put_entry(n, &row)?);
        }
        super::placement::place_by_own_clock(&mut row);
        book.renote(n, row)
    }

    fn keep_device_row(
        &self,
        book: &mut Book<'_>,
        device: &DeviceRow,
        n: LogNo,
        row: &SignedRow,
    ) -> Result<(), RelayError> {
        let mut objects: Vec<[u8; 8]> = device.person.map(|p| p.0).into_iter().collect();
        objects.extend(device.school.map(|s| s.0));
        if let Some(person) = device.person {
            objects.extend(book.postings_of(&person.0)?.into_iter().map(|(_, posting)| posting.school.0));
        }
        for object in objects {
            book.keep_row(&object, n, row)?;
        }
        Ok(())
    }

    /// Takes rows that a phone hands back after this relay went back: what stops a device applies at once, what lets
    /// somebody do something waits for confirmation.
    pub(super) fn take_back(&self, book: &mut Book<'_>, now: UtcMs, rows: &[SignedRow]) -> Result<(), RelayError> {
        for row in rows.iter().filter(|row| self.is_own_row(row)) {
            match &row.row {
                Row::Enrolment { key, person, school, at } => {
                    if book.device_of(key.actor())?.is_none() {
                        let newcomer = Newcomer {
                            key: *key,
                            via: if person.is_some() { Via::Phone } else { Via::Kiosk },
                            person: *person,
                            school: *school,
                            state: DeviceState::Recovered,
                            since: *at,
                            certificate: None,
                            follows: None,
                        };
                        self.enrol_newcomer(book, now, newcomer)?;
                    }
                }
                Row::Grant { n, person, role, scope, from, to } => {
                    // A grant that this log knows by its number is what the log says, however old a row is shown.
                    let known = book.grants_of(*person)?;
                    let same = |g: &GrantRow| g.role == *role && g.scope == *scope;
                    if !known.iter().any(|g| same(g) && (g.number == *n || g.from == *from)) {
                        self.add_grant(book, now, *person, *role, scope.clone(), (*from, *to), None, true)?;
                    }
                }
                Row::GrantRevoked { .. } => {}
                Row::Revocation { actor, at } => {
                    if let Some(mut device) = book.device_of(*actor)? {
                        self.revoke_row(book, now, &mut device, *at)?;
                    }
                }
                Row::Retirement { actor, as_of, why } => {
                    let device = book.device_of(*actor)?;
                    if let Some(mut device) = device.filter(|device| device.retired.is_none()) {
                        self.retire_row(book, now, &mut device, *as_of, *why)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Book<'_> {
    pub(super) fn keep_row(&mut self, object: &[u8; 8], n: LogNo, row: &SignedRow) -> Result<(), RelayError> {
        let key = [&object[..], &be(n.0)].concat();
        Ok(self.ledger.put(Table::Row, &key, &wire::encode_signed_row(row))?)
    }
}

/// What the log keeps of a signed row: it can't be guessed without the relay's signature.
pub(super) fn row_hash(relay: &Relay, row: &SignedRow) -> [u8; 32] {
    sha256(&[&wire::row_bytes(relay.county(), &row.row), &row.signature.0])
}

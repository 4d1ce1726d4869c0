//! What counts: each entry by itself, against the grants' days as the log stands now. An entry of the owner, kiosk or
//! school block is judged by its judged time; one of the principal, supervisor, administrator or office block counts if its
//! whole interval lies in the grant, and is unsure if only part does. What the table of policy.md section 7 doesn't allow
//! is not allowed. Nothing here refuses an entry: it is stored, and flagged with a reason.

use super::book::Book;
use super::rows::*;
use super::{Relay, RelayError};
use crate::ids::{DocId, DocKind, PersonId, PostingId, SchoolId, VisitId};
use crate::records::{Block, Body, Entry, EntryError, EntryRef, Role};
use crate::sync::ledger::{Ledger, Table};
use crate::sync::message::{FlagReason, LogNo, RetireReason, Scope, Via};
use crate::time::{UtcMs, UtcSecs, instant};
use jiff::civil::{Date, Time};

/// Those who decide at a school.
const HEADS: &[Role] = &[Role::Principal, Role::Deputy];
/// Those who review a scope.
const REVIEWERS: &[Role] = &[Role::Supervisor, Role::Inspector];
/// Those who may comment on a school of their scope.
const COMMENTERS: &[Role] = &[
    Role::Supervisor,
    Role::Inspector,
    Role::Township,
    Role::GroupLead,
    Role::GroupDeputy,
    Role::Liaison,
    Role::Principal,
    Role::Deputy,
];
/// Those whose role lets them visit without a posting.
const VISITORS: &[Role] = &[
    Role::Supervisor,
    Role::Inspector,
    Role::Township,
    Role::GroupLead,
    Role::GroupDeputy,
    Role::Principal,
    Role::Deputy,
    Role::Staff,
];

/// The kind of the entry that shares a visit with those who were observed.
const VISIT_SHARE: u16 = 152;

/// How much of an interval a grant covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Held {
    Not,
    Part,
    /// All of it, by a grant that a phone handed back and nobody has confirmed.
    Recovered,
    Whole,
}

impl Held {
    fn verdict(self) -> Option<FlagReason> {
        match self {
            Held::Whole => None,
            Held::Part => Some(FlagReason::AuthorityUnsure),
            Held::Recovered => Some(FlagReason::Recovered),
            Held::Not => Some(FlagReason::NoAuthority),
        }
    }
}

/// An entry with all that its authority depends on.
struct Case<'a> {
    row: &'a EntryRow,
    device: DeviceRow,
    block: Block,
    entry: Option<Entry>,
}

impl Case<'_> {
    fn person(&self) -> Option<PersonId> {
        self.device.person
    }

    fn judged(&self) -> (i64, i64) {
        (self.row.judged, self.row.judged)
    }

    fn interval(&self) -> (i64, i64) {
        (self.row.earliest, self.row.latest)
    }

    fn re(&self) -> &[EntryRef] {
        self.entry.as_ref().map_or(&[], |entry| &entry.re)
    }
}

impl Relay {
    /// Why an entry doesn't count now; `None` if it does.
    pub(super) fn judge(
        &self,
        book: &mut Book<'_>,
        n: LogNo,
        row: &EntryRow,
    ) -> Result<Option<FlagReason>, RelayError> {
        let reason = self.judge_alone(book, row)?;
        match reason {
            None | Some(FlagReason::Unreadable | FlagReason::OwnRequest | FlagReason::Twin) => Ok(reason),
            Some(_) if self.lifted(book, n, row)? => Ok(None),
            Some(_) => Ok(reason),
        }
    }

    fn judge_alone(&self, book: &mut Book<'_>, row: &EntryRow) -> Result<Option<FlagReason>, RelayError> {
        let Some(value) = &row.value else { return Ok(None) };
        let chain = book.chain(row.chain)?;
        let Some(device) = chain.map(|c| book.device(c.device)).transpose()?.flatten() else {
            return Ok(Some(FlagReason::Recovered));
        };
        let Some(block) = Block::of(row.kind) else { return Ok(Some(FlagReason::Unreadable)) };
        let entry = match Entry::from_bytes(&value.0) {
            Ok(entry) => Some(entry),
            Err(EntryError::NewerKind(_)) => None,
            Err(_) => return Ok(Some(FlagReason::Unreadable)),
        };
        let case = Case { row, device, block, entry };
        if let (Some(as_of), Some(RetireReason::Lost)) = (case.device.retired, case.device.retired_why)
            && row.judged > as_of.secs().0
        {
            return Ok(Some(FlagReason::AfterLoss));
        }
        if let Some(revoked) = case.device.revoked
            && book.reading(case.device.number, row.push)?.is_some_and(|reading| reading.arrival >= revoked)
        {
            return Ok(Some(FlagReason::AfterRevocation));
        }
        // What one's own other phone brought back is one's own.
        if row.recovered_by.is_some() && row.recovered_by != case.device.person {
            return Ok(Some(FlagReason::Recovered));
        }
        let verdict = match row.doc.kind {
            DocKind::Duty => self.judge_duty(book, &case)?,
            DocKind::County => self.administrator(book, &case)?,
            DocKind::School => self.judge_school(book, &case)?,
            DocKind::Register => self.judge_register(book, &case)?,
            DocKind::Visit => self.judge_visit(book, &case)?,
            DocKind::OfficeEnrolment => self.judge_office(book, &case, Some(Role::CoordinatorEnrolment))?,
            DocKind::OfficeFees => self.judge_office(book, &case, Some(Role::CoordinatorFees))?,
            DocKind::OfficeStaff => self.judge_office(book, &case, None)?,
        };
        if verdict.is_some() {
            return Ok(verdict);
        }
        self.judge_enrolment(book, &case)
    }

    /// A device that waits for confirmation counts for its own duty only.
    fn judge_enrolment(&self, book: &mut Book<'_>, case: &Case<'_>) -> Result<Option<FlagReason>, RelayError> {
        let reason = match case.device.state {
            DeviceState::Active | DeviceState::Closed => return Ok(None),
            DeviceState::Unconfirmed => FlagReason::Unconfirmed,
            DeviceState::Recovered => FlagReason::Recovered,
        };
        let own = match case.row.doc.posting() {
            Some(posting) => {
                let row = book.posting(posting)?;
                case.block == Block::Owner && row.is_some_and(|row| Some(row.person) == case.person())
            }
            None => false,
        };
        Ok((!own).then_some(reason))
    }

    fn judge_duty(&self, book: &mut Book<'_>, case: &Case<'_>) -> Result<Option<FlagReason>, RelayError> {
        let posting = PostingId(case.row.doc.object);
        let Some(row) = book.posting(posting)? else { return Ok(Some(FlagReason::NoAuthority)) };
        let within = covers_days(case.judged(), row.from, row.to) == Held::Whole;
        let own = Some(row.person) == case.person();
        match case.block {
            Block::Owner if own && case.device.via != Via::Kiosk => Ok((!within).then_some(FlagReason::OutsidePosting)),
            // A PIN is set on the person's phone, or by the principal for somebody who has none.
            Block::Owner if matches!(case.entry.as_ref().map(|e| &e.body), Some(Body::PinSet(_))) => {
                Ok(self.held(book, case, HEADS, row.school, case.interval())?.verdict())
            }
            Block::Kiosk if case.device.via == Via::Kiosk && case.device.school == Some(row.school) => {
                Ok((!within).then_some(FlagReason::OutsidePosting))
            }
            Block::Principal => match case.person() {
                Some(person) => self.rules_on(book, person, &row, case.interval()),
                None => Ok(Some(FlagReason::NoAuthority)),
            },
            _ => Ok(Some(FlagReason::NoAuthority)),
        }
    }

    /// Why `person` may not decide on and correct what belongs to a posting; `None` if that person may. Nobody does so for
    /// themselves; for a principal's own posting a reviewer of the scope may.
    fn rules_on(
        &self,
        book: &mut Book<'_>,
        person: PersonId,
        row: &PostingRow,
        interval: (i64, i64),
    ) -> Result<Option<FlagReason>, RelayError> {
        if row.person == person {
            return Ok(Some(FlagReason::OwnRequest));
        }
        let heads = self.person_holds(book, person, HEADS, row.school, interval)?;
        if heads == Held::Whole {
            return Ok(None);
        }
        let of_head = self.is_head(book, row.person, row.school, interval)?;
        let reviewers =
            if of_head { self.person_holds(book, person, REVIEWERS, row.school, interval)? } else { Held::Not };
        Ok(heads.max(reviewers).verdict())
    }

    /// Whether a person may now decide on and correct what belongs to a posting, and lift flags there.
    ///
    /// # Errors
    /// When the store fails.
    pub fn may_rule(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        person: PersonId,
        posting: PostingId,
    ) -> Result<bool, RelayError> {
        let mut book = Book::new(self.county(), ledger);
        let Some(row) = book.posting(posting)? else { return Ok(false) };
        Ok(self.rules_on(&mut book, person, &row, (now.secs().0, now.secs().0))?.is_none())
    }

    /// Whether a person is now a head of a school: its principal or a deputy.
    ///
    /// # Errors
    /// When the store fails.
    pub fn heads_now(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        person: PersonId,
        school: SchoolId,
    ) -> Result<bool, RelayError> {
        let instant = (now.secs().0, now.secs().0);
        let held = self.person_holds(&mut Book::new(self.county(), ledger), person, HEADS, school, instant)?;
        Ok(held == Held::Whole)
    }

    fn judge_school(&self, book: &mut Book<'_>, case: &Case<'_>) -> Result<Option<FlagReason>, RelayError> {
        let school = SchoolId(case.row.doc.object);
        let administrator = self.administrator(book, case)?;
        if case.block == Block::Administrator || administrator.is_none() {
            return Ok(administrator);
        }
        if case.block != Block::Principal {
            return Ok(Some(FlagReason::NoAuthority));
        }
        if let Some(Body::RosterSet(roster)) = case.entry.as_ref().map(|entry| &entry.body) {
            // Whom the county names, the county names: a principal makes no principals, and sets no own row.
            if !matches!(roster.role, Role::Staff | Role::CoordinatorEnrolment | Role::CoordinatorFees) {
                return Ok(Some(FlagReason::NoAuthority));
            }
            if Some(roster.person) == case.person() {
                return Ok(Some(FlagReason::OwnRequest));
            }
        }
        Ok(self.held(book, case, HEADS, school, case.interval())?.verdict())
    }

    fn judge_register(&self, book: &mut Book<'_>, case: &Case<'_>) -> Result<Option<FlagReason>, RelayError> {
        let school = SchoolId(case.row.doc.object);
        let body = case.entry.as_ref().map(|entry| &entry.body);
        match case.block {
            Block::School => {
                let staff = self.on_staff(book, case, school)?;
                let heads = self.held(book, case, HEADS, school, case.judged())?;
                if matches!(body, Some(Body::Comment(_))) {
                    let comment = self.held(book, case, COMMENTERS, school, case.judged())?;
                    return Ok(staff.max(comment).verdict());
                }
                if staff.max(heads) == Held::Whole
                    && matches!(body, Some(Body::Session(_)))
                    && heads != Held::Whole
                    && !self.amends_own(book, case)?
                {
                    return Ok(Some(FlagReason::NoAuthority));
                }
                Ok(staff.max(heads).verdict())
            }
            Block::Principal => {
                let mut held = self.held(book, case, HEADS, school, case.interval())?;
                if matches!(body, Some(Body::ServicePlan(_))) {
                    let drafts = &[Role::CoordinatorEnrolment, Role::CoordinatorFees];
                    held = held.max(self.held(book, case, drafts, school, case.interval())?);
                }
                Ok(held.verdict())
            }
            Block::Supervisor => Ok(self.held(book, case, REVIEWERS, school, case.interval())?.verdict()),
            _ => Ok(Some(FlagReason::NoAuthority)),
        }
    }

    /// An amendment of a session is its leader's: of whoever recorded it, or is named in it.
    fn amends_own(&self, book: &mut Book<'_>, case: &Case<'_>) -> Result<bool, RelayError> {
        for reference in case.re() {
            let Some((_, target)) = self.find(book, case.row, reference)? else { continue };
            let author = book.chain(target.chain)?.map(|c| book.device(c.device)).transpose()?.flatten();
            if author.is_some_and(|device| device.person.is_some() && device.person == case.person()) {
                continue;
            }
            let session = target.value.and_then(|v| Entry::from_bytes(&v.0).ok()).map(|entry| entry.body);
            let Some(Body::Session(session)) = session else { return Ok(false) };
            let mut led = false;
            for posting in session.instructors.iter().filter_map(|i| i.posting) {
                led |= book.posting(posting)?.is_some_and(|row| Some(row.person) == case.person());
            }
            if !led {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn judge_visit(&self, book: &mut Book<'_>, case: &Case<'_>) -> Result<Option<FlagReason>, RelayError> {
        let doc = book.doc(case.row.doc)?;
        let host = doc.as_ref().and_then(|row| row.host);
        let body = case.entry.as_ref().map(|entry| &entry.body);
        let (Some(person), Block::School | Block::Principal) = (case.person(), case.block) else {
            return Ok(Some(FlagReason::NoAuthority));
        };
        if case.block == Block::Principal {
            let Some(host) = host else { return Ok(Some(FlagReason::NoAuthority)) };
            return Ok(self.held(book, case, HEADS, host, case.interval())?.verdict());
        }
        if let Some(Body::VisitPlan(plan)) = body {
            let owner = doc.and_then(|row| row.owner);
            if owner.is_some_and(|owner| owner != person) {
                return Ok(Some(FlagReason::NoAuthority));
            }
            let inspection = plan.kind == crate::records::VisitKind::Inspection;
            let roles = if inspection { &[Role::Supervisor, Role::Inspector, Role::Township][..] } else { VISITORS };
            return Ok(self.holds_any(book, case, roles)?.verdict());
        }
        let held = match body {
            Some(Body::Comment(_)) => self.comments(book, person, case.row.doc, case.judged())?,
            // With whom the visit was shared, answers; who takes part writes everything else.
            Some(Body::ObservedAnswer(_)) => part_in(book, person, case.row.doc, true, case.judged())?,
            _ => part_in(book, person, case.row.doc, false, case.judged())?,
        };
        Ok(held.verdict())
    }

    /// How much of an interval a person's right to comment on a visit covers: who takes part may, and whoever reviews the
    /// host's scope; the host's heads once it is opened there.
    fn comments(
        &self,
        book: &mut Book<'_>,
        person: PersonId,
        visit: DocId,
        interval: (i64, i64),
    ) -> Result<Held, RelayError> {
        let held = part_in(book, person, visit, false, interval)?;
        let Some(DocRow { host: Some(host), opened, .. }) = book.doc(visit)? else { return Ok(held) };
        let heard = |role: &&Role| opened.is_some() || !HEADS.contains(role);
        let roles: Vec<Role> = COMMENTERS.iter().filter(heard).copied().collect();
        Ok(held.max(self.person_holds(book, person, &roles, host, interval)?))
    }

    /// Whether a person may now comment on a visit.
    ///
    /// # Errors
    /// When the store fails.
    pub fn may_comment(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        person: PersonId,
        visit: DocId,
    ) -> Result<bool, RelayError> {
        let instant = (now.secs().0, now.secs().0);
        Ok(self.comments(&mut Book::new(self.county(), ledger), person, visit, instant)? == Held::Whole)
    }

    fn judge_office(
        &self,
        book: &mut Book<'_>,
        case: &Case<'_>,
        coordinator: Option<Role>,
    ) -> Result<Option<FlagReason>, RelayError> {
        if case.block != Block::Office {
            return Ok(Some(FlagReason::NoAuthority));
        }
        let mut roles = HEADS.to_vec();
        roles.extend(coordinator);
        Ok(self.held(book, case, &roles, SchoolId(case.row.doc.object), case.interval())?.verdict())
    }

    fn administrator(&self, book: &mut Book<'_>, case: &Case<'_>) -> Result<Option<FlagReason>, RelayError> {
        let Some(person) = case.person() else { return Ok(Some(FlagReason::NoAuthority)) };
        if !matches!(case.block, Block::Administrator | Block::Principal) {
            return Ok(Some(FlagReason::NoAuthority));
        }
        let mut held = Held::Not;
        for grant in book.grants_of(person)? {
            if grant.revoked.is_none() && grant.role == Role::Administrator && grant.scope == Scope::County {
                held = held.max(of_grant(&grant, case.interval()));
            }
        }
        Ok(held.verdict())
    }

    /// How much of `interval` the author's grants of these roles over this school cover.
    fn held(
        &self,
        book: &mut Book<'_>,
        case: &Case<'_>,
        roles: &[Role],
        school: SchoolId,
        interval: (i64, i64),
    ) -> Result<Held, RelayError> {
        match case.person() {
            Some(person) => self.person_holds(book, person, roles, school, interval),
            None => Ok(Held::Not),
        }
    }

    fn person_holds(
        &self,
        book: &mut Book<'_>,
        person: PersonId,
        roles: &[Role],
        school: SchoolId,
        interval: (i64, i64),
    ) -> Result<Held, RelayError> {
        let mut held = Held::Not;
        for grant in book.grants_of(person)? {
            if grant.revoked.is_none() && roles.contains(&grant.role) && self.over(book, &grant.scope, school)? {
                held = held.max(of_grant(&grant, interval));
            }
        }
        Ok(held)
    }

    fn holds_any(&self, book: &mut Book<'_>, case: &Case<'_>, roles: &[Role]) -> Result<Held, RelayError> {
        let mut held = Held::Not;
        if let Some(person) = case.person() {
            for grant in book.grants_of(person)? {
                if grant.revoked.is_none() && roles.contains(&grant.role) {
                    held = held.max(of_grant(&grant, case.judged()));
                }
            }
        }
        Ok(held)
    }

    fn is_head(
        &self,
        book: &mut Book<'_>,
        person: PersonId,
        school: SchoolId,
        interval: (i64, i64),
    ) -> Result<bool, RelayError> {
        Ok(self.person_holds(book, person, HEADS, school, interval)? != Held::Not)
    }

    fn on_staff(&self, book: &mut Book<'_>, case: &Case<'_>, school: SchoolId) -> Result<Held, RelayError> {
        let mut held = Held::Not;
        if let Some(person) = case.person() {
            for (_, posting) in book.postings_of(&person.0)? {
                if posting.school == school {
                    held = held.max(covers_days(case.judged(), posting.from, posting.to));
                }
            }
        }
        Ok(held)
    }

    /// Whether a scope covers a school.
    pub(super) fn over(&self, book: &mut Book<'_>, scope: &Scope, school: SchoolId) -> Result<bool, RelayError> {
        Ok(match scope {
            Scope::County => true,
            Scope::School(id) => *id == school,
            Scope::Township(name) => book.school(school)?.is_some_and(|row| row.township == *name),
            Scope::Group(group) => book.school(school)?.is_some_and(|row| row.groups.contains(group)),
            Scope::Posting(_) | Scope::Visit(_) => false,
        })
    }

    /// The entry of the same document that a reference names, if it is here and is that one.
    pub(super) fn find(
        &self,
        book: &mut Book<'_>,
        from: &EntryRow,
        reference: &EntryRef,
    ) -> Result<Option<(LogNo, EntryRow)>, RelayError> {
        let Some(chain) = book.chain_of(from.doc, reference.actor)? else { return Ok(None) };
        let Some(n) = book.entry_no(chain.number, reference.seq)? else { return Ok(None) };
        Ok(book.entry(n)?.filter(|entry| entry.hash.short() == reference.hash).map(|entry| (n, entry)))
    }

    /// Whether a counting entry of somebody else lifts the flag of this one.
    fn lifted(&self, book: &mut Book<'_>, n: LogNo, row: &EntryRow) -> Result<bool, RelayError> {
        let author = book.chain(row.chain)?.map(|c| book.device(c.device)).transpose()?.flatten();
        let author = author.and_then(|device| device.person);
        for lift in book.tails(Table::Meta, &lift_key(n, None), &[], usize::MAX)? {
            let Some(lift) = book.entry(LogNo(tail(&lift)))? else { continue };
            let by = book.chain(lift.chain)?.map(|c| book.device(c.device)).transpose()?.flatten();
            let other = by.and_then(|device| device.person) != author || author.is_none();
            if lift.flag().is_none() && other {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The key under which it stands that entry `by` lifts the flag of entry `n`.
pub(super) fn lift_key(n: LogNo, by: Option<LogNo>) -> Vec<u8> {
    let mut key = [b"lift".as_slice(), &be(n.0)].concat();
    key.extend(by.iter().flat_map(|by| be(by.0)));
    key
}

/// How much of an interval a person's part in a visit covers: of those who take part, or of those with whom it was shared.
fn part_in(
    book: &mut Book<'_>,
    person: PersonId,
    visit: DocId,
    shared: bool,
    interval: (i64, i64),
) -> Result<Held, RelayError> {
    let mut held = Held::Not;
    for grant in book.grants_of(person)? {
        if grant.scope != Scope::Visit(VisitId(visit.object)) || grant.revoked.is_some() {
            continue;
        }
        let from = grant.entry.map(|n| book.entry(n)).transpose()?.flatten();
        if shared == from.is_some_and(|entry| entry.kind == VISIT_SHARE) {
            held = held.max(of_grant(&grant, interval));
        }
    }
    Ok(held)
}

fn of_grant(grant: &GrantRow, interval: (i64, i64)) -> Held {
    match covers_days(interval, grant.from, grant.to) {
        Held::Whole if grant.recovered == Some(true) => Held::Recovered,
        held => held,
    }
}

/// How much of an interval (seconds, both ends included) lies in the days from `from` to `to`.
fn covers_days(interval: (i64, i64), from: Date, to: Option<Date>) -> Held {
    let start = instant(from, Time::midnight()).0;
    let end = to.map_or(i64::MAX, |to| end_of(to).0);
    if interval.0 >= start && interval.1 < end {
        Held::Whole
    } else if interval.1 >= start && interval.0 < end {
        Held::Part
    } else {
        Held::Not
    }
}

/// The first second after a day.
fn end_of(day: Date) -> UtcSecs {
    instant(day.tomorrow().unwrap_or(day), Time::midnight())
}

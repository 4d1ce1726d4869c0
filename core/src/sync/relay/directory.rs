//! What counting entries say about people, postings, schools and grants. The relay keeps it as tables of its own, made from
//! the entries alone, and writes the grants that follow from an entry in the same transaction as the entry.

use super::authority::lift_key;
use super::book::{Book, LogRow};
use super::enrolment::row_hash;
use super::rows::*;
use super::{Relay, RelayError};
use crate::ids::{DocId, DocKind, GroupId, PersonId, PostingId, SchoolId, VisitId};
use crate::records::field::Bytes;
use crate::records::{Body, Entry, MembershipSet, PinSet, Role, RosterSet, SchoolSet, VisitPlan, VisitShare};
use crate::sync::ledger::Table;
use crate::sync::message::{LogNo, Row, Scope};
use crate::time::{UtcMs, UtcSecs};
use jiff::civil::Date;

/// A grant as it should be.
type Wanted = (PersonId, Role, Scope, Date, Option<Date>, LogNo);

impl Relay {
    /// Takes in that an entry begins or ceases to count; gives the entries that must be judged again.
    pub(super) fn apply(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        n: LogNo,
        row: &EntryRow,
    ) -> Result<Vec<LogNo>, RelayError> {
        let entry = row.value.as_ref().and_then(|value| Entry::from_bytes(&value.0).ok());
        let Some(Entry { re, body, .. }) = entry else { return Ok(Vec::new()) };
        let counts = row.flag == 0;
        match body {
            Body::RosterSet(roster) if row.doc.kind == DocKind::School => {
                book.index(b"roster", &roster.posting.0, n)?;
                let mut again = self.roster_changed(book, now, roster.posting)?;
                for reference in &re {
                    if let Some((_, before)) = self.find(book, row, reference)?
                        && let Some(Body::RosterSet(before)) = body_of(&before)
                        && before.posting != roster.posting
                    {
                        again.extend(self.roster_changed(book, now, before.posting)?);
                    }
                }
                Ok(again)
            }
            Body::SchoolSet(SchoolSet { school, .. }) | Body::MembershipSet(MembershipSet { school, .. })
                if row.doc.kind == DocKind::County =>
            {
                book.index(b"place", &school.0, n)?;
                self.school_changed(book, school)
            }
            Body::VisitPlan(plan) if row.doc.kind == DocKind::Visit => self.visit_planned(book, now, n, row, &plan),
            Body::VisitOpen(_) if row.doc.kind == DocKind::Visit => {
                self.visit_opened(book, n, row.doc, counts)?;
                Ok(Vec::new())
            }
            Body::VisitShare(share) if row.doc.kind == DocKind::Visit => self.visit_shared(book, now, n, row, &share),
            Body::PinSet(pin) if counts => {
                self.pin_set(book, row.doc, &pin)?;
                Ok(Vec::new())
            }
            Body::FlagLift(_) => {
                let mut again = Vec::new();
                for reference in &re {
                    if let Some((target, _)) = self.find(book, row, reference)? {
                        book.ledger.put(Table::Meta, &lift_key(target, Some(n)), &[])?;
                        again.push(target);
                    }
                }
                Ok(again)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The counting rows of a list in which no other counting row replaces them.
    fn current(&self, book: &mut Book<'_>, list: &[u8], object: &[u8; 8]) -> Result<Vec<(LogNo, Entry)>, RelayError> {
        let mut rows = Vec::new();
        for n in book.indexed(list, object)? {
            if let Some(row) = book.entry(n)?.filter(|row| row.flag == 0)
                && let Some(entry) = row.value.as_ref().and_then(|value| Entry::from_bytes(&value.0).ok())
            {
                rows.push((n, row, entry));
            }
        }
        let mut replaced = Vec::new();
        for (_, row, entry) in &rows {
            for reference in &entry.re {
                replaced.extend(self.find(book, row, reference)?.map(|(n, _)| n));
            }
        }
        Ok(rows.into_iter().filter(|(n, ..)| !replaced.contains(n)).map(|(n, _, entry)| (n, entry)).collect())
    }

    /// Makes a posting, and the grants of its person at its school, what the current roster rows say.
    fn roster_changed(&self, book: &mut Book<'_>, now: UtcMs, posting: PostingId) -> Result<Vec<LogNo>, RelayError> {
        let mut rows: Vec<(LogNo, RosterSet, SchoolId)> = Vec::new();
        for (n, entry) in self.current(book, b"roster", &posting.0)? {
            let school = book.entry(n)?.and_then(|row| row.doc.school_id());
            if let (Body::RosterSet(roster), Some(school)) = (entry.body, school) {
                rows.push((n, roster, school));
            }
        }
        let before = book.posting(posting)?;
        let mut wanted: Vec<Wanted> = Vec::new();
        for (n, roster, school) in &rows {
            let (from, to) = (roster.from, roster.to);
            wanted.push((roster.person, Role::Staff, Scope::Posting(posting), from, to, *n));
            if roster.role != Role::Staff {
                wanted.push((roster.person, roster.role, Scope::School(*school), from, to, *n));
            }
        }
        let revision = book.next_revision()?;
        match rows.last() {
            Some((n, roster, school)) => {
                let pins = before.as_ref().map_or(Bytes::default(), |row| row.pins.clone());
                let row = PostingRow {
                    person: roster.person,
                    school: *school,
                    name: roster.name.clone(),
                    from: roster.from,
                    to: roster.to,
                    entry: Some(*n),
                    revision,
                    pins,
                    role: roster.role,
                    teaches: roster.teaches.unwrap_or(true),
                    known: LogNo(0),
                };
                book.put_posting(posting, &row)?;
            }
            None => {
                if let Some(row) = before.clone() {
                    // No row counts any more: the posting has no day.
                    let to = row.from.yesterday().unwrap_or(row.from);
                    book.put_posting(posting, &PostingRow { to: Some(to), entry: None, revision, ..row })?;
                }
            }
        }
        let held: Vec<GrantRow> = book.posting_grants(posting)?;
        let mut people = self.adjust(book, now, held, wanted, Some(posting))?;
        self.make_known(book, posting, before.as_ref())?;
        let days = |row: &PostingRow| (row.person, row.school, row.from, row.to);
        let after = book.posting(posting)?;
        let mut again = Vec::new();
        if before.as_ref().map(days) != after.as_ref().map(days) {
            people.extend(before.iter().chain(&after).map(|row| row.person));
            for (doc, _) in book.docs_of(&posting.0)? {
                again.extend(book.entries_in(doc, 0, usize::MAX)?);
            }
        }
        people.sort();
        people.dedup();
        for person in people {
            again.extend(self.entries_under_grants(book, person)?);
        }
        Ok(again)
    }

    /// Who may read a posting's school reads, from this log number on, what the posting brings: its duty so far, and its
    /// person's devices. A posting that becomes known always writes a grant, so no cursor has passed this number.
    fn make_known(
        &self,
        book: &mut Book<'_>,
        posting: PostingId,
        before: Option<&PostingRow>,
    ) -> Result<(), RelayError> {
        let Some(row) = book.posting(posting)? else { return Ok(()) };
        let same = before.filter(|b| (b.person, b.school) == (row.person, row.school));
        let known = match same.filter(|b| b.entry.is_some()) {
            Some(before) => before.known,
            None => book.head()?.n,
        };
        self.list_duty(book, posting, row.school, known)?;
        Ok(book.put_posting(posting, &PostingRow { known, ..row })?)
    }

    /// Adds, changes and revokes grants until they are as wanted; gives the people whose grants changed.
    fn adjust(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        held: Vec<GrantRow>,
        mut wanted: Vec<Wanted>,
        posting: Option<PostingId>,
    ) -> Result<Vec<PersonId>, RelayError> {
        let mut people = Vec::new();
        for mut grant in held.into_iter().filter(|grant| grant.revoked.is_none()) {
            let same = |w: &Wanted| (w.0, w.1, &w.2) == (grant.person, grant.role, &grant.scope);
            let Some(at) = wanted.iter().position(same) else {
                people.push(grant.person);
                let row = self.sign_row(Row::GrantRevoked { n: grant.number, person: grant.person });
                let n = book.log(now, &LogRow::GrantChange(row_hash(self, &row), grant.number))?;
                grant.revoked = Some(n);
                book.put_grant(&grant)?;
                book.keep_row(&grant.person.0, n, &row)?;
                continue;
            };
            let (.., from, to, entry) = wanted.remove(at);
            if (grant.from, grant.to) != (from, to) {
                people.push(grant.person);
                self.change_days(book, now, &mut grant, (from, to))?;
            }
            grant.entry = Some(entry);
            book.put_grant(&grant)?;
        }
        for (person, role, scope, from, to, entry) in wanted {
            people.push(person);
            let grant = self.add_grant(book, now, person, role, scope, (from, to), Some(entry), false)?;
            if let Some(posting) = posting {
                book.index(b"grants", &posting.0, grant.number)?;
            }
        }
        Ok(people)
    }

    /// Writes a grant: a log row, a signed row for its person, and the row that judges.
    #[expect(clippy::too_many_arguments, reason = "a grant has this many parts")]
    pub(super) fn add_grant(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        person: PersonId,
        role: Role,
        scope: Scope,
        (from, to): (Date, Option<Date>),
        entry: Option<LogNo>,
        recovered: bool,
    ) -> Result<GrantRow, RelayError> {
        let number = LogNo(book.head()?.n.0 + 1);
        let recovered = recovered.then_some(true);
        let since = (from <= now.secs().date()).then_some(number);
        let mut grant =
            GrantRow { number, person, role, scope, from, to, entry, revoked: None, recovered, since, continues: None };
        if since.is_some() {
            grant.continues = continued(book, &grant)?;
        }
        let row = self.sign_row(grant_row(&grant));
        let n = book.log(now, &LogRow::Grant(row_hash(self, &row), entry.map_or(0, |n| n.0)))?;
        book.put_grant(&grant)?;
        self.keep_grant(book, &grant, n, &row)?;
        Ok(grant)
    }

    /// Gives a grant other days. Where they are more, what it lets its person read has a number beyond every cursor.
    fn change_days(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        grant: &mut GrantRow,
        (from, to): (Date, Option<Date>),
    ) -> Result<(), RelayError> {
        let end = |to: Option<Date>| to.unwrap_or(Date::MAX);
        let more = from < grant.from || end(to) > end(grant.to);
        (grant.from, grant.to) = (from, to);
        let row = self.sign_row(grant_row(grant));
        let n = book.log(now, &LogRow::GrantChange(row_hash(self, &row), grant.number))?;
        if more || grant.since.is_none() {
            grant.since = (from <= now.secs().date()).then_some(n);
        }
        self.keep_grant(book, grant, n, &row)
    }

    /// Opens the grants of a person whose first day has come since they were written.
    pub(super) fn open_grants(&self, book: &mut Book<'_>, now: UtcMs, person: PersonId) -> Result<(), RelayError> {
        let today = now.secs().date();
        for mut grant in book.grants_of(person)? {
            if grant.since.is_none() && grant.holds_on(today) {
                let row = self.sign_row(grant_row(&grant));
                grant.since = Some(book.log(now, &LogRow::GrantChange(row_hash(self, &row), grant.number))?);
                grant.continues = continued(book, &grant)?;
                book.put_grant(&grant)?;
            }
        }
        Ok(())
    }

    fn keep_grant(
        &self,
        book: &mut Book<'_>,
        grant: &GrantRow,
        n: LogNo,
        row: &crate::sync::message::SignedRow,
    ) -> Result<(), RelayError> {
        book.keep_row(&grant.person.0, n, row)?;
        let school = match &grant.scope {
            Scope::School(school) => Some(*school),
            Scope::Posting(posting) => book.posting(*posting)?.map(|row| row.school),
            _ => None,
        };
        match school {
            Some(school) => book.keep_row(&school.0, n, row),
            None => Ok(()),
        }
    }

    /// Grants a role in a scope by an administrator's act, or ends it on a day.
    ///
    /// # Errors
    /// When the store fails.
    pub fn grant(
        &self,
        ledger: &mut dyn crate::sync::ledger::Ledger,
        now: UtcMs,
        person: PersonId,
        role: Role,
        scope: Scope,
        days: (Date, Option<Date>),
    ) -> Result<LogNo, RelayError> {
        let mut book = Book::new(self.county(), ledger);
        let held = book
            .grants_of(person)?
            .into_iter()
            .find(|g| g.revoked.is_none() && g.entry.is_none() && g.role == role && g.scope == scope);
        let number = match held {
            Some(mut grant) => {
                grant.recovered = None;
                self.change_days(&mut book, now, &mut grant, days)?;
                book.put_grant(&grant)?;
                grant.number
            }
            None => self.add_grant(&mut book, now, person, role, scope, days, None, false)?.number,
        };
        let again = self.entries_under_grants(&mut book, person)?;
        self.settle(&mut book, now, again)?;
        Ok(number)
    }

    fn school_changed(&self, book: &mut Book<'_>, school: SchoolId) -> Result<Vec<LogNo>, RelayError> {
        let before = book.school(school)?;
        let mut groups: Vec<GroupId> = Vec::new();
        let mut set: Option<(LogNo, SchoolSet)> = None;
        for (n, entry) in self.current(book, b"place", &school.0)? {
            match entry.body {
                Body::SchoolSet(body) => set = Some((n, body)),
                Body::MembershipSet(body) if body.to.is_none() => groups.push(body.group),
                _ => {}
            }
        }
        groups.sort();
        groups.dedup();
        let Some((entry, set)) = set else { return Ok(Vec::new()) };
        let row = SchoolRow { name: set.name, kind: set.kind, township: set.township, groups, entry };
        let moved = before.is_some_and(|b| (&b.township, &b.groups) != (&row.township, &row.groups));
        book.put_school(school, &row)?;
        let mut again = Vec::new();
        if moved {
            for (doc, _) in book.docs_of(&school.0)? {
                again.extend(book.entries_in(doc, 0, usize::MAX)?);
            }
        }
        Ok(again)
    }

    fn visit_planned(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        n: LogNo,
        row: &EntryRow,
        plan: &VisitPlan,
    ) -> Result<Vec<LogNo>, RelayError> {
        let counts = row.flag == 0;
        let author = self.author(book, row)?;
        let mut again = Vec::new();
        if let (Some(doc), Some(author), true) = (book.doc(row.doc)?, author, counts) {
            if doc.host != Some(plan.host) {
                // A host may have signed what came only now.
                again = book.entries_in(row.doc, 0, usize::MAX)?;
            }
            let owner = doc.owner.or(Some(author));
            book.put_doc(row.doc, &DocRow { host: Some(plan.host), owner, ..doc })?;
        }
        let with = author.into_iter().chain(plan.visitors.iter().copied());
        again.extend(self.share_visit(book, now, n, row, with.collect())?);
        Ok(again)
    }

    fn visit_shared(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        n: LogNo,
        row: &EntryRow,
        share: &VisitShare,
    ) -> Result<Vec<LogNo>, RelayError> {
        let mut with = Vec::new();
        for posting in &share.with {
            with.extend(book.posting(*posting)?.map(|row| row.person));
        }
        self.share_visit(book, now, n, row, with)
    }

    /// Gives people a grant of one visit for as long as the entry counts that says so.
    fn share_visit(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        n: LogNo,
        row: &EntryRow,
        mut with: Vec<PersonId>,
    ) -> Result<Vec<LogNo>, RelayError> {
        with.sort();
        with.dedup();
        let scope = Scope::Visit(VisitId(row.doc.object));
        let from = UtcSecs(row.judged).date();
        let mut wanted: Vec<Wanted> = Vec::new();
        for person in with.iter().filter(|_| row.flag == 0) {
            wanted.push((*person, Role::Staff, scope.clone(), from, None, n));
        }
        let held = book.grants_from(n)?;
        let mut again = Vec::new();
        for person in self.adjust(book, now, held, wanted, None)? {
            let held = book.grants_of(person)?;
            if held.iter().any(|grant| grant.revoked.is_none() && grant.scope == scope) {
                let since = book.head()?.n;
                book.relate(&person.0, row.doc, since.0)?;
            } else {
                book.ledger.delete(Table::DocOf, &[&person.0[..], &row.doc.to_bytes()].concat())?;
            }
            again.extend(self.entries_under_grants(book, person)?);
        }
        Ok(again)
    }

    fn visit_opened(&self, book: &mut Book<'_>, n: LogNo, doc: DocId, counts: bool) -> Result<(), RelayError> {
        let Some(row) = book.doc(doc)? else { return Ok(()) };
        match (counts, row.opened, row.host) {
            (true, None, Some(host)) => {
                let since = book.head()?.n;
                book.relate(&host.0, doc, since.0)?;
                Ok(book.put_doc(doc, &DocRow { opened: Some(n), ..row })?)
            }
            (false, Some(opened), Some(host)) if opened == n => {
                book.ledger.delete(Table::DocOf, &[&host.0[..], &doc.to_bytes()].concat())?;
                Ok(book.put_doc(doc, &DocRow { opened: None, ..row })?)
            }
            _ => Ok(()),
        }
    }

    fn pin_set(&self, book: &mut Book<'_>, doc: DocId, pin: &PinSet) -> Result<(), RelayError> {
        const ROW: usize = 16 + 48;
        let Some(posting) = doc.posting() else { return Ok(()) };
        let Some(mut row) = book.posting(posting)? else { return Ok(()) };
        if pin.verifier.0.len() != 48 {
            return Ok(());
        }
        let mut pins: Vec<u8> = Vec::with_capacity(row.pins.0.len() + ROW);
        for old in row.pins.0.chunks_exact(ROW).filter(|old| old[..16] != pin.kiosk.0) {
            pins.extend(old);
        }
        pins.extend(pin.kiosk.0);
        pins.extend(&pin.verifier.0);
        row.pins = Bytes(pins);
        row.revision = book.next_revision()?;
        Ok(book.put_posting(posting, &row)?)
    }

    /// The person who wrote an entry; none for a kiosk.
    pub(super) fn author(&self, book: &mut Book<'_>, row: &EntryRow) -> Result<Option<PersonId>, RelayError> {
        let device = book.chain(row.chain)?.map(|c| book.device(c.device)).transpose()?.flatten();
        Ok(device.and_then(|device| device.person))
    }
}

fn body_of(row: &EntryRow) -> Option<Body> {
    Entry::from_bytes(&row.value.as_ref()?.0).ok().map(|entry| entry.body)
}

fn grant_row(grant: &GrantRow) -> Row {
    Row::Grant {
        n: grant.number,
        person: grant.person,
        role: grant.role,
        scope: grant.scope.clone(),
        from: grant.from,
        to: grant.to,
    }
}

impl Book<'_> {
    /// Lists a log number under an object, by what list it is.
    fn index(&mut self, list: &[u8], object: &[u8; 8], n: LogNo) -> Result<(), RelayError> {
        Ok(self.ledger.put(Table::Meta, &[list, object, &be(n.0)].concat(), &[])?)
    }

    fn indexed(&mut self, list: &[u8], object: &[u8; 8]) -> Result<Vec<LogNo>, RelayError> {
        let tails = self.tails(Table::Meta, &[list, object].concat(), &[], usize::MAX)?;
        Ok(tails.iter().map(|t| LogNo(tail(t))).collect())
    }

    fn posting_grants(&mut self, posting: PostingId) -> Result<Vec<GrantRow>, RelayError> {
        let mut grants = Vec::new();
        for n in self.indexed(b"grants", &posting.0)? {
            grants.extend(self.grant(n)?);
        }
        Ok(grants)
    }
}

/// The grant that another goes on from: of the same person in the same scope, and still in force when a device of the person
/// was last answered, so that no answer fell between the two. A school's head stays its head as principal or deputy.
fn continued(book: &mut Book<'_>, grant: &GrantRow) -> Result<Option<LogNo>, RelayError> {
    let seen = book.last_seen(&grant.person.0)?.map(|seen| seen.secs().date());
    let held = book.grants_of(grant.person)?.into_iter().filter(|held| {
        held.number != grant.number
            && held.revoked.is_none()
            && held.since.is_some()
            && held.same_scope(grant)
            && seen.is_none_or(|seen| held.to.is_none_or(|to| seen <= to))
    });
    Ok(held.max_by_key(|held| (held.to.unwrap_or(Date::MAX), held.number)).map(|held| held.number))
}

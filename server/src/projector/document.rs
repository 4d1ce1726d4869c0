//! The rows of one document: its entries, and what they come to.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sanji_core::documents::duty::Duty;
use sanji_core::documents::facts::Row as Fact;
use sanji_core::documents::fold::{Fold, Line, State};
use sanji_core::documents::register::Register;
use sanji_core::documents::visit::Visit;
use sanji_core::ids::{ActorId, DocId, DocKind};
use sanji_core::records::{Body, EntryRef};
use sanji_core::review::VisitFact;
use sanji_core::sync::ledger::Ledger;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::{Relay, RelayError};

use super::tables::{
    CHECK, ENTRY, FLEXIBLE, Field, LEAVE, OUTAGE, PLAN, PUBLICATION, REQUEST, Rows, SESSION, Table, VISIT, VISIT_WHO,
};
use super::visits::{TEACHER, VISITOR};
use super::words::{state_name, via_name};

/// The tables whose rows belong to a document.
pub(super) static TABLES: [&Table; 11] =
    [&ENTRY, &CHECK, &LEAVE, &REQUEST, &FLEXIBLE, &SESSION, &PLAN, &OUTAGE, &PUBLICATION, &VISIT, &VISIT_WHO];

/// The rows of a document as it stands in the ledger.
///
/// # Errors
/// When the store fails.
pub(super) fn rows(relay: &Relay, ledger: &mut dyn Ledger, doc: DocId) -> Result<Rows, RelayError> {
    let journal = relay.journal(ledger, doc)?;
    let fold = journal.fold();
    let numbers = numbers(&mut Book::new(relay.county(), ledger), doc)?;
    let mut folded = Folded { doc, fold: &fold, numbers, rows: Rows::default() };
    folded.entries();
    match doc.kind {
        DocKind::Duty => folded.duty(),
        DocKind::Register => folded.register(),
        DocKind::Visit => folded.visit(),
        DocKind::County | DocKind::School | DocKind::OfficeEnrolment | DocKind::OfficeFees | DocKind::OfficeStaff => {}
    }
    Ok(folded.rows)
}

type Numbers = BTreeMap<(ActorId, u64, [u8; 8]), u64>;

/// The log number of every entry and twin of a document.
fn numbers(book: &mut Book<'_>, doc: DocId) -> Result<Numbers, RelayError> {
    let mut numbers = Numbers::new();
    for chain in book.chains_in(doc)? {
        for seq in 1..=chain.seq {
            if let Some(n) = book.entry_no(chain.number, seq)?
                && let Some(entry) = book.entry(n)?
            {
                numbers.insert((chain.actor, seq, entry.hash.short()), n.0);
            }
        }
        for (seq, hash, twin) in book.twins(chain.number)? {
            numbers.insert((chain.actor, seq, hash.short()), twin.n.0);
        }
    }
    Ok(numbers)
}

struct Folded<'a> {
    doc: DocId,
    fold: &'a Fold<'a>,
    numbers: Numbers,
    rows: Rows,
}

impl Folded<'_> {
    fn doc(&self) -> Field {
        Field::Bytes(self.doc.to_bytes().into())
    }

    fn object(&self) -> Field {
        Field::Bytes(self.doc.object.into())
    }

    /// The log number of an entry; 0, which no row has, for one that hasn't arrived.
    fn n(&self, entry: &EntryRef) -> u64 {
        self.numbers.get(&(entry.actor, entry.seq, entry.hash)).copied().unwrap_or(0)
    }

    fn add(&mut self, table: &'static Table, n: u64, rest: impl IntoIterator<Item = Field>) {
        let row = [self.doc(), n.into()].into_iter().chain(rest).collect();
        self.rows.add(table, row);
    }

    fn entries(&mut self) {
        for line in self.fold.lines() {
            let item = line.item();
            let state = self.fold.state(line);
            let other = match &state {
                State::Replaced(by) => by.first().map(|by| self.n(by)),
                State::TakenBack(by) | State::IssuedAs(by) => Some(self.n(by)),
                _ => None,
            };
            let flag = match &state {
                State::Flagged(reason) => Some(*reason),
                _ => None,
            };
            let conflict = line.current() && self.fold.rivals(line).next().is_some();
            let (first, last) = days(self.fold, line);
            let placed = item.placed;
            let row = [
                (&item.actor.0[..]).into(),
                item.seq.into(),
                (&item.hash.0[..]).into(),
                self.doc.kind.byte().into(),
                self.object(),
                line.kind().into(),
                item.author.person.as_ref().map(|person| &person.0[..]).into(),
                via_name(item.author.via).into(),
                placed.judged.into(),
                placed.earliest.secs().into(),
                placed.latest.secs().into(),
                placed.phone.into(),
                placed.label.name().into(),
                state_name(&state).into(),
                flag.into(),
                other.into(),
                conflict.into(),
                line.waiting_for.len().into(),
                first.into(),
                last.into(),
            ];
            self.add(&ENTRY, self.n(&line.entry_ref()), row);
        }
    }

    fn duty(&mut self) {
        let duty = Duty::of(self.fold);
        let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
        for check in &duty.checks {
            let n = self.n(&check.source.entry);
            let k = counts.entry(n).or_default();
            let row = [
                (*k).into(),
                self.object(),
                check.judged.date().into(),
                check.direction.name().into(),
                check.judged.into(),
                check.earliest.into(),
                check.latest.into(),
                check.label.map(|label| label.name()).into(),
                check.origin.name().into(),
                check.conflict.into(),
            ];
            *k += 1;
            self.add(&CHECK, n, row);
        }
        for leave in &duty.leaves {
            for piece in &leave.pieces {
                let row = [
                    piece.from.into(),
                    self.object(),
                    piece.kind.as_str().into(),
                    piece.to.into(),
                    piece.decision.name().into(),
                    piece.returned_at.into(),
                    leave.conflict.into(),
                    piece.decided_by.map(|by| self.n(&by.entry)).into(),
                ];
                self.add(&LEAVE, self.n(&piece.source.entry), row);
            }
        }
        for request in &duty.requests {
            let day = request.row.now.value.date.into();
            let row = [self.object(), day, request.decision.name().into(), request.conflict.into()];
            self.add(&REQUEST, self.n(&request.row.now.source.entry), row);
        }
        for hours in &duty.flexible {
            let beside = self.n(&hours.now.source.entry);
            for said in hours.all_now() {
                let row = [beside.into(), self.object(), said.value.from.into(), said.value.to.into()];
                self.add(&FLEXIBLE, self.n(&said.source.entry), row);
            }
        }
    }

    fn register(&mut self) {
        let register = Register::of(self.fold);
        for session in &register.sessions {
            let handover = session.handovers.iter().map(|handover| self.n(&handover.source.entry)).min();
            let day = session.row.now.value.date.into();
            let row = [self.object(), day, handover.into(), session.row.in_conflict().into()];
            self.add(&SESSION, self.head(&session.row), row);
        }
        for plan in &register.plans {
            let filed = plan.filed.as_ref().map(|filed| self.n(&filed.source.entry));
            let row = [self.object(), plan.review.name().into(), plan.conflict.into(), filed.into()];
            self.add(&PLAN, self.head(&plan.row), row);
        }
        for outage in register.outages.iter().flat_map(Fact::all_now) {
            let row = [self.object(), outage.value.date.into(), (&outage.value.kiosk.0[..]).into()];
            self.add(&OUTAGE, self.n(&outage.source.entry), row);
        }
        for week in &register.publications {
            let row =
                [self.object(), week.value.monday.into(), week.value.log.into(), week.source.placed.judged.into()];
            self.add(&PUBLICATION, self.n(&week.source.entry), row);
        }
    }

    fn visit(&mut self) {
        let visit = Visit::of(self.fold);
        let (Some(plan), Some(fact)) = (&visit.plan, VisitFact::of(self.doc, &visit)) else { return };
        let row = [
            fact.kind.name().into(),
            fact.planned.into(),
            fact.date().into(),
            (&fact.host.0[..]).into(),
            fact.from.as_ref().map(|school| &school.0[..]).into(),
            fact.group.as_ref().map(|group| &group.0[..]).into(),
            fact.minutes.map(|minutes| minutes.0).into(),
            fact.opened.into(),
            fact.closed.into(),
            fact.conflict.into(),
        ];
        let n = self.head(plan);
        self.add(&VISIT, n, row);
        for person in &fact.visitors {
            self.add(&VISIT_WHO, n, [VISITOR.into(), (&person.0[..]).into()]);
        }
        for posting in &fact.teachers {
            self.add(&VISIT_WHO, n, [TEACHER.into(), (&posting.0[..]).into()]);
        }
    }

    fn head<T>(&self, row: &Fact<T>) -> u64 {
        self.n(&row.now.source.entry)
    }
}

/// The first and last day that an entry is about: what it says itself, else those of the entries that it names, else the day
/// on which it was made.
fn days(fold: &Fold<'_>, line: &Line<'_>) -> (Date, Date) {
    let made = line.item().placed.judged.date();
    let Ok(entry) = line.entry() else { return (made, made) };
    if let Some(days) = own_days(&entry.body) {
        return days;
    }
    let named = entry.re.iter().filter_map(|named| fold.find(named));
    let named = named.filter(|other| other.index() != line.index()).map(|other| {
        let made = other.item().placed.judged.date();
        other.body().and_then(own_days).unwrap_or((made, made))
    });
    named.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((made, made))
}

fn own_days(body: &Body) -> Option<(Date, Date)> {
    let on = |day: Date| Some((day, day));
    match body {
        Body::Leave(leave) => {
            let from = leave.from.date();
            // A leave that ends at midnight doesn't touch the day that begins then.
            Some((from, leave.to.plus(-1).date().max(from)))
        }
        Body::CorrectionRequest(request) => on(request.date),
        Body::Correction(correction) => on(correction.date),
        Body::CheckOnBehalf(check) => on(check.at.date()),
        Body::Note(note) => on(note.date),
        Body::FlexibleHours(hours) => Some((hours.from, hours.to.max(hours.from))),
        Body::ServicePlan(plan) => Some((plan.from, plan.to.max(plan.from))),
        Body::Session(session) => on(session.date),
        Body::KioskOutage(outage) => on(outage.date),
        Body::VisitPlan(plan) => on(plan.date),
        Body::Publication(week) => {
            Some((week.monday, week.monday.checked_add(jiff::ToSpan::days(6)).unwrap_or(week.monday)))
        }
        _ => None,
    }
}

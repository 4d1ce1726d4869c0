//! The core's views of documents, made again from the projection for some days. What lies outside those days is left out.

use jiff::civil::Date;
use rusqlite::{Connection, Row as SqlRow};
use sanji_core::documents::correction::RequestFact;
use sanji_core::documents::duty::{CheckFact, CheckOrigin, Duty};
use sanji_core::documents::facts::{Decided, Row, Source, Sourced};
use sanji_core::documents::journal::Author;
use sanji_core::documents::leave::{LeaveFact, LeavePiece};
use sanji_core::documents::register::{PlanFact, Register, SessionFact};
use sanji_core::evidence::{Placement, TimeLabel};
use sanji_core::ids::{ActorId, PersonId, PostingId, SchoolId};
use sanji_core::records::{Body, Direction, Entry, EntryRef};
use sanji_core::review::DeviceFact;
use sanji_core::sync::message::{LogNo, Via};
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::{Relay, placement};
use sanji_core::time::{UtcSecs, days_since_epoch, midnight};

use super::words::{reason_named, via_named};
use super::{ProjectionError, Store};

/// Takes the body of one kind.
macro_rules! of {
    ($kind:ident) => {
        |body| match body {
            Body::$kind(value) => Some(value),
            _ => None,
        }
    };
}

/// A span of days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub first: Date,
    /// The last.
    pub last: Date,
}

impl Days {
    /// The seven days from a Monday.
    pub fn week(monday: Date) -> Self {
        Days { first: monday, last: monday.saturating_add(jiff::ToSpan::days(6)) }
    }

    fn numbers(self) -> (i32, i32) {
        (days_since_epoch(self.first), days_since_epoch(self.last))
    }

    fn instants(self) -> (UtcSecs, UtcSecs) {
        (midnight(self.first), midnight(self.last.tomorrow().unwrap_or(self.last)))
    }
}

/// Makes views of what a store projects.
pub struct Views<'a, S> {
    relay: &'a Relay,
    store: &'a mut S,
}

type Result<T> = std::result::Result<T, ProjectionError>;

impl<'a, S: Store> Views<'a, S> {
    /// Views of this store.
    pub fn new(relay: &'a Relay, store: &'a mut S) -> Self {
        Views { relay, store }
    }

    /// What a posting's duty documents say about these days.
    ///
    /// # Errors
    /// When the store fails.
    pub fn duty(&mut self, posting: PostingId, days: Days) -> Result<Duty> {
        let mut duty = Duty { checks: checks(self.store.sql(), posting, days)?, ..Duty::default() };
        let (from, to) = days.instants();
        let sql = "SELECT n, since, kind, till, decision, returned, conflict, decided FROM view_leave \
                   WHERE posting = ?1 AND till > ?2 AND since < ?3 ORDER BY since, n";
        let read = |row: &SqlRow<'_>| -> rusqlite::Result<(u64, LeavePieceRow)> {
            let piece = LeavePieceRow {
                from: UtcSecs(row.get(1)?),
                kind: row.get(2)?,
                to: UtcSecs(row.get(3)?),
                decision: decided(&row.get::<_, String>(4)?),
                returned: row.get::<_, Option<i64>>(5)?.map(UtcSecs),
                conflict: row.get(6)?,
                decided_by: maybe_number(row, 7)?,
            };
            Ok((number(row, 0)?, piece))
        };
        let pieces: Vec<_> = {
            let mut statement = self.store.sql().prepare_cached(sql)?;
            let rows = statement.query_map((&posting.0[..], from.0, to.0), read)?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        for (n, piece) in pieces {
            duty.leaves.extend(self.leave(n, piece)?);
        }
        let (first, last) = days.numbers();
        let sql = "SELECT n, decision, conflict FROM view_request WHERE posting = ?1 AND day BETWEEN ?2 AND ?3";
        let requests: Vec<(u64, String, bool)> = {
            let mut statement = self.store.sql().prepare_cached(sql)?;
            let read = |row: &SqlRow<'_>| Ok((number(row, 0)?, row.get(1)?, row.get(2)?));
            statement.query_map((&posting.0[..], first, last), read)?.collect::<rusqlite::Result<_>>()?
        };
        for (n, decision, conflict) in requests {
            let Some(now) = self.said(n, of!(CorrectionRequest))? else { continue };
            duty.requests.push(RequestFact {
                row: alone(now),
                wrong: Vec::new(),
                decision: decided(&decision),
                decisions: Vec::new(),
                counted: Vec::new(),
                conflict,
            });
        }
        let sql = "SELECT n, beside FROM view_flexible WHERE posting = ?1 AND beside IN (SELECT beside FROM view_flexible \
                   WHERE posting = ?1 AND last_day >= ?2 AND first_day <= ?3) ORDER BY beside, n";
        let grants: Vec<(u64, u64)> = {
            let mut statement = self.store.sql().prepare_cached(sql)?;
            let rows =
                statement.query_map((&posting.0[..], first, last), |row| Ok((number(row, 0)?, number(row, 1)?)))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        let mut group = None;
        for (n, beside) in grants {
            let Some(said) = self.said(n, of!(FlexibleHours))? else { continue };
            match duty.flexible.last_mut().filter(|_| group == Some(beside)) {
                Some(row) => row.rivals.push(said),
                None => duty.flexible.push(alone(said)),
            }
            group = Some(beside);
        }
        Ok(duty)
    }

    fn leave(&mut self, n: u64, row: LeavePieceRow) -> Result<Option<LeaveFact>> {
        let Some(newest) = self.said(n, of!(Leave))? else { return Ok(None) };
        let decided_by = match row.decided_by {
            Some(n) => self.said(n, Some)?.map(|said| said.source),
            None => None,
        };
        let piece = LeavePiece {
            kind: row.kind,
            from: row.from,
            to: row.to,
            decision: row.decision,
            returned_at: row.returned,
            source: newest.source,
            decided_by,
        };
        Ok(Some(LeaveFact {
            newest: vec![newest],
            before: Vec::new(),
            withdrawn: Vec::new(),
            decisions: Vec::new(),
            returns: Vec::new(),
            pieces: vec![piece],
            conflict: row.conflict,
        }))
    }

    /// What a school's registers say about these days.
    ///
    /// # Errors
    /// When the store fails.
    pub fn register(&mut self, school: SchoolId, days: Days) -> Result<Register> {
        let mut register = Register::default();
        let (first, last) = days.numbers();
        let key = (&school.0[..], first, last);
        let sql = "SELECT n, handover FROM view_session WHERE school = ?1 AND day BETWEEN ?2 AND ?3";
        for (n, handover) in self.pairs(sql, key)? {
            let Some(now) = self.said(n, of!(Session))? else { continue };
            let handovers = match handover {
                Some(n) => self.said(n, of!(Handover))?.into_iter().collect(),
                None => Vec::new(),
            };
            register.sessions.push(SessionFact { row: alone(now), handovers });
        }
        register.sessions.sort_by_key(|s| (s.row.now.value.date, s.row.now.value.start, s.row.now.source.entry));
        let sql = "SELECT n, filed FROM view_plan p WHERE school = ?1 AND EXISTS (SELECT 1 FROM view_entry e \
                   WHERE e.doc = p.doc AND e.n IN (p.n, p.filed) AND e.last_day >= ?2 AND e.first_day <= ?3)";
        for (n, filed) in self.pairs(sql, key)? {
            let Some(now) = self.said(n, of!(ServicePlan))? else { continue };
            let filed = match filed {
                Some(n) => self.said(n, of!(ServicePlan))?,
                None => None,
            };
            let review = if filed.is_some() { Decided::Approved } else { Decided::Pending };
            register.plans.push(PlanFact { row: alone(now), filed, review, reviews: Vec::new(), conflict: false });
        }
        let sql = "SELECT n, NULL FROM view_outage WHERE school = ?1 AND day BETWEEN ?2 AND ?3";
        for (n, _) in self.pairs(sql, key)? {
            register.outages.extend(self.said(n, of!(KioskOutage))?.map(alone));
        }
        let sql = "SELECT n, NULL FROM view_publication WHERE school = ?1 AND monday BETWEEN ?2 AND ?3";
        for (n, _) in self.pairs(sql, key)? {
            register.publications.extend(self.said(n, of!(Publication))?);
        }
        register.publications.sort_by_key(|week| (week.value.monday, week.value.log, week.source.entry));
        Ok(register)
    }

    fn pairs(&self, sql: &str, key: (&[u8], i32, i32)) -> Result<Vec<(u64, Option<u64>)>> {
        let mut statement = self.store.sql().prepare_cached(sql)?;
        let rows = statement.query_map(key, |row| Ok((number(row, 0)?, maybe_number(row, 1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The entry of a log number with its source, if it is of the kind that is looked for.
    fn said<T>(&mut self, n: u64, pick: impl FnOnce(Body) -> Option<T>) -> Result<Option<Sourced<T>>> {
        let mut book = Book::new(self.relay.county(), self.store);
        let Some(row) = book.entry(LogNo(n))? else { return Ok(None) };
        let Some(chain) = book.chain(row.chain)? else { return Ok(None) };
        let device = book.device(chain.device)?;
        let value = row.value.as_ref().and_then(|value| Entry::from_bytes(&value.0).ok());
        let source = Source {
            entry: EntryRef::to(chain.actor, row.seq, &row.hash),
            author: Author {
                person: device.as_ref().and_then(|device| device.person),
                via: device.map_or(Via::Phone, |device| device.via),
            },
            placed: placement(&row),
        };
        Ok(value.and_then(|entry| pick(entry.body)).map(|value| Sourced { value, source }))
    }

    /// The devices that cells of a person wait for.
    ///
    /// # Errors
    /// When the store fails.
    pub fn devices(&mut self, person: PersonId) -> Result<Vec<DeviceFact>> {
        devices(self.store.sql(), "person = ?1", &person.0)
    }

    /// A school's kiosks.
    ///
    /// # Errors
    /// When the store fails.
    pub fn kiosks(&mut self, school: SchoolId) -> Result<Vec<DeviceFact>> {
        devices(self.store.sql(), "school = ?1 AND via = 'kiosk'", &school.0)
    }
}

struct LeavePieceRow {
    kind: String,
    from: UtcSecs,
    to: UtcSecs,
    decision: Decided,
    returned: Option<UtcSecs>,
    conflict: bool,
    decided_by: Option<u64>,
}

/// A log number or seq, which SQLite keeps as a signed one.
fn number(row: &SqlRow<'_>, at: usize) -> rusqlite::Result<u64> {
    row.get(at).map(i64::cast_unsigned)
}

fn maybe_number(row: &SqlRow<'_>, at: usize) -> rusqlite::Result<Option<u64>> {
    row.get::<_, Option<i64>>(at).map(|n| n.map(i64::cast_unsigned))
}

fn alone<T>(now: Sourced<T>) -> Row<T> {
    Row { now, rivals: Vec::new(), before: Vec::new() }
}

fn decided(name: &str) -> Decided {
    Decided::from_name(name).unwrap_or(Decided::Pending)
}

fn label(name: &str) -> TimeLabel {
    TimeLabel::from_name(name).unwrap_or(TimeLabel::Unverified)
}

fn checks(sql: &Connection, posting: PostingId, days: Days) -> rusqlite::Result<Vec<CheckFact>> {
    let text = "SELECT c.direction, c.judged, c.earliest, c.latest, c.label, c.origin, c.conflict, e.actor, e.seq, e.hash, \
                e.author, e.via, e.judged, e.earliest, e.latest, e.phone, e.label \
                FROM view_check c JOIN view_entry e ON e.doc = c.doc AND e.n = c.n \
                WHERE c.posting = ?1 AND c.day BETWEEN ?2 AND ?3 ORDER BY c.judged, c.direction, c.n, c.k";
    let read = |row: &SqlRow<'_>| -> rusqlite::Result<CheckFact> {
        let name = |i| row.get_ref(i)?.as_str().map_err(rusqlite::Error::from);
        let secs = |i| row.get::<_, i64>(i).map(UtcSecs);
        let hash: [u8; 32] = row.get(9)?;
        let mut short = [0; 8];
        short.copy_from_slice(&hash[..8]);
        Ok(CheckFact {
            direction: Direction::from_name(name(0)?).unwrap_or(Direction::In),
            judged: secs(1)?,
            earliest: secs(2)?,
            latest: secs(3)?,
            label: row.get_ref(4)?.as_str_or_null()?.map(label),
            origin: CheckOrigin::from_name(name(5)?).unwrap_or(CheckOrigin::Own),
            place: None,
            conflict: row.get(6)?,
            source: Source {
                entry: EntryRef { actor: ActorId(row.get(7)?), seq: number(row, 8)?, hash: short },
                author: Author { person: row.get::<_, Option<_>>(10)?.map(PersonId), via: via_named(name(11)?) },
                placed: Placement {
                    judged: secs(12)?,
                    earliest: secs(13)?.ms(),
                    latest: secs(14)?.ms(),
                    phone: secs(15)?,
                    label: label(name(16)?),
                },
            },
        })
    };
    let (first, last) = days.numbers();
    sql.prepare_cached(text)?.query_map((&posting.0[..], first, last), read)?.collect()
}

fn devices(sql: &Connection, which: &str, object: &[u8; 8]) -> Result<Vec<DeviceFact>> {
    let text = format!("SELECT actor, via, since, mark, retired, why FROM view_device WHERE {which} ORDER BY number");
    let read = |row: &SqlRow<'_>| {
        let retired = row.get::<_, Option<i64>>(4)?.map(UtcSecs);
        let why = row.get::<_, Option<String>>(5)?.map(|why| reason_named(&why));
        Ok(DeviceFact {
            actor: ActorId(row.get(0)?),
            via: via_named(row.get_ref(1)?.as_str()?),
            since: UtcSecs(row.get(2)?),
            mark: row.get::<_, Option<i64>>(3)?.map(UtcSecs),
            retired: retired.zip(why),
        })
    };
    let mut statement = sql.prepare_cached(&text)?;
    Ok(statement.query_map([&object[..]], read)?.collect::<rusqlite::Result<_>>()?)
}

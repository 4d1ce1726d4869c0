//! Whose phone it is: the postings of its person by date, colleagues, devices.

use jiff::civil::Date;

use super::error::{PhoneError, Problem, Result};
use super::home::Home;
use super::shelf::LastAnswer;
use crate::ids::{DocId, DocKind, PersonId, PostingId, SchoolId};
use crate::records::{Role, RosterSet};
use crate::review::DeviceFact;
use crate::sync::message::DeviceNote;
use crate::sync::phone::state::{Answered, Session, fact};
use crate::time::{UtcMs, UtcSecs};

/// A posting of the phone's person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyPosting {
    /// The posting.
    pub posting: PostingId,
    /// Its school.
    pub school: SchoolId,
    /// The school's name, once the county document has arrived.
    pub school_name: Option<String>,
    /// The role there.
    pub role: Role,
    /// The name in the roster, once it has arrived.
    pub name: Option<String>,
    /// The last day, if it is known.
    pub to: Option<Date>,
}

/// A colleague in the roster of a school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// The posting.
    pub posting: PostingId,
    /// The row.
    pub row: RosterSet,
}

impl Home {
    /// The instant by the best clock there is: the relay's, carried on by the clock that never stops, as long as this
    /// session saw an answer; else the wall clock, but never before the relay's last answer.
    pub fn now(&mut self) -> Result<UtcSecs> {
        let clocks = self.clocks();
        let (answered, session) = self.read(|rows| Ok((fact::<Answered>(rows)?, fact::<Session>(rows)?)))?;
        let Some((relay, last)) = answered.and_then(|a| a.relay.zip(a.last)) else { return Ok(clocks.wall) };
        let runs = session.filter(|s| s.number == last.session && s.boot == clocks.boot && clocks.elapsed >= s.zero);
        match runs {
            Some(session) => {
                let since = (clocks.elapsed - session.zero).saturating_sub(last.ms);
                Ok(relay.plus(i64::try_from(since).unwrap_or(0)).secs())
            }
            None => Ok(clocks.wall.max(relay.secs())),
        }
    }

    /// The relay's last answer, if there was one.
    pub fn last_answer(&mut self) -> Result<Option<LastAnswer>> {
        let Some(actor) = self.member.as_ref().map(|member| member.machine.forge().actor()) else { return Ok(None) };
        let answered = self.read(|rows| fact::<Answered>(rows))?;
        let last = answered.and_then(|answered| answered.relay.zip(answered.last));
        Ok(last.map(|(relay, last)| LastAnswer { actor, relay, session: last.session, ms: last.ms }))
    }

    /// The relay's clock now, as far as the phone knows it, ms.
    pub fn relay_now(&mut self) -> Result<UtcMs> {
        Ok(self.now()?.ms())
    }

    /// The person; an error on a kiosk.
    pub fn person(&self) -> Result<PersonId> {
        let person = self.member()?.holder.person;
        person.ok_or_else(|| PhoneError::invalid("device", Problem::Kiosk))
    }

    /// The school documents here, oldest school year first.
    pub fn school_docs(&mut self) -> Result<Vec<DocId>> {
        let mut docs = Vec::new();
        for year in self.years()?.iter() {
            docs.extend(self.docs_of(DocKind::School, *year)?);
        }
        Ok(docs)
    }

    /// The person's postings on a date: as the rosters say, else as it was at enrolment.
    pub fn postings(&mut self, date: Date) -> Result<Vec<MyPosting>> {
        let person = self.person()?;
        let county = self.county()?;
        let name_of = |school: SchoolId| county.school(school).map(|set| set.name.clone());
        let mut found: Vec<MyPosting> = Vec::new();
        let mut known = Vec::new();
        // Newer school years say more: they come last and are looked at first.
        for doc in self.school_docs()?.into_iter().rev() {
            let Some(school) = doc.school_id() else { continue };
            let view = self.school(doc)?;
            for (posting, row) in &view.roster {
                let row = &row.now.value;
                if row.person != person || known.contains(posting) {
                    continue;
                }
                known.push(*posting);
                if row.from <= date && row.to.is_none_or(|to| date <= to) {
                    found.push(MyPosting {
                        posting: *posting,
                        school,
                        school_name: name_of(school),
                        role: row.role,
                        name: Some(row.name.clone()),
                        to: row.to,
                    });
                }
            }
        }
        for held in self.member()?.held.iter().filter(|held| !known.contains(&held.posting)) {
            found.push(MyPosting {
                posting: held.posting,
                school: held.school,
                school_name: name_of(held.school),
                role: held.role,
                name: None,
                to: None,
            });
        }
        found.sort_by_key(|posting| posting.posting);
        Ok(found)
    }

    /// One of the person's postings on a date: the named one, or the only one.
    pub fn posting(&mut self, date: Date, named: Option<PostingId>) -> Result<MyPosting> {
        let postings = self.postings(date)?;
        let found = match named {
            Some(posting) => postings.into_iter().find(|p| p.posting == posting),
            None if postings.len() > 1 => {
                return Err(PhoneError::invalid("posting", Problem::SeveralPostings));
            }
            None => postings.into_iter().next(),
        };
        found.ok_or_else(|| PhoneError::invalid("posting", Problem::NoPosting))
    }

    /// The own posting, or that of a colleague whom this phone knows, and its school.
    pub fn posting_here(&mut self, date: Date, named: Option<PostingId>) -> Result<(PostingId, SchoolId)> {
        if let Some(other) = named {
            for own in self.postings(date)? {
                if self.colleagues(own.school, date)?.iter().any(|colleague| colleague.posting == other) {
                    return Ok((other, own.school));
                }
            }
        }
        let own = self.posting(date, named)?;
        Ok((own.posting, own.school))
    }

    /// The roster of a school on a date.
    pub fn colleagues(&mut self, school: SchoolId, date: Date) -> Result<Vec<Colleague>> {
        let mut found: Vec<Colleague> = Vec::new();
        for doc in self.school_docs()?.into_iter().rev().filter(|doc| doc.school_id() == Some(school)) {
            let view = self.school(doc)?;
            for (posting, row) in view.roster_on(date) {
                if found.iter().all(|c| c.posting != posting) {
                    found.push(Colleague { posting, row: row.now.value.clone() });
                }
            }
        }
        Ok(found)
    }

    /// The devices for which a cell of a person at a school waits: theirs and the school's kiosks. This phone itself has
    /// nothing to wait for.
    pub fn device_facts(&mut self, person: PersonId, school: SchoolId, now: UtcSecs) -> Result<Vec<DeviceFact>> {
        let own = self.member()?.machine.forge().actor();
        let counts = |note: &&DeviceNote| note.person == Some(person) || note.school == Some(school);
        let fact = |note: &DeviceNote| DeviceFact {
            actor: note.actor,
            via: note.via,
            since: note.since.secs(),
            mark: if note.actor == own { Some(now) } else { note.mark.map(UtcSecs) },
            retired: note.retired.map(|(as_of, why)| (as_of.secs(), why)),
        };
        Ok(self.devices()?.iter().filter(counts).map(fact).collect())
    }
}

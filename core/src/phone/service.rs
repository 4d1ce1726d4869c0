//! After-school service: plan, sessions, handover.

use super::day::EntryAt;
use super::error::{PhoneError, Problem, Result};
use super::handle::Phone;
use super::home::Home;
use crate::documents::register::SessionFact;
use crate::ids::{DocId, PostingId, SchoolId};
use crate::records::{Handover, ServicePlan, Session};
use crate::sync::phone::{Draft, Recorded};
use jiff::civil::Date;

fn sound(session: &Session) -> Result<()> {
    if session.end <= session.start {
        return Err(PhoneError::invalid("end", Problem::SessionBackwards));
    }
    if session.instructors.is_empty() {
        return Err(PhoneError::invalid("instructors", Problem::NoInstructor));
    }
    Ok(())
}

impl Home {
    /// The session of which `at` is a version.
    fn session(&mut self, at: &EntryAt) -> Result<SessionFact> {
        let register = self.register(at.doc)?;
        let has =
            |fact: &&SessionFact| fact.row.all_now().chain(&fact.row.before).any(|said| said.source.entry == at.entry);
        register.sessions.iter().find(has).cloned().ok_or(PhoneError::NotHere)
    }
}

impl Phone {
    /// Writes the school's plan of a term, or with `instead` changes the one that stands there.
    ///
    /// # Errors
    /// When the dates are in the wrong order, or the entry can't be saved.
    pub fn plan_service(&self, school: SchoolId, plan: ServicePlan, instead: Option<&EntryAt>) -> Result<Recorded> {
        self.record(|home| {
            if plan.to < plan.from {
                return Err(PhoneError::invalid("to", Problem::DatesBackwards));
            }
            let Some(at) = instead else { return Ok(Draft::new(DocId::register(school, plan.from), plan)) };
            let register = home.register(at.doc)?;
            let row = register
                .plans
                .iter()
                .map(|fact| &fact.row)
                .find(|row| row.all_now().chain(&row.before).any(|said| said.source.entry == at.entry));
            let versions = Home::versions(Some(row.ok_or(PhoneError::NotHere)?));
            Ok(Draft::new(at.doc, plan).re(versions))
        })
    }

    /// Records a session.
    ///
    /// # Errors
    /// When it ends before it starts, nobody led it, or the entry can't be saved.
    pub fn record_session(&self, school: SchoolId, session: Session) -> Result<Recorded> {
        self.record(|_| {
            sound(&session)?;
            Ok(Draft::new(DocId::register(school, session.date), session))
        })
    }

    /// Amends a session: all versions that stand are replaced.
    ///
    /// # Errors
    /// As [`Phone::record_session`], and when the session isn't here.
    pub fn amend_session(&self, at: &EntryAt, session: Session) -> Result<Recorded> {
        self.record(|home| {
            sound(&session)?;
            let versions = Home::versions(Some(&home.session(at)?.row));
            Ok(Draft::new(at.doc, session).re(versions))
        })
    }

    /// Records the handover at the end of a session.
    ///
    /// # Errors
    /// When the session isn't here, or the entry can't be saved.
    pub fn hand_over(
        &self,
        at: &EntryAt,
        to: Option<PostingId>,
        pupils: Option<u32>,
        text: Option<String>,
    ) -> Result<Recorded> {
        self.record(|home| {
            let versions = Home::versions(Some(&home.session(at)?.row));
            Ok(Draft::new(at.doc, Handover { to, pupils, text }).re(versions))
        })
    }

    /// The sessions of a school on a date.
    ///
    /// # Errors
    /// When the phone isn't enrolled or its store fails.
    pub fn sessions(&self, school: SchoolId, date: Date) -> Result<Vec<(DocId, SessionFact)>> {
        self.with(|home| {
            let doc = DocId::register(school, date);
            let register = home.register(doc)?;
            let here = register.sessions.iter().filter(|fact| fact.row.now.value.date == date);
            Ok(here.map(|fact| (doc, fact.clone())).collect())
        })
    }
}

//! Support visits: plan, time on site, the four parts, people, observations, pictures, countersign.

use jiff::civil::Date;

use super::error::{PhoneError, Problem, Result};
use super::handle::Phone;
use super::home::Home;
use crate::crypto::BlobHash;
use crate::documents::facts::Row;
use crate::documents::visit::Visit;
use crate::ids::{DocId, DocKind, Label, PostingId, SchoolId, VisitId};
use crate::records::{
    Comment, EntryRef, HostCountersign, Observation, ObservedAnswer, Part, Participant, VisitClose, VisitKind,
    VisitNote, VisitOpen, VisitPart, VisitPeople, VisitPicture, VisitPlan, VisitShare,
};
use crate::sync::phone::{Draft, Recorded};
use crate::time::Minutes;

/// A visit that was begun on this phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitAt {
    /// Its id, drawn here.
    pub visit: VisitId,
    /// Its document.
    pub doc: DocId,
    /// The plan's entry.
    pub recorded: Recorded,
}

/// A visit in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitSummary {
    /// Its document.
    pub doc: DocId,
    /// What kind, once its plan has arrived.
    pub kind: Option<VisitKind>,
    /// At which school.
    pub host: Option<SchoolId>,
    /// For which day.
    pub date: Option<Date>,
    /// Whether it was opened on site.
    pub opened: bool,
    /// Whether it was closed.
    pub closed: bool,
}

fn rows_of<T>(rows: &[Row<T>], at: Option<EntryRef>) -> Vec<EntryRef> {
    let Some(at) = at else { return Vec::new() };
    let has = |row: &&Row<T>| row.all_now().chain(&row.before).any(|said| said.source.entry == at);
    Home::versions(rows.iter().find(has))
}

impl Phone {
    /// Plans a visit: its id is drawn here, without a network.
    ///
    /// # Errors
    /// When the entry can't be saved.
    pub fn plan_visit(&self, plan: VisitPlan) -> Result<VisitAt> {
        let visit = self.with(|home| Ok(VisitId::random(&mut home.rng.as_mut())))?;
        let doc = DocId::visit(visit, plan.date);
        let recorded = self.record(|_| Ok(Draft::new(doc, plan)))?;
        Ok(VisitAt { visit, doc, recorded })
    }

    /// Changes a visit's plan.
    ///
    /// # Errors
    /// When the plan isn't here, or the entry can't be saved.
    pub fn change_visit(&self, doc: DocId, plan: VisitPlan) -> Result<Recorded> {
        self.visit_act(doc, |visit| {
            let versions = Home::versions(visit.plan.as_ref());
            if versions.is_empty() {
                return Err(PhoneError::NotHere);
            }
            Ok(Draft::new(doc, plan).re(versions))
        })
    }

    fn visit_act(&self, doc: DocId, make: impl FnOnce(&Visit) -> Result<Draft>) -> Result<Recorded> {
        if doc.kind != DocKind::Visit {
            return Err(PhoneError::invalid("visit", Problem::NoVisit));
        }
        self.record(|home| make(&home.visit(doc)?))
    }

    /// Opens a visit on site: from now on its host may read it.
    ///
    /// # Errors
    /// When the entry can't be saved.
    pub fn open_visit(&self, doc: DocId) -> Result<Recorded> {
        self.visit_act(doc, |_| Ok(Draft::new(doc, VisitOpen {})))
    }

    /// Closes a visit on site; `minutes` if the time spent on its purpose differs from the time on site.
    ///
    /// # Errors
    /// When the visit was not opened, or the entry can't be saved.
    pub fn close_visit(&self, doc: DocId, minutes: Option<Minutes>) -> Result<Recorded> {
        self.visit_act(doc, |visit| match visit.opened.is_empty() {
            true => Err(PhoneError::invalid("visit", Problem::NotOpened)),
            false => Ok(Draft::new(doc, VisitClose { minutes })),
        })
    }

    /// Writes one of the four parts; texts that stand there are replaced, of several that were written at the same time all.
    ///
    /// # Errors
    /// When the entry can't be saved.
    pub fn write_part(&self, doc: DocId, part: Part, text: &str) -> Result<Recorded> {
        self.visit_act(doc, |visit| {
            let versions = Home::versions(visit.parts.get(&part));
            Ok(Draft::new(doc, VisitPart { part, text: text.to_owned() }).re(versions))
        })
    }

    /// Sets who took part.
    ///
    /// # Errors
    /// When the entry can't be saved.
    pub fn set_people(&self, doc: DocId, people: Vec<Participant>) -> Result<Recorded> {
        self.visit_act(doc, |visit| {
            let versions = Home::versions(visit.people.as_ref());
            Ok(Draft::new(doc, VisitPeople { people }).re(versions))
        })
    }

    /// Records a lesson observed; `instead` names a version of the one that it changes.
    ///
    /// # Errors
    /// When the entry can't be saved.
    pub fn observe(&self, doc: DocId, observation: Observation, instead: Option<EntryRef>) -> Result<Recorded> {
        self.visit_act(doc, |visit| {
            let versions = rows_of(&visit.observations, instead);
            Ok(Draft::new(doc, observation).re(versions))
        })
    }

    /// Adds a picture.
    ///
    /// # Errors
    /// When the picture is larger than 256 kB, or the entry can't be saved.
    pub fn add_picture(&self, doc: DocId, picture: &[u8], caption: Option<String>) -> Result<(Recorded, BlobHash)> {
        let blob = self.with(|home| home.new_blob(picture))?;
        let hash = blob.hash;
        let body = VisitPicture { picture: hash, caption };
        let recorded = self.visit_act(doc, |_| Ok(Draft::new(doc, body).blob(blob)))?;
        Ok((recorded, hash))
    }

    /// Adds a note.
    ///
    /// # Errors
    /// When the note is empty, or the entry can't be saved.
    pub fn add_visit_note(&self, doc: DocId, text: &str) -> Result<Recorded> {
        let text = crate::review::act::needed(text)?;
        self.visit_act(doc, |_| Ok(Draft::new(doc, VisitNote { text })))
    }

    /// Shares a visit with observed teachers.
    ///
    /// # Errors
    /// When nobody is named, or the entry can't be saved.
    pub fn share_visit(&self, doc: DocId, with: Vec<PostingId>) -> Result<Recorded> {
        self.visit_act(doc, |_| match with.is_empty() {
            true => Err(PhoneError::invalid("with", Problem::NobodyNamed)),
            false => Ok(Draft::new(doc, VisitShare { with })),
        })
    }

    /// Answers a visit that was shared.
    ///
    /// # Errors
    /// When the answer is empty, or the entry can't be saved.
    pub fn answer_visit(&self, doc: DocId, text: &str) -> Result<Recorded> {
        let text = crate::review::act::needed(text)?;
        self.visit_act(doc, |_| Ok(Draft::new(doc, ObservedAnswer { text })))
    }

    /// Signs for a visit as its host: for every entry of its archive that stands on this phone.
    ///
    /// # Errors
    /// When nothing of the visit has arrived, or the entry can't be saved.
    pub fn countersign(&self, doc: DocId, text: Option<String>) -> Result<Recorded> {
        self.visit_act(doc, |visit| {
            let seen = visit.archive();
            if seen.is_empty() {
                return Err(PhoneError::NotHere);
            }
            Ok(Draft::new(doc, HostCountersign { text }).re(seen))
        })
    }

    /// Comments on entries of a visit or register, or on all of it.
    ///
    /// # Errors
    /// When the comment is empty, or the entry can't be saved.
    pub fn comment(&self, doc: DocId, about: &[EntryRef], text: &str) -> Result<Recorded> {
        let text = crate::review::act::needed(text)?;
        self.record(|_| Ok(Draft::new(doc, Comment { text }).re(about.iter().copied())))
    }

    /// A visit as it stands on this phone.
    ///
    /// # Errors
    /// When the phone is closed or its store fails.
    pub fn visit(&self, doc: DocId) -> Result<Visit> {
        self.with(|home| home.visit(doc))
    }

    /// The visits of the term of `date` on this phone, newest day first.
    ///
    /// # Errors
    /// As [`Phone::visit`].
    pub fn visits(&self, date: Date) -> Result<Vec<VisitSummary>> {
        self.with(|home| {
            let mut found = Vec::new();
            for doc in home.docs_of(DocKind::Visit, Label::term_of(date))? {
                let visit = home.visit(doc)?;
                let plan = visit.plan.as_ref().map(|row| &row.now.value);
                found.push(VisitSummary {
                    doc,
                    kind: plan.map(|plan| plan.kind),
                    host: plan.map(|plan| plan.host),
                    date: plan.map(|plan| plan.date),
                    opened: !visit.opened.is_empty(),
                    closed: !visit.closed.is_empty(),
                });
            }
            found.sort_by_key(|visit| (std::cmp::Reverse(visit.date), visit.doc));
            Ok(found)
        })
    }
}

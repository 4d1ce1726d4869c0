//! What somebody asked for at one of their postings, and how it stands: leave and corrections. And by what words.

use super::error::{PhoneError, Result};
use super::handle::Phone;
use super::home::Home;
use crate::documents::correction::RequestFact;
use crate::documents::duty::Duty;
use crate::documents::leave::LeaveFact;
use crate::documents::register::Register;
use crate::ids::{DocId, PostingId, SchoolId};
use crate::policy::{Chapter, CodedName, Pack};
use crate::records::SchoolSet;
use jiff::Span;
use jiff::civil::Date;

impl Home {
    fn asked<T>(&mut self, posting: Option<PostingId>, read: impl Fn(&Duty) -> Vec<T>) -> Result<Vec<(DocId, T)>> {
        let date = self.now()?.date();
        let posting = self.posting(date, posting)?.posting;
        let mut found = Vec::new();
        for (doc, duty) in self.duties(posting, date)? {
            found.extend(read(&duty).into_iter().map(|fact| (doc, fact)));
        }
        Ok(found)
    }

    fn pack_of(&mut self, school: SchoolId, chapter: Chapter) -> Result<Option<&'static Pack>> {
        let date = self.now()?.date();
        let county = self.county()?;
        Ok(county.pack(chapter, date, school).map(|(pack, _)| pack))
    }
}

/// No break between two terms is longer.
const LONGEST_BREAK: usize = 120;

impl Phone {
    /// The working day after today by the county's calendar, with which a leave begins unless somebody says otherwise; tomorrow
    /// where the calendar knows none.
    ///
    /// # Errors
    /// When the phone isn't enrolled or its store fails.
    pub fn next_working_day(&self) -> Result<Date> {
        self.with(|home| {
            let today = home.now()?.date();
            let county = home.county()?;
            let calendar = county.calendar();
            let mut coming = today.series(Span::new().days(1)).skip(1).take(LONGEST_BREAK);
            let working = coming.find(|date| calendar.is_school_day(*date));
            Ok(working.or(today.tomorrow().ok()).unwrap_or(today))
        })
    }

    /// The leave of this term, and leave of others that reaches into it, newest first.
    ///
    /// # Errors
    /// When the phone isn't enrolled or its store fails.
    pub fn leaves(&self, posting: Option<PostingId>) -> Result<Vec<(DocId, LeaveFact)>> {
        let mut found = self.with(|home| home.asked(posting, |duty| duty.leaves.clone()))?;
        let from = |leave: &LeaveFact| leave.newest.iter().chain(&leave.before).map(|said| said.value.from).max();
        found.sort_by_key(|(_, leave)| std::cmp::Reverse(from(leave)));
        Ok(found)
    }

    /// The corrections that were asked for this term, newest day first.
    ///
    /// # Errors
    /// As [`Phone::leaves`].
    pub fn corrections(&self, posting: Option<PostingId>) -> Result<Vec<(DocId, RequestFact)>> {
        let mut found = self.with(|home| home.asked(posting, |duty| duty.requests.clone()))?;
        found.sort_by_key(|(_, request)| std::cmp::Reverse(request.row.now.value.date));
        Ok(found)
    }

    /// The kinds of leave at a school. Empty until the county's rules have arrived.
    ///
    /// # Errors
    /// When the store fails.
    pub fn leave_kinds(&self, school: SchoolId) -> Result<Vec<CodedName>> {
        let pack = self.with(|home| home.pack_of(school, Chapter::Office))?;
        Ok(pack.and_then(|pack| pack.office.as_ref()).map_or(Vec::new(), |office| office.leave.kinds.clone()))
    }

    /// What after-school service may hold at a school. Empty until the county's rules have arrived.
    ///
    /// # Errors
    /// When the store fails.
    pub fn service_contents(&self, school: SchoolId) -> Result<Vec<CodedName>> {
        let pack = self.with(|home| home.pack_of(school, Chapter::Service))?;
        Ok(pack.and_then(|pack| pack.service.as_ref()).map_or(Vec::new(), |service| service.content.allowed.clone()))
    }

    /// What after-school service may never hold at a school.
    ///
    /// # Errors
    /// When the store fails.
    pub fn forbidden_contents(&self, school: SchoolId) -> Result<Vec<CodedName>> {
        let pack = self.with(|home| home.pack_of(school, Chapter::Service))?;
        Ok(pack.and_then(|pack| pack.service.as_ref()).map_or(Vec::new(), |service| service.content.forbidden.clone()))
    }

    /// The schools of the county on a date. Empty until the county's document has arrived.
    ///
    /// # Errors
    /// When the store fails.
    pub fn schools(&self, date: Date) -> Result<Vec<SchoolSet>> {
        let county = self.with(Home::county)?;
        Ok(county.schools_on(date).into_iter().cloned().collect())
    }

    /// A school's register of a day's term: plans, sessions, publications.
    ///
    /// # Errors
    /// When the store fails.
    pub fn service(&self, school: SchoolId, date: Date) -> Result<Register> {
        self.with(|home| Ok(home.register(DocId::register(school, date))?.as_ref().clone()))
    }

    /// What an entry says, to be put into words; `None` in a kind that this version doesn't know.
    ///
    /// # Errors
    /// [`PhoneError::NotHere`] if it isn't here.
    pub fn body(&self, at: &super::EntryAt) -> Result<Option<crate::records::Body>> {
        let item = self.entry(at)?;
        match crate::records::Entry::from_bytes(&item.value) {
            Ok(entry) => Ok(Some(entry.body)),
            Err(crate::records::EntryError::NewerKind(_)) => Ok(None),
            Err(e) => Err(PhoneError::Failed(e.to_string())),
        }
    }
}

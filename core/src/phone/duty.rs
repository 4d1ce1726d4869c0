//! What a person records about the own posting: checks, leave, requests, notes.

use jiff::civil::Date;

use super::day::EntryAt;
use super::error::{PhoneError, Problem, Result};
use super::handle::Phone;
use super::home::Home;
use crate::crypto::BlobHash;
use crate::documents::facts::Decided;
use crate::documents::leave::LeaveFact;
use crate::ids::{DocId, PostingId};
use crate::records::{
    Check, CheckTime, CorrectionRequest, Direction, EntryRef, Leave, LeaveWithdrawal, Note, Place, Return, Void,
};
use crate::review::act::{correctable, needed};
use crate::sync::phone::{Blob, Draft, Recorded};
use crate::time::UtcSecs;

/// An application for leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaveRequest {
    /// The leave kind's key in the pack.
    pub kind: String,
    /// First instant.
    pub from: UtcSecs,
    /// Last instant.
    pub to: UtcSecs,
    /// The reason in words; it travels as a blob, since it may speak of health. Of a changed leave: absent as it was, empty none.
    pub reason: Option<String>,
    /// A picture of a certificate. Of a changed leave: absent as it was, empty none.
    pub certificate: Option<Vec<u8>>,
}

impl Home {
    /// A blob of this content; a failure names the field.
    pub(super) fn new_blob(&mut self, content: &[u8]) -> Result<Blob> {
        Ok(Blob::new(content, self.rng.as_mut())?)
    }

    /// The leave of which `at` is a version.
    pub(super) fn leave(&mut self, at: &EntryAt) -> Result<LeaveFact> {
        let duty = self.duty(at.doc)?;
        let has =
            |leave: &&LeaveFact| leave.newest.iter().chain(&leave.before).any(|said| said.source.entry == at.entry);
        duty.leaves.iter().find(has).cloned().ok_or(PhoneError::NotHere)
    }

    /// An application, or a version of one: then `before` is the version whose reason and certificate stay.
    fn leave_draft(
        &mut self,
        doc: DocId,
        request: &LeaveRequest,
        before: Option<&Leave>,
        re: Vec<EntryRef>,
    ) -> Result<Draft> {
        if request.to <= request.from {
            return Err(PhoneError::invalid("to", Problem::LeaveBackwards));
        }
        if request.kind.is_empty() {
            return Err(PhoneError::invalid("kind", Problem::LeaveKind));
        }
        let mut draft = Draft::new(doc, Void {}).re(re);
        let mut attach = |home: &mut Home, content: Option<&[u8]>, before: Option<BlobHash>| -> Result<_> {
            let Some(content) = content else { return Ok(before) };
            if content.is_empty() {
                return Ok(None);
            }
            let blob = home.new_blob(content)?;
            let hash = blob.hash;
            draft.blobs.push(blob);
            Ok(Some(hash))
        };
        let reason = attach(
            self,
            request.reason.as_deref().map(str::trim).map(str::as_bytes),
            before.and_then(|leave| leave.reason),
        )?;
        let certificate = attach(self, request.certificate.as_deref(), before.and_then(|leave| leave.certificate))?;
        draft.body =
            Leave { kind: request.kind.clone(), from: request.from, to: request.to, reason, certificate }.into();
        Ok(draft)
    }
}

impl Phone {
    /// Checks in or out. `posting` may be left out where the person has one.
    ///
    /// # Errors
    /// When the phone isn't enrolled, the person has no posting today, or the entry can't be saved.
    pub fn check(&self, posting: Option<PostingId>, direction: Direction, place: Option<Place>) -> Result<Recorded> {
        self.record(|home| {
            let date = home.now()?.date();
            let posting = home.posting(date, posting)?;
            Ok(Draft::new(DocId::duty(posting.posting, date), Check { direction, place }))
        })
    }

    /// Takes back one's own entry of the last five minutes.
    ///
    /// # Errors
    /// [`PhoneError::TooLate`] after five minutes, or for an entry of another device.
    pub fn void(&self, at: &EntryAt) -> Result<Recorded> {
        self.record(|home| {
            if !home.may_take_back(at)? {
                return Err(PhoneError::TooLate);
            }
            Ok(Draft::new(at.doc, Void {}).re([at.entry]))
        })
    }

    /// Applies for leave.
    ///
    /// # Errors
    /// When the leave ends before it begins, or the entry can't be saved.
    pub fn apply_leave(&self, posting: Option<PostingId>, request: &LeaveRequest) -> Result<Recorded> {
        self.record(|home| {
            let date = home.now()?.date();
            let posting = home.posting(date, posting)?;
            home.leave_draft(DocId::duty(posting.posting, date), request, None, Vec::new())
        })
    }

    /// Changes a leave; what was approved stays so as far as both versions agree. Reason and certificate stay unless others are
    /// given.
    ///
    /// # Errors
    /// As [`Phone::apply_leave`], and when the leave isn't here.
    pub fn change_leave(&self, at: &EntryAt, request: &LeaveRequest) -> Result<Recorded> {
        self.record(|home| {
            let leave = home.leave(at)?;
            let re = leave.newest.iter().map(|said| said.source.entry).collect();
            let before = leave.newest.iter().find(|said| said.source.entry == at.entry).or(leave.newest.last());
            home.leave_draft(at.doc, request, before.map(|said| &said.value), re)
        })
    }

    /// Withdraws a leave.
    ///
    /// # Errors
    /// When the leave isn't here, or the entry can't be saved.
    pub fn withdraw_leave(&self, at: &EntryAt) -> Result<Recorded> {
        self.record(|home| {
            let newest: Vec<EntryRef> = home.leave(at)?.newest.iter().map(|said| said.source.entry).collect();
            Ok(Draft::new(at.doc, LeaveWithdrawal {}).re(newest))
        })
    }

    /// Closes a leave on return (销假).
    ///
    /// # Errors
    /// When the leave isn't here, nothing of it is approved, or the entry can't be saved.
    pub fn return_from_leave(&self, at: &EntryAt, returned: UtcSecs) -> Result<Recorded> {
        self.record(|home| {
            let leave = home.leave(at)?;
            if leave.pieces.iter().all(|piece| piece.decision != Decided::Approved) {
                return Err(PhoneError::invalid("leave", Problem::LeaveNotApproved));
            }
            let newest: Vec<EntryRef> = leave.newest.iter().map(|said| said.source.entry).collect();
            Ok(Draft::new(at.doc, Return { at: returned }).re(newest))
        })
    }

    /// Asks for a correction of a day: `checks` are what is missing, `wrong` the entries that are wrong.
    ///
    /// # Errors
    /// When nothing is asked for, a check lies on another day, no reason is given, or the entry can't be saved.
    pub fn request_correction(
        &self,
        posting: Option<PostingId>,
        date: Date,
        checks: Vec<CheckTime>,
        wrong: &[EntryRef],
        why: &str,
        evidence: Option<&[u8]>,
    ) -> Result<Recorded> {
        self.record(|home| {
            let posting = home.posting(date, posting)?;
            let doc = DocId::duty(posting.posting, date);
            correctable(date, &checks, wrong)?;
            let mut draft = Draft::new(doc, Void {}).re(wrong.iter().copied());
            let evidence = match evidence {
                Some(content) => {
                    let blob = home.new_blob(content)?;
                    let hash = blob.hash;
                    draft.blobs.push(blob);
                    Some(hash)
                }
                None => None,
            };
            draft.body = CorrectionRequest { date, checks, reason: needed(why)?, evidence }.into();
            Ok(draft)
        })
    }

    /// Writes a remark on a day.
    ///
    /// # Errors
    /// When the remark is empty, or the entry can't be saved.
    pub fn note(&self, posting: Option<PostingId>, date: Date, text: &str) -> Result<Recorded> {
        self.record(|home| {
            let posting = home.posting(date, posting)?;
            Ok(Draft::new(DocId::duty(posting.posting, date), Note { date, text: needed(text)? }))
        })
    }
}

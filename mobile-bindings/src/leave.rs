//! Leave and corrections: asked for, changed, decided.

use sanji_core::ids::DocId;
use sanji_core::phone as core;
use sanji_core::records::CheckTime;
use sanji_core::time::UtcSecs;

use crate::day::{Direction, Entry};
use crate::given::{Result, date, entries, entry, posting};
use crate::phone::Phone;

/// What is applied for.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct LeaveRequest {
    /// The kind's code (`leave_kinds` lists them).
    pub kind: String,
    /// Its first second.
    pub from_secs: i64,
    /// The second at which it is over.
    pub to_secs: i64,
    /// Why, for those who decide.
    #[uniffi(default = None)]
    pub reason: Option<String>,
    /// A picture of a certificate, at most 256 kB.
    #[uniffi(default = None)]
    pub certificate: Option<Vec<u8>>,
}

/// A part of a leave that stands one way.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct LeavePiece {
    /// The kind's code.
    pub kind: String,
    /// Its first second.
    pub from_secs: i64,
    /// The second at which it is over.
    pub to_secs: i64,
    /// `approved`, `refused` or `pending`.
    pub decision: String,
    /// When the person was back before its end.
    pub returned_secs: Option<i64>,
}

/// A leave, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Leave {
    /// Its newest version: what is changed, withdrawn or closed.
    pub entry: Entry,
    /// Its parts.
    pub pieces: Vec<LeavePiece>,
    /// It was withdrawn.
    pub withdrawn: bool,
    /// Why it was decided so, where somebody said it.
    pub decided_why: Option<String>,
    /// Versions, or decisions, contradict each other.
    pub conflict: bool,
}

impl Leave {
    fn of(doc: DocId, fact: &core::LeaveFact) -> Option<Self> {
        // One that was withdrawn has no version that holds.
        let newest = fact.newest.first().or(fact.before.last())?;
        let piece = |piece: &core::LeavePiece| LeavePiece {
            kind: piece.kind.clone(),
            from_secs: piece.from.0,
            to_secs: piece.to.0,
            decision: piece.decision.name().to_owned(),
            returned_secs: piece.returned_at.map(|at| at.0),
        };
        Some(Leave {
            entry: core::EntryAt { doc, entry: newest.source.entry }.into(),
            pieces: fact.pieces.iter().map(piece).collect(),
            withdrawn: !fact.withdrawn.is_empty(),
            decided_why: fact.decisions.iter().rev().find_map(|said| said.value.reason.clone()),
            conflict: fact.conflict,
        })
    }
}

/// A check that is said to have been.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct StatedCheck {
    /// In or out.
    pub direction: Direction,
    /// When.
    pub at_secs: i64,
}

impl From<&CheckTime> for StatedCheck {
    fn from(check: &CheckTime) -> Self {
        StatedCheck { direction: check.direction.into(), at_secs: check.at.0 }
    }
}

pub(crate) fn checks(stated: &[StatedCheck]) -> Vec<CheckTime> {
    stated.iter().map(|c| CheckTime { direction: c.direction.into(), at: UtcSecs(c.at_secs) }).collect()
}

/// A correction that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct CorrectionAsked {
    /// Its newest version.
    pub entry: Entry,
    /// The day.
    pub date: String,
    /// The checks that are missing.
    pub checks: Vec<StatedCheck>,
    /// Why.
    pub reason: String,
    /// `approved`, `refused` or `pending`.
    pub decision: String,
    /// Why it was decided so, where somebody said it.
    pub decided_why: Option<String>,
    /// Versions, or decisions, contradict each other.
    pub conflict: bool,
}

impl CorrectionAsked {
    fn of(doc: DocId, fact: &core::RequestFact) -> Self {
        let said = &fact.row.now;
        CorrectionAsked {
            entry: core::EntryAt { doc, entry: said.source.entry }.into(),
            date: said.value.date.to_string(),
            checks: said.value.checks.iter().map(Into::into).collect(),
            reason: said.value.reason.clone(),
            decision: fact.decision.name().to_owned(),
            decided_why: fact.decisions.iter().rev().find_map(|said| said.value.reason.clone()),
            conflict: fact.conflict,
        }
    }
}

/// A code with its names in both languages, as the county's rules have them.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Named {
    /// As it stands in records.
    pub code: String,
    /// In Chinese: the source's word.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl From<sanji_core::policy::CodedName> for Named {
    fn from(name: sanji_core::policy::CodedName) -> Self {
        Named { code: name.code, zh: name.zh, en: name.en }
    }
}

impl From<LeaveRequest> for core::LeaveRequest {
    fn from(request: LeaveRequest) -> Self {
        core::LeaveRequest {
            kind: request.kind,
            from: UtcSecs(request.from_secs),
            to: UtcSecs(request.to_secs),
            reason: request.reason,
            certificate: request.certificate,
        }
    }
}

#[uniffi::export]
impl Phone {
    /// The kinds of leave at a school; empty until the county's rules have arrived.
    pub fn leave_kinds(&self, school: String) -> Result<Vec<Named>> {
        let kinds = self.core().leave_kinds(crate::given::id("school", &school)?)?;
        Ok(kinds.into_iter().map(Into::into).collect())
    }

    /// The working day after today by the county's calendar: the first day that a leave is offered for.
    pub fn next_working_day(&self) -> Result<String> {
        Ok(self.core().next_working_day()?.to_string())
    }

    /// The leave of this term at a posting, newest first.
    pub fn leaves(&self, posting_id: Option<String>) -> Result<Vec<Leave>> {
        let found = self.core().leaves(posting(posting_id)?)?;
        Ok(found.iter().filter_map(|(doc, fact)| Leave::of(*doc, fact)).collect())
    }

    /// Applies for leave.
    pub fn apply_leave(&self, posting_id: Option<String>, request: LeaveRequest) -> Result<Entry> {
        Ok(self.core().apply_leave(posting(posting_id)?, &request.into())?.into())
    }

    /// Changes a leave; what was approved stays so as far as both versions agree.
    pub fn change_leave(&self, leave: Entry, request: LeaveRequest) -> Result<Entry> {
        Ok(self.core().change_leave(&entry(&leave)?, &request.into())?.into())
    }

    /// Withdraws a leave.
    pub fn withdraw_leave(&self, leave: Entry) -> Result<Entry> {
        Ok(self.core().withdraw_leave(&entry(&leave)?)?.into())
    }

    /// Closes a leave on return.
    pub fn return_from_leave(&self, leave: Entry, returned_secs: i64) -> Result<Entry> {
        Ok(self.core().return_from_leave(&entry(&leave)?, UtcSecs(returned_secs))?.into())
    }

    /// The corrections that were asked for this term, newest day first.
    pub fn corrections(&self, posting_id: Option<String>) -> Result<Vec<CorrectionAsked>> {
        let found = self.core().corrections(posting(posting_id)?)?;
        Ok(found.iter().map(|(doc, fact)| CorrectionAsked::of(*doc, fact)).collect())
    }

    /// Asks for a correction of a day: `missing` are the checks that should be there, `wrong` the entries that are wrong.
    pub fn request_correction(
        &self,
        posting_id: Option<String>,
        day: String,
        missing: Vec<StatedCheck>,
        wrong: Vec<Entry>,
        reason: String,
        evidence: Option<Vec<u8>>,
    ) -> Result<Entry> {
        let (day, wrong) = (date("day", &day)?, entries(&wrong)?);
        let posting = posting(posting_id)?;
        let asked =
            self.core().request_correction(posting, day, checks(&missing), &wrong, &reason, evidence.as_deref())?;
        Ok(asked.into())
    }

    /// Writes a remark on a day.
    pub fn note(&self, posting_id: Option<String>, day: String, text: String) -> Result<Entry> {
        Ok(self.core().note(posting(posting_id)?, date("day", &day)?, &text)?.into())
    }
}

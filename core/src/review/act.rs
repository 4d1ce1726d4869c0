//! What people do to records, before it is written: the entry that an act comes to, or what is wrong with what was given.
//! The same on phone and page; whether the act counts is the relay's to judge.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::county::CountyFacts;
use crate::documents::correction::RequestFact;
use crate::documents::facts::Row;
use crate::documents::leave::LeaveFact;
use crate::documents::school::{School, profile_on};
use crate::ids::SchoolId;
use crate::policy::words;
use crate::records::{
    CheckTime, Correction, CorrectionDecision, Decision, EntryRef, FlagLift, LeaveDecision, ProfileSet,
};
use crate::time::UtcSecs;

words! {
    /// What is wrong with what was given. The text of each stands under `problem-<code>`.
    Problem {
        /// No reason was given.
        ReasonNeeded = "reason_needed",
        /// The leave ends before it begins.
        LeaveBackwards = "leave_backwards",
        /// No kind of leave was chosen.
        LeaveKind = "leave_kind",
        /// A leave that isn't approved can't be closed.
        LeaveNotApproved = "leave_not_approved",
        /// There is nothing left to decide.
        LeaveWithdrawn = "leave_withdrawn",
        /// A correction says nothing.
        NothingToCorrect = "nothing_to_correct",
        /// A check lies on another day than the one that is corrected.
        OtherDay = "other_day",
        /// The last day lies before the first.
        DatesBackwards = "dates_backwards",
        /// The session ends before it starts.
        SessionBackwards = "session_backwards",
        /// Nobody led the session.
        NoInstructor = "no_instructor",
        /// A PIN of another shape.
        PinShape = "pin_shape",
        /// The PIN is wrong.
        PinWrong = "pin_wrong",
        /// Too many wrong PINs.
        PinPause = "pin_pause",
        /// The person has no PIN at this kiosk.
        NoPin = "no_pin",
        /// The school has no kiosk.
        NoKiosk = "no_kiosk",
        /// The person isn't listed at this kiosk.
        NotListed = "not_listed",
        /// The certificate was made for another phone.
        OtherPhone = "other_phone",
        /// No name was given.
        NameMissing = "name_missing",
        /// A week is named by its Monday.
        NotMonday = "not_monday",
        /// The week isn't over.
        WeekNotOver = "week_not_over",
        /// The scheme doesn't let the school have these windows of its own.
        Windows = "windows",
        /// The county's rules for the school have not arrived.
        NoRules = "no_rules",
        /// An entry's text is too long.
        TooLong = "too_long",
        /// A picture or attachment is too large.
        TooLarge = "too_large",
        /// A person's act was tried on a kiosk.
        Kiosk = "kiosk",
        /// The person has several postings on the day.
        SeveralPostings = "several_postings",
        /// The person has no posting on the day.
        NoPosting = "no_posting",
        /// The document is no visit.
        NoVisit = "no_visit",
        /// The visit was not opened on site.
        NotOpened = "not_opened",
        /// Nobody was named to share with.
        NobodyNamed = "nobody_named",
        /// The text is no invitation.
        NotAnInvitation = "not_an_invitation",
        /// The typed code has a wrong length or character.
        BadCode = "bad_code",
        /// The county at the address isn't the one of the code.
        OtherCounty = "other_county",
        /// A message of enrolment can't be read.
        Unreadable = "unreadable",
        /// These are not the six digits that the phone shows, or the phone is not this person's to approve.
        OtherDigits = "other_digits",
        /// Some of the QR codes have not been read.
        PagesMissing = "pages_missing",
        /// What is to be decided was changed since it was shown.
        Changed = "changed",
        /// Nothing waits to be sent.
        NothingWaits = "nothing_waits",
    }
}

/// What is wrong, and with which part of what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The part.
    pub field: &'static str,
    /// What is wrong with it.
    pub why: Problem,
}

impl Fault {
    pub(crate) fn new(field: &'static str, why: Problem) -> Self {
        Fault { field, why }
    }
}

/// A reason that has to be given.
///
/// # Errors
/// When it is empty.
pub fn needed(text: &str) -> Result<String, Fault> {
    match text.trim() {
        "" => Err(Fault::new("reason", Problem::ReasonNeeded)),
        text => Ok(text.to_owned()),
    }
}

/// The reason of a decision, which a refusal needs.
fn because(decision: Decision, reason: Option<&str>) -> Result<Option<String>, Fault> {
    match needed(reason.unwrap_or_default()) {
        Ok(reason) => Ok(Some(reason)),
        Err(_) if decision == Decision::Approved => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// A decision on a leave as it stands, with the versions that it answers: a change that comes later is pending again beyond
/// it.
///
/// # Errors
/// When the leave was withdrawn, or a refusal has no reason.
pub fn decide_leave(
    leave: &LeaveFact,
    decision: Decision,
    reason: Option<&str>,
) -> Result<(Vec<EntryRef>, LeaveDecision), Fault> {
    let from = leave.newest.iter().map(|said| said.value.from).min();
    let to = leave.newest.iter().map(|said| said.value.to).max();
    let (from, to) = from.zip(to).ok_or(Fault::new("leave", Problem::LeaveWithdrawn))?;
    let newest = leave.newest.iter().map(|said| said.source.entry).collect();
    Ok((newest, LeaveDecision { decision, reason: because(decision, reason)?, from, to }))
}

/// A decision on a request for a correction as it stands, with the versions that it answers.
///
/// # Errors
/// When a refusal has no reason.
pub fn decide_request(
    request: &RequestFact,
    decision: Decision,
    reason: Option<&str>,
) -> Result<(Vec<EntryRef>, CorrectionDecision), Fault> {
    let versions = request.row.all_now().map(|said| said.source.entry).collect();
    Ok((versions, CorrectionDecision { decision, reason: because(decision, reason)? }))
}

/// Whether a correction says something, about its own day.
///
/// # Errors
/// When it doesn't.
pub fn correctable(date: Date, checks: &[CheckTime], wrong: &[EntryRef]) -> Result<(), Fault> {
    if checks.is_empty() && wrong.is_empty() {
        return Err(Fault::new("checks", Problem::NothingToCorrect));
    }
    match checks.iter().find(|check| check.at.date() != date) {
        Some(_) => Err(Fault::new("checks", Problem::OtherDay)),
        None => Ok(()),
    }
}

/// A correction of somebody's day: `checks` count instead of the entries in `wrong`.
///
/// # Errors
/// When nothing is corrected, a check lies on another day, or no reason is given.
pub fn correct(date: Date, checks: Vec<CheckTime>, wrong: &[EntryRef], why: &str) -> Result<Correction, Fault> {
    correctable(date, &checks, wrong)?;
    Ok(Correction { date, checks, reason: needed(why)? })
}

/// The lifting of a flag.
///
/// # Errors
/// When no reason is given.
pub fn lift_flag(why: &str) -> Result<FlagLift, Fault> {
    Ok(FlagLift { reason: needed(why)? })
}

/// A school's profile set anew: of the fields that are given those that differ from what `years`, its documents with the oldest
/// first, say of the first day, and the entries that they replace in `here`, the document of that day's school year. `None` if
/// nothing differs.
///
/// # Errors
/// When the scheme doesn't let the school have these windows (its days could not be judged by them), or the county names no
/// scheme.
pub fn set_profile(
    county: &CountyFacts,
    school: SchoolId,
    years: &[School],
    here: &School,
    mut set: ProfileSet,
) -> Result<Option<(Vec<EntryRef>, ProfileSet)>, Fault> {
    if !set.windows.is_empty() {
        let allowed = county.allows_windows(school, set.from, &set.windows);
        if !allowed.ok_or(Fault::new("school", Problem::NoRules))? {
            return Err(Fault::new("windows", Problem::Windows));
        }
    }
    let (held, here) = (profile_on(years, set.from), here.profile_on(set.from));
    let mut re = Vec::new();
    let mut windows = Some(set.windows).filter(|windows| !windows.is_empty());
    change(&mut set.boarding, held.boarding.as_ref(), here.boarding.as_ref(), &mut re);
    change(&mut set.dismissal, held.dismissal.as_ref(), here.dismissal.as_ref(), &mut re);
    change(&mut windows, held.windows.as_ref(), here.windows.as_ref(), &mut re);
    change(&mut set.rules_version, held.rules_version.as_ref(), here.rules_version.as_ref(), &mut re);
    let differs = set.boarding.is_some() || set.dismissal.is_some() || windows.is_some() || set.rules_version.is_some();
    set.windows = windows.unwrap_or_default();
    re.sort();
    re.dedup();
    Ok(differs.then_some((re, set)))
}

/// Leaves out a field that holds already; of one that changes, adds the entries of the same document that it replaces.
fn change<T: PartialEq>(field: &mut Option<T>, held: Option<&Row<T>>, here: Option<&Row<T>>, re: &mut Vec<EntryRef>) {
    if held.is_some_and(|row| field.as_ref() == Some(&row.now.value) && row.rivals.is_empty()) {
        *field = None;
    }
    if field.is_some() {
        re.extend(here.into_iter().flat_map(|row| row.all_now()).map(|said| said.source.entry));
    }
}

/// Whether a week may be published: it is named by its Monday, and is over.
///
/// # Errors
/// When it isn't.
pub fn publishable(monday: Date, now: UtcSecs) -> Result<(), Fault> {
    if monday.weekday() != Weekday::Monday {
        return Err(Fault::new("monday", Problem::NotMonday));
    }
    if now.date() <= monday.saturating_add(6.days()) {
        return Err(Fault::new("monday", Problem::WeekNotOver));
    }
    Ok(())
}

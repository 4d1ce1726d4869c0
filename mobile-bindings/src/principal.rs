//! What a head of a school sees and does.

use sanji_core::ids::{PersonId, SchoolId};
use sanji_core::phone as core;
use sanji_core::records::{self, Role};
use sanji_core::time::UtcSecs;

use crate::day::{Check, Direction, Entry, Verdict};
use crate::given::{Result, clock, code, date, decision, entries, entry, id, maybe_date, time};
use crate::leave::{StatedCheck, checks};
use crate::phone::Phone;

/// Somebody's day at a school.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct StaffDay {
    /// The posting.
    pub posting: String,
    /// The name.
    pub name: String,
    /// The role's code.
    pub role: String,
    /// The verdict; absent as long as the county's document has not arrived.
    pub verdict: Option<Verdict>,
}

/// A row of the roster.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RosterRow {
    /// The person.
    pub person: String,
    /// The posting.
    pub posting: String,
    /// The name.
    pub name: String,
    /// The role's code.
    pub role: String,
    /// First day.
    pub from: String,
    /// Last day, if it is known.
    pub to: Option<String>,
    /// Whether the person teaches, where that is known.
    pub teaches: Option<bool>,
}

impl From<&records::RosterSet> for RosterRow {
    fn from(row: &records::RosterSet) -> Self {
        RosterRow {
            person: row.person.to_string(),
            posting: row.posting.to_string(),
            name: row.name.clone(),
            role: row.role.name().to_owned(),
            from: row.from.to_string(),
            to: row.to.map(|to| to.to_string()),
            teaches: row.teaches,
        }
    }
}

impl TryFrom<&RosterRow> for records::RosterSet {
    type Error = crate::error::PhoneError;

    fn try_from(row: &RosterRow) -> Result<Self> {
        Ok(records::RosterSet {
            person: id("person", &row.person)?,
            posting: id("posting", &row.posting)?,
            name: row.name.clone(),
            role: code("role", &row.role, Role::from_name)?,
            from: date("from", &row.from)?,
            to: maybe_date("to", &row.to)?,
            teaches: row.teaches,
        })
    }
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Asked {
    /// A leave, or the part of it that is not decided.
    Leave {
        /// The kind's code.
        kind: String,
        /// Its first second.
        from_secs: i64,
        /// The second at which it is over.
        to_secs: i64,
        /// There is a reason to read (`picture` gives its bytes: text in UTF-8).
        reason: Option<String>,
        /// There is a certificate to look at.
        certificate: Option<String>,
    },
    /// A correction of a day.
    Correction {
        /// The day.
        date: String,
        /// The checks that should be there.
        checks: Vec<StatedCheck>,
        /// Why.
        reason: String,
        /// There is evidence to look at.
        evidence: Option<String>,
    },
}

/// Something that waits for a decision of this person.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Pending {
    /// The version to decide on.
    pub entry: Entry,
    /// Whose.
    pub posting: Option<String>,
    /// What is asked.
    pub asked: Asked,
    /// Versions, or decisions, contradict each other.
    pub conflict: bool,
}

impl From<core::Pending> for Pending {
    fn from(pending: core::Pending) -> Self {
        let asked = match pending.what {
            core::PendingKind::Leave(leave) => Asked::Leave {
                kind: leave.kind,
                from_secs: leave.from.0,
                to_secs: leave.to.0,
                reason: leave.reason.map(|hash| hash.to_string()),
                certificate: leave.certificate.map(|hash| hash.to_string()),
            },
            core::PendingKind::Correction(request) => Asked::Correction {
                date: request.date.to_string(),
                checks: request.checks.iter().map(Into::into).collect(),
                reason: request.reason,
                evidence: request.evidence.map(|hash| hash.to_string()),
            },
        };
        Pending {
            entry: pending.at.into(),
            posting: pending.posting.map(|posting| posting.to_string()),
            asked,
            conflict: pending.conflict,
        }
    }
}

/// An entry that doesn't count.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Flagged {
    /// Which.
    pub entry: Entry,
    /// Why: its text stands under `flag-<code>`; absent for a reason of a newer version.
    pub reason: Option<String>,
    /// Whose document it is in.
    pub posting: Option<String>,
    /// When it was made, as it is judged.
    pub judged_secs: i64,
}

/// Fields of a school's profile; those that are left out stay as they were.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Profile {
    /// From which day on.
    pub from: String,
    /// Whether pupils board.
    pub boarding: Option<bool>,
    /// When pupils go home, `16:00`.
    pub dismissal: Option<String>,
    /// The school's own windows: beginning and end of each, `08:30`.
    pub windows: Vec<String>,
    /// The version of the school's filed rules.
    pub rules_version: Option<String>,
}

/// A school's profile as it stands on a day.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SchoolProfile {
    /// Whether pupils board, by the school's own word, else the county's.
    pub boarding: bool,
    /// When pupils go home, `16:00`, if the school said so.
    pub dismissal: Option<String>,
    /// The school's own windows: beginning and end of each, `08:30`; empty where it has those of the scheme.
    pub windows: Vec<String>,
    /// The version of the school's filed rules, if it filed some.
    pub rules_version: Option<String>,
    /// Whether the scheme lets it have windows of its own.
    pub shifts_windows: bool,
}

impl From<core::SchoolProfile> for SchoolProfile {
    fn from(profile: core::SchoolProfile) -> Self {
        SchoolProfile {
            boarding: profile.boarding,
            dismissal: profile.dismissal.map(clock),
            windows: profile.windows.into_iter().map(clock).collect(),
            rules_version: profile.rules_version,
            shifts_windows: profile.shifts_windows,
        }
    }
}

/// Flexible hours that were granted to a posting.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FlexibleHours {
    /// The grant.
    pub entry: Entry,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// On what ground.
    pub ground: String,
}

/// A school's week as whoever publishes it should know it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct WeekToPublish {
    /// When it was last published, as it is judged; absent if it was not, or that has not arrived.
    pub published_secs: Option<i64>,
    /// The names of those of whom something has not arrived that a judged day waits for.
    pub missing: Vec<String>,
}

/// Somebody new, whose ids were drawn on this phone.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Newcomer {
    /// The person.
    pub person: String,
    /// The posting.
    pub posting: String,
    /// The entry in the school's document.
    pub entry: Entry,
}

#[uniffi::export]
impl Phone {
    /// A school's day, as far as its documents may be read here.
    pub fn school_day(&self, school: String, day: String) -> Result<Vec<StaffDay>> {
        let days = self.core().school_day(id("school", &school)?, date("day", &day)?)?.into_iter();
        Ok(days
            .map(|day| StaffDay {
                posting: day.posting.to_string(),
                name: day.name,
                role: day.role.name().to_owned(),
                verdict: day.cell.map(Into::into),
            })
            .collect())
    }

    /// The checks of a colleague's day, by time, as far as they may be read here.
    pub fn colleague_checks(&self, posting_id: String, day: String) -> Result<Vec<Check>> {
        let checks = self.core().colleague_checks(id("posting", &posting_id)?, date("day", &day)?)?;
        Ok(checks.into_iter().map(Into::into).collect())
    }

    /// The roster of a school on a day.
    pub fn roster(&self, school: String, day: String) -> Result<Vec<RosterRow>> {
        let rows = self.core().colleagues(id("school", &school)?, date("day", &day)?)?;
        Ok(rows.iter().map(|colleague| (&colleague.row).into()).collect())
    }

    /// What waits for a decision of this person.
    pub fn pending(&self) -> Result<Vec<Pending>> {
        Ok(self.core().pending()?.into_iter().map(Into::into).collect())
    }

    /// Decides a leave as it stands on this phone now; a no has a reason.
    pub fn decide_leave(&self, leave: Entry, approve: bool, reason: Option<String>) -> Result<Entry> {
        Ok(self.core().decide_leave(&entry(&leave)?, decision(approve), reason.as_deref())?.into())
    }

    /// Decides a request for a correction; a no has a reason.
    pub fn decide_correction(&self, request: Entry, approve: bool, reason: Option<String>) -> Result<Entry> {
        Ok(self.core().decide_correction(&entry(&request)?, decision(approve), reason.as_deref())?.into())
    }

    /// Corrects a day for somebody else: `right` count instead of the entries in `wrong`.
    pub fn correct(
        &self,
        posting_id: String,
        day: String,
        right: Vec<StatedCheck>,
        wrong: Vec<Entry>,
        reason: String,
    ) -> Result<Entry> {
        let (posting, day, wrong) = (id("posting", &posting_id)?, date("day", &day)?, entries(&wrong)?);
        Ok(self.core().correct(posting, day, checks(&right), &wrong, &reason)?.into())
    }

    /// Grants flexible hours; `instead` names the earlier grant that this one changes.
    pub fn grant_flexible(
        &self,
        posting_id: String,
        from: String,
        to: String,
        ground: String,
        instead: Option<Entry>,
    ) -> Result<Entry> {
        let instead = instead.as_ref().map(entry).transpose()?;
        let (from, to) = (date("from", &from)?, date("to", &to)?);
        Ok(self.core().grant_flexible(id("posting", &posting_id)?, from, to, &ground, instead.as_ref())?.into())
    }

    /// The flexible hours of a posting that hold in this term; those that begin last first.
    pub fn flexible_hours(&self, posting_id: String) -> Result<Vec<FlexibleHours>> {
        let granted = self.core().flexible_hours(id("posting", &posting_id)?)?.into_iter();
        Ok(granted
            .map(|(at, hours)| FlexibleHours {
                entry: at.into(),
                from: hours.from.to_string(),
                to: hours.to.to_string(),
                ground: hours.ground,
            })
            .collect())
    }

    /// Records a check for somebody who could not check.
    pub fn check_on_behalf(
        &self,
        posting_id: String,
        direction: Direction,
        at_secs: i64,
        reason: String,
    ) -> Result<Entry> {
        let posting = id("posting", &posting_id)?;
        Ok(self.core().check_on_behalf(posting, direction.into(), UtcSecs(at_secs), &reason)?.into())
    }

    /// Entries that don't count, and why.
    pub fn flagged(&self) -> Result<Vec<Flagged>> {
        let flagged = self.core().flagged()?.into_iter();
        Ok(flagged
            .map(|one| Flagged {
                entry: one.at.into(),
                reason: one.reason.map(|reason| reason.name().to_owned()),
                posting: one.at.doc.posting().map(|posting| posting.to_string()),
                judged_secs: one.judged.0,
            })
            .collect())
    }

    /// Lifts the flag of an entry, so that it counts.
    pub fn lift_flag(&self, flagged: Entry, reason: String) -> Result<Entry> {
        Ok(self.core().lift_flag(&entry(&flagged)?, &reason)?.into())
    }

    /// Takes a kiosk out for a day, so that no day waits for it.
    pub fn kiosk_out_of_order(&self, school: String, kiosk: String, day: String, reason: String) -> Result<Entry> {
        let (school, kiosk) = (id("school", &school)?, id("kiosk", &kiosk)?);
        Ok(self.core().kiosk_out_of_order(school, kiosk, date("day", &day)?, &reason)?.into())
    }

    /// A school's profile as it stands on a day.
    pub fn profile(&self, school: String, day: String) -> Result<SchoolProfile> {
        Ok(self.core().profile(id("school", &school)?, date("day", &day)?)?.into())
    }

    /// Sets fields of a school's profile. Only what differs from what stands is recorded; absent if nothing does.
    pub fn set_profile(&self, school: String, profile: Profile) -> Result<Option<Entry>> {
        let set = records::ProfileSet {
            from: date("from", &profile.from)?,
            boarding: profile.boarding,
            dismissal: profile.dismissal.as_deref().map(|text| time("dismissal", text)).transpose()?,
            windows: profile.windows.iter().map(|text| time("windows", text)).collect::<Result<_>>()?,
            rules_version: profile.rules_version,
        };
        Ok(self.core().set_profile(id("school", &school)?, set)?.map(Into::into))
    }

    /// Adds somebody new to a school's roster: person and posting are drawn here, without a network.
    pub fn add_newcomer(
        &self,
        school: String,
        name: String,
        role: String,
        from: String,
        teaches: bool,
    ) -> Result<Newcomer> {
        let role = code("role", &role, Role::from_name)?;
        let new = self.core().add_newcomer(id("school", &school)?, &name, role, date("from", &from)?, teaches)?;
        Ok(Newcomer { person: new.person.to_string(), posting: new.posting.to_string(), entry: new.recorded.into() })
    }

    /// Changes a row of the roster.
    pub fn set_roster(&self, school: String, row: RosterRow) -> Result<Entry> {
        Ok(self.core().set_roster(id("school", &school)?, (&row).try_into()?)?.into())
    }

    /// Publishes a school's week. What arrives later shows as an amendment.
    pub fn publish_week(&self, school: String, monday: String) -> Result<Entry> {
        Ok(self.core().publish_week(id::<SchoolId>("school", &school)?, date("monday", &monday)?)?.into())
    }

    /// A school's week, named by its Monday, before it is published.
    pub fn week_to_publish(&self, school: String, monday: String) -> Result<WeekToPublish> {
        let week = self.core().week_to_publish(id("school", &school)?, date("monday", &monday)?)?;
        Ok(WeekToPublish { published_secs: week.published.map(|at| at.0), missing: week.missing })
    }

    /// The Monday of the week that waits to be published at a school; absent if none does.
    pub fn week_due(&self, school: String) -> Result<Option<String>> {
        Ok(self.core().week_due(id("school", &school)?)?.map(|monday| monday.to_string()))
    }

    /// The name of a person in the roster of a school on a day; absent if nobody there has this id.
    pub fn name_of(&self, school: String, person: String, day: String) -> Result<Option<String>> {
        let person: PersonId = id("person", &person)?;
        let rows = self.core().colleagues(id("school", &school)?, date("day", &day)?)?;
        Ok(rows.into_iter().find(|colleague| colleague.row.person == person).map(|colleague| colleague.row.name))
    }
}

//! What a principal or deputy writes, or a supervisor where the principal may not decide (kinds 64 to 127).

use super::field::{Bytes, choice, record};
use super::owner::{CheckTime, Direction};
use crate::crypto::{BlobHash, LogHash, PackHash};
use crate::ids::{ActorId, PersonId, PostingId};
use crate::time::UtcSecs;
use jiff::civil::{Date, Time};

choice! {
    /// What was decided.
    Decision {
        /// Approved.
        1 Approved = "approved",
        /// Refused.
        2 Refused = "refused",
    }
}

choice! {
    /// A role that a roster row or a grant gives; its scope is the grant's.
    Role {
        /// Own posting.
        1 Staff = "staff",
        /// A school's principal.
        2 Principal = "principal",
        /// Decides where the principal may not, and in the principal's absence.
        3 Deputy = "deputy",
        /// Named by the principal for enrolment.
        4 CoordinatorEnrolment = "coordinator_enrolment",
        /// Named by the principal for fees.
        5 CoordinatorFees = "coordinator_fees",
        /// A school's kiosk (a device, not a person).
        6 Kiosk = "kiosk",
        /// Leads a group.
        7 GroupLead = "group_lead",
        /// Deputy of a group's lead.
        8 GroupDeputy = "group_deputy",
        /// A township's education centre.
        9 Township = "township",
        /// Reviews a scope of the county.
        10 Supervisor = "supervisor",
        /// Inspects a scope of the county.
        11 Inspector = "inspector",
        /// A bureau leader in touch with a group.
        12 Liaison = "liaison",
        /// The county's administrator.
        13 Administrator = "administrator",
    }
}

record! {
    /// Decides the leave that `re` names, as it was when this entry was made.
    LeaveDecision {
        /// Approved or refused.
        10 decision: Decision,
        /// Why, asked for where it is a no.
        11 reason: Option<String>,
        /// The first instant that was decided on; a later change beyond it is pending again.
        12 from: UtcSecs,
        /// The last instant that was decided on.
        13 to: UtcSecs,
    }
}

record! {
    /// Corrects a day for somebody else: the entries of `re` are replaced by these checks.
    Correction {
        /// The day.
        10 date: Date,
        /// The checks that count instead.
        11 checks: Vec<CheckTime>,
        /// Why.
        12 reason: String,
    }
}

record! {
    /// Decides the correction request that `re` names.
    CorrectionDecision {
        /// Approved or refused.
        10 decision: Decision,
        /// Why, asked for where it is a no.
        11 reason: Option<String>,
    }
}

record! {
    /// Grants flexible hours (弹性上下班, HZ 二(一)2) to the posting; with `re` it changes an earlier grant.
    FlexibleHours {
        /// First day.
        10 from: Date,
        /// Last day.
        11 to: Date,
        /// The special difficulty.
        12 ground: String,
    }
}

record! {
    /// A check for somebody who could not check.
    CheckOnBehalf {
        /// In or out.
        10 direction: Direction,
        /// When it was.
        11 at: UtcSecs,
        /// Why.
        12 reason: String,
    }
}

record! {
    /// Lifts the flag of the entries that `re` names, so that they count.
    FlagLift {
        /// Why.
        10 reason: String,
    }
}

record! {
    /// A school's after-school service plan of a term (一校一案, HZ 附1 三(四)); with `re` it changes an earlier one.
    ServicePlan {
        /// First day.
        10 from: Date,
        /// Last day.
        11 to: Date,
        /// Projects on offer.
        12 projects: Vec<String>,
        /// Way, content, safety in words.
        13 text: Option<String>,
    }
}

record! {
    /// What a published week still lacked.
    Lack {
        /// Whose records.
        1 posting: PostingId,
        /// Which device.
        2 actor: ActorId,
        /// Until when it had reported complete; absent if never.
        3 through: Option<UtcSecs>,
    }
}

record! {
    /// Publishes a week of a school (HZ 二(一)3 每周公布一次): an immutable snapshot.
    Publication {
        /// The week's Monday.
        10 monday: Date,
        /// The log number up to which entries were seen.
        11 log: i64,
        /// L of that number.
        12 head: LogHash,
        /// The pack that judged.
        13 pack: PackHash,
        /// The version of the rules that judged.
        14 rules: u32,
        /// SHA-256 of the published rows.
        15 table: Bytes,
        /// The published rows.
        16 rows: BlobHash,
        /// What had not arrived.
        17 lacked: Vec<Lack>,
    }
}

record! {
    /// Takes a kiosk out for a day, so that no cell waits for it.
    KioskOutage {
        /// The kiosk.
        10 kiosk: ActorId,
        /// The day.
        11 date: Date,
        /// Why.
        12 reason: String,
    }
}

record! {
    /// Sets fields of a school's profile; absent fields stay as they were. `re` names what it replaces.
    ProfileSet {
        /// From which day.
        10 from: Date,
        /// Follows the boarding row.
        11 boarding: Option<bool>,
        /// Normal dismissal.
        12 dismissal: Option<Time>,
        /// Own windows where the pack allows, minutes after midnight in pairs.
        13 windows: Vec<Time>,
        /// Version of the school's filed rules (细则).
        14 rules_version: Option<String>,
    }
}

record! {
    /// Sets a roster row: a posting of a person at this school. `re` names the row that it replaces.
    RosterSet {
        /// The person.
        10 person: PersonId,
        /// The posting.
        11 posting: PostingId,
        /// The name.
        12 name: String,
        /// The role at this school.
        13 role: Role,
        /// First day.
        14 from: Date,
        /// Last day, if known.
        15 to: Option<Date>,
        /// Whether the person teaches (owed a drop-in observation).
        16 teaches: Option<bool>,
    }
}

record! {
    /// The host signs for a visit: the entries of `re` are what the host saw.
    HostCountersign {
        /// A remark.
        10 text: Option<String>,
    }
}

//! The two chapters of a pack that judge time: the centralized office and the after-school service.

use serde::{Deserialize, Serialize};

use super::value::{Clause, CodedName, Name, Window, in_order};
use super::words::{PeriodKind, SchoolKind};
use crate::time::HourMinute;

/// The centralized office (集中人员办公).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Windows by kind of school.
    pub windows: Vec<KindWindows>,
    /// The hours outside of which presence counts nothing.
    pub presence: Presence,
    /// What a day asks for.
    pub daily: RequiredDay,
    /// How late or early is no finding.
    pub grace: Grace,
    /// Flexible hours (弹性上下班).
    pub flexible: FlexibleHours,
    /// Leave (请销假).
    pub leave: LeaveRules,
    /// The attendance register (考勤登记).
    pub register: Cited,
    /// Publication of attendance.
    pub publish: Publish,
    /// What the time together is for: an optional tag.
    pub uses: CitedWords,
    /// Activities that the time together serves.
    pub activities: CitedWords,
}

/// The office windows of one kind of school.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "RawKindWindows")]
pub struct KindWindows {
    /// Whose windows these are.
    pub kind: SchoolKind,
    /// The windows, in order and apart.
    pub times: Vec<Window>,
    /// Whether a school may set windows of its own.
    pub may_shift: bool,
    /// The clause that gives them.
    pub clause: Clause,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKindWindows {
    kind: SchoolKind,
    times: Vec<Window>,
    #[serde(default)]
    may_shift: bool,
    clause: Clause,
}

impl TryFrom<RawKindWindows> for KindWindows {
    type Error = &'static str;
    fn try_from(raw: RawKindWindows) -> Result<Self, Self::Error> {
        if !in_order(&raw.times) {
            return Err("the windows overlap, are out of order or are none: list them from morning to evening");
        }
        Ok(KindWindows { kind: raw.kind, times: raw.times, may_shift: raw.may_shift, clause: raw.clause })
    }
}

/// The hours outside of which presence counts nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// From the first to the last counted minute of a day.
    pub hours: Window,
    /// What it rests on.
    pub clause: Clause,
}

/// What a day without leave asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredDay {
    /// Office minutes.
    pub minutes: u32,
    /// The clause.
    pub clause: Clause,
}

/// How late or early is no finding.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grace {
    /// Whole minutes that are let pass.
    pub minutes: u32,
    /// What it rests on.
    pub clause: Clause,
}

/// Flexible hours: whoever has them is held to the day's minutes alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlexibleHours {
    /// The ground on which they are granted.
    pub ground: Name,
    /// The clause.
    pub clause: Clause,
}

/// Kinds of leave.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveRules {
    /// The kinds; a county may add to them.
    pub kinds: Vec<CodedName>,
    /// The clause.
    pub clause: Clause,
}

/// Publication of attendance.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// How often.
    pub period: PeriodKind,
    /// What the published attendance goes into.
    pub feeds: Vec<String>,
    /// The clause.
    pub clause: Clause,
}

/// A duty without a number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cited {
    /// The clause.
    pub clause: Clause,
}

/// A list of the source's words.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CitedWords {
    /// The words.
    pub words: Vec<String>,
    /// The clause.
    pub clause: Clause,
}

/// The after-school service (课后服务).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// On which days.
    pub days: ServiceDays,
    /// How long on a day.
    pub day_minutes: DayMinutes,
    /// When it begins.
    pub start: ServiceStart,
    /// When it must be over.
    pub latest_end: LatestEnds,
    /// Which day schools may follow the boarding row.
    pub boarding_row: BoardingRow,
    /// What may and may not be offered.
    pub content: Content,
    /// Checks of outside staff.
    pub vetting: Vetting,
    /// What keeps pupils safe: supervision (监管), handover at the change of shift (交接班) and more.
    pub safety: CitedWords,
    /// A manager's counted workload.
    pub workload: Workload,
    /// Pupils to be served first.
    pub pupils: ServicePupils,
    /// Who is to be covered in full.
    pub coverage: Coverage,
    /// Holiday care (暑期托管).
    pub holiday_care: HolidayCare,
}

/// On how many days of a week.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceDays {
    /// Days of a week.
    pub per_week: u8,
    /// The clause.
    pub clause: Clause,
}

/// How long a day's service lasts: the source limits the day, not the session.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "RawDayMinutes")]
pub struct DayMinutes {
    /// In principle, in minutes.
    pub standard: u32,
    /// At least, in minutes.
    pub least: u32,
    /// At most, in minutes.
    pub most: u32,
    /// The clause.
    pub clause: Clause,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDayMinutes {
    standard: u32,
    least: u32,
    most: u32,
    clause: Clause,
}

impl TryFrom<RawDayMinutes> for DayMinutes {
    type Error = &'static str;
    fn try_from(raw: RawDayMinutes) -> Result<Self, Self::Error> {
        if raw.least > raw.standard || raw.standard > raw.most {
            return Err("least, standard and most don't grow in this order: correct the minutes");
        }
        Ok(DayMinutes { standard: raw.standard, least: raw.least, most: raw.most, clause: raw.clause })
    }
}

/// When the service begins.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceStart {
    /// After what.
    pub after: Event,
    /// The clause.
    pub clause: Clause,
}

/// What the service follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Normal dismissal in the afternoon (下午正常放学).
    Dismissal,
}

/// When the service must be over, by stage.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LatestEnds {
    /// Compulsory schools, and all others but senior secondary.
    pub compulsory: LatestEnd,
    /// Senior secondary.
    pub senior: LatestEnd,
}

/// When the service must be over; ending exactly then is in time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "RawLatestEnd")]
pub struct LatestEnd {
    /// At a day school.
    pub day: HourMinute,
    /// At a boarding school.
    pub boarding: HourMinute,
    /// The clause.
    pub clause: Clause,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLatestEnd {
    day: HourMinute,
    boarding: HourMinute,
    clause: Clause,
}

impl TryFrom<RawLatestEnd> for LatestEnd {
    type Error = &'static str;
    fn try_from(raw: RawLatestEnd) -> Result<Self, Self::Error> {
        if raw.day > raw.boarding {
            return Err("a boarding school would have to end before a day school: correct the times");
        }
        Ok(LatestEnd { day: raw.day, boarding: raw.boarding, clause: raw.clause })
    }
}

/// Stages of secondary school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 初中.
    Junior,
    /// 高中.
    Senior,
}

/// Which day schools may follow the boarding row, for evening study.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoardingRow {
    /// Their stages.
    pub stages: Vec<Stage>,
    /// The clause.
    pub clause: Clause,
}

/// What the service may and may not offer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// What comes first, in the source's words.
    pub focus: Vec<String>,
    /// What else may be offered, in the source's words.
    pub offers: Vec<String>,
    /// Help to single pupils, which is no make-up lesson.
    pub help: Vec<String>,
    /// The words for a session's content.
    pub allowed: Vec<CodedName>,
    /// Content that is never allowed.
    pub forbidden: Vec<CodedName>,
    /// The clause.
    pub clause: Clause,
}

/// What outside staff must have passed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vetting {
    /// The checks, in their order.
    pub checks: Vec<String>,
    /// The clause.
    pub clause: Clause,
}

/// How much of a manager's work counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// At most.
    pub manager_most: String,
    /// The clause.
    pub clause: Clause,
}

/// Pupils to be served first.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServicePupils {
    /// Who comes first.
    pub priority: Vec<String>,
    /// The clause.
    pub clause: Clause,
}

/// Who is to be covered in full.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Schools and pupils.
    pub whom: Vec<String>,
    /// The clause.
    pub clause: Clause,
}

/// Holiday care (暑期托管): held by a school's own choice.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayCare {
    /// Days from its first to its last day, at most.
    pub most_days_span: u32,
    /// Minutes of one day, at most.
    pub most_day_minutes: u32,
    /// What may be offered, in the source's words.
    pub offers: Vec<String>,
    /// Codes of content that is never allowed in it.
    pub forbidden: Vec<String>,
    /// How it is paid.
    pub fee: String,
    /// The clause.
    pub clause: Clause,
}

//! A cell: one posting's day. It says what the day comes to, what it still waits for and from which device, and how sure it
//! is. A blank is never guessed: what hasn't arrived is waited for, what may have died with a phone is said to be so.

use jiff::civil::{Date, Time};

use super::county::CountyFacts;
use crate::documents::duty::Duty;
use crate::documents::facts::Decided;
use crate::documents::register::Register;
use crate::documents::school::School as SchoolView;
use crate::ids::{ActorId, PostingId, SchoolId};
use crate::policy::{Chapter, Decision, Direction, Hours};
use crate::rules::{Certainty, Check, DayInput, DayResult, Leave, day, day_with_certainty, times};
use crate::sync::message::{RetireReason, Via};
use crate::time::{UtcSecs, instant};

/// A device, as far as a cell waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceFact {
    /// Which.
    pub actor: ActorId,
    /// A person's phone or the school's kiosk.
    pub via: Via,
    /// Since when it counts.
    pub since: UtcSecs,
    /// Complete through.
    pub mark: Option<UtcSecs>,
    /// As of when it no longer counts, and why.
    pub retired: Option<(UtcSecs, RetireReason)>,
}

/// What a cell is made from.
#[derive(Clone, Copy)]
pub struct CellInput<'a> {
    /// The county's documents.
    pub county: &'a CountyFacts,
    /// The school's documents, by school year.
    pub schools: &'a [SchoolView],
    /// The school's registers, by term.
    pub registers: &'a [Register],
    /// The school.
    pub school: SchoolId,
    /// The posting.
    pub posting: PostingId,
    /// The posting's documents.
    pub duties: &'a [&'a Duty],
    /// The documents of the person's other postings: their checks count here too.
    pub others: &'a [&'a Duty],
    /// The person's devices and the school's kiosks.
    pub devices: &'a [DeviceFact],
    /// The instant of the judgement.
    pub now: UtcSecs,
}

/// What a cell waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The device.
    pub actor: ActorId,
    /// A person's phone or the school's kiosk.
    pub via: Via,
    /// Until when it has reported everything; absent if never.
    pub through: Option<UtcSecs>,
    /// It was retired before it had reported this day: what it held may be lost.
    pub lost: bool,
}

/// One posting's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The date.
    pub date: Date,
    /// What it comes to.
    pub result: DayResult,
    /// How sure it is that the day's rules were met.
    pub certainty: Option<Certainty>,
    /// What it waits for.
    pub waits: Vec<Wait>,
    /// Judged by another pack than the county names, since this program doesn't have that one.
    pub provisional: bool,
    /// Held to the day's minutes alone.
    pub hours: Hours,
    /// Kinds of approved leave that touch the date, for those who may know.
    pub leave_kinds: Vec<String>,
    /// Corrections or leaves of this date that wait for a decision.
    pub undecided: u32,
    /// Something about this date stands in two versions.
    pub conflict: bool,
}

/// Judges a posting's day; `None` where the county names no pack or school, so that there is nothing to judge by.
pub fn cell(input: &CellInput<'_>, date: Date) -> Option<Cell> {
    let set = input.county.school(input.school)?;
    let (pack, named) = input.county.pack(Chapter::Office, date, input.school)?;
    let rules = pack.office_rules(&input.county.rules_of(set, input.schools, date)).ok()?;
    let calendar = input.county.calendar();
    let flexible = input.duties.iter().any(|duty| duty.flexible_on(date));
    let checks = checks(input, date);
    let (leaves, leave_kinds) = leaves(input, date);
    let hours = if flexible { Hours::Flexible } else { Hours::Regular };
    let mut question = DayInput {
        date,
        working_day: calendar.is_school_day(date),
        now: input.now,
        hours,
        complete_through: None,
        may_be_lost: false,
        checks: &checks,
        leaves: &leaves,
    };
    // The end of the day's judgement decides what must have arrived.
    let end = day(&rules, &question).end.unwrap_or_else(|| end_of(date));
    let waits = waits(input, date, end);
    question.complete_through = if waits.is_empty() { Some(end) } else { waits.iter().filter_map(|w| w.through).min() };
    question.may_be_lost = waits.iter().any(|wait| wait.lost);
    let in_force = input.county.office_in_force(pack, set, date);
    let (result, certainty) = if in_force {
        let (verdict, certainty) = day_with_certainty(&rules, &question);
        (DayResult::Judged(verdict), certainty)
    } else {
        (DayResult::NotInForce(times(&rules, &question)), None)
    };
    let undecided = undecided(input, date);
    let conflict = conflict(input, date);
    Some(Cell { date, result, certainty, waits, provisional: !named, hours, leave_kinds, undecided, conflict })
}

fn checks(input: &CellInput<'_>, date: Date) -> Vec<Check> {
    let all = input.duties.iter().chain(input.others).flat_map(|duty| duty.checks_on(date));
    let check = |fact: &crate::documents::duty::CheckFact| Check {
        direction: match fact.direction {
            crate::records::Direction::In => Direction::In,
            crate::records::Direction::Out => Direction::Out,
        },
        at: fact.judged,
        earliest: fact.earliest,
        latest: fact.latest,
    };
    all.map(check).collect()
}

fn touches(from: UtcSecs, to: UtcSecs, date: Date) -> bool {
    from < end_of(date) && instant(date, Time::midnight()) < to
}

fn leaves(input: &CellInput<'_>, date: Date) -> (Vec<Leave>, Vec<String>) {
    let pieces = input.duties.iter().flat_map(|duty| &duty.leaves).flat_map(|leave| &leave.pieces);
    let mut leaves = Vec::new();
    let mut kinds = Vec::new();
    for piece in pieces.filter(|piece| touches(piece.from, piece.to, date)) {
        let decision = match piece.decision {
            Decided::Approved => Decision::Approved,
            Decided::Refused => Decision::Refused,
            Decided::Pending => Decision::Pending,
        };
        if decision == Decision::Approved && !kinds.contains(&piece.kind) {
            kinds.push(piece.kind.clone());
        }
        leaves.push(Leave { from: piece.from, to: piece.to, decision, returned_at: piece.returned_at });
    }
    (leaves, kinds)
}

/// Which devices have not said that they reported everything through `end`.
fn waits(input: &CellInput<'_>, date: Date, end: UtcSecs) -> Vec<Wait> {
    let start = instant(date, Time::midnight());
    let counts = |device: &&DeviceFact| {
        let out = device.via == Via::Kiosk && input.registers.iter().any(|r| r.kiosk_out(device.actor, date));
        let bound = device.since < end && device.retired.is_none_or(|(as_of, _)| start < as_of);
        bound && !out && device.via != Via::Desk && device.mark.is_none_or(|mark| mark < end)
    };
    let wait = |device: &DeviceFact| Wait {
        actor: device.actor,
        via: device.via,
        through: device.mark,
        lost: device.retired.is_some(),
    };
    input.devices.iter().filter(counts).map(wait).collect()
}

fn undecided(input: &CellInput<'_>, date: Date) -> u32 {
    let requests = input.duties.iter().flat_map(|duty| &duty.requests);
    let open = requests.filter(|r| r.row.now.value.date == date && r.decision == Decided::Pending).count();
    let pieces = input.duties.iter().flat_map(|duty| &duty.leaves).flat_map(|leave| &leave.pieces);
    let pending = pieces.filter(|p| p.decision == Decided::Pending && touches(p.from, p.to, date)).count();
    u32::try_from(open + pending).unwrap_or(u32::MAX)
}

fn conflict(input: &CellInput<'_>, date: Date) -> bool {
    let checks = input.duties.iter().any(|duty| duty.checks_on(date).any(|check| check.conflict));
    let leaves = input.duties.iter().flat_map(|duty| &duty.leaves);
    let touched =
        |leave: &&crate::documents::leave::LeaveFact| leave.pieces.iter().any(|p| touches(p.from, p.to, date));
    checks || leaves.filter(touched).any(|leave| leave.conflict)
}

/// The midnight that ends a day.
fn end_of(date: Date) -> UtcSecs {
    instant(date.tomorrow().unwrap_or(date), Time::midnight())
}

//! One person's day in the centralized office.

use jiff::civil::Date;

use super::finding::{Finding, FindingCode};
use super::pairing::{Check, Pairs, pair};
use super::span::{Span, clip, gaps, seconds, union, whole_minutes};
use crate::policy::{Clause, Decision, Hours, OfficeRules, words};
use crate::time::{Minutes, UtcSecs, midnight};

words! {
    /// What a day comes to. The first that fits, in this order.
    Status {
        /// No working day.
        RestDay = "rest_day",
        /// Approved leave covers every window.
        OnLeave = "on_leave",
        /// The date is after today.
        Upcoming = "upcoming",
        /// The day's last window (flexible hours: the counted hours) is not over.
        InProgress = "in_progress",
        /// The day's minutes are reached, and every window is covered.
        Present = "present",
        /// Not every phone of the person has reported up to the end of the day.
        AwaitingSync = "awaiting_sync",
        /// A check-out is missing.
        NeedsCorrection = "needs_correction",
        /// No presence.
        Absent = "absent",
        /// Less than the day's minutes.
        ShortOfFiveHours = "short_of_five_hours",
        /// Enough minutes, but not in the windows.
        Irregular = "irregular",
    }
}

/// A leave, as far as a day is concerned: its kind matters to people, not to the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    /// From when.
    pub from: UtcSecs,
    /// To when, not included.
    pub to: UtcSecs,
    /// What became of it.
    pub decision: Decision,
    /// When the person returned (销假): ends the leave if it is earlier, prolongs nothing.
    pub returned_at: Option<UtcSecs>,
}

impl Leave {
    fn span(&self) -> Span {
        Span { from: self.from, to: self.returned_at.map_or(self.to, |returned| returned.min(self.to)) }
    }
}

/// What a day is judged by.
#[derive(Clone, Copy, Debug)]
pub struct DayInput<'a> {
    /// The date, in Asia/Shanghai.
    pub date: Date,
    /// Whether the calendar has it as a school day.
    pub working_day: bool,
    /// The instant of the judgement. Checks later than it are left out.
    pub now: UtcSecs,
    /// Whether the person is held to the windows.
    pub hours: Hours,
    /// Until when all phones of the person have reported everything.
    pub complete_through: Option<UtcSecs>,
    /// Whether the day lies between the last report of a lost phone and the instant from which it no longer counts.
    pub may_be_lost: bool,
    /// Checks, in any order, of this or other dates.
    pub checks: &'a [Check],
    /// Leave of every decision.
    pub leaves: &'a [Leave],
}

/// What was recorded of a day, without judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Times {
    /// Presence within the counted hours, in order and apart.
    pub presence: Vec<Span>,
    /// Presence in whole minutes: seconds are summed, then rounded down.
    pub office: Minutes,
    /// The check-in that is still open, while the day lasts.
    pub open_since: Option<UtcSecs>,
    /// Findings about the checks themselves and undecided leave.
    pub findings: Vec<Finding>,
}

/// What a day comes to, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayVerdict {
    /// What it comes to.
    pub status: Status,
    /// What was recorded.
    pub times: Times,
    /// What the day asked for.
    pub required: Minutes,
    /// The windows less approved leave, as they were judged; a leave inside a window splits it.
    pub windows: Vec<Span>,
    /// The part of the windows that is on approved leave.
    pub leave: Vec<Span>,
    /// From when the day can be judged; `None` where there is nothing to wait for.
    pub end: Option<UtcSecs>,
    /// All findings.
    pub findings: Vec<Finding>,
    /// What the status rests on.
    pub clause: Clause,
}

impl DayVerdict {
    /// Minutes that the day is short of what it asked for.
    pub fn short_by(&self) -> Minutes {
        Minutes(self.required.0.saturating_sub(self.times.office.0))
    }
}

/// A day of a school for which the chapter may not be in force yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayResult {
    /// The chapter is in force.
    Judged(DayVerdict),
    /// It isn't: times are shown, nothing is judged.
    NotInForce(Times),
}

impl DayResult {
    /// What was recorded of the day.
    pub fn times(&self) -> &Times {
        match self {
            DayResult::Judged(verdict) => &verdict.times,
            DayResult::NotInForce(times) => times,
        }
    }
}

/// Judges a day if the chapter is in force for the school on its date, else gives its times.
pub fn day_in_force(rules: &OfficeRules, input: &DayInput<'_>, in_force: bool) -> DayResult {
    if in_force { DayResult::Judged(day(rules, input)) } else { DayResult::NotInForce(times(rules, input)) }
}

/// What was recorded of a day.
pub fn times(rules: &OfficeRules, input: &DayInput<'_>) -> Times {
    Frame::new(rules, input).times(&pair(input.checks, whole_day(input.date), input.now))
}

/// Judges a day.
pub fn day(rules: &OfficeRules, input: &DayInput<'_>) -> DayVerdict {
    let frame = Frame::new(rules, input);
    let pairs = pair(input.checks, whole_day(input.date), input.now);
    let times = frame.times(&pairs);
    frame.verdict(times)
}

/// The whole date in Asia/Shanghai.
pub(super) fn whole_day(date: Date) -> Span {
    let from = midnight(date);
    Span { from, to: from.plus(86_400) }
}

/// What a day's verdict is made from besides the checks.
pub(super) struct Frame<'a> {
    rules: &'a OfficeRules,
    input: &'a DayInput<'a>,
    day: Span,
    counted: Span,
    windows: Vec<Span>,
    leave: Vec<Span>,
    required: Minutes,
}

impl<'a> Frame<'a> {
    pub(super) fn new(rules: &'a OfficeRules, input: &'a DayInput<'a>) -> Self {
        let all: Vec<Span> = rules.windows.iter().map(|window| Span::of(*window, input.date)).collect();
        let approved = input.leaves.iter().filter(|leave| leave.decision == Decision::Approved).map(Leave::span);
        let leave = union(approved.collect());
        let windows = match input.working_day {
            true => all.iter().flat_map(|window| gaps(*window, &leave)).collect(),
            false => Vec::new(),
        };
        let required = u64::from(rules.daily.0) * seconds(&windows) / seconds(&all).max(1);
        Frame {
            rules,
            input,
            day: whole_day(input.date),
            counted: Span::of(rules.presence, input.date),
            windows,
            leave: match input.working_day {
                true => all.iter().flat_map(|window| clip(&leave, *window)).collect(),
                false => Vec::new(),
            },
            required: Minutes(u32::try_from(required).unwrap_or(u32::MAX)),
        }
    }

    /// The day is over at its next midnight.
    fn is_over(&self) -> bool {
        self.input.now >= self.day.to
    }

    pub(super) fn times(&self, pairs: &Pairs) -> Times {
        let mut spans: Vec<Span> =
            pairs.closed.iter().map(|(opened, closed)| Span { from: opened.at, to: closed.at }).collect();
        let open = pairs.open.filter(|_| !self.is_over());
        spans.extend(open.map(|check| Span { from: check.at, to: self.input.now }));
        let register = &self.rules.clauses.register;
        let at = |code, check: &Check| Finding {
            span: Some(Span { from: check.at, to: check.at }),
            ..Finding::plain(code, register)
        };
        let mut findings: Vec<Finding> = Vec::new();
        findings.extend(pairs.duplicate_in.iter().map(|check| at(FindingCode::DuplicateIn, check)));
        findings.extend(pairs.unmatched_out.iter().map(|check| at(FindingCode::UnmatchedOut, check)));
        if let (Some(check), None) = (&pairs.open, open) {
            findings.push(at(FindingCode::MissingCheckOut, check));
        }
        let pending = self.input.leaves.iter().filter(|leave| leave.decision == Decision::Pending);
        let asked = pending.map(|leave| leave.span().intersect(self.day)).filter(|span| !span.is_empty());
        findings.extend(asked.map(|span| Finding {
            span: Some(span),
            ..Finding::plain(FindingCode::LeavePending, &self.rules.clauses.leave)
        }));
        let presence = clip(&union(spans), self.counted);
        let office = whole_minutes(seconds(&presence));
        Times { presence, office, open_since: open.map(|check| check.at), findings }
    }

    pub(super) fn verdict(&self, times: Times) -> DayVerdict {
        let uncovered = match self.input.hours {
            Hours::Regular => self.uncovered(&times.presence),
            Hours::Flexible => Vec::new(),
        };
        let end = match self.input.hours {
            Hours::Regular => self.windows.last().map(|window| window.to),
            Hours::Flexible => Some(self.counted.to),
        };
        let end = end.filter(|_| !self.windows.is_empty());
        let status = self.status(&times, &uncovered, end);
        let mut findings = times.findings.clone();
        findings.extend(uncovered);
        if status == Status::AwaitingSync && self.input.may_be_lost {
            findings.push(Finding::plain(FindingCode::MayBeLost, &self.rules.clauses.register));
        }
        let clauses = &self.rules.clauses;
        let clause = match status {
            Status::OnLeave => &clauses.leave,
            Status::AwaitingSync | Status::NeedsCorrection => &clauses.register,
            Status::Present | Status::ShortOfFiveHours => &clauses.daily,
            Status::RestDay | Status::Upcoming | Status::InProgress | Status::Absent | Status::Irregular => {
                &clauses.windows
            }
        };
        DayVerdict {
            status,
            required: self.required,
            windows: self.windows.clone(),
            leave: self.leave.clone(),
            end,
            findings,
            clause: clause.clone(),
            times,
        }
    }

    /// Gaps of presence in the windows that have begun, each judged to its end or to now.
    fn uncovered(&self, presence: &[Span]) -> Vec<Finding> {
        let now = self.input.now;
        let mut findings = Vec::new();
        for window in &self.windows {
            let judged = Span { from: window.from, to: window.to.min(now) };
            for gap in gaps(judged, presence) {
                let code = match (gap.from == judged.from, gap.to == judged.to) {
                    (true, true) => FindingCode::AbsentFromWindow,
                    (true, false) => FindingCode::Late,
                    (false, true) => FindingCode::LeftEarly,
                    (false, false) => FindingCode::Away,
                };
                let minutes = whole_minutes(gap.seconds());
                if minutes > self.rules.grace {
                    let clause = self.rules.clauses.windows.clone();
                    findings.push(Finding { code, minutes: Some(minutes), span: Some(gap), clause });
                }
            }
        }
        findings
    }

    fn status(&self, times: &Times, uncovered: &[Finding], end: Option<UtcSecs>) -> Status {
        let input = self.input;
        if !input.working_day {
            return Status::RestDay;
        }
        let Some(end) = end else { return Status::OnLeave };
        if self.day.from > input.now {
            return Status::Upcoming;
        }
        if input.now < end {
            return Status::InProgress;
        }
        if times.office >= self.required && uncovered.is_empty() {
            return Status::Present;
        }
        if input.may_be_lost || input.complete_through.is_none_or(|through| through < end) {
            return Status::AwaitingSync;
        }
        if times.findings.iter().any(|finding| finding.code == FindingCode::MissingCheckOut) {
            return Status::NeedsCorrection;
        }
        let absent = match input.hours {
            Hours::Regular => self.windows.iter().all(|window| clip(&times.presence, *window).is_empty()),
            Hours::Flexible => times.presence.is_empty(),
        };
        if absent {
            Status::Absent
        } else if times.office < self.required {
            Status::ShortOfFiveHours
        } else {
            Status::Irregular
        }
    }
}

//! Findings: single facts that a verdict rests on.

use super::span::Span;
use crate::policy::{Clause, words};
use crate::time::Minutes;

words! {
    /// What was found.
    FindingCode {
        /// A window began without presence (迟到).
        Late = "late",
        /// A window ended without presence (早退); also whoever is out now.
        LeftEarly = "left_early",
        /// Presence was interrupted inside a window (中途离岗).
        Away = "away",
        /// No presence in a window.
        AbsentFromWindow = "absent_from_window",
        /// A check-in by somebody who was in.
        DuplicateIn = "duplicate_in",
        /// A check-out by somebody who was out.
        UnmatchedOut = "unmatched_out",
        /// The day is over and the last check-in has no check-out.
        MissingCheckOut = "missing_check_out",
        /// A leave of this day is not decided.
        LeavePending = "leave_pending",
        /// Records of this day may have been lost with a phone.
        MayBeLost = "may_be_lost",
        /// A session ended after the latest end.
        EndsTooLate = "ends_too_late",
        /// A session was held on a day that is no school day.
        NotASchoolDay = "not_a_school_day",
        /// A session had content that is never allowed.
        ForbiddenContent = "forbidden_content",
        /// An outside person hadn't passed the school's checks and the county's approval.
        UnvettedInstructor = "unvetted_instructor",
        /// The pupils weren't handed over at the end.
        NoHandover = "no_handover",
        /// Two sessions of one day share an instructor and overlap.
        OverlapsSameInstructor = "overlaps_same_instructor",
        /// A session began before the school's dismissal.
        BeforeDismissal = "before_dismissal",
        /// Nothing was recorded on a day of service.
        NoService = "no_service",
        /// A day's service was shorter than the least.
        UnderOneHour = "under_one_hour",
        /// A day's service was shorter than the standard.
        UnderTwoHours = "under_two_hours",
        /// A day's service was longer than the most.
        OverThreeHours = "over_three_hours",
        /// Holiday care lasted more days than it may.
        CareTooManyDays = "care_too_many_days",
        /// A day of holiday care was longer than it may be.
        CareDayTooLong = "care_day_too_long",
    }
}

/// A fact with its size, its place in time and its clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub code: FindingCode,
    /// How much, in whole minutes rounded down; `None` where it has no size.
    pub minutes: Option<Minutes>,
    /// When, where that can be drawn.
    pub span: Option<Span>,
    /// What it rests on.
    pub clause: Clause,
}

impl Finding {
    /// A finding without size or place.
    pub(super) fn plain(code: FindingCode, clause: &Clause) -> Self {
        Finding { code, minutes: None, span: None, clause: clause.clone() }
    }
}

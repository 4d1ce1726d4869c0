//! What an entry does to the entries that its `re` names, by their kinds: the one table of it.

use crate::records::Body;

/// What an entry does to another one that its `re` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// It holds instead: the other is history.
    Replaces,
    /// It takes the other back as if it had never been, within five minutes and one's own only.
    TakesBack,
    /// It is about the other, which stays.
    Answers,
}

/// The relation of an entry `by` to an entry `of` that its `re` names.
pub(super) fn relation(by: &Body, of: &Body) -> Relation {
    use Body as B;
    let replaces = match (by, of) {
        (B::Void(_), B::Void(_) | B::KioskVoid(_) | B::KioskCheck(_)) => false,
        (B::Void(_), _) | (B::KioskVoid(_), B::KioskCheck(_)) => return Relation::TakesBack,

        (B::Leave(_) | B::LeaveWithdrawal(_), B::Leave(_) | B::LeaveWithdrawal(_))
        | (B::Return(_), B::Return(_))
        | (B::CorrectionRequest(_), B::CorrectionRequest(_))
        | (B::Note(_), B::Note(_))
        | (B::LeaveDecision(_), B::LeaveDecision(_))
        | (B::Correction(_), B::Check(_) | B::KioskCheck(_) | B::CheckOnBehalf(_) | B::Correction(_))
        | (B::CorrectionDecision(_), B::CorrectionDecision(_))
        | (B::FlexibleHours(_), B::FlexibleHours(_))
        | (B::CheckOnBehalf(_), B::CheckOnBehalf(_))
        | (B::ServicePlan(_), B::ServicePlan(_))
        | (B::PlanReview(_), B::PlanReview(_))
        | (B::KioskOutage(_), B::KioskOutage(_))
        | (B::ProfileSet(_), B::ProfileSet(_))
        | (B::Session(_), B::Session(_))
        | (B::Handover(_), B::Handover(_))
        | (B::VisitPlan(_), B::VisitPlan(_))
        | (B::VisitOpen(_), B::VisitOpen(_))
        | (B::VisitClose(_), B::VisitClose(_))
        | (B::VisitPeople(_), B::VisitPeople(_))
        | (B::Observation(_), B::Observation(_))
        | (B::VisitNote(_), B::VisitNote(_))
        | (B::VisitPicture(_), B::VisitPicture(_))
        | (B::ObservedAnswer(_), B::ObservedAnswer(_))
        | (B::MembershipSet(_), B::MembershipSet(_))
        | (B::PairingSet(_), B::PairingSet(_))
        | (B::PackMap(_), B::PackMap(_)) => true,

        // Rows with a key of their own: an entry replaces its own row only.
        (B::PinSet(by), B::PinSet(of)) => by.kiosk == of.kiosk,
        (B::RosterSet(by), B::RosterSet(of)) => by.posting == of.posting,
        (B::VisitPart(by), B::VisitPart(of)) => by.part == of.part,
        (B::CalendarSet(by), B::CalendarSet(of)) => by.year == of.year,
        (B::GroupSet(by), B::GroupSet(of)) => by.group == of.group,
        (B::SchoolSet(by), B::SchoolSet(of)) => by.school == of.school,
        (B::SettingSet(by), B::SettingSet(of)) => by.name == of.name,

        // Decisions, reviews, returns, handovers of what they name; lifted flags, countersigns, comments, shares.
        // A publication stays as it was published: a later one of the same week amends, and takes nothing away.
        _ => false,
    };
    if replaces { Relation::Replaces } else { Relation::Answers }
}

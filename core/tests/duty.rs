//! One posting's duty: checks, corrections, leaves, flexible hours.
#![allow(clippy::unwrap_used)]

mod common;

use common::{PRINCIPAL, Pen, SUPERVISOR, TEACHER, at, flagged, journal, monday};
use jiff::ToSpan;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sanji_core::documents::duty::{CheckOrigin, Duty};
use sanji_core::documents::facts::Decided;
use sanji_core::documents::journal::{Item, Via};
use sanji_core::documents::leave::LeaveFact;
use sanji_core::evidence::TimeLabel;
use sanji_core::records::{
    Check, CheckOnBehalf, CheckTime, Correction, CorrectionDecision, CorrectionRequest, Decision, Direction,
    FlexibleHours, KioskCheck, Leave, LeaveDecision, LeaveWithdrawal, Return, Void,
};
use sanji_core::time::UtcSecs;

const IN: Direction = Direction::In;
const OUT: Direction = Direction::Out;

fn duty(items: &[&Item]) -> Duty {
    Duty::of(&journal(items).fold())
}

fn check(direction: Direction) -> Check {
    Check { direction, place: None }
}

fn correction(checks: &[(Direction, UtcSecs)]) -> Correction {
    Correction { date: monday(), checks: times(checks), reason: "忘了".into() }
}

fn request(checks: &[(Direction, UtcSecs)]) -> CorrectionRequest {
    CorrectionRequest { date: monday(), checks: times(checks), reason: "忘了".into(), evidence: None }
}

fn times(checks: &[(Direction, UtcSecs)]) -> Vec<CheckTime> {
    checks.iter().map(|(direction, at)| CheckTime { direction: *direction, at: *at }).collect()
}

fn decide(decision: Decision) -> CorrectionDecision {
    CorrectionDecision { decision, reason: None }
}

fn seen(duty: &Duty) -> Vec<(Direction, UtcSecs, CheckOrigin)> {
    duty.checks.iter().map(|check| (check.direction, check.judged, check.origin)).collect()
}

#[test]
fn checks_of_phone_and_kiosk_stand_in_one_list_with_their_evidence() {
    let (mut phone, mut kiosk) = (Pen::phone(1, TEACHER), Pen::new(4, None, Via::Kiosk));
    let out = kiosk.write(at(0, 11, 30), KioskCheck { direction: OUT });
    let inside = phone.write(at(0, 8, 30), check(IN));
    let tomorrow = phone.write(at(1, 8, 30), check(IN));
    let duty = duty(&[&out, &tomorrow, &inside]);
    let expected = [
        (IN, at(0, 8, 30), CheckOrigin::Own),
        (OUT, at(0, 11, 30), CheckOrigin::Kiosk),
        (IN, at(1, 8, 30), CheckOrigin::Own),
    ];
    assert_eq!(seen(&duty), expected);
    assert_eq!(duty.checks[0].source.entry, inside.entry_ref());
    assert_eq!((duty.checks[0].earliest, duty.checks[0].latest), (at(0, 8, 30).plus(-30), at(0, 8, 30).plus(30)));
    assert_eq!(duty.checks[0].label, Some(TimeLabel::Verified));
    assert_eq!(duty.checks_on(monday()).count(), 2);
}

#[test]
fn what_is_taken_back_or_flagged_is_no_check() {
    let mut phone = Pen::phone(1, TEACHER);
    let wrong = phone.write(at(0, 8, 29), check(OUT));
    let undo = phone.re(at(0, 8, 30), &[&wrong], Void {});
    let foreign = flagged(&Pen::phone(3, PRINCIPAL).write(at(0, 9, 0), check(IN)));
    assert_eq!(duty(&[&wrong, &undo, &foreign]).checks, []);
}

#[test]
fn a_correction_counts_instead_of_the_checks_that_it_names() {
    let (mut phone, mut office) = (Pen::phone(1, TEACHER), Pen::phone(3, PRINCIPAL));
    let inside = phone.write(at(0, 9, 30), check(IN));
    let fixed = office.re(at(0, 18, 0), &[&inside], correction(&[(IN, at(0, 8, 20)), (OUT, at(1, 11, 30))]));
    let first = duty(&[&inside, &fixed]);
    assert_eq!(seen(&first), [(IN, at(0, 8, 20), CheckOrigin::Correction)], "and of its own day only");
    assert_eq!(first.checks[0].label, None);
    assert_eq!(first.checks[0].source.author.person, Some(PRINCIPAL));
    assert_eq!(seen(&duty(&[&inside, &flagged(&fixed)])), [(IN, at(0, 9, 30), CheckOrigin::Own)]);
    let again = office.re(at(0, 19, 0), &[&fixed], correction(&[(IN, at(0, 8, 25))]));
    assert_eq!(seen(&duty(&[&inside, &fixed, &again])), [(IN, at(0, 8, 25), CheckOrigin::Correction)]);
}

#[test]
fn two_corrections_of_one_check_are_shown_as_a_conflict() {
    let (mut phone, mut one, mut two) = (Pen::phone(1, TEACHER), Pen::phone(3, PRINCIPAL), Pen::phone(5, SUPERVISOR));
    let inside = phone.write(at(0, 9, 30), check(IN));
    let out = phone.write(at(0, 11, 30), check(OUT));
    let left = one.re(at(0, 18, 0), &[&inside], correction(&[(IN, at(0, 8, 20))]));
    let right = two.re(at(0, 18, 1), &[&inside], correction(&[(IN, at(0, 8, 40))]));
    let apart = two.re(at(0, 18, 2), &[&out], correction(&[(OUT, at(0, 11, 40))]));
    let duty = duty(&[&inside, &out, &left, &right, &apart]);
    let conflicts: Vec<(UtcSecs, bool)> = duty.checks.iter().map(|check| (check.judged, check.conflict)).collect();
    assert_eq!(conflicts, [(at(0, 8, 20), true), (at(0, 8, 40), true), (at(0, 11, 40), false)]);
}

#[test]
fn a_check_on_behalf_counts_at_the_time_that_it_states() {
    let mut office = Pen::phone(3, PRINCIPAL);
    let body = CheckOnBehalf { direction: IN, at: at(0, 8, 30), reason: "手机没电".into() };
    let for_her = office.write(at(0, 10, 0), body);
    let duty = duty(&[&for_her]);
    assert_eq!(seen(&duty), [(IN, at(0, 8, 30), CheckOrigin::OnBehalf)]);
    assert_eq!(duty.checks[0].source.author.person, Some(PRINCIPAL));
}

#[test]
fn a_request_counts_when_it_is_approved_and_not_before() {
    let (mut phone, mut office) = (Pen::phone(1, TEACHER), Pen::phone(3, PRINCIPAL));
    let wrong = phone.write(at(0, 12, 30), check(OUT));
    let asked = phone.re(at(0, 13, 0), &[&wrong], request(&[(OUT, at(0, 11, 30))]));
    let waiting = duty(&[&wrong, &asked]);
    assert_eq!(seen(&waiting), [(OUT, at(0, 12, 30), CheckOrigin::Own)]);
    assert_eq!(waiting.requests[0].decision, Decided::Pending);
    assert_eq!(waiting.requests[0].wrong, [wrong.entry_ref()]);
    let yes = office.re(at(0, 14, 0), &[&asked], decide(Decision::Approved));
    let approved = duty(&[&wrong, &asked, &yes]);
    assert_eq!(seen(&approved), [(OUT, at(0, 11, 30), CheckOrigin::Request)]);
    assert_eq!(approved.set_aside[&wrong.entry_ref()], asked.entry_ref());
    let no = office.re(at(0, 14, 0), &[&asked], decide(Decision::Refused));
    assert_eq!(duty(&[&wrong, &asked, &no]).requests[0].decision, Decided::Refused);
    let both = duty(&[&wrong, &asked, &yes, &no]);
    assert!(both.requests[0].conflict);
    assert_eq!(seen(&both), [(OUT, at(0, 12, 30), CheckOrigin::Own)], "decisions that differ decide nothing");
    let after_all = office.re(at(0, 15, 0), &[&asked, &yes, &no], decide(Decision::Approved));
    let settled = duty(&[&wrong, &asked, &yes, &no, &after_all]);
    assert_eq!((settled.requests[0].decision, settled.requests[0].conflict), (Decided::Approved, false));
}

#[test]
fn a_request_changed_while_it_was_approved_counts_as_far_as_both_agree() {
    let (mut phone, mut office) = (Pen::phone(1, TEACHER), Pen::phone(3, PRINCIPAL));
    let (early, noon, late) = ((IN, at(0, 8, 30)), (OUT, at(0, 11, 30)), (IN, at(0, 14, 30)));
    let asked = phone.write(at(0, 18, 0), request(&[early, noon]));
    let yes = office.re(at(0, 19, 0), &[&asked], decide(Decision::Approved));
    let changed = phone.re(at(0, 18, 30), &[&asked], request(&[early, late]));
    let duty = duty(&[&asked, &changed, &yes]);
    assert_eq!(seen(&duty), [(IN, at(0, 8, 30), CheckOrigin::Request)]);
    assert_eq!(duty.requests[0].decision, Decided::Pending);
}

#[test]
fn a_request_changed_in_two_places_counts_for_nothing_until_people_decide() {
    let (mut phone, mut office) = (Pen::phone(1, TEACHER), Pen::phone(3, PRINCIPAL));
    let asked = phone.write(at(0, 18, 0), request(&[(IN, at(0, 8, 30))]));
    let yes = office.re(at(0, 19, 0), &[&asked], decide(Decision::Approved));
    let left = phone.re(at(0, 18, 30), &[&asked], request(&[(IN, at(0, 8, 30)), (OUT, at(0, 11, 0))]));
    let other = request(&[(IN, at(0, 8, 30)), (OUT, at(0, 11, 30))]);
    let right = Pen::phone(2, TEACHER).re(at(0, 18, 31), &[&asked], other);
    let duty = duty(&[&asked, &yes, &left, &right]);
    assert_eq!((duty.requests.len(), duty.requests[0].conflict), (1, true));
    assert_eq!(duty.checks, []);
}

#[test]
fn flexible_hours_hold_on_their_dates_and_a_change_replaces_them() {
    let mut office = Pen::phone(3, PRINCIPAL);
    let hours = |to: i32| FlexibleHours { from: monday(), to: monday() + to.days(), ground: "哺乳".into() };
    let granted = office.write(at(0, 8, 0), hours(10));
    let first = duty(&[&granted]);
    assert!(first.flexible_on(monday() + 10.days()) && !first.flexible_on(monday() + 11.days()));
    assert!(!first.flexible_on(monday() - 1.day()));
    let shortened = office.re(at(1, 8, 0), &[&granted], hours(2));
    assert!(!duty(&[&granted, &shortened]).flexible_on(monday() + 10.days()));
    let other = Pen::phone(5, SUPERVISOR).re(at(1, 8, 0), &[&granted], hours(5));
    let disputed = duty(&[&granted, &shortened, &other]);
    assert!(disputed.flexible[0].in_conflict());
    assert!(disputed.flexible_on(monday() + 2.days()) && !disputed.flexible_on(monday() + 4.days()));
}

fn leave(from: UtcSecs, to: UtcSecs) -> Leave {
    Leave { kind: "sick".into(), from, to, reason: None, certificate: None }
}

fn on(decision: Decision, from: UtcSecs, to: UtcSecs) -> LeaveDecision {
    LeaveDecision { decision, reason: None, from, to }
}

fn pieces(leave: &LeaveFact) -> Vec<(UtcSecs, UtcSecs, Decided)> {
    leave.pieces.iter().map(|piece| (piece.from, piece.to, piece.decision)).collect()
}

/// A teacher's phone, the principal's, and a leave from 8:00 to 12:00.
fn asked() -> (Pen, Pen, Item) {
    let mut phone = Pen::phone(1, TEACHER);
    let asked = phone.write(at(0, 7, 0), leave(at(0, 8, 0), at(0, 12, 0)));
    (phone, Pen::phone(3, PRINCIPAL), asked)
}

#[test]
fn a_leave_is_pending_until_it_is_decided() {
    let (_, mut office, asked) = asked();
    let only = duty(&[&asked]);
    assert_eq!(pieces(&only.leaves[0]), [(at(0, 8, 0), at(0, 12, 0), Decided::Pending)]);
    for (decision, expected) in [(Decision::Approved, Decided::Approved), (Decision::Refused, Decided::Refused)] {
        let decided = office.re(at(0, 7, 30), &[&asked], on(decision, at(0, 8, 0), at(0, 12, 0)));
        let duty = duty(&[&asked, &decided]);
        assert_eq!(pieces(&duty.leaves[0]), [(at(0, 8, 0), at(0, 12, 0), expected)]);
        assert_eq!(duty.leaves[0].pieces[0].decided_by.unwrap().entry, decided.entry_ref());
        assert_eq!(duty.leaves[0].pieces[0].source.entry, asked.entry_ref());
    }
    let foreign = flagged(&office.re(at(0, 7, 30), &[&asked], on(Decision::Approved, at(0, 8, 0), at(0, 12, 0))));
    assert_eq!(pieces(&duty(&[&asked, &foreign]).leaves[0])[0].2, Decided::Pending);
}

#[test]
fn of_a_leave_changed_while_it_was_approved_what_both_have_counts_and_the_rest_waits() {
    let (mut phone, mut office, asked) = asked();
    let yes = office.re(at(0, 7, 30), &[&asked], on(Decision::Approved, at(0, 8, 0), at(0, 12, 0)));
    let longer = phone.re(at(0, 7, 20), &[&asked], leave(at(0, 10, 0), at(0, 17, 0)));
    let both = duty(&[&longer, &yes, &asked]);
    let expected = [(at(0, 10, 0), at(0, 12, 0), Decided::Approved), (at(0, 12, 0), at(0, 17, 0), Decided::Pending)];
    assert_eq!(pieces(&both.leaves[0]), expected);
    assert_eq!(both.leaves[0].before.len(), 1);
    let rest = office.re(at(0, 9, 0), &[&longer], on(Decision::Refused, at(0, 10, 0), at(0, 17, 0)));
    let decided = duty(&[&longer, &yes, &asked, &rest]);
    assert_eq!(pieces(&decided.leaves[0]), [(at(0, 10, 0), at(0, 17, 0), Decided::Refused)], "who decides later knew");
    assert!(!decided.leaves[0].conflict);
}

#[test]
fn an_approval_reaches_no_other_kind_and_a_refusal_no_other_version() {
    let (mut phone, mut office, asked) = asked();
    let span = (at(0, 8, 0), at(0, 12, 0));
    let yes = office.re(at(0, 7, 30), &[&asked], on(Decision::Approved, span.0, span.1));
    let other_kind = Leave { kind: "personal".into(), ..leave(span.0, span.1) };
    let other_kind = phone.re(at(0, 7, 20), &[&asked], other_kind);
    assert_eq!(pieces(&duty(&[&asked, &yes, &other_kind]).leaves[0]), [(span.0, span.1, Decided::Pending)]);
    let no = office.re(at(0, 7, 30), &[&asked], on(Decision::Refused, span.0, span.1));
    let shorter = phone.re(at(0, 7, 40), &[&asked], leave(at(0, 9, 0), span.1));
    assert_eq!(pieces(&duty(&[&asked, &no, &shorter]).leaves[0]), [(at(0, 9, 0), span.1, Decided::Pending)]);
}

#[test]
fn decisions_that_contradict_each_other_decide_nothing_where_both_hold() {
    let (_, mut office, asked) = asked();
    let mut deputy = Pen::phone(5, SUPERVISOR);
    let yes = office.re(at(0, 7, 30), &[&asked], on(Decision::Approved, at(0, 8, 0), at(0, 12, 0)));
    let no = deputy.re(at(0, 7, 31), &[&asked], on(Decision::Refused, at(0, 10, 0), at(0, 12, 0)));
    let both = duty(&[&asked, &yes, &no]);
    let expected = [(at(0, 8, 0), at(0, 10, 0), Decided::Approved), (at(0, 10, 0), at(0, 12, 0), Decided::Pending)];
    assert_eq!(pieces(&both.leaves[0]), expected);
    assert!(both.leaves[0].conflict);
    let settled = deputy.re(at(0, 8, 0), &[&asked, &yes, &no], on(Decision::Refused, at(0, 8, 0), at(0, 12, 0)));
    let settled = duty(&[&asked, &yes, &no, &settled]);
    assert_eq!(pieces(&settled.leaves[0]), [(at(0, 8, 0), at(0, 12, 0), Decided::Refused)]);
    assert!(!settled.leaves[0].conflict);
}

#[test]
fn a_leave_withdrawn_is_gone_and_one_withdrawn_while_changed_waits() {
    let (mut phone, mut office, asked) = asked();
    let yes = office.re(at(0, 7, 30), &[&asked], on(Decision::Approved, at(0, 8, 0), at(0, 12, 0)));
    let withdrawn = phone.re(at(0, 7, 40), &[&asked], LeaveWithdrawal {});
    let gone = duty(&[&asked, &yes, &withdrawn]);
    assert_eq!((gone.leaves[0].pieces.len(), gone.leaves[0].withdrawn.len()), (0, 1));
    assert!(!gone.leaves[0].conflict);
    let elsewhere = Pen::phone(2, TEACHER).re(at(0, 7, 35), &[&asked], leave(at(0, 8, 0), at(0, 11, 0)));
    let torn = duty(&[&asked, &yes, &withdrawn, &elsewhere]);
    assert!(torn.leaves[0].conflict);
    assert_eq!(pieces(&torn.leaves[0]), [(at(0, 8, 0), at(0, 11, 0), Decided::Pending)]);
}

#[test]
fn of_a_leave_changed_in_two_places_only_what_both_versions_have_stays_approved() {
    let (mut phone, mut office, asked) = asked();
    let yes = office.re(at(0, 7, 30), &[&asked], on(Decision::Approved, at(0, 8, 0), at(0, 12, 0)));
    let left = phone.re(at(0, 7, 40), &[&asked], leave(at(0, 8, 0), at(0, 11, 0)));
    let right = Pen::phone(2, TEACHER).re(at(0, 7, 41), &[&asked], leave(at(0, 9, 0), at(0, 12, 0)));
    let duty = duty(&[&asked, &yes, &left, &right]);
    let expected = [
        (at(0, 8, 0), at(0, 9, 0), Decided::Pending),
        (at(0, 9, 0), at(0, 11, 0), Decided::Approved),
        (at(0, 11, 0), at(0, 12, 0), Decided::Pending),
    ];
    assert_eq!(pieces(&duty.leaves[0]), expected);
    assert!(duty.leaves[0].conflict);
    assert_eq!(duty.leaves.len(), 1, "two versions of one leave are one leave");
}

#[test]
fn a_return_closes_the_leave_and_what_would_begin_later_waits_no_more() {
    let (mut phone, mut office, asked) = asked();
    let yes = office.re(at(0, 7, 30), &[&asked], on(Decision::Approved, at(0, 8, 0), at(0, 12, 0)));
    let longer = phone.re(at(0, 7, 40), &[&asked], leave(at(0, 8, 0), at(0, 17, 0)));
    let back = phone.re(at(0, 11, 0), &[&longer], Return { at: at(0, 11, 0) });
    let closed = duty(&[&asked, &yes, &longer, &back]);
    assert_eq!(pieces(&closed.leaves[0]), [(at(0, 8, 0), at(0, 12, 0), Decided::Approved)]);
    assert_eq!(closed.leaves[0].pieces[0].returned_at, Some(at(0, 11, 0)));
    let undo = phone.re(at(0, 11, 3), &[&back], Void {});
    assert_eq!(duty(&[&asked, &yes, &longer, &back, &undo]).leaves[0].pieces[0].returned_at, None);
    let twice = Pen::phone(2, TEACHER).re(at(0, 11, 5), &[&longer], Return { at: at(0, 11, 5) });
    let twice = duty(&[&asked, &yes, &longer, &back, &twice]);
    assert!(twice.leaves[0].conflict);
    assert_eq!(twice.leaves[0].pieces[0].returned_at, Some(at(0, 11, 0)));
}

#[test]
fn a_decision_whose_leave_has_not_arrived_waits_for_it() {
    let (_, mut office, asked) = asked();
    let yes = office.re(at(0, 7, 30), &[&asked], on(Decision::Approved, at(0, 8, 0), at(0, 12, 0)));
    let alone = journal(&[&yes]);
    assert_eq!(Duty::of(&alone.fold()).leaves, []);
    assert_eq!(alone.fold().lines()[0].waiting_for, [asked.entry_ref()]);
}

/// The sentence itself, second by second (here: hour by hour): approved is what the decision and the newest version both
/// hold, pending is the rest of the newest version.
#[test]
fn approved_is_exactly_what_was_approved_and_is_still_asked_for() {
    for seed in 0..500 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let hour = |h: i64| at(0, 0, 0).plus(h * 3600);
        let mut span = || {
            let from = rng.random_range(0..40);
            (from, from + rng.random_range(0..20))
        };
        let (first, newest, decided) = (span(), span(), span());
        let (mut phone, mut office) = (Pen::phone(1, TEACHER), Pen::phone(3, PRINCIPAL));
        let asked = phone.write(at(0, 0, 0), leave(hour(first.0), hour(first.1)));
        let changed = phone.re(at(0, 1, 0), &[&asked], leave(hour(newest.0), hour(newest.1)));
        let said = on(Decision::Approved, hour(decided.0), hour(decided.1));
        let yes = office.re(at(0, 2, 0), &[&asked], said);
        let duty = duty(&[&asked, &changed, &yes]);
        let pieces = &duty.leaves[0].pieces;
        assert!(pieces.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].decision != pair[1].decision));
        for h in 0..70 {
            let found = pieces.iter().find(|piece| piece.from <= hour(h) && hour(h) < piece.to);
            let inside = |span: (i64, i64)| span.0 <= h && h < span.1;
            let expected = match (inside(newest), inside(decided)) {
                (false, _) => None,
                (true, true) => Some(Decided::Approved),
                (true, false) => Some(Decided::Pending),
            };
            assert_eq!(found.map(|piece| piece.decision), expected, "seed {seed}, hour {h}");
        }
    }
}

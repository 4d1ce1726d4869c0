//! What is recorded and shown.

use std::sync::{Arc, Mutex};

use super::support::*;
use sanji_core::documents::facts::Decided;
use sanji_core::ids::DocId;
use sanji_core::phone::*;
use sanji_core::records::*;
use sanji_core::sync::phone::Delivery;

#[test]
fn a_phone_that_belongs_to_nobody_says_so() {
    let home = Home::new();
    let phone = home.open();
    assert_eq!(phone.check(None, Direction::In, None), Err(PhoneError::NotEnrolled));
    assert_eq!(phone.today().unwrap_err(), PhoneError::NotEnrolled);
    let key = phone.device_key().unwrap();
    drop(phone);
    assert_eq!(home.open().device_key().unwrap(), key, "the key is drawn once");
}

#[test]
fn a_certificate_enrols_only_the_phone_that_it_was_made_for() {
    let home = Home::new();
    let phone = home.open();
    let other = Home::new().open().device_key().unwrap();
    assert!(matches!(phone.enrol_with_certificate(&pass(other)), Err(PhoneError::Invalid { .. })));
    assert!(phone.enrol_with_certificate("SANJI1P:ABC").is_err());
    let mine = pass(phone.device_key().unwrap());
    phone.enrol_with_certificate(&mine).unwrap();
    assert_eq!(phone.enrol_with_certificate(&mine), Err(PhoneError::AlreadyEnrolled));
    assert_eq!(phone.holder().unwrap().person, Some(TEACHER));
}

#[test]
fn a_check_is_shown_at_once_as_waiting_and_survives_a_restart() {
    let home = Home::new();
    let phone = home.enrolled();
    let recorded = phone.check(None, Direction::In, None).unwrap();
    for restarts in [false, true] {
        if restarts {
            phone.pause().unwrap();
            phone.resume().unwrap();
        }
        let today = phone.today().unwrap();
        let line = &today.postings[0].checks[0];
        assert_eq!(line.at, entry(&recorded));
        assert_eq!((line.direction, line.judged), (Direction::In, at(2, 8, 0)));
        assert_eq!(line.delivery, Some(Delivery::Waiting));
        assert!(line.may_void);
        assert_eq!(today.unsent, 1);
        assert!(today.postings[0].cell.is_none(), "without the county's document nothing is judged");
        let unsent = phone.unsent().unwrap();
        assert_eq!((unsent.entries, unsent.oldest), (1, Some(at(2, 8, 0))));
        assert_eq!(unsent.why, WaitReason::NextConnection);
    }
}

#[test]
fn ones_own_check_can_be_taken_back_for_five_minutes_whatever_the_wall_clock_says() {
    let home = Home::new();
    let phone = home.enrolled();
    let first = phone.check(None, Direction::In, None).unwrap();
    home.clock.pass(299);
    phone.void(&entry(&first)).unwrap();
    assert!(phone.today().unwrap().postings[0].checks.is_empty());
    let second = phone.check(None, Direction::In, None).unwrap();
    home.clock.pass(301);
    assert_eq!(phone.void(&entry(&second)), Err(PhoneError::TooLate));
    assert!(!phone.today().unwrap().postings[0].checks[0].may_void);
    let third = phone.check(None, Direction::Out, None).unwrap();
    home.clock.set_wall(at(2, 7, 0));
    home.clock.pass(100);
    phone.void(&entry(&third)).unwrap();
}

#[test]
fn a_leave_is_offered_for_the_next_working_day_over_weekends_and_holidays() {
    let home = Home::new();
    let phone = home.enrolled();
    let mut offered = Vec::new();
    let mut today = day(2);
    // Monday; Friday; the Friday before the Monday on which the people sweep graves; the eve of the days of May.
    for on in [day(2), day(6), jiff::civil::date(2026, 4, 3), jiff::civil::date(2026, 4, 30)] {
        home.clock.pass(86_400 * u64::try_from((on - today).get_days()).unwrap());
        today = on;
        offered.push(phone.next_working_day().unwrap().to_string());
    }
    assert_eq!(offered, ["2026-03-03", "2026-03-09", "2026-04-07", "2026-05-06"]);
}

#[test]
fn a_leave_is_applied_for_changed_and_withdrawn() {
    let home = Home::new();
    let phone = home.enrolled();
    let request = LeaveRequest {
        kind: "sick".into(),
        from: at(3, 8, 30),
        to: at(3, 17, 0),
        reason: Some("发烧".into()),
        certificate: Some(vec![1; 6000]),
    };
    let backwards = LeaveRequest { to: at(3, 8, 30), ..request.clone() };
    let refused = phone.apply_leave(None, &backwards).unwrap_err();
    assert!(matches!(refused, PhoneError::Invalid { field: "to", .. }), "{refused}");
    let applied = phone.apply_leave(None, &request).unwrap();
    assert_eq!(phone.unsent().unwrap().blobs, 2);
    let changed = LeaveRequest { to: at(4, 17, 0), reason: None, certificate: None, ..request };
    let changed = phone.change_leave(&entry(&applied), &changed).unwrap();
    let day = phone.day(None, day(4)).unwrap();
    assert_eq!(day.leaves.len(), 1);
    assert_eq!(day.leaves[0].newest[0].source.entry, changed.entry);
    assert_eq!(day.leaves[0].pieces[0].decision, Decided::Pending);
    assert!(matches!(phone.return_from_leave(&entry(&applied), at(4, 8, 0)), Err(PhoneError::Invalid { .. })));
    phone.withdraw_leave(&entry(&applied)).unwrap();
    assert!(phone.day(None, super::support::day(4)).unwrap().leaves.iter().all(|leave| leave.pieces.is_empty()));
    let nowhere = EntryAt { entry: EntryRef { seq: 99, ..applied.entry }, ..entry(&applied) };
    assert_eq!(phone.withdraw_leave(&nowhere), Err(PhoneError::NotHere));
}

#[test]
fn a_request_for_a_correction_says_what_and_why() {
    let home = Home::new();
    let phone = home.enrolled();
    let check = CheckTime { direction: Direction::Out, at: at(2, 17, 0) };
    let ask = |checks: Vec<CheckTime>, why: &str| phone.request_correction(None, day(2), checks, &[], why, None);
    assert!(matches!(ask(vec![], "忘记"), Err(PhoneError::Invalid { field: "checks", .. })));
    assert!(matches!(ask(vec![check.clone()], "  "), Err(PhoneError::Invalid { field: "reason", .. })));
    let other_day = CheckTime { at: at(3, 17, 0), ..check.clone() };
    assert!(matches!(ask(vec![other_day], "忘记"), Err(PhoneError::Invalid { field: "checks", .. })));
    ask(vec![check], "忘记签退").unwrap();
    assert!(phone.pending().unwrap().is_empty(), "nobody decides on their own request");
}

#[test]
fn sessions_are_recorded_amended_and_handed_over() {
    let home = Home::new();
    let phone = home.enrolled();
    let session = Session {
        date: day(2),
        start: jiff::civil::time(16, 0, 0, 0),
        end: jiff::civil::time(18, 0, 0, 0),
        content: Content::Homework,
        stage: None,
        instructors: vec![Instructor { posting: Some(POSTING), name: None, outside: None, vetted: None }],
        pupils: Some(23),
        project: None,
    };
    let nobody = Session { instructors: vec![], ..session.clone() };
    assert!(matches!(phone.record_session(SCHOOL, nobody), Err(PhoneError::Invalid { field: "instructors", .. })));
    let backwards = Session { end: session.start, ..session.clone() };
    assert!(matches!(phone.record_session(SCHOOL, backwards), Err(PhoneError::Invalid { field: "end", .. })));
    let recorded = phone.record_session(SCHOOL, session.clone()).unwrap();
    phone.amend_session(&entry(&recorded), Session { pupils: Some(24), ..session }).unwrap();
    phone.hand_over(&entry(&recorded), None, Some(24), None).unwrap();
    let sessions = phone.sessions(SCHOOL, day(2)).unwrap();
    assert_eq!(sessions.len(), 1);
    let (_, fact) = &sessions[0];
    assert_eq!((fact.row.now.value.pupils, fact.handovers.len()), (Some(24), 1));
}

#[test]
fn a_visit_is_planned_opened_written_and_closed_on_one_phone() {
    let home = Home::new();
    let phone = home.enrolled();
    let plan = VisitPlan {
        kind: VisitKind::DropInObservation,
        date: day(2),
        host: SCHOOL,
        from: None,
        group: None,
        field: None,
        visitors: vec![TEACHER],
        teachers: vec![POSTING],
        announced: None,
    };
    let visit = phone.plan_visit(plan).unwrap();
    assert!(matches!(phone.close_visit(visit.doc, None), Err(PhoneError::Invalid { .. })));
    phone.open_visit(visit.doc).unwrap();
    phone.write_part(visit.doc, Part::Record, "第一稿").unwrap();
    phone.write_part(visit.doc, Part::Record, "第二稿").unwrap();
    let (_, picture) = phone.add_picture(visit.doc, &[5; 300], Some("板书".into())).unwrap();
    home.clock.pass(45 * 60);
    phone.close_visit(visit.doc, None).unwrap();
    let seen = phone.visit(visit.doc).unwrap();
    assert_eq!(seen.parts[&Part::Record].now.value.text, "第二稿");
    assert!(!seen.parts[&Part::Record].in_conflict());
    assert_eq!(seen.minutes, Some(sanji_core::time::Minutes(45)));
    assert_eq!(seen.pictures[0].now.value.picture, picture);
    phone.countersign(visit.doc, None).unwrap();
    let signed = &phone.visit(visit.doc).unwrap().countersigns[0];
    assert!(signed.changed.is_empty() && signed.unseen.is_empty(), "{signed:?}");
    let listed = phone.visits(day(2)).unwrap();
    assert_eq!((listed.len(), listed[0].opened, listed[0].closed), (1, true, true));
    let huge = phone.add_picture(visit.doc, &vec![0; 300_000], None).unwrap_err();
    assert!(matches!(huge, PhoneError::Invalid { field: "picture", .. }));
    let wrong = DocId::duty(POSTING, day(2));
    assert!(matches!(phone.open_visit(wrong), Err(PhoneError::Invalid { .. })));
}

#[test]
fn decisions_need_a_reason_where_they_are_a_no() {
    let home = Home::new();
    let phone = home.enrolled();
    let applied = phone
        .apply_leave(
            None,
            &LeaveRequest {
                kind: "personal".into(),
                from: at(3, 8, 30),
                to: at(3, 17, 0),
                reason: None,
                certificate: None,
            },
        )
        .unwrap();
    let refused = phone.decide_leave(&entry(&applied), Decision::Refused, Some(" "));
    assert!(matches!(refused, Err(PhoneError::Invalid { field: "reason", .. })));
    phone.decide_leave(&entry(&applied), Decision::Approved, None).unwrap();
    let day = phone.day(None, day(3)).unwrap();
    assert_eq!(day.leaves[0].pieces[0].decision, Decided::Approved, "a phone judges nobody's authority");
}

#[test]
fn a_newcomer_and_a_certificate_for_their_phone_are_made_without_network() {
    let home = Home::new();
    let phone = home.enrolled();
    let newcomer = phone.add_newcomer(SCHOOL, " 王老师 ", Role::Staff, day(2), true).unwrap();
    let colleagues = phone.colleagues(SCHOOL, day(2)).unwrap();
    assert_eq!((colleagues[0].posting, colleagues[0].row.name.as_str()), (newcomer.posting, "王老师"));
    let theirs = Home::new();
    let other = theirs.open();
    let pass = phone.certify(other.device_key().unwrap(), SCHOOL, Some((newcomer.person, newcomer.posting))).unwrap();
    other.enrol_with_certificate(&pass).unwrap();
    other.check(None, Direction::In, None).unwrap();
    assert_eq!(other.postings().unwrap()[0].posting, newcomer.posting);
    let again = phone.certify(other.device_key().unwrap(), SCHOOL, None).unwrap();
    assert_ne!(again, pass);
    assert!(phone.add_newcomer(SCHOOL, "", Role::Staff, day(2), true).is_err());
}

struct Heard(Mutex<Vec<PhoneEvent>>);

impl Listener for Heard {
    fn on_event(&self, event: &PhoneEvent) {
        self.0.lock().unwrap().push(event.clone());
    }
}

#[test]
fn a_listener_hears_until_its_subscription_is_dropped_and_may_call_the_phone() {
    struct Calls(Phone, Arc<Heard>);
    impl Listener for Calls {
        fn on_event(&self, event: &PhoneEvent) {
            self.0.unsent().unwrap();
            self.1.on_event(event);
        }
    }
    let home = Home::new();
    let phone = home.enrolled();
    let heard = Arc::new(Heard(Mutex::default()));
    let subscription = phone.listen(Arc::new(Calls(phone.clone(), heard.clone())));
    let recorded = phone.check(None, Direction::In, None).unwrap();
    drop(subscription);
    phone.check(None, Direction::Out, None).unwrap();
    assert_eq!(*heard.0.lock().unwrap(), [PhoneEvent::Changed(vec![recorded.doc])]);
}

#[test]
fn a_clock_that_is_far_off_or_jumps_loses_nothing() {
    let home = Home::new();
    let phone = home.enrolled();
    for (wall, boots) in [(0, false), (-5, true), (i64::MAX, false), (i64::MIN, true), (1_772_411_470, false)] {
        home.clock.set_wall(sanji_core::time::UtcSecs(wall));
        if boots {
            home.clock.reboot();
        }
        phone.check(None, Direction::In, None).unwrap();
        phone.today().unwrap();
    }
    assert_eq!(phone.unsent().unwrap().entries, 5);
}

#[test]
fn a_sync_without_a_network_is_an_outcome_and_says_when_to_try_again() {
    let home = Home::new();
    let phone = home.enrolled();
    phone.check(None, Direction::In, None).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let outcome = runtime.block_on(phone.sync_now()).unwrap();
    assert!(outcome.offline.is_some());
    assert!(outcome.retry_in_ms.is_some_and(|ms| ms > 0));
    assert_eq!((outcome.unsent, outcome.delivered), (1, 0));
    assert_eq!(phone.unsent().unwrap().why, WaitReason::NoConnection(1));
}

#[test]
fn a_leave_of_the_last_term_is_seen_in_the_next_without_opening_that_term() {
    let home = Home::new();
    let phone = home.enrolled();
    let (from, to) = (jiff::civil::date(2026, 8, 20), jiff::civil::date(2027, 2, 10));
    let morning = |date| sanji_core::time::instant(date, jiff::civil::time(8, 30, 0, 0));
    let request = LeaveRequest {
        kind: "maternity".into(),
        from: morning(from),
        to: morning(to),
        reason: None,
        certificate: None,
    };
    let asked = phone.apply_leave(None, &request).unwrap();
    for (date, seen) in [
        (jiff::civil::date(2026, 8, 19), false),
        (from, true),
        (jiff::civil::date(2026, 9, 2), true),
        (jiff::civil::date(2027, 1, 30), true),
        (to, true),
        (jiff::civil::date(2027, 2, 11), false),
    ] {
        let leaves = phone.day(None, date).unwrap().leaves;
        assert_eq!(!leaves.is_empty(), seen, "{date}");
        assert!(leaves.iter().all(|leave| leave.newest[0].source.entry == asked.entry));
    }
}

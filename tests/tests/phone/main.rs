//! Real phones against a real relay over real HTTPS, in one process.
#![allow(clippy::unwrap_used)]

mod bundle;
mod helped;
mod profile;
mod readmit;
mod support;
mod terms;
mod weeks;

use std::time::Duration;

use sanji_core::phone::*;
use sanji_core::records::*;
use sanji_core::rules::{DayResult, Status};
use sanji_core::sync::phone::{Delivery, Standing};
use support::*;

#[test]
fn a_teacher_enrols_by_qr_checks_and_sees_the_verdict_of_the_page() {
    let county = County::start();
    let teacher = county.phone(TEACHER);
    assert_eq!(teacher.phone.holder().unwrap().person, Some(TEACHER));
    teacher.sync(&county);
    for (hour, minute, direction) in
        [(8, 25, Direction::In), (11, 41, Direction::Out), (14, 20, Direction::In), (17, 1, Direction::Out)]
    {
        county.set(at(2, hour, minute));
        teacher.phone.check(None, direction, None).unwrap();
    }
    let before = teacher.phone.today().unwrap();
    assert_eq!(before.unsent, 4);
    assert_eq!(before.postings[0].provisional, [Provisional::Unsent]);
    let outcome = teacher.sync(&county);
    assert_eq!((outcome.delivered, outcome.unsent, outcome.standing), (4, 0, Standing::Fine));
    let today = teacher.phone.today().unwrap();
    let day = &today.postings[0];
    assert_eq!(day.provisional, []);
    assert_eq!(day.posting.school_name.as_deref(), Some("可乐小学"));
    let cell = day.cell.as_ref().unwrap();
    let DayResult::Judged(verdict) = &cell.result else { panic!("{cell:?}") };
    assert_eq!(verdict.status, Status::Present);
    assert!(day.checks.iter().all(|check| check.delivery == Some(Delivery::Delivered) && check.label.is_some()));
    assert_eq!(teacher.phone.receipts().unwrap().len(), 1);
}

#[test]
fn the_typed_code_enrols_too_and_a_wrong_county_or_used_code_is_refused() {
    let county = County::start();
    let other = County::start();
    let invitation = county.invite(Some(TEACHER), None);
    let code = invitation.code().to_string();
    let person = Person::new(&county);
    let wrong = county.block_on(person.phone.enrol_typed(&other.address(), &code));
    assert!(matches!(wrong, Err(PhoneError::Invalid { field: "invitation", .. })), "{wrong:?}");
    county.block_on(person.phone.enrol_typed(&county.address(), &code.to_lowercase())).unwrap();
    person.sync(&county);
    let second = Person::new(&county);
    let used = county.block_on(second.phone.enrol_typed(&county.address(), &code));
    assert!(matches!(used, Err(PhoneError::Refused(Standing::Certificate(_)))), "{used:?}");
}

#[test]
fn a_relay_with_another_key_is_not_spoken_to() {
    let county = County::start();
    let mut invitation = county.invite(Some(TEACHER), None);
    invitation.card.pin.0[0] ^= 1;
    let person = Person::new(&county);
    let refused = county.block_on(person.phone.enrol(&invitation.to_qr()));
    assert!(matches!(refused, Err(PhoneError::Offline(_))), "{refused:?}");
}

#[test]
fn a_principal_decides_what_a_teacher_asked_and_both_see_it() {
    let county = County::start();
    let (teacher, principal) = (county.phone(TEACHER), county.phone(PRINCIPAL));
    teacher.sync(&county);
    let request = LeaveRequest {
        kind: "sick".into(),
        from: at(3, 8, 30).secs(),
        to: at(3, 17, 0).secs(),
        reason: Some("看病".into()),
        certificate: Some(vec![7; 20_000]),
    };
    let asked = teacher.phone.apply_leave(None, &request).unwrap();
    let outcome = teacher.sync(&county);
    assert_eq!(outcome.unsent, 0);
    principal.sync(&county);
    let pending = principal.phone.pending().unwrap();
    assert_eq!(pending.len(), 1);
    assert_eq!(pending[0].at.entry, asked.entry);
    let PendingKind::Leave(leave) = &pending[0].what else { panic!() };
    let certificate = county.block_on(principal.phone.blob(asked.doc, leave.certificate.unwrap())).unwrap();
    assert_eq!(certificate, Some(vec![7; 20_000]), "large blobs come over their own address");
    principal.phone.decide_leave(&pending[0].at, Decision::Approved, None).unwrap();
    principal.sync(&county);
    teacher.sync(&county);
    let day = teacher.phone.day(None, day(3)).unwrap();
    let DayResult::Judged(verdict) = &day.cell.as_ref().unwrap().result else { panic!() };
    assert_eq!(verdict.leave.len(), 2, "both windows of the day");
    let school = principal.phone.school_day(SCHOOL, support::day(3)).unwrap();
    assert_eq!(school.len(), 3);
    assert!(principal.phone.pending().unwrap().is_empty());
}

#[test]
fn a_changed_leave_keeps_its_reason_and_certificate_and_nobody_decides_on_a_version_unseen() {
    let county = County::start();
    let (teacher, principal) = (county.phone(TEACHER), county.phone(PRINCIPAL));
    teacher.sync(&county);
    let until = |day| LeaveRequest {
        kind: "sick".into(),
        from: at(3, 8, 30).secs(),
        to: at(day, 17, 0).secs(),
        reason: None,
        certificate: None,
    };
    let first = LeaveRequest { reason: Some("看病".into()), certificate: Some(vec![7; 20_000]), ..until(3) };
    let asked = teacher.phone.apply_leave(None, &first).unwrap();
    let version = |recorded: &Recorded| EntryAt { doc: recorded.doc, entry: recorded.entry };
    teacher.sync(&county);
    principal.sync(&county);
    let seen = principal.phone.pending().unwrap().remove(0).at;
    let longer = teacher.phone.change_leave(&version(&asked), &until(20)).unwrap();
    teacher.sync(&county);
    principal.sync(&county);
    let stale = principal.phone.decide_leave(&seen, Decision::Approved, None).unwrap_err();
    assert_eq!(stale, PhoneError::Invalid { field: "request", why: Problem::Changed });
    let pending = principal.phone.pending().unwrap().remove(0);
    let PendingKind::Leave(leave) = &pending.what else { panic!() };
    let content = |hash: Option<_>| county.block_on(principal.phone.blob(asked.doc, hash.unwrap())).unwrap().unwrap();
    assert_eq!((content(leave.reason), content(leave.certificate)), ("看病".as_bytes().to_vec(), vec![7; 20_000]));
    principal.phone.decide_leave(&pending.at, Decision::Approved, None).unwrap();
    let bare = LeaveRequest { reason: Some(String::new()), certificate: Some(Vec::new()), ..until(4) };
    let shorter = teacher.phone.change_leave(&version(&longer), &bare).unwrap();
    let Some(Body::Leave(leave)) = teacher.phone.body(&version(&shorter)).unwrap() else { panic!() };
    assert_eq!((leave.reason, leave.certificate), (None, None), "empty takes them back");
}

#[test]
fn a_kiosk_takes_checks_with_the_right_pin_only() {
    let county = County::start();
    let (teacher, kiosk) = (county.phone(TEACHER), county.kiosk());
    kiosk.sync(&county);
    teacher.sync(&county);
    let kiosks = teacher.phone.kiosks(SCHOOL).unwrap();
    assert_eq!(kiosks, [kiosk.phone.actor().unwrap().unwrap()]);
    assert!(matches!(teacher.phone.set_pin(None, "12"), Err(PhoneError::Invalid { field: "pin", .. })));
    let person = posting(TEACHER);
    assert!(kiosk.phone.kiosk_check(person, "2468", Direction::In).is_err(), "no PIN is set");
    teacher.phone.set_pin(None, "2468").unwrap();
    teacher.sync(&county);
    kiosk.sync(&county);
    assert!(kiosk.phone.kiosk_people().unwrap().iter().any(|p| p.posting == person && p.has_pin));
    let checked = kiosk.phone.kiosk_check(person, "2468", Direction::In).unwrap();
    kiosk.phone.kiosk_void(&EntryAt { doc: checked.doc, entry: checked.entry }, "2468").unwrap();
    kiosk.phone.kiosk_check(person, "2468", Direction::In).unwrap();
    for _ in 0..5 {
        assert!(kiosk.phone.kiosk_check(person, "1111", Direction::Out).is_err());
    }
    let slowed = kiosk.phone.kiosk_check(person, "2468", Direction::Out).unwrap_err();
    assert_eq!(slowed, PhoneError::Invalid { field: "pin", why: Problem::PinPause });
    county.pass(61_000);
    kiosk.phone.kiosk_check(person, "2468", Direction::Out).unwrap();
    kiosk.sync(&county);
    teacher.sync(&county);
    assert_eq!(teacher.phone.today().unwrap().postings[0].checks.len(), 2);
}

#[test]
fn a_newcomer_begins_without_network_and_is_confirmed_by_the_principals_next_sync() {
    let county = County::start();
    let principal = county.phone(PRINCIPAL);
    principal.sync(&county);
    let newcomer = principal.phone.add_newcomer(SCHOOL, "新老师", Role::Staff, day(2), true).unwrap();
    let theirs = Person::new(&county);
    let pass = principal
        .phone
        .certify(theirs.phone.device_key().unwrap(), SCHOOL, Some((newcomer.person, newcomer.posting)))
        .unwrap();
    theirs.phone.enrol_with_certificate(&pass).unwrap();
    theirs.phone.check(None, Direction::In, None).unwrap();
    let outcome = theirs.sync(&county);
    assert_eq!((outcome.unsent, outcome.standing), (0, Standing::Fine));
    principal.sync(&county);
    theirs.sync(&county);
    assert!(theirs.phone.flagged().unwrap().is_empty());
    assert_eq!(theirs.phone.postings().unwrap()[0].name.as_deref(), Some("新老师"));
}

#[test]
fn a_week_is_published_with_what_it_lacked() {
    let county = County::start();
    let (teacher, principal) = (county.phone(TEACHER), county.phone(PRINCIPAL));
    teacher.sync(&county);
    principal.sync(&county);
    assert!(matches!(principal.phone.publish_week(SCHOOL, day(2)), Err(PhoneError::Invalid { field: "monday", .. })));
    county.set(at(9, 8, 0));
    principal.sync(&county);
    let published = principal.phone.publish_week(SCHOOL, day(2)).unwrap();
    principal.sync(&county);
    teacher.sync(&county);
    let item = teacher.phone.entry(&EntryAt { doc: published.doc, entry: published.entry }).unwrap();
    let Ok(Entry { body: Body::Publication(said), .. }) = Entry::from_bytes(&item.value) else { panic!() };
    assert!(said.lacked.iter().any(|lack| lack.posting == posting(TEACHER)), "the teacher's phone had not reported");
    let rows = county.block_on(teacher.phone.blob(published.doc, said.rows)).unwrap().unwrap();
    let hash = sanji_core::crypto::sha256(&[sanji_core::labels::PUBLICATION, &rows]);
    assert_eq!(said.table.0, hash, "the rows are the ones that were published");
}

#[test]
fn a_sync_that_is_dropped_anywhere_loses_and_doubles_nothing() {
    let county = County::start();
    let teacher = county.phone(TEACHER);
    teacher.sync(&county);
    let mut recorded = Vec::new();
    for round in 0..40u64 {
        county.pass(60_000);
        recorded.push(teacher.phone.note(None, day(2), &format!("第{round}条")).unwrap());
        let patience = Duration::from_micros(round * 150);
        let _ = county.block_on(async { tokio::time::timeout(patience, teacher.phone.sync_now()).await });
    }
    county.pass(600_000);
    let outcome = teacher.sync(&county);
    assert_eq!(outcome.unsent, 0);
    for recorded in recorded {
        let at = EntryAt { doc: recorded.doc, entry: recorded.entry };
        assert_eq!(teacher.phone.delivery(&at, &[]).unwrap(), Some(Delivery::Delivered));
    }
    let journal = county.journal(sanji_core::ids::DocId::duty(posting(TEACHER), day(2)));
    assert_eq!(journal.fold().current().count(), 40);
}

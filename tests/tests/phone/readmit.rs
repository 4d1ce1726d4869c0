//! Phones whose key storage lost its key: what was recorded before and since arrives once somebody has compared six digits.

use sanji_core::documents::journal::Standing as Counts;
use sanji_core::ids::DocId;
use sanji_core::phone::*;
use sanji_core::records::Direction;
use sanji_core::sync::message::RetireReason;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::rows::DeviceRow;

use crate::support::*;

/// The key storage was reset: its key is gone for good.
fn lose_keys(county: &County, person: &mut Person) {
    let keys = person.keys(county);
    person.restart(county, || std::fs::remove_dir_all(&keys).unwrap());
}

fn devices(county: &County) -> Vec<DeviceRow> {
    county.admin(|relay, ledger, _| Ok(Book::new(relay.county(), ledger).devices_of(&TEACHER.0)?))
}

/// The instants of the teacher's checks on the relay, all of which count once.
fn checks(county: &County) -> Vec<i64> {
    let duty = sanji_core::documents::duty::Duty::of(&county.journal(DocId::duty(posting(TEACHER), day(2))).fold());
    let mut found: Vec<i64> = duty.checks.iter().map(|check| check.judged.0).collect();
    found.sort();
    found
}

#[test]
fn records_whose_key_was_lost_arrive_after_the_principal_compared_six_digits() {
    let county = County::start();
    let (mut teacher, principal) = (county.phone(TEACHER), county.phone(PRINCIPAL));
    let made = [at(2, 8, 25), at(2, 11, 41), at(2, 14, 20)];
    county.set(made[0]);
    teacher.phone.check(None, Direction::In, None).unwrap();
    teacher.sync(&county);
    principal.sync(&county);
    county.set(made[1]);
    teacher.phone.check(None, Direction::Out, None).unwrap();

    lose_keys(&county, &mut teacher);
    assert!(matches!(teacher.phone.found().unwrap(), Found::Replaced { .. }));
    assert_eq!(teacher.phone.locked_records().unwrap(), 1);
    county.set(made[2]);
    teacher.phone.check(None, Direction::In, None).unwrap();
    let outcome = county.block_on(teacher.phone.sync_now()).unwrap();
    assert_eq!((outcome.standing, outcome.unsent), (Standing::Unknown, 1), "it records on and keeps all");
    let digits = teacher.phone.approval_digits().unwrap().unwrap();
    assert_eq!(digits.len(), 6);

    let asking = county.block_on(principal.phone.phones_asking()).unwrap();
    assert_eq!(asking.len(), 1);
    assert_eq!((asking[0].person, asking[0].name.as_str(), asking[0].recovers), (Some(TEACHER), "李老师", true));
    let wrong = if digits == "000000" { "000001" } else { "000000" };
    let refused = county.block_on(principal.phone.approve_phone(asking[0].device, wrong));
    assert!(matches!(refused, Err(PhoneError::Invalid { field: "digits", .. })), "{refused:?}");
    assert_eq!(county.block_on(teacher.phone.sync_now()).unwrap().standing, Standing::Unknown);
    county.block_on(principal.phone.approve_phone(asking[0].device, &digits)).unwrap();

    county.set(at(2, 15, 0));
    let outcome = teacher.sync(&county);
    assert_eq!((outcome.standing, outcome.delivered, outcome.unsent), (Standing::Fine, 2, 0));
    assert_eq!((teacher.phone.approval_digits().unwrap(), teacher.phone.locked_records().unwrap()), (None, 0));
    assert_eq!(checks(&county), made.map(|at| at.secs().0), "each once, and when it was made");
    let shown = teacher.phone.today().unwrap();
    assert_eq!(shown.postings[0].checks.len(), 3);
    let counting: Vec<_> = devices(&county).into_iter().filter(|device| device.retired.is_none()).collect();
    assert_eq!(counting.len(), 1, "no cell waits for a key that is gone");
    principal.sync(&county);
    assert_eq!(county.block_on(principal.phone.phones_asking()).unwrap(), []);

    teacher.restart(&county, || ());
    assert_eq!(teacher.phone.found().unwrap(), Found::Sound);
    county.set(at(2, 17, 0));
    teacher.phone.check(None, Direction::Out, None).unwrap();
    assert_eq!(teacher.sync(&county).delivered, 1);
    let fold = county.journal(DocId::duty(posting(TEACHER), day(2)));
    assert!(fold.fold().current().all(|line| line.item().standing == Counts::Counts));
}

#[test]
fn where_nothing_can_be_recovered_the_new_key_is_let_in_and_the_old_phone_may_have_lost_records() {
    let county = County::start();
    let (mut teacher, principal) = (county.phone(TEACHER), county.phone(PRINCIPAL));
    teacher.sync(&county);
    principal.sync(&county);
    let keys = teacher.keys(&county);
    teacher.phone.check(None, Direction::In, None).unwrap();
    county.pass(60_000);
    let folder = keys.with_file_name(keys.file_name().unwrap().to_str().unwrap().replace("keys", "phone"));
    teacher.restart(&county, || {
        std::fs::remove_dir_all(&keys).unwrap();
        std::fs::write(folder.join("records.sanji"), vec![7; 4096]).unwrap();
        let _ = std::fs::remove_file(folder.join("records.sanji-wal"));
    });
    let later = teacher.phone.check(None, Direction::Out, None).unwrap();
    county.block_on(teacher.phone.sync_now()).unwrap();
    let digits = teacher.phone.approval_digits().unwrap().unwrap();
    let asking = county.block_on(principal.phone.phones_asking()).unwrap();
    assert!(!asking[0].recovers);
    county.block_on(principal.phone.approve_phone(asking[0].device, &digits)).unwrap();
    let outcome = teacher.sync(&county);
    assert_eq!((outcome.standing, outcome.delivered, outcome.unsent), (Standing::Fine, 1, 0));
    let [old, new] = &devices(&county)[..] else { panic!() };
    assert_eq!((old.retired_why, new.retired), (Some(RetireReason::Broken), None));
    assert_eq!(new.actor(), later.entry.actor);
    assert_eq!(checks(&county).len(), 1);
}

#[test]
fn a_key_storage_that_failed_for_a_while_only_gives_everything_back_at_the_next_start() {
    let county = County::start();
    let mut teacher = county.phone(TEACHER);
    teacher.sync(&county);
    let keys = teacher.keys(&county);
    let away = keys.with_extension("away");
    county.set(at(2, 8, 25));
    teacher.phone.check(None, Direction::In, None).unwrap();
    teacher.restart(&county, || std::fs::rename(&keys, &away).unwrap());
    county.set(at(2, 11, 40));
    teacher.phone.check(None, Direction::Out, None).unwrap();
    assert_eq!(teacher.phone.locked_records().unwrap(), 1);
    // What the storage wrapped meanwhile is lost with the key that it had meanwhile: the earlier records are what opens.
    teacher.restart(&county, || {
        std::fs::remove_dir_all(&keys).unwrap();
        std::fs::rename(&away, &keys).unwrap();
    });
    assert_eq!(teacher.phone.unsent().unwrap().entries, 1);
    assert_eq!(teacher.sync(&county).delivered, 1);
    assert_eq!(checks(&county), [at(2, 8, 25).secs().0]);
    assert_eq!(teacher.phone.locked_records().unwrap(), 1, "the file of the time between stays, and is asked for");
}

#[test]
fn only_a_head_of_the_school_sees_and_approves_and_nobody_their_own() {
    let county = County::start();
    let (mut teacher, colleague, mut principal) =
        (county.phone(TEACHER), county.phone(COLLEAGUE), county.phone(PRINCIPAL));
    for person in [&teacher, &colleague, &principal] {
        person.sync(&county);
    }
    lose_keys(&county, &mut teacher);
    county.block_on(teacher.phone.sync_now()).unwrap();
    let digits = teacher.phone.approval_digits().unwrap().unwrap();
    let device = teacher.phone.actor().unwrap().unwrap();
    assert_eq!(county.block_on(colleague.phone.phones_asking()).unwrap(), []);
    assert!(county.block_on(colleague.phone.approve_phone(device, &digits)).is_err());
    lose_keys(&county, &mut principal);
    county.block_on(principal.phone.sync_now()).unwrap();
    assert!(county.block_on(principal.phone.phones_asking()).is_err(), "its new key is unknown");
    let asking = county.admin(|relay, ledger, now| relay.asking(ledger, now));
    let own = asking.iter().find(|asking| asking.person == Some(PRINCIPAL)).unwrap().clone();
    assert!(!county.admin(move |relay, ledger, now| relay.may_approve(ledger, now, PRINCIPAL, &own)));
    for _ in 0..5 {
        let other = (digits.parse::<u32>().unwrap() + 1) % 1_000_000;
        assert!(!county.admin(move |relay, ledger, now| relay.approve(ledger, now, device, other)));
    }
    county.block_on(teacher.phone.sync_now()).unwrap();
    assert_ne!(teacher.phone.approval_digits().unwrap().unwrap(), digits, "after five wrong tries there are new ones");
}

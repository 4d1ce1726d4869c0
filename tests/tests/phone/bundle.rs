//! Unsent records as a file: sealed, taken in as often as one likes, and never by themselves a reason to forget.

use rand::{RngExt, SeedableRng};
use sanji_core::phone::*;
use sanji_core::records::{Direction, Part, VisitKind, VisitPlan};
use sanji_core::sync::bundle::BundleError;
use sanji_core::sync::message::FlagReason;
use sanji_core::sync::phone::Delivery;

use crate::support::*;

fn counted(county: &County, recorded: &Recorded) -> Option<sanji_core::documents::journal::Standing> {
    let journal = county.journal(recorded.doc);
    journal.fold().lines().iter().find(|line| line.entry_ref() == recorded.entry).map(|l| l.item().standing)
}

#[test]
fn what_a_phone_hands_over_arrives_and_leaves_its_list_only_by_its_own_acknowledgement() {
    let county = County::start();
    let teacher = county.phone(TEACHER);
    teacher.sync(&county);
    let nothing = teacher.phone.bundle();
    assert!(matches!(nothing, Err(PhoneError::Invalid { field: "file", .. })), "{nothing:?}");
    let check = teacher.phone.check(None, Direction::In, None).unwrap();
    let plan = VisitPlan {
        kind: VisitKind::DropInObservation,
        date: day(2),
        host: SCHOOL,
        from: None,
        group: None,
        field: None,
        visitors: vec![],
        teachers: vec![],
        announced: None,
    };
    let visit = teacher.phone.plan_visit(plan).unwrap();
    teacher.phone.write_part(visit.doc, Part::Record, "听课一节").unwrap();
    let (picture, hash) = teacher.phone.add_picture(visit.doc, &[5; 60_000], None).unwrap();
    let file = teacher.phone.bundle().unwrap();
    assert_eq!((file.entries, file.blobs, file.complete), (4, 1, true));

    let taken = county.import(&file.bytes).unwrap();
    assert_eq!((taken.entries, taken.new, taken.blobs.len()), (4, 4, 1));
    assert!(counted(&county, &check).is_some());
    let again = county.import(&file.bytes).unwrap();
    assert_eq!((again.entries, again.new, again.blobs.len()), (4, 0, 0), "the same file again changes nothing");
    assert_eq!(teacher.phone.unsent().unwrap().entries, 4, "the relay has not told the phone yet");

    let outcome = teacher.sync(&county);
    assert_eq!((outcome.delivered, outcome.unsent), (4, 0));
    let at = EntryAt { doc: picture.doc, entry: picture.entry };
    assert_eq!(teacher.phone.delivery(&at, &[hash]).unwrap(), Some(Delivery::Delivered));
}

#[test]
fn a_file_that_was_cut_changed_or_is_another_countys_is_refused_and_nothing_of_it_is_stored() {
    let (county, other) = (County::start(), County::start());
    let teacher = county.phone(TEACHER);
    let check = teacher.phone.check(None, Direction::In, None).unwrap();
    let file = teacher.phone.bundle().unwrap().bytes;
    assert!(matches!(other.import(&file), Err(BundleError::OtherCounty(_))));
    assert_eq!(county.import(b"a picture"), Err(BundleError::NotABundle));
    for cut in (0..file.len()).step_by(7) {
        assert!(county.import(&file[..cut]).is_err(), "cut at {cut}");
    }
    for at in (22..file.len()).step_by(11) {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert_eq!(county.import(&changed), Err(BundleError::Sealed), "changed at {at}");
    }
    assert_eq!(counted(&county, &check), None);
    assert_eq!(county.import(&file).unwrap().new, 1);
}

#[test]
fn what_a_stopped_phone_had_not_sent_comes_as_a_file_and_waits_for_the_principal() {
    let county = County::start();
    let (teacher, principal) = (county.phone(TEACHER), county.phone(PRINCIPAL));
    teacher.sync(&county);
    let before = teacher.phone.check(None, Direction::In, None).unwrap();
    teacher.sync(&county);
    let after = teacher.phone.check(None, Direction::Out, None).unwrap();
    let actor = teacher.phone.actor().unwrap().unwrap();
    county.pass(60_000);
    county.admin(move |relay, ledger, now| relay.revoke(ledger, now, actor));
    let outcome = county.block_on(teacher.phone.sync_now()).unwrap();
    assert!(matches!(outcome.standing, Standing::Revoked(_)), "{outcome:?}");
    let taken = county.import(&teacher.phone.bundle().unwrap().bytes).unwrap();
    assert_eq!((taken.new, taken.revoked.is_some()), (1, true));
    let flag = sanji_core::documents::journal::Standing::Flagged(FlagReason::AfterRevocation as u8);
    assert_eq!(counted(&county, &after), Some(flag));
    assert_eq!(counted(&county, &before), Some(sanji_core::documents::journal::Standing::Counts));
    principal.sync(&county);
    let at = EntryAt { doc: after.doc, entry: after.entry };
    principal.phone.lift_flag(&at, "本人当面说明").unwrap();
    principal.sync(&county);
    assert_eq!(counted(&county, &after), Some(sanji_core::documents::journal::Standing::Counts));
}

#[test]
fn files_and_syncs_in_any_order_leave_each_record_once() {
    let county = County::start();
    let mut phones = vec![county.phone(TEACHER), county.phone(COLLEAGUE), county.phone(PRINCIPAL)];
    let mut rng = rand_chacha::ChaCha12Rng::seed_from_u64(9);
    let mut files: Vec<Vec<u8>> = Vec::new();
    let mut made = 0_u64;
    for _ in 0..160 {
        county.pass(rng.random_range(1_000..400_000));
        let turn = rng.random_range(0..phones.len());
        let phone = &mut phones[turn];
        match rng.random_range(0..10) {
            0..=4 => {
                let direction = if rng.random_range(0..2) == 0 { Direction::In } else { Direction::Out };
                phone.phone.check(None, direction, None).unwrap();
                made += 1;
            }
            5 | 6 => files.extend(phone.phone.bundle().ok().map(|file| file.bytes)),
            7 | 8 if !files.is_empty() => {
                let which = rng.random_range(0..files.len());
                let taken = county.import(&files[which]).unwrap();
                assert!(taken.new <= taken.entries);
            }
            _ => {
                let before = phone.phone.unsent().unwrap().entries;
                assert_eq!(phone.sync(&county).delivered, before, "acknowledged by its own sync");
            }
        }
    }
    for phone in &phones {
        phone.sync(&county);
        assert_eq!(phone.phone.unsent().unwrap().entries, 0);
        assert_eq!(phone.phone.unsent().unwrap().issued_again, [], "no file made the relay see a copied phone");
    }
    let stored: usize = [TEACHER, COLLEAGUE, PRINCIPAL]
        .map(|person| county.journal(sanji_core::ids::DocId::duty(posting(person), day(2))).fold().lines().len())
        .iter()
        .sum();
    assert_eq!(stored as u64, made);
}

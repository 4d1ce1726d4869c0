//! What each person gets, in which order, and what a cursor skips and never loses.

use std::collections::BTreeSet;

use jiff::civil::date;
use sanji_core::ids::{DocId, PersonId};
use sanji_core::records::*;
use sanji_core::sync::message::*;
use sanji_core::time::UtcMs;

use crate::support::*;

/// Everything that a device gets from its cursor on, page by page: (chain, seq) in the order of arrival.
fn pull(world: &mut World, device: &mut Device, page: u32, minute: i8) -> Vec<(LogNo, u64)> {
    pull_at(world, device, page, at(6, 9, minute))
}

fn pull_at(world: &mut World, device: &mut Device, page: u32, now: UtcMs) -> Vec<(LogNo, u64)> {
    let mut got = Vec::new();
    loop {
        let (mut push, _) = device.push(now);
        push.page = page;
        let known = world.book().device_of(device.actor()).unwrap().unwrap();
        push.device = DeviceName::Number(known.number);
        push.cursor = device.cursor;
        let signature = device.sign(&push);
        let answer = device.send(world, now, push, signature).unwrap();
        device.cursor = answer.body.cursor;
        for down in &answer.body.runs {
            let ChainName::Number(chain) = down.run.chain else { panic!("a name") };
            assert_eq!(down.run.values.len(), down.notes.len());
            for seq in down.run.first..down.run.first + down.run.values.len() as u64 {
                got.push((chain, seq));
            }
        }
        if !answer.body.more {
            return got;
        }
    }
}

fn docs(world: &mut World, got: &[(LogNo, u64)]) -> BTreeSet<DocId> {
    got.iter().map(|(chain, _)| world.book().chain(*chain).unwrap().unwrap().doc).collect()
}

#[test]
fn a_colleagues_duty_never_reaches_a_teachers_phone() {
    let mut world = World::new();
    let mut teacher = world.phone(TEACHER, 21);
    let mut colleague = world.phone(COLLEAGUE, 22);
    let mut principal = world.phone(PRINCIPAL, 23);
    let mut foreign = world.phone(FOREIGN_HEAD, 24);
    let mut kiosk = world.kiosk(SCHOOL, 25);
    colleague.tell(&mut world, at(2, 8, 0), duty(COLLEAGUE), vec![], leave(3));
    let seen = pull(&mut world, &mut teacher, 64_000, 1);
    let seen = docs(&mut world, &seen);
    assert!(!seen.contains(&duty(COLLEAGUE)));
    assert!(seen.contains(&DocId::school(SCHOOL, day(2))) && seen.contains(&DocId::county(COUNTY, day(2))));
    let seen = pull(&mut world, &mut principal, 64_000, 2);
    assert!(docs(&mut world, &seen).contains(&duty(COLLEAGUE)));
    let seen = pull(&mut world, &mut foreign, 64_000, 3);
    let seen = docs(&mut world, &seen);
    assert!(!seen.contains(&duty(COLLEAGUE)) && !seen.contains(&DocId::school(SCHOOL, day(2))));
    assert_eq!(pull(&mut world, &mut kiosk, 64_000, 4), vec![]);
}

#[test]
fn pages_of_any_size_bring_everything_once_and_then_nothing() {
    let mut world = World::new();
    let mut teacher = world.phone(TEACHER, 21);
    let mut principal = world.phone(PRINCIPAL, 23);
    for i in 0..400 {
        teacher.record(at(2, 8, 0).plus(i * 1000), duty(TEACHER), vec![], Note { date: day(2), text: "记".repeat(60) });
    }
    teacher.sync(&mut world, at(2, 9, 0)).unwrap();
    let mut whole = principal.clone();
    let all: BTreeSet<_> = pull(&mut world, &mut whole, 512_000, 1).into_iter().collect();
    let mut small = principal.clone();
    small.n += 100;
    let paged = pull(&mut world, &mut small, 4096, 2);
    assert_eq!(paged.len(), all.len(), "nothing twice");
    assert_eq!(paged.into_iter().collect::<BTreeSet<_>>(), all, "nothing lost");
    principal.n = small.n;
    principal.cursor = small.cursor;
    assert_eq!(pull(&mut world, &mut principal, 4096, 3), vec![]);
}

#[test]
fn a_document_that_is_granted_late_arrives_by_itself() {
    let mut world = World::new();
    let mut teacher = world.phone(TEACHER, 21);
    let mut colleague = world.phone(COLLEAGUE, 22);
    teacher.tell(&mut world, at(2, 8, 0), duty(TEACHER), vec![], check(Direction::In));
    pull(&mut world, &mut colleague, 64_000, 1);
    assert_eq!(pull(&mut world, &mut colleague, 64_000, 2), vec![]);
    // The colleague becomes deputy: the teacher's duty is older than the cursor, and comes all the same.
    world.desk(
        at(6, 9, 3),
        ADMIN,
        DocId::school(SCHOOL, day(2)),
        roster(COLLEAGUE, Role::Deputy, date(2026, 2, 1), None),
    );
    let got = pull(&mut world, &mut colleague, 4096, 4);
    assert!(docs(&mut world, &got).contains(&duty(TEACHER)));
    assert_eq!(pull(&mut world, &mut colleague, 4096, 5), vec![]);
}

#[test]
fn a_flag_that_changes_later_is_told_to_whoever_has_the_entry() {
    let mut world = World::new();
    let mut teacher = world.phone(TEACHER, 21);
    let mut principal = world.phone(PRINCIPAL, 23);
    teacher.tell(&mut world, at(2, 8, 0), duty(TEACHER), vec![], check(Direction::In));
    pull(&mut world, &mut principal, 64_000, 1);
    world.relay.retire(&mut world.ledger, at(6, 9, 2), teacher.actor(), at(2, 7, 0), RetireReason::Lost).unwrap();
    let known = world.book().device_of(principal.actor()).unwrap().unwrap();
    let (mut push, _) = principal.push(at(6, 9, 3));
    push.device = DeviceName::Number(known.number);
    push.cursor = principal.cursor;
    let signature = principal.sign(&push);
    let answer = principal.send(&mut world, at(6, 9, 3), push, signature).unwrap();
    let flags: Vec<_> = answer.body.notes.iter().map(|change| change.note.flag).collect();
    assert_eq!(flags, vec![Some(FlagReason::AfterLoss)]);
    assert!(answer.body.devices.iter().any(|d| d.actor == teacher.actor() && d.retired.is_some()));
}

#[test]
fn a_cursor_of_another_log_starts_over_by_name() {
    let mut world = World::new();
    let mut teacher = world.phone(TEACHER, 21);
    teacher.tell(&mut world, at(2, 8, 0), duty(TEACHER), vec![], check(Direction::In));
    pull(&mut world, &mut teacher, 64_000, 1);
    let known = world.book().device_of(teacher.actor()).unwrap().unwrap();
    let (mut push, _) = teacher.push(at(6, 9, 3));
    push.device = DeviceName::Number(known.number);
    push.cursor = Cursor { head: [9; 8], ..teacher.cursor };
    let signature = teacher.sign(&push);
    let refused = teacher.send(&mut world, at(6, 9, 3), push.clone(), signature).unwrap_err();
    assert_eq!(refused, Refusal::NumbersVoid.into());
    push.device = DeviceName::Key(teacher.key.public());
    let signature = teacher.sign(&push);
    let answer = teacher.send(&mut world, at(6, 9, 4), push, signature).unwrap();
    let states = answer.body.rewound.unwrap();
    assert!(states.iter().any(|s| s.doc == duty(TEACHER) && s.actor == teacher.actor() && s.seq == 1));
    assert!(answer.body.runs.iter().any(|run| run.run.first == 1));
}

/// A head's first row ends on the 3rd; this writes the one from the 4th on.
fn stays(world: &mut World, now: UtcMs) {
    world.desk(now, ADMIN, DocId::school(SCHOOL, day(4)), roster(HEAD, Role::Principal, day(4), None));
}

const HEAD: PersonId = PersonId(*b"p-head-1");

fn head_until_the_third(world: &mut World) -> (Device, Device, DocId) {
    let first = roster(HEAD, Role::Principal, date(2025, 9, 1), Some(day(3)));
    world.desk(at(1, 8, 5), ADMIN, DocId::school(SCHOOL, day(1)), first);
    let (mut teacher, mut head) = (world.phone(TEACHER, 21), world.phone(HEAD, 31));
    // A document that lies in the days of the first row only.
    let autumn = DocId::duty(posting(TEACHER), date(2025, 10, 8));
    teacher.tell(world, at(2, 8, 0), autumn, vec![], check(Direction::In));
    let got = pull_at(world, &mut head, 64_000, at(3, 9, 0));
    assert!(docs(world, &got).contains(&autumn));
    (teacher, head, autumn)
}

#[test]
fn who_stays_head_reads_the_years_before_on_and_gets_nothing_twice() {
    let mut world = World::new();
    let (mut teacher, mut head, autumn) = head_until_the_third(&mut world);
    stays(&mut world, at(5, 8, 0));
    let got = pull_at(&mut world, &mut head, 64_000, at(5, 9, 0));
    assert!(!docs(&mut world, &got).contains(&autumn), "it has that already");
    teacher.tell(&mut world, at(6, 8, 0), autumn, vec![], check(Direction::Out));
    let got = pull_at(&mut world, &mut head, 64_000, at(6, 9, 0));
    assert_eq!(got.len(), 1, "the new one alone");
    assert!(docs(&mut world, &got).contains(&autumn));
}

#[test]
fn what_came_while_nobody_was_head_is_not_passed_over() {
    let mut world = World::new();
    let (mut teacher, mut head, autumn) = head_until_the_third(&mut world);
    teacher.tell(&mut world, at(5, 8, 0), autumn, vec![], check(Direction::Out));
    let got = pull_at(&mut world, &mut head, 64_000, at(5, 9, 0));
    assert!(!docs(&mut world, &got).contains(&autumn), "no head any more");
    stays(&mut world, at(6, 8, 0));
    let got = pull_at(&mut world, &mut head, 64_000, at(6, 9, 0));
    let of_autumn = got.iter().filter(|(chain, _)| world.book().chain(*chain).unwrap().unwrap().doc == autumn);
    assert_eq!(of_autumn.count(), 2, "the whole document again");
}

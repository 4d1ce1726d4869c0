//! Who may do what (policy.md section 7): every kind × who writes it × where, and how time and dismissal bear on it.

use jiff::civil::{date, time};
use sanji_core::ids::*;
use sanji_core::records::field::Bytes;
use sanji_core::records::*;
use sanji_core::sync::message::*;
use sanji_core::time::{Minutes, UtcMs};

use crate::support::*;

use FlagReason::{AuthorityUnsure, NoAuthority, OutsidePosting, OwnRequest};

/// A body of every kind that this version knows.
fn every_body() -> Vec<Body> {
    let session = Session {
        date: day(2),
        start: time(16, 0, 0, 0),
        end: time(18, 0, 0, 0),
        content: Content::Reading,
        stage: Some(Stage::Primary),
        instructors: vec![],
        pupils: Some(20),
        project: None,
    };
    let visit = VisitPlan {
        kind: VisitKind::OnSiteGuidance,
        date: day(3),
        host: SCHOOL,
        from: None,
        group: None,
        field: None,
        visitors: vec![],
        teachers: vec![],
        announced: None,
    };
    let approved = || CorrectionDecision { decision: Decision::Approved, reason: None };
    vec![
        check(Direction::In),
        Void {}.into(),
        leave(3).into(),
        LeaveWithdrawal {}.into(),
        Return { at: at(3, 12, 0).secs() }.into(),
        CorrectionRequest { date: day(2), checks: vec![], reason: "手机没电".into(), evidence: None }.into(),
        Note { date: day(2), text: "停电".into() }.into(),
        PinSet { kiosk: ActorId([1; 16]), verifier: Bytes(vec![0; 48]) }.into(),
        KioskCheck { direction: Direction::In }.into(),
        KioskVoid {}.into(),
        approve(3).into(),
        Correction { date: day(2), checks: vec![], reason: "补".into() }.into(),
        approved().into(),
        FlexibleHours { from: day(2), to: day(6), ground: "特殊困难".into() }.into(),
        CheckOnBehalf { direction: Direction::In, at: at(2, 8, 20).secs(), reason: "手机坏了".into() }.into(),
        FlagLift { reason: "属实".into() }.into(),
        ServicePlan { from: day(2), to: day(27), projects: vec![], text: None }.into(),
        Publication {
            monday: day(2),
            log: 1,
            head: sanji_core::crypto::LogHash([0; 32]),
            pack: sanji_core::crypto::PackHash([0; 32]),
            rules: 1,
            table: Bytes(vec![0; 32]),
            rows: sanji_core::crypto::BlobHash([0; 32]),
            lacked: vec![],
        }
        .into(),
        KioskOutage { kiosk: ActorId([1; 16]), date: day(2), reason: "停电".into() }.into(),
        ProfileSet { from: day(2), boarding: Some(true), dismissal: None, windows: vec![], rules_version: None }.into(),
        roster(COLLEAGUE, Role::Staff, date(2026, 2, 1), None).into(),
        HostCountersign { text: None }.into(),
        session.into(),
        Handover { to: None, pupils: None, text: None }.into(),
        Comment { text: "好".into() }.into(),
        visit.into(),
        VisitOpen {}.into(),
        VisitClose { minutes: Some(Minutes(60)) }.into(),
        VisitPart { part: Part::Plan, text: "计划".into() }.into(),
        VisitPeople { people: vec![] }.into(),
        Observation { teacher: posting(TEACHER), lesson: "语文".into(), review: None, grade: None, minutes: None }
            .into(),
        VisitNote { text: "记录".into() }.into(),
        VisitPicture { picture: sanji_core::crypto::BlobHash([0; 32]), caption: None }.into(),
        VisitShare { with: vec![] }.into(),
        ObservedAnswer { text: "谢谢".into() }.into(),
        PlanReview { decision: Decision::Approved, reason: None }.into(),
        PackMap {
            pack: sanji_core::crypto::PackHash([0; 32]),
            chapter: "office".into(),
            from: day(2),
            townships: vec![],
            schools: vec![],
        }
        .into(),
        CalendarSet { year: 2026, holidays: vec![], workdays: vec![], terms: vec![] }.into(),
        GroupSet { group: GroupId([1; 8]), name: "第四".into(), kind: GroupKind::Compulsory, townships: vec![] }.into(),
        MembershipSet { school: SCHOOL, group: GroupId([1; 8]), role: MemberRole::Member, from: day(2), to: None }
            .into(),
        PairingSet { school: SCHOOL, group: GroupId([1; 8]), from: day(2), to: None }.into(),
        SchoolSet {
            school: OTHER,
            name: "妈姑小学".into(),
            kind: SchoolKind::Primary,
            senior: None,
            township: "妈姑镇".into(),
            county_town: None,
            boarding: None,
            from: day(2),
            to: None,
            area: None,
        }
        .into(),
        SettingSet { name: "place".into(), value: "on".into() }.into(),
    ]
}

/// Who writes, and on which device.
const WRITERS: &[&str] = &[
    "owner",
    "colleague",
    "kiosk",
    "foreign kiosk",
    "principal",
    "deputy",
    "foreign",
    "foreign head",
    "supervisor",
    "township",
    "administrator",
];

/// What the table of policy.md section 7 says: may this writer write this kind here? `None` where a kind doesn't belong
/// into the document at all.
fn allowed(writer: &str, doc: DocKind, body: &Body) -> bool {
    let kind = body.kind();
    match (doc, Block::of(kind)) {
        (DocKind::Duty, Some(Block::Owner)) => match body {
            Body::PinSet(_) => matches!(writer, "owner" | "principal" | "deputy"),
            _ => writer == "owner",
        },
        (DocKind::Duty, Some(Block::Kiosk)) => writer == "kiosk",
        (DocKind::Duty, Some(Block::Principal)) => matches!(writer, "principal" | "deputy"),
        (DocKind::Register, Some(Block::School)) => match body {
            Body::Comment(_) => {
                !matches!(writer, "kiosk" | "foreign kiosk" | "foreign" | "foreign head" | "administrator")
            }
            _ => matches!(writer, "owner" | "colleague" | "principal" | "deputy"),
        },
        (DocKind::Register, Some(Block::Principal)) => matches!(writer, "principal" | "deputy"),
        (DocKind::Register, Some(Block::Supervisor)) => writer == "supervisor",
        (DocKind::School, Some(Block::Principal)) => matches!(writer, "principal" | "deputy" | "administrator"),
        (DocKind::School, Some(Block::Administrator)) => writer == "administrator",
        (DocKind::County, Some(Block::Administrator | Block::Principal)) => writer == "administrator",
        _ => false,
    }
}

#[test]
fn every_kind_by_everyone_everywhere_is_what_the_table_says() {
    let mut world = World::new();
    let mut devices: Vec<(&str, Device)> = Vec::new();
    for (i, writer) in WRITERS.iter().enumerate() {
        let seed = 40 + i as u8;
        let device = match *writer {
            "owner" => world.phone(TEACHER, seed),
            "colleague" => world.phone(COLLEAGUE, seed),
            "kiosk" => world.kiosk(SCHOOL, seed),
            "foreign kiosk" => world.kiosk(OTHER, seed),
            "principal" => world.phone(PRINCIPAL, seed),
            "deputy" => world.phone(DEPUTY, seed),
            "foreign" => world.phone(FOREIGN, seed),
            "foreign head" => world.phone(FOREIGN_HEAD, seed),
            "supervisor" => world.phone(SUPERVISOR, seed),
            "township" => world.phone(TOWNSHIP, seed),
            _ => world.phone(ADMIN, seed),
        };
        devices.push((writer, device));
    }
    let docs =
        [duty(TEACHER), DocId::register(SCHOOL, day(2)), DocId::school(SCHOOL, day(2)), DocId::county(COUNTY, day(2))];
    let mut judged = 0;
    for doc in docs {
        for body in every_body() {
            for (writer, device) in &mut devices {
                // Each case on a copy of the county, so that what counts in one gives nobody a grant in another.
                let mut copy = World { relay: world.relay.clone(), ledger: world.ledger.clone() };
                let mut device = device.clone();
                device.sync(&mut copy, at(2, 7, 0)).unwrap();
                let (_, flag) = device.tell(&mut copy, at(2, 8, 20), doc, vec![], body.clone());
                let expected = allowed(writer, doc.kind, &body);
                assert_eq!(flag.is_none(), expected, "{writer} writes {} into {doc}: {flag:?}", body.name());
                judged += 1;
            }
        }
    }
    assert_eq!(judged, 4 * Body::KINDS.len() * WRITERS.len());
}

#[test]
fn nobody_decides_on_their_own_request() {
    let mut world = World::new();
    let mut principal = world.phone(PRINCIPAL, 31);
    let mut deputy = world.phone(DEPUTY, 32);
    let mut supervisor = world.phone(SUPERVISOR, 33);
    let (asked, flag) = principal.tell(&mut world, at(2, 8, 0), duty(PRINCIPAL), vec![], leave(3));
    assert_eq!(flag, None);
    let own = principal.tell(&mut world, at(2, 8, 5), duty(PRINCIPAL), vec![asked], approve(3)).1;
    assert_eq!(own, Some(OwnRequest));
    assert_eq!(deputy.tell(&mut world, at(2, 8, 10), duty(PRINCIPAL), vec![asked], approve(3)).1, None);
    assert_eq!(supervisor.tell(&mut world, at(2, 8, 15), duty(PRINCIPAL), vec![asked], approve(3)).1, None);
    // For anybody else the principal may decide, so a supervisor may not.
    let denied = supervisor.tell(&mut world, at(2, 8, 20), duty(TEACHER), vec![], approve(3)).1;
    assert_eq!(denied, Some(NoAuthority));
}

#[test]
fn a_moved_teacher_writes_at_each_school_in_its_days() {
    let mut world = World::new();
    let mut phone = world.phone(TEACHER, 31);
    let book = |world: &mut World| {
        let chain =
            world.relay.write(&mut world.ledger, at(3, 18, 0), sanji_core::sync::relay::Desk { person: ADMIN }, vec![]);
        chain.unwrap();
    };
    book(&mut world);
    // The old row ends on the 3rd; a new posting at the other school begins on the 4th.
    let school = DocId::school(SCHOOL, day(1));
    let old = world.relay.journal(&mut world.ledger, school).unwrap();
    let row = old
        .fold()
        .lines()
        .iter()
        .find(|line| matches!(line.body(), Some(Body::RosterSet(r)) if r.person == TEACHER))
        .map(|line| line.entry_ref())
        .unwrap();
    let ended = roster(TEACHER, Role::Staff, date(2026, 2, 1), Some(day(3)));
    let new = RosterSet { posting: PostingId(*b"newplace"), ..roster(TEACHER, Role::Staff, day(4), None) };
    let desk = sanji_core::sync::relay::Desk { person: ADMIN };
    let entries = vec![(school, vec![row], ended.into()), (DocId::school(OTHER, day(1)), vec![], new.into())];
    world.relay.write(&mut world.ledger, at(3, 18, 0), desk, entries).unwrap();

    let there = DocId::duty(PostingId(*b"newplace"), day(4));
    phone.sync(&mut world, at(3, 7, 0)).unwrap();
    assert_eq!(phone.tell(&mut world, at(3, 8, 20), duty(TEACHER), vec![], check(Direction::In)).1, None);
    assert_eq!(phone.tell(&mut world, at(3, 8, 30), there, vec![], check(Direction::In)).1, Some(OutsidePosting));
    let late = phone.tell(&mut world, at(4, 8, 20), duty(TEACHER), vec![], check(Direction::In)).1;
    assert_eq!(late, Some(OutsidePosting));
    assert_eq!(phone.tell(&mut world, at(4, 8, 25), there, vec![], check(Direction::In)).1, None);
    world.assert_sound();
}

#[test]
fn a_dismissed_deputy_who_backdates_is_unsure_and_counts_for_nothing() {
    let mut world = World::new();
    let mut deputy = world.phone(DEPUTY, 31);
    deputy.sync(&mut world, at(2, 8, 0)).unwrap();
    let school = DocId::school(SCHOOL, day(1));
    let journal = world.relay.journal(&mut world.ledger, school).unwrap();
    let row = journal
        .fold()
        .lines()
        .iter()
        .find(|line| matches!(line.body(), Some(Body::RosterSet(r)) if r.person == DEPUTY))
        .map(|line| line.entry_ref())
        .unwrap();
    let dismissed = roster(DEPUTY, Role::Deputy, date(2026, 2, 1), Some(day(3)));
    let desk = sanji_core::sync::relay::Desk { person: ADMIN };
    world.relay.write(&mut world.ledger, at(4, 9, 0), desk, vec![(school, vec![row], dismissed.into())]).unwrap();
    // An entry whose session has no readings on the day it claims: only the relay's arrival bounds it.
    deputy.wall_off = -3 * 24 * 3600 * 1000;
    let backdated = deputy.tell(&mut world, at(5, 9, 0), duty(TEACHER), vec![], approve(3)).1;
    assert!(matches!(backdated, Some(AuthorityUnsure | NoAuthority)), "{backdated:?}");
}

#[test]
fn a_grant_falls_with_the_entry_it_came_from_and_entries_under_it_are_judged_again() {
    let mut world = World::new();
    let mut principal = world.phone(PRINCIPAL, 31);
    let newcomer = PersonId(*b"p-newcom");
    let mut phone = world.phone(newcomer, 32);
    let school = DocId::school(SCHOOL, day(2));
    let added = roster(newcomer, Role::Staff, day(2), None);
    let (row, flag) = principal.tell(&mut world, at(2, 8, 0), school, vec![], added);
    assert_eq!(flag, None);
    phone.sync(&mut world, at(2, 8, 1)).unwrap();
    let (entry, flag) = phone.tell(&mut world, at(2, 8, 20), duty(newcomer), vec![], check(Direction::In));
    assert_eq!(flag, None);
    let (session, flag) =
        phone.tell(&mut world, at(2, 9, 0), DocId::register(SCHOOL, day(2)), vec![], Comment { text: "记".into() });
    assert_eq!(flag, None);
    // The principal's own grant ends before the row was made: the row falls, and what stood on it.
    let journal = world.relay.journal(&mut world.ledger, school).unwrap();
    let own = journal
        .fold()
        .lines()
        .iter()
        .find(|line| matches!(line.body(), Some(Body::RosterSet(r)) if r.person == PRINCIPAL))
        .map(|line| line.entry_ref())
        .unwrap();
    let ended = roster(PRINCIPAL, Role::Principal, date(2026, 2, 1), Some(date(2026, 2, 28)));
    let desk = sanji_core::sync::relay::Desk { person: ADMIN };
    let written =
        world.relay.write(&mut world.ledger, at(3, 9, 0), desk, vec![(school, vec![own], ended.into())]).unwrap();
    assert_eq!(world.flag(school, row), Some(NoAuthority));
    assert_eq!(world.flag(duty(newcomer), entry), Some(OutsidePosting));
    assert_eq!(world.flag(DocId::register(SCHOOL, day(2)), session), Some(NoAuthority));
    // And a later row with an earlier date lifts the flags by itself.
    let again = roster(PRINCIPAL, Role::Principal, date(2026, 2, 1), None);
    let entries = vec![(school, vec![written[0].1], again.into())];
    world.relay.write(&mut world.ledger, at(3, 10, 0), desk, entries).unwrap();
    assert_eq!(world.flag(school, row), None);
    assert_eq!(world.flag(duty(newcomer), entry), None);
    assert_eq!(world.flag(DocId::register(SCHOOL, day(2)), session), None);
    world.assert_sound();
}

#[test]
fn a_principal_lifts_a_flag_but_not_the_own_one() {
    let mut world = World::new();
    let mut principal = world.phone(PRINCIPAL, 31);
    let mut phone = world.phone(TEACHER, 32);
    let (entry, _) = phone.tell(&mut world, at(2, 8, 25), duty(TEACHER), vec![], check(Direction::In));
    world
        .relay
        .retire(&mut world.ledger, at(3, 8, 0), phone.actor(), UtcMs(at(2, 8, 0).0), RetireReason::Lost)
        .unwrap();
    assert_eq!(world.flag(duty(TEACHER), entry), Some(FlagReason::AfterLoss));
    let lift = FlagLift { reason: "当天见到本人".into() };
    principal.sync(&mut world, at(3, 8, 30)).unwrap();
    assert_eq!(principal.tell(&mut world, at(3, 9, 0), duty(TEACHER), vec![entry], lift.clone()).1, None);
    assert_eq!(world.flag(duty(TEACHER), entry), None);

    let own = principal.tell(&mut world, at(3, 9, 5), duty(PRINCIPAL), vec![], approve(4)).0;
    let mut deputy = world.phone(DEPUTY, 33);
    deputy.sync(&mut world, at(3, 9, 6)).unwrap();
    deputy.tell(&mut world, at(3, 9, 10), duty(PRINCIPAL), vec![own], lift);
    assert_eq!(world.flag(duty(PRINCIPAL), own), Some(OwnRequest), "nobody can lift a decision on one's own request");
}

#[test]
fn a_session_is_amended_by_whoever_led_it() {
    let mut world = World::new();
    let mut teacher = world.phone(TEACHER, 31);
    let mut colleague = world.phone(COLLEAGUE, 32);
    let mut principal = world.phone(PRINCIPAL, 33);
    let register = DocId::register(SCHOOL, day(2));
    let session = |with: Option<PostingId>| Session {
        date: day(2),
        start: time(16, 0, 0, 0),
        end: time(18, 0, 0, 0),
        content: Content::Sport,
        stage: None,
        instructors: vec![Instructor { posting: with, name: None, outside: None, vetted: None }],
        pupils: None,
        project: None,
    };
    principal.sync(&mut world, at(2, 18, 0)).unwrap();
    let (first, _) = teacher.tell(&mut world, at(2, 18, 5), register, vec![], session(Some(posting(TEACHER))));
    let by_colleague = colleague.tell(&mut world, at(2, 18, 10), register, vec![first], session(None)).1;
    assert_eq!(by_colleague, Some(NoAuthority));
    let by_principal = principal.tell(&mut world, at(2, 18, 15), register, vec![first], session(None)).1;
    assert_eq!(by_principal, None);
    assert_eq!(teacher.tell(&mut world, at(2, 18, 20), register, vec![first], session(None)).1, None);
}

#[test]
fn visits_are_written_by_those_who_take_part_and_answered_by_those_they_are_shared_with() {
    let mut world = World::new();
    let mut visitor = world.phone(SUPERVISOR, 31);
    let mut host = world.phone(PRINCIPAL, 32);
    let mut teacher = world.phone(TEACHER, 33);
    let doc = DocId::visit(VisitId(*b"visit--1"), day(3));
    let plan = VisitPlan {
        kind: VisitKind::Inspection,
        date: day(3),
        host: SCHOOL,
        from: None,
        group: None,
        field: None,
        visitors: vec![TOWNSHIP],
        teachers: vec![posting(TEACHER)],
        announced: None,
    };
    host.sync(&mut world, at(2, 8, 0)).unwrap();
    visitor.sync(&mut world, at(2, 8, 0)).unwrap();
    assert_eq!(
        teacher.tell(&mut world, at(2, 8, 30), DocId::visit(VisitId(*b"visit--2"), day(3)), vec![], plan.clone()).1,
        Some(NoAuthority),
        "a teacher inspects nobody"
    );
    assert_eq!(visitor.tell(&mut world, at(2, 9, 0), doc, vec![], plan).1, None);
    assert_eq!(visitor.tell(&mut world, at(3, 9, 0), doc, vec![], VisitOpen {}).1, None);
    let mut township = world.phone(TOWNSHIP, 34);
    township.sync(&mut world, at(3, 9, 0)).unwrap();
    let part = VisitPart { part: Part::Record, text: "到岗".into() };
    assert_eq!(township.tell(&mut world, at(3, 9, 30), doc, vec![], part.clone()).1, None);
    assert_eq!(teacher.tell(&mut world, at(3, 9, 40), doc, vec![], part).1, Some(NoAuthority));
    let answer = ObservedAnswer { text: "谢谢".into() };
    assert_eq!(teacher.tell(&mut world, at(3, 9, 45), doc, vec![], answer.clone()).1, Some(NoAuthority));
    visitor.tell(&mut world, at(3, 10, 0), doc, vec![], VisitShare { with: vec![posting(TEACHER)] });
    assert_eq!(teacher.tell(&mut world, at(3, 10, 5), doc, vec![], answer).1, None);
    assert_eq!(host.tell(&mut world, at(3, 10, 10), doc, vec![], HostCountersign { text: None }).1, None);
    world.assert_sound();
}

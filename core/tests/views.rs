//! Registers, schools, counties and visits as they hold.
#![allow(clippy::unwrap_used)]

mod common;

use common::{PRINCIPAL, Pen, SUPERVISOR, TEACHER, at, clock, flagged, journal, monday};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use sanji_core::crypto::{BlobHash, LogHash, PackHash};
use sanji_core::documents::county::County;
use sanji_core::documents::facts::Decided;
use sanji_core::documents::journal::{Item, Via};
use sanji_core::documents::register::Register;
use sanji_core::documents::school::School;
use sanji_core::documents::visit::Visit;
use sanji_core::ids::{ActorId, GroupId, PostingId, SchoolId};
use sanji_core::records::field::Bytes;
use sanji_core::records::{
    CalendarSet, Comment, Content, Decision, GroupKind, GroupSet, Handover, HostCountersign, KioskOutage, MemberRole,
    MembershipSet, Observation, ObservedAnswer, PackMap, PairingSet, Part, PlanReview, ProfileSet, Publication, Role,
    RosterSet, SchoolKind, SchoolSet, ServicePlan, Session, SettingSet, VisitClose, VisitKind, VisitNote, VisitOpen,
    VisitPart, VisitPeople, VisitPicture, VisitPlan, VisitShare,
};
use sanji_core::time::Minutes;

fn register(items: &[&Item]) -> Register {
    Register::of(&journal(items).fold())
}

fn school(items: &[&Item]) -> School {
    School::of(&journal(items).fold())
}

fn county(items: &[&Item]) -> County {
    County::of(&journal(items).fold())
}

fn visit(items: &[&Item]) -> Visit {
    Visit::of(&journal(items).fold())
}

fn plan(to: Date) -> ServicePlan {
    ServicePlan { from: monday(), to, projects: vec!["体育".into()], text: None }
}

fn session(hour: i8) -> Session {
    Session {
        date: monday(),
        start: clock(hour, 0),
        end: clock(hour + 1, 0),
        content: Content::Sport,
        stage: None,
        instructors: vec![],
        pupils: Some(30),
        project: None,
    }
}

#[test]
fn a_plan_is_in_force_when_it_was_approved_and_a_change_when_it_was_approved_itself() {
    let (mut office, mut bureau) = (Pen::phone(3, PRINCIPAL), Pen::phone(5, SUPERVISOR));
    let review = |decision| PlanReview { decision, reason: None };
    let (june, july) = (date(2026, 6, 30), date(2026, 7, 10));
    let first = office.write(at(0, 8, 0), plan(june));
    assert_eq!(register(&[&first]).plans[0].filed, None);
    let yes = bureau.re(at(0, 9, 0), &[&first], review(Decision::Approved));
    let change = office.re(at(1, 9, 0), &[&first], plan(july));
    let changed = register(&[&first, &yes, &change]);
    assert_eq!(changed.plans[0].review, Decided::Pending);
    assert_eq!(changed.plans[0].filed.as_ref().unwrap().value.to, june);
    assert_eq!(changed.plans[0].row.now.value.to, july);
    assert_eq!((changed.filed_on(june).count(), changed.filed_on(july).count()), (1, 0));
    let no = bureau.re(at(2, 9, 0), &[&change], review(Decision::Refused));
    assert_eq!(register(&[&first, &yes, &change, &no]).plans[0].filed.as_ref().unwrap().value.to, june);
    let after_all = bureau.re(at(3, 9, 0), &[&change, &no], review(Decision::Approved));
    let approved = register(&[&first, &yes, &change, &no, &after_all]);
    assert_eq!(approved.plans[0].filed.as_ref().unwrap().source.entry, change.entry_ref());
    assert!(!approved.plans[0].conflict);
    let other = Pen::phone(6, SUPERVISOR).re(at(3, 9, 0), &[&change], review(Decision::Refused));
    assert!(register(&[&first, &yes, &change, &no, &after_all, &other]).plans[0].conflict);
}

#[test]
fn an_amended_session_keeps_its_handover_and_its_history() {
    let mut pen = Pen::phone(1, TEACHER);
    let first = pen.write(at(0, 18, 0), session(16));
    let handover = pen.re(at(0, 18, 5), &[&first], Handover { to: None, pupils: Some(30), text: None });
    let later = pen.write(at(0, 20, 0), session(15));
    let amended = pen.re(at(0, 21, 0), &[&first], Session { pupils: Some(28), ..session(16) });
    let view = register(&[&first, &handover, &later, &amended]);
    let starts: Vec<_> = view.sessions.iter().map(|session| session.row.now.value.start.hour()).collect();
    assert_eq!(starts, [15, 16], "by date and start");
    let session = &view.sessions[1];
    assert_eq!(session.row.now.value.pupils, Some(28));
    assert_eq!(session.row.before[0].source.entry, first.entry_ref());
    assert_eq!(session.handovers.len(), 1);
    assert_eq!(session.handovers[0].source.entry, handover.entry_ref());
    let rival = Pen::phone(2, TEACHER).re(at(0, 21, 1), &[&first], session_of(25));
    let torn = register(&[&first, &handover, &amended, &rival]);
    assert!(torn.sessions[0].row.in_conflict());
    assert_eq!(torn.sessions[0].handovers.len(), 1);
}

fn session_of(pupils: u32) -> Session {
    Session { pupils: Some(pupils), ..session(16) }
}

#[test]
fn a_published_week_stays_as_it_was_when_it_is_published_again() {
    let mut pen = Pen::phone(3, PRINCIPAL);
    let week = |log| Publication {
        monday: monday(),
        log,
        head: LogHash([1; 32]),
        pack: PackHash([2; 32]),
        rules: 1,
        table: Bytes(vec![3; 32]),
        rows: BlobHash([4; 32]),
        lacked: vec![],
    };
    let first = pen.write(at(7, 8, 0), week(100));
    let second = pen.re(at(8, 8, 0), &[&first], week(140));
    let comment = pen.re(at(8, 9, 0), &[&second], Comment { text: "补传".into() });
    let view = register(&[&second, &comment, &first]);
    let logs: Vec<i64> = view.publications.iter().map(|week| week.value.log).collect();
    assert_eq!(logs, [100, 140]);
    assert_eq!(view.comments[0].about, [second.entry_ref()]);
}

#[test]
fn a_kiosk_is_out_on_the_day_that_was_named_and_no_other() {
    let kiosk = ActorId([8; 16]);
    let outage = KioskOutage { kiosk, date: monday(), reason: "停电".into() };
    let item = Pen::phone(3, PRINCIPAL).write(at(0, 8, 0), outage);
    let view = register(&[&item]);
    assert!(view.kiosk_out(kiosk, monday()));
    assert!(!view.kiosk_out(kiosk, monday() + 1.day()) && !view.kiosk_out(ActorId([9; 16]), monday()));
    assert!(!register(&[&flagged(&item)]).kiosk_out(kiosk, monday()));
}

fn profile(from: Date) -> ProfileSet {
    ProfileSet { from, boarding: None, dismissal: None, windows: vec![], rules_version: None }
}

#[test]
fn each_field_of_a_profile_has_its_own_history_by_date() {
    let mut pen = Pen::phone(3, PRINCIPAL);
    let (september, march) = (date(2025, 9, 1), date(2026, 3, 1));
    let first = ProfileSet { boarding: Some(true), dismissal: Some(clock(16, 0)), ..profile(september) };
    let first = pen.write(at(0, 8, 0), first);
    let second = pen.re(at(0, 9, 0), &[&first], ProfileSet { dismissal: Some(clock(16, 30)), ..profile(march) });
    let view = school(&[&first, &second]);
    let before = view.profile_on(date(2026, 2, 28));
    assert_eq!(before.dismissal.unwrap().now.value, clock(16, 0));
    let after = view.profile_on(march);
    let dismissal = after.dismissal.unwrap();
    assert_eq!((dismissal.now.value, dismissal.now.source.entry), (clock(16, 30), second.entry_ref()));
    assert_eq!(dismissal.before[0].value, clock(16, 0));
    assert!(after.boarding.unwrap().now.value, "what the second entry left out stays");
    assert_eq!(after.windows, None);
    assert_eq!(view.profile_on(date(2025, 8, 31)).boarding, None);
}

#[test]
fn fields_set_at_the_same_time_for_the_same_day_are_rivals_only_if_they_differ() {
    let march = date(2026, 3, 1);
    let set = |hour| ProfileSet { boarding: Some(true), dismissal: Some(clock(hour, 0)), ..profile(march) };
    let one = Pen::phone(3, PRINCIPAL).write(at(0, 8, 0), set(16));
    let two = Pen::phone(6, PRINCIPAL).write(at(0, 8, 1), set(17));
    let view = school(&[&one, &two]).profile_on(march);
    assert!(view.dismissal.unwrap().in_conflict());
    assert!(!view.boarding.unwrap().in_conflict());
}

#[test]
fn of_sets_that_do_not_know_of_each_other_the_later_first_day_holds() {
    let set = |from, hour| ProfileSet { dismissal: Some(clock(hour, 0)), ..profile(from) };
    let march = Pen::phone(3, PRINCIPAL).write(at(0, 9, 0), set(date(2026, 3, 1), 17));
    let september = Pen::phone(6, PRINCIPAL).write(at(0, 8, 0), set(date(2025, 9, 1), 16));
    let dismissal = school(&[&march, &september]).profile_on(monday()).dismissal.unwrap();
    assert_eq!((dismissal.now.value, dismissal.in_conflict()), (clock(17, 0), false));
    assert_eq!(dismissal.before[0].value, clock(16, 0));
}

fn row(posting: u8, name: &str, to: Option<Date>) -> RosterSet {
    RosterSet {
        person: TEACHER,
        posting: PostingId([posting; 8]),
        name: name.into(),
        role: Role::Staff,
        from: monday(),
        to,
        teaches: Some(true),
    }
}

#[test]
fn a_roster_row_is_of_one_posting_and_keeps_what_it_was() {
    let mut pen = Pen::phone(3, PRINCIPAL);
    let first = pen.write(at(0, 8, 0), row(1, "王老师", None));
    let other = pen.write(at(0, 8, 0), row(2, "李老师", None));
    let moved = pen.re(at(3, 8, 0), &[&first, &other], row(1, "王老师", Some(monday() + 2.days())));
    let view = school(&[&first, &other, &moved]);
    assert_eq!(view.roster[&PostingId([1; 8])].before.len(), 1);
    assert_eq!(view.roster[&PostingId([2; 8])].now.source.entry, other.entry_ref(), "a row replaces its own only");
    assert_eq!(view.roster_on(monday() + 2.days()).count(), 2);
    assert_eq!(view.roster_on(monday() + 3.days()).count(), 1);
    let elsewhere = Pen::new(6, Some(PRINCIPAL), Via::Desk).re(at(3, 8, 1), &[&first], row(1, "王老师", None));
    assert!(school(&[&first, &moved, &elsewhere]).roster[&PostingId([1; 8])].in_conflict());
}

fn map(pack: u8, from: Date, townships: &[&str], schools: &[SchoolId]) -> PackMap {
    let townships = townships.iter().map(|name| (*name).to_owned()).collect();
    PackMap { pack: PackHash([pack; 32]), chapter: "office".into(), from, townships, schools: schools.to_vec() }
}

#[test]
fn a_pack_holds_from_its_day_for_its_scope() {
    let mut pen = Pen::new(6, Some(SUPERVISOR), Via::Desk);
    let (village, town) = (SchoolId([1; 8]), SchoolId([2; 8]));
    let set = |school, township: &str| SchoolSet {
        school,
        name: "村小".into(),
        kind: SchoolKind::Primary,
        senior: None,
        township: township.into(),
        county_town: None,
        boarding: None,
        from: date(2021, 9, 1),
        to: None,
        area: None,
    };
    let (pilot, everyone, later) = (date(2021, 9, 1), date(2022, 8, 1), date(2025, 9, 1));
    let items = [
        pen.write(at(0, 8, 0), set(village, "水塘堡乡")),
        pen.write(at(0, 8, 0), set(town, "双河街道")),
        pen.write(at(0, 8, 0), map(1, pilot, &["水塘堡乡"], &[])),
        pen.write(at(0, 8, 0), map(2, everyone, &[], &[])),
        pen.write(at(0, 8, 0), map(3, later, &[], &[])),
        pen.write(at(0, 8, 0), map(4, later, &[], &[town])),
    ];
    let all: Vec<&Item> = items.iter().collect();
    let view = county(&all);
    let pack = |date, school| view.pack_on("office", date, school).map(|row| row.now.value.pack.0[0]);
    assert_eq!((pack(pilot, village), pack(pilot, town)), (Some(1), None));
    assert_eq!((pack(everyone, village), pack(everyone, town)), (Some(2), Some(2)));
    assert_eq!((pack(later, village), pack(later, town)), (Some(3), Some(4)));
    assert_eq!(pack(date(2021, 8, 31), village), None);
    assert_eq!(view.pack_on("service", later, village), None);
    let rival = Pen::new(7, Some(SUPERVISOR), Via::Desk).write(at(0, 9, 0), map(5, later, &[], &[]));
    let torn: Vec<&Item> = all.iter().copied().chain([&rival]).collect();
    assert!(county(&torn).pack_on("office", later, village).unwrap().in_conflict());
}

#[test]
fn a_county_keeps_groups_memberships_pairings_calendar_and_settings() {
    let mut pen = Pen::new(6, Some(SUPERVISOR), Via::Desk);
    let (school, one, two) = (SchoolId([1; 8]), GroupId([1; 8]), GroupId([2; 8]));
    let group =
        |group, name: &str| GroupSet { group, name: name.into(), kind: GroupKind::Compulsory, townships: vec![] };
    let member = |group, role| MembershipSet { school, group, role, from: monday(), to: None };
    let calendar = |holidays| CalendarSet { year: 2026, holidays, workdays: vec![], terms: vec![] };
    let setting = |value: &str| SettingSet { name: "place".into(), value: value.into() };
    let items = [
        pen.write(at(0, 8, 0), group(one, "第一")),
        pen.write(at(0, 8, 0), group(two, "第二")),
        pen.write(at(0, 8, 0), member(one, MemberRole::Member)),
        pen.write(at(0, 8, 0), member(two, MemberRole::Support)),
        pen.write(at(0, 8, 0), PairingSet { school, group: two, from: monday(), to: Some(monday()) }),
        pen.write(at(0, 8, 0), calendar(vec![])),
        pen.write(at(0, 8, 0), setting("off")),
    ];
    let renamed = pen.re(at(1, 8, 0), &[&items[0]], group(one, "第一集团"));
    let left = MembershipSet { to: Some(monday()), ..member(one, MemberRole::Member) };
    let left = pen.re(at(1, 8, 0), &[&items[2]], left);
    let replaced = pen.re(at(1, 8, 0), &[&items[5]], calendar(vec![date(2026, 5, 1)]));
    let on = pen.re(at(1, 8, 0), &[&items[6]], setting("on"));
    let all: Vec<&Item> = items.iter().chain([&renamed, &left, &replaced, &on]).collect();
    let view = county(&all);
    assert_eq!(view.groups[&one].now.value.name, "第一集团");
    assert_eq!(view.groups[&one].before[0].value.name, "第一");
    assert_eq!(view.memberships_on(school, monday()).count(), 2, "several groups at once");
    assert_eq!(view.memberships_on(school, monday() + 1.day()).count(), 1);
    assert_eq!((view.pairings_on(monday()).count(), view.pairings_on(monday() + 1.day()).count()), (1, 0));
    assert_eq!(view.calendars[&2026].now.value.holidays, [date(2026, 5, 1)]);
    assert_eq!(view.settings["place"].now.value.value, "on");
}

fn part(part: Part, text: &str) -> VisitPart {
    VisitPart { part, text: text.into() }
}

#[test]
fn parts_written_at_the_same_time_stand_side_by_side() {
    let (mut one, mut two) = (Pen::phone(1, TEACHER), Pen::phone(2, SUPERVISOR));
    let left = one.write(at(0, 9, 0), part(Part::Record, "甲"));
    let right = two.write(at(0, 9, 0), part(Part::Record, "乙"));
    let summary = two.re(at(0, 9, 5), &[&left, &right], part(Part::Summary, "总结"));
    let view = visit(&[&left, &right, &summary]);
    let mut texts: Vec<&str> = view.parts[&Part::Record].all_now().map(|text| text.value.text.as_str()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["乙", "甲"], "another part replaces neither");
    let merged = one.re(at(0, 10, 0), &[&left, &right], part(Part::Record, "甲乙"));
    let view = visit(&[&merged, &right, &left, &summary]);
    assert!(!view.parts[&Part::Record].in_conflict());
    assert_eq!(view.parts[&Part::Record].now.value.text, "甲乙");
    assert_eq!(view.parts.len(), 2);
}

#[test]
fn time_on_site_runs_from_the_first_opening_to_the_last_closing_unless_it_is_stated() {
    let (mut one, mut two) = (Pen::phone(1, TEACHER), Pen::phone(2, SUPERVISOR));
    let first = one.write(at(0, 9, 0), VisitOpen {});
    let second = two.write(at(0, 9, 10), VisitOpen {});
    let close = |minutes: Option<u32>| VisitClose { minutes: minutes.map(Minutes) };
    let end = one.write(at(0, 10, 5), close(None));
    assert_eq!(visit(&[&first]).minutes, None);
    assert_eq!(visit(&[&first, &second, &end]).minutes, Some(Minutes(65)));
    let stated = two.write(at(0, 10, 0), close(Some(40)));
    assert_eq!(visit(&[&first, &second, &end, &stated]).minutes, Some(Minutes(40)));
    let other = one.re(at(0, 11, 0), &[&end], close(Some(60)));
    let view = visit(&[&first, &second, &end, &stated, &other]);
    assert_eq!((view.minutes, view.minutes_differ), (Some(Minutes(40)), true));
    assert_eq!(visit(&[&second, &one.write(at(0, 8, 0), close(None))]).minutes, None, "closed before it was opened");
}

#[test]
fn a_countersign_names_what_the_host_saw_and_shows_what_changed_since() {
    let (mut visitor, mut host) = (Pen::phone(2, SUPERVISOR), Pen::phone(3, PRINCIPAL));
    let plan = VisitPlan {
        kind: VisitKind::DropInObservation,
        date: monday(),
        host: SchoolId([1; 8]),
        from: None,
        group: None,
        field: None,
        visitors: vec![SUPERVISOR],
        teachers: vec![PostingId([1; 8])],
        announced: None,
    };
    let plan = visitor.write(at(0, 8, 0), plan);
    let record = visitor.write(at(0, 9, 0), part(Part::Record, "甲"));
    let signed = host.re(at(0, 10, 0), &[&plan, &record], HostCountersign { text: None });
    let view = visit(&[&plan, &record, &signed]);
    assert_eq!(view.countersigns[0].seen, [plan.entry_ref(), record.entry_ref()]);
    assert_eq!((view.countersigns[0].changed.len(), view.countersigns[0].unseen.len()), (0, 0));
    let changed = visitor.re(at(0, 11, 0), &[&record], part(Part::Record, "甲改"));
    let note = visitor.write(at(0, 11, 0), VisitNote { text: "补记".into() });
    let view = visit(&[&plan, &record, &signed, &changed, &note]);
    assert_eq!(view.countersigns[0].changed, [record.entry_ref()]);
    let mut unseen = view.countersigns[0].unseen.clone();
    unseen.sort();
    let mut expected = [changed.entry_ref(), note.entry_ref()];
    expected.sort();
    assert_eq!(unseen, expected);
}

#[test]
fn a_visit_keeps_people_observations_pictures_shares_and_answers() {
    let (mut visitor, mut teacher) = (Pen::phone(2, SUPERVISOR), Pen::phone(1, TEACHER));
    let lesson = |grade: Option<&str>| Observation {
        teacher: PostingId([1; 8]),
        lesson: "语文".into(),
        review: Some("讲评".into()),
        grade: grade.map(str::to_owned),
        minutes: Some(Minutes(40)),
    };
    let picture = |n: u8| VisitPicture { picture: BlobHash([n; 32]), caption: None };
    let people = visitor.write(at(0, 9, 0), VisitPeople { people: vec![] });
    let seen = visitor.write(at(0, 9, 0), lesson(None));
    let other = visitor.write(at(0, 9, 50), lesson(None));
    let graded = visitor.re(at(0, 10, 0), &[&seen], lesson(Some("良")));
    let pictures = [visitor.write(at(0, 9, 0), picture(1)), visitor.write(at(0, 9, 0), picture(2))];
    let share = visitor.write(at(0, 11, 0), VisitShare { with: vec![PostingId([1; 8])] });
    let more = visitor.write(at(0, 11, 5), VisitShare { with: vec![PostingId([2; 8])] });
    let answer = teacher.re(at(1, 8, 0), &[&graded], ObservedAnswer { text: "谢谢".into() });
    let all = [&people, &seen, &other, &graded, &pictures[0], &pictures[1], &share, &more, &answer];
    let view = visit(&all);
    assert_eq!(view.people.unwrap().now.source.entry, people.entry_ref());
    assert_eq!(view.observations.len(), 2);
    assert_eq!(view.observations[0].now.value.grade.as_deref(), Some("良"));
    assert_eq!(view.pictures.len(), 2);
    assert_eq!(view.shares.len(), 2);
    assert_eq!(view.answers[0].now.source.author.person, Some(TEACHER));
    let shared: Vec<PostingId> = visit(&all).shared_with().into_iter().collect();
    assert_eq!(shared, [PostingId([1; 8]), PostingId([2; 8])]);
}

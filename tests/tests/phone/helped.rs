//! What phones do beside each other without a network, at the kiosk, and for whoever helps.

use sanji_core::documents::visit::Visit;
use sanji_core::evidence::TimeLabel;
use sanji_core::ids::{DocId, PersonId, PostingId, SchoolId};
use sanji_core::phone::*;
use sanji_core::records::{
    Area, Check, Direction, Part, Place, Role, RosterSet, SchoolSet, SettingSet, VisitKind, VisitPlan, Where,
};

use crate::support::*;

fn plan() -> VisitPlan {
    VisitPlan {
        kind: VisitKind::OnSiteGuidance,
        date: day(2),
        host: SCHOOL,
        from: Some(SCHOOL),
        group: None,
        field: None,
        visitors: vec![TEACHER],
        teachers: vec![],
        announced: None,
    }
}

#[test]
fn a_host_signs_for_a_visit_that_only_the_visitors_phone_has_and_the_relay_finds_both() {
    let county = County::start();
    let (visitor, host) = (county.phone(TEACHER), county.phone(PRINCIPAL));
    visitor.sync(&county);
    host.sync(&county);
    let visit = visitor.phone.plan_visit(plan()).unwrap();
    visitor.phone.open_visit(visit.doc).unwrap();
    visitor.phone.write_part(visit.doc, Part::Record, &"与班主任交谈,看了午餐。".repeat(60)).unwrap();
    let mut pages = visitor.phone.show_visit(visit.doc).unwrap();
    assert!(pages.len() > 2, "{}", pages.len());
    pages.reverse();
    let few = host.phone.read_visit(&pages[1..]);
    assert!(matches!(few, Err(PhoneError::Invalid { field: "visit", .. })), "{few:?}");
    let read = host.phone.read_visit(&pages).unwrap();
    assert_eq!((read.doc, &read.visit), (visit.doc, &visitor.phone.visit(visit.doc).unwrap()));
    host.phone.countersign_shown(&pages, Some("情况属实".into())).unwrap();
    host.sync(&county);
    assert!(Visit::of(&county.journal(visit.doc).fold()).countersigns.len() <= 1, "it may wait for the visit");
    county.pass(60_000);
    visitor.phone.write_part(visit.doc, Part::Summary, "下周再来").unwrap();
    visitor.sync(&county);
    visitor.sync(&county);
    let stored = Visit::of(&county.journal(visit.doc).fold());
    let [signed] = &stored.countersigns[..] else { panic!("{:?}", stored.countersigns) };
    assert_eq!(
        (signed.seen.clone(), signed.changed.len(), signed.unseen.len()),
        (read.seen, 0, 1),
        "the summary came later"
    );
    assert_eq!(visitor.phone.visit(visit.doc).unwrap().countersigns.len(), 1);
}

#[test]
fn a_kiosk_shows_somebody_their_own_last_taps_for_their_pin() {
    let county = County::start();
    let (teacher, colleague, kiosk) = (county.phone(TEACHER), county.phone(COLLEAGUE), county.kiosk());
    kiosk.sync(&county);
    for (person, pin) in [(&teacher, "2468"), (&colleague, "1357")] {
        person.sync(&county);
        person.phone.set_pin(None, pin).unwrap();
        person.sync(&county);
    }
    kiosk.sync(&county);
    let (one, other) = (posting(TEACHER), posting(COLLEAGUE));
    for (hour, direction) in [(8, Direction::In), (12, Direction::Out), (14, Direction::In)] {
        county.set(at(2, hour, 0));
        kiosk.phone.kiosk_check(one, "2468", direction).unwrap();
    }
    kiosk.phone.kiosk_check(other, "1357", Direction::In).unwrap();
    let taps = kiosk.phone.kiosk_taps(one, "2468", 2).unwrap();
    let shown: Vec<_> = taps.iter().map(|tap| (tap.judged, tap.direction, tap.may_void)).collect();
    assert_eq!(shown, [(at(2, 14, 0).secs(), Direction::In, true), (at(2, 12, 0).secs(), Direction::Out, false)]);
    assert!(kiosk.phone.kiosk_taps(one, "1357", 2).is_err(), "another's PIN shows nothing");
    assert_eq!(kiosk.phone.kiosk_taps(other, "1357", 9).unwrap().len(), 1);
}

#[test]
fn who_has_two_schools_sets_a_pin_at_the_kiosks_of_one_and_a_day_waits_for_those_of_its_school_only() {
    let county = County::start();
    let (second, there) = (SchoolId(*b"school-2"), PostingId(*b"o-there1"));
    county.write(DocId::county(county.card().county, day(1)), SchoolSet { school: second, ..school() });
    let row = RosterSet {
        person: TEACHER,
        posting: there,
        name: "李老师".into(),
        role: Role::Staff,
        from: day(1),
        to: None,
        teaches: Some(true),
    };
    county.write(DocId::school(second, day(1)), row);
    let teacher = county.phone(TEACHER);
    teacher.sync(&county);
    let none = teacher.phone.set_pin(Some(there), "2468").unwrap_err();
    assert_eq!(none, PhoneError::Invalid { field: "posting", why: Problem::NoKiosk });
    let kiosks = [county.kiosk(), county.kiosk_of(second), county.kiosk_of(second)];
    kiosks.iter().for_each(|kiosk| drop(kiosk.sync(&county)));
    teacher.sync(&county);
    let actors = kiosks.each_ref().map(|kiosk| kiosk.phone.actor().unwrap().unwrap());
    let mut of_second = teacher.phone.kiosks(second).unwrap();
    of_second.sort();
    let mut both = [actors[1], actors[2]];
    both.sort();
    assert_eq!((teacher.phone.kiosks(SCHOOL).unwrap(), of_second), (vec![actors[0]], both.to_vec()));
    let several = teacher.phone.set_pin(None, "2468").unwrap_err();
    assert_eq!(several, PhoneError::Invalid { field: "posting", why: Problem::SeveralPostings });
    assert_eq!(teacher.phone.set_pin(Some(there), "2468").unwrap().len(), 2);
    teacher.sync(&county);
    let knows = |kiosk: &Person| {
        kiosk.sync(&county);
        kiosk.phone.kiosk_people().unwrap().iter().any(|one| one.has_pin)
    };
    assert_eq!(kiosks.each_ref().map(knows), [false, true, true]);

    county.set(at(3, 20, 0));
    kiosks[1..].iter().for_each(|kiosk| drop(kiosk.sync(&county)));
    teacher.sync(&county);
    let waits = |posting: PostingId| {
        let cell = teacher.phone.day(Some(posting), day(2)).unwrap().cell.unwrap();
        cell.waits.iter().map(|wait| wait.actor).collect::<Vec<_>>()
    };
    assert_eq!((waits(posting(TEACHER)), waits(there)), (vec![actors[0]], vec![]));
}

#[test]
fn a_kiosk_lists_somebody_from_their_first_day_to_their_last() {
    let county = County::start();
    let post = |person: PersonId, from, to| {
        let (posting, name) = (posting(person), person.to_string());
        let row = RosterSet { person, posting, name, role: Role::Staff, from, to, teaches: Some(true) };
        county.write(DocId::school(SCHOOL, day(1)), row);
    };
    let newcomer = PersonId(*b"p-newcom");
    post(newcomer, day(4), None);
    post(COLLEAGUE, day(1), Some(day(5)));
    let kiosk = county.kiosk();
    let listed = |on: i8| {
        county.set(at(on, 8, 0));
        kiosk.sync(&county);
        let people = kiosk.phone.kiosk_people().unwrap();
        [newcomer, COLLEAGUE].map(|person| people.iter().any(|one| one.posting == posting(person)))
    };
    let days = [2, 3, 4, 5, 6, 9].map(listed);
    assert_eq!(days, [[false, true], [false, true], [true, true], [true, true], [true, false], [true, false]]);
    county.set(at(9, 9, 0));
    let quiet = kiosk.sync(&county).bytes.1;
    county.set(at(12, 9, 0));
    assert!(kiosk.sync(&county).bytes.1 < quiet + 16, "what didn't change isn't sent again");
}

#[test]
fn closing_a_kiosk_doesnt_end_the_pause_after_wrong_pins() {
    let county = County::start();
    let (teacher, mut kiosk) = (county.phone(TEACHER), county.kiosk());
    kiosk.sync(&county);
    teacher.sync(&county);
    teacher.phone.set_pin(None, "2468").unwrap();
    teacher.sync(&county);
    kiosk.sync(&county);
    let person = posting(TEACHER);
    let told = |kiosk: &Person, pin| kiosk.phone.kiosk_check(person, pin, Direction::In).unwrap_err();
    let pin = |why| PhoneError::Invalid { field: "pin", why };
    for _ in 0..5 {
        assert_eq!(told(&kiosk, "1111"), pin(Problem::PinWrong));
        kiosk.restart(&county, || ());
    }
    assert_eq!(told(&kiosk, "2468"), pin(Problem::PinPause));
    kiosk.restart(&county, || county.pass(61_000));
    kiosk.phone.kiosk_check(person, "2468", Direction::In).unwrap();
    assert_eq!(told(&kiosk, "1111"), pin(Problem::PinWrong), "the right one forgives the wrong ones");
}

#[test]
fn diagnostics_say_what_helps_and_name_nobody() {
    let county = County::start();
    let empty = Person::new(&county);
    assert!(empty.phone.diagnostics().unwrap().contains("enrolled: no"));
    let (teacher, principal) = (county.phone(TEACHER), county.phone(PRINCIPAL));
    teacher.sync(&county);
    let request = LeaveRequest {
        kind: "sick".into(),
        from: at(3, 8, 30).secs(),
        to: at(3, 17, 0).secs(),
        reason: Some("胃痛".into()),
        certificate: None,
    };
    teacher.phone.apply_leave(None, &request).unwrap();
    teacher.phone.check(None, Direction::In, None).unwrap();
    principal.sync(&county);
    for person in [&teacher, &principal] {
        let text = person.phone.diagnostics().unwrap();
        let ids = [TEACHER, PRINCIPAL, COLLEAGUE].map(|p| [p.to_string(), posting(p).to_string()]).concat();
        let words = ["胃痛", "sick", "老师", "校长", "可乐", "127.0.0.1"].map(String::from);
        for named in ids.iter().chain(&words).chain([&SCHOOL.to_string()]) {
            assert!(!text.contains(named.as_str()), "{named} in\n{text}");
        }
        assert!(text.is_ascii() && text.lines().all(|line| line.contains(": ")), "{text}");
    }
    let text = teacher.phone.diagnostics().unwrap();
    for line in ["unsent: 2", "unsent_why: next_connection", "standing: fine", "documents_duty: 1 with 2 entries"] {
        assert!(text.lines().any(|found| found == line), "{line} not in\n{text}");
    }
    assert!(teacher.phone.storage_bytes().unwrap() > 4_096);
}

#[test]
fn a_place_is_asked_for_only_where_the_county_wants_it_and_no_coordinates_are_kept() {
    let county = County::start();
    let teacher = county.phone(TEACHER);
    teacher.sync(&county);
    let fix = Fix { latitude: 27.119, longitude: 104.727, accuracy: Some(12), mock: false };
    assert!(!teacher.phone.place_wanted(None).unwrap(), "off until the county turns it on");
    assert_eq!(teacher.phone.place(None, Some(&fix)).unwrap().at, Where::Unknown);

    let doc = DocId::county(county.card().county, day(1));
    county.write(doc, SettingSet { name: sanji_core::review::PLACE.into(), value: "on".into() });
    teacher.sync(&county);
    assert!(!teacher.phone.place_wanted(None).unwrap(), "nothing is asked for while the school's ground isn't known");
    let area = Some(Area { latitude: 27_119_500, longitude: 104_727_000, metres: 150 });
    county.write(doc, SchoolSet { area, ..school() });
    teacher.sync(&county);
    assert!(teacher.phone.place_wanted(None).unwrap());
    let place = teacher.phone.place(None, Some(&fix)).unwrap();
    assert_eq!(place, Place { at: Where::Inside, accuracy: Some(12), mock: None });
    let check = teacher.phone.check(None, Direction::In, Some(place.clone())).unwrap();
    let body = teacher.phone.body(&EntryAt { doc: check.doc, entry: check.entry }).unwrap();
    assert_eq!(body, Some(Check { direction: Direction::In, place: Some(place) }.into()));
}

#[test]
fn a_check_is_seen_on_today_at_once_though_the_phones_clock_is_years_off() {
    let years = 3 * 365 * 86_400;
    for ahead in [years, -years] {
        let county = County::start();
        let teacher = county.phone_ahead(TEACHER, ahead);
        teacher.sync(&county);
        county.set(at(2, 8, 25));
        teacher.phone.check(None, Direction::In, None).unwrap();
        let today = teacher.phone.today().unwrap();
        assert_eq!((today.date, today.clock_ahead.abs_diff(ahead) < 60), (day(2), true));
        let near = |check: &CheckLine| check.judged.0.abs_diff(at(2, 8, 25).secs().0) < 60;
        let seen = today.postings[0].checks.last().expect("it is seen before it is delivered");
        assert_eq!((near(seen), seen.may_void), (true, true), "{ahead}: {seen:?}");
        assert_eq!(teacher.sync(&county).delivered, 1);
        let after = teacher.phone.today().unwrap();
        let off = after.postings[0].checks.last().unwrap();
        assert_eq!(
            (off.judged.0.abs_diff(at(2, 8, 25).secs().0) < 60, off.label),
            (true, Some(TimeLabel::ClockDiffers))
        );
    }
}

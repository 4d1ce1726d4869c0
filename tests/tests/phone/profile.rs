//! A school's profile: set on a phone, and holding over the years.

use jiff::civil::{Date, date, time};
use sanji_core::ids::{DocId, PersonId};
use sanji_core::phone::*;
use sanji_core::records::*;
use sanji_core::time::instant;

use crate::support::*;

const NEWCOMER: PersonId = PersonId(*b"p-newco1");

fn nothing(from: Date) -> ProfileSet {
    ProfileSet { from, boarding: None, dismissal: None, windows: Vec::new(), rules_version: None }
}

#[test]
fn windows_that_the_scheme_doesnt_let_a_school_have_are_refused_and_its_days_stay_judged() {
    let county = County::start();
    let principal = county.phone(PRINCIPAL);
    principal.sync(&county);
    let set = |times: &[(i8, i8)]| {
        let windows = times.iter().map(|(hour, minute)| time(*hour, *minute, 0, 0)).collect();
        let profile = ProfileSet { from: day(2), boarding: None, dismissal: None, windows, rules_version: None };
        principal.phone.set_profile(SCHOOL, profile)
    };
    let refused = PhoneError::Invalid { field: "windows", why: Problem::Windows };
    let own = [(8, 0), (11, 30), (14, 0), (17, 0)];
    assert_eq!(set(&own).unwrap_err(), refused, "a primary school's are fixed");
    county.write(DocId::county(county.card().county, day(1)), SchoolSet { kind: SchoolKind::Vocational, ..school() });
    principal.sync(&county);
    for wrong in [&own[..3], &[own[1], own[0]], &[own[0], own[2], own[1], own[3]], &[(1, 0), (23, 0)]] {
        assert_eq!(set(wrong).unwrap_err(), refused, "{wrong:?}");
    }
    set(&own).unwrap();
    assert!(principal.phone.day(None, day(3)).unwrap().cell.is_some());
}

#[test]
fn only_what_differs_from_what_stands_is_recorded_and_a_field_set_twice_on_a_day_is_no_conflict() {
    let county = County::start();
    let principal = county.phone(PRINCIPAL);
    principal.sync(&county);
    let set = |profile| principal.phone.set_profile(SCHOOL, profile).unwrap();
    let dismissal = |hour| ProfileSet { dismissal: Some(time(hour, 0, 0, 0)), ..nothing(day(2)) };
    assert_eq!(set(ProfileSet { boarding: Some(false), ..nothing(day(2)) }), None, "the county says so already");
    assert!(set(ProfileSet { boarding: Some(true), ..dismissal(16) }).is_some());
    assert_eq!(set(ProfileSet { boarding: Some(true), ..dismissal(16) }), None);
    assert!(set(ProfileSet { boarding: Some(false), ..dismissal(17) }).is_some());
    let stands = principal.phone.profile(SCHOOL, day(2)).unwrap();
    assert_eq!((stands.boarding, stands.dismissal, stands.shifts_windows), (false, Some(time(17, 0, 0, 0)), false));
    assert_eq!(principal.phone.conflicts().unwrap(), []);
    principal.sync(&county);
    assert_eq!(principal.phone.conflicts().unwrap(), []);
}

#[test]
fn what_earlier_school_years_said_holds_for_a_newcomer_too() {
    let county = County::start();
    let principal = county.phone(PRINCIPAL);
    principal.sync(&county);
    let first = ProfileSet { boarding: Some(true), dismissal: Some(time(16, 0, 0, 0)), ..nothing(day(2)) };
    principal.phone.set_profile(SCHOOL, first).unwrap();
    principal.sync(&county);
    // Two school years later, in which nobody named scheme, boarding or dismissal again.
    let today = date(2028, 9, 5);
    county.set(instant(today, time(8, 0, 0, 0)).ms());
    let rules = ProfileSet { rules_version: Some("2028-1".into()), ..nothing(today) };
    principal.phone.set_profile(SCHOOL, rules).unwrap();
    principal.sync(&county);
    let row = RosterSet {
        person: NEWCOMER,
        posting: posting(NEWCOMER),
        name: "赵新来".into(),
        role: Role::Staff,
        from: date(2028, 9, 1),
        to: None,
        teaches: Some(true),
    };
    county.write(DocId::school(SCHOOL, today), row);
    let newcomer = county.phone(NEWCOMER);
    newcomer.sync(&county);
    for phone in [&principal.phone, &newcomer.phone] {
        let stands = phone.profile(SCHOOL, today).unwrap();
        assert_eq!((stands.boarding, stands.dismissal), (true, Some(time(16, 0, 0, 0))));
        assert_eq!(stands.rules_version.as_deref(), Some("2028-1"));
        assert!(phone.day(None, today).unwrap().cell.is_some(), "the scheme of the first year still holds");
    }
}

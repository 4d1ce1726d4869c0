//! What a head of a school is told of weeks, grants and a stopped kiosk.

use sanji_core::ids::DocId;
use sanji_core::records::*;
use sanji_core::sync::phone::Standing;

use crate::support::*;

#[test]
fn a_week_waits_to_be_published_once_somebody_worked_in_it_and_from_the_day_on_that_the_county_names() {
    let county = County::start();
    let (teacher, principal) = (county.phone(TEACHER), county.phone(PRINCIPAL));
    let due = || principal.phone.week_due(SCHOOL).unwrap();
    county.set(at(2, 8, 25));
    teacher.phone.check(None, Direction::In, None).unwrap();
    county.set(at(2, 17, 1));
    teacher.phone.check(None, Direction::Out, None).unwrap();
    let both = || [&teacher, &principal].map(|person| person.sync(&county));
    both();
    assert_eq!(due(), None, "nobody worked in the week before, and this one isn't over");
    county.set(at(9, 7, 0));
    principal.sync(&county);
    assert_eq!(due(), Some(day(2)));
    let week = principal.phone.week_to_publish(SCHOOL, day(2)).unwrap();
    assert_eq!((week.published, week.missing), (None, vec!["李老师".into()]), "the phone was silent since Monday");
    both();
    principal.sync(&county);
    assert_eq!(principal.phone.week_to_publish(SCHOOL, day(2)).unwrap().missing, Vec::<String>::new());

    let setting = |value: &str| SettingSet { name: "publish_day".into(), value: value.into() };
    county.write(DocId::county(county.card().county, day(9)), setting("wednesday"));
    principal.sync(&county);
    assert_eq!(due(), None, "the county asks from Wednesday on");
    county.set(at(11, 7, 0));
    assert_eq!(due(), Some(day(2)));
    principal.phone.publish_week(SCHOOL, day(2)).unwrap();
    assert_eq!(due(), None);
    assert!(principal.phone.week_to_publish(SCHOOL, day(2)).unwrap().published.is_some());
}

#[test]
fn flexible_hours_that_were_granted_are_listed_as_they_stand() {
    let county = County::start();
    let (teacher, principal) = (county.phone(TEACHER), county.phone(PRINCIPAL));
    principal.sync(&county);
    let (lee, listed) = (posting(TEACHER), |person: &Person| person.phone.flexible_hours(posting(TEACHER)).unwrap());
    assert_eq!(listed(&principal), []);
    principal.phone.grant_flexible(lee, day(2), day(6), "照顾病人", None).unwrap();
    principal.phone.grant_flexible(lee, day(9), day(13), "哺乳", None).unwrap();
    let days = |person: &Person| listed(person).iter().map(|(_, hours)| (hours.from, hours.to)).collect::<Vec<_>>();
    assert_eq!(days(&principal), [(day(9), day(13)), (day(2), day(6))]);
    let (first, _) = listed(&principal)[1];
    principal.phone.grant_flexible(lee, day(2), day(4), "照顾病人", Some(&first)).unwrap();
    principal.sync(&county);
    teacher.sync(&county);
    for person in [&principal, &teacher] {
        assert_eq!(days(person), [(day(9), day(13)), (day(2), day(4))]);
    }
}

#[test]
fn a_kiosk_knows_that_it_was_stopped() {
    let county = County::start();
    let kiosk = county.kiosk();
    kiosk.sync(&county);
    assert_eq!(kiosk.phone.standing().unwrap(), Standing::Fine);
    let actor = kiosk.phone.actor().unwrap().unwrap();
    county.admin(move |relay, ledger, now| relay.revoke(ledger, now, actor));
    county.block_on(kiosk.phone.sync_now()).unwrap();
    assert!(matches!(kiosk.phone.standing().unwrap(), Standing::Revoked(_)));
}

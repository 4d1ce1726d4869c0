//! Who sees what: every role at every address.

use axum::http::StatusCode;
use sanji_core::records::Role;
use sanji_core::sync::message::Scope;

use crate::county::*;
use crate::town::Town;

const WEEK: &str = "2026-W10";

fn week(school: sanji_core::ids::SchoolId) -> String {
    format!("/schools/{school}/{WEEK}")
}

fn day_of(i: u8) -> String {
    format!("/postings/{}/2026-03-03", posting(person(i)))
}

#[tokio::test]
async fn every_role_opens_the_addresses_of_its_scope_and_no_other() {
    let town = Town::open().await;
    let missing = sanji_core::ids::SchoolId(*b"nowhere-");
    let foreign_day = format!("/postings/{}/2026-03-03", posting(FOREIGN_HEAD));
    let addresses = [
        ("county", "/county".to_owned()),
        ("kele", week(KELE)),
        ("magu", week(MAGU)),
        ("missing", week(missing)),
        ("day of 2", day_of(2)),
        ("day of 4", day_of(4)),
        ("foreign day", foreign_day),
        ("devices", "/devices".to_owned()),
        ("asking", "/devices/asking".to_owned()),
        ("flagged", "/flagged".to_owned()),
    ];
    let all = ["county", "kele", "magu", "day of 2", "day of 4", "foreign day", "devices", "asking", "flagged"];
    let own_school = ["county", "kele", "day of 2", "day of 4", "devices", "asking", "flagged"];
    let roles: [(&str, &[&str]); 9] = [
        ("supervisor", &all),
        ("township", &own_school),
        ("lead", &["county", "kele", "devices", "asking", "flagged"]),
        ("admin", &["county", "devices", "asking", "flagged"]),
        ("foreign", &["county", "magu", "foreign day", "devices", "asking", "flagged"]),
        ("stranger", &["devices", "asking", "flagged"]),
        ("kele0", &own_school),
        ("kele2", &["kele", "day of 2", "devices", "asking", "flagged"]),
        ("kele4", &["kele", "day of 4", "devices", "asking", "flagged"]),
    ];
    for (role, open) in roles {
        let cookie = town.sign_in(role).await;
        for (name, path) in &addresses {
            let expected = if open.contains(name) { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(town.get(&cookie, path).await.status, expected, "{role} at {name}");
        }
    }
}

#[tokio::test]
async fn a_forbidden_school_looks_like_a_missing_one() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let forbidden = town.get(&cookie, &week(MAGU)).await;
    let missing = town.get(&cookie, &week(sanji_core::ids::SchoolId(*b"nowhere-"))).await;
    let without_path = |text: &str, school: sanji_core::ids::SchoolId| text.replace(&school.to_string(), "");
    assert_eq!(
        without_path(&forbidden.text, MAGU),
        without_path(&missing.text, sanji_core::ids::SchoolId(*b"nowhere-")),
    );
}

#[tokio::test]
async fn at_home_everyone_is_where_their_work_is() {
    let town = Town::open().await;
    let kele = format!("/schools/{KELE}");
    for (role, home) in
        [("supervisor", "/county"), ("lead", "/county"), ("admin", "/county"), ("kele0", &kele), ("kele2", &kele)]
    {
        let got = town.get(&town.sign_in(role).await, "/").await;
        assert_eq!(got.headers["location"].to_str().unwrap(), home, "{role}");
    }
    assert_eq!(town.get(&town.sign_in("stranger").await, "/").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_groups_lead_sees_sums_and_nobodys_name() {
    let town = Town::open().await;
    let cookie = town.sign_in("lead").await;
    let page = town.page(&cookie, &week(KELE)).await;
    assert!(page.contains("140 在岗") && page.contains("class=\"sums\""));
    assert!(!page.contains("<details") && !page.contains("/postings/"));
    let county = town.page(&cookie, "/county").await;
    assert!(county.contains("可乐小学") && !county.contains("妈姑"), "its own group only");
    for i in 0..STAFF {
        assert!(!page.contains(&staff_name(i)) && !county.contains(&staff_name(i)));
        assert!(!town.page(&cookie, "/devices").await.contains(&staff_name(i)));
    }
}

#[tokio::test]
async fn an_administrator_sees_devices_and_how_much_arrived_and_no_attendance() {
    let town = Town::open().await;
    let cookie = town.sign_in("admin").await;
    let devices = town.page(&cookie, "/devices").await;
    assert!(devices.contains("王辛"));
    let county = town.page(&cookie, "/county").await;
    assert!(county.contains("还有 2 部手机没有送来") && !county.contains(&week(KELE)));
    assert!(!county.contains("class=\"absent\"") || county.matches("class=\"absent\"").count() == 1, "the legend only");
    assert!(!town.page(&cookie, "/flagged").await.contains("李丁"));
}

#[tokio::test]
async fn a_teacher_sees_the_own_row_and_no_colleagues() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele4").await;
    let page = town.page(&cookie, &week(KELE)).await;
    assert!(page.contains(&staff_name(4)) && page.contains("class=\"own\""));
    assert!(page.contains("请假(病假)"), "the own leave is known");
    for i in (0..STAFF).filter(|i| *i != 4 && *i != 2) {
        assert!(!page.contains(&staff_name(i)), "{}", staff_name(i));
    }
    assert!(page.contains(&staff_name(2)), "who led a session is in the school's register");
    let devices = town.page(&cookie, "/devices").await;
    assert!(devices.contains(&staff_name(4)) && !devices.contains(&staff_name(3)));
}

#[tokio::test]
async fn which_leave_it_is_shows_to_the_principal_and_behind_a_noted_look_only() {
    let town = Town::open().await;
    let principal = town.page(&town.sign_in("kele0").await, &week(KELE)).await;
    assert!(principal.contains("请假(病假)"));
    let cookie = town.sign_in("supervisor").await;
    let open = town.page(&cookie, &week(KELE)).await;
    assert!(open.contains("请假") && !open.contains("病假"));
    let day = format!("/postings/{}/2026-03-04", posting(person(4)));
    assert!(town.page(&cookie, &day).await.contains("病假"));
}

#[tokio::test]
async fn each_look_of_a_reviewer_is_noted_and_a_principals_is_not() {
    let town = Town::open().await;
    let looks = || town.count("SELECT count(*) FROM look");
    for (role, noted) in [("supervisor", 1), ("township", 1), ("kele0", 0), ("kele2", 0)] {
        let cookie = town.sign_in(role).await;
        let before = looks();
        let page = town.page(&cookie, &day_of(2)).await;
        assert_eq!(looks() - before, noted, "{role}");
        assert_eq!(page.contains("已记入查看记录"), noted == 1, "{role}");
        town.page(&cookie, &week(KELE)).await;
        town.page(&cookie, "/devices").await;
        assert_eq!(looks() - before, noted, "{role}: tables of verdicts are no look at entries");
    }
    let told = town.count(
        "SELECT count(*) FROM look WHERE account = 'supervisor' AND page = 'day' AND day = 20515 AND length(posting) = 8",
    );
    assert_eq!(told, 1, "who, whose and which day");
    let cookie = town.sign_in("supervisor").await;
    town.page(&cookie, "/flagged").await;
    assert_eq!(town.count("SELECT count(*) FROM look WHERE page = 'flagged'"), 1);
}

#[tokio::test]
async fn a_grant_that_ended_opens_nothing() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    town.clock.to(at(7, 11, 0));
    let relay = town.app.relay.clone();
    town.app
        .writer
        .run(move |store, now| {
            let days = (jiff::civil::date(2026, 1, 1), Some(day(6)));
            use sanji_core::records::Role;
            use sanji_core::sync::message::Scope;
            relay.grant(store, now, SUPERVISOR, Role::Supervisor, Scope::County, days)
        })
        .await
        .unwrap()
        .unwrap();
    for path in ["/county", &week(KELE), &day_of(2)] {
        assert_eq!(town.get(&cookie, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn an_inspector_opens_what_a_supervisor_opens_and_a_groups_deputy_what_its_lead_opens() {
    let town = Town::open().await;
    let paths = [
        "/county".to_owned(),
        week(KELE),
        week(MAGU),
        format!("/schools/{KELE}/today"),
        format!("/schools/{KELE}/2026-W10/sheet"),
        format!("/schools/{KELE}/service/2026a"),
        format!("/schools/{KELE}/people"),
        format!("/postings/{}/2026-03-03", posting(person(3))),
        format!("/groups/{FOURTH}"),
        format!("/groups/{THIRD}"),
        "/flagged".to_owned(),
        "/visits".to_owned(),
        "/accounts".to_owned(),
        "/audit".to_owned(),
    ];
    for (role, scope, like) in
        [(Role::Inspector, Scope::County, "supervisor"), (Role::GroupDeputy, Scope::Group(FOURTH), "lead")]
    {
        let town = if role == Role::Inspector { &town } else { &Town::open().await };
        town.happens(move |county| county.grant(STRANGER, role, scope)).await;
        let (one, other) = (town.sign_in("stranger").await, town.sign_in(like).await);
        for path in &paths {
            let (one, other) = (town.get(&one, path).await.status, town.get(&other, path).await.status);
            assert_eq!(one, other, "{role:?} at {path}");
        }
    }
}

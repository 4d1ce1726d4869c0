//! Correcting somebody's day on its page.

use axum::http::{StatusCode, header};
use sanji_core::ids::PersonId;
use sanji_core::records::*;

use crate::county::*;
use crate::html;
use crate::town::{Got, Town};

fn path(who: PersonId, d: i8) -> String {
    format!("/postings/{}/2026-03-{d:02}", posting(who))
}

fn form(who: PersonId, d: i8) -> String {
    format!("{}/correct", path(who, d))
}

fn said(got: &Got) -> String {
    html::read(&got.text).unwrap_or_else(|fault| panic!("{fault}: {}", got.text))
}

async fn text(town: &Town, cookie: &str, path: &str) -> String {
    html::read(&town.page(cookie, path).await).unwrap()
}

/// What the form of a day's page says that it was made for.
async fn seen(town: &Town, cookie: &str, who: PersonId, d: i8) -> String {
    html::hidden(&town.page(cookie, &path(who, d)).await, "seen").expect("a form")
}

fn corrections(town: &Town) -> i64 {
    town.count("SELECT count(*) FROM view_entry WHERE kind = 65")
}

#[tokio::test]
async fn a_forgotten_check_out_is_added_and_the_day_counts() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    assert!(text(&town, &cookie, &path(person(5), 5)).await.contains("✎ 缺签退"));
    let seen = seen(&town, &cookie, person(5), 5).await;
    let reason = "<script>alert('x')</script>看见他 17:05 离校";
    let fields = [("seen", seen.as_str()), ("direction0", "out"), ("time0", "17:05"), ("reason", reason)];
    let got = town.post(&cookie, &form(person(5), 5), &fields).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.text);
    assert_eq!(got.headers[header::LOCATION], path(person(5), 5).as_str());
    let page = town.page(&cookie, &path(person(5), 5)).await;
    let after = html::read(&page).unwrap();
    assert!(after.contains("● 在岗:在岗 6小时5分") && !page.contains("<script"), "{after}");
    assert!(
        after.contains(&format!("补正: 下班签退 3月5日 17:05 · {reason}")) && after.contains("由王甲写入"),
        "{after}"
    );
    let subject =
        format!("SELECT count(*) FROM act WHERE act = 'day correct' AND subject = '{} 2026-03-05'", posting(person(5)));
    assert_eq!(town.count(&subject), 1);
}

#[tokio::test]
async fn a_wrong_check_gives_way_to_the_right_one_and_stays_to_be_seen() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele1").await;
    let page = town.page(&cookie, &path(person(3), 3)).await;
    let wrong = page.split("name=\"wrong\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let seen = html::hidden(&page, "seen").unwrap();
    let fields =
        [("seen", seen.as_str()), ("wrong", &wrong), ("direction0", "in"), ("time0", "08:25"), ("reason", "手机慢了")];
    assert_eq!(town.post(&cookie, &form(person(3), 3), &fields).await.status, StatusCode::SEE_OTHER);
    let after = text(&town, &cookie, &path(person(3), 3)).await;
    assert!(after.contains("● 在岗") && after.contains("已被后来的记录代替"), "{after}");
}

#[tokio::test]
async fn faults_stand_at_their_fields_and_what_was_typed_stays() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let seen = seen(&town, &cookie, person(5), 5).await;
    let seen = ("seen", seen.as_str());
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let cases: [(&[(&str, &str)], &str, &str); 5] = [
        (&[("time1", "17:05"), ("direction1", "out")], "请用几个字说明原因", "value=\"17:05\""),
        (&[("reason", "忘了")], "请说明缺了哪次签到", "value=\"忘了\""),
        (&[("time0", "25:99"), ("direction0", "in"), ("reason", "忘了")], "08:30 的样子", "id=\"fault-time0\""),
        (&[("time2", "12:00"), ("direction2", "sideways"), ("reason", "忘了")], "08:30 的样子", "id=\"fault-time2\""),
        (&[("time0", "\"><script>"), ("direction0", "in"), ("reason", "忘了")], "08:30 的样子", "&quot;&gt;&lt;script"),
    ];
    for (fields, words, kept) in cases {
        let got = town.post(&cookie, &form(person(5), 5), &[&[seen], fields].concat()).await;
        assert_eq!(got.status, unprocessable, "{fields:?}");
        assert!(said(&got).contains(words), "{words} in {}", said(&got));
        assert!(got.text.contains(kept) && !got.text.contains("<script"), "{kept} in {}", got.text);
    }
    let today = html::hidden(&town.page(&cookie, &path(person(5), 7)).await, "seen").unwrap();
    let ahead = [("seen", today.as_str()), ("time0", "10:01"), ("direction0", "in"), ("reason", "预先")];
    assert_eq!(town.post(&cookie, &form(person(5), 7), &ahead).await.status, unprocessable, "not before it happened");
    assert_eq!(corrections(&town), 1, "only the one of the week itself");
}

#[tokio::test]
async fn a_form_sent_twice_or_for_a_day_that_changed_since_writes_nothing_more() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let seen = seen(&town, &cookie, person(5), 5).await;
    let fields = [("seen", seen.as_str()), ("direction0", "out"), ("time0", "17:05"), ("reason", "忘了签退")];
    assert_eq!(town.post(&cookie, &form(person(5), 5), &fields).await.status, StatusCode::SEE_OTHER);
    let written = corrections(&town);
    let twice = town.post(&cookie, &form(person(5), 5), &fields).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(said(&twice).contains("已有变化,所以还没有补正"), "{}", said(&twice));
    assert!(twice.text.contains("value=\"忘了签退\"") && twice.text.contains("value=\"17:05\""), "{}", twice.text);
    assert_eq!(corrections(&town), written);
    let now = html::hidden(&twice.text, "seen").unwrap();
    assert_ne!(now, seen, "the page that says so can be sent");
}

#[tokio::test]
async fn the_form_is_for_heads_and_for_a_heads_own_day_for_deputy_and_supervisor() {
    let town = Town::open().await;
    let (teacher, head) = (path(person(5), 5), path(person(0), 5));
    for (role, of_teacher, of_head) in
        [("kele0", true, false), ("kele1", true, true), ("supervisor", false, true), ("township", false, false)]
    {
        let cookie = town.sign_in(role).await;
        for (path, has) in [(&teacher, of_teacher), (&head, of_head)] {
            let page = town.page(&cookie, path).await;
            assert_eq!(html::hidden(&page, "seen").is_some(), has, "{role} at {path}");
        }
    }
    let own = town.page(&town.sign_in("kele2").await, &path(person(2), 5)).await;
    assert!(html::hidden(&own, "seen").is_none());
    let seen = seen(&town, &town.sign_in("kele1").await, person(0), 5).await;
    let fields = [("seen", seen.as_str()), ("direction0", "out"), ("time0", "18:00"), ("reason", "加班")];
    for role in ["kele0", "kele2", "township", "lead", "admin", "foreign", "stranger"] {
        let got = town.post(&town.sign_in(role).await, &form(person(0), 5), &fields).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{role}");
    }
    let bad = [("time0", "x"), ("reason", "")];
    let got = town.post(&town.sign_in("foreign").await, &form(person(5), 5), &bad).await;
    assert_eq!(got.status, StatusCode::NOT_FOUND, "a bad form tells a stranger nothing either");
    let supervisor = town.sign_in("supervisor").await;
    assert_eq!(
        town.post_with("guessed", &supervisor, &form(person(0), 5), &fields).await.status,
        StatusCode::FORBIDDEN
    );
    for path in ["/postings/x/2026-03-05/correct".to_owned(), form(person(5), 31), form(STRANGER, 5)] {
        assert_eq!(town.post(&supervisor, &path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let ahead = town.post(&town.sign_in("kele1").await, &form(person(5), 8), &fields).await;
    assert_eq!(ahead.status, StatusCode::NOT_FOUND, "a day that is still to come");
    assert_eq!(corrections(&town), 1);
    assert_eq!(town.post(&supervisor, &form(person(0), 5), &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(corrections(&town), 2);
}

#[tokio::test]
async fn what_counts_by_an_approved_request_is_not_offered_as_wrong() {
    let town = Town::open().await;
    town.happens(|county| {
        let checks = vec![CheckTime { direction: Direction::Out, at: at(5, 17, 20).secs() }];
        let request = CorrectionRequest { date: day(5), checks, reason: "忘了".into(), evidence: None };
        let asked = county.desk(at(7, 9, 0), person(5), duty(person(5)), vec![], request);
        let approve = CorrectionDecision { decision: Decision::Approved, reason: None };
        county.desk(at(7, 9, 5), person(0), duty(person(5)), vec![asked], approve);
    })
    .await;
    let page = town.page(&town.sign_in("kele0").await, &path(person(5), 5)).await;
    assert!(html::read(&page).unwrap().contains("下班签退 17:20 依据已批准的申请,不能在这里更改"), "{page}");
    assert_eq!(page.matches("name=\"wrong\"").count(), 3);
}

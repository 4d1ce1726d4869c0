//! Lifting flags, for whoever may.

use axum::http::{StatusCode, header};
use sanji_core::records::*;

use crate::county::*;
use crate::html;
use crate::town::{Got, Town};

/// The addresses of the forms on a page.
fn forms(page: &str) -> Vec<String> {
    let parts = page.split("action=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    parts.filter(|path| path.starts_with("/flagged/")).collect()
}

fn said(got: &Got) -> String {
    html::read(&got.text).unwrap_or_else(|fault| panic!("{fault}: {}", got.text))
}

/// Somebody without authority corrected a colleague's day.
async fn town() -> Town {
    let town = Town::open().await;
    town.happens(|county| {
        let checks = vec![CheckTime { direction: Direction::Out, at: at(5, 17, 5).secs() }];
        let correction = Correction { date: day(5), checks, reason: "代校长记的".into() };
        county.desk(at(7, 9, 0), person(2), duty(person(5)), vec![], correction);
    })
    .await;
    town
}

#[tokio::test]
async fn a_head_lets_an_entry_count_with_a_reason_and_the_day_changes() {
    let town = town().await;
    let cookie = town.sign_in("kele0").await;
    let day = format!("/postings/{}/2026-03-05", posting(person(5)));
    assert!(html::read(&town.page(&cookie, &day).await).unwrap().contains("✎ 缺签退"));
    let open = forms(&town.page(&cookie, "/flagged").await);
    assert_eq!(open.len(), 1, "a decision on one's own request has none");
    let got = town.post(&cookie, &open[0], &[("reason", "<b>情况</b>属实")]).await;
    assert_eq!((got.status, got.headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, "/flagged"));
    let left = html::read(&town.page(&cookie, "/flagged").await).unwrap();
    assert!(left.contains("有 1 条记录未计入"), "{left}");
    let page = town.page(&cookie, &day).await;
    let text = html::read(&page).unwrap();
    assert!(
        text.contains("● 在岗") && text.contains("改为计入: <b>情况</b>属实") && !page.contains("<b>情况"),
        "{text}"
    );
    assert_eq!(town.count("SELECT count(*) FROM act WHERE who = 'kele0' AND act = 'flag lift'"), 1);
    let twice = town.post(&cookie, &open[0], &[("reason", "再来一次")]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(said(&twice).contains("已经计入,不需要再办理"), "{}", said(&twice));
    assert_eq!(town.count("SELECT count(*) FROM view_entry WHERE kind = 69"), 1);
}

#[tokio::test]
async fn without_a_reason_nothing_is_lifted_and_the_row_says_so() {
    let town = town().await;
    let cookie = town.sign_in("kele1").await;
    let open = forms(&town.page(&cookie, "/flagged").await);
    let got = town.post(&cookie, &open[0], &[("reason", "  ")]).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(said(&got).contains("请用几个字说明原因") && got.text.matches("id=\"fault-reason\"").count() == 1);
    assert_eq!(town.count("SELECT count(*) FROM view_entry WHERE kind = 69"), 0);
}

#[tokio::test]
async fn who_may_not_lift_sees_no_form_and_is_told_nothing() {
    let town = town().await;
    let open = forms(&town.page(&town.sign_in("kele0").await, "/flagged").await);
    for role in ["kele2", "kele4", "supervisor", "township", "lead", "admin", "foreign", "stranger"] {
        let cookie = town.sign_in(role).await;
        assert!(forms(&town.page(&cookie, "/flagged").await).is_empty(), "{role}");
        let got = town.post(&cookie, &open[0], &[("reason", "让它计入")]).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{role}");
    }
    let head = town.sign_in("kele0").await;
    let unsigned = town.post_with("guessed", &head, &open[0], &[("reason", "让它计入")]).await;
    assert_eq!(unsigned.status, StatusCode::FORBIDDEN);
    let own = town.count("SELECT n FROM view_entry WHERE state = 'flagged' AND kind = 64");
    for path in [format!("/flagged/{own}/lift"), "/flagged/99999999/lift".into(), "/flagged/x/lift".into()] {
        let got = town.post(&head, &path, &[("reason", "让它计入")]).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(town.count("SELECT count(*) FROM view_entry WHERE kind = 69"), 0);
}

#[tokio::test]
async fn nobody_lifts_the_flag_of_an_entry_of_their_own() {
    let town = Town::open().await;
    town.happens(|county| {
        let checks = vec![CheckTime { direction: Direction::In, at: at(5, 8, 0).secs() }];
        let correction = Correction { date: day(5), checks, reason: "外校".into() };
        county.desk(at(7, 9, 0), person(0), duty(FOREIGN_HEAD), vec![], correction);
    })
    .await;
    let cookie = town.sign_in("kele0").await;
    let page = town.page(&cookie, "/flagged").await;
    assert!(html::read(&page).unwrap().contains("妈姑幼儿园") && forms(&page).is_empty(), "the author sees it: {page}");
    let supervisor = town.sign_in("supervisor").await;
    let open = forms(&town.page(&supervisor, "/flagged").await);
    assert_eq!(open.len(), 1, "a head's own day is a supervisor's matter");
    assert_eq!(town.post(&cookie, &open[0], &[("reason", "我写的")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(town.post(&supervisor, &open[0], &[("reason", "核实过")]).await.status, StatusCode::SEE_OTHER);
}

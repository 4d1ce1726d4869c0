//! The week on paper: the sheet that is signed, and the notice for the board.

use axum::http::StatusCode;

use crate::county::*;
use crate::html;
use crate::town::Town;

fn path(page: &str) -> String {
    format!("/schools/{KELE}/2026-W10/{page}")
}

/// The town on the Monday after, with the head's cookie.
async fn monday() -> (Town, String) {
    let town = Town::open().await;
    town.clock.to(at(9, 8, 0));
    let cookie = town.sign_in("kele0").await;
    (town, cookie)
}

async fn publish(town: &Town, cookie: &str) {
    let page = town.page(cookie, &format!("/schools/{KELE}/2026-W10")).await;
    let table = html::hidden(&page, "table").unwrap();
    assert_eq!(town.post(cookie, &path("publish"), &[("table", &table)]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_sheet_has_the_figures_of_the_week_a_place_to_sign_and_what_is_missing() {
    let (town, cookie) = monday().await;
    let before = html::read(&town.page(&cookie, &path("sheet")).await).unwrap();
    assert!(before.contains("这一周还没有公布"), "{before}");
    publish(&town, &cookie).await;
    let page = town.page(&cookie, &path("sheet")).await;
    let text = html::read(&page).unwrap();
    for part in [
        "可乐小学 考勤表 第10周(3月2日–3月8日)",
        "还有 2 部手机没有送来。",
        "校长签字: 日期:",
        "校验码",
        "截至 3月9日 08:00",
        "▲ 迟到12分",
        "◇ 请假",
        "在岗 5/5 天",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("病假") && !page.contains("<script") && text.contains(&staff_name(12)), "{text}");
    assert_eq!(page.matches("<tr>").count(), usize::from(STAFF) + 1, "everybody and the heading");
    let english = html::read(&town.page(&format!("{cookie}; lang=en"), &path("sheet")).await).unwrap();
    assert!(english.contains("Principal's signature:"), "{english}");
}

#[tokio::test]
async fn a_cell_that_was_amended_has_a_star_on_the_sheet_and_both_values_on_the_notice() {
    let (town, cookie) = monday().await;
    publish(&town, &cookie).await;
    assert!(!html::read(&town.page(&cookie, &path("sheet")).await).unwrap().contains('*'));
    town.happens(|county| {
        use sanji_core::records::*;
        let checks = vec![CheckTime { direction: Direction::Out, at: at(5, 17, 10).secs() }];
        let correction = Correction { date: day(5), checks, reason: "忘了签退".into() };
        county.desk(at(9, 8, 10), person(0), duty(person(5)), vec![], correction);
    })
    .await;
    let sheet = html::read(&town.page(&cookie, &path("sheet")).await).unwrap();
    assert_eq!(sheet.matches('*').count(), 2, "the cell, and what the star means: {sheet}");
    let notice = html::read(&town.page(&cookie, &path("notice")).await).unwrap();
    assert!(notice.contains("王己 3月5日 周四 ✎ 缺签退,请补正 → ● 在岗"), "{notice}");
    assert!(!notice.contains("忘了签退"), "no evidence on the board");
    town.happens(|county| {
        use sanji_core::records::*;
        let checks = [(Direction::In, 12, 0), (Direction::Out, 12, 30)];
        let checks = checks.map(|(direction, h, m)| CheckTime { direction, at: at(5, h, m).secs() }).to_vec();
        let correction = Correction { date: day(5), checks, reason: "中午值班".into() };
        county.desk(at(9, 8, 20), person(0), duty(person(12)), vec![], correction);
    })
    .await;
    let notice = html::read(&town.page(&cookie, &path("notice")).await).unwrap();
    let line = notice.split(&staff_name(12)).last().unwrap();
    let (before, after) = line.split_once('→').unwrap();
    assert!(before.contains("3月5日 周四 ● 在岗 · 在岗") && after.contains("● 在岗 · 在岗"), "{line}");
    assert_ne!(before.split("· ").last().unwrap().trim(), after.split("· ").nth(1).unwrap().trim(), "{line}");
}

#[tokio::test]
async fn the_notice_is_what_was_published_without_leave_kinds_and_evidence() {
    let (town, cookie) = monday().await;
    let before = html::read(&town.page(&cookie, &path("notice")).await).unwrap();
    assert!(before.contains("这一周还没有公布") && !before.contains("王丁"), "{before}");
    publish(&town, &cookie).await;
    let teacher = town.sign_in("kele2").await;
    let page = town.page(&teacher, &path("notice")).await;
    let text = html::read(&page).unwrap();
    for part in
        ["可乐小学 考勤公示 第10周", "王甲于 3月9日 08:00 公布", "◇ 请假", "王丁", "公布时还有 2 部手机没有送来"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    for hidden in ["病假", "事假", "/postings/", "<details", "时间已核实", "08:42", "依据"] {
        assert!(!page.contains(hidden), "{hidden}");
    }
    assert!(text.contains(&staff_name(12)) && !page.contains("<script"));
}

#[tokio::test]
async fn the_sheet_is_for_those_who_see_cells_and_the_notice_for_the_staff_too() {
    let (town, _) = monday().await;
    let ok = StatusCode::OK;
    let no = StatusCode::NOT_FOUND;
    for (role, sheet, notice) in [
        ("kele0", ok, ok),
        ("kele1", ok, ok),
        ("supervisor", ok, ok),
        ("township", ok, ok),
        ("kele2", no, ok),
        ("lead", no, no),
        ("admin", no, no),
        ("foreign", no, no),
        ("stranger", no, no),
    ] {
        let cookie = town.sign_in(role).await;
        assert_eq!(town.get(&cookie, &path("sheet")).await.status, sheet, "{role}");
        assert_eq!(town.get(&cookie, &path("notice")).await.status, notice, "{role}");
    }
}

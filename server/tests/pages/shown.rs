//! What pages say, that they are well formed in both languages, and that they stay small.

use std::io::Write;

use axum::body::Body;
use axum::http::{Request, header};
use sanji_core::records::*;

use crate::county::*;
use crate::html;
use crate::town::Town;

fn week() -> String {
    format!("/schools/{KELE}/2026-W10")
}

fn day(i: u8, d: i8) -> String {
    format!("/postings/{}/2026-03-{d:02}", posting(person(i)))
}

async fn text(town: &Town, cookie: &str, path: &str) -> String {
    html::read(&town.page(cookie, path).await).unwrap()
}

#[tokio::test]
async fn every_page_is_well_formed_in_both_languages_and_every_word_has_a_text() {
    let town = Town::open().await;
    let mut paths =
        vec!["/county".to_owned(), "/county?day=2026-03-02".into(), "/devices".into(), "/flagged".into(), week()];
    paths.push(format!("/schools/{MAGU}/2026-W10"));
    paths.extend(["/queue".into(), format!("{}/sheet", week()), format!("{}/notice", week())]);
    paths.push(format!("/schools/{KELE}/2026-W20"));
    paths.extend([3, 4, 5, 8, 10, 12, 13, 15].into_iter().flat_map(|i| (2..=8).map(move |d| day(i, d))));
    for role in ["supervisor", "kele0", "lead", "admin"] {
        let cookie = town.sign_in(role).await;
        for lang in ["zh", "en"] {
            for path in &paths {
                let got = town.get(&format!("{cookie}; lang={lang}"), path).await;
                let said = html::read(&got.text).unwrap_or_else(|fault| panic!("{role} {path}: {fault}\n{}", got.text));
                for key in [
                    "pages-",
                    "acts-",
                    "problem-",
                    "status-",
                    "shape-",
                    "finding-",
                    "certainty-",
                    "clock-",
                    "school-",
                    "{$",
                    "{ $",
                ] {
                    assert!(!said.contains(key), "{role} {lang} {path}: {key} in {said}");
                }
                assert!(!got.text.contains("<script"), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn names_are_text_whatever_they_hold() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    for path in [week(), day(12, 3), "/devices".into()] {
        let page = town.page(&cookie, &path).await;
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script"), "{path}");
        assert!(html::read(&page).unwrap().contains(&staff_name(12)), "{path}");
    }
}

#[tokio::test]
async fn the_county_page_says_first_what_has_arrived_and_what_is_missing() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    let said = text(&town, &cookie, "/county").await;
    assert!(said.contains("2 所学校中 0 所已收齐 3月6日 周五。1 所还有 2 部手机没有送来,最久的是可乐小学"), "{said}");
    assert!(said.contains("1 所没有登记的手机"), "who can't report isn't called complete: {said}");
    assert!(said.contains("第四教育集团") && said.contains("第三教育集团"));
    let monday = text(&town, &cookie, "/county?day=2026-03-02").await;
    assert!(monday.contains("2 所学校中 1 所已收齐 3月2日 周一。1 所没有登记的手机"), "{monday}");
    let ahead = text(&town, &cookie, "/county?day=2026-03-09").await;
    assert!(ahead.contains("3月9日 周一 还没到"), "{ahead}");
}

#[tokio::test]
async fn a_week_shows_each_days_status_and_why() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    let said = text(&town, &cookie, &week()).await;
    let lead =
        "150 人天中 140 在岗、1 有迟到、早退或离岗、1 不足5小时、1 缺签退、1 无在岗记录、1 请假、5 手机还没送来。";
    assert!(said.contains(lead), "{said}");
    assert!(said.contains("还有 2 部手机没有送来。"));
    for reason in [
        "迟到 12 分 08:30–08:42 依据:HZ 二(一)2",
        "缺签退",
        "手机还没送来(最近一次 3月3日 17:41)",
        "手机已停用,可能有未送达的记录",
        "1 条记录未计入",
        "1 项待批",
        "在岗 4小时20分,应 5小时",
        "时间已核实",
    ] {
        assert!(said.contains(reason), "{reason} in {said}");
    }
    assert!(said.contains("王丁") && said.contains("在岗 4/5 天"));
}

#[tokio::test]
async fn the_week_of_service_stands_below_with_its_findings() {
    let town = Town::open().await;
    let said = text(&town, &town.sign_in("kele0").await, &week()).await;
    assert!(said.contains("方案已备案;5 个上学日中 4 天达到要求。"), "{said}");
    for found in ["当天没有课后服务记录", "结束晚于规定时间", "没有交接记录", "作业辅导", "2小时30分"]
    {
        assert!(said.contains(found), "{found} in {said}");
    }
    let none = text(&town, &town.sign_in("supervisor").await, &format!("/schools/{MAGU}/2026-W10")).await;
    assert!(none.contains("没有已备案的课后服务方案"), "{none}");
}

#[tokio::test]
async fn a_day_shows_every_entry_with_the_evidence_of_its_time() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let late = text(&town, &cookie, &day(3, 3)).await;
    assert!(late.contains("▲ 迟到 12 分:在岗 5小时43分,应 5小时。"), "{late}");
    assert!(late.contains("应在岗 08:30–11:40 14:30–17:00; 在岗 08:42–11:45 14:25–17:05"), "the bar in words: {late}");
    let clock = text(&town, &cookie, &day(10, 3)).await;
    for evidence in ["手机时间与县里不一致", "手机时间相差 2小时", "手机显示 3月3日 10:20", "实际在 08:1"]
    {
        assert!(clock.contains(evidence), "{evidence} in {clock}");
    }
    let corrected = text(&town, &cookie, &day(15, 5)).await;
    assert!(corrected.contains("补正: 下班签退 3月5日 17:10 · 当天忘了签退"), "{corrected}");
    assert!(corrected.contains("由王甲写入") && corrected.contains("县里的时间"), "{corrected}");
    let flagged = text(&town, &cookie, &day(13, 5)).await;
    assert!(flagged.contains("未计入:不能审批自己的申请"), "{flagged}");
    let own = text(&town, &town.sign_in("kele2").await, &day(2, 3)).await;
    assert!(own.contains("这是您本人的记录"));
}

#[tokio::test]
async fn what_was_taken_back_replaced_or_is_older_stays_to_be_seen() {
    let town = Town::with(|county| {
        county.found();
        let mut phone = county.phone(2, person(2));
        let doc = duty(person(2));
        let wrong = phone.record(at(2, 8, 20), doc, vec![], check(Direction::Out));
        phone.record(at(2, 8, 21), doc, vec![wrong], Void {});
        let came = phone.record(at(2, 8, 40), doc, vec![], check(Direction::In));
        phone.sync(county.relay, county.ledger, at(2, 9, 0));
        let checks = vec![CheckTime { direction: Direction::In, at: at(2, 8, 25).secs() }];
        let correction = Correction { date: crate::county::day(2), checks, reason: "钟慢".into() };
        county.desk(at(2, 9, 30), person(0), doc, vec![came], correction);
    })
    .await;
    let said = text(&town, &town.sign_in("kele0").await, &day(2, 2)).await;
    for state in ["已撤销", "已被后来的记录代替", "计入"] {
        assert!(said.contains(state), "{state} in {said}");
    }
}

#[tokio::test]
async fn silent_and_lost_devices_and_wrong_clocks_are_named() {
    let town = Town::open().await;
    let said = text(&town, &town.sign_in("admin").await, "/devices").await;
    assert!(
        said.contains("29 部手机中 1 部从 3月6日 周五 起没有联系;最久的是可乐小学 王辛(最近一次 3月3日 17:41)"),
        "{said}"
    );
    assert!(said.contains("手机时间快 2小时"), "{said}");
    assert!(said.contains("3月6日 12:00 起报失") && said.contains("可能有未送达的记录"), "{said}");
    let order = ["王辛", "王甲", "王壬"].map(|name| said.find(name).unwrap());
    assert!(order.is_sorted() || order[0] < order[1] && order[0] < order[2], "the most silent first, {order:?}");
}

#[tokio::test]
async fn flagged_entries_say_why_since_when_and_who_can_settle_it() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let page = town.page(&cookie, "/flagged").await;
    let said = html::read(&page).unwrap();
    for part in
        ["有 1 条记录未计入", "请假审批", "李丁", "可乐小学", "3月2日 17:40", "4 天", "不能审批自己的申请", "另行审批"]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
    let link = page.split("href=\"/postings/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let (path, entry) = link.split_once('#').unwrap();
    assert!(town.page(&cookie, &format!("/postings/{path}")).await.contains(&format!("id=\"{entry}\"")), "leads to it");
}

#[tokio::test]
async fn a_made_up_time_is_said_on_every_page_and_pages_stay_at_it() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    for path in ["/county", "/devices", "/nothing"] {
        let got = town.get(&cookie, path).await;
        assert!(got.text.contains("时间与人员均为虚构,现在停在 3月7日 10:00"), "{path}");
    }
    town.clock.to(at(6, 10, 0));
    let friday = text(&town, &cookie, "/county").await;
    assert!(friday.contains("3月5日 周四"), "yesterday is the day before now: {friday}");
}

#[tokio::test]
async fn what_arrives_later_shows_as_soon_as_the_projection_has_followed() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    assert!(text(&town, &cookie, "/county").await.contains("■ 无在岗记录 1"), "before");
    let relay = town.app.relay.clone();
    town.app
        .writer
        .run(move |store, _| {
            let mut county = County { relay: &relay, ledger: store, phones: Default::default() };
            let checks = vec![
                CheckTime { direction: Direction::In, at: at(6, 8, 20).secs() },
                CheckTime { direction: Direction::Out, at: at(6, 17, 10).secs() },
            ];
            let correction = Correction { date: crate::county::day(6), checks, reason: "手机没电".into() };
            county.desk(at(7, 9, 0), person(0), duty(person(6)), vec![], correction);
            Ok::<_, ()>(())
        })
        .await
        .unwrap()
        .unwrap();
    let behind = text(&town, &cookie, "/county").await;
    assert!(behind.contains("之后送达的记录正在整理"), "{behind}");
    town.pages.catch_up().await.unwrap();
    let after = text(&town, &cookie, "/county").await;
    assert!(!after.contains("正在整理"), "{after}");
    assert!(after.contains("● 在岗 27"), "{after}");
}

#[tokio::test]
async fn pages_of_thirty_people_stay_small_on_the_way() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    for path in [week(), day(3, 3), "/devices".into(), "/county".into(), "/queue".into(), format!("{}/sheet", week())] {
        for lang in ["zh", "en"] {
            let request = Request::get(&path).header(header::COOKIE, format!("{cookie}; lang={lang}"));
            let request = request.header(header::ACCEPT_ENCODING, "br, gzip").body(Body::empty()).unwrap();
            let response = tower::ServiceExt::oneshot(town.router.clone(), request).await.unwrap();
            assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip", "{path}");
            let packed = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
            assert!(packed.len() <= 60_000, "{path} takes {} bytes", packed.len());
            let mut unpacked = flate2::write::GzDecoder::new(Vec::new());
            unpacked.write_all(&packed).unwrap();
            let page = String::from_utf8(unpacked.finish().unwrap()).unwrap();
            html::read(&page).unwrap();
        }
    }
}

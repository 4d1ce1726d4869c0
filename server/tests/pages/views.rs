//! Pages that show how the county stands: whom they serve, what they say, and how little they read.

use axum::http::{StatusCode, header};
use sanji_core::ids::SchoolId;
use sanji_core::records::*;
use sanji_core::sync::message::Scope;

use crate::county::*;
use crate::html;
use crate::town::Town;

fn today(school: SchoolId) -> String {
    format!("/schools/{school}/today")
}

fn group(group: sanji_core::ids::GroupId) -> String {
    format!("/groups/{group}")
}

fn township(name: &str) -> String {
    let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/townships/{encoded}")
}

fn term_of(i: u8) -> String {
    format!("/postings/{}", posting(person(i)))
}

async fn text(town: &Town, cookie: &str, path: &str) -> String {
    html::read(&town.page(cookie, path).await).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

#[tokio::test]
async fn every_role_opens_the_views_of_its_scope_and_no_other() {
    let town = Town::open().await;
    let addresses = [
        ("own group", group(FOURTH)),
        ("other group", group(THIRD)),
        ("no group", group(sanji_core::ids::GroupId(*b"group-9-"))),
        ("own township", township("可乐乡")),
        ("other township", township("妈姑镇")),
        ("no township", township("某乡")),
        ("today", today(KELE)),
        ("other today", today(MAGU)),
        ("missing today", today(SchoolId(*b"nowhere-"))),
        ("term of 2", term_of(2)),
        ("term of 4", term_of(4)),
        ("other term", format!("/postings/{}", posting(FOREIGN_HEAD))),
        ("missing term", format!("/postings/{}", posting(STRANGER))),
        ("people", "/people?q=王".into()),
        ("packs", "/packs".into()),
        ("pack", "/packs/HZ".into()),
        ("no pack", "/packs/XX".into()),
        ("audit", "/audit".into()),
    ];
    let own = ["own group", "own township", "today", "term of 2", "term of 4", "people", "packs", "pack"];
    let all: Vec<&str> =
        own.into_iter().chain(["other group", "other township", "other today", "other term"]).collect();
    let sums = ["own group", "own township", "packs", "pack"];
    let roles: [(&str, &[&str]); 9] = [
        ("supervisor", &all),
        ("township", &own),
        ("lead", &sums),
        ("admin", &["own group", "other group", "own township", "other township", "packs", "pack", "audit"]),
        ("foreign", &["other group", "other township", "other today", "other term", "people", "packs", "pack"]),
        ("stranger", &[]),
        ("kele0", &own),
        ("kele2", &["term of 2", "people", "packs", "pack"]),
        ("kele4", &["term of 4", "people", "packs", "pack"]),
    ];
    for (role, open) in roles {
        let cookie = town.sign_in(role).await;
        for (name, path) in &addresses {
            let path: String =
                path.chars().map(|c| if c == '王' { "%E7%8E%8B".into() } else { c.to_string() }).collect();
            let expected = if open.contains(name) { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(town.get(&cookie, &path).await.status, expected, "{role} at {name}");
        }
    }
}

#[tokio::test]
async fn every_view_is_well_formed_in_both_languages_and_every_word_has_a_text() {
    let town = Town::open().await;
    let paths = [
        "/county?q=%E5%8F%AF".to_owned(),
        "/county?status=late".into(),
        "/county?status=absent&township=%E5%8F%AF%E4%B9%90%E4%B9%A1".into(),
        group(FOURTH),
        group(THIRD) + "?day=2026-03-04",
        township("可乐乡"),
        today(KELE),
        today(MAGU) + "?still=1",
        term_of(2),
        term_of(4),
        term_of(12),
        term_of(13) + "?term=2025b",
        term_of(15) + "?page=2",
        "/people".into(),
        "/people?q=%3Cscript".into(),
        "/packs".into(),
        "/packs/HZ".into(),
        "/packs/XH".into(),
        "/packs/LB".into(),
        "/audit".into(),
        "/audit?act=looks&from=2026-03-01&to=2026-03-07".into(),
        "/devices?silent=1&state=counting".into(),
    ];
    for role in ["supervisor", "kele0", "lead", "admin", "kele4"] {
        let cookie = town.sign_in(role).await;
        for lang in ["zh", "en"] {
            for path in &paths {
                let got = town.get(&format!("{cookie}; lang={lang}"), path).await;
                let said = html::read(&got.text).unwrap_or_else(|fault| panic!("{role} {path}: {fault}\n{}", got.text));
                for key in
                    ["views-", "pages-", "status-", "shape-", "chapter-", "force-", "period-", "subject-", "{$", "{ $"]
                {
                    assert!(!said.contains(key), "{role} {lang} {path}: {key} in {said}");
                }
            }
        }
    }
}

#[tokio::test]
async fn schools_are_found_by_name_township_status_and_day_which_stand_in_the_address() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    let kele = |page: &str| page.contains(&format!("href=\"/schools/{KELE}/2026-W10\""));
    let magu = |page: &str| page.contains(&format!("href=\"/schools/{MAGU}/2026-W10\""));
    for (query, found) in [
        ("", (true, true)),
        ("?q=%E5%8F%AF%E4%B9%90", (true, false)),
        ("?township=%E5%A6%88%E5%A7%91%E9%95%87", (false, true)),
        ("?status=short_of_five_hours", (true, false)),
        ("?status=on_leave", (false, false)),
        ("?status=on_leave&day=2026-03-04", (true, false)),
        ("?status=flagged&day=2026-03-05", (true, false)),
        ("?q=%3Cb%3E", (false, false)),
    ] {
        let page = town.page(&cookie, &format!("/county{query}")).await;
        assert_eq!((kele(&page), magu(&page)), found, "{query}");
        html::read(&page).unwrap();
    }
    let none = text(&town, &cookie, "/county?q=nothing").await;
    assert!(none.contains("没有符合条件的学校"), "{none}");
    let kept = town.page(&cookie, "/county?q=%E5%8F%AF&day=2026-03-04").await;
    assert!(kept.contains("name=\"q\" value=\"可\"") && kept.contains("day=2026-03-03&amp;q=%E5%8F%AF"), "{kept}");
    for bad in ["?day=yesterday", "?status=tired"] {
        assert_eq!(town.get(&cookie, &format!("/county{bad}")).await.status, StatusCode::NOT_FOUND, "{bad}");
    }
    // A lead of a group may know how many, not who; an administrator not even that.
    let lead = town.page(&town.sign_in("lead").await, "/county?status=absent").await;
    assert!(kele(&lead) && !magu(&lead));
    let admin = text(&town, &town.sign_in("admin").await, "/county?status=absent").await;
    assert!(admin.contains("没有符合条件的学校"), "{admin}");
}

#[tokio::test]
async fn the_county_page_adds_up_groups_and_townships_and_names_whose_phone_waits_longest() {
    let town = Town::open().await;
    let cookie = town.sign_in("supervisor").await;
    let page = town.page(&cookie, "/county").await;
    let said = html::read(&page).unwrap();
    assert!(said.contains("最久没有送来的:可乐小学 王辛,只收齐至 3月3日 17:41"), "{said}");
    assert!(page.contains(&format!("href=\"{}?day=2026-03-06\"", group(FOURTH))));
    assert!(page.contains(&format!("href=\"{}?day=2026-03-06\"", township("妈姑镇"))));
    let lead = text(&town, &town.sign_in("lead").await, "/county").await;
    assert!(lead.contains("最久没有送来的:可乐小学,只收齐至") && !lead.contains("王辛"), "{lead}");
}

#[tokio::test]
async fn eight_weeks_stand_as_a_chart_with_its_table() {
    let town = Town::open().await;
    town.pages.sum().await.unwrap();
    let cookie = town.sign_in("supervisor").await;
    let page = town.page(&cookie, "/county").await;
    let said = html::read(&page).unwrap();
    assert!(page.contains("<svg role=\"img\"") && page.matches("<circle").count() >= 2, "{page}");
    // 150 person-days of the larger school less one on leave; the other's head has no phone, so that nobody knows.
    assert!(said.contains("2026-W10 3月2日 149 9"), "{said}");
    assert!(said.contains("2026-W09 2月23日 0 – –"), "before anybody had a phone nothing is said: {said}");
    assert!(!said.contains("还在汇总"), "{said}");
    let sums = town.count("SELECT count(*) FROM view_sum WHERE staff IS NOT NULL");
    assert!(sums > 60, "school days of eight weeks at two schools: {sums}");
    assert_eq!(town.count("SELECT count(*) FROM view_sum WHERE staff IS NULL"), 0);
}

#[tokio::test]
async fn a_page_of_rows_that_hold_judges_no_cell_and_what_changes_one_shows_at_once() {
    let town = Town::open().await;
    town.pages.sum().await.unwrap();
    let cookie = town.sign_in("supervisor").await;
    // Rows that hold are read as they stand.
    let forge = "UPDATE view_sum SET present = 77 WHERE present > 0 AND day = 20518";
    town.app.writer.run(move |store, _| store.sql().execute(forge, [])).await.unwrap().unwrap();
    assert!(text(&town, &cookie, "/county").await.contains("● 在岗 77"));
    // A correction touches its day of its school; the row is judged anew.
    town.happens(|county| {
        let checks = vec![
            CheckTime { direction: Direction::In, at: at(6, 8, 20).secs() },
            CheckTime { direction: Direction::Out, at: at(6, 17, 10).secs() },
        ];
        let correction = Correction { date: day(6), checks, reason: "手机没电".into() };
        county.desk(at(7, 9, 0), person(0), duty(person(6)), vec![], correction);
    })
    .await;
    let after = text(&town, &cookie, "/county").await;
    assert!(after.contains("● 在岗 27") && !after.contains("77"), "{after}");
    assert_eq!(town.count("SELECT count(*) FROM view_sum WHERE until < 0"), 1, "one day of one school");
    town.pages.sum().await.unwrap();
    assert_eq!(town.count("SELECT count(*) FROM view_sum WHERE until < 0"), 0);
}

#[tokio::test]
async fn a_status_that_changes_by_the_hour_alone_is_made_again_then() {
    let town = Town::open().await;
    town.clock.to(at(6, 10, 0));
    town.pages.sum().await.unwrap();
    let cookie = town.sign_in("supervisor").await;
    let read = "/county?day=2026-03-06";
    assert!(text(&town, &cookie, read).await.contains("◐ 进行中 30"));
    let due = "SELECT min(until) FROM view_sum WHERE day = 20518 AND until > 0";
    assert_eq!(town.count(due), at(6, 17, 0).secs().0, "until the windows end");
    town.clock.to(at(6, 17, 1));
    assert!(!text(&town, &cookie, read).await.contains("◐ 进行中 30"), "judged anew by the page");
    town.pages.sum().await.unwrap();
    assert_eq!(town.count("SELECT in_progress FROM view_sum WHERE day = 20518 AND staff = 30"), 0);
    assert_eq!(town.count(due), at(7, 0, 0).secs().0, "until midnight");
}

#[tokio::test]
async fn a_group_names_its_members_with_their_roles_and_its_pairings() {
    let town = Town::open().await;
    town.happens(|county| {
        let doc = sanji_core::ids::DocId::county(county.relay.county(), day(1));
        let from = jiff::civil::date(2025, 9, 1);
        let pairing = PairingSet { school: MAGU, group: FOURTH, from, to: None };
        county.desk(at(7, 9, 0), ADMIN, doc, vec![], pairing);
        let lead = MembershipSet { school: MAGU, group: FOURTH, role: MemberRole::Lead, from, to: None };
        county.desk(at(7, 9, 1), ADMIN, doc, vec![], lead);
    })
    .await;
    let said = text(&town, &town.sign_in("supervisor").await, &group(FOURTH)).await;
    for part in
        ["第四教育集团 3月6日", "可乐小学", "成员学校", "妈姑幼儿园", "牵头学校", "对口帮扶", "妈姑幼儿园 (幼儿园)"]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
    let lead = text(&town, &town.sign_in("lead").await, &group(FOURTH)).await;
    for i in 0..STAFF {
        assert!(!lead.contains(&staff_name(i)), "sums only: {lead}");
    }
}

#[tokio::test]
async fn today_says_who_is_in_out_on_leave_or_not_arrived_and_since_when() {
    let town = Town::with(|county| {
        county.found();
        for i in 0..4 {
            let mut phone = county.phone(i, person(i));
            let doc = duty(person(i));
            if i < 3 {
                phone.record(at(2, 8, 20 + i as i8), doc, vec![], check(Direction::In));
            }
            if i == 1 {
                phone.record(at(2, 9, 30), doc, vec![], check(Direction::Out));
            }
            if i < 3 {
                phone.sync(county.relay, county.ledger, at(2, 9, 40));
            }
        }
        let (from, to) = (at(2, 8, 0).secs(), at(2, 17, 30).secs());
        let leave = Leave { kind: "sick".into(), from, to, reason: None, certificate: None };
        let asked = county.desk(at(2, 7, 0), person(5), duty(person(5)), vec![], leave);
        let decision = LeaveDecision { decision: Decision::Approved, reason: None, from, to };
        county.desk(at(2, 7, 30), person(0), duty(person(5)), vec![asked], decision);
    })
    .await;
    town.clock.to(at(2, 10, 0));
    let cookie = town.sign_in("kele0").await;
    let got = town.get(&cookie, &today(KELE)).await;
    assert_eq!(got.headers[header::REFRESH], "30");
    let said = html::read(&got.text).unwrap();
    assert!(said.contains("30 人中 2 人在校,1 人已签退,1 人请假,26 人还没有记录"), "{said}");
    for part in [
        "在校 2 人",
        "08:20",
        "已签退 1 人",
        "09:30",
        "请假 1 人",
        "到 3月2日 17:30",
        "手机还没送来 1 人",
        "没有登记的手机",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(!said.contains("病假"), "which leave it is stays behind the day's page");
    let still = town.get(&cookie, &format!("{}?still=1", today(KELE))).await;
    assert!(!still.headers.contains_key(header::REFRESH), "who reads slowly can stop it");
}

#[tokio::test]
async fn a_persons_term_shows_each_day_leave_by_kind_corrections_and_entries_newest_first() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele0").await;
    let page = town.page(&cookie, &term_of(4)).await;
    let said = html::read(&page).unwrap();
    assert!(said.contains("可乐小学 王戊 2025–2026学年下学期"), "{said}");
    assert!(said.contains("4 在岗、16 无在岗记录、1 请假"), "{said}");
    assert!(said.contains("病假 1 天 1 天"), "{said}");
    assert!(page.contains(&format!("href=\"/postings/{}/2026-03-04\"", posting(person(4)))));
    let newest = said.find("3月6日 17:05").unwrap();
    assert!(newest < said.find("3月2日 08:20").unwrap(), "{said}");
    let corrected = text(&town, &cookie, &term_of(15)).await;
    assert!(corrected.contains("补正: 下班签退 3月5日 17:10 · 当天忘了签退"), "{corrected}");
    assert!(corrected.contains("由王甲写入"), "{corrected}");
    let own = text(&town, &town.sign_in("kele4").await, &term_of(4)).await;
    assert!(own.contains("这是您本人的记录") && own.contains("病假"), "{own}");
    for bad in ["?term=2026", "?term=x", "?term=2026c"] {
        assert_eq!(town.get(&cookie, &(term_of(4) + bad)).await.status, StatusCode::NOT_FOUND, "{bad}");
    }
}

#[tokio::test]
async fn a_reviewers_look_at_a_term_is_noted() {
    let town = Town::open().await;
    let looks = || town.count("SELECT count(*) FROM look WHERE page = 'term 2026a'");
    for (role, noted) in [("supervisor", 1), ("township", 1), ("kele0", 0), ("kele2", 0)] {
        let before = looks();
        let said = text(&town, &town.sign_in(role).await, &term_of(2)).await;
        assert_eq!(looks() - before, noted, "{role}");
        assert_eq!(said.contains("已记入查看记录"), noted == 1, "{role}");
    }
}

#[tokio::test]
async fn people_are_found_by_name_within_the_scope() {
    let town = Town::open().await;
    let find = |role: &'static str, name: &'static str| {
        let town = &town;
        async move {
            let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
            text(town, &town.sign_in(role).await, &format!("/people?q={encoded}")).await
        }
    };
    assert!(find("supervisor", "马园").await.contains("马园长 妈姑幼儿园"));
    assert!(find("kele0", "马园").await.contains("没有找到“马园”"));
    let all = find("kele0", "王").await;
    assert!(all.contains("找到 10 人") && all.contains("王甲"), "{all}");
    let own = find("kele2", "王").await;
    assert!(own.contains("找到 1 人") && own.contains("王丙"), "{own}");
    assert!(find("supervisor", "<script").await.contains("<script>alert"), "a name is text");
    assert!(find("supervisor", "%").await.contains("没有找到"), "no sign stands for any name");
}

#[tokio::test]
async fn packs_stand_with_every_number_and_each_clause_is_led_to() {
    let town = Town::open().await;
    let cookie = town.sign_in("kele2").await;
    let said = text(&town, &cookie, "/packs").await;
    assert!(
        said.contains("集中办公按赫章县“三集”管理改革判断") && said.contains("现行") && said.contains("全县"),
        "{said}"
    );
    let pack = town.page(&cookie, "/packs/HZ").await;
    let rules = html::read(&pack).unwrap();
    for rule in [
        "08:30-11:30 14:30-17:00 HZ 二(一)2",
        "每天在岗不低于 5小时 HZ 二(一)2",
        "迟到早退不计的分钟数 0分 依据:本方案自定",
        "走读 18:00,寄宿 21:00 HZ 附1 三(二)1",
        "原则上 2小时,不少于 1小时,不超过 3小时",
        "推门听课 任课教师 · 学年 · 1 次 · 必须",
        "赫府办发〔2021〕60号",
    ] {
        assert!(rules.contains(rule), "{rule} in {rules}");
    }
    let day = town.page(&cookie, &format!("/postings/{}/2026-03-03", posting(person(2)))).await;
    let link = day.split("class=\"clause\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let (path, anchor) = link.split_once('#').unwrap();
    assert_eq!(path, "/packs/HZ");
    assert!(pack.contains(&format!("id=\"{anchor}\"")), "{link}");
}

#[tokio::test]
async fn a_pack_that_a_later_row_sets_aside_is_said_to_be() {
    let town = Town::open().await;
    town.happens(|county| {
        let doc = sanji_core::ids::DocId::county(county.relay.county(), day(1));
        let map = |from, townships| PackMap {
            pack: sanji_core::crypto::PackHash([7; 32]),
            chapter: "service".into(),
            from,
            townships,
            schools: vec![],
        };
        county.desk(at(7, 9, 0), ADMIN, doc, vec![], map(jiff::civil::date(2026, 2, 1), vec![]));
        county.desk(at(7, 9, 1), ADMIN, doc, vec![], map(jiff::civil::date(2026, 9, 1), vec!["可乐乡".into()]));
    })
    .await;
    let said = text(&town, &town.sign_in("admin").await, "/packs").await;
    for part in ["课后服务按本机没有的方案判断", "已被后来的代替", "以后起用", "乡镇:可乐乡"]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[tokio::test]
async fn the_trail_tells_the_administrator_who_did_and_who_looked() {
    let town = Town::open().await;
    let supervisor = town.sign_in("supervisor").await;
    town.page(&supervisor, &format!("/postings/{}/2026-03-03", posting(person(2)))).await;
    town.page(&supervisor, &term_of(3)).await;
    let head = town.sign_in("kele0").await;
    let fields = [("direction1", "in"), ("time1", "08:20"), ("reason", "x")];
    town.post(&head, &format!("/postings/{}/2026-03-06/correct", posting(person(6))), &fields).await;
    let cookie = town.sign_in("admin").await;
    let all = text(&town, &cookie, "/audit").await;
    for part in ["supervisor", "查看王丙一天的记录", "查看王丁一学期的记录", "3月3日 周二"] {
        assert!(all.contains(part), "{part} in {all}");
    }
    let acts = text(&town, &cookie, "/audit?act=acts").await;
    assert!(!acts.contains("一天的记录"), "{acts}");
    let nobody = text(&town, &cookie, "/audit?account=township").await;
    assert!(nobody.contains("没有这样的记录"), "{nobody}");
    assert!(text(&town, &cookie, "/audit?from=2026-03-08").await.contains("没有这样的记录"));
    assert!(text(&town, &cookie, "/audit?to=2026-03-07&act=looks").await.contains("共 2 条"));
    assert!(text(&town, &cookie, "/audit?page=9").await.contains("共 "), "a page beyond the end is the last");
    assert_eq!(town.get(&cookie, "/audit?from=x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn devices_are_filtered_by_silence_school_and_state_in_the_address() {
    let town = Town::open().await;
    let cookie = town.sign_in("admin").await;
    let silent = text(&town, &cookie, "/devices?silent=1").await;
    assert!(silent.contains("王辛") && !silent.contains("王丙"), "{silent}");
    let retired = text(&town, &cookie, "/devices?state=retired").await;
    assert!(retired.contains("王壬") && !retired.contains("王辛"), "{retired}");
    let other = text(&town, &cookie, &format!("/devices?school={MAGU}")).await;
    assert!(other.contains("没有符合条件的手机"), "{other}");
    for bad in ["?school=x", "?state=tired"] {
        assert_eq!(town.get(&cookie, &format!("/devices{bad}")).await.status, StatusCode::NOT_FOUND, "{bad}");
    }
}

/// A county of many schools, each with two people and no phone.
fn many(county: &mut County<'_>, schools: u16) {
    county.found();
    let doc = sanji_core::ids::DocId::county(county.relay.county(), day(1));
    for i in 0..schools {
        let mut id = *b"many----";
        id[4..].copy_from_slice(format!("{i:04}").as_bytes());
        let set = SchoolSet {
            school: SchoolId(id),
            name: format!("第{i}小学"),
            kind: SchoolKind::Primary,
            senior: None,
            township: format!("第{}乡", i / 13),
            county_town: None,
            boarding: None,
            from: jiff::civil::date(2020, 9, 1),
            to: None,
            area: None,
        };
        county.desk(at(1, 8, 0), ADMIN, doc, vec![], set);
    }
}

#[tokio::test]
async fn a_county_of_four_hundred_schools_is_a_small_page_and_goes_on_by_pages() {
    let town = Town::with(|county| many(county, 400)).await;
    let cookie = town.sign_in("supervisor").await;
    let first = town.page(&cookie, "/county").await;
    assert!(first.contains("还在") || first.contains("正在更新"), "what can't be judged for one page is said: {first}");
    town.pages.sum().await.unwrap();
    for page in 1..=5 {
        let path = format!("/county?day=2026-03-06&page={page}");
        let request =
            axum::http::Request::get(&path).header(header::COOKIE, &cookie).header(header::ACCEPT_ENCODING, "gzip");
        let got = town.ask(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(got.status, StatusCode::OK);
        assert!(got.bytes.len() <= 56_000, "{path} takes {} bytes", got.bytes.len());
    }
    let (one, five) = (town.page(&cookie, "/county?page=1").await, town.page(&cookie, "/county?page=5").await);
    let listed = |page: &str| page.matches("<span class=\"kind\">").count();
    assert_eq!((listed(&one), listed(&five)), (100, 2));
    assert!(!one.contains("正在更新") && html::read(&one).is_ok());
    assert!(html::read(&five).unwrap().contains("第 5 页,共 5 页"));
}

#[tokio::test]
async fn a_day_that_nobody_asked_for_before_is_summed_after_the_first_time() {
    let town = Town::with(|county| many(county, 60)).await;
    town.pages.sum().await.unwrap();
    let cookie = town.sign_in("supervisor").await;
    let old = "/county?day=2025-10-15";
    assert!(town.page(&cookie, old).await.contains("正在更新"));
    town.pages.sum().await.unwrap();
    assert!(!town.page(&cookie, old).await.contains("正在更新"));
}

#[tokio::test]
async fn while_it_serves_the_sums_of_eight_weeks_come_by_themselves() {
    let town = Town::open().await;
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let following = tokio::spawn(town.pages.clone().follow(stopping));
    let missing = "SELECT (SELECT count(*) FROM view_sum) < 60 OR EXISTS (SELECT 1 FROM view_sum WHERE staff IS NULL)";
    while town.count(missing) == 1 {
        assert!(!following.is_finished(), "it follows until it is told to stop");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    stop.send(true).unwrap();
    following.await.unwrap();
}

#[tokio::test]
async fn a_liaison_of_a_group_reads_its_sums() {
    let town = Town::open().await;
    town.happens(|county| county.grant(STRANGER, Role::Liaison, Scope::Group(FOURTH))).await;
    let cookie = town.sign_in("stranger").await;
    assert!(text(&town, &cookie, &group(FOURTH)).await.contains("可乐小学"));
    for path in [group(THIRD), today(KELE), term_of(2), "/people".into(), "/audit".into()] {
        assert_eq!(town.get(&cookie, &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn people_of_the_own_school_are_found_however_many_others_have_the_name() {
    let town = Town::open().await;
    let others = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) \
         INSERT INTO view_posting (posting, person, school, name, role, first_day, last_day, teaches) \
         SELECT CAST(printf('%08d', i) AS BLOB), CAST(printf('%08d', i) AS BLOB), x'{}', 'A王', 'staff', 20000, NULL, 1 FROM n",
        data_encoding::HEXLOWER.encode(&MAGU.0)
    );
    let work = move |store: &mut sanji_server::store::SqliteLedger, _| store.sql().execute(&others, []);
    town.app.writer.run(work).await.unwrap().unwrap();
    let found = text(&town, &town.sign_in("kele0").await, "/people?q=%E7%8E%8B").await;
    assert!(found.contains(&staff_name(2)) && !found.contains("A王"), "{found}");
}
